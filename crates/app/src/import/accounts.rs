//! Users and their API keys.

use super::{BATCH, Import};
use crate::AppResult;
use crate::keys::format;
use crate::users::{NO_PASSWORD, User};
use langflow_store::keys::{self, ApiKey};
use langflow_store::langflow::ForeignRow;
use langflow_store::users;
use std::collections::HashSet;
use uuid::Uuid;

impl Import<'_> {
    pub(super) async fn users(&mut self) -> AppResult<()> {
        self.report.users.found = self.source.database.count("user").await?;
        let mut after = None;
        let mut names = HashSet::new();
        loop {
            let rows = self.page("user", &mut after, BATCH).await?;
            if rows.is_empty() {
                return Ok(());
            }
            for row in rows {
                match self.user(&row) {
                    Some(user) => self.take_user(user, &mut names).await?,
                    None => self.report.users.left_out += 1,
                }
            }
        }
    }

    fn user(&self, row: &ForeignRow) -> Option<User> {
        let now = self.app.clock.now();
        Some(User {
            id: row.uuid("id")?,
            username: row.string("username"),
            password_hash: row.text("password").unwrap_or(NO_PASSWORD).to_owned(),
            profile_image: row.text("profile_image").map(str::to_owned),
            store_api_key: row.text("store_api_key").and_then(|stored| self.reseal(stored).ok().flatten()),
            is_active: row.flag("is_active").unwrap_or(false),
            is_superuser: row.flag("is_superuser").unwrap_or(false),
            optins: row.json("optins"),
            created_at: row.time("create_at").unwrap_or(now),
            updated_at: row.time("updated_at").unwrap_or(now),
            last_login_at: row.time("last_login_at"),
            retired_at: row.time("retired_at"),
        })
    }

    /// An account of the same name here is the same person's; it keeps its password if it has one.
    async fn take_user(&mut self, mut user: User, names: &mut HashSet<String>) -> AppResult<()> {
        let store = &self.app.store;
        let theirs = user.id;
        if let Some(known) = users::find(store, user.id).await? {
            self.know_user(theirs, &known);
            names.insert(known.username.to_lowercase());
            self.report.users.present += 1;
            return Ok(());
        }
        if !names.insert(user.username.to_lowercase()) {
            let other = (2u32..).map(|n| format!("{} ({n})", user.username));
            let mut other = other.filter(|name| names.insert(name.to_lowercase()));
            let free = other.next().unwrap_or_default();
            self.report.note(format!(
                "The user {:?} is now {free:?}: another name differs from it only in case.",
                user.username
            ));
            user.username = free;
        }
        if let Some(mut known) = users::find_by_any_case(store, &user.username).await? {
            self.report.note(format!(
                "What belongs to {:?} goes to the account of that name that is here.",
                user.username
            ));
            self.report.users.present += 1;
            self.know_user(theirs, &known);
            if known.password_hash == NO_PASSWORD && self.applies {
                known.password_hash = user.password_hash;
                store.write(move |tx| Box::pin(async move { users::save(tx, &known).await })).await?;
            }
            return Ok(());
        }
        self.know_user(theirs, &user);
        self.report.users.taken += 1;
        if self.applies {
            store.write(move |tx| Box::pin(async move { users::insert(tx, &user).await })).await?;
        }
        Ok(())
    }

    fn know_user(&mut self, theirs: Uuid, ours: &User) {
        self.users.insert(theirs, ours.id);
        if ours.is_superuser && ours.is_active && self.superuser.is_none() {
            self.superuser = Some(ours.id);
        }
    }

    /// Clients' keys go on working: each is stored as the digest under which it is looked up here.
    pub(super) async fn keys(&mut self) -> AppResult<()> {
        self.report.api_keys.found = self.source.database.count("apikey").await?;
        let mut after = None;
        let mut digests = HashSet::new();
        loop {
            let rows = self.page("apikey", &mut after, BATCH).await?;
            if rows.is_empty() {
                return Ok(());
            }
            let mut taken = Vec::new();
            for row in rows {
                let Some(key) = self.key(&row) else {
                    self.report.api_keys.left_out += 1;
                    continue;
                };
                let is_here = keys::find_by_hash(&self.app.store, &key.key_hash).await?.is_some()
                    || keys::find(&self.app.store, key.user_id, key.id).await?.is_some();
                if is_here {
                    self.report.api_keys.present += 1;
                } else if digests.insert(key.key_hash.clone()) {
                    taken.push(key);
                } else {
                    self.report.api_keys.left_out += 1;
                }
            }
            self.report.api_keys.taken += taken.len() as u64;
            if self.applies {
                self.app
                    .store
                    .write(move |tx| {
                        Box::pin(async move {
                            for key in &taken {
                                keys::insert(tx, key).await?;
                            }
                            Ok(())
                        })
                    })
                    .await?;
            }
        }
    }

    fn key(&mut self, row: &ForeignRow) -> Option<ApiKey> {
        let user_id = *self.users.get(&row.uuid("user_id")?)?;
        let stored = row.text("api_key")?;
        let hash = row.text("api_key_hash").filter(|hash| hash.len() == 64);
        let (key_hash, (prefix, last4)) = match (self.open(stored), hash) {
            (Some(clear), _) if !clear.is_empty() => {
                let digest = self.app.secrets.foreign_digest(clear.expose());
                (digest, format::shown_parts(clear.expose()))
            }
            // The key cannot be read, but what it must hash to is known.
            (_, Some(hash)) => {
                (self.app.secrets.hashed_digest(hash), (format::PREFIX.to_owned(), String::new()))
            }
            _ => {
                let name = row.text("name").unwrap_or_default();
                self.report.note(format!(
                    "The API key {name:?} is left out: it is encrypted with a secret key that is not known."
                ));
                return None;
            }
        };
        Some(ApiKey {
            id: row.uuid("id")?,
            user_id,
            name: row.text("name").map(str::to_owned),
            key_hash,
            prefix,
            last4,
            is_active: row.flag("is_active").unwrap_or(true),
            created_at: row.time("created_at").unwrap_or_else(|| self.app.clock.now()),
            expires_at: row.time("expires_at"),
            last_used_at: row.time("last_used_at"),
            total_uses: row.number("total_uses").unwrap_or(0),
            scopes: None,
            limit_per_minute: None,
            limit_per_day: None,
            rolled_from: None,
        })
    }
}

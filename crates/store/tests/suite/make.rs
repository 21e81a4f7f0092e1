//! Rows to begin with.

use chrono::{DateTime, TimeDelta, Utc};
use langflow_store::Store;
use langflow_store::users::{self, User};
use uuid::Uuid;

/// Second `n` of the tests' day, with microseconds that must survive.
pub fn at(n: i64) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339("2026-11-24T10:00:00.000123Z").unwrap().to_utc() + TimeDelta::seconds(n)
}

#[expect(clippy::disallowed_methods, reason = "rows that nobody else has")]
pub fn id() -> Uuid {
    Uuid::new_v4()
}

pub fn a_user(name: &str) -> User {
    User {
        id: id(),
        username: name.to_owned(),
        password_hash: "hash".to_owned(),
        profile_image: None,
        store_api_key: None,
        is_active: true,
        is_superuser: false,
        optins: None,
        created_at: at(0),
        updated_at: at(0),
        last_login_at: None,
        retired_at: None,
    }
}

/// A stored user.
pub async fn user(store: &Store, name: &str) -> User {
    let user = a_user(name);
    let copy = user.clone();
    store.write(move |tx| Box::pin(async move { users::insert(tx, &copy).await })).await.unwrap();
    user
}

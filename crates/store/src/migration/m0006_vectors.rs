//! Collections of vectors, and knowledge bases.

use sea_orm::{ConnectionTrait, DbBackend};
use sea_orm_migration::prelude::*;

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0006_vectors"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();
        let own = match db.get_database_backend() {
            DbBackend::Postgres => include_str!("m0006_vectors_postgres.sql"),
            _ => include_str!("m0006_vectors_sqlite.sql"),
        };
        db.execute_unprepared(include_str!("m0006_vectors.sql")).await?;
        db.execute_unprepared(own).await?;
        Ok(())
    }
}

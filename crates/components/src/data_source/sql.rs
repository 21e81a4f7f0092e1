//! SQL Database.

use langflow_core::prelude::*;

/// Asks a database.
///
/// PostgreSQL, MySQL, MariaDB and SQLite are known, by URLs as SQLAlchemy writes them. One statement at a time is run,
/// and only statements that read, unless the operator allows more (`LANGFLOW_SQL_WRITES`). SQLite databases are files
/// of the server: they are opened where the operator allows local files
/// (`LANGFLOW_RESTRICT_LOCAL_FILE_ACCESS=false`). Hosts are checked as those of HTTP calls are. A result has at most
/// 10,000 rows.
#[derive(Component)]
#[component(
    id = "SQLComponent",
    class = "SQLComponent",
    title = "SQL Database",
    icon = "database",
    category = "data_source",
    module = "lfx.components.data_source.sql_executor.SQLComponent",
    documentation = "https://docs.langflow.org/sql-database",
    examples = EXAMPLES
)]
pub struct SqlComponent {
    /// Where the database is, like `postgresql://user:password@host:5432/name`.
    #[input(title = "Database URL", required)]
    database_url: String,
    /// The statement.
    #[input(title = "SQL Query", kind = Multiline, required, tool_mode)]
    query: String,
    /// Kept for flows of older versions: tables always have their columns.
    #[input(title = "Include Columns", default = true, tool_mode, advanced)]
    #[expect(dead_code, reason = "stored flows have it")]
    include_columns: bool,
    /// Give an error as a row of the result, so that a model can read it and try again.
    #[input(title = "Add Error", tool_mode, advanced)]
    add_error: bool,
}

#[outputs]
impl SqlComponent {
    /// The rows.
    #[output(name = "run_sql_query", title = "Result Table")]
    async fn run_sql_query(&self, cx: &Cx) -> Result<Table, Fault> {
        for (field, text) in [("database_url", &self.database_url), ("query", &self.query)] {
            if text.trim().is_empty() {
                return Err(Fault::missing(format!("'{field}' is empty")).at_field(field));
            }
        }
        let url = Secret::new(self.database_url.trim());
        match cx.databases()?.query(&url, &self.query).await {
            Ok(table) => {
                cx.set_status(table.clone());
                Ok(table)
            }
            Err(fault) if self.add_error => {
                let mut row = JsonMap::new();
                row.insert("error".into(), Json::String(fault.to_string()));
                row.insert("query".into(), Json::String(self.query.clone()));
                Ok(Table::from_rows([row]))
            }
            Err(fault) => Err(fault),
        }
    }
}

examples! {
    "No database": {"query": "SELECT 1"} => fails "database_url";
    "No query": {"database_url": "sqlite://"} => fails "query";
}

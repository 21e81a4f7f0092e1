//! Table Operations.

use super::table_work as work;
use crate::fields::{Pick, option};
use langflow_core::component::{RefreshCx, RefreshRequest};
use langflow_core::prelude::*;
use serde_json::json;

/// Comparisons of a filter.
pub const FILTER_OPERATORS: [&str; 8] = [
    "equals",
    "not equals",
    "contains",
    "not contains",
    "starts with",
    "ends with",
    "greater than",
    "less than",
];
/// Ways to merge.
pub const MERGE_KINDS: [&str; 4] = ["inner", "outer", "left", "right"];

/// The operations, and which fields each needs.
const OPERATIONS: [(&str, &str, &[&str]); 12] = [
    ("Add Column", "plus", &["new_column_name", "new_column_value"]),
    ("Concatenate", "combine", &[]),
    ("Drop Column", "minus", &["column_name"]),
    ("Filter", "filter", &["column_name", "filter_value", "filter_operator"]),
    ("Head", "arrow-up", &["num_rows"]),
    ("Merge", "merge", &["left_dataframe", "right_dataframe", "merge_on_column", "merge_how"]),
    ("Rename Column", "pencil", &["column_name", "new_column_name"]),
    ("Replace Value", "replace", &["column_name", "replace_value", "replacement_value"]),
    ("Select Columns", "columns", &["columns_to_select"]),
    ("Sort", "arrow-up-down", &["column_name", "ascending"]),
    ("Tail", "arrow-down", &["num_rows"]),
    ("Drop Duplicates", "copy-x", &["column_name"]),
];

/// The options of the pick, for the catalogue.
pub fn options() -> Vec<Json> {
    OPERATIONS.iter().map(|(name, icon, _)| option(name, icon)).collect()
}

/// Fields that belong to some operation, and those of one.
pub fn fields_of(operation: &str) -> (Vec<&'static str>, &'static [&'static str]) {
    let mut all: Vec<&str> = OPERATIONS.iter().flat_map(|(_, _, fields)| fields.iter().copied()).collect();
    all.dedup();
    let own = OPERATIONS.iter().find(|(name, ..)| *name == operation).map_or(&[][..], |(_, _, f)| f);
    (all, own)
}

/// Changes a table: rows, columns, cells.
///
/// Pick one operation; the fields it needs appear. A column of numbers is compared as numbers, every other
/// as text; *contains* takes a regular expression.
#[derive(Component)]
#[component(
    id = "DataFrameOperations",
    class = "DataFrameOperationsComponent",
    title = "Table Operations",
    icon = "table",
    category = "processing",
    module = "lfx.components.processing.dataframe_operations.DataFrameOperationsComponent",
    documentation = "https://docs.langflow.org/dataframe-operations",
    legacy,
    replacement = ["processing.Operations"],
    examples = EXAMPLES
)]
pub struct DataFrameOperationsComponent {
    /// The table. Several are only read by *Concatenate*.
    #[input(title = "Table", kind = DataFrame, required)]
    df: Many<Table>,
    /// What to do.
    #[input(
        title = "Operation", real_time_refresh, placeholder = "Select Operation",
        extra = json!({"options": options(), "limit": 1})
    )]
    operation: Pick,
    /// The column to work on.
    #[input(title = "Column Name", kind = Str, hidden, dynamic)]
    column_name: String,
    /// What the cells are compared with.
    #[input(title = "Filter Value", hidden, dynamic)]
    filter_value: String,
    /// How they are compared.
    #[input(title = "Filter Operator", kind = Dropdown, options = FILTER_OPERATORS, default = "equals", hidden, dynamic)]
    filter_operator: String,
    /// Smallest first.
    #[input(title = "Sort Ascending", default = true, hidden, dynamic)]
    ascending: bool,
    /// The name of the new column, or the new name of the column.
    #[input(title = "New Column Name", kind = Str, hidden, dynamic)]
    new_column_name: String,
    /// What stands in every cell of the new column.
    #[input(title = "New Column Value", hidden, dynamic)]
    new_column_value: String,
    /// The columns that stay, in this order.
    #[input(title = "Columns to Select", kind = Str, hidden, dynamic)]
    columns_to_select: Many<String>,
    /// How many rows.
    #[input(title = "Number of Rows", default = 5, hidden, dynamic)]
    num_rows: i64,
    /// The value that goes.
    #[input(title = "Value to Replace", hidden, dynamic)]
    replace_value: String,
    /// The value that comes.
    #[input(title = "Replacement Value", hidden, dynamic)]
    replacement_value: String,
    /// The table whose cells win where both have one.
    #[input(title = "Left Table", hidden, dynamic)]
    left_dataframe: Option<Table>,
    /// The table that is joined to it.
    #[input(title = "Right Table", hidden, dynamic)]
    right_dataframe: Option<Table>,
    /// The column both tables have. Empty: row by row.
    #[input(title = "Merge On Column", kind = Str, hidden, dynamic)]
    merge_on_column: String,
    /// Which rows stay that have no partner.
    #[input(title = "Merge Type", kind = Dropdown, options = MERGE_KINDS, default = "inner", hidden, dynamic)]
    merge_how: String,
}

#[outputs]
impl DataFrameOperationsComponent {
    /// The changed table.
    #[output(name = "output", title = "Table")]
    async fn perform_operation(&self, _cx: &Cx) -> Result<Table, Fault> {
        let Some(operation) = self.operation.0.first() else {
            return Ok(self.df.0.first().cloned().unwrap_or_default());
        };
        let tables: Vec<&Table> = self.df.0.iter().collect();
        TableWork {
            tables: &tables,
            column_name: self.column_name.trim(),
            filter_value: &self.filter_value,
            filter_operator: &self.filter_operator,
            ascending: self.ascending,
            new_column_name: &self.new_column_name,
            new_column_value: &self.new_column_value,
            columns_to_select: &self.columns_to_select.0,
            num_rows: self.num_rows,
            replace_value: &self.replace_value,
            replacement_value: &self.replacement_value,
            left: self.left_dataframe.as_ref(),
            right: self.right_dataframe.as_ref(),
            merge_on_column: &self.merge_on_column,
            merge_how: &self.merge_how,
        }
        .run(operation)
    }

    /// Shows the fields of the operation.
    #[refresh]
    async fn refresh(request: &RefreshRequest, _cx: &RefreshCx) -> Result<SpecPatch, Fault> {
        let mut patch = SpecPatch::default();
        if request.field == "operation" {
            let operation = super::operations::picked(&request.value);
            let (all, own) = fields_of(&operation);
            super::operations::show(request, &all, own, &mut patch);
        }
        Ok(patch)
    }
}

/// The fields of a table operation, shared with Data Operations.
pub struct TableWork<'a> {
    pub tables: &'a [&'a Table],
    pub column_name: &'a str,
    pub filter_value: &'a str,
    pub filter_operator: &'a str,
    pub ascending: bool,
    pub new_column_name: &'a str,
    pub new_column_value: &'a str,
    pub columns_to_select: &'a [String],
    pub num_rows: i64,
    pub replace_value: &'a str,
    pub replacement_value: &'a str,
    pub left: Option<&'a Table>,
    pub right: Option<&'a Table>,
    pub merge_on_column: &'a str,
    pub merge_how: &'a str,
}

impl TableWork<'_> {
    pub fn run(&self, operation: &str) -> Result<Table, Fault> {
        let empty = Table::default();
        let table = self.tables.first().copied().unwrap_or(&empty);
        match operation {
            "Add Column" => Ok(work::add_column(table, self.new_column_name, self.new_column_value)),
            "Concatenate" => Ok(work::concatenate(self.tables)),
            "Drop Column" => work::drop_column(table, self.column_name),
            "Filter" => work::filter(table, self.column_name, self.filter_operator, self.filter_value),
            "Head" => Ok(work::head(table, self.num_rows)),
            "Merge" => match (self.left, self.right) {
                (None, _) => Ok(Table::default()),
                (Some(left), None) => Ok(left.clone()),
                (Some(left), Some(right)) => work::merge(left, right, self.merge_on_column, self.merge_how),
            },
            "Rename Column" => work::rename_column(table, self.column_name, self.new_column_name),
            "Replace Value" => {
                work::replace_value(table, self.column_name, self.replace_value, self.replacement_value)
            }
            "Select Columns" => work::select_columns(table, self.columns_to_select),
            "Sort" => work::sort(table, self.column_name, self.ascending),
            "Tail" => Ok(work::tail(table, self.num_rows)),
            "Drop Duplicates" => work::drop_duplicates(table, self.column_name),
            other => Err(Fault::invalid(format!("Unsupported operation: {other}")).at_field("operation")),
        }
    }
}

examples! {
    "Filter by a number": {"df": {"$table": [{"n": 1}, {"n": 2}, {"n": 3}]}, "operation": [{"name": "Filter"}],
        "column_name": "n", "filter_operator": "greater than", "filter_value": "1"}
        => output: [{"n": 2}, {"n": 3}];
    "Sort, empty cells last": {"df": {"$table": [{"n": 2}, {"n": null}, {"n": 1}]},
        "operation": [{"name": "Sort"}], "column_name": "n"} => output: [{"n": 1}, {"n": 2}, {"n": null}];
    "A column that is not there": {"df": {"$table": [{"a": 1}]}, "operation": [{"name": "Drop Column"}],
        "column_name": "b"} => fails "Available: a";
    "An unknown operation": {"df": {"$table": [{"a": 1}]}, "operation": [{"name": "Fly"}]}
        => fails "Unsupported operation: Fly";
}

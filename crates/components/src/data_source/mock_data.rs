//! Mock Data.

use chrono::{Days, NaiveDate};
use langflow_core::prelude::*;
use serde_json::json;

/// Rows of the table.
const ROWS: usize = 50;
const NAMES: [&str; 10] =
    ["Ada", "Bruno", "Chen", "Dalia", "Emeka", "Freya", "Goran", "Hana", "Ines", "Jonas"];
const PLACES: [&str; 5] = ["Basel", "Lagos", "Lima", "Osaka", "Quebec"];
const GOODS: [&str; 6] = ["Lamp", "Chair", "Kettle", "Bicycle", "Notebook", "Tent"];
const TEXT: &str = "Lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do eiusmod tempor incididunt ut \
                    labore et dolore magna aliqua. Ut enim ad minim veniam, quis nostrud exercitation ullamco \
                    laboris nisi ut aliquip ex ea commodo consequat.";

/// Gives made-up data to try a flow with: the same every time.
#[derive(Component)]
#[component(
    id = "MockDataGenerator",
    class = "MockDataGeneratorComponent",
    title = "Mock Data",
    icon = "database",
    category = "data_source",
    module = "lfx.components.data_source.mock_data.MockDataGeneratorComponent",
    examples = EXAMPLES
)]
pub struct MockData;

#[outputs]
impl MockData {
    /// Fifty orders.
    #[output(name = "dataframe_output", title = "Result")]
    async fn generate_dataframe_output(&self, _cx: &Cx) -> Result<Table, Fault> {
        Ok(Table::from_rows((0..ROWS).map(order)))
    }

    /// A paragraph that means nothing.
    #[output(name = "message_output", title = "Result")]
    async fn generate_message_output(&self, cx: &Cx) -> Result<Message, Fault> {
        Ok(cx.new_message(TEXT))
    }

    /// A few orders, with what they are.
    #[output(name = "data_output", title = "Result")]
    async fn generate_data_output(&self, _cx: &Cx) -> Result<Data, Fault> {
        let records: Vec<JsonMap> = (0..3).map(order).collect();
        Ok(Data::from_json(json!({ "name": "orders", "count": records.len(), "records": records })))
    }
}

fn order(number: usize) -> JsonMap {
    let pick = |from: &[&str], step: usize| {
        from.get(number * step % from.len()).copied().unwrap_or_default().to_owned()
    };
    let day = NaiveDate::from_ymd_opt(2025, 1, 1)
        .and_then(|first| first.checked_add_days(Days::new(number as u64 * 3)));
    let pieces = number * 7 % 5 + 1;
    let row = json!({
        "order_id": number + 1,
        "customer": pick(&NAMES, 3),
        "city": pick(&PLACES, 2),
        "product": pick(&GOODS, 5),
        "quantity": pieces,
        "price": (number * 13 % 40 + 10) as f64 + 0.5,
        "ordered_on": day.map(|day| day.to_string()),
        "is_paid": !number.is_multiple_of(4),
    });
    row.as_object().cloned().unwrap_or_default()
}

examples! {
    "A record": {} => data_output: {"name": "orders", "count": 3, "records": [
        {"order_id": 1, "customer": "Ada", "city": "Basel", "product": "Lamp", "quantity": 1, "price": 10.5,
         "ordered_on": "2025-01-01", "is_paid": false},
        {"order_id": 2, "customer": "Dalia", "city": "Lima", "product": "Tent", "quantity": 3, "price": 23.5,
         "ordered_on": "2025-01-04", "is_paid": true},
        {"order_id": 3, "customer": "Goran", "city": "Quebec", "product": "Notebook", "quantity": 5, "price": 36.5,
         "ordered_on": "2025-01-07", "is_paid": true}
    ]};
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_fifty_orders() {
        let table = Table::from_rows((0..ROWS).map(order));
        assert_eq!((table.len(), table.columns().len()), (50, 8));
    }
}

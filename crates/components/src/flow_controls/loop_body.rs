//! Loop.

use crate::made::Made;
use langflow_core::prelude::*;
use langflow_core::value::map_weight;
use serde_json::json;

/// Runs a part of the flow once for every item.
///
/// The part begins at *Item* and ends where it is led back to *Item*. Rows of a table, data and messages
/// are items. The results of all rounds leave as a table through *Done*.
#[derive(Component)]
#[component(
    id = "LoopComponent",
    title = "Loop",
    icon = "infinity",
    category = "flow_controls",
    module = "lfx.components.flow_controls.loop.LoopComponent",
    documentation = "https://docs.langflow.org/loop",
    examples = EXAMPLES
)]
pub struct LoopComponent {
    /// The items: a table, data, messages, or a list of them.
    #[input(title = "Inputs", kind = Handle, handles = ["DataFrame", "Table", "Data", "Message"])]
    data: AnyValue,
}

#[outputs]
impl LoopComponent {
    /// One item after the other.
    #[output(
        name = "item", title = "Item", types = ["Data", "JSON"], allows_loop, group_outputs, loop_types = ["Message"]
    )]
    async fn item_output(&self, cx: &Cx) -> Result<Data, Fault> {
        let mut items = self.items()?;
        cx.graph().stop("item");
        if cx.graph().is_connected("done") {
            // The rounds belong to *Done*; what is left to tell here is that no item is under way.
            items.clear();
        } else {
            self.run(&items, cx).await?;
        }
        let rows: Vec<Json> = items.iter().map(|item| Json::Object(item.data.clone())).collect();
        Ok(Data::from_json(json!({"count": rows.len(), "items": rows})))
    }

    /// The results of all rounds.
    #[output(name = "done", title = "Done", types = ["DataFrame", "Table"], group_outputs)]
    async fn done_output(&self, cx: &Cx) -> Result<Table, Fault> {
        cx.graph().stop("item");
        let results = self.run(&self.items()?, cx).await?;
        Ok(Table::from_rows(results.into_iter().map(|data| data.data)))
    }
}

impl LoopComponent {
    async fn run(&self, items: &[Data], cx: &Cx) -> Result<Vec<Data>, Fault> {
        cx.log("Start", format!("{} items", items.len()));
        let (mut results, mut made) = (Vec::with_capacity(items.len()), Made::default());
        for (index, item) in items.iter().enumerate() {
            match cx.graph().run_body(item.clone().into(), index).await {
                Ok(value) => {
                    let result = as_data(&value);
                    made.add(map_weight(&result.data))?;
                    results.push(result);
                }
                Err(fault) => {
                    cx.log("Error", format!("item {}: {fault}", index + 1));
                    return Err(fault);
                }
            }
        }
        cx.log("Complete", format!("{} items", results.len()));
        Ok(results)
    }

    fn items(&self) -> Result<Vec<Data>, Fault> {
        let mut items = Vec::new();
        collect(&self.data.0, &mut items)?;
        Ok(items)
    }
}

fn collect(value: &Value, items: &mut Vec<Data>) -> Result<(), Fault> {
    match value {
        Value::Null => {}
        Value::Json(json) if langflow_core::value::json_is_falsy(json) => {}
        Value::Table(table) => items.extend(table.to_data()),
        Value::Data(data) => items.push(Data::clone(data)),
        Value::Message(message) => items.push(Data::from_text(message.text.clone())),
        Value::Json(json @ Json::Object(_)) => items.push(Data::from_json(json.clone())),
        Value::List(list) => list.iter().try_for_each(|item| collect(item, items))?,
        other => {
            return Err(Fault::invalid(format!(
                "The loop takes DataFrame, Data or Message, not {}",
                other.type_name()
            ))
            .at_field("data"));
        }
    }
    Ok(())
}

/// What a round gives, as a row.
fn as_data(value: &Value) -> Data {
    match value {
        Value::Data(data) => Data::clone(data),
        Value::Message(message) => Data::from_text(message.text.clone()),
        Value::Table(table) => Data::from_json(json!({"results": table.to_json()})),
        other => Data::from_json(other.to_json()),
    }
}

examples! {
    "Rows of a table": {"data": {"$table": [{"a": 1}, {"a": 2}]}} => done: [{"a": 1}, {"a": 2}];
    "A list of messages": {"data": {"$list": [{"$message": "x"}, {"$message": "y"}]}}
        => done: [{"text": "x"}, {"text": "y"}];
    "Nothing": {"data": {"$list": []}} => done: [];
    "A number": {"data": 5} => fails "takes DataFrame, Data or Message";
}

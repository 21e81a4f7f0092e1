//! Current Date.

use chrono_tz::Tz;
use langflow_core::component::{RefreshCx, RefreshRequest};
use langflow_core::prelude::*;
use serde_json::json;

/// Tells the date and time in a time zone.
#[derive(Component)]
#[component(
    id = "CurrentDate",
    class = "CurrentDateComponent",
    title = "Current Date",
    icon = "clock",
    category = "utilities",
    module = "lfx.components.utilities.current_date.CurrentDateComponent",
    documentation = "https://docs.langflow.org/current-date",
    examples = EXAMPLES
)]
pub struct CurrentDateComponent {
    /// The time zone, by its name in the tz database, for example `Europe/Berlin`.
    #[input(title = "Timezone", kind = Dropdown, options = NO_OPTIONS, default = "UTC", tool_mode, real_time_refresh)]
    timezone: String,
}

/// The palette stays small: zones are listed when the node is on the canvas.
const NO_OPTIONS: [&str; 0] = [];

#[outputs]
impl CurrentDateComponent {
    /// A sentence with date, time and zone.
    #[output(name = "current_date", title = "Current Date", method = "get_current_date")]
    async fn current_date(&self, cx: &Cx) -> Result<Message, Fault> {
        let text = match self.timezone.parse::<Tz>() {
            Ok(zone) => {
                let now = cx.clock().now().with_timezone(&zone);
                format!("Current date and time in {}: {}", self.timezone, now.format("%Y-%m-%d %H:%M:%S %Z"))
            }
            // The answer goes to a model as often as to a person: it can try again with another name.
            Err(_) => format!("Error: '{}' is not a known time zone", self.timezone),
        };
        cx.set_status(Value::text(text.clone()));
        Ok(cx.new_message(text))
    }

    /// Lists the zones.
    #[refresh]
    async fn refresh(request: &RefreshRequest, _cx: &RefreshCx) -> Result<SpecPatch, Fault> {
        let mut patch = SpecPatch::default();
        if let Some(Json::Object(field)) = request.template.get("timezone") {
            let mut field = field.clone();
            let zones: Vec<&str> = chrono_tz::TZ_VARIANTS.iter().map(|zone| zone.name()).collect();
            field.insert("options".into(), json!(zones));
            patch.template.insert("timezone".into(), Json::Object(field));
        }
        Ok(patch)
    }
}

examples! {
    "Coordinated universal time": {} => current_date: "Current date and time in UTC: 2026-01-02 03:04:05 UTC";
    "Elsewhere": {"timezone": "Europe/Berlin"}
        => current_date: "Current date and time in Europe/Berlin: 2026-01-02 04:04:05 CET";
    "A zone that is not known": {"timezone": "Mars/Base"}
        => current_date: "Error: 'Mars/Base' is not a known time zone";
}

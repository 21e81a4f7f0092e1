//! Where a cluster of Cassandra is, for the components that speak to one.

use langflow_core::prelude::*;
use langflow_providers::cassandra::{CassandraServer, Name, contact_points};
use std::time::Duration;

const PORT: u16 = 9042;
/// A host may take this long to be reached where nothing else is said.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// At most, in seconds.
const LONGEST_CONNECT_TIMEOUT: f64 = 60.0;
/// Arguments of the driver of Python about how it does its work; here they have no meaning.
const NO_MEANING: [&str; 12] = [
    "allow_beta_protocol_version",
    "application_name",
    "application_version",
    "compression",
    "control_connection_timeout",
    "cql_version",
    "executor_threads",
    "idle_heartbeat_interval",
    "idle_heartbeat_timeout",
    "protocol_version",
    "schema_metadata_enabled",
    "token_metadata_enabled",
];
/// The name of the field.
const ARGUMENTS: &str = "cluster_kwargs";

/// Inputs that the components have in front.
#[derive(Inputs)]
pub struct Place {
    /// Hosts of the cluster with commas between them, each with its port where that is not 9042 (`10.0.0.1:9043`).
    /// They are tried in this order; other nodes are not called. The id of an Astra database is for the component
    /// *Astra DB*.
    #[input(title = "Contact Points / Astra Database ID", required)]
    database_ref: String,
    /// Name of the user, where the cluster wants to know one.
    #[input(title = "Username")]
    username: String,
    /// The password of the user.
    #[input(title = "Password / Astra DB Token", required)]
    token: Secret,
    /// The keyspace; it has to be there.
    #[input(title = "Keyspace", required)]
    keyspace: String,
    /// The table. Names are read as CQL does: in small letters, and as they stand in double quotes.
    #[input(title = "Table Name", required)]
    table_name: String,
}

impl Place {
    /// The cluster; `arguments` are those of the driver of Python.
    ///
    /// # Errors
    /// A field is missing or not in order, or an argument has no counterpart here.
    pub fn server(&self, arguments: &JsonMap, cx: &Cx) -> Result<CassandraServer, Fault> {
        let arguments = Arguments::read(arguments)?;
        Ok(CassandraServer {
            contact_points: contact_points(&self.database_ref, arguments.port)
                .map_err(|fault| fault.at_field("database_ref"))?,
            encrypted: arguments.encrypted,
            connect_timeout: arguments.connect_timeout,
            username: self.username.trim().to_owned(),
            password: self.token.clone(),
            keyspace: Name::parse(&self.keyspace).map_err(|fault| fault.at_field("keyspace"))?,
            egress: cx.egress(),
        })
    }

    /// The table.
    ///
    /// # Errors
    /// It is not named, or not in order.
    pub fn table(&self) -> Result<Name, Fault> {
        Name::parse(&self.table_name).map_err(|fault| fault.at_field("table_name"))
    }
}

/// What of the arguments of the driver of Python has a meaning.
#[derive(Debug, PartialEq)]
struct Arguments {
    port: u16,
    encrypted: bool,
    connect_timeout: Duration,
}

impl Arguments {
    fn read(given: &JsonMap) -> Result<Self, Fault> {
        let mut all = Self { port: PORT, encrypted: false, connect_timeout: CONNECT_TIMEOUT };
        for (name, value) in given.iter().filter(|(name, _)| !name.trim().is_empty()) {
            let wrong = |what: &str| {
                Fault::invalid(format!("the cluster argument '{name}' is no {what}")).at_field(ARGUMENTS)
            };
            match name.trim() {
                "port" => {
                    let port =
                        number(value).filter(|port| port.fract() == 0.0 && (1.0..65_536.0).contains(port));
                    all.port = port.ok_or_else(|| wrong("port"))? as u16;
                }
                "connect_timeout" => {
                    let seconds = number(value).filter(|seconds| *seconds > 0.0 && seconds.is_finite());
                    let seconds = seconds.ok_or_else(|| wrong("number of seconds"))?;
                    all.connect_timeout = Duration::from_secs_f64(seconds.min(LONGEST_CONNECT_TIMEOUT));
                }
                // Which authorities are trusted is up to the operator.
                "ssl" | "ssl_options" | "ssl_context" => all.encrypted |= is_set(value),
                name if NO_MEANING.contains(&name) => {}
                name => {
                    return Err(Fault::unsupported(format!(
                        "the cluster argument '{name}' belongs to the driver of Python; port, connect_timeout and ssl \
                         are known here"
                    ))
                    .at_field(ARGUMENTS));
                }
            }
        }
        Ok(all)
    }
}

/// A number, or a text with one: the editor gives texts.
fn number(value: &Json) -> Option<f64> {
    value.as_f64().or_else(|| value.as_str()?.trim().parse().ok())
}

fn is_set(value: &Json) -> bool {
    match value {
        Json::Null => false,
        Json::Bool(is_set) => *is_set,
        Json::Number(number) => number.as_f64() != Some(0.0),
        Json::String(text) => {
            !["", "false", "no", "none", "off", "0"].contains(&text.trim().to_ascii_lowercase().as_str())
        }
        Json::Array(_) | Json::Object(_) => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn arguments_of_the_driver_of_python() {
        let read = |json: Json| Arguments::read(json.as_object().unwrap());
        let usual = || read(json!({})).unwrap();
        for (given, expect) in [
            (json!({ "port": "9043" }), Arguments { port: 9043, ..usual() }),
            (json!({ "port": 9043, "": "x" }), Arguments { port: 9043, ..usual() }),
            (json!({ "ssl": "true" }), Arguments { encrypted: true, ..usual() }),
            (json!({ "ssl_options": {} }), Arguments { encrypted: true, ..usual() }),
            (json!({ "ssl": "False", "ssl_context": null }), usual()),
            (
                json!({ "connect_timeout": "2.5" }),
                Arguments { connect_timeout: Duration::from_millis(2_500), ..usual() },
            ),
            (
                json!({ "connect_timeout": 1e300 }),
                Arguments { connect_timeout: Duration::from_mins(1), ..usual() },
            ),
            (json!({ "protocol_version": 5, "compression": "lz4" }), usual()),
        ] {
            assert_eq!(read(given.clone()).unwrap(), expect, "{given}");
        }
        for (given, kind) in [
            (json!({ "port": "x" }), FaultKind::Invalid),
            (json!({ "port": 70_000 }), FaultKind::Invalid),
            (json!({ "port": 1.5 }), FaultKind::Invalid),
            (json!({ "connect_timeout": "-1" }), FaultKind::Invalid),
            (json!({ "connect_timeout": "nan" }), FaultKind::Invalid),
            (json!({ "load_balancing_policy": "x" }), FaultKind::Unsupported),
        ] {
            assert_eq!(read(given.clone()).unwrap_err().kind(), kind, "{given}");
        }
    }
}

//! Couchbase over HTTP: documents go through the query service, vectors are looked for by the search service.
//!
//! Documents are those of LangChain (`text`, `embedding`, `metadata`), so that what others put there is found and what
//! is put there others find. The search index is the user's; it follows the documents after a moment.

use super::{check_name, floats, json_of, needs_vector, text_of, unreadable, url_of};
use crate::http::Call;
use langflow_core::capability::{Hit, VectorIndex, VectorQuery, VectorRecord};
use langflow_core::run::Egress;
use langflow_core::{Fault, FaultKind, Json, JsonMap, Secret, async_trait};
use serde_json::json;
use std::collections::HashMap;
use std::sync::Arc;
use url::Url;

const SERVICE: &str = "Couchbase";
/// Records of one statement.
const BATCH: usize = 100;
/// The port by which drivers find the services, which is not one of HTTP.
const DRIVER_PORTS: [u16; 2] = [11_210, 11_207];

/// Services that are spoken to.
#[derive(Clone, Copy, Debug)]
enum Service {
    Query,
    Search,
}

impl Service {
    /// What the cluster calls the service, without and with TLS, and its usual ports.
    fn names(self, encrypted: bool) -> (&'static str, u16) {
        match (self, encrypted) {
            (Self::Query, false) => ("n1ql", 8093),
            (Self::Query, true) => ("n1qlSSL", 18_093),
            (Self::Search, false) => ("fts", 8094),
            (Self::Search, true) => ("ftsSSL", 18_094),
        }
    }
}

/// Where a cluster is, from a connection string.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cluster {
    encrypted: bool,
    host: String,
    /// Of the cluster manager.
    port: u16,
}

impl Cluster {
    /// Reads `couchbase://host`, `couchbases://host` and `couchbase://one,two:port?options`; the first host counts.
    ///
    /// # Errors
    /// There is no such scheme, or no host.
    pub fn parse(text: &str) -> Result<Self, Fault> {
        let wrong = |why: &str| {
            Fault::invalid(format!("the connection string {why}; it is something like couchbases://host"))
        };
        let (scheme, rest) = text.trim().split_once("://").ok_or_else(|| wrong("has no scheme"))?;
        let encrypted = match scheme {
            "couchbase" => false,
            "couchbases" => true,
            _ => return Err(wrong("has another scheme than couchbase and couchbases")),
        };
        let seeds = rest.split(['/', '?', '#']).next().unwrap_or_default();
        let seed = seeds.split(',').next().unwrap_or_default();
        let url = Url::parse(&format!("couchbase://{seed}")).map_err(|_| wrong("names no host"))?;
        let host = url.host_str().filter(|host| !host.is_empty()).ok_or_else(|| wrong("names no host"))?;
        if !url.username().is_empty() {
            return Err(wrong("holds a name before the host, which has a field of its own"));
        }
        let usual = if encrypted { 18_091 } else { 8091 };
        let port = url.port().filter(|port| !DRIVER_PORTS.contains(port)).unwrap_or(usual);
        Ok(Self { encrypted, host: host.to_owned(), port })
    }

    fn root(&self, host: &str, port: u16) -> String {
        let scheme = if self.encrypted { "https" } else { "http" };
        format!("{scheme}://{host}:{port}")
    }

    /// The address of a service, in the order of what the cluster tells of its nodes.
    fn service(&self, nodes: &Json, service: Service) -> String {
        let (name, usual) = service.names(self.encrypted);
        let nodes = nodes.get("nodesExt").and_then(Json::as_array);
        let found = nodes.into_iter().flatten().find_map(|node| {
            // What stands behind a translation of addresses tells the outer ones too.
            let outer = node.pointer("/alternateAddresses/external");
            let outer_port = outer.and_then(|outer| outer.get("ports")?.get(name)?.as_u64());
            let inner_port = node.get("services").and_then(|services| services.get(name)?.as_u64());
            let (place, port) = match (outer, outer_port) {
                (Some(outer), Some(port)) => (outer, port),
                _ => (node, inner_port?),
            };
            // A cluster of one node does not say what it is called.
            let host = place.get("hostname").and_then(Json::as_str).unwrap_or(&self.host);
            let host =
                if host.contains(':') && !host.starts_with('[') { format!("[{host}]") } else { host.into() };
            Some(self.root(&host, u16::try_from(port).ok()?))
        });
        found.unwrap_or_else(|| self.root(&self.host, usual))
    }
}

/// A collection and its search index.
#[derive(Clone, Debug)]
pub struct CouchbaseCollection {
    pub cluster: Cluster,
    pub username: String,
    pub password: Secret,
    pub bucket: String,
    pub scope: String,
    pub collection: String,
    /// Name of a search index of the scope with a vector field `embedding`.
    pub index: String,
    pub egress: Arc<dyn Egress>,
}

/// A name between backticks.
fn quoted(name: &str, field: &str) -> Result<String, Fault> {
    Ok(format!("`{}`", check_name(name, field)?.replace('`', "``")))
}

impl CouchbaseCollection {
    fn keyspace(&self) -> Result<String, Fault> {
        Ok(format!(
            "{}.{}.{}",
            quoted(&self.bucket, "bucket_name")?,
            quoted(&self.scope, "scope_name")?,
            quoted(&self.collection, "collection_name")?
        ))
    }

    async fn send(&self, call: Call) -> Result<Json, Fault> {
        json_of(call.basic(&self.username, &self.password), &*self.egress, SERVICE).await
    }

    /// Where a service is. A cluster that does not tell has it at the usual port of the host.
    async fn address(&self, service: Service) -> Result<String, Fault> {
        let manager = self.cluster.root(&self.cluster.host, self.cluster.port);
        let url = url_of(&manager, &["pools", "default", "nodeServices"])?;
        match self.send(Call::get(url)).await {
            Ok(nodes) => Ok(self.cluster.service(&nodes, service)),
            Err(fault) if fault.kind() == FaultKind::Missing => {
                Ok(self.cluster.service(&Json::Null, service))
            }
            Err(fault) => Err(fault),
        }
    }

    /// Runs a statement with named parameters and gives its rows.
    async fn query(&self, statement: &str, values: &[(&str, Json)]) -> Result<Vec<Json>, Fault> {
        let mut body = JsonMap::new();
        body.insert("statement".into(), json!(statement));
        for (name, value) in values {
            body.insert(format!("${name}"), value.clone());
        }
        let root = self.address(Service::Query).await?;
        let call = Call::post(url_of(&root, &["query", "service"])?).json(&Json::Object(body));
        let answer = self.send(call).await?;
        // Some faults come with the status of success.
        if let Some(error) = answer.pointer("/errors/0") {
            let said = text_of(error.get("msg"));
            return Err(Fault::invalid(format!("{SERVICE} refused: {said}")));
        }
        match answer.get("results") {
            Some(Json::Array(rows)) => Ok(rows.clone()),
            _ => Err(unreadable(SERVICE, "there are no results in it")),
        }
    }

    /// Ids and scores, the nearest first.
    async fn nearest(&self, vector: &[f32], limit: usize) -> Result<Vec<(String, f32)>, Fault> {
        let bucket = check_name(&self.bucket, "bucket_name")?;
        let scope = check_name(&self.scope, "scope_name")?;
        let index = check_name(&self.index, "index_name")?;
        let root = self.address(Service::Search).await?;
        let path = ["api", "bucket", bucket, "scope", scope, "index", index, "query"];
        let body = json!({
            "query": { "match_none": {} },
            "knn": [{ "field": "embedding", "vector": vector, "k": limit }],
            "size": limit,
        });
        let found = self.send(Call::post(url_of(&root, &path)?).json(&body)).await?;
        let hits = found.get("hits").and_then(Json::as_array);
        let score = |hit: &Json| hit.get("score").and_then(Json::as_f64).unwrap_or_default() as f32;
        Ok(hits.into_iter().flatten().map(|hit| (text_of(hit.get("id")), score(hit))).collect())
    }
}

#[async_trait]
impl VectorIndex for CouchbaseCollection {
    async fn upsert(&self, records: Vec<VectorRecord>) -> Result<(), Fault> {
        let statement = format!(
            "UPSERT INTO {} (KEY id, VALUE content) SELECT doc.id AS id, doc.content AS content FROM $docs AS doc",
            self.keyspace()?
        );
        for batch in records.chunks(BATCH) {
            let docs: Vec<Json> = batch
                .iter()
                .map(|record| {
                    let content = json!({
                        "text": record.text, "embedding": record.vector, "metadata": record.metadata,
                    });
                    json!({ "id": record.id, "content": content })
                })
                .collect();
            self.query(&statement, &[("docs", json!(docs))]).await?;
        }
        Ok(())
    }

    /// The documents are read by their keys: an index need not hold their texts.
    async fn search(&self, query: VectorQuery) -> Result<Vec<Hit>, Fault> {
        let vector = needs_vector(query.vector, SERVICE)?;
        let found = self.nearest(&vector, query.limit).await?;
        if found.is_empty() {
            return Ok(Vec::new());
        }
        let vectors = if query.with_vectors { ", d.`embedding`" } else { "" };
        let statement = format!(
            "SELECT META(d).id AS id, d.`text`, d.`metadata`{vectors} FROM {} AS d USE KEYS $ids",
            self.keyspace()?
        );
        let ids: Vec<&str> = found.iter().map(|(id, _)| id.as_str()).collect();
        let rows = self.query(&statement, &[("ids", json!(ids))]).await?;
        let by_id: HashMap<String, Json> =
            rows.into_iter().map(|row| (text_of(row.get("id")), row)).collect();
        let hit = |(id, score): (String, f32)| {
            // One that was deleted a moment ago may still be in the index.
            let row = by_id.get(&id)?;
            Some(Hit {
                id,
                text: text_of(row.get("text")),
                metadata: row.get("metadata").and_then(Json::as_object).cloned().unwrap_or_default(),
                score,
                vector: floats(row.get("embedding")),
            })
        };
        Ok(found.into_iter().filter_map(hit).collect())
    }

    async fn delete(&self, ids: Vec<String>) -> Result<(), Fault> {
        let statement = format!("DELETE FROM {} USE KEYS $ids", self.keyspace()?);
        for batch in ids.chunks(BATCH) {
            self.query(&statement, &[("ids", json!(batch))]).await?;
        }
        Ok(())
    }

    async fn known(&self, ids: Vec<String>) -> Result<Vec<String>, Fault> {
        let statement = format!("SELECT META(d).id AS id FROM {} AS d USE KEYS $ids", self.keyspace()?);
        let mut known = Vec::new();
        for batch in ids.chunks(BATCH) {
            let rows = self.query(&statement, &[("ids", json!(batch))]).await?;
            known.extend(rows.iter().map(|row| text_of(row.get("id"))));
        }
        Ok(known)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn connection_strings_lead_to_the_cluster_manager() {
        for (text, expect) in [
            ("couchbase://a.example", Some("http://a.example:8091")),
            ("couchbases://a.example", Some("https://a.example:18091")),
            ("couchbase://a.example:11210,b.example?x=y", Some("http://a.example:8091")),
            ("couchbase://a.example:9000/", Some("http://a.example:9000")),
            ("couchbase://[::1]", Some("http://[::1]:8091")),
            ("couchbase://", None),
            ("a.example", None),
            ("http://a.example", None),
            ("couchbase://u:p@a.example", None),
        ] {
            let root = Cluster::parse(text).ok().map(|cluster| cluster.root(&cluster.host, cluster.port));
            assert_eq!(root.as_deref(), expect, "{text}");
        }
    }

    #[test]
    fn services_are_where_the_cluster_says() {
        let cluster = Cluster::parse("couchbase://seed.example").unwrap();
        let nodes = json!({ "nodesExt": [
            { "services": { "kv": 11210, "mgmt": 8091 }, "thisNode": true },
            { "services": { "n1ql": 9093 }, "hostname": "inner.example",
              "alternateAddresses": { "external": { "hostname": "outer.example", "ports": { "n1ql": 7093 } } } },
            { "services": { "fts": 9094 } },
        ] });
        assert_eq!(cluster.service(&nodes, Service::Query), "http://outer.example:7093");
        assert_eq!(cluster.service(&nodes, Service::Search), "http://seed.example:9094");
        assert_eq!(cluster.service(&Json::Null, Service::Search), "http://seed.example:8094");
    }

    #[test]
    fn names_stay_what_they_are() {
        assert_eq!(quoted("a`b", "bucket_name").unwrap(), "`a``b`");
        assert!(quoted("", "bucket_name").is_err());
    }
}

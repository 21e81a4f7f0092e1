//! Vector services in memory: each speaks the interface of its vendor over one small index.

use bytes::Bytes;
use futures::StreamExt as _;
use langflow_core::run::ports::CallOptions;
use langflow_core::run::{Egress, Encryption, Reply, Wire};
use langflow_core::{Fault, Json, JsonMap, async_trait};
use langflow_testkit::fake_mongo::FakeMongo;
use langflow_testkit::fake_redis::FakeRedis;
use serde_json::json;
use std::collections::BTreeMap;
use std::sync::Mutex;

/// A request as a service sees it.
pub struct Ask<'a> {
    pub method: &'a str,
    /// Without scheme and host.
    pub path: &'a str,
    pub query: &'a str,
    pub port: u16,
    pub text: &'a str,
    pub body: Json,
    /// Lines of a bulk request.
    pub lines: Vec<Json>,
}

#[derive(Clone, Debug, Default)]
pub struct Stored {
    pub vector: Vec<f64>,
    pub fields: JsonMap,
}

/// What a service holds.
#[derive(Debug, Default)]
pub struct Memory {
    pub is_made: bool,
    pub records: BTreeMap<String, Stored>,
}

impl Memory {
    pub fn put(&mut self, id: &Json, vector: &Json, fields: JsonMap) {
        let vector = vector.as_array().unwrap().iter().map(|x| x.as_f64().unwrap()).collect();
        self.records.insert(id.as_str().unwrap().to_owned(), Stored { vector, fields });
    }

    /// `(id, record, cosine)`, nearest first.
    pub fn nearest(&self, query: &Json, limit: &Json, filter: &JsonMap) -> Vec<(String, Stored, f64)> {
        let query: Vec<f64> = query.as_array().unwrap().iter().map(|x| x.as_f64().unwrap()).collect();
        let length = |v: &[f64]| v.iter().map(|x| x * x).sum::<f64>().sqrt();
        let mut found: Vec<_> = self
            .records
            .iter()
            .filter(|(_, record)| filter.iter().all(|(key, value)| record.fields.get(key) == Some(value)))
            .map(|(id, record)| {
                let dot: f64 = record.vector.iter().zip(&query).map(|(a, b)| a * b).sum();
                (id.clone(), record.clone(), dot / (length(&record.vector) * length(&query)))
            })
            .collect();
        found.sort_by(|a, b| b.2.total_cmp(&a.2));
        found.truncate(usize::try_from(limit.as_u64().unwrap()).unwrap());
        found
    }

    pub fn remove(&mut self, ids: &Json) {
        for id in ids.as_array().unwrap() {
            self.records.remove(id.as_str().unwrap());
        }
    }
}

/// Key of rows that are answered as lines.
const LINES: &str = "lines";

pub type Service = fn(&mut Memory, &Ask<'_>) -> (u16, Json);

/// How the fake answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mood {
    Good,
    /// 401
    BadKey,
    /// 500
    Broken,
    /// 200 and no JSON
    Garbage,
}

#[derive(Debug)]
pub struct Fake {
    service: Service,
    pub mood: Mutex<Mood>,
    pub memory: Mutex<Memory>,
    /// What is reached without HTTP.
    pub redis: FakeRedis,
    pub mongo: FakeMongo,
}

impl Fake {
    pub fn new(service: Service) -> Self {
        Self {
            service,
            mood: Mutex::new(Mood::Good),
            memory: Mutex::default(),
            redis: FakeRedis::with_password("k"),
            mongo: FakeMongo::with_account("u", "k"),
        }
    }
}

#[async_trait]
impl Egress for Fake {
    async fn connect(&self, host: &str, port: u16, how: &Encryption) -> Result<Box<dyn Wire>, Fault> {
        let mood = *self.mood.lock().unwrap();
        match (host, port, how) {
            ("r.example", 6379, Encryption::None) => {
                self.redis.set_mood(super::redis::mood(mood));
                Ok(super::redis::join(&self.redis))
            }
            ("m.example", 27017, Encryption::None) => {
                self.mongo.set_mood(super::mongo::mood(mood));
                Ok(super::mongo::join(&self.mongo))
            }
            other => panic!("{other:?}"),
        }
    }

    async fn send(&self, request: http::Request<Bytes>, _: CallOptions) -> Result<Reply, Fault> {
        let url = url::Url::parse(&request.uri().to_string()).unwrap();
        let text = String::from_utf8_lossy(request.body()).into_owned();
        let ask = Ask {
            method: request.method().as_str(),
            path: url.path(),
            query: url.query().unwrap_or_default(),
            port: url.port_or_known_default().unwrap(),
            text: &text,
            body: serde_json::from_str(&text).unwrap_or_default(),
            lines: text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect(),
        };
        let (status, body) = match *self.mood.lock().unwrap() {
            Mood::Good => {
                let (status, body) = (self.service)(&mut self.memory.lock().unwrap(), &ask);
                let lines = |rows: &Json| list(rows).iter().map(|row| format!("{row}\n")).collect();
                (status, body.get(LINES).map_or_else(|| body.to_string(), lines))
            }
            Mood::BadKey => (401, json!({"message": "no"}).to_string()),
            Mood::Broken => (500, String::new()),
            Mood::Garbage => (200, "<html>".to_owned()),
        };
        Ok(Reply {
            status: http::StatusCode::from_u16(status).unwrap(),
            headers: http::HeaderMap::new(),
            url: url.into(),
            body: futures::stream::iter([Ok(Bytes::from(body))]).boxed(),
        })
    }
}

fn object(json: &Json) -> JsonMap {
    json.as_object().cloned().unwrap_or_default()
}

fn list(json: &Json) -> Vec<Json> {
    json.as_array().cloned().unwrap_or_default()
}

/// What is reached without HTTP.
pub fn no_http(_: &mut Memory, ask: &Ask<'_>) -> (u16, Json) {
    panic!("{}", ask.path)
}

pub fn astra(memory: &mut Memory, ask: &Ask<'_>) -> (u16, Json) {
    let (verb, with) = ask.body.as_object().unwrap().iter().next().unwrap();
    match verb.as_str() {
        "insertMany" => {
            for document in list(&with["documents"]) {
                memory.put(&document["_id"], &document["$vector"], object(&document));
            }
            (200, json!({"status": {"insertedIds": []}}))
        }
        "find" => {
            let found = memory.nearest(&with["sort"]["$vector"], &with["options"]["limit"], &JsonMap::new());
            let shown: Vec<Json> = found
                .into_iter()
                .map(|(_, record, score)| {
                    let mut document = record.fields;
                    document.insert("$similarity".into(), json!(score));
                    Json::Object(document)
                })
                .collect();
            (200, json!({"data": {"documents": shown}}))
        }
        "deleteMany" => {
            memory.remove(&with["filter"]["_id"]["$in"]);
            (200, json!({"status": {"deletedCount": 1}}))
        }
        other => panic!("{other}"),
    }
}

pub fn qdrant(memory: &mut Memory, ask: &Ask<'_>) -> (u16, Json) {
    match (ask.method, ask.path) {
        ("GET", "/collections/docs") if !memory.is_made => (404, json!({})),
        ("GET", "/collections/docs") => (200, json!({"result": {}})),
        ("PUT", "/collections/docs") => {
            memory.is_made = true;
            (200, json!({"result": true}))
        }
        ("PUT", "/collections/docs/points") => {
            for point in list(&ask.body["points"]) {
                memory.put(&point["id"], &point["vector"], object(&point["payload"]));
            }
            (200, json!({"result": {}}))
        }
        ("POST", "/collections/docs/points/query") => {
            let wanted = list(&ask.body["filter"]["must"]);
            let mut found = memory.nearest(&ask.body["query"], &json!(100), &JsonMap::new());
            found.retain(|(_, record, _)| {
                wanted.iter().all(|must| {
                    let key = must["key"].as_str().unwrap().strip_prefix("metadata.").unwrap();
                    record.fields["metadata"][key] == must["match"]["value"]
                })
            });
            found.truncate(usize::try_from(ask.body["limit"].as_u64().unwrap()).unwrap());
            let shown: Vec<Json> = found
                .into_iter()
                .map(|(id, record, score)| json!({"id": id, "score": score, "payload": record.fields, "vector": record.vector}))
                .collect();
            (200, json!({"result": {"points": shown}}))
        }
        ("POST", "/collections/docs/points/delete") => {
            memory.remove(&ask.body["points"]);
            (200, json!({"result": {}}))
        }
        other => panic!("{other:?}"),
    }
}

pub fn chroma(memory: &mut Memory, ask: &Ask<'_>) -> (u16, Json) {
    let root = "/api/v2/tenants/default_tenant/databases/default_database/collections";
    match ask.path.strip_prefix(root).unwrap() {
        "" => (200, json!({"id": "c-1", "name": ask.body["name"]})),
        "/c-1/upsert" => {
            let column = |key: &str| list(&ask.body[key]);
            let rows = column("ids")
                .into_iter()
                .zip(column("embeddings"))
                .zip(column("documents"))
                .zip(column("metadatas"));
            for (((id, vector), text), metadata) in rows {
                let mut fields = object(&metadata);
                fields.insert("document".into(), text);
                memory.put(&id, &vector, fields);
            }
            (200, json!({}))
        }
        "/c-1/query" => {
            let found = memory.nearest(
                &ask.body["query_embeddings"][0],
                &ask.body["n_results"],
                &object(&ask.body["where"]),
            );
            let column = |pick: &dyn Fn(&(String, Stored, f64)) -> Json| -> Json {
                json!([found.iter().map(pick).collect::<Vec<Json>>()])
            };
            let metadata = |found: &(String, Stored, f64)| {
                let mut fields = found.1.fields.clone();
                fields.shift_remove("document");
                json!(fields)
            };
            (
                200,
                json!({
                    "ids": column(&|found| json!(found.0)),
                    "documents": column(&|found| found.1.fields["document"].clone()),
                    "metadatas": column(&metadata),
                    "distances": column(&|found| json!(1.0 - found.2)),
                    "embeddings": column(&|found| json!(found.1.vector)),
                }),
            )
        }
        "/c-1/get" => {
            let ids: Vec<Json> = list(&ask.body["ids"])
                .into_iter()
                .filter(|id| memory.records.contains_key(id.as_str().unwrap()))
                .collect();
            (200, json!({"ids": ids}))
        }
        "/c-1/delete" => {
            memory.remove(&ask.body["ids"]);
            (200, json!({}))
        }
        other => panic!("{other}"),
    }
}

pub fn pinecone(memory: &mut Memory, ask: &Ask<'_>) -> (u16, Json) {
    match ask.path {
        "/indexes/docs" => (200, json!({"name": "docs", "host": "docs-1.svc.pinecone.io"})),
        "/vectors/upsert" => {
            assert_eq!(ask.body["namespace"], "n");
            for vector in list(&ask.body["vectors"]) {
                memory.put(&vector["id"], &vector["values"], object(&vector["metadata"]));
            }
            (200, json!({"upsertedCount": 1}))
        }
        "/query" => {
            let found = memory.nearest(&ask.body["vector"], &ask.body["topK"], &object(&ask.body["filter"]));
            let with = ask.body["includeValues"] == true;
            let shown: Vec<Json> = found
                .into_iter()
                .map(|(id, record, score)| {
                    let values = if with { record.vector } else { Vec::new() };
                    json!({"id": id, "score": score, "metadata": record.fields, "values": values})
                })
                .collect();
            (200, json!({"matches": shown}))
        }
        "/vectors/delete" => {
            memory.remove(&ask.body["ids"]);
            (200, json!({}))
        }
        other => panic!("{other}"),
    }
}

pub fn milvus(memory: &mut Memory, ask: &Ask<'_>) -> (u16, Json) {
    let data = match ask.path.strip_prefix("/v2/vectordb").unwrap() {
        "/collections/has" => json!({"has": memory.is_made}),
        "/collections/create" => {
            memory.is_made = true;
            json!({})
        }
        "/entities/upsert" => {
            for row in list(&ask.body["data"]) {
                memory.put(&row["pk"], &row["vector"], object(&row));
            }
            json!({"upsertCount": 1})
        }
        "/entities/search" if !memory.is_made => {
            return (200, json!({"code": 100, "message": "can't find collection"}));
        }
        "/entities/search" => {
            let filter = match ask.body["filter"].as_str() {
                Some("n == 1") => object(&json!({"n": 1})),
                None => JsonMap::new(),
                other => panic!("{other:?}"),
            };
            let found = memory.nearest(&ask.body["data"][0], &ask.body["limit"], &filter);
            found
                .into_iter()
                .map(|(_, record, score)| {
                    let mut row = record.fields;
                    row.insert("distance".into(), json!(score));
                    Json::Object(row)
                })
                .collect()
        }
        "/entities/delete" => {
            let filter = ask.body["filter"].as_str().unwrap();
            let ids: Json = serde_json::from_str(filter.strip_prefix("pk in ").unwrap()).unwrap();
            memory.remove(&ids);
            json!({})
        }
        other => panic!("{other}"),
    };
    (200, json!({"code": 0, "data": data}))
}

pub fn weaviate(memory: &mut Memory, ask: &Ask<'_>) -> (u16, Json) {
    match (ask.method, ask.path) {
        ("GET", "/v1/schema/Docs") if !memory.is_made => (404, json!({})),
        ("GET", "/v1/schema/Docs") => {
            let property = |name: &str, kind: &str| json!({"name": name, "dataType": [kind]});
            (200, json!({"class": "Docs", "properties": [property("text", "text"), property("n", "number")]}))
        }
        ("POST", "/v1/schema") => {
            memory.is_made = true;
            (200, json!({}))
        }
        ("POST", "/v1/batch/objects") => {
            for object in list(&ask.body["objects"]) {
                memory.put(&object["id"], &object["vector"], object_of(&object["properties"]));
            }
            (200, json!([{"result": {"status": "SUCCESS"}}]))
        }
        ("POST", "/v1/graphql") => {
            let text = ask.body["query"].as_str().unwrap();
            let (_, rest) = text.split_once("vector: ").unwrap();
            let (vector, rest) = rest.split_once(" }").unwrap();
            let (_, rest) = rest.split_once("limit: ").unwrap();
            let (limit, rest) = rest.split_once(')').unwrap();
            assert!(rest.contains("text n _additional { id distance"), "{rest}");
            let vector: Json = serde_json::from_str(vector).unwrap();
            let found = memory.nearest(&vector, &json!(limit.parse::<u64>().unwrap()), &JsonMap::new());
            let shown: Vec<Json> = found
                .into_iter()
                .map(|(id, record, score)| {
                    let mut fields = record.fields;
                    let extra = json!({"id": id, "distance": 1.0 - score, "vector": record.vector});
                    fields.insert("_additional".into(), extra);
                    Json::Object(fields)
                })
                .collect();
            (200, json!({"data": {"Get": {"Docs": shown}}}))
        }
        ("DELETE", path) => {
            memory.remove(&json!([path.strip_prefix("/v1/objects/Docs/").unwrap()]));
            (204, Json::Null)
        }
        other => panic!("{other:?}"),
    }
}

fn object_of(json: &Json) -> JsonMap {
    object(json)
}

pub fn upstash(memory: &mut Memory, ask: &Ask<'_>) -> (u16, Json) {
    let result = match (ask.method, ask.path) {
        ("POST", "/upsert/n") => {
            for item in list(&ask.body) {
                memory.put(&item["id"], &item["vector"], object(&item["metadata"]));
            }
            json!("Success")
        }
        ("POST", "/query/n") => memory
            .nearest(&ask.body["vector"], &ask.body["topK"], &JsonMap::new())
            .into_iter()
            .map(|(id, record, score)| json!({"id": id, "score": score, "metadata": record.fields, "vector": record.vector}))
            .collect(),
        ("DELETE", "/delete/n") => {
            memory.remove(&ask.body["ids"]);
            json!({"deleted": 1})
        }
        other => panic!("{other:?}"),
    };
    (200, json!({"result": result}))
}

pub fn supabase(memory: &mut Memory, ask: &Ask<'_>) -> (u16, Json) {
    match (ask.method, ask.path) {
        ("POST", "/rest/v1/docs") => {
            for row in list(&ask.body) {
                memory.put(&row["id"], &row["embedding"], object(&row));
            }
            (201, Json::Null)
        }
        ("POST", "/rest/v1/rpc/match_docs") => {
            let limit: u64 = ask.query.strip_prefix("limit=").unwrap().parse().unwrap();
            let wanted = object(&ask.body["filter"]);
            let mut found = memory.nearest(&ask.body["query_embedding"], &json!(100), &JsonMap::new());
            found.retain(|(_, record, _)| {
                wanted.iter().all(|(k, v)| record.fields["metadata"].get(k) == Some(v))
            });
            found.truncate(usize::try_from(limit).unwrap());
            let shown: Vec<Json> = found
                .into_iter()
                .map(|(_, record, score)| {
                    let mut row = record.fields;
                    row.insert("similarity".into(), json!(score));
                    // pgvector comes as text.
                    row.insert("embedding".into(), json!(json!(record.vector).to_string()));
                    Json::Object(row)
                })
                .collect();
            (200, json!(shown))
        }
        ("DELETE", "/rest/v1/docs") => {
            let (_, value) = url::form_urlencoded::parse(ask.query.as_bytes()).next().unwrap();
            let ids = value.strip_prefix("in.(").unwrap().strip_suffix(')').unwrap();
            memory.remove(&serde_json::from_str(&format!("[{ids}]")).unwrap());
            (204, Json::Null)
        }
        other => panic!("{other:?}"),
    }
}

pub fn search_engine(memory: &mut Memory, ask: &Ask<'_>) -> (u16, Json) {
    let field = if ask.path.starts_with("/os") { "chunk_embedding" } else { "vector" };
    match (ask.method, &ask.path[3..]) {
        ("HEAD", "") => (if memory.is_made { 200 } else { 404 }, Json::Null),
        ("PUT", "") => {
            memory.is_made = true;
            (200, json!({"acknowledged": true}))
        }
        ("POST", "/_bulk") => {
            let mut lines = ask.lines.iter();
            while let Some(line) = lines.next() {
                if let Some(index) = line.get("index") {
                    let document = lines.next().unwrap();
                    memory.put(&index["_id"], &document[field], object(document));
                } else {
                    memory.remove(&json!([line["delete"]["_id"]]));
                }
            }
            (200, json!({"errors": false, "items": []}))
        }
        ("POST", "/_search") if !memory.is_made => (404, json!({"error": {"reason": "no such index"}})),
        ("POST", "/_search") => {
            let near = if field == "vector" {
                ask.body["knn"].clone()
            } else {
                ask.body["query"]["bool"]["should"][0]["knn"][field].clone()
            };
            let vector = near.get("query_vector").or_else(|| near.get("vector")).unwrap();
            let musts = list(near.pointer("/filter/bool/must").unwrap_or(&near["filter"]));
            let mut found = memory.nearest(vector, &json!(100), &JsonMap::new());
            found.retain(|(_, record, _)| {
                musts.iter().all(|must| {
                    let (key, value) = must["match"].as_object().unwrap().iter().next().unwrap();
                    let pointer = format!("/{}", key.replace('.', "/"));
                    json!(record.fields).pointer(&pointer) == Some(value)
                })
            });
            found.truncate(usize::try_from(ask.body["size"].as_u64().unwrap()).unwrap());
            let shown: Vec<Json> = found
                .into_iter()
                .map(|(id, record, score)| json!({"_id": id, "_score": score, "_source": record.fields}))
                .collect();
            (200, json!({"hits": {"hits": shown}}))
        }
        other => panic!("{other:?}"),
    }
}

pub fn hcd(memory: &mut Memory, ask: &Ask<'_>) -> (u16, Json) {
    match ask.path {
        "/v1/default_namespace" => {
            let made = &ask.body["createCollection"];
            assert_eq!((&made["name"], &made["options"]["vector"]["dimension"]), (&json!("docs"), &json!(2)));
            memory.is_made = true;
            (200, json!({"status": {"ok": 1}}))
        }
        "/v1/default_namespace/docs" if !memory.is_made => {
            (200, json!({"errors": [{"errorCode": "COLLECTION_NOT_EXIST", "message": "none"}]}))
        }
        "/v1/default_namespace/docs" => astra(memory, ask),
        other => panic!("{other}"),
    }
}

/// The service that makes vectors itself knows what the suite says.
fn meaning(text: &str) -> Json {
    match text {
        "east" => json!([1.0, 0.0]),
        "north" => json!([0.0, 1.0]),
        "north-east" => json!([0.8, 0.6]),
        "west" => json!([-1.0, 0.0]),
        other => panic!("{other}"),
    }
}

pub fn vectara(memory: &mut Memory, ask: &Ask<'_>) -> (u16, Json) {
    let root = "/v2/corpora";
    match (ask.method, ask.path.strip_prefix(root).unwrap()) {
        // The first page of the list does not hold it.
        ("GET", "") if !ask.query.contains("page_key") => {
            (200, json!({"corpora": [{"id": "crp_6", "key": "other"}], "metadata": {"page_key": "second"}}))
        }
        ("GET", "") => (200, json!({"corpora": [{"id": "crp_7", "key": "docs"}], "metadata": {}})),
        ("POST", "/docs/documents") => {
            assert_eq!(ask.body["type"], "core");
            if memory.records.contains_key(ask.body["id"].as_str().unwrap()) {
                return (409, json!({"messages": ["there already"]}));
            }
            let part = &ask.body["document_parts"][0];
            memory.put(&ask.body["id"], &meaning(part["text"].as_str().unwrap()), object(part));
            (201, json!({"id": ask.body["id"]}))
        }
        ("POST", "/docs/query") => {
            let vector = meaning(ask.body["query"].as_str().unwrap());
            let found = memory.nearest(&vector, &ask.body["search"]["limit"], &JsonMap::new());
            let shown: Vec<Json> = found
                .into_iter()
                .map(|(id, record, score)| {
                    json!({
                        "document_id": id, "text": record.fields["text"], "score": score, "document_metadata": {},
                        "part_metadata": record.fields["metadata"], "request_corpora_index": 0,
                    })
                })
                .collect();
            (200, json!({"search_results": shown}))
        }
        ("DELETE", path) => {
            let id = path.strip_prefix("/docs/documents/").unwrap();
            let known = memory.records.remove(id).is_some();
            (if known { 204 } else { 404 }, Json::Null)
        }
        other => panic!("{other:?}"),
    }
}

/// Reads lists of quoted texts and of numbers.
fn clickhouse_list(text: &str) -> Json {
    serde_json::from_str(&text.replace('\'', "\"")).unwrap()
}

pub fn clickhouse(memory: &mut Memory, ask: &Ask<'_>) -> (u16, Json) {
    let address: std::collections::HashMap<_, _> =
        url::form_urlencoded::parse(ask.query.as_bytes()).into_owned().collect();
    if let Some(statement) = address.get("query") {
        assert_eq!(
            statement,
            "INSERT INTO `d`.`docs` (id, document, embedding, metadata) FORMAT JSONEachRow"
        );
        for row in &ask.lines {
            memory.put(&row["id"], &row["embedding"], object(row));
        }
        return (200, Json::Null);
    }
    if ask.text.starts_with("CREATE") {
        assert!(ask.text.starts_with("CREATE TABLE IF NOT EXISTS `d`.`docs` ("), "{}", ask.text);
        assert!(ask.text.contains("vector_similarity('hnsw', 'cosineDistance', 2)"), "{}", ask.text);
        assert_eq!(address["allow_experimental_json_type"], "1");
        memory.is_made = true;
        return (200, Json::Null);
    }
    let form = form(ask.text);
    let statement = form["query"].as_str();
    let rows: Vec<Json> = match statement.split(' ').next().unwrap() {
        "EXISTS" => vec![json!({"result": u8::from(memory.is_made)})],
        "SELECT" if statement.contains("system.settings") => {
            vec![json!({"name": "allow_experimental_json_type"})]
        }
        _ if !memory.is_made => return (404, json!("Code: 60. DB::Exception: no such table")),
        "DELETE" => {
            memory.remove(&clickhouse_list(&form["param_ids"]));
            Vec::new()
        }
        "SELECT" if form.contains_key("param_ids") => {
            let ids = list(&clickhouse_list(&form["param_ids"]));
            let known = ids.into_iter().filter(|id| memory.records.contains_key(id.as_str().unwrap()));
            known.map(|id| json!({"id": id})).collect()
        }
        "SELECT" => {
            assert!(statement.contains("cosineDistance(embedding, {vector:Array(Float32)}) AS distance"));
            let mut found =
                memory.nearest(&clickhouse_list(&form["param_vector"]), &json!(100), &JsonMap::new());
            if let Some(key) = form.get("param_key0") {
                assert!(statement.contains("{key0:String}) = {value0:String}"), "{statement}");
                let value: Json = serde_json::from_str(&form["param_value0"]).unwrap();
                found.retain(|(_, record, _)| record.fields["metadata"][key.as_str()] == value);
            }
            found.truncate(form["param_limit"].parse().unwrap());
            found
                .into_iter()
                .map(|(id, record, score)| {
                    json!({
                        "id": id, "document": record.fields["document"], "distance": 1.0 - score,
                        "about": record.fields["metadata"].to_string(), "embedding": record.vector,
                    })
                })
                .collect()
        }
        other => panic!("{other}"),
    };
    (200, json!({ LINES: rows }))
}

/// Fields of a form in several parts.
fn form(text: &str) -> std::collections::HashMap<String, String> {
    let (boundary, _) = text.split_once("\r\n").unwrap();
    let part = |part: &str| {
        let (head, value) = part.split_once("\r\n\r\n")?;
        let name = head.split_once("name=\"")?.1.strip_suffix('"')?;
        Some((name.to_owned(), value.strip_suffix("\r\n")?.to_owned()))
    };
    text.split(boundary).filter_map(part).collect()
}

pub fn couchbase(memory: &mut Memory, ask: &Ask<'_>) -> (u16, Json) {
    match (ask.port, ask.path) {
        (8091, "/pools/default/nodeServices") => (
            200,
            json!({"nodesExt": [{"services": {"mgmt": 8091, "n1ql": 8093, "fts": 9999}, "thisNode": true}]}),
        ),
        (8093, "/query/service") => {
            let statement = ask.body["statement"].as_str().unwrap();
            assert!(statement.contains("`b`.`s`.`docs`"), "{statement}");
            let mut rows = Vec::new();
            if statement.starts_with("UPSERT") {
                for doc in list(&ask.body["$docs"]) {
                    memory.put(&doc["id"], &doc["content"]["embedding"], object(&doc["content"]));
                }
            } else if statement.starts_with("DELETE") {
                memory.remove(&ask.body["$ids"]);
            } else {
                // In any order.
                for (id, record) in memory.records.iter().rev() {
                    if list(&ask.body["$ids"]).contains(&json!(id)) {
                        let mut row = record.fields.clone();
                        row.insert("id".into(), json!(id));
                        rows.push(Json::Object(row));
                    }
                }
            }
            (200, json!({"status": "success", "results": rows}))
        }
        (9999, "/api/bucket/b/scope/s/index/vectors/query") => {
            let near = &ask.body["knn"][0];
            assert_eq!(near["field"], "embedding");
            let found = memory.nearest(&near["vector"], &near["k"], &JsonMap::new());
            let hits: Vec<Json> =
                found.into_iter().map(|(id, _, score)| json!({"id": id, "score": score})).collect();
            (200, json!({"status": {"failed": 0}, "hits": hits}))
        }
        other => panic!("{other:?}"),
    }
}

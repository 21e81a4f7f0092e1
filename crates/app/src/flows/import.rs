//! Flows from files.

use super::change::Save;
use super::draft::FlowDraft;
use super::{Flow, archive, create, graph};
use crate::client::Client;
use crate::ctx::App;
use crate::error::{AppError, AppResult, ErrorKind};
use crate::principal::Principal;
use crate::projects::Maker;
use indexmap::IndexMap;
use langflow_store::flows;
use serde_json::value::RawValue;
use uuid::Uuid;

/// The flow objects in a file: a single flow, `{"flows": […]}`, or a zip of such files. Code that stands as
/// a list of lines is joined.
pub async fn read_file(bytes: Vec<u8>) -> AppResult<Vec<Box<RawValue>>> {
    if bytes.is_empty() {
        return Err(AppError::bad_request("The uploaded file is empty"));
    }
    tokio::task::spawn_blocking(move || read_blocking(&bytes)).await.map_err(AppError::internal)?
}

fn read_blocking(bytes: &[u8]) -> AppResult<Vec<Box<RawValue>>> {
    if !archive::is_zip(bytes) {
        let text = std::str::from_utf8(bytes).map_err(|e| {
            AppError::bad_request(format!("Invalid JSON file: not UTF-8 at byte {}", e.valid_up_to()))
        })?;
        return read_text(text);
    }
    let mut found = Vec::new();
    for text in archive::read_json_files(bytes)? {
        // Other JSON files may lie beside the flows.
        found.extend(read_text(&text).unwrap_or_default());
    }
    if found.is_empty() {
        return Err(AppError::bad_request("No valid flow JSON files found in the ZIP"));
    }
    Ok(found)
}

fn read_text(text: &str) -> AppResult<Vec<Box<RawValue>>> {
    let whole = serde_json::from_str::<&RawValue>(text.trim_start_matches('\u{feff}')).map_err(|error| {
        let place = format!("line {} column {}", error.line(), error.column());
        AppError::bad_request(format!("Invalid JSON file: unexpected text: {place}"))
    })?;
    let wrong = || {
        let text = "Invalid JSON: expected an object with 'flows' or a single flow object";
        AppError::new(ErrorKind::Unprocessable, text)
    };
    let object: IndexMap<String, Box<RawValue>> = serde_json::from_str(whole.get()).map_err(|_| wrong())?;
    let list: Vec<Box<RawValue>> = match object.get("flows") {
        Some(list) => serde_json::from_str(list.get()).map_err(|_| wrong())?,
        None => vec![whole.to_owned()],
    };
    Ok(list.into_iter().map(with_joined_code).collect())
}

fn with_joined_code(flow: Box<RawValue>) -> Box<RawValue> {
    let Ok(mut object) = serde_json::from_str::<IndexMap<String, Box<RawValue>>>(flow.get()) else {
        return flow;
    };
    let Some(joined) = object.get("data").and_then(|data| graph::join_code(data)) else { return flow };
    object.insert("data".into(), joined);
    serde_json::value::to_raw_value(&object).unwrap_or(flow)
}

/// Stores flows from a file: one whose id the caller has is changed in place, any other is made.
pub async fn import_flows(
    app: &App,
    who: &Principal,
    client: &Client,
    drafts: Vec<FlowDraft>,
    project: Option<Uuid>,
) -> AppResult<Vec<Flow>> {
    let (save, maker) = (Save::of(app, who, client, ErrorKind::Conflict), Maker::of(app, who, client));
    let drafts: Vec<FlowDraft> = drafts.into_iter().map(|draft| create::clean(app, draft)).collect();
    app.store
        .write_or(move |tx| {
            Box::pin(async move {
                let mut stored = Vec::with_capacity(drafts.len());
                for mut draft in drafts {
                    draft.project_id = project.or(draft.project_id);
                    let known = match draft.id {
                        Some(id) => flows::lock(tx, save.owner, id).await?,
                        None => None,
                    };
                    let flow = match known {
                        Some(flow) => save.change(tx, flow, draft.into_change(), None).await?,
                        None => {
                            // An id that belongs to somebody else, or to a public history, gives way.
                            if let Some(id) = draft.id
                                && (id.get_version_num() == 5
                                    || !flows::taken_ids(tx, &[id]).await?.is_empty())
                            {
                                draft.id = None;
                            }
                            create::insert(tx, &maker, draft).await?
                        }
                    };
                    stored.push(flow);
                }
                Ok(stored)
            })
        })
        .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn every_kind_of_file_is_read_or_refused() {
        let zip = archive::write(&[
            ("a.json".into(), br#"{"name":"a"}"#.to_vec()),
            ("b.json".into(), br#"{"flows":[{"name":"b"},{"name":"c"}]}"#.to_vec()),
            ("list.json".into(), b"[]".to_vec()),
        ])
        .unwrap();
        let empty_zip = archive::write(&[("x.txt".into(), Vec::new())]).unwrap();
        let cases: [(Vec<u8>, Result<usize, &str>); 8] = [
            (br#"{"name":"a"}"#.to_vec(), Ok(1)),
            (b"\xef\xbb\xbf{\"name\":\"a\"}".to_vec(), Ok(1)),
            (br#"{"flows":[{"name":"a"},{"name":"b"}]}"#.to_vec(), Ok(2)),
            (zip, Ok(3)),
            (Vec::new(), Err("The uploaded file is empty")),
            (b"{bad".to_vec(), Err("Invalid JSON file")),
            (b"[1]".to_vec(), Err("Invalid JSON: expected an object")),
            (empty_zip, Err("No valid flow JSON files found in the ZIP")),
        ];
        for (bytes, expected) in cases {
            match (read_file(bytes).await, expected) {
                (Ok(flows), Ok(count)) => assert_eq!(flows.len(), count),
                (Err(error), Err(text)) => assert!(error.to_string().starts_with(text), "{error}"),
                (found, expected) => panic!("{found:?} instead of {expected:?}"),
            }
        }
    }

    #[tokio::test]
    async fn lines_of_code_are_joined() {
        let file = br#"{"name":"a","data":{"nodes":[{"data":{"node":{"template":{"code":{"type":"code","value":["x","y"]}}}}}],"edges":[]}}"#;
        let flows = read_file(file.to_vec()).await.unwrap();
        assert!(flows[0].get().contains(r#""value":"x\ny""#));
    }
}

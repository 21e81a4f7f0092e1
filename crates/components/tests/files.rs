//! Read File and Write File with files in memory.

#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use langflow_components::catalogue;
use langflow_core::component::{Params, example_json, example_value};
use langflow_core::{Fault, Json};
use langflow_testkit::solo::Solo;
use serde_json::json;

async fn run(solo: &Solo, key: &str, inputs: Json, output: &str) -> Result<Json, Fault> {
    let mut params = Params::default();
    for (name, value) in inputs.as_object().unwrap() {
        params.set(name.clone(), example_value(value));
    }
    solo.run(&catalogue(), key, params, output).await.map(|value| example_json(&value))
}

fn solo() -> Solo {
    Solo::new()
        .with_file("f/a.txt", "first")
        .with_file("f/b.md", "# second")
        .with_file("f/rows.csv", "n,t\n1,x\n2,y\n")
        .with_file("f/data.json", "{ \"k\": [1, 2] }")
        .with_file("f/list.json", "[1]")
        .with_file("f/broken.json", "{")
        .with_file("f/broken.pdf", "%PDF-1.4 nothing else")
        .with_file("f/picture.png", "png")
}

#[tokio::test]
async fn files_are_read_by_kind() {
    let solo = solo();
    for (inputs, output, expected) in [
        (json!({"path": ["f/a.txt", "f/b.md"]}), "message", json!("first\n\n# second")),
        (json!({"path": "f/a.txt"}), "message", json!("first")),
        (json!({"path": ["f/rows.csv"]}), "dataframe", json!([{"n": 1, "t": "x"}, {"n": 2, "t": "y"}])),
        (json!({"path": ["f/data.json"]}), "json", json!({"k": [1, 2]})),
        (json!({"path": ["f/data.json"]}), "message", json!("{\"k\":[1,2]}")),
        (json!({"path": ["f/list.json"]}), "json", json!({"value": "[1]"})),
        (
            json!({"path": ["f/a.txt"], "file_path": {"$data": {"file_path": "f/b.md"}}}),
            "message",
            json!("# second"),
        ),
        (json!({"path": ["f/a.txt", "f/picture.png"]}), "message", json!("first")),
        (json!({"path": ["f/a.txt", "f/gone.txt"], "silent_errors": true}), "message", json!("first")),
        (json!({"path": ["f/a.txt"]}), "path", json!("f/a.txt")),
    ] {
        assert_eq!(run(&solo, "File", inputs.clone(), output).await.unwrap(), expected, "{inputs}");
    }
}

#[tokio::test]
async fn what_cannot_be_read_is_said() {
    let solo = solo();
    for (inputs, why) in [
        (json!({"path": ["f/broken.json"]}), "'broken.json': invalid JSON"),
        (json!({"path": ["f/broken.pdf"]}), "broken"),
        (json!({"path": ["f/gone.txt"]}), "does not exist"),
        (json!({"path": ["f/picture.png"], "ignore_unsupported_extensions": false}), "'png' cannot be read"),
        (json!({"path": ["f/a.txt"], "text_encoding": "klingon"}), "klingon"),
        (json!({"path": ["f/a.txt"], "storage_location": [{"name": "AWS"}]}), "AWS"),
        (json!({"path": ["f/a.txt"], "file_path": {"$data": {"x": 1}}}), "no 'file_path'"),
    ] {
        let fault = run(&solo, "File", inputs.clone(), "message").await.unwrap_err();
        assert!(fault.message().contains(why), "{inputs}: {fault}");
        assert!(fault.place().is_some_and(|place| place.field.is_some()), "{inputs}: no field named");
    }
}

#[tokio::test]
async fn a_file_is_appended_to() {
    let user = uuid::Uuid::from_u128(3);
    let solo = Solo::new().with_file(&format!("{user}/rows.csv"), "a\n1\n");
    let inputs = json!({"input": {"$table": [{"a": 2}]}, "file_name": "rows", "local_format": "csv", "append_mode": true});
    run(&solo, "SaveToFile", inputs, "message").await.unwrap();
    assert_eq!(solo.file("user/rows.csv").unwrap(), "a\n1\n2\n");
}

#[tokio::test]
async fn a_workbook_is_written_and_read() {
    let solo = Solo::new();
    let inputs =
        json!({"input": {"$table": [{"a": 2, "b": "ü"}]}, "file_name": "rows", "local_format": "excel"});
    run(&solo, "SaveToFile", inputs, "message").await.unwrap();
    let read = run(&solo, "File", json!({"path": ["user/rows.xlsx"]}), "dataframe").await.unwrap();
    assert_eq!(read, json!([{"a": 2, "b": "ü"}]));
}

/// A PDF of one page, with its table of objects.
fn pdf(text: &str) -> Vec<u8> {
    let stream = format!("BT /F1 24 Tf 72 700 Td ({text}) Tj ET");
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R \
         /Resources << /Font << /F1 5 0 R >> >> >>"
            .to_owned(),
        format!("<< /Length {} >>\nstream\n{stream}\nendstream", stream.len()),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>".to_owned(),
    ];
    let mut file = "%PDF-1.4\n".to_owned();
    let mut offsets = Vec::new();
    for (i, object) in objects.iter().enumerate() {
        offsets.push(file.len());
        file.push_str(&format!("{} 0 obj\n{object}\nendobj\n", i + 1));
    }
    let start = file.len();
    file.push_str(&format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1));
    for offset in offsets {
        file.push_str(&format!("{offset:010} 00000 n \n"));
    }
    file.push_str(&format!(
        "trailer\n<< /Size {} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n",
        objects.len() + 1
    ));
    file.into_bytes()
}

#[tokio::test]
async fn the_text_of_a_pdf_is_read() {
    let solo = Solo::new().with_file("f/page.pdf", pdf("Hello from a page"));
    let text = run(&solo, "File", json!({"path": ["f/page.pdf"]}), "message").await.unwrap();
    assert_eq!(text, "Hello from a page");
}

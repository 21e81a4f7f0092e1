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
        .with_file("f/picture.png", &b"\x89PNG\r\n\x1a\n..."[..])
        .with_file("f/false.png", "no picture")
        .with_file("f/tool.exe", "MZ")
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
        (json!({"path": ["f/tool.exe"], "ignore_unsupported_extensions": false}), "'exe' cannot be read"),
        (json!({"path": ["f/false.png"]}), "is no picture"),
        (json!({"path": ["f/a.txt"], "text_encoding": "klingon"}), "klingon"),
        (json!({"path": ["f/a.txt"], "storage_location": [{"name": "AWS"}]}), "which file of the bucket"),
        (
            json!({"s3_file_key": "a.txt", "bucket_name": "docs", "storage_location": [{"name": "AWS"}]}),
            "AWS_ACCESS_KEY_ID",
        ),
        (json!({"storage_location": [{"name": "Google Drive"}], "file_id": "x"}), "service account"),
        (json!({"path": ["f/a.txt"], "storage_location": [{"name": "Moon"}]}), "Moon"),
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

#[tokio::test]
async fn a_picture_goes_along_with_the_message() {
    let solo = solo();
    let mut params = Params::default();
    params.set("path", example_value(&json!(["f/a.txt", "f/picture.png"])));
    let Ok(langflow_core::Value::Message(message)) = solo.run(&catalogue(), "File", params, "message").await
    else {
        panic!("no message");
    };
    assert_eq!((message.text.as_str(), &message.files), ("first", &vec![json!("f/picture.png")]));
}

#[tokio::test]
async fn all_files_of_the_user_are_read() {
    let solo = Solo::new()
        .with_file("u/b.txt", "second")
        .with_file("u/a.md", "first")
        .with_file("u/.secret.txt", "hidden")
        .with_file("u/x.exe", "MZ");
    for (inputs, expected) in [
        (
            json!({}),
            json!([{"file_path": "u/a.md", "text": "first"}, {"file_path": "u/b.txt", "text": "second"}]),
        ),
        (json!({"types": ["md"], "path": ""}), json!([{"file_path": "u/a.md", "text": "first"}])),
        (
            json!({"types": ["txt"], "load_hidden": true}),
            json!([{"file_path": "u/.secret.txt", "text": "hidden"}, {"file_path": "u/b.txt", "text": "second"}]),
        ),
    ] {
        assert_eq!(run(&solo, "Directory", inputs.clone(), "dataframe").await.unwrap(), expected, "{inputs}");
    }
}

/// A bucket and a drive, as far as these components ask them.
fn world() -> (Solo, std::sync::Arc<langflow_testkit::pages::Pages>) {
    let pages = langflow_testkit::pages::Pages::new()
        .answer("https://docs.s3.eu-west-1.amazonaws.com/in/a.txt", 200, "text/plain", "from the bucket")
        .answer("https://docs.s3.eu-west-1.amazonaws.com/", 200, "text/plain", "")
        .answer(
            "https://full.s3.eu-west-1.amazonaws.com/",
            403,
            "application/xml",
            "<Error><Code>AccessDenied</Code><Message>No entry</Message></Error>",
        )
        .answer("http://minio.example/docs/", 200, "text/plain", "")
        .json("https://oauth2.googleapis.com/token", &json!({"access_token": "t"}))
        .json(
            "https://www.googleapis.com/drive/v3/files/f1?fields",
            &json!({"name": "Sheet", "mimeType": "application/vnd.google-apps.spreadsheet"}),
        )
        .answer("https://www.googleapis.com/drive/v3/files/f1/export", 200, "text/csv", "a,b\n1,x\n")
        .json("https://www.googleapis.com/upload/drive/v3/files", &json!({"id": "new"}));
    let pages = std::sync::Arc::new(pages);
    (Solo::new().with_egress(pages.clone()).with_file("u/big.bin", "raw"), pages)
}

fn account() -> Json {
    let key = include_str!("../../app/src/crypto/test_rsa_key.pem");
    json!(json!({"client_email": "robot@x", "private_key": key}).to_string())
}

#[tokio::test]
async fn files_are_read_from_elsewhere_and_written_there() {
    let (solo, pages) = world();
    let keys = json!({
        "storage_location": [{"name": "AWS"}], "aws_access_key_id": "AKID", "aws_secret_access_key": "s",
        "bucket_name": "docs", "aws_region": "eu-west-1",
    });
    let with = |base: &Json, more: Json| {
        let mut all = base.clone();
        all.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        all
    };
    let read = run(&solo, "File", with(&keys, json!({"s3_file_key": "in/a.txt"})), "message").await.unwrap();
    assert_eq!(read, "from the bucket");
    let out =
        json!({"input": {"$message": "hi"}, "file_name": "note", "s3_prefix": "/out/", "aws_format": "txt"});
    let user = uuid::Uuid::from_u128(3);
    let said = run(&solo, "SaveToFile", with(&keys, out.clone()), "message").await.unwrap();
    assert_eq!(said, format!("File successfully uploaded to s3://docs/out/{user}/note.txt"));
    let asked = pages.asked().pop().unwrap();
    assert_eq!(
        (asked.method.as_str(), asked.url, asked.body.as_str()),
        ("PUT", format!("https://docs.s3.eu-west-1.amazonaws.com/out/{user}/note.txt"), "hi")
    );
    let signed = asked.headers["authorization"].to_str().unwrap();
    assert!(signed.contains("Credential=AKID/20260102/eu-west-1/s3/aws4_request"), "{signed}");
    let full =
        run(&solo, "SaveToFile", with(&with(&keys, out.clone()), json!({"bucket_name": "full"})), "message");
    assert!(full.await.unwrap_err().message().contains("AccessDenied: No entry"));
    let parquet =
        run(&solo, "SaveToFile", with(&with(&keys, out.clone()), json!({"aws_format": "zip"})), "message");
    assert_eq!(parquet.await.unwrap_err().place().unwrap().field.as_deref(), Some("aws_format"));

    // Another store, found by the variable that Amazon's own tools read.
    let solo = solo.with_variable("AWS_ENDPOINT_URL_S3", "http://minio.example");
    run(&solo, "SaveToFile", with(&keys, out), "message").await.unwrap();
    assert!(pages.asked().pop().unwrap().url.starts_with("http://minio.example/docs/out/"));
    let upload = json!({
        "aws_access_key_id": "AKID", "aws_secret_access_key": "s", "bucket_name": "docs", "strip_path": true,
        "strategy": "Store Original File", "data_inputs": {"$data": {"file_path": "u/big.bin"}},
    });
    let made = run(&solo, "s3bucketuploader", upload, "data").await.unwrap();
    assert_eq!(made, json!({"bucket": "docs", "uploaded": ["big.bin"]}));
    assert_eq!(pages.asked().pop().unwrap().body, "raw");

    let drive = json!({"storage_location": [{"name": "Google Drive"}], "service_account_key": account()});
    let rows = run(&solo, "File", with(&drive, json!({"file_id": "f1"})), "dataframe").await.unwrap();
    assert_eq!(rows, json!([{"a": 1, "b": "x"}]));
    let out = json!({"input": {"$message": "hi"}, "file_name": "note", "folder_id": "top", "gdrive_format": "docs"});
    let said = run(&solo, "SaveToFile", with(&drive, out), "message").await.unwrap();
    assert_eq!(said, "File successfully uploaded to Google Drive: https://drive.google.com/file/d/new");
    let sent = pages.asked().pop().unwrap().body;
    assert!(
        sent.contains("\"parents\":[\"top\"]") && sent.contains("apps.document") && sent.contains("hi"),
        "{sent}"
    );
}

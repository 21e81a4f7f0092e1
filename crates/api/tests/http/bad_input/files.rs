//! Files that are not what they should be.

use super::{at, setup, start};
use langflow_testkit::test_app::TestApp;
use serde_json::json;
use std::io::{Cursor, Write as _};

/// A document whose text is `size` bytes of zeros when unpacked.
fn bomb(size: usize) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options =
        zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
    archive.start_file("word/document.xml", options).unwrap();
    let block = vec![b' '; 1 << 20];
    for _ in 0..size >> 20 {
        archive.write_all(&block).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

/// A PDF that wants a password nobody knows.
fn locked() -> Vec<u8> {
    let secret = "5a".repeat(32);
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R >>".to_owned(),
        "<< /Length 4 >>\nstream\nabcd\nendstream".to_owned(),
        format!("<< /Filter /Standard /V 1 /R 2 /O <{secret}> /U <{secret}> /P -44 >>"),
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
        "trailer\n<< /Size {} /Root 1 0 R /Encrypt 5 0 R /ID [<00> <00>] >>\nstartxref\n{start}\n%%EOF\n",
        objects.len() + 1
    ));
    file.into_bytes()
}

/// A table of a thousand columns, and of short rows that all have that many cells.
fn wide_table() -> Vec<u8> {
    let names: Vec<String> = (0..1_000).map(|n| format!("c{n}")).collect();
    format!("{}\n{}", names.join(","), "1\n".repeat(2_001)).into_bytes()
}

/// Name of the case, output that is wanted, name and bytes of the file, what the fault says.
type Case = (&'static str, &'static str, &'static str, Vec<u8>, &'static [&'static str]);

#[tokio::test]
async fn files() {
    let app = TestApp::start(setup()).await;
    let world = start(&app).await;
    let mut wrong = Vec::new();
    let noise: Vec<u8> = (0..4096_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    let cases: Vec<Case> = vec![
        ("noise for a text", "message", "text.txt", noise.clone(), &["text.txt", "binary"]),
        ("noise for JSON", "message", "data.json", noise.clone(), &["data.json"]),
        ("noise for a PDF", "message", "page.pdf", noise.clone(), &["page.pdf"]),
        ("noise for a document", "message", "letter.docx", noise.clone(), &["letter.docx"]),
        ("noise for a workbook", "message", "book.xlsx", noise, &["book.xlsx"]),
        ("a locked PDF", "message", "locked.pdf", locked(), &["locked.pdf", "encrypted"]),
        ("a document of 80 kB that holds 80 MB", "message", "bomb.docx", bomb(80 << 20), &["bomb.docx"]),
        ("a file too large", "message", "large.csv", vec![b'1'; (64 << 20) + 1], &["larger than"]),
        (
            "a table of too many cells",
            "dataframe",
            "many.csv",
            b"a,b\n".repeat(1_000_002),
            &["many.csv", "cells"],
        ),
        ("short rows under a thousand names", "dataframe", "wide.csv", wide_table(), &["wide.csv", "cells"]),
        (
            "a table of broken rows",
            "dataframe",
            "broken.csv",
            b"a,b\n1,2,3\n".to_vec(),
            &["broken.csv", "line 2"],
        ),
        ("JSON too deep", "message", "deep.json", b"[".repeat(100_000), &["deep.json"]),
    ];
    for (name, output, file, content, says) in cases {
        let stored = world.user.upload("/api/v2/files/", file, content).await;
        assert_eq!(stored.status, 201, "{name}: {}", stored.text);
        let fields = json!({"path": [stored.field("path")]});
        let edge = if output == "message" {
            "Node-n.message > ChatOutput-out.input_value"
        } else {
            "Node-n.dataframe > ChatOutput-out.input_value"
        };
        let graph = world.reads("File", fields, edge);
        wrong.extend(world.check(name, graph, &at("Node-n", "path", says)).await);
    }
    world.ends_well(&wrong).await;
}

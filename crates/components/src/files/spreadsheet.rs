//! XLSX: the first sheet of a workbook as a table, and a table as a workbook of one sheet.

use super::office::{Archive, push_reference};
use langflow_core::{Json, JsonMap, Table};
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use serde_json::json;
use std::io::{Cursor, Write as _};

/// Most cells of a sheet.
const MAX_CELLS: usize = 2_000_000;
/// Widest row.
const MAX_COLUMNS: usize = 16_384;

/// The first sheet; its first row names the columns.
pub fn read(bytes: &[u8]) -> Result<Table, String> {
    let mut archive = Archive::open(bytes)?;
    let shared = match archive.text("xl/sharedStrings.xml")? {
        Some(xml) => shared_strings(&xml)?,
        None => Vec::new(),
    };
    let mut sheets: Vec<String> =
        archive.names().into_iter().filter(|name| name.starts_with("xl/worksheets/sheet")).collect();
    sheets.sort_by_key(|name| (name.len(), name.clone()));
    let first = sheets.first().ok_or("not a workbook: it has no sheet")?;
    let xml = archive.text(first)?.unwrap_or_default();
    let rows = rows(&xml, &shared)?;
    let mut rows = rows.into_iter();
    let heading: Vec<String> = rows
        .next()
        .unwrap_or_default()
        .iter()
        .enumerate()
        .map(|(i, cell)| match cell {
            Json::Null => format!("Unnamed: {i}"),
            other => langflow_core::value::python_repr(other),
        })
        .collect();
    let mut table = Table::with_columns(heading.clone());
    for row in rows {
        let row: JsonMap = heading.iter().cloned().zip(row).collect();
        if row.values().any(|cell| !cell.is_null()) {
            table.push(row);
        }
    }
    Ok(table)
}

fn shared_strings(xml: &str) -> Result<Vec<String>, String> {
    let mut reader = Reader::from_str(xml);
    let mut strings = Vec::new();
    let mut current = String::new();
    let mut in_text = false;
    loop {
        match reader.read_event().map_err(|error| format!("broken XML: {error}"))? {
            Event::Start(tag) => in_text = tag.local_name().as_ref() == "t",
            Event::Text(text) if in_text => current.push_str(&text.xml10_content()),
            Event::GeneralRef(reference) if in_text => push_reference(&reference, &mut current),
            Event::End(tag) => {
                in_text = false;
                if tag.local_name().as_ref() == "si" {
                    strings.push(std::mem::take(&mut current));
                }
            }
            Event::Eof => return Ok(strings),
            _ => {}
        }
    }
}

/// A cell that is being read.
#[derive(Default)]
struct Cell {
    column: usize,
    kind: String,
    text: String,
}

impl Cell {
    fn of(tag: &BytesStart<'_>, next: usize) -> Self {
        let attribute = |name: &str| {
            tag.attributes()
                .flatten()
                .find(|a| a.key.local_name().as_ref() == name)
                .map(|a| a.value.into_owned())
        };
        let column = attribute("r").and_then(|place| column_of(&place)).unwrap_or(next);
        Self { column, kind: attribute("t").unwrap_or_default(), text: String::new() }
    }

    fn value(self, shared: &[String]) -> Json {
        let text = self.text;
        match self.kind.as_str() {
            "s" => {
                text.trim().parse::<usize>().ok().and_then(|i| shared.get(i)).map_or(Json::Null, |t| json!(t))
            }
            "b" => json!(text.trim() == "1"),
            "str" | "inlineStr" | "d" => json!(text),
            "e" => Json::Null,
            _ if text.trim().is_empty() => Json::Null,
            _ => match (text.trim().parse::<i64>(), text.trim().parse::<f64>()) {
                (Ok(i), _) => json!(i),
                (_, Ok(x)) => json!(x),
                _ => json!(text),
            },
        }
    }
}

/// `BC12` is column 54 (from 0).
fn column_of(place: &str) -> Option<usize> {
    let letters = place.chars().take_while(char::is_ascii_uppercase);
    let number =
        letters.fold(0_usize, |n, c| n.saturating_mul(26).saturating_add(c as usize - 'A' as usize + 1));
    number.checked_sub(1).filter(|n| *n < MAX_COLUMNS)
}

/// Puts a cell into its column; the columns before it that were left out are empty.
fn place(row: &mut Vec<Json>, column: usize, cell: Json, count: &mut usize) -> Result<(), String> {
    *count += column.saturating_sub(row.len()) + 1;
    if *count > MAX_CELLS {
        return Err(format!("the sheet has more than {MAX_CELLS} cells"));
    }
    while row.len() < column {
        row.push(Json::Null);
    }
    row.push(cell);
    Ok(())
}

fn rows(xml: &str, shared: &[String]) -> Result<Vec<Vec<Json>>, String> {
    let mut reader = Reader::from_str(xml);
    let mut rows = Vec::new();
    let mut row: Vec<Json> = Vec::new();
    let mut cell: Option<Cell> = None;
    let mut in_value = false;
    let mut count = 0;
    loop {
        match reader.read_event().map_err(|error| format!("broken XML: {error}"))? {
            Event::Start(tag) => match tag.local_name().as_ref() {
                "c" => cell = Some(Cell::of(&tag, row.len())),
                "v" | "t" => in_value = true,
                _ => {}
            },
            Event::Empty(tag) => match tag.local_name().as_ref() {
                "c" => {
                    let column = Cell::of(&tag, row.len()).column;
                    place(&mut row, column, Json::Null, &mut count)?;
                }
                "row" => rows.push(Vec::new()),
                _ => {}
            },
            Event::Text(text) if in_value => {
                if let Some(cell) = &mut cell {
                    cell.text.push_str(&text.xml10_content());
                }
            }
            Event::GeneralRef(reference) if in_value => {
                if let Some(cell) = &mut cell {
                    push_reference(&reference, &mut cell.text);
                }
            }
            Event::End(tag) => match tag.local_name().as_ref() {
                "v" | "t" => in_value = false,
                "c" => {
                    if let Some(cell) = cell.take() {
                        let column = cell.column;
                        place(&mut row, column, cell.value(shared), &mut count)?;
                    }
                }
                "row" => rows.push(std::mem::take(&mut row)),
                _ => {}
            },
            Event::Eof => return Ok(rows),
            _ => {}
        }
    }
}

/// A workbook with one sheet: the columns' names, then the rows.
pub fn write(table: &Table) -> Result<Vec<u8>, String> {
    let mut sheet = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><worksheet \
         xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData>",
    );
    let heading: Vec<Json> = table.columns().iter().map(|name| json!(name)).collect();
    for row in std::iter::once(&heading).chain(table.cells()) {
        sheet.push_str("<row>");
        for cell in row {
            sheet.push_str(&cell_xml(cell));
        }
        sheet.push_str("</row>");
    }
    sheet.push_str("</sheetData></worksheet>");
    let parts = [
        ("[Content_Types].xml", CONTENT_TYPES),
        ("_rels/.rels", RELATIONS),
        ("xl/workbook.xml", WORKBOOK),
        ("xl/_rels/workbook.xml.rels", WORKBOOK_RELATIONS),
        ("xl/worksheets/sheet1.xml", sheet.as_str()),
    ];
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        zip.start_file(name, zip::write::SimpleFileOptions::default()).map_err(|error| error.to_string())?;
        zip.write_all(content.as_bytes()).map_err(|error| error.to_string())?;
    }
    Ok(zip.finish().map_err(|error| error.to_string())?.into_inner())
}

fn cell_xml(cell: &Json) -> String {
    match cell {
        Json::Null => "<c/>".into(),
        Json::Number(n) => format!("<c><v>{n}</v></c>"),
        Json::Bool(b) => format!("<c t=\"b\"><v>{}</v></c>", u8::from(*b)),
        other => {
            let text = langflow_core::value::python_repr(other);
            let legal: String = text.chars().filter(|c| *c >= ' ' || matches!(c, '\n' | '\t')).collect();
            format!(
                "<c t=\"inlineStr\"><is><t xml:space=\"preserve\">{}</t></is></c>",
                quick_xml::escape::escape(legal.as_str())
            )
        }
    }
}

const CONTENT_TYPES: &str = r#"<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>"#;
const RELATIONS: &str = r#"<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
const WORKBOOK: &str = r#"<?xml version="1.0" encoding="UTF-8"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>"#;
const WORKBOOK_RELATIONS: &str = r#"<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_comes_back() {
        let rows = json!([{"n": 1, "x": 1.5, "t": "a & <b>", "b": true}, {"n": 2, "x": null, "t": "ä\nö", "b": false}]);
        let table =
            Table::from_rows(rows.as_array().unwrap().iter().map(|r| r.as_object().cloned().unwrap()));
        let back = read(&write(&table).unwrap()).unwrap();
        assert_eq!(back.to_json(), rows);
    }

    #[test]
    fn columns_by_letters() {
        assert_eq!(column_of("A1"), Some(0));
        assert_eq!(column_of("BC12"), Some(54));
        assert_eq!(column_of("1"), None);
        assert_eq!(column_of("ZZZZZZZZZZZZZZZZ1"), None);
    }
}

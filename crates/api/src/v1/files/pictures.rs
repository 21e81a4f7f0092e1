//! Profile pictures, drawn here: a few shapes whose colours and form follow from the name.

use crate::error::ApiResult;
use axum::Json;
use axum::extract::Path;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use langflow_app::AppError;
use serde_json::{Value, json};

/// The pictures offered: folder and subjects. Any other name in a folder is drawn too, so that pictures that
/// users of another installation chose still show something.
const FOLDERS: [(&str, [&str; 12]); 2] = [
    (
        "People",
        [
            "Ada",
            "Alan",
            "Emmy",
            "Grace",
            "Hedy",
            "Ida",
            "Katherine",
            "Lise",
            "Mary",
            "Radia",
            "Rosa",
            "Sofia",
        ],
    ),
    (
        "Space",
        [
            "046-rocket",
            "Aurora",
            "Comet",
            "Eclipse",
            "Lander",
            "Moon",
            "Nebula",
            "Orbit",
            "Planet",
            "Probe",
            "Star",
            "Station",
        ],
    ),
];

/// Names of all pictures.
#[utoipa::path(get, path = "/api/v1/files/profile_pictures/list", tag = "files",
    responses((status = 200, description = "`<folder>/<name>.svg`")))]
pub async fn list_pictures() -> Json<Value> {
    let names = |(folder, subjects): &(&'static str, [&'static str; 12])| {
        subjects.iter().map(|subject| format!("{folder}/{subject}.svg")).collect::<Vec<_>>()
    };
    Json(json!({"files": FOLDERS.iter().flat_map(names).collect::<Vec<String>>()}))
}

/// A picture.
#[utoipa::path(get, path = "/api/v1/files/profile_pictures/{folder_name}/{file_name}", tag = "files",
    params(("folder_name" = String, Path, description = "People or Space"), ("file_name" = String, Path, description = "With .svg")),
    responses((status = 200, description = "SVG"), (status = 404, description = "Not there")))]
pub async fn show_picture(Path(names): Path<(String, String)>) -> ApiResult<Response> {
    let (folder, name) = names;
    let subject = name.strip_suffix(".svg");
    let Some(subject) = subject.filter(|_| FOLDERS.iter().any(|(known, _)| *known == folder)) else {
        return Err(AppError::not_found(format!("Profile picture {folder}/{name} not found")).into());
    };
    let svg = if folder == "People" { face(subject) } else { sky(subject) };
    let mut response = svg.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("image/svg+xml"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=86400"));
    Ok(response)
}

/// A number from a name, the same on every machine (FNV-1a).
fn seed(name: &str) -> u32 {
    name.bytes().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

/// A head and shoulders.
fn face(name: &str) -> String {
    let seed = seed(name);
    let (hue, turn) = (seed % 360, (seed >> 9) % 360);
    let hair = 20 + (seed >> 17) % 14;
    frame(&format!(
        "<rect width='64' height='64' rx='32' fill='hsl({hue} 55% 78%)'/>\
         <path d='M12 64c0-13 9-20 20-20s20 7 20 20z' fill='hsl({turn} 45% 42%)'/>\
         <circle cx='32' cy='28' r='12' fill='hsl(28 50% {}%)'/>\
         <path d='M20 28a12 12 0 0 1 24 0q-12 -{} -24 0z' fill='hsl({turn} 35% 22%)'/>",
        48 + (seed >> 23) % 34,
        hair / 2
    ))
}

/// A planet, its moon and a few stars.
fn sky(name: &str) -> String {
    let seed = seed(name);
    let (hue, size) = (seed % 360, 12 + (seed >> 9) % 8);
    let (x, y) = (14 + (seed >> 13) % 10, 12 + (seed >> 17) % 10);
    frame(&format!(
        "<rect width='64' height='64' rx='32' fill='hsl({} 45% 18%)'/>\
         <circle cx='36' cy='36' r='{size}' fill='hsl({hue} 60% 60%)'/>\
         <ellipse cx='36' cy='36' rx='{}' ry='5' fill='none' stroke='hsl({hue} 40% 80%)' stroke-width='2' transform='rotate(-20 36 36)'/>\
         <circle cx='{x}' cy='{y}' r='4' fill='hsl({hue} 20% 85%)'/>\
         <g fill='#fff'><circle cx='48' cy='14' r='1.2'/><circle cx='12' cy='44' r='1'/><circle cx='30' cy='10' r='.8'/></g>",
        (hue + 200) % 360,
        size + 8
    ))
}

fn frame(inner: &str) -> String {
    format!(
        "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 64 64' width='64' height='64'>{inner}</svg>"
    )
}

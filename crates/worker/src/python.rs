//! The Python code that runs in workers. It is in the program, and reaches a worker as its first frame: there is
//! no file that somebody could change.

use langflow_core::{Json, JsonMap};
use rust_embed::RustEmbed;
use serde_json::json;

#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/python"]
struct Package;

/// What the interpreter is started with: reads the first frame and runs `main` of the modules in it.
pub const BOOT: &str = "\
import json,sys,os
def _read(n):
    b=b''
    while len(b)<n:
        p=os.read(0,n-len(b))
        if not p: os._exit(0)
        b+=p
    return b
_first=json.loads(_read(int.from_bytes(_read(4),'big')))
_m=_first['modules'][_first['main']][0]
exec(compile(_m,'<worker>','exec'),{'__name__':'langflow_worker','FIRST':_first})
";

/// Modules by dotted name: source, and whether it is a package.
pub fn modules() -> Json {
    let mut modules = JsonMap::new();
    for path in Package::iter().filter(|path| path.ends_with(".py")) {
        let Some(file) = Package::get(&path) else { continue };
        let Ok(source) = std::str::from_utf8(&file.data) else { continue };
        let stem = path.trim_end_matches(".py");
        let (name, is_package) = match stem.strip_suffix("/__init__") {
            Some(package) => (package, true),
            None => (stem, false),
        };
        modules.insert(name.replace('/', "."), json!([source, is_package]));
    }
    Json::Object(modules)
}

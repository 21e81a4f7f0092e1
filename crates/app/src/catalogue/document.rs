//! The whole catalogue as one document, made once.

use crate::App;
use crate::custom::FolderComponents;
use bytes::Bytes;
use flate2::{Compression, write::GzEncoder};
use langflow_core::component::Catalogue;
use langflow_core::{Json, JsonMap};
use sha2::{Digest, Sha256};
use std::io::Write as _;

/// Hex digits of a code hash and of the document's tag.
const HASH_DIGITS: usize = 12;

/// The answer of `GET /api/v1/all`, plain and compressed, with its entity tag.
#[derive(Clone, Debug)]
pub struct CatalogueDocument {
    pub plain: Bytes,
    pub gzip: Bytes,
    /// Quoted, as it stands in the header.
    pub etag: String,
}

impl CatalogueDocument {
    pub fn new(catalogue: &Catalogue, folders: Option<&FolderComponents>) -> Self {
        let mut json = catalogue.to_json(code_hash);
        if let Json::Object(map) = &mut json {
            for (category, key, node) in folders.into_iter().flat_map(|f| &f.entries) {
                let entries = map.entry(category.clone()).or_insert_with(|| Json::Object(JsonMap::new()));
                if let Json::Object(entries) = entries {
                    entries.insert(key.clone(), node.clone());
                }
            }
            // Translations of the names, for the search of the reference's editor: there are none.
            map.insert("component_display_names".into(), Json::Object(JsonMap::new()));
        }
        let plain = json.to_string().into_bytes();
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        // Writing into memory does not fail; an empty result would only cost the compression.
        let gzip = encoder.write_all(&plain).and_then(|()| encoder.finish()).unwrap_or_default();
        let etag = format!("\"{}\"", hex(&plain));
        Self { plain: plain.into(), gzip: gzip.into(), etag }
    }
}

/// The document of this server's catalogue. The first caller makes it.
pub fn read_catalogue(app: &App) -> &CatalogueDocument {
    app.catalogue_document.get_or_init(|| CatalogueDocument::new(&app.catalogue, app.folder_components.get()))
}

/// `metadata.code_hash`: the first twelve hex digits of the SHA-256 of the code.
pub fn code_hash(code: &str) -> String {
    hex(code.as_bytes())
}

fn hex(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().take(HASH_DIGITS / 2).map(|byte| format!("{byte:02x}")).collect()
}

//! Components of Langflow's own package, through an environment in which it is installed.

use crate::{components, support};
use langflow_core::component::{CustomCode as _, Definition};
use langflow_testkit::solo::Solo;
use langflow_worker::{CustomComponents, Supervisor, WorkerConfig};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

/// Where `lfx` is installed, if the machine says so.
fn environment() -> Option<PathBuf> {
    let path = std::env::var_os("LANGFLOW_TEST_LFX_PYTHON").map(PathBuf::from);
    if path.is_none() {
        eprintln!("skipped: LANGFLOW_TEST_LFX_PYTHON names no interpreter with lfx");
    }
    path
}

async fn pool() -> Option<Arc<Supervisor>> {
    let config = WorkerConfig {
        python: Some(environment()?),
        timeout: Duration::from_mins(5),
        memory_bytes: 8 << 30,
        ..support::config()
    };
    support::pool(config).await
}

/// Class, module, fields in the form of the cases, output, words of the result. None of these is native.
const COMPONENTS: &[(&str, &str, &str, &str, &str)] = &[
    (
        "JSONCleaner",
        "lfx.components.processing.json_cleaner",
        r#"{"json_str": {"k": "json", "v": "text {'a': 1,} text"}}"#,
        "output",
        "a",
    ),
    (
        "RegexExtractorComponent",
        "lfx.components.processing.regex",
        r#"{"input_text": {"k": "json", "v": "a1b22"}, "pattern": {"k": "json", "v": "[0-9]+"}}"#,
        "text",
        "22",
    ),
    (
        "OutputParserComponent",
        "lfx.components.processing.output_parser",
        r#"{"parser_type": {"k": "json", "v": "CSV"}}"#,
        "format_instructions",
        "comma separated",
    ),
    (
        "SelectDataComponent",
        "lfx.components.processing.select_data",
        r#"{"data_list": {"k": "list", "v": [{"k": "data", "v": {"data": {"n": 1}}},
            {"k": "data", "v": {"data": {"n": 42}}}]}, "data_index": {"k": "json", "v": 1}}"#,
        "selected_data",
        "42",
    ),
    (
        "AlterMetadataComponent",
        "lfx.components.processing.alter_metadata",
        r#"{"input_value": {"k": "list", "v": [{"k": "data", "v": {"data": {"text": "t"}}}]},
            "metadata": {"k": "json", "v": {"colour": "red"}}}"#,
        "data",
        "red",
    ),
    (
        "CharacterTextSplitterComponent",
        "lfx.components.langchain_utilities.character",
        r#"{"data_input": {"k": "data", "v": {"data": {"text": "one. two. three."}}},
            "chunk_size": {"k": "json", "v": 5}, "chunk_overlap": {"k": "json", "v": 0},
            "separator": {"k": "json", "v": " "}}"#,
        "data",
        "three.",
    ),
];

#[tokio::test(flavor = "multi_thread")]
async fn components_run_on_the_real_package_as_on_ours() {
    let Some(pool) = pool().await else { return };
    let lease = pool.lease(None).await.unwrap();
    assert!(lease.hello()["lfx"].is_string(), "{}", lease.hello());
    drop(lease);
    let (count, wrong) = components::differences(&pool).await;
    assert!(wrong.is_empty(), "{} of {count} differ: {wrong:#?}", wrong.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn components_that_are_not_native_run_on_the_real_package() {
    let Some(pool) = pool().await else { return };
    for (class, module, fields, output, words) in COMPONENTS {
        let code = format!("from {module} import {class} as Base\n\n\nclass {class}(Base):\n    pass\n");
        let custom = CustomComponents::new(Arc::clone(&pool));
        let described = custom.describe(uuid::Uuid::from_u128(1), &code).await;
        let described = described.unwrap_or_else(|fault| panic!("{class}: {fault}"));
        assert_eq!(described.kind, *class);
        let params = components::params(&serde_json::from_str(fields).unwrap());
        let definition: Arc<dyn Definition> =
            support::definition(&pool, &support::node(&code, &[(output, "")]));
        let instance = definition.parse(params).unwrap();
        let value = instance.run_output(output, &Solo::new().cx()).await;
        let value = value.unwrap_or_else(|fault| panic!("{class}: {fault}"));
        assert!(value.to_json().to_string().contains(words), "{class}: {}", value.to_json());
    }
}

//! Every file in `tests/graphs`: a graph, how to run it, and the events or results it must give.

mod support;

use std::path::Path;

#[tokio::test(start_paused = true)]
async fn graphs_run_as_written() {
    let catalogue = support::components::catalogue();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/graphs");
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|f| f.unwrap().path()).collect();
    files.sort();
    assert!(files.len() > 10);
    let mut wrong = String::new();
    for file in files {
        let graph = support::parse(&std::fs::read_to_string(&file).unwrap(), &catalogue);
        let lines = support::run_lines(&graph, &catalogue).await;
        if lines != graph.expected {
            wrong += &format!("\n{}:\n", file.file_name().unwrap().to_string_lossy());
            for line in &lines {
                wrong += &format!("> {line}\n");
            }
        }
    }
    assert!(wrong.is_empty(), "these differ; what they gave:\n{wrong}");
}

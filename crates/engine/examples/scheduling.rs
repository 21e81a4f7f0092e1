//! What scheduling costs per node: chains and fans of nodes that do nothing.
//!
//! `cargo run --release -p langflow-engine --example scheduling`
#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "a program for people to read")]

#[path = "../tests/support/mod.rs"]
mod support;

use langflow_engine::RunRequest;
use std::fmt::Write as _;
use std::sync::Arc;
use std::time::{Duration, Instant};
use support::World;

fn chain(n: usize) -> String {
    let mut text = String::from("ChatInput-0\n");
    for i in 1..=n {
        writeln!(text, "Join-{i:05}").unwrap();
    }
    text += "ChatInput-0.message -> Join-00001.more\n";
    for i in 1..n {
        writeln!(text, "Join-{i:05}.text -> Join-{:05}.more", i + 1).unwrap();
    }
    text
}

fn fan(n: usize) -> String {
    let mut text = String::from("ChatInput-0\nJoin-z\n");
    for i in 1..=n {
        writeln!(text, "Join-{i:05}").unwrap();
        writeln!(text, "ChatInput-0.message -> Join-{i:05}.more").unwrap();
        writeln!(text, "Join-{i:05}.text -> Join-z.texts").unwrap();
    }
    text
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let catalogue = support::components::catalogue();
    println!("{:<8}{:>8}{:>14}{:>14}{:>14}", "shape", "nodes", "compile ms", "run µs", "µs per node");
    for (name, shape) in [("chain", chain as fn(usize) -> String), ("fan", fan)] {
        for n in [1, 10, 100, 1000] {
            let graph = support::parse(&shape(n), &catalogue);
            let started = Instant::now();
            let plan = Arc::new(langflow_engine::compile(&graph.json, &catalogue).ok().unwrap());
            let compile = started.elapsed();
            let world = Arc::new(World::default());
            let mut runs = 0_u32;
            let started = Instant::now();
            while started.elapsed() < Duration::from_millis(400) {
                let request = RunRequest { input_value: Some("x".into()), ..RunRequest::default() };
                let outcome =
                    langflow_engine::run(Arc::clone(&plan), support::scope(&world, false), request).await;
                assert!(outcome.failure.is_none(), "{:?}", outcome.failure);
                world.messages.lock().unwrap().clear();
                runs += 1;
            }
            let micros = started.elapsed().as_secs_f64() * 1e6 / f64::from(runs);
            println!(
                "{name:<8}{:>8}{:>14.2}{micros:>14.1}{:>14.2}",
                plan.nodes.len(),
                compile.as_secs_f64() * 1e3,
                micros / plan.nodes.len() as f64
            );
        }
    }
}

//! What code tries, and what becomes of it. Every attempt ends in refusal, and the server goes on at its pace.

use crate::support;
use langflow_core::FaultKind;
use langflow_core::run::ports::Variable;
use langflow_testkit::solo::Solo;
use langflow_worker::{Supervisor, WorkerConfig};
use std::sync::Arc;
use std::time::{Duration, Instant};

#[derive(serde::Deserialize)]
struct Attempts {
    /// Name and body; the body must raise.
    refused: Vec<(String, String)>,
    /// Name and body; the body does not end, or not soon.
    endless: Vec<(String, String)>,
    /// Name and body; the body asks the server for much, again and again.
    floods: Vec<(String, String)>,
}

/// Shared with `pace.py`, which measures the program under them.
fn attempts() -> Attempts {
    serde_json::from_str(include_str!("../../../../tests/worker/attempts.json")).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_attempt_is_refused() {
    if let Some(pool) = support::pool(WorkerConfig { max_workers: 1, ..support::config() }).await {
        try_everything(&pool).await;
    }
}

/// Every attempt with a worker of this pool.
pub async fn try_everything(pool: &Arc<Supervisor>) {
    let solo = Solo::new();
    let mut escaped = Vec::new();
    let well = support::component("return 'well'");
    for some in attempts().refused.chunks(8) {
        for (what, attempt) in some {
            let code = support::component(&format!("{attempt}\nreturn 'ESCAPED'"));
            if let Ok(value) = support::run(pool, &solo, &code, "out").await {
                escaped.push(format!("{what}: {:?}", value.to_json()));
            }
        }
        // Nothing that was tried stays behind; and who succeeds need not wait.
        assert_eq!(support::run(pool, &solo, &well, "out").await.unwrap().to_json(), "well");
    }
    assert!(escaped.is_empty(), "{escaped:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_does_not_end_is_ended() {
    let config = WorkerConfig { timeout: Duration::from_secs(3), ..support::config() };
    let (Some(quick), Some(pool)) = (support::pool(config).await, support::pool(support::config()).await)
    else {
        return;
    };
    let solo = Solo::new();
    for (what, attempt, words) in [
        ("sleep", "import time; time.sleep(1000)", "ran longer"),
        ("spin", "while True: pass", "ran longer"),
        ("endless requests", "while True: self.log('x')", "ran longer"),
        (
            "rubbish on the wire",
            "import os\nfor fd in range(3, 10):\n    try: os.write(fd, b'\\xff' * 64)\n    except OSError: pass",
            "not a frame",
        ),
        ("a frame larger than allowed", "return 'x' * (17 << 20)", "too large"),
        ("the end of the process", "import os; os._exit(3)", "died during the call"),
        ("a crash", "import ctypes; ctypes.string_at(0)", "died during the call"),
    ] {
        let code = support::component(attempt);
        let pool = if words == "ran longer" { &quick } else { &pool };
        let fault = support::run(pool, &solo, &code, "out").await.unwrap_err();
        assert!(fault.message().contains(words), "{what}: {fault}");
    }
    // Printing without end costs the bound, not the server.
    let code = support::component("for _ in range(100):\n    print('x' * 1000000)\nreturn 'done'");
    assert!(support::run(&pool, &solo, &code, "out").await.is_ok());
}

/// While workers misbehave, the server's own work takes no longer than before.
#[tokio::test(flavor = "multi_thread")]
async fn the_server_keeps_its_pace() {
    let config = WorkerConfig { timeout: Duration::from_secs(2), ..support::config() };
    let Some(pool) = support::pool(config).await else { return };
    let p99 = async |rounds: usize| {
        let mut waits = Vec::new();
        for _ in 0..rounds {
            let began = Instant::now();
            tokio::task::yield_now().await;
            tokio::time::sleep(Duration::from_millis(1)).await;
            waits.push(began.elapsed());
        }
        waits.sort();
        waits[rounds * 99 / 100]
    };
    let before = p99(500).await;
    let attempts = attempts();
    let attackers: Vec<_> = attempts
        .endless
        .into_iter()
        .chain(attempts.floods)
        .map(|(_, attack)| {
            let pool = pool.clone();
            tokio::spawn(async move {
                let _ = support::run(&pool, &Solo::new(), &support::component(&attack), "out").await;
            })
        })
        .collect();
    let during = p99(500).await;
    for attacker in attackers {
        attacker.await.unwrap();
    }
    eprintln!("p99 of a timer of 1 ms: {before:?} alone, {during:?} under attack");
    // Generous: a machine that builds beside the tests is no quiet place, and the bound is for a blocked runtime.
    assert!(during < before * 4 + Duration::from_millis(250), "{before:?} → {during:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn credentials_are_those_that_the_node_names() {
    let Some(pool) = support::pool(support::config()).await else { return };
    let solo = Solo::new().with_credential("OPENAI_API_KEY", "sk-real");
    let code = support::component("").replace(
        "    def go(self) -> str:\n",
        "    async def go(self) -> str:\n        return await self.get_variable('OPENAI_API_KEY', 'text')\n",
    );
    let fault = support::run(&pool, &solo, &code, "out").await.unwrap_err();
    assert!(fault.message().contains("no field of this component names it"), "{fault}");
    let mut node = support::node(&code, &[("out", "go")]);
    node.template.insert(
        "text".into(),
        serde_json::json!({"type": "str", "value": "OPENAI_API_KEY", "load_from_db": true, "password": true}),
    );
    let definition = support::definition(&pool, &node);
    let instance = definition.parse(Default::default()).unwrap();
    assert_eq!(instance.run_output("out", &solo.cx()).await.unwrap().to_json(), "sk-real");
    let _ = Variable { value: String::new().into(), is_credential: true };
}

#[tokio::test(flavor = "multi_thread")]
async fn a_layer_that_is_missing_refuses_and_is_named() {
    let config = WorkerConfig { without: vec!["nonsense".into()], ..support::config() };
    let pool = langflow_worker::Supervisor::new(config).unwrap();
    let fault = pool.warm_up().await.unwrap_err();
    assert!(fault.message().contains("no layer 'nonsense'"), "{fault}");
    let config = WorkerConfig { python: Some("/nonexistent/python".into()), ..support::config() };
    let fault = langflow_worker::Supervisor::new(config).unwrap().warm_up().await.unwrap_err();
    assert_eq!(fault.kind(), FaultKind::Unavailable);
    assert!(fault.message().contains("LANGFLOW_PYTHON"), "{fault}");
}

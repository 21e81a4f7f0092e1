//! How fast the store is on this machine.
//!
//! `cargo run --release -p langflow-store --example bench [-- <database-url>]`: acknowledged writes of ended
//! runs (one run, two messages, two transactions each) and the look-ups of the way to a run, per second, at
//! several numbers of callers, with the times half and 99 of 100 took and the processor time of each. Without a URL: a temporary SQLite file.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::disallowed_methods,
    clippy::indexing_slicing,
    reason = "a program of one page for developers"
)]

use chrono::Utc;
use futures::future::BoxFuture;
use langflow_store::flows::{self, AccessType, Flow, FlowKey, FlowType};
use langflow_store::keys::{self, ApiKey};
use langflow_store::messages::{self, History, StoredMessage};
use langflow_store::runs::{self, Run, RunRecord, RunStatus};
use langflow_store::transactions::Transaction;
use langflow_store::users::{self, User};
use langflow_store::{RawJson, Store, StoreConfig, Sync};
use std::sync::Arc;
use std::time::{Duration, Instant};
use uuid::Uuid;

const TIME: Duration = Duration::from_secs(3);
const CALLERS: [usize; 4] = [1, 8, 32, 128];

type Work = Arc<dyn Fn(Store) -> BoxFuture<'static, ()> + Send + std::marker::Sync>;

#[tokio::main]
async fn main() {
    let url = std::env::args().nth(1);
    let syncs: &[Sync] = if url.is_some() { &[Sync::Full] } else { &[Sync::Full, Sync::Normal] };
    for &sync in syncs {
        let folder = tempfile::tempdir().unwrap();
        let file = format!("sqlite:///{}", folder.path().join("bench.db").display());
        let config = StoreConfig { sync, ..StoreConfig::new(url.clone().unwrap_or(file)) };
        let start = Instant::now();
        let store = Store::open(config).await.unwrap();
        println!(
            "\n{} {sync:?}: opened in {:.1?}",
            if store.is_postgres() { "PostgreSQL" } else { "SQLite" },
            start.elapsed()
        );
        let (user, flow) = prepare(&store).await;
        measure(
            &store,
            "record_run",
            Arc::new(move |store| {
                Box::pin(async move { store.record_run(record(user, flow)).await.unwrap() })
            }),
        )
        .await;
        measure(
            &store,
            "write(record)",
            Arc::new(move |store| {
                Box::pin(async move {
                    let record = record(user, flow);
                    store
                        .write(move |tx| Box::pin(async move { runs::record(tx, record).await }))
                        .await
                        .unwrap();
                })
            }),
        )
        .await;
        measure(
            &store,
            "key + user",
            Arc::new(|store| {
                Box::pin(async move { assert!(keys::find_by_hash(&store, "hash").await.unwrap().is_some()) })
            }),
        )
        .await;
        measure(
            &store,
            "flow ref",
            Arc::new(move |store| {
                Box::pin(async move {
                    assert!(
                        flows::find_ref(&store, user, FlowKey::Endpoint("bench")).await.unwrap().is_some()
                    );
                })
            }),
        )
        .await;
        measure(
            &store,
            "history of 20",
            Arc::new(move |store| {
                let wanted = History {
                    flow_id: Some(flow),
                    session_id: Some("session-7".into()),
                    limit: 20,
                    ..History::default()
                };
                Box::pin(async move { drop(messages::history(&store, user, &wanted).await.unwrap()) })
            }),
        )
        .await;
        println!("memory {} MB", resident_mb());
        store.close().await.unwrap();
    }
}

async fn measure(store: &Store, name: &str, work: Work) {
    for callers in CALLERS {
        let (end, cpu) = (Instant::now() + TIME, cpu_seconds());
        let tasks: Vec<_> = (0..callers)
            .map(|_| {
                let (store, work) = (store.clone(), work.clone());
                tokio::spawn(async move {
                    let mut times = Vec::new();
                    while Instant::now() < end {
                        let start = Instant::now();
                        work(store.clone()).await;
                        times.push(start.elapsed());
                    }
                    times
                })
            })
            .collect();
        let mut times = Vec::new();
        for task in tasks {
            times.extend(task.await.unwrap());
        }
        let cpu = (cpu_seconds() - cpu) * 1e6 / times.len() as f64;
        times.sort();
        let per_second = times.len() as f64 / TIME.as_secs_f64();
        let (half, most) = (times[times.len() / 2], times[times.len() * 99 / 100]);
        println!(
            "{name:14} {callers:4} callers {per_second:8.0}/s   p50 {half:8.1?}   p99 {most:8.1?}   {cpu:5.0} us of cpu each"
        );
    }
}

async fn prepare(store: &Store) -> (Uuid, Uuid) {
    let (user_id, flow_id, now) = (Uuid::new_v4(), Uuid::new_v4(), Utc::now());
    let user = User {
        id: user_id,
        username: format!("bench-{user_id}"),
        password_hash: "hash".into(),
        profile_image: None,
        store_api_key: None,
        is_active: true,
        is_superuser: false,
        optins: None,
        created_at: now,
        updated_at: now,
        last_login_at: None,
        retired_at: None,
    };
    let key = ApiKey {
        id: Uuid::new_v4(),
        user_id,
        name: None,
        key_hash: "hash".into(),
        prefix: "sk-".into(),
        last4: "last".into(),
        is_active: true,
        created_at: now,
        expires_at: None,
        last_used_at: None,
        total_uses: 0,
        scopes: None,
        limit_per_minute: None,
        limit_per_day: None,
        rolled_from: None,
    };
    let flow = Flow {
        id: flow_id,
        user_id: Some(user_id),
        project_id: None,
        name: "bench".into(),
        description: None,
        icon: None,
        icon_bg_color: None,
        gradient: None,
        is_component: false,
        webhook: false,
        endpoint_name: Some("bench".into()),
        tags: None,
        locked: None,
        mcp_enabled: None,
        action_name: None,
        action_description: None,
        access_type: AccessType::Private,
        flow_type: FlowType::Workflow,
        a2a_enabled: false,
        a2a_card_overrides: None,
        fs_path: None,
        name_key: None,
        version_token: Some(Uuid::new_v4()),
        last_modified_by: None,
        created_at: now,
        updated_at: now,
        data: Some(RawJson::of(&vec!["a node"; 30_000]).unwrap()),
    };
    store
        .write(move |tx| {
            Box::pin(async move {
                users::insert(tx, &user).await?;
                keys::insert(tx, &key).await?;
                flows::insert(tx, &flow).await
            })
        })
        .await
        .unwrap();
    (user_id, flow_id)
}

fn record(user: Uuid, flow: Uuid) -> RunRecord {
    let now = Utc::now();
    let run_id = Uuid::now_v7();
    let session_id = format!("session-{}", now.timestamp_subsec_micros() % 1000);
    let message = |sender: &str| {
        StoredMessage {
        id: Uuid::new_v4(),
        user_id: Some(user),
        flow_id: Some(flow),
        run_id: Some(run_id),
        session_id: session_id.clone(),
        context_id: None,
        timestamp: now,
        sender: sender.to_owned(),
        sender_name: sender.to_owned(),
        text: "A sentence as people write it, of some length.".to_owned(),
        files: RawJson::of(&[0; 0]).unwrap(),
        error: false,
        edit: false,
        is_output: sender == "Machine",
        category: "message".to_owned(),
        duration: None,
        properties: RawJson::parse(r#"{"text_color":"","background_color":"","edited":false,"source":{"id":"ChatInput-abcde","display_name":"Chat Input","source":"Chat Input"},"icon":"","allow_markdown":false,"positive_feedback":null,"state":"complete","targets":[]}"#.into()).unwrap(),
        content_blocks: RawJson::of(&[0; 0]).unwrap(),
        session_metadata: None,
    }
    };
    let transaction = |vertex: &str| {
        Transaction {
        id: Uuid::now_v7(),
        user_id: Some(user),
        flow_id: flow,
        run_id: Some(run_id),
        session_id: Some(session_id.clone()),
        timestamp: now,
        vertex_id: vertex.to_owned(),
        target_id: None,
        status: "success".to_owned(),
        error: None,
        inputs: Some(RawJson::parse(r#"{"input_value":"A sentence as people write it, of some length.","should_store_message":true,"sender":"User"}"#.into()).unwrap()),
        outputs: Some(RawJson::parse(r#"{"message":{"message":"A sentence as people write it, of some length.","type":"text"}}"#.into()).unwrap()),
        display_name: Some("Chat Input".into()),
        duration_ms: Some(3),
        usage: None,
    }
    };
    RunRecord {
        run: Run {
            id: run_id,
            user_id: Some(user),
            flow_id: flow,
            session_id: session_id.clone(),
            kind: "run".into(),
            status: RunStatus::Completed,
            boot_id: user,
            api_key_id: None,
            created_at: now,
            started_at: Some(now),
            finished_at: Some(now),
            input_tokens: 0,
            output_tokens: 0,
            total_tokens: 0,
            error: None,
            input: None,
            result: None,
            idempotency_key: None,
        },
        messages: vec![message("User"), message("Machine")],
        transactions: vec![transaction("ChatInput-abcde"), transaction("ChatOutput-abcde")],
        builds: Vec::new(),
    }
}

/// Used by this process, on all its threads, where the system tells: what a call costs on a busy machine.
fn cpu_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields = stat.rsplit(')').next().unwrap_or_default().split_whitespace();
    // utime and stime, in hundredths of a second.
    fields.skip(11).take(2).filter_map(|ticks| ticks.parse::<f64>().ok()).sum::<f64>() / 100.0
}

/// Of this process, where the system tells.
fn resident_mb() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap_or("0");
    line.trim().trim_end_matches(" kB").trim().parse().unwrap_or(0) / 1024
}

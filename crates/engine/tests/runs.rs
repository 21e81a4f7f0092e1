//! Rules of a run that a list of events does not show: parameters, variables, budgets, cancellation,
//! concurrency, frozen results.

#![expect(clippy::panic, reason = "helpers of tests")]

mod support;

use langflow_core::run::ports::Variable;
use langflow_core::{Fault, FaultKind, Secret};
use langflow_engine::run::{FrozenResults, InputType, RunMemory};
use langflow_engine::{Limits, Outcome, Plan, RunRequest};
use serde_json::json;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;
use support::{World, components, parse, result_lines, scope, values};

struct Setup {
    plan: Arc<Plan>,
    world: Arc<World>,
}

impl Setup {
    fn new(text: &str) -> Self {
        Self::with(text, World::default(), |_| ())
    }

    fn with(text: &str, world: World, change: impl FnOnce(&mut langflow_core::Json)) -> Self {
        let catalogue = components::catalogue();
        let mut graph = parse(text, &catalogue);
        change(&mut graph.json);
        let plan = langflow_engine::compile(&graph.json, &catalogue).unwrap_or_else(|p| panic!("{p:?}"));
        Self { plan: Arc::new(plan), world: Arc::new(world) }
    }

    async fn run(&self, request: RunRequest) -> Outcome {
        langflow_engine::run(Arc::clone(&self.plan), scope(&self.world, false), request).await
    }

    async fn lines(&self, request: RunRequest) -> Vec<String> {
        result_lines(&self.plan, &self.run(request).await)
    }
}

const NOTIFY: &str = "ChatInput-a\nNotify-n\nChatInput-a.message -> Notify-n.text";
const ECHO: &str = "ChatInput-a\nChatOutput-b\nChatInput-a.message -> ChatOutput-b.input_value";

fn input(text: &str) -> RunRequest {
    RunRequest { input_value: Some(text.into()), ..RunRequest::default() }
}

fn variable(value: &str, is_credential: bool) -> Variable {
    Variable { value: Secret::new(value), is_credential }
}

#[tokio::test]
async fn the_input_goes_where_its_type_says() {
    let setup = Setup::with(ECHO, World::default(), |json| {
        json["nodes"][0]["data"]["node"]["template"]["input_value"]["value"] = json!("stored");
    });
    let cases = [
        (InputType::Chat, vec![], "new"),
        (InputType::Any, vec![], "new"),
        (InputType::Text, vec![], "stored"),
        (InputType::Text, vec!["Chat Input".to_owned()], "new"),
        (InputType::Chat, vec!["Other".to_owned()], "stored"),
    ];
    for (kind, components, expected) in cases {
        let request = RunRequest { input_type: kind, input_components: components, ..input("new") };
        assert_eq!(setup.lines(request).await, [format!("ChatOutput-b = {expected}")], "{kind:?}");
    }
    assert_eq!(setup.lines(RunRequest::default()).await, ["ChatOutput-b = stored"]);
}

#[tokio::test]
async fn fields_may_name_variables() {
    let world = World {
        variables: [("PLAIN".into(), variable("p", false)), ("KEY".into(), variable("k", true))].into(),
        ..World::default()
    };
    let text = "Join-a texts=[\"x\"] more=\"PLAIN\"\nChatOutput-b\nJoin-a.text -> ChatOutput-b.input_value";
    for (name, expected) in [
        ("PLAIN", "ChatOutput-b = [x|p]"),
        ("KEY", "credential variables may stand only in secret fields"),
        ("NONE", "The variable 'NONE' is not set"),
    ] {
        let world = World { variables: world.variables.clone(), ..World::default() };
        let setup = Setup::with(text, world, |json| {
            let field = &mut json["nodes"][0]["data"]["node"]["template"]["more"];
            field["value"] = json!(name);
            field["load_from_db"] = json!(true);
        });
        let outcome = setup.run(RunRequest::default()).await;
        let lines = result_lines(&setup.plan, &outcome);
        assert!(lines[0].contains(expected), "{lines:?}");
        if let Some(failure) = outcome.failure {
            let place = failure.fault.place().unwrap().clone();
            assert_eq!((place.node_id.as_str(), place.component.as_str()), ("Join-a", "Join"));
            assert_eq!(place.field.as_deref(), Some("more"));
        }
    }
}

#[tokio::test]
async fn hidden_fields_take_the_declared_default() {
    let text = "Join-a texts=[\"x\"] more=\"stored\"\nChatOutput-b\nJoin-a.text -> ChatOutput-b.input_value";
    let setup = Setup::with(text, World::default(), |json| {
        json["nodes"][0]["data"]["node"]["template"]["more"]["show"] = json!(false);
    });
    assert_eq!(setup.lines(RunRequest::default()).await, ["ChatOutput-b = [x|-]"]);
}

#[tokio::test]
async fn tweaks_change_one_run_only() {
    let setup = Setup::new("Join-a texts=[\"x\"]\nChatOutput-b\nJoin-a.text -> ChatOutput-b.input_value");
    let tweaks = json!({"Join": {"more": "tweaked"}}).as_object().cloned().unwrap();
    let templates = setup.plan.tweak(&tweaks, Default::default()).unwrap();
    let tweaked = RunRequest::default().tweaked(&setup.plan, templates);
    assert_eq!(setup.lines(tweaked).await, ["ChatOutput-b = [x|tweaked]"]);
    assert_eq!(setup.lines(RunRequest::default()).await, ["ChatOutput-b = [x|-]"]);
}

#[tokio::test(start_paused = true)]
async fn every_budget_ends_the_run_and_is_named() {
    let many = "ChatInput-a\nLoopComponent-l\nJoin-b\nChatOutput-z\nChatInput-a.message -> LoopComponent-l.data\n\
        LoopComponent-l.item -> Join-b.texts\nJoin-b.text => LoopComponent-l.item\n\
        LoopComponent-l.done -> ChatOutput-z.input_value";
    let slow = "Sleep-a wait_ms=60000\nChatOutput-b\nSleep-a.output -> ChatOutput-b.input_value";
    let cases = [
        (many, Limits { nodes: 3, ..Limits::default() }, "number of nodes run"),
        (many, Limits { loop_iterations: 2, ..Limits::default() }, "number of loop iterations"),
        (ECHO, Limits { messages: 1, ..Limits::default() }, "number of messages"),
        (ECHO, Limits { message_bytes: 3, ..Limits::default() }, "size of a message"),
        (ECHO, Limits { sent_bytes: 20, ..Limits::default() }, "size of all messages"),
        (ECHO, Limits { held_bytes: 500, ..Limits::default() }, "size of all results together"),
        (NOTIFY, Limits { shared_bytes: 50, ..Limits::default() }, "size of what its nodes share"),
        (
            slow,
            Limits { wall: Duration::from_secs(2), ..Limits::default() },
            "wall time (limit 2 s), while 'Sleep' was running",
        ),
    ];
    for (text, limits, budget) in cases {
        let request = RunRequest { limits, ..input("one two three four") };
        let failure = Setup::new(text).run(request).await.failure.unwrap();
        assert_eq!(failure.fault.kind(), FaultKind::Budget, "{budget}");
        assert!(failure.fault.message().contains(budget), "{budget}: {}", failure.fault);
    }
    // Log lines that are too much are left out; the run goes on.
    for (log_bytes, lines) in [(1 << 20, 1), (10, 0)] {
        let limits = Limits { log_bytes, ..Limits::default() };
        let setup = Setup::new("Join-a texts=[\"x\"]");
        let outcome = setup.run(RunRequest { limits, ..RunRequest::default() }).await;
        let all = langflow_engine::present::results(
            &setup.plan,
            &outcome,
            &langflow_engine::present::Select::All,
            "s",
        );
        assert_eq!(all[0]["logs"]["text"].as_array().map_or(0, Vec::len), lines);
    }
    let mut deep = scope(&Arc::new(World::default()), false);
    deep.depth = 9;
    let outcome = langflow_engine::run(Setup::new(ECHO).plan, deep, RunRequest::default()).await;
    assert!(outcome.failure.unwrap().fault.message().contains("depth of nested flows"));
}

#[tokio::test]
async fn results_of_all_runs_are_counted_together_until_the_run_ends() {
    let memory = Arc::new(RunMemory::new(1));
    let limits = Limits { message_bytes: 64 << 20, ..Limits::default() };
    for (text, is_refused) in [("a few words".to_owned(), false), ("x".repeat(17 << 20), true)] {
        let request = RunRequest { limits, memory: Some(Arc::clone(&memory)), ..input(&text) };
        let outcome = Setup::new(ECHO).run(request).await;
        let fault = outcome.failure.as_ref().map(|failure| &failure.fault);
        assert_eq!(fault.map(Fault::kind), is_refused.then_some(FaultKind::Budget));
        assert!(fault.is_none_or(|fault| fault.message().contains("all runs together")), "{fault:?}");
        assert!(is_refused || memory.bytes() > 0);
        drop(outcome);
        assert_eq!(memory.bytes(), 0);
    }
}

#[tokio::test(start_paused = true)]
async fn nodes_that_do_not_wait_for_each_other_run_together_up_to_the_bound() {
    let mut text = String::from("Join-z\n");
    for i in 0..6 {
        text += &format!("Sleep-{i} text=\"{i}\"\nSleep-{i}.output -> Join-z.texts\n");
    }
    let setup = Setup::new(&text);
    for (concurrency, most) in [(1, 1), (3, 3), (16, 6)] {
        components::MOST.store(0, Ordering::SeqCst);
        let limits = Limits { concurrency, ..Limits::default() };
        let outcome = setup.run(RunRequest { limits, ..RunRequest::default() }).await;
        assert_eq!(values(&setup.plan, &outcome)["Join-z"]["text"], "[0,1,2,3,4,5|-]");
        assert_eq!(components::MOST.load(Ordering::SeqCst), most);
    }
}

#[tokio::test(start_paused = true)]
async fn dropping_the_run_stops_it_at_once() {
    let setup = Setup::new("Sleep-a wait_ms=1000\nChatOutput-b\nSleep-a.output -> ChatOutput-b.input_value");
    let run = setup.run(RunRequest::default());
    assert!(tokio::time::timeout(Duration::from_millis(500), run).await.is_err());
    tokio::time::sleep(Duration::from_secs(5)).await;
    assert!(setup.world.messages.lock().unwrap().is_empty());
    // Nothing keeps the plan alive either: live handles do not form a ring.
    assert_eq!(Arc::strong_count(&setup.plan), 1);
}

#[tokio::test]
async fn runs_with_tools_leave_nothing_behind() {
    let setup = Setup::new(
        "Double-x @tool\nCaller-c\nChatOutput-z\nDouble-x.component_as_tool -> Caller-c.tools\n\
         Caller-c.output -> ChatOutput-z.input_value",
    );
    let outcome = setup.run(RunRequest::default()).await;
    assert!(outcome.failure.is_none());
    drop(outcome);
    assert_eq!(Arc::strong_count(&setup.plan), 1);
}

#[tokio::test]
async fn frozen_nodes_keep_their_result_by_flow() {
    let setup = Setup::new(
        "ChatInput-a\nJoin-b @frozen\nChatOutput-c\nChatInput-a.message -> Join-b.texts\n\
        Join-b.text -> ChatOutput-c.input_value",
    );
    let frozen = Arc::new(FrozenResults::new(1 << 20));
    let with = |text: &str| RunRequest { frozen: Some(Arc::clone(&frozen)), ..input(text) };
    assert_eq!(setup.lines(with("one")).await, ["ChatOutput-c = [one|-]"]);
    let outcome = setup.run(with("two")).await;
    assert_eq!(result_lines(&setup.plan, &outcome), ["ChatOutput-c = [one|-]"]);
    assert!(outcome.built[1].as_ref().unwrap().is_frozen);
    let mut other = scope(&setup.world, false);
    other.flow_id = uuid::Uuid::from_u128(77);
    let outcome = langflow_engine::run(Arc::clone(&setup.plan), other, with("three")).await;
    assert_eq!(result_lines(&setup.plan, &outcome), ["ChatOutput-c = [three|-]"]);
}

#[tokio::test]
async fn a_memory_that_fails_says_whose_it_is() {
    let setup = Setup::new("Vault-a key=\"k1\"\nRecall-b\nVault-a.memory -> Recall-b.memory");
    let failure = setup.run(RunRequest::default()).await.failure.unwrap();
    assert_eq!(failure.fault.message(), "The Vault: the key k1 is refused");
    assert_eq!(failure.fault.kind(), FaultKind::Unauthorised);
    let place = failure.fault.place().unwrap();
    assert_eq!((place.node_id.as_str(), place.field.as_deref()), ("Recall-b", None));
}

#[tokio::test]
async fn results_are_chosen_as_the_caller_asks() {
    use langflow_engine::present::{Select, results};
    let setup = Setup::new(ECHO);
    let outcome = setup.run(input("hi")).await;
    let ids = |select: Select| -> Vec<String> {
        results(&setup.plan, &outcome, &select, "s1")
            .iter()
            .map(|r| r["component_id"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(ids(Select::Kind("chat".into())), ["ChatOutput-b"]);
    assert_eq!(ids(Select::Kind("text".into())), ["ChatOutput-b"]);
    assert_eq!(ids(Select::All), ["ChatInput-a", "ChatOutput-b"]);
    assert_eq!(ids(Select::Named(vec!["Chat Input".into()])), ["ChatInput-a"]);
    assert!(ids(Select::Named(vec!["Nope".into()])).is_empty());
}

#[tokio::test]
async fn a_result_has_the_keys_of_the_reference_in_their_order() {
    use langflow_engine::present::{Select, results};
    let setup = Setup::new(ECHO);
    let outcome = setup.run(input("hi")).await;
    let all = results(&setup.plan, &outcome, &Select::Outputs, "s1");
    let keys: Vec<&str> = all[0].as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(
        keys,
        [
            "results",
            "artifacts",
            "outputs",
            "logs",
            "messages",
            "timedelta",
            "duration",
            "component_display_name",
            "component_id",
            "used_frozen_result",
            "token_usage"
        ]
    );
    assert_eq!(all[0]["messages"][0]["session_id"], "s1");
    assert_eq!(
        all[0]["artifacts"],
        json!({"message": "hi", "sender": "Machine", "sender_name": "AI", "files": [], "type": "object"})
    );
}

#[tokio::test]
async fn ordinary_nodes_show_outputs_but_no_results() {
    use langflow_engine::present::{Select, results};
    let setup = Setup::new("Join-a texts=[\"x\"]\nChatOutput-b\nJoin-a.text -> ChatOutput-b.input_value");
    let outcome = setup.run(RunRequest::default()).await;
    let all = results(&setup.plan, &outcome, &Select::All, "s1");
    assert_eq!(all[0]["results"], json!({}));
    assert_eq!(
        all[0]["outputs"],
        json!({"text": {"message": "[x|-]", "type": "text"}, "count": {"message": "", "type": "unknown"}})
    );
    assert_eq!(all[0]["logs"], json!({"text": [{"name": "joined", "message": 1, "type": "text"}]}));
    assert_eq!(all[0]["artifacts"]["text"], json!({"repr": "[x|-]", "raw": "[x|-]", "type": "text"}));
}

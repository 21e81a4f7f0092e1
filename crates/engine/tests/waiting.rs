//! Runs that wait for a human: what runs meanwhile, what a checkpoint holds, and how a run goes on.

#![expect(clippy::panic, clippy::unwrap_used, reason = "helpers of tests")]

mod support;

use langflow_core::FaultKind;
use langflow_core::run::{HumanDecision, HumanRequest};
use langflow_engine::plan::Scope;
use langflow_engine::run::Checkpoint;
use langflow_engine::{Outcome, Plan, RunRequest};
use std::sync::Arc;
use support::{World, components, parse, result_lines, scope};

struct Setup {
    plan: Arc<Plan>,
    world: Arc<World>,
}

impl Setup {
    fn new(text: &str) -> Self {
        let catalogue = components::catalogue();
        let graph = parse(text, &catalogue);
        let plan = langflow_engine::compile(&graph.json, &catalogue).unwrap_or_else(|p| panic!("{p:?}"));
        Self { plan: Arc::new(plan), world: Arc::default() }
    }

    fn request() -> RunRequest {
        let scope = Scope::Build { start: None, stop: None };
        RunRequest {
            input_value: Some("hi".into()),
            is_build: true,
            may_wait: true,
            scope,
            ..RunRequest::default()
        }
    }

    async fn run(&self, request: RunRequest) -> Outcome {
        langflow_engine::run(Arc::clone(&self.plan), scope(&self.world, true), request).await
    }

    async fn begin(&self) -> Outcome {
        self.run(Self::request()).await
    }

    /// Goes on with an answer to the open question, as after a restart: the checkpoint was JSON in between.
    async fn go_on(&self, outcome: Outcome, action: &str) -> Outcome {
        let json = serde_json::to_string(&outcome.waiting.unwrap()).unwrap();
        let mut checkpoint: Checkpoint = serde_json::from_str(&json).unwrap();
        let id = checkpoint.pending().unwrap().request_id.clone();
        assert!(!checkpoint.answer("other", HumanDecision::default()));
        assert!(checkpoint.answer(&id, HumanDecision { action_id: action.into(), ..Default::default() }));
        self.run(RunRequest { checkpoint: Some(Arc::new(checkpoint)), ..Self::request() }).await
    }

    /// What was told since the last time.
    fn told(&self) -> Vec<String> {
        std::mem::take(&mut *self.world.events.lock().unwrap())
    }
}

fn pending(outcome: &Outcome) -> HumanRequest {
    assert!(outcome.failure.is_none(), "{:?}", outcome.failure);
    outcome.waiting.as_ref().unwrap().pending().unwrap().clone()
}

const ASK: &str = "ChatInput-a\nHumanInput-h\nJoin-y texts=[] more=\"y\"\nJoin-n texts=[] more=\"n\"\nSleep-s\nChatOutput-z\n\
    ChatInput-a.message -> HumanInput-h.prompt\nHumanInput-h.yes -> Join-y.texts\nHumanInput-h.no -> Join-n.texts\n\
    Join-y.text -> ChatOutput-z.input_value\nChatInput-a.message -> Sleep-s.text";

#[tokio::test]
async fn a_run_waits_and_goes_on_the_way_that_was_chosen() {
    let setup = Setup::new(ASK);
    let outcome = setup.begin().await;
    let request = pending(&outcome);
    let run = uuid::Uuid::from_u128(1);
    assert_eq!(
        (request.request_id, request.prompt, request.job_id),
        (format!("HumanInput-h:{run}"), "hi".into(), run)
    );
    let told = setup.told();
    // What hangs on the answer has not run, everything else has.
    assert!(told.iter().any(|line| line.starts_with("end Sleep-s")), "{told:?}");
    assert!(!told.iter().any(|line| line.contains("Human") && line.starts_with("end H")), "{told:?}");
    assert!(!told.iter().any(|line| line.starts_with("error") || line.starts_with("end Join")), "{told:?}");

    let outcome = setup.go_on(outcome, "yes").await;
    assert!(outcome.waiting.is_none());
    assert_eq!(result_lines(&setup.plan, &outcome), ["ChatOutput-z = [hi yes|y]"]);
    assert_eq!(
        setup.told(),
        [
            "end HumanInput-h next Join-y without Join-n",
            "log Join-y.text: joined 1",
            "end Join-y next ChatOutput-z without Join-n",
            "message Machine: [hi yes|y]",
            "end ChatOutput-z without Join-n"
        ]
    );
    // The chat input was not sent again.
    assert_eq!(setup.world.messages.lock().unwrap().len(), 2);
}

#[tokio::test]
async fn the_other_way_leaves_the_answer_out() {
    let setup = Setup::new(ASK);
    let outcome = setup.begin().await;
    let outcome = setup.go_on(outcome, "no").await;
    assert!(outcome.failure.is_none() && outcome.waiting.is_none());
    let told = setup.told();
    assert!(told.contains(&"end Join-n without Join-y ChatOutput-z".to_owned()), "{told:?}");
    assert!(result_lines(&setup.plan, &outcome).is_empty());
}

#[tokio::test]
async fn live_results_are_made_anew() {
    let setup = Setup::new(
        "HumanInput-h prompt=\"go\"\nDouble-t @tool\nCaller-c\nCaller-d\nChatOutput-z\n\
         HumanInput-h.yes -> Caller-c.after\nDouble-t.component_as_tool -> Caller-c.tools\n\
         Double-t.component_as_tool -> Caller-d.tools\nCaller-c.output -> ChatOutput-z.input_value",
    );
    let outcome = setup.begin().await;
    let json = serde_json::to_value(outcome.waiting.as_ref().unwrap()).unwrap();
    assert!(
        json["nodes"]
            .as_array()
            .unwrap()
            .iter()
            .any(|node| { node["id"] == "Double-t" && node["outputs"][0]["value"].is_null() })
    );
    assert!(setup.told().iter().any(|line| line.starts_with("end Double-t")));
    let outcome = setup.go_on(outcome, "yes").await;
    let lines = result_lines(&setup.plan, &outcome);
    assert!(lines[0].starts_with("ChatOutput-z = go yes; ") && lines[0].contains("\"4\""), "{lines:?}");
    // Of the tool only its call is told.
    let told = setup.told();
    assert!(
        !told.iter().any(|line| line.starts_with("end Double-t") || line.contains("Caller-d")),
        "{told:?}"
    );
}

#[tokio::test]
async fn several_questions_are_answered_one_after_the_other() {
    let setup = Setup::new(
        "HumanInput-a prompt=\"first\"\nHumanInput-b prompt=\"second\"\nJoin-j\nChatOutput-z\n\
         HumanInput-a.yes -> Join-j.texts\nHumanInput-b.yes -> Join-j.texts\nJoin-j.text -> ChatOutput-z.input_value",
    );
    let outcome = setup.begin().await;
    assert_eq!(pending(&outcome).prompt, "first");
    let outcome = setup.go_on(outcome, "yes").await;
    assert_eq!(pending(&outcome).prompt, "second");
    let outcome = setup.go_on(outcome, "yes").await;
    assert_eq!(result_lines(&setup.plan, &outcome), ["ChatOutput-z = [first yes,second yes|-]"]);
}

#[tokio::test]
async fn who_asks_on_a_cycle_asks_each_time() {
    let setup = Setup::new(
        "ChatInput-a\nJoin-j\nHumanInput-h\nChatOutput-z\nChatInput-a.message -> Join-j.texts\n\
         Join-j.text -> HumanInput-h.prompt\nHumanInput-h.no -> Join-j.texts\nHumanInput-h.yes -> ChatOutput-z.input_value",
    );
    let mut outcome = setup.begin().await;
    let first = pending(&outcome).request_id;
    outcome = setup.go_on(outcome, "no").await;
    let second = pending(&outcome);
    assert_eq!((second.request_id, second.prompt.as_str()), (format!("{first}:2"), "[hi,[hi|-] no|-]"));
    outcome = setup.go_on(outcome, "yes").await;
    assert_eq!(result_lines(&setup.plan, &outcome), ["ChatOutput-z = [hi,[hi|-] no|-] yes"]);
}

#[tokio::test]
async fn what_listeners_have_heard_and_routers_left_out_stays_so() {
    let setup = Setup::new(
        "ChatInput-a\nNotify-n text=\"news\"\nRouter-r matches=\"hi\"\nJoin-no\nHumanInput-h\nListen-l\nChatOutput-z\n\
         ChatInput-a.message -> Router-r.text\nRouter-r.no -> Join-no.texts\nRouter-r.yes -> HumanInput-h.prompt\n\
         HumanInput-h.yes -> Join-no.texts\nHumanInput-h.no -> ChatOutput-z.input_value\nHumanInput-h.no -> Listen-l.context_key",
    );
    let outcome = setup.begin().await;
    assert_eq!(pending(&outcome).prompt, "hi");
    setup.told();
    let outcome = setup.go_on(outcome, "yes").await;
    assert!(outcome.failure.is_none(), "{:?}", outcome.failure);
    let told = setup.told();
    // The router's dead way gives nothing; the human's does.
    assert!(told.iter().any(|line| line == "log Join-no.text: joined 2"), "{told:?}");
}

#[tokio::test]
async fn nobody_is_asked_where_nobody_can_answer() {
    let in_loop = "ChatInput-a\nLoopComponent-l\nHumanInput-h\nChatOutput-z\nChatInput-a.message -> LoopComponent-l.data\n\
        LoopComponent-l.item -> HumanInput-h.prompt\nHumanInput-h.yes => LoopComponent-l.item\n\
        LoopComponent-l.done -> ChatOutput-z.input_value";
    let as_tool = "HumanInput-h @tool\nCaller-c\nChatOutput-z\nHumanInput-h.component_as_tool -> Caller-c.tools\n\
        Caller-c.output -> ChatOutput-z.input_value";
    let short = RunRequest { may_wait: false, ..Setup::request() };
    for (text, request) in [(in_loop, Setup::request()), (as_tool, Setup::request()), (ASK, short)] {
        let outcome = Setup::new(text).run(request).await;
        let failure = outcome.failure.unwrap();
        assert!(outcome.waiting.is_none());
        assert_eq!(failure.fault.kind(), FaultKind::Unsupported);
        assert!(failure.fault.message().contains("POST /api/v2/workflows"), "{}", failure.fault);
    }
}

#[tokio::test]
async fn a_failure_elsewhere_ends_the_run() {
    let setup = Setup::new("HumanInput-h\nJoin-j\nBoom-b\nHumanInput-h.yes -> Join-j.texts");
    let outcome = setup.begin().await;
    assert!(outcome.failure.is_some() && outcome.waiting.is_none());
}

#[tokio::test]
async fn who_asks_much_is_let_go_too() {
    // So much input is worked on aside, on a thread of its own.
    let setup = Setup::new(ASK);
    let long = "x".repeat(300 << 10);
    let request = RunRequest { input_value: Some(long.clone()), ..Setup::request() };
    let outcome = setup.run(request).await;
    assert_eq!(pending(&outcome).prompt, long);
    let outcome = setup.go_on(outcome, "yes").await;
    assert_eq!(result_lines(&setup.plan, &outcome), [format!("ChatOutput-z = [{long} yes|y]")]);
}

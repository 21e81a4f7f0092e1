//! Chat messages.

use crate::make::{a_message, a_project, at, id, user, write};
use crate::on_both::on_both;
use langflow_core::Message;
use langflow_store::messages::{self, History, MessageFilter, StoredMessage};
use langflow_store::{Store, StoreError, Window, projects};
use serde_json::json;

async fn save(store: &Store, rows: Vec<StoredMessage>) {
    write(store, move |tx| Box::pin(async move { messages::save(tx, &rows).await })).await;
}

fn texts(rows: &[StoredMessage]) -> Vec<&str> {
    rows.iter().map(|row| row.text.as_str()).collect()
}

#[tokio::test]
async fn a_message_survives_the_row() {
    on_both(|store| async move {
        let ada = user(&store, "ada").await;
        let mut message = Message::from_text("hi \u{1F600}");
        message.id = Some(id());
        message.flow_id = Some(id());
        message.sender = Some("Machine".into());
        message.sender_name = Some("AI".into());
        message.session_id = "s".into();
        message.timestamp = at(3);
        message.files = vec![json!("flow/a.png")];
        message.content_blocks = vec![json!({"title": "Steps", "contents": []})];
        message.duration = Some(0.25);
        message.session_metadata = Some(json!({"graph_run_id": "x"}));
        message.properties.icon = Some("bot".into());
        let row = StoredMessage::from_message(&message, Some(ada.id), true).unwrap();
        save(&store, vec![row.clone()]).await;
        let found = messages::find(&store, ada.id, row.id).await.unwrap().unwrap();
        assert_eq!(found, row);
        assert_eq!(found.to_message().unwrap(), message);
        assert!(StoredMessage::from_message(&Message::from_text("no id"), None, false).is_none());
    })
    .await;
}

#[tokio::test]
async fn saving_again_writes_over_but_never_over_anothers() {
    on_both(|store| async move {
        let ada = user(&store, "ada").await;
        let bob = user(&store, "bob").await;
        let first = a_message(&ada, id(), "s", 0, "partial");
        let mut done = first.clone();
        done.text = "complete".into();
        let mut stolen = first.clone();
        stolen.user_id = Some(bob.id);
        stolen.text = "stolen".into();
        save(&store, vec![first.clone()]).await;
        save(&store, vec![done.clone()]).await;
        save(&store, vec![stolen]).await;
        assert_eq!(messages::find(&store, ada.id, first.id).await.unwrap(), Some(done));
        assert_eq!(messages::find(&store, bob.id, first.id).await.unwrap(), None);
    })
    .await;
}

#[tokio::test]
async fn history_is_the_newest_of_a_conversation_oldest_first() {
    on_both(|store| async move {
        let ada = user(&store, "ada").await;
        let bob = user(&store, "bob").await;
        let flow = id();
        let mut rows: Vec<_> = (0..6)
            .map(|n| a_message(&ada, flow, if n == 5 { "other" } else { "s" }, n, &n.to_string()))
            .collect();
        rows[2].sender = "Machine".into();
        rows[3].context_id = Some("c".into());
        rows.push(a_message(&bob, flow, "s", 9, "bob"));
        rows.reverse();
        save(&store, rows).await;
        let in_session =
            History { flow_id: Some(flow), session_id: Some("s".into()), limit: 3, ..History::default() };
        for (wanted, expected) in [
            (in_session.clone(), vec!["2", "3", "4"]),
            (History { limit: 100, ..in_session.clone() }, vec!["0", "1", "2", "3", "4"]),
            (History { sender: Some("Machine".into()), ..in_session.clone() }, vec!["2"]),
            (History { context_id: Some("c".into()), ..in_session.clone() }, vec!["3"]),
            (History { flow_id: Some(id()), ..in_session.clone() }, vec![]),
            (History { limit: 0, ..in_session }, vec![]),
        ] {
            let found = messages::history(&store, ada.id, &wanted).await.unwrap();
            assert_eq!(texts(&found), expected, "{wanted:?}");
        }
        let filter =
            MessageFilter { flow_id: Some(flow), window: Window::new(2, 1), ..MessageFilter::default() };
        let page = messages::list_newest(&store, ada.id, &filter).await.unwrap();
        assert_eq!((texts(&page.items), page.total), (vec!["4", "3"], 6));
    })
    .await;
}

#[tokio::test]
async fn times_of_unlike_precision_sort_rightly() {
    on_both(|store| async move {
        let ada = user(&store, "ada").await;
        let flow = id();
        let mut rows = Vec::new();
        for (text, micros) in [("e", 500_001), ("b", 1), ("a", 0), ("d", 500_000), ("c", 2_000)] {
            let mut row = a_message(&ada, flow, "s", 0, text);
            row.timestamp = chrono::DateTime::from_timestamp_micros(1_800_000_000_000_000 + micros).unwrap();
            rows.push(row);
        }
        save(&store, rows).await;
        let all = History { flow_id: Some(flow), limit: 9, ..History::default() };
        let found = messages::history(&store, ada.id, &all).await.unwrap();
        assert_eq!(texts(&found), ["a", "b", "c", "d", "e"]);
    })
    .await;
}

#[tokio::test]
async fn sessions_are_listed_renamed_and_deleted() {
    on_both(|store| async move {
        let ada = user(&store, "ada").await;
        let bob = user(&store, "bob").await;
        let (flow, other) = (id(), id());
        save(
            &store,
            vec![
                a_message(&ada, flow, "old", 1, "1"),
                a_message(&ada, flow, "new", 2, "2"),
                a_message(&ada, other, "elsewhere", 3, "3"),
                a_message(&ada, flow, "old", 4, "4"),
                a_message(&bob, flow, "old", 5, "bob"),
            ],
        )
        .await;
        let owner = ada.id;
        let sessions =
            async |flow, window| messages::list_sessions(&store, owner, flow, window).await.unwrap();
        assert_eq!(sessions(Some(flow), Window::default()).await, ["old", "new"]);
        assert_eq!(sessions(None, Window::new(1, 1)).await, ["elsewhere"]);
        let renamed = write(&store, move |tx| {
            Box::pin(async move { messages::rename_session(tx, owner, None, "old", "fresh").await })
        });
        assert_eq!(renamed.await, 2);
        let gone = write(&store, move |tx| {
            Box::pin(async move {
                let sessions = ["new".to_owned(), "old".to_owned()];
                messages::delete_sessions(tx, owner, None, &sessions).await
            })
        });
        assert_eq!(gone.await, 1);
        assert_eq!(sessions(Some(flow), Window::default()).await, ["fresh"]);
        let theirs = messages::list_newest(&store, bob.id, &MessageFilter::default()).await.unwrap();
        assert_eq!(texts(&theirs.items), ["bob"]);
        let ids = [theirs.items[0].id];
        let gone = write(&store, move |tx| Box::pin(async move { messages::delete(tx, owner, &ids).await }));
        assert_eq!(gone.await, 0);
    })
    .await;
}

#[tokio::test]
async fn a_column_that_is_not_json_is_an_error_not_a_panic() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.db");
    let store = crate::opening::open(&format!("sqlite:///{}", path.display())).await;
    let ada = user(&store, "ada").await;
    let row = a_message(&ada, id(), "s", 0, "hi");
    save(&store, vec![row.clone()]).await;
    let foreign = sea_orm::Database::connect(format!("sqlite://{}", path.display())).await.unwrap();
    for column in ["files", "properties"] {
        let sql = format!("UPDATE messages SET {column} = 'not json'");
        sea_orm::ConnectionTrait::execute_unprepared(&foreign, &sql).await.unwrap();
        let error = messages::find(&store, ada.id, row.id).await.unwrap_err();
        assert!(error.to_string().contains("not JSON"), "{error}");
    }
}

#[tokio::test]
async fn a_nul_is_refused_or_replaced_never_a_failure_of_the_database() {
    on_both(|store| async move {
        let ada = user(&store, "ada").await;
        let mut message = Message::from_text("a\0b");
        message.id = Some(id());
        let row = StoredMessage::from_message(&message, Some(ada.id), false).unwrap();
        save(&store, vec![row.clone()]).await;
        assert_eq!(messages::find(&store, ada.id, row.id).await.unwrap().unwrap().text, "a\u{fffd}b");
        let name = a_project(&ada, "a\0b");
        let outcome = store.write(move |tx| Box::pin(async move { projects::insert(tx, &name).await })).await;
        if store.is_postgres() {
            assert!(matches!(outcome, Err(StoreError::Unstorable(_))), "{outcome:?}");
            let found = projects::find_by_name(&store, ada.id, "a\0b").await;
            assert!(matches!(found, Err(StoreError::Unstorable(_))), "{found:?}");
        } else {
            outcome.unwrap();
        }
    })
    .await;
}

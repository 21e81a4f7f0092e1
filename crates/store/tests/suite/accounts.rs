//! Users, sessions, keys, variables.

use crate::make::{a_user, at, user};
use crate::on_both::on_both;
use langflow_store::users::{self, UserFilter};
use langflow_store::{RawJson, Unique, Window};
use serde_json::json;

#[tokio::test]
async fn a_user_reads_back_as_written() {
    on_both(|store| async move {
        let mut ada = user(&store, "Ada").await;
        ada.optins = Some(RawJson::parse(r#"{"b": 1,  "a": 1e2}"#.into()).unwrap());
        ada.last_login_at = Some(at(7));
        let copy = ada.clone();
        assert!(store.write(move |tx| Box::pin(async move { users::save(tx, &copy).await })).await.unwrap());
        assert_eq!(users::find(&store, ada.id).await.unwrap(), Some(ada.clone()));
        assert_eq!(users::find_by_name(&store, "Ada").await.unwrap(), Some(ada.clone()));
        assert_eq!(users::find_by_name(&store, "ada").await.unwrap(), None);
        assert_eq!(users::find_by_any_case(&store, "aDA").await.unwrap(), Some(ada));
        let _ = json!(null);
    })
    .await;
}

#[tokio::test]
async fn names_differ_by_more_than_case() {
    on_both(|store| async move {
        user(&store, "Ünal").await;
        let twin = a_user("üNAL");
        let refused = store.write(move |tx| Box::pin(async move { users::insert(tx, &twin).await })).await;
        assert_eq!(refused.unwrap_err().taken(), Some(Unique::Username));
    })
    .await;
}

#[tokio::test]
async fn users_are_searched_and_paged() {
    on_both(|store| async move {
        for name in ["carol", "alice", "Malice", "bob", "al_ice"] {
            user(&store, name).await;
        }
        let names = |search: &str, window| {
            let filter = UserFilter { search: Some(search.into()), window, ..UserFilter::default() };
            let store = store.clone();
            async move {
                let page = users::list(&store, &filter).await.unwrap();
                let mut names: Vec<_> = page.items.into_iter().map(|user| user.username).collect();
                names.sort();
                (names, page.total)
            }
        };
        assert_eq!(names("LICE", Window::default()).await, (vec!["Malice".into(), "alice".into()], 2));
        assert_eq!(names("l_i", Window::default()).await, (vec!["al_ice".into()], 1));
        assert_eq!(names("%", Window::default()).await, (vec![], 0));
        let (page, total) = names("", Window::new(2, 2)).await;
        assert_eq!((page.len(), total), (2, 5));
        let (page, total) = names("", Window::new(2, 9)).await;
        assert_eq!((page.len(), total), (0, 5));
    })
    .await;
}

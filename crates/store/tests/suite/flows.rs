//! Flows, projects, versions.

use crate::make::{
    a_build, a_flow, a_message, a_project, a_run, a_transaction, at, flow, id, project, raw, taken, user,
    write,
};
use crate::on_both::on_both;
use langflow_store::flows::{self, AccessType, FlowFilter, FlowKey, FlowOrder, FlowType};
use langflow_store::run_events::{self, RunEvent};
use langflow_store::runs;
use langflow_store::versions::{self, FlowVersion};
use langflow_store::{Unique, Window, messages, projects, transactions, vertex_builds};

#[tokio::test]
async fn a_graph_comes_back_byte_for_byte() {
    on_both(|store| async move {
        let ada = user(&store, "ada").await;
        let mut wanted = a_flow(&ada, "F");
        wanted.data = Some(raw(
            "{\"edges\" :[],\n\t\"nodes\":[{\"id\":\"a\",\"id\":\"twice\",\"n\":1.0e3,\"big\":123456789012345678901234567890,\"text\":\"\\u0000 ü \\ud83d\\ude00\"}]}",
        ));
        wanted.tags = Some(raw("[ \"x\" ]"));
        wanted.version_token = Some(id());
        wanted.access_type = AccessType::Public;
        wanted.flow_type = FlowType::Agent;
        let wanted = flow(&store, wanted).await;
        assert_eq!(flows::find(&store, ada.id, wanted.id).await.unwrap(), Some(wanted.clone()));
        let mut changed = wanted.clone();
        changed.data = Some(raw("null"));
        changed.updated_at = at(9);
        let copy = changed.clone();
        assert!(write(&store, move |tx| Box::pin(async move { flows::save(tx, &copy).await })).await);
        assert_eq!(flows::find(&store, ada.id, wanted.id).await.unwrap(), Some(changed));
    })
    .await;
}

#[tokio::test]
async fn names_and_endpoints_are_unique_per_user() {
    on_both(|store| async move {
        let ada = user(&store, "ada").await;
        let bob = user(&store, "bob").await;
        let mut first = a_flow(&ada, "F");
        first.endpoint_name = Some("f".into());
        let first = flow(&store, first).await;
        let mut same_endpoint = a_flow(&ada, "G");
        same_endpoint.endpoint_name = Some("f".into());
        let mut same_id = a_flow(&bob, "H");
        same_id.id = first.id;
        for (row, what) in [
            (a_flow(&ada, "F"), Unique::FlowName),
            (same_endpoint, Unique::FlowEndpoint),
            (same_id, Unique::Id),
        ] {
            let refused = store.write(move |tx| Box::pin(async move { flows::insert(tx, &row).await })).await;
            assert_eq!(taken(refused), what);
        }
        let mut theirs = a_flow(&bob, "F");
        theirs.endpoint_name = Some("f".into());
        flow(&store, theirs).await;
        flow(&store, a_flow(&ada, "f")).await;
        flow(&store, a_flow(&ada, "F (1)")).await;
        flow(&store, a_flow(&ada, "F% (2)")).await;
        let mut names = flows::names_starting_with(&store, ada.id, "F").await.unwrap();
        names.retain(|name| name.starts_with('F'));
        names.sort();
        assert_eq!(names, ["F", "F (1)", "F% (2)"]);
        assert_eq!(flows::names_starting_with(&store, ada.id, "F%").await.unwrap(), ["F% (2)"]);
        assert_eq!(flows::endpoints_starting_with(&store, ada.id, "f").await.unwrap(), ["f"]);
        assert_eq!(flows::taken_ids(&store, &[first.id, id()]).await.unwrap(), [first.id]);
    })
    .await;
}

#[tokio::test]
async fn a_flow_is_found_by_id_or_endpoint_of_its_owner() {
    on_both(|store| async move {
        let ada = user(&store, "ada").await;
        let bob = user(&store, "bob").await;
        let mut row = a_flow(&ada, "F");
        row.endpoint_name = Some("my-flow".into());
        row.version_token = Some(id());
        let row = flow(&store, row).await;
        let text = row.id.to_string();
        for key in [FlowKey::parse(&text), FlowKey::parse("my-flow")] {
            let found = flows::find_ref(&store, ada.id, key).await.unwrap().unwrap();
            assert_eq!((found.id, found.version_token, found.updated_at), (row.id, row.version_token, at(0)));
            assert!(flows::find_ref(&store, bob.id, key).await.unwrap().is_none());
            assert_eq!(flows::find_any_ref(&store, key).await.unwrap().unwrap().user_id, Some(ada.id));
        }
        assert!(flows::find_ref(&store, ada.id, FlowKey::parse("My-Flow")).await.unwrap().is_none());

        let recent =
            async || flows::find_ref_recent(&store, ada.id, FlowKey::Endpoint("my-flow")).await.unwrap();
        assert_eq!(recent().await.unwrap().name, "F");
        let mut renamed = row.clone();
        renamed.name = "G".into();
        let copy = renamed.clone();
        write(&store, move |tx| Box::pin(async move { flows::save(tx, &copy).await })).await;
        assert_eq!(recent().await.unwrap().name, "G");
        assert!(
            flows::find_ref_recent(&store, bob.id, FlowKey::Endpoint("my-flow")).await.unwrap().is_none(),
            "what is remembered for one is not there for another"
        );
        let row = renamed;
        assert!(flows::find_public(&store, row.id).await.unwrap().is_none());
        let (thief, flow_id) = (bob.id, row.id);
        let mut stolen = row.clone();
        stolen.user_id = Some(bob.id);
        let done = write(&store, move |tx| {
            Box::pin(async move {
                Ok((
                    flows::lock(tx, thief, flow_id).await?.is_some(),
                    flows::save(tx, &stolen).await?,
                    flows::delete(tx, thief, &[flow_id]).await?,
                ))
            })
        });
        assert_eq!(done.await, (false, false, 0));
        assert!(flows::find(&store, ada.id, row.id).await.unwrap().is_some());
    })
    .await;
}

#[tokio::test]
async fn lists_filter_order_and_page() {
    on_both(|store| async move {
        let ada = user(&store, "ada").await;
        let shelf = project(&store, &ada, "P").await;
        for (n, (name, is_component, mcp)) in [
            ("one", false, None),
            ("two", true, Some(true)),
            ("three", false, Some(false)),
            ("Twofold", false, None),
        ]
        .into_iter()
        .enumerate()
        {
            let mut row = a_flow(&ada, name);
            row.created_at = at(n as i64);
            row.updated_at = at(10 - n as i64);
            row.is_component = is_component;
            row.mcp_enabled = mcp;
            row.project_id = (n < 2).then_some(shelf.id);
            flow(&store, row).await;
        }
        let all = FlowFilter::default();
        for (filter, expected, total) in [
            (all.clone(), vec!["one", "two", "three", "Twofold"], 4),
            (FlowFilter { is_component: Some(true), ..all.clone() }, vec!["two"], 1),
            (FlowFilter { project_id: Some(shelf.id), ..all.clone() }, vec!["one", "two"], 2),
            (FlowFilter { mcp_enabled: Some(true), ..all.clone() }, vec!["two"], 1),
            (FlowFilter { mcp_enabled: Some(false), ..all.clone() }, vec!["one", "three", "Twofold"], 3),
            (FlowFilter { search: Some("TWO".into()), ..all.clone() }, vec!["two", "Twofold"], 2),
            (FlowFilter { flow_type: Some(FlowType::Agent), ..all.clone() }, vec![], 0),
            (
                FlowFilter { order: FlowOrder::Updated, window: Window::page(2, 3), ..all.clone() },
                vec!["Twofold"],
                4,
            ),
        ] {
            let page = flows::list(&store, ada.id, &filter).await.unwrap();
            let names: Vec<_> = page.items.iter().map(|flow| flow.name.as_str()).collect();
            assert_eq!((names, page.total), (expected.clone(), total), "{filter:?}");
            let page = flows::list_headers(&store, ada.id, &filter).await.unwrap();
            let names: Vec<_> = page.items.iter().map(|flow| flow.name.as_str()).collect();
            assert_eq!((names, page.total), (expected, total), "{filter:?}");
            assert!(page.items.iter().all(|flow| flow.data.is_some() == flow.is_component));
        }
    })
    .await;
}

#[tokio::test]
async fn deleting_a_flow_takes_its_traces() {
    on_both(|store| async move {
        let ada = user(&store, "ada").await;
        let (gone, kept) = (flow(&store, a_flow(&ada, "A")).await, flow(&store, a_flow(&ada, "B")).await);
        for one in [&gone, &kept] {
            let run = a_run(&ada, one.id, id());
            let event = RunEvent {
                run_id: run.id,
                seq: 1,
                kind: "end".into(),
                payload: raw("{}"),
                created_at: at(0),
            };
            let version = version(one.id, 1);
            let message = a_message(&ada, one.id, "s", 0, "hi");
            let (transaction, build) = (a_transaction(&ada, one.id, 0), a_build(&ada, one.id, "N", 0));
            write(&store, move |tx| {
                Box::pin(async move {
                    runs::insert(tx, &run).await?;
                    run_events::append(tx, vec![event]).await?;
                    versions::insert(tx, &version).await?;
                    messages::save(tx, &[message]).await?;
                    transactions::insert(tx, vec![transaction]).await?;
                    vertex_builds::insert(tx, vec![build]).await
                })
            })
            .await;
        }
        let (owner, ids) = (ada.id, [gone.id, gone.id, id()]);
        assert_eq!(
            write(&store, move |tx| Box::pin(async move { flows::delete(tx, owner, &ids).await })).await,
            1
        );
        for (flow, left) in [(gone.id, 0), (kept.id, 1)] {
            let filter = messages::MessageFilter { flow_id: Some(flow), ..Default::default() };
            assert_eq!(messages::list_newest(&store, owner, &filter).await.unwrap().total, left);
            let filter = runs::RunFilter { flow_id: Some(flow), ..Default::default() };
            let found = runs::list(&store, owner, &filter).await.unwrap();
            assert_eq!(found.total, left);
            for run in found.items {
                assert_eq!(run_events::list_after(&store, run.id, 0, 9, 1000).await.unwrap().len(), 1);
            }
            assert_eq!(transactions::list(&store, owner, flow, Window::default()).await.unwrap().total, left);
            assert_eq!(vertex_builds::list(&store, owner, flow, 9).await.unwrap().len() as u64, left);
            assert_eq!(versions::list(&store, owner, flow, Window::default()).await.unwrap().total, left);
        }
    })
    .await;
}

#[tokio::test]
async fn projects_have_one_name_each_and_take_their_flows_along() {
    on_both(|store| async move {
        let ada = user(&store, "ada").await;
        let bob = user(&store, "bob").await;
        let mut default = a_project(&ada, "Zoo");
        default.is_default = true;
        let copy = default.clone();
        write(&store, move |tx| Box::pin(async move { projects::insert(tx, &copy).await })).await;
        let shelf = project(&store, &ada, "Attic").await;
        project(&store, &bob, "Attic").await;
        let twin = a_project(&ada, "Attic");
        let refused = store.write(move |tx| Box::pin(async move { projects::insert(tx, &twin).await })).await;
        assert_eq!(taken(refused), Unique::ProjectName);
        assert_eq!(projects::find_default(&store, ada.id).await.unwrap(), Some(default.clone()));
        assert_eq!(projects::find_default(&store, bob.id).await.unwrap(), None);
        let names: Vec<_> =
            projects::list(&store, ada.id).await.unwrap().into_iter().map(|p| p.name).collect();
        assert_eq!(names, ["Zoo", "Attic"]);
        assert_eq!(projects::names_starting_with(&store, ada.id, "At").await.unwrap(), ["Attic"]);

        let (stays, goes) =
            (flow(&store, a_flow(&ada, "stays")).await, flow(&store, a_flow(&ada, "goes")).await);
        let (owner, thief, shelf) = (ada.id, bob.id, shelf.id);
        let (into, ids) = (default.id, [stays.id]);
        let moved = write(&store, move |tx| {
            Box::pin(async move {
                flows::move_to_project(tx, owner, &ids, into).await?;
                flows::move_to_project(tx, owner, &[goes.id], shelf).await
            })
        });
        assert_eq!(moved.await, 1);
        let drop_shelf = async |who| {
            write(&store, move |tx| Box::pin(async move { projects::delete(tx, who, shelf).await })).await
        };
        assert!(!drop_shelf(thief).await);
        assert!(drop_shelf(owner).await);
        assert!(!drop_shelf(owner).await);
        let left = flows::list(&store, owner, &FlowFilter::default()).await.unwrap();
        assert_eq!(left.items.iter().map(|flow| flow.name.as_str()).collect::<Vec<_>>(), ["stays"]);
    })
    .await;
}

fn version(flow_id: uuid::Uuid, version_number: i32) -> FlowVersion {
    FlowVersion {
        id: id(),
        flow_id,
        user_id: None,
        version_number,
        description: None,
        retained: version_number == 1,
        retained_reason: None,
        created_at: at(i64::from(version_number)),
        data: Some(raw("{ }")),
    }
}

#[tokio::test]
async fn versions_are_numbered_listed_and_pruned() {
    on_both(|store| async move {
        let ada = user(&store, "ada").await;
        let row = flow(&store, a_flow(&ada, "F")).await;
        let (owner, flow_id) = (ada.id, row.id);
        for expected in 1..=5 {
            let number = write(&store, move |tx| {
                Box::pin(async move {
                    let number = versions::next_number(tx, flow_id).await?;
                    versions::insert(tx, &version(flow_id, number)).await?;
                    Ok(number)
                })
            });
            assert_eq!(number.await, expected);
        }
        let twin = version(flow_id, 3);
        let refused = store.write(move |tx| Box::pin(async move { versions::insert(tx, &twin).await })).await;
        assert_eq!(taken(refused), Unique::VersionNumber);
        let pruned =
            write(&store, move |tx| Box::pin(async move { versions::prune(tx, flow_id, 2).await })).await;
        assert_eq!(pruned, 2, "two of three: the first is retained");
        let page = versions::list(&store, owner, flow_id, Window::new(2, 0)).await.unwrap();
        let numbers: Vec<_> = page.items.iter().map(|version| version.version_number).collect();
        assert_eq!((numbers, page.total), (vec![5, 4], 3));
        let newest = page.items[0].id;
        let data = versions::find(&store, owner, flow_id, newest).await.unwrap().unwrap().data;
        assert_eq!(data, Some(raw("{ }")));
        assert!(versions::find(&store, id(), flow_id, newest).await.unwrap().is_none());
        let delete = async |who| {
            write(&store, move |tx| Box::pin(async move { versions::delete(tx, who, flow_id, newest).await }))
                .await
        };
        assert!(!delete(id()).await);
        assert!(delete(owner).await);
    })
    .await;
}

//! Every route of Langflow 1.13.0 is a route here, or stands below with why it is not.
//!
//! `reference_routes.txt` lists them as its own router does, without the pages of its documentation.

/// Routes that are not there, by how their paths begin: rare ones and those of its governance (contract-flows 2.6,
/// 16 and 18). They answer as unknown paths do, 404 or 405, which its web interface takes for "not here".
const ABSENT: &[(&str, &str)] = &[
    ("/api/mcp/", "an alias of /api/v1/mcp/"),
    ("/api/v1/a2a/", "off, as LANGFLOW_A2A_ENABLED=False has it"),
    ("/api/v1/agentic/", "there is no assistant; check-config says so"),
    ("/api/v1/authz/audit", "there are no roles, teams and shares"),
    ("/api/v1/authz/role", "there are no roles, teams and shares"),
    ("/api/v1/authz/shares", "there are no roles, teams and shares"),
    ("/api/v1/authz/teams", "there are no roles, teams and shares"),
    ("/api/v1/catalog-policy/", "there is no policy of the catalogue"),
    ("/api/v1/connections", "there are no connections by OAuth; the list is empty"),
    ("/api/v1/data-subjects/", "requests of data subjects are not kept"),
    ("/api/v1/extensions/", "there are no extensions to reload"),
    ("/api/v1/flows/audits", "audits are one list: /api/v1/audits"),
    (
        "/api/v1/knowledge-base-storage/",
        "knowledge bases are kept in one place, the database; status says so",
    ),
    ("/api/v1/model-provider-policy", "there is no policy of providers"),
    ("/api/v1/policy-bundle", "there is no policy bundle"),
    ("/api/v1/projects/audits", "audits are one list: /api/v1/audits"),
    ("/api/v1/projects/{}/deployment-snapshot", "there are no deployments"),
    ("/api/v1/projects/{}/replacement-operations/", "there are no deployments"),
    ("/api/v1/store/", "the store is closed; check says so"),
    ("/api/v1/triggers", "runs are not started by a clock; the list is empty"),
    ("/api/v1/users/me/", "requests of data subjects are not kept"),
    ("/api/v1/voice/ws/", "there is no voice mode"),
    ("/api/v2/registration", "nobody is registered anywhere; reading says so"),
];

/// `{name}` of any name as `{}`, no slash at the end.
fn plain(path: &str) -> String {
    let parts = path.split('/').map(|part| if part.starts_with('{') { "{}" } else { part });
    parts.collect::<Vec<_>>().join("/").trim_end_matches('/').to_owned()
}

#[test]
fn every_route_of_the_reference_is_here_or_named() {
    let all = langflow_api::routes::all();
    let ours: Vec<(&str, String)> =
        all.table().iter().map(|route| (route.method, plain(&route.path))).collect();
    let has = |method: &str, path: &str| {
        ours.iter().any(|(known, own)| {
            let below = own.strip_suffix("{}").filter(|_| *known == "ANY" && own.contains("folders"));
            (*known == method && own == path)
                || (*known == "ANY" && method == "GET" && own == path)
                || below.is_some_and(|base| path.starts_with(base))
                || (*known == "ANY" && own == path && path.contains("folders"))
        })
    };
    let mut unused: Vec<&str> = ABSENT.iter().map(|(start, _)| *start).collect();
    let (mut missing, mut here, mut absent) = (Vec::new(), 0, 0);
    for line in include_str!("reference_routes.txt").lines() {
        let (method, path) = line.split_once(' ').unwrap();
        let path = plain(path);
        if has(method, &path) {
            here += 1;
        } else if let Some((start, _)) =
            ABSENT.iter().find(|(start, _)| format!("{path}/").starts_with(start))
        {
            unused.retain(|known| known != start);
            absent += 1;
        } else {
            missing.push(line);
        }
    }
    println!("{here} routes of the reference are here, {absent} are absent on purpose");
    assert!(missing.is_empty(), "not here and not named: {missing:#?}");
    assert!(unused.is_empty(), "named as absent, but here or unknown: {unused:?}");
}

//! The route table: path, methods, access class and documentation of every endpoint in one place.

use crate::AppState;
use crate::access::Access;
use crate::{common_answers, docs, fallback, guard, mcp, middleware, v1, v2};
use axum::extract::Request;
use axum::http::Uri;
use axum::http::uri::PathAndQuery;
use axum::middleware::from_fn;
use axum::routing::MethodRouter;
use axum::{Extension, Router};
use std::sync::Arc;
use tower::ServiceBuilder;
use utoipa::openapi::path::{HttpMethod, Paths};
use utoipa::openapi::{Info, OpenApi};
use utoipa_axum::router::UtoipaMethodRouter;

/// A registered endpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RouteInfo {
    pub method: &'static str,
    pub path: String,
    pub access: Access,
}

/// Endpoints of one module. The only way to register one, and it takes the access class.
#[derive(Default)]
pub struct Routes {
    router: Router<AppState>,
    paths: Paths,
    schemas: Vec<(String, utoipa::openapi::RefOr<utoipa::openapi::schema::Schema>)>,
    table: Vec<RouteInfo>,
}

impl Routes {
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds the endpoints of one path (`routes!(…)` of utoipa-axum) under one access class.
    ///
    /// The path answers with and without a trailing slash.
    pub fn add(mut self, access: Access, routes: UtoipaMethodRouter<AppState>) -> Self {
        let (schemas, mut paths, methods) = routes;
        paths.paths.values_mut().for_each(|item| common_answers::document(item, access));
        let methods: MethodRouter<AppState> = methods.layer(from_fn(guard::admit));
        let methods = methods.layer(Extension(access));
        for (path, item) in &paths.paths {
            for method in methods_of(item) {
                self.table.push(RouteInfo { method, path: path.clone(), access });
            }
            self.router = self.router.route(path, methods.clone());
            let twin = match path.strip_suffix('/') {
                Some(bare) => bare.to_owned(),
                None => format!("{path}/"),
            };
            if !twin.is_empty() {
                self.router = self.router.route(&twin, methods.clone());
            }
        }
        for (path, item) in paths.paths {
            match self.paths.paths.get_mut(&path) {
                Some(known) => known.merge_operations(item),
                None => {
                    self.paths.paths.insert(path, item);
                }
            }
        }
        self.schemas.extend(schemas);
        self
    }

    /// Adds a path that the OpenAPI document does not show (pages, redirects).
    pub fn add_hidden(mut self, access: Access, path: &str, methods: MethodRouter<AppState>) -> Self {
        self.table.push(RouteInfo { method: "ANY", path: path.to_owned(), access });
        let methods: MethodRouter<AppState> = methods.layer(from_fn(guard::admit));
        self.router = self.router.route(path, methods.layer(Extension(access)));
        self
    }

    /// All endpoints of another module too.
    pub fn merge(mut self, other: Self) -> Self {
        self.router = self.router.merge(other.router);
        for (path, item) in other.paths.paths {
            match self.paths.paths.get_mut(&path) {
                Some(known) => known.merge_operations(item),
                None => {
                    self.paths.paths.insert(path, item);
                }
            }
        }
        self.schemas.extend(other.schemas);
        self.table.extend(other.table);
        self
    }

    pub fn table(&self) -> &[RouteInfo] {
        &self.table
    }

    /// The OpenAPI document of these endpoints.
    pub fn openapi(&self) -> OpenApi {
        let mut document = OpenApi::new(Info::new("Langflow", "1.13.0"), self.paths.clone());
        let mut components = utoipa::openapi::Components::new();
        for (name, schema) in &self.schemas {
            components.schemas.insert(name.clone(), schema.clone());
        }
        document.components = Some(components);
        document
    }

    pub fn into_router(self) -> Router<AppState> {
        self.router
    }
}

fn methods_of(item: &utoipa::openapi::PathItem) -> Vec<&'static str> {
    [
        (HttpMethod::Get, "GET", item.get.is_some()),
        (HttpMethod::Post, "POST", item.post.is_some()),
        (HttpMethod::Put, "PUT", item.put.is_some()),
        (HttpMethod::Patch, "PATCH", item.patch.is_some()),
        (HttpMethod::Delete, "DELETE", item.delete.is_some()),
        (HttpMethod::Head, "HEAD", item.head.is_some()),
    ]
    .into_iter()
    .filter_map(|(_, name, present)| present.then_some(name))
    .collect()
}

/// Every endpoint of the server.
pub fn all() -> Routes {
    let groups = [
        mcp::routes(),
        v1::absent::routes(),
        v1::api_key::routes(),
        v1::audits::routes(),
        v1::build::routes(),
        v1::build_public::routes(),
        v1::build_vertices::routes(),
        v1::catalogue::routes(),
        v1::approved_code::routes(),
        v1::config::routes(),
        v1::files::routes(),
        v1::flows::routes(),
        v1::folders::routes(),
        v1::health::routes(),
        v1::knowledge_bases::routes(),
        v1::memories::routes(),
        v1::login::routes(),
        v1::models::routes(),
        v1::logs::routes(),
        v1::monitor::routes(),
        v1::permissions::routes(),
        v1::projects::routes(),
        v1::responses::routes(),
        v1::runs::routes(),
        v1::sessions::routes(),
        v1::users::routes(),
        v1::variables::routes(),
        v1::webhook::routes(),
        v2::files::routes(),
        v2::mcp_servers::routes(),
        v2::workflows::routes(),
    ];
    let endpoints = groups.into_iter().fold(Routes::new(), Routes::merge);
    let document = endpoints.openapi();
    endpoints.merge(docs::routes(&document))
}

/// The whole HTTP service.
pub fn router(state: AppState) -> Router {
    let routes = all()
        .into_router()
        .layer(Extension(Arc::new(mcp::Live::default())))
        .fallback(fallback::unknown_path)
        .method_not_allowed_fallback(fallback::unknown_method);
    let root = state.settings.auth.root_path.trim_end_matches('/').to_owned();
    let service = middleware::stack(routes, &state).with_state(state);
    if root.is_empty() {
        return service;
    }
    // A proxy may strip the prefix or pass it on: both are answered.
    Router::new().fallback_service(
        ServiceBuilder::new().map_request(move |request| without_prefix(&root, request)).service(service),
    )
}

/// The request without the prefix of `LANGFLOW_ROOT_PATH` in its path.
fn without_prefix(root: &str, mut request: Request) -> Request {
    let stripped = request.uri().path_and_query().and_then(|whole| {
        let rest = whole.as_str().strip_prefix(root)?;
        let rest =
            if rest.is_empty() || rest.starts_with('?') { format!("/{rest}") } else { rest.to_owned() };
        rest.starts_with('/').then(|| rest.parse::<PathAndQuery>().ok())?
    });
    if let Some(path) = stripped {
        let mut parts = request.uri().clone().into_parts();
        parts.path_and_query = Some(path);
        if let Ok(uri) = Uri::from_parts(parts) {
            *request.uri_mut() = uri;
        }
    }
    request
}

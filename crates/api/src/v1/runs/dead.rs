//! Routes that are gone and say where to go.

use crate::error::ApiResult;
use langflow_app::AppError;

fn gone(path: &str) -> AppError {
    AppError::bad_request(format!("The /{path} endpoint is no longer served. Please use /run instead."))
}

/// Gone: use `/run`.
#[utoipa::path(post, path = "/api/v1/process/{flow_id}", tag = "runs",
    params(("flow_id" = String, Path, description = "Ignored")), responses((status = 400, description = "Gone")))]
pub(super) async fn process() -> ApiResult<()> {
    Err(gone("process").into())
}

/// Gone: use `/run`.
#[utoipa::path(post, path = "/api/v1/predict/{flow_id}", tag = "runs",
    params(("flow_id" = String, Path, description = "Ignored")), responses((status = 400, description = "Gone")))]
pub(super) async fn predict() -> ApiResult<()> {
    Err(gone("predict").into())
}

/// Gone: use `/run`.
#[utoipa::path(get, path = "/api/v1/task/{task_id}", tag = "runs",
    params(("task_id" = String, Path, description = "Ignored")), responses((status = 400, description = "Gone")))]
pub(super) async fn task() -> ApiResult<()> {
    Err(gone("task").into())
}

//! Questions to Yahoo! Finance.

use super::remote::{ANSWER_BYTES, ask, objects, row, text_of};
use langflow_core::run::Cx;
use langflow_core::{Fault, FaultKind, Json, JsonMap};
use langflow_providers::http::Call;
use serde_json::json;

const API: &str = "https://query1.finance.yahoo.com";
/// The page that gives the cookie which the API wants.
const COOKIE_PAGE: &str = "https://fc.yahoo.com/";

/// What may be asked.
pub const METHODS: [&str; 26] = [
    "get_info",
    "get_news",
    "get_actions",
    "get_analysis",
    "get_balance_sheet",
    "get_calendar",
    "get_cashflow",
    "get_institutional_holders",
    "get_recommendations",
    "get_sustainability",
    "get_major_holders",
    "get_mutualfund_holders",
    "get_insider_purchases",
    "get_insider_transactions",
    "get_insider_roster_holders",
    "get_dividends",
    "get_capital_gains",
    "get_splits",
    "get_shares",
    "get_fast_info",
    "get_sec_filings",
    "get_recommendations_summary",
    "get_upgrades_downgrades",
    "get_earnings",
    "get_income_stmt",
    "get_history",
];

/// The parts of the summary that answer a question.
fn modules(method: &str) -> Option<&'static str> {
    Some(match method {
        "get_info" => "assetProfile,summaryDetail,financialData,quoteType,defaultKeyStatistics",
        "get_fast_info" | "get_shares" => "price,summaryDetail,defaultKeyStatistics",
        "get_analysis" => "earningsTrend",
        "get_balance_sheet" => "balanceSheetHistory",
        "get_cashflow" => "cashflowStatementHistory",
        "get_income_stmt" => "incomeStatementHistory",
        "get_calendar" => "calendarEvents",
        "get_institutional_holders" => "institutionOwnership",
        "get_major_holders" => "majorHoldersBreakdown",
        "get_mutualfund_holders" => "fundOwnership",
        "get_insider_purchases" => "netSharePurchaseActivity",
        "get_insider_transactions" => "insiderTransactions",
        "get_insider_roster_holders" => "insiderHolders",
        "get_recommendations" | "get_recommendations_summary" => "recommendationTrend",
        "get_upgrades_downgrades" => "upgradeDowngradeHistory",
        "get_sustainability" => "esgScores",
        "get_sec_filings" => "secFilings",
        "get_earnings" => "earnings",
        _ => return None,
    })
}

/// The answer to one question about one company.
pub async fn fetch(symbol: &str, method: &str, news: usize, cx: &Cx) -> Result<Vec<JsonMap>, Fault> {
    let symbol = symbol.trim().to_uppercase();
    let is_symbol = !symbol.is_empty()
        && symbol.len() <= 20
        && symbol.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '^' | '='));
    if !is_symbol {
        return Err(Fault::invalid("that is no symbol of a company").at_field("symbol"));
    }
    let events = match method {
        "get_news" => return read_news(&symbol, news, cx).await,
        "get_actions" => "div,splits,capitalGains",
        "get_dividends" => "div",
        "get_splits" => "splits",
        "get_capital_gains" => "capitalGains",
        "get_history" => "",
        _ => {
            let modules = modules(method).ok_or_else(|| {
                Fault::invalid(format!("there is no question '{method}'")).at_field("method")
            })?;
            return Ok(vec![row(json!({"text": summary(&symbol, modules, cx).await?.to_string()}))]);
        }
    };
    let range = if events.is_empty() { "1mo" } else { "max" };
    let interval = if events.is_empty() { "1d" } else { "3mo" };
    let call = Call::get(format!("{API}/v8/finance/chart/{symbol}")).query(&[
        ("range", range),
        ("interval", interval),
        ("events", events),
    ]);
    let answer = ask(call, "Yahoo", cx).await?;
    let pointer = if events.is_empty() { "/chart/result/0" } else { "/chart/result/0/events" };
    let found = answer.pointer(pointer).cloned().unwrap_or_else(|| json!({}));
    Ok(vec![row(json!({"text": found.to_string()}))])
}

async fn read_news(symbol: &str, count: usize, cx: &Cx) -> Result<Vec<JsonMap>, Fault> {
    let most = count.clamp(1, 100);
    let call = Call::get(format!("{API}/v1/finance/search")).query(&[
        ("q", symbol),
        ("newsCount", &most.to_string()),
        ("quotesCount", "0"),
    ]);
    let found = objects(&ask(call, "Yahoo", cx).await?, "/news");
    let item = |news: JsonMap| {
        let (title, link) = (text_of(&news, "title"), text_of(&news, "link"));
        row(
            json!({"text": format!("{title}: {link}"), "title": title, "link": link, "publisher": news.get("publisher")}),
        )
    };
    Ok(found.into_iter().take(most).map(item).collect())
}

/// The summary is given only to who shows a cookie and the crumb that belongs to it.
async fn summary(symbol: &str, modules: &str, cx: &Cx) -> Result<Json, Fault> {
    let page = Call::get(COOKIE_PAGE).send(&*cx.egress()).await?;
    let cookies =
        page.headers.get_all("set-cookie").iter().filter_map(|value| value.to_str().ok()?.split(';').next());
    let cookie = cookies.collect::<Vec<_>>().join("; ");
    let call = Call::get(format!("{API}/v1/test/getcrumb")).secret_header("cookie", &cookie);
    let crumb = call.send_ok(&*cx.egress(), "Yahoo").await?.bytes(ANSWER_BYTES).await?;
    let crumb = String::from_utf8_lossy(&crumb).trim().to_owned();
    if crumb.is_empty() || crumb.len() > 100 {
        return Err(Fault::new(FaultKind::Unavailable, "Yahoo gave no crumb for the question"));
    }
    let call = Call::get(format!("{API}/v10/finance/quoteSummary/{symbol}"))
        .query(&[("modules", modules), ("crumb", &crumb)])
        .secret_header("cookie", &cookie);
    let answer = ask(call, "Yahoo", cx).await?;
    Ok(answer.pointer("/quoteSummary/result/0").cloned().unwrap_or_else(|| json!({})))
}

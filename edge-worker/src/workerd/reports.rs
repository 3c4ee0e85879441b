//! `/reports/csp`: what browsers report.

use super::api::within;
use super::glue;
use super::incoming::Incoming;
use super::reply::{Reply, Trail};
use crate::address::limit_key;
use crate::policy::{Kind, csp};
use crate::refusal::Refusal;
use crate::reports;

/// How long a report may take to arrive, in milliseconds.
const TIMEOUT: u32 = 5_000;

pub(super) async fn take(incoming: &Incoming<'_>, trail: &mut Trail) -> Result<Reply, Refusal> {
    trail.route = Some(csp::REPORT_PATH.into());
    if incoming.method != "POST" {
        return Err(Refusal::UnknownMethod(String::from("POST")));
    }
    if !reports::is_report_type(incoming.content_type) {
        return Err(Refusal::MediaType);
    }
    within(&["LIMIT_REPORTS ", &limit_key(incoming.address)].concat()).await?;
    let bytes = glue::read_body(reports::MAX_BYTES, TIMEOUT).await.bytes.ok_or(Refusal::TooLarge)?;
    let malformed = || {
        let violation = shared::FieldCode::Malformed.because("this is not a report");
        Refusal::Undecodable(Box::new(shared::FieldError::new("", &violation)))
    };
    for report in reports::read(&bytes).ok_or_else(malformed)? {
        if let Ok(line) = serde_json::to_string(&report) {
            glue::log(&line);
        }
    }
    Ok(Reply::empty(Kind::Api, 204, "served"))
}

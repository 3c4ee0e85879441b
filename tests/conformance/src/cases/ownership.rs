//! Who may see what. To a customer, what is another's, what is malformed and what does not exist are one and the same.

use reqwest::{Method, StatusCode};
use shared::endpoints::tickets::{GetTicket, ListQuery, ListTickets, ThreadQuery, TicketPath};
use shared::{Auth, Endpoint, Nothing, RequestBody, RequestKind};

use super::{Report, ensure, fresh_key};
use crate::caller::{Answer, Caller, CallerError};

/// Ids that a customer might try instead of their own.
const STRANGE_IDS: [&str; 12] = [
    "0",
    "-1",
    "1",
    "3abc",
    "99999999999999999999999999",
    "tk_",
    "tk_0000000000000000000000000i",
    "TK_00000000000000000000000001",
    "ms_00000000000000000000000001",
    "%31",
    "tk_0000000000000000000000000%30",
    "\u{0661}\u{0662}",
];

/// Every route with a ticket id, with ids of every wrong form.
pub(super) async fn ids(report: &mut Report, caller: &Caller) {
    macro_rules! each {
        ($($endpoint:path,)*) => { $(strange_ids::<$endpoint>(report, caller).await;)* };
    }
    shared::endpoints!(each);
}

/// A request that would succeed for an owner, as far as its body goes.
async fn ask<E: Endpoint>(caller: &Caller, path: &str) -> Result<Answer, CallerError> {
    let method = Method::from_bytes(E::METHOD.as_str().as_bytes()).unwrap_or_default();
    let body = match E::ID {
        "reply" => r#"{"body":"x"}"#,
        "setStatus" => r#"{"status":"resolved"}"#,
        "markRead" => r#"{"up_to":"2026-01-01T00:00:00Z"}"#,
        "rate" => r#"{"score":"great"}"#,
        _ => "",
    };
    let key = fresh_key();
    let mut headers = Vec::new();
    if E::Request::KIND == RequestKind::Json {
        headers.push(("content-type", "application/json"));
    }
    if E::IDEMPOTENT_BY_KEY {
        headers.push((shared::IdempotencyKey::HEADER, key.as_str()));
    }
    caller.raw(method, path, &headers, body.as_bytes().to_vec()).await
}

fn with_ticket<E: Endpoint>(ticket: &str) -> String {
    E::PATH
        .replace("{ticket_id}", ticket)
        .replace("{message_id}", &shared::MessageId::from_bits(1).to_string())
        .replace("{attachment_id}", &shared::AttachmentId::from_bits(1).to_string())
}

async fn strange_ids<E: Endpoint>(report: &mut Report, caller: &Caller) {
    if !E::PATH.contains("{ticket_id}") || E::AUTH != Auth::Bearer {
        return;
    }
    let nobodys = ask::<E>(caller, &with_ticket::<E>(&shared::TicketId::from_bits(1).to_string())).await;
    let Some(nobodys) = report.note(
        &format!("{} of nobody's ticket is 404", E::ID),
        nobodys.and_then(|answer| {
            answer.problem(StatusCode::NOT_FOUND)?;
            Ok(answer.shape())
        }),
    ) else {
        return;
    };
    for id in STRANGE_IDS {
        let answer = ask::<E>(caller, &with_ticket::<E>(id)).await;
        let checked = answer.and_then(|answer| {
            ensure(
                answer.shape() == nobodys,
                format!("{} differs from nobody's: {:?} and {nobodys:?}", answer.asked, answer.shape()),
            )
        });
        report.note(&format!("{} of {id:?} is the same 404", E::ID), checked);
    }
}

/// Every route, by one customer, with the other's tickets.
pub(super) async fn strangers(report: &mut Report, one: &Caller, other: &Caller) {
    let query = ListQuery::default();
    let mine = one.call::<ListTickets>(&(), &query, &Nothing, None).await;
    let theirs = other.call::<ListTickets>(&(), &query, &Nothing, None).await;
    let (Some(mine), Some(theirs)) =
        (report.note("one customer's list", mine), report.note("the other customer's list", theirs))
    else {
        return;
    };
    let shared_ids = mine.items.iter().filter(|ticket| theirs.items.iter().any(|their| their.id == ticket.id)).count();
    let _ = report.note(
        "the two lists have nothing in common",
        ensure(shared_ids == 0, format!("{shared_ids} tickets are in both")),
    );
    let Some(target) = theirs.items.first() else {
        let _ = report.note("the other customer has a ticket to try", ensure(false, "the list is empty"));
        return;
    };
    let path = TicketPath { ticket_id: target.id };
    let owner = other.call::<GetTicket>(&path, &ThreadQuery::default(), &Nothing, None).await;
    report.note("its owner can read it", owner);
    let target = target.id.to_string();
    macro_rules! each {
        ($($endpoint:path,)*) => { $(strangers_ticket::<$endpoint>(report, one, &target).await;)* };
    }
    shared::endpoints!(each);
    let after = other.call::<GetTicket>(&path, &ThreadQuery::default(), &Nothing, None).await;
    report.note("it is still its owner's", after);
}

async fn strangers_ticket<E: Endpoint>(report: &mut Report, caller: &Caller, target: &str) {
    if !E::PATH.contains("{ticket_id}") || E::AUTH != Auth::Bearer {
        return;
    }
    let theirs = ask::<E>(caller, &with_ticket::<E>(target)).await;
    let nobodys = ask::<E>(caller, &with_ticket::<E>(&shared::TicketId::from_bits(1).to_string())).await;
    let checked = theirs.and_then(|theirs| {
        theirs.problem(StatusCode::NOT_FOUND)?;
        let nobodys = nobodys?;
        ensure(theirs.shape() == nobodys.shape(), format!("{:?} differs from {:?}", theirs.shape(), nobodys.shape()))
    });
    report.note(&format!("{} of another customer's ticket is the 404 of nobody's", E::ID), checked);
}

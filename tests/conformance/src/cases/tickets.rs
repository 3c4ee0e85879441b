//! The life of a ticket.

use reqwest::StatusCode;
use shared::endpoints::account::ExportData;
use shared::endpoints::auth::RenewSession;
use shared::endpoints::desk::ListTopics;
use shared::endpoints::events::Subscribe;
use shared::endpoints::tickets::{
    CreateTicket, GetTicket, ListQuery, ListTickets, MarkRead, MessagePath, NewRating, NewReply, PageSize, Rate,
    ReadMarker, Reply, RequestedStatus, Score, SetStatus, StatusChange, StatusFilter, ThreadQuery, TicketPath,
    TicketStatus, TicketSummary, WithdrawReply,
};
use shared::{List, Nothing, ProblemCode, RequestBody, Text};

use super::errors::small_ticket;
use super::{Report, ensure, fresh_key};
use crate::caller::{Caller, CallerError};

/// Everything that one customer does.
pub(super) async fn all(report: &mut Report, caller: &Caller) {
    report.note("topics", caller.call::<ListTopics>(&(), &(), &Nothing, None).await);
    report.note("the session can be renewed", caller.call::<RenewSession>(&(), &(), &Nothing, None).await);
    lists(report, caller).await;
    if let Some(ticket) = create(report, caller).await {
        life(report, caller, &ticket).await;
    }
    report.note("the export is of its type", caller.call::<ExportData>(&(), &(), &Nothing, None).await);
    let events = caller.ask::<Subscribe>(&(), &(), Vec::new(), None).await;
    report.note(
        "the stream of events opens",
        events.and_then(|answer| {
            let kind = answer.header("content-type").unwrap_or_default();
            ensure(
                answer.status == 200 && kind.starts_with("text/event-stream"),
                format!("status {}, type {kind}", answer.status),
            )
        }),
    );
}

async fn lists(report: &mut Report, caller: &Caller) {
    let everything = caller.call::<ListTickets>(&(), &ListQuery::default(), &Nothing, None).await;
    let Some(page) = report.note("the list is of its type", everything) else { return };
    let newest_first = page.items.windows(2).all(|pair| pair[0].last_activity_at >= pair[1].last_activity_at);
    let _ = report.note("the newest activity comes first", ensure(newest_first, "the order is another"));
    for filter in StatusFilter::ALL {
        let query = ListQuery { status: Some(*filter), ..ListQuery::default() };
        let filtered = caller.call::<ListTickets>(&(), &query, &Nothing, None).await;
        let checked = filtered.and_then(|page| {
            let fits = |status: TicketStatus| match filter {
                StatusFilter::All => true,
                StatusFilter::Open => status != TicketStatus::Resolved,
                StatusFilter::Received => status == TicketStatus::Received,
                StatusFilter::Working => status == TicketStatus::Working,
                StatusFilter::WaitingForYou => status == TicketStatus::WaitingForYou,
                StatusFilter::Resolved => status == TicketStatus::Resolved,
            };
            ensure(page.items.iter().all(|ticket| fits(ticket.status)), "a ticket of another status is in the list")
        });
        report.note(&format!("the list of {} holds nothing else", filter.as_str()), checked);
    }
    report.note("pages hold every ticket once", pages(caller, page.items.len()).await);
}

async fn pages(caller: &Caller, at_least: usize) -> Result<(), CallerError> {
    let mut seen = Vec::new();
    let mut cursor = None;
    for _ in 0..200 {
        let query = ListQuery { limit: PageSize::new(2), cursor: cursor.take(), ..ListQuery::default() };
        let page = caller.call::<ListTickets>(&(), &query, &Nothing, None).await?;
        ensure(page.items.len() <= 2, "a page holds more than was asked for")?;
        seen.extend(page.items.iter().map(|ticket| ticket.id));
        cursor = page.next_cursor;
        if cursor.is_none() || seen.len() > 60 {
            break;
        }
    }
    let count = seen.len();
    seen.sort();
    seen.dedup();
    ensure(seen.len() == count, "a ticket is on two pages")?;
    ensure(count >= at_least.min(50), format!("{count} tickets in pages, {at_least} in one"))
}

async fn create(report: &mut Report, caller: &Caller) -> Option<TicketSummary> {
    let key = fresh_key();
    let ticket = small_ticket("Conformance run");
    let created = caller.call::<CreateTicket>(&(), &(), &ticket, Some(&key)).await;
    let created = report.note("a ticket can be opened", created)?;
    let again = caller.call::<CreateTicket>(&(), &(), &ticket, Some(&key)).await;
    report.note(
        "the same key and body give the first answer again",
        again.and_then(|again| ensure(again.id == created.id, format!("{} and {}", again.id, created.id))),
    );
    let other = caller.ask::<CreateTicket>(&(), &(), small_ticket("Another subject").encode(), Some(&key)).await;
    report.note(
        "the same key with another body is 422",
        other.and_then(|answer| {
            let problem = answer.problem(StatusCode::UNPROCESSABLE_ENTITY)?;
            ensure(problem.code == ProblemCode::IdempotencyConflict, format!("code is {:?}", problem.code))
        }),
    );
    let listed = caller.call::<ListTickets>(&(), &ListQuery::default(), &Nothing, None).await;
    report.note(
        "it is in the list, once, with its subject",
        listed.and_then(|page| {
            let found: Vec<_> = page.items.iter().filter(|listed| listed.id == created.id).collect();
            ensure(found.len() == 1 && found[0].subject == created.subject, format!("found {} times", found.len()))
        }),
    );
    Some(created)
}

async fn life(report: &mut Report, caller: &Caller, ticket: &TicketSummary) {
    let path = TicketPath { ticket_id: ticket.id };
    let thread = ThreadQuery::default();
    let read = caller.call::<GetTicket>(&path, &thread, &Nothing, None).await;
    report.note(
        "it can be read, with its message",
        read.and_then(|read| {
            ensure(
                read.messages.len() == 1 && read.status == TicketStatus::Received,
                format!("{} messages, {:?}", read.messages.len(), read.status),
            )
        }),
    );
    let key = fresh_key();
    let reply = NewReply { body: Text::fitted("To be withdrawn.").unwrap_or_default(), uploads: List::default() };
    let replied = caller.call::<Reply>(&path, &(), &reply, Some(&key)).await;
    if let Some(message) = report.note("a reply is accepted", replied) {
        let again = caller.call::<Reply>(&path, &(), &reply, Some(&key)).await;
        report.note(
            "the same reply again is the same message",
            again.and_then(|again| ensure(again.id == message.id, format!("{} and {}", again.id, message.id))),
        );
        let place = MessagePath { ticket_id: ticket.id, message_id: message.id };
        let withdrawn = caller.call::<WithdrawReply>(&place, &(), &Nothing, None).await;
        report.note("it can be withdrawn before it leaves", withdrawn);
        let after = caller.call::<GetTicket>(&path, &thread, &Nothing, None).await;
        report.note(
            "a withdrawn reply is not in the thread",
            after
                .and_then(|after| ensure(after.messages.iter().all(|left| left.id != message.id), "it is still there")),
        );
    }
    let marker = ReadMarker { up_to: ticket.last_activity_at };
    report.note("the read marker can be set", caller.call::<MarkRead>(&path, &(), &marker, None).await);
    for (status, expected) in [(RequestedStatus::Resolved, true), (RequestedStatus::Reopened, false)] {
        let changed = caller.call::<SetStatus>(&path, &(), &StatusChange { status }, None).await;
        report.note(
            &format!("the ticket can be {}", status.as_str()),
            changed.and_then(|state| {
                ensure((state.status == TicketStatus::Resolved) == expected, format!("status is {:?}", state.status))
            }),
        );
    }
    for score in [Score::Okay, Score::Great] {
        let rated = caller.call::<Rate>(&path, &(), &NewRating { score, comment: None }, None).await;
        report.note(
            &format!("the ticket can be rated {}", score.as_str()),
            rated.and_then(|rating| ensure(rating.score == score, format!("score is {:?}", rating.score))),
        );
    }
}

//! The outbox, and the keys that make a submission one.

use super::*;

/// Leases what is due and keeps what belongs to this ticket.
async fn lease(store: &Store, ticket: TicketId, now: Timestamp) -> Vec<PendingSubmission> {
    let until = Timestamp::from_millis(now.millis() + 100);
    let leased = store.lease_due(now, until, 100).await.unwrap();
    leased.into_iter().filter(|submission| submission.ticket == ticket).collect()
}

pub(super) async fn outbox(store: &Store) {
    let id = customer(store).await;
    let mut new = copy(id, None, 0, "new");
    new.ticket.number = None;
    let ticket = new.ticket.id;
    let opening = submission(id, ticket, SubmissionKind::Ticket, 0);
    accept(store, &opening, Some(&new)).await;
    let reply = submission(id, ticket, SubmissionKind::Reply, 5);
    accept(store, &reply, None).await;
    // The older one alone, and only once.
    let leased = lease(store, ticket, later(50)).await;
    assert_eq!(leased.iter().map(|leased| leased.id).collect::<Vec<_>>(), [opening.id]);
    assert!(lease(store, ticket, later(60)).await.is_empty());
    store.begin_attempt(opening.id, later(60)).await.unwrap();
    // The process died: the next lease says that an attempt may have succeeded.
    let leased = lease(store, ticket, later(200)).await;
    assert_eq!((leased[0].first_attempt_at, leased[0].last_attempt_at), (Some(later(60)), Some(later(200))));
    store.put_off(opening.id, later(300), false, later(210)).await.unwrap();
    assert!(lease(store, ticket, later(299)).await.is_empty());
    let leased = lease(store, ticket, later(300)).await;
    assert_eq!((leased[0].first_attempt_at, leased[0].attempts), (Some(later(60)), 1));
    store.put_off(opening.id, later(400), true, later(310)).await.unwrap();
    assert_eq!(lease(store, ticket, later(500)).await[0].first_attempt_at, None);
    let found = conversation();
    // The copier met the conversation first; the id that the customer was told wins.
    let early = copy(id, Some(found), 0, "early");
    store.put_copy(&early).await.unwrap();
    let thread = ThreadId::new(conversation());
    let arrival = Arrival { opened: ConversationId::new(found), number: Some(9), thread, follow_up: None };
    store.delivered(&opening, &arrival).await.unwrap();
    let arrived = store.ticket(id, ticket).await.unwrap().unwrap();
    assert_eq!((arrived.number, arrived.revision.as_str()), (Some(9), ""));
    assert!(store.ticket(id, early.ticket.id).await.unwrap().is_none());
    assert_eq!(store.delivered_threads(ticket).await.unwrap(), thread.into_iter().collect::<Vec<_>>());
    // Now the reply's turn. What is leased cannot be withdrawn; what waits can, once.
    assert_eq!(lease(store, ticket, later(600)).await[0].id, reply.id);
    assert!(!store.withdraw(reply.id).await.unwrap());
    store.failed(reply.id, ProblemCode::TooLarge).await.unwrap();
    let failed = store.pending(reply.id).await.unwrap().unwrap();
    assert_eq!((failed.state, failed.reason), (SubmissionState::Failed, Some(ProblemCode::TooLarge)));
    let last = submission(id, ticket, SubmissionKind::Reply, 700);
    accept(store, &last, None).await;
    let (one, two) = tokio::join!(store.withdraw(last.id), store.withdraw(last.id));
    assert!(one.unwrap() && two.unwrap(), "taking back twice is taking back once");
    assert!(lease(store, ticket, later(900)).await.is_empty());
    store.forget_delivered(&[opening.id, reply.id]).await.unwrap();
    assert!(store.pending(opening.id).await.unwrap().is_none());
    assert!(store.pending(reply.id).await.unwrap().is_some(), "what failed is kept");
}

pub(super) async fn idempotency(store: &Store) {
    let id = customer(store).await;
    let new = copy(id, None, 0, "new");
    let opening = submission(id, new.ticket.id, SubmissionKind::Ticket, 0);
    let claim = claim(&opening);
    let accept = |claim: Claim, now| {
        let (opening, new) = (opening.clone(), new.clone());
        async move {
            let submitted = Submitted { submission: &opening, new_ticket: Some(&new), uploads: &[], claim: &claim };
            store.accept(&submitted, now).await.unwrap()
        }
    };
    assert_eq!(store.earlier_claim(&claim, NOW).await.unwrap(), None);
    let (one, two) = tokio::join!(accept(claim.clone(), NOW), accept(claim.clone(), NOW));
    assert!(matches!((&one, &two), (ClaimOutcome::New, ClaimOutcome::Busy) | (ClaimOutcome::Busy, ClaimOutcome::New)));
    let mut other = claim.clone();
    other.request_hash = "other".into();
    assert_eq!(accept(other, NOW).await, ClaimOutcome::Conflict);
    let replay = |answer: Option<&str>| ClaimOutcome::Replay {
        message: opening.id,
        ticket: opening.ticket,
        answer: answer.map(str::to_owned),
    };
    assert_eq!(accept(claim.clone(), later(1001)).await, replay(None));
    store.settle_claim(&claim, Some("{}")).await.unwrap();
    store.settle_claim(&claim, Some("another")).await.unwrap();
    assert_eq!(accept(claim.clone(), later(10)).await, replay(Some("{}")), "the first answer stays");
    assert_eq!(store.earlier_claim(&claim, later(86_400_001)).await.unwrap(), None, "a key is remembered for a day");
}

//! The store: one suite, run on SQLite and on Postgres.
use raptor::audit::Entry;
use raptor::config::DatabaseUrl;
use raptor::helpdesk::{ConversationId, ThreadId};
use raptor::store::{
    Arrival, CeremonyPurpose, Claim, ClaimOutcome, ListFilter, ListPosition, NewCustomer, NewSession, NewUpload,
    PendingSubmission, Store, StoreError, StoredCeremony, StoredCredential, StoredRating, StoredTicket, StoredUpload,
    SubmissionKind, SubmissionState, Submitted, TicketCopy,
};
use shared::endpoints::tickets::{Author, AuthorKind, Score, Sort, StatusFilter, TicketStatus};
use shared::{
    CeremonyId, CustomerId, IdempotencyKey, Line, LiveEvent, MessageId, ProblemCode, TicketId, Timestamp, UploadId,
};

use crate::support::postgres::Postgres;

const NOW: Timestamp = Timestamp::from_millis(1_795_000_000_000);

fn later(millis: i64) -> Timestamp {
    Timestamp::from_millis(NOW.millis() + millis)
}

fn bits() -> u128 {
    raptor::random::bits()
}

/// The suite. Every part works on customers of its own, so that it can run on a database that is not empty.
async fn conforms(store: &Store) {
    customers(store).await;
    ceremonies_and_sessions(store).await;
    tickets(store).await;
    outbox(store).await;
    idempotency(store).await;
    uploads(store).await;
    events_and_audit(store).await;
}

async fn customer(store: &Store) -> CustomerId {
    let id = CustomerId::from_bits(bits());
    let email = Line::new(format!("{id}@example.test")).unwrap();
    let new = NewCustomer { id, name: Line::new("Ada ünïcode \u{1f99d}").unwrap(), email };
    let credential = StoredCredential { id: id.bits().to_be_bytes().to_vec(), customer: id, passkey: "{}".into() };
    store.enrol(&new, &credential, NOW).await.unwrap();
    id
}

async fn customers(store: &Store) {
    let (one, two) = (customer(store).await, customer(store).await);
    let profile = store.customer(one).await.unwrap().unwrap();
    assert_eq!((profile.name.as_str(), profile.helpdesk_id), ("Ada ünïcode \u{1f99d}", None));
    let desk = raptor::helpdesk::CustomerId::new(bits() as u64 >> 2 | 1).unwrap();
    store.link_customer(one, desk).await.unwrap();
    assert!(matches!(store.link_customer(two, desk).await, Err(StoreError::Taken)));
    let another = raptor::helpdesk::CustomerId::new(desk.get() ^ 2).unwrap();
    store.link_customer(one, another).await.unwrap();
    assert_eq!(store.customer(one).await.unwrap().unwrap().helpdesk_id, Some(desk), "a link is made once");
    assert_eq!(store.customer_of(desk).await.unwrap(), Some(one));
    let email = store.customer(two).await.unwrap().unwrap().email;
    assert!(matches!(store.change_email(one, &email, NOW).await, Err(StoreError::Taken)));
    assert!(store.customer(CustomerId::from_bits(1)).await.unwrap().is_none());
    let first = store.setting("suite", "first").await.unwrap();
    assert_eq!(store.setting("suite", "second").await.unwrap(), first);
    store.set_synced(one, NOW, false).await.unwrap();
    let times = store.sync_times(one).await.unwrap();
    assert_eq!((times.synced_at, times.swept_at), (Some(NOW), None));
    store.set_synced(one, later(1), true).await.unwrap();
    assert_eq!(store.sync_times(one).await.unwrap().swept_at, Some(later(1)));
}

async fn ceremonies_and_sessions(store: &Store) {
    let id = customer(store).await;
    let ceremony = StoredCeremony {
        id: CeremonyId::from_bits(bits()),
        purpose: CeremonyPurpose::Enrolment,
        state: "{\"a\":1}".into(),
        customer: Some(id),
        display_name: Some(Line::new("Ada").unwrap()),
        expires_at: later(1000),
    };
    store.begin_ceremony(&ceremony, NOW).await.unwrap();
    let (one, two) = tokio::join!(store.take_ceremony(ceremony.id), store.take_ceremony(ceremony.id));
    let taken: Vec<_> = [one.unwrap(), two.unwrap()].into_iter().flatten().collect();
    assert_eq!(taken.len(), 1, "a challenge is used once");
    assert_eq!(
        (taken[0].purpose, taken[0].customer, taken[0].expires_at),
        (CeremonyPurpose::Enrolment, Some(id), later(1000))
    );
    let known = store.credential(&id.bits().to_be_bytes()).await.unwrap().unwrap();
    assert!(store.replace_credential(&known, "{\"counter\":1}").await.unwrap());
    assert!(!store.replace_credential(&known, "{\"counter\":2}").await.unwrap(), "somebody was faster");
    let session = NewSession { id: format!("{:032x}", bits()), customer: id, started_at: NOW, ends_at: later(1000) };
    store.begin_session(&session).await.unwrap();
    assert!(store.live_session(&session.id, later(999)).await.unwrap().is_some());
    assert!(store.live_session(&session.id, later(1000)).await.unwrap().is_none());
    store.end_session(&session.id, later(5)).await.unwrap();
    assert!(store.live_session(&session.id, later(6)).await.unwrap().is_none());
}

fn copy(customer: CustomerId, conversation: Option<u64>, at: i64, text: &str) -> TicketCopy {
    TicketCopy {
        search_text: text.to_lowercase(),
        thread: "{}".into(),
        ticket: StoredTicket {
            id: TicketId::from_bits(bits()),
            customer,
            conversation: conversation.and_then(ConversationId::new),
            number: Some(7),
            subject: Line::new("Subject").unwrap(),
            status: TicketStatus::Working,
            status_since: NOW,
            created_at: later(-at),
            last_activity_at: later(at),
            last_author: Author { kind: AuthorKind::Team, name: Some(Line::new("Maya").unwrap()) },
            snippet: Line::default(),
            message_count: 2,
            attachment_count: 1,
            last_team_at: Some(later(at)),
            read_up_to: None,
            revision: "r1".into(),
            recheck_at: None,
            synced_at: NOW,
        },
    }
}

fn conversation() -> u64 {
    (bits() as u64 >> 2) | 1
}

async fn tickets(store: &Store) {
    let (id, other) = (customer(store).await, customer(store).await);
    let first = copy(id, Some(conversation()), 10, "100% of A_B in 'quotes' ÄÖ");
    assert_eq!(store.put_copy(&first).await.unwrap(), first.ticket.id);
    let kept = store.ticket(id, first.ticket.id).await.unwrap().unwrap();
    assert_eq!(
        (kept.last_author.name.as_deref(), kept.number, kept.conversation),
        (Some("Maya"), Some(7), first.ticket.conversation)
    );
    assert!(store.ticket(other, first.ticket.id).await.unwrap().is_none());
    // The same conversation again keeps its id and its read marker.
    store.mark_read(first.ticket.id, later(3)).await.unwrap();
    store.mark_read(first.ticket.id, later(2)).await.unwrap();
    let mut again = first.clone();
    again.ticket.id = TicketId::from_bits(bits());
    again.ticket.revision = "r2".into();
    assert_eq!(store.put_copy(&again).await.unwrap(), first.ticket.id);
    let kept = store.ticket(id, first.ticket.id).await.unwrap().unwrap();
    assert_eq!((kept.revision.as_str(), kept.read_up_to), ("r2", Some(later(3))));
    again.ticket.customer = other;
    assert!(matches!(store.put_copy(&again).await, Err(StoreError::Taken)));
    for number in 0..5 {
        store.put_copy(&copy(id, Some(conversation()), 20, &format!("same time {number}"))).await.unwrap();
    }
    let mut filter = ListFilter { status: StatusFilter::All, text: None, sort: Sort::Activity, after: None, limit: 2 };
    let mut seen = Vec::new();
    loop {
        let page = store.list_tickets(id, &filter).await.unwrap();
        seen.extend(page.iter().map(|ticket| ticket.id));
        let Some(last) = page.last() else { break };
        filter.after = Some(ListPosition { at: last.last_activity_at, id: last.id });
    }
    assert_eq!(seen.len(), 6);
    assert_eq!(seen.last(), Some(&first.ticket.id));
    seen.dedup();
    assert_eq!(seen.len(), 6);
    for (text, found) in
        [("100%", 1), ("100%%", 0), ("a_b", 1), ("axb", 0), ("'quotes'", 1), ("äö", 1), ("same time", 5), ("!", 0)]
    {
        let filter = ListFilter { text: Some(text.into()), after: None, limit: 50, ..filter.clone() };
        assert_eq!(store.list_tickets(id, &filter).await.unwrap().len(), found, "{text}");
    }
    let filter = ListFilter { status: StatusFilter::Resolved, text: None, sort: Sort::Oldest, after: None, limit: 50 };
    assert!(store.list_tickets(id, &filter).await.unwrap().is_empty());
    assert_eq!(store.status_counts(id).await.unwrap().working, 6);
    let rating = StoredRating { score: Score::Okay, comment: None, rated_at: NOW };
    store.rate(first.ticket.id, &StoredRating { score: Score::Great, ..rating.clone() }).await.unwrap();
    store.rate(first.ticket.id, &rating).await.unwrap();
    assert_eq!(store.rating(first.ticket.id).await.unwrap(), Some(rating));
    assert!(store.delete_customer(id).await.unwrap());
    assert!(store.thread_of(first.ticket.id).await.unwrap().is_none());
    assert!(store.rating(first.ticket.id).await.unwrap().is_none());
}

fn submission(customer: CustomerId, ticket: TicketId, kind: SubmissionKind, at: i64) -> PendingSubmission {
    PendingSubmission {
        id: MessageId::from_bits(bits()),
        kind,
        customer,
        ticket,
        payload: "{}".into(),
        state: SubmissionState::Queued,
        reason: None,
        created_at: later(at),
        leaves_at: later(at),
        attempts: 0,
        first_attempt_at: None,
        last_attempt_at: None,
    }
}

fn claim(submission: &PendingSubmission) -> Claim {
    Claim {
        customer: submission.customer,
        key: IdempotencyKey::parse(&format!("{:032x}", bits())).unwrap(),
        request_hash: "hash".into(),
        message: submission.id,
        ticket: submission.ticket,
        busy_until: later(1000),
    }
}

async fn accept(store: &Store, submission: &PendingSubmission, new_ticket: Option<&TicketCopy>) {
    let claim = claim(submission);
    let submitted = Submitted { submission, new_ticket, uploads: &[], claim: &claim };
    assert_eq!(store.accept(&submitted, NOW).await.unwrap(), ClaimOutcome::New);
}

/// Leases what is due and keeps what belongs to this ticket.
async fn lease(store: &Store, ticket: TicketId, now: Timestamp) -> Vec<PendingSubmission> {
    let until = Timestamp::from_millis(now.millis() + 100);
    let leased = store.lease_due(now, until, 100).await.unwrap();
    leased.into_iter().filter(|submission| submission.ticket == ticket).collect()
}

async fn outbox(store: &Store) {
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
    assert!(store.withdraw(last.id).await.unwrap());
    assert!(!store.withdraw(last.id).await.unwrap());
    assert!(lease(store, ticket, later(900)).await.is_empty());
    store.forget_delivered(&[opening.id, reply.id]).await.unwrap();
    assert!(store.pending(opening.id).await.unwrap().is_none());
    assert!(store.pending(reply.id).await.unwrap().is_some(), "what failed is kept");
}

async fn idempotency(store: &Store) {
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

async fn uploads(store: &Store) {
    let (id, other) = (customer(store).await, customer(store).await);
    let upload = StoredUpload {
        id: UploadId::from_bits(bits()),
        name: Line::new("a.bin").unwrap(),
        media_type: Line::new("image/png").unwrap(),
        size: 5,
        expires_at: later(1000),
    };
    store.begin_upload(&NewUpload { id: upload.id, customer: id, expires_at: upload.expires_at }, NOW).await.unwrap();
    assert!(store.waiting_upload(id, upload.id, NOW).await.unwrap().is_none(), "it is not complete");
    store.put_part(upload.id, 1, vec![0, 255]).await.unwrap();
    store.put_part(upload.id, 0, vec![1, 2, 3]).await.unwrap();
    store.finish_upload(&upload).await.unwrap();
    assert_eq!(store.uploads_waiting(id, NOW).await.unwrap(), (1, 5));
    assert!(store.waiting_upload(other, upload.id, NOW).await.unwrap().is_none());
    assert!(!store.discard_upload(other, upload.id).await.unwrap());
    assert_eq!(store.upload_bytes(upload.id).await.unwrap(), [1, 2, 3, 0, 255]);
    let new = copy(id, None, 0, "with a file");
    let opening = submission(id, new.ticket.id, SubmissionKind::Ticket, 0);
    let claim = claim(&opening);
    let missing = [upload.id, UploadId::from_bits(1)];
    let submitted = Submitted { submission: &opening, new_ticket: Some(&new), uploads: &missing, claim: &claim };
    assert_eq!(store.accept(&submitted, NOW).await.unwrap(), ClaimOutcome::UploadUnknown { place: 1 });
    assert!(store.ticket(id, new.ticket.id).await.unwrap().is_none(), "all or nothing");
    let (theirs, their_copy) =
        (submission(other, new.ticket.id, SubmissionKind::Ticket, 0), copy(other, None, 0, "theirs"));
    let their_ticket = PendingSubmission { ticket: their_copy.ticket.id, ..theirs };
    let their_claim = self::claim(&their_ticket);
    let taken = Submitted {
        submission: &their_ticket,
        new_ticket: Some(&their_copy),
        uploads: &missing[..1],
        claim: &their_claim,
    };
    assert_eq!(
        store.accept(&taken, NOW).await.unwrap(),
        ClaimOutcome::UploadUnknown { place: 0 },
        "another customer's file"
    );
    let there = [upload.id];
    let submitted = Submitted { submission: &opening, new_ticket: Some(&new), uploads: &there, claim: &claim };
    assert_eq!(store.accept(&submitted, NOW).await.unwrap(), ClaimOutcome::New);
    assert_eq!(store.uploads_of(opening.id).await.unwrap().len(), 1);
    assert!(!store.discard_upload(id, upload.id).await.unwrap(), "a message has taken it");
    store.prune_uploads(later(2000)).await.unwrap();
    assert_eq!(store.uploads_of(opening.id).await.unwrap().len(), 1);
    assert!(store.withdraw(opening.id).await.unwrap());
    assert_eq!(store.uploads_waiting(id, NOW).await.unwrap(), (1, 5));
}

async fn events_and_audit(store: &Store) {
    let (id, other) = (customer(store).await, customer(store).await);
    let (_, before) = store.event_bounds().await.unwrap();
    let ticket = TicketId::from_bits(bits());
    for at in 0..3 {
        store.add_event(id, ticket, later(at), AuthorKind::Team, NOW).await.unwrap();
    }
    store.add_event(other, ticket, NOW, AuthorKind::You, NOW).await.unwrap();
    let events = store.events_after(id, before, 10).await.unwrap();
    assert_eq!(events.len(), 3);
    assert!(events.is_sorted_by_key(|event| event.seq));
    let expected =
        LiveEvent::TicketChanged { ticket_id: ticket, last_activity_at: later(2), last_author: AuthorKind::Team };
    assert_eq!(events[2].event, expected);
    assert_eq!(store.events_after(id, events[1].seq, 10).await.unwrap().len(), 1);
    let digest = format!("{:032x}", bits());
    assert!(store.note_webhook(&digest, NOW).await.unwrap());
    assert!(!store.note_webhook(&digest, NOW).await.unwrap());
    let entry = Entry {
        at: NOW,
        actor: id,
        action: "reply",
        ticket: Some(ticket),
        outcome: "ok",
        reference: raptor::random::reference(),
    };
    store.add_audit(&[entry, entry]).await.unwrap();
    assert_eq!(store.audit_of(id, 10).await.unwrap().len(), 2);
    assert_eq!(store.audit_of(other, 10).await.unwrap().len(), 0);
}

#[tokio::test]
async fn sqlite_conforms_and_its_tables_are_made_once() {
    let directory = tempfile::tempdir().unwrap();
    let url = DatabaseUrl::parse(&format!("sqlite:{}", directory.path().join("suite.sqlite3").display())).unwrap();
    let store = Store::open(&url).await.unwrap();
    conforms(&store).await;
    store.close().await;
    conforms(&Store::open(&url).await.unwrap()).await;
}

#[tokio::test]
async fn postgres_conforms_and_instances_hear_each_other() {
    let Some(postgres) = Postgres::start() else {
        // Said aloud, because nothing was shown: `cargo xtask test` installs Postgres before it runs this.
        panic!("Postgres is not installed (apt-get install postgresql), and RAPTOR_TEST_POSTGRES names none");
    };
    let url = DatabaseUrl::parse(&postgres.url).unwrap();
    // Two instances that start together take turns with the tables.
    let (one, two) = tokio::join!(Store::open(&url), Store::open(&url));
    let (one, two) = (one.unwrap(), two.unwrap());
    conforms(&one).await;
    conforms(&two).await;
    let mut listener = sqlx::postgres::PgListener::connect(&postgres.url).await.unwrap();
    listener.listen("raptor_events").await.unwrap();
    let id = customer(&one).await;
    two.add_event(id, TicketId::from_bits(1), NOW, AuthorKind::Team, NOW).await.unwrap();
    let heard = tokio::time::timeout(std::time::Duration::from_secs(10), listener.recv()).await.unwrap().unwrap();
    assert_eq!(heard.payload(), id.to_string());
}

//! The store: one suite, run on SQLite and on Postgres.

mod files;
mod outbox;
mod people;
mod tickets;

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
    people::customers(store).await;
    people::ceremonies_and_sessions(store).await;
    tickets::tickets(store).await;
    outbox::outbox(store).await;
    outbox::idempotency(store).await;
    files::uploads(store).await;
    files::events_and_audit(store).await;
}

async fn customer(store: &Store) -> CustomerId {
    let id = CustomerId::from_bits(bits());
    let email = Line::new(format!("{id}@example.test")).unwrap();
    let new = NewCustomer { id, name: Line::new("Ada ünïcode \u{1f99d}").unwrap(), email };
    let credential = StoredCredential { id: id.bits().to_be_bytes().to_vec(), customer: id, passkey: "{}".into() };
    store.enrol(&new, &credential, NOW).await.unwrap();
    id
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

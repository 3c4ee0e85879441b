//! The drafts that lie in the browser's database.

use shared::{CustomerId, MessageId};
use wasm_bindgen::JsValue;

use super::place::Place;
use super::record::{Record, Version, renewed};
use crate::browser::database::{self, Change, Store, is_old};
use crate::browser::{now, random_hex};
use crate::session;

/// How long what was sent may be taken back at most, in milliseconds.
const UNDO: i64 = 10 * 60 * 1000;

/// Between the account and the message in the key of what was sent; no place is called so.
const SENT: &str = " sent ";

/// What came of keeping a draft.
#[derive(Debug)]
pub enum Outcome {
    /// It is kept; an empty one is gone.
    Kept,
    /// The browser would not keep it.
    Refused,
    /// Nothing was written, for somebody else has changed it meanwhile: this is there now, or nothing any more.
    Changed(Option<Box<Record>>),
}

/// The draft of a place; `None` when there is none, or it is too old.
pub async fn load(account: CustomerId, place: Place) -> Option<Record> {
    living(Record::from_js(&database::get(Store::Drafts, &place.key(account)).await?)?)
}

/// Keeps a draft whatever is there; an empty one is removed. `false` when the browser would not keep it.
pub async fn save(account: CustomerId, place: Place, record: &Record) -> bool {
    let write = |_| (written(account, record), ());
    database::change(Store::Drafts, &place.key(account), write).await.is_some()
}

/// Keeps a draft if what is there is still `base`, or was written by the same form; an empty one is removed.
pub async fn keep(account: CustomerId, place: Place, record: &Record, base: Option<&Version>) -> Outcome {
    let decide = |stored: Option<_>| {
        let stored = stored.as_ref().and_then(Record::from_js).and_then(living);
        let found = stored.as_ref().map(|stored| &stored.version);
        let ours = found.is_some_and(|found| found.writer == record.version.writer);
        if found == base || ours {
            (written(account, record), Outcome::Kept)
        } else {
            (Change::Leave, Outcome::Changed(stored.map(Box::new)))
        }
    };
    database::change(Store::Drafts, &place.key(account), decide).await.unwrap_or(Outcome::Refused)
}

/// Notes that a draft that no form shows is about to be sent with its key. `None` when it is no longer the one that was loaded.
pub async fn begin_attempt(account: CustomerId, place: Place, loaded: Record) -> Option<Record> {
    let version = Version { writer: random_hex(), number: 1 };
    let record = Record { tried: Some(loaded.submission()), version, ..loaded };
    let outcome = keep(account, place, &record, Some(&loaded.version)).await;
    (!matches!(outcome, Outcome::Changed(_))).then_some(record)
}

/// Removes the draft that was sent with this record's key. When something has been written over it, that stays, as a submission of its own.
pub async fn remove_sent(account: CustomerId, place: Place, sent: &Record) {
    let decide = |stored: Option<JsValue>| {
        let change = match stored.as_ref().and_then(Record::from_js) {
            Some(record) if record.key == sent.key && record.body == sent.body => Change::Remove,
            Some(record) if record.key == sent.key => stored.map_or(Change::Leave, |kept| Change::Put(renewed(kept))),
            _ => Change::Leave,
        };
        (change, ())
    };
    database::change(Store::Drafts, &place.key(account), decide).await;
}

/// Remembers what was accepted, for as long as it can be taken back.
pub async fn remember_sent(account: CustomerId, id: MessageId, record: &Record) {
    database::change(Store::Drafts, &sent_key(account, id), |_| (written(account, record), ())).await;
}

/// What was accepted as this message, once.
pub async fn take_sent(account: CustomerId, id: MessageId) -> Option<Record> {
    let take = |stored: Option<_>| (Change::Remove, stored.as_ref().and_then(Record::from_js));
    database::change(Store::Drafts, &sent_key(account, id), take).await?
}

/// Every draft of an account.
pub async fn load_all(account: CustomerId) -> Vec<(Place, Record)> {
    let mut all = Vec::new();
    for place in places(account).await {
        if let Some(record) = load(account, place).await {
            all.push((place, record));
        }
    }
    all
}

/// How many drafts an account has.
pub async fn count(account: CustomerId) -> usize {
    load_all(account).await.len()
}

/// Removes every draft of an account.
pub async fn wipe(account: CustomerId) {
    database::remove_all(Store::Drafts, &[&account.to_string(), " "].concat()).await;
}

/// Removes drafts that are older than 30 days, whosever they are, and what can no longer be taken back. A draft that only a later
/// version of the portal can read stays for it.
pub async fn expire_old() {
    let is_over = |key: &str, saved_at| is_old(saved_at) || key.contains(SENT) && now() - saved_at >= UNDO;
    database::expire(Store::Drafts, is_over).await;
}

fn sent_key(account: CustomerId, id: MessageId) -> String {
    [&account.to_string(), SENT, &id.to_string()].concat()
}

fn written(account: CustomerId, record: &Record) -> Change {
    match (session::is_here(account), record.is_empty()) {
        (true, false) => Change::Put(record.to_js()),
        (true, true) => Change::Remove,
        (false, _) => Change::Leave,
    }
}

fn living(record: Record) -> Option<Record> {
    (!is_old(record.saved_at)).then_some(record)
}

async fn places(account: CustomerId) -> Vec<Place> {
    let prefix = [&account.to_string(), " "].concat();
    let keys = database::keys(Store::Drafts).await;
    keys.iter().filter_map(|key| Place::parse(key.strip_prefix(&prefix)?)).collect()
}

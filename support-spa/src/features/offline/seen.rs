//! Answers as they last came, so that the list and the tickets that were read are there at once, and there without a connection.

use js_sys::{Object, Uint8Array};
use shared::{CustomerId, Endpoint, ResponseBody};
use wasm_bindgen::JsCast;

use crate::browser::database::{self, Change, SAVED_AT, Store, is_old, saved_at};
use crate::browser::{now, property, set_property};
use crate::session;

/// More answers than this are not kept: every fourth goes then.
const MOST: usize = 120;

/// The property that holds an answer.
const BYTES: &str = "bytes";

fn key<E: Endpoint>(account: CustomerId, path: &E::Path, query: &E::Query) -> String {
    [&account.to_string(), " ", &E::uri(path, query)].concat()
}

/// What came last time. An answer that this version cannot read any more was never there.
pub async fn read<E: Endpoint>(account: CustomerId, path: &E::Path, query: &E::Query) -> Option<E::Response> {
    let bytes = read_bytes(&key::<E>(account, path, query)).await?;
    E::Response::decode(&bytes).ok()
}

async fn read_bytes(key: &str) -> Option<Vec<u8>> {
    let value = database::get(Store::Seen, key).await?;
    if saved_at(&value).is_none_or(is_old) {
        return None;
    }
    let bytes: Uint8Array = property(&value, BYTES)?.dyn_into().ok()?;
    Some(bytes.to_vec())
}

/// Keeps an answer.
pub async fn write<E: Endpoint>(account: CustomerId, path: &E::Path, query: &E::Query, bytes: &[u8]) {
    write_bytes(account, &key::<E>(account, path, query), bytes).await;
}

async fn write_bytes(account: CustomerId, key: &str, bytes: &[u8]) {
    let keys = database::keys(Store::Seen).await;
    if keys.len() >= MOST {
        for key in keys.iter().step_by(4) {
            database::remove(Store::Seen, key).await;
        }
    }
    let value = Object::new();
    set_property(&value, SAVED_AT, &(now() as f64).into());
    set_property(&value, BYTES, &Uint8Array::from(bytes));
    // Signed out meanwhile, it would be there again after everything was wiped.
    let decide = |_| (if session::is_here(account) { Change::Put(value.into()) } else { Change::Leave }, ());
    database::change(Store::Seen, key, decide).await;
}

/// What can be read without a connection.
#[derive(Clone, Copy, Default)]
pub struct Kept {
    /// The list, by any of its tabs.
    pub list: bool,
    /// How many tickets.
    pub tickets: usize,
}

/// What of an account's tickets is kept.
pub async fn kept(account: CustomerId) -> Kept {
    let prefix = [&account.to_string(), " /api/v1/support/tickets"].concat();
    let mut kept = Kept::default();
    for key in database::keys(Store::Seen).await {
        match key.strip_prefix(&prefix) {
            Some(rest) if rest.starts_with('/') => kept.tickets += 1,
            Some(_) => kept.list = true,
            None => {}
        }
    }
    kept
}

/// Forgets everything of an account.
pub async fn wipe(account: CustomerId) {
    database::remove_all(Store::Seen, &account.to_string()).await;
}

/// Forgets what is older than 30 days, whosever it is.
pub async fn expire() {
    database::expire(Store::Seen, |_, saved_at| is_old(saved_at)).await;
}

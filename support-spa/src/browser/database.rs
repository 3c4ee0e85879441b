//! A small database in the browser (IndexedDB): drafts with their files, and what was last seen.
//!
//! Every answer is an `Option` or a `bool`: a browser may refuse a database (private windows, full disks), and the portal then works
//! without drafts and without a memory, and says so where it matters.

use js_sys::{Array, Promise};
use send_wrapper::SendWrapper;
use std::cell::RefCell;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{IdbDatabase, IdbObjectStore, IdbOpenDbRequest, IdbRequest, IdbTransaction, IdbTransactionMode};

use super::{now, property, turns, window};

const NAME: &str = "raxx-support";
const VERSION: u32 = 1;

/// How long anything is kept, in milliseconds: 30 days.
const LIFETIME: i64 = 30 * 24 * 60 * 60 * 1000;

/// The property by which every value says when it was written, in milliseconds since the epoch.
pub const SAVED_AT: &str = "savedAt";

/// A store of the database, from a string key to any value that can be cloned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Store {
    /// What was written and not yet sent, by account and place.
    Drafts,
    /// Answers as they last came, by account and address.
    Seen,
}

impl Store {
    const fn name(self) -> &'static str {
        match self {
            Self::Drafts => "drafts",
            Self::Seen => "seen",
        }
    }
}

thread_local! {
    static OPEN: RefCell<Option<SendWrapper<IdbDatabase>>> = const { RefCell::new(None) };
}

async fn database() -> Option<IdbDatabase> {
    if let Some(open) = OPEN.with_borrow(|open| open.as_ref().map(|database| (**database).clone())) {
        return Some(open);
    }
    let factory = window()?.indexed_db().ok()??;
    let request = factory.open_with_u32(NAME, VERSION).ok()?;
    let upgrading = request.clone();
    let upgrade = Closure::<dyn FnMut()>::new(move || create_stores(&upgrading));
    request.set_onupgradeneeded(Some(upgrade.as_ref().unchecked_ref()));
    let opened = match settled(&request).await {
        // A later version of the portal has been here. It keeps what this one knows, so drafts go on being saved in a tab that is old.
        None => settled(&factory.open(NAME).ok()?.into()).await?,
        Some(opened) => opened,
    };
    let database: IdbDatabase = opened.dyn_into().ok()?;
    request.set_onupgradeneeded(None);
    // Another tab with a newer version of the portal must not wait for this one.
    let closing = database.clone();
    let close = Closure::once_into_js(move || {
        closing.close();
        OPEN.set(None);
    });
    database.set_onversionchange(Some(close.unchecked_ref()));
    OPEN.set(Some(SendWrapper::new(database.clone())));
    Some(database)
}

fn create_stores(request: &IdbOpenDbRequest) {
    let Some(database) = request.result().ok().and_then(|result| result.dyn_into::<IdbDatabase>().ok()) else { return };
    for store in [Store::Drafts, Store::Seen] {
        // A store that is there already is refused, which is what is wanted.
        let _ = database.create_object_store(store.name());
    }
}

/// Waits for a request; `None` when it failed.
async fn settled(request: &IdbRequest) -> Option<JsValue> {
    let promise = Promise::new(&mut |resolve, reject| {
        request.set_onsuccess(Some(&resolve));
        request.set_onerror(Some(&reject));
    });
    JsFuture::from(promise).await.ok()?;
    request.result().ok()
}

/// What becomes of a value.
pub enum Change {
    /// Nothing.
    Leave,
    /// It is replaced by this one.
    Put(JsValue),
    /// It goes.
    Remove,
}

/// Reads a value, lets `decide` say what becomes of it, and does that, with nobody else in between: other tabs wait. Answers what
/// `decide` had to say beside that, once it is kept; `None` when the browser would not keep it.
pub async fn change<T>(of: Store, key: &str, decide: impl FnOnce(Option<JsValue>) -> (Change, T)) -> Option<T> {
    let store = store(of, IdbTransactionMode::Readwrite).await?;
    // A transaction in which nothing is asked for is over.
    let _hold = turns::hold();
    let read = store.get(&key.into()).ok()?;
    let value = settled(&read).await?;
    let (change, answer) = decide(Some(value).filter(|value| !value.is_undefined()));
    match change {
        Change::Leave => return Some(answer),
        Change::Put(value) => store.put_with_key(&value, &key.into()).ok()?,
        Change::Remove => store.delete(&key.into()).ok()?,
    };
    // A full disk may be noticed as late as here.
    completed(&store.transaction()).await.then_some(answer)
}

async fn completed(transaction: &IdbTransaction) -> bool {
    let promise = Promise::new(&mut |resolve, reject| {
        transaction.set_oncomplete(Some(&resolve));
        transaction.set_onabort(Some(&reject));
    });
    JsFuture::from(promise).await.is_ok()
}

async fn store(store: Store, mode: IdbTransactionMode) -> Option<IdbObjectStore> {
    let transaction = database().await?.transaction_with_str_and_mode(store.name(), mode).ok()?;
    transaction.object_store(store.name()).ok()
}

/// Reads a value.
pub async fn get(from: Store, key: &str) -> Option<JsValue> {
    let request = store(from, IdbTransactionMode::Readonly).await?.get(&key.into()).ok()?;
    settled(&request).await.filter(|value| !value.is_undefined())
}

/// Writes a value; `false` when it could not be kept.
pub async fn put(into: Store, key: &str, value: &JsValue) -> bool {
    let Some(store) = store(into, IdbTransactionMode::Readwrite).await else { return false };
    let Ok(request) = store.put_with_key(value, &key.into()) else { return false };
    settled(&request).await.is_some()
}

/// Removes a value.
pub async fn remove(from: Store, key: &str) {
    let Some(store) = store(from, IdbTransactionMode::Readwrite).await else { return };
    if let Ok(request) = store.delete(&key.into()) {
        settled(&request).await;
    }
}

/// Removes every value whose key begins so.
pub async fn remove_all(from: Store, prefix: &str) {
    for key in keys(from).await {
        if key.starts_with(prefix) {
            remove(from, &key).await;
        }
    }
}

/// Removes what is over, by its key and when it was written, and what does not say when.
pub async fn expire(of: Store, is_over: fn(&str, i64) -> bool) {
    for key in keys(of).await {
        let written = get(of, &key).await.as_ref().and_then(saved_at);
        if written.is_none_or(|written| is_over(&key, written)) {
            remove(of, &key).await;
        }
    }
}

/// When a value was written, in milliseconds since the epoch, also one that another version of the portal wrote in a form which this one
/// cannot read.
pub fn saved_at(value: &JsValue) -> Option<i64> {
    Some(property(value, SAVED_AT)?.as_f64()? as i64)
}

/// Whether something was written so long ago that it is not to be kept any more.
pub fn is_old(saved_at: i64) -> bool {
    now() - saved_at >= LIFETIME
}

/// All keys of a store.
pub async fn keys(of: Store) -> Vec<String> {
    let Some(store) = store(of, IdbTransactionMode::Readonly).await else { return Vec::new() };
    let Ok(request) = store.get_all_keys() else { return Vec::new() };
    let keys = settled(&request).await.map(|keys| Array::from(&keys)).unwrap_or_default();
    keys.iter().filter_map(|key| key.as_string()).collect()
}

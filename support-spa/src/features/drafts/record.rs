//! A draft as it lies in the browser's database.

use js_sys::{Array, Object};
use shared::{CustomerId, IdempotencyKey, TicketId, UploadId};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::Blob;

use crate::browser::database::{self, Store};
use crate::browser::{now, property, random_hex, set_property};

/// How long a draft is kept, in milliseconds: 30 days.
const LIFETIME: i64 = 30 * 24 * 60 * 60 * 1000;

/// Where a draft belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Place {
    /// The new-ticket form.
    NewTicket,
    /// The reply to a ticket.
    Reply(TicketId),
}

impl Place {
    /// The place as it stands in the draft's key and on the channel between tabs.
    #[must_use]
    pub fn name(self) -> String {
        match self {
            Self::NewTicket => "new".to_owned(),
            Self::Reply(ticket_id) => ticket_id.to_string(),
        }
    }

    fn parse(name: &str) -> Option<Self> {
        match name {
            "new" => Some(Self::NewTicket),
            name => TicketId::parse(name).ok().map(Self::Reply),
        }
    }

    fn key(self, account: CustomerId) -> String {
        [&account.to_string(), " ", &self.name()].concat()
    }
}

/// A topic's fields as they were filled in: id and value.
pub type Fields = Vec<(String, String)>;

/// A draft.
#[derive(Clone, Debug)]
pub struct Record {
    /// Makes it arrive once.
    pub key: IdempotencyKey,
    /// The subject, of a new ticket.
    pub subject: String,
    /// The message.
    pub body: String,
    /// The chosen topic's id, of a new ticket.
    pub topic: String,
    /// The topic's fields.
    pub fields: Fields,
    /// The files.
    pub files: Vec<KeptFile>,
    /// When it was saved, in milliseconds since the epoch.
    pub saved_at: i64,
    /// The customer has asked for it to be sent as soon as that is possible.
    pub waiting: bool,
}

/// A file of a draft.
#[derive(Clone, Debug)]
pub struct KeptFile {
    /// Its name.
    pub name: String,
    /// Its bytes.
    pub blob: Blob,
    /// The upload that holds it too, and until when, once it has been uploaded.
    pub upload: Option<(UploadId, i64)>,
}

impl Record {
    /// An empty draft with a key of its own.
    #[must_use]
    pub fn new() -> Self {
        Self {
            key: new_key(),
            subject: String::new(),
            body: String::new(),
            topic: String::new(),
            fields: Vec::new(),
            files: Vec::new(),
            saved_at: 0,
            waiting: false,
        }
    }

    /// Whether there is anything worth keeping.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        let blank = |text: &str| text.trim().is_empty();
        let unfilled = self.fields.iter().all(|(_, value)| blank(value));
        blank(&self.subject) && blank(&self.body) && self.files.is_empty() && unfilled
    }

    fn to_js(&self) -> JsValue {
        let object = Object::new();
        let put = |name: &str, value: &JsValue| set_property(&object, name, value);
        put("key", &self.key.as_str().into());
        put("subject", &self.subject.as_str().into());
        put("body", &self.body.as_str().into());
        put("topic", &self.topic.as_str().into());
        put("savedAt", &(self.saved_at as f64).into());
        put("waiting", &self.waiting.into());
        let fields = self.fields.iter().map(|(id, value)| Array::of2(&id.into(), &value.into()));
        put("fields", &fields.collect::<Array>());
        put("files", &self.files.iter().map(KeptFile::to_js).collect::<Array>());
        object.into()
    }

    fn from_js(value: &JsValue) -> Option<Self> {
        let text = |name: &str| property(value, name).and_then(|value| value.as_string()).unwrap_or_default();
        let list = |name: &str| property(value, name).map(|list| Array::from(&list)).unwrap_or_default();
        let pair = |pair: JsValue| {
            let pair = Array::from(&pair);
            Some((pair.get(0).as_string()?, pair.get(1).as_string()?))
        };
        Some(Self {
            key: IdempotencyKey::parse(&text("key")).ok()?,
            subject: text("subject"),
            body: text("body"),
            topic: text("topic"),
            fields: list("fields").iter().filter_map(pair).collect(),
            files: list("files").iter().filter_map(|file| KeptFile::from_js(&file)).collect(),
            saved_at: property(value, "savedAt")?.as_f64()? as i64,
            waiting: property(value, "waiting").is_some_and(|waiting| waiting.is_truthy()),
        })
    }
}

impl Default for Record {
    fn default() -> Self {
        Self::new()
    }
}

impl KeptFile {
    fn to_js(&self) -> JsValue {
        let object = Object::new();
        set_property(&object, "name", &self.name.as_str().into());
        set_property(&object, "blob", &self.blob);
        if let Some((id, until)) = &self.upload {
            set_property(&object, "uploadId", &id.to_string().into());
            set_property(&object, "until", &(*until as f64).into());
        }
        object.into()
    }

    fn from_js(value: &JsValue) -> Option<Self> {
        let upload = property(value, "uploadId")
            .and_then(|id| UploadId::parse(&id.as_string()?).ok())
            .and_then(|id| Some((id, property(value, "until")?.as_f64()? as i64)));
        Some(Self {
            name: property(value, "name")?.as_string()?,
            blob: property(value, "blob")?.dyn_into().ok()?,
            upload,
        })
    }
}

/// A key for one submission.
#[must_use]
pub fn new_key() -> IdempotencyKey {
    loop {
        // 32 digits always are a key; without a browser there is no draft and nobody asks.
        if let Ok(key) = IdempotencyKey::parse(&random_hex()) {
            return key;
        }
    }
}

/// The draft of a place; `None` when there is none, or it is too old.
pub async fn load(account: CustomerId, place: Place) -> Option<Record> {
    let record = Record::from_js(&database::get(Store::Drafts, &place.key(account)).await?)?;
    (now() - record.saved_at < LIFETIME).then_some(record)
}

/// Keeps a draft; an empty one is removed. `false` when the browser would not keep it.
pub async fn save(account: CustomerId, place: Place, record: &Record) -> bool {
    if record.is_empty() {
        remove(account, place).await;
        return true;
    }
    database::put(Store::Drafts, &place.key(account), &record.to_js()).await
}

/// Removes a draft.
pub async fn remove(account: CustomerId, place: Place) {
    database::remove(Store::Drafts, &place.key(account)).await;
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
    for place in places(account).await {
        remove(account, place).await;
    }
}

/// Removes drafts that are older than 30 days, whosever they are.
pub async fn expire_old() {
    for key in database::keys(Store::Drafts).await {
        let record = database::get(Store::Drafts, &key).await.as_ref().and_then(Record::from_js);
        if record.is_none_or(|record| now() - record.saved_at >= LIFETIME) {
            database::remove(Store::Drafts, &key).await;
        }
    }
}

async fn places(account: CustomerId) -> Vec<Place> {
    let prefix = [&account.to_string(), " "].concat();
    let keys = database::keys(Store::Drafts).await;
    keys.iter().filter_map(|key| Place::parse(key.strip_prefix(&prefix)?)).collect()
}

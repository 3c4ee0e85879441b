//! A draft as it lies in the browser's database.

use js_sys::{Array, Object};
use shared::{IdempotencyKey, UploadId};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::Blob;

use crate::browser::database::{SAVED_AT, saved_at};
use crate::browser::{property, random_hex, set_property};

/// A topic's fields as they were filled in: id and value.
pub type Fields = Vec<(String, String)>;

/// A draft.
#[derive(Clone, Debug)]
pub struct Record {
    /// Makes it arrive once.
    pub key: IdempotencyKey,
    /// What has been sent with this key, as [`Self::submission`] has it. Nobody may know what came of that, so whatever these very words
    /// go through, they keep it.
    pub tried: Option<u32>,
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
    /// What another tab wrote here at the same time, until the customer has chosen; see [`super::merge`].
    pub aside: String,
    /// When it was saved, in milliseconds since the epoch.
    pub saved_at: i64,
    /// Since when the customer wants it sent as soon as that is possible, in milliseconds since the epoch.
    pub waiting: Option<i64>,
    /// Which saving this is.
    pub version: Version,
}

/// One saving of a draft. No two have the same.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Version {
    /// The form that saved it; each has a name of its own.
    pub writer: String,
    /// Its how many-th saving.
    pub number: u32,
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

/// What a draft is, without how it is kept: of two that are the same, neither needs to be saved.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Content {
    /// What was written.
    pub words: Words,
    /// What is to become of it.
    pub waiting: Option<i64>,
    tried: Option<u32>,
}

/// What was written and attached: two drafts with the same need no merging.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Words {
    texts: [String; 4],
    fields: Fields,
    files: Vec<(String, u64, bool)>,
}

impl Record {
    /// An empty draft with a key of its own.
    #[must_use]
    pub fn new() -> Self {
        Self::with_key(new_key())
    }

    /// An empty draft.
    #[must_use]
    pub fn with_key(key: IdempotencyKey) -> Self {
        Self {
            key,
            tried: None,
            subject: String::new(),
            body: String::new(),
            topic: String::new(),
            fields: Vec::new(),
            files: Vec::new(),
            aside: String::new(),
            saved_at: 0,
            waiting: None,
            version: Version::default(),
        }
    }

    /// The same to be sent as something new: its key has been used up, and so have its uploads.
    #[must_use]
    pub fn anew(mut self) -> Self {
        self.files.iter_mut().for_each(|file| file.upload = None);
        Self { key: new_key(), tried: None, waiting: None, ..self }
    }

    /// Whether there is anything worth keeping.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        let blank = |text: &str| text.trim().is_empty();
        let unfilled = self.fields.iter().all(|(_, value)| blank(value));
        blank(&self.subject) && blank(&self.body) && blank(&self.aside) && self.files.is_empty() && unfilled
    }

    /// A checksum (FNV-1a) of what is sent of it. Should two submissions have the same, Raptor tells them apart.
    #[must_use]
    pub fn submission(&self) -> u32 {
        let fields = self.fields.iter().flat_map(|(id, value)| [id, value]);
        let files = self.files.iter().map(|file| &file.name);
        let parts = [&self.subject, &self.body, &self.topic].into_iter().chain(fields).chain(files);
        let bytes = parts.flat_map(|part| part.bytes().chain([0xff]));
        bytes.fold(0x811c_9dc5, |sum, byte| (sum ^ u32::from(byte)).wrapping_mul(0x0100_0193))
    }

    /// Whether these very words have been sent with the key.
    #[must_use]
    pub fn was_tried(&self) -> bool {
        self.tried == Some(self.submission())
    }

    /// What it is.
    #[must_use]
    pub fn content(&self) -> Content {
        Content { words: self.words(), waiting: self.waiting, tried: self.tried }
    }

    /// What was written.
    #[must_use]
    pub fn words(&self) -> Words {
        let file = |file: &KeptFile| (file.name.clone(), file.blob.size() as u64, file.upload.is_some());
        Words {
            texts: [&self.subject, &self.body, &self.topic, &self.aside].map(Clone::clone),
            fields: self.fields.clone(),
            files: self.files.iter().map(file).collect(),
        }
    }

    pub(super) fn to_js(&self) -> JsValue {
        let object = Object::new();
        let put = |name: &str, value: &JsValue| set_property(&object, name, value);
        put("key", &self.key.as_str().into());
        put("tried", &self.tried.map_or(JsValue::FALSE, JsValue::from));
        put("subject", &self.subject.as_str().into());
        put("body", &self.body.as_str().into());
        put("topic", &self.topic.as_str().into());
        put("aside", &self.aside.as_str().into());
        put(SAVED_AT, &(self.saved_at as f64).into());
        put("waiting", &self.waiting.map_or(JsValue::FALSE, |since| (since as f64).into()));
        put("writer", &self.version.writer.as_str().into());
        put("number", &self.version.number.into());
        let fields = self.fields.iter().map(|(id, value)| Array::of2(&id.into(), &value.into()));
        put("fields", &fields.collect::<Array>());
        put("files", &self.files.iter().map(KeptFile::to_js).collect::<Array>());
        object.into()
    }

    pub(super) fn from_js(value: &JsValue) -> Option<Self> {
        let text = |name: &str| property(value, name).and_then(|value| value.as_string()).unwrap_or_default();
        let list = |name: &str| property(value, name).map(|list| Array::from(&list)).unwrap_or_default();
        let number = |name: &str| property(value, name).and_then(|value| value.as_f64());
        let pair = |pair: JsValue| {
            let pair = Array::from(&pair);
            Some((pair.get(0).as_string()?, pair.get(1).as_string()?))
        };
        Some(Self {
            key: IdempotencyKey::parse(&text("key")).ok()?,
            tried: number("tried").map(|tried| tried as u32),
            subject: text("subject"),
            body: text("body"),
            topic: text("topic"),
            fields: list("fields").iter().filter_map(pair).collect(),
            files: list("files").iter().filter_map(|file| KeptFile::from_js(&file)).collect(),
            aside: text("aside"),
            saved_at: saved_at(value)?,
            waiting: number("waiting").map(|since| since as i64),
            version: Version { writer: text("writer"), number: number("number").unwrap_or_default() as u32 },
        })
    }
}

impl Default for Record {
    fn default() -> Self {
        Self::new()
    }
}

impl KeptFile {
    /// Whether two are the same file to whoever attached them.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        self.name == other.name && self.blob.size() == other.blob.size()
    }

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

/// A kept draft as a submission of its own, with a key and a version that nobody has.
pub(super) fn renewed(kept: JsValue) -> JsValue {
    for name in ["key", "writer"] {
        set_property(&kept, name, &random_hex().into());
    }
    set_property(&kept, "tried", &JsValue::FALSE);
    kept
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

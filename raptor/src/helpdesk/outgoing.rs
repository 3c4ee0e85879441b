//! What Raptor sends to the help desk for a customer.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use serde_json::{Value, json};
use shared::MessageId;
use shared::rich_text::RichText;

use super::id::{AttachmentId, CustomerId};
use super::model::{Attachment, CopyAddress};
use crate::files::{FileName, MediaType};
use crate::html;

/// A message, escaped and marked.
///
/// The help desk has no place for a key of ours, but keeps the text as it is. So the message's id stands in an HTML comment at its end:
/// nobody sees it, and it tells a message that has arrived from one with the same words that has not.
#[derive(Clone, PartialEq, Eq)]
pub struct OutgoingBody {
    html: String,
    marker: MessageId,
}

impl OutgoingBody {
    /// The same text and marker always give the same bytes.
    #[must_use]
    pub fn new(text: &RichText, marker: MessageId) -> Self {
        Self { html: html::to_html(text), marker }
    }

    /// The mark.
    #[must_use]
    pub const fn marker(&self) -> MessageId {
        self.marker
    }

    pub(super) fn with_marker(&self) -> String {
        format!("{}<!--{}-->", self.html, self.marker)
    }

    /// Whether this is what the help desk holds. A mark decides; without one, and some versions may take comments away, the words do.
    pub(super) fn is(&self, held: &str) -> bool {
        match read_marker(held) {
            Some(marker) => marker == self.marker,
            None => words(held) == words(&self.html),
        }
    }
}

impl fmt::Debug for OutgoingBody {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "OutgoingBody({}, {} bytes)", self.marker, self.html.len())
    }
}

/// The mark at the end of a text.
pub(super) fn read_marker(text: &str) -> Option<MessageId> {
    let (_, mark) = text.trim_end().strip_suffix("-->")?.rsplit_once("<!--")?;
    MessageId::parse(mark).ok()
}

/// White space and line ends may change on the way; nothing else does.
fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A file to send.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutgoingFile {
    /// Its name.
    pub name: FileName,
    /// Its type, as its bytes say.
    pub media_type: MediaType,
    /// Its bytes.
    pub bytes: Bytes,
}

/// What became of a file. The help desk accepts a message and drops files that it does not like without a word, so each is looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FileOutcome {
    /// It is there.
    Kept {
        /// Under this id.
        id: AttachmentId,
        /// Under this name, which can differ from the one that was sent.
        name: String,
    },
    /// It is not there, or not whole.
    Missing,
    /// The message is there; whether the file is could not be looked up.
    Unverified,
}

/// Compares what was sent with what is there, file by file.
pub(super) fn verify(sent: &[OutgoingFile], held: &[Attachment]) -> Vec<FileOutcome> {
    let mut free: Vec<&Attachment> = held.iter().collect();
    // Names first: of two files of one size, each should find its own.
    let mut outcomes: Vec<Option<FileOutcome>> = sent
        .iter()
        .map(|file| take(&mut free, |held| is_whole(file, held) && same_name(file.name.as_str(), &held.name)))
        .collect();
    for (file, outcome) in sent.iter().zip(&mut outcomes) {
        if outcome.is_none() {
            *outcome = take(&mut free, |held| is_whole(file, held));
        }
    }
    outcomes.into_iter().map(|outcome| outcome.unwrap_or(FileOutcome::Missing)).collect()
}

fn take(free: &mut Vec<&Attachment>, fits: impl Fn(&Attachment) -> bool) -> Option<FileOutcome> {
    let place = free.iter().position(|held| fits(held))?;
    let held = free.remove(place);
    Some(FileOutcome::Kept { id: held.id, name: held.name.clone() })
}

fn is_whole(file: &OutgoingFile, held: &Attachment) -> bool {
    held.size == Some(file.bytes.len() as u64)
}

/// The help desk replaces what it does not like in names by underscores.
fn same_name(sent: &str, held: &str) -> bool {
    let plain = |name: &str| {
        let name: String =
            name.chars().map(|c| if c.is_alphanumeric() || matches!(c, '.' | '-') { c } else { '_' }).collect();
        name.trim_end_matches('_').to_owned()
    };
    plain(sent) == plain(held)
}

/// A thread in the customer's own name. The owner is always named, and is always the one whom Raptor has verified: the help desk gives
/// the whole conversation to whoever is named here.
pub(super) fn customer_thread(owner: CustomerId, text: String, files: &[OutgoingFile], cc: &[CopyAddress]) -> Value {
    let mut thread = json!({ "type": "customer", "text": text, "customer": { "id": owner.get() } });
    if let Some(fields) = thread.as_object_mut() {
        if !files.is_empty() {
            fields.insert("attachments".into(), files.iter().map(file).collect());
        }
        // A thread without copies makes the help desk forget them all.
        if !cc.is_empty() {
            fields.insert("cc".into(), cc.iter().map(|address| Value::from(address.as_str())).collect());
        }
    }
    thread
}

fn file(file: &OutgoingFile) -> Value {
    json!({
        "fileName": file.name.as_str(),
        "mimeType": file.media_type.as_str(),
        "data": STANDARD.encode(&file.bytes),
    })
}

#[cfg(test)]
mod tests {
    use shared::rich_text::compose;

    use super::super::attachments::AttachmentSource;
    use super::super::settings::BaseUrl;
    use super::*;
    use crate::files::recognise;

    fn sent(name: &str, bytes: &'static [u8]) -> OutgoingFile {
        let recognised = recognise(name, bytes).unwrap();
        OutgoingFile { name: recognised.name, media_type: recognised.media_type, bytes: bytes.into() }
    }

    fn held(id: u64, name: &str, size: u64) -> Attachment {
        let base = BaseUrl::parse("https://desk.example").unwrap();
        Attachment {
            id: AttachmentId::new(id).unwrap(),
            name: name.into(),
            stated_media_type: String::new(),
            size: Some(size),
            inline: false,
            source: AttachmentSource::parse(&base, "/storage/attachment/1/a").unwrap(),
        }
    }

    #[test]
    fn each_file_finds_its_own() {
        let kept = |id, name: &str| FileOutcome::Kept { id: AttachmentId::new(id).unwrap(), name: name.into() };
        let two = [sent("a b.txt", b"1234"), sent("c.txt", b"5678")];
        assert_eq!(verify(&two, &[held(1, "c.txt", 4), held(2, "a_b.txt", 4)]), [kept(2, "a_b.txt"), kept(1, "c.txt")]);
        assert_eq!(verify(&two, &[held(1, "c.txt", 4)]), [FileOutcome::Missing, kept(1, "c.txt")]);
        // There under its name, and not whole.
        assert_eq!(
            verify(&two, &[held(1, "c.txt", 3), held(2, "a_b.txt", 4)]),
            [kept(2, "a_b.txt"), FileOutcome::Missing]
        );
        // There under another name.
        assert_eq!(verify(&two[..1], &[held(3, "file.txt_", 4)]), [kept(3, "file.txt_")]);
        assert_eq!(verify(&two[..1], &[]), [FileOutcome::Missing]);
    }

    #[test]
    fn marks_decide_and_words_when_there_are_none() {
        let body = OutgoingBody::new(&compose("one\n\ntwo"), MessageId::from_bits(1));
        assert!(body.is(&body.with_marker()));
        assert!(body.is("<p>one</p><p>two</p>\r\n"));
        assert!(!body.is("<p>one</p><p>three</p>"));
        let other = OutgoingBody::new(&compose("one\n\ntwo"), MessageId::from_bits(2));
        assert!(!body.is(&other.with_marker()));
        assert_eq!(read_marker("<p>x</p><!--ms_short-->"), None);
        assert_eq!(read_marker("-->"), None);
    }
}

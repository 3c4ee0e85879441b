//! Opaque ids that are derived from the help desk's numbers, so that they need no table and say nothing.

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use shared::{AttachmentId, FieldId, MessageId, TopicId, UploadId};

use crate::helpdesk;

/// Derives ids with a secret that is drawn at the first start and kept in the database: without it nobody can count, guess or compare.
#[derive(Clone)]
pub(crate) struct DerivedIds {
    key: [u8; 32],
}

impl DerivedIds {
    pub(crate) const fn new(key: [u8; 32]) -> Self {
        Self { key }
    }

    /// A message that Raptor did not send.
    pub(crate) fn message(&self, thread: helpdesk::ThreadId) -> MessageId {
        MessageId::from_bits(self.bits("message", &[&thread.to_string()]))
    }

    pub(crate) fn attachment(
        &self,
        conversation: helpdesk::ConversationId,
        attachment: helpdesk::AttachmentId,
    ) -> AttachmentId {
        AttachmentId::from_bits(self.bits("attachment", &[&conversation.to_string(), &attachment.to_string()]))
    }

    /// A file of a message that has not arrived yet.
    pub(crate) fn waiting_attachment(&self, upload: UploadId) -> AttachmentId {
        AttachmentId::from_bits(self.bits("upload", &[&upload.to_string()]))
    }

    pub(crate) fn field(&self, field: helpdesk::CustomFieldId) -> FieldId {
        FieldId::from_bits(self.bits("field", &[&field.to_string()]))
    }

    pub(crate) fn topic(&self, field: helpdesk::CustomFieldId, option: &str) -> TopicId {
        TopicId::from_bits(self.bits("topic", &[&field.to_string(), option]))
    }

    /// The first 128 bits of an HMAC over the kind and the parts, each with its length, so that no two inputs are the same bytes.
    fn bits(&self, kind: &str, parts: &[&str]) -> u128 {
        // HMAC takes keys of every length, so this cannot fail; a zero would merely make ids collide and be found by the tests.
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&self.key) else { return 0 };
        for part in std::iter::once(&kind).chain(parts) {
            mac.update(&(part.len() as u64).to_be_bytes());
            mac.update(part.as_bytes());
        }
        let digest = mac.finalize().into_bytes();
        digest.iter().take(16).fold(0, |bits, byte| (bits << 8) | u128::from(*byte))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_stable_distinct_and_keyed() {
        let (one, two) = (DerivedIds::new([1; 32]), DerivedIds::new([2; 32]));
        let thread = |number| helpdesk::ThreadId::new(number).unwrap();
        assert_eq!(one.message(thread(3)), one.message(thread(3)));
        assert_ne!(one.message(thread(3)), one.message(thread(4)));
        assert_ne!(one.message(thread(3)), two.message(thread(3)));
        let at = |conversation, attachment| {
            one.attachment(
                helpdesk::ConversationId::new(conversation).unwrap(),
                helpdesk::AttachmentId::new(attachment).unwrap(),
            )
        };
        // Without the lengths, 1 and 23 would be 12 and 3.
        assert_ne!(at(1, 23), at(12, 3));
    }
}

//! What was sent and may still come back.

use leptos::prelude::*;
use shared::MessageId;

use crate::features::drafts::Record;

/// Replies of this page that have been accepted, as they were written: taking one back puts it into the box again.
#[derive(Clone, Copy)]
pub struct Withdrawn {
    sent: StoredValue<Vec<(MessageId, Record)>, LocalStorage>,
    back: RwSignal<Option<MessageId>>,
}

/// The replies of this ticket's pane.
#[must_use]
pub fn use_withdrawn() -> Option<Withdrawn> {
    use_context()
}

impl Default for Withdrawn {
    fn default() -> Self {
        Self { sent: StoredValue::new_local(Vec::new()), back: RwSignal::new(None) }
    }
}

impl Withdrawn {
    /// Remembers what was sent.
    pub fn remember(self, id: MessageId, record: Record) {
        self.sent.try_update_value(|sent| sent.push((id, record)));
    }

    /// It was taken back.
    pub fn bring_back(self, id: MessageId) {
        self.back.try_set(Some(id));
    }

    /// What was taken back last; tracked. Each comes back once.
    pub(super) fn take(self) -> Option<Record> {
        let id = self.back.get()?;
        let record = self.sent.try_update_value(|sent| {
            let place = sent.iter().position(|(other, _)| *other == id)?;
            Some(sent.remove(place).1)
        });
        record.flatten()
    }
}

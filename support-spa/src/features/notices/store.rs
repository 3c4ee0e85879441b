//! The notices, as they are known.

use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::NoticeId;
use shared::endpoints::desk::{ListNotices, Notice};

use crate::browser::{is_visible, timer};
use crate::client;
use crate::session::Session;

/// Milliseconds between questions: an incident should be seen by those who are about to write.
const EVERY: i32 = 120_000;

/// The notices.
#[derive(Clone, Copy, Debug)]
pub struct NoticeStore {
    items: RwSignal<Vec<Notice>>,
    hidden: RwSignal<Vec<NoticeId>>,
}

/// The notices of this app.
#[must_use]
pub fn use_notices() -> NoticeStore {
    use_context().unwrap_or_else(NoticeStore::empty)
}

impl NoticeStore {
    fn empty() -> Self {
        Self { items: RwSignal::new(Vec::new()), hidden: RwSignal::new(Vec::new()) }
    }

    /// Notices that are asked for now and then while somebody is signed in.
    #[must_use]
    pub fn follow(session: Session) -> Self {
        let store = Self::empty();
        Effect::new(move |_| {
            if session.is_active() {
                spawn_local(store.load());
            }
        });
        timer::every(EVERY, move || {
            if is_visible() && untrack(move || session.is_active()) {
                spawn_local(store.load());
            }
        });
        store
    }

    /// Those that were not hidden; tracked.
    #[must_use]
    pub fn shown(self) -> Vec<Notice> {
        let hidden = self.hidden.get();
        self.items.with(|items| items.iter().filter(|notice| !hidden.contains(&notice.id)).cloned().collect())
    }

    /// Hides one for as long as this page lives.
    pub fn hide(self, id: NoticeId) {
        self.hidden.update(|hidden| hidden.push(id));
    }

    async fn load(self) {
        // Notices are an extra: without them, everything still works.
        if let Ok((notices, _)) = client::read::<ListNotices>(&(), &()).await {
            let items = notices.items.into_vec();
            self.items.try_maybe_update(|shown| {
                let differs = *shown != items;
                if differs {
                    *shown = items;
                }
                (differs, ())
            });
        }
    }
}

//! Several tabs with the same draft.

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::editor::Draft;
use super::kept;
use crate::session::tabs::{Heard, Word};

impl Draft {
    /// Takes over what another tab saved of this draft; what is being written here meanwhile is kept beside it.
    pub(super) fn follow_other_tabs(self) {
        let Some(Heard(heard)) = use_context::<Heard>() else { return };
        let name = self.place.name();
        Effect::new(move |_| {
            if matches!(heard.get(), Some(Word::Draft(place)) if place == name) {
                spawn_local(self.look());
            }
        });
    }

    async fn look(self) {
        let kept = kept::load(self.account, self.place).await;
        if self.knows(kept.as_ref().map(|kept| &kept.version)) {
            return;
        }
        if let Some(ours) = self.try_record() {
            self.meet(ours, kept);
        }
    }
}

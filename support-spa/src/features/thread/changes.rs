//! What is done here to a thread, before the server is asked again.

use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::MessageId;
use shared::endpoints::tickets::{AuthorKind, MarkRead, Message, ReadMarker, TicketState};

use super::place;
use super::store::ThreadStore;
use crate::browser::{is_visible, turns};
use crate::client;

impl ThreadStore {
    /// Adds a message that was just accepted. It keeps its id from now on.
    pub fn add(self, message: Message) {
        // Its ticket may have been left before the answer came.
        if self.messages.is_disposed() {
            return;
        }
        self.messages.update(|shown| {
            if shown.iter().all(|other| other.id != message.id) {
                shown.push(message);
            }
        });
        turns::afterwards(place::to_the_end);
        self.follow_delivery();
        self.tell_list();
    }

    /// A message as it is shown; not tracked.
    #[must_use]
    pub fn message(self, id: MessageId) -> Option<Message> {
        self.messages.with_untracked(|shown| shown.iter().find(|message| message.id == id).cloned())
    }

    /// Takes a message out that was withdrawn.
    pub fn take_out(self, id: MessageId) {
        self.messages.update(|shown| shown.retain(|message| message.id != id));
        self.tell_list();
    }

    /// Takes over where the ticket stands after a change.
    pub fn set_state(self, state: TicketState) {
        self.ticket.update(|ticket| {
            if let Some(ticket) = ticket {
                ticket.status = state.status;
                ticket.status_since = state.status_since;
                ticket.can = state.can;
            }
        });
        self.tell_list();
    }

    /// Who wrote the newest message, when that was the team.
    #[must_use]
    pub fn newest_answer(self) -> Option<(MessageId, Option<String>)> {
        self.messages.with(|messages| {
            let newest = messages.last().filter(|message| message.author.kind == AuthorKind::Team)?;
            Some((newest.id, newest.author.name.as_ref().map(|name| name.as_str().to_owned())))
        })
    }

    /// Says that what is loaded has been seen, if it can have been.
    pub fn mark_read(self) {
        let Some(up_to) = self.messages.with_untracked(|messages| messages.last().map(|message| message.sent_at))
        else {
            return;
        };
        let marked = self.ticket.with_untracked(|ticket| ticket.as_ref().and_then(|ticket| ticket.read_up_to));
        if !is_visible() || marked.is_some_and(|marked| marked >= up_to) {
            return;
        }
        self.ticket.update(|ticket| {
            if let Some(ticket) = ticket {
                ticket.read_up_to = Some(up_to);
            }
        });
        if let Some(tickets) = self.tickets {
            tickets.mark_read(self.id);
        }
        spawn_local(async move {
            // Should this fail, the ticket stays unread, which is the safe side.
            let _ = client::call::<MarkRead>(self.path(), (), &ReadMarker { up_to }).await;
        });
    }
}

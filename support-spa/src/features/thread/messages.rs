//! The messages, grouped by day.

use leptos::prelude::*;
use shared::Timestamp;
use shared::endpoints::tickets::{AuthorKind, DeliveryState, Message, Ticket, TicketStatus};

use super::message::message;
use super::place::{first_message, show_message, stay_at};
use super::store::ThreadStore;
use crate::bandz::{Bandz, Scene};
use crate::browser::{root, turns};
use crate::features::list::Load;
use crate::i18n::{format, t, t_now};
use crate::router::use_router;
use crate::ui::{ActionButton, Row, RowKey, dynamic, rows, use_announcer};

/// How many are drawn in one go until the window is filled. A browser that draws many is deaf meanwhile, and the first ones take longest:
/// what draws them has to be compiled, and they are laid out.
const STEP: usize = 3;

/// The height of an entry in pixels, or more. Nobody sees any before so many are there as fill the window: what stands at the end would
/// move when those before it come.
const AT_LEAST: f64 = 110.0;

/// A thread opens at its end. Were the heights of what is there guessed first, it would move under the reader's eyes; so many entries are
/// laid out in any case, and the others when they are near.
const IN_VIEW: usize = 10;

/// How many fill the window.
fn filling() -> usize {
    let height = root().map_or(0, |root| root.client_height());
    (f64::from(height) / AT_LEAST).ceil() as usize + 1
}

/// What stands in the thread.
#[derive(Clone)]
enum Entry {
    /// A new day begins.
    Day(i64, Timestamp),
    /// From here on, nothing has been read.
    New,
    /// A message.
    Message(Box<Message>),
}

impl Entry {
    /// Whether it is the customer's own, if anybody's, and has arrived.
    fn is_there(&self) -> bool {
        match self {
            Self::Message(message) => {
                message.author.kind == AuthorKind::You && message.delivery.state == DeliveryState::Delivered
            }
            Self::Day(..) | Self::New => true,
        }
    }

    /// A message is made anew when anything that it shows has changed.
    fn key(&self) -> RowKey {
        match self {
            Self::Day(day, _) => RowKey(u128::from(day.unsigned_abs()), u64::MAX),
            Self::New => RowKey(0, u64::MAX - 1),
            // A message has far fewer files than these bits can count.
            Self::Message(message) => RowKey(
                message.id.bits(),
                (u64::from(message.delivery.state as u8) << 32) | (message.attachments.len() as u64),
            ),
        }
    }
}

fn entries(messages: &[Message], read_before: Option<Timestamp>) -> Vec<Entry> {
    let mut entries = Vec::with_capacity(messages.len() + 8);
    let mut day = None;
    let mut marked = read_before.is_none();
    for message in messages {
        let today = format::day_number(message.sent_at);
        if day != Some(today) {
            entries.push(Entry::Day(today, message.sent_at));
            day = Some(today);
        }
        let unread = read_before.is_some_and(|read| message.sent_at > read) && message.author.kind != AuthorKind::You;
        if unread && !marked {
            entries.push(Entry::New);
            marked = true;
        }
        entries.push(Entry::Message(Box::new(message.clone())));
    }
    entries
}

/// How many of the newest a thread opens with: as many as fill the window, and in any case all that have not been read.
fn opening(entries: &[Entry], filling: usize) -> usize {
    let unread = entries.iter().position(|entry| matches!(entry, Entry::New)).map_or(0, |new| entries.len() - new);
    usize::min(usize::max(unread, filling), entries.len())
}

/// The messages of a ticket, and a way to the older ones.
#[component]
pub(super) fn Messages(
    /// The ticket.
    store: ThreadStore,
) -> impl IntoView {
    let router = use_router();
    let announcer = use_announcer();
    let all = Memo::new_with_compare(
        move |_| store.messages.with(|messages| entries(messages, store.read_before.get())),
        |_, _| true,
    );
    Effect::new(move |before: Option<Option<shared::MessageId>>| {
        let newest = store.newest_answer();
        let id = newest.as_ref().map(|(id, _)| *id);
        if let (Some(before), Some((id, name))) = (before, newest)
            && before != Some(id)
        {
            let name = name.unwrap_or_else(|| t_now!(thread_team));
            announcer.say(t_now!(thread_answer_announced, name = name));
            store.mark_read();
        }
        id
    });
    // An address with a message's id leads to that message, loading older pages until it is there.
    Effect::new(move |found: Option<bool>| {
        let fragment = router.fragment();
        store.messages.track();
        if found == Some(true) || fragment.is_empty() {
            return found.unwrap_or_default();
        }
        let id = fragment.strip_prefix("ms_").and_then(|_| shared::MessageId::parse(&fragment).ok());
        let Some(id) = id else { return true };
        let here = store.messages.with_untracked(|messages| messages.iter().any(|message| message.id == id));
        if here {
            show_message(fragment);
        } else if store.load.get() == Load::Ready {
            store.load_older(|_| {});
        }
        here
    });
    // An address with a message's id may lead to any of them.
    let filling = filling();
    // The head of the thread has the first turn for itself.
    let drawn = RwSignal::new(if untrack(|| router.fragment()).is_empty() { 0 } else { usize::MAX });
    let opens = move || all.with(|all| drawn.get() < opening(all, filling));
    Effect::new(move |_| {
        let count = all.with(Vec::len);
        let now = drawn.get();
        if now < count {
            // Further ones are not laid out before somebody is near them.
            let more = if now < filling { STEP } else { filling };
            turns::afterwards(move || {
                drawn.try_set(now + more);
            });
        } else if count > 0 && now != usize::MAX {
            // What comes from now on comes whole.
            drawn.set(usize::MAX);
        }
    });
    let has_older = Memo::new(move |_| store.older.with(Option::is_some));
    let load_older = Callback::new(move |()| {
        let stay = stay_at(first_message());
        store.load_older(move |count| {
            announcer.say(t_now!(thread_older_loaded, count = count));
            // With the last page the button goes, and the focus would go with it.
            stay(store.older.with_untracked(Option::is_none));
        });
    });
    let loading = Signal::derive(move || store.load.get() == Load::LoadingMore);
    let head = move || {
        if has_older.get() {
            view! {
                <div class="older">
                    <ActionButton
                        label=t!(thread_older)
                        busy_label=t!(thread_loading_older)
                        busy=loading
                        on_press=load_older
                    />
                </div>
            }
            .into_any()
        } else {
            ().into_any()
        }
    };
    let shown = move || {
        let all = all.get();
        let start = all.len().saturating_sub(drawn.get());
        let newest = all.len().saturating_sub(IN_VIEW);
        let rows = all.into_iter().enumerate().skip(start);
        rows.map(|(at, entry)| Row::new(entry.key(), move || one(store, entry, at >= newest))).collect()
    };
    // Nobody has answered, and all that was written is with the team.
    let awaits = Memo::new(move |_| {
        let received = |ticket: &Ticket| {
            ticket.status == TicketStatus::Received && ticket.delivery.state == DeliveryState::Delivered
        };
        store.ticket.with(|ticket| ticket.as_ref().is_some_and(received))
            && all.with(|all| all.iter().all(Entry::is_there))
    });
    let awaiting = move || {
        if awaits.get() {
            view! { <div class="with-bandz"><Bandz scene=Scene::Sent/><p>{t!(thread_awaiting)}</p></div> }.into_any()
        } else {
            ().into_any()
        }
    };
    let drawing = Signal::derive(move || (drawn.get() < all.with(Vec::len)).then_some("true"));
    view! {
        <section class="messages" class:opening=opens aria-label=t!(thread_messages_label)>
            {dynamic(head)}
            <ol aria-busy=drawing>
                {rows(shown)}
            </ol>
            {dynamic(awaiting)}
        </section>
    }
}

fn one(store: ThreadStore, entry: Entry, is_newest: bool) -> AnyView {
    match entry {
        Entry::Day(_, at) => {
            view! { <li class="day"><h2>{Signal::derive(move || format::day(at))}</h2></li> }.into_any()
        }
        Entry::New => view! { <li class="new-divider"><span>{t!(thread_new_divider)}</span></li> }.into_any(),
        Entry::Message(shown) => message(store, *shown, is_newest),
    }
}

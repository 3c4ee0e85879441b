//! The list as it is known, and the calls that keep it so.

use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::endpoints::tickets::{
    Cursor, ListQuery, ListTickets, PageSize, StatusCounts, StatusFilter, TicketPage, TicketSummary,
};
use shared::{CustomerId, TicketId, Timestamp};

use super::load::Load;
use crate::client;
use crate::features::offline::seen;
use crate::router::{ListPlace, Page, Router};
use crate::session::Session;

/// Tickets that one call brings.
const PAGE: u16 = 25;
/// Tickets that one call may bring when many are checked.
pub(super) const MOST: u16 = 50;

/// The list.
#[derive(Clone, Copy)]
pub struct TicketStore {
    session: Session,
    /// Which part of the list; kept while a ticket is read.
    pub place: Memo<ListPlace>,
    /// The tickets that are loaded.
    pub items: RwSignal<Vec<TicketSummary>>,
    /// How many stand where; absent until known.
    pub counts: RwSignal<Option<StatusCounts>>,
    /// Where the next page begins.
    pub next: RwSignal<Option<Cursor>>,
    /// Where loading stands.
    pub load: RwSignal<Load>,
    /// When the list was last true.
    pub synced_at: RwSignal<Option<Timestamp>>,
    /// The team's systems could not be reached when it was made.
    pub stale: RwSignal<bool>,
    /// Counts the questions: an answer to an older one is dropped.
    asked: StoredValue<u32>,
    /// Something changed while the next page was on its way.
    due: StoredValue<bool>,
}

/// What an answer stands for.
enum Shown {
    /// All that is to be shown.
    All,
    /// What follows on these, which were asked for just before.
    Fresh(Vec<TicketSummary>),
    /// What follows on everything that is shown.
    After,
}

/// The list of this app.
///
/// Components that are mounted alone provide their own.
#[must_use]
pub fn use_tickets() -> Option<TicketStore> {
    use_context()
}

impl TicketStore {
    /// A list that follows the address.
    #[must_use]
    pub fn new(router: Router, session: Session) -> Self {
        let place = Memo::new(move |before: Option<&ListPlace>| match router.page() {
            Page::Tickets(place) => place,
            _ => before.cloned().unwrap_or_default(),
        });
        let store = Self {
            session,
            place,
            items: RwSignal::new(Vec::new()),
            counts: RwSignal::new(None),
            next: RwSignal::new(None),
            load: RwSignal::new(Load::Loading),
            synced_at: RwSignal::new(None),
            stale: RwSignal::new(false),
            asked: StoredValue::new(0),
            due: StoredValue::new(false),
        };
        Effect::new(move |before: Option<(Option<CustomerId>, Option<ListPlace>)>| {
            let account = session.customer().map(|customer| customer.id);
            let place = session.is_active().then(|| place.get());
            if before.as_ref().is_some_and(|(before, _)| *before != account) {
                store.forget();
            }
            match (&before, &place) {
                (_, None) => {}
                // Signed in again: what is shown stays while it is checked.
                (Some((_, None)), Some(_)) if !store.items.read_untracked().is_empty() => store.refresh(),
                (_, Some(_)) => store.reload(),
            }
            (account, place)
        });
        store
    }

    /// Forgets what is shown, and what is on its way: it is another customer's.
    fn forget(self) {
        self.ask();
        self.load.set(Load::Loading);
        self.items.set(Vec::new());
        self.counts.set(None);
        self.next.set(None);
        self.synced_at.set(None);
        self.stale.set(false);
    }

    /// Loads the list from its beginning: first as last seen, then as it is.
    pub fn reload(self) {
        self.load.set(Load::Loading);
        let asked = self.ask();
        // Whichever is there first is shown; the real answer always has the last word.
        spawn_local(async move {
            let Some(page) = self.last_seen().await else { return };
            if self.is_current(asked) && self.load.get_untracked() == Load::Loading {
                self.show(page, Shown::All);
                self.load.set(Load::Refreshing);
            }
        });
        spawn_local(async move {
            let answer = client::read::<ListTickets>(&(), &self.query(None, PAGE)).await;
            if !self.is_current(asked) {
                return;
            }
            match answer {
                Ok((page, bytes)) => {
                    self.show(page, Shown::All);
                    self.load.set(Load::Ready);
                    self.remember(&bytes).await;
                }
                Err(failure) if self.load.get_untracked() == Load::Loading => {
                    // Without a connection the call fails at once, before the memory has been read.
                    let seen = self.last_seen().await;
                    if !self.is_current(asked) {
                        return;
                    }
                    match seen {
                        Some(page) => {
                            self.show(page, Shown::All);
                            self.load.set(Load::Outdated(failure));
                        }
                        None => self.load.set(Load::Failed(failure)),
                    }
                }
                Err(failure) => self.load.set(Load::Outdated(failure)),
            }
        });
    }

    /// Asks for what is loaded again, all of it, without taking anything away meanwhile.
    pub fn refresh(self) {
        match self.load.get_untracked() {
            Load::Loading | Load::Failed(_) => return self.reload(),
            // The page that somebody asked for comes first.
            Load::LoadingMore => return self.due.set_value(true),
            Load::Ready | Load::Refreshing | Load::Outdated(_) => {}
        }
        self.load.set(Load::Refreshing);
        let asked = self.ask();
        let loaded = self.items.with_untracked(Vec::len);
        let limit = u16::try_from(loaded).unwrap_or(u16::MAX).clamp(PAGE, MOST);
        spawn_local(async move {
            let mut before = Vec::new();
            let mut cursor = None;
            loop {
                let answer = client::read::<ListTickets>(&(), &self.query(cursor, limit)).await;
                if !self.is_current(asked) {
                    return;
                }
                let (page, bytes) = match answer {
                    Ok(answer) => answer,
                    Err(failure) => return self.load.set(Load::Outdated(failure)),
                };
                if before.is_empty() {
                    self.remember(&bytes).await;
                }
                cursor = page.next_cursor.clone().filter(|_| before.len() + page.items.len() < loaded);
                if cursor.is_none() {
                    self.show(page, Shown::Fresh(before));
                    return self.load.set(Load::Ready);
                }
                before.extend(page.items);
            }
        });
    }

    /// Loads the next page.
    pub fn load_more(self) {
        let Some(cursor) = self.next.get_untracked() else { return };
        match self.load.get_untracked() {
            Load::LoadingMore => return,
            // The answer to what was being checked will be dropped, so it is asked for again afterwards.
            Load::Refreshing => self.due.set_value(true),
            _ => {}
        }
        self.load.set(Load::LoadingMore);
        let asked = self.ask();
        spawn_local(async move {
            let answer = client::read::<ListTickets>(&(), &self.query(Some(cursor), PAGE)).await;
            if !self.is_current(asked) {
                return;
            }
            match answer {
                Ok((page, _)) => {
                    self.show(page, Shown::After);
                    self.load.set(Load::Ready);
                }
                Err(failure) => self.load.set(Load::Outdated(failure)),
            }
            if self.due.try_update_value(std::mem::take) == Some(true) {
                self.refresh();
            }
        });
    }

    /// Marks a ticket as read here; the server hears of it from the thread.
    pub fn mark_read(self, ticket_id: TicketId) {
        let unread = |items: &[TicketSummary]| items.iter().any(|item| item.id == ticket_id && item.unread);
        if self.items.with_untracked(|items| unread(items)) {
            self.items.update(|items| {
                if let Some(item) = items.iter_mut().find(|item| item.id == ticket_id) {
                    item.unread = false;
                }
            });
        }
    }

    fn query(self, cursor: Option<Cursor>, limit: u16) -> ListQuery {
        let place = self.place.get_untracked();
        ListQuery {
            status: Some(place.status.unwrap_or(StatusFilter::Open)),
            q: place.query,
            sort: place.sort,
            cursor,
            limit: PageSize::new(limit),
        }
    }

    fn ask(self) -> u32 {
        self.asked
            .try_update_value(|asked| {
                *asked += 1;
                *asked
            })
            .unwrap_or_default()
    }

    fn is_current(self, asked: u32) -> bool {
        self.asked.try_get_value() == Some(asked)
    }

    async fn last_seen(self) -> Option<TicketPage> {
        seen::read::<ListTickets>(self.session.account()?, &(), &self.query(None, PAGE)).await
    }

    async fn remember(self, bytes: &[u8]) {
        let query = self.query(None, PAGE);
        // What was searched for once would take the place of what is looked at every day.
        if let Some(account) = self.session.account().filter(|_| query.q.is_none()) {
            seen::write::<ListTickets>(account, &(), &query, bytes).await;
        }
    }

    fn show(self, page: TicketPage, shown: Shown) {
        let items = page.items.into_vec();
        self.items.update(|all| {
            let before = match shown {
                Shown::All => Vec::new(),
                Shown::Fresh(before) => before,
                Shown::After => std::mem::take(all),
            };
            *all = followed_by(before, items);
        });
        self.counts.set(Some(page.counts));
        self.next.set(page.next_cursor);
        self.synced_at.set(Some(page.synced_at));
        self.stale.set(page.stale);
    }
}

/// A ticket that moved while pages were loaded may come twice: it is shown once, where it came first.
fn followed_by(mut before: Vec<TicketSummary>, mut after: Vec<TicketSummary>) -> Vec<TicketSummary> {
    after.retain(|item| before.iter().all(|other| other.id != item.id));
    before.append(&mut after);
    before
}

//! The list as it is known, and the calls that keep it so.

use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::endpoints::tickets::{
    Cursor, ListQuery, ListTickets, PageSize, StatusCounts, StatusFilter, TicketPage, TicketStatus, TicketSummary,
};
use shared::{TicketId, Timestamp};

use crate::client::{self, Failure};
use crate::features::offline::seen;
use crate::router::{ListPlace, Page, Router};
use crate::session::Session;

/// Tickets that one call brings.
const PAGE: u16 = 25;

/// Where loading stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Load {
    /// Nothing is known yet.
    Loading,
    /// What is shown came just now.
    Ready,
    /// What is shown is being checked.
    Refreshing,
    /// The next page is on its way.
    LoadingMore,
    /// Nothing could be loaded.
    Failed(Failure),
    /// What is shown is from before; asking again failed.
    Outdated(Failure),
}

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
        };
        Effect::new(move |before: Option<Option<ListPlace>>| {
            let place = session.is_active().then(|| place.get());
            match (&before, &place) {
                (_, None) => {}
                // Signed in again: what is shown stays while it is checked.
                (Some(None), Some(_)) if !store.items.read_untracked().is_empty() => store.refresh(),
                (_, Some(_)) => store.reload(),
            }
            place
        });
        store
    }

    /// Loads the list from its beginning: first as last seen, then as it is.
    pub fn reload(self) {
        self.load.set(Load::Loading);
        let asked = self.ask();
        // Whichever is there first is shown; the real answer always has the last word.
        spawn_local(async move {
            let Some(account) = self.session.account() else { return };
            let query = self.query(None, PAGE);
            let Some(page) = seen::read::<ListTickets>(account, &(), &query).await else { return };
            if self.is_current(asked) && self.load.get_untracked() == Load::Loading {
                self.show(page, false);
                self.load.set(Load::Refreshing);
            }
        });
        spawn_local(async move {
            let query = self.query(None, PAGE);
            let answer = client::read::<ListTickets>(&(), &query).await;
            self.settle(asked, answer, &query).await;
        });
    }

    /// Asks for the beginning of the list again without taking anything away meanwhile.
    pub fn refresh(self) {
        if matches!(self.load.get_untracked(), Load::Loading | Load::Failed(_)) {
            self.reload();
            return;
        }
        self.load.set(Load::Refreshing);
        let asked = self.ask();
        spawn_local(async move {
            let shown = u16::try_from(self.items.with_untracked(Vec::len)).unwrap_or(u16::MAX);
            let query = self.query(None, shown.clamp(PAGE, 50));
            let answer = client::read::<ListTickets>(&(), &query).await;
            self.settle(asked, answer, &query).await;
        });
    }

    /// Loads the next page.
    pub fn load_more(self) {
        let Some(cursor) = self.next.get_untracked() else { return };
        if self.load.get_untracked() == Load::LoadingMore {
            return;
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
                    self.show(page, true);
                    self.load.set(Load::Ready);
                }
                Err(failure) => self.load.set(Load::Outdated(failure)),
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

    /// Tickets that are loaded, not resolved, and much the same in their subject.
    #[must_use]
    pub fn similar(self, subject: &str) -> Option<TicketSummary> {
        let open = |item: &&TicketSummary| item.status != TicketStatus::Resolved;
        self.items.with(|items| items.iter().filter(open).find(|item| alike(&item.subject, subject)).cloned())
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

    async fn settle(self, asked: u32, answer: Result<(TicketPage, Vec<u8>), Failure>, query: &ListQuery) {
        if !self.is_current(asked) {
            return;
        }
        match answer {
            Ok((page, bytes)) => {
                self.show(page, false);
                self.load.set(Load::Ready);
                if let Some(account) = self.session.account() {
                    seen::write::<ListTickets>(account, &(), query, &bytes).await;
                }
            }
            Err(failure) => {
                let nothing = matches!(self.load.get_untracked(), Load::Loading);
                self.load.set(if nothing { Load::Failed(failure) } else { Load::Outdated(failure) });
            }
        }
    }

    fn show(self, page: TicketPage, appended: bool) {
        let mut items = page.items.into_vec();
        self.items.update(|shown| {
            if appended {
                // A ticket that moved while pages were loaded may come twice.
                items.retain(|item| shown.iter().all(|other| other.id != item.id));
                shown.append(&mut items);
            } else if *shown != items {
                *shown = items;
            }
        });
        self.counts.set(Some(page.counts));
        self.next.set(page.next_cursor);
        self.synced_at.set(Some(page.synced_at));
        self.stale.set(page.stale);
    }
}

/// Whether two subjects have most of their longer words in common.
fn alike(one: &str, other: &str) -> bool {
    let words = |text: &str| -> Vec<String> {
        let lower = text.to_lowercase();
        let long = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| word.chars().count() > 3);
        long.map(str::to_owned).collect()
    };
    let (one, other) = (words(one), words(other));
    let common = other.iter().filter(|word| one.contains(word)).count();
    other.len() >= 2 && common >= 2 && common * 3 >= other.len() * 2
}

#[cfg(test)]
mod tests {
    use super::alike;

    #[test]
    fn finds_what_was_asked_before() {
        assert!(alike("Exit rule fired twice on SPY iron condor", "Exit rule fired twice"));
        assert!(alike("Paper fills missing from the audit trail", "missing paper fills in audit"));
        assert!(!alike("Paper fills missing from the audit trail", "Paper"));
        assert!(!alike("Paper fills missing", "Invoice shows the old company name"));
        assert!(!alike("", ""));
    }
}

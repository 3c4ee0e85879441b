//! Messages that wait on this device. A form that is open sends its own; this sends those of forms that are not. What sends them is a
//! part of the program: it needs to know all that a ticket and a form know, and there is hardly ever anything that waits.

use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::endpoints::tickets::{CreateTicket, MessageText, NewReply, Reply, TicketPath};
use shared::{CustomerId, List, UploadId};

use crate::browser::{now, timer};
use crate::client::{self, Cause, Failure};
use crate::features::drafts::{self, Place, Record};
use crate::features::list::TicketStore;
use crate::features::new_ticket::request;
use crate::features::writing::normalized;
use crate::i18n::m;
use crate::parts::Loader;
use crate::router::{Page, Router};
use crate::session::tabs::{self, Word};
use crate::session::{self, Session};
use crate::ui::Toasts;

/// Milliseconds before what could not be sent just now is tried again.
const PAUSE: i32 = 30_000;
/// Milliseconds that forms have, in this tab or another, to send what they hold themselves.
const FORMS_FIRST: i32 = 1_500;

/// A message that waits: whose, for which form, and what was written.
pub type Waited = (CustomerId, Place, Record);

/// What became of it.
pub type Sent = Result<(), Failure>;

/// How many messages wait to be sent by themselves, and whether the last attempt at them was in vain, for whoever says so.
#[derive(Clone, Copy)]
pub struct Waiting {
    count: RwSignal<usize>,
    in_vain: RwSignal<bool>,
}

/// The messages that wait on this device.
#[must_use]
pub fn use_waiting() -> Option<Waiting> {
    use_context()
}

impl Waiting {
    /// How many; tracked.
    #[must_use]
    pub fn count(self) -> usize {
        self.count.get()
    }

    /// Whether they have been tried, and wait on; tracked.
    #[must_use]
    pub fn were_tried_in_vain(self) -> bool {
        self.in_vain.get() && self.count() > 0
    }

    /// Counts again.
    pub fn recount(self, account: CustomerId) {
        spawn_local(async move {
            self.count.try_set(waiting(account).await.len());
        });
    }
}

/// Sends what waits, whenever there is a connection and a session, in the order in which it was asked for.
pub fn start(
    session: Session,
    online: Signal<bool>,
    router: Router,
    tickets: TicketStore,
    toasts: Toasts,
    sender: Loader<Waited, Sent>,
) {
    let waiting = Waiting { count: RwSignal::new(0), in_vain: RwSignal::new(false) };
    let busy = StoredValue::new(false);
    let outbox = Outbox { router, tickets, toasts, sender, waiting, busy };
    provide_context(outbox.waiting);
    let again = RwSignal::new(0_u32);
    let page = Memo::new(move |_| router.page());
    Effect::new(move |_| {
        again.track();
        // A form that is left leaves what waits in it to this.
        page.track();
        let (connected, active) = (online.get(), session.is_active());
        let free = connected && active;
        let Some(account) = session.account() else {
            outbox.waiting.count.set(0);
            outbox.waiting.in_vain.set(false);
            return;
        };
        outbox.waiting.recount(account);
        let later = move |pause| {
            timer::after(pause, move || {
                again.try_update(|again| *again += 1);
            });
        };
        match (free, outbox.busy.get_value()) {
            (false, _) => {}
            (true, true) => later(FORMS_FIRST),
            (true, false) => {
                outbox.busy.set_value(true);
                spawn_local(async move {
                    timer::sleep(FORMS_FIRST).await;
                    let all = outbox.send_all(account).await;
                    outbox.busy.try_set_value(false);
                    outbox.waiting.recount(account);
                    outbox.waiting.in_vain.try_set(!all);
                    if !all {
                        later(PAUSE);
                    }
                });
            }
        }
    });
}

#[derive(Clone, Copy)]
struct Outbox {
    router: Router,
    tickets: TicketStore,
    toasts: Toasts,
    sender: Loader<Waited, Sent>,
    waiting: Waiting,
    busy: StoredValue<bool>,
}

impl Outbox {
    /// Sends what waits. Answers whether nothing is left that may go later by itself.
    async fn send_all(self, account: CustomerId) -> bool {
        let mut all = true;
        for (place, record) in waiting(account).await {
            if self.is_open(place) {
                continue;
            }
            if !session::is_here(account) {
                return false;
            }
            // Before anything is noted as tried.
            if (self.sender.load)().await.is_err() {
                return false;
            }
            // Whoever opens its form now finds that it may have been sent. Changed meanwhile, it is no longer what waited.
            let Some(record) = drafts::begin_attempt(account, place, record).await else { continue };
            let Ok(sent) = (self.sender.call)((account, place, record.clone())).await else { return false };
            match sent {
                Ok(()) => {
                    drafts::remove_sent(account, place, &record).await;
                    tabs::say(&Word::Draft(place.name()));
                    self.toasts.show(match place {
                        Place::NewTicket => m!(new_ticket_sent),
                        Place::Reply(_) => m!(delivery_announced_sent),
                    });
                    self.tickets.refresh();
                }
                // Only this one: each is of another ticket, and none has to wait for another's sake.
                Err(failure) if is_its_own(&failure) => all = false,
                Err(failure) if may_pass(&failure) => return false,
                Err(_) => {
                    drafts::save(account, place, &Record { waiting: None, ..record }).await;
                    tabs::say(&Word::Draft(place.name()));
                    self.toasts.fail(m!(delivery_waiting_failed));
                }
            }
        }
        all
    }

    fn is_open(self, place: Place) -> bool {
        match (place, self.router.page_untracked()) {
            (Place::NewTicket, Page::NewTicket) => true,
            (Place::Reply(id), Page::Ticket(open)) => id == open,
            _ => false,
        }
    }
}

/// What waits, in the order in which it was asked to be sent.
async fn waiting(account: CustomerId) -> Vec<(Place, Record)> {
    let mut all = drafts::load_all(account).await;
    all.retain(|(_, record)| record.waiting.is_some());
    all.sort_by_key(|(_, record)| record.waiting);
    all
}

/// Whether waiting may help, without anybody changing the message.
const fn may_pass(failure: &Failure) -> bool {
    matches!(failure.cause, Cause::SessionEnded | Cause::RateLimited(_) | Cause::DeskUnavailable | Cause::Maintenance)
        || failure.outcome_unknown()
}

/// Whether a failure, though it may pass, says nothing about other messages.
const fn is_its_own(failure: &Failure) -> bool {
    matches!(failure.cause, Cause::Internal | Cause::Unusable | Cause::InProgress)
}

/// Sends what waits. Once it is accepted, or kept on the other side, that is a success.
///
/// # Errors
/// As the calls; what was written waits on.
pub async fn send((account, place, mut record): Waited) -> Sent {
    let uploads = upload(account, place, &mut record).await?;
    // With another's token it would be another's.
    if !session::is_here(account) {
        return Err(Failure::new(Cause::SessionEnded));
    }
    let invalid = || Failure::new(Cause::Invalid(Vec::new()));
    let answer = match place {
        Place::Reply(ticket_id) => {
            let body = MessageText::new(normalized(&record.body)).map_err(|_| invalid())?;
            let request = NewReply { body, uploads: List::fitted(uploads) };
            client::call_once::<Reply>(TicketPath { ticket_id }, &request, &record.key).await.map(drop)
        }
        Place::NewTicket => {
            let topics = request::topics(account).await?;
            if !session::is_here(account) {
                return Err(Failure::new(Cause::SessionEnded));
            }
            let asked = request::asked(&topics, &record.topic);
            let request = request::request(&record, &asked, uploads).ok_or_else(invalid)?;
            client::call_once::<CreateTicket>((), &request, &record.key).await.map(drop)
        }
    };
    match answer {
        Err(Failure { cause: Cause::AcceptedUnconfirmed(_), .. }) => Ok(()),
        answer => answer,
    }
}

/// Uploads the files that are not there yet, and notes each: sent again with the same key, the message must be the same.
async fn upload(account: CustomerId, place: Place, record: &mut Record) -> Result<Vec<UploadId>, Failure> {
    let mut uploads = Vec::new();
    for index in 0..record.files.len() {
        let Some(file) = record.files.get_mut(index) else { continue };
        if let Some((id, _)) = file.upload.filter(|(_, until)| *until > now()) {
            uploads.push(id);
            continue;
        }
        let (_, finished) = client::start_upload(&file.name, &file.blob, |_| {})?;
        let uploaded = finished.await?;
        file.upload = Some((uploaded.id, uploaded.expires_at.millis()));
        uploads.push(uploaded.id);
        drafts::save(account, place, record).await;
    }
    Ok(uploads)
}

//! Messages that wait on this device. A form that is open sends its own; this sends those of forms that are not.

use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::endpoints::tickets::{MessageText, NewReply, Reply, TicketPath};
use shared::{CustomerId, List, TicketId, UploadId};

use crate::browser::now;
use crate::client::{self, Cause, Failure};
use crate::features::drafts::{self, KeptFile, Place, Record};
use crate::features::list::TicketStore;
use crate::features::writing::normalized;
use crate::i18n::m;
use crate::router::{Page, Router};
use crate::session::Session;
use crate::ui::Toasts;

/// Sends what waits, whenever there is a connection and a session.
pub fn start(session: Session, online: Signal<bool>, router: Router, tickets: TicketStore, toasts: Toasts) {
    Effect::new(move |_| {
        if !online.get() || !session.is_active() {
            return;
        }
        let Some(account) = session.account() else { return };
        spawn_local(async move {
            let sent = send_waiting(account, router).await;
            if sent > 0 {
                toasts.show(m!(delivery_announced_sent));
                tickets.refresh();
            }
        });
    });
}

async fn send_waiting(account: CustomerId, router: Router) -> usize {
    let mut sent = 0;
    for (place, record) in drafts::load_all(account).await {
        let open = |id: TicketId| router.page_untracked() == Page::Ticket(id);
        // A new ticket goes from its form, where its topic's fields are known; its draft waits there.
        let Place::Reply(ticket_id) = place else { continue };
        if record.waiting && !open(ticket_id) && send(ticket_id, &record).await.is_ok() {
            drafts::remove(account, place).await;
            sent += 1;
        }
    }
    sent
}

async fn send(ticket_id: TicketId, record: &Record) -> Result<(), Failure> {
    let Ok(body) = MessageText::new(normalized(&record.body)) else { return Err(Failure::new(Cause::Internal)) };
    let mut uploads = Vec::new();
    for file in &record.files {
        uploads.push(uploaded(file).await?);
    }
    let request = NewReply { body, uploads: List::fitted(uploads) };
    match client::call_once::<Reply>(TicketPath { ticket_id }, &request, &record.key).await {
        Ok(_) => Ok(()),
        Err(Failure { cause: Cause::AcceptedUnconfirmed(_), .. }) => Ok(()),
        // Anything else stays where it is, and is there when the ticket is opened.
        Err(failure) => Err(failure),
    }
}

async fn uploaded(file: &KeptFile) -> Result<UploadId, Failure> {
    if let Some((id, until)) = file.upload
        && until > now()
    {
        return Ok(id);
    }
    let (_, finished) = client::start_upload(&file.name, &file.blob, |_| {})?;
    finished.await.map(|file| file.id)
}

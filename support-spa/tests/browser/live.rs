//! News, and the truth about whether they come.

use leptos::prelude::*;
use shared::LiveEvent;
use shared::endpoints::tickets::AuthorKind;
use support_spa::features::list::TicketStore;
use support_spa::features::live::{self, Health, Live, LiveBadge};
use support_spa::router::{ListPlace, Page, Router};
use support_spa::session::tabs::Heard;
use support_spa::ui::Announcer;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::fixtures::{page, ticket_id};
use crate::stage::{Server, Stage, mount, signed_in, until};

const EVENTS: &str = "GET /api/v1/support/events";
const LIST: &str = "GET /api/v1/support/tickets";

fn event(event: LiveEvent) -> String {
    format!("event: {}\ndata: {}\n\n", event.name(), event.data())
}

async fn connected(online: bool) -> (Stage, Live, RwSignal<bool>, RwSignal<u32>) {
    let session = signed_in().await;
    let handed = StoredValue::new(None);
    let stage = mount(move || {
        provide_context(Announcer::default());
        provide_context(Heard(RwSignal::new(None)));
        let online = RwSignal::new(online);
        let store = TicketStore::new(Router::at(Page::Tickets(ListPlace::default())), session);
        let live = live::start(session, store, online.into());
        let told = RwSignal::new(0);
        live.on_ticket(ticket_id(), move || told.update(|told| *told += 1));
        provide_context(live);
        handed.set_value(Some((live, online, told)));
        view! { <LiveBadge/> }
    });
    let (live, online, told) = handed.get_value().unwrap();
    (stage, live, online, told)
}

#[wasm_bindgen_test]
async fn a_change_reaches_the_ticket_and_the_list() {
    let server = Server::install();
    server.answer(LIST, 200, page(&[], [0, 0, 0, 0], None));
    let changed = LiveEvent::TicketChanged {
        ticket_id: ticket_id(),
        last_activity_at: shared::Timestamp::from_millis(support_spa::browser::now()),
        last_author: AuthorKind::Team,
    };
    server.answer(EVENTS, 200, [event(LiveEvent::Ready), event(changed)].concat());
    let (_stage, _, _, told) = connected(true).await;
    until("the ticket was told", || told.get_untracked() > 0).await;
    until("the list was read again", || server.calls(LIST).len() >= 2).await;
    assert_eq!(server.calls(EVENTS)[0].authorization.as_deref(), Some("Bearer token-one"));
}

#[wasm_bindgen_test]
async fn a_change_of_another_ticket_is_not_this_ones() {
    let server = Server::install();
    server.answer(LIST, 200, page(&[], [0, 0, 0, 0], None));
    let changed = LiveEvent::TicketChanged {
        ticket_id: shared::TicketId::from_bits(1),
        last_activity_at: shared::Timestamp::from_millis(0),
        last_author: AuthorKind::Team,
    };
    server.answer(EVENTS, 200, event(changed));
    let (_stage, _, _, told) = connected(true).await;
    until("the list was read again", || server.calls(LIST).len() >= 2).await;
    assert_eq!(told.get_untracked(), 0);
}

#[wasm_bindgen_test]
async fn without_a_stream_it_says_so_and_asks_regularly() {
    let server = Server::install();
    server.answer(LIST, 200, page(&[], [0, 0, 0, 0], None));
    server.problem(EVENTS, 503, "helpdesk_unavailable");
    let (stage, live, _, told) = connected(true).await;
    until("it says so", || stage.says("Checking regularly")).await;
    assert_eq!(live.health.get_untracked(), Health::Polling);
    // The badge is also a way to ask at once.
    stage.find("button.live").unwrap().click();
    until("everything is read again", || told.get_untracked() == 1).await;
}

#[wasm_bindgen_test]
async fn it_says_when_there_is_no_connection_and_comes_back() {
    let server = Server::install();
    server.answer(LIST, 200, page(&[], [0, 0, 0, 0], None));
    server.hang(EVENTS);
    let (stage, live, online, _) = connected(false).await;
    until("it says so", || stage.says("Offline")).await;
    assert!(server.calls(EVENTS).is_empty());
    online.set(true);
    until("it tries again", || live.health.get_untracked() == Health::Connecting && !server.calls(EVENTS).is_empty())
        .await;
}

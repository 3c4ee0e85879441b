//! The list.

use leptos::prelude::*;
use serde_json::Value;
use shared::endpoints::tickets::StatusFilter;
use support_spa::features::list::{Load, TicketListPane, TicketStore};
use support_spa::router::{ListPlace, Page, Router};
use support_spa::ui::Announcer;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::fixtures::{page, summary};
use crate::stage::{Server, Stage, mount, signed_in, until};

const LIST: &str = "GET /api/v1/support/tickets";

async fn list_at(place: ListPlace) -> (Stage, TicketStore, Router) {
    let session = signed_in().await;
    let handed = StoredValue::new(None);
    let stage = mount(move || {
        let router = Router::at(Page::Tickets(place));
        provide_context(session);
        provide_context(router);
        provide_context(Announcer::default());
        let store = TicketStore::new(router, session);
        handed.set_value(Some((store, router)));
        view! { <TicketListPane store=store/> }
    });
    let (store, router) = handed.get_value().unwrap();
    (stage, store, router)
}

async fn list() -> (Stage, TicketStore, Router) {
    list_at(ListPlace::default()).await
}

fn of(status: StatusFilter) -> ListPlace {
    ListPlace { status: Some(status), ..ListPlace::default() }
}

fn three() -> Vec<Value> {
    let mut unread = summary(1041, "Paper fills missing", "working");
    unread["unread"] = true.into();
    vec![summary(1043, "Exit rule fired twice", "waiting_for_you"), unread, summary(1040, "Second passkey", "received")]
}

#[wasm_bindgen_test]
async fn rows_say_in_words_where_each_ticket_stands() {
    let server = Server::install();
    server.answer(LIST, 200, page(&three(), [1, 1, 1, 12], None));
    let (stage, _, _) = list().await;
    until("the rows are there", || stage.all(".row").len() == 3).await;
    for words in ["Waiting for you", "Working", "Received", "#1043", "Maya: Could you send", "6 messages"] {
        assert!(stage.says(words), "{words}");
    }
    assert_eq!(stage.all(".row.unread").len(), 1);
    assert!(stage.find(".row.unread").unwrap().text_content().unwrap().contains("Unread"));
    let tabs: Vec<_> = stage.all(".tab").iter().filter_map(|element| element.text_content()).collect();
    assert!(tabs[0].contains("Open") && tabs[0].contains("3 tickets"), "{tabs:?}");
    assert!(tabs[2].contains("12"), "{tabs:?}");
    assert_eq!(stage.find(".tab[aria-current]").unwrap().text_content().unwrap(), tabs[0]);
    assert!(server.calls(LIST)[0].line.ends_with("?status=open&limit=25"));
    assert_eq!(server.calls(LIST)[0].authorization.as_deref(), Some("Bearer token-one"));
}

#[wasm_bindgen_test]
async fn an_empty_list_says_what_there_is_instead() {
    let server = Server::install();
    server.answer(LIST, 200, page(&[], [0, 0, 0, 0], None));
    let (stage, _, _) = list().await;
    until("there are none at all", || stage.says("No tickets yet.")).await;
    assert!(stage.find("a[href='/tickets/new']").is_some());
    drop(stage);

    server.answer(LIST, 200, page(&[], [0, 0, 0, 4], None));
    let (stage, _, _) = list().await;
    until("the resolved ones are named", || stage.says("4 are resolved.")).await;
    assert!(stage.says("No open tickets."));
    drop(stage);

    server.answer(LIST, 200, page(&[], [1, 1, 0, 0], None));
    let (stage, _, _) = list_at(of(StatusFilter::WaitingForYou)).await;
    until("the open ones are named", || stage.says("We are on 2 open tickets.")).await;
    drop(stage);

    let search = ListPlace { query: shared::Line::new("condor").ok(), ..ListPlace::default() };
    let (stage, _, _) = list_at(search).await;
    until("the words are repeated", || stage.says("Nothing found for “condor”.")).await;
    assert!(server.calls(LIST).last().unwrap().line.contains("q=condor"));
}

#[wasm_bindgen_test]
async fn a_failure_is_told_and_can_be_tried_again() {
    let server = Server::install();
    server.problem(LIST, 500, "internal");
    let (stage, _, _) = list().await;
    until("it says so", || stage.says("Your tickets could not be loaded.")).await;
    assert!(stage.says("R-7KQ2M-9XD4T"));
    server.answer(LIST, 200, page(&three(), [1, 1, 1, 0], None));
    stage.press("Try again");
    until("the rows are there", || stage.all(".row").len() == 3).await;
}

#[wasm_bindgen_test]
async fn an_answer_of_another_shape_is_a_failure_and_no_blank_list() {
    let server = Server::install();
    server.answer(LIST, 200, r#"{"items":[{"id":"3abc"}]}"#);
    let (stage, _, _) = list().await;
    until("it says so", || stage.says("Your tickets could not be loaded.")).await;
}

#[wasm_bindgen_test]
async fn what_is_shown_stays_when_asking_again_fails() {
    let server = Server::install();
    server.answer(LIST, 200, page(&three(), [1, 1, 1, 0], None));
    let (stage, store, _) = list().await;
    until("the rows are there", || store.load.get_untracked() == Load::Ready).await;
    server.lose_connection(LIST);
    store.refresh();
    until("it says so", || stage.says("We could not reach Raxx Support.")).await;
    assert_eq!(stage.all(".row").len(), 3);
}

#[wasm_bindgen_test]
async fn pages_are_added_and_nothing_comes_twice() {
    let server = Server::install();
    server.answer(LIST, 200, page(&three(), [1, 1, 2, 0], Some("next")));
    let (stage, store, _) = list().await;
    until("there is more", || stage.button("Show more tickets").is_some()).await;
    // A ticket that moved while the first page was read comes again.
    let more = [summary(1040, "Second passkey", "received"), summary(1036, "Credit target", "waiting_for_you")];
    server.answer("GET /api/v1/support/tickets?status=open&cursor=next", 200, page(&more, [1, 1, 2, 0], None));
    stage.press("Show more tickets");
    until("the next page is there", || stage.says("Credit target")).await;
    assert_eq!(stage.all(".row").len(), 4);
    assert!(stage.button("Show more tickets").is_none());
    assert_eq!(store.load.get_untracked(), Load::Ready);
}

#[wasm_bindgen_test]
async fn checking_again_checks_every_page_that_is_shown() {
    let server = Server::install();
    server.answer(LIST, 200, page(&three(), [1, 1, 2, 0], Some("next")));
    let more = [summary(1036, "Credit target", "waiting_for_you")];
    server.answer("GET /api/v1/support/tickets?status=open&cursor=next", 200, page(&more, [1, 1, 2, 0], None));
    let (stage, store, _) = list().await;
    until("there is more", || stage.button("Show more tickets").is_some()).await;
    stage.press("Show more tickets");
    until("the next page is there", || stage.all(".row").len() == 4).await;
    let renamed = [summary(1036, "Credit target, again", "waiting_for_you")];
    server.answer("GET /api/v1/support/tickets?status=open&cursor=next", 200, page(&renamed, [1, 1, 2, 0], None));
    store.refresh();
    until("the second page was checked", || stage.says("Credit target, again")).await;
    assert_eq!(stage.all(".row").len(), 4);
}

#[wasm_bindgen_test]
async fn news_do_not_take_the_page_away_that_is_being_loaded() {
    let server = Server::install();
    server.answer(LIST, 200, page(&three(), [1, 1, 2, 0], Some("next")));
    let more = [summary(1036, "Credit target", "waiting_for_you")];
    server.answer("GET /api/v1/support/tickets?status=open&cursor=next", 200, page(&more, [1, 1, 2, 0], None));
    let (stage, store, _) = list().await;
    until("there is more", || stage.button("Show more tickets").is_some()).await;
    let before = server.calls(LIST).len();
    stage.press("Show more tickets");
    store.refresh();
    until("the next page is there", || stage.all(".row").len() == 4).await;
    until("the news are asked for afterwards", || server.calls(LIST).len() >= before + 3).await;
    until("all is checked", || store.load.get_untracked() == Load::Ready).await;
    assert_eq!(stage.all(".row").len(), 4);
}

#[wasm_bindgen_test]
async fn without_a_connection_the_list_is_what_was_seen_last() {
    let server = Server::install();
    server.answer(LIST, 200, page(&three(), [1, 1, 1, 0], None));
    let (stage, store, router) = list().await;
    until("it was loaded", || store.load.get_untracked() == Load::Ready).await;
    server.answer("GET /api/v1/support/tickets?status=resolved", 200, page(&[], [1, 1, 1, 0], None));
    router.refine(Page::Tickets(of(StatusFilter::Resolved)));
    until("the other tab is shown", || stage.says("Nothing is resolved yet.")).await;
    server.lose_connection(LIST);
    router.refine(Page::Tickets(ListPlace::default()));
    until("it says so", || stage.says("We could not reach Raxx Support.")).await;
    assert_eq!(stage.all(".row").len(), 3);
}

#[wasm_bindgen_test]
async fn an_older_answer_never_replaces_a_newer_one() {
    let server = Server::install();
    server.answer(LIST, 200, page(&three(), [1, 1, 1, 0], None));
    let (stage, store, router) = list().await;
    until("the rows are there", || stage.all(".row").len() == 3).await;
    server.hang(LIST);
    store.refresh();
    server.answer("GET /api/v1/support/tickets?status=resolved", 200, page(&[], [1, 1, 1, 0], None));
    router.refine(Page::Tickets(of(StatusFilter::Resolved)));
    until("the other tab is shown", || stage.says("Nothing is resolved yet.")).await;
}

#[wasm_bindgen_test]
async fn the_list_is_there_at_once_when_it_was_seen_before() {
    let server = Server::install();
    server.answer(LIST, 200, page(&three(), [1, 1, 1, 0], None));
    let (stage, store, _) = list().await;
    until("it was loaded", || store.load.get_untracked() == Load::Ready).await;
    support_spa::browser::timer::sleep(50).await;
    drop(stage);
    server.hang(LIST);
    let session = crate::stage::fresh_session();
    let stage = mount(move || {
        let router = Router::at(Page::Tickets(ListPlace::default()));
        provide_context(router);
        provide_context(Announcer::default());
        view! { <TicketListPane store=TicketStore::new(router, session)/> }
    });
    until("the rows are there", || stage.all(".row").len() == 3).await;
}

#[wasm_bindgen_test]
async fn arrow_keys_move_between_rows() {
    let server = Server::install();
    server.answer(LIST, 200, page(&three(), [1, 1, 1, 0], None));
    let (stage, _, _) = list().await;
    until("the rows are there", || stage.all(".row").len() == 3).await;
    let _ = stage.find(".row-link").unwrap().focus();
    stage.key(".row-link", "ArrowDown", false);
    let links = stage.all(".row-link");
    assert_eq!(support_spa::browser::focus::current().as_ref(), Some(&links[1]));
}

#[wasm_bindgen_test]
async fn reading_a_ticket_takes_its_mark_away() {
    let server = Server::install();
    server.answer(LIST, 200, page(&three(), [1, 1, 1, 0], None));
    let (stage, store, _) = list().await;
    until("one is unread", || stage.all(".row.unread").len() == 1).await;
    store.mark_read(shared::TicketId::from_bits(1041));
    until("none is", || stage.all(".row.unread").is_empty()).await;
}

#[wasm_bindgen_test]
async fn a_row_that_changes_keeps_the_focus() {
    let server = Server::install();
    server.answer(LIST, 200, page(&three(), [1, 1, 1, 0], None));
    let (stage, store, _) = list().await;
    until("the rows are there", || stage.all(".row").len() == 3).await;
    let link = stage.find(".row.unread .row-link").unwrap();
    let _ = link.focus();
    store.mark_read(shared::TicketId::from_bits(1041));
    until("none is unread", || stage.all(".row.unread").is_empty()).await;
    assert_eq!(support_spa::browser::focus::current().as_deref(), Some(link.as_ref()));
}

#[wasm_bindgen_test]
async fn what_one_customer_saw_is_not_there_for_the_next() {
    let server = Server::install();
    server.answer(LIST, 200, page(&three(), [1, 1, 1, 12], None));
    server.answer("DELETE /api/v1/auth/session", 204, "");
    let session = signed_in().await;
    let handed = StoredValue::new(None);
    let _stage = mount(move || {
        let router = Router::at(Page::Tickets(ListPlace::default()));
        handed.set_value(Some(TicketStore::new(router, session)));
    });
    let store: TicketStore = handed.get_value().unwrap();
    until("the rows are there", || store.items.with_untracked(Vec::len) == 3).await;
    // Another one signs in on top of what the first has left, and the answer takes its time.
    server.hang(LIST);
    let other = crate::fixtures::session_json(shared::CustomerId::from_bits(12), "token-two");
    session.begin(shared::ResponseBody::decode(other.as_bytes()).unwrap());
    until("nothing of the first is left", || store.items.with_untracked(Vec::is_empty)).await;
    assert!(untrack(|| store.counts.get().is_none() && store.synced_at.get().is_none()));
    // And after signing out.
    server.answer(LIST, 200, page(&three(), [1, 1, 1, 12], None));
    store.reload();
    until("the rows are there", || store.items.with_untracked(Vec::len) == 3).await;
    session.end().await;
    until("nothing is left", || store.items.with_untracked(Vec::is_empty)).await;
}

//! The list with everything around it.

use leptos::prelude::*;

use super::empty::empty;
use super::filters::{SortChoice, StatusTabs, found};
use super::load::Load;
use super::row::row;
use super::store::TicketStore;
use crate::browser::focus;
use crate::features::notices::Notices;
use crate::i18n::{format, t, t_now};
use crate::router::{Page, use_router};
use crate::ui::{
    ActionButton, FailureNotice, ListSkeleton, PageHeading, Row, RowKey, dynamic, rows, use_announcer, worded,
};

/// The customer's tickets: heading, tabs, order, rows.
#[component]
pub fn TicketListPane(
    /// The list.
    store: TicketStore,
) -> impl IntoView {
    let router = use_router();
    let announcer = use_announcer();
    // Beside a ticket the ticket has the page's heading.
    let alone = Memo::new(move |_| matches!(router.page(), Page::Tickets(_)));
    let heading = move || {
        if alone.get() {
            view! { <PageHeading>{t!(list_title)}</PageHeading> }.into_any()
        } else {
            view! { <h2>{t!(list_title)}</h2> }.into_any()
        }
    };
    Effect::new(move |before: Option<Option<String>>| {
        let now = if store.load.get() == Load::Ready { found(store) } else { return before.flatten() };
        if let Some(text) = &now
            && before.flatten().as_ref() != Some(text)
        {
            announcer.say(text.clone());
        }
        now
    });
    let body = Memo::new(move |_| match store.load.get() {
        Load::Loading => Body::Loading,
        Load::Failed(failure) => Body::Failed(failure),
        _ if store.items.with(Vec::is_empty) => Body::Empty,
        _ => Body::Rows,
    });
    let rows = move || match body.get() {
        Body::Loading => view! { <ListSkeleton/> }.into_any(),
        Body::Failed(failure) => view! {
            <FailureNotice
                failure=failure
                title=t!(list_failed_title)
                on_retry=Callback::new(move |()| store.reload())
            />
        }
        .into_any(),
        Body::Empty => empty(store),
        Body::Rows => view! { <Rows store=store/> }.into_any(),
    };
    let state = move || state_line(store);
    // Rows are reached one by one. Anything else is reached as a whole, so that it can be scrolled by keyboard.
    let reach = Signal::derive(move || (body.get() != Body::Rows).then_some("0"));
    view! {
        <div class="list-head">
            {dynamic(heading)}
            <StatusTabs store=store/>
        </div>
        <div class="list-tools">
            <SortChoice store=store/>
            {dynamic(state)}
        </div>
        <div class="list-scroll" tabindex=reach>
            <Notices compact=true/>
            {dynamic(rows)}
        </div>
    }
}

#[derive(Clone, PartialEq, Eq)]
enum Body {
    Loading,
    Failed(crate::client::Failure),
    Empty,
    Rows,
}

/// Says when what is shown is not what is.
fn state_line(store: TicketStore) -> AnyView {
    let since = store.synced_at.get().map(format::time).unwrap_or_default();
    match store.load.get() {
        Load::Outdated(failure) => view! { <p class="note outdated">{worded(&failure).signal()}</p> }.into_any(),
        _ if store.stale.get() => {
            view! { <p class="note outdated">{t!(list_stale, time = since.clone())}</p> }.into_any()
        }
        _ => found(store).map(|text| view! { <p class="found">{text}</p> }).into_any(),
    }
}

#[component]
fn Rows(store: TicketStore) -> impl IntoView {
    let announcer = use_announcer();
    let more = Callback::new(move |()| store.load_more());
    let has_more = Memo::new(move |_| store.next.with(Option::is_some));
    let loading_more = Signal::derive(move || store.load.get() == Load::LoadingMore);
    Effect::new(move |before: Option<usize>| {
        let now = store.items.with(Vec::len);
        if let Some(before) = before
            && now > before
            && before > 0
            && store.load.get_untracked() == Load::LoadingMore
        {
            announcer.say(t_now!(list_loaded_more, count = now - before));
        }
        now
    });
    let all = move || {
        let one = |id: shared::TicketId| Row::new(RowKey(id.bits(), 0), move || row(store, id));
        store.items.with(|items| items.iter().map(|item| one(item.id)).collect())
    };
    let foot = move || {
        if has_more.get() {
            view! {
                <div class="list-foot">
                    <ActionButton
                        label=t!(list_load_more)
                        busy_label=t!(list_loading_more)
                        busy=loading_more
                        on_press=more
                    />
                </div>
            }
            .into_any()
        } else {
            ().into_any()
        }
    };
    view! {
        <ul class="rows" on:keydown=move_between>
            {rows(all)}
        </ul>
        {dynamic(foot)}
    }
}

/// Up and down move between the rows, as in a mail program; Tab still does too.
fn move_between(event: leptos::ev::KeyboardEvent) {
    let step = match event.key().as_str() {
        "ArrowDown" => 1,
        "ArrowUp" => -1,
        _ => return,
    };
    let current = focus::current().and_then(|element| element.closest(".row").ok().flatten());
    let target =
        current.and_then(|row| if step > 0 { row.next_element_sibling() } else { row.previous_element_sibling() });
    if let Some(link) = target.and_then(|row| row.query_selector("a").ok().flatten()) {
        event.prevent_default();
        focus::element(&link);
    }
}

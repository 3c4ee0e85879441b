//! What is shown of the list: status tabs, search, order. All of it lives in the address.

use leptos::html;
use leptos::prelude::*;
use shared::endpoints::tickets::{Sort, StatusCounts, StatusFilter};
use shared::{Line, Param};
use wasm_bindgen::JsCast;

use super::row::count;
use super::store::TicketStore;
use crate::browser::{focus, listen, timer};
use crate::i18n::{Key, keys, t, t_now};
use crate::router::{Link, ListPlace, Page, Router, use_router};
use crate::ui::dynamic;

const TABS: [(StatusFilter, Key); 4] = [
    (StatusFilter::Open, keys::list_tab_open),
    (StatusFilter::WaitingForYou, keys::list_tab_waiting),
    (StatusFilter::Resolved, keys::list_tab_resolved),
    (StatusFilter::All, keys::list_tab_all),
];

/// How many tickets a filter shows.
pub(super) const fn number(counts: &StatusCounts, filter: StatusFilter) -> u32 {
    let open = counts.received + counts.working + counts.waiting_for_you;
    match filter {
        StatusFilter::Open => open,
        StatusFilter::Received => counts.received,
        StatusFilter::Working => counts.working,
        StatusFilter::WaitingForYou => counts.waiting_for_you,
        StatusFilter::Resolved => counts.resolved,
        StatusFilter::All => open + counts.resolved,
    }
}

/// Tabs by status, with the number in each. They are links: a status has an address.
#[component]
pub(super) fn StatusTabs(
    /// The list.
    store: TicketStore,
) -> impl IntoView {
    let tabs = TABS.map(|(filter, label)| {
        let to = Signal::derive(move || {
            let place = store.place.get();
            Page::Tickets(ListPlace { status: (filter != StatusFilter::Open).then_some(filter), ..place })
        });
        let current = Signal::derive(move || store.place.get().status.unwrap_or(StatusFilter::Open) == filter);
        let counted = move || match store.counts.get() {
            Some(counts) => {
                let tickets = number(&counts, filter);
                view! {
                    <span class="tab-count" aria-hidden="true">{count(tickets)}</span>
                    <span class="visually-hidden">", "{t!(list_tab_count, count = tickets)}</span>
                }
                .into_any()
            }
            None => view! { <span class="tab-count" aria-hidden="true">" "</span> }.into_any(),
        };
        view! { <li><Link to=to class="tab" current=current>{label.signal()}{dynamic(counted)}</Link></li> }
    });
    view! { <nav class="tabs" aria-label=t!(list_tabs_label)><ul>{tabs.collect_view()}</ul></nav> }
}

/// Search as one types. The words follow into the address once the typing pauses.
#[component]
pub fn Search(
    /// The list.
    store: TicketStore,
) -> impl IntoView {
    let router = use_router();
    let text = RwSignal::new(String::new());
    let typed = StoredValue::new(0_u32);
    let node = NodeRef::<html::Input>::new();
    // Back, a tab or a link may change the words too.
    Effect::new(move |_| {
        let words = store.place.get().query.map(Line::into_string).unwrap_or_default();
        if text.get_untracked().trim() != words {
            text.set(words);
        }
    });
    let search = move || apply(router, store, &text.get_untracked());
    let type_on = move |_| {
        let turn = typed.try_update_value(|turn| {
            *turn += 1;
            *turn
        });
        timer::after(300, move || {
            if typed.try_get_value() == turn {
                search();
            }
        });
    };
    listen::on_document("keydown", move |event| {
        let Some(event) = event.dyn_ref::<web_sys::KeyboardEvent>() else { return };
        let writing = focus::current()
            .is_some_and(|element| matches!(element.tag_name().as_str(), "INPUT" | "TEXTAREA" | "SELECT"));
        let meant = event.key() == "/" && !writing && !event.ctrl_key() && !event.meta_key();
        if let Some(input) = node.try_get_untracked().flatten().filter(|_| meant) {
            event.prevent_default();
            let _ = input.focus();
        }
    });
    let clear = move |_| {
        text.set(String::new());
        search();
        if let Some(input) = node.get_untracked() {
            let _ = input.focus();
        }
    };
    let clear_button = move || {
        if text.get().is_empty() {
            return ().into_any();
        }
        view! {
            <button type="button" class="search-clear" aria-label=t!(list_search_clear) on:click=clear>"×"</button>
        }
        .into_any()
    };
    view! {
        <form
            class="search"
            role="search"
            on:submit=move |event| {
                event.prevent_default();
                search();
            }
        >
            <input
                node_ref=node
                type="search"
                maxlength="200"
                autocomplete="off"
                enterkeyhint="search"
                aria-label=t!(list_search_label)
                placeholder=t!(list_search_placeholder)
                aria-keyshortcuts="/"
                bind:value=text
                on:input=type_on
            />
            {dynamic(clear_button)}
            <kbd aria-hidden="true">"/"</kbd>
        </form>
    }
}

fn apply(router: Router, store: TicketStore, text: &str) {
    let query = Line::new(text.trim()).ok();
    let place = store.place.get_untracked();
    if place.query == query {
        return;
    }
    let place = ListPlace { query, ..place };
    match router.page_untracked() {
        Page::Tickets(_) => router.refine(Page::Tickets(place)),
        _ => router.go(Page::Tickets(place)),
    }
}

/// The order of the list.
#[component]
pub(super) fn SortChoice(
    /// The list.
    store: TicketStore,
) -> impl IntoView {
    let router = use_router();
    let value = Signal::derive(move || store.place.get().sort.unwrap_or(Sort::Activity).as_str().to_owned());
    let choose = move |event| {
        let sort = Sort::parse_param(&event_target_value(&event)).ok().filter(|sort| *sort != Sort::Activity);
        router.refine(Page::Tickets(ListPlace { sort, ..store.place.get_untracked() }));
    };
    let options = Sort::ALL
        .iter()
        .map(|sort| view! { <option value=sort.as_str()>{Signal::derive(move || Key::from(*sort).text())}</option> })
        .collect_view();
    view! {
        <label class="sort">
            <span>{t!(list_sort_label)}</span>
            <select prop:value=value on:change=choose>{options}</select>
        </label>
    }
}

/// How many were found, said whenever it changes.
pub(super) fn found(store: TicketStore) -> Option<String> {
    let query = store.place.get().query?.into_string();
    let found = store.items.with(Vec::len);
    let more = store.next.with(Option::is_some);
    Some(if more {
        t_now!(list_results_more, count = found, query = query)
    } else {
        t_now!(list_results, count = found, query = query)
    })
}

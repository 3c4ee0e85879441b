//! An empty list says why it is empty, and what there is instead.

use leptos::prelude::*;
use shared::endpoints::tickets::{StatusCounts, StatusFilter};

use super::filters::number;
use super::store::TicketStore;
use crate::bandz::Scene;
use crate::i18n::t;
use crate::router::{Link, ListPlace, Page};
use crate::ui::EmptyState;

/// What stands in place of the rows.
pub(super) fn empty(store: TicketStore) -> AnyView {
    let place = store.place.get();
    let counts = store.counts.get().unwrap_or_default();
    let filter = place.status.unwrap_or(StatusFilter::Open);
    if let Some(query) = place.query {
        return nothing_found(query.into_string(), filter, &counts);
    }
    let all = number(&counts, StatusFilter::All);
    let open = number(&counts, StatusFilter::Open);
    if all == 0 {
        return view! {
            <EmptyState scene=Scene::NoTickets title=t!(empty_first_title) body=t!(empty_first_body)>
                <Link to=Page::NewTicket class="button primary">{t!(list_new)}</Link>
            </EmptyState>
        }
        .into_any();
    }
    match filter {
        StatusFilter::Resolved => view! {
            <EmptyState
                scene=Scene::NoTickets
                title=t!(empty_resolved_title)
                body=t!(empty_resolved_body, count = open)
            />
        }
        .into_any(),
        StatusFilter::WaitingForYou if open > 0 => view! {
            <EmptyState scene=Scene::AllResolved title=t!(empty_waiting_title) body=t!(empty_waiting_body, count = open)/>
        }
        .into_any(),
        StatusFilter::WaitingForYou => view! {
            <EmptyState scene=Scene::AllResolved title=t!(empty_waiting_title) body=t!(empty_waiting_body_none)/>
        }
        .into_any(),
        _ => {
            let resolved = ListPlace { status: Some(StatusFilter::Resolved), ..ListPlace::default() };
            view! {
                <EmptyState
                    scene=Scene::AllResolved
                    title=t!(empty_open_title)
                    body=t!(empty_open_body, count = counts.resolved)
                >
                    <Link to=Page::Tickets(resolved) class="button">{t!(empty_open_action)}</Link>
                </EmptyState>
            }
            .into_any()
        }
    }
}

fn nothing_found(query: String, filter: StatusFilter, counts: &StatusCounts) -> AnyView {
    let elsewhere = number(counts, StatusFilter::All) - number(counts, filter);
    let everywhere = ListPlace {
        status: Some(StatusFilter::All),
        query: shared::Line::new(query.as_str()).ok(),
        ..ListPlace::default()
    };
    let wider = (elsewhere > 0 && filter != StatusFilter::All).then(|| {
        view! { <Link to=Page::Tickets(everywhere) class="button">{t!(empty_search_all)}</Link> }
    });
    view! {
        <EmptyState
            scene=Scene::NothingFound
            title=t!(empty_search_title, query = query.clone())
            body=t!(empty_search_body)
        >
            {wider}
            <Link to=Page::Tickets(ListPlace::default()) class="button quiet">{t!(empty_search_clear)}</Link>
        </EmptyState>
    }
    .into_any()
}

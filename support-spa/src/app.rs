//! The app: what is there once, and which page is shown.

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::browser::{timer, turns};
use crate::features::chrome::{Bar, UpdateNote, announce_pages};
use crate::features::desk::Desk;
use crate::features::drafts;
use crate::features::guard;
use crate::features::list::TicketStore;
use crate::features::live;
use crate::features::missing::MissingPage;
use crate::features::notices::NoticeStore;
use crate::features::offline::{self, OfflineBanner, outbox};
use crate::features::settings;
use crate::features::sign_in::{ExpiredDialog, SignInPage};
use crate::i18n::t;
use crate::parts::{Loaders, Parts};
use crate::router::{Page, Router};
use crate::session::{self, Session};
use crate::ui::{Announcer, LiveRegions, PageSkeleton, ToastShelf, Toasts, dynamic};

/// Milliseconds after which what is kept too long is looked for.
const TIDIES_AFTER: i32 = 5_000;

/// Which of the places the page belongs to. List and ticket are one place, so that the list stays while tickets are opened.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    SignIn,
    Desk,
    Settings,
    MyData,
    NotFound,
}

/// The portal.
#[component]
pub fn App(
    /// How its parts are loaded.
    loaders: Loaders,
) -> impl IntoView {
    turns::follow_page();
    let parts = Parts::follow(loaders);
    provide_context(parts);
    let session = Session::new();
    session.restore();
    let router = Router::from_address();
    let announcer = Announcer::default();
    let toasts = Toasts::new(announcer);
    provide_context(session);
    provide_context(router);
    provide_context(announcer);
    provide_context(toasts);
    provide_context(settings::restore());
    provide_context(session::tabs::join(session));
    let online = offline::follow();
    guard::keep(router, session);
    session::keep_alive(session);
    let tickets = TicketStore::new(router, session);
    provide_context(tickets);
    provide_context(live::start(session, tickets, online));
    provide_context(NoticeStore::follow(session));
    outbox::start(session, online, router, tickets, toasts, loaders.outbox);
    announce_pages(router, tickets, announcer);
    spawn_local(async {
        // The page is there first.
        timer::sleep(TIDIES_AFTER).await;
        drafts::expire_old().await;
        offline::seen::expire().await;
    });

    let place = Memo::new(move |_| match guard::settled(router, session) {
        Page::SignIn { .. } | Page::Home => Place::SignIn,
        Page::Tickets(_) | Page::NewTicket | Page::Ticket(_) => Place::Desk,
        Page::Settings => Place::Settings,
        Page::MyData => Place::MyData,
        Page::NotFound => Place::NotFound,
    });
    // Everything on a page is one customer's. Another one's session begins with empty pages.
    let account = Memo::new(move |_| session.customer().map(|customer| customer.id));
    Effect::new(move |before: Option<_>| {
        let now = account.get();
        if before.is_some_and(|before| before != now) {
            toasts.clear();
        }
        now
    });
    let page = move || {
        // Read, and not only tracked: a memo that was never read counts as changed at the first change of what it depends on, and the
        // page would be made anew, with everything on it, when the session is renewed or ends.
        account.get();
        match place.get() {
            Place::SignIn => view! { <SignInPage/> }.into_any(),
            Place::NotFound => view! { <MissingPage/> }.into_any(),
            Place::Desk => framed(tickets, view! { <Desk tickets=tickets/> }.into_any()),
            Place::Settings => framed(tickets, parts.settings.show((), page_skeleton)),
            Place::MyData => framed(tickets, parts.my_data.show((), page_skeleton)),
        }
    };
    view! {
        <a class="skip-link" href="#content">{t!(app_skip_to_content)}</a>
        <OfflineBanner/>
        <UpdateNote/>
        {dynamic(page)}
        <ExpiredDialog/>
        <ToastShelf/>
        <LiveRegions/>
    }
}

fn page_skeleton() -> AnyView {
    view! { <PageSkeleton class="page"/> }.into_any()
}

fn framed(tickets: TicketStore, page: AnyView) -> AnyView {
    view! {
        <Bar tickets=tickets/>
        <main id="content" tabindex="-1">{page}</main>
    }
    .into_any()
}

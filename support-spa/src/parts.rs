//! Parts of the portal that are loaded when somebody goes where they are needed.
//!
//! Which functions are cut out of a program is said in the program itself (`bin/portal.rs`), because it takes a linker to do it. Here is
//! when a part is loaded, what is shown until it has come, and what is shown when it does not come.
//!
//! The loader asks for a page's part together with the program when the address is that page's ([`opened_by`]); everybody else gets it
//! when the pointer is on a link to it.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::TicketId;
use wasm_bindgen::JsCast;

use crate::bandz::Scene;
use crate::browser::{listen, turns};
use crate::features::offline::outbox::{Sent, Waited};
use crate::features::thread::ThreadStore;
use crate::i18n::{t, t_now};
use crate::router::Page;
use crate::ui::{ActionButton, EmptyState, FormSkeleton, Look, dynamic, use_announcer};

/// A part did not come: there is no connection, or the file is gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lost;

/// What there is once a part has come.
pub type Later<T> = Pin<Box<dyn Future<Output = Result<T, Lost>>>>;

/// How a program loads a part and calls it.
pub struct Loader<A: 'static, T: 'static = AnyView> {
    /// Loads it. After a failure, calling it again tries again.
    pub load: fn() -> Later<()>,
    /// Makes its view, or whatever it gives; at once if it has come.
    pub call: fn(A) -> Later<T>,
}

/// How all parts are loaded.
#[derive(Clone, Copy, Debug)]
pub struct Loaders {
    /// A ticket.
    pub ticket: Loader<TicketId>,
    /// The box below a ticket that one answers in.
    pub reply: Loader<ThreadStore>,
    /// What asks how well a ticket was handled.
    pub rating: Loader<ThreadStore>,
    /// The form for a new ticket.
    pub new_ticket: Loader<()>,
    /// Settings.
    pub settings: Loader<()>,
    /// My data.
    pub my_data: Loader<()>,
    /// What sends a message that waits on this device. Hardly anybody ever needs it.
    pub outbox: Loader<Waited, Sent>,
}

/// All parts, and how far each has come.
#[derive(Clone, Copy, Debug)]
pub struct Parts {
    /// A ticket.
    pub ticket: Part<TicketId>,
    /// The box below a ticket that one answers in.
    pub reply: Part<ThreadStore>,
    /// What asks how well a ticket was handled.
    pub rating: Part<ThreadStore>,
    /// The form for a new ticket.
    pub new_ticket: Part<()>,
    /// Settings.
    pub settings: Part<()>,
    /// My data.
    pub my_data: Part<()>,
}

/// A part.
pub struct Part<A: 'static> {
    loader: Loader<A>,
    progress: RwSignal<Progress>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Progress {
    Absent,
    Coming,
    There,
    Lost,
}

/// Which part the pages at an address need for their first view, by the names that `bin/portal.rs` gives them; a `/` at the end of an
/// address stands for all below it. The build writes this into the loader, with the files of each part.
#[must_use]
pub fn opened_by() -> [(String, &'static str); 4] {
    let ticket = Page::Ticket(TicketId::from_bits(0)).address();
    let below = ticket.rfind('/').map_or("", |end| ticket.get(..=end).unwrap_or_default()).to_owned();
    [
        (below, "ticket"),
        (Page::NewTicket.address(), "new_ticket"),
        (Page::Settings.address(), "settings"),
        (Page::MyData.address(), "my_data"),
    ]
}

/// The parts of the program that runs.
///
/// # Panics
/// Outside of [`crate::app::App`].
#[must_use]
pub fn use_parts() -> Parts {
    expect_context()
}

impl Parts {
    /// None of them is there yet. From now on a part is loaded as soon as the pointer or the focus is on a link to where it is needed.
    #[must_use]
    pub fn follow(loaders: Loaders) -> Self {
        let parts = Self {
            ticket: Part::new(loaders.ticket),
            reply: Part::new(loaders.reply),
            rating: Part::new(loaders.rating),
            new_ticket: Part::new(loaders.new_ticket),
            settings: Part::new(loaders.settings),
            my_data: Part::new(loaders.my_data),
        };
        // A touch begins with `pointerover` too.
        for sign in ["pointerover", "focusin"] {
            listen::on_document(sign, move |event| {
                let element = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
                let link = element.and_then(|element| element.closest("a[href^='/']").ok().flatten());
                if let Some(address) = link.and_then(|link| link.get_attribute("href")) {
                    parts.prepare(&Page::of_address(&address));
                }
            });
        }
        parts
    }

    /// Begins to load what a page needs.
    fn prepare(self, page: &Page) {
        match page {
            // The thread first; what one answers with is below it.
            Page::Ticket(_) => {
                self.ticket.prepare();
                self.reply.prepare();
            }
            Page::NewTicket => self.new_ticket.prepare(),
            Page::Settings => self.settings.prepare(),
            Page::MyData => self.my_data.prepare(),
            Page::Home | Page::SignIn { .. } | Page::Tickets(_) | Page::NotFound => {}
        }
    }
}

impl<A> Part<A> {
    fn new(loader: Loader<A>) -> Self {
        Self { loader, progress: RwSignal::new(Progress::Absent) }
    }

    fn prepare(self) {
        if matches!(self.progress.get_untracked(), Progress::Coming | Progress::There) {
            return;
        }
        self.progress.set(Progress::Coming);
        spawn_local(async move {
            let came = (self.loader.load)().await;
            self.progress.try_set(if came.is_ok() { Progress::There } else { Progress::Lost });
        });
    }
}

impl<A: Clone + Send + Sync + 'static> Part<A> {
    /// A page, or `skeleton` in its place until it has come. Nothing of what is on other pages is touched by a part that does not come.
    pub fn show(self, what: A, skeleton: fn() -> AnyView) -> AnyView {
        self.said_when_lost(|| t_now!(part_lost_title));
        dynamic(move || match self.view(&what) {
            Some(view) => view,
            None if self.is_lost() => self.lost_page(),
            None => skeleton(),
        })
    }

    /// A form on a page, or what stands in its place until it has come: of the same class, so that it takes as much room. When it does
    /// not come, the rest of the page stays.
    pub fn show_form(self, what: A, class: &'static str) -> AnyView {
        self.said_when_lost(|| t_now!(part_lost_form));
        // What the page is opened for comes first, also where the part is there already.
        let is_time = RwSignal::new(false);
        turns::afterwards(move || {
            is_time.try_set(true);
        });
        dynamic(move || match is_time.get().then(|| self.view(&what)).flatten() {
            Some(view) => view,
            None if self.is_lost() => self.lost_form(),
            None => view! { <FormSkeleton class=class/> }.into_any(),
        })
    }

    /// Loads it, and says so when it does not come.
    fn said_when_lost(self, words: fn() -> String) {
        let announcer = use_announcer();
        self.prepare();
        Effect::new(move |_| {
            if self.is_lost() {
                announcer.interrupt(words());
            }
        });
    }

    fn is_lost(self) -> bool {
        self.progress.get() == Progress::Lost
    }

    fn view(self, what: &A) -> Option<AnyView> {
        (self.progress.get() == Progress::There).then(|| at_once((self.loader.call)(what.clone())))?
    }

    fn again(self) -> Callback<()> {
        Callback::new(move |()| self.prepare())
    }

    fn lost_page(self) -> AnyView {
        view! {
            <EmptyState scene=Scene::Offline title=t!(part_lost_title) body=t!(part_lost_body) is_page=true>
                <ActionButton label=t!(app_retry) look=Look::Primary on_press=self.again()/>
            </EmptyState>
        }
        .into_any()
    }

    fn lost_form(self) -> AnyView {
        view! {
            <div class="note failed lost-form">
                <p>{t!(part_lost_form)}</p>
                <ActionButton label=t!(app_retry) look=Look::Quiet on_press=self.again()/>
            </div>
        }
        .into_any()
    }
}

/// What a future gives if it need not wait.
fn at_once<T>(mut later: Later<T>) -> Option<T> {
    match later.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(came) => came.ok(),
        Poll::Pending => None,
    }
}

impl<A, T> Clone for Loader<A, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<A, T> Copy for Loader<A, T> {}

impl<A, T> fmt::Debug for Loader<A, T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Loader")
    }
}

impl<A> fmt::Debug for Part<A> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Part")
    }
}

impl<A> Clone for Part<A> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<A> Copy for Part<A> {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_opens_the_part_of_its_page() {
        for (address, part) in opened_by() {
            let address =
                if address.ends_with('/') { [&address, "tk_00000000000000000000000007"].concat() } else { address };
            let expected = match Page::of_address(&address) {
                Page::Ticket(_) => "ticket",
                Page::NewTicket => "new_ticket",
                Page::Settings => "settings",
                Page::MyData => "my_data",
                other => panic!("{address} is {other:?}, which has no part"),
            };
            assert_eq!(part, expected, "{address}");
        }
    }
}

//! Parts of the portal that are loaded when somebody goes where they are needed.
//!
//! Which functions are cut out of a program is said in the program itself (`bin/portal.rs`), because it takes a linker to do it. Here is
//! when a part is loaded, what is shown until it has come, and what is shown when it does not come.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::TicketId;
use wasm_bindgen::JsCast;

use crate::bandz::Scene;
use crate::browser::listen;
use crate::i18n::{t, t_now};
use crate::router::Page;
use crate::ui::{ActionButton, EmptyState, Look, ThreadSkeleton, dynamic, use_announcer};

/// A part did not come: there is no connection, or the file is gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lost;

/// What there is once a part has come.
pub type Later<T> = Pin<Box<dyn Future<Output = Result<T, Lost>>>>;

/// How a program loads a part and calls it.
pub struct Loader<A: 'static> {
    /// Loads it. After a failure, calling it again tries again.
    pub load: fn() -> Later<()>,
    /// Makes its view; at once if it has come.
    pub view: fn(A) -> Later<AnyView>,
}

/// How all parts are loaded.
#[derive(Clone, Copy, Debug)]
pub struct Loaders {
    /// A ticket.
    pub ticket: Loader<TicketId>,
    /// The form for a new ticket.
    pub new_ticket: Loader<()>,
    /// Settings.
    pub settings: Loader<()>,
    /// My data.
    pub my_data: Loader<()>,
}

/// All parts, and how far each has come.
#[derive(Clone, Copy, Debug)]
pub struct Parts {
    /// A ticket.
    pub ticket: Part<TicketId>,
    /// The form for a new ticket.
    pub new_ticket: Part<()>,
    /// Settings.
    pub settings: Part<()>,
    /// My data.
    pub my_data: Part<()>,
}

/// A part.
#[derive(Debug)]
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
            Page::Ticket(_) => self.ticket.prepare(),
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
    /// The part, or what stands in its place until it has come. Nothing of what is on other pages is touched by a part that does not come.
    pub fn show(self, what: A) -> AnyView {
        let announcer = use_announcer();
        self.prepare();
        Effect::new(move |_| {
            if self.progress.get() == Progress::Lost {
                announcer.interrupt(t_now!(part_lost_title));
            }
        });
        dynamic(move || match self.progress.get() {
            Progress::Absent | Progress::Coming => view! { <ThreadSkeleton/> }.into_any(),
            Progress::There => at_once((self.loader.view)(what.clone())).unwrap_or_else(|| self.lost()),
            Progress::Lost => self.lost(),
        })
    }

    fn lost(self) -> AnyView {
        let again = Callback::new(move |()| self.prepare());
        view! {
            <EmptyState scene=Scene::Offline title=t!(part_lost_title) body=t!(part_lost_body) is_page=true>
                <ActionButton label=t!(app_retry) look=Look::Primary on_press=again/>
            </EmptyState>
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

impl<A> Clone for Loader<A> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<A> Copy for Loader<A> {}

impl<A> fmt::Debug for Loader<A> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Loader")
    }
}

impl<A> Clone for Part<A> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<A> Copy for Part<A> {}

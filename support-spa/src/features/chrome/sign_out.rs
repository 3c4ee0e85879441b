//! Signing out. Drafts go with it, so it asks when there are any.

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::features::drafts;
use crate::i18n::{m, t};
use crate::icons::{Icon, IconView};
use crate::session::use_session;
use crate::ui::{Confirm, dynamic, use_toasts};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Leaving {
    No,
    Asking(usize),
    Yes,
}

/// The button that signs out.
#[component]
pub fn SignOut() -> impl IntoView {
    let session = use_session();
    let toasts = use_toasts();
    let leaving = RwSignal::new(Leaving::No);
    let leave = move || {
        leaving.try_set(Leaving::Yes);
        spawn_local(async move {
            session.end().await;
            toasts.show(m!(sign_out_done));
        });
    };
    let press = move |_| {
        if leaving.get_untracked() != Leaving::No {
            return;
        }
        let Some(account) = session.account() else { return };
        // A second press while the drafts are counted is none.
        leaving.set(Leaving::Yes);
        spawn_local(async move {
            match drafts::count(account).await {
                0 => leave(),
                some => {
                    leaving.try_set(Leaving::Asking(some));
                }
            }
        });
    };
    let confirm = Callback::new(move |()| leave());
    let cancel = Callback::new(move |()| leaving.set(Leaving::No));
    let dialog = move || match leaving.get() {
        Leaving::Asking(count) => view! {
            <Confirm
                title=t!(sign_out_confirm_title)
                body=t!(sign_out_confirm_body, count = count)
                action=t!(sign_out_confirm_action)
                on_confirm=confirm
                on_cancel=cancel
            />
        }
        .into_any(),
        Leaving::No | Leaving::Yes => ().into_any(),
    };
    view! {
        <button
            type="button"
            class="menu-item"
            aria-busy=Signal::derive(move || (leaving.get() == Leaving::Yes).then_some("true"))
            on:click=press
        >
            <IconView icon=Icon::SignOut/>
            {t!(sign_out_action)}
        </button>
        {dynamic(dialog)}
    }
}

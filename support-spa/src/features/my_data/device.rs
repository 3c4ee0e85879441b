//! What is kept in this browser, and how to be rid of it.

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::browser::look;
use crate::features::drafts;
use crate::features::offline::seen;
use crate::i18n::{m, t};
use crate::session::use_session;
use crate::ui::{ActionButton, Confirm, dynamic, use_toasts};

/// What is kept on this device.
#[component]
pub(super) fn Device() -> impl IntoView {
    let session = use_session();
    let toasts = use_toasts();
    let kept = RwSignal::new((0_usize, 0_usize));
    let asking = RwSignal::new(false);
    let count = move || {
        let Some(account) = session.account() else { return };
        spawn_local(async move {
            kept.try_set((drafts::count(account).await, seen::count_tickets(account).await));
        });
    };
    count();
    let confirm = Callback::new(move |()| {
        asking.set(false);
        let Some(account) = session.account() else { return };
        spawn_local(async move {
            drafts::wipe(account).await;
            seen::wipe(account).await;
            look::forget();
            kept.try_set((0, 0));
            toasts.show(m!(my_data_device_deleted));
        });
    });
    let ask = Callback::new(move |()| asking.set(true));
    let cancel = Callback::new(move |()| asking.set(false));
    let list = move || match kept.get() {
        (0, 0) => view! { <p class="hint">{t!(my_data_device_none)}</p> }.into_any(),
        (drafts, tickets) => view! {
            <ul>
                <li>{t!(my_data_device_drafts, count = drafts)}</li>
                <li>{t!(my_data_device_tickets, count = tickets)}</li>
            </ul>
            <ActionButton label=t!(my_data_device_delete) on_press=ask/>
        }
        .into_any(),
    };
    let dialog = move || {
        if !asking.get() {
            return ().into_any();
        }
        view! {
            <Confirm
                title=t!(my_data_device_delete_title)
                body=t!(my_data_device_delete_body)
                action=t!(my_data_device_delete_action)
                on_confirm=confirm
                on_cancel=cancel
            />
        }
        .into_any()
    };
    view! {
        <section aria-labelledby="device-title">
            <h2 id="device-title">{t!(my_data_device_title)}</h2>
            <p>{t!(my_data_device_body)}</p>
            {dynamic(list)}
            {dynamic(dialog)}
        </section>
    }
}

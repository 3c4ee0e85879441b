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
    // Drafts, and what was seen; nothing is said of it before it is known.
    let kept = RwSignal::new(None);
    let asking = RwSignal::new(false);
    let count = move || {
        let Some(account) = session.account() else { return };
        spawn_local(async move {
            kept.try_set(Some((drafts::count(account).await, seen::kept(account).await)));
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
            count();
            toasts.show(m!(my_data_device_deleted));
        });
    });
    let ask = Callback::new(move |()| asking.set(true));
    let cancel = Callback::new(move |()| asking.set(false));
    let list = move || match kept.get() {
        None => ().into_any(),
        Some((0, seen::Kept { list: false, tickets: 0 })) => {
            view! { <p class="hint">{t!(my_data_device_none)}</p> }.into_any()
        }
        Some((drafts, seen::Kept { list, tickets })) => view! {
            <ul>
                {(drafts > 0).then(|| view! { <li>{t!(my_data_device_drafts, count = drafts)}</li> })}
                {list.then(|| view! { <li>{t!(my_data_device_list)}</li> })}
                {(tickets > 0).then(|| view! { <li>{t!(my_data_device_tickets, count = tickets)}</li> })}
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

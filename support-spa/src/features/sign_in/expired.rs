//! The session has run out while somebody was at work. The page stays as it is; signing in happens on top of it.

use leptos::prelude::*;
use shared::endpoints::auth::{Customer, Session as Issued};

use super::form::PasskeyForm;
use crate::bandz::{Bandz, Scene};
use crate::i18n::{keys, m, t};
use crate::router::{ListPlace, Page, use_router};
use crate::session::use_session;
use crate::ui::{ActionButton, Dialog, dynamic, use_toasts};

/// Asks to sign in again when the session has run out.
#[component]
pub fn ExpiredDialog() -> impl IntoView {
    let session = use_session();
    let router = use_router();
    let toasts = use_toasts();
    // Somebody else signed in: whose page this is must be decided before anything of it is shown to them.
    let other = RwSignal::new(None::<(Issued, Customer)>);
    let on_session = Callback::new(move |issued: Issued| {
        match untrack(move || session.customer()).filter(|before| before.id != issued.customer.id) {
            Some(before) => other.set(Some((issued, before))),
            None => {
                session.begin(issued);
                toasts.show(m!(session_resumed));
            }
        }
    });
    let start_afresh = Callback::new(move |()| {
        if let Some((issued, _)) = other.try_update(Option::take).flatten() {
            session.begin(issued);
            router.replace(Page::Tickets(ListPlace::default()));
        }
    });
    let open = Memo::new(move |_| session.has_expired());
    let body = move || match other.get() {
        None => view! {
            <p>{t!(session_expired_body)}</p>
            <PasskeyForm action=keys::session_expired_action on_session=on_session/>
        }
        .into_any(),
        Some((issued, before)) => {
            let (name, other_name) = (issued.customer.name.to_string(), before.name.to_string());
            let continue_as = name.clone();
            view! {
                <p>{t!(sign_in_wrong_account, name = name.clone(), other = other_name.clone())}</p>
                <PasskeyForm action=keys::sign_in_wrong_account_switch on_session=on_session/>
                <ActionButton
                    label=t!(sign_in_wrong_account_continue, name = continue_as.clone())
                    on_press=start_afresh
                />
            }
            .into_any()
        }
    };
    dynamic(move || {
        if !open.get() {
            return ().into_any();
        }
        view! {
            <Dialog title=t!(session_expired_title) class="expired">
                <Bandz scene=Scene::SessionExpired/>
                {dynamic(body)}
            </Dialog>
        }
        .into_any()
    })
}

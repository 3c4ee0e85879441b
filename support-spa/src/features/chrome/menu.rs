//! The account menu: a disclosure with plain links, which every keyboard and screen reader knows.

use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::sign_out::SignOut;
use crate::browser::{focus, listen};
use crate::features::thread::letters;
use crate::i18n::{t, t_now};
use crate::icons::{Icon, IconView};
use crate::router::{Link, Page, use_router};
use crate::session::use_session;
use crate::ui::dynamic;

/// The account menu.
#[component]
pub(super) fn AccountMenu() -> impl IntoView {
    let session = use_session();
    let router = use_router();
    let open = RwSignal::new(false);
    let node = NodeRef::<html::Div>::new();
    let name = Memo::new(move |_| session.customer().map(|it| it.name.into_string()).unwrap_or_default());
    // Going somewhere closes it, and so do Escape and a press beside it.
    Effect::new(move |_| {
        let _ = router.page();
        open.set(false);
    });
    listen::on_document("pointerdown", move |event| {
        let target = event.target().and_then(|target| target.dyn_into::<web_sys::Node>().ok());
        let inside = node.try_get_untracked().flatten().is_some_and(|node| node.contains(target.as_ref()));
        if !inside && open.get_untracked() {
            open.set(false);
        }
    });
    let key = move |event: leptos::ev::KeyboardEvent| {
        if event.key() == "Escape" && open.get_untracked() {
            open.set(false);
            focus::id("account-button");
        }
    };
    let panel = move || {
        if !open.get() {
            return ().into_any();
        }
        view! {
            <div class="menu" id="account-menu">
                <p class="menu-name">{t!(app_account_signed_in_as, name = name.get())}</p>
                <ul>
                    <li><Link to=Page::Settings><IconView icon=Icon::Settings/>{t!(settings_page)}</Link></li>
                    <li><Link to=Page::MyData><IconView icon=Icon::MyData/>{t!(my_data_page)}</Link></li>
                    <li><SignOut/></li>
                </ul>
            </div>
        }
        .into_any()
    };
    view! {
        <div class="account-menu" node_ref=node on:keydown=key>
            <button
                type="button"
                id="account-button"
                class="avatar"
                aria-expanded=Signal::derive(move || Some(if open.get() { "true" } else { "false" }))
                aria-controls="account-menu"
                on:click=move |_| open.update(|open| *open = !*open)
            >
                <span aria-hidden="true">{Signal::derive(move || letters(&name.get()))}</span>
                <span class="visually-hidden">
                    {Signal::derive(move || [t_now!(app_account_menu), name.get()].join(", "))}
                </span>
            </button>
            {dynamic(panel)}
        </div>
    }
}

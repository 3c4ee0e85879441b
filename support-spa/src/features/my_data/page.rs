//! The page.

use leptos::prelude::*;

use super::device::Device;
use super::download::Download;
use super::print::PrintView;
use crate::i18n::t;
use crate::router::use_router;
use crate::ui::{ActionButton, PageHeading, dynamic};

/// My data.
#[component]
pub fn MyDataPage() -> impl IntoView {
    let printing = RwSignal::new(false);
    let router = use_router();
    let turn = move |to_print| {
        router.owe_focus();
        printing.set(to_print);
    };
    let open = Callback::new(move |()| turn(true));
    let close = Callback::new(move |()| turn(false));
    dynamic(move || {
        if printing.get() {
            return view! { <PrintView on_close=close/> }.into_any();
        }
        view! {
            <div class="page my-data">
                <PageHeading>{t!(my_data_title)}</PageHeading>
                <p class="lead">{t!(my_data_lead)}</p>
                <Download/>
                <section aria-labelledby="print-title">
                    <h2 id="print-title">{t!(my_data_print_title)}</h2>
                    <p>{t!(my_data_print_body)}</p>
                    <ActionButton label=t!(my_data_print_action) on_press=open/>
                </section>
                <Device/>
            </div>
        }
        .into_any()
    })
}

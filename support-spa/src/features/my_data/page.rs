//! The page.

use leptos::prelude::*;

use super::device::Device;
use super::download::Download;
use super::print::PrintView;
use crate::i18n::t;
use crate::ui::{ActionButton, dynamic};

/// My data.
#[component]
pub fn MyDataPage() -> impl IntoView {
    let printing = RwSignal::new(false);
    let open = Callback::new(move |()| printing.set(true));
    let close = Callback::new(move |()| printing.set(false));
    dynamic(move || {
        if printing.get() {
            return view! { <PrintView on_close=close/> }.into_any();
        }
        view! {
            <div class="page my-data">
                <h1 tabindex="-1">{t!(my_data_title)}</h1>
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

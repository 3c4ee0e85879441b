//! Everything as one JSON document.

use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::endpoints::account::ExportData;

use crate::browser::{now, save_blob};
use crate::client::{self, Failure};
use crate::i18n::{format, t, t_now};
use crate::ui::{ActionButton, Look, dynamic, reference_line, use_announcer, worded};

#[derive(Clone, Debug, PartialEq, Eq)]
enum Export {
    Idle,
    Running,
    Ready(String, u64),
    Failed(Failure),
}

/// The download.
#[component]
pub(super) fn Download() -> impl IntoView {
    let export = RwSignal::new(Export::Idle);
    let announcer = use_announcer();
    let fetch = Callback::new(move |()| {
        export.set(Export::Running);
        spawn_local(async move {
            match client::download::<ExportData>(&()).await {
                Ok(blob) => {
                    let day = shared::Timestamp::from_millis(now()).to_string();
                    let name = ["raxx-support-", day.split('T').next().unwrap_or_default(), ".json"].concat();
                    save_blob(&blob, &name);
                    let size = blob.size() as u64;
                    announcer.say(t_now!(my_data_ready, name = name.as_str(), size = format::size(size)));
                    export.try_set(Export::Ready(name, size));
                }
                Err(failure) => {
                    announcer.interrupt(t_now!(my_data_failed));
                    export.try_set(Export::Failed(failure));
                }
            }
        });
    });
    let note = move || match export.get() {
        Export::Ready(name, size) => {
            view! { <p class="note">{t!(my_data_ready, name = name.as_str(), size = format::size(size))}</p> }
                .into_any()
        }
        Export::Failed(failure) => view! {
            <div class="note failed">
                <p>{t!(my_data_failed)}" "{worded(&failure).signal()}</p>
                {reference_line(failure.reference)}
            </div>
        }
        .into_any(),
        Export::Idle | Export::Running => ().into_any(),
    };
    view! {
        <section aria-labelledby="download-title">
            <h2 id="download-title">{t!(my_data_download_title)}</h2>
            <p>{t!(my_data_download_body)}</p>
            <ActionButton
                label=t!(my_data_download_action)
                busy_label=t!(my_data_preparing)
                busy=Signal::derive(move || export.get() == Export::Running)
                look=Look::Primary
                on_press=fetch
            />
            {dynamic(note)}
        </section>
    }
}

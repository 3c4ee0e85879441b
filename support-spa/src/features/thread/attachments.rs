//! The files of a message. A link cannot carry the token, so files are fetched and then handed to the browser.

use leptos::prelude::*;
use leptos::task::spawn_local;
use send_wrapper::SendWrapper;
use shared::TicketId;
use shared::endpoints::files::{AttachmentPath, DownloadAttachment};
use shared::endpoints::tickets::Attachment;
use web_sys::{Blob, Url};

use super::lightbox::use_lightbox;
use crate::browser::save_blob;
use crate::client::{self, Failure};
use crate::i18n::{format, m, t, t_now};
use crate::icons::{Icon, IconView, file_kind};
use crate::ui::{because, dynamic, use_announcer, use_toasts};

/// Pictures up to this size are shown by themselves; larger ones when asked for.
const SHOWN_AT_ONCE: u32 = 3 * 1024 * 1024;

/// Formats that every browser of ours draws, and that can hold no script.
pub(super) fn is_picture(media_type: &str) -> bool {
    matches!(media_type, "image/png" | "image/jpeg" | "image/gif" | "image/webp" | "image/avif")
}

/// The files below a message. Those that stand within the text are not listed again.
pub(super) fn attachments(ticket_id: TicketId, files: Vec<Attachment>) -> Option<AnyView> {
    let listed: Vec<Attachment> = files.into_iter().filter(|file| !file.inline).collect();
    if listed.is_empty() {
        return None;
    }
    let pictures = listed.iter().filter(|file| is_picture(&file.media_type) && file.size <= SHOWN_AT_ONCE);
    let pictures: Vec<AnyView> =
        pictures.map(|file| inline_image(AttachmentPath { ticket_id, attachment_id: file.id }, &file.name)).collect();
    let pictures = (!pictures.is_empty()).then(|| view! { <div class="pictures">{pictures}</div> });
    let rows = listed.into_iter().map(|file| one(ticket_id, file)).collect_view();
    Some(view! { {pictures} <ul class="attachments" aria-label=t!(thread_attachments_label)>{rows}</ul> }.into_any())
}

fn one(ticket_id: TicketId, file: Attachment) -> AnyView {
    let toasts = use_toasts();
    let announcer = use_announcer();
    let busy = RwSignal::new(false);
    let path = AttachmentPath { ticket_id, attachment_id: file.id };
    let name = file.name.into_string();
    let (icon, kind) = file_kind(&file.media_type);
    let size = u64::from(file.size);
    let label = {
        let name = name.clone();
        Signal::derive(move || t_now!(thread_download, name = name.clone(), size = format::size(size)))
    };
    let shown = name.clone();
    let fetch = move |_| {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        let (path, name) = (path.clone(), name.clone());
        spawn_local(async move {
            let answer = client::download::<DownloadAttachment>(&path).await;
            busy.try_set(false);
            match answer {
                Ok(blob) => {
                    save_blob(&blob, &name);
                    announcer.say(t_now!(thread_downloaded, name = name));
                }
                Err(failure) => toasts.fail(because(&m!(thread_download_failed, name = name), &failure)),
            }
        });
    };
    view! {
        <li data-kind=kind>
            <button
                type="button"
                class="attachment"
                aria-busy=Signal::derive(move || busy.get().then_some("true"))
                on:click=fetch
            >
                <IconView icon=icon/>
                <span class="visually-hidden">{label}</span>
                <span class="file-name" aria-hidden="true"><bdi>{shown}</bdi></span>
                <span class="file-size" aria-hidden="true">{Signal::derive(move || format::size(size))}</span>
                <IconView icon=Icon::Download/>
            </button>
        </li>
    }
    .into_any()
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Picture {
    Loading,
    Shown(String),
    Failed,
}

/// A picture within the text, as large as the text allows; pressing it shows it in full.
pub(super) fn inline_image(path: AttachmentPath, alt: &str) -> AnyView {
    let lightbox = use_lightbox();
    let picture = RwSignal::new(Picture::Loading);
    let alt = alt.to_owned();
    let wanted = path.clone();
    let load = move || {
        let path = wanted.clone();
        picture.set(Picture::Loading);
        spawn_local(async move {
            let address = fetch_picture(&path).await;
            picture.try_set(address.map_or(Picture::Failed, Picture::Shown));
        });
    };
    load();
    on_cleanup(move || {
        if let Some(Picture::Shown(address)) = picture.try_get_untracked() {
            let _ = Url::revoke_object_url(&address);
        }
    });
    let reload = Callback::new(move |()| load());
    let name = alt.clone();
    dynamic(move || match picture.get() {
        Picture::Loading => {
            view! { <span class="picture bone" role="img" aria-label=t!(thread_image_loading)></span> }.into_any()
        }
        Picture::Failed => view! {
            <span class="picture failed">
                {t!(thread_image_failed)}
                " "
                <button type="button" class="button quiet" on:click=move |_| reload.run(())>{t!(app_retry)}</button>
            </span>
        }
        .into_any(),
        Picture::Shown(address) => {
            let label = name.clone();
            let (shown, title) = (address.clone(), name.clone());
            view! {
                <button
                    type="button"
                    class="picture"
                    aria-label=t!(thread_image_open, name = label.clone())
                    on:click=move |_| lightbox.show(shown.clone(), title.clone())
                >
                    <img src=address alt=""/>
                </button>
            }
            .into_any()
        }
    })
}

/// Fetches a picture; the address is good until it is revoked.
async fn fetch_picture(path: &AttachmentPath) -> Result<String, ()> {
    let blob: Result<Blob, Failure> = client::download::<DownloadAttachment>(path).await;
    let blob = SendWrapper::new(blob.map_err(|_| ())?);
    // Downloads come as a type that no browser shows. What kind of picture it is, the browser finds out when it draws it.
    let drawn = blob.slice_with_f64_and_f64_and_content_type(0.0, blob.size(), "image/*").map_err(|_| ())?;
    Url::create_object_url_with_blob(&drawn).map_err(|_| ())
}

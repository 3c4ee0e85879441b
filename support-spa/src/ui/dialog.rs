//! Modal dialogs, on the native element: it traps the focus, closes on Escape, and gives the focus back.

use leptos::html;
use leptos::prelude::*;

use super::announcer::live_regions;
use crate::browser::{focus, turns};

/// A modal dialog. Mount it when it is to open and unmount it to close it.
#[component]
pub fn Dialog(
    /// Its heading, which also names it.
    #[prop(into)]
    title: Signal<String>,
    /// What Escape and a click beside it do; without it, the dialog stays until an answer is given.
    #[prop(optional, into)]
    on_dismiss: Option<Callback<()>>,
    /// Classes beside `dialog`.
    #[prop(optional)]
    class: &'static str,
    /// What it holds below the heading.
    children: Children,
) -> impl IntoView {
    let node = NodeRef::<html::Dialog>::new();
    let before = StoredValue::new_local(focus::current());
    Effect::new(move |_| {
        if let Some(dialog) = node.get() {
            turns::afterwards(move || {
                let _ = dialog.show_modal();
            });
        }
    });
    // The native dialog gives the focus back when it is closed, not when it is taken out of the page.
    on_cleanup(move || {
        let before = before.try_with_value(Clone::clone).flatten();
        turns::afterwards(move || {
            if let Some(before) = before.filter(|before| before.is_connected()) {
                focus::element(&before);
            }
        });
    });
    let dismiss = move || {
        if let Some(on_dismiss) = on_dismiss {
            on_dismiss.run(());
        }
    };
    let class = ["dialog ", class].concat();
    view! {
        <dialog
            node_ref=node
            class=class
            aria-label=title
            on:cancel=move |event: web_sys::Event| {
                event.prevent_default();
                dismiss();
            }
            on:close=move |_: web_sys::Event| {
                // Browsers close a dialog at the second Escape, whatever its page says to the first.
                match (on_dismiss, node.get_untracked()) {
                    (Some(on_dismiss), _) => on_dismiss.run(()),
                    (None, Some(dialog)) => {
                        let _ = dialog.show_modal();
                    }
                    (None, None) => {}
                }
            }
            on:click=move |event: web_sys::MouseEvent| {
                let beside = node.get_untracked().is_some_and(|dialog| {
                    event.target().as_ref() == Some(dialog.as_ref())
                });
                if beside {
                    dismiss();
                }
            }
        >
            <div class="dialog-body">
                <h2 tabindex="-1" autofocus>{title}</h2>
                {children()}
            </div>
            {live_regions()}
        </dialog>
    }
}

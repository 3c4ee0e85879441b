//! Buttons that do something which takes a while.

use leptos::prelude::*;

/// How much weight a button has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Look {
    /// The next thing to do; one per view.
    Primary,
    /// Everything else.
    #[default]
    Plain,
    /// Within text or a row of tools.
    Quiet,
    /// Something that cannot be undone.
    Danger,
}

impl Look {
    const fn class(self) -> &'static str {
        match self {
            Self::Primary => "button primary",
            Self::Plain => "button",
            Self::Quiet => "button quiet",
            Self::Danger => "button danger",
        }
    }
}

/// A button with a state of its own for "at work". While it is, it stays focusable, says so, and a second click does nothing.
#[component]
pub fn ActionButton(
    /// What it says.
    #[prop(into)]
    label: Signal<String>,
    /// What it says while at work.
    #[prop(optional, into)]
    busy_label: Option<Signal<String>>,
    /// Whether it is at work.
    #[prop(optional, into)]
    busy: Signal<bool>,
    /// Whether it is out of reach; say why beside it.
    #[prop(optional, into)]
    disabled: Signal<bool>,
    /// How much weight it has.
    #[prop(optional)]
    look: Look,
    /// Whether it sends the form that it stands in.
    #[prop(optional)]
    submits: bool,
    /// A name for assistive technology, where the label is not enough.
    #[prop(optional, into)]
    aria_label: Option<Signal<String>>,
    /// What it does.
    #[prop(optional, into)]
    on_press: Option<Callback<()>>,
) -> impl IntoView {
    let shown = Signal::derive(move || match busy_label {
        Some(busy_label) if busy.get() => busy_label.get(),
        _ => label.get(),
    });
    let off = Signal::derive(move || (busy.get() || disabled.get()).then_some("true"));
    let press = move |event: leptos::ev::MouseEvent| {
        if busy.get_untracked() || disabled.get_untracked() {
            event.prevent_default();
        } else if let Some(on_press) = on_press {
            on_press.run(());
        }
    };
    view! {
        <button
            type=if submits { "submit" } else { "button" }
            class=look.class()
            aria-disabled=off
            aria-busy=Signal::derive(move || busy.get().then_some("true"))
            aria-label=Signal::derive(move || aria_label.map(|label| label.get()))
            on:click=press
        >
            {shown}
        </button>
    }
}

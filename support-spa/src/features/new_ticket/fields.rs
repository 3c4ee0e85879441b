//! The topic, and what it asks for beside the message.

use leptos::prelude::*;
use shared::endpoints::desk::{Field, FieldKind, Topic};

use crate::features::drafts::Fields;
use crate::i18n::{keys, t};
use crate::ui::dynamic;

use super::problems::Problems;

/// The topics to choose from.
#[component]
pub(super) fn TopicChoice(
    /// The topics; none when there are none, or they could not be loaded.
    topics: Signal<Vec<Topic>>,
    /// Whether they have not come yet.
    coming: Signal<bool>,
    /// The chosen topic's id.
    chosen: RwSignal<String>,
    /// What is wrong.
    problems: Problems,
) -> impl IntoView {
    let error = problems.of("topic".to_owned());
    let problem = move || match error.get() {
        Some(text) => view! { <p class="field-error" id="topic-error">{text}</p> }.into_any(),
        None => ().into_any(),
    };
    let hint = move || {
        let topic = topics.get().into_iter().find(|topic| topic.id.to_string() == chosen.get());
        topic.and_then(|topic| topic.hint).map(|hint| view! { <p class="hint">{hint.into_string()}</p> }).into_any()
    };
    dynamic(move || {
        let topics = topics.get();
        if coming.get() {
            return view! { <span class="bone bone-field" aria-hidden="true"></span> }.into_any();
        }
        if topics.is_empty() {
            return ().into_any();
        }
        let options = topics
            .into_iter()
            .map(|topic| {
                let id = topic.id.to_string();
                let here = id.clone();
                view! {
                    <option value=id prop:selected=move || chosen.get() == here>{topic.label.into_string()}</option>
                }
            })
            .collect_view();
        view! {
            <div class="field">
                <label for="topic">{t!(new_ticket_topic_label)}</label>
                <select
                    id="topic"
                    aria-invalid=Signal::derive(move || error.get().is_some().then_some("true"))
                    aria-describedby=Signal::derive(move || error.get().is_some().then_some("topic-error"))
                    on:change=move |event| chosen.set(event_target_value(&event))
                >
                    <option value="" prop:selected=move || chosen.get().is_empty()>{t!(new_ticket_topic_none)}</option>
                    {options}
                </select>
                {dynamic(problem)}
                {dynamic(hint)}
            </div>
        }
        .into_any()
    })
}

/// The fields of the chosen topic.
#[component]
pub(super) fn TopicFields(
    /// The fields to fill in.
    fields: Signal<Vec<Field>>,
    /// What is filled in.
    values: RwSignal<Fields>,
    /// What is wrong.
    problems: Problems,
) -> impl IntoView {
    dynamic(move || fields.get().into_iter().map(|field| one(field, values, problems)).collect_view().into_any())
}

fn one(field: Field, values: RwSignal<Fields>, problems: Problems) -> AnyView {
    let id = field.id.to_string();
    let value = {
        let id = id.clone();
        Signal::derive(move || {
            values
                .with(|values| values.iter().find(|(other, _)| *other == id).map(|(_, value)| value.clone()))
                .unwrap_or_default()
        })
    };
    let write = {
        let id = id.clone();
        Callback::new(move |text: String| {
            values.update(|values| match values.iter_mut().find(|(other, _)| *other == id) {
                Some((_, value)) => *value = text,
                None => values.push((id.clone(), text)),
            });
        })
    };
    let required = field.required;
    let marker = (!required).then(|| view! { <small>{t!(new_ticket_field_optional)}</small> });
    let error = problems.of(id.clone());
    let error_id = [&id, "-error"].concat();
    let described = {
        let error_id = error_id.clone();
        Signal::derive(move || error.get().is_some().then(|| error_id.clone()))
    };
    let invalid = Signal::derive(move || error.get().is_some().then_some("true"));
    let needed = required.then_some("true");
    let type_on = move |event| write.run(event_target_value(&event));
    let input = match field.kind {
        FieldKind::Choice => {
            let options = field
                .options
                .into_iter()
                .map(|option| {
                    let here = option.value.as_str().to_owned();
                    let selected = move || value.get() == here;
                    let sent = option.value.into_string();
                    view! { <option value=sent prop:selected=selected>{option.label.into_string()}</option> }
                })
                .collect_view();
            view! {
                <select id=id.clone() aria-required=needed aria-invalid=invalid aria-describedby=described on:change=type_on>
                    <option value="" prop:selected=move || value.get().is_empty()>{keys::new_ticket_choice_none.signal()}</option>
                    {options}
                </select>
            }
            .into_any()
        }
        FieldKind::Text => view! {
            <textarea
                id=id.clone()
                rows="3"
                maxlength="500"
                aria-required=needed
                aria-invalid=invalid
                aria-describedby=described
                prop:value=value
                on:input=type_on
            ></textarea>
        }
        .into_any(),
        FieldKind::Line | FieldKind::Date | FieldKind::Number => {
            let (kind, mode) = match field.kind {
                FieldKind::Date => ("date", None),
                FieldKind::Number => ("text", Some("numeric")),
                _ => ("text", None),
            };
            view! {
                <input
                    id=id.clone()
                    type=kind
                    inputmode=mode
                    maxlength="500"
                    aria-required=needed
                    aria-invalid=invalid
                    aria-describedby=described
                    prop:value=value
                    on:input=type_on
                />
            }
            .into_any()
        }
    };
    let problem = move || match error.get() {
        Some(text) => view! { <p class="field-error" id=error_id.clone()>{text}</p> }.into_any(),
        None => ().into_any(),
    };
    view! {
        <div class="field">
            <label for=id.clone()>{field.label.into_string()}" "{marker}</label>
            {input}
            {dynamic(problem)}
        </div>
    }
    .into_any()
}

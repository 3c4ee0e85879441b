//! How well the ticket was handled, in the customer's view. May be changed later.

use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::Text;
use shared::endpoints::tickets::{NewRating, Rate, Rating, Score};

use super::store::ThreadStore;
use crate::client::{self, Failure};
use crate::i18n::{Key, m, t};
use crate::ui::{ActionButton, Look, dynamic, use_toasts, worded};

/// Where the form stands.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Form {
    /// A rating was given and is shown.
    Given,
    /// It is being filled in.
    Open,
    /// It is being sent.
    Sending,
    /// It was not taken. What was filled in stays.
    Failed(Failure),
}

/// Asks for a rating, or shows the one that was given.
#[component]
pub fn RatingForm(
    /// The ticket.
    store: ThreadStore,
) -> impl IntoView {
    let toasts = use_toasts();
    let given = store.ticket.with_untracked(|ticket| ticket.as_ref().and_then(|ticket| ticket.rating.clone()));
    let form = RwSignal::new(if given.is_some() { Form::Given } else { Form::Open });
    let score = RwSignal::new(given.as_ref().map(|rating| rating.score));
    let comment = given.and_then(|rating| rating.comment).map(Text::into_string).unwrap_or_default();
    let comment = RwSignal::new(comment);
    // The ticket may have come from the last visit's copy, or have been rated in another tab: what arrives later is shown, unless the
    // customer has begun to fill in the form.
    let rating_now =
        Memo::new(move |_| store.ticket.with(|ticket| ticket.as_ref().and_then(|ticket| ticket.rating.clone())));
    Effect::new(move |_| {
        let Some(rating) = rating_now.get() else { return };
        let untouched = form.with_untracked(|form| *form == Form::Open)
            && score.get_untracked().is_none()
            && comment.with_untracked(String::is_empty);
        if untouched || form.with_untracked(|form| *form == Form::Given) {
            score.set(Some(rating.score));
            comment.set(rating.comment.map(Text::into_string).unwrap_or_default());
            form.set(Form::Given);
        }
    });
    let submit = Callback::new(move |()| {
        let Some(score) = score.get_untracked() else { return };
        let comment = Text::new(comment.get_untracked().trim()).ok();
        form.set(Form::Sending);
        spawn_local(async move {
            match client::call::<Rate>(store.path(), (), &NewRating { score, comment }).await {
                Ok(rating) => {
                    keep(store, rating);
                    form.try_set(Form::Given);
                    toasts.show(m!(rating_thanks));
                }
                Err(failure) => {
                    toasts.fail(m!(rating_failed));
                    form.try_set(Form::Failed(failure));
                }
            }
        });
    });
    let given = Memo::new(move |_| form.get() == Form::Given);
    let body = move || {
        if given.get() {
            let word = score.get().map(|score| Key::from(score).text()).unwrap_or_default();
            let change = Callback::new(move |()| form.set(Form::Open));
            return view! {
                <p>{t!(rating_yours, score = word.clone())}</p>
                <ActionButton label=t!(rating_change) look=Look::Quiet on_press=change/>
            }
            .into_any();
        }
        view! { <Fields score=score comment=comment form=form on_submit=submit/> }.into_any()
    };
    view! {
        <section class="rating" aria-labelledby="rating-title">
            <h2 id="rating-title">{t!(rating_title)}</h2>
            {dynamic(body)}
        </section>
    }
}

fn keep(store: ThreadStore, rating: Rating) {
    store.ticket.try_update(|ticket| {
        if let Some(ticket) = ticket {
            ticket.rating = Some(rating);
        }
    });
}

#[component]
fn Fields(
    score: RwSignal<Option<Score>>,
    comment: RwSignal<String>,
    form: RwSignal<Form>,
    on_submit: Callback<()>,
) -> impl IntoView {
    let choices = Score::ALL
        .iter()
        .map(|choice| {
            let choice = *choice;
            view! {
                <label class="score" data-score=choice.as_str()>
                    <input
                        type="radio"
                        name="score"
                        value=choice.as_str()
                        prop:checked=move || score.get() == Some(choice)
                        on:change=move |_| score.set(Some(choice))
                    />
                    <span>{Signal::derive(move || Key::from(choice).text())}</span>
                </label>
            }
        })
        .collect_view();
    let failed = move || match form.get() {
        Form::Failed(failure) => view! { <p class="note failed">{worded(&failure).signal()}</p> }.into_any(),
        _ => ().into_any(),
    };
    view! {
        <form
            on:submit=move |event| {
                event.prevent_default();
                on_submit.run(());
            }
        >
            <fieldset>
                <legend>{t!(rating_lead)}</legend>
                <div class="scores">{choices}</div>
            </fieldset>
            <label class="field">
                <span>{t!(rating_comment_label)}" "<small>{t!(rating_comment_optional)}</small></span>
                <textarea maxlength="1000" rows="2" placeholder=t!(rating_comment_placeholder) bind:value=comment></textarea>
            </label>
            {dynamic(failed)}
            <ActionButton
                label=t!(rating_submit)
                busy_label=t!(rating_submitting)
                busy=Signal::derive(move || form.get() == Form::Sending)
                disabled=Signal::derive(move || score.get().is_none())
                submits=true
            />
        </form>
    }
}

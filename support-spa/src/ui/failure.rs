//! Failures in words.

use leptos::prelude::*;
use shared::{ProblemCode, Reference};

use super::{ActionButton, EmptyState};
use crate::bandz::Scene;
use crate::client::{Cause, Failure};
use crate::i18n::{Key, Message, m, t};

/// What a failure means, and what to do next.
#[must_use]
pub fn worded(failure: &Failure) -> Message {
    if let Cause::RateLimited(seconds) = failure.cause {
        return m!(problem_rate_limited_for, count = seconds);
    }
    match code(&failure.cause) {
        Ok(code) => Key::from(code).into(),
        Err(Local::Network) => m!(problem_network),
        Err(Local::Timeout) => m!(problem_timeout),
    }
}

/// What was not done, and why.
#[must_use]
pub fn because(what: &Message, failure: &Failure) -> Message {
    m!(problem_because, what = what.text(), why = worded(failure).text())
}

/// Why a message was not sent, to follow "Not sent:".
#[must_use]
pub fn reason(failure: &Failure) -> Key {
    match code(&failure.cause) {
        Ok(code) => crate::i18n::undelivered(code),
        Err(Local::Network) => crate::i18n::keys::delivery_reason_offline,
        Err(Local::Timeout) => crate::i18n::keys::delivery_reason_timeout,
    }
}

enum Local {
    Network,
    Timeout,
}

const fn code(cause: &Cause) -> Result<ProblemCode, Local> {
    Ok(match cause {
        Cause::Offline | Cause::Cancelled => return Err(Local::Network),
        Cause::TimedOut => return Err(Local::Timeout),
        Cause::Unusable => ProblemCode::ContractViolation,
        Cause::SessionEnded => ProblemCode::SessionExpired,
        Cause::NotFound => ProblemCode::NotFound,
        Cause::Invalid(_) => ProblemCode::Invalid,
        Cause::TooLarge => ProblemCode::TooLarge,
        Cause::FileRejected => ProblemCode::FileRejected,
        Cause::RateLimited(_) => ProblemCode::RateLimited,
        Cause::IdempotencyConflict => ProblemCode::IdempotencyConflict,
        Cause::InProgress => ProblemCode::InProgress,
        Cause::AcceptedUnconfirmed(_) => ProblemCode::AcceptedUnconfirmed,
        Cause::DeskUnavailable => ProblemCode::HelpdeskUnavailable,
        Cause::Maintenance => ProblemCode::Maintenance,
        Cause::Internal => ProblemCode::Internal,
    })
}

/// What to quote to support, as a line of its own.
#[must_use]
pub fn reference_line(reference: Option<Reference>) -> Option<AnyView> {
    let reference = reference?.to_string();
    Some(view! { <p class="reference">{t!(broken_reference, reference = reference.clone())}</p> }.into_any())
}

/// A part of the page that could not be loaded, with a way to try again.
#[component]
pub fn FailureNotice(
    /// What failed.
    failure: Failure,
    /// What could not be loaded.
    #[prop(into)]
    title: Signal<String>,
    /// Whether this is the page's own heading.
    #[prop(optional)]
    is_page: bool,
    /// Tries again.
    #[prop(into)]
    on_retry: Callback<()>,
) -> impl IntoView {
    let (scene, title, body) = match failure.cause {
        Cause::Offline => (Scene::Offline, title, m!(problem_network)),
        Cause::Maintenance => (Scene::DeskDown, t!(maintenance_title), m!(maintenance_body)),
        Cause::DeskUnavailable => (Scene::DeskDown, t!(desk_down_title), m!(desk_down_body)),
        _ => (Scene::Broken, title, worded(&failure)),
    };
    view! {
        <EmptyState scene=scene title=title body=body.signal() is_page=is_page>
            <ActionButton label=t!(app_retry) on_press=on_retry/>
            {reference_line(failure.reference)}
        </EmptyState>
    }
}

//! What stands where something will come, of the same size.

use leptos::prelude::*;

use crate::i18n::t;

/// Rows of a list.
#[component]
pub fn ListSkeleton() -> impl IntoView {
    view! {
        <div class="skeleton-list" aria-busy="true">
            <p class="visually-hidden">{t!(app_loading)}</p>
            <SkeletonRow/>
            <SkeletonRow/>
            <SkeletonRow/>
            <SkeletonRow/>
            <SkeletonRow/>
            <SkeletonRow/>
        </div>
    }
}

#[component]
fn SkeletonRow() -> impl IntoView {
    view! {
        <div class="skeleton-row" aria-hidden="true">
            <span class="bone bone-title"></span>
            <span class="bone bone-text"></span>
            <span class="bone bone-meta"></span>
        </div>
    }
}

/// A ticket's head and the beginning of its thread.
#[component]
pub fn ThreadSkeleton() -> impl IntoView {
    view! {
        <div class="skeleton-thread" aria-busy="true">
            <div class="skeleton-head">
                <span class="bone bone-meta" aria-hidden="true"></span>
                <h1 class="bone bone-heading"><span class="visually-hidden">{t!(app_loading)}</span></h1>
                <span class="bone bone-text" aria-hidden="true"></span>
            </div>
            <div class="skeleton-message" aria-hidden="true"><span class="bone bone-body"></span></div>
            <div class="skeleton-message mine" aria-hidden="true"><span class="bone bone-body"></span></div>
            <div class="skeleton-message" aria-hidden="true"><span class="bone bone-body"></span></div>
        </div>
    }
}

/// A form below a thread.
#[component]
pub fn FormSkeleton(
    /// The class of the form itself.
    class: &'static str,
) -> impl IntoView {
    view! {
        <div class=["skeleton-form ", class].concat() aria-busy="true">
            <p class="visually-hidden">{t!(app_loading)}</p>
            <span class="bone bone-body" aria-hidden="true"></span>
        </div>
    }
}

/// A page of its own: its heading and what stands below it.
#[component]
pub fn PageSkeleton(
    /// The class of the page itself.
    class: &'static str,
) -> impl IntoView {
    view! {
        <div class=class aria-busy="true">
            <h1 class="bone bone-heading"><span class="visually-hidden">{t!(app_loading)}</span></h1>
            <span class="bone bone-text" aria-hidden="true"></span>
            <span class="bone bone-block" aria-hidden="true"></span>
            <span class="bone bone-block" aria-hidden="true"></span>
        </div>
    }
}

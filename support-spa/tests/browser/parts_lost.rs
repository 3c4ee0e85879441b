//! A part of the portal that does not come.

use std::cell::Cell;

use leptos::prelude::*;
use support_spa::parts::{Later, Loader, Loaders, Lost, Parts};
use support_spa::router::{Page, Router};
use support_spa::ui::{Announcer, LiveRegions, PageHeading, PageSkeleton};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::parts::loaders;
use crate::stage::{mount, settle, until};

thread_local! {
    static COMES: Cell<bool> = const { Cell::new(false) };
    static ASKED: Cell<u32> = const { Cell::new(0) };
}

fn load() -> Later<()> {
    ASKED.set(ASKED.get() + 1);
    Box::pin(async {
        settle().await;
        if COMES.get() { Ok(()) } else { Err(Lost) }
    })
}

#[wasm_bindgen_test]
async fn its_page_says_so_and_trying_again_brings_it() {
    let stage = mount(|| {
        provide_context(Announcer::default());
        provide_context(Router::at(Page::Settings));
        let call = |()| -> Later<AnyView> {
            Box::pin(async { Ok(view! { <PageHeading>"Settings"</PageHeading> }.into_any()) })
        };
        let parts = Parts::follow(Loaders { settings: Loader { load, call }, ..loaders() });
        view! {
            <nav>"The rest of the page"</nav>
            {parts.settings.show((), || view! { <PageSkeleton class="page"/> }.into_any())}
            <LiveRegions/>
        }
    });
    assert!(stage.find(".page[aria-busy=true]").is_some());
    until("it says so", || stage.says("This page did not load.")).await;
    until("it is said", || !stage.find("[role=alert]").unwrap().text_content().unwrap().is_empty()).await;
    assert!(stage.find("h1").is_some() && stage.says("The rest of the page"));
    COMES.set(true);
    stage.press("Try again");
    until("it has come", || stage.find("h1").is_some_and(|it| it.text_content().as_deref() == Some("Settings"))).await;
    assert_eq!(ASKED.get(), 2);
}

//! Settings take effect at once and are kept.

use leptos::prelude::*;
use support_spa::browser::root;
use support_spa::browser::storage::{self, Area};
use support_spa::features::settings::{self, SettingsPage};
use support_spa::i18n::{Language, choose, current};
use support_spa::ui::{Announcer, ToastShelf, Toasts};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::stage::{Server, Stage, mount, signed_in, until};

async fn page() -> Stage {
    let session = signed_in().await;
    mount(move || {
        let announcer = Announcer::default();
        provide_context(session);
        provide_context(announcer);
        provide_context(Toasts::new(announcer));
        provide_context(settings::restore());
        view! {
            <SettingsPage/>
            <ToastShelf/>
        }
    })
}

#[wasm_bindgen_test]
async fn a_theme_is_put_on_the_page_and_kept() {
    let stage = page().await;
    stage.find("input[value=light]").unwrap().click();
    until("it is light", || root().unwrap().get_attribute("data-theme").as_deref() == Some("light")).await;
    assert_eq!(storage::get(Area::Local, "raxx.theme").as_deref(), Some("light"));
    stage.find("input[value=compact]").unwrap().click();
    until("it is compact", || root().unwrap().get_attribute("data-density").as_deref() == Some("compact")).await;
    drop(stage);
    let stage = page().await;
    let checked = js_sys::Reflect::get(&stage.find("input[value=light]").unwrap(), &"checked".into()).unwrap();
    assert!(checked.is_truthy());
    storage::remove(Area::Local, "raxx.theme");
    storage::remove(Area::Local, "raxx.density");
}

#[wasm_bindgen_test]
async fn a_language_that_cannot_be_loaded_leaves_the_old_one() {
    let _server = Server::install();
    let stage = page().await;
    let select = stage.find("#language").unwrap();
    js_sys::Reflect::set(&select, &"value".into(), &"de".into()).unwrap();
    select.dispatch_event(&web_sys::Event::new("change").unwrap()).unwrap();
    until("it says so", || stage.says("Deutsch could not be loaded.")).await;
    assert_eq!(current(), Language::English);
    assert!(storage::get(Area::Local, "raxx.language").is_none());
    choose(Language::English).await.unwrap();
}

#[wasm_bindgen_test]
async fn what_another_tab_chose_is_followed() {
    let stage = page().await;
    storage::set(Area::Local, "raxx.theme", "dark");
    storage::set(Area::Local, "raxx.density", "compact");
    // Browsers tell this to the other tabs only; here, this tab is one.
    support_spa::browser::window().unwrap().dispatch_event(&web_sys::Event::new("storage").unwrap()).unwrap();
    let has = |name: &str, word: &str| root().unwrap().get_attribute(name).as_deref() == Some(word);
    until("the page has followed", || has("data-theme", "dark") && has("data-density", "compact")).await;
    let checked = js_sys::Reflect::get(&stage.find("input[value=dark]").unwrap(), &"checked".into()).unwrap();
    assert!(checked.is_truthy());
    storage::remove(Area::Local, "raxx.theme");
    storage::remove(Area::Local, "raxx.density");
}

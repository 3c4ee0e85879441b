//! Dialogs, notes, headings and links.

use leptos::prelude::*;
use support_spa::browser::focus;
use support_spa::i18n::{keys, m};
use support_spa::router::{Link, Page, Router};
use support_spa::ui::{Announcer, Confirm, LiveRegions, PageHeading, Toast, ToastAction, ToastShelf, Toasts, dynamic};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::stage::{mount, settle, until};

#[wasm_bindgen_test]
async fn a_dialog_takes_the_focus_and_gives_it_back() {
    let open = RwSignal::new(false);
    let stage = mount(move || {
        let close = Callback::new(move |()| open.set(false));
        let dialog = move || {
            if !open.get() {
                return ().into_any();
            }
            view! {
                <Confirm
                    title=Signal::stored("Sure?".to_owned())
                    body=Signal::stored("It is gone then.".to_owned())
                    action=Signal::stored("Do it".to_owned())
                    on_confirm=close
                    on_cancel=close
                />
            }
            .into_any()
        };
        view! {
            <button type="button" id="opener" on:click=move |_| open.set(true)>"Open"</button>
            {dynamic(dialog)}
        }
    });
    let opener = stage.find("#opener").unwrap();
    let _ = opener.focus();
    opener.click();
    let inside = || focus::current().is_some_and(|element| element.closest("dialog[open]").ok().flatten().is_some());
    until("the focus is in the dialog", inside).await;
    let dialog = stage.find("dialog").unwrap();
    // By itself: an id could be another dialog's, too.
    assert_eq!(dialog.get_attribute("aria-label").as_deref(), Some("Sure?"));
    dialog.dispatch_event(&web_sys::Event::new("cancel").unwrap()).unwrap();
    until("it is closed", || stage.find("dialog").is_none()).await;
    until("the focus is back", || focus::current().is_some_and(|element| element.id() == "opener")).await;
}

#[wasm_bindgen_test]
async fn a_note_is_shown_said_and_can_be_acted_on() {
    let done = RwSignal::new(false);
    let handed = StoredValue::new(None);
    let stage = mount(move || {
        let announcer = Announcer::default();
        let toasts = Toasts::new(announcer);
        provide_context(announcer);
        provide_context(toasts);
        handed.set_value(Some(toasts));
        view! {
            <ToastShelf/>
            <LiveRegions/>
        }
    });
    let toasts = handed.get_value().unwrap();
    let run = std::sync::Arc::new(move || done.set(true));
    let action = Some(ToastAction { label: keys::undo_action, run });
    toasts.show(Toast { text: m!(resolve_done), urgent: false, action });
    until("it is said", || stage.find("[role=status]").unwrap().text_content().unwrap() == "Marked as resolved.").await;
    stage.press("Undo");
    until("it is done", || done.get_untracked() && stage.find(".toast").is_none()).await;
    for _ in 0..5 {
        toasts.fail(m!(rating_failed));
    }
    until("three are shown at most", || stage.all(".toast.urgent").len() == 3).await;
    until("it is said at once", || stage.find("[role=alert]").unwrap().text_content().unwrap().contains("rating"))
        .await;
}

#[wasm_bindgen_test]
async fn a_plain_click_stays_in_the_app_and_others_are_the_browsers() {
    let handed = StoredValue::new(None);
    let stage = mount(move || {
        let router = Router::at(Page::NewTicket);
        provide_context(router);
        handed.set_value(Some(router));
        view! { <Link to=Page::Settings>"Settings"</Link> }
    });
    let router = handed.get_value().unwrap();
    let link = stage.find("a").unwrap();
    assert_eq!(link.get_attribute("href").as_deref(), Some("/settings"));
    let init = web_sys::MouseEventInit::new();
    init.set_bubbles(true);
    init.set_cancelable(true);
    init.set_ctrl_key(true);
    // Only whether the app takes the click matters here; the browser must not open a tab in the test.
    let event = web_sys::MouseEvent::new_with_mouse_event_init_dict("click", &init).unwrap();
    let prevented = wasm_bindgen::prelude::Closure::<dyn Fn(web_sys::Event)>::new(|event: web_sys::Event| {
        event.prevent_default();
    });
    use wasm_bindgen::JsCast;
    stage.root.add_event_listener_with_callback("click", prevented.as_ref().unchecked_ref()).unwrap();
    link.dispatch_event(&event).unwrap();
    assert_eq!(router.page_untracked(), Page::NewTicket);
    let address = support_spa::browser::window().unwrap().location().pathname().unwrap();
    link.click();
    until("the page is there", || router.page_untracked() == Page::Settings).await;
    let history = support_spa::browser::window().unwrap().history().unwrap();
    history.replace_state_with_url(&wasm_bindgen::JsValue::NULL, "", Some(&address)).unwrap();
}

/// A page whose heading comes when it has been loaded.
fn slow_page(router: Router, loaded: RwSignal<bool>) -> impl IntoView {
    provide_context(router);
    let heading = move || match (router.page(), loaded.get()) {
        (Page::Settings, true) => view! { <PageHeading>"Settings"</PageHeading> }.into_any(),
        _ => ().into_any(),
    };
    view! {
        <main>
            <button type="button" id="first">"First"</button>
            <button type="button" id="second">"Second"</button>
            {dynamic(heading)}
        </main>
    }
}

#[wasm_bindgen_test]
async fn the_heading_of_a_page_takes_the_focus_when_it_has_been_loaded() {
    let (router, loaded) = (Router::at(Page::MyData), RwSignal::new(false));
    let stage = mount(move || slow_page(router, loaded));
    let first = stage.find("#first").unwrap();
    let _ = first.focus();
    router.go(Page::Settings);
    until("the page is another one", || router.page_untracked() == Page::Settings).await;
    assert_eq!(focus::current().as_deref(), Some(first.as_ref()));
    loaded.set(true);
    until("the heading has the focus", || focus::current().is_some_and(|element| element.tag_name() == "H1")).await;
}

#[wasm_bindgen_test]
async fn the_heading_of_a_page_leaves_the_focus_to_whoever_has_moved_it() {
    let (router, loaded) = (Router::at(Page::MyData), RwSignal::new(false));
    let stage = mount(move || slow_page(router, loaded));
    let _ = stage.find("#first").unwrap().focus();
    router.go(Page::Settings);
    until("the page is another one", || router.page_untracked() == Page::Settings).await;
    let second = stage.find("#second").unwrap();
    let _ = second.focus();
    loaded.set(true);
    until("the heading is there", || stage.find("h1").is_some()).await;
    settle().await;
    assert_eq!(focus::current().as_deref(), Some(second.as_ref()));
}

#[wasm_bindgen_test]
async fn what_is_said_shortly_after_one_another_is_all_said() {
    let announcer = Announcer::default();
    let stage = mount(move || {
        provide_context(announcer);
        view! { <LiveRegions/> }
    });
    announcer.say("Settings, page opened".to_owned());
    announcer.say("One answer is new".to_owned());
    announcer.say("One answer is new".to_owned());
    let said = || stage.all("[role=status] p").len();
    until("all is said", || said() == 3).await;
}

#[wasm_bindgen_test]
async fn while_a_dialog_is_open_what_is_said_is_said_within() {
    let announcer = Announcer::default();
    let open = RwSignal::new(true);
    let stage = mount(move || {
        provide_context(announcer);
        let close = Callback::new(move |()| open.set(false));
        let dialog = move || {
            if !open.get() {
                return ().into_any();
            }
            let text = || Signal::stored("Sure?".to_owned());
            view! { <Confirm title=text() body=text() action=text() on_confirm=close on_cancel=close/> }.into_any()
        };
        view! {
            {dynamic(dialog)}
            <LiveRegions/>
        }
    });
    until("it is open", || stage.find("dialog[open]").is_some()).await;
    announcer.say("One answer is new".to_owned());
    announcer.interrupt("The reply was not sent".to_owned());
    until("both are said", || {
        stage.all("dialog p").iter().any(|it| it.text_content().as_deref() == Some("One answer is new"))
    })
    .await;
    assert!(stage.find("dialog > [role=alert]").unwrap().text_content().unwrap().contains("not sent"));
    assert!(stage.all("section > [role=status] p").is_empty());
    open.set(false);
    until("it is closed", || stage.find("dialog").is_none()).await;
    announcer.say("Settings, page opened".to_owned());
    until("it is said as usual", || stage.find("[role=status] p").is_some()).await;
}

/// The shelf of notes below a page.
fn shelf() -> (crate::stage::Stage, Toasts) {
    let handed = StoredValue::new(None);
    let stage = mount(move || {
        let announcer = Announcer::default();
        provide_context(announcer);
        let toasts = Toasts::new(announcer);
        provide_context(toasts);
        handed.set_value(Some(toasts));
        view! {
            <main id="content" tabindex="-1"></main>
            <ToastShelf/>
        }
    });
    (stage, handed.get_value().unwrap())
}

#[wasm_bindgen_test]
async fn a_note_with_something_to_do_goes_for_no_other() {
    let (stage, toasts) = shelf();
    let action = || Some(ToastAction { label: keys::undo_action, run: std::sync::Arc::new(|| ()) });
    toasts.show(Toast { text: m!(resolve_done), urgent: false, action: action() });
    for _ in 0..5 {
        toasts.fail(m!(rating_failed));
    }
    until("three are shown", || stage.all(".toast").len() == 3).await;
    assert!(stage.button("Undo").is_some());
    // Another customer's session has begun.
    toasts.clear();
    until("nothing of the one before is left", || stage.find(".toast").is_none()).await;
}

#[wasm_bindgen_test]
async fn notes_stay_while_somebody_is_at_them() {
    use js_sys::{Array, Function, Reflect};
    let (stage, toasts) = shelf();
    let window = support_spa::browser::window().unwrap();
    // What is to happen in some seconds happens when the test says so.
    let catch = "window.wasTimeout = window.setTimeout; window.due = []; \
        window.setTimeout = (run, pause) => pause < 1000 ? window.wasTimeout(run, pause) : window.due.push(run);";
    Function::new_no_args(catch).call0(&window).unwrap();
    let pass = || {
        Function::new_no_args("const due = window.due; window.due = []; due.forEach((run) => run());")
            .call0(&window)
            .unwrap();
    };
    toasts.fail(m!(rating_failed));
    let _ = settle().await;
    let is_due = || Array::from(&Reflect::get(&window, &"due".into()).unwrap()).length() > 0;
    let close = stage.find(".toast-close").unwrap();
    let _ = close.focus();
    for _ in 0..2 {
        assert!(is_due());
        pass();
        settle().await;
        assert!(stage.find(".toast").is_some());
    }
    let _ = close.blur();
    pass();
    until("it is gone", || stage.find(".toast").is_none()).await;
    Function::new_no_args("window.setTimeout = window.wasTimeout;").call0(&window).unwrap();
}

#[wasm_bindgen_test]
async fn a_note_that_goes_leaves_the_focus_where_it_is() {
    let (stage, toasts) = shelf();
    let action = Some(ToastAction { label: keys::undo_action, run: std::sync::Arc::new(|| ()) });
    toasts.fail(m!(rating_failed));
    toasts.show(Toast { text: m!(resolve_done), urgent: false, action });
    until("both are shown", || stage.all(".toast").len() == 2).await;
    let undo = stage.button("Undo").unwrap();
    let _ = undo.focus();
    // The first one goes.
    stage.find(".toast-close").unwrap().click();
    until("one is left", || stage.all(".toast").len() == 1).await;
    assert!(undo.is_connected());
    undo.click();
    until("none is left", || stage.find(".toast").is_none()).await;
    until("the page has the focus", || focus::current().map(|element| element.id()).as_deref() == Some("content"))
        .await;
}

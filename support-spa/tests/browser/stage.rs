//! Where components are mounted, and the server that answers them.

use std::any::Any;
use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Promise, Reflect, Uint8Array};
use leptos::mount::mount_to;
use leptos::prelude::*;
use support_spa::browser::{call_method, document, now, timer, window};
use support_spa::features::drafts;
use support_spa::session::Session;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, HtmlElement, RequestInit, Response, ResponseInit};

use crate::fixtures;

/// A mounted component. It goes when this goes.
pub struct Stage {
    pub root: HtmlElement,
    _mounted: Box<dyn Any>,
}

impl Drop for Stage {
    fn drop(&mut self) {
        self.root.remove();
    }
}

/// Mounts a view into a section of its own.
pub fn mount<V: IntoView + 'static>(view: impl FnOnce() -> V + 'static) -> Stage {
    let document = document().unwrap();
    let root: HtmlElement = document.create_element("section").unwrap().unchecked_into();
    document.body().unwrap().append_child(&root).unwrap();
    let mounted = mount_to(root.clone(), move || view().into_any());
    Stage { root, _mounted: Box::new(mounted) }
}

impl Stage {
    pub fn find(&self, selector: &str) -> Option<HtmlElement> {
        self.root.query_selector(selector).unwrap().map(JsCast::unchecked_into)
    }

    pub fn all(&self, selector: &str) -> Vec<Element> {
        let found = call_method(&self.root, "querySelectorAll", &[selector.into()]).unwrap();
        js_sys::Array::from(&found).iter().map(JsCast::unchecked_into).collect()
    }

    pub fn text(&self) -> String {
        self.root.text_content().unwrap_or_default()
    }

    pub fn says(&self, words: &str) -> bool {
        self.text().contains(words)
    }

    /// The button with these words.
    pub fn button(&self, words: &str) -> Option<HtmlElement> {
        let named = |element: &Element| {
            let label = element.get_attribute("aria-label").unwrap_or_default();
            label == words || element.text_content().unwrap_or_default().trim() == words
        };
        self.all("button").into_iter().find(named).map(JsCast::unchecked_into)
    }

    pub fn press(&self, words: &str) {
        self.button(words).unwrap_or_else(|| panic!("no button “{words}” in: {}", self.text())).click();
    }

    /// Types into a field as a person does: the value changes, and the page hears of it.
    pub fn type_into(&self, selector: &str, text: &str) {
        let field = self.find(selector).unwrap_or_else(|| panic!("no field {selector}"));
        Reflect::set(&field, &"value".into(), &text.into()).unwrap();
        let init = web_sys::EventInit::new();
        init.set_bubbles(true);
        let event = web_sys::Event::new_with_event_init_dict("input", &init).unwrap();
        field.dispatch_event(&event).unwrap();
    }

    pub fn value_of(&self, selector: &str) -> String {
        let field = self.find(selector).unwrap_or_else(|| panic!("no field {selector}"));
        Reflect::get(&field, &"value".into()).unwrap().as_string().unwrap_or_default()
    }

    pub fn key(&self, selector: &str, key: &str, ctrl: bool) {
        let field = self.find(selector).unwrap_or_else(|| panic!("no field {selector}"));
        let init = web_sys::KeyboardEventInit::new();
        init.set_key(key);
        init.set_ctrl_key(ctrl);
        init.set_bubbles(true);
        init.set_cancelable(true);
        let event = web_sys::KeyboardEvent::new_with_keyboard_event_init_dict("keydown", &init).unwrap();
        field.dispatch_event(&event).unwrap();
    }
}

/// The address bar stands somewhere for as long as this is there, and then where it stood before.
pub struct Address(String);

impl Address {
    pub fn at(address: &str) -> Self {
        let address_before = Self::here();
        stand_at(address);
        address_before
    }

    /// Wherever it stands meanwhile.
    pub fn here() -> Self {
        Self(window().unwrap().location().href().unwrap())
    }
}

impl Drop for Address {
    fn drop(&mut self) {
        stand_at(&self.0);
    }
}

fn stand_at(address: &str) {
    let history = window().unwrap().history().unwrap();
    history.replace_state_with_url(&JsValue::NULL, "", Some(address)).unwrap();
}

/// Waits until something is so; fails after five seconds.
pub async fn until(what: &str, is_so: impl Fn() -> bool) {
    let began = now();
    while !is_so() {
        assert!(now() - began < 5_000, "waited in vain until {what}");
        timer::sleep(10).await;
    }
}

/// Lets everything that is due run.
pub async fn settle() {
    for _ in 0..3 {
        timer::sleep(0).await;
    }
}

/// A call that the server got.
#[derive(Clone, Debug)]
pub struct Call {
    pub line: String,
    pub body: String,
    pub key: Option<String>,
    pub authorization: Option<String>,
}

#[derive(Clone)]
enum Answer {
    Now(u16, Vec<u8>, Vec<(String, String)>),
    Slowly(i32, Vec<u8>),
    Never,
    ConnectionLost,
}

#[derive(Default)]
struct State {
    answers: Vec<(String, Answer)>,
    calls: Vec<Call>,
}

/// A server in place of `fetch`. The newest answer that fits is given; what nothing fits gets 404.
#[derive(Clone)]
pub struct Server(Rc<RefCell<State>>);

impl Server {
    pub fn install() -> Self {
        let server = Self(Rc::default());
        let state = Rc::clone(&server.0);
        let fetch = Closure::<dyn Fn(JsValue, JsValue) -> Promise>::new(move |uri: JsValue, init: JsValue| {
            let uri = uri.as_string().unwrap_or_default();
            let init: RequestInit = init.unchecked_into();
            let call = read_call(&uri, &init);
            let line = call.line.clone();
            state.borrow_mut().calls.push(call);
            let found =
                state.borrow().answers.iter().rev().find(|(start, _)| line.starts_with(start.as_str())).cloned();
            match found.map(|(_, answer)| answer) {
                Some(Answer::Now(status, body, headers)) => resolved(&respond(status, &body, &headers)),
                Some(Answer::Slowly(millis, body)) => later(millis, &respond(200, &body, &[])),
                Some(Answer::Never) => aborted_by(&init),
                Some(Answer::ConnectionLost) => Promise::reject(&js_sys::TypeError::new("Failed to fetch")),
                None => resolved(&respond(404, fixtures::problem("not_found", 404).as_bytes(), &[])),
            }
        });
        Reflect::set(&window().unwrap(), &"fetch".into(), fetch.as_ref()).unwrap();
        fetch.forget();
        server
    }

    /// `line` is the method, a space, and the beginning of the address.
    pub fn answer(&self, line: &str, status: u16, body: impl Into<Vec<u8>>) {
        self.set(line, Answer::Now(status, body.into(), Vec::new()));
    }

    pub fn answer_with(&self, line: &str, status: u16, body: impl Into<Vec<u8>>, header: (&str, &str)) {
        let headers = vec![(header.0.to_owned(), header.1.to_owned())];
        self.set(line, Answer::Now(status, body.into(), headers));
    }

    pub fn problem(&self, line: &str, status: u16, code: &str) {
        self.answer(line, status, fixtures::problem(code, status));
    }

    /// The answer takes so many milliseconds.
    pub fn answer_slowly(&self, line: &str, millis: i32, body: impl Into<Vec<u8>>) {
        self.set(line, Answer::Slowly(millis, body.into()));
    }

    pub fn hang(&self, line: &str) {
        self.set(line, Answer::Never);
    }

    pub fn lose_connection(&self, line: &str) {
        self.set(line, Answer::ConnectionLost);
    }

    pub fn calls(&self, line: &str) -> Vec<Call> {
        self.0.borrow().calls.iter().filter(|call| call.line.starts_with(line)).cloned().collect()
    }

    fn set(&self, line: &str, answer: Answer) {
        self.0.borrow_mut().answers.push((line.to_owned(), answer));
    }
}

fn read_call(uri: &str, init: &RequestInit) -> Call {
    let get = |name: &str| Reflect::get(init, &name.into()).ok().filter(|value| !value.is_undefined());
    let method = get("method").and_then(|method| method.as_string()).unwrap_or_else(|| "GET".into());
    let headers: Option<web_sys::Headers> = get("headers").map(JsCast::unchecked_into);
    let header = |name: &str| headers.as_ref().and_then(|headers| headers.get(name).ok().flatten());
    let body = get("body").map(|body| Uint8Array::new(&body).to_vec()).unwrap_or_default();
    Call {
        line: [&method, " ", uri].concat(),
        body: String::from_utf8(body).unwrap_or_default(),
        key: header("idempotency-key"),
        authorization: header("authorization"),
    }
}

fn respond(status: u16, body: &[u8], headers: &[(String, String)]) -> Response {
    let init = ResponseInit::new();
    init.set_status(status);
    let all = web_sys::Headers::new().unwrap();
    for (name, value) in headers {
        all.set(name, value).unwrap();
    }
    init.set_headers(&all);
    let text = String::from_utf8_lossy(body);
    let body = (status != 204).then_some(text.as_ref());
    Response::new_with_opt_str_and_init(body, &init).unwrap()
}

fn resolved(response: &Response) -> Promise {
    let response: JsValue = response.into();
    Promise::new(&mut |resolve, _| {
        let _ = resolve.call1(&JsValue::UNDEFINED, &response);
    })
}

fn later(millis: i32, response: &Response) -> Promise {
    let response: JsValue = response.into();
    Promise::new(&mut |resolve, _| {
        let response = response.clone();
        timer::after(millis, move || {
            let _ = resolve.call1(&JsValue::UNDEFINED, &response);
        });
    })
}

/// Never answers, but lets itself be aborted as a real request does.
fn aborted_by(init: &RequestInit) -> Promise {
    let signal = Reflect::get(init, &"signal".into()).ok();
    let signal = signal.and_then(|signal| signal.dyn_into::<web_sys::AbortSignal>().ok());
    Promise::new(&mut |_, reject| {
        if let Some(signal) = &signal {
            let aborted = Closure::once_into_js(move || {
                let _ = reject.call1(&JsValue::UNDEFINED, &"aborted".into());
            });
            signal.set_onabort(Some(aborted.unchecked_ref()));
        }
    })
}

/// A session of the test's customer, provided to whatever is mounted after it, with nothing left of earlier tests.
pub async fn signed_in() -> Session {
    // What the page of the test before saves when it goes must not come after the wiping.
    settle().await;
    drafts::wipe(fixtures::account()).await;
    support_spa::features::offline::seen::wipe(fixtures::account()).await;
    fresh_session()
}

/// The same without wiping: what a reload finds.
pub fn fresh_session() -> Session {
    let session = Session::new();
    session.begin(fixtures::session());
    session.restore();
    session
}

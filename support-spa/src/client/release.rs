//! The portal's own page, as it is served now.

use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{RequestCache, RequestInit, Response};

use crate::browser::window;

/// The page of the newest release, past every cache; `None` when it cannot be had.
pub async fn newest_page() -> Option<String> {
    let init = RequestInit::new();
    init.set_cache(RequestCache::NoCache);
    let answer = JsFuture::from(window()?.fetch_with_str_and_init("/sign-in", &init)).await.ok()?;
    let response: Response = answer.dyn_into().ok()?;
    let text = response.text().ok().filter(|_| response.ok())?;
    JsFuture::from(text).await.ok()?.as_string()
}

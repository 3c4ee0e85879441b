//! The program of the sign-in page. A first visit loads this and not the portal, which is several times its size.

#![cfg_attr(target_arch = "wasm32", no_main)]
#![cfg_attr(target_arch = "wasm32", allow(unreachable_pub, reason = "wasm-bindgen exports public functions only"))]

#[cfg(target_arch = "wasm32")]
mod program {
    use wasm_bindgen::prelude::wasm_bindgen;

    /// Puts the page in place of the shell that looks like it.
    #[wasm_bindgen]
    pub fn start() {
        support_spa::start::sign_in();
    }

    /// Takes the page away, for the program that comes next.
    #[wasm_bindgen]
    pub fn leave() {
        support_spa::start::leave();
    }
}

/// A browser runs this; on the host there is nothing to do.
#[cfg(not(target_arch = "wasm32"))]
fn main() {}

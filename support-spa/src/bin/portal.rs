//! The program of the portal, for whoever is signed in.

#![cfg_attr(target_arch = "wasm32", no_main)]
#![cfg_attr(target_arch = "wasm32", allow(unreachable_pub, reason = "wasm-bindgen exports public functions only"))]

#[cfg(target_arch = "wasm32")]
mod program {
    use wasm_bindgen::prelude::wasm_bindgen;

    /// Puts the portal in place of whatever stands there.
    #[wasm_bindgen]
    pub fn start() {
        support_spa::start::portal();
    }
}

/// A browser runs this; on the host there is nothing to do.
#[cfg(not(target_arch = "wasm32"))]
fn main() {}

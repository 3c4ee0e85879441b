//! `wasm-bindgen`, at exactly the version of the library in the workspace's lock file. The program carries another name than the
//! library: rustc takes a crate called `wasm_bindgen` for an outdated copy of it and refuses to compile it.

use std::process::ExitCode;

fn main() -> ExitCode {
    match wasm_bindgen_cli::wasm_bindgen::run_cli_with_args(std::env::args_os()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:?}");
            ExitCode::FAILURE
        }
    }
}

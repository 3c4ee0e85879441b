//! What is done to the portal's WebAssembly that no ready-made program does.
//!
//! `wasm-parts cut <program.wasm> <folder>` cuts a linked program at its split points. `wasm-parts shorten <module.wasm> <to.wasm>`
//! shortens what it imports and exports. `wasm-parts weigh <module.wasm>…` says which crates a module's bytes come from. All print JSON.

mod cut;
mod functions;
mod shorten;
mod stay;
mod weigh;

use std::path::Path;
use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let printed = match arguments[..] {
        ["cut", program, folder] => cut::cut(Path::new(program), Path::new(folder)),
        ["shorten", module, shortened] => shorten::shorten(Path::new(module), Path::new(shortened)),
        ["weigh", ref modules @ ..] if !modules.is_empty() => weigh::weigh(modules),
        _ => {
            eprintln!(
                "error: say what to do: wasm-parts cut <program.wasm> <folder>, or wasm-parts weigh <module.wasm>…"
            );
            return ExitCode::from(2);
        }
    };
    match printed {
        Ok(json) => {
            println!("{json}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

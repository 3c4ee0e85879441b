//! Prints the `_headers` file for a release of the portal: `pages-headers <release.json>`.

use std::process::ExitCode;

use edge_worker::policy::{Release, pages_headers_file};

fn main() -> ExitCode {
    let Some(path) = std::env::args_os().nth(1) else {
        eprintln!("error: say which release: pages-headers <release.json>");
        return ExitCode::from(2);
    };
    let release = std::fs::read_to_string(&path)
        .map_err(|error| error.to_string())
        .and_then(|text| Release::from_json(&text).map_err(|error| error.to_string()));
    match release {
        Ok(release) => {
            print!("{}", pages_headers_file(&release));
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("error: {}: {error}", path.display());
            ExitCode::FAILURE
        }
    }
}

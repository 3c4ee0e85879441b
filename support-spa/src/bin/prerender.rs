//! Writes what can be made before anybody visits: the shell (the sign-in page as HTML, from the same components as in the browser) and
//! the files of the other languages, into the folder that is named.

use std::path::Path;
use std::process::ExitCode;
use std::{env, fs, io};

use leptos::prelude::*;
use support_spa::features::sign_in::SignInPage;
use support_spa::i18n;

fn main() -> ExitCode {
    let Some(folder) = env::args_os().nth(1) else {
        eprintln!("prerender: name the folder to write to");
        return ExitCode::FAILURE;
    };
    match write(Path::new(&folder)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("prerender: cannot write to {}: {error}", Path::new(&folder).display());
            ExitCode::FAILURE
        }
    }
}

fn write(folder: &Path) -> io::Result<()> {
    let owner = Owner::new();
    let shell = owner.with(|| view! { <SignInPage/> }.to_html());
    fs::create_dir_all(folder.join("i18n"))?;
    fs::write(folder.join("shell.html"), shell)?;
    for (tag, json) in i18n::FILES {
        fs::write(folder.join("i18n").join(tag).with_extension("json"), json)?;
    }
    Ok(())
}

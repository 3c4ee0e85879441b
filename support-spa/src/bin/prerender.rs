//! Writes what can be made before anybody visits: the shell (the sign-in page as HTML, from the same components as in the browser), what
//! the page says when nothing of the app runs, which part an address opens, and the files of the other languages, into the folder that is
//! named.

use std::path::Path;
use std::process::ExitCode;
use std::{env, fs, io};

use leptos::prelude::*;
use support_spa::features::sign_in::SignInPage;
use support_spa::{i18n, parts};

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
    fs::write(folder.join("last-resort.html"), last_resort())?;
    let opened_by: serde_json::Map<_, _> =
        parts::opened_by().into_iter().map(|(address, part)| (address, part.into())).collect();
    fs::write(folder.join("opened-by.json"), serde_json::Value::Object(opened_by).to_string())?;
    // Languages that nobody speaks are for tests, which put them in place themselves. They are not shipped.
    fs::create_dir_all(folder.join("pseudo"))?;
    for (tag, json) in i18n::FILES {
        let kind = if tag.contains('X') { "pseudo" } else { "i18n" };
        fs::write(folder.join(kind).join(tag).with_extension("json"), json)?;
    }
    Ok(())
}

/// What the page says when nothing of the app runs, in every language: the loader shows one of them, the style sheet picks the language.
fn last_resort() -> String {
    let mut page = String::new();
    for (id, title, body) in
        [("crashed", "crashed_title", "crashed_body"), ("load-failed", "load_failed_title", "load_failed_body")]
    {
        let languages = i18n::LAST_RESORT.iter().map(|(tag, texts)| {
            let reload =
                view! { <button type="button" class="button primary" data-reload="">{text(texts, "reload")}</button> };
            view! { <div lang=*tag><h2>{text(texts, title)}</h2><p>{text(texts, body)}</p>{reload}</div> }
        });
        let languages = languages.collect_view();
        page += &view! { <div id=id class="last-resort" role="alert" hidden>{languages}</div> }.to_html();
    }
    // Browsers without what we need are rare, and every byte here is in the first answer: these say it in English alone.
    let english = i18n::LAST_RESORT.first().map_or(&[][..], |(_, texts)| *texts);
    let too_old = view! { <div><h2>{text(english, "too_old_title")}</h2><p>{text(english, "too_old_body")}</p></div> };
    page += &view! { <div id="too-old" class="last-resort" role="alert" hidden>{too_old}</div> }.to_html();
    page + &view! { <noscript><div class="last-resort"><p>{text(english, "no_script")}</p></div></noscript> }.to_html()
}

fn text(texts: &'static [(&str, &str)], name: &str) -> &'static str {
    texts.iter().find(|(other, _)| *other == name).map_or("", |(_, text)| text)
}

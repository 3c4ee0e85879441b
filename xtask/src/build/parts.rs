//! The parts of a program that are loaded when somebody goes where they are needed.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use super::assets;
use super::wasm::{Module, Part};
use crate::{fingerprint, process};

/// What the names of the files begin with.
pub(crate) const PREFIX: &str = "part-";

/// The script by which a program loads its parts.
const SCRIPT: &str = "parts.js";

/// How the script reports a part that did not come.
const REPORT: &str = "console.error(e);";

/// Cuts a program that was linked with relocations. `main.wasm` is then what is loaded first.
///
/// # Errors
/// It cannot be cut.
pub(super) fn cut(tool: &Path, linked: &Path, folder: &Path) -> Result<Vec<Part>> {
    let needed = process::capture(Command::new(tool).arg("cut").arg(linked).arg(folder))?;
    let needed: BTreeMap<String, Vec<String>> = serde_json::from_str(&needed).context("wasm-parts printed no JSON")?;
    let files = by_file(&needed);
    // What was cut before may have had other parts.
    for file in fingerprint::files_below(folder)? {
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let stem = name.split('.').next().unwrap_or_default();
        if ["chunk_", "split_"].iter().any(|kind| stem.starts_with(kind)) && !files.contains_key(stem) {
            fs::remove_file(&file)?;
        }
    }
    let part = |(stem, pages)| Part { wasm: folder.join(format!("{stem}.wasm")), stem, pages };
    Ok(files.into_iter().map(part).collect())
}

/// From which files a page needs to which pages need a file.
fn by_file(needed: &BTreeMap<String, Vec<String>>) -> BTreeMap<String, Vec<String>> {
    let mut files: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (page, stems) in needed {
        for stem in stems {
            files.entry(stem.clone()).or_default().push(page.clone());
        }
    }
    files
}

/// What the parts take from the program beside its functions, which the script reads out of its exports.
///
/// # Errors
/// The script is not as expected.
pub(super) fn shared_exports(folder: &Path) -> Result<Vec<String>> {
    let script = fs::read_to_string(folder.join(SCRIPT))?;
    shared(&script).with_context(|| format!("{SCRIPT} does not say what the parts share"))
}

fn shared(script: &str) -> Option<Vec<String>> {
    let (before, _) = script.split_once("} = initSync(")?;
    let (_, names) = before.rsplit_once('{')?;
    Some(names.split(',').map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned).collect())
}

/// Writes the parts of a program under the names that they are served by, and those into the script. Answers what the loader knows of
/// them: `names`, what stands `before` and `after` one in its address, and which part of a page an address opens (`pages`).
///
/// A name is that of the pages that need the file: `part-settings.ticket-….wasm`. All have one digest, that of all of them: each fits into
/// one program only, so that none of them stays the same when another changes.
///
/// # Errors
/// A file cannot be read or written, or an address opens a part that there is not.
pub(super) fn publish(module: &Module, folder: &Path, opened_by: &Path, dist: &Path, quality: i32) -> Result<Value> {
    let contents = module.parts.iter().map(|part| Ok(fs::read(&part.wasm)?)).collect::<Result<Vec<_>>>()?;
    let after = format!("-{}.wasm", assets::digest(&contents.concat()));
    let mut names = BTreeSet::new();
    let mut addresses = Vec::new();
    for (part, content) in module.parts.iter().zip(&contents) {
        let name = part.pages.join(".");
        let file = format!("{PREFIX}{name}{after}");
        assets::write_compressed(&dist.join(assets::FOLDER), &file, content, quality)?;
        addresses.push((part.stem.as_str(), format!("/{}/{file}", assets::FOLDER)));
        if !names.insert(name) {
            bail!("two files are both for {}", part.pages.join(" and "));
        }
    }
    place(folder, &addresses)?;
    let opened_by = fs::read(opened_by).context("`prerender` wrote no opened-by.json")?;
    let pages: BTreeMap<String, String> = serde_json::from_slice(&opened_by)?;
    Ok(
        json!({ "names": opened(&names, &pages)?, "before": format!("/{}/{PREFIX}", assets::FOLDER), "after": after, "pages": pages }),
    )
}

/// The files that are needed for the first view of a page which has an address.
fn opened(names: &BTreeSet<String>, pages: &BTreeMap<String, String>) -> Result<Vec<String>> {
    let is_of = |name: &String, part: &str| name.split('.').any(|page| page == part);
    if let Some((address, part)) = pages.iter().find(|(_, part)| !names.iter().any(|name| is_of(name, part))) {
        bail!("{address} opens the part `{part}`, which the program does not have");
    }
    Ok(names.iter().filter(|name| pages.values().any(|part| is_of(name, part))).cloned().collect())
}

/// Puts the addresses under which the parts are served into the script.
///
/// # Errors
/// The script names a part in another way than expected.
fn place(folder: &Path, addresses: &[(&str, String)]) -> Result<()> {
    let file = folder.join(SCRIPT);
    let script = placed(&fs::read_to_string(&file)?, addresses)?;
    fs::write(&file, script)?;
    Ok(())
}

fn placed(script: &str, addresses: &[(&str, String)]) -> Result<String> {
    let mut script = script.to_owned();
    for (stem, address) in addresses {
        let relative = format!("new URL(\"./{stem}.wasm\", import.meta.url)");
        if script.matches(&relative).count() != 1 {
            bail!("{SCRIPT} does not load {stem}.wasm once");
        }
        script = script.replace(&relative, &format!("\"{address}\""));
    }
    if script.contains("import.meta") {
        bail!("{SCRIPT} loads a part that was not built");
    }
    // What does not come, the browser says by itself, and the page has words for it. A part that came and does not fit is a fault of ours.
    if script.matches(REPORT).count() != 1 {
        bail!("{SCRIPT} does not report failures as expected");
    }
    Ok(script.replace(REPORT, "if (!(e instanceof TypeError)) console.error(e);"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOADER: &str = "import { initSync } from \"./portal.js\";\nconst { __stack_pointer, memory,  } = initSync(undefined, undefined);\n\
        const a = makeLoad(() => fetch(new URL(\"./chunk_3.wasm\", import.meta.url)), []);\n\
        export const b = makeLoad(() => fetch(new URL(\"./split_settings.wasm\", import.meta.url)), [a]);\n\
        const c = (e) => { console.error(e); };\n";

    #[test]
    fn finds_what_is_shared() {
        assert_eq!(shared(LOADER).unwrap(), ["__stack_pointer", "memory"]);
        assert_eq!(shared("nothing"), None);
    }

    #[test]
    fn a_part_has_the_address_under_which_it_is_served() {
        let both =
            [("chunk_3", "/assets/part-1.wasm".to_owned()), ("split_settings", "/assets/part-2.wasm".to_owned())];
        let script = placed(LOADER, &both).unwrap();
        assert!(script.contains("fetch(\"/assets/part-1.wasm\")") && script.contains("fetch(\"/assets/part-2.wasm\")"));
        assert!(placed(LOADER, &both[..1]).is_err(), "a part without an address");
        assert!(placed(LOADER, &[("other", String::new())]).is_err(), "a part that nothing loads");
    }

    #[test]
    fn the_loader_knows_what_an_address_opens_and_nothing_else() {
        let names = ["reply", "reply.ticket", "settings", "ticket"].map(str::to_owned).into();
        let pages = |list: &[(&str, &str)]| list.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect();
        assert_eq!(opened(&names, &pages(&[("/tickets/", "ticket")])).unwrap(), ["reply.ticket", "ticket"]);
        assert!(opened(&names, &pages(&[("/tick/", "tick")])).is_err(), "a part that there is not");
    }

    #[test]
    fn a_file_knows_the_pages_that_need_it() {
        let stems = |list: &[&str]| list.iter().map(|stem| (*stem).to_owned()).collect::<Vec<_>>();
        let needed = BTreeMap::from([
            ("ticket".to_owned(), stems(&["chunk_1", "split_ticket"])),
            ("settings".to_owned(), stems(&["chunk_1"])),
        ]);
        let files = by_file(&needed);
        assert_eq!(files["chunk_1"], ["settings", "ticket"]);
        assert_eq!(files["split_ticket"], ["ticket"]);
    }
}

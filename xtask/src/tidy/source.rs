//! What must not stand in source: unfinished work, tests that do not run, markup that goes around the portal's guards.

use super::{File, Finding};

const UNFINISHED: [&str; 5] = [
    concat!("to", "do!("),
    concat!("unimple", "mented!("),
    concat!("TO", "DO"),
    concat!("FIX", "ME"),
    concat!("XX", "X:"),
];
const SKIPPED: [&str; 7] = [
    concat!("#[igno", "re"),
    concat!("test.sk", "ip("),
    concat!("test.on", "ly("),
    concat!("test.fix", "me("),
    concat!("describe.sk", "ip("),
    concat!("describe.on", "ly("),
    concat!("it.sk", "ip("),
];
const MARKUP: [&str; 4] =
    [concat!("inner_", "html"), concat!("inner", "HTML ="), concat!("outer", "HTML ="), concat!("sty", "le=\"")];

pub(super) fn check(file: &File) -> Vec<Finding> {
    if !file.ends_with(&["rs", "ts", "js", "mjs", "css", "html", "toml"]) {
        return Vec::new();
    }
    let mut findings = file.lines_with(&UNFINISHED, "unfinished; finish it or leave it out");
    findings.extend(file.lines_with(&SKIPPED, "a test that does not run proves nothing"));
    if file.is_below(&["support-spa/src", "support-spa/index.html", "support-spa/loader"]) {
        findings.extend(file.lines_with(
            &MARKUP,
            "text becomes nodes, and styles are classes: nothing goes around CSP and Trusted Types",
        ));
    }
    // Fuzz targets are workspaces of their own: cargo-fuzz wants them so.
    let is_member = file.path.ends_with("Cargo.toml") && !file.text.contains("[workspace]");
    if is_member && file.text.contains("[package]") && !file.text.contains("[lints]\nworkspace = true") {
        findings.push(Finding::new(0, "does not take the workspace's lints: `[lints] workspace = true`"));
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_what_does_not_belong() {
        for (path, word) in UNFINISHED.iter().chain(&SKIPPED).map(|word| ("raptor/src/a.rs", word)) {
            assert_eq!(check(&File { path, text: &format!("\n{word}\n") }).len(), 1, "{word}");
        }
        for word in MARKUP {
            assert_eq!(check(&File { path: "support-spa/src/a.rs", text: word }).len(), 1, "{word}");
            assert_eq!(check(&File { path: "tests/e2e/a.ts", text: word }), [], "{word}");
        }
        assert_eq!(check(&File { path: "a/Cargo.toml", text: "[package]\nname = \"a\"\n" }).len(), 1);
        assert_eq!(check(&File { path: "a/Cargo.toml", text: "[package]\n\n[lints]\nworkspace = true\n" }), []);
    }
}

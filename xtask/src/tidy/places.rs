//! No trace of a particular machine: no home folder, no registry's host.

use super::{File, Finding};

/// Beginnings of paths that exist on somebody's machine only. Written in two halves, so that this file does not find itself.
const PATHS: [&str; 4] = [concat!("/wo", "rk/"), concat!("/ro", "ot/"), concat!("/ho", "me/"), concat!("/Use", "rs/")];

/// Hosts that package managers know by themselves.
const REGISTRIES: [&str; 6] = [
    concat!("registry.np", "mjs.org"),
    concat!("static.cra", "tes.io"),
    concat!("index.cra", "tes.io"),
    concat!("files.pytho", "nhosted.org"),
    concat!("py", "pi.org"),
    concat!("deb.deb", "ian.org"),
];

pub(super) fn check(file: &File) -> Vec<Finding> {
    let mut findings = file.lines_with(&PATHS, "a path of one machine");
    findings.extend(
        file.lines_with(&REGISTRIES, "the host of a package registry, which the package manager's own settings name"),
    );
    findings
}

/// The same for a built file: a compiler writes its paths into panics if one lets it.
pub(super) fn in_bytes(bytes: &[u8]) -> Vec<Finding> {
    let found = PATHS.iter().find(|path| bytes.windows(path.len()).any(|window| window == path.as_bytes()));
    found.map(|path| Finding::new(0, format!("`{path}`: a path of the machine that built it"))).into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_paths_and_hosts() {
        let text = format!("one\nsee {}x/y\nresolved https://{}/a", PATHS[1], REGISTRIES[0]);
        let lines: Vec<_> =
            check(&File { path: "a.md", text: &text }).into_iter().map(|finding| finding.line).collect();
        assert_eq!(lines, [2, 3]);
        assert_eq!(in_bytes(format!("panicked at {}me/x.rs", PATHS[2]).as_bytes()).len(), 1);
        assert_eq!(in_bytes(b"panicked at src/x.rs"), []);
    }
}

//! Keeping the files of earlier releases, so that a page that is still open somewhere goes on working after a deployment.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};

use super::assets;
use super::release::Release;

/// How many releases before the one that is built stay reachable.
const KEPT: usize = 3;

/// `files.json`: the files of each release, by version, as paths from the root.
type Files = BTreeMap<String, Vec<String>>;

/// Writes `files.json` for a release that was just built.
///
/// # Errors
/// The file cannot be written.
pub(super) fn list(dist: &Path, version: &str, paths: Vec<String>) -> Result<()> {
    write(dist, &Files::from([(version.to_owned(), paths)]))
}

/// Adds the files of the release in `earlier`, and of those that it kept itself, to the release in `dist`, and lets its policy admit
/// their scripts and styles. Done twice, it changes nothing the second time.
///
/// # Errors
/// Either folder is not a complete release.
pub(crate) fn carry_over(earlier: &Path, dist: &Path) -> Result<usize> {
    let (before, kept_files) = read(earlier)?;
    let (mut release, mut files) = read(dist)?;
    let mut chain = vec![Release { previous: Vec::new(), ..before.clone() }];
    chain.extend(before.previous);
    chain.retain(|previous| previous.version != release.version);
    chain.truncate(KEPT);

    for previous in &chain {
        let Some(paths) = kept_files.get(&previous.version) else {
            bail!("the release {} does not say which files it has", previous.version);
        };
        for path in paths {
            let name = path.trim_start_matches('/');
            if !dist.join(name).exists() {
                let content = fs::read(earlier.join(name))
                    .with_context(|| format!("{path} of release {} is missing", previous.version))?;
                assets::write_compressed(dist, name, &content, 11)?;
            }
        }
        files.insert(previous.version.clone(), paths.clone());
    }
    let count = chain.len();
    release.previous = chain;
    write(dist, &files)?;
    assets::write(dist, "release.json", &serde_json::to_vec_pretty(&release)?)?;
    Ok(count)
}

/// Makes a copy of a release that was live into one that can be deployed again in place of the release in `dist`: with its compressed forms,
/// its headers, and the files of the one that it replaces, which tabs have open by then.
///
/// # Errors
/// Either folder is not a complete release, or a file cannot be written.
pub(crate) fn complete(earlier: &Path, dist: &Path) -> Result<()> {
    let (replaced, _) = read(dist)?;
    let (_, mut files) = read(earlier)?;
    files.insert(replaced.version, own_files(dist)?);
    for path in files.values().flatten() {
        let name = path.trim_start_matches('/');
        for name in [name.to_owned(), format!("{name}.br")] {
            let (from, to) = (dist.join(&name), earlier.join(&name));
            // Names carry digests: what has the same one is the same. All of it lies in `dist` since it was carried over.
            if !to.exists() && from.exists() {
                if let Some(folder) = to.parent() {
                    fs::create_dir_all(folder)?;
                }
                fs::copy(&from, &to).with_context(|| format!("cannot copy {name}"))?;
            }
        }
    }
    for name in ["index.html", "offline-worker.js"] {
        let content = fs::read(earlier.join(name)).with_context(|| format!("the earlier release has no {name}"))?;
        assets::write_compressed(earlier, name, &content, 11)?;
    }
    // What is not to be had over the network, because the worker answers in its place, and is the same in every release.
    for name in ["robots.txt", "favicon.svg"] {
        fs::copy(dist.join(name), earlier.join(name)).with_context(|| format!("cannot copy {name}"))?;
    }
    write(earlier, &files)
}

/// The files of the release in a folder itself, without those of earlier ones, as paths from the root.
///
/// # Errors
/// It is not a complete release.
pub(crate) fn own_files(folder: &Path) -> Result<Vec<String>> {
    let (release, mut files) = read(folder)?;
    files.remove(&release.version).with_context(|| format!("{} does not list its files", folder.display()))
}

fn read(folder: &Path) -> Result<(Release, Files)> {
    let text = |name: &str| fs::read(folder.join(name)).with_context(|| format!("{} has no {name}", folder.display()));
    Ok((serde_json::from_slice(&text("release.json")?)?, serde_json::from_slice(&text("files.json")?)?))
}

fn write(dist: &Path, files: &Files) -> Result<()> {
    assets::write_compressed(dist, "files.json", &serde_json::to_vec_pretty(files)?, 11)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn release(folder: &Path, version: &str) {
        let path = format!("/assets/portal-{version}.js");
        assets::write_compressed(folder, &path[1..], version.as_bytes(), 5).unwrap();
        let release = Release {
            version: version.to_owned(),
            script_hashes: vec![assets::integrity(version.as_bytes())],
            style_hashes: Vec::new(),
            preload: Vec::new(),
            previous: Vec::new(),
        };
        assets::write(folder, "release.json", &serde_json::to_vec(&release).unwrap()).unwrap();
        list(folder, version, vec![path]).unwrap();
    }

    fn versions(folder: &Path) -> Vec<String> {
        let (release, files) = read(folder).unwrap();
        for version in
            std::iter::once(&release.version).chain(release.previous.iter().map(|previous| &previous.version))
        {
            for path in &files[version] {
                assert!(folder.join(&path[1..]).is_file(), "{path}");
            }
        }
        release.previous.into_iter().map(|previous| previous.version).collect()
    }

    #[test]
    fn three_releases_before_this_one_stay_reachable() {
        let folders: Vec<_> = (0..6).map(|_| tempfile::tempdir().unwrap()).collect();
        release(folders[0].path(), "00000000");
        for number in 1..6 {
            release(folders[number].path(), &format!("{number:08}"));
            carry_over(folders[number - 1].path(), folders[number].path()).unwrap();
        }
        assert_eq!(versions(folders[1].path()), ["00000000"]);
        assert_eq!(versions(folders[5].path()), ["00000004", "00000003", "00000002"]);
        assert!(!folders[5].path().join("assets/portal-00000001.js").exists());
    }

    #[test]
    fn what_is_brought_back_is_whole_and_has_what_open_tabs_of_the_other_need() {
        let (first, second) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        for (folder, version) in [(first.path(), "aaaaaaaa"), (second.path(), "bbbbbbbb")] {
            release(folder, version);
            for name in ["index.html", "offline-worker.js", "robots.txt", "favicon.svg"] {
                fs::write(folder.join(name), version).unwrap();
            }
        }
        // As it was copied from what was live: without compressed forms.
        fs::remove_file(first.path().join("assets/portal-aaaaaaaa.js.br")).unwrap();
        carry_over(first.path(), second.path()).unwrap();
        complete(first.path(), second.path()).unwrap();
        let (back, files) = read(first.path()).unwrap();
        assert_eq!(back.version, "aaaaaaaa");
        for path in files.values().flatten() {
            assert!(first.path().join(&path[1..]).is_file(), "{path}");
            assert!(first.path().join(format!("{}.br", &path[1..])).is_file(), "{path}.br");
        }
        assert_eq!(files["bbbbbbbb"], ["/assets/portal-bbbbbbbb.js"]);
        assert_eq!(fs::read_to_string(first.path().join("index.html")).unwrap(), "aaaaaaaa");
        assert!(first.path().join("index.html.br").is_file());
    }

    #[test]
    fn deploying_the_same_release_again_keeps_it_out_of_its_own_past() {
        let (first, second, again) =
            (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        release(first.path(), "aaaaaaaa");
        release(second.path(), "bbbbbbbb");
        carry_over(first.path(), second.path()).unwrap();
        release(again.path(), "bbbbbbbb");
        carry_over(second.path(), again.path()).unwrap();
        carry_over(second.path(), again.path()).unwrap();
        assert_eq!(versions(again.path()), ["aaaaaaaa"]);
    }

    #[test]
    fn a_release_without_its_files_is_refused() {
        let (first, second) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        release(first.path(), "aaaaaaaa");
        release(second.path(), "bbbbbbbb");
        fs::remove_file(first.path().join("assets/portal-aaaaaaaa.js")).unwrap();
        assert!(carry_over(first.path(), second.path()).is_err());
    }
}

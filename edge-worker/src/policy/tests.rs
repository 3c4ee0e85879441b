use super::*;

const HASH: &str = "sha384-oqVuAfXRKap7fdgcCY5uykM6+R9GqQ8K/uxy9rx7HNQlGYl1kPzQho1wx4JwY8wC";
const OLDER: &str = "sha384-AAAAAfXRKap7fdgcCY5uykM6+R9GqQ8K/uxy9rx7HNQlGYl1kPzQho1wx4JwY8wC";

fn release() -> Release {
    Release::from_json(&format!(
        r#"{{"version":"0123abcd","script_hashes":["{HASH}"],"style_hashes":[],
            "preload":["/assets/app.0123.wasm"],
            "previous":[{{"version":"89abcdef","script_hashes":["{HASH}","{OLDER}"],"style_hashes":[],
                "preload":["/assets/older.0123.wasm"]}}]}}"#
    ))
    .unwrap()
}

#[test]
fn refuses_releases_that_could_loosen_the_policy() {
    let with = |hash: &str, path: &str| {
        Release::from_json(&format!(
            r#"{{"version":"0123abcd","script_hashes":["{hash}"],"style_hashes":[],
                "preload":["{path}"]}}"#
        ))
    };
    assert!(with(HASH, "/assets/a.wasm").is_ok());
    for hash in ["unsafe-eval", "'self'", "sha384-AAAA", "sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk=", "", "sha384-' https: '"] {
        assert_eq!(with(hash, "/assets/a.wasm"), Err(ReleaseError::Hash(hash.to_owned())), "{hash}");
    }
    for path in [
        "https://elsewhere.example/a.wasm",
        "/assets/",
        "/a.wasm",
        "/assets/a>.wasm",
        "/assets/../a.wasm",
        "/assets/.wasm",
        "//elsewhere.example/assets/a.wasm",
        "/assets/a.js",
        "/assets/a.wasm, </b.wasm>; rel=preload",
    ] {
        assert_eq!(with(HASH, path), Err(ReleaseError::Preload(path.to_owned())), "{path}");
    }
    let bare = |version: &str, more: &str| {
        Release::from_json(&format!(
            r#"{{"version":"{version}","script_hashes":[],"style_hashes":[],"preload":[]{more}}}"#
        ))
    };
    assert_eq!(bare("XYZ", ""), Err(ReleaseError::Version));
    assert!(matches!(bare("0123abcd", r#","extra":1"#), Err(ReleaseError::Malformed(_))));
    let three = r#"{"version":"0123abcd","script_hashes":[],"style_hashes":[],
        "preload":["/assets/a.wasm","/assets/b.wasm","/assets/c.wasm"]}"#;
    assert_eq!(Release::from_json(three), Err(ReleaseError::TooMany));
    let nested = r#","previous":[{"version":"0123abcd","script_hashes":[],"style_hashes":[],"preload":[],
        "previous":[{"version":"0123abcd","script_hashes":[],"style_hashes":[],"preload":[]}]}]"#;
    assert_eq!(bare("0123abcd", nested), Err(ReleaseError::TooMany));
}

#[test]
fn admits_scripts_by_hash_alone() {
    let policy = csp::document(&release());
    let script_src = policy.split("; ").find(|part| part.starts_with("script-src ")).unwrap();
    assert_eq!(script_src, format!("script-src 'wasm-unsafe-eval' 'unsafe-inline' '{HASH}' '{OLDER}'"));
    assert!(policy.starts_with("default-src 'none'; "));
    assert!(policy.contains("require-trusted-types-for 'script'; trusted-types default"));
    for never in ["'unsafe-eval'", "http:", "https:", "data:", "*"] {
        assert!(!policy.contains(never), "{never}");
    }
    assert!(csp::document(&Release::default()).contains("script-src 'none'"));
}

#[test]
fn a_worker_comes_from_the_portal_alone_and_reaches_nothing_else() {
    let document = csp::document(&release());
    assert!(document.split("; ").any(|part| part == "worker-src 'self'"));
    let policy = |kind| {
        let found = headers(kind, &release()).into_iter().find(|(name, _)| *name == "content-security-policy");
        found.map(|(_, policy)| policy).unwrap()
    };
    let worker = policy(Kind::ServiceWorker);
    assert_eq!(worker.split("; ").take(2).collect::<Vec<_>>(), ["default-src 'none'", "connect-src 'self'"]);
    assert!(!worker.contains("sandbox"), "a browser does not run a worker in a sandbox");
    for kind in Kind::ALL.into_iter().filter(|kind| !kind.is_document() && *kind != Kind::ServiceWorker) {
        assert_eq!(policy(kind), csp::INERT, "{kind:?}");
    }
}

#[test]
fn every_kind_has_every_header_once() {
    for kind in Kind::ALL {
        let headers = headers(kind, &release());
        let mut names: Vec<&str> = headers.iter().map(|(name, _)| *name).collect();
        for needed in EVERYWHERE.iter().map(|(name, _)| *name).chain(["cache-control", "content-security-policy"]) {
            assert!(names.contains(&needed), "{kind:?} {needed}");
        }
        let count = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), count, "{kind:?}");
        for (name, value) in &headers {
            assert!(value.is_ascii() && !value.contains(['\n', '\r']), "{name}: {value}");
        }
    }
}

#[test]
fn only_the_entrance_announces_the_program_and_only_this_releases() {
    for kind in Kind::ALL {
        let headers = headers(kind, &release());
        let link = headers.iter().find(|(name, _)| *name == "link").map(|(_, value)| value.as_str());
        let announced =
            "</assets/app.0123.wasm>; rel=preload; as=fetch; type=\"application/wasm\"; crossorigin=anonymous";
        assert_eq!(link, (kind == Kind::Entrance).then_some(announced), "{kind:?}");
    }
    assert!(headers(Kind::Entrance, &Release::default()).iter().all(|(name, _)| *name != "link"));
}

#[test]
fn both_kinds_of_documents_are_guarded_alike() {
    let without_link = |kind| {
        let mut headers = headers(kind, &release());
        headers.retain(|(name, _)| *name != "link");
        headers
    };
    assert_eq!(without_link(Kind::Entrance), without_link(Kind::Document));
}

#[test]
fn the_pages_host_says_the_same() {
    let file = pages_headers_file(&release());
    for (name, value) in headers(Kind::Document, &release()) {
        if !["cache-control", "link"].contains(&name) {
            assert!(file.contains(&format!("  {name}: {value}\n")), "{name}");
        }
    }
    assert!(file.contains("x-robots-tag: noindex\n"));
    assert!(file.contains("refresh: 0; url=https://support.raxx.app/\n"));
    // Pages takes lines of up to 2,000 characters and drops longer ones.
    assert!(file.lines().all(|line| line.len() < 2000));
    let mut names: Vec<&str> =
        file.lines().filter_map(|line| line.trim().split_once(": ")).map(|pair| pair.0).collect();
    let count = names.len();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), count, "a header that stands in two rules arrives twice");
}

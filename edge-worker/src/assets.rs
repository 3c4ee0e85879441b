//! The static site: which path is which file of the Pages project, and in which form it is sent.

use shared::is_portal_page;

use crate::policy::Kind;

/// A file of the Pages project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asset {
    /// What the answer is.
    pub kind: Kind,
    /// Its media type, by its extension; what the origin says is not used.
    pub media_type: &'static str,
    /// Where it lies at the origin, uncompressed.
    pub plain: String,
    /// Where its brotli twin lies at the origin, for the types that the portal's build compresses.
    pub brotli: Option<String>,
}

/// Media types by extension, and whether the portal's build leaves a brotli twin. What is not here is not served.
const TYPES: [(&str, &str, bool); 12] = [
    ("wasm", "application/wasm", true),
    ("js", "text/javascript; charset=utf-8", true),
    ("css", "text/css; charset=utf-8", true),
    ("svg", "image/svg+xml", true),
    ("json", "application/json", true),
    ("webmanifest", "application/manifest+json", false),
    ("png", "image/png", false),
    ("ico", "image/x-icon", false),
    ("webp", "image/webp", false),
    ("avif", "image/avif", false),
    ("woff2", "font/woff2", false),
    ("txt", "text/plain; charset=utf-8", false),
];

/// The service worker, which keeps the portal's files for when there is no connection.
pub const SERVICE_WORKER_PATH: &str = "/offline-worker.js";

/// Where the release that is live can be read, for whoever deploys.
pub const RELEASE_PATH: &str = "/release.json";

/// The pages on which people arrive. A session is a tab's own, and a tab that has one is rarely sent here; on any other page a header
/// cannot tell which program will open, since reloading it in a session and following a link to it look alike.
const ENTRANCES: [&str; 2] = ["/", "/sign-in"];

/// The file of a path; `None` when there is none, which is decided here and not by asking the origin.
///
/// A path is taken as it stands in the URL: nothing is decoded, so an encoded slash, a backslash, an empty or a dotted segment is
/// simply no path of ours. Names that begin with `_` or `.` configure the origin and are not served.
#[must_use]
pub fn resolve(path: &str) -> Option<Asset> {
    if is_portal_page(path) {
        return Some(Asset {
            kind: if ENTRANCES.contains(&path) { Kind::Entrance } else { Kind::Document },
            media_type: "text/html; charset=utf-8",
            // The origin answers `/index.html` with a redirect to `/`.
            plain: String::from("/"),
            brotli: Some(String::from("/index.html.br")),
        });
    }
    if path.len() > 512 || !path.strip_prefix('/')?.split('/').all(is_plain_segment) {
        return None;
    }
    let (_, extension) = path.rsplit('/').next()?.rsplit_once('.')?;
    let (_, media_type, compressed) = TYPES.iter().find(|(known, ..)| *known == extension)?;
    let kind = match path {
        RELEASE_PATH => Kind::Api,
        SERVICE_WORKER_PATH => Kind::ServiceWorker,
        _ if path.starts_with("/assets/") => Kind::HashedAsset,
        _ => Kind::Asset,
    };
    let brotli = (*compressed && kind != Kind::Api).then(|| [path, ".br"].concat());
    Some(Asset { kind, media_type, plain: path.to_owned(), brotli })
}

fn is_plain_segment(segment: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_');
    !segment.is_empty() && !segment.starts_with(['.', '_']) && segment.bytes().all(plain)
}

/// Whether `Accept-Encoding` admits brotli (RFC 9110, section 12.5.3).
#[must_use]
pub fn accepts_brotli(accept_encoding: &str) -> bool {
    accept_encoding.split(',').any(|part| {
        let mut words = part.split(';').map(str::trim);
        let coding = words.next().unwrap_or_default();
        let refused = words
            .any(|word| word.strip_prefix("q=").is_some_and(|weight| weight.trim_end_matches(['0', '.']).is_empty()));
        coding.eq_ignore_ascii_case("br") && !refused
    })
}

/// An entity tag that may be passed on (RFC 9110, section 8.8.3), at most 130 bytes.
#[must_use]
pub fn sound_etag(value: &str) -> Option<&str> {
    let opaque = value.strip_prefix("W/").unwrap_or(value);
    let inner = opaque.strip_prefix('"')?.strip_suffix('"')?;
    (inner.len() <= 128 && inner.bytes().all(|byte| matches!(byte, 0x21 | 0x23..=0x7e))).then_some(value)
}

/// Whether `If-None-Match` names the tag (RFC 9110, section 13.1.2: weak comparison).
#[must_use]
pub fn none_match(header: &str, etag: &str) -> bool {
    let bare = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
    header.trim() == "*" || header.split(',').any(|tag| bare(tag) == bare(etag))
}

/// The page that is shown when somebody navigates to nothing, or when there is nothing to show.
#[must_use]
pub fn notice_page(title: &str, reference: &str) -> String {
    [
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">",
        "<meta name=\"color-scheme\" content=\"dark light\"><title>Raxx Support</title><h1>",
        title,
        "</h1><p><a href=\"/\">Raxx Support</a></p><p><small>",
        reference,
        "</small></p></html>",
    ]
    .concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_get_the_shell_and_nothing_else_does() {
        for (page, kind) in [
            ("/", Kind::Entrance),
            ("/sign-in", Kind::Entrance),
            ("/tickets", Kind::Document),
            ("/tickets/tk_0123456789abcdefghjkmnpqrs", Kind::Document),
        ] {
            let asset = resolve(page).unwrap();
            assert_eq!((asset.kind, asset.plain.as_str()), (kind, "/"), "{page}");
        }
        for nothing in ["/nowhere", "/tickets/3", "/index.html", "/index.html.br", "/sign-in/", "/assets/", "/assets"] {
            assert_eq!(resolve(nothing), None, "{nothing}");
        }
    }

    #[test]
    fn plays_no_tricks_with_paths() {
        for trick in [
            "//elsewhere.example/app.js",
            "/assets//app.js",
            "/assets/../_headers",
            "/assets/./app.js",
            "/assets/%2e%2e/app.js",
            "/assets%2fapp.js",
            "/assets\\app.js",
            "/assets/app.js%00",
            "/assets/app.js;x",
            "/.well-known/security.txt",
            "/.env.txt",
            "/_headers",
            "/_redirects.txt",
            "/_worker.js",
            "/assets/app.js.br",
            "/assets/app.map",
            "/assets/app",
            "/assets/\u{e4}.js",
            "app.js",
            "",
        ] {
            assert_eq!(resolve(trick), None, "{trick}");
        }
        assert_eq!(resolve(&format!("/{}.js", "a".repeat(600))), None);
    }

    #[test]
    fn knows_forms_and_lifetimes() {
        let wasm = resolve("/assets/app.0123.wasm").unwrap();
        assert_eq!(wasm.kind, Kind::HashedAsset);
        assert_eq!(wasm.media_type, "application/wasm");
        assert_eq!(wasm.brotli.as_deref(), Some("/assets/app.0123.wasm.br"));
        assert_eq!(resolve("/favicon.ico").map(|asset| (asset.kind, asset.brotli)), Some((Kind::Asset, None)));
        assert_eq!(resolve("/release.json").map(|asset| (asset.kind, asset.brotli)), Some((Kind::Api, None)));
        assert_eq!(resolve("/offline-worker.js").map(|asset| asset.kind), Some(Kind::ServiceWorker));
        assert_eq!(resolve("/assets/offline-worker.js").map(|asset| asset.kind), Some(Kind::HashedAsset));
    }

    #[test]
    fn reads_what_the_browser_accepts() {
        for yes in ["br", "gzip, br", "gzip;q=1.0, br;q=0.5", "GZIP,BR"] {
            assert!(accepts_brotli(yes), "{yes}");
        }
        for no in ["", "gzip", "br;q=0", "gzip, br; q=0.000", "brotli", "x-br"] {
            assert!(!accepts_brotli(no), "{no}");
        }
    }

    #[test]
    fn compares_tags_weakly_and_passes_sound_ones_only() {
        assert!(none_match("\"a\", W/\"b\"", "\"b\""));
        assert!(none_match("*", "\"b\""));
        assert!(!none_match("\"a\"", "\"b\""));
        assert!(!none_match("", "\"b\""));
        assert!(sound_etag("W/\"abc\"").is_some());
        for bad in ["abc", "\"a b\"", "\"a\"b\"", "\"\n\"", "", "\""] {
            assert_eq!(sound_etag(bad), None, "{bad:?}");
        }
    }
}

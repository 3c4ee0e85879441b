//! The headers of every answer. One policy, applied by the worker and written out for direct hits on the Pages host.

pub mod csp;
mod pages;
mod release;

#[cfg(test)]
mod tests;

pub use pages::pages_headers_file;
pub use release::{Release, ReleaseError};

/// The release that was baked in when the worker was built; empty when the portal had not been built.
#[must_use]
pub fn baked_release() -> Release {
    // The build script has read it with the same code; an empty release is what it bakes when there is none.
    Release::from_json(include_str!(concat!(env!("OUT_DIR"), "/release.json"))).unwrap_or_default()
}

/// What an answer is. Each kind has a fixed set of headers; what depends on the single answer is added to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A document of the portal, whose program depends on whether its tab holds a session.
    Document,
    /// The same document where people arrive, nearly always without a session: the sign-in page's program is announced.
    Entrance,
    /// A file whose name holds its content's hash.
    HashedAsset,
    /// Any other file.
    Asset,
    /// The script that browsers run beside the portal's pages.
    ServiceWorker,
    /// An answer of the API, and every problem.
    Api,
    /// A file of a ticket.
    Download,
    /// Server-sent events.
    Events,
    /// A small page of the edge's own, where there is no document to show.
    Notice,
}

impl Kind {
    /// Every kind, in the order of declaration.
    pub const ALL: [Self; 9] = [
        Self::Document,
        Self::Entrance,
        Self::HashedAsset,
        Self::Asset,
        Self::ServiceWorker,
        Self::Api,
        Self::Download,
        Self::Events,
        Self::Notice,
    ];

    /// Whether it is the portal's page.
    #[must_use]
    pub const fn is_document(self) -> bool {
        matches!(self, Self::Document | Self::Entrance)
    }

    const fn cache_control(self) -> &'static str {
        match self {
            Self::Document | Self::Entrance | Self::Asset | Self::ServiceWorker => "no-cache",
            Self::HashedAsset => IMMUTABLE,
            Self::Api | Self::Events | Self::Notice => "no-store",
            Self::Download => "private, no-store",
        }
    }
}

/// A content-hashed file never changes under its name: a year, as long as caches care.
const IMMUTABLE: &str = "public, max-age=31536000, immutable";

/// What every answer has (OWASP Secure Headers Project; the exceptions are reasoned in the worker's README).
const EVERYWHERE: [(&str, &str); 11] = [
    ("strict-transport-security", "max-age=63072000; includeSubDomains; preload"),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("referrer-policy", "no-referrer"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-embedder-policy", "require-corp"),
    ("cross-origin-resource-policy", "same-origin"),
    ("origin-agent-cluster", "?1"),
    ("x-dns-prefetch-control", "off"),
    ("x-permitted-cross-domain-policies", "none"),
    ("permissions-policy", PERMISSIONS),
];

/// Nothing but passkeys, and writing (never reading) the clipboard for the copy buttons.
const PERMISSIONS: &str = "accelerometer=(), autoplay=(), camera=(), clipboard-read=(), clipboard-write=(self), \
    cross-origin-isolated=(), display-capture=(), encrypted-media=(), fullscreen=(), gamepad=(), geolocation=(), gyroscope=(), \
    hid=(), idle-detection=(), keyboard-map=(), local-fonts=(), magnetometer=(), microphone=(), midi=(), payment=(), \
    picture-in-picture=(), publickey-credentials-create=(self), publickey-credentials-get=(self), screen-wake-lock=(), serial=(), \
    storage-access=(), sync-xhr=(), usb=(), window-management=(), xr-spatial-tracking=()";

/// The fixed headers of an answer of this kind, names in lower case.
#[must_use]
pub fn headers(kind: Kind, release: &Release) -> Vec<(&'static str, String)> {
    let mut headers: Vec<(&'static str, String)> =
        EVERYWHERE.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
    headers.push(("cache-control", kind.cache_control().to_owned()));
    if kind.is_document() {
        headers.extend(document_headers(release));
        if kind == Kind::Entrance && !release.preload.is_empty() {
            headers.push(("link", release.preload.iter().map(|path| link(path)).collect::<Vec<_>>().join(", ")));
        }
    } else {
        let policy = if kind == Kind::ServiceWorker { csp::SERVICE_WORKER } else { csp::INERT };
        headers.push(("content-security-policy", policy.to_owned()));
    }
    if kind == Kind::Api {
        headers.push(("x-contract-version", String::from(shared::CONTRACT_VERSION)));
    }
    if !kind.is_document() && kind != Kind::Notice {
        headers.push(("x-robots-tag", String::from("noindex")));
    }
    headers
}

/// What a document has beyond [`EVERYWHERE`].
fn document_headers(release: &Release) -> [(&'static str, String); 3] {
    [
        ("content-security-policy", csp::document(release)),
        ("reporting-endpoints", [csp::REPORT_GROUP, "=\"", csp::REPORT_PATH, "\""].concat()),
        ("integrity-policy", ["blocked-destinations=(script), endpoints=(", csp::REPORT_GROUP, ")"].concat()),
    ]
}

/// What announces a module. The program asks for it with `fetch`, and without `crossorigin` a browser would then load it twice.
///
/// Its script is not announced: a browser that does not know `integrity` in this header would block it, since scripts run by their
/// hashes alone, and report a violation at every visit.
fn link(path: &str) -> String {
    ["<", path, ">; rel=preload; as=fetch; type=\"application/wasm\"; crossorigin=anonymous"].concat()
}

//! Content Security Policy (CSP level 3), built from the hashes of a release and from nothing that changes per request.

use super::release::Release;

/// Where browsers send reports.
pub const REPORT_PATH: &str = "/reports/csp";
/// The name of the reporting endpoint in `Reporting-Endpoints`.
pub const REPORT_GROUP: &str = "csp";

/// The policy of a document of the portal.
///
/// Scripts run by hash alone; `'unsafe-inline'` beside hashes is ignored by every browser that knows hashes and keeps the portal
/// readable in those that do not. Styles and connections stay on the origin. Images come from the origin, and from `blob:` because
/// pictures of a thread are fetched with the session's token. `require-trusted-types-for` turns every string that would become
/// markup over to the portal's own `default` policy.
#[must_use]
pub fn document(release: &Release) -> String {
    let quoted = |hashes: Vec<&str>| hashes.into_iter().fold(String::new(), |all, hash| all + " '" + hash + "'");
    let scripts = quoted(release.all_hashes(|release| &release.script_hashes));
    let script_src = if scripts.is_empty() {
        String::from("'none'")
    } else {
        ["'wasm-unsafe-eval' 'unsafe-inline'", &scripts].concat()
    };
    let styles = quoted(release.all_hashes(|release| &release.style_hashes));
    [
        "default-src 'none'",
        &["script-src ", &script_src].concat(),
        &["style-src 'self'", &styles].concat(),
        "img-src 'self' blob:",
        "connect-src 'self'",
        "worker-src 'self'",
        "manifest-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types default",
        &["report-uri ", REPORT_PATH].concat(),
        &["report-to ", REPORT_GROUP].concat(),
    ]
    .join("; ")
}

/// The policy of the service worker: it fetches the portal's own files and can do nothing else. A sandbox would keep it from running.
pub const SERVICE_WORKER: &str =
    "default-src 'none'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// The policy of everything that is not a document of the portal: should a browser ever show it as one, it can do nothing.
pub const INERT: &str = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox";

//! The `_headers` file of the Pages project.

use super::{EVERYWHERE, IMMUTABLE, Release, document_headers};

/// Where people are sent who come upon the Pages host itself.
const PORTAL: &str = "https://support.raxx.app/";

/// The `_headers` file for direct hits on the Pages host: the worker's own policy for documents, no indexing, and on to the portal.
///
/// The worker is a client of that host, so the host cannot answer with redirects; a `Refresh` header sends browsers on and is dropped
/// by the worker with everything else that is not on its list. Rules that match the same path are joined with commas by Pages, so
/// no header stands in two of them.
#[must_use]
pub fn pages_headers_file(release: &Release) -> String {
    let mut file = String::from("/*\n");
    let mut line = |name: &str, value: &str| file.extend(["  ", name, ": ", value, "\n"]);
    for (name, value) in EVERYWHERE {
        line(name, value);
    }
    for (name, value) in document_headers(release) {
        line(name, &value);
    }
    line("x-robots-tag", "noindex");
    line("refresh", &["0; url=", PORTAL].concat());
    file.extend(["/assets/*\n  cache-control: ", IMMUTABLE, "\n"]);
    file
}

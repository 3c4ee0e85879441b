//! Bodies of any bytes, in both directions: no panic; what passes is within its type, stable, names nobody, and is what a plainer check
//! makes of it.
#![no_main]

use edge_worker::firewall::answer::{Answer, Head, judge};
use edge_worker::firewall::{disposition, media_type, names};
use edge_worker::refusal::Refusal;
use edge_worker::{reports, routes};
use libfuzzer_sys::fuzz_target;

#[path = "../plainly.rs"]
mod plainly;

fuzz_target!(|data: &[u8]| {
    let Some((selector, body)) = data.split_first() else { return };
    let routes = routes::all();
    let Some(route) = routes.get(usize::from(*selector) % routes.len()) else { return };

    // What is written anew reads as itself.
    if let Ok(canonical) = (route.canonical_request)(body) {
        assert_eq!((route.canonical_request)(&canonical).as_deref(), Ok(canonical.as_slice()));
    }
    for content_type in ["application/json", "application/problem+json"] {
        for status in [route.status, 404] {
            let head = Head { status, content_type, ..Head::default() };
            match judge(route, &head, body) {
                Ok(Answer::AsSent) => {
                    assert!(!names::discloses(body));
                    let plainly = plainly::check(route.id, body).expect("what passes decodes");
                    assert!(!plainly.had_unknown && plainly.written == body, "what passes as it was sent is all of our type");
                }
                Ok(Answer::Trimmed(trimmed)) => {
                    assert!(!names::discloses(&trimmed));
                    assert!(shared::check_shape(&trimmed).is_ok());
                    assert_eq!(plainly::check(route.id, body).map(|plainly| plainly.written).as_deref(), Some(&trimmed[..]));
                    assert!(judge(route, &head, &trimmed).is_ok(), "what was trimmed is sound");
                }
                Ok(Answer::Problem(_, document, _)) => assert!(!names::mentions(&document)),
                Err(Refusal::Withheld("undecodable")) => {
                    // A member that is skipped may hold bytes that are no text; the body as a whole may not.
                    assert!(std::str::from_utf8(body).is_err() || plainly::check(route.id, body).is_none());
                }
                Ok(Answer::Empty) | Err(_) => {}
            }
        }
    }
    if let Some(reports) = reports::read(body) {
        assert!(reports.len() <= reports::MAX_REPORTS);
        for report in reports {
            assert!(!report.blocked.contains(['?', '#', '\n']) && !report.page.contains(['?', '#', '\n']));
        }
    }
    if let Ok(text) = std::str::from_utf8(body) {
        let header = disposition::attachment(text);
        assert!(header.starts_with("attachment") && header.bytes().all(|byte| byte.is_ascii_graphic() || byte == b' '));
        let _ = media_type::sound(text);
    }
});

//! Bodies of any bytes, in both directions: no panic; what passes is within its type, stable, and names nobody.
#![no_main]

use edge_worker::firewall::answer::{Answer, Head, judge};
use edge_worker::firewall::{disposition, media_type, names};
use edge_worker::{reports, routes};
use libfuzzer_sys::fuzz_target;

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
                Ok(Answer::AsSent) => assert!(!names::discloses(body)),
                Ok(Answer::Trimmed(trimmed)) => {
                    assert!(!names::discloses(&trimmed));
                    assert!(judge(route, &head, &trimmed).is_ok(), "what was trimmed is sound");
                }
                Ok(Answer::Problem(_, document, _)) => assert!(!names::mentions(&document)),
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

//! `Content-Type` (RFC 9110, section 8.3), as narrow as the contract is.

/// Whether this is `application/json`, in UTF-8 when it says so.
#[must_use]
pub fn is_json(content_type: &str) -> bool {
    is(content_type, "application/json")
}

/// Whether this is a problem document (RFC 9457).
#[must_use]
pub fn is_problem(content_type: &str) -> bool {
    is(content_type, shared::Problem::CONTENT_TYPE)
}

/// Whether this is a stream of server-sent events.
#[must_use]
pub fn is_event_stream(content_type: &str) -> bool {
    is(content_type, "text/event-stream")
}

/// Whether this is a stream of bytes of no particular kind.
#[must_use]
pub fn is_octets(content_type: &str) -> bool {
    is(content_type, "application/octet-stream")
}

/// A media type without parameters that may be passed on for a download: two tokens of at most 100 bytes together. `None` otherwise.
#[must_use]
pub fn sound(content_type: &str) -> Option<&str> {
    let essence = content_type.split(';').next().unwrap_or_default().trim();
    let token = |part: &str| {
        !part.is_empty()
            && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'+' | b'.' | b'_'))
    };
    let (kind, subtype) = essence.split_once('/')?;
    (essence.len() <= 100 && token(kind) && token(subtype)).then_some(essence)
}

fn is(content_type: &str, wanted: &str) -> bool {
    let mut parts = content_type.split(';').map(str::trim);
    let essence = parts.next().unwrap_or_default();
    essence.eq_ignore_ascii_case(wanted)
        && parts.all(|parameter| {
            let (name, value) = parameter.split_once('=').unwrap_or((parameter, ""));
            name.eq_ignore_ascii_case("charset") && value.trim_matches('"').eq_ignore_ascii_case("utf-8")
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_narrow() {
        for yes in ["application/json", "Application/JSON; charset=UTF-8", "application/json;charset=\"utf-8\""] {
            assert!(is_json(yes), "{yes}");
        }
        for no in [
            "",
            "text/json",
            "application/json; charset=utf-16",
            "application/json; boundary=x",
            "application/json, text/html",
            "application/jsonp",
            "text/plain; application/json",
            "application/problem+json",
        ] {
            assert!(!is_json(no), "{no}");
        }
        assert!(is_event_stream("text/event-stream"));
    }

    #[test]
    fn passes_sound_types_alone() {
        assert_eq!(sound("image/svg+xml; charset=x"), Some("image/svg+xml"));
        for odd in ["", "image", "image/", "/png", "image/p ng", "image/png\u{e4}", &format!("a/{}", "b".repeat(100))] {
            assert_eq!(sound(odd), None, "{odd}");
        }
    }
}

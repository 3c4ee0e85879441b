//! Cursors: a place in an ordered list, opaque to whoever holds it.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use shared::endpoints::tickets::Cursor;
use shared::{FieldCode, FieldError, Line, Timestamp};

/// A cursor for the item at `at` with this id, in lists of this kind.
pub(super) fn write(kind: &str, at: Timestamp, id: &str) -> Option<Cursor> {
    Line::new(URL_SAFE_NO_PAD.encode(format!("{kind}:{}:{id}", at.millis()))).ok()
}

/// What a cursor says. One of another kind of list is refused: its place means nothing here.
pub(super) fn read<T>(
    name: &str,
    kind: &str,
    cursor: &Cursor,
    parse: impl Fn(&str) -> Option<T>,
) -> Result<(Timestamp, T), FieldError> {
    let decoded = URL_SAFE_NO_PAD.decode(cursor.as_str()).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    let place = decoded.as_deref().and_then(|text| {
        let (at, id) = text.strip_prefix(kind)?.strip_prefix(':')?.split_once(':')?;
        Some((Timestamp::from_millis(at.parse().ok()?), parse(id)?))
    });
    place.ok_or_else(|| FieldError::new(name, &FieldCode::Malformed.because("this is not a cursor of this list")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::TicketId;

    #[test]
    fn reads_its_own_and_no_other() {
        let (at, id) = (Timestamp::from_millis(1_700_000_000_123), TicketId::from_bits(9));
        let cursor = write("newest", at, &id.to_string()).unwrap();
        let parse = |text: &str| TicketId::parse(text).ok();
        assert_eq!(read("cursor", "newest", &cursor, parse), Ok((at, id)));
        assert!(read("cursor", "oldest", &cursor, parse).is_err());
        for bad in ["x", "bmV3ZXN0OjE", "////"] {
            assert!(read("cursor", "newest", &Line::new(bad).unwrap(), parse).is_err(), "{bad}");
        }
    }
}

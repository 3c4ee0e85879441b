//! Plain text, recognised by what it does not contain.

use serde::de::IgnoredAny;

use super::MediaType;

/// Plain text of the kind that its name says; `None` when it is no text, or when its name says that it is something else, such as a
/// page or a program, which are text as well.
pub(super) fn recognise(name: &str, bytes: &[u8]) -> Option<MediaType> {
    let ending = name.rsplit_once('.').map(|(_, ending)| ending.trim_end().to_ascii_lowercase())?;
    let media_type = [MediaType::Text, MediaType::Csv, MediaType::Json]
        .into_iter()
        .find(|media_type| media_type.endings().contains(&ending.as_str()))?;
    if !is_text(bytes) {
        return None;
    }
    let whole_json = || serde_json::from_slice::<IgnoredAny>(bytes).is_ok();
    // A file of several JSON lines is a log and no JSON.
    Some(if media_type == MediaType::Json && !whole_json() { MediaType::Text } else { media_type })
}

fn is_text(bytes: &[u8]) -> bool {
    match bytes {
        [0xff, 0xfe, rest @ ..] => is_utf16(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => is_utf16(rest, u16::from_be_bytes),
        _ => match std::str::from_utf8(bytes) {
            Ok(text) => text.chars().all(is_allowed),
            Err(_) => is_windows_1252(bytes),
        },
    }
}

fn is_utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> bool {
    let pairs = bytes.chunks_exact(2);
    let whole = pairs.remainder().is_empty();
    let units = pairs.filter_map(|pair| pair.first_chunk().copied().map(unit));
    whole && char::decode_utf16(units).all(|decoded| decoded.is_ok_and(is_allowed))
}

/// What spreadsheets in western languages still write. Programs and compressed data always hold bytes that it has no use for.
fn is_windows_1252(bytes: &[u8]) -> bool {
    bytes.iter().all(|byte| match byte {
        0x81 | 0x8d | 0x8f | 0x90 | 0x9d => false,
        0x80.. => true,
        ascii => is_allowed(char::from(*ascii)),
    })
}

/// Escape stands for colours in logs.
fn is_allowed(character: char) -> bool {
    matches!(character, '\t' | '\n' | '\r' | '\x0c' | '\x1b' | '\u{85}') || !character.is_control()
}

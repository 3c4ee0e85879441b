//! Office documents: zip archives with certain parts. Only the archive's directory is read; nothing is unpacked, so a small file cannot
//! become a large one.

use super::{MediaType, Rejection};

/// More parts than any document that people make has.
const MAX_PARTS: usize = 5_000;

/// End of central directory record without its comment, APPNOTE 4.3.16.
const END: usize = 22;
/// Central directory header without name, extra field and comment, APPNOTE 4.3.12.
const HEADER: usize = 46;

pub(super) fn is_zip(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04")
}

/// # Errors
/// [`Rejection::TypeNotAllowed`] for any other archive, a broken or an encrypted one; [`Rejection::Macros`].
pub(super) fn recognise(bytes: &[u8]) -> Result<MediaType, Rejection> {
    let parts = part_names(bytes).ok_or(Rejection::TypeNotAllowed)?;
    let has = |name: &str| parts.iter().any(|part| part.eq_ignore_ascii_case(name));
    let runs = |part: &String| {
        let part = part.to_ascii_lowercase();
        part.contains("vbaproject")
            || part.contains("/activex/")
            || part.contains("/macrosheets/")
            || part.ends_with(".bin")
    };
    if !has("[Content_Types].xml") {
        return Err(Rejection::TypeNotAllowed);
    }
    let media_type = match (has("word/document.xml"), has("xl/workbook.xml")) {
        (true, false) => MediaType::Docx,
        (false, true) => MediaType::Xlsx,
        _ => return Err(Rejection::TypeNotAllowed),
    };
    // Printer settings are the one binary part of an innocent document.
    if parts.iter().any(|part| runs(part) && !part.to_ascii_lowercase().contains("printersettings")) {
        return Err(Rejection::Macros);
    }
    Ok(media_type)
}

/// Names of all parts; `None` for an archive that is broken, encrypted, too large to be honest, or whose names lead out of it.
fn part_names(bytes: &[u8]) -> Option<Vec<String>> {
    // The record is last, but for a comment of at most 65,535 bytes.
    let earliest = bytes.len().saturating_sub(END + usize::from(u16::MAX));
    let end = (earliest..=bytes.len().checked_sub(END)?).rev().find(|place| is_at(bytes, *place, b"PK\x05\x06"))?;
    let count = usize::from(u16_at(bytes, end + 10)?);
    let mut place = usize::try_from(u32_at(bytes, end + 16)?).ok()?;
    if count == 0 || count > MAX_PARTS {
        return None;
    }
    let mut names = Vec::with_capacity(count);
    for _ in 0..count {
        let flags = u16_at(bytes, place + 8)?;
        if !is_at(bytes, place, b"PK\x01\x02") || flags & 1 != 0 {
            return None;
        }
        let lengths = [28, 30, 32].map(|offset| u16_at(bytes, place + offset).map(usize::from));
        let [Some(name), Some(extra), Some(comment)] = lengths else { return None };
        let start = place + HEADER;
        let name_bytes = bytes.get(start..start + name)?;
        let part = std::str::from_utf8(name_bytes).ok()?;
        if part.starts_with('/') || part.contains('\\') || part.split('/').any(|step| step == "..") {
            return None;
        }
        names.push(part.to_owned());
        place = start + name + extra + comment;
    }
    Some(names)
}

fn is_at(bytes: &[u8], place: usize, magic: &[u8]) -> bool {
    bytes.get(place..).is_some_and(|rest| rest.starts_with(magic))
}

fn u16_at(bytes: &[u8], place: usize) -> Option<u16> {
    bytes.get(place..)?.first_chunk().copied().map(u16::from_le_bytes)
}

fn u32_at(bytes: &[u8], place: usize) -> Option<u32> {
    bytes.get(place..)?.first_chunk().copied().map(u32::from_le_bytes)
}

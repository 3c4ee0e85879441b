//! `Content-Disposition` of a download (RFC 6266), written anew: always an attachment, and at most a plain name.

use shared::percent_encode;

use super::names;

/// The header to send on, with the file name that Raptor's header gives when that is a name and not a path. The portal shows the
/// name from the ticket in any case.
#[must_use]
pub fn attachment(upstream: &str) -> String {
    match file_name(upstream) {
        Some(name) => {
            let encoded = percent_encode(&name);
            ["attachment; filename*=UTF-8''", &encoded].concat()
        }
        None => String::from("attachment"),
    }
}

fn file_name(upstream: &str) -> Option<String> {
    let mut plain = None;
    for parameter in upstream.split(';').skip(1).map(str::trim) {
        let Some((key, value)) = parameter.split_once('=') else { continue };
        if key.eq_ignore_ascii_case("filename*") {
            let encoded = value.get(..7).filter(|charset| charset.eq_ignore_ascii_case("utf-8''")).and(value.get(7..));
            return sound(shared::percent_decode(encoded?, false)?);
        }
        if key.eq_ignore_ascii_case("filename") {
            plain = Some(value.trim_matches('"').to_owned());
        }
    }
    sound(plain?)
}

fn sound(name: String) -> Option<String> {
    let bidirectional =
        |c: char| matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let odd = |c: char| c.is_control() || bidirectional(c) || matches!(c, '/' | '\\' | '"');
    let fits = !name.is_empty() && name.chars().count() <= 200 && !name.starts_with('.') && !name.contains(odd);
    (fits && !names::mentions(name.as_bytes())).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_names_and_nothing_else() {
        assert_eq!(attachment("attachment; filename=\"a b.pdf\""), "attachment; filename*=UTF-8''a%20b.pdf");
        assert_eq!(attachment("inline; filename*=UTF-8''%C3%A4.pdf"), "attachment; filename*=UTF-8''%C3%A4.pdf");
        for odd in [
            "",
            "inline",
            "attachment; filename=../../etc/passwd",
            "attachment; filename=etc/passwd",
            "attachment; filename=a\\b.txt",
            "attachment; filename=\"\"",
            "attachment; filename=.bashrc",
            "attachment; filename*=UTF-8''a%0d%0ax",
            "attachment; filename*=UTF-8''%ff",
            "attachment; filename*=ISO-8859-1''a",
            "attachment; filename*=UTF-8''a%E2%80%AEgpj.exe",
        ] {
            assert_eq!(attachment(odd), "attachment", "{odd}");
        }
    }
}

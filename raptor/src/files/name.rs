//! File names that cannot lead anywhere, run anywhere, or look like something else.

use std::fmt;

use super::MediaType;

/// A name of 1 to 120 characters and at most 200 bytes, without paths, control characters, characters that turn the direction of
/// writing or cannot be seen, and without endings that a web server or a desktop might run.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct FileName(String);

/// Longest name, in characters: leaves room in the contract's 200.
const MAX_CHARACTERS: usize = 120;
/// Longest name, in bytes: file systems take 255.
const MAX_BYTES: usize = 200;
/// Longest ending, in characters.
const MAX_ENDING: usize = 10;

/// Endings that run, or that a server or a desktop might run when they stand in the middle of a name.
const RUNNING: [&str; 62] = [
    "app", "apk", "asp", "aspx", "bat", "bin", "cgi", "cmd", "com", "cpl", "deb", "dll", "dmg", "exe", "gadget", "hta",
    "htaccess", "htm", "html", "inf", "ins", "iso", "jar", "jnlp", "js", "jse", "jsp", "lnk", "mht", "mjs", "msc",
    "msi", "msp", "phar", "php", "php3", "php5", "phtml", "pif", "pl", "ps1", "ps1xml", "psm1", "py", "rb", "reg",
    "rpm", "run", "scf", "scr", "sct", "sh", "shtml", "svg", "swf", "url", "vb", "vbe", "vbs", "wsf", "wsh", "xhtml",
];

/// Names that Windows takes for devices.
const RESERVED: [&str; 6] = ["con", "prn", "aux", "nul", "com", "lpt"];

impl FileName {
    /// Cleans a name for a file whose type is known: it gets an ending that fits.
    #[must_use]
    pub fn for_type(name: &str, media_type: MediaType) -> Self {
        let name = clean(name);
        let fits = name
            .rsplit_once('.')
            .is_some_and(|(_, ending)| media_type.endings().iter().any(|known| known.eq_ignore_ascii_case(ending)));
        let usual = media_type.endings().first().copied().unwrap_or("bin");
        let (stem, ending) = match name.rsplit_once('.') {
            Some((stem, ending)) if fits => (stem, ending),
            _ => (name.as_str(), usual),
        };
        Self::join(stem, Some(ending))
    }

    /// Cleans a name for a file whose type is not known, as of one that an agent attached.
    #[must_use]
    pub fn from_untrusted(name: &str) -> Self {
        let name = clean(name);
        match name.rsplit_once('.') {
            Some((stem, ending))
                if (1..=MAX_ENDING).contains(&ending.chars().count()) && ending.chars().all(char::is_alphanumeric) =>
            {
                if runs(ending) {
                    Self::join(&name, Some("txt"))
                } else {
                    Self::join(stem, Some(ending))
                }
            }
            _ => Self::join(&name, None),
        }
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Puts a name together: nothing that runs in the middle, no device, no blank edges, not too long.
    fn join(stem: &str, ending: Option<&str>) -> Self {
        let mut parts = stem.split('.');
        let mut stem = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            stem.push(if runs(part) { '_' } else { '.' });
            stem.push_str(part);
        }
        let stem = stem.trim_matches(|c: char| c == '.' || c.is_whitespace());
        let mut stem = if stem.is_empty() { "file".to_owned() } else { stem.to_owned() };
        if is_device(&stem) {
            stem.insert(0, '_');
        }
        let room = ending.map_or(0, |ending| ending.len() + 1);
        let mut bytes = room;
        let kept: String = stem
            .chars()
            .take(MAX_CHARACTERS.saturating_sub(room))
            .take_while(|character| {
                bytes += character.len_utf8();
                bytes <= MAX_BYTES
            })
            .collect();
        let kept = kept.trim_end_matches(|c: char| c == '.' || c.is_whitespace());
        Self(match ending {
            Some(ending) => format!("{kept}.{ending}"),
            None => kept.to_owned(),
        })
    }
}

fn clean(name: &str) -> String {
    // Browsers of old sent whole paths.
    let last = name.rsplit(['/', '\\']).find(|part| !part.trim().is_empty()).unwrap_or_default();
    let plain = last.chars().filter(|c| !is_invisible(*c)).map(|c| match c {
        ':' | '*' | '?' | '"' | '<' | '>' | '|' | '#' | '%' | '`' | '$' | ';' | '&' => '_',
        c if c.is_whitespace() => ' ',
        c => c,
    });
    let plain: String = plain.collect();
    plain.trim_matches(|c: char| c == '.' || c.is_whitespace()).to_owned()
}

/// Control characters, and those that hide, join or turn the direction of what stands beside them.
fn is_invisible(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
                | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}'
        )
}

fn runs(part: &str) -> bool {
    let part = part.trim().to_ascii_lowercase();
    RUNNING.contains(&part.as_str())
}

fn is_device(stem: &str) -> bool {
    let first = stem.split('.').next().unwrap_or_default().trim().to_ascii_lowercase();
    let base = first.trim_end_matches(|c: char| c.is_ascii_digit());
    let digits = first.len() - base.len();
    RESERVED.contains(&base) && if matches!(base, "com" | "lpt") { digits == 1 } else { digits == 0 }
}

impl fmt::Display for FileName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl fmt::Debug for FileName {
    /// Names can tell about people; they do not belong into logs.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "FileName({} bytes)", self.0.len())
    }
}

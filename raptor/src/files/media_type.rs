//! The types that are taken.

/// A media type that customers may send. None of them can run anything where it is opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum MediaType {
    /// PNG image.
    Png,
    /// JPEG image.
    Jpeg,
    /// GIF image.
    Gif,
    /// WebP image.
    Webp,
    /// HEIC image: what telephones make of a photograph. Browsers cannot show it, agents can.
    Heic,
    /// PDF document.
    Pdf,
    /// Word document without macros.
    Docx,
    /// Excel workbook without macros.
    Xlsx,
    /// Plain text.
    Text,
    /// Comma-separated values.
    Csv,
    /// JSON.
    Json,
}

impl MediaType {
    /// All of them.
    pub const ALL: [Self; 11] = [
        Self::Png,
        Self::Jpeg,
        Self::Gif,
        Self::Webp,
        Self::Heic,
        Self::Pdf,
        Self::Docx,
        Self::Xlsx,
        Self::Text,
        Self::Csv,
        Self::Json,
    ];

    /// What a file is called whose type is none of ours, RFC 2046 section 4.5.1.
    pub const UNKNOWN: &'static str = "application/octet-stream";

    /// The type in the words of IANA's registry.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
            Self::Gif => "image/gif",
            Self::Webp => "image/webp",
            Self::Heic => "image/heic",
            Self::Pdf => "application/pdf",
            Self::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Text => "text/plain",
            Self::Csv => "text/csv",
            Self::Json => "application/json",
        }
    }

    /// The type of this name; parameters are ignored. `None` when it is none of ours: such a file is handed out as [`Self::UNKNOWN`].
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let essence = text.split(';').next().unwrap_or_default().trim();
        let essence = if essence.eq_ignore_ascii_case("image/jpg") { "image/jpeg" } else { essence };
        Self::ALL.into_iter().find(|known| known.as_str().eq_ignore_ascii_case(essence))
    }

    /// The type of a file that begins so, when its beginning alone tells. 16 bytes are enough.
    #[must_use]
    pub fn of_magic(bytes: &[u8]) -> Option<Self> {
        let at = |place: usize, magic: &[u8]| bytes.get(place..).is_some_and(|rest| rest.starts_with(magic));
        if at(0, b"\x89PNG\r\n\x1a\n") {
            Some(Self::Png)
        } else if at(0, b"\xff\xd8\xff") {
            Some(Self::Jpeg)
        } else if at(0, b"GIF87a") || at(0, b"GIF89a") {
            Some(Self::Gif)
        } else if at(0, b"RIFF") && at(8, b"WEBP") {
            Some(Self::Webp)
        } else if at(4, b"ftyp") && [b"heic", b"heix", b"heim", b"heis", b"mif1"].into_iter().any(|brand| at(8, brand))
        {
            Some(Self::Heic)
        } else if at(0, b"%PDF-") {
            Some(Self::Pdf)
        } else {
            None
        }
    }

    /// The type of an image of this name, as far as its ending tells.
    #[must_use]
    pub fn of_image(name: &str) -> Option<Self> {
        let (_, ending) = name.rsplit_once('.')?;
        let images = Self::ALL.into_iter().filter(|known| known.is_shown_as_image());
        images.into_iter().find(|known| known.endings().iter().any(|fits| fits.eq_ignore_ascii_case(ending)))
    }

    /// A browser can show it as an image.
    #[must_use]
    pub const fn is_shown_as_image(self) -> bool {
        matches!(self, Self::Png | Self::Jpeg | Self::Gif | Self::Webp)
    }

    /// The endings that fit, the usual one first.
    #[must_use]
    pub const fn endings(self) -> &'static [&'static str] {
        match self {
            Self::Png => &["png"],
            Self::Jpeg => &["jpg", "jpeg", "jpe", "jfif"],
            Self::Gif => &["gif"],
            Self::Webp => &["webp"],
            Self::Heic => &["heic", "heif"],
            Self::Pdf => &["pdf"],
            Self::Docx => &["docx"],
            Self::Xlsx => &["xlsx"],
            Self::Text => &["txt", "log", "text"],
            Self::Csv => &["csv"],
            Self::Json => &["json"],
        }
    }
}

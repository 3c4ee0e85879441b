//! Files that customers send and receive: what they are, what they are called, and how they travel.
//!
//! A file's type is what its bytes say ([`recognise`]), never what anybody claims. Only types that customers need and that cannot run
//! anywhere are taken. Names are cleaned ([`FileName`]), and what is handed out always goes out as an attachment
//! ([`content_disposition`]).

mod disposition;
mod limits;
mod media_type;
mod name;
mod office;
mod text;

pub use disposition::content_disposition;
pub use limits::{Limits, LimitsExceeded};
pub use media_type::MediaType;
pub use name::FileName;

/// A file that is taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recognised {
    /// Its name, cleaned, with an ending that fits its type.
    pub name: FileName,
    /// Its type, as its bytes say.
    pub media_type: MediaType,
}

/// Why a file is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
pub enum Rejection {
    /// It has no bytes.
    #[error("the file is empty; choose another one")]
    Empty,
    /// It is larger than [`Limits::file_bytes`].
    #[error("the file is too large; a file may have 10 MiB")]
    TooLarge,
    /// Its bytes are of no type that is taken, or do not fit its name.
    #[error(
        "this type of file is not accepted; send PNG, JPEG, GIF, WebP or HEIC images, PDF, DOCX, XLSX, or plain text"
    )]
    TypeNotAllowed,
    /// A document with a program inside.
    #[error("the document contains macros; save it without macros and send it again")]
    Macros,
}

impl Rejection {
    /// Stable code for log lines and for the `code` of a field's error.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::TooLarge => "too_large",
            Self::TypeNotAllowed => "type_not_allowed",
            Self::Macros => "macros",
        }
    }
}

/// Looks what a whole file is. `name` is what the customer calls it; it decides between the kinds of plain text and nothing else.
///
/// # Errors
/// See [`Rejection`].
pub fn recognise(name: &str, bytes: &[u8]) -> Result<Recognised, Rejection> {
    if bytes.is_empty() {
        return Err(Rejection::Empty);
    }
    if bytes.len() > Limits::STANDARD.file_bytes {
        return Err(Rejection::TooLarge);
    }
    let media_type = match MediaType::of_magic(bytes) {
        Some(media_type) => media_type,
        None if office::is_zip(bytes) => office::recognise(bytes)?,
        None => text::recognise(name, bytes).ok_or(Rejection::TypeNotAllowed)?,
    };
    Ok(Recognised { name: FileName::for_type(name, media_type), media_type })
}

#[cfg(test)]
mod tests;

//! Files: where they are, and fetching them. The help desk's addresses open a file without any login, so they never leave this module.

use std::fmt;

use bytes::Bytes;
use futures_util::StreamExt as _;
use futures_util::stream::{self, BoxStream};
use reqwest::Url;

use super::HelpDesk;
use super::error::{Cause, ReadError};
use super::id::AttachmentId;
use super::model::{Attachment, Thread};
use super::settings::BaseUrl;

/// Where a file's bytes are: on the help desk's own host, below its folder of files, and nowhere else.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct AttachmentSource(Url);

impl AttachmentSource {
    /// Reads an address, absolute or relative. `None` when it leads anywhere else.
    pub(super) fn parse(base: &BaseUrl, text: &str) -> Option<Self> {
        let url = base.join(text.trim())?;
        let inside = base.path_within(&url)?.starts_with("storage/attachment/");
        (inside && url.username().is_empty() && url.password().is_none()).then_some(Self(url))
    }

    /// The id that the address names.
    pub(super) fn id(&self) -> Option<AttachmentId> {
        let (_, id) = self.0.query_pairs().find(|(name, _)| name == "id")?;
        // One spelling: the help desk reads `3abc` as 3.
        id.bytes().all(|byte| byte.is_ascii_digit()).then(|| id.parse().ok()).flatten().and_then(AttachmentId::new)
    }

    /// The last part of the path.
    pub(super) fn file_name(&self) -> String {
        let name = self.0.path_segments().and_then(Iterator::last).unwrap_or_default();
        shared::percent_decode(name, false).unwrap_or_else(|| name.to_owned())
    }
}

impl fmt::Debug for AttachmentSource {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("AttachmentSource(..)")
    }
}

/// A file on its way.
pub struct Download {
    /// Size in bytes, when it is known beforehand.
    pub size: Option<u64>,
    /// The bytes. Ends with an error when the help desk stops before the file is complete, stays silent for too long, or sends more
    /// than was allowed.
    pub bytes: BoxStream<'static, Result<Bytes, DownloadError>>,
}

impl fmt::Debug for Download {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Download({:?} bytes)", self.size)
    }
}

/// Why a file broke off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the download broke off: {0}")]
pub struct DownloadError(pub Cause);

impl HelpDesk {
    /// Opens a file of a thread. Whoever calls has the thread from [`HelpDesk::get_conversation`], which has checked whose it is.
    ///
    /// # Errors
    /// [`ReadError::NotFound`] when the file has gone, [`ReadError::Unavailable`] otherwise; with [`Cause::TooLarge`] when it has more
    /// than `max_bytes`.
    pub async fn open_attachment(&self, attachment: &Attachment, max_bytes: u64) -> Result<Download, ReadError> {
        let response = self.transport.download(attachment.source.0.clone()).await?;
        let size = response.content_length();
        if size.is_some_and(|size| size > max_bytes) {
            return Err(ReadError::Unavailable(Cause::TooLarge));
        }
        let idle = self.transport.settings.timeouts.download_idle;
        let bytes = stream::unfold(Some((response, max_bytes)), move |state| async move {
            let (mut response, left) = state?;
            let failed = |cause| Some((Err(DownloadError(cause)), None));
            match tokio::time::timeout(idle, response.chunk()).await {
                Err(_) => failed(Cause::Timeout),
                Ok(Err(_)) => failed(Cause::Interrupted),
                Ok(Ok(None)) => None,
                Ok(Ok(Some(chunk))) => match left.checked_sub(chunk.len() as u64) {
                    Some(left) => Some((Ok(chunk), Some((response, left)))),
                    None => failed(Cause::TooLarge),
                },
            }
        });
        Ok(Download { size, bytes: bytes.boxed() })
    }

    /// Which of a thread's files an `img` within it shows; `None` when it shows none of them.
    #[must_use]
    pub fn attachment_shown_by(&self, thread: &Thread, src: &str) -> Option<AttachmentId> {
        let id = AttachmentSource::parse(&self.transport.settings.base, src)?.id()?;
        thread.attachments.iter().any(|attachment| attachment.id == id).then_some(id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_help_desks_own_files() {
        let base = BaseUrl::parse("https://desk.example/help/api").unwrap();
        let id =
            |text: &str| AttachmentSource::parse(&base, text).and_then(|source| source.id()).map(AttachmentId::get);
        assert_eq!(id("https://desk.example/help/storage/attachment/1/2/3/a%20b.png?id=7&token=x"), Some(7));
        assert_eq!(id("/help/storage/attachment/1/2/3/a.png?token=x&id=8"), Some(8));
        for stray in [
            "https://evil.example/help/storage/attachment/1/a.png?id=7",
            "https://desk.example.evil.example/help/storage/attachment/1/a.png?id=7",
            "https://desk.example:444/help/storage/attachment/1/a.png?id=7",
            "http://desk.example/help/storage/attachment/1/a.png?id=7",
            "//evil.example/help/storage/attachment/1/a.png?id=7",
            "https://x@desk.example/help/storage/attachment/1/a.png?id=7",
            "https://desk.example/help/storage/attachment/../../api/users?id=7",
            "https://desk.example/help/storage/users/1.png?id=7",
            "https://desk.example/storage/attachment/1/a.png?id=7",
            "https://desk.example/help/storage/attachment/1/a.png?id=7abc",
            "https://desk.example/help/storage/attachment/1/a.png?id=0",
            "https://desk.example/help/storage/attachment/1/a.png",
            "data:image/png;base64,AA",
            "cid:1",
            "",
        ] {
            assert_eq!(id(stray), None, "{stray}");
        }
        let source = AttachmentSource::parse(&base, "/help/storage/attachment/1/a%20b.png?id=1").unwrap();
        assert_eq!(source.file_name(), "a b.png");
        assert!(!format!("{source:?}").contains("desk.example"));
    }
}

//! One file on its way.

use send_wrapper::SendWrapper;
use shared::{Upload as UploadBounds, UploadId};
use web_sys::Blob;

use crate::client::{Cause, Failure, Upload};
use crate::i18n::{Message, format, m};

/// One file.
#[derive(Clone)]
pub struct Item {
    /// Names it within the form.
    pub id: u32,
    /// Its name.
    pub name: String,
    /// Its size in bytes.
    pub size: u64,
    /// Its media type as the browser believes; the server reads it from the bytes.
    pub media_type: String,
    /// Its bytes.
    pub blob: SendWrapper<Blob>,
    /// How far it has come.
    pub state: ItemState,
}

/// How far a file has come.
#[derive(Clone)]
pub enum ItemState {
    /// It waits for its turn, or for a connection.
    Waiting,
    /// It is on its way, with the share in per cent that has left.
    Uploading(u32, Option<SendWrapper<Upload>>),
    /// It is here until then (milliseconds since the epoch).
    Ready(UploadId, i64),
    /// It did not arrive; trying again may help.
    Failed(Failure),
    /// It will not be taken.
    Refused(Refusal),
}

/// Why a file is not even sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// More than 10 MiB.
    TooLarge,
    /// Nothing in it.
    Empty,
}

impl Item {
    /// Whether a message can take it.
    #[must_use]
    pub const fn upload_id(&self) -> Option<UploadId> {
        match self.state {
            ItemState::Ready(id, _) => Some(id),
            _ => None,
        }
    }

    /// Calls its upload off, if it is on its way.
    pub fn call_off(&self) {
        if let ItemState::Uploading(_, Some(upload)) = &self.state {
            upload.cancel();
        }
    }

    /// Whether it is still coming.
    #[must_use]
    pub const fn is_under_way(&self) -> bool {
        matches!(self.state, ItemState::Waiting | ItemState::Uploading(..))
    }

    /// Whether it stands in the way of sending.
    #[must_use]
    pub const fn has_failed(&self) -> bool {
        matches!(self.state, ItemState::Failed(_) | ItemState::Refused(_))
    }

    /// Whether a lost connection or an ended session is all that stands in its way.
    #[must_use]
    pub const fn is_stopped(&self) -> bool {
        match &self.state {
            ItemState::Failed(failure) => {
                matches!(failure.cause, Cause::Offline | Cause::TimedOut | Cause::SessionEnded)
            }
            _ => false,
        }
    }

    /// Why it is not there, in words.
    #[must_use]
    pub fn problem(&self) -> Option<Message> {
        let name = self.name.clone();
        match &self.state {
            ItemState::Refused(Refusal::TooLarge) => Some(too_large(name, self.size)),
            ItemState::Refused(Refusal::Empty) => Some(m!(files_error_empty, name = name)),
            ItemState::Failed(failure) => Some(match &failure.cause {
                Cause::TooLarge => too_large(name, self.size),
                Cause::FileRejected => m!(files_error_type, name = name),
                Cause::Invalid(_) => m!(files_error_name, name = name),
                Cause::Offline => m!(files_error_network, name = name),
                Cause::TimedOut => m!(files_error_timeout, name = name),
                Cause::SessionEnded => m!(files_error_session, name = name),
                Cause::RateLimited(_) => m!(files_error_rate_limited, name = name),
                Cause::Cancelled => m!(files_cancelled),
                _ => m!(files_error_server, name = name),
            }),
            _ => None,
        }
    }
}

fn too_large(name: String, size: u64) -> Message {
    let limit = format::size(UploadBounds::MAX_BYTES as u64);
    m!(files_error_too_large, name = name, size = format::size(size), limit = limit)
}

/// Judges a file before a byte of it is sent.
#[must_use]
pub fn judge(size: u64) -> ItemState {
    if size == 0 {
        ItemState::Refused(Refusal::Empty)
    } else if size > UploadBounds::MAX_BYTES as u64 {
        ItemState::Refused(Refusal::TooLarge)
    } else {
        ItemState::Waiting
    }
}

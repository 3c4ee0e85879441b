//! Files, both ways.

use serde::{Deserialize, Serialize};

use crate::body::{Download, Upload, json_responses};
use crate::bounded::Line;
use crate::endpoint::endpoint;
use crate::id::{AttachmentId, TicketId, UploadId};
use crate::params::{path_params, query_params};
use crate::timestamp::Timestamp;

endpoint! {
    /// Uploads one file.
    UploadFile = "uploadFile": Post "/api/v1/support/uploads", Bearer, Files => 201, query UploadQuery, request Upload, response UploadedFile;
    "Uploads one file. Its type is read from its bytes; it is kept for a day until a ticket or a reply takes it."
}

endpoint! {
    /// Throws an uploaded file away.
    DiscardUpload = "discardUpload": Delete "/api/v1/support/uploads/{upload_id}", Bearer, Files => 204, path UploadPath;
    "Throws away a file that no message has taken."
}

endpoint! {
    /// Downloads a file.
    DownloadAttachment = "downloadAttachment": Get "/api/v1/support/tickets/{ticket_id}/attachments/{attachment_id}", Bearer, Files => 200, path AttachmentPath, response Download;
    "A file of a ticket, always as an attachment."
}

query_params! {
    /// What the file is called.
    UploadQuery {
        required {
            /// Name for people. Anything that looks like a path is cut off.
            name: Line<1, 200>,
        }
    }
}

path_params! {
    /// The path of one upload.
    UploadPath {
        /// The upload.
        upload_id: UploadId,
    }
}

path_params! {
    /// The path of one attachment.
    AttachmentPath {
        /// The ticket.
        ticket_id: TicketId,
        /// The file.
        attachment_id: AttachmentId,
    }
}

/// A file that was uploaded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct UploadedFile {
    /// Opaque id, for the message that takes the file.
    pub id: UploadId,
    /// Name as it will be shown.
    pub name: Line<1, 200>,
    /// Media type as its bytes say, without parameters.
    pub media_type: Line<3, 100>,
    /// Size in bytes.
    pub size: u32,
    /// When it is thrown away unless a message takes it.
    pub expires_at: Timestamp,
}

json_responses! {
    UploadedFile: 4 * 1024;
}

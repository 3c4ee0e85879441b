//! A file of a ticket, on its way to the customer.

use axum::body::Body;
use bytes::Bytes;
use futures_util::stream::{self, BoxStream};
use futures_util::{Stream, StreamExt as _, TryStreamExt as _};
use http::HeaderValue;
use shared::endpoints::files::DownloadAttachment;
use shared::{Download, ProblemCode, ResponseBody as _};

use crate::app::App;
use crate::files::{FileName, MediaType, content_disposition};
use crate::helpdesk::{self, DownloadError, ReadError};
use crate::http::{Answer, Call, Handler, Refusal};

impl Handler<DownloadAttachment> for App {
    async fn handle(&self, call: Call<DownloadAttachment>) -> Result<Answer<Download>, Refusal> {
        let customer = call.customer()?;
        let ticket = self.store.ticket(customer, call.path.ticket_id).await?.ok_or_else(Refusal::not_found)?;
        let conversation = ticket.conversation.ok_or_else(Refusal::not_found)?;
        let profile = self.store.customer(customer).await?.ok_or_else(Refusal::not_found)?;
        let desk_id = profile.helpdesk_id.ok_or_else(Refusal::not_found)?;
        // The live conversation, not the copy: whose it is, and what may be seen of it, is decided now.
        let live = self.desk.get_conversation(desk_id, conversation).await.map_err(refuse)?;
        let attachment = live
            .threads
            .iter()
            .flat_map(|thread| &thread.attachments)
            .find(|attachment| self.ids.attachment(conversation, attachment.id) == call.path.attachment_id)
            .ok_or_else(Refusal::not_found)?;
        let download = self.desk.open_attachment(attachment, Download::MAX_BYTES as u64).await.map_err(refuse)?;
        let (size, begun) = begin(download).await;
        let media_type = shown_as(MediaType::parse(&attachment.stated_media_type), &begun.first);
        let body = Body::from_stream(begun.whole().map_err(std::io::Error::other));
        let mut answer = Answer::streamed(body)
            .with_header("content-type", HeaderValue::from_static(media_type))
            .with_header("content-disposition", content_disposition(&FileName::from_untrusted(&attachment.name)))
            .with_header("content-security-policy", HeaderValue::from_static("default-src 'none'; sandbox"));
        if let Some(size) = size {
            answer = answer.with_header("content-length", HeaderValue::from(size));
        }
        Ok(answer)
    }
}

/// Bytes whose beginning tells what an image is.
const MAGIC: usize = 16;

/// A download of which the beginning is known.
struct Begun {
    first: Vec<u8>,
    failed: Option<DownloadError>,
    rest: BoxStream<'static, Result<Bytes, DownloadError>>,
}

async fn begin(mut download: helpdesk::Download) -> (Option<u64>, Begun) {
    let (mut first, mut failed) = (Vec::new(), None);
    while first.len() < MAGIC {
        match download.bytes.next().await {
            Some(Ok(bytes)) => first.extend_from_slice(&bytes),
            Some(Err(error)) => {
                failed = Some(error);
                break;
            }
            None => break,
        }
    }
    (download.size, Begun { first, failed, rest: download.bytes })
}

impl Begun {
    /// Everything, the beginning first.
    fn whole(self) -> impl Stream<Item = Result<Bytes, DownloadError>> {
        let first = [Ok(Bytes::from(self.first))].into_iter().chain(self.failed.map(Err));
        stream::iter(first).chain(self.rest)
    }
}

/// What a file is handed out as. An image must begin as one: browsers show images, and the help desk states what a sender stated.
fn shown_as(stated: Option<MediaType>, first: &[u8]) -> &'static str {
    match stated {
        Some(image) if image.is_shown_as_image() => MediaType::of_magic(first)
            .filter(|found| found.is_shown_as_image())
            .map_or(MediaType::UNKNOWN, MediaType::as_str),
        Some(other) => other.as_str(),
        None => MediaType::UNKNOWN,
    }
}

fn refuse(error: ReadError) -> Refusal {
    match error {
        ReadError::NotFound => Refusal::not_found(),
        other => Refusal::new(ProblemCode::HelpdeskUnavailable).retry_after(10).because(other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_image_begins_as_one() {
        let png = b"\x89PNG\r\n\x1a\n1234";
        assert_eq!(shown_as(Some(MediaType::Png), png), "image/png");
        assert_eq!(shown_as(Some(MediaType::Jpeg), png), "image/png", "the bytes decide");
        for first in [&b"<svg onload=alert(1)>"[..], b"%PDF-1.7", b""] {
            assert_eq!(shown_as(Some(MediaType::Png), first), MediaType::UNKNOWN);
        }
        assert_eq!(shown_as(None, png), MediaType::UNKNOWN);
        assert_eq!(shown_as(Some(MediaType::Csv), b"a,b"), "text/csv");
    }
}

//! A file of a ticket, on its way to the customer.

use axum::body::Body;
use futures_util::TryStreamExt as _;
use http::HeaderValue;
use shared::endpoints::files::DownloadAttachment;
use shared::{Download, ProblemCode, ResponseBody as _};

use crate::app::App;
use crate::files::{FileName, MediaType, content_disposition};
use crate::helpdesk::ReadError;
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
        let media_type = MediaType::parse(&attachment.stated_media_type).map_or(MediaType::UNKNOWN, MediaType::as_str);
        let body = Body::from_stream(download.bytes.map_err(std::io::Error::other));
        let mut answer = Answer::streamed(body)
            .with_header("content-type", HeaderValue::from_static(media_type))
            .with_header("content-disposition", content_disposition(&FileName::from_untrusted(&attachment.name)))
            .with_header("content-security-policy", HeaderValue::from_static("default-src 'none'; sandbox"));
        if let Some(size) = download.size {
            answer = answer.with_header("content-length", HeaderValue::from(size));
        }
        Ok(answer)
    }
}

fn refuse(error: ReadError) -> Refusal {
    match error {
        ReadError::NotFound => Refusal::not_found(),
        other => Refusal::new(ProblemCode::HelpdeskUnavailable).retry_after(10).because(other.to_string()),
    }
}

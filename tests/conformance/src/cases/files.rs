//! Files, both ways.

use reqwest::StatusCode;
use shared::endpoints::files::{
    AttachmentPath, DiscardUpload, DownloadAttachment, UploadFile, UploadPath, UploadQuery,
};
use shared::endpoints::tickets::{CreateTicket, GetTicket, NewTicket, ThreadQuery, TicketPath};
use shared::{Line, List, Nothing, RequestBody, Upload};

use super::errors::small_ticket;
use super::{Report, ensure, fresh_key};
use crate::caller::{Answer, Caller, CallerError};

const CSV: &[u8] = b"time,symbol,fill\n10:31,SPY,1.25\n10:33,SPY,1.24\n";

async fn upload(caller: &Caller, name: &str, bytes: Vec<u8>) -> Result<Answer, CallerError> {
    let query = UploadQuery { name: Line::fitted(name).unwrap_or_default() };
    caller.ask::<UploadFile>(&(), &query, bytes, None).await
}

/// Everything about files.
pub(super) async fn all(report: &mut Report, caller: &Caller) {
    let uploaded =
        upload(caller, "../../fills.csv", CSV.to_vec()).await.and_then(|answer| answer.success::<UploadFile>());
    let Some(uploaded) = report.note("a file can be uploaded", uploaded) else { return };
    let plain = uploaded.name.as_str() == "fills.csv" && uploaded.size as usize == CSV.len();
    let _ = report.note("its name has lost its path and its size is right", ensure(plain, format!("{uploaded:?}")));
    let program = upload(caller, "holiday.png", b"MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff".to_vec()).await;
    report.note(
        "a program is refused whatever its name",
        program.and_then(|answer| answer.problem(StatusCode::UNPROCESSABLE_ENTITY)),
    );
    let empty = upload(caller, "empty.txt", Vec::new()).await;
    report.note(
        "an empty file is refused",
        empty.and_then(|answer| {
            answer.problem(StatusCode::UNPROCESSABLE_ENTITY).or_else(|_| answer.problem(StatusCode::BAD_REQUEST))
        }),
    );
    let large = upload(caller, "large.txt", vec![b'a'; Upload::MAX_BYTES + 1]).await;
    report
        .note("a file beyond the bound is 413", large.and_then(|answer| answer.problem(StatusCode::PAYLOAD_TOO_LARGE)));
    discard(report, caller).await;
    let ticket = NewTicket { uploads: List::fitted(vec![uploaded.id]), ..small_ticket("With a file") };
    let created = caller.call::<CreateTicket>(&(), &(), &ticket, Some(&fresh_key())).await;
    let Some(created) = report.note("a ticket takes the file", created) else { return };
    let path = TicketPath { ticket_id: created.id };
    let read = caller.call::<GetTicket>(&path, &ThreadQuery::default(), &Nothing, None).await;
    let attachment = read.and_then(|read| {
        let first = read.messages.first().and_then(|message| message.attachments.first()).cloned();
        first.ok_or_else(|| CallerError::Broken("the message carries no file".to_owned()))
    });
    let Some(attachment) = report.note("the message carries the file", attachment) else { return };
    let path = AttachmentPath { ticket_id: created.id, attachment_id: attachment.id };
    let downloaded = caller.ask::<DownloadAttachment>(&path, &(), Vec::new(), None).await;
    report.note(
        "the file comes back as it was, and only ever as an attachment",
        downloaded.and_then(|answer| {
            ensure(
                answer.status == 200 && answer.body == CSV,
                format!("status {}, {} bytes", answer.status, answer.body.len()),
            )?;
            let header = |name: &str| answer.header(name).unwrap_or_default().to_owned();
            ensure(header("content-disposition").starts_with("attachment"), "Content-Disposition is not attachment")?;
            ensure(header("x-content-type-options") == "nosniff", "X-Content-Type-Options is not nosniff")?;
            ensure(header("content-security-policy").contains("sandbox"), "Content-Security-Policy does not sandbox")
        }),
    );
}

async fn discard(report: &mut Report, caller: &Caller) {
    let uploaded = upload(caller, "note.txt", b"to be thrown away".to_vec())
        .await
        .and_then(|answer| answer.success::<UploadFile>());
    let Some(uploaded) = report.note("another file can be uploaded", uploaded) else { return };
    let path = UploadPath { upload_id: uploaded.id };
    report.note("it can be thrown away", caller.call::<DiscardUpload>(&path, &(), &Nothing, None).await);
    let ticket = NewTicket { uploads: List::fitted(vec![uploaded.id]), ..small_ticket("With a file that is gone") };
    let created = caller.ask::<CreateTicket>(&(), &(), ticket.encode(), Some(&fresh_key())).await;
    report.note(
        "what was thrown away cannot be sent",
        created.and_then(|answer| {
            answer.problem(StatusCode::BAD_REQUEST).or_else(|_| answer.problem(StatusCode::UNPROCESSABLE_ENTITY))
        }),
    );
}

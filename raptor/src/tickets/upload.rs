//! Files on their way from the customer.

use std::time::Duration;

use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use shared::endpoints::files::{DiscardUpload, UploadFile, UploadedFile};
use shared::{FieldCode, FieldError, Line, Nothing, ProblemCode, Timestamp, Upload, UploadId};

use crate::app::App;
use crate::files::{Rejection, recognise};
use crate::http::{Answer, Call, Handler, Refusal};
use crate::random;
use crate::store::{NewUpload, StoredUpload};

/// How long a file waits for a message, in milliseconds: a day.
const KEPT: i64 = 24 * 60 * 60 * 1000;
/// How long a file may take to arrive.
const TIMEOUT: Duration = Duration::from_secs(300);
/// Files that wait for a message at most, and their bytes.
const WAITING: (u32, u64) = (40, 100 * 1024 * 1024);
/// Bytes of one row.
const PART: usize = 512 * 1024;

impl Handler<UploadFile> for App {
    async fn handle(&self, call: Call<UploadFile>) -> Result<Answer<UploadedFile>, Refusal> {
        let customer = call.customer()?;
        let now = self.now();
        let (files, bytes) = self.store.uploads_waiting(customer, now).await?;
        if files >= WAITING.0 || bytes >= WAITING.1 {
            return Err(rejected(
                FieldCode::TooMany.because("too many files wait to be sent; send or remove some first"),
            ));
        }
        let body = call.stream.ok_or(ProblemCode::Internal)?;
        // A document must be seen whole to tell what it is, so few are read at a time.
        let _room = self.uploads.acquire().await.map_err(|_| Refusal::new(ProblemCode::Internal))?;
        let collected = tokio::time::timeout(TIMEOUT, Limited::new(body, Upload::MAX_BYTES).collect()).await;
        let bytes = match collected {
            Err(_) => return Err(Refusal::new(ProblemCode::Invalid).because("the file took too long to arrive")),
            Ok(Err(error)) if error.is::<LengthLimitError>() => return Err(ProblemCode::TooLarge.into()),
            Ok(Err(_)) => return Err(Refusal::new(ProblemCode::Invalid).because("the file broke off")),
            Ok(Ok(collected)) => collected.to_bytes(),
        };
        let recognised = recognise(&call.query.name, &bytes).map_err(|rejection| match rejection {
            Rejection::TooLarge => ProblemCode::TooLarge.into(),
            Rejection::Empty => rejected(FieldCode::Required.because("the file is empty; choose another one")),
            Rejection::TypeNotAllowed => rejected(FieldCode::NotAllowed.because(
                "this type of file is not accepted; send PNG, JPEG, GIF, WebP or HEIC images, PDF, DOCX, XLSX, or plain text",
            )),
            Rejection::Macros => {
                rejected(FieldCode::NotAllowed.because("the document contains macros; save it without macros and send it again"))
            }
        })?;
        let upload = StoredUpload {
            id: UploadId::from_bits(random::bits()),
            name: Line::fitted(recognised.name.as_str()).ok_or(ProblemCode::FileRejected)?,
            media_type: Line::fitted(recognised.media_type.as_str()).ok_or(ProblemCode::FileRejected)?,
            size: u32::try_from(bytes.len()).unwrap_or(u32::MAX),
            expires_at: Timestamp::from_millis(now.millis() + KEPT),
        };
        let new = NewUpload { id: upload.id, customer, expires_at: upload.expires_at };
        self.store.begin_upload(&new, now).await?;
        for (place, part) in (0_u32..).zip(bytes.chunks(PART)) {
            if let Err(error) = self.store.put_part(upload.id, place, part.to_vec()).await {
                // Pruning finds it too, should this fail as well.
                let _ = self.store.abandon_upload(upload.id).await;
                return Err(error.into());
            }
        }
        self.store.finish_upload(&upload).await?;
        Ok(Answer::new(UploadedFile {
            id: upload.id,
            name: upload.name,
            media_type: upload.media_type,
            size: upload.size,
            expires_at: upload.expires_at,
        }))
    }
}

impl Handler<DiscardUpload> for App {
    async fn handle(&self, call: Call<DiscardUpload>) -> Result<Answer<Nothing>, Refusal> {
        if self.store.discard_upload(call.customer()?, call.path.upload_id).await? {
            Ok(Answer::new(Nothing))
        } else {
            Err(Refusal::not_found())
        }
    }
}

fn rejected(violation: shared::Violation) -> Refusal {
    Refusal::new(ProblemCode::FileRejected).with_error(FieldError::new("", &violation))
}

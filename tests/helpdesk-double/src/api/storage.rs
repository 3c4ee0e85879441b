//! Files by address: whoever holds the address gets the bytes, without any login and for ever.

use super::{ApiResult, errors::ApiError, paging::Parameters, php};
use crate::desk::Desk;
use axum::{
    extract::{Path, Query, State},
    http::{HeaderValue, header},
    response::{IntoResponse as _, Response},
};
use std::sync::Arc;

pub(crate) async fn download(
    State(desk): State<Arc<Desk>>,
    Path(_): Path<(String, String, String, String)>,
    Query(parameters): Query<Parameters>,
) -> ApiResult {
    let id = parameters.get("id").map_or(0, |text| php::id(text));
    desk.read(|state| {
        let attachment = state.attachments.get(&id).ok_or(ApiError::NoRoute)?;
        if parameters.get("token") != Some(&state.attachment_token(attachment)) {
            return Err(ApiError::Forbidden);
        }
        let mut response: Response = attachment.bytes.clone().into_response();
        let headers = response.headers_mut();
        let mime_type = HeaderValue::from_str(&attachment.mime_type);
        headers.insert(header::CONTENT_TYPE, mime_type.unwrap_or(HeaderValue::from_static("application/octet-stream")));
        let disposition = if attachment.mime_type.starts_with("image/") { "inline" } else { "attachment" };
        if let Ok(value) = HeaderValue::from_str(&format!("{disposition}; filename=\"{}\"", attachment.file_name)) {
            headers.insert(header::CONTENT_DISPOSITION, value);
        }
        headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("script-src 'none'; sandbox"));
        Ok(response)
    })
}

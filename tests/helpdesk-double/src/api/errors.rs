//! The vendor's error answers: JSON of three shapes, and HTML pages where nobody expects them.

use super::php;
use axum::{
    body::Body,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;
use std::fmt;

/// Why a call failed, as the vendor would say it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ApiError {
    /// 400 with the first problem found.
    Invalid {
        /// Parameter at fault.
        path: &'static str,
        /// The vendor's sentence.
        message: String,
    },
    /// 401: key missing or wrong.
    Unauthorized,
    /// 403: wrong token in a file's address.
    Forbidden,
    /// 404 in the API's own JSON.
    NotFound,
    /// 404 of the framework: no such route.
    NoRoute,
    /// 405 of the framework: the route exists for other methods.
    WrongMethod,
    /// 405 as a bare JSON string: HEAD on a route of the API.
    Head,
    /// 413 of the fronting web server.
    TooLarge,
    /// 500 of the framework.
    Server,
}

#[derive(Serialize)]
struct ErrorBody {
    message: &'static str,
    #[serde(rename = "_embedded")]
    embedded: Errors,
}

#[derive(Serialize)]
struct Errors {
    errors: Vec<ErrorItem>,
}

#[derive(Serialize)]
struct ErrorItem {
    path: &'static str,
    message: String,
    source: &'static str,
}

/// Marks an answer of the framework, whose form follows the request's `Accept`.
#[derive(Clone, Copy)]
pub(crate) struct FrameworkPage {
    /// The `message` that a client asking for JSON gets.
    pub(crate) json_message: &'static str,
}

impl ApiError {
    /// 400 for a parameter that is not there.
    pub(crate) fn required(path: &'static str) -> Self {
        Self::Invalid { path, message: format!("`{path}` parameter is required") }
    }
}

impl fmt::Display for ApiError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Invalid { path, message } => return write!(formatter, "{path}: {message}"),
            Self::Unauthorized => "the API key is missing or wrong",
            Self::Forbidden => "the file's token is wrong",
            Self::NotFound => "there is no such object",
            Self::NoRoute => "there is no such route",
            Self::WrongMethod | Self::Head => "the route does not know this method",
            Self::TooLarge => "the body is too large",
            Self::Server => "the help desk failed",
        })
    }
}

impl std::error::Error for ApiError {}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let error = |message, errors| php::json_encode(&ErrorBody { message, embedded: Errors { errors } });
        match self {
            Self::Invalid { path, message } => json(
                StatusCode::BAD_REQUEST,
                error("Error occurred", vec![ErrorItem { path, message, source: "JSON" }]),
            ),
            Self::Unauthorized => json(StatusCode::UNAUTHORIZED, r#"{"message":"Not Authorized"}"#.to_owned()),
            Self::NotFound => json(StatusCode::NOT_FOUND, error("Not Found", Vec::new())),
            Self::Head => json(StatusCode::METHOD_NOT_ALLOWED, r#""Method Not Allowed""#.to_owned()),
            Self::Forbidden => framework_page(StatusCode::FORBIDDEN, "Access denied", ""),
            Self::NoRoute => framework_page(StatusCode::NOT_FOUND, "Page not found", ""),
            Self::WrongMethod => framework_page(StatusCode::METHOD_NOT_ALLOWED, SERVER_ERROR, ""),
            Self::Server => framework_page(StatusCode::INTERNAL_SERVER_ERROR, SERVER_ERROR, "Server Error"),
            Self::TooLarge => web_server_page(StatusCode::PAYLOAD_TOO_LARGE),
        }
    }
}

/// What the help desk's own error page says.
const SERVER_ERROR: &str = "Whoops, looks like something went wrong — check logs in /storage/logs";

/// An answer in JSON.
pub(crate) fn json(status: StatusCode, body: String) -> Response {
    (status, [(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))], body).into_response()
}

fn framework_page(status: StatusCode, sentence: &str, json_message: &'static str) -> Response {
    let mut response = html(status, error_page(sentence));
    response.extensions_mut().insert(FrameworkPage { json_message });
    response
}

/// A page of the help desk's web side; `sentence` is what a person reads on it.
pub(crate) fn error_page(sentence: &str) -> String {
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\"><title>Error</title>\n\
         <style>body{{margin:0;font-family:sans-serif;color:#a3b2c2}}main{{padding:20vh 0;text-align:center}}</style></head>\n\
         <body><main><div class=\"title\">{sentence}</div></main></body>\n</html>\n"
    )
}

/// A page of the web server in front, which knows nothing of the help desk.
pub(crate) fn web_server_page(status: StatusCode) -> Response {
    let title = match status {
        StatusCode::PAYLOAD_TOO_LARGE => "413 Request Entity Too Large".to_owned(),
        StatusCode::GATEWAY_TIMEOUT => "504 Gateway Time-out".to_owned(),
        StatusCode::SERVICE_UNAVAILABLE => "503 Service Temporarily Unavailable".to_owned(),
        other => other.to_string(),
    };
    let mut response = html(
        status,
        format!(
            "<html>\r\n<head><title>{title}</title></head>\r\n<body>\r\n<center><h1>{title}</h1></center>\r\n\
             <hr><center>nginx</center>\r\n</body>\r\n</html>\r\n"
        ),
    );
    response.headers_mut().insert(header::SERVER, HeaderValue::from_static("nginx"));
    response
}

pub(crate) fn html(status: StatusCode, page: String) -> Response {
    (status, [(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=UTF-8"))], Body::from(page))
        .into_response()
}

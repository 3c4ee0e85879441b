//! Errors: their status, their shape, and that nothing is let in that should not be.

use reqwest::{Method, StatusCode};
use shared::endpoints::desk::ListNotices;
use shared::endpoints::tickets::{CreateTicket, NewTicket};
use shared::{Auth, Endpoint, Line, Nothing, ProblemCode, RequestBody, RequestKind, Text};

use super::{Report, ensure, fresh_key};
use crate::caller::{Caller, CallerError};

/// What needs no session.
pub(super) async fn anybody(report: &mut Report, caller: &Caller) {
    let notices = caller.call::<ListNotices>(&(), &(), &Nothing, None).await;
    report.note("notices are there for anybody", notices);
    let unknown = caller.raw(Method::GET, "/api/v1/support/nothing-here", &[], Vec::new()).await;
    report.note(
        "an unknown path is a problem document",
        unknown.and_then(|answer| {
            // Without a session, 401 tells as little as 404.
            answer.problem(StatusCode::NOT_FOUND).or_else(|_| answer.problem(StatusCode::UNAUTHORIZED))
        }),
    );
    macro_rules! each {
        ($($endpoint:path,)*) => { $(without_session::<$endpoint>(report, caller).await;)* };
    }
    shared::endpoints!(each);
}

/// A path of the right form, with ids that belong to nobody.
fn nobodys_path<E: Endpoint>() -> String {
    E::PATH
        .replace("{ticket_id}", &shared::TicketId::from_bits(1).to_string())
        .replace("{message_id}", &shared::MessageId::from_bits(1).to_string())
        .replace("{attachment_id}", &shared::AttachmentId::from_bits(1).to_string())
        .replace("{upload_id}", &shared::UploadId::from_bits(1).to_string())
}

async fn without_session<E: Endpoint>(report: &mut Report, caller: &Caller) {
    if E::AUTH != Auth::Bearer {
        return;
    }
    let method = Method::from_bytes(E::METHOD.as_str().as_bytes()).unwrap_or_default();
    for (name, header) in [
        ("no token", None),
        ("a token that is none", Some("Bearer nonsense")),
        (
            "an unsigned token",
            Some(
                "Bearer eyJ0eXAiOiJhdCtqd3QiLCJhbGciOiJub25lIn0.eyJzdWIiOiJjdV8wMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMSJ9.",
            ),
        ),
        ("another scheme", Some("Basic dXNlcjpwYXNz")),
    ] {
        let headers: Vec<(&str, &str)> = header.map(|value| ("authorization", value)).into_iter().collect();
        let answer = caller.anonymous().raw(method.clone(), &nobodys_path::<E>(), &headers, Vec::new()).await;
        let checked = answer.and_then(|answer| {
            let problem = answer.problem(StatusCode::UNAUTHORIZED)?;
            ensure(problem.code == ProblemCode::Unauthenticated, format!("{}: code is {:?}", E::ID, problem.code))?;
            let challenge = answer.header("www-authenticate").unwrap_or_default();
            ensure(challenge.starts_with("Bearer"), format!("{}: WWW-Authenticate is {challenge:?}", E::ID))
        });
        report.note(&format!("{} refuses {name}", E::ID), checked);
    }
}

/// What a signed-in customer may get wrong.
pub(super) async fn customer(report: &mut Report, caller: &Caller) {
    let unknown = caller.raw(Method::GET, "/api/v1/support/nothing-here", &[], Vec::new()).await;
    report.note("an unknown path is 404", unknown.and_then(|answer| answer.problem(StatusCode::NOT_FOUND)));
    let wrong = caller.raw(Method::DELETE, ListNotices::PATH, &[], Vec::new()).await;
    report.note(
        "a method that the route does not have is 405 and says which it has",
        wrong.and_then(|answer| {
            answer.problem(StatusCode::METHOD_NOT_ALLOWED)?;
            ensure(answer.header("allow").is_some_and(|allow| allow.contains("GET")), "Allow is missing")
        }),
    );
    let query = caller.raw(Method::GET, "/api/v1/support/tickets?limit=51", &[], Vec::new()).await;
    report.note("a query beyond its bound is 400", query.and_then(|answer| answer.problem(StatusCode::BAD_REQUEST)));
    let query = caller.raw(Method::GET, "/api/v1/support/tickets?customerId=1", &[], Vec::new()).await;
    report.note("an unknown parameter is 400", query.and_then(|answer| answer.problem(StatusCode::BAD_REQUEST)));
    bodies(report, caller).await;
    macro_rules! each {
        ($($endpoint:path,)*) => { $(too_large::<$endpoint>(report, caller).await;)* };
    }
    shared::endpoints!(each);
}

async fn bodies(report: &mut Report, caller: &Caller) {
    let json = ("content-type", "application/json");
    let key = fresh_key();
    let key = (shared::IdempotencyKey::HEADER, key.as_str());
    let post = |headers: Vec<(&'static str, String)>, body: String| {
        let caller = caller.clone();
        async move {
            let headers: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
            caller.raw(Method::POST, CreateTicket::PATH, &headers, body.into_bytes()).await
        }
    };
    let with = |kind: &str| vec![("content-type", kind.to_owned()), (key.0, key.1.to_owned())];
    let cases = [
        ("malformed JSON is 400", with(json.1), "{\"subject\":".to_owned(), StatusCode::BAD_REQUEST),
        (
            "an unknown field is 400",
            with(json.1),
            r#"{"subject":"a","body":"b","customer":1}"#.to_owned(),
            StatusCode::BAD_REQUEST,
        ),
        (
            "a field twice is 400",
            with(json.1),
            r#"{"subject":"a","subject":"b","body":"c"}"#.to_owned(),
            StatusCode::BAD_REQUEST,
        ),
        ("a missing field is 400", with(json.1), r#"{"subject":"a"}"#.to_owned(), StatusCode::BAD_REQUEST),
        ("nesting without end is 400", with(json.1), "[".repeat(5_000), StatusCode::BAD_REQUEST),
        (
            "another content type is 415",
            with("text/plain"),
            r#"{"subject":"a","body":"b"}"#.to_owned(),
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
        ),
        (
            "a form is 415",
            with("application/x-www-form-urlencoded"),
            "subject=a".to_owned(),
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
        ),
        (
            "no idempotency key is 400",
            vec![("content-type", json.1.to_owned())],
            r#"{"subject":"a","body":"b"}"#.to_owned(),
            StatusCode::BAD_REQUEST,
        ),
    ];
    for (name, headers, body, status) in cases {
        let answer = post(headers, body).await;
        report.note(name, answer.and_then(|answer| answer.problem(status)));
    }
    let missing = post(with(json.1), r#"{"body":"b"}"#.to_owned()).await;
    report.note(
        "a refused field is named",
        missing.and_then(|answer| {
            let problem = answer.problem(StatusCode::BAD_REQUEST)?;
            ensure(
                problem.errors.iter().any(|error| error.field.as_str() == "subject"),
                format!("errors are {:?}", problem.errors),
            )
        }),
    );
}

async fn too_large<E: Endpoint>(report: &mut Report, caller: &Caller) {
    if E::Request::KIND != RequestKind::Json || E::AUTH != Auth::Bearer {
        return;
    }
    let body = vec![b' '; E::Request::MAX_BYTES + 1];
    let method = Method::from_bytes(E::METHOD.as_str().as_bytes()).unwrap_or_default();
    let key = fresh_key();
    let headers = [("content-type", "application/json"), (shared::IdempotencyKey::HEADER, key.as_str())];
    let headers = if E::IDEMPOTENT_BY_KEY { &headers[..] } else { &headers[..1] };
    let answer = caller.raw(method, &nobodys_path::<E>(), headers, body).await;
    // Whether the size or the id is looked at first is nobody's business, as long as neither gets through.
    let checked: Result<(), CallerError> = answer.and_then(|answer| {
        let large = answer.problem(StatusCode::PAYLOAD_TOO_LARGE).map(drop);
        if E::PATH.contains('{') { large.or_else(|_| answer.problem(StatusCode::NOT_FOUND).map(drop)) } else { large }
    });
    report.note(&format!("{} refuses a body beyond its bound", E::ID), checked);
}

/// A small ticket.
pub(super) fn small_ticket(subject: &str) -> NewTicket {
    NewTicket {
        topic_id: None,
        subject: Line::fitted(subject).unwrap_or_default(),
        body: Text::fitted("Written by the conformance run.").unwrap_or_default(),
        fields: shared::List::default(),
        uploads: shared::List::default(),
    }
}

//! What a caller without a valid token gets, and what it can never get.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a panic is how a test fails, in its own functions too")]

mod reasonator;

use std::{sync::Arc, time::Duration};

use axum::{Router, body::Body, http::Request, routing::get};
use http::{HeaderMap, HeaderValue, StatusCode};
use reasonator::Connection;
use service_auth::{KeyRing, KeySource, Metrics, PROBLEM_BODY, Refusal, ServiceToken, Tier, TokenSource, Verifier};
use tower::ServiceExt;

fn verifier(token: &ServiceToken) -> Arc<Verifier> {
    let source = KeySource::new(TokenSource::value("REASONATOR_SERVICE_TOKEN", token.expose()));
    Arc::new(Verifier::new("raptor", Arc::new(KeyRing::load(source, Duration::from_secs(60)).unwrap())))
}

fn authorization(value: &str) -> HeaderMap {
    HeaderMap::from_iter([
        (http::header::AUTHORIZATION, HeaderValue::from_str(value).unwrap()),
        (http::HeaderName::from_static("x-raxx-tier"), HeaderValue::from_static("pro_plus")),
    ])
}

#[tokio::test]
async fn every_refusal_is_the_same_answer() {
    let token = ServiceToken::generate().unwrap();
    let verifier = verifier(&token);
    let mut connection = Connection::open(reasonator::start(verifier.clone()).await).await;
    let mut twice = authorization(&format!("Bearer {}", token.expose()));
    twice.append(http::header::AUTHORIZATION, HeaderValue::from_str(&format!("Bearer {}", token.expose())).unwrap());
    let other = ServiceToken::generate().unwrap();
    let attempts: Vec<(HeaderMap, Refusal)> = vec![
        (HeaderMap::new(), Refusal::Missing),
        (authorization(""), Refusal::Malformed),
        (authorization("Bearer"), Refusal::Malformed),
        (authorization(token.expose()), Refusal::Malformed),
        (authorization(&format!("Basic {}", token.expose())), Refusal::Malformed),
        (authorization(&format!("Bearer {}=", token.expose())), Refusal::Malformed),
        (authorization(&format!("Bearer {}", &token.expose()[..42])), Refusal::Malformed),
        (authorization(&format!("Bearer {}", "x".repeat(16_000))), Refusal::Malformed),
        (authorization(&format!("Bearer {}", other.expose())), Refusal::Unknown),
        (twice, Refusal::Malformed),
    ];
    let mut answers = Vec::new();
    let mut counts = [(Refusal::Missing, 0), (Refusal::Malformed, 0), (Refusal::Unknown, 0)];
    for (headers, refusal) in &attempts {
        let (status, mut headers, body) = connection.get("/score", headers).await;
        headers.remove("date");
        answers.push((status, headers, body));
        counts.iter_mut().filter(|(kind, _)| kind == refusal).for_each(|(_, count)| *count += 1);
    }
    let (status, headers, body) = &answers[0];
    assert_eq!(*status, StatusCode::UNAUTHORIZED);
    assert_eq!(headers["www-authenticate"], "Bearer realm=\"service\"");
    assert_eq!(headers["content-type"], "application/problem+json");
    assert_eq!(headers["cache-control"], "no-store");
    assert_eq!(body, PROBLEM_BODY);
    for answer in &answers {
        assert_eq!(answer, &answers[0], "a refusal must not tell its cause");
    }
    for (refusal, count) in counts {
        assert_eq!(verifier.metrics().refused(refusal), count, "{refusal:?}");
    }
    // The guard lets the right token through on the same connection.
    let (status, _, body) = connection.get("/score", &authorization(&format!("bearer {}", token.expose()))).await;
    assert_eq!((status, body.as_str()), (StatusCode::OK, "queue=pro_plus"));
}

#[tokio::test]
async fn the_token_goes_no_further_than_the_check() {
    let token = ServiceToken::generate().unwrap();
    let mut connection = Connection::open(reasonator::start(verifier(&token)).await).await;
    let headers = authorization(&format!("Bearer {}", token.expose()));
    let (status, _, body) = connection.get("/headers", &headers).await;
    assert_eq!(status, StatusCode::OK);
    assert!(body.contains("x-raxx-tier") && !body.contains("authorization"), "{body}");
    assert_eq!(connection.get("/caller", &headers).await.2, "raptor");
}

#[tokio::test]
async fn another_header_leaves_the_customers_authorization_alone() {
    let token = ServiceToken::generate().unwrap();
    let source = KeySource::new(TokenSource::value("EDGE_SERVICE_TOKEN", token.expose()));
    let ring = Arc::new(KeyRing::load(source, Duration::from_secs(60)).unwrap());
    let header = http::HeaderName::from_static("x-raxx-service-authorization");
    let verifier = Arc::new(Verifier::new("edge", ring).with_header(header));
    let mut connection = Connection::open(reasonator::start(verifier).await).await;

    let mut headers = authorization("Bearer the.customers.session");
    assert_eq!(connection.get("/headers", &headers).await.0, StatusCode::UNAUTHORIZED);
    let value = HeaderValue::from_str(&format!("Bearer {}", token.expose())).unwrap();
    headers.insert("x-raxx-service-authorization", value);
    let (status, _, body) = connection.get("/headers", &headers).await;
    assert_eq!(status, StatusCode::OK);
    assert!(body.contains("the.customers.session") && !body.contains(token.expose()));
}

#[tokio::test]
async fn a_tier_is_not_believed_on_a_route_without_the_check() {
    let reached = |request: Request<Body>| async {
        let app: Router = Router::new()
            .route("/score", get(|tier: Tier| async move { tier.as_str().to_owned() }))
            .route("/optional", get(|tier: Option<Tier>| async move { format!("{tier:?}") }));
        app.oneshot(request).await.unwrap()
    };
    for path in ["/score", "/optional"] {
        let response = reached(Request::get(path).header("x-raxx-tier", "pro_plus").body(Body::empty()).unwrap()).await;
        assert_eq!(response.status(), StatusCode::UNAUTHORIZED, "{path}");
        assert_eq!(reasonator::text(response.into_body()).await, PROBLEM_BODY);
    }
}

#[tokio::test]
async fn a_verified_caller_must_still_send_one_wellformed_tier() {
    let token = ServiceToken::generate().unwrap();
    let mut connection = Connection::open(reasonator::start(verifier(&token)).await).await;
    let mut headers = authorization(&format!("Bearer {}", token.expose()));
    headers.append("x-raxx-tier", HeaderValue::from_static("free"));
    assert_eq!(connection.get("/score", &headers).await.0, StatusCode::BAD_REQUEST);
    for wrong in ["", "PRO", "pro plus", "a-b", &"x".repeat(33)] {
        headers.insert("x-raxx-tier", HeaderValue::from_str(wrong).unwrap());
        assert_eq!(connection.get("/score", &headers).await.0, StatusCode::BAD_REQUEST, "{wrong:?}");
    }
    headers.remove("x-raxx-tier");
    assert_eq!(connection.get("/score", &headers).await.0, StatusCode::BAD_REQUEST);
}

#[test]
fn the_text_format_escapes_the_pair() {
    let text = Metrics::default().render("a\"b\\c\nd");
    assert!(text.contains(r#"pair="a\"b\\c\nd",outcome="accepted_current"} 0"#), "{text}");
    assert_eq!(text.lines().filter(|line| !line.starts_with('#')).count(), 8);
}

//! The web server and the access gate in front of the help desk.

use crate::client::Client;
use helpdesk_double::{Config, HelpDeskDouble};

#[tokio::test]
async fn a_body_over_the_limit_is_refused_by_the_web_server() {
    let config = Config { max_body_bytes: 1000, ..Config::default() };
    let desk = HelpDeskDouble::start(config).await.unwrap();
    let client = Client::new(&desk);
    let just_fits = client.send("POST", "/api/customers", &[], &[b' '; 1000]).await.unwrap();
    assert_eq!(just_fits.status, 400);
    let too_large = client.send("POST", "/api/customers", &[], &[b' '; 1001]).await.unwrap();
    assert_eq!((too_large.status, too_large.header("server")), (413, Some("nginx")));
    assert!(too_large.text().contains("413 Request Entity Too Large"));
}

#[tokio::test]
async fn a_body_of_unknown_length_is_counted_while_it_comes() {
    let config = Config { max_body_bytes: 10, ..Config::default() };
    let desk = HelpDeskDouble::start(config).await.unwrap();
    let chunked = [("transfer-encoding", "chunked"), ("content-type", "application/json")];
    // The client adds its own content-length, which HTTP/1.1 ignores beside chunks; so send the chunks by hand.
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let mut stream = tokio::net::TcpStream::connect(desk.address).await.unwrap();
    let head = format!(
        "POST /api/customers HTTP/1.1\r\nhost: x\r\nconnection: close\r\nx-freescout-api-key: {}\r\n{}: {}\r\n\r\n",
        desk.api_key, chunked[0].0, chunked[0].1
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    stream.write_all(b"14\r\n                    \r\n0\r\n\r\n").await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
}

#[tokio::test]
async fn the_access_gate_stands_before_the_key() {
    let config = Config { access_gate: Some(("gate-id".into(), "gate-secret".into())), ..Config::default() };
    let desk = HelpDeskDouble::start(config).await.unwrap();
    let client = Client::new(&desk);
    assert_eq!(client.get("/api/users").await.status, 403);
    let wrong = [("cf-access-client-id", "gate-id"), ("cf-access-client-secret", "guess")];
    assert_eq!(client.send("GET", "/api/users", &wrong, b"").await.unwrap().status, 403);
    let right = [("cf-access-client-id", "gate-id"), ("cf-access-client-secret", "gate-secret")];
    assert_eq!(client.send("GET", "/api/users", &right, b"").await.unwrap().status, 200);
    assert_eq!(Client::without_key(&desk).send("GET", "/api/users", &right, b"").await.unwrap().status, 401);
    assert_eq!(client.get("/storage/attachment/1/1/1/a.txt?id=1&token=x").await.status, 403);
}

#[tokio::test]
async fn calls_are_counted_by_route() {
    let desk = HelpDeskDouble::start(Config::default()).await.unwrap();
    let client = Client::new(&desk);
    for id in 1..=3 {
        client.get(&format!("/api/conversations/{id}")).await;
    }
    client.get("/api/conversations").await;
    client.get("/elsewhere").await;
    let counts = desk.counts();
    assert_eq!(counts.total, 5);
    assert_eq!(counts.by_route["GET /api/conversations/{id}"], 3);
    assert_eq!(counts.by_route["GET /api/conversations"], 1);
    assert_eq!(counts.by_route["GET unmatched"], 1);
    assert_eq!((counts.by_status[&404], counts.by_status[&200]), (4, 1));
    desk.clear_counts();
    assert_eq!(desk.counts().total, 0);
}

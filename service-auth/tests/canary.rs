//! Plants real-looking tokens everywhere a token can enter, and looks for them in everything that comes out.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a panic is how a test fails, in its own functions too")]

mod reasonator;

use std::{
    io::Write,
    sync::{Arc, Mutex},
    time::Duration,
};

use http::HeaderMap;
use reasonator::Connection;
use service_auth::{
    ClientCredential, KeyRing, KeySource, Reload, ServiceToken, TokenSource, Verifier, refusal_response, watch,
};
use tracing_subscriber::fmt::MakeWriter;

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

#[tokio::test]
async fn no_output_ever_shows_more_than_eight_characters() {
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_writer(log.clone()).finish();
    let _guard = tracing::subscriber::set_default(subscriber);

    let directory = tempfile::tempdir().unwrap();
    let (server_file, client_file) = (directory.path().join("server"), directory.path().join("client"));
    let [ours, next, foreign, broken] = [(); 4].map(|()| ServiceToken::generate().unwrap());
    std::fs::write(&server_file, ours.expose()).unwrap();
    std::fs::write(&client_file, ours.expose()).unwrap();

    let source = KeySource::new(TokenSource::file(&server_file));
    let ring = Arc::new(KeyRing::load(source, Duration::from_secs(60)).unwrap());
    let credential = Arc::new(ClientCredential::load(TokenSource::file(&client_file)).unwrap());
    let verifier = Arc::new(Verifier::new("raptor", ring.clone()));
    let mut connection = Connection::open(reasonator::start(verifier.clone()).await).await;
    let mut outputs = vec![format!("{credential:?} {ring:?} {:?} {verifier:?}", ring.keys())];

    let present = |value: &str| {
        let mut headers = HeaderMap::new();
        headers.insert("authorization", value.parse().unwrap());
        headers
    };
    // A key of a vendor that has not the shape of a service token, ours cut short, ours with text after it, and a foreign one.
    let vendor_key = format!("rk_live_{}", &broken.expose()[..24]);
    let mut ours_applied = HeaderMap::new();
    credential.apply(&mut ours_applied);
    outputs.push(format!("{ours_applied:?}"));
    for headers in [
        ours_applied,
        present(&format!("Bearer {}", foreign.expose())),
        present(&format!("Bearer {vendor_key}")),
        present(&format!("Bearer {}", &broken.expose()[..42])),
        present(&format!("Bearer {} trailing", broken.expose())),
        present(broken.expose()),
    ] {
        let (status, headers, body) = connection.get("/caller", &headers).await;
        outputs.push(format!("{status} {headers:?} {body}"));
    }

    // Reloads: a good one and broken ones, on both sides, through the watcher and directly.
    let reloads = watch(credential.clone(), Duration::from_millis(10)).unwrap();
    std::fs::write(&server_file, next.expose()).unwrap();
    outputs.push(format!("{:?}", ring.reload()));
    for content in [format!("{}{}", broken.expose(), broken.expose()), broken.expose()[..30].to_owned()] {
        std::fs::write(&server_file, &content).unwrap();
        std::fs::write(&client_file, &content).unwrap();
        let error = ring.reload().unwrap_err();
        outputs.push(format!("{error} {error:?}"));
        let mut attempts = reloads.attempts();
        attempts.borrow_and_update();
        attempts.changed().await.unwrap();
    }
    outputs.push(ring.metrics().render("raptor"));
    outputs.push(refusal_response::<String>().into_body());
    let logged = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert!(logged.contains(&format!("tok=\"{}\"", &ours.expose()[..8])), "every use is logged: {logged}");
    assert!(logged.contains("<malformed>"));
    outputs.push(logged);

    for output in &outputs {
        for token in [&ours, &next, &foreign, &broken] {
            assert!(!output.contains(&token.expose()[..9]), "nine characters of a token in: {output}");
            assert!(!output.contains(&token.expose()[10..]), "the tail of a token in: {output}");
        }
        // What is not a service token is not shown at all, not even eight characters.
        assert!(!output.contains(&broken.expose()[..8]) && !output.contains("rk_live"), "{output}");
    }
}

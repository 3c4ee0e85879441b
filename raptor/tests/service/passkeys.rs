//! Passkey ceremonies, with a software authenticator.

use http::Method;
use passkey::authenticator::{Authenticator, UiHint, UserCheck, UserValidationMethod};
use passkey::client::{Client, DefaultClientData};
use passkey::crypto::rust_crypto::RustCryptoBackend;
use passkey::types::Passkey;
use passkey::types::ctap2::{Aaguid, Ctap2Error};
use passkey::types::webauthn::{CredentialCreationOptions, CredentialRequestOptions};
use raptor::sessions::CeremonyError;
use serde_json::{Value, json};
use url::Url;

use crate::support::{Answer, Options, World};

const ORIGIN: &str = "http://localhost:8787";

struct AlwaysThere;

#[async_trait::async_trait]
impl UserValidationMethod for AlwaysThere {
    type PasskeyItem = Passkey;

    async fn check_user<'a>(
        &self,
        _: UiHint<'a, Passkey>,
        presence: bool,
        verification: bool,
    ) -> Result<UserCheck, Ctap2Error> {
        Ok(UserCheck { presence, verification })
    }

    fn is_presence_enabled(&self) -> bool {
        true
    }

    fn is_verification_enabled(&self) -> Option<bool> {
        Some(true)
    }
}

/// A browser at an origin with one passkey, or none yet.
struct Browser {
    held: Option<Passkey>,
    origin: Url,
    /// Its passkeys count how often they were used. Those that are shared between devices do not.
    counts: bool,
}

/// A client with what the browser holds. A macro, because the client's type cannot be named without a further crate.
macro_rules! client {
    ($browser:expr) => {{
        let mut authenticator =
            Authenticator::new(Aaguid::new_empty(), $browser.held.clone(), AlwaysThere, RustCryptoBackend);
        authenticator.set_make_credentials_with_signature_counter($browser.counts);
        Client::new(authenticator).allows_insecure_localhost(true)
    }};
}

impl Browser {
    fn new() -> Self {
        Self { held: None, origin: Url::parse(ORIGIN).unwrap(), counts: true }
    }

    async fn create(&mut self, public_key: &Value) -> Value {
        let options: CredentialCreationOptions = serde_json::from_value(json!({ "publicKey": public_key })).unwrap();
        let mut client = client!(self);
        let created = client.register(&self.origin, options, DefaultClientData).await.unwrap();
        self.held = client.authenticator().store().clone();
        serde_json::to_value(created).unwrap()
    }

    async fn assert(&mut self, public_key: &Value) -> Value {
        let options: CredentialRequestOptions = serde_json::from_value(json!({ "publicKey": public_key })).unwrap();
        let mut client = client!(self);
        let asserted = client.authenticate(&self.origin, options, DefaultClientData).await.unwrap();
        self.held = client.authenticator().store().clone();
        serde_json::to_value(asserted).unwrap()
    }
}

async fn post(world: &World, path: &str, body: &Value) -> Answer {
    world.request(Method::POST, path).json(body).send().await
}

async fn options(world: &World) -> Value {
    world.request(Method::POST, "/api/v1/auth/passkey/options").send().await.expect(200).json()
}

async fn enrol(world: &World, browser: &mut Browser) -> Answer {
    let body = json!({ "display_name": "Ada Lovelace" });
    let ceremony = post(world, "/api/v1/auth/enrolment/options", &body).await.expect(200).json();
    assert_eq!(ceremony["public_key"]["authenticatorSelection"]["residentKey"], "required");
    let credential = browser.create(&ceremony["public_key"]).await;
    let answer = json!({ "ceremony_id": ceremony["ceremony_id"], "credential": credential });
    post(world, "/api/v1/auth/enrolment", &answer).await
}

async fn sign_in(world: &World, browser: &mut Browser) -> Answer {
    let ceremony = options(world).await;
    assert!(ceremony["public_key"].get("allowCredentials").is_none_or(|list| list == &json!([])));
    let credential = browser.assert(&ceremony["public_key"]).await;
    let answer = json!({ "ceremony_id": ceremony["ceremony_id"], "credential": credential });
    post(world, "/api/v1/auth/passkey/session", &answer).await
}

#[tokio::test]
async fn a_customer_enrols_signs_in_reads_and_signs_out() {
    let world = World::start().await;
    let mut browser = Browser::new();
    let customer = enrol(&world, &mut browser).await.expect(201).json();
    assert_eq!(customer["name"], "Ada Lovelace");
    let session = sign_in(&world, &mut browser).await.expect(201).json();
    assert_eq!(session["customer"], customer);
    let token = format!("Bearer {}", session["token"].as_str().unwrap());
    let list =
        |token: String| world.request(Method::GET, "/api/v1/support/tickets").header("authorization", &token).send();
    list(token.clone()).await.expect(200);
    let out = world.request(Method::DELETE, "/api/v1/auth/session").header("authorization", &token).send().await;
    assert_eq!(out.clone().expect(204).headers["clear-site-data"], "\"cache\", \"storage\"");
    assert_eq!(list(token).await.expect(401).code(), "session_expired");
    // The passkey still works, with a counter that has grown.
    sign_in(&world, &mut browser).await.expect(201);
}

#[tokio::test]
async fn a_challenge_is_used_once() {
    let world = World::start().await;
    // No counter: what is sent twice is refused for its challenge alone.
    let mut browser = Browser { counts: false, ..Browser::new() };
    enrol(&world, &mut browser).await.expect(201);
    let ceremony = options(&world).await;
    let credential = browser.assert(&ceremony["public_key"]).await;
    let answer = json!({ "ceremony_id": ceremony["ceremony_id"], "credential": credential });
    let (first, second) = tokio::join!(
        post(&world, "/api/v1/auth/passkey/session", &answer),
        post(&world, "/api/v1/auth/passkey/session", &answer)
    );
    let mut statuses = [first.status, second.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 401]);
    post(&world, "/api/v1/auth/passkey/session", &answer).await.expect(401);
}

#[tokio::test]
async fn a_challenge_for_one_purpose_is_none_for_another() {
    let world = World::start().await;
    let mut browser = Browser::new();
    enrol(&world, &mut browser).await.expect(201);
    let body = json!({ "display_name": "Mallory" });
    let enrolment = post(&world, "/api/v1/auth/enrolment/options", &body).await.expect(200).json();
    let mut request = options(&world).await["public_key"].clone();
    request["challenge"] = enrolment["public_key"]["challenge"].clone();
    let credential = browser.assert(&request).await;
    let answer = json!({ "ceremony_id": enrolment["ceremony_id"], "credential": credential });
    assert_eq!(post(&world, "/api/v1/auth/passkey/session", &answer).await.expect(401).code(), "unauthenticated");

    // From outside every failure is the same, and a state of another kind cannot be read either. That it is not even tried shows here.
    let enrolment = post(&world, "/api/v1/auth/enrolment/options", &body).await.expect(200).json();
    let answer = json!({ "ceremony_id": enrolment["ceremony_id"], "credential": answer["credential"] });
    let answer = serde_json::from_value(answer).unwrap();
    let app = world.app();
    let refused = app.passkeys.finish_sign_in(&app.store, &answer, app.now()).await.unwrap_err();
    assert!(matches!(refused, CeremonyError::Unknown), "{refused}");
}

#[tokio::test]
async fn a_challenge_ends_after_five_minutes() {
    let world = World::start().await;
    let mut browser = Browser::new();
    enrol(&world, &mut browser).await.expect(201);
    let app = world.app();
    // Begun five minutes ago, as far as the database knows.
    let long_ago = shared::Timestamp::from_millis(app.now().millis() - 300_000);
    let ceremony = app.passkeys.start_sign_in(&app.store, long_ago).await.unwrap();
    let public_key: Value = serde_json::from_str(ceremony.public_key.as_str()).unwrap();
    let credential = browser.assert(&public_key).await;
    let answer = json!({ "ceremony_id": ceremony.ceremony_id, "credential": credential });
    post(&world, "/api/v1/auth/passkey/session", &answer).await.expect(401);
}

#[tokio::test]
async fn another_origin_is_refused_even_below_the_same_host() {
    let world = World::start().await;
    let mut browser = Browser::new();
    enrol(&world, &mut browser).await.expect(201);
    for origin in ["http://localhost:8788", "http://sub.localhost:8787", "https://localhost:8787"] {
        let mut elsewhere = Browser { held: browser.held.clone(), origin: Url::parse(origin).unwrap(), counts: true };
        let ceremony = options(&world).await;
        let options: CredentialRequestOptions =
            serde_json::from_value(json!({ "publicKey": ceremony["public_key"] })).unwrap();
        let mut client = client!(elsewhere);
        // A browser that is honest about where it is; some origins it refuses by itself.
        let Ok(asserted) = client.authenticate(&elsewhere.origin, options, DefaultClientData).await else {
            assert_eq!(origin, "http://sub.localhost:8787");
            continue;
        };
        elsewhere.held = client.authenticator().store().clone();
        let answer =
            json!({ "ceremony_id": ceremony["ceremony_id"], "credential": serde_json::to_value(asserted).unwrap() });
        assert_eq!(post(&world, "/api/v1/auth/passkey/session", &answer).await.status, 401, "{origin}");
    }
    sign_in(&world, &mut browser).await.expect(201);
}

#[tokio::test]
async fn a_copied_passkey_is_noticed_by_its_counter() {
    let world = World::start().await;
    let mut browser = Browser::new();
    enrol(&world, &mut browser).await.expect(201);
    let mut copy = Browser { held: browser.held.clone(), origin: browser.origin.clone(), counts: true };
    sign_in(&world, &mut browser).await.expect(201);
    sign_in(&world, &mut browser).await.expect(201);
    // The copy counts from where it was made, and that is the past.
    sign_in(&world, &mut copy).await.expect(401);
}

#[tokio::test]
async fn every_failed_ceremony_is_the_same_answer() {
    let world = World::start().await;
    let mut browser = Browser::new();
    enrol(&world, &mut browser).await.expect(201);
    let ceremony = options(&world).await;
    let credential = browser.assert(&ceremony["public_key"]).await;
    let mut forged = credential.clone();
    forged["response"]["signature"] = json!("MEUCIQDx");
    let mut unknown = credential.clone();
    unknown["id"] = json!("AAAA");
    unknown["rawId"] = json!("AAAA");
    let id = |bits: u128| shared::CeremonyId::from_bits(bits).to_string();
    let mut answers = Vec::new();
    for body in [
        json!({ "ceremony_id": id(1), "credential": credential }),
        json!({ "ceremony_id": options(&world).await["ceremony_id"], "credential": forged }),
        json!({ "ceremony_id": options(&world).await["ceremony_id"], "credential": unknown }),
        json!({ "ceremony_id": options(&world).await["ceremony_id"], "credential": {} }),
        json!({ "ceremony_id": options(&world).await["ceremony_id"], "credential": credential }),
    ] {
        answers.push(post(&world, "/api/v1/auth/passkey/session", &body).await.expect(401).without_reference());
    }
    answers.dedup();
    assert_eq!(answers.len(), 1, "{answers:?}");
}

#[tokio::test]
async fn enrolment_does_not_exist_where_it_is_not_switched_on() {
    let world =
        World::start_with(Options { environment: vec![("RAPTOR_DEV_ENROLMENT", "0".into())], ..Options::default() })
            .await;
    let body = json!({ "display_name": "Mallory" });
    for path in ["/api/v1/auth/enrolment/options", "/api/v1/auth/enrolment"] {
        assert_eq!(post(&world, path, &body).await.expect(404).code(), "not_found");
    }
}

#[tokio::test]
async fn sign_in_is_rate_limited_by_the_address_that_the_edge_states() {
    let world = World::start().await;
    let ask = |address: &'static str| {
        world.request(Method::POST, "/api/v1/auth/passkey/options").header(shared::CLIENT_ADDRESS, address).send()
    };
    for _ in 0..20 {
        ask("192.0.2.1").await.expect(200);
    }
    let refused = ask("192.0.2.1").await.expect(429);
    assert_eq!(refused.code(), "rate_limited");
    assert!(refused.headers.contains_key("retry-after"));
    ask("192.0.2.2").await.expect(200);
}

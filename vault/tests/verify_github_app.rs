//! A GitHub App is verified with a token that its key signs.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a panic is how a test fails, in its own functions too")]

mod vendor_double;

use std::path::Path;

use raxx_vault::{
    registry::{Registry, Source, Verdict},
    verify::{self, Certainty, Client, Outcome, Settings, Values},
};
use vendor_double::{Asked, Recorded, VendorDouble, answer};

fn registry() -> Registry {
    Source::open(&Path::new(env!("CARGO_MANIFEST_DIR")).join("registry.toml")).unwrap().registry
}

fn verdict_with(
    registry: &Registry,
    values: Values,
    respond: impl Fn(&Asked) -> Recorded + Send + Sync + 'static,
) -> (Outcome, Vec<Asked>) {
    let double = VendorDouble::start(respond);
    let mut settings = Settings::default();
    settings.addresses.insert("GH".to_owned(), double.url());
    let token = registry.token("GH_APP_DEV_BOT").unwrap();
    let outcome = verify::one(registry, token, &values, &Client::new(settings.timeout), &settings);
    (outcome, double.asked())
}

#[test]
fn a_github_app_signs_in_with_its_key_and_is_compared_with_its_folder() {
    let registry = registry();
    let pem = include_str!("fixtures/app_key.pem");
    let values = || {
        Values::default()
            .with("__APP_ID", "12345".to_owned())
            .with("__INSTALLATION_ID", "678".to_owned())
            .with("__PRIVATE_KEY_PEM", pem.to_owned())
    };
    let app = |slug: &'static str, installation: u16| {
        verdict_with(&registry, values(), move |asked| match asked.path.as_str() {
            "/app" => answer(200, &format!(r#"{{"slug":"{slug}","permissions":{{"contents":"read"}}}}"#)),
            "/app/installations/678" => answer(installation, "{}"),
            other => panic!("unexpected {other}"),
        })
    };
    let (outcome, asked) = app("raxx-dev-bot", 200);
    assert_eq!((outcome.certainty, outcome.identity.as_deref()), (Certainty::Unconfirmed, Some("raxx-dev-bot")));
    assert_eq!(outcome.scopes, Some(vec!["contents:read".to_owned()]));
    assert!(asked.iter().all(|asked| asked.method == "GET"), "no installation token is made");
    assert_eq!(app("someone-else", 200).0.certainty, Certainty::Differs);
    assert_eq!(app("raxx-dev-bot", 404).0.certainty, Certainty::Differs);

    // The signature is right, and the claims are those that GitHub wants.
    let jwt = asked[0].header("authorization").unwrap().trim_start_matches("Bearer ").to_owned();
    let (message, signature) = jwt.rsplit_once('.').unwrap();
    let decode = |text: &str| base64::Engine::decode(&base64::engine::general_purpose::URL_SAFE_NO_PAD, text).unwrap();
    let body: String =
        pem.lines().skip_while(|line| !line.starts_with("---")).filter(|line| !line.starts_with("---")).collect();
    let der = base64::Engine::decode(&base64::engine::general_purpose::STANDARD, body).unwrap();
    let pair = ring::signature::RsaKeyPair::from_pkcs8(&der).unwrap();
    ring::signature::UnparsedPublicKey::new(&ring::signature::RSA_PKCS1_2048_8192_SHA256, pair.public().as_ref())
        .verify(message.as_bytes(), &decode(signature))
        .expect("a valid signature");
    let claims: serde_json::Value = serde_json::from_slice(&decode(message.split_once('.').unwrap().1)).unwrap();
    assert_eq!(claims["iss"], "12345");
    assert_eq!(claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap(), 360);

    let malformed = Values::default().with("__APP_ID", "1".to_owned()).with("__INSTALLATION_ID", "2".to_owned());
    let malformed = malformed.with("__PRIVATE_KEY_PEM", "-----BEGIN PRIVATE KEY-----\nQUJD\n".to_owned());
    let (outcome, asked) = verdict_with(&registry, malformed, |_| answer(200, "{}"));
    assert_eq!((outcome.verdict, asked.len()), (Verdict::Unknown, 0));
}

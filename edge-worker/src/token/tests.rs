use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::{Signer as _, SigningKey, VerifyingKey};
use jwt_compact::{Algorithm as _, AlgorithmSignature as _};
use proptest::prelude::*;
use shared::CustomerId;

use super::*;

const NOW: u64 = 1_700_000_000;

fn key() -> SigningKey {
    SigningKey::from_bytes(&[7; 32])
}

fn expected() -> Expected<'static> {
    let algorithms = Algorithms::parse("EdDSA,ES256").unwrap();
    Expected { issuer: "https://api.raxx.app", audience: "https://support.raxx.app", algorithms }
}

fn header() -> serde_json::Value {
    serde_json::json!({ "alg": "EdDSA", "typ": "at+jwt", "kid": "k1" })
}

fn claims() -> serde_json::Value {
    serde_json::json!({
        "iss": "https://api.raxx.app", "aud": "https://support.raxx.app", "sub": CustomerId::from_bits(7).to_string(),
        "customer_email": "a@example.com", "iat": NOW, "nbf": NOW, "exp": NOW + 3600, "jti": "0123456789abcdef",
        "auth_time": NOW,
    })
}

fn signed(header: &str, claims: &str) -> String {
    let input = [URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(claims)].join(".");
    let signature = URL_SAFE_NO_PAD.encode(key().sign(input.as_bytes()).to_bytes());
    [input, signature].join(".")
}

fn with(change: impl FnOnce(&mut serde_json::Value, &mut serde_json::Value)) -> Result<Verdict, Fault> {
    let (mut header, mut claims) = (header(), claims());
    change(&mut header, &mut claims);
    verify(&signed(&header.to_string(), &claims.to_string()))
}

fn verify(token: &str) -> Result<Verdict, Fault> {
    Presented::read(token, &expected())?.verify_ed25519(&key().verifying_key())
}

#[test]
fn a_sound_token_holds_for_as_long_as_it_says() {
    let verdict = with(|_, _| {}).unwrap();
    assert_eq!(verdict.customer, CustomerId::from_bits(7));
    assert_eq!(verdict.standing(NOW - LEEWAY - 1), Standing::Early);
    assert_eq!(verdict.standing(NOW - LEEWAY), Standing::Holds);
    assert_eq!(verdict.standing(NOW + 3600 + LEEWAY - 1), Standing::Holds);
    assert_eq!(verdict.standing(NOW + 3600 + LEEWAY), Standing::Expired);
    assert!(with(|header, _| header["alg"] = "Ed25519".into()).is_ok());
}

#[test]
fn each_check_has_its_own_reason_in_the_log() {
    type Change = fn(&mut serde_json::Value, &mut serde_json::Value);
    let cases: [(Fault, Change); 20] = [
        (Fault::Header, |header, _| header["crit"] = serde_json::json!(["exp"])),
        (Fault::Header, |header, _| header["jwk"] = serde_json::json!({})),
        (Fault::Header, |header, _| header["zip"] = "DEF".into()),
        (Fault::Header, |header, _| header["kid"] = 1.into()),
        (Fault::Type, |header, _| header["typ"] = "JWT".into()),
        (Fault::Algorithm, |header, _| header["alg"] = "none".into()),
        (Fault::Algorithm, |header, _| header["alg"] = "HS256".into()),
        (Fault::KeyMismatch, |header, _| header["alg"] = "ES256".into()),
        (Fault::KeyId, |header, _| header["kid"] = "../k1".into()),
        (Fault::Issuer, |_, claims| claims["iss"] = "https://api.raxx.app/".into()),
        (Fault::Audience, |_, claims| claims["aud"] = "https://support.raxx.app.evil".into()),
        (Fault::Claims, |_, claims| claims["aud"] = serde_json::json!(["https://support.raxx.app"])),
        (Fault::Claims, |_, claims| claims["role"] = "admin".into()),
        (Fault::Claims, |_, claims| claims["exp"] = serde_json::json!(1.5)),
        (Fault::Claims, |_, claims| claims["nbf"] = serde_json::json!(-8_334_601_228_800_i64)),
        (Fault::Claims, |_, claims| claims["sub"] = "".into()),
        (Fault::Lifetime, |_, claims| claims["exp"] = (NOW + 4 * 3600 + 1).into()),
        (Fault::Lifetime, |_, claims| claims["exp"] = u64::MAX.into()),
        (Fault::Lifetime, |_, claims| claims["auth_time"] = (NOW - 12 * 3600).into()),
        (Fault::Lifetime, |_, claims| claims["iat"] = (NOW + 7200).into()),
    ];
    for (fault, change) in cases {
        assert_eq!(with(change), Err(fault));
    }
    let sound = signed(&header().to_string(), &claims().to_string());
    assert_eq!(
        Presented::read(&sound, &expected()).unwrap().verify_ed25519(&SigningKey::from_bytes(&[8; 32]).verifying_key()),
        Err(Fault::Signature)
    );
    assert_eq!(verify(&[&sound, "A"].concat()), Err(Fault::Signature));
}

#[test]
fn an_algorithm_that_is_not_configured_is_refused() {
    let ed25519_alone = Expected { algorithms: Algorithms::parse("EdDSA").unwrap(), ..expected() };
    let es256 = signed(&header().to_string().replace("EdDSA", "ES256"), &claims().to_string());
    assert_eq!(Presented::read(&es256, &ed25519_alone).err(), Some(Fault::Algorithm));
    assert!(Presented::read(&es256, &expected()).is_ok());
}

/// RFC 8037, appendix A.4: a JWS that is no session's token, whose signature must verify all the same.
#[test]
fn verifies_the_example_of_rfc_8037() {
    let x = URL_SAFE_NO_PAD.decode("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo").unwrap();
    let key = VerifyingKey::from_bytes(&x.try_into().unwrap()).unwrap();
    let signature = URL_SAFE_NO_PAD
        .decode("hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg")
        .unwrap();
    let signature = ed25519_dalek::Signature::try_from_slice(&signature).unwrap();
    let message = b"eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc";
    assert!(StrictEd25519(Algorithm::EdDsa).verify_signature(&signature, &key, message));
    assert!(!StrictEd25519(Algorithm::EdDsa).verify_signature(&signature, &key, &message[1..]));
}

/// Project Wycheproof's vectors for Ed25519: what it calls invalid never verifies, and what it calls valid does.
#[test]
fn agrees_with_wycheproof_about_ed25519() {
    let set = wycheproof::eddsa::TestSet::load(wycheproof::eddsa::TestName::Ed25519).unwrap();
    let mut judged = 0;
    for group in set.test_groups {
        let point: [u8; 32] = group.key.pk.as_ref().try_into().unwrap();
        let Ok(key) = VerifyingKey::from_bytes(&point) else { continue };
        for vector in group.tests {
            let verified = ed25519_dalek::Signature::try_from_slice(&vector.sig)
                .is_ok_and(|signature| StrictEd25519(Algorithm::EdDsa).verify_signature(&signature, &key, &vector.msg));
            let valid = vector.result == wycheproof::TestResult::Valid;
            assert_eq!(verified, valid, "vector {}: {}", vector.tc_id, vector.comment);
            judged += 1;
        }
    }
    assert!(judged > 100, "{judged} vectors");
}

proptest! {
    #[test]
    fn no_text_makes_it_panic_or_pass(text in "\\PC{0,200}") {
        prop_assert!(bearer(&text).is_err() || !text.contains(' ') || text.len() > 7);
        prop_assert!(verify(&text).is_err());
    }

    #[test]
    fn no_header_and_claims_make_it_panic_or_pass(header in prop::collection::vec(any::<u8>(), 0..80), claims in prop::collection::vec(any::<u8>(), 0..80)) {
        let token = [URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(claims), "AAAA".into()].join(".");
        prop_assert!(verify(&token).is_err());
    }

    #[test]
    fn a_flipped_bit_never_passes(place in 0..400_usize, bit in 0..8_u8) {
        let sound = signed(&header().to_string(), &claims().to_string());
        let mut bytes = sound.clone().into_bytes();
        let place = place % bytes.len();
        bytes[place] ^= 1 << bit;
        if let Ok(text) = String::from_utf8(bytes) {
            prop_assert!(verify(&text).is_err());
        }
    }

    #[test]
    fn no_times_make_it_panic(iat in any::<u64>(), nbf in any::<u64>(), exp in any::<u64>(), auth_time in any::<u64>()) {
        let verdict = with(|_, claims| {
            claims["iat"] = iat.into();
            claims["nbf"] = nbf.into();
            claims["exp"] = exp.into();
            claims["auth_time"] = auth_time.into();
        });
        if let Ok(verdict) = verdict {
            prop_assert!(verdict.expires_at - verdict.not_before <= shared::session::TOKEN_LIFETIME);
        }
    }
}

//! `Authorization`, tokens and key sets of any bytes: no panic, and nothing that is not signed passes.
#![no_main]

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use edge_worker::keys::{KeyMaterial, KeySet};
use edge_worker::token::{Algorithms, Expected, Presented, bearer};
use edge_worker::{address, assets, routes, trace};
use libfuzzer_sys::fuzz_target;

const KEYS: &[u8] =
    br#"{"keys":[{"kty":"OKP","crv":"Ed25519","kid":"a","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]}"#;

fuzz_target!(|data: &[u8]| {
    let _ = KeySet::read(data);
    let Ok(text) = std::str::from_utf8(data) else { return };
    let _ = trace::Names::draw([7; 24], text);
    let _ = address::limit_key(address::parse(text));
    let _ = assets::resolve(text);
    let _ = assets::accepts_brotli(text);
    let _ = assets::none_match(text, "\"a\"");
    let (path, query) = text.split_once('?').unwrap_or((text, ""));
    for method in ["GET", "POST", "PUT", "DELETE"] {
        if let Ok((route, parameters)) = routes::find(method, path)
            && let Ok(uri) = routes::uri(route, &parameters, query)
        {
            // What is asked of Raptor stays within the route, whatever was asked of us.
            assert!(uri.bytes().all(|byte| byte.is_ascii_graphic() && !matches!(byte, b'\\' | b'#')));
            assert!(!uri.contains("//") && !uri.contains(".."));
        }
    }

    let expected = Expected {
        issuer: "https://api.raxx.app",
        audience: "https://support.raxx.app",
        algorithms: Algorithms::parse("EdDSA,ES256").unwrap_or_default(),
    };
    let set = KeySet::read(KEYS).unwrap_or_else(|_| std::process::abort());
    let judge = |token: &str| {
        let Ok(presented) = Presented::read(token, &expected) else { return };
        let _ = presented.es256_parts();
        let Some(key) = set.get(presented.key_id()) else { return };
        let KeyMaterial::Ed25519(point) = &key.material else { return };
        assert!(presented.verify_ed25519(point).is_err(), "a token passed that nobody signed");
    };
    if let Ok(token) = bearer(text) {
        judge(token);
    }
    judge(text);
    // The same bytes as header and claims, so that the fuzzer need not learn base 64.
    let (header, claims) = text.split_once('\n').unwrap_or((text, "{}"));
    let signature = URL_SAFE_NO_PAD.encode([7; 64]);
    judge(&[URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(claims), signature].join("."));
});

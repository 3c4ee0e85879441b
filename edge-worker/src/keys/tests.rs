use super::*;

// RFC 8037, appendix A.2.
const ED25519: &str = r#"{"kty":"OKP","crv":"Ed25519","kid":"a","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#;
// RFC 7517, appendix A.1.
const P256: &str = r#"{"kty":"EC","crv":"P-256","kid":"b","use":"sig","x":"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4",
    "y":"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM"}"#;

fn read(keys: &[&str]) -> Result<KeySet, KeySetError> {
    KeySet::read(format!(r#"{{"keys":[{}]}}"#, keys.join(",")).as_bytes())
}

fn with(extra: &str) -> String {
    ED25519.replace(r#""kid":"a""#, &format!(r#""kid":"a",{extra}"#))
}

#[test]
fn takes_what_verifies_sessions() {
    let set = read(&[ED25519, P256]).unwrap();
    assert_eq!(set.keys().len(), 2);
    assert!(matches!(set.get("a").unwrap().material, KeyMaterial::Ed25519(_)));
    assert!(matches!(set.get("b").unwrap().material, KeyMaterial::P256 { .. }));
    assert!(set.get("A").is_none());
    for extra in [r#""use":"sig""#, r#""alg":"EdDSA""#, r#""alg":"Ed25519""#, r#""key_ops":["verify"]"#] {
        assert!(read(&[&with(extra)]).is_ok(), "{extra}");
    }
}

#[test]
fn leaves_out_what_is_for_something_else() {
    for extra in [
        r#""use":"enc""#,
        r#""use":7"#,
        r#""key_ops":["sign"]"#,
        r#""key_ops":[]"#,
        r#""key_ops":"verify""#,
        r#""alg":"ES256""#,
        r#""alg":"none""#,
        r#""alg":null"#,
    ] {
        assert_eq!(read(&[&with(extra)]), Err(KeySetError::Empty), "{extra}");
        assert_eq!(read(&[&with(extra).replace("\"a\"", "\"c\""), P256]).unwrap().keys().len(), 1, "{extra}");
    }
    let rsa = r#"{"kty":"RSA","kid":"r","n":"AQAB","e":"AQAB"}"#;
    let unnamed = r#"{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#;
    let x25519 = ED25519.replace("\"Ed25519\"", "\"X25519\"");
    let x25519 = x25519.replace("\"a\"", "\"x\"");
    assert_eq!(read(&[rsa, unnamed, &x25519, P256]).unwrap().keys().len(), 1);
}

#[test]
fn refuses_a_set_that_holds_a_mistake() {
    assert_eq!(read(&[]), Err(KeySetError::Empty));
    assert_eq!(read(&[ED25519, ED25519]), Err(KeySetError::Duplicate));
    assert_eq!(read(&[P256, &with(r#""d":"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A""#)]), Err(KeySetError::Private));
    assert_eq!(read(&[P256, r#"{"kty":"oct","kid":"s","k":"c2VjcmV0"}"#]), Err(KeySetError::Private));
    let many: Vec<String> = (0..17).map(|n| ED25519.replace("\"a\"", &format!("\"{n}\""))).collect();
    assert_eq!(read(&many.iter().map(String::as_str).collect::<Vec<_>>()), Err(KeySetError::Malformed));
    for odd in ["", "[]", "{}", "<html>", r#"{"keys":7}"#, r#"{"keys":["a"]}"#, "{\"keys\":[]", &"[".repeat(100)] {
        assert_eq!(KeySet::read(odd.as_bytes()), Err(KeySetError::Malformed), "{odd}");
    }
    assert_eq!(KeySet::read(&vec![b' '; MAX_BYTES + 1]), Err(KeySetError::Malformed));
}

#[test]
fn refuses_weak_and_second_spellings_of_points() {
    use base64::Engine as _;
    let key = |x: [u8; 32]| {
        let x = base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(x);
        read(&[&format!(r#"{{"kty":"OKP","crv":"Ed25519","kid":"a","x":"{x}"}}"#)])
    };
    // The neutral element, a point of order 2, and one of order 8 (RFC 7748 and the literature's usual list).
    let mut neutral = [0; 32];
    neutral[0] = 1;
    let mut order_two = [0xff; 32];
    (order_two[0], order_two[31]) = (0xec, 0x7f);
    let order_eight = [
        0x26, 0xe8, 0x95, 0x8f, 0xc2, 0xb2, 0x27, 0xb0, 0x45, 0xc3, 0xf4, 0x89, 0xf2, 0xef, 0x98, 0xf0, 0xd5, 0xdf,
        0xac, 0x05, 0xd3, 0xc6, 0x33, 0x39, 0xb1, 0x38, 0x02, 0x88, 0x6d, 0x53, 0xfc, 0x05,
    ];
    // y = 3 + p: the same point as y = 3, should that be on the curve; a second spelling in any case.
    let mut second_spelling = [0xff; 32];
    (second_spelling[0], second_spelling[31]) = (0xf0, 0x7f);
    for (what, x) in [
        ("zero", [0; 32]),
        ("neutral", neutral),
        ("two", order_two),
        ("eight", order_eight),
        ("p + 3", second_spelling),
    ] {
        assert_eq!(key(x), Err(KeySetError::Broken), "{what}");
    }
    for broken in [r#""x":"AAAA""#, r#""x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo=""#, r#""x":7"#, r#""y":"a""#] {
        let key = format!(r#"{{"kty":"OKP","crv":"Ed25519","kid":"a",{broken}}}"#);
        assert_eq!(read(&[&key]), Err(KeySetError::Broken), "{broken}");
    }
}

#[test]
fn a_set_ages() {
    let mut store = KeyStore::default();
    assert_eq!(store.plan(0), Plan::Fetch);
    let set = store.store(read(&[ED25519]).unwrap(), 0);
    assert_eq!(store.plan(SOFT_AGE - 1), Plan::Use(set.clone()));
    assert_eq!(store.plan(SOFT_AGE), Plan::UseAndRefresh(set.clone()));
    assert_eq!(store.plan(SOFT_AGE + 1), Plan::Use(set.clone()), "one refresh at a time");
    store.fail(SOFT_AGE + 2);
    assert_eq!(store.plan(SOFT_AGE + REFRESH_RETRY), Plan::UseAndRefresh(set.clone()));
    assert_eq!(store.plan(HARD_AGE - 1), Plan::UseAndRefresh(set));
    assert_eq!(store.plan(HARD_AGE), Plan::Fetch);
    store.fail(HARD_AGE);
    assert_eq!(store.plan(HARD_AGE + COLD_RETRY - 1), Plan::GiveUp);
    assert_eq!(store.plan(HARD_AGE + COLD_RETRY), Plan::Fetch);
}

#[test]
fn the_generation_counts_changes_and_not_fetches() {
    let mut store = KeyStore::default();
    store.store(read(&[ED25519]).unwrap(), 10);
    let first = store.generation();
    store.store(read(&[ED25519]).unwrap(), 20);
    assert_eq!(store.generation(), first);
    store.store(read(&[ED25519, P256]).unwrap(), 30);
    assert_eq!(store.generation(), first + 1);
    store.store(read(&[ED25519]).unwrap(), 25);
    assert_eq!(store.generation(), first + 1, "an answer that was asked for earlier does not replace a later one");
}

#[test]
fn made_up_ids_are_worth_one_fetch_in_thirty_seconds() {
    let mut store = KeyStore::default();
    let fetches = (0..120_000).step_by(10).filter(|now| store.may_fetch_for_unknown_key(*now)).count();
    assert_eq!(fetches, 4);
}

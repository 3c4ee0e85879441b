use super::*;
use crate::app::Timing;
use crate::sessions::generate_key_set;

fn lookup<'a>(pairs: &'a [(&'a str, String)]) -> impl Fn(&str) -> Option<std::ffi::OsString> + 'a {
    move |wanted| pairs.iter().find(|(name, _)| *name == wanted).map(|(_, value)| value.into())
}

fn good() -> Vec<(&'static str, String)> {
    vec![
        ("RAPTOR_RP_ID", "localhost".into()),
        ("RAPTOR_ORIGINS", "http://localhost:8787".into()),
        ("RAPTOR_JWT_KEYS", generate_key_set()),
        ("EDGE_SERVICE_TOKEN", service_auth::ServiceToken::generate().unwrap().expose().to_owned()),
        ("FREESCOUT_BASE_URL", "http://127.0.0.1:8790".into()),
        ("FREESCOUT_API_TOKEN", "top-secret-key".into()),
        ("FREESCOUT_SUPPORT_MAILBOX_ID", "1".into()),
    ]
}

fn problems(change: impl FnOnce(&mut Vec<(&'static str, String)>)) -> Vec<String> {
    let mut pairs = good();
    change(&mut pairs);
    match Config::from_lookup(lookup(&pairs)) {
        Ok(_) => Vec::new(),
        Err(error) => error.problems.into_iter().map(|problem| problem.variable).collect(),
    }
}

#[test]
fn a_good_environment_is_read_with_its_defaults() {
    let pairs = good();
    let config = Config::from_lookup(lookup(&pairs)).unwrap();
    assert_eq!(config.listen.port(), 8789);
    assert_eq!(config.tokens.issuer, DEFAULT_ISSUER);
    assert!(config.portal_enabled);
    assert!(config.development.is_none());
    assert_eq!((config.undo.as_secs(), config.desk.hold_back.as_secs()), (10, 20));
}

#[test]
fn a_platform_says_by_port_where_it_asks_and_an_address_outranks_it() {
    let mut pairs = good();
    pairs.push(("PORT", "5000".into()));
    assert_eq!(Config::from_lookup(lookup(&pairs)).unwrap().listen.to_string(), "0.0.0.0:5000");
    pairs.push(("RAPTOR_LISTEN", "127.0.0.1:6000".into()));
    assert_eq!(Config::from_lookup(lookup(&pairs)).unwrap().listen.to_string(), "127.0.0.1:6000");
    assert_eq!(problems(|pairs| pairs.push(("PORT", "five".into()))), ["PORT"]);
}

#[test]
fn waits_are_whole_seconds_within_bounds() {
    let mut pairs = good();
    pairs.push(("RAPTOR_REPLY_UNDO_SECONDS", "2".into()));
    pairs.push(("RAPTOR_AGENT_HOLD_BACK_SECONDS", "0".into()));
    let config = Config::from_lookup(lookup(&pairs)).unwrap();
    assert_eq!((config.undo.as_secs(), config.desk.hold_back.as_secs()), (2, 0));
    assert_eq!(Timing::configured(&config).undo.as_secs(), 2);
    for (name, value) in [
        ("RAPTOR_REPLY_UNDO_SECONDS", "61"),
        ("RAPTOR_REPLY_UNDO_SECONDS", "-1"),
        ("RAPTOR_REPLY_UNDO_SECONDS", "1.5"),
        ("RAPTOR_AGENT_HOLD_BACK_SECONDS", "301"),
        ("RAPTOR_AGENT_HOLD_BACK_SECONDS", "99999999999"),
        ("RAPTOR_AGENT_HOLD_BACK_SECONDS", "20s"),
    ] {
        assert_eq!(problems(|pairs| pairs.push((name, value.into()))), [name], "{value}");
    }
}

#[test]
fn every_problem_is_reported_at_once() {
    let found = problems(|pairs| {
        pairs.retain(|(name, _)| *name != "FREESCOUT_API_TOKEN" && *name != "RAPTOR_JWT_KEYS");
        pairs.push(("RAPTOR_LISTEN", "nowhere".into()));
        pairs.push(("FLAG_SUPPORT_PORTAL_API", "perhaps".into()));
        pairs.push(("FREESCOUT_ACCESS_CLIENT_ID", "id".into()));
    });
    for name in [
        "RAPTOR_LISTEN",
        "RAPTOR_JWT_KEYS",
        "FREESCOUT_API_TOKEN",
        "FLAG_SUPPORT_PORTAL_API",
        "FREESCOUT_ACCESS_CLIENT_SECRET",
    ] {
        assert!(found.iter().any(|found| found == name), "{name} in {found:?}");
    }
}

#[test]
fn origins_are_exact_and_belong_to_the_rp_id() {
    for origin in [
        "http://localhost:8787/",
        "http://support.raxx.app",
        "https://evil.example",
        "https://localhost.evil.example",
        "localhost",
        "",
    ] {
        let found = problems(|pairs| {
            pairs.retain(|(name, _)| *name != "RAPTOR_ORIGINS");
            pairs.push(("RAPTOR_ORIGINS", origin.into()));
        });
        assert_eq!(found, ["RAPTOR_ORIGINS"], "{origin}");
    }
}

#[test]
fn demo_data_is_asked_for_on_this_machine_alone() {
    assert_eq!(
        problems(|pairs| pairs.push(("RAPTOR_DEV_SEED_URL", "https://raxx.app/seed".into()))),
        ["RAPTOR_DEV_SEED_URL"]
    );
}

#[test]
fn a_secret_comes_from_a_file_or_from_its_variable() {
    use secrecy::ExposeSecret as _;
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), "from-a-file\n").unwrap();
    let in_file = |path: &std::path::Path| {
        let mut pairs = good();
        pairs.retain(|(name, _)| *name != "FREESCOUT_API_TOKEN");
        pairs.push(("FREESCOUT_API_TOKEN_FILE", path.to_str().unwrap().into()));
        pairs
    };
    let config = Config::from_lookup(lookup(&in_file(file.path()))).unwrap();
    assert_eq!(config.desk.api_key.expose_secret(), "from-a-file");
    let refused = |pairs: &[(&'static str, String)]| Config::from_lookup(lookup(pairs)).unwrap_err().problems;
    assert_eq!(refused(&in_file(std::path::Path::new("/no/such/file")))[0].variable, "FREESCOUT_API_TOKEN_FILE");
    for content in [String::new(), "\n".into(), "x".repeat(5000)] {
        std::fs::write(file.path(), &content).unwrap();
        let problems = refused(&in_file(file.path()));
        assert_eq!(problems[0].variable, "FREESCOUT_API_TOKEN_FILE");
        assert!(!problems[0].message.contains("xxx"), "no content in messages");
    }
    let mut both = in_file(file.path());
    both.push(("FREESCOUT_API_TOKEN", "and from the variable".into()));
    assert_eq!(refused(&both)[0].variable, "FREESCOUT_API_TOKEN");
}

#[test]
fn the_previous_token_of_the_edge_may_be_absent_and_must_not_be_wrong() {
    let token = service_auth::ServiceToken::generate().unwrap().expose().to_owned();
    for (name, value, found) in [
        ("EDGE_SERVICE_TOKEN_PREVIOUS", token.as_str(), &[][..]),
        ("EDGE_SERVICE_TOKEN_PREVIOUS", "short", &["EDGE_SERVICE_TOKEN_PREVIOUS"][..]),
        ("EDGE_SERVICE_TOKEN_PREVIOUS_FILE", "/no/such/file", &[][..]),
        ("EDGE_SERVICE_TOKEN_PREVIOUS_FILE", "/", &["EDGE_SERVICE_TOKEN_PREVIOUS"][..]),
    ] {
        assert_eq!(problems(|pairs| pairs.push((name, value.into()))), found, "{name} {value}");
    }
}

#[test]
fn no_secret_is_printed() {
    let mut pairs = good();
    pairs.push(("DATABASE_URL", "postgres://user:hunter2@db.example/raptor".into()));
    let config = Config::from_lookup(lookup(&pairs)).unwrap();
    let printed = format!("{config:?}");
    let private =
        serde_json::from_str::<serde_json::Value>(&pairs[2].1).unwrap()["keys"][0]["d"].as_str().unwrap().to_owned();
    for secret in ["top-secret-key", "hunter2", &pairs[3].1, &private] {
        assert!(!printed.contains(secret), "{secret}");
    }
}

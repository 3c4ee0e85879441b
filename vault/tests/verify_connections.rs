//! Where credentials are sent, and what a connection that fails means.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a panic is how a test fails, in its own functions too")]

mod vendor_double;

use std::path::Path;

use raxx_vault::{
    registry::{Registry, Source, Verdict},
    verify::{self, Client, Settings, Values},
};
use vendor_double::{VendorDouble, answer};

fn registry() -> Registry {
    Source::open(&Path::new(env!("CARGO_MANIFEST_DIR")).join("registry.toml")).unwrap().registry
}

fn value(text: &str) -> Values {
    Values::default().with("", text.to_owned())
}

#[test]
fn live_keys_never_go_to_the_paper_host_and_back() {
    let registry = registry();
    let (live, paper) = (VendorDouble::start(|_| answer(200, "{}")), VendorDouble::start(|_| answer(200, "{}")));
    let mut settings = Settings::default();
    settings.addresses.insert("ALP_LIVE".to_owned(), live.url());
    settings.addresses.insert("ALP_PAPER".to_owned(), paper.url());
    let client = Client::new(settings.timeout);
    let pair = || Values::default().with("__KEY_ID", "k".to_owned()).with("__SECRET_KEY", "s".to_owned());
    verify::one(&registry, registry.token("ALP_LIVE_TRADING").unwrap(), &pair(), &client, &settings);
    assert_eq!((live.asked().len(), paper.asked().len()), (1, 0));
    verify::one(&registry, registry.token("ALP_PAPER_TRADING").unwrap(), &pair(), &client, &settings);
    assert_eq!((live.asked().len(), paper.asked().len()), (1, 1));
}

#[test]
fn a_silent_or_absent_vendor_is_unknown_and_a_lost_connection_is_tried_once_more() {
    let registry = registry();
    let token = registry.token("HK_PLATFORM_FULL").unwrap();
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let mut settings = Settings { timeout: std::time::Duration::from_millis(300), ..Settings::default() };
    settings.addresses.insert("HK".to_owned(), format!("http://{closed}"));
    let client = Client::new(settings.timeout);
    assert_eq!(verify::one(&registry, token, &value("x"), &client, &settings).verdict, Verdict::Unknown);

    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    settings.addresses.insert("HK".to_owned(), format!("http://{}", silent.local_addr().unwrap()));
    let outcome = verify::one(&registry, token, &value("x"), &client, &settings);
    assert_eq!((outcome.verdict, outcome.evidence.as_str()), (Verdict::Unknown, "no answer in time"));

    settings.addresses.insert("HK".to_owned(), "http://vendor.example".to_owned());
    let outcome = verify::one(&registry, token, &value("x"), &client, &settings);
    assert!(outcome.evidence.contains("not https"), "{}", outcome.evidence);
}

//! The state file: a restart keeps everything, a foreign file is refused.

use crate::client::Client;
use helpdesk_double::{Config, HelpDeskDouble, SeedDemo, StartError};
use serde_json::json;
use std::{fs, path::Path, time::Duration};

fn config(path: &Path) -> Config {
    Config { state_file: Some(path.to_owned()), api_key: Some("k".into()), ..Config::default() }
}

#[tokio::test]
async fn a_restart_keeps_everything() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("deep/state.json");
    let desk = HelpDeskDouble::start(config(&path)).await.unwrap();
    desk.seed_demo(&SeedDemo { email: "dana@example.test".into(), ..SeedDemo::default() }).unwrap();
    let before = desk.state();
    drop(desk);
    let desk = HelpDeskDouble::start(config(&path)).await.unwrap();
    assert_eq!(desk.state(), before);
    let next = desk.customer("eve@example.test", "Eve", "Roe").unwrap();
    assert_eq!(next, 2, "ids go on where they were");
}

#[tokio::test]
async fn changes_reach_the_file_without_a_shutdown() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("state.json");
    let desk = HelpDeskDouble::start(config(&path)).await.unwrap();
    Client::new(&desk).post("/api/customers", &json!({"email": "late@example.test"})).await;
    let written = async {
        while !fs::read_to_string(&path).is_ok_and(|text| text.contains("late@example.test")) {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), written).await.unwrap();
}

#[tokio::test]
async fn a_foreign_file_is_refused_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("state.json");
    fs::write(&path, "{\"something\": \"else\"}").unwrap();
    let error = HelpDeskDouble::start(config(&path)).await.unwrap_err();
    assert!(matches!(error, StartError::StateFormat { .. }));
    assert!(error.to_string().contains("delete it to start anew"));
    assert_eq!(fs::read_to_string(&path).unwrap(), "{\"something\": \"else\"}");
}

#[tokio::test]
async fn a_taken_address_is_one_clear_sentence() {
    let desk = HelpDeskDouble::start(Config::default()).await.unwrap();
    let taken = Config { listen: desk.address, ..Config::default() };
    let error = HelpDeskDouble::start(taken).await.unwrap_err();
    assert!(error.to_string().starts_with(&format!("cannot listen on {}", desk.address)));
}

#[tokio::test]
async fn dropping_the_handle_frees_the_address() {
    let desk = HelpDeskDouble::start(Config::default()).await.unwrap();
    let address = desk.address;
    drop(desk);
    let again = async {
        loop {
            if HelpDeskDouble::start(Config { listen: address, ..Config::default() }).await.is_ok() {
                break;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), again).await.unwrap();
}

//! Many calls at one time: every one is stored, none twice, and they really run together.

use crate::traps::{Scene, scene};
use helpdesk_double::{Fault, FaultKind};
use serde_json::json;
use std::collections::BTreeSet;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn concurrent_replies_are_all_stored_once() {
    let Scene { desk, client, dana, ticket, .. } = scene().await;
    desk.inject(Fault::always(FaultKind::Latency { ms: 30 }));
    let calls = (0..100).map(|index| {
        let client = client.clone();
        let body = json!({"type": "customer", "text": format!("message <{index}>"), "customer": {"id": dana}});
        tokio::spawn(async move { client.post(&format!("/api/conversations/{ticket}/threads"), &body).await })
    });
    let mut ids = BTreeSet::new();
    for call in calls.collect::<Vec<_>>() {
        let answer = call.await.unwrap();
        assert_eq!(answer.status, 201);
        ids.insert(answer.json()["id"].as_u64().unwrap());
    }
    assert_eq!(ids.len(), 100);
    desk.read(|state| {
        for index in 0..100 {
            assert_eq!(state.count_customer_threads_containing(&format!("message <{index}>")), 1);
        }
    });
    assert!(desk.counts().most_concurrent > 10, "{}", desk.counts().most_concurrent);
}

//! A customer who refreshes all the time costs the help desk one call per interval.

use std::time::Duration;

use serde_json::Value;

use crate::delivery::TICKETS;
use crate::support::{Options, World, quick};

#[tokio::test]
async fn many_refreshes_are_one_call() {
    let mut timing = quick();
    timing.fresh_for = Duration::from_secs(60);
    let world = World::start_with(Options { timing, ..Options::default() }).await;
    let ada = world.customer("ada").await;
    let lists = || world.desk.counts().by_route.get("GET /api/conversations").copied().unwrap_or_default();
    // A hundred at the same moment, and the first of them knows nothing yet.
    let refreshes = (0..100).map(|_| world.get(&ada, TICKETS));
    for answer in futures_util::future::join_all(refreshes).await {
        answer.expect(200);
    }
    assert_eq!(lists(), 1);
    for _ in 0..100 {
        world.get(&ada, TICKETS).await.expect(200);
    }
    assert_eq!(lists(), 1);
    let page = world.get(&ada, TICKETS).await.json();
    let path = format!("{TICKETS}/{}", page["items"][0]["id"].as_str().unwrap());
    let before = world.desk.counts().total;
    for _ in 0..30 {
        world.get(&ada, &path).await.expect(200);
    }
    assert_eq!(world.desk.counts().total, before, "what was just read for the list is not read again");
}

#[tokio::test]
async fn only_what_changed_is_read_again() {
    let world = World::start().await;
    let ada = world.customer("ada").await;
    let tickets = world.ticket_ids(&ada).await.len();
    // The help desk's times are whole seconds; let the seed's second pass, so that its revisions stand still.
    let read = || world.desk.counts().by_route.get("GET /api/conversations/{id}").copied().unwrap_or_default();
    let before = read();
    assert!(before >= tickets as u64);
    world.ticket_ids(&ada).await;
    world.ticket_ids(&ada).await;
    assert_eq!(read(), before);
}

#[tokio::test]
async fn while_the_help_desk_is_down_customers_see_what_was_there_and_are_told_so() {
    let mut world = World::start().await;
    let (ada, new) = (world.customer("ada").await, world.customer("grace").await);
    let before = world.get(&ada, TICKETS).await.expect(200).json();
    let path = format!("{TICKETS}/{}", before["items"][0]["id"].as_str().unwrap());
    let thread = world.get(&ada, &path).await.expect(200).json();
    world.desk.go_down().await;
    world.restart().await;
    let stale = world.get(&ada, TICKETS).await.expect(200).json();
    assert_eq!((&stale["stale"], &stale["items"]), (&Value::Bool(true), &before["items"]));
    assert!(stale["synced_at"].as_str() <= before["synced_at"].as_str());
    let stale = world.get(&ada, &path).await.expect(200).json();
    assert_eq!((&stale["stale"], &stale["messages"]), (&Value::Bool(true), &thread["messages"]));
    let unknown = world.get(&new, TICKETS).await.expect(503);
    assert_eq!(unknown.code(), "helpdesk_unavailable");
    assert!(unknown.headers.contains_key("retry-after"));
    world.desk.come_up().await.unwrap();
    crate::support::eventually("it is fresh again", || async {
        world.get(&ada, TICKETS).await.expect(200).json()["stale"] == false
    })
    .await;
}

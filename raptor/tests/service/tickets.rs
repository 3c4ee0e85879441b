//! Lists and threads: what they show, how they are searched, sorted and paged.

use std::collections::BTreeSet;
use std::time::Duration;

use helpdesk_double::{AgentNote, AgentReply, Fault, FaultKind, SeedDemo};
use serde_json::{Value, json};

use crate::delivery::TICKETS;
use crate::support::{Options, TestCustomer, World, eventually, quick};

async fn list(world: &World, customer: &TestCustomer, query: &str) -> Value {
    world.get(customer, &format!("{TICKETS}?{query}")).await.expect(200).json()
}

fn ids(page: &Value) -> Vec<String> {
    page["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn pages_cover_everything_once_in_every_order() {
    let world = World::start().await;
    let ada = world.stranger("ada").await;
    let demo = SeedDemo { email: ada.email.clone(), tickets: Some(73), ..SeedDemo::default() };
    world.desk.seed_demo(&demo).unwrap();
    let total = world.desk.read(|state| {
        state
            .conversations
            .values()
            .filter(|c| {
                use helpdesk_double::model::ConversationState;
                c.state == ConversationState::Published
            })
            .count()
    });
    eventually("all of a long list are read", || async {
        list(&world, &ada, "limit=50").await["counts"]
            .as_object()
            .unwrap()
            .values()
            .map(|n| n.as_u64().unwrap())
            .sum::<u64>()
            == total as u64
    })
    .await;
    for sort in ["activity", "newest", "oldest"] {
        let mut seen = Vec::new();
        let mut times = Vec::new();
        let mut query = format!("limit=7&sort={sort}");
        loop {
            let page = list(&world, &ada, &query).await;
            seen.extend(ids(&page));
            let time = if sort == "activity" { "last_activity_at" } else { "created_at" };
            times.extend(page["items"].as_array().unwrap().iter().map(|item| item[time].as_str().unwrap().to_owned()));
            match page["next_cursor"].as_str() {
                Some(cursor) => query = format!("limit=7&sort={sort}&cursor={cursor}"),
                None => break,
            }
        }
        assert_eq!(seen.len(), total, "{sort}");
        assert_eq!(seen.iter().collect::<BTreeSet<_>>().len(), total, "{sort}");
        let mut sorted = times.clone();
        sorted.sort();
        if sort != "oldest" {
            sorted.reverse();
        }
        assert_eq!(times, sorted, "{sort}");
    }
}

#[tokio::test]
async fn groups_agree_with_their_counts_and_words() {
    let world = World::start().await;
    let ada = world.customer("ada").await;
    let all = list(&world, &ada, "limit=50").await;
    for status in ["received", "working", "waiting_for_you", "resolved"] {
        let page = list(&world, &ada, &format!("limit=50&status={status}")).await;
        let items = page["items"].as_array().unwrap();
        assert_eq!(items.len() as u64, all["counts"][status].as_u64().unwrap(), "{status}");
        assert!(!items.is_empty(), "the demo has tickets in every status; {status}");
        assert!(items.iter().all(|item| item["status"] == *status));
    }
    let open = list(&world, &ada, "limit=50&status=open").await;
    assert!(open["items"].as_array().unwrap().iter().all(|item| item["status"] != "resolved"));
}

#[tokio::test]
async fn a_search_finds_subjects_numbers_and_messages_and_takes_every_sign_as_it_stands() {
    let world = World::start().await;
    let ada = world.customer("ada").await;
    let all = list(&world, &ada, "limit=50").await;
    let first = &all["items"][0];
    let subject = first["subject"].as_str().unwrap().to_uppercase();
    let found = list(&world, &ada, &format!("q={}", shared::percent_encode(&subject))).await;
    assert!(ids(&found).contains(&first["id"].as_str().unwrap().to_owned()));
    let number = list(&world, &ada, &format!("q=%23{}", first["number"])).await;
    assert_eq!(ids(&number), [first["id"].as_str().unwrap()]);
    let word = first["snippet"].as_str().unwrap().split_whitespace().find(|word| word.len() > 5).unwrap();
    let word: String = word.chars().filter(|c| c.is_alphanumeric()).collect();
    assert!(ids(&list(&world, &ada, &format!("q={word}")).await).contains(&first["id"].as_str().unwrap().to_owned()));
    for sign in ["%25", "_", "!", "'", "%5C"] {
        let found = ids(&list(&world, &ada, &format!("q=zz{sign}zz")).await);
        assert!(found.is_empty(), "{sign} is a sign and no pattern: {found:?}");
    }
}

#[tokio::test]
async fn a_note_moves_nothing_and_shows_nowhere() {
    let world = World::start().await;
    let ada = world.customer("ada").await;
    let before = list(&world, &ada, "limit=50").await;
    let last = before["items"].as_array().unwrap().last().unwrap()["id"].as_str().unwrap().to_owned();
    let ticket = world.app().store.ticket(ada.id, shared::TicketId::parse(&last).unwrap()).await.unwrap().unwrap();
    world
        .desk
        .note(
            ticket.conversation.unwrap().get(),
            AgentNote { text: "customer is difficult".into(), ..AgentNote::default() },
        )
        .unwrap();
    let after = list(&world, &ada, "limit=50").await;
    assert_eq!(before["items"], after["items"]);
    let thread = world.get(&ada, &format!("{TICKETS}/{last}")).await.expect(200);
    assert!(!String::from_utf8(thread.body).unwrap().contains("difficult"));
}

#[tokio::test]
async fn an_agents_message_is_held_back_while_it_can_be_undone_and_then_shown_in_the_list_too() {
    let mut timing = quick();
    let mut desk = timing.desk.unwrap();
    desk.hold_back = Duration::from_secs(3);
    timing.desk = Some(desk);
    let world = World::start_with(Options { timing, ..Options::default() }).await;
    let ada = world.customer("ada").await;
    let id = ids(&list(&world, &ada, "limit=50").await)[0].clone();
    let ticket = world.app().store.ticket(ada.id, shared::TicketId::parse(&id).unwrap()).await.unwrap().unwrap();
    let conversation = ticket.conversation.unwrap().get();
    let undone = world.desk.reply(conversation, AgentReply::html("<p>Sorry, wrong window.</p>")).unwrap();
    let path = format!("{TICKETS}/{id}");
    let shown = async |words: &str| {
        let thread = world.get(&ada, &path).await.expect(200);
        let page = list(&world, &ada, "limit=50").await;
        (String::from_utf8(thread.body).unwrap().contains(words), page.to_string().contains(words))
    };
    assert_eq!(shown("wrong window").await, (false, false));
    world.desk.undo(conversation, undone).unwrap();
    world.desk.reply(conversation, AgentReply::html("<p>The right answer.</p>")).unwrap();
    assert_eq!(shown("The right answer").await, (false, false));
    // Nobody listens and nothing changes at the help desk any more; the list alone finds it.
    eventually("it is in the list", || async {
        list(&world, &ada, "limit=50").await.to_string().contains("The right answer")
    })
    .await;
    assert_eq!(shown("wrong window").await, (false, false));
}

#[tokio::test]
async fn the_team_is_unread_until_it_is_read_and_the_marker_never_moves_back() {
    let world = World::start().await;
    let ada = world.customer("ada").await;
    let all = list(&world, &ada, "limit=50").await;
    let unread = all["items"].as_array().unwrap().iter().find(|item| item["unread"] == true).unwrap().clone();
    let id = unread["id"].as_str().unwrap();
    let path = format!("{TICKETS}/{id}");
    let is_unread = async || {
        let page = list(&world, &ada, "limit=50").await;
        page["items"].as_array().unwrap().iter().find(|item| item["id"] == id).unwrap()["unread"].clone()
    };
    world.put(&ada, &format!("{path}/read"), &json!({ "up_to": "2020-01-01T00:00:00Z" })).await.expect(204);
    assert_eq!(is_unread().await, true);
    world.put(&ada, &format!("{path}/read"), &json!({ "up_to": "2999-01-01T00:00:00Z" })).await.expect(204);
    assert_eq!(is_unread().await, false);
    world.put(&ada, &format!("{path}/read"), &json!({ "up_to": "2020-01-01T00:00:00Z" })).await.expect(204);
    assert_eq!(is_unread().await, false);
    // What comes later is unread again, though the marker pointed to the year 2999.
    let read_up_to = world.get(&ada, &path).await.expect(200).json()["read_up_to"].as_str().unwrap().to_owned();
    assert!(read_up_to.as_str() < "2100");
}

#[tokio::test]
async fn resolve_reopen_and_rate() {
    let world = World::start().await;
    let ada = world.customer("ada").await;
    let open = list(&world, &ada, "status=open").await;
    let path = format!("{TICKETS}/{}", ids(&open)[0]);
    let state = world.put(&ada, &format!("{path}/status"), &json!({ "status": "resolved" })).await.expect(200).json();
    assert_eq!((&state["status"], &state["can"]["reopen"]), (&json!("resolved"), &json!(true)));
    let again = world.put(&ada, &format!("{path}/status"), &json!({ "status": "resolved" })).await.expect(200).json();
    assert_eq!(state["status_since"], again["status_since"]);
    let state = world.put(&ada, &format!("{path}/status"), &json!({ "status": "reopened" })).await.expect(200).json();
    assert_ne!(state["status"], "resolved");
    let body = json!({ "score": "not_good", "comment": "slow" });
    world.put(&ada, &format!("{path}/rating"), &body).await.expect(200);
    world.put(&ada, &format!("{path}/rating"), &json!({ "score": "great" })).await.expect(200);
    let ticket = world.get(&ada, &path).await.expect(200).json();
    assert_eq!(ticket["rating"]["score"], "great");
    assert!(ticket["rating"].get("comment").is_none());
}

#[tokio::test]
async fn a_long_thread_comes_in_pages_newest_first() {
    let world = World::start().await;
    let ada = world.stranger("ada").await;
    let demo = SeedDemo { email: ada.email.clone(), messages: Some(130), ..SeedDemo::default() };
    world.desk.seed_demo(&demo).unwrap();
    let all = list(&world, &ada, "limit=50").await;
    let long =
        all["items"].as_array().unwrap().iter().find(|item| item["message_count"].as_u64() >= Some(100)).unwrap();
    let path = format!("{TICKETS}/{}", long["id"].as_str().unwrap());
    let (mut messages, mut query) = (Vec::new(), "limit=40".to_owned());
    loop {
        let page = world.get(&ada, &format!("{path}?{query}")).await.expect(200).json();
        let mut part: Vec<Value> = page["messages"].as_array().unwrap().clone();
        part.extend(messages);
        messages = part;
        match page["older_cursor"].as_str() {
            Some(cursor) => query = format!("limit=40&before={cursor}"),
            None => break,
        }
    }
    assert_eq!(messages.len() as u64, long["message_count"].as_u64().unwrap());
    let times: Vec<&str> = messages.iter().map(|message| message["sent_at"].as_str().unwrap()).collect();
    assert!(times.is_sorted());
    let unique: BTreeSet<&str> = messages.iter().map(|message| message["id"].as_str().unwrap()).collect();
    assert_eq!(unique.len(), messages.len());
}

/// The help desk tells the time in seconds, and our ids are as good as random: neither may decide what was said first.
#[tokio::test]
async fn messages_of_one_second_stay_in_the_order_they_were_written() {
    let world = World::start().await;
    let ada = world.customer("ada").await;
    let id = world.ticket_ids(&ada).await.remove(0);
    let path = format!("{TICKETS}/{id}");
    let ticket = world.app().store.ticket(ada.id, shared::TicketId::parse(&id).unwrap()).await.unwrap().unwrap();
    let conversation = ticket.conversation.unwrap().get();
    let words: Vec<String> = (0..12).map(|number| format!("part {number} of twelve")).collect();
    for text in &words {
        world.desk.reply(conversation, AgentReply::html(format!("<p>{text}</p>"))).unwrap();
    }
    let read = async || {
        // In small pages, so that a page ends between two messages of one second.
        let (mut texts, mut query) = (Vec::new(), "limit=5".to_owned());
        loop {
            let page = world.get(&ada, &format!("{path}?{query}")).await.expect(200).json();
            let part = page["messages"].as_array().unwrap().iter();
            let part = part.map(|message| message["body"][0]["paragraph"][0]["text"].as_str().unwrap_or("").to_owned());
            texts.splice(0..0, part);
            let Some(cursor) = page["older_cursor"].as_str() else { break };
            query = format!("limit=5&before={cursor}");
        }
        texts.into_iter().filter(|text| text.starts_with("part ")).collect::<Vec<_>>()
    };
    eventually("all twelve are read", || async { read().await.len() == words.len() }).await;
    assert_eq!(read().await, words);
}

/// Two who read a ticket at the same time: the one whose answer is older and comes later must not have the last word.
#[tokio::test]
async fn an_older_answer_that_comes_late_does_not_undo_a_newer_one() {
    let world = World::start().await;
    let ada = world.customer("ada").await;
    let id = world.ticket_ids(&ada).await.remove(0);
    let ticket = shared::TicketId::parse(&id).unwrap();
    let kept = async || world.app().store.ticket(ada.id, ticket).await.unwrap().unwrap();
    let conversation = kept().await.conversation.unwrap().get();
    world.desk.inject(Fault::once(FaultKind::SlowAnswer { ms: 250 }).on("GET", "/api/conversations/{id}"));
    let path = format!("{TICKETS}/{id}");
    let slow = async {
        world.get(&ada, &path).await.expect(200);
    };
    let meanwhile = async {
        let has_read = || world.desk.faults().iter().all(|fault| fault.hits == 1);
        eventually("the slow one's answer is made", || async { has_read() }).await;
        world.desk.reply(conversation, AgentReply::html("<p>Meanwhile</p>")).unwrap();
        world.get(&ada, &format!("{TICKETS}?limit=50")).await.expect(200);
    };
    tokio::join!(slow, meanwhile);
    let thread = world.app().store.thread_of(ticket).await.unwrap().unwrap();
    assert!(thread.contains("Meanwhile"), "{thread}");
}

#[tokio::test]
async fn an_export_holds_everything_and_deletion_leaves_nothing() {
    let world = World::start().await;
    let (ada, grace) = (world.customer("ada").await, world.customer("grace").await);
    let of_ada = world.ticket_ids(&ada).await;
    let export = world.get(&ada, "/api/v1/support/export").await.expect(200).json();
    let exported: BTreeSet<&str> =
        export["tickets"].as_array().unwrap().iter().map(|t| t["id"].as_str().unwrap()).collect();
    assert_eq!(exported, of_ada.iter().map(String::as_str).collect());
    assert!(
        export["tickets"].as_array().unwrap().iter().all(|ticket| !ticket["messages"].as_array().unwrap().is_empty())
    );
    assert_eq!(export["customer"]["email"], ada.email);
    world.ticket_ids(&grace).await;
    let store = &world.app().store;
    assert!(store.delete_customer(ada.id).await.unwrap());
    assert!(!store.delete_customer(ada.id).await.unwrap());
    world.get(&ada, TICKETS).await.expect(401);
    for id in &of_ada {
        assert!(store.thread_of(shared::TicketId::parse(id).unwrap()).await.unwrap().is_none());
    }
    assert!(!world.ticket_ids(&grace).await.is_empty());
}

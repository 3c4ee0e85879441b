//! The help desk's names: taken out of what the team and mail programs write, and left alone in what customers write.

use helpdesk_double::{AgentReply, FileInput};
use http::Method;
use serde_json::{Value, json};
use unicode_normalization::UnicodeNormalization as _;

use crate::delivery::{TICKETS, new_ticket, topic};
use crate::support::client::fresh_key;
use crate::support::{TestCustomer, World, eventually};

/// Letters and digits alone, as somebody reads them.
fn as_read(text: &str) -> String {
    text.nfkd().filter(|c| c.is_ascii_alphanumeric()).flat_map(char::to_lowercase).collect()
}

async fn conversation(world: &World, customer: &TestCustomer) -> (String, u64) {
    let id = world.ticket_ids(customer).await.remove(0);
    let ticket = world.app().store.ticket(customer.id, shared::TicketId::parse(&id).unwrap()).await.unwrap().unwrap();
    (format!("{TICKETS}/{id}"), ticket.conversation.unwrap().get())
}

#[tokio::test]
async fn what_the_team_writes_names_the_help_desk_in_no_spelling() {
    let world = World::start().await;
    let ada = world.customer("ada").await;
    let (path, conversation) = conversation(&world, &ada).await;
    let desk = &world.desk.base_url;
    let host = desk.trim_start_matches("http://").split(':').next().unwrap().to_owned();
    let html = format!(
        "<h2>FREESCOUT</h2><p>We use FreeScout, free scout, Free&#83;cout, &#x46;reescout, Free&shy;Scout, Free&#x200b;Scout, \
         Free<b>Sc</b>out, ＦｒｅｅＳｃｏｕｔ, Frее\u{202e}Scout and free%73cout.</p><pre>curl {desk}/api FreeScout</pre>\
         <p><a href='https://landing.freescout.net/?a=b'>here</a> or <a href='https://safe.example/?u=https%3A%2F%2Ffree%73cout.net'>there</a> \
         or <a href='{desk}/conversation/3'>{desk}/conversation/3</a> RnJlZVNjb3V0IGFuZCBtb3Jl</p>\
         <img alt='FreeScout logo' src='https://freescout.net/logo.png'><ul><li>TagRas</li></ul>\
         <p>Support powered by <a href='https://freescout.net'>FreeScout</a> &mdash; free help desk</p>"
    );
    let guide =
        FileInput { file_name: "FreeScout guide.txt".into(), mime_type: "text/plain".into(), data: b"text".into() };
    world.desk.reply(conversation, AgentReply { attachments: vec![guide], ..AgentReply::html(html) }).unwrap();
    let mut seen = Vec::new();
    let answered = async || world.get(&ada, &path).await.expect(200).json()["messages"].to_string().contains("We use");
    eventually("the answer is read", || async { answered().await }).await;
    let thread = world.get(&ada, &path).await.expect(200);
    let last = thread.json()["messages"].as_array().unwrap().last().unwrap().clone();
    let attachment = &last["attachments"][0];
    assert_eq!(attachment["name"], "attachment.txt");
    let file = world.get(&ada, &format!("{path}/attachments/{}", attachment["id"].as_str().unwrap())).await.expect(200);
    seen.push(format!("{:?}", file.headers));
    seen.push(thread.json().to_string());
    for path in [format!("{TICKETS}?limit=50"), "/api/v1/support/export".into(), format!("{TICKETS}?q=powered")] {
        seen.push(world.get(&ada, &path).await.expect(200).json().to_string());
    }
    for text in &seen {
        let read = as_read(text);
        for name in ["freescout", "tagras", "rnjlzvnjb3v0", "free73cout", &as_read(&host)] {
            assert!(!read.contains(name), "{name} in {text}");
        }
    }
    // Nobody finds by searching what they are not shown.
    let found = world.get(&ada, &format!("{TICKETS}?q=freescout")).await.expect(200).json();
    assert_eq!(found["items"], json!([]));
}

async fn own_messages(world: &World, customer: &TestCustomer, path: &str) -> Vec<Value> {
    let thread = world.get(customer, path).await.expect(200).json();
    let messages = thread["messages"].as_array().unwrap().clone();
    messages.into_iter().filter(|message| message["author"]["kind"] == "you").collect()
}

#[tokio::test]
async fn what_a_customer_wrote_comes_back_unchanged() {
    let world = World::start().await;
    let ada = world.stranger("ada").await;
    let topic = topic(&world, &ada).await;
    let words = format!("Is this FreeScout at {} {{#FS:YQ==#}}? %46reescout", world.desk.base_url);
    let opened = world.submit(&ada, TICKETS, &fresh_key(), &new_ticket(&topic, "Do you use FreeScout?", &words)).await;
    let opened = opened.expect(201).json();
    assert_eq!(opened["subject"], "Do you use FreeScout?");
    let path = format!("{TICKETS}/{}", opened["id"].as_str().unwrap());
    let delivered = async || {
        let own = own_messages(&world, &ada, &path).await;
        own.len() == 1 && own[0]["delivery"]["state"] == "delivered"
    };
    eventually("it is delivered", || async { delivered().await }).await;
    assert_eq!(own_messages(&world, &ada, &path).await[0]["body"], json!([{ "paragraph": [{ "text": words }] }]));
    let found = world.get(&ada, &format!("{TICKETS}?q=freescout")).await.expect(200).json();
    assert_eq!(found["items"].as_array().unwrap().len(), 1);

    // The same question by mail, with the team's mail quoted below it.
    let (_, conversation) = conversation(&world, &ada).await;
    let mail = "<div>Do you use FreeScout?</div><div class=\"gmail_quote\"><div>On Monday Maya wrote:</div><blockquote>Hello \
                from FreeScout. Support powered by <a href='https://freescout.net'>FreeScout</a></blockquote></div>";
    let owner = world.desk.read(|state| state.conversations[&conversation].customer_id);
    let sent = world
        .http
        .request(Method::POST, format!("{}/api/conversations/{conversation}/threads", world.desk.base_url))
        .header("X-FreeScout-API-Key", &world.desk.api_key)
        .json(&json!({ "type": "customer", "text": mail, "customer": { "id": owner } }))
        .send()
        .await
        .unwrap();
    assert_eq!(sent.status(), 201);
    eventually("the mail is read", || async { own_messages(&world, &ada, &path).await.len() == 2 }).await;
    let mailed = own_messages(&world, &ada, &path).await.pop().unwrap();
    assert_eq!(mailed["body"], json!([{ "paragraph": [{ "text": "Do you use FreeScout?" }] }]));
    let quoted = mailed["quoted"].to_string();
    assert!(quoted.contains("Hello") && !as_read(&quoted).contains("freescout"), "{quoted}");
}

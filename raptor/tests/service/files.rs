//! Files, both ways.

use helpdesk_double::{Fault, FaultKind};
use serde_json::json;

use crate::delivery::{TICKETS, held, new_ticket, topic};
use crate::support::client::fresh_key;
use crate::support::{TestCustomer, World, eventually};

const PNG: &[u8] =
    b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89\0\0\0\0IEND\xaeB`\x82";

#[tokio::test]
async fn a_file_goes_there_and_comes_back_as_it_was() {
    let world = World::start().await;
    let ada = world.customer("ada").await;
    let id = world.ticket_ids(&ada).await.remove(0);
    let upload = world.upload(&ada, "../../etc/screen shot.png", PNG).await.expect(201).json();
    assert_eq!(upload["media_type"], "image/png");
    assert!(!upload["name"].as_str().unwrap().contains('/'));
    let body = json!({ "body": "see the picture", "uploads": [upload["id"]] });
    let path = format!("{TICKETS}/{id}");
    let sent = world.submit(&ada, &format!("{path}/replies"), &fresh_key(), &body).await.expect(201).json();
    assert_eq!(sent["attachments"].as_array().unwrap().len(), 1);
    let arrived = async || {
        let thread = world.get(&ada, &path).await.expect(200).json();
        let messages = thread["messages"].as_array().unwrap();
        messages.iter().find(|m| m["id"] == sent["id"] && m["delivery"]["state"] == "delivered").cloned()
    };
    eventually("it arrives", || async { arrived().await.is_some() }).await;
    let attachment = arrived().await.unwrap()["attachments"][0].clone();
    let file = world.get(&ada, &format!("{path}/attachments/{}", attachment["id"].as_str().unwrap())).await.expect(200);
    assert_eq!(file.body, PNG);
    assert_eq!(file.headers["content-type"], "image/png");
    assert_eq!(file.headers["x-content-type-options"], "nosniff");
    assert_eq!(file.headers["content-security-policy"], "default-src 'none'; sandbox");
    assert!(file.headers["content-disposition"].to_str().unwrap().starts_with("attachment;"));
    // The upload is used up.
    let again = world.submit(&ada, &format!("{path}/replies"), &fresh_key(), &body).await.expect(400).json();
    assert_eq!(again["errors"][0]["field"], "uploads[0]");
    assert_eq!(world.desk.counts().file_url_attempts, 0);
}

#[tokio::test]
async fn files_are_what_their_bytes_say() {
    let world = World::start().await;
    let ada = world.customer("ada").await;
    for (name, bytes) in [
        ("picture.png", &b"MZ\x90\0\x03\0\0\0"[..]),
        ("page.html", b"<!doctype html><script>alert(1)</script>"),
        ("drawing.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"),
        ("empty.txt", b""),
    ] {
        let refused = world.upload(&ada, name, bytes).await;
        assert_eq!((refused.status, refused.code().as_str()), (422, "file_rejected"), "{name}");
        assert_eq!(refused.json()["errors"].as_array().unwrap().len(), 1);
    }
    let large = vec![b'a'; shared::Upload::MAX_BYTES + 1];
    assert_eq!(world.upload(&ada, "large.txt", &large).await.expect(413).code(), "too_large");
    let path = "/api/v1/support/uploads?name=endless.txt";
    let endless = futures_util::stream::iter((0..200).map(|_| Ok::<_, std::io::Error>(vec![b'a'; 64 * 1024])));
    let streamed = world
        .request(http::Method::POST, path)
        .by(&ada)
        .header("content-type", "application/octet-stream")
        .body(reqwest::Body::wrap_stream(endless))
        .try_send()
        .await;
    // Refused while it is being sent: the client sees the answer, or a connection that was closed.
    assert!(streamed.is_err() || streamed.is_ok_and(|answer| answer.status == 413));
}

#[tokio::test]
async fn an_upload_can_be_thrown_away_and_one_customer_cannot_fill_the_store() {
    let world = World::start().await;
    let ada = world.customer("ada").await;
    let upload = world.upload(&ada, "a.txt", b"text").await.expect(201).json();
    let path = format!("/api/v1/support/uploads/{}", upload["id"].as_str().unwrap());
    world.delete(&ada, &path).await.expect(204);
    world.delete(&ada, &path).await.expect(404);
    for number in 0..40 {
        world.upload(&ada, &format!("{number}.txt"), b"text").await.expect(201);
    }
    assert_eq!(world.upload(&ada, "more.txt", b"text").await.expect(422).json()["errors"][0]["code"], "too_many");
    // What nobody sends is forgotten.
    let app = world.app();
    let tomorrow = shared::Timestamp::from_millis(app.now().millis() + 25 * 3_600_000);
    assert_eq!(app.store.prune_uploads(tomorrow).await.unwrap(), 40);
    world.upload(&ada, "more.txt", b"text").await.expect(201);
}

/// The names of a thread's files that stand for ones that can be downloaded, and where each message of them stands.
async fn files(world: &World, customer: &TestCustomer, path: &str) -> Vec<(String, String)> {
    let thread = world.get(customer, path).await.expect(200).json();
    let mut files = Vec::new();
    for message in thread["messages"].as_array().unwrap().iter().filter(|message| message["author"]["kind"] == "you") {
        for file in message["attachments"].as_array().unwrap() {
            let state = message["delivery"]["state"].as_str().unwrap();
            files.push((file["name"].as_str().unwrap().to_owned(), state.to_owned()));
        }
    }
    files
}

/// The help desk answers as if it had kept a file, and has not.
#[tokio::test]
async fn a_file_that_the_help_desk_lost_is_sent_again_and_a_loss_for_good_is_told() {
    let world = World::start().await;
    let ada = world.stranger("ada").await;
    let topic = topic(&world, &ada).await;
    let threads = "/api/conversations/{id}/threads";
    let told = |name: &str, state: &str| (name.to_owned(), state.to_owned());

    world.desk.inject(Fault::once(FaultKind::LoseFiles).on("POST", "/api/conversations"));
    let upload = world.upload(&ada, "fills.csv", b"time,price\n10:31,4.20\n").await.expect(201).json();
    let mut ticket = new_ticket(&topic, "Fills", "The report follows.");
    ticket["uploads"] = json!([upload["id"]]);
    let opened = world.submit(&ada, TICKETS, &fresh_key(), &ticket).await.expect(201).json();
    let path = format!("{TICKETS}/{}", opened["id"].as_str().unwrap());
    let arrived = async || files(&world, &ada, &path).await.contains(&told("fills.csv", "delivered"));
    eventually("the file arrives after all", || async { arrived().await }).await;
    let bytes =
        || world.desk.read(|state| state.attachments.values().filter(|file| file.file_name == "fills.csv").count());
    assert_eq!(bytes(), 1, "once");
    assert_eq!(held(&world, "The report follows."), 1, "and its message is not sent again");

    world.desk.inject(Fault::always(FaultKind::LoseFiles).on("POST", threads));
    let upload = world.upload(&ada, "log.txt", b"a log").await.expect(201).json();
    let body = json!({ "body": "And the log.", "uploads": [upload["id"]] });
    world.submit(&ada, &format!("{path}/replies"), &fresh_key(), &body).await.expect(201);
    let failed = async || files(&world, &ada, &path).await.contains(&told("log.txt", "failed"));
    eventually("it is told that the file could not be delivered", || async { failed().await }).await;
    assert_eq!(held(&world, "And the log."), 1);
}

#[tokio::test]
async fn a_withdrawn_replys_files_can_be_sent_with_another() {
    let world = World::start().await;
    let ada = world.customer("ada").await;
    let id = world.ticket_ids(&ada).await.remove(0);
    let upload = world.upload(&ada, "a.txt", b"text").await.expect(201).json();
    let path = format!("{TICKETS}/{id}/replies");
    let body = json!({ "body": "first", "uploads": [upload["id"]] });
    let first = world.submit(&ada, &path, &fresh_key(), &body).await.expect(201).json();
    world.delete(&ada, &format!("{path}/{}", first["id"].as_str().unwrap())).await.expect(204);
    let body = json!({ "body": "second", "uploads": [upload["id"]] });
    world.submit(&ada, &path, &fresh_key(), &body).await.expect(201);
}

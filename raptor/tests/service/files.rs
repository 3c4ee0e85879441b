//! Files, both ways.

use serde_json::json;

use crate::delivery::TICKETS;
use crate::support::client::fresh_key;
use crate::support::{World, eventually};

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

//! What customers do, and what must have come of it when everything has settled.

use std::time::Duration;

use helpdesk_double::State;
use helpdesk_double::model::Status;
use http::Method;
use serde_json::{Value, json};
use shared::endpoints::tickets::Score;
use shared::{TicketId, Timestamp, UploadId};

use crate::delivery::{TICKETS, held, new_ticket, topic};
use crate::support::client::fresh_key;
use crate::support::{Answer, TestCustomer, World};

/// The ways of writing: every route of the contract that changes something and has to do with the help desk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Deed {
    Open,
    Reply,
    ReplyWithFile,
    Withdraw,
    SetStatus,
    MarkRead,
    Rate,
    Discard,
}

impl Deed {
    const ALL: [Self; 8] = [
        Self::Open,
        Self::Reply,
        Self::ReplyWithFile,
        Self::Withdraw,
        Self::SetStatus,
        Self::MarkRead,
        Self::Rate,
        Self::Discard,
    ];

    pub(super) fn of(number: usize) -> Self {
        Self::ALL[number % Self::ALL.len()]
    }
}

/// What must be true in the end.
enum Expected {
    /// These words stand in one message.
    Once(String),
    /// These words stand in no message.
    Never(String),
    /// These words stand in one note at most: the team's being told is a courtesy.
    AtMostOnce(String),
    /// One file of this name has arrived.
    File(String),
    /// This upload is gone.
    Gone(UploadId),
}

/// A customer with two tickets: one to write to, and one whose state nothing else changes.
pub(super) struct Writer {
    customer: TestCustomer,
    number: usize,
    topic: Value,
    busy: String,
    quiet: String,
    expected: Vec<Expected>,
    closed: Option<bool>,
    read: Option<Timestamp>,
    rated: Option<(Score, String)>,
}

impl Writer {
    pub(super) async fn new(world: &World, number: usize) -> Self {
        let customer = world.stranger(&format!("customer{number}")).await;
        let topic = topic(world, &customer).await;
        let mut tickets = Vec::new();
        for subject in ["Busy", "Quiet"] {
            let body = new_ticket(&topic, subject, "to write to");
            let opened = world.submit(&customer, TICKETS, &fresh_key(), &body).await.expect(201).json();
            tickets.push(format!("{TICKETS}/{}", opened["id"].as_str().unwrap()));
        }
        let (quiet, busy) = (tickets.pop().unwrap(), tickets.pop().unwrap());
        let (expected, closed, read, rated) = (Vec::new(), None, None, None);
        Self { customer, number, topic, busy, quiet, expected, closed, read, rated }
    }

    /// Does it, as a client does that goes on until it knows what came of it; `twice` is a double click, or two tabs.
    pub(super) async fn run(&mut self, world: &World, deed: Deed, round: usize, twice: bool) -> u16 {
        let words = format!("run-{round}-{}-end", self.number);
        match deed {
            Deed::Open => {
                let body = new_ticket(&self.topic, "A ticket", &words);
                self.submit(world, TICKETS, &words, body, twice).await
            }
            Deed::Reply => {
                let path = format!("{}/replies", self.busy);
                self.submit(world, &path, &words, json!({ "body": words }), twice).await
            }
            Deed::ReplyWithFile => {
                // Not the words: a message that brings a lost file again names it.
                let name = format!("file-{round}-{}.txt", self.number);
                let Some(upload) = self.upload(world, &name).await else { return 503 };
                let path = format!("{}/replies", self.busy);
                let body = json!({ "body": words, "uploads": [upload.to_string()] });
                let status = self.submit(world, &path, &words, body, twice).await;
                self.expected.push(Expected::File(name));
                status
            }
            Deed::Withdraw => self.withdraw(world, words, twice).await,
            Deed::SetStatus => {
                let closed = !self.closed.unwrap_or_default();
                let body = json!({ "status": if closed { "resolved" } else { "reopened" } });
                let status = self.put(world, "status", &body, twice).await;
                assert_eq!(status, 200, "{words}");
                self.closed = Some(closed);
                status
            }
            Deed::MarkRead => {
                let up_to = Timestamp::from_millis(1_700_000_000_000 + i64::try_from(round).unwrap() * 1000);
                let status = self.put(world, "read", &json!({ "up_to": up_to }), twice).await;
                assert!((200..300).contains(&status), "{words}: {status}");
                self.read = Some(up_to);
                status
            }
            Deed::Rate => {
                let score = [Score::Great, Score::Okay][round % 2];
                let body = json!({ "score": score.as_str(), "comment": words });
                let status = self.put(world, "rating", &body, twice).await;
                assert_eq!(status, 200, "{words}");
                self.rated = Some((score, words.clone()));
                self.expected.push(Expected::AtMostOnce(words));
                status
            }
            Deed::Discard => {
                let Some(upload) = self.upload(world, &format!("{words}.txt")).await else { return 503 };
                let path = format!("/api/v1/support/uploads/{upload}");
                let send = || world.delete(&self.customer, &path);
                let status = until_known(twice, send).await;
                assert!(matches!(status, 204 | 404), "{words}: {status}");
                self.expected.push(Expected::Gone(upload));
                status
            }
        }
    }

    async fn submit(&mut self, world: &World, path: &str, words: &str, body: Value, twice: bool) -> u16 {
        let key = fresh_key();
        let status = until_known(twice, || world.submit(&self.customer, path, &key, &body)).await;
        assert!(matches!(status, 201 | 202), "{words}: {status}");
        self.expected.push(Expected::Once(words.to_owned()));
        status
    }

    async fn put(&self, world: &World, what: &str, body: &Value, twice: bool) -> u16 {
        let path = format!("{}/{what}", self.quiet);
        until_known(twice, || world.put(&self.customer, &path, body)).await
    }

    async fn upload(&self, world: &World, name: &str) -> Option<UploadId> {
        let answer = world.upload(&self.customer, name, name.as_bytes()).await.expect(201).json();
        UploadId::parse(answer["id"].as_str()?).ok()
    }

    /// Replies and takes it back at once, which can be too late.
    async fn withdraw(&mut self, world: &World, words: String, twice: bool) -> u16 {
        let path = format!("{}/replies", self.busy);
        let (key, body) = (fresh_key(), json!({ "body": words }));
        let accepted = world.submit(&self.customer, &path, &key, &body).await.expect(201).json();
        let path = format!("{path}/{}", accepted["id"].as_str().unwrap());
        // 409 is an answer here: it has left.
        let send = || world.request(Method::DELETE, &path).by(&self.customer).send();
        let first = if twice { tokio::join!(send(), send()).0 } else { send().await };
        self.expected.push(match first.status {
            204 => Expected::Never(words),
            409 | 404 => Expected::Once(words),
            other => panic!("{words}: {other}"),
        });
        first.status
    }

    /// Whether the thread says of a file that it could not be delivered.
    async fn is_told_of_loss(&self, world: &World, name: &str) -> bool {
        let thread = world.get(&self.customer, &self.busy).await.expect(200).json();
        let messages = thread["messages"].as_array().unwrap();
        let failed = messages.iter().filter(|message| message["delivery"]["state"] == "failed");
        failed.flat_map(|message| message["attachments"].as_array().unwrap()).any(|file| file["name"] == name)
    }

    /// What is not as it must be.
    pub(super) async fn wrong(&self, world: &World) -> Vec<String> {
        let mut wrong = Vec::new();
        for expected in &self.expected {
            match expected {
                Expected::Once(words) if held(world, words) != 1 => wrong.push(times(words, held(world, words))),
                Expected::Never(words) if held(world, words) != 0 => wrong.push(times(words, held(world, words))),
                Expected::AtMostOnce(words) if held(world, words) > 1 => wrong.push(times(words, held(world, words))),
                Expected::File(name) => match world.desk.read(|state| files(state, name)) {
                    1 => {}
                    0 if self.is_told_of_loss(world, name).await => {}
                    other => wrong.push(times(name, other)),
                },
                Expected::Gone(upload) => {
                    let app = world.app();
                    if app.store.waiting_upload(self.customer.id, *upload, app.now()).await.unwrap().is_some() {
                        wrong.push(format!("{upload} is still there"));
                    }
                }
                _ => {}
            }
        }
        let id = TicketId::parse(self.quiet.rsplit('/').next().unwrap()).unwrap();
        let ticket = world.app().store.ticket(self.customer.id, id).await.unwrap().unwrap();
        let conversation = ticket.conversation.unwrap().get();
        let status = world.desk.read(|state| state.conversations[&conversation].status);
        if let Some(closed) = self.closed
            && (status == Status::Closed) != closed
        {
            wrong.push(format!("{id} is {status:?}, closed should be {closed}"));
        }
        if ticket.read_up_to < self.read {
            wrong.push(format!("{id} is read up to {:?} and not {:?}", ticket.read_up_to, self.read));
        }
        let rating = world.app().store.rating(id).await.unwrap();
        let rating =
            rating.map(|rating| (rating.score, rating.comment.map_or_else(String::new, |text| text.to_string())));
        if rating != self.rated {
            wrong.push(format!("{id} is rated {rating:?} and not {:?}", self.rated));
        }
        wrong
    }
}

/// Sends it until the answer says what became of it. A reset connection to Raptor itself counts as no answer.
async fn until_known<F: Future<Output = Answer>>(twice: bool, send: impl Fn() -> F) -> u16 {
    for _ in 0..60 {
        if twice {
            let (_, _) = tokio::join!(send(), send());
        }
        match send().await.status {
            409 | 429 | 503 => tokio::time::sleep(Duration::from_millis(50)).await,
            status => return status,
        }
    }
    panic!("no final answer");
}

fn files(state: &State, name: &str) -> usize {
    let threads = state.conversations.values().flat_map(|conversation| &conversation.threads);
    let held = threads.flat_map(|thread| &thread.attachments).filter_map(|id| state.attachments.get(id));
    held.filter(|attachment| attachment.file_name == name).count()
}

fn times(what: &str, times: usize) -> String {
    format!("{what} has arrived {times} times")
}

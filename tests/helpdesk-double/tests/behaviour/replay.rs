//! Recorded calls, played again: the double must give the same answers, byte for byte, apart from what lies in the
//! nature of things (host, token of a file, date of the answer).
//!
//! The files in `captures/` are played in the order of their names onto the state that the help desk had then.

use crate::client::{Answer, Client};
use helpdesk_double::{
    Config, FileInput, Handle, HelpDeskDouble, SeedConversation, SeedCustomer, SeedThread,
    model::{Agent, Status, ThreadType},
};
use std::{fs, path::Path};

/// One recorded call.
struct Capture {
    name: String,
    at: i64,
    with_key: bool,
    method: String,
    target: String,
    body: String,
    status: u16,
    headers: Vec<(String, String)>,
    content: String,
}

#[tokio::test]
async fn every_recorded_call_gets_the_recorded_answer() {
    let desk = as_it_was_before_the_recording().await;
    let captures = read_all();
    assert_eq!(captures.len(), 21, "a recording is missing");
    for capture in captures {
        desk.set_clock(Some(capture.at));
        let client = if capture.with_key { Client::new(&desk) } else { Client::without_key(&desk) };
        let content_type: &[(&str, &str)] =
            if capture.body.is_empty() { &[] } else { &[("content-type", "application/json")] };
        let answer =
            client.send(&capture.method, &capture.target, content_type, capture.body.as_bytes()).await.unwrap();
        assert_eq!(answer.status, capture.status, "status of {}", capture.name);
        assert_eq!(comparable_headers(&answer), capture.headers, "headers of {}", capture.name);
        assert_eq!(comparable_content(&desk, &answer), capture.content, "content of {}", capture.name);
    }
}

/// Two conversations of an earlier hour, told as far as the recorded lists show them.
async fn as_it_was_before_the_recording() -> Handle {
    let config = Config {
        agents: vec![Agent {
            id: 1,
            first_name: "Ada".into(),
            last_name: "Agent".into(),
            email: "admin@example.test".into(),
            role: "admin".into(),
            photo_path: String::new(),
            created_at: time("2026-11-22T01:46:38Z"),
            updated_at: time("2026-11-22T01:55:15Z"),
        }],
        custom_fields: Vec::new(),
        first_number: 1,
        clock: Some(time("2026-11-22T01:56:00Z")),
        ..Config::default()
    };
    let desk = HelpDeskDouble::start(config).await.unwrap();
    for (email, first_name) in
        [("Cust.One@Example.test", "Cust"), ("two@example.test", "Two"), ("evil@example.test", "")]
    {
        desk.seed_customer(SeedCustomer {
            emails: vec![email.into()],
            first_name: first_name.into(),
            keep_case: true,
            ..SeedCustomer::default()
        })
        .unwrap();
    }
    let now = desk.now();
    let thread = |kind, at: &str, body: &str| SeedThread::new(kind, now - time(at), body);
    let file = || FileInput { file_name: "f.txt".into(), mime_type: "text/plain".into(), data: b"f".to_vec() };
    let with_files = SeedThread {
        attachments: vec![file(), file(), file(), file(), file()],
        ..thread(ThreadType::Customer, "2026-11-22T01:55:16Z", "files")
    };
    desk.seed_conversation(SeedConversation {
        customer_id: 1,
        subject: "Printer broken".into(),
        created_by_nobody: true,
        folder_id: Some(3),
        threads: vec![thread(ThreadType::Customer, "2026-11-22T01:51:14Z", "It prints nothing"), with_files],
        ..SeedConversation::default()
    })
    .unwrap();
    desk.seed_conversation(SeedConversation {
        customer_id: 2,
        subject: "Refund & <b>x</b>".into(),
        assignee: Some("Ada".into()),
        threads: vec![
            thread(ThreadType::Customer, "2026-11-22T01:53:12Z", "Please refund"),
            thread(ThreadType::Message, "2026-11-22T01:53:20Z", "On its way"),
            thread(ThreadType::Note, "2026-11-22T01:53:30Z", "refunded before?"),
            SeedThread {
                status: Some(Status::Closed),
                ..thread(ThreadType::Customer, "2026-11-22T01:53:45Z", "Thanks, done")
            },
            thread(ThreadType::Lineitem, "2026-11-22T01:53:45Z", "marked as Closed"),
            thread(ThreadType::Note, "2026-11-22T01:53:46Z", "fine"),
            SeedThread { customer_id: Some(3), ..thread(ThreadType::Customer, "2026-11-22T01:53:46Z", "me too") },
        ],
        ..SeedConversation::default()
    })
    .unwrap();
    desk
}

fn read_all() -> Vec<Capture> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("captures");
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files.iter().map(|path| read(path)).collect()
}

fn read(path: &Path) -> Capture {
    let text = fs::read_to_string(path).unwrap();
    let (head, content) = text.split_once("\n\n").unwrap();
    let lines =
        |prefix: &'static str| head.lines().filter_map(move |line| line.strip_prefix(prefix)).map(str::to_owned);
    let mut sent = lines("> ");
    let first = sent.next().unwrap();
    let (method, target) = first.split_once(' ').unwrap();
    let mut received = lines("< ");
    let status = received.next().unwrap();
    Capture {
        name: path.file_name().unwrap().to_string_lossy().into_owned(),
        at: time(&lines("at ").next().unwrap()),
        with_key: lines("key ").next().unwrap() == "yes",
        method: method.to_owned(),
        target: target.to_owned(),
        body: sent.next().unwrap_or_default(),
        status: status.split(' ').next().unwrap().parse().unwrap(),
        headers: received
            .map(|line| line.split_once(": ").map(|(name, value)| (name.to_owned(), value.to_owned())).unwrap())
            .collect(),
        content: content.trim_end().to_owned(),
    }
}

/// All headers but the date and the length, which the recording server did not send.
fn comparable_headers(answer: &Answer) -> Vec<(String, String)> {
    let mut headers = answer.headers.clone();
    headers.retain(|(name, _)| !matches!(name.as_str(), "date" | "content-length" | "connection"));
    headers.sort();
    headers
}

fn comparable_content(desk: &Handle, answer: &Answer) -> String {
    let text = answer.text();
    if answer.header("content-type").is_some_and(|kind| kind.starts_with("text/html")) {
        return visible_text(text);
    }
    let mut text = text.replace(&desk.base_url.replace('/', "\\/"), "{base}");
    while let Some(start) = text.find("attachment\\/").map(|at| at + 12).filter(|at| !text[*at..].starts_with('{')) {
        text.replace_range(start..start + 7, "{directory}");
    }
    while let Some(start) = text.find("token=").map(|at| at + 6).filter(|at| !text[*at..].starts_with('{')) {
        let token = &text[start..start + 64];
        assert!(token.bytes().all(|byte| byte.is_ascii_hexdigit()), "{token}");
        text.replace_range(start..start + 64, "{token}");
    }
    text
}

/// What a person reads on a page.
fn visible_text(html: &str) -> String {
    let mut text = String::new();
    let mut rest = html;
    while let Some((before, after)) = rest.split_once('<') {
        text.push_str(before);
        text.push(' ');
        let end = if after.starts_with("style") { "</style>" } else { ">" };
        rest = after.split_once(end).map_or("", |(_, rest)| rest);
    }
    text.push_str(rest);
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn time(text: &str) -> i64 {
    text.parse::<jiff::Timestamp>().unwrap().as_second()
}

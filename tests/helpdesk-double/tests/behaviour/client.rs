//! A plain HTTP/1.1 client that hides nothing: one connection per call, headers and body as they came.

use helpdesk_double::Handle;
use serde_json::Value;
use std::{io, net::SocketAddr};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// One answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    /// Names in lower case.
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
    }

    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {:?}", self.text()))
    }
}

/// Calls one double with its key.
#[derive(Clone, Debug)]
pub(crate) struct Client {
    address: SocketAddr,
    key: Option<String>,
}

impl Client {
    pub(crate) fn new(desk: &Handle) -> Self {
        Self { address: desk.address, key: Some(desk.api_key.clone()) }
    }

    pub(crate) fn without_key(desk: &Handle) -> Self {
        Self { address: desk.address, key: None }
    }

    pub(crate) async fn get(&self, target: &str) -> Answer {
        self.send("GET", target, &[], b"").await.unwrap()
    }

    pub(crate) async fn post(&self, target: &str, body: &Value) -> Answer {
        self.try_post(target, body).await.unwrap()
    }

    pub(crate) async fn try_post(&self, target: &str, body: &Value) -> io::Result<Answer> {
        self.send("POST", target, &[("content-type", "application/json")], body.to_string().as_bytes()).await
    }

    pub(crate) async fn put(&self, target: &str, body: &Value) -> Answer {
        let body = body.to_string();
        self.send("PUT", target, &[("content-type", "application/json")], body.as_bytes()).await.unwrap()
    }

    pub(crate) async fn delete(&self, target: &str) -> Answer {
        self.send("DELETE", target, &[], b"").await.unwrap()
    }

    /// One call. An answer that is missing or shorter than announced is an error.
    pub(crate) async fn send(
        &self,
        method: &str,
        target: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> io::Result<Answer> {
        let mut head = format!("{method} {target} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\n", self.address);
        if let Some(key) = &self.key {
            head.push_str(&format!("x-freescout-api-key: {key}\r\n"));
        }
        for (name, value) in headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        if !body.is_empty() {
            head.push_str(&format!("content-length: {}\r\n", body.len()));
        }
        head.push_str("\r\n");
        let mut stream = TcpStream::connect(self.address).await?;
        // A server that refuses by the announced length may close before it has read everything.
        let sent = async {
            stream.write_all(head.as_bytes()).await?;
            stream.write_all(body).await
        }
        .await;
        let mut raw = Vec::new();
        match (stream.read_to_end(&mut raw).await, sent) {
            (Err(error), _) | (_, Err(error)) if raw.is_empty() => return Err(error),
            _ => {}
        }
        parse(&raw, method == "HEAD")
    }
}

fn parse(raw: &[u8], head_only: bool) -> io::Result<Answer> {
    let broken = || io::Error::from(io::ErrorKind::UnexpectedEof);
    let end = raw.windows(4).position(|window| window == b"\r\n\r\n").ok_or_else(broken)?;
    let head = std::str::from_utf8(&raw[..end]).unwrap();
    let mut lines = head.split("\r\n");
    let status = lines.next().and_then(|line| line.split(' ').nth(1)).ok_or_else(broken)?.parse().unwrap();
    let headers: Vec<(String, String)> = lines
        .map(|line| line.split_once(": ").unwrap())
        .map(|(name, value)| (name.to_lowercase(), value.to_owned()))
        .collect();
    let body = raw[end + 4..].to_vec();
    let announced = headers.iter().find(|(name, _)| name == "content-length").map(|(_, value)| value.parse().unwrap());
    if !head_only && announced.is_some_and(|length: usize| length != body.len()) {
        return Err(broken());
    }
    Ok(Answer { status, headers, body })
}

//! Requests, and answers that are checked while they are read.

use std::time::Duration;

use reqwest::{Method, StatusCode};
use shared::{Endpoint, IdempotencyKey, Problem, RequestBody, RequestKind, ResponseBody, ResponseKind};

/// How often a limiter is waited for before its refusal counts as the answer.
const MAX_WAITS: usize = 5;
/// How long at most, each time.
const LONGEST_WAIT: Duration = Duration::from_secs(60);

/// Somebody who calls: an address, and whom they claim to be.
#[derive(Clone)]
pub struct Caller {
    client: reqwest::Client,
    base: String,
    service_token: Option<String>,
    token: Option<String>,
}

/// What kept a call from being made or understood.
#[derive(Debug, thiserror::Error)]
pub enum CallerError {
    /// The address does not answer.
    #[error("no answer from {url}: {source}")]
    Unreachable {
        /// What was asked.
        url: String,
        /// Why.
        source: reqwest::Error,
    },
    /// The answer is not what the contract says.
    #[error("{0}")]
    Broken(String),
}

/// An answer, read whole.
#[derive(Clone, Debug)]
pub struct Answer {
    /// What was asked, for messages.
    pub asked: String,
    /// The status.
    pub status: u16,
    /// The headers, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

impl Caller {
    /// Calls `base`, an origin such as `http://127.0.0.1:8789`. `service_token` proves an edge to a Raptor that asks for it.
    #[must_use]
    pub fn new(base: &str, service_token: Option<String>) -> Self {
        // Redirects are never followed: a Raptor that redirects a customer's token breaks the contract.
        let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap_or_default();
        Self { client, base: base.trim_end_matches('/').to_owned(), service_token, token: None }
    }

    /// The same, with a customer's token.
    #[must_use]
    pub fn with_token(&self, token: &str) -> Self {
        Self { token: Some(token.to_owned()), ..self.clone() }
    }

    /// The same, without any token.
    #[must_use]
    pub fn anonymous(&self) -> Self {
        Self { token: None, ..self.clone() }
    }

    /// Any request at all. One that is refused because there were too many before it is sent again when it may be.
    ///
    /// # Errors
    /// [`CallerError::Unreachable`].
    pub async fn raw(
        &self,
        method: Method,
        uri: &str,
        headers: &[(&str, &str)],
        body: Vec<u8>,
    ) -> Result<Answer, CallerError> {
        for _ in 0..MAX_WAITS {
            let answer = self.once(method.clone(), uri, headers, body.clone()).await?;
            let wait = answer.header("retry-after").and_then(|seconds| seconds.parse().ok());
            match wait.filter(|_| answer.status == 429) {
                Some(seconds) => tokio::time::sleep(Duration::from_secs(seconds).min(LONGEST_WAIT)).await,
                None => return Ok(answer),
            }
        }
        self.once(method, uri, headers, body).await
    }

    async fn once(
        &self,
        method: Method,
        uri: &str,
        headers: &[(&str, &str)],
        body: Vec<u8>,
    ) -> Result<Answer, CallerError> {
        let asked = format!("{method} {uri}");
        let mut request = self.client.request(method, format!("{}{uri}", self.base)).body(body);
        if let Some(token) = &self.service_token {
            request = request.header(shared::SERVICE_AUTHORIZATION, format!("Bearer {token}"));
        }
        if let Some(token) = &self.token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let unreachable = |source| CallerError::Unreachable { url: asked.clone(), source };
        let response = request.send().await.map_err(unreachable)?;
        let status = response.status();
        let headers = response
            .headers()
            .iter()
            .map(|(name, value)| (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned()))
            .collect();
        // A stream of events never ends by itself; its head is what can be checked.
        let endless = response
            .headers()
            .get("content-type")
            .is_some_and(|kind| kind.as_bytes().starts_with(b"text/event-stream"));
        let body = if endless { Vec::new() } else { response.bytes().await.map_err(unreachable)?.to_vec() };
        Ok(Answer { asked, status: status.as_u16(), headers, body })
    }

    /// A call of the contract, whatever the answer.
    ///
    /// # Errors
    /// [`CallerError::Unreachable`].
    pub async fn ask<E: Endpoint>(
        &self,
        path: &E::Path,
        query: &E::Query,
        body: Vec<u8>,
        key: Option<&str>,
    ) -> Result<Answer, CallerError> {
        let method = Method::from_bytes(E::METHOD.as_str().as_bytes()).unwrap_or_default();
        let mut headers = Vec::new();
        match E::Request::KIND {
            RequestKind::Nothing => {}
            RequestKind::Json => headers.push(("content-type", "application/json")),
            RequestKind::Upload => headers.push(("content-type", "application/octet-stream")),
        }
        if let Some(key) = key {
            headers.push((IdempotencyKey::HEADER, key));
        }
        self.raw(method, &E::uri(path, query), &headers, body).await
    }

    /// A call of the contract that is to succeed.
    ///
    /// # Errors
    /// [`CallerError`] when it does not, or when the answer is not of its type.
    pub async fn call<E: Endpoint>(
        &self,
        path: &E::Path,
        query: &E::Query,
        request: &E::Request,
        key: Option<&str>,
    ) -> Result<E::Response, CallerError> {
        self.ask::<E>(path, query, request.encode(), key).await?.success::<E>()
    }
}

impl Answer {
    /// A header's value.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    fn broken(&self, what: &str) -> CallerError {
        let body: String = String::from_utf8_lossy(&self.body).chars().take(300).collect();
        CallerError::Broken(format!("{}: {what} (status {}, body {body:?})", self.asked, self.status))
    }

    /// The body of a success.
    ///
    /// # Errors
    /// [`CallerError::Broken`] when status, content type or body are not the route's.
    pub fn success<E: Endpoint>(&self) -> Result<E::Response, CallerError> {
        if self.status != E::STATUS {
            return Err(self.broken(&format!("expected status {}", E::STATUS)));
        }
        let kind = self.header("content-type").unwrap_or_default();
        let expected = match E::Response::KIND {
            ResponseKind::Json => "application/json",
            ResponseKind::Nothing | ResponseKind::Download | ResponseKind::Events => "",
        };
        if !kind.starts_with(expected) {
            return Err(self.broken(&format!("expected content type {expected}, got {kind}")));
        }
        let decoded =
            E::Response::decode_noting_unknown(&self.body).map_err(|error| self.broken(&error.to_string()))?;
        if decoded.had_unknown {
            return Err(self.broken("the answer has a field that the contract does not know"));
        }
        Ok(decoded.value)
    }

    /// The problem document of an error.
    ///
    /// # Errors
    /// [`CallerError::Broken`] when the answer is not one, or says another status than it has.
    pub fn problem(&self, status: StatusCode) -> Result<Problem, CallerError> {
        if self.status != status.as_u16() {
            return Err(self.broken(&format!("expected status {status}")));
        }
        if self.header("content-type") != Some(Problem::CONTENT_TYPE) {
            return Err(self.broken("expected a problem document"));
        }
        let problem: Problem = serde_json::from_slice(&self.body).map_err(|error| self.broken(&error.to_string()))?;
        let fresh = Problem::new(problem.code, problem.reference);
        if problem.status != self.status || problem.r#type != fresh.r#type || problem.title != fresh.title {
            return Err(self.broken("the problem document does not agree with its code"));
        }
        Ok(problem)
    }

    /// The answer without what differs from one error to the next: the body with its reference blanked, and the header names.
    #[must_use]
    pub fn shape(&self) -> (u16, String, Vec<String>) {
        let mut body = String::from_utf8_lossy(&self.body).into_owned();
        if let Ok(problem) = serde_json::from_slice::<Problem>(&self.body) {
            body = body.replace(&problem.reference.to_string(), "");
        }
        let mut names: Vec<String> = self.headers.iter().map(|(name, _)| name.clone()).collect();
        names.sort();
        (self.status, body, names)
    }
}

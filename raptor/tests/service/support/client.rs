//! A client that speaks HTTP and knows nothing of the contract's types, so that it can send what they would not.

use http::{HeaderMap, Method};
use serde_json::Value;

use super::{TestCustomer, World};

#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("{error}: {} {}", self.status, String::from_utf8_lossy(&self.body)))
    }

    pub(crate) fn code(&self) -> String {
        self.json()["code"].as_str().unwrap_or_default().to_owned()
    }

    #[track_caller]
    pub(crate) fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", String::from_utf8_lossy(&self.body));
        self
    }

    /// The answer as bytes, without what must differ: the reference and the date.
    pub(crate) fn without_reference(&self) -> (u16, Vec<(String, String)>, String) {
        let mut body: Value = self.json();
        if let Some(reference) = body.get_mut("reference") {
            let text = reference.as_str().unwrap();
            assert!(shared::Reference::parse(text).is_ok(), "{text}");
            *reference = "R-00000-00000".into();
        }
        // Lengths are compared before anything is replaced.
        let mut headers: Vec<(String, String)> = self
            .headers
            .iter()
            .filter(|(name, _)| *name != "date")
            .map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()))
            .collect();
        headers.sort();
        (self.status, headers, body.to_string())
    }
}

pub(crate) struct Request<'a> {
    world: &'a World,
    builder: reqwest::RequestBuilder,
    edge: bool,
}

impl World {
    pub(crate) fn request(&self, method: Method, path: &str) -> Request<'_> {
        Request { world: self, builder: self.http.request(method, format!("{}{path}", self.raptor.base)), edge: true }
    }

    pub(crate) async fn get(&self, customer: &TestCustomer, path: &str) -> Answer {
        self.request(Method::GET, path).by(customer).send().await
    }

    pub(crate) async fn post(&self, customer: &TestCustomer, path: &str, body: &Value) -> Answer {
        self.request(Method::POST, path).by(customer).json(body).send().await
    }

    pub(crate) async fn put(&self, customer: &TestCustomer, path: &str, body: &Value) -> Answer {
        self.request(Method::PUT, path).by(customer).json(body).send().await
    }

    pub(crate) async fn delete(&self, customer: &TestCustomer, path: &str) -> Answer {
        self.request(Method::DELETE, path).by(customer).send().await
    }

    /// Sends something with an idempotency key.
    pub(crate) async fn submit(&self, customer: &TestCustomer, path: &str, key: &str, body: &Value) -> Answer {
        self.request(Method::POST, path).by(customer).header("idempotency-key", key).json(body).send().await
    }

    pub(crate) async fn upload(&self, customer: &TestCustomer, name: &str, bytes: &[u8]) -> Answer {
        let path = format!("/api/v1/support/uploads?name={}", shared::percent_encode(name));
        self.request(Method::POST, &path)
            .by(customer)
            .header("content-type", "application/octet-stream")
            .body(bytes.to_vec())
            .send()
            .await
    }
}

impl Request<'_> {
    pub(crate) fn by(self, customer: &TestCustomer) -> Self {
        self.header("authorization", &format!("Bearer {}", customer.token))
    }

    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.builder = self.builder.header(name, value);
        self
    }

    pub(crate) fn json(mut self, body: &Value) -> Self {
        self.builder = self.builder.json(body);
        self
    }

    pub(crate) fn body(mut self, body: impl Into<reqwest::Body>) -> Self {
        self.builder = self.builder.body(body);
        self
    }

    /// As somebody who is not the edge.
    pub(crate) fn without_edge(mut self) -> Self {
        self.edge = false;
        self
    }

    fn build(self) -> reqwest::RequestBuilder {
        let token = format!("Bearer {}", self.world.edge_token);
        if self.edge { self.builder.header(shared::SERVICE_AUTHORIZATION, token) } else { self.builder }
    }

    pub(crate) async fn open(self) -> reqwest::Response {
        self.build().send().await.unwrap()
    }

    /// The call as a future of its own.
    pub(crate) fn detach(self) -> impl Future<Output = Result<reqwest::Response, reqwest::Error>> + Send + 'static {
        self.build().send()
    }

    pub(crate) async fn send(self) -> Answer {
        self.try_send().await.unwrap()
    }

    pub(crate) async fn try_send(self) -> Result<Answer, reqwest::Error> {
        let response = self.build().send().await?;
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        Ok(Answer { status, headers, body: response.bytes().await?.to_vec() })
    }
}

/// A key that was not used before.
pub(crate) fn fresh_key() -> String {
    format!("{:032x}", raptor::random::bits())
}

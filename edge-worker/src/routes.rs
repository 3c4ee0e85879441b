//! The route table, made from the contract's one list.

use shared::{
    Auth, DecodeError, Endpoint, FieldError, Method, PathParams, QueryParams, Rate, RequestBody, RequestKind,
    ResponseBody, ResponseKind, endpoints, percent_decode, query_pairs,
};

/// A route of the contract, with its types turned into functions.
pub struct Route {
    /// Name of the operation, for logs.
    pub id: &'static str,
    /// The method.
    pub method: Method,
    /// Who may call it.
    pub auth: Auth,
    /// How often.
    pub rate: Rate,
    /// Whether an idempotency key is required.
    pub idempotent_by_key: bool,
    /// The status of a success.
    pub status: u16,
    /// How the request's body travels.
    pub request: RequestKind,
    /// Largest request body, in bytes.
    pub request_max: usize,
    /// How the answer's body travels.
    pub response: ResponseKind,
    /// Largest answer body, in bytes.
    pub response_max: usize,
    /// Decodes a request body strictly and writes it anew, so that Raptor reads what the edge has read.
    pub canonical_request: fn(&[u8]) -> Result<Vec<u8>, DecodeError>,
    /// Decodes an answer into its type.
    pub check_response: fn(&[u8]) -> Result<Checked, DecodeError>,
    path: &'static str,
    canonical_uri: CanonicalUri,
}

/// Path and query in their one spelling, from the path's parameters and the query's pairs.
type CanonicalUri = fn(&[&str], &[(String, String)]) -> Result<String, Mismatch>;

/// An answer that decodes.
#[derive(Debug, PartialEq, Eq)]
pub enum Checked {
    /// It is, byte for byte, what its type writes.
    Exact,
    /// It held more, or spelled it in another way; this is what its type writes.
    Trimmed(Vec<u8>),
}

/// Why a request has no route.
#[derive(Debug, PartialEq, Eq)]
pub enum Mismatch {
    /// No route has this path, or a parameter of the path cannot be one.
    Path,
    /// Routes with this path have other methods: the value of `Allow`.
    Method(String),
    /// A parameter of the query is unknown, there twice, or cannot be one.
    Query(Box<FieldError>),
}

impl Route {
    const fn of<E: Endpoint>() -> Self {
        Self {
            id: E::ID,
            method: E::METHOD,
            auth: E::AUTH,
            rate: E::RATE,
            idempotent_by_key: E::IDEMPOTENT_BY_KEY,
            status: E::STATUS,
            request: <E::Request as RequestBody>::KIND,
            request_max: <E::Request as RequestBody>::MAX_BYTES,
            response: <E::Response as ResponseBody>::KIND,
            response_max: <E::Response as ResponseBody>::MAX_BYTES,
            canonical_request: canonical_request::<E>,
            check_response: check_response::<E>,
            path: E::PATH,
            canonical_uri: canonical_uri::<E>,
        }
    }

    /// The path template, for logs: it holds no id.
    #[must_use]
    pub const fn template(&self) -> &'static str {
        self.path
    }
}

fn canonical_request<E: Endpoint>(bytes: &[u8]) -> Result<Vec<u8>, DecodeError> {
    E::Request::decode(bytes).map(|value| value.encode())
}

fn check_response<E: Endpoint>(bytes: &[u8]) -> Result<Checked, DecodeError> {
    let value = E::Response::decode(bytes)?;
    if value.is_encoded_as(bytes) {
        return Ok(Checked::Exact);
    }
    // In what the type does not know, or passes through as it is, anything may be nested.
    shared::check_shape(bytes)?;
    Ok(Checked::Trimmed(value.encode()))
}

fn canonical_uri<E: Endpoint>(segments: &[&str], pairs: &[(String, String)]) -> Result<String, Mismatch> {
    let path = E::Path::parse(segments).map_err(|_| Mismatch::Path)?;
    let query = E::Query::parse(pairs).map_err(|error| Mismatch::Query(Box::new(error)))?;
    Ok(E::uri(&path, &query))
}

macro_rules! table {
    ($($endpoint:path,)*) => {
        static ROUTES: [Route; endpoints::COUNT] = [$(Route::of::<$endpoint>()),*];
    };
}

shared::endpoints!(table);

/// Every route, in the order of the contract's list.
#[must_use]
pub fn all() -> &'static [Route] {
    &ROUTES
}

/// The route of a method and a path, and the path's parameters, percent-decoded.
///
/// # Errors
/// [`Mismatch::Path`] or [`Mismatch::Method`].
pub fn find(method: &str, path: &str) -> Result<(&'static Route, Vec<String>), Mismatch> {
    let mut allowed: Vec<&str> = Vec::new();
    for route in &ROUTES {
        let Some(raw) = parameters(route.path, path) else { continue };
        if route.method.as_str() == method {
            let decoded: Option<Vec<String>> = raw.into_iter().map(|raw| percent_decode(raw, false)).collect();
            return decoded.map(|parameters| (route, parameters)).ok_or(Mismatch::Path);
        }
        if !allowed.contains(&route.method.as_str()) {
            allowed.push(route.method.as_str());
        }
    }
    Err(if allowed.is_empty() { Mismatch::Path } else { Mismatch::Method(allowed.join(", ")) })
}

/// The segments that stand where the template has parameters; `None` when the path is not of this template.
fn parameters<'p>(template: &str, path: &'p str) -> Option<Vec<&'p str>> {
    let (mut wanted, mut given) = (template.split('/'), path.split('/'));
    let mut found = Vec::new();
    loop {
        match (wanted.next(), given.next()) {
            (None, None) => return Some(found),
            (Some(wanted), Some(given)) if wanted.starts_with('{') => found.push(given),
            (Some(wanted), Some(given)) if wanted == given => {}
            _ => return None,
        }
    }
}

/// What is asked of Raptor: the route's path and query in their one spelling.
///
/// # Errors
/// [`Mismatch::Path`] for a parameter of the path, which looks like any other path that does not exist; [`Mismatch::Query`].
pub fn uri(route: &Route, parameters: &[String], query: &str) -> Result<String, Mismatch> {
    let pairs = query_pairs(query).map_err(|violation| Mismatch::Query(Box::new(FieldError::new("", &violation))))?;
    let segments: Vec<&str> = parameters.iter().map(String::as_str).collect();
    (route.canonical_uri)(&segments, &pairs)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TICKET: &str = "tk_0123456789abcdefghjkmnpqrs";

    fn resolve(method: &str, path: &str, query: &str) -> Result<(&'static str, String), Mismatch> {
        let (route, parameters) = find(method, path)?;
        uri(route, &parameters, query).map(|uri| (route.id, uri))
    }

    #[test]
    fn every_route_of_the_contract_is_found() {
        assert_eq!(all().len(), endpoints::COUNT);
        for route in all() {
            let path = route
                .template()
                .replace("{ticket_id}", TICKET)
                .replace("{message_id}", &TICKET.replace("tk_", "ms_"))
                .replace("{attachment_id}", &TICKET.replace("tk_", "at_"))
                .replace("{upload_id}", &TICKET.replace("tk_", "up_"));
            let query = if route.id == "uploadFile" { "name=a.png" } else { "" };
            let (id, uri) = resolve(route.method.as_str(), &path, query).unwrap();
            assert_eq!(id, route.id);
            assert!(uri.starts_with(&path));
        }
    }

    #[test]
    fn what_is_not_in_the_contract_is_refused() {
        for path in [
            "/api/v1/support",
            "/api/v1/support/",
            "/api/v1/support/tickets/",
            "/api/v1/support//tickets",
            "/api/v1/Support/tickets",
            "/api/v1/support/tickets/3",
            "/api/v1/support/tickets/3abc",
            "/api/v1/support/tickets/%00",
            "/api/v1/support/tickets/tk_0123456789abcdefghjkmnpqrs/",
            "/api/v1/support/tickets/%74k_0123456789abcdefghjkmnpqrs%2f",
            "/api/v1/support/webhooks/helpdesk",
            "/api/v2/support/tickets",
        ] {
            assert_eq!(resolve("GET", path, ""), Err(Mismatch::Path), "{path}");
        }
        let methods = |path: &str| resolve("PATCH", path, "");
        assert_eq!(methods("/api/v1/support/tickets"), Err(Mismatch::Method("GET, POST".into())));
        assert_eq!(methods("/api/v1/auth/session"), Err(Mismatch::Method("DELETE".into())));
        assert!(matches!(resolve("get", "/api/v1/support/tickets", ""), Err(Mismatch::Method(_))));
    }

    #[test]
    fn the_query_is_written_anew() {
        let list = |query: &str| resolve("GET", "/api/v1/support/tickets", query);
        assert_eq!(
            list("limit=10&status=open&q=a%2Fb+c").unwrap().1,
            "/api/v1/support/tickets?status=open&q=a%2Fb%20c&limit=10"
        );
        for query in ["access_token=x", "limit=0", "limit=10&limit=10", "status=Open", "q=%zz", "q=", "limit=%2B1"] {
            assert!(matches!(list(query), Err(Mismatch::Query(_))), "{query}");
        }
    }

    #[test]
    fn answers_are_trimmed_to_their_type() {
        let (route, _) = find("GET", "/api/v1/support/notices").unwrap();
        assert_eq!((route.check_response)(br#"{"items":[]}"#), Ok(Checked::Exact));
        assert_eq!(
            (route.check_response)(br#"{"items":[],"assignee":7}"#),
            Ok(Checked::Trimmed(br#"{"items":[]}"#.to_vec()))
        );
        for bad in [&b"{}"[..], b"[]", b"", b"<html>", br#"{"items":[]} "#.split_at(5).0, br#"{"items":[],"items":[]}"#]
        {
            assert!((route.check_response)(bad).is_err(), "{bad:?}");
        }
    }
}

use proptest::prelude::*;

use super::*;
use crate::routes;

#[path = "../../../fuzz/plainly.rs"]
mod plainly;

fn list() -> &'static Route {
    routes::find("GET", "/api/v1/support/tickets").unwrap().0
}

fn head(status: u16, content_type: &str) -> Head<'_> {
    Head { status, content_type, ..Head::default() }
}

const PROBLEM: &str = "application/problem+json";

fn problem(status: u16, code: &str) -> String {
    format!(
        r#"{{"type":"urn:x","title":"t","status":{status},"code":"{code}","reference":"R-00000-00001","trace":"x"}}"#
    )
}

#[test]
fn expects_what_the_route_promises_and_nothing_else() {
    assert_eq!(expect(list(), &head(200, "application/json")), Ok(Follows::Document(list().response_max)));
    assert_eq!(expect(list(), &head(500, PROBLEM)), Ok(Follows::Document(MAX_PROBLEM_BYTES)));
    let withheld = |why| Err(Refusal::Withheld(why));
    assert_eq!(expect(list(), &head(200, "text/html")), withheld("content_type"));
    assert_eq!(expect(list(), &head(200, "")), withheld("content_type"));
    for status in [100, 102, 201, 204, 206, 400, 401, 403, 404, 500, 599, 999] {
        assert_eq!(expect(list(), &head(status, "application/json")), withheld("status"), "{status}");
    }
    for status in [301, 302, 304, 307] {
        assert_eq!(expect(list(), &head(status, "application/json")), withheld("redirect"), "{status}");
    }
    for status in 502..=504 {
        assert_eq!(expect(list(), &head(status, "text/html")), Err(Refusal::Unreachable("raptor_gateway")));
    }
    let (download, _) = routes::find("GET", "/api/v1/support/tickets/a/attachments/b").unwrap();
    assert_eq!(expect(download, &head(200, "image/png")), Ok(Follows::Stream));
    assert_eq!(expect(download, &head(200, "nonsense")), withheld("content_type"));
    let (events, _) = routes::find("GET", "/api/v1/support/events").unwrap();
    assert_eq!(expect(events, &head(200, "application/json")), withheld("content_type"));
    let (out, _) = routes::find("DELETE", "/api/v1/auth/session").unwrap();
    assert_eq!(expect(out, &head(204, "")), Ok(Follows::Nothing));
}

#[test]
fn the_edges_own_bearer_is_told_apart_from_the_customers() {
    let service = Head { challenge: "Bearer realm=\"service\"", ..head(401, PROBLEM) };
    assert_eq!(expect(list(), &service), Err(Refusal::ServiceBearer));
    for challenge in ["bearer Realm = service", "Bearer realm=\"support\", Bearer realm=\"service\""] {
        for content_type in [PROBLEM, "text/html", ""] {
            let head = Head { challenge, ..head(401, content_type) };
            assert_eq!(expect(list(), &head), Err(Refusal::ServiceBearer), "{challenge}, {content_type}");
        }
    }
    let customer = Head { challenge: "Bearer", ..head(401, PROBLEM) };
    assert_eq!(expect(list(), &customer), Ok(Follows::Document(MAX_PROBLEM_BYTES)));
}

/// What the library in front of Raptor really answers is what is recognised.
#[test]
fn the_refusal_of_service_auth_is_recognised() {
    let refusal = service_auth::refusal_response::<&'static str>();
    let header = |name| refusal.headers().get(name).and_then(|value: &http::HeaderValue| value.to_str().ok()).unwrap();
    let head = Head {
        status: refusal.status().as_u16(),
        content_type: header(http::header::CONTENT_TYPE),
        challenge: header(http::header::WWW_AUTHENTICATE),
        retry_after: "",
    };
    for route in routes::all() {
        assert_eq!(expect(route, &head), Err(Refusal::ServiceBearer), "{}", route.id);
    }
}

#[test]
fn an_answer_that_names_what_is_behind_raptor_is_withheld() {
    let name = ["free", "scout"].concat();
    let escaped: String = name.chars().map(|c| format!("\\u{:04x}", u32::from(c))).collect();
    let (route, _) = routes::find("GET", "/api/v1/support/notices").unwrap();
    let golden: serde_json::Value = serde_json::from_str(include_str!("../../../../shared/golden.json")).unwrap();
    let with = |title: &str| {
        let mut notices = golden["listNotices.response"].clone();
        notices["items"][0]["title"] = "PLACE".into();
        judge(route, &head(200, "application/json"), notices.to_string().replace("PLACE", title).as_bytes())
    };
    // Its members stand in another order than we write them: it is written anew, and what we wrote passes as it is.
    let Ok(Answer::Trimmed(written)) = with("All is well") else { panic!("a sound answer passes") };
    assert_eq!(judge(route, &head(200, "application/json"), &written), Ok(Answer::AsSent));
    for title in [name.clone(), name.to_uppercase(), format!("About {name}"), escaped] {
        assert_eq!(with(&title), Err(Refusal::Withheld("name")), "{title}");
        let as_we_write = String::from_utf8(written.clone()).unwrap().replace("All is well", &title);
        let answer = judge(route, &head(200, "application/json"), as_we_write.as_bytes());
        assert_eq!(answer, Err(Refusal::Withheld("name")), "{as_we_write}");
    }
    // The same in what is trimmed, and in a problem.
    let mut more = golden["listNotices.response"].clone();
    more["items"][0]["title"] = name.clone().into();
    more["surprise"] = true.into();
    assert_eq!(
        judge(route, &head(200, "application/json"), more.to_string().as_bytes()),
        Err(Refusal::Withheld("name"))
    );
    let named = problem(500, "internal").replace("\"t\"", &format!("\"{name} is down\""));
    assert_eq!(judge(route, &head(500, PROBLEM), named.as_bytes()), Err(Refusal::Withheld("name")));
}

#[test]
fn problems_are_written_anew() {
    let head = Head { retry_after: "7", ..head(429, PROBLEM) };
    let Ok(Answer::Problem(429, document, headers)) = judge(list(), &head, problem(429, "rate_limited").as_bytes())
    else {
        panic!("a sound problem is passed on");
    };
    assert!(!String::from_utf8(document).unwrap().contains("trace"));
    assert_eq!(headers, [("retry-after", String::from("7"))]);
    for (status, stated, code) in [
        (400, 404, "not_found"),
        (200, 200, "internal"),
        (202, 202, "internal"),
        (500, 500, "unknown"),
        (302, 302, "internal"),
    ] {
        let answer = judge(list(), &self::head(status, PROBLEM), problem(stated, code).as_bytes());
        assert!(matches!(answer, Err(Refusal::Withheld(_))), "{status} {stated} {code}");
    }
    for odd in ["", "{}", "[]", "<html>", &"[".repeat(100)] {
        assert!(judge(list(), &self::head(500, PROBLEM), odd.as_bytes()).is_err(), "{odd}");
    }
    let unbounded = Head { retry_after: "99999999", ..self::head(429, PROBLEM) };
    let Ok(Answer::Problem(.., headers)) = judge(list(), &unbounded, problem(429, "rate_limited").as_bytes()) else {
        panic!("a sound problem is passed on");
    };
    assert!(headers.is_empty());
}

/// What may stand in the way of two readers that should agree: a member more, another spelling, a name, depth, or rubbish.
const DISTURBANCES: [&str; 14] = [
    "\"x\":1,",
    ",\"x\":{}",
    ",\"x\":\"\\ud800\"",
    " ",
    "\n",
    "\\u0061",
    "\\/",
    "null",
    "0",
    "-",
    "\"",
    "\u{e4}",
    "[[[[[[",
    "]",
];

/// The examples of answers, by the id of their route, as they are written and as another might write them.
fn answers() -> Vec<(String, Vec<u8>)> {
    let golden: serde_json::Map<_, _> = serde_json::from_str(include_str!("../../../../shared/golden.json")).unwrap();
    golden
        .iter()
        .filter_map(|(name, body)| Some((name.strip_suffix(".response")?, body.to_string())))
        .flat_map(|(id, body)| {
            let written = plainly::check(id, body.as_bytes()).unwrap().written;
            [(id.to_owned(), body.into_bytes()), (id.to_owned(), written)]
        })
        .collect()
}

#[test]
fn what_we_write_passes_as_it_is() {
    for (id, body) in answers() {
        let route = routes::all().iter().find(|route| route.id == id).unwrap();
        let written = plainly::check(&id, &body).unwrap().written;
        let expected = match judge(route, &head(route.status, "application/json"), &body) {
            Ok(Answer::AsSent) => body,
            Ok(Answer::Trimmed(trimmed)) => trimmed,
            other => panic!("{id}: {other:?}"),
        };
        assert_eq!(expected, written, "{id}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4096))]

    /// Whatever is done to a sound answer: what passes is what the plainer way writes, and what passes as it was sent is that, byte for byte.
    #[test]
    fn agrees_with_the_plainer_way(
        which in any::<prop::sample::Index>(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>(), 0..4_u8), 0..4),
    ) {
        let answers = answers();
        let (id, mut body) = answers[which.index(answers.len())].clone();
        for (place, disturbance, kind) in changes {
            let place = place.index(body.len().max(1));
            let disturbance = DISTURBANCES[disturbance.index(DISTURBANCES.len())].as_bytes();
            match kind {
                0 | 1 => drop(body.splice(place..place, disturbance.iter().copied())),
                2 if place < body.len() => drop(body.remove(place)),
                _ => body.truncate(place),
            }
        }
        let route = routes::all().iter().find(|route| route.id == id).unwrap();
        let plainly = plainly::check(&id, &body);
        match judge(route, &head(route.status, "application/json"), &body) {
            Ok(Answer::AsSent) => prop_assert!(plainly.is_some_and(|plainly| !plainly.had_unknown && plainly.written == body)),
            Ok(Answer::Trimmed(trimmed)) => prop_assert_eq!(plainly.map(|plainly| plainly.written), Some(trimmed)),
            Err(Refusal::Withheld("undecodable")) => prop_assert!(plainly.is_none()),
            // Half of a surrogate pair, in an object that passes through as it is: it cannot be looked at, so it does not pass.
            Err(Refusal::Withheld("name")) => prop_assert!(body.windows(2).any(|pair| pair == b"\\u")),
            other => prop_assert!(false, "{:?}", other),
        }
    }
}

proptest! {
    #[test]
    fn no_body_makes_it_panic_or_pass_unread(body in prop::collection::vec(any::<u8>(), 0..400), route in 0..routes::all().len()) {
        let route = &routes::all()[route];
        for content_type in ["application/json", PROBLEM] {
            let answer = judge(route, &head(route.status, content_type), &body);
            // Random bytes are no JSON of any of our types, save for the routes that have no body.
            if route.response == ResponseKind::Json {
                prop_assert!(answer.is_err());
            }
        }
    }

    #[test]
    fn what_passes_as_sent_is_all_of_our_type(extra in "[a-z]{1,8}", value in "[a-z]{0,8}") {
        let (route, _) = routes::find("GET", "/api/v1/support/notices").unwrap();
        let body = format!(r#"{{"items":[],"{extra}":"{value}"}}"#);
        let answer = judge(route, &head(200, "application/json"), body.as_bytes());
        if extra == "items" {
            prop_assert!(answer.is_err());
        } else {
            prop_assert_eq!(answer, Ok(Answer::Trimmed(br#"{"items":[]}"#.to_vec())));
        }
    }
}

//! Golden examples, one for each body of each route and one for each problem code: they decode, encode to the same JSON again, and
//! fit the published schema. The same file is checked in a browser (`golden_browser.rs`) and in the worker.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use serde_json::value::RawValue;
use shared::{Endpoint, Problem, ProblemCode, RequestBody, RequestKind, ResponseBody, ResponseKind};

type Examples = BTreeMap<String, Box<RawValue>>;

/// Answers that hold an object which passes through as it is.
const OPAQUE: [&str; 2] = ["passkeyOptions", "enrolmentOptions"];

fn examples() -> Examples {
    serde_json::from_str(include_str!("../golden.json")).unwrap()
}

fn read<'a>(examples: &'a Examples, name: &str) -> &'a [u8] {
    examples.get(name).unwrap_or_else(|| panic!("there is no example {name}")).get().as_bytes()
}

fn same_json(name: &str, golden: &[u8], encoded: &[u8]) {
    let golden: Value = serde_json::from_slice(golden).unwrap();
    let encoded: Value = serde_json::from_slice(encoded).unwrap();
    assert_eq!(golden, encoded, "{name}");
}

fn check<E: Endpoint>(examples: &Examples, seen: &mut BTreeSet<String>) {
    if E::Request::KIND == RequestKind::Json {
        let name = format!("{}.request", E::ID);
        let golden = read(examples, &name);
        let value = E::Request::decode(golden).unwrap_or_else(|error| panic!("{name}: {error}"));
        same_json(&name, golden, &value.encode());
        assert!(golden.len() <= E::Request::MAX_BYTES, "{name}");
        // One field more, and it is refused.
        let mut more: Value = serde_json::from_slice(golden).unwrap();
        more["surprise"] = Value::Null;
        assert!(E::Request::decode(&serde_json::to_vec(&more).unwrap()).is_err(), "{name} took an unknown field");
        seen.insert(name);
    }
    if E::Response::KIND == ResponseKind::Json {
        let name = format!("{}.response", E::ID);
        let golden = read(examples, &name);
        let decoded = E::Response::decode_noting_unknown(golden).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert!(!decoded.had_unknown, "{name} has a field that the type does not know");
        same_json(&name, golden, &decoded.value.encode());
        assert!(golden.len() <= E::Response::MAX_BYTES, "{name}");
        let encoded = decoded.value.encode();
        assert_eq!(decoded.value.is_encoded_as(&encoded), !OPAQUE.contains(&E::ID), "{name}");
        assert!(!decoded.value.is_encoded_as(&[&encoded[..], b" "].concat()), "{name}");
        // One field more, and it is dropped.
        let mut more: Value = serde_json::from_slice(golden).unwrap();
        more["surprise"] = Value::Null;
        let more = serde_json::to_vec(&more).unwrap();
        let decoded = E::Response::decode_noting_unknown(&more).unwrap();
        assert!(decoded.had_unknown, "{name}");
        assert!(!decoded.value.is_encoded_as(&more), "{name}");
        same_json(&name, golden, &decoded.value.encode());
        seen.insert(name);
    }
}

#[test]
fn every_body_and_problem_has_an_example_that_comes_back_as_it_was() {
    let examples = &examples();
    let mut seen = BTreeSet::new();
    macro_rules! each {
        ($($endpoint:path,)*) => { $(check::<$endpoint>(examples, &mut seen);)* };
    }
    shared::endpoints!(each);
    for &code in ProblemCode::ALL {
        let name = format!("problem.{}", code.as_str());
        let golden = read(examples, &name);
        let problem: Problem = serde_json::from_slice(golden).unwrap();
        assert_eq!(
            (problem.code, problem.status, problem.title.as_str()),
            (code, code.status(), code.title()),
            "{name}"
        );
        same_json(&name, golden, &serde_json::to_vec(&problem).unwrap());
        seen.insert(name);
    }
    assert_eq!(seen, examples.keys().cloned().collect(), "examples of no route, or routes without an example");
}

#[cfg(feature = "schema")]
#[test]
fn every_example_fits_the_published_schema() {
    let examples = &examples();
    let document = shared::openapi::document();
    let validate = |name: &str, schema: &Value| {
        let mut schema = schema.clone();
        schema["components"] = document["components"].clone();
        let validator = jsonschema::draft202012::new(&schema).unwrap();
        let instance: Value = serde_json::from_slice(read(examples, name)).unwrap();
        let errors: Vec<String> = validator.iter_errors(&instance).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{name}: {errors:?}");
    };
    for operation in document["paths"].as_object().unwrap().values().flat_map(|path| path.as_object().unwrap().values())
    {
        let id = operation["operationId"].as_str().unwrap();
        if let Some(schema) = operation.pointer("/requestBody/content/application~1json/schema") {
            validate(&format!("{id}.request"), schema);
        }
        for (status, response) in operation["responses"].as_object().unwrap() {
            if let (true, Some(schema)) =
                (status.starts_with('2'), response.pointer("/content/application~1json/schema"))
            {
                validate(&format!("{id}.response"), schema);
            }
        }
    }
    for &code in ProblemCode::ALL {
        validate(&format!("problem.{}", code.as_str()), &serde_json::json!({ "$ref": "#/components/schemas/Problem" }));
    }
}

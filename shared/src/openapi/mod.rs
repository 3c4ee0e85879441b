//! The published document: OpenAPI 3.1, made from the same list of routes that the edge and Raptor serve.

mod compatibility;

pub use compatibility::breaking_changes;

use schemars::generate::SchemaSettings;
use schemars::{Schema, SchemaGenerator};
use serde_json::{Map, Value, json};

use crate::params::{PathParams, QueryParams};
use crate::{
    Auth, CONTRACT_VERSION, Endpoint, IdempotencyKey, Method, Problem, RequestBody, RequestKind, ResponseBody,
    ResponseKind, endpoints,
};

/// The whole document.
#[must_use]
pub fn document() -> Value {
    // JSON Schema 2020-12 is the dialect of OpenAPI 3.1, so schemas stand in the document as they are.
    let mut generator = SchemaSettings::draft2020_12()
        .with(|settings| {
            settings.definitions_path = "/components/schemas".into();
            settings.meta_schema = None;
        })
        .into_generator();
    let problem = generator.subschema_for::<Problem>();
    let mut paths = Map::new();
    macro_rules! each {
        ($($endpoint:path,)*) => { $(add::<$endpoint>(&mut paths, &mut generator, &problem);)* };
    }
    endpoints!(each);
    let schemas = generator.take_definitions(true);
    let mut document = json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Raxx support API",
            "version": CONTRACT_VERSION,
            "description": "What a customer's browser asks of support.raxx.app. Every error is an RFC 9457 problem document.",
            "license": { "name": "Apache-2.0", "identifier": "Apache-2.0" },
        },
        "servers": [{ "url": "https://support.raxx.app" }],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {
                "session": { "type": "http", "scheme": "bearer", "bearerFormat": "JWT" },
            },
        },
    });
    unlink(&mut document);
    document
}

/// Descriptions come from doc comments; what links there is only a name here.
fn unlink(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            if let Some(Value::String(text)) = fields.get_mut("description") {
                *text = text.replace("[`", "`").replace("`]", "`");
            }
            fields.values_mut().for_each(unlink);
        }
        Value::Array(items) => items.iter_mut().for_each(unlink),
        _ => {}
    }
}

fn add<E: Endpoint>(paths: &mut Map<String, Value>, generator: &mut SchemaGenerator, problem: &Schema) {
    let method = match E::METHOD {
        Method::Get => "get",
        Method::Post => "post",
        Method::Put => "put",
        Method::Delete => "delete",
    };
    let mut operation = json!({
        "operationId": E::ID,
        "summary": E::SUMMARY,
        "parameters": parameters::<E>(generator),
        "responses": responses::<E>(generator, problem),
        "security": if E::AUTH == Auth::Bearer { json!([{ "session": [] }]) } else { json!([]) },
        "x-rate-per-minute": E::RATE.per_minute(),
    });
    if E::AUTH == Auth::Development {
        operation["x-development-only"] = json!(true);
    }
    if let Some(body) = request_body::<E>(generator) {
        operation["requestBody"] = body;
    }
    paths.entry(E::PATH).or_insert_with(|| json!({}))[method] = operation;
}

fn parameters<E: Endpoint>(generator: &mut SchemaGenerator) -> Vec<Value> {
    let mut parameters = Vec::new();
    for (name, schema) in E::Path::schemas(generator) {
        parameters.push(json!({ "name": name, "in": "path", "required": true, "schema": schema }));
    }
    for (name, required, schema) in E::Query::schemas(generator) {
        parameters.push(json!({ "name": name, "in": "query", "required": required, "schema": schema }));
    }
    if E::IDEMPOTENT_BY_KEY {
        parameters.push(json!({
            "name": "Idempotency-Key", "in": "header", "required": true,
            "schema": { "type": "string", "pattern": IdempotencyKey::PATTERN },
        }));
    }
    parameters
}

fn request_body<E: Endpoint>(generator: &mut SchemaGenerator) -> Option<Value> {
    let media_type = match E::Request::KIND {
        RequestKind::Nothing => return None,
        RequestKind::Json => "application/json",
        RequestKind::Upload => "application/octet-stream",
    };
    let schema = E::Request::schema(generator).map_or_else(|| json!({}), Schema::to_value);
    Some(
        json!({ "required": true, "content": { media_type: { "schema": schema } }, "x-max-bytes": E::Request::MAX_BYTES }),
    )
}

fn responses<E: Endpoint>(generator: &mut SchemaGenerator, problem: &Schema) -> Value {
    let problem = |description: &str| json!({ "description": description, "content": { Problem::CONTENT_TYPE: { "schema": problem } } });
    let success = match E::Response::KIND {
        ResponseKind::Nothing => json!({ "description": "Done." }),
        ResponseKind::Json => {
            let schema = E::Response::schema(generator).map_or_else(|| json!({}), Schema::to_value);
            json!({ "description": "Done.", "content": { "application/json": { "schema": schema } } })
        }
        ResponseKind::Download => json!({ "description": "The file.", "content": { "*/*": {} } }),
        ResponseKind::Events => json!({ "description": "The stream.", "content": { "text/event-stream": {} } }),
    };
    let mut responses = json!({ "default": problem("An error, as a problem document.") });
    responses[E::STATUS.to_string()] = success;
    if E::IDEMPOTENT_BY_KEY {
        responses["202"] = problem("Kept and on its way, but not confirmed yet: `accepted_unconfirmed`.");
    }
    responses
}

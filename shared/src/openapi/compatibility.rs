//! Whether a new document still serves everybody who was built against an old one.

use std::collections::BTreeSet;

use serde_json::Value;

/// Everything in `new` that breaks a client or a server of `old`, one sentence each; empty when nothing does.
///
/// What a client sends must still be accepted: everything that the old request allows, the new one must allow. What a client receives
/// must still be understood: everything that the new answer may be, the old one must have allowed. An old portal in an open tab
/// decodes strictly typed answers, so a new word in an enumeration or a longer text breaks it as surely as a missing field.
#[must_use]
pub fn breaking_changes(old: &Value, new: &Value) -> Vec<String> {
    let mut found = Vec::new();
    for (path, method, before) in operations(old) {
        let place = format!("{} {path}", method.to_uppercase());
        match new.get("paths").and_then(|paths| paths.get(path)?.get(method)) {
            None => found.push(format!("{place} is gone")),
            Some(after) => operation(&place, (old, before), (new, after), &mut found),
        }
    }
    found
}

fn operations(document: &Value) -> impl Iterator<Item = (&str, &str, &Value)> {
    let paths = document.get("paths").and_then(Value::as_object).into_iter().flatten();
    paths.flat_map(|(path, methods)| {
        methods
            .as_object()
            .into_iter()
            .flatten()
            .map(move |(method, operation)| (path.as_str(), method.as_str(), operation))
    })
}

/// A document, for its references, and a place in it.
type At<'a> = (&'a Value, &'a Value);

fn operation(place: &str, old: At<'_>, new: At<'_>, found: &mut Vec<String>) {
    let open = |operation: &Value| operation.get("security").and_then(Value::as_array).is_none_or(Vec::is_empty);
    if open(old.1) && !open(new.1) {
        found.push(format!("{place} asks for credentials now"));
    }
    parameters(place, old, new, found);
    let body = |at: At<'_>| at.1.get("requestBody").cloned();
    match (body(old), body(new)) {
        (None, Some(_)) => found.push(format!("{place} asks for a body now")),
        (Some(_), None) => found.push(format!("{place} takes no body any more")),
        (Some(before), Some(after)) => {
            contents(&format!("{place} request"), (old.0, &before), (new.0, &after), true, found);
        }
        (None, None) => {}
    }
    let responses =
        |operation: &Value| operation.get("responses").and_then(Value::as_object).cloned().unwrap_or_default();
    let (before, after) = (responses(old.1), responses(new.1));
    for (status, answer) in &after {
        match before.get(status).or_else(|| before.get("default")) {
            None => found.push(format!("{place} may answer {status} now")),
            Some(known) => contents(&format!("{place} answer {status}"), (old.0, known), (new.0, answer), false, found),
        }
    }
    found.extend(
        before
            .keys()
            .filter(|status| !after.contains_key(*status))
            .map(|status| format!("{place} does not answer {status} any more")),
    );
}

fn parameters(place: &str, old: At<'_>, new: At<'_>, found: &mut Vec<String>) {
    let list = |operation: &Value| operation.get("parameters").and_then(Value::as_array).cloned().unwrap_or_default();
    let same = |left: &Value, right: &Value| left.get("name") == right.get("name") && left.get("in") == right.get("in");
    let required = |parameter: &Value| parameter.get("required").and_then(Value::as_bool).unwrap_or(false);
    let (before, after) = (list(old.1), list(new.1));
    for parameter in &before {
        let name = parameter.get("name").and_then(Value::as_str).unwrap_or_default();
        match after.iter().find(|candidate| same(candidate, parameter)) {
            None => found.push(format!("{place} does not know the parameter {name} any more")),
            Some(candidate) => {
                if required(candidate) && !required(parameter) {
                    found.push(format!("{place} requires the parameter {name} now"));
                }
                let schema = |parameter: &Value| parameter.get("schema").cloned().unwrap_or_default();
                let at = format!("{place} parameter {name}");
                Inclusion::new(old.0, new.0, found).check(&at, &schema(parameter), &schema(candidate));
            }
        }
    }
    for parameter in after.iter().filter(|parameter| required(parameter)) {
        if !before.iter().any(|known| same(known, parameter)) {
            let name = parameter.get("name").and_then(Value::as_str).unwrap_or_default();
            found.push(format!("{place} requires the new parameter {name}"));
        }
    }
}

fn contents(place: &str, old: At<'_>, new: At<'_>, sent: bool, found: &mut Vec<String>) {
    let types = |at: At<'_>| at.1.get("content").and_then(Value::as_object).cloned().unwrap_or_default();
    let (before, after) = (types(old), types(new));
    if before.keys().ne(after.keys()) {
        found.push(format!("{place} has another content type"));
        return;
    }
    for (media_type, content) in &before {
        let schema =
            |content: Option<&Value>| content.and_then(|content| content.get("schema")).cloned().unwrap_or_default();
        let (before, after) = (schema(Some(content)), schema(after.get(media_type)));
        if sent {
            Inclusion::new(old.0, new.0, found).check(place, &before, &after);
        } else {
            Inclusion::new(new.0, old.0, found).check(place, &after, &before);
        }
    }
}

/// Whether every value of one schema is a value of another. It knows the keywords that our document uses and no others.
struct Inclusion<'a> {
    narrow: &'a Value,
    wide: &'a Value,
    /// Pairs of references that are being compared, so that recursive types end.
    open: BTreeSet<(String, String)>,
    found: &'a mut Vec<String>,
}

impl<'a> Inclusion<'a> {
    fn new(narrow: &'a Value, wide: &'a Value, found: &'a mut Vec<String>) -> Self {
        Self { narrow, wide, open: BTreeSet::new(), found }
    }

    fn check(&mut self, place: &str, narrow: &Value, wide: &Value) {
        let reference = |schema: &Value| schema.get("$ref").and_then(Value::as_str).map(str::to_owned);
        if let (Some(left), Some(right)) = (reference(narrow), reference(wide))
            && !self.open.insert((left, right))
        {
            return;
        }
        let narrow = resolve(self.narrow, narrow);
        let wide = resolve(self.wide, wide);
        let (narrow_variants, wide_variants) = (variants(&narrow), variants(&wide));
        if narrow_variants.len() > 1 || wide_variants.len() > 1 {
            for variant in &narrow_variants {
                let key = self.key(self.narrow, variant);
                match wide_variants.iter().find(|candidate| self.key(self.wide, candidate) == key) {
                    Some(candidate) => self.check(place, variant, candidate),
                    None => self.found.push(format!("{place}: the variant {key} is only on one side")),
                }
            }
            return;
        }
        self.bounds(place, &narrow, &wide);
        self.fields(place, &narrow, &wide);
        if let (Some(left), Some(right)) = (narrow.get("items"), wide.get("items")) {
            self.check(&format!("{place}[]"), left, right);
        }
    }

    /// What tells one variant of a union from the others.
    fn key(&self, document: &Value, variant: &Value) -> String {
        let variant = resolve(document, variant);
        if let Some(word) = variant.get("const") {
            return word.to_string();
        }
        let required = variant.get("required").and_then(|names| names.get(0)).and_then(Value::as_str);
        required.map_or_else(|| variant.get("type").map(Value::to_string).unwrap_or_default(), str::to_owned)
    }

    fn bounds(&mut self, place: &str, narrow: &Value, wide: &Value) {
        let words = |schema: &Value| -> Option<Vec<Value>> {
            schema
                .get("enum")
                .and_then(Value::as_array)
                .cloned()
                .or_else(|| schema.get("const").map(|word| vec![word.clone()]))
        };
        if let Some(known) = words(wide) {
            match words(narrow) {
                None => self.found.push(format!("{place}: one side has a closed set of values, the other has not")),
                Some(words) => {
                    let strangers = words.iter().filter(|word| !known.contains(word));
                    self.found.extend(strangers.map(|word| format!("{place}: the value {word} is only on one side")));
                }
            }
        }
        let types = |schema: &Value| match schema.get("type") {
            Some(Value::Array(types)) => types.clone(),
            Some(kind) => vec![kind.clone()],
            None => Vec::new(),
        };
        let known = types(wide);
        if !known.is_empty() && (types(narrow).is_empty() || types(narrow).iter().any(|kind| !known.contains(kind))) {
            self.found.push(format!("{place}: the type changed"));
        }
        for (keyword, upper) in [
            ("maxLength", true),
            ("maxItems", true),
            ("maximum", true),
            ("minLength", false),
            ("minItems", false),
            ("minimum", false),
        ] {
            let bound = |schema: &Value| schema.get(keyword).and_then(Value::as_i64);
            if let Some(limit) = bound(wide)
                && bound(narrow).is_none_or(|value| if upper { value > limit } else { value < limit })
            {
                self.found.push(format!("{place}: {keyword} changed"));
            }
        }
        for keyword in ["pattern", "format"] {
            if wide.get(keyword).is_some() && wide.get(keyword) != narrow.get(keyword) {
                self.found.push(format!("{place}: {keyword} changed"));
            }
        }
    }

    fn fields(&mut self, place: &str, narrow: &Value, wide: &Value) {
        let names = |schema: &Value| -> BTreeSet<String> {
            let list = schema.get("required").and_then(Value::as_array).into_iter().flatten();
            list.filter_map(Value::as_str).map(str::to_owned).collect()
        };
        let missing: Vec<String> = names(wide).difference(&names(narrow)).cloned().collect();
        self.found.extend(missing.iter().map(|name| format!("{place}.{name}: required on one side only")));
        let closed = wide.get("additionalProperties") == Some(&Value::Bool(false));
        for (name, schema) in narrow.get("properties").and_then(Value::as_object).into_iter().flatten() {
            match wide.get("properties").and_then(|properties| properties.get(name)) {
                Some(known) => self.check(&format!("{place}.{name}"), schema, known),
                None if closed => self.found.push(format!("{place}.{name}: not known to the other side")),
                None => {}
            }
        }
    }
}

fn variants(schema: &Value) -> Vec<Value> {
    let list = schema.get("oneOf").or_else(|| schema.get("anyOf")).and_then(Value::as_array);
    list.cloned().unwrap_or_else(|| vec![schema.clone()])
}

fn resolve(document: &Value, schema: &Value) -> Value {
    match schema.get("$ref").and_then(Value::as_str).and_then(|reference| reference.strip_prefix('#')) {
        Some(pointer) => document.pointer(pointer).cloned().unwrap_or_default(),
        None => schema.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A name, and what is changed.
    type Case = (&'static str, fn(&mut Value));

    fn after(change: impl FnOnce(&mut Value)) -> Vec<String> {
        let old = crate::openapi::document();
        let mut new = old.clone();
        change(&mut new);
        breaking_changes(&old, &new)
    }

    #[test]
    fn the_same_document_breaks_nothing() {
        assert_eq!(after(|_| ()), Vec::<String>::new());
    }

    #[test]
    fn finds_what_breaks_a_client() {
        let cases: [Case; 12] = [
            ("route removed", |d| drop(d["paths"].as_object_mut().unwrap().remove("/api/v1/support/topics"))),
            ("credentials asked for", |d| {
                d["paths"]["/api/v1/support/notices"]["get"]["security"] = serde_json::json!([{ "session": [] }])
            }),
            ("request shorter", |d| {
                d["components"]["schemas"]["NewTicket"]["properties"]["body"]["maxLength"] = 10.into()
            }),
            ("request field required", |d| {
                d["components"]["schemas"]["NewReply"]["required"] = serde_json::json!(["body", "uploads"])
            }),
            ("request field removed", |d| {
                drop(d["components"]["schemas"]["NewReply"]["properties"].as_object_mut().unwrap().remove("uploads"))
            }),
            ("request word removed", |d| {
                drop(d["components"]["schemas"]["RequestedStatus"]["oneOf"].as_array_mut().unwrap().pop())
            }),
            ("answer longer", |d| {
                d["components"]["schemas"]["TicketPage"]["properties"]["items"]["maxItems"] = 500.into()
            }),
            ("answer field optional", |d| {
                d["components"]["schemas"]["TicketState"]["required"] = serde_json::json!(["status"])
            }),
            ("answer word added", |d| {
                let words = d["components"]["schemas"]["TicketStatus"]["oneOf"].as_array_mut().unwrap();
                words.push(serde_json::json!({ "const": "parked", "type": "string" }));
            }),
            ("block kind added", |d| {
                let blocks = d["components"]["schemas"]["Block"]["oneOf"].as_array_mut().unwrap();
                blocks.push(
                    serde_json::json!({ "type": "object", "required": ["table"], "properties": { "table": {} } }),
                );
            }),
            ("parameter removed", |d| {
                drop(d["paths"]["/api/v1/support/tickets"]["get"]["parameters"].as_array_mut().unwrap().pop())
            }),
            ("status changed", |d| {
                let responses = d["paths"]["/api/v1/support/tickets"]["post"]["responses"].as_object_mut().unwrap();
                let created = responses.remove("201").unwrap();
                responses.insert("200".into(), created);
            }),
        ];
        for (name, change) in cases {
            assert!(!after(change).is_empty(), "{name} was not found");
        }
    }

    #[test]
    fn lets_pass_what_breaks_nobody() {
        let cases: [Case; 4] = [
            ("route added", |d| d["paths"]["/api/v1/support/new"] = serde_json::json!({ "get": { "responses": {} } })),
            ("request longer", |d| {
                d["components"]["schemas"]["NewTicket"]["properties"]["body"]["maxLength"] = 50_000.into()
            }),
            ("request field added", |d| {
                d["components"]["schemas"]["NewReply"]["properties"]["more"] = serde_json::json!({ "type": "string" })
            }),
            ("answer field added", |d| {
                d["components"]["schemas"]["TicketState"]["properties"]["more"] =
                    serde_json::json!({ "type": "string" })
            }),
        ];
        for (name, change) in cases {
            assert_eq!(after(change), Vec::<String>::new(), "{name}");
        }
    }
}

//! Reads the registry's TOML into the model. Collects every mistake instead of stopping at the first.

use jiff::civil::Date;
use toml_span::{
    DeserError, Deserialize, Error, ErrorKind, Span, Spanned, Value,
    de_helpers::{TableHelper, expected},
    value::ValueInner,
};

use super::model::{
    Allow, CompanionRules, ConsumerFiles, Decision, Export, Function, Ignore, PastVerdict, Policy, ProposedTag,
    Provisioning, Registry, Rename, Service, Skip, Steps, Tags, Text, Token, Unmapped, Vault, Vendor, Vocabulary,
};
use super::words::{Cell, Class, Disposition, Host, Kind, Status, Store};

/// A calendar day, `YYYY-MM-DD`.
struct Day(Date);

impl<'de> Deserialize<'de> for Day {
    fn deserialize(value: &mut Value<'de>) -> Result<Self, DeserError> {
        Ok(Self(toml_span::de_helpers::parse(value)?))
    }
}

/// A table with free keys, in the order of the file.
struct Entries<T>(Vec<(Text, T)>);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Entries<T> {
    fn deserialize(value: &mut Value<'de>) -> Result<Self, DeserError> {
        let table = match value.take() {
            ValueInner::Table(table) => table,
            other => return Err(expected("a table", other, value.span).into()),
        };
        let mut errors = Vec::new();
        let mut entries = Vec::new();
        for (key, mut value) in table {
            match T::deserialize(&mut value) {
                Ok(read) => entries.push((Spanned::with_span(key.name.into_owned(), key.span), read)),
                Err(mut error) => errors.append(&mut error.errors),
            }
        }
        entries.sort_by_key(|(key, _)| key.span.start);
        if errors.is_empty() { Ok(Self(entries)) } else { Err(DeserError { errors }) }
    }
}

/// One text or several.
struct OneOrMore(Vec<Text>);

impl<'de> Deserialize<'de> for OneOrMore {
    fn deserialize(value: &mut Value<'de>) -> Result<Self, DeserError> {
        if value.as_str().is_some() {
            Ok(Self(vec![Text::deserialize(value)?]))
        } else {
            Ok(Self(Vec::deserialize(value)?))
        }
    }
}

/// A helper that fills in what is not there, and whose errors are kept for the end.
struct Fields<'de> {
    helper: TableHelper<'de>,
    span: Span,
}

impl<'de> Fields<'de> {
    fn new(value: &mut Value<'de>) -> Result<Self, DeserError> {
        let span = value.span;
        Ok(Self { helper: TableHelper::new(value)?, span })
    }

    fn needed<T: Deserialize<'de>>(&mut self, name: &'static str, otherwise: T) -> Spanned<T> {
        // The helper has noted the error; the value only stands in until the end.
        self.helper.required_s(name).unwrap_or_else(|_| Spanned::with_span(otherwise, self.span))
    }

    fn text(&mut self, name: &'static str) -> Text {
        self.needed(name, String::new())
    }

    fn plain(&mut self, name: &'static str) -> String {
        self.helper.optional(name).unwrap_or_default()
    }

    fn list<T: Deserialize<'de>>(&mut self, name: &'static str) -> Vec<T> {
        self.helper.optional(name).unwrap_or_default()
    }

    fn spanned_list(&mut self, name: &'static str) -> Spanned<Vec<Text>> {
        self.helper.optional_s(name).unwrap_or_else(|| Spanned::with_span(Vec::new(), self.span))
    }

    fn entries<T: Deserialize<'de>>(&mut self, name: &'static str) -> Vec<(Text, T)> {
        self.helper.optional::<Entries<T>>(name).map(|entries| entries.0).unwrap_or_default()
    }

    fn plain_entries<T: Deserialize<'de>>(&mut self, name: &'static str) -> Vec<(String, T)> {
        self.entries(name).into_iter().map(|(key, value)| (key.value, value)).collect()
    }

    fn day(&mut self, name: &'static str) -> Option<Spanned<Date>> {
        self.helper.optional_s::<Day>(name).map(|day| Spanned::with_span(day.value.0, day.span))
    }

    fn is(&mut self, name: &'static str) -> bool {
        self.helper.optional(name).unwrap_or_default()
    }

    fn finish(self) -> Result<(), DeserError> {
        self.helper.finalize(None)
    }
}

/// Reads a table into a struct, field by field, and refuses keys that no field asked for.
macro_rules! from_table {
    ($type:ident, $fields:ident => $body:expr) => {
        impl<'de> Deserialize<'de> for $type {
            fn deserialize(value: &mut Value<'de>) -> Result<Self, DeserError> {
                let mut $fields = Fields::new(value)?;
                let read = $body;
                $fields.finish()?;
                Ok(read)
            }
        }
    };
}

from_table!(Vault, f => Vault {
    url: f.text("url").value,
    environments: f.plain_entries("environments"),
    tag_separator: f.plain("tag_separator"),
});

from_table!(Policy, f => Policy {
    taxonomy_date: f.day("taxonomy_date").map(|day| day.value),
    rename_window_days: f.needed("rename_window_days", 0_i64).value,
    rename_order: f.list("rename_order"),
    rotation_index: f.plain("rotation_index"),
    runbooks: f.plain("runbooks"),
    bot_paths: f.list("bot_paths"),
    skip: f.list("skip"),
    client_side: f.list("client_side"),
});

from_table!(Skip, f => Skip { path: f.text("path").value, reason: f.text("reason").value });

from_table!(Vendor, f => Vendor {
    code: f.text("code"),
    name: f.text("name").value,
    folder: f.helper.optional_s("folder"),
    sandbox: f.is("sandbox"),
    principals: f.list("principals"),
    provisioning: f.list("provisioning"),
    copies: f.list("copies"),
    pr_per_function: f.is("pr_per_function"),
});

from_table!(Provisioning, f => Provisioning {
    kind: f.needed("kind", Kind::Other).value,
    page: f.text("page").value,
    note: f.text("note").value,
});

from_table!(Service, f => Service { code: f.text("code"), about: f.text("about").value });

from_table!(Function, f => Function {
    vendor: f.text("vendor"),
    keyword: f.text("keyword"),
    tag: f.text("tag"),
    per_target: f.is("per_target"),
});

from_table!(Vocabulary, f => Vocabulary {
    dimensions: ["function", "sensitivity", "consumer", "rotation"]
        .into_iter()
        .map(|dimension| (dimension.to_owned(), f.needed(dimension, Vec::new()).value))
        .collect(),
    proposed: f.list("proposed"),
    minimum_sensitivity: f.plain_entries("minimum_sensitivity"),
});

from_table!(ProposedTag, f => ProposedTag {
    dimension: f.text("dimension").value,
    value: f.text("value").value,
    reason: f.text("reason").value,
});

from_table!(ConsumerFiles, f => ConsumerFiles {
    consumer: f.text("consumer").value,
    files: f.list("files"),
    host: f.needed("host", Host::Elsewhere).value,
});

from_table!(CompanionRules, f => {
    let by_kind = f.entries::<Vec<String>>("by_kind");
    let mut kinds = Vec::new();
    for (kind, suffixes) in by_kind {
        match kind.value.parse() {
            Ok(read) => kinds.push((read, suffixes)),
            Err(error) => f.helper.errors.push(custom(error, kind.span)),
        }
    }
    CompanionRules {
        always: f.list("always"),
        by_kind: kinds,
        extra: f.plain_entries("extra"),
        bot_files: f.list("bot_files"),
    }
});

from_table!(Tags, f => {
    let span = f.span;
    let table = std::mem::take(&mut f.helper.table);
    let mut entries = Vec::new();
    for (key, mut value) in table {
        match OneOrMore::deserialize(&mut value) {
            Ok(values) => entries.push((Spanned::with_span(key.name.into_owned(), key.span), values.0)),
            Err(mut error) => f.helper.errors.append(&mut error.errors),
        }
    }
    entries.sort_by_key(|(key, _)| key.span.start);
    Tags { span, entries }
});

from_table!(Token, f => Token {
    name: f.text("name"),
    class: f.helper.optional("class").unwrap_or(Class::Vendor),
    status: f.helper.optional("status").unwrap_or(Status::Active),
    kind: f.needed("kind", Kind::Other),
    tags: {
        let span = f.span;
        f.helper.optional("tags").unwrap_or(Tags { span, entries: Vec::new() })
    },
    consumers: f.spanned_list("consumers"),
    environments: {
        let span = f.span;
        let cells = f.helper.optional_s::<Entries<Cell>>("environments");
        cells.map_or_else(|| Spanned::with_span(Vec::new(), span), |cells| Spanned::with_span(cells.value.0, cells.span))
    },
    placement: f.helper.optional("placement"),
    target: f.plain("target"),
    scopes: f.list("scopes"),
    recorded_scopes: f.helper.optional_s("recorded_scopes"),
    companions: f.spanned_list("companions"),
    store: f.needed("store", Store::Infisical),
    path: f.helper.optional_s("path"),
    key: f.helper.optional("key"),
    exports: f.list("exports"),
    references: f.list("references"),
    provisioned: f.day("provisioned"),
    last_rotated: f.day("last_rotated").map(|day| day.value),
    expires_at: f.helper.optional_s("expires_at"),
    ops_review: f.helper.optional("ops_review"),
    principal: f.helper.optional_s("principal"),
    heroku: f.list("heroku"),
    copies: f.list("copies"),
    sides: f.entries("sides"),
    interim_target: f.helper.optional_s("interim_target"),
    interim: f.helper.optional_s("interim"),
    pair: f.helper.optional_s("pair"),
    previous_of: f.helper.optional("previous_of"),
    random_bytes: f.helper.optional_s("random_bytes"),
    verified_by: f.helper.optional_s("verified_by"),
    reload: f.helper.optional_s("reload"),
    logged_characters: f.helper.optional_s("logged_characters"),
    same_credential_as: f.helper.optional_s("same_credential_as"),
    source: f.plain("source"),
    note: f.plain("note"),
});

from_table!(Export, f => Export {
    consumer: f.text("consumer").value,
    variable: f.text("variable"),
    companion: f.helper.optional("companion"),
});

from_table!(Rename, f => Rename {
    old: f.text("old"),
    new: f.text("new"),
    disposition: f.helper.optional("disposition").unwrap_or(Disposition::Rename),
    pr: f.helper.optional_s("pr"),
    steps: f.helper.optional("steps").unwrap_or_default(),
    note: f.plain("note"),
});

from_table!(Steps, f => Steps {
    copied: f.day("copied"),
    smoke_tested: f.day("smoke_tested"),
    merged: f.day("merged"),
    deployed: f.day("deployed"),
    rotated_old: f.day("rotated_old"),
    rotated_new: f.day("rotated_new"),
    proved: f.day("proved"),
    deleted: f.day("deleted"),
    revoked: f.day("revoked"),
    revocation_proved: f.day("revocation_proved"),
});

from_table!(Unmapped, f => Unmapped {
    name: f.text("name"),
    audited: f.day("audited").map(|day| day.value),
    note: f.plain("note"),
});

from_table!(PastVerdict, f => PastVerdict {
    credential: f.text("credential"),
    verdict: f.text("verdict"),
    evidence: f.needed("evidence", String::new()),
    date: f.day("date").map(|day| day.value),
});

from_table!(Decision, f => Decision {
    id: f.text("id"),
    question: f.text("question").value,
    decision: f.text("decision").value,
    reason: f.text("reason").value,
});

from_table!(Allow, f => Allow {
    span: f.span,
    rule: f.text("rule"),
    subject: f.text("subject"),
    reason: f.plain("reason"),
});

from_table!(Ignore, f => Ignore { name: f.text("name").value, reason: f.text("reason").value });

from_table!(Registry, f => Registry {
    vault: f.needed("vault", Vault::default()).value,
    policy: f.needed("policy", Policy::default()).value,
    vendors: f.list("vendor"),
    services: f.list("service"),
    functions: f.list("function"),
    tags: f.needed("tags", Vocabulary::default()).value,
    consumer_files: f.list("consumer"),
    companions: f.needed("companions", CompanionRules::default()).value,
    folders: f.list("folders"),
    tokens: f.list("token"),
    renames: f.list("rename"),
    unmapped: f.list("unmapped"),
    verdicts: f.list("verdict"),
    decisions: f.list("decision"),
    allows: f.list("allow"),
    ignores: f.list("ignore"),
    values: Vec::new(),
});

pub(super) fn custom(message: String, span: Span) -> Error {
    Error { kind: ErrorKind::Custom(message.into()), span, line_info: None }
}

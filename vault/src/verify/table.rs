//! The table of the credential report: what was found, and where each secret lives, never what it is.

use std::fmt::Write;

use serde_json::{Value, json};

use super::Verified;
use crate::registry::{Registry, Token};

/// The report as a Markdown table.
pub fn markdown(registry: &Registry, verified: &[Verified<'_>]) -> String {
    let mut text = String::from(
        "| Credential | Verdict | Evidence | Identity | Scopes | Where it lives |\n|---|---|---|---|---|---|\n",
    );
    for Verified { token, outcome } in verified {
        let scopes = outcome.scopes.as_ref().map_or_else(|| "–".to_owned(), |scopes| scopes.join(", "));
        let identity = outcome.identity.as_deref().unwrap_or("–");
        // Writing to a String cannot fail.
        let _ = writeln!(
            text,
            "| `{}` | {} | {} | {identity} | {scopes} | {} |",
            token.name.value,
            outcome.verdict,
            outcome.evidence,
            place(registry, token)
        );
    }
    text
}

/// The report as JSON: one object per credential.
pub fn json(registry: &Registry, verified: &[Verified<'_>]) -> Value {
    let rows: Vec<Value> = verified
        .iter()
        .map(|Verified { token, outcome }| {
            json!({
                "credential": token.name.value,
                "verdict": outcome.verdict.as_str(),
                "evidence": outcome.evidence,
                "identity": outcome.identity,
                "scopes": outcome.scopes,
                "place": place(registry, token),
            })
        })
        .collect();
    json!({ "version": 1, "credentials": rows })
}

fn place(registry: &Registry, token: &Token) -> String {
    let folder = token.folder(registry).map_or("", |folder| folder.value.as_str());
    format!("{} {folder}", token.store.value).trim().to_owned()
}

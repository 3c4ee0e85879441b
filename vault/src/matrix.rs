//! The rotation matrix: rows for the rotation index, with what is due and what is overdue.

use std::fmt::Write;

use jiff::ToSpan;
use jiff::civil::Date;

use crate::{
    refs::runbook_name,
    registry::{Class, Registry, Token},
    rules::{Cadence, cadence_days, days_between},
};

/// Days before a due date from which a row says so.
const DUE_SOON_DAYS: i64 = 14;

/// When a token is to be rotated next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Due {
    /// So many days ago.
    Overdue(i64, Date),
    /// In so many days.
    In(i64, Date),
    /// Nobody has noted the last rotation.
    Unknown,
    /// It does not rotate.
    Never,
}

/// When this token is to be rotated next, from its cadence and its last rotation.
pub fn due(token: &Token, today: Date) -> Due {
    match (token.tag("rotation").and_then(|tag| cadence_days(&tag.value)), token.last_rotated) {
        (Some(Cadence::Never), _) => Due::Never,
        (Some(Cadence::Days(days)), Some(last)) => match last.checked_add(days.days()) {
            Ok(next) if next < today => Due::Overdue(days_between(next, today), next),
            Ok(next) => Due::In(days_between(today, next), next),
            Err(_) => Due::Unknown,
        },
        _ => Due::Unknown,
    }
}

/// The matrix as Markdown, in the columns of the rotation index; overdue rows first, then the next due.
pub fn markdown(registry: &Registry, today: Date) -> String {
    let mut rows: Vec<(Due, &Token)> = registry
        .tokens
        .iter()
        .filter(|token| token.class != Class::Outside)
        .map(|token| (due(token, today), token))
        .collect();
    rows.sort_by(|(a, first), (b, second)| {
        rank(*a).cmp(&rank(*b)).then_with(|| first.name.value.cmp(&second.name.value))
    });
    let mut text = String::from(
        "| Name | Vendor | Method | SOP | Cadence | Last rotated | Next due |\n|---|---|---|---|---|---|---|\n",
    );
    for (due, token) in rows {
        let _ = writeln!(text, "{}", row(registry, token, due)); // writing to a String cannot fail
    }
    text
}

/// The row of one token, as the rotation index wants it.
pub fn row(registry: &Registry, token: &Token, due: Due) -> String {
    let vendor = registry.vendor_of(token);
    let name = vendor.map_or("Internal", |vendor| vendor.name.as_str());
    let sop = vendor.map_or_else(|| "–".to_owned(), |vendor| format!("[{0}.md]({0}.md)", runbook_name(vendor)));
    let last = token.last_rotated.map_or_else(|| "TBD".to_owned(), |date| date.to_string());
    let next = match due {
        Due::Overdue(days, date) => format!("{date}, **overdue by {days} d**"),
        Due::In(days, date) if days <= DUE_SOON_DAYS => format!("{date}, due in {days} d"),
        Due::In(_, date) => date.to_string(),
        Due::Unknown => "TBD".to_owned(),
        Due::Never => "never".to_owned(),
    };
    let cadence = token.tag_or_unknown("rotation");
    format!("| {} | {name} | operator-assisted | {sop} | {cadence} | {last} | {next} |", token.name.value)
}

/// Overdue first, the longest first; then the next due; then what nobody knows.
fn rank(due: Due) -> (u8, i64) {
    match due {
        Due::Overdue(days, _) => (0, -days),
        Due::In(days, _) => (1, days),
        Due::Unknown => (2, 0),
        Due::Never => (3, 0),
    }
}

/// The tokens that are overdue.
pub fn overdue(registry: &Registry, today: Date) -> usize {
    registry.tokens.iter().filter(|token| matches!(due(token, today), Due::Overdue(..))).count()
}

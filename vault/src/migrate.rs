//! The rename window as a state machine with a deadline.
//!
//! The order is the corrected one: copy, try in staging, switch the consumers, rotate into the new name, prove it, delete and
//! revoke the old one on one day, see it refused. Each state has exactly one next step.

use std::fmt::Write;

use jiff::{ToSpan, civil::Date};

use crate::{
    registry::{Disposition, Registry, Rename},
    rules::days_between,
};

/// How far a rename is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// Nothing has happened.
    NotBegun,
    /// Both names hold one value.
    Copied,
    /// The new name works in staging.
    Tried,
    /// The consumers' change is merged.
    Merged,
    /// The consumers read the new name.
    Switched,
    /// The new name has a value of its own.
    Rotated,
    /// The new value was seen to work.
    Proved,
    /// The old name is gone from the vault; its value still counts at the vendor.
    Deleted,
    /// The old value is revoked.
    Revoked,
    /// The old value was seen refused.
    Done,
}

impl State {
    /// The state that the noted steps lead to: the last one up to which nothing is missing.
    pub fn of(rename: &Rename) -> Self {
        let s = &rename.steps;
        let steps = [
            (s.copied.is_some(), Self::Copied),
            (s.smoke_tested.is_some(), Self::Tried),
            (s.merged.is_some(), Self::Merged),
            (s.deployed.is_some(), Self::Switched),
            (s.rotated_new.is_some(), Self::Rotated),
            (s.proved.is_some(), Self::Proved),
            (s.deleted.is_some(), Self::Deleted),
            (s.revoked.is_some(), Self::Revoked),
            (s.revocation_proved.is_some(), Self::Done),
        ];
        steps.into_iter().take_while(|(done, _)| *done).last().map_or(Self::NotBegun, |(_, state)| state)
    }

    /// The one thing to do next.
    pub fn next_step(self) -> &'static str {
        match self {
            Self::NotBegun => "create the new name with the old value",
            Self::Copied => "try the new name in staging",
            Self::Tried => "merge the pull request that changes every reference",
            Self::Merged => "deploy",
            Self::Switched => "rotate into the new name only",
            Self::Rotated => "prove that the new value works",
            Self::Proved => "delete the old name and revoke its value, today",
            Self::Deleted => "revoke the old value, today",
            Self::Revoked => "see the old value refused (401)",
            Self::Done => "nothing",
        }
    }

    /// A word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NotBegun => "not begun",
            Self::Copied => "copied",
            Self::Tried => "tried",
            Self::Merged => "merged",
            Self::Switched => "switched",
            Self::Rotated => "rotated",
            Self::Proved => "proved",
            Self::Deleted => "deleted",
            Self::Revoked => "revoked",
            Self::Done => "done",
        }
    }
}

/// The day until which the old name has to be gone; `None` before the window opens and after it has closed.
pub fn deadline(registry: &Registry, rename: &Rename) -> Option<Date> {
    if rename.steps.deleted.is_some() {
        return None;
    }
    let copied = rename.steps.copied.as_ref()?;
    copied.value.checked_add(registry.policy.rename_window_days.days()).ok()
}

/// The status of every rename as a Markdown table, in the order of the vendors.
pub fn markdown(registry: &Registry, today: Date) -> String {
    let place = |rename: &Rename| {
        let vendor = rename.new.value.split('_').next().unwrap_or_default();
        let order = &registry.policy.rename_order;
        order.iter().position(|group| group.iter().any(|code| code == vendor)).unwrap_or(usize::MAX)
    };
    let mut renames: Vec<&Rename> = registry.renames.iter().collect();
    renames.sort_by_key(|rename| place(rename));
    let mut text = String::from("| Old name | New name | State | Next step | Deadline |\n|---|---|---|---|---|\n");
    for rename in &renames {
        let state = State::of(rename);
        let (step, note) = match rename.disposition {
            Disposition::Rename => (state.next_step().to_owned(), state.as_str()),
            Disposition::Deprecate => ("give it up; the new name is another credential's".to_owned(), "deprecated"),
            Disposition::KeepAsExport => ("none: consumers keep reading this name".to_owned(), "export"),
        };
        let deadline = match deadline(registry, rename) {
            Some(day) if day < today => format!("{day}, **over by {} d**", days_between(day, today)),
            Some(day) => day.to_string(),
            None => "–".to_owned(),
        };
        // Writing to a String cannot fail.
        let _ = writeln!(text, "| `{}` | `{}` | {note} | {step} | {deadline} |", rename.old.value, rename.new.value);
    }
    let begun = renames.iter().filter(|rename| State::of(rename) != State::NotBegun).count();
    let done = renames.iter().filter(|rename| State::of(rename) == State::Done).count();
    let _ = writeln!(
        text,
        "\n{} renames: {done} done, {} under way, {} not begun.",
        renames.len(),
        begun - done,
        renames.len() - begun
    );
    for unmapped in registry.unmapped.iter().filter(|unmapped| unmapped.audited.is_none()) {
        let _ = writeln!(text, "Before the first one: audit `{}` (R50).", unmapped.name.value);
    }
    text
}

/// The renames whose window is open for too long.
pub fn late(registry: &Registry, today: Date) -> usize {
    registry.renames.iter().filter(|rename| deadline(registry, rename).is_some_and(|day| day < today)).count()
}

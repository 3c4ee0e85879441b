//! Whether a change has raised the budget.

use std::process::Command;

use anyhow::{Context, Result, bail};

use super::{BUDGET, Budget, compared, read_budget};
use crate::{progress, workspace};

/// Compares the budget with that of a revision.
///
/// # Errors
/// A figure is higher than it was there, or there is no such revision.
pub(super) fn check(revision: &str) -> Result<()> {
    let raised = raised(&read_budget()?, &at(revision)?);
    if !raised.is_empty() {
        bail!("{BUDGET} allows more than at {revision}: {}. It only goes down", raised.join(", "));
    }
    progress::note(&format!("{BUDGET} allows nothing that it did not allow at {revision}"));
    Ok(())
}

fn at(revision: &str) -> Result<Budget> {
    if revision.starts_with('-') {
        bail!("{revision} is no revision");
    }
    let file = format!("{revision}:{BUDGET}");
    let shown = Command::new("git").args(["show", &file]).current_dir(workspace::root()).output().context("git")?;
    if !shown.status.success() {
        bail!("there is no {file}: {}", String::from_utf8_lossy(&shown.stderr).trim());
    }
    serde_json::from_slice(&shown.stdout).context(file)
}

/// The figures that are higher than before. A page that is new has none before, and is held to its own from now on.
fn raised(now: &Budget, before: &Budget) -> Vec<String> {
    let is_new = |page: &String| !before.pages.contains_key(page);
    let mut old_pages = now.clone();
    old_pages.pages.retain(|page, _| !is_new(page));
    let higher = compared(&old_pages, before).into_iter().filter(|(_, now, before)| now > before);
    higher.map(|(name, now, before)| format!("{name} {now} for {before}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn budget(first_load: u64, pages: &[(&str, u64)]) -> Budget {
        let pages = pages.iter().map(|(page, bytes)| ((*page).to_owned(), *bytes)).collect();
        Budget { first_load, document: 1, portal: 1, pages, part: 1, later: 1 }
    }

    #[test]
    fn what_is_higher_than_before_is_named() {
        let before = budget(10, &[("ticket", 5), ("settings", 5)]);
        assert_eq!(raised(&before, &before), [""; 0]);
        assert_eq!(raised(&budget(9, &[("ticket", 5), ("settings", 4)]), &before), [""; 0]);
        let names = raised(&budget(11, &[("ticket", 6), ("settings", 5)]), &before);
        assert_eq!(names, ["first load of the sign-in page 11 for 10", "signing in and the page `ticket` 6 for 5"]);
    }

    #[test]
    fn pages_may_come_and_go() {
        let before = budget(10, &[("ticket", 5)]);
        assert_eq!(raised(&budget(10, &[("ticket", 5), ("help", 9)]), &before), [""; 0]);
        assert_eq!(raised(&budget(10, &[]), &before), [""; 0]);
    }

    #[test]
    fn a_revision_that_is_none_is_refused() {
        assert!(at("--output=x").is_err());
        assert!(at("no-such-revision").unwrap_err().to_string().contains("no-such-revision"));
    }
}

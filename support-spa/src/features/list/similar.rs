//! Tickets that are about the same.

use shared::endpoints::tickets::{ListQuery, ListTickets, PageSize, StatusFilter, TicketStatus, TicketSummary};

use super::store::MOST;
use crate::client;

/// The tickets that are open, as many as one answer has, whatever the list shows; `None` without an answer.
pub async fn open_tickets() -> Option<Vec<TicketSummary>> {
    let query =
        ListQuery { status: Some(StatusFilter::Open), q: None, sort: None, cursor: None, limit: PageSize::new(MOST) };
    let (page, _) = client::read::<ListTickets>(&(), &query).await.ok()?;
    Some(page.items.into_vec())
}

/// The first of some tickets that is not resolved, and much the same in its subject.
#[must_use]
pub fn similar<'all>(tickets: &'all [TicketSummary], subject: &str) -> Option<&'all TicketSummary> {
    let open = |item: &&TicketSummary| item.status != TicketStatus::Resolved;
    tickets.iter().filter(open).find(|item| alike(&item.subject, subject))
}

/// Whether two subjects have most of their longer words in common.
fn alike(one: &str, other: &str) -> bool {
    let words = |text: &str| -> Vec<String> {
        let lower = lowered(text);
        let long = lower.split(|c: char| !is_of_a_word(c)).filter(|word| word.chars().count() > 3);
        long.map(str::to_owned).collect()
    };
    let (one, other) = (words(one), words(other));
    let common = other.iter().filter(|word| one.contains(word)).count();
    other.len() >= 2 && common >= 2 && common * 3 >= other.len() * 2
}

/// In lower case. The browser knows that of every script; a table of our own would be a tenth of what this page loads.
fn lowered(text: &str) -> String {
    #[cfg(target_arch = "wasm32")]
    {
        js_sys::JsString::from(text).to_lower_case().into()
    }
    #[cfg(not(target_arch = "wasm32"))]
    {
        text.to_lowercase()
    }
}

/// Letters and digits, and whatever is neither ASCII nor one of the marks that stand between words in the languages that we speak.
fn is_of_a_word(c: char) -> bool {
    c.is_ascii_alphanumeric()
        || !(c.is_ascii() || matches!(c, '\u{80}'..='\u{bf}' | '\u{2000}'..='\u{206f}' | '\u{3000}'..='\u{3003}'))
}

#[cfg(test)]
mod tests {
    use super::alike;

    #[test]
    fn finds_what_was_asked_before() {
        assert!(alike("Exit rule fired twice on SPY iron condor", "Exit rule fired twice"));
        assert!(alike("Paper fills missing from the audit trail", "missing paper fills in audit"));
        assert!(!alike("Paper fills missing from the audit trail", "Paper"));
        assert!(!alike("Paper fills missing", "Invoice shows the old company name"));
        assert!(!alike("", ""));
        assert!(alike("Ausführung “fehlt” – Depot", "AUSFÜHRUNG: fehlt, Depot"));
    }
}

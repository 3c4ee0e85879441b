//! What is tried.

mod errors;
mod files;
mod ownership;
mod tickets;

use serde_json::json;

use crate::caller::{Caller, CallerError};

/// One thing that was tried.
#[derive(Debug)]
pub struct Case {
    /// What, as a sentence.
    pub name: String,
    /// What was wrong; nothing when it conforms.
    pub fault: Option<String>,
}

/// Everything that was tried.
#[derive(Debug, Default)]
pub struct Report {
    /// In the order in which it was tried.
    pub cases: Vec<Case>,
}

impl Report {
    /// Notes what came of a case.
    fn note<T>(&mut self, name: &str, outcome: Result<T, CallerError>) -> Option<T> {
        let (fault, value) = match outcome {
            Ok(value) => (None, Some(value)),
            Err(error) => (Some(error.to_string()), None),
        };
        self.cases.push(Case { name: name.to_owned(), fault });
        value
    }

    /// How many do not conform.
    #[must_use]
    pub fn failed(&self) -> usize {
        self.cases.iter().filter(|case| case.fault.is_some()).count()
    }

    /// One line for each case, and a line at the end.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = String::new();
        for case in &self.cases {
            match &case.fault {
                None => text.push_str(&format!("ok    {}\n", case.name)),
                Some(fault) => text.push_str(&format!("FAIL  {}\n      {fault}\n", case.name)),
            }
        }
        text + &format!("{} passed, {} failed\n", self.cases.len() - self.failed(), self.failed())
    }

    /// The same as JSON.
    #[must_use]
    pub fn json(&self) -> String {
        let cases: Vec<_> = self.cases.iter().map(|case| json!({ "name": case.name, "fault": case.fault })).collect();
        json!({ "cases": cases, "failed": self.failed() }).to_string() + "\n"
    }
}

/// Tries everything that can be tried with these callers.
pub async fn run(anybody: &Caller, one: Option<&Caller>, other: Option<&Caller>) -> Report {
    let mut report = Report::default();
    errors::anybody(&mut report, anybody).await;
    if let Some(one) = one {
        errors::customer(&mut report, one).await;
        tickets::all(&mut report, one).await;
        files::all(&mut report, one).await;
        ownership::ids(&mut report, one).await;
        if let Some(other) = other {
            ownership::strangers(&mut report, one, other).await;
        }
    }
    report
}

fn ensure(holds: bool, fault: impl Into<String>) -> Result<(), CallerError> {
    if holds { Ok(()) } else { Err(CallerError::Broken(fault.into())) }
}

/// A key that nobody has used.
fn fresh_key() -> String {
    let mut bytes = [0_u8; 16];
    // A machine without random numbers cannot try anything; a fixed key then shows as a conflict.
    let _ = getrandom::fill(&mut bytes);
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

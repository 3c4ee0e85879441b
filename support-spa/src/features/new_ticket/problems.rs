//! What is wrong with the form.

use leptos::prelude::*;

use super::request::{BODY, FILES, SUBJECT, TOPIC, value_of};
use crate::features::drafts::{Draft, Record};

/// What is wrong, by field. A complaint is about what stood in the field; once that is changed, it is gone.
#[derive(Clone, Copy)]
pub(super) struct Problems {
    draft: Draft,
    all: RwSignal<Vec<Problem>>,
}

#[derive(Clone)]
struct Problem {
    /// The field's id on the page.
    id: String,
    /// What is wrong, in a sentence.
    text: String,
    /// What stands in the field that is wrong.
    about: String,
}

impl Problems {
    pub(super) fn new(draft: Draft) -> Self {
        Self { draft, all: RwSignal::new(Vec::new()) }
    }

    /// What is wrong with the draft as it is now, or was when it was sent.
    pub(super) fn set(self, record: &Record, wrong: Vec<(String, String)>) {
        let all = wrong.into_iter().map(|(id, text)| Problem { about: content(record, &id), id, text });
        self.all.try_set(all.collect());
    }

    /// What is wrong with one field.
    pub(super) fn of(self, id: String) -> Signal<Option<String>> {
        Signal::derive(move || {
            let problem = self.all.with(|all| all.iter().find(|problem| problem.id == id).cloned())?;
            let draft = self.draft;
            let unchanged = match id.as_str() {
                SUBJECT => draft.subject.with(|text| *text == problem.about),
                TOPIC => draft.topic.with(|text| *text == problem.about),
                BODY => draft.body.with(|text| *text == problem.about),
                FILES => true,
                _ => {
                    draft.fields.track();
                    content(&draft.record(), &id) == problem.about
                }
            };
            unchanged.then_some(problem.text)
        })
    }
}

fn content(record: &Record, id: &str) -> String {
    match id {
        SUBJECT => record.subject.clone(),
        TOPIC => record.topic.clone(),
        BODY => record.body.clone(),
        FILES => String::new(),
        id => value_of(record, id).to_owned(),
    }
}

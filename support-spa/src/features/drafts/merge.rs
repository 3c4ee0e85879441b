//! Two drafts of one place: nothing of either is lost.
//!
//! It takes two tabs that are written in within the same half second, or one that slept. What is typed in this tab stays in its box;
//! what the other had and this one has not is set aside with it, and the customer is asked.

use shared::IdempotencyKey;

use super::record::{KeptFile, Record};

/// Our draft with what only theirs says set aside. It goes on with their key, for under ours something else may have been sent from there;
/// unless these very words have been sent with ours.
pub fn merge(ours: Record, theirs: &Record) -> Record {
    let mut merged =
        if ours.was_tried() { ours } else { Record { key: theirs.key.clone(), tried: theirs.tried, ..ours } };
    merged.aside = set_aside(&merged, theirs);
    for (id, value) in &theirs.fields {
        match merged.fields.iter_mut().find(|(other, _)| other == id) {
            Some((_, ours)) if ours.trim().is_empty() => ours.clone_from(value),
            Some(_) => {}
            None => merged.fields.push((id.clone(), value.clone())),
        }
    }
    if merged.topic.is_empty() {
        merged.topic.clone_from(&theirs.topic);
    }
    for file in &theirs.files {
        if !merged.files.iter().any(|ours| ours.is_same(file)) {
            merged.files.push(file.clone());
        }
    }
    merged
}

/// What comes back to a box in which something has been written meanwhile: it stands before that.
pub fn join(back: Record, meanwhile: Record) -> Record {
    let mut files = back.files;
    for file in meanwhile.files {
        if !files.iter().any(|other| other.is_same(&file)) {
            files.push(file);
        }
    }
    let either = |one: String, other: String| if one.trim().is_empty() { other } else { one };
    Record {
        subject: either(meanwhile.subject, back.subject),
        body: paragraphs([back.body, meanwhile.body]),
        topic: either(meanwhile.topic, back.topic),
        fields: if meanwhile.fields.is_empty() { back.fields } else { meanwhile.fields },
        files,
        aside: paragraphs([back.aside, meanwhile.aside]),
        tried: back.tried,
        ..Record::with_key(back.key)
    }
}

/// What is left in the box when a message has been accepted: what was written while it was on its way. It is a submission of its own,
/// with this key.
pub fn rest(now: Record, sent: &Record, key: IdempotencyKey) -> Record {
    let body = match now.body.strip_prefix(sent.body.as_str()) {
        Some(more) => more.trim_start().to_owned(),
        None => now.body,
    };
    let was_sent = |file: &KeptFile| sent.files.iter().any(|other| other.is_same(file));
    let files = now.files.into_iter().filter(|file| !was_sent(file)).collect();
    let subject = if now.subject == sent.subject { String::new() } else { now.subject };
    let left = Record { subject, body, files, aside: now.aside, ..Record::with_key(key) };
    if left.is_empty() { left } else { Record { topic: now.topic, fields: now.fields, ..left } }
}

fn set_aside(ours: &Record, theirs: &Record) -> String {
    let own: Vec<&str> = [&ours.subject, &ours.body, &ours.aside].map(String::as_str).into();
    let mut foreign = vec![theirs.subject.clone(), theirs.body.clone(), theirs.aside.clone()];
    let differs = |(id, value): &&(String, String)| {
        ours.fields.iter().any(|(other, own)| other == id && own != value && !own.trim().is_empty())
    };
    foreign.extend(theirs.fields.iter().filter(differs).map(|(_, value)| value.clone()));
    foreign.retain(|text| !own.iter().any(|own| own.contains(text.trim())));
    paragraphs([ours.aside.clone(), foreign.join("\n\n")])
}

fn paragraphs(texts: [String; 2]) -> String {
    let [one, other] = texts;
    match (one.trim().is_empty(), other.trim().is_empty()) {
        (true, _) => other,
        (_, true) => one,
        _ => [&one, "\n\n", &other].concat(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft(key: char, body: &str) -> Record {
        let key = IdempotencyKey::parse(&key.to_string().repeat(32)).unwrap();
        Record { body: body.to_owned(), ..Record::with_key(key) }
    }

    #[test]
    fn both_versions_are_kept() {
        let merged = merge(draft('a', "mine"), &draft('b', "theirs"));
        assert_eq!((merged.body.as_str(), merged.aside.as_str()), ("mine", "theirs"));
        assert_eq!(merged.key, draft('b', "").key);
        let again = merge(Record { body: "mine too".into(), ..draft('b', "") }, &merged);
        assert_eq!(
            (again.body.as_str(), again.aside.as_str()),
            ("mine too", "theirs"),
            "what ours contains is not set aside"
        );
        let third = merge(draft('b', "third"), &merged);
        assert_eq!((third.body.as_str(), third.aside.as_str()), ("third", "mine\n\ntheirs"));
    }

    #[test]
    fn words_that_were_sent_keep_their_key() {
        let sent = |key, body: &str| {
            let draft = draft(key, body);
            Record { tried: Some(draft.submission()), ..draft }
        };
        let merged = merge(sent('a', "mine"), &draft('b', "theirs"));
        assert_eq!((&merged.key, merged.was_tried(), merged.aside.as_str()), (&draft('a', "").key, true, "theirs"));
        let merged = merge(draft('a', "mine"), &sent('b', "theirs"));
        assert_eq!((&merged.key, &merged.tried), (&draft('b', "").key, &sent('b', "theirs").tried));
        assert!(!merged.was_tried(), "other words were");
        assert_eq!(merge(sent('a', "mine"), &sent('b', "theirs")).key, draft('a', "").key);
        let joined = join(sent('a', "back"), draft('b', "meanwhile"));
        assert_eq!((joined.key, joined.tried), (draft('a', "").key, sent('a', "back").tried));
        assert_eq!(rest(sent('a', "Sent. More"), &sent('a', "Sent."), draft('c', "").key).tried, None);
    }

    #[test]
    fn what_goes_on_from_the_other_asks_nothing() {
        let merged = merge(draft('a', "Hello, and more"), &draft('a', "Hello"));
        assert_eq!((merged.body.as_str(), merged.aside.as_str()), ("Hello, and more", ""));
    }

    #[test]
    fn fields_and_topic_are_filled_up_and_what_differs_is_set_aside() {
        let field = |id: &str, value: &str| (id.to_owned(), value.to_owned());
        let ours = Record { fields: vec![field("1", "Alpha"), field("2", "")], ..draft('a', "words") };
        let fields = vec![field("1", "Beta"), field("2", "17"), field("3", "here only")];
        let theirs = Record { fields, topic: "tp".into(), subject: "A subject".into(), ..draft('a', "") };
        let merged = merge(ours, &theirs);
        assert_eq!(merged.fields, [field("1", "Alpha"), field("2", "17"), field("3", "here only")]);
        assert_eq!((merged.topic.as_str(), merged.aside.as_str()), ("tp", "A subject\n\nBeta"));
    }

    #[test]
    fn what_comes_back_stands_before_what_was_written_meanwhile() {
        let joined = join(draft('a', "back"), draft('b', "meanwhile"));
        assert_eq!((joined.body.as_str(), &joined.key), ("back\n\nmeanwhile", &draft('a', "").key));
        assert_eq!(join(draft('a', "back"), draft('b', " ")).body, "back");
    }

    #[test]
    fn what_was_written_while_it_was_sent_stays() {
        let key = || draft('c', "").key;
        assert_eq!(rest(draft('a', "Sent."), &draft('a', "Sent."), key()).body, "");
        let left = rest(draft('a', "Sent. And this."), &draft('a', "Sent."), key());
        assert_eq!((left.body.as_str(), left.key), ("And this.", key()));
        assert_eq!(rest(draft('a', "Something else"), &draft('a', "Sent."), key()).body, "Something else");
        assert_eq!(rest(draft('a', ""), &draft('a', "Sent."), key()).body, "");
    }
}

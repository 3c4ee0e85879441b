use std::collections::BTreeSet;

use super::*;

#[test]
fn puts_arguments_where_they_belong_and_reads_them_once() {
    assert_eq!(t_now!(thread_message_by, time = "{0}", name = "{1}"), "{1}, {0}");
}

#[test]
fn chooses_the_form_by_the_count() {
    assert_eq!(t_now!(list_messages, count = 1_u32), "1 message");
    assert_eq!(t_now!(list_messages, count = 0_u32), "0 messages");
    assert_eq!(t_now!(list_messages, count = 3_usize), "3 messages");
    let counted = m!(list_results, count = 2_u32, query = "fill");
    assert_eq!(counted.text(), "2 tickets found for “fill”");
}

#[test]
fn a_file_of_this_version_replaces_english_and_another_does_not() {
    let german: Vec<String> = read(FILES.iter().find(|(tag, _)| *tag == "en-XA").unwrap().1);
    let mut other = german.clone();
    other[0] = "0000000000000000".to_owned();
    assert!(!catalogue::replace(other.into_iter()));
    assert_eq!(t_now!(list_new), "New ticket");
    assert!(catalogue::replace(german.into_iter()));
    assert_eq!(t_now!(list_new), "⟦Ñéw tíçkét····⟧");
    catalogue::restore_english();
    assert_eq!(t_now!(list_new), "New ticket");
}

#[test]
fn every_language_has_every_text() {
    let tags: BTreeSet<&str> = FILES.iter().map(|(tag, _)| *tag).collect();
    assert_eq!(tags, BTreeSet::from(["ar-XB", "de", "en-XA", "es", "fr", "pt"]));
    for (tag, file) in FILES {
        let texts = read(file);
        assert_eq!(texts.len(), catalogue::COUNT + 1, "{tag}");
        assert!(texts.iter().all(|text| !text.trim().is_empty()), "{tag}");
    }
}

#[test]
fn asks_for_the_first_language_that_is_offered() {
    assert_eq!(Language::among(["ja", "de-AT", "en-GB"]), Language::German);
    assert_eq!(Language::among(["PT-br"]), Language::Portuguese);
    assert_eq!(Language::among(["ja"]), Language::English);
    assert_eq!(Language::among(["ar-XB"]), Language::English);
    for language in Language::OFFERED {
        assert_eq!(Language::from_tag(language.tag()), Some(language));
    }
}

#[allow(clippy::unwrap_used, reason = "a file that cannot be read fails the test that reads it")]
fn read(file: &str) -> Vec<String> {
    serde_json::from_str(file).unwrap()
}

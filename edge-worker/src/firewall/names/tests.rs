use proptest::prelude::*;

use super::*;

/// The names, put together so that they do not stand in this file.
fn names() -> [String; 3] {
    [["free", "scout"].concat(), ["tag", "ras"].concat(), ["tickets", "raxx", "app"].join(".")]
}

#[test]
fn the_fingerprints_are_those_of_the_names() {
    for (name, withheld) in names().iter().zip(&WITHHELD) {
        assert_eq!(withheld.length, name.len());
        assert_eq!(withheld.whole, fingerprint(name.as_bytes()), "{name}");
        assert!(name.len() >= SAMPLE + STEP - 1);
        for (place, sampled) in withheld.samples.iter().enumerate() {
            assert_eq!(*sampled, sample(*name.as_bytes()[place..].first_chunk().unwrap()), "{name}");
        }
    }
}

#[test]
fn finds_names_wherever_they_stand() {
    for name in names() {
        for text in [name.clone(), format!("{name}!"), format!("see {name}"), format!("<{}>", name.to_uppercase())] {
            assert!(mentions(text.as_bytes()), "{text}");
        }
        assert!(!mentions(&name.as_bytes()[..name.len() - 1]));
    }
    assert!(!mentions(b""));
    assert!(!mentions(b"short"));
}

#[test]
fn a_short_name_within_an_id_is_chance() {
    let [long, short, _] = names();
    assert!(!mentions(format!("tk_0{short}abcdefghjkmnpqrs").as_bytes()));
    assert!(mentions(format!("tk_{short}").as_bytes()), "an underscore parts words");
    assert!(mentions(format!("my{long}app").as_bytes()));
}

#[test]
fn customers_own_words_are_theirs() {
    let [name, ..] = names();
    let own = [
        format!(r#"{{"subject":"do you use {name}?","fields":[{{"label":"a","value":"{name}"}}]}}"#),
        format!(r#"{{"messages":[{{"author":{{"kind":"you"}},"body":"{name}"}}]}}"#),
        format!(r#"{{"last_author":{{"kind":"participant","name":"A"}},"snippet":"{name}"}}"#),
        format!(r#"{{"rating":{{"comment":"{name}"}}}}"#),
        format!(r#"{{"id":"up_1","name":"{name}.png","media_type":"image/png","expires_at":"x"}}"#),
        format!(r#"{{"customer":{{"email":"a@{name}.example"}}}}"#),
    ];
    for json in own {
        assert!(!discloses(json.as_bytes()), "{json}");
    }
    let team = [
        format!(r#"{{"messages":[{{"author":{{"kind":"team"}},"body":"{name}"}}]}}"#),
        format!(r#"{{"messages":[{{"body":"{name}"}}]}}"#),
        format!(r#"{{"last_author":{{"kind":"team"}},"snippet":"{name}"}}"#),
        format!(r#"{{"items":[{{"label":"topic","fields":[{{"label":"{name}"}}]}}]}}"#),
        format!(r#"{{"items":[{{"title":"{name} is down"}}]}}"#),
        format!(r#"{{"attachments":[{{"name":"{name}.pdf","media_type":"a/b"}}]}}"#),
        format!(r#"{{"options":{{"{name}":1}}}}"#),
        format!(r#"{{"options":{{"a":"\u{:04x}{}"}}}}"#, name.as_bytes()[0], &name[1..]),
        format!("not json {name}"),
    ];
    for json in team {
        assert!(discloses(json.as_bytes()), "{json}");
    }
}

proptest! {
    #[test]
    fn agrees_with_a_plain_search(before in "[a-z ]{0,150}", after in "[a-z ]{0,20}", which in 0..3_usize, cut in 0..2_usize) {
        let name = &names()[which];
        let text = format!("{before}{}{after}", &name[cut..]);
        let lower = text.to_lowercase();
        let word = |text: &str, name: &str| text.match_indices(name).any(|(at, _)| {
            let alphanumeric = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
            !alphanumeric(text[..at].chars().last()) && !alphanumeric(text[at + name.len()..].chars().next())
        });
        let [long, short, host] = names();
        let plainly = lower.contains(&long) || lower.contains(&host) || word(&lower, &short);
        prop_assert_eq!(mentions(text.as_bytes()), plainly);
    }
}

//! The registry's data against the tables of the taxonomy, which `tests/golden/` holds cell by cell as they are written there.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a panic is how a test fails, in its own functions too")]

use std::path::Path;

use raxx_vault::registry::{Cell, Registry, Source};

fn registry() -> Registry {
    Source::open(&Path::new(env!("CARGO_MANIFEST_DIR")).join("registry.toml")).expect("the registry reads").registry
}

/// The rows of a golden table, without its header.
fn rows(table: &str) -> Vec<Vec<String>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(table);
    let text = std::fs::read_to_string(path).expect("the table reads");
    text.lines().skip(1).map(|line| line.split('|').map(str::to_owned).collect()).collect()
}

#[test]
fn vendors_are_those_of_appendix_a_in_its_order() {
    let ours: Vec<Vec<String>> =
        registry().vendors.iter().map(|vendor| vec![vendor.code.value.clone(), vendor.name.clone()]).collect();
    assert_eq!(ours, rows("vendors.csv"));
}

#[test]
fn the_tag_vocabulary_is_that_of_section_2_in_its_order() {
    let ours: Vec<Vec<String>> = registry()
        .tags
        .dimensions
        .iter()
        .flat_map(|(dimension, values)| values.iter().map(|value| vec![dimension.clone(), value.clone()]))
        .collect();
    assert_eq!(ours, rows("tags.csv"));
    let count = |wanted: &str| ours.iter().filter(|row| row[0] == wanted).count();
    assert_eq!([count("function"), count("sensitivity"), count("consumer"), count("rotation")], [18, 4, 6, 6]);
}

#[test]
fn every_example_of_section_1_is_registered_with_its_vendor_and_can_be_taken_apart() {
    let registry = registry();
    let grammar = registry.grammar();
    let examples = rows("examples.csv");
    assert_eq!(examples.len(), 22);
    for row in examples {
        let token = registry.token(&row[0]).unwrap_or_else(|| panic!("{} is not registered", row[0]));
        assert_eq!(grammar.parse(&row[0]).expect("a name").to_string(), row[0]);
        let vendor = registry.vendor_of(token).expect("a vendor");
        // The table writes "AWS IAM" and "GitHub App" for what the tokens are at these vendors.
        let written = match row[1].as_str() {
            "AWS IAM" => "Amazon Web Services",
            "GitHub App" => "GitHub",
            other => other,
        };
        assert_eq!(vendor.name, written, "{}", row[0]);
    }
}

#[test]
fn every_cell_of_the_classification_table_of_section_3_agrees() {
    let registry = registry();
    let table = rows("environments.csv");
    assert_eq!(table.len(), 22);
    for row in table {
        let token = registry.token(&row[0]).unwrap_or_else(|| panic!("{} is not registered", row[0]));
        for (environment, written) in ["prod", "staging", "dev"].into_iter().zip(&row[1..]) {
            let cell = token.cell(environment).expect("a stated cell");
            let agrees = match written.as_str() {
                "yes" => cell == Cell::Present,
                "yes (separate token)" | "yes (different key)" => cell == Cell::DifferentValue,
                "dev (test key)" => cell == Cell::TestKey,
                "no — reads prod" => cell == Cell::ReadsProd,
                // The table's "no" says nothing about who reads what; `never` and `reads-prod` are decisions on top of it.
                "no" => matches!(cell, Cell::Absent | Cell::Never | Cell::ReadsProd),
                other => panic!("unknown cell {other}"),
            };
            assert!(agrees, "{} in {environment}: {written} in the table, {cell} here", row[0]);
        }
    }
}

#[test]
fn every_row_of_the_index_of_section_4_agrees() {
    let registry = registry();
    let index = rows("index.csv");
    assert_eq!(index.len(), 28);
    for row in index {
        let [current, proposed, scopes, consumers, sensitivity, rotation] = &row[..] else { panic!("{row:?}") };
        let base = proposed.split(" (").next().expect("a name");
        let token = registry.token(base).unwrap_or_else(|| panic!("{base} is not registered"));
        let consumers: Vec<&str> = consumers.split(", ").map(|tag| tag.trim_start_matches("consumer:")).collect();
        let ours: Vec<&str> = token.consumers.value.iter().map(|consumer| consumer.value.as_str()).collect();
        assert_eq!(ours, consumers, "{base}");
        assert_eq!(token.tag_or_unknown("consumer"), consumers[0], "{base}");
        assert_eq!(format!("sensitivity:{}", token.tag_or_unknown("sensitivity")), *sensitivity, "{base}");
        assert_eq!(format!("rotation:{}", token.tag_or_unknown("rotation")), *rotation, "{base}");

        let renamed = registry.renames.iter().find(|rename| rename.old.value == *current);
        match current.as_str() {
            "" | "(missing)" => assert!(registry.renames.iter().all(|rename| rename.new.value != base), "{base}"),
            _ => {
                let new = &renamed.unwrap_or_else(|| panic!("{current} has no rename")).new.value;
                let wanted = match (base, proposed.as_str()) {
                    (base, part) if part.ends_with("(key component)") && base.starts_with("AWS") => {
                        format!("{base}__ACCESS_KEY_ID")
                    }
                    (base, part) if part.ends_with("(secret component)") && base.starts_with("AWS") => {
                        format!("{base}__SECRET_ACCESS_KEY")
                    }
                    (base, part) if part.ends_with("(key component)") => format!("{base}__KEY_ID"),
                    (base, part) if part.ends_with("(secret component)") => format!("{base}__SECRET_KEY"),
                    (base, _) => base.to_owned(),
                };
                assert_eq!(*new, wanted);
            }
        }
        // Two rows of CF_PAGES_DEPLOY and HK_PLATFORM_FULL contradict each other: the one that is renamed counts (X2, X3).
        let overruled = matches!(current.as_str(), "CLOUDFLARE_RAXX_AUTOMATION_API_TOKEN" | "HEROKU_API_KEY");
        if !scopes.is_empty() && scopes != "Same" && !overruled {
            let ours: Vec<&str> = token.scopes.iter().map(|scope| scope.value.as_str()).collect();
            // "Restricted key" is the kind of the Stripe token, not a scope of it.
            assert_eq!(ours.join(", "), scopes.trim_start_matches("Restricted key: "), "{base}");
        }
    }
    assert_eq!(
        registry.renames.len(),
        rows("index.csv").iter().filter(|row| !matches!(row[0].as_str(), "" | "(missing)")).count()
    );
}

#[test]
fn provisioning_pages_and_notes_are_those_of_section_5() {
    let registry = registry();
    let ours: Vec<(&str, &str)> = registry
        .vendors
        .iter()
        .flat_map(|vendor| &vendor.provisioning)
        .map(|step| (step.page.as_str(), step.note.as_str()))
        .collect();
    for row in rows("provisioning.csv") {
        assert!(ours.contains(&(row[1].as_str(), row[2].as_str())), "{}", row[0]);
    }
}

#[test]
fn the_verdicts_are_those_of_the_batch_report() {
    let ours: Vec<Vec<String>> = registry()
        .verdicts
        .iter()
        .map(|past| vec![past.credential.value.clone(), past.verdict.value.clone(), past.evidence.value.clone()])
        .collect();
    assert_eq!(ours, rows("verdicts.csv"));
}

#[test]
fn every_other_secret_that_the_sources_name_has_a_row_an_export_or_a_companion() {
    let registry = registry();
    let known: Vec<String> = registry.tokens.iter().flat_map(raxx_vault::registry::Token::names).collect();
    for row in rows("other_secrets.csv") {
        let name = match row[0].as_str() {
            // Decided in X23: the companion has the base's new name.
            "HEROKU_API_KEY__AUTH_ID" => "HK_PLATFORM_FULL__AUTH_ID",
            other => other,
        };
        assert!(known.iter().any(|known| known == name), "{name}");
    }
}

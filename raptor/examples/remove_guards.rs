//! Removes each guard, one at a time, and watches its test fail: `cargo run -p raptor --example remove_guards [words of a guard]`.
//!
//! A security test that passes without what it guards proves nothing. Everything happens in a copy of the tracked files below
//! `target/guards`, with a build folder of its own; the working tree is never touched. Slow: one build per guard.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

/// A guard: where it stands, what is put in its place, and the test that must notice.
struct Guard {
    what: &'static str,
    file: &'static str,
    present: &'static str,
    absent: &'static str,
    test: &'static str,
}

const GUARDS: &[Guard] = &[
    Guard {
        what: "a ticket is looked up by its customer too",
        file: "raptor/src/store/tickets.rs",
        present: "FROM tickets WHERE id = $1 AND customer_id = $2",
        absent: "FROM tickets WHERE id = $1 AND customer_id <> $2 || 'x'",
        test: "isolation::five_customers_every_route_every_kind_of_id_and_not_one_leak",
    },
    Guard {
        what: "another's upload cannot be thrown away",
        file: "raptor/src/store/uploads.rs",
        present: "DELETE FROM uploads WHERE id = $1 AND customer_id = $2",
        absent: "DELETE FROM uploads WHERE id = $1 AND customer_id <> $2 || 'x'",
        test: "isolation::five_customers_every_route_every_kind_of_id_and_not_one_leak",
    },
    Guard {
        what: "a malformed id is not found",
        file: "raptor/src/http/request.rs",
        present: "E::Path::parse(&values).map_err(|_| Refusal::not_found())",
        absent: "E::Path::parse(&values).map_err(Refusal::invalid)",
        test: "isolation::five_customers_every_route_every_kind_of_id_and_not_one_leak",
    },
    Guard {
        what: "a conversation that changed hands is removed",
        file: "raptor/src/tickets/copier.rs",
        present: "Err(ReadError::NotFound) => {\n                // Deleted, moved",
        absent: "Err(ReadError::NotFound) if before.is_some() => return Ok(before.map_or(TicketId::from_bits(0), |b| b.id)),\n            \
                 Err(ReadError::NotFound) => {\n                // Deleted, moved",
        test: "isolation::a_conversation_that_changes_hands_is_gone_for_its_old_owner",
    },
    Guard {
        what: "a challenge is used once",
        file: "raptor/src/store/ceremonies.rs",
        present: "DELETE FROM ceremonies WHERE id = $1 RETURNING",
        absent: "UPDATE ceremonies SET state = state WHERE id = $1 RETURNING",
        test: "passkeys::a_challenge_is_used_once",
    },
    Guard {
        what: "a challenge ends, and has one purpose",
        file: "raptor/src/sessions/passkeys.rs",
        present: "if ceremony.purpose == purpose && now < ceremony.expires_at {",
        absent: "if ceremony.purpose == purpose || now < ceremony.expires_at {",
        test: "passkeys::a_challenge_ends_after_five_minutes",
    },
    Guard {
        what: "ports of an origin are exact",
        file: "raptor/src/sessions/passkeys.rs",
        present: ".allow_any_port(false)",
        absent: ".allow_any_port(true)",
        test: "passkeys::another_origin_is_refused_even_below_the_same_host",
    },
    Guard {
        what: "enrolment is for development",
        file: "raptor/src/http/dispatch.rs",
        present: "if E::AUTH == Auth::Development && app.development.is_none() {",
        absent: "if E::AUTH == Auth::Development && app.is_stopping() {",
        test: "passkeys::enrolment_does_not_exist_where_it_is_not_switched_on",
    },
    Guard {
        what: "a session that has ended is refused",
        file: "raptor/src/store/sessions.rs",
        present: "AND s.ended_at IS NULL AND s.ends_at > $2",
        absent: "AND s.ends_at > $2",
        test: "sessions::a_renewed_session_goes_on_and_signing_out_ends_all_of_its_tokens",
    },
    Guard {
        what: "the edge proves itself",
        file: "raptor/src/http/router.rs",
        present: ".layer(ServiceAuthLayer::new(Arc::new(verifier)))",
        absent: ".layer(axum::Extension(Arc::new(verifier)))",
        test: "sessions::the_edge_must_prove_itself_whatever_the_customer_holds",
    },
    Guard {
        what: "a key that was used is looked up",
        file: "raptor/src/store/idempotency.rs",
        present: "AND key = $2 AND created_at <= $3\")",
        absent: "AND key = $2 AND created_at > $3\")",
        test: "delivery::one_key_is_one_submission_however_often_it_is_sent",
    },
    Guard {
        what: "look before sending again",
        file: "raptor/src/submissions/deliver.rs",
        present: "let Some(began_at) = submission.first_attempt_at else {",
        absent: "let Some(began_at) = submission.first_attempt_at.filter(|_| submission.attempts > 1_000_000) else {",
        test: "faults::nothing_is_lost_and_nothing_is_doubled",
    },
    Guard {
        what: "messages of a ticket leave in order",
        file: "raptor/src/store/outbox.rs",
        present: "AND NOT EXISTS (SELECT 1 FROM pending_submissions e",
        absent: "AND NOT EXISTS (SELECT 1 FROM (SELECT * FROM pending_submissions WHERE 1 = 0) e",
        test: "database::sqlite_conforms_and_its_tables_are_made_once",
    },
    Guard {
        what: "webhooks are signed",
        file: "raptor/src/live/webhook.rs",
        present: "mac.verify_slice(&signature).is_ok()",
        absent: "mac.verify_slice(&signature).is_ok() || signature.is_empty() || !signature.is_empty()",
        test: "live::webhooks_without_a_valid_signature_do_nothing",
    },
    Guard {
        what: "a webhook is followed once",
        file: "raptor/src/live/webhook.rs",
        present: "Ok(false) => return StatusCode::NO_CONTENT,",
        absent: "Ok(false) => {}",
        test: "live::a_webhook_is_a_hint_its_content_is_not_believed_and_a_replay_is_not_followed",
    },
    Guard {
        what: "events are one customer's",
        file: "raptor/src/store/events.rs",
        present: "WHERE customer_id = $1 AND seq > $2",
        absent: "WHERE customer_id <> $1 || 'x' AND seq > $2",
        test: "live::an_agents_answer_is_heard_of_by_its_customer_alone_and_can_be_read_then",
    },
    Guard {
        what: "the switch",
        file: "raptor/src/http/dispatch.rs",
        present: "if !app.portal_enabled() {",
        absent: "if app.is_stopping() {",
        test: "contract::switched_off_means_maintenance_for_everybody",
    },
];

fn main() -> ExitCode {
    let wanted: Vec<String> = std::env::args().skip(1).collect();
    let wanted = wanted.join(" ");
    match run(&wanted) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn run(wanted: &str) -> Result<bool, Box<dyn std::error::Error>> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..").canonicalize()?;
    let copy = root.join("target/guards/tree");
    copy_tracked(&root, &copy)?;
    let mut all_noticed = true;
    for guard in GUARDS.iter().filter(|guard| guard.what.contains(wanted)) {
        let path = copy.join(guard.file);
        let text = std::fs::read_to_string(&path)?;
        if text.matches(guard.present).count() == 0 {
            println!("GONE     {}: {} no longer holds it; say where it went", guard.what, guard.file);
            all_noticed = false;
            continue;
        }
        if !passes(&root, &copy, guard.test)? {
            println!("BROKEN   {}: {} fails with the guard in place", guard.what, guard.test);
            all_noticed = false;
            continue;
        }
        std::fs::write(&path, text.replace(guard.present, guard.absent))?;
        let built = builds(&root, &copy)?;
        let noticed = built && !passes(&root, &copy, guard.test)?;
        std::fs::write(&path, text)?;
        let word = match (built, noticed) {
            (false, _) => "UNBUILT ",
            (true, true) => "noticed ",
            (true, false) => "MISSED  ",
        };
        println!("{word} {}: {}", guard.what, guard.test);
        all_noticed &= noticed;
    }
    Ok(all_noticed)
}

/// Copies every tracked file whose content differs, so that what did not change is not built again.
fn copy_tracked(root: &Path, copy: &Path) -> Result<(), Box<dyn std::error::Error>> {
    let listed = Command::new("git").args(["ls-files", "-z"]).current_dir(root).output()?;
    for name in String::from_utf8(listed.stdout)?.split('\0').filter(|name| !name.is_empty()) {
        let (from, to) = (root.join(name), copy.join(name));
        let Ok(content) = std::fs::read(&from) else { continue };
        if std::fs::read(&to).is_ok_and(|there| there == content) {
            continue;
        }
        if let Some(folder) = to.parent() {
            std::fs::create_dir_all(folder)?;
        }
        std::fs::write(&to, content)?;
    }
    Ok(())
}

fn cargo(root: &Path, copy: &Path) -> Command {
    let mut command = Command::new("cargo");
    command.current_dir(copy).env("CARGO_TARGET_DIR", root.join("target/guards/build"));
    command.stdout(Stdio::null()).stderr(Stdio::null());
    command
}

fn builds(root: &Path, copy: &Path) -> std::io::Result<bool> {
    Ok(cargo(root, copy).args(["test", "-p", "raptor", "--test", "service", "--no-run"]).status()?.success())
}

fn passes(root: &Path, copy: &Path, test: &str) -> std::io::Result<bool> {
    let arguments = ["test", "-p", "raptor", "--test", "service", "--", "--exact", test];
    Ok(cargo(root, copy).args(arguments).env("RAPTOR_FAULT_RUNS", "200").status()?.success())
}

//! The program as it is run: exit codes, formats, colours, and that no value given to it ever comes out.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a panic is how a test fails, in its own functions too")]

mod vendor_double;

use std::{
    path::{Path, PathBuf},
    process::{Command, Output},
};

use serde_json::Value;
use vendor_double::{VendorDouble, answer};

fn registry() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("registry.toml")
}

/// The program with an empty environment and the committed registry.
fn program(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_raxx-vault"));
    command.env_clear().arg("--registry").arg(registry()).args(["--today", "2026-11-22"]).args(arguments);
    command
}

fn run(arguments: &[&str]) -> Output {
    program(arguments).output().unwrap()
}

fn code(output: &Output) -> i32 {
    output.status.code().unwrap()
}

fn text(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// A value like those that vendors issue, made at run time so that no file here holds one.
fn canary() -> String {
    let mut bytes = [0_u8; 24];
    getrandom::fill(&mut bytes).unwrap();
    let random: String =
        bytes.iter().map(|byte| char::from(b"ABCDEFGHJKmnpqrstuvwxyz23456789Q"[usize::from(byte % 32)])).collect();
    format!("Ca7Na2Ry9X{random}Q4z")
}

/// No eight characters of the canary may occur.
fn assert_absent(canary: &str, what: &str, text: &str) {
    for part in canary.as_bytes().windows(8) {
        let part = std::str::from_utf8(part).unwrap();
        assert!(!text.contains(part), "{what} shows a part of the value:\n{text}");
    }
}

#[test]
fn a_clean_registry_exits_with_0_in_every_format() {
    for format in ["human", "json", "sarif"] {
        let output = run(&["--format", format, "lint"]);
        assert_eq!(code(&output), 0, "{}", text(&output));
    }
    let sarif: Value = serde_json::from_slice(&run(&["--format", "sarif", "lint"]).stdout).unwrap();
    assert_eq!(sarif["version"], "2.1.0");
    let run_ = &sarif["runs"][0];
    let rules: Vec<&str> =
        run_["tool"]["driver"]["rules"].as_array().unwrap().iter().map(|rule| rule["id"].as_str().unwrap()).collect();
    for result in run_["results"].as_array().unwrap() {
        assert!(rules.contains(&result["ruleId"].as_str().unwrap()));
        let region = &result["locations"][0]["physicalLocation"]["region"];
        assert!(
            region["startLine"].as_u64().unwrap() > 1 && region["endColumn"].as_u64() > region["startColumn"].as_u64()
        );
    }
    let json: Value = serde_json::from_slice(&run(&["--format", "json", "lint"]).stdout).unwrap();
    assert!(json["findings"].as_array().unwrap().iter().all(|finding| finding["severity"] == "advice"));
}

#[test]
fn findings_exit_with_1_and_name_rule_source_and_place() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("registry.toml");
    let worse = std::fs::read_to_string(registry()).unwrap().replacen(
        "\"__EXPIRES_AT\", \"__SCOPES\"]\nstore",
        "\"__SCOPES\"]\nstore",
        1,
    );
    std::fs::write(&path, worse).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_raxx-vault"));
    let output = command.env_clear().current_dir(directory.path()).arg("lint").output().unwrap();
    assert_eq!(code(&output), 1);
    let shown = text(&output);
    for wanted in ["error[R11 companion-expires-at]", "registry.toml:", "T §1, §5 step 3, App. B", "help:"] {
        assert!(shown.contains(wanted), "{wanted} is not in:\n{shown}");
    }
    assert!(!shown.contains('\u{1b}'), "no colour where there is no terminal");
    let mut command = Command::new(env!("CARGO_BIN_EXE_raxx-vault"));
    let output =
        command.env_clear().current_dir(directory.path()).args(["--color", "always", "lint"]).output().unwrap();
    assert!(text(&output).contains('\u{1b}'));
}

#[test]
fn what_cannot_be_carried_out_exits_with_2_and_says_what_to_do() {
    let directory = tempfile::tempdir().unwrap();
    let missing = directory.path().join("none.toml");
    let elsewhere = |arguments: &[&str]| {
        Command::new(env!("CARGO_BIN_EXE_raxx-vault"))
            .env_clear()
            .current_dir(directory.path())
            .args(arguments)
            .output()
            .unwrap()
    };
    for (output, wanted) in [
        (elsewhere(&["lint"]), "--registry"),
        (elsewhere(&["--registry", missing.to_str().unwrap(), "lint"]), "cannot be read"),
        (run(&["frobnicate"]), "Usage"),
        (run(&["check", "refs", "/no/such/folder"]), "not a folder"),
        (run(&["checklist", "NOBODY"]), "raxx-vault new"),
        (run(&["verify"]), "holds no value"),
        (run(&["verify", "NOBODY"]), "not registered"),
        (run(&["check", "live", "--project", "p"]), "INFISICAL_UNIVERSAL_AUTH_CLIENT_ID"),
        (run(&["check", "live", "--project", "p?x=y"]), "is not set"),
        (run(&["new", "XY_THING"]), "not a vendor code"),
        (run(&["explain", "R99"]), "R1 to R66"),
        (run(&["verify", "GH_READONLY", "--base-url", "XX=http://127.0.0.1"]), "knows the keys"),
    ] {
        assert_eq!(code(&output), 2, "{}", text(&output));
        assert!(text(&output).contains(wanted), "{wanted} is not in: {}", text(&output));
    }
    std::fs::write(directory.path().join("registry.toml"), "[[token]\n").unwrap();
    let output = elsewhere(&["lint"]);
    assert_eq!(code(&output), 1, "a registry that does not read is a finding: {}", text(&output));
    assert!(text(&output).contains("registry.toml:1:"), "{}", text(&output));
}

#[test]
fn unknown_and_nothing_else_exits_with_3() {
    let double = VendorDouble::start(|_| answer(503, ""));
    let output = program(&["verify", "GH_READONLY", "--base-url", &format!("GH={}", double.url())])
        .env("GH_READONLY", "x")
        .output()
        .unwrap();
    assert_eq!(code(&output), 3, "{}", text(&output));
    let output = program(&["check", "live", "--project", "p", "--url", &double.url()])
        .env("INFISICAL_UNIVERSAL_AUTH_CLIENT_ID", "x")
        .env("INFISICAL_UNIVERSAL_AUTH_CLIENT_SECRET", "y")
        .output()
        .unwrap();
    assert_eq!(code(&output), 3, "{}", text(&output));
}

#[test]
fn verify_prints_the_table_of_the_report() {
    let double = VendorDouble::start(|asked| match asked.header("authorization") {
        Some("Bearer dead") => answer(401, "{}"),
        _ => answer(200, r#"{"email":"operator@raxx.app"}"#),
    });
    let verify = |value: &str, format: &str| {
        let base = format!("HK={}", double.url());
        // Under the name that the CLI of the vendor reads.
        program(&["--format", format, "verify", "--base-url", &base]).env("HEROKU_API_KEY", value).output().unwrap()
    };
    let alive = verify("alive", "human");
    assert_eq!(code(&alive), 0, "{}", text(&alive));
    let row = "| `HK_PLATFORM_FULL` | VALID | HTTP 200, account returned | operator@raxx.app | – | infisical /MooseQuest/heroku/ |";
    assert!(text(&alive).contains(row), "{}", text(&alive));
    let dead = verify("dead", "json");
    assert_eq!(code(&dead), 1);
    let json: Value = serde_json::from_slice(&dead.stdout).unwrap();
    assert_eq!(json["credentials"][0]["verdict"], "STALE");
}

#[test]
fn the_planning_commands_and_completions_run() {
    for arguments in [
        &["matrix"][..],
        &["migrate", "status"],
        &["checklist", "CF_PAGES_DEPLOY"],
        &["export", "infisical-rules"],
        &["explain", "R38"],
        &["completions", "bash"],
        &["completions", "zsh"],
        &["completions", "fish"],
        &["--help"],
        &["--version"],
    ] {
        let output = run(arguments);
        assert_eq!(code(&output), 0, "{arguments:?}: {}", text(&output));
        assert!(output.stdout.len() > 10 && output.stderr.is_empty(), "{arguments:?}");
    }
}

#[test]
fn new_adds_a_row_keeps_the_comments_and_refuses_a_second_one() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("registry.toml");
    let original = std::fs::read_to_string(registry()).unwrap();
    std::fs::write(&path, &original).unwrap();
    let new = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_raxx-vault"));
        command.env_clear().current_dir(directory.path()).arg("new").args(arguments).output().unwrap()
    };
    let dry = new(&["CF_DNS_EDIT_RAXX_DEV", "--dry-run"]);
    assert_eq!(code(&dry), 0, "{}", text(&dry));
    assert_eq!(std::fs::read_to_string(&path).unwrap(), original);
    assert_eq!(code(&new(&["CF_DNS_EDIT_RAXX_DEV"])), 0);
    let written = std::fs::read_to_string(&path).unwrap();
    assert!(written.starts_with(original.trim_end()) && written.contains("CF_DNS_EDIT_RAXX_DEV"));
    assert_eq!(code(&new(&["CF_DNS_EDIT_RAXX_DEV"])), 2);
    // A row that would break a rule is not written.
    let broken = new(&["CF_DNS_EDIT_OTHER", "--consumer", "nobody"]);
    assert_eq!(code(&broken), 2);
    assert!(text(&broken).contains("R19"), "{}", text(&broken));
    // Nor is a value that somebody pasted into an option.
    let canary = canary();
    let pasted = new(&["CF_DNS_EDIT_OTHER", "--target", &canary]);
    assert_eq!(code(&pasted), 2);
    assert_absent(&canary, "new", &text(&pasted));
    assert_eq!(std::fs::read_to_string(&path).unwrap(), written);
    assert_eq!(std::fs::read_dir(directory.path()).unwrap().count(), 1, "no draft is left behind");
}

#[test]
fn a_value_in_any_input_comes_out_nowhere() {
    let canary = canary();
    let mut shown = Vec::new();
    let mut keep = |what: &str, output: &Output| {
        shown.push((what.to_owned(), text(output)));
        assert!(code(output) < 4, "{what} ended with {}: {}", code(output), text(output));
    };

    // In the registry: as a note, a name, a broken line; through every command and format.
    let directory = tempfile::tempdir().unwrap();
    let original = std::fs::read_to_string(registry()).unwrap();
    let name_line = "name = \"GH_READONLY\"\n";
    for (what, changed) in [
        ("note", original.replacen(name_line, &format!("{name_line}note = \"{canary}\"\n"), 1)),
        ("name", original.replacen("GH_READONLY", &canary, 1)),
        ("kind", original.replacen("kind = \"github_fine_grained\"", &format!("kind = \"{canary}\""), 1)),
        ("key", original.replacen(name_line, &format!("{name_line}{canary} = 1\n"), 1)),
        ("broken", format!("{original}\n{canary}\n")),
        ("prefixed", original.replacen(name_line, &format!("{name_line}note = \"rk_live_{canary}\"\n"), 1)),
    ] {
        std::fs::write(directory.path().join("registry.toml"), changed).unwrap();
        for arguments in [
            &["lint"][..],
            &["--format", "json", "lint"],
            &["--format", "sarif", "lint"],
            &["--color", "always", "lint"],
            &["matrix"],
            &["migrate", "status"],
            &["checklist", "GH_READONLY"],
            &["export", "infisical-rules"],
            &["check", "refs", "."],
            &["new", "CF_DNS_EDIT_RAXX_DEV", "--dry-run"],
        ] {
            let mut command = Command::new(env!("CARGO_BIN_EXE_raxx-vault"));
            let output = command.env_clear().current_dir(directory.path()).args(arguments).output().unwrap();
            keep(&format!("registry {what}, {arguments:?}"), &output);
        }
    }

    // In a repository: a workflow, wrangler.toml, code, a document, an environment file.
    let repository = tempfile::tempdir().unwrap();
    let write = |path: &str, text: String| {
        let path = repository.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    };
    write(
        ".github/workflows/a.yml",
        format!("env:\n  EDGE_SERVICE_TOKEN: {canary}\n  B: ${{{{ secrets.X_{} }}}}\n", "TOKEN"),
    );
    write("wrangler.toml", format!("[vars]\nEDGE_SERVICE_TOKEN = \"{canary}\"\n"));
    write(
        "src/main.rs",
        format!("const A: &str = \"sk_live_{canary}\";\nstd::env::set_var(\"RAPTOR_JWT_KEYS\", \"{canary}\");\n"),
    );
    write("README.md", format!("`FREESCOUT_API_TOKEN={canary}`\n"));
    write(".env", format!("FREESCOUT_API_TOKEN={canary}\n"));
    for format in ["human", "json", "sarif"] {
        let output = run(&["--format", format, "check", "refs", repository.path().to_str().unwrap()]);
        assert_eq!(code(&output), 1);
        if format == "human" {
            for place in ["a.yml:2", "wrangler.toml:2", "src/main.rs:1", "src/main.rs:2", "README.md:1", ".env:1"] {
                assert!(text(&output).contains(place), "{place} is not in: {}", text(&output));
            }
        }
        keep("repository", &output);
    }

    // As a credential, with vendors that repeat it in every part of every answer.
    let repeating = |status: u16| {
        let echo = canary.clone();
        VendorDouble::start(move |_| {
            let body = format!(
                r#"{{"result":{{"id":"{echo}","status":"active","expires_on":"{echo}"}},"email":"{echo}","login":"{echo}","ok":true,"user":"{echo}","team":"{echo}","slug":"{echo}","accessToken":"{echo}","identityDetails":{{"name":"{echo}"}},"error":"{echo}","data":"{echo}","message":"rak_{echo}"}}"#
            );
            let place = format!("https://example.com/{echo}");
            answer(status, &body).header("x-oauth-scopes", &echo).header("location", &place)
        })
    };
    let doubles = [200, 302, 401, 403].map(repeating);
    let double = &doubles[0];
    let keys = ["CF", "HK", "PM", "AWS", "ANT", "GH", "STR", "ALP_PAPER", "ALP_LIVE", "INF", "SL", "DH", "CF_ACCESS"];
    let nowhere = [format!("http://127.0.0.1:9/{canary}"), format!("http://example.com/{canary}"), canary.clone()];
    for address in doubles.iter().map(VendorDouble::url).chain(nowhere) {
        let bases: Vec<String> = keys.iter().map(|key| format!("--base-url={key}={address}")).collect();
        for format in ["human", "json"] {
            let mut command = program(&["--format", format, "verify", "--timeout", "2"]);
            command.args(&bases);
            for name in [
                "CF_DNS_EDIT_RAXX_APP",
                "CF_ACCESS_SVC_VAULT",
                "CF_ACCESS_SVC_VAULT__CLIENT_ID",
                "HK_PLATFORM_FULL",
                "PM_SERVER_MAIL",
                "AWS_ACCESS_KEY_ID",
                "AWS_SECRET_ACCESS_KEY",
                "ANT_CLAUDE_SDK",
                "GH_READONLY",
                "STR_BILLING_WRITE",
                "ALP_LIVE_TRADING__KEY_ID",
                "ALP_LIVE_TRADING__SECRET_KEY",
                "INF_SVC_DISPATCHER",
                "INF_SVC_DISPATCHER__CLIENT_ID",
                "SL_BOT_NOTIFY",
                "DH_DNS_MGMT",
                "GH_APP_DEV_BOT__APP_ID",
                "GH_APP_DEV_BOT__INSTALLATION_ID",
                "GH_APP_DEV_BOT__PRIVATE_KEY_PEM",
                "EDGE_SERVICE_TOKEN",
                "RAPTOR_JWT_KEYS",
            ] {
                command.env(name, &canary);
            }
            keep("verify", &command.output().unwrap());
        }
    }

    // As the identity that looks at the vault.
    for url in [double.url(), canary.clone()] {
        let output = program(&["check", "live", "--project", "p", "--timeout", "2", "--url", &url])
            .env("INFISICAL_UNIVERSAL_AUTH_CLIENT_ID", &canary)
            .env("INFISICAL_UNIVERSAL_AUTH_CLIENT_SECRET", &canary)
            .env("CF_ACCESS_CLIENT_ID", &canary)
            .env("CF_ACCESS_CLIENT_SECRET", &canary)
            .output()
            .unwrap();
        keep("check live", &output);
    }

    // On the command line, by mistake.
    for arguments in [
        &[canary.as_str()][..],
        &["verify", &canary],
        &["checklist", &canary],
        &["explain", &canary],
        &["new", &canary],
        &["--today", &canary, "lint"],
        &["lint", &canary],
        &["verify", "--cloudflare-account", &format!("{canary}/x")],
        &["check", "refs", &format!("/nowhere/{canary}")],
        &["new", "EDGE_X", "--kind", &canary],
    ] {
        let output = run(arguments);
        assert_eq!(code(&output), 2, "{}", text(&output));
        keep("command line", &output);
    }

    assert!(shown.len() > 80);
    for (what, text) in &shown {
        assert_absent(&canary, what, text);
        assert!(!text.contains("panicked"), "{what}: {text}");
    }
    // Nothing was written besides the files that this test wrote.
    assert_eq!(std::fs::read_dir(directory.path()).unwrap().count(), 1);
    assert_eq!(std::fs::read_dir(repository.path()).unwrap().count(), 5);
}

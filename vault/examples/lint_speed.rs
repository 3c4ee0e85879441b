//! How long the lint of a registry with 5,000 tokens takes, reading included.
//!
//! `cargo run --release -p raxx-vault --example lint_speed`. A benchmark and not a test: it prints the figure and its ratio to a
//! baseline (hashing the same text once with SHA-256), which tells a slow program from a slow machine.

use std::{hint::black_box, time::Instant};

use raxx_vault::{registry::Source, rules};
use sha2::{Digest, Sha256};

const TOKENS: usize = 5_000;
const RUNS: usize = 11;
/// What a person at a prompt does not notice.
const GOAL_MILLISECONDS: f64 = 200.0;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut text = include_str!("../registry.toml").to_owned();
    for number in 0..TOKENS {
        text.push_str(&format!(
            "\n[[token]]\nname = \"CF_DNS_EDIT_ZONE{number}_COM\"\nkind = \"cloudflare_token\"\n\
             tags = {{ function = \"dns-edit\", sensitivity = \"high\", consumer = \"terraform\", rotation = \"90d\" }}\n\
             consumers = [\"terraform\", \"ci\"]\nenvironments = {{ prod = \"present\", staging = \"absent\", dev = \"absent\" }}\n\
             placement = \"account-wide\"\ntarget = \"zone{number}.com zone\"\nscopes = [\"Zone > DNS > Edit\", \"Zone > Zone > Read\"]\n\
             companions = [\"__EXPIRES_AT\", \"__SCOPES\"]\nstore = \"infisical\"\nlast_rotated = \"2026-11-01\"\n"
        ));
    }
    let today = jiff::civil::date(2026, 11, 22);
    let lint = || -> Result<usize, Box<dyn std::error::Error>> {
        let source = Source::parse("registry.toml".as_ref(), &text)?;
        Ok(rules::lint(&source.registry, today).len())
    };
    let findings = lint()?;
    let lint_time = median(|| _ = black_box(lint()));
    let baseline = median(|| _ = black_box(Sha256::digest(text.as_bytes())));
    println!("{TOKENS} tokens, {} KiB, {findings} findings before exceptions", text.len() / 1024);
    println!("lint, median of {RUNS}: {lint_time:.1} ms (goal: under {GOAL_MILLISECONDS} ms)");
    println!("baseline, SHA-256 of the text: {baseline:.2} ms; ratio {:.1}", lint_time / baseline);
    Ok(())
}

fn median(mut work: impl FnMut()) -> f64 {
    let mut times: Vec<f64> = (0..RUNS)
        .map(|_| {
            let start = Instant::now();
            work();
            start.elapsed().as_secs_f64() * 1000.0
        })
        .collect();
    times.sort_by(f64::total_cmp);
    times[RUNS / 2]
}

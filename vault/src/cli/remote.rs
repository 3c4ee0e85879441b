//! `check live` and `verify`: the commands that use the network.

use std::time::Duration;

use secrecy::SecretString;

use super::{
    Exit, Failure,
    arguments::{Arguments, Verify},
    check::{open, write},
    output::{Format, Output},
};
use raxx_vault::{
    live::{self, Credentials},
    report::Report,
    rules,
    verify::{self, Client, Settings, Task, Values},
};

pub(crate) fn live(
    arguments: &Arguments,
    output: &Output,
    project: &str,
    url: Option<&str>,
    timeout: u64,
) -> Result<Exit, Failure> {
    let source = open(arguments)?;
    let needed = |name: &str| {
        secret(name).ok_or_else(|| Failure::Usage(format!("{name} is not set: the identity that may describe secrets")))
    };
    let credentials = Credentials {
        url: url.unwrap_or(&source.registry.vault.url).trim_end_matches('/').to_owned(),
        client_id: needed("INFISICAL_UNIVERSAL_AUTH_CLIENT_ID")?,
        client_secret: needed("INFISICAL_UNIVERSAL_AUTH_CLIENT_SECRET")?,
        project: in_address(project, "--project")?.to_owned(),
        gate: secret("CF_ACCESS_CLIENT_ID").zip(secret("CF_ACCESS_CLIENT_SECRET")),
    };
    let client = Client::new(Duration::from_secs(timeout));
    let progress = |what: &str| output.progress(&format!("asking the vault: {what}"));
    let result = live::check(&source.registry, &credentials, &client, arguments.today(), &progress);
    output.end_progress();
    let checked = match result {
        Ok(checked) => checked,
        Err(error) => {
            output.complain(&format!("unknown: {error}\n"));
            return Ok(Exit::UnknownOnly);
        }
    };
    // No stage: which exceptions are needed is for the offline commands to say.
    let outcome = rules::apply_exceptions(&source.registry, checked.findings, &[]);
    let report = Report { findings: outcome.findings, allowed: outcome.allowed, notes: checked.notes };
    let exit = write(&report, &source, output);
    Ok(if exit == Exit::Clean && checked.unknown { Exit::UnknownOnly } else { exit })
}

pub(crate) fn verify(arguments: &Arguments, output: &Output, wanted: &Verify) -> Result<Exit, Failure> {
    let source = open(arguments)?;
    let registry = &source.registry;
    let settings = settings(wanted)?;
    let mut tasks = Vec::new();
    if wanted.names.is_empty() {
        for token in &registry.tokens {
            let values = Values::look_up(registry, token, secret);
            if !values.is_empty() {
                tasks.push(Task { token, values });
            }
        }
        if tasks.is_empty() {
            return Err(Failure::Usage(
                "the environment holds no value of a registered token: run this where they are set".to_owned(),
            ));
        }
    }
    for name in &wanted.names {
        // A name that is not registered may be a value given by mistake: it is not repeated.
        let token = registry.token(name).ok_or_else(|| {
            Failure::Usage("a name that was given is not registered: `raxx-vault matrix` lists them".to_owned())
        })?;
        tasks.push(Task { token, values: Values::look_up(registry, token, secret) });
    }
    let count = tasks.len();
    let progress = |done: usize, name: &str| output.progress(&format!("verifying [{done}/{count}] {name}"));
    let verified = verify::run(registry, tasks, &settings, &progress);
    output.end_progress();
    match output.format {
        Format::Human => output.print(&verify::markdown(registry, &verified)),
        Format::Json => output.print(&format!("{:#}\n", verify::json(registry, &verified))),
        Format::Sarif => {
            return Err(Failure::Usage("verdicts have no place in a file: use --format human or json".to_owned()));
        }
    }
    Ok(match verify::summary(&verified) {
        (true, _) => Exit::Findings,
        (false, true) => Exit::UnknownOnly,
        (false, false) => Exit::Clean,
    })
}

fn settings(wanted: &Verify) -> Result<Settings, Failure> {
    let mut settings = Settings {
        cloudflare_account: wanted.cloudflare_account.clone(),
        infisical_project: wanted.infisical_project.clone(),
        timeout: Duration::from_secs(wanted.timeout),
        ..Settings::default()
    };
    for (value, option) in
        [(&settings.cloudflare_account, "--cloudflare-account"), (&settings.infisical_project, "--infisical-project")]
    {
        if let Some(value) = value {
            in_address(value, option)?;
        }
    }
    for pair in &wanted.base_url {
        let (key, url) = pair.split_once('=').ok_or_else(|| Failure::Usage("--base-url is KEY=URL".to_owned()))?;
        if !verify::ADDRESSES.iter().any(|(known, _)| *known == key) {
            let keys: Vec<&str> = verify::ADDRESSES.iter().map(|(key, _)| *key).collect();
            return Err(Failure::Usage(format!("--base-url knows the keys {}", keys.join(", "))));
        }
        settings.addresses.insert(key.to_owned(), url.to_owned());
    }
    Ok(settings)
}

/// An id that becomes a part of an address must not change the address.
fn in_address<'a>(value: &'a str, option: &str) -> Result<&'a str, Failure> {
    let plain =
        !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
    if plain { Ok(value) } else { Err(Failure::Usage(format!("{option} has letters, digits, - and _ only"))) }
}

/// A secret from the environment; empty is not set.
fn secret(name: &str) -> Option<SecretString> {
    std::env::var(name).ok().filter(|value| !value.is_empty()).map(SecretString::from)
}

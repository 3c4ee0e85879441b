//! `conformance --url URL`: holds the Raptor (or the edge before it) at that address to the contract.

use std::process::ExitCode;

use clap::Parser;
use conformance::{Caller, Device, run};
use url::Url;

/// Holds the Raptor at an address to the contract. Ends with 0 when it conforms, 1 when it does not, 2 when it cannot be tried.
#[derive(Parser)]
struct Arguments {
    /// Where it answers, such as http://127.0.0.1:8789.
    #[arg(long)]
    url: Url,
    /// A customer's session token. Without one, only what anybody may ask is tried, unless --enrol is given.
    #[arg(long, env = "CONFORMANCE_TOKEN", hide_env_values = true)]
    token: Option<String>,
    /// Another customer's session token, to try that neither sees what is the other's.
    #[arg(long, env = "CONFORMANCE_OTHER_TOKEN", hide_env_values = true)]
    other_token: Option<String>,
    /// Enrols two demo customers and signs them in. Needs demo enrolment switched on, and writes tickets.
    #[arg(long, conflicts_with_all = ["token", "other_token"])]
    enrol: bool,
    /// With --enrol: the origin of the pages that Raptor expects passkeys from.
    #[arg(long, default_value = "http://localhost:8787")]
    origin: Url,
    /// The token by which the edge proves itself, for a Raptor that asks for it.
    #[arg(long, env = "EDGE_SERVICE_TOKEN", hide_env_values = true)]
    service_token: Option<String>,
    /// With --enrol: prints the first customer's token and stops, for other tools to use.
    #[arg(long, requires = "enrol")]
    print_token: bool,
    /// Prints JSON instead of lines.
    #[arg(long)]
    json: bool,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let caller = Caller::new(arguments.url.as_str(), arguments.service_token.clone());
    let tokens = if arguments.enrol {
        match enrol_two(&caller, &arguments.origin).await {
            Ok(tokens) => tokens,
            Err(error) => {
                eprintln!(
                    "Could not enrol a demo customer: {error}. Is demo enrolment switched on, and --origin the one that is expected?"
                );
                return ExitCode::from(2);
            }
        }
    } else {
        [arguments.token, arguments.other_token]
    };
    if arguments.print_token {
        println!("{}", tokens[0].as_deref().unwrap_or_default());
        return ExitCode::SUCCESS;
    }
    let [one, other] = tokens.map(|token| token.map(|token| caller.with_token(&token)));
    let report = run(&caller, one.as_ref(), other.as_ref()).await;
    print!("{}", if arguments.json { report.json() } else { report.text() });
    if report.failed() == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

async fn enrol_two(caller: &Caller, origin: &Url) -> Result<[Option<String>; 2], conformance::DeviceError> {
    let mut tokens = [None, None];
    for (place, name) in ["Casey Conformance", "Robin Otherwise"].into_iter().enumerate() {
        let mut device = Device::new(origin.clone());
        device.enrol(caller, name).await?;
        tokens[place] = Some(device.sign_in(caller).await?.token.into_string());
    }
    Ok(tokens)
}

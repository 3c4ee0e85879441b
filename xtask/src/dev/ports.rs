//! Finding out that a port is taken before minutes are spent on building.

use std::net::TcpListener;

use anyhow::{Result, bail};

use super::Arguments;

/// Checks every port that the parts will listen on.
///
/// # Errors
/// One is taken, or given twice.
pub(super) fn check(arguments: &Arguments) -> Result<()> {
    let mut wanted = vec![
        ("the edge", "--port", arguments.port),
        ("the static site", "--pages-port", arguments.pages_port),
        ("Raptor", "--raptor-port", arguments.raptor_port),
    ];
    if arguments.helpdesk_url.is_none() {
        wanted.push(("the help-desk double", "--helpdesk-port", arguments.helpdesk_port));
    }
    for (index, (part, flag, port)) in wanted.iter().enumerate() {
        if wanted[..index].iter().any(|(_, _, other)| other == port) {
            bail!("port {port} is given twice; choose another one for {part} with `{flag} PORT`");
        }
        if let Err(error) = TcpListener::bind(("127.0.0.1", *port)) {
            bail!(
                "port {port} for {part} is taken ({error}). Stop what listens there (`lsof -i :{port}` names it), or choose \
                 another one with `{flag} PORT`"
            );
        }
    }
    Ok(())
}

//! Why a double does not start.

use std::{fmt, io, net::SocketAddr, path::PathBuf};

/// Why a double does not start, or cannot keep its state.
#[derive(Debug)]
pub enum StartError {
    /// The address cannot be listened on.
    Listen {
        /// The address.
        address: SocketAddr,
        /// The system's reason.
        source: io::Error,
    },
    /// The state file cannot be read or written.
    StateFile {
        /// The file.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
    /// The state file holds something else.
    StateFormat {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        source: serde_json::Error,
    },
}

impl fmt::Display for StartError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Listen { address, source } => {
                write!(
                    formatter,
                    "cannot listen on {address} ({source}); stop the program that uses it or pass --listen"
                )
            }
            Self::StateFile { path, source } => {
                write!(formatter, "cannot read or write the state file {} ({source})", path.display())
            }
            Self::StateFormat { path, source } => {
                write!(
                    formatter,
                    "{} is no state file of this version ({source}); delete it to start anew",
                    path.display()
                )
            }
        }
    }
}

impl std::error::Error for StartError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Listen { source, .. } | Self::StateFile { source, .. } => Some(source),
            Self::StateFormat { source, .. } => Some(source),
        }
    }
}

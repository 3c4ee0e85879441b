//! Where words go: results to standard output, everything else to standard error; colour only where a terminal shows it.

use std::io::{IsTerminal, Write};

use clap::ValueEnum;
use raxx_vault::secret_text;

/// When to use colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Colour {
    Auto,
    Always,
    Never,
}

/// How findings are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    Human,
    Json,
    Sarif,
}

/// The two streams and how to write to them.
pub(crate) struct Output {
    colour: Colour,
    pub(crate) format: Format,
}

impl Output {
    pub(crate) fn new(colour: Colour, format: Format) -> Self {
        Self { colour, format }
    }

    pub(crate) fn colour(&self) -> bool {
        self.wants(std::io::stdout().is_terminal())
    }

    pub(crate) fn colour_on_stderr(&self) -> bool {
        self.wants(std::io::stderr().is_terminal())
    }

    fn wants(&self, terminal: bool) -> bool {
        match self.colour {
            Colour::Always => true,
            Colour::Never => false,
            // https://no-color.org
            Colour::Auto => terminal && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty()),
        }
    }

    /// A result. A reader that has gone away (`| head`) is no error.
    pub(crate) fn print(&self, text: &str) {
        let _ = std::io::stdout().lock().write_all(text.as_bytes());
    }

    /// A complaint or remark. It may repeat what was given, and somebody may give a value by mistake: masked.
    pub(crate) fn complain(&self, text: &str) {
        let masked = secret_text::mask(text, &secret_text::any_secret(text));
        let _ = std::io::stderr().lock().write_all(masked.as_bytes());
    }

    /// A line that the next one replaces; only on a terminal, where somebody is waiting.
    pub(crate) fn progress(&self, text: &str) {
        if std::io::stderr().is_terminal() {
            self.complain(&format!("\r\x1b[2K{text}"));
        }
    }

    /// Takes the line away.
    pub(crate) fn end_progress(&self) {
        self.progress("");
    }
}

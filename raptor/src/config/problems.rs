//! What is wrong with a configuration.

use std::fmt;

/// One thing that is wrong. It names the variable and the remedy, never a value: many of them are secrets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The variable.
    pub variable: String,
    /// What is wrong with it and what to do.
    pub message: String,
}

/// A configuration that cannot be used, with everything that is wrong with it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ConfigError {
    /// The problems, in the order in which the variables are read.
    pub problems: Vec<Problem>,
}

impl fmt::Display for ConfigError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "the configuration has {} problem(s); see raptor/README.md for all variables",
            self.problems.len()
        )?;
        for problem in &self.problems {
            write!(formatter, "\n  {}: {}", problem.variable, problem.message)?;
        }
        Ok(())
    }
}

impl std::error::Error for ConfigError {}

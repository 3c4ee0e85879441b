//! The worker in workerd.

use std::process::Command;

use super::count::counted;
use super::report::Report;
use crate::build::{self, Effort};
use crate::{deploy, size, tidy, workspace};

const PART: &str = "edge";

pub(super) fn run(report: &mut Report, only: Option<&str>) {
    report.check(PART, "portal and worker build as shipped", || {
        build::portal::build(Effort::Smallest)?;
        build::edge::build(build::edge::Profile::Shipped)
    });
    report.check(PART, "built files name neither help desk nor machine", || tidy::check_built().map(|_| ()));
    report.check(PART, "size budget", || size::check(false));
    report.check(PART, "wrangler takes configuration and bundle", deploy::check_configuration);
    report.tests(PART, "worker in workerd", || {
        let mut command = Command::new("node");
        command.arg("--test").args(only.map(|only| format!("--test-name-pattern={only}"))).arg("tests/edge/");
        counted(command.current_dir(workspace::root()))
    });
}

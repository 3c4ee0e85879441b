//! The contract's examples and the portal's components, in a headless browser.

use super::count::counted;
use super::report::Report;
use crate::machine::{browser, rust};

const PART: &str = "contract";

pub(super) fn run(report: &mut Report, only: Option<&str>) {
    let programs = [
        ("shared", "golden_browser", "contract in the browser"),
        ("support-spa", "browser", "components in the browser"),
    ];
    for (package, program, what) in programs {
        report.tests(PART, what, || {
            let browser = browser::prepare()?;
            let settings = browser::webdriver_settings(&browser)?;
            let mut command = rust::cargo();
            command
                .args(["test", "--locked", "--package", package, "--target", rust::WASM, "--test", program])
                .args(only.map(|only| ["--", only]).into_iter().flatten())
                .env("CHROMEDRIVER", &browser.driver)
                .env("WASM_BINDGEN_TEST_WEBDRIVER_JSON", settings)
                // For a whole program of tests, on a machine that does other things too.
                .env("WASM_BINDGEN_TEST_TIMEOUT", "300")
                .env("WASM_BINDGEN_TEST_DRIVER_TIMEOUT", "60");
            counted(&mut command)
        });
    }
}

//! `cargo xtask bench raptor`: how fast Raptor answers, what that costs the help desk, how its memory grows, and whether its refusals can
//! be told apart by their time.
//!
//! Raptor is the shipped program in a process of its own; customers and the help desk's double share this one. All of it runs on one
//! machine, so the figures are a lower bound, and comparable with each other alone.

#![expect(clippy::unwrap_used, reason = "a measurement that meets something unexpected is to end there")]

mod memory;
mod place;
mod refusals;
mod throughput;

fn main() {
    // Cargo passes `--bench`; everything else names what to measure.
    let wanted: Vec<String> = std::env::args().skip(1).filter(|argument| !argument.starts_with('-')).collect();
    let wants = |what: &str| wanted.is_empty() || wanted.iter().any(|word| word == what);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        if wants("throughput") {
            throughput::measure().await;
        }
        if wants("refusals") {
            refusals::measure().await;
        }
        if wants("memory") {
            memory::measure().await;
        }
    });
}

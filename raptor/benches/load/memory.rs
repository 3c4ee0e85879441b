//! Memory, by how many tickets a customer has.

use std::time::{Duration, Instant};

use crate::place::Place;

/// How long reading the tickets of one customer may take.
const LONGEST: Duration = Duration::from_secs(900);

pub(crate) async fn measure() {
    println!(
        "\n{:>10} {:>14} {:>14} {:>12} {:>16} {:>14}",
        "tickets", "MiB at start", "MiB after", "MiB peak", "first page ms", "all read s"
    );
    for tickets in [10, 1_000, 10_000] {
        let place = Place::new().await;
        let customer = place.customer("many", tickets).await;
        let (before, _) = place.memory();
        let started = Instant::now();
        place.list(&customer).await;
        let first = started.elapsed().as_secs_f64() * 1000.0;
        // The rest is read in the background; a ticket that was is no longer empty.
        while place.list(&customer).await["counts"].as_object().is_none_or(|counts| sum(counts) < tickets as u64)
            || place.desk_calls() < tickets as u64
        {
            assert!(started.elapsed() < LONGEST, "{tickets} tickets were not read in time");
            tokio::time::sleep(Duration::from_millis(500)).await;
        }
        let all = started.elapsed().as_secs_f64();
        for _ in 0..20 {
            place.list(&customer).await;
        }
        let (after, peak) = place.memory();
        println!("{tickets:>10} {before:>14.1} {after:>14.1} {peak:>12.1} {first:>16.0} {all:>14.1}");
    }
}

fn sum(counts: &serde_json::Map<String, serde_json::Value>) -> u64 {
    counts.values().filter_map(serde_json::Value::as_u64).sum()
}

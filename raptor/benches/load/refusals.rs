//! Whether somebody can tell by the time of an answer if a ticket is another's, is not there, or cannot be.

use std::time::Duration;

use crate::place::{Place, TICKETS, percentile};

/// Answers of each kind.
const SAMPLES: usize = 3_000;
/// Who ask; each below the limit of 240 a minute.
const ASKERS: usize = 60;

pub(crate) async fn measure() {
    let place = Place::new().await;
    let owner = place.customer("owner", 5).await;
    let others = place.list(&owner).await["items"][0]["id"].as_str().unwrap().to_owned();
    let mut askers = Vec::new();
    for number in 0..ASKERS {
        askers.push(place.customer(&format!("asker{number}"), 0).await);
    }
    let kinds = [
        ("another's", format!("{TICKETS}/{others}")),
        ("not there", format!("{TICKETS}/{}", shared::TicketId::from_bits(12345))),
        ("malformed", format!("{TICKETS}/3abc")),
    ];
    let mut times: [Vec<Duration>; 3] = Default::default();
    for turn in 0..SAMPLES {
        // By turns, so that whatever else happens on the machine happens to all of them.
        for shift in 0..kinds.len() {
            let kind = (turn + shift) % kinds.len();
            let (status, time, _) = place.get(&askers[turn % ASKERS], &kinds[kind].1).await;
            assert_eq!(status, 404);
            times[kind].push(time);
        }
    }
    println!(
        "\n{:>12} {:>12} {:>12} {:>12} {:>26}",
        "404 for", "mean µs", "p50 µs", "p99 µs", "mean against another's, t"
    );
    let first = moments(&times[0]);
    for ((name, _), times) in kinds.iter().zip(&mut times) {
        let (mean, variance) = moments(times);
        // Welch's t: beyond 4.5 a difference is taken for real where side channels are looked for.
        let t = (mean - first.0) / ((variance + first.1) / SAMPLES as f64).sqrt();
        times.sort_unstable();
        let (p50, p99) = (percentile(times, 0.5) * 1000.0, percentile(times, 0.99) * 1000.0);
        println!("{name:>12} {mean:>12.0} {p50:>12.0} {p99:>12.0} {t:>26.1}");
    }
}

/// Mean and variance in microseconds, without the slowest hundredth: those are the machine's.
fn moments(times: &[Duration]) -> (f64, f64) {
    let mut sorted: Vec<f64> = times.iter().map(|time| time.as_secs_f64() * 1_000_000.0).collect();
    sorted.sort_unstable_by(f64::total_cmp);
    sorted.truncate(sorted.len() * 99 / 100);
    let count = sorted.len() as f64;
    let mean = sorted.iter().sum::<f64>() / count;
    (mean, sorted.iter().map(|time| (time - mean).powi(2)).sum::<f64>() / count)
}

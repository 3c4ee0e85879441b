//! Requests a second, and what they cost the help desk.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use crate::place::{Customer, Place, TICKETS, percentile};

/// How long each level is measured.
const TIME: Duration = Duration::from_secs(10);
/// Customers of a level: enough that nobody meets the limit of 240 reads a minute.
const POOL: usize = 120;
/// Tickets of each.
const TICKETS_EACH: usize = 10;

/// Most look at the list, some open a ticket, few search: as the portal does.
const MIX: usize = 10;

pub(crate) async fn measure() {
    let place = Arc::new(Place::new().await);
    println!(
        "\n{:>10} {:>12} {:>10} {:>10} {:>34}",
        "customers", "requests/s", "p50 ms", "p99 ms", "help-desk calls per 1,000 requests"
    );
    for level in [1, 10, 100] {
        let mut customers = Vec::new();
        for number in 0..POOL {
            let customer = place.customer(&format!("c{level}-{number}"), TICKETS_EACH).await;
            let ids: Vec<String> = ids(&place, &customer).await;
            customers.push((customer, ids));
        }
        run(&place, level, Arc::new(customers)).await;
    }
}

async fn ids(place: &Place, customer: &Customer) -> Vec<String> {
    let list = place.list(customer).await;
    list["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect()
}

async fn run(place: &Arc<Place>, level: usize, customers: Arc<Vec<(Customer, Vec<String>)>>) {
    let (before, started) = (place.desk_calls(), Instant::now());
    let next = Arc::new(AtomicUsize::new(0));
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..level {
        let (place, customers, next) = (place.clone(), customers.clone(), next.clone());
        tasks.spawn(async move {
            let mut times = Vec::new();
            while started.elapsed() < TIME {
                let turn = next.fetch_add(1, Ordering::Relaxed);
                // Nobody asks more often than the limit allows.
                if turn >= POOL * 240 {
                    break;
                }
                let (customer, ids) = &customers[turn % customers.len()];
                let round = turn / customers.len();
                let path = match round % MIX {
                    0..=5 => format!("{TICKETS}?limit=20"),
                    6..=8 => format!("{TICKETS}/{}", ids[round % ids.len()]),
                    _ => format!("{TICKETS}?q=message"),
                };
                let (status, time, _) = place.get(customer, &path).await;
                assert_eq!(status, 200, "{path}");
                times.push(time);
            }
            times
        });
    }
    let mut times: Vec<Duration> = tasks.join_all().await.into_iter().flatten().collect();
    let elapsed = started.elapsed().as_secs_f64();
    times.sort_unstable();
    let calls = (place.desk_calls() - before) as f64 * 1000.0 / times.len() as f64;
    println!(
        "{level:>10} {:>12.0} {:>10.1} {:>10.1} {calls:>34.0}",
        times.len() as f64 / elapsed,
        percentile(&times, 0.5),
        percentile(&times, 0.99)
    );
}

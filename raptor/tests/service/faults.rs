//! The fault matrix: every way of writing, every way of failing, over and over, and each message arrives once or is said not to.

use std::collections::BTreeMap;
use std::time::Duration;

use helpdesk_double::{Fault, FaultKind};
use serde_json::{Value, json};

use crate::delivery::{TICKETS, held, new_ticket, topic};
use crate::support::client::fresh_key;
use crate::support::{Options, TestCustomer, World, quick};

/// Deliveries that are tried in all. `RAPTOR_FAULT_RUNS` overrides it.
const RUNS: usize = 1000;
/// Customers who write side by side.
const SIDE_BY_SIDE: usize = 20;

/// A generator whose seed is printed, so that a failure can be repeated (SplitMix64).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.next() % bound as u64).unwrap()
    }
}

fn setting(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

/// Sends something until there is an answer that says what became of it: as a client does that lost its connection.
async fn send_until_answered(world: &World, customer: &TestCustomer, path: &str, body: &Value, twice: bool) -> u16 {
    let key = fresh_key();
    for _ in 0..40 {
        if twice {
            // A double click, or two tabs with the same draft.
            let (_, _) =
                tokio::join!(world.submit(customer, path, &key, body), world.submit(customer, path, &key, body));
        }
        let answer = world.submit(customer, path, &key, body).await;
        match answer.status {
            409 | 429 => tokio::time::sleep(Duration::from_millis(50)).await,
            status => return status,
        }
    }
    panic!("no answer to {path}");
}

async fn all_settled(world: &World) -> bool {
    world.app().store.outbox_depth().await.unwrap() == 0
}

fn count_reconciled(world: &World) -> u64 {
    world.app().metrics.reconciled.load(std::sync::atomic::Ordering::Relaxed)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_lost_and_nothing_is_doubled() {
    let seed =
        setting("RAPTOR_FAULT_SEED", u64::from_le_bytes(raptor::random::bits().to_le_bytes()[..8].try_into().unwrap()));
    let runs = usize::try_from(setting("RAPTOR_FAULT_RUNS", RUNS as u64)).unwrap();
    println!("fault matrix: RAPTOR_FAULT_SEED={seed} RAPTOR_FAULT_RUNS={runs}");
    let mut random = Random(seed);
    let mut timing = quick();
    // Shorter than an outcome takes to become known, so that some requests are answered with 202.
    timing.delivery_wait = Duration::from_millis(500);
    let mut world = World::start_with(Options { timing, ..Options::default() }).await;
    let (mut hits, mut reconciled) = (0, 0);
    let mut customers = Vec::new();
    for number in 0..SIDE_BY_SIDE {
        let customer = world.stranger(&format!("customer{number}")).await;
        let topic = topic(&world, &customer).await;
        let body = new_ticket(&topic, "A ticket", "to reply to");
        let opened = world.submit(&customer, TICKETS, &fresh_key(), &body).await.expect(201).json();
        customers.push((customer, topic, opened["id"].as_str().unwrap().to_owned()));
    }
    let kinds = FaultKind::one_of_each(60);
    let mut statuses: BTreeMap<u16, usize> = BTreeMap::new();
    let mut expected = Vec::new();
    for round in 0..runs.div_ceil(SIDE_BY_SIDE) {
        // One to four faults for this round; which calls they meet is left to chance.
        for _ in 0..=random.below(4) {
            let kind = kinds[random.below(kinds.len())].clone();
            let route = ["/api/conversations", "/api/conversations/{id}/threads"][random.below(2)];
            let times = u32::try_from(1 + random.below(4)).unwrap();
            world.desk.inject(Fault::always(kind).on("POST", route).times(times));
        }
        if random.below(4) == 0 {
            let kind = kinds[random.below(kinds.len())].clone();
            world.desk.inject(Fault::always(kind).on("GET", "/api/conversations/{id}").times(2));
        }
        let mut calls = Vec::new();
        for (number, (customer, topic, ticket)) in customers.iter().enumerate() {
            let words = format!("run-{round}-{number}-end");
            let (path, body) = if random.below(3) == 0 {
                (TICKETS.to_owned(), new_ticket(topic, "A ticket", &words))
            } else {
                (format!("{TICKETS}/{ticket}/replies"), json!({ "body": words }))
            };
            expected.push(words);
            let twice = random.below(5) == 0;
            calls.push((customer.clone(), path, body, twice));
        }
        let world_now = &world;
        let answers = futures_util::future::join_all(
            calls
                .iter()
                .map(|(customer, path, body, twice)| send_until_answered(world_now, customer, path, body, *twice)),
        )
        .await;
        for status in answers {
            assert!(matches!(status, 201 | 202), "round {round}: {status}");
            *statuses.entry(status).or_default() += 1;
        }
        // Replies leave a moment after they were accepted, and are to meet the faults as well.
        tokio::time::sleep(Duration::from_millis(random.next() % 300)).await;
        hits += world.desk.faults().iter().map(|fault| fault.hits).sum::<u64>();
        let (before, instance) = (count_reconciled(&world), world.raptor.base.clone());
        match random.below(8) {
            0 => world.crash().await,
            1 => world.restart().await,
            2 => {
                world.desk.go_down().await;
                tokio::time::sleep(Duration::from_millis(random.next() % 60)).await;
                world.desk.come_up().await.unwrap();
            }
            _ => {}
        }
        // A new process counts from zero.
        reconciled += if world.raptor.base == instance { 0 } else { before };
        world.desk.clear_faults();
        world.raptor.app.rates.forget();
    }
    let deadline = tokio::time::Instant::now() + Duration::from_secs(120);
    while !all_settled(&world).await {
        assert!(tokio::time::Instant::now() < deadline, "seed {seed}: the outbox did not empty");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let (mut lost, mut doubled) = (Vec::new(), Vec::new());
    for words in &expected {
        match held(&world, words) {
            0 => lost.push(words),
            1 => {}
            _ => doubled.push(words),
        }
    }
    reconciled += count_reconciled(&world);
    println!(
        "fault matrix: {} submissions, answers {statuses:?}, {hits} faults met, {reconciled} found after an unknown outcome",
        expected.len()
    );
    assert!(lost.is_empty() && doubled.is_empty(), "seed {seed}: lost {lost:?}, doubled {doubled:?}");
    assert!(expected.len() >= runs);
    // A matrix whose faults nobody meets shows nothing.
    assert!(hits as usize >= runs / 10, "seed {seed}: {hits} faults were met");
}

//! The fault matrix: every way of writing, every way of failing, over and over; each deed is done once, or is said not to be.

mod deeds;

use std::collections::BTreeMap;
use std::time::Duration;

use helpdesk_double::{Fault, FaultKind};

use crate::support::{Options, World, quick};
use deeds::{Deed, Writer};

/// Deeds that are tried in all. `RAPTOR_FAULT_RUNS` overrides it.
const RUNS: usize = 1000;
/// Customers who write side by side; every kind of deed is done in every round.
const SIDE_BY_SIDE: usize = 20;
/// The help desk's routes that a deed calls.
const CALLS: [(&str, &str); 5] = [
    ("POST", "/api/conversations"),
    ("POST", "/api/conversations/{id}/threads"),
    ("PUT", "/api/conversations/{id}"),
    ("GET", "/api/conversations/{id}"),
    ("GET", "/api/conversations"),
];

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

async fn all_settled(world: &World) -> bool {
    world.app().store.outbox_depth().await.unwrap() == 0
}

fn count_reconciled(world: &World) -> u64 {
    world.app().metrics.reconciled.load(std::sync::atomic::Ordering::Relaxed)
}

/// One kind of failure for sure and up to three by chance; which calls they meet is left to chance too.
fn inject(world: &World, random: &mut Random, round: usize, kinds: &[FaultKind]) {
    for more in 0..=random.below(4) {
        let kind = if more == 0 { &kinds[round % kinds.len()] } else { &kinds[random.below(kinds.len())] };
        let (method, route) = CALLS[if more == 0 { random.below(3) } else { random.below(CALLS.len()) }];
        let times = u32::try_from(1 + random.below(4)).unwrap();
        world.desk.inject(Fault::always(kind.clone()).on(method, route).times(times));
    }
}

/// Ends Raptor as a crash or a deployment does, or takes the help desk away for a moment.
async fn interrupt(world: &mut World, random: &mut Random) {
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
    let mut writers = Vec::new();
    for number in 0..SIDE_BY_SIDE {
        writers.push(Writer::new(&world, number).await);
    }
    let kinds = FaultKind::one_of_each(60);
    let (mut hits, mut reconciled) = (0, 0);
    let mut answers: BTreeMap<(Deed, u16), usize> = BTreeMap::new();
    for round in 0..runs.div_ceil(SIDE_BY_SIDE) {
        inject(&world, &mut random, round, &kinds);
        let deeds: Vec<(Deed, bool)> =
            (0..SIDE_BY_SIDE).map(|number| (Deed::of(number + round), random.below(5) == 0)).collect();
        let now = &world;
        let done = writers
            .iter_mut()
            .zip(&deeds)
            .map(|(writer, (deed, twice))| async move { (*deed, writer.run(now, *deed, round, *twice).await) });
        for (deed, status) in futures_util::future::join_all(done).await {
            *answers.entry((deed, status)).or_default() += 1;
        }
        // Replies leave a moment after they were accepted, and are to meet the faults as well.
        tokio::time::sleep(Duration::from_millis(random.next() % 300)).await;
        hits += world.desk.faults().iter().map(|fault| fault.hits).sum::<u64>();
        let (before, instance) = (count_reconciled(&world), world.raptor.base.clone());
        interrupt(&mut world, &mut random).await;
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
    let mut wrong = Vec::new();
    for writer in &writers {
        wrong.extend(writer.wrong(&world).await);
    }
    reconciled += count_reconciled(&world);
    let tried: usize = answers.values().sum();
    println!("fault matrix: {tried} deeds, {hits} faults met, {reconciled} found after an unknown outcome");
    for ((deed, status), times) in &answers {
        println!("  {deed:?} answered {status}: {times}");
    }
    assert!(wrong.is_empty(), "seed {seed}: {wrong:#?}");
    assert!(tried >= runs);
    // A matrix whose faults nobody meets shows nothing.
    assert!(hits as usize >= runs / 10, "seed {seed}: {hits} faults were met");
}

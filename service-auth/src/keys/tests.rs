use super::*;
use crate::ManualClock;
use std::path::PathBuf;

const GRACE: Duration = Duration::from_secs(600);

struct Bench {
    _directory: tempfile::TempDir,
    current: PathBuf,
    previous: PathBuf,
    clock: Arc<ManualClock>,
    ring: KeyRing,
    first: ServiceToken,
}

fn token() -> ServiceToken {
    ServiceToken::generate().unwrap()
}

fn bench() -> Bench {
    let directory = tempfile::tempdir().unwrap();
    let (current, previous) = (directory.path().join("current"), directory.path().join("previous"));
    let first = token();
    std::fs::write(&current, first.expose()).unwrap();
    let clock = Arc::new(ManualClock::new(SystemTime::UNIX_EPOCH));
    let source = KeySource::new(TokenSource::file(&current)).with_previous(TokenSource::file(&previous));
    let ring = KeyRing::load_with_clock(source, GRACE, clock.clone()).unwrap();
    Bench { _directory: directory, current, previous, clock, ring, first }
}

impl Bench {
    fn check(&self, token: &ServiceToken) -> KeyMatch {
        self.ring.check(token.expose().as_bytes())
    }

    fn rotate_to(&self, token: &ServiceToken) {
        std::fs::write(&self.current, token.expose()).unwrap();
        assert_eq!(self.ring.reload().unwrap(), Reloaded::Changed);
    }
}

#[test]
fn the_window_ends_at_its_last_moment_exactly_and_never_opens_again() {
    let bench = bench();
    let second = token();
    bench.rotate_to(&second);
    assert_eq!(bench.check(&second), KeyMatch::Valid(KeyAge::Current));
    bench.clock.advance(GRACE - Duration::from_nanos(1));
    assert_eq!(bench.check(&bench.first), KeyMatch::Valid(KeyAge::Previous));
    bench.clock.advance(Duration::from_nanos(1));
    assert_eq!(bench.check(&bench.first), KeyMatch::Ended);
    assert_eq!(bench.check(&second), KeyMatch::Valid(KeyAge::Current));
    // Reloading the same content does not extend or reopen it.
    assert_eq!(bench.ring.reload().unwrap(), Reloaded::Unchanged);
    assert_eq!(bench.check(&bench.first), KeyMatch::Ended);
    assert_eq!(bench.check(&token()), KeyMatch::Unknown);
}

#[test]
fn a_clock_set_back_does_not_reopen_the_window() {
    struct Jumping(Mutex<SystemTime>);
    impl Clock for Jumping {
        fn now(&self) -> SystemTime {
            *self.0.lock().unwrap()
        }
    }
    let start = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000);
    let clock = Arc::new(Jumping(Mutex::new(start)));
    let (current, previous) = (token(), token());
    let source = KeySource::new(TokenSource::value("A", current.expose()))
        .with_previous(TokenSource::value("A_PREVIOUS", previous.expose()));
    let ring = KeyRing::load_with_clock(source, GRACE, clock.clone()).unwrap();
    assert_eq!(ring.check(previous.expose().as_bytes()), KeyMatch::Valid(KeyAge::Previous));
    *clock.0.lock().unwrap() = start + GRACE;
    assert_eq!(ring.check(previous.expose().as_bytes()), KeyMatch::Ended);
    *clock.0.lock().unwrap() = start;
    assert_eq!(ring.check(previous.expose().as_bytes()), KeyMatch::Ended);
}

#[test]
fn repeated_reloads_do_not_extend_the_window() {
    let bench = bench();
    bench.rotate_to(&token());
    let until = bench.ring.keys().previous_until();
    bench.clock.advance(GRACE / 2);
    bench.ring.reload().unwrap();
    assert_eq!(bench.ring.keys().previous_until(), until);
    bench.clock.advance(GRACE / 2);
    assert_eq!(bench.check(&bench.first), KeyMatch::Ended);
}

#[test]
fn a_failed_reload_keeps_the_old_keys() {
    let bench = bench();
    for content in ["", "short", "not a token at all, but long enough to be one."] {
        std::fs::write(&bench.current, content).unwrap();
        bench.ring.reload().unwrap_err();
        assert_eq!(bench.check(&bench.first), KeyMatch::Valid(KeyAge::Current), "after {content:?}");
    }
    std::fs::remove_file(&bench.current).unwrap();
    bench.ring.reload().unwrap_err();
    assert_eq!(bench.check(&bench.first), KeyMatch::Valid(KeyAge::Current));
}

#[test]
fn a_named_previous_token_counts_from_when_it_appears_and_ends_when_it_is_taken_away() {
    let bench = bench();
    let old = token();
    assert_eq!(bench.check(&old), KeyMatch::Unknown);
    std::fs::write(&bench.previous, old.expose()).unwrap();
    assert_eq!(bench.ring.reload().unwrap(), Reloaded::Changed);
    assert_eq!(bench.check(&old), KeyMatch::Valid(KeyAge::Previous));
    std::fs::remove_file(&bench.previous).unwrap();
    bench.ring.reload().unwrap();
    assert_eq!(bench.check(&old), KeyMatch::Unknown);
}

#[test]
fn the_replaced_token_keeps_its_window_although_the_source_names_another_previous_one() {
    let bench = bench();
    std::fs::write(&bench.previous, token().expose()).unwrap();
    bench.ring.reload().unwrap();
    bench.rotate_to(&token());
    assert_eq!(bench.check(&bench.first), KeyMatch::Valid(KeyAge::Previous));
    bench.ring.reload().unwrap();
    assert_eq!(bench.check(&bench.first), KeyMatch::Valid(KeyAge::Previous));
}

#[test]
fn a_ring_from_the_environment_says_that_it_cannot_be_reloaded() {
    let first = token();
    let ring = KeyRing::load(KeySource::new(TokenSource::value("T", first.expose())), GRACE).unwrap();
    assert_eq!(ring.reload().unwrap_err().code(), "source_not_reloadable");
    assert_eq!(ring.check(first.expose().as_bytes()), KeyMatch::Valid(KeyAge::Current));
}

#[test]
fn an_impossible_window_is_no_window() {
    let (current, previous) = (token(), token());
    let source = KeySource::new(TokenSource::value("T", current.expose()))
        .with_previous(TokenSource::value("P", previous.expose()));
    let ring = KeyRing::load(source, Duration::MAX).unwrap();
    assert_eq!(ring.check(previous.expose().as_bytes()), KeyMatch::Ended);
}

#[test]
fn an_unusable_token_stops_the_start() {
    let source = KeySource::new(TokenSource::value("T", "c2hvcnQ"));
    assert_eq!(KeyRing::load(source, GRACE).unwrap_err().code(), "token_too_short");
}

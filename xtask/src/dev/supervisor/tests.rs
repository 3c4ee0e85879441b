use super::*;

fn shell(script: &str) -> Part {
    let mut command = Command::new("sh");
    command.args(["-c", script]);
    Part { name: "shell", command, port: 1, path: "/", known_to_end: None }
}

fn group(running: &Running) -> Pid {
    Pid::from_child(&running.0[0].child)
}

#[test]
fn neither_a_program_nor_what_it_started_outlives_us() {
    let mut running = Running(Vec::new());
    running.start(shell("sleep 1000 & sleep 1000")).unwrap();
    let group = group(&running);
    assert!(test_kill_process_group(group).is_ok());
    drop(running);
    assert!(test_kill_process_group(group).is_err());
}

#[test]
fn a_program_that_will_not_end_is_ended_also_when_we_panic() {
    let mut running = Running(Vec::new());
    running.start(shell("trap '' TERM; while :; do :; done")).unwrap();
    let group = group(&running);
    let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(move || {
        let _running = running;
        panic!("as if something went wrong");
    }));
    assert!(panicked.is_err());
    assert!(test_kill_process_group(group).is_err());
}

#[test]
fn a_program_that_ends_by_itself_is_told_of() {
    let mut running = Running(Vec::new());
    running.start(shell("exit 3")).unwrap();
    let told = complaint(|| running.check());
    assert_eq!(told, "shell ended by itself (exit code 3); its own lines above say why");
}
#[test]
fn a_program_that_is_known_to_end_is_started_again_alone_and_not_for_ever() {
    let starts = std::env::temp_dir().join(format!("xtask-starts-{}", std::process::id()));
    let mut part = shell(&format!("echo x >> '{}'; sleep 1000 & exit 3", starts.display()));
    part.known_to_end = Some("this test runs");
    let mut running = Running(Vec::new());
    running.start(part).unwrap();
    let first = group(&running);
    let told = complaint(|| running.check_or_start_again());
    assert_eq!(told, "shell ended by itself (exit code 3); its own lines above say why");
    assert_eq!(std::fs::read_to_string(&starts).unwrap().lines().count(), 1 + AGAIN as usize);
    let deadline = Instant::now() + Duration::from_secs(10);
    while test_kill_process_group(first).is_ok() {
        assert!(Instant::now() < deadline, "what it had started is still there");
        thread::sleep(LOOK);
    }
    std::fs::remove_file(starts).unwrap();
}

/// What is said in the end.
fn complaint(mut check: impl FnMut() -> Result<()>) -> String {
    let deadline = Instant::now() + Duration::from_secs(10);
    loop {
        match check() {
            Err(error) => return error.to_string(),
            Ok(()) => assert!(Instant::now() < deadline, "nobody noticed"),
        }
        thread::yield_now();
    }
}

//! The worker as workerd runs it. Decisions are made in the other modules; this one moves bytes.

mod api;
mod events;
mod glue;
mod incoming;
mod key_set;
mod reply;
mod reports;
mod site;
mod task;

use std::cell::{OnceCell, RefCell};
use std::panic;
use std::rc::Rc;

use wasm_bindgen::prelude::wasm_bindgen;

use crate::config::{Config, ConfigError, FAULT_HEADER};
use crate::keys::KeyStore;
use crate::policy::{Kind, baked_release, headers};
use crate::refusal::Refusal;
use crate::shelf::Shelf;
use crate::token::VerdictCache;
use crate::trace::Names;

use incoming::Incoming;
use reply::{Reply, Trail, lines};
use task::Outcome;

/// Tokens that are remembered as verified, in each half of the cache: at 4 KiB each, at most 8 MiB of the isolate's 128.
const REMEMBERED: usize = 1024;

/// What lives as long as the isolate.
struct Edge {
    config: Config,
    keys: RefCell<KeyStore>,
    verdicts: RefCell<VerdictCache>,
    shelf: RefCell<Shelf>,
}

thread_local! {
    static EDGE: OnceCell<Result<Rc<Edge>, ConfigError>> = const { OnceCell::new() };
    static RANDOM: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// Begins to answer a request, which [`glue`]'s `describe` has described. Gives the number by which to [`resume`], or 0 when the answer
/// has been given.
#[wasm_bindgen]
pub fn begin(described: String) -> u32 {
    let edge = edge();
    task::begin(async move { answer(edge, Incoming::read(&described)).await })
}

/// Goes on with what the request was waiting for.
#[wasm_bindgen]
pub fn resume(task: u32, text: String, bytes: Option<Vec<u8>>) {
    task::resume(task, Outcome { text, bytes });
}

/// Lets go of a request that will never be resumed.
#[wasm_bindgen]
pub fn forget(task: u32) {
    task::forget(task);
}

/// How many requests are waiting.
#[wasm_bindgen]
pub fn waiting() -> usize {
    task::waiting()
}

/// Fetches the key set anew, behind the back of requests.
#[wasm_bindgen]
pub fn refresh() -> u32 {
    let Ok(edge) = edge() else { return task::DONE };
    task::begin(async move {
        // A failure is logged, and the set that there is goes on until its hard age.
        let _ = edge.fetch_key_set().await;
    })
}

/// Reads the configuration at the first request; workerd keeps it constant for the life of the isolate.
fn edge() -> Result<Rc<Edge>, ConfigError> {
    EDGE.with(|edge| {
        edge.get_or_init(|| {
            let release = baked_release();
            let block = |kind| {
                lines(
                    &headers(kind, &release).into_iter().map(|(name, value)| (name, value.into())).collect::<Vec<_>>(),
                )
            };
            glue::configure(&Kind::ALL.map(block).join("\n\n"), glue::Reads::LISTS);
            // The message of a panic may quote what it failed on, which may be a token: only the place is logged.
            panic::set_hook(Box::new(|info| {
                let place = info.location().map(ToString::to_string).unwrap_or_default();
                worker::console_error!("{{\"level\":\"error\",\"outcome\":\"panic\",\"place\":\"{place}\"}}");
                glue::panicked();
            }));
            let config = Config::read(glue::variable)?;
            let (keys, shelf) = (RefCell::default(), RefCell::default());
            Ok(Rc::new(Edge { config, keys, verdicts: RefCell::new(VerdictCache::new(REMEMBERED)), shelf }))
        })
        .clone()
    })
}

/// Random bytes, drawn from the runtime a few thousand at a time.
fn random<const COUNT: usize>() -> [u8; COUNT] {
    RANDOM.with_borrow_mut(|pool| {
        if pool.len() < COUNT {
            *pool = glue::random(4096);
        }
        let mut drawn = [0; COUNT];
        for byte in &mut drawn {
            *byte = pool.pop().unwrap_or_default();
        }
        drawn
    })
}

/// Answers a request. It never fails: whatever goes wrong is an answer with all its headers.
async fn answer(edge: Result<Rc<Edge>, ConfigError>, incoming: Incoming<'_>) {
    let names = Names::draw(random(), incoming.traceparent);
    let mut trail = Trail::default();
    let outcome = match &edge {
        Ok(edge) => route(edge, &incoming, &names, &mut trail).await,
        Err(error) => {
            worker::console_error!("{{\"level\":\"error\",\"outcome\":\"misconfigured\",\"detail\":\"{error}\"}}");
            Err(Refusal::Misconfigured)
        }
    };
    let (reply, refusal) = match outcome {
        Ok(reply) => (reply, None),
        Err(refusal) => (Reply::refused(&refusal, &incoming, names.reference), Some(refusal)),
    };
    reply.send(&incoming, &names, &trail, refusal.as_ref());
}

async fn route(edge: &Edge, incoming: &Incoming<'_>, names: &Names, trail: &mut Trail) -> Result<Reply, Refusal> {
    // A panic on demand: in tests alone, and only where the configuration says so.
    if edge.config.fault_injection {
        assert!(glue::request_header(FAULT_HEADER).as_deref() != Some("panic"), "a panic on demand");
    }
    if incoming.path.starts_with("/api/") {
        api::answer(edge, incoming, names, trail).await
    } else if incoming.path == crate::policy::csp::REPORT_PATH {
        reports::take(incoming, trail).await
    } else {
        site::answer(edge, incoming, trail).await
    }
}

//! The worker as workerd runs it. Decisions are made in the other modules; this one moves bytes.

mod api;
mod glue;
mod incoming;
mod key_set;
mod reply;
mod reports;
mod site;

use std::cell::{OnceCell, RefCell};
use std::panic;
use std::rc::Rc;

use shared::Reference;
use worker::{Context, Env, event};

use crate::config::{Config, ConfigError, FAULT_HEADER};
use crate::keys::KeyStore;
use crate::log::{Record, known_method};
use crate::policy::{Kind, baked_release, headers};
use crate::refusal::Refusal;
use crate::token::VerdictCache;
use crate::trace::Names;

use incoming::Incoming;
use reply::{Reply, Trail};

/// Tokens that are remembered as verified, in each half of the cache: at 4 KiB each, at most 8 MiB of the isolate's 128.
const REMEMBERED: usize = 1024;

/// What lives as long as the isolate.
struct Edge {
    config: Config,
    keys: RefCell<KeyStore>,
    verdicts: RefCell<VerdictCache>,
}

thread_local! {
    static EDGE: OnceCell<Result<Rc<Edge>, ConfigError>> = const { OnceCell::new() };
    static RANDOM: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// Reads the configuration at the first request; workerd keeps it constant for the life of the isolate.
fn edge(env: &Env) -> Result<Rc<Edge>, ConfigError> {
    EDGE.with(|edge| {
        edge.get_or_init(|| {
            let release = baked_release();
            let block = |kind| lines(&headers(kind, &release));
            glue::configure(env, &Kind::ALL.map(block).join("\n\n"));
            // The message of a panic may quote what it failed on, which may be a token: only the place is logged.
            panic::set_hook(Box::new(|info| {
                let place = info.location().map(ToString::to_string).unwrap_or_default();
                worker::console_error!("{{\"level\":\"error\",\"outcome\":\"panic\",\"place\":\"{place}\"}}");
                glue::panicked();
            }));
            let config = Config::read(|name| {
                let value = js_sys::Reflect::get(env, &name.into()).ok()?;
                value.as_string()
            })?;
            let verdicts = RefCell::new(VerdictCache::new(REMEMBERED));
            Ok(Rc::new(Edge { config, keys: RefCell::default(), verdicts }))
        })
        .clone()
    })
}

/// Header lines, as the glue takes them.
fn lines(headers: &[(&'static str, String)]) -> String {
    headers.iter().map(|(name, value)| [name, ": ", value].concat()).collect::<Vec<_>>().join("\n")
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
#[event(fetch)]
async fn fetch(request: web_sys::Request, env: Env, context: Context) -> Result<web_sys::Response, worker::Error> {
    let edge = edge(&env);
    let described = glue::describe(&request);
    let incoming = Incoming::read(&request, &described);
    let names = Names::draw(random(), incoming.traceparent);
    let mut trail = Trail::default();

    let outcome = match &edge {
        Ok(edge) => route(edge, &incoming, &names, &mut trail, &context).await,
        Err(error) => {
            worker::console_error!("{{\"level\":\"error\",\"outcome\":\"misconfigured\",\"detail\":\"{error}\"}}");
            Err(Refusal::Misconfigured)
        }
    };
    let (reply, refusal) = match outcome {
        Ok(reply) => (reply, None),
        Err(refusal) => (Reply::refused(&refusal, &incoming, names.reference), Some(refusal)),
    };
    let duration = glue::now() - incoming.arrived;
    let response = reply.into_response(&names, &trail, duration);
    log(&incoming, &names, &trail, &response, refusal.as_ref(), duration);
    Ok(response.raw)
}

async fn route(
    edge: &Rc<Edge>,
    incoming: &Incoming<'_>,
    names: &Names,
    trail: &mut Trail,
    context: &Context,
) -> Result<Reply, Refusal> {
    if edge.config.fault_injection {
        inject_fault(incoming);
    }
    if incoming.path.starts_with("/api/") {
        api::answer(edge, incoming, names, trail, context).await
    } else if incoming.path == crate::policy::csp::REPORT_PATH {
        reports::take(incoming, trail).await
    } else {
        site::answer(edge, incoming, trail).await
    }
}

/// A panic on demand: in tests alone, and only where the configuration says so.
fn inject_fault(incoming: &Incoming<'_>) {
    let asked = incoming.raw.headers().get(FAULT_HEADER).ok().flatten();
    assert!(asked.as_deref() != Some("panic"), "a panic on demand");
}

fn log(
    incoming: &Incoming<'_>,
    names: &Names,
    trail: &Trail,
    response: &reply::Sent,
    refusal: Option<&Refusal>,
    duration_ms: f64,
) {
    let ours = response.status >= 500;
    let reference =
        refusal.map(|_| names.reference).or(trail.reference).map(|reference: Reference| reference.to_string());
    let record = Record {
        level: if ours { "warn" } else { "info" },
        outcome: refusal.map_or(response.outcome, Refusal::code),
        detail: refusal.and_then(Refusal::detail),
        request_id: &names.request_id,
        trace_id: names.trace_id(),
        reference: reference.as_deref(),
        method: known_method(incoming.method),
        route: trail.route.as_deref().unwrap_or("unknown"),
        status: response.status,
        kid: trail.key_id.as_deref(),
        cached_verdict: trail.cached_verdict,
        duration_ms,
        upstream_ms: trail.upstream_ms,
        upstream_status: trail.upstream_status,
    };
    glue::log(&record.line());
}

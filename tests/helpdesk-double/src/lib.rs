//! A stand-in for the private help desk that behaves as badly as the real one.
//!
//! Everything that talks to the help desk is tested against this double, so the double must be as unhelpful as what it
//! stands for: it leaks internal notes into lists, believes whatever customer a request names, ignores filters that it
//! does not understand, drops files without a word and stores a repeated request twice. Its answers are replayed against
//! recorded ones in `tests/replay.rs`.
//!
//! In a test:
//!
//! ```
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! use helpdesk_double::{AgentReply, Config, Fault, FaultKind, HelpDeskDouble, SeedDemo};
//!
//! let desk = HelpDeskDouble::start(Config::default()).await?;
//! let demo = desk.seed_demo(&SeedDemo { email: "dana@example.test".into(), ..SeedDemo::default() })?;
//! let ticket = demo.conversation_ids[0];
//! desk.reply(ticket, AgentReply::html("<p>Fixed.</p>").by("Maya"))?;
//! desk.inject(Fault::once(FaultKind::HangAfterCommit).on("POST", "/api/conversations/{id}/threads"));
//! # Ok(()) }
//! ```

mod api;
mod auto_agent;
mod canary;
mod clock;
mod config;
mod counters;
mod demo;
mod desk;
mod error;
mod faults;
mod handle;
mod operator;
mod server;
mod webhooks;

pub use api::errors::ApiError;
pub use canary::Canary;
pub use config::{Config, WebhookConfig};
pub use counters::Counts;
pub use desk::{Mail, State, model, rewrite_file_name};
pub use error::StartError;
pub use faults::{Fault, FaultKind, InjectedFault};
pub use handle::{Handle, HelpDeskDouble};
pub use operator::requests::{
    AgentNote, AgentReply, FileInput, SeedConversation, SeedCustomer, SeedDemo, SeedThread, SeededDemo, StatusChange,
};
pub use webhooks::{DeliveryRecord, Progress, ReleaseOrder, WebhookBehaviour, sign};

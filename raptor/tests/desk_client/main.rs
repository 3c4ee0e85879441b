//! The help desk's client against the double, over real HTTP.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot be set up has failed")]

mod faults;
mod ownership;
mod privacy;
mod reading;
mod writing;

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use helpdesk_double::{Config, Handle, HelpDeskDouble, SeedConversation, SeedThread, model::ThreadType};
use raptor::files::recognise;
use raptor::helpdesk::{
    AgentId, BaseUrl, Clock, ConversationId, CustomerId, HelpDesk, MailboxId, OutgoingBody, OutgoingFile, Secrets,
    Settings, Timeouts,
};
use shared::rich_text::compose;
use shared::{MessageId, Timestamp};

/// A double, a client of it, and one clock for both.
struct Desk {
    double: Handle,
    client: HelpDesk,
    millis: Arc<AtomicI64>,
}

impl Desk {
    async fn start() -> Self {
        Self::start_with(Config::default(), |_| {}).await
    }

    async fn start_with(config: Config, change: impl FnOnce(&mut Settings)) -> Self {
        let double = HelpDeskDouble::start(config).await.unwrap();
        let millis = Arc::new(AtomicI64::new(double.now() * 1000));
        double.set_clock(Some(double.now()));
        let base = BaseUrl::parse(&double.base_url).unwrap();
        let mut settings = Settings::new(base, MailboxId::new(double.mailbox_id).unwrap());
        settings.portal_agent = AgentId::new(1);
        settings.timeouts =
            Timeouts { write: Duration::from_millis(800), read: Duration::from_secs(5), ..Timeouts::default() };
        let now = Arc::clone(&millis);
        settings.clock = Clock::new(move || Timestamp::from_millis(now.load(Ordering::SeqCst)));
        change(&mut settings);
        let secrets = Secrets { api_key: double.api_key.clone().into(), access_gate: None };
        let client = HelpDesk::new(settings, secrets).unwrap();
        Self { double, client, millis }
    }

    fn now(&self) -> Timestamp {
        Timestamp::from_millis(self.millis.load(Ordering::SeqCst))
    }

    fn pass(&self, seconds: i64) {
        let millis = self.millis.fetch_add(seconds * 1000, Ordering::SeqCst) + seconds * 1000;
        self.double.set_clock(Some(millis / 1000));
    }

    fn customer(&self, name: &str) -> CustomerId {
        let email = format!("{}@example.test", name.to_lowercase());
        CustomerId::new(self.double.customer(&email, name, "Secretname").unwrap()).unwrap()
    }

    /// A conversation of one message, an hour old.
    fn conversation(&self, owner: CustomerId, subject: &str) -> ConversationId {
        let first = SeedThread::new(ThreadType::Customer, 3600, format!("<p>About {subject}</p>"));
        self.seed(owner, subject, vec![first])
    }

    fn seed(&self, owner: CustomerId, subject: &str, threads: Vec<SeedThread>) -> ConversationId {
        let seed = SeedConversation {
            customer_id: owner.get(),
            subject: subject.into(),
            threads,
            ..SeedConversation::default()
        };
        ConversationId::new(self.double.seed_conversation(seed).unwrap()).unwrap()
    }

    /// How many customer threads of this conversation the help desk holds.
    fn held(&self, conversation: ConversationId) -> usize {
        self.double.read(|state| {
            let threads = state.conversations.get(&conversation.get()).map(|held| held.threads.iter());
            threads.map_or(0, |threads| threads.filter(|thread| thread.kind == ThreadType::Customer).count())
        })
    }
}

fn message(text: &str, marker: u128) -> OutgoingBody {
    OutgoingBody::new(&compose(text), MessageId::from_bits(marker))
}

fn file(name: &str, bytes: &'static [u8]) -> OutgoingFile {
    let recognised = recognise(name, bytes).unwrap();
    OutgoingFile { name: recognised.name, media_type: recognised.media_type, bytes: bytes.into() }
}

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n rest of an image";

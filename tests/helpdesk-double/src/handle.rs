//! A running double, in the process of a test.

use crate::{
    StartError,
    api::errors::ApiError,
    auto_agent,
    canary::Canary,
    config::Config,
    counters::Counts,
    demo,
    desk::{Desk, State, model::ConversationState},
    faults::{Fault, InjectedFault},
    operator::requests::{AgentNote, AgentReply, SeedConversation, SeedCustomer, SeedDemo, SeededDemo, StatusChange},
    server,
    webhooks::{self, DeliveryRecord, ReleaseOrder, WebhookBehaviour},
};
use std::{
    net::SocketAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::{net::TcpListener, task::JoinSet};

/// Starts help-desk doubles.
#[derive(Debug)]
pub enum HelpDeskDouble {}

impl HelpDeskDouble {
    /// Starts a double and returns once it accepts connections. Needs a tokio runtime.
    ///
    /// # Errors
    /// The address is taken, or the state file cannot be read.
    pub async fn start(config: Config) -> Result<Handle, StartError> {
        let address = config.listen;
        let listen_failed = |source| StartError::Listen { address, source };
        let listener = TcpListener::bind(address).await.map_err(listen_failed)?;
        let address = listener.local_addr().map_err(listen_failed)?;
        let base_url = format!("http://{address}");
        let desk = Arc::new(Desk::new(config, base_url)?);
        let mut tasks = JoinSet::new();
        tasks.spawn(webhooks::run(Arc::clone(&desk.webhooks)));
        if let Some(wait) = desk.config.auto_agent {
            tasks.spawn(auto_agent::run(Arc::clone(&desk), wait));
        }
        if desk.config.state_file.is_some() {
            tasks.spawn(Arc::clone(&desk).keep_saving());
        }
        let mut accepting = JoinSet::new();
        accepting.spawn(server::serve(listener, Arc::clone(&desk)));
        Ok(Handle {
            base_url: desk.base_url.clone(),
            api_key: desk.api_key.clone(),
            mailbox_id: desk.config.mailbox_id,
            webhook_secret: desk.webhooks.secret().to_owned(),
            address,
            desk,
            accepting: Mutex::new(accepting),
            _tasks: tasks,
        })
    }
}

/// A running double. Dropping it ends it, with every connection.
#[derive(Debug)]
pub struct Handle {
    /// `http://host:port`, without a slash at the end; the API lies below `/api`.
    pub base_url: String,
    /// The key for `X-FreeScout-API-Key`.
    pub api_key: String,
    /// The one mailbox.
    pub mailbox_id: u64,
    /// Secret of the webhooks' signature.
    pub webhook_secret: String,
    /// Where it listens.
    pub address: SocketAddr,
    desk: Arc<Desk>,
    /// The listener and all connections; empty while connections are refused.
    accepting: Mutex<JoinSet<()>>,
    /// Ends them when dropped.
    _tasks: JoinSet<()>,
}

impl Handle {
    /// An agent answers; returns the thread's id.
    ///
    /// # Errors
    /// Unknown conversation or agent.
    pub fn reply(&self, conversation_id: u64, reply: AgentReply) -> Result<u64, ApiError> {
        self.desk.reply_as_agent(conversation_id, reply)
    }

    /// An agent writes an internal note; returns the thread's id.
    ///
    /// # Errors
    /// Unknown conversation or agent.
    pub fn note(&self, conversation_id: u64, note: AgentNote) -> Result<u64, ApiError> {
        self.desk.add_note(conversation_id, note)
    }

    /// An agent sets the status.
    ///
    /// # Errors
    /// Unknown conversation or agent.
    pub fn set_status(&self, conversation_id: u64, change: &StatusChange) -> Result<(), ApiError> {
        self.desk.set_status(conversation_id, change)
    }

    /// Moves a conversation to the bin or out of it.
    ///
    /// # Errors
    /// Unknown conversation.
    pub fn set_state(&self, conversation_id: u64, state: ConversationState) -> Result<(), ApiError> {
        self.desk.set_state(conversation_id, state)
    }

    /// Takes an agent's message back.
    ///
    /// # Errors
    /// Unknown message.
    pub fn undo(&self, conversation_id: u64, thread_id: u64) -> Result<(), ApiError> {
        self.desk.undo_message(conversation_id, thread_id)
    }

    /// Removes a conversation for good.
    ///
    /// # Errors
    /// Unknown conversation.
    pub fn delete(&self, conversation_id: u64) -> Result<(), ApiError> {
        self.desk.commit(|transaction| transaction.delete_conversation(conversation_id))
    }

    /// Stores a customer; returns the id.
    ///
    /// # Errors
    /// Bad or taken address.
    pub fn seed_customer(&self, seed: SeedCustomer) -> Result<u64, ApiError> {
        self.desk.seed_customer(seed)
    }

    /// Stores a customer with one address and these names; returns the id.
    ///
    /// # Errors
    /// Bad or taken address.
    pub fn customer(&self, email: &str, first_name: &str, last_name: &str) -> Result<u64, ApiError> {
        self.seed_customer(SeedCustomer {
            emails: vec![email.to_owned()],
            first_name: first_name.to_owned(),
            last_name: last_name.to_owned(),
            ..SeedCustomer::default()
        })
    }

    /// Stores a conversation with its history; returns the id.
    ///
    /// # Errors
    /// No thread, unknown customer or agent.
    pub fn seed_conversation(&self, seed: SeedConversation) -> Result<u64, ApiError> {
        self.desk.seed_conversation(seed)
    }

    /// Stores a customer with realistic tickets in every status.
    ///
    /// # Errors
    /// Bad address.
    pub fn seed_demo(&self, seed: &SeedDemo) -> Result<SeededDemo, ApiError> {
        demo::seed(&self.desk, seed)
    }

    /// Injects a fault; returns its id.
    pub fn inject(&self, fault: Fault) -> u64 {
        self.desk.faults.inject(fault)
    }

    /// The injected faults, with how often they hit.
    #[must_use]
    pub fn faults(&self) -> Vec<InjectedFault> {
        self.desk.faults.list()
    }

    /// Clears all faults and lets hanging calls end with 504.
    pub fn clear_faults(&self) {
        self.desk.faults.clear();
    }

    /// Goes down: closes every connection and refuses new ones. Nothing stored is lost.
    pub async fn go_down(&self) {
        let mut accepting = std::mem::take(&mut *self.accepting());
        accepting.shutdown().await;
    }

    /// Comes up again on the same address.
    ///
    /// # Errors
    /// Somebody else took the address.
    pub async fn come_up(&self) -> Result<(), StartError> {
        let is_down = self.accepting().is_empty();
        if is_down {
            let address = self.address;
            let listener = TcpListener::bind(address).await.map_err(|source| StartError::Listen { address, source })?;
            self.accepting().spawn(server::serve(listener, Arc::clone(&self.desk)));
        }
        Ok(())
    }

    fn accepting(&self) -> MutexGuard<'_, JoinSet<()>> {
        self.accepting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Calls per route since the start or the last clearing.
    #[must_use]
    pub fn counts(&self) -> Counts {
        self.desk.counters.snapshot()
    }

    /// Sets all counters to zero.
    pub fn clear_counts(&self) {
        self.desk.counters.clear();
    }

    /// A copy of everything stored.
    #[must_use]
    pub fn state(&self) -> State {
        self.desk.read(Clone::clone)
    }

    /// Reads what is stored without copying it.
    pub fn read<T>(&self, read: impl FnOnce(&State) -> T) -> T {
        self.desk.read(read)
    }

    /// Waits until the stored state satisfies `condition`; false when it did not within `limit`.
    pub async fn wait_until(&self, limit: Duration, condition: impl Fn(&State) -> bool) -> bool {
        let mut changes = self.desk.changes.subscribe();
        let satisfied = async {
            while !self.desk.read(&condition) {
                if changes.changed().await.is_err() {
                    return false;
                }
            }
            true
        };
        tokio::time::timeout(limit, satisfied).await.unwrap_or(false)
    }

    /// Every planted token so far. Read it after the calls whose answers are searched.
    #[must_use]
    pub fn canaries(&self) -> Vec<Canary> {
        self.desk.canaries.planted()
    }

    /// Switches canary mode.
    pub fn set_canary_mode(&self, enabled: bool) {
        self.desk.set_canary_mode(enabled);
    }

    /// How webhooks go wrong from now on.
    pub fn set_webhooks(&self, behaviour: WebhookBehaviour) {
        self.desk.webhooks.set_behaviour(behaviour);
    }

    /// What became of every event.
    #[must_use]
    pub fn deliveries(&self) -> Vec<DeliveryRecord> {
        self.desk.webhooks.records()
    }

    /// Sends the events that were held, and stops holding.
    pub fn release_webhooks(&self, order: ReleaseOrder) -> usize {
        self.desk.webhooks.release(order)
    }

    /// Sends an event's old snapshot once more; false when there is no such delivery.
    pub fn redeliver(&self, delivery_id: u64) -> bool {
        self.desk.webhooks.redeliver(delivery_id)
    }

    /// Holds the clock at these Unix seconds, or lets it follow the system again.
    pub fn set_clock(&self, fixed: Option<i64>) {
        self.desk.clock.set(fixed);
    }

    /// The double's time in Unix seconds.
    #[must_use]
    pub fn now(&self) -> i64 {
        self.desk.clock.now()
    }

    /// Empties everything: data, faults, counters, deliveries, canaries.
    pub fn reset(&self) {
        self.desk.reset();
    }

    /// Writes the state file now.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn save(&self) -> Result<(), StartError> {
        self.desk.save()
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        if let Err(error) = self.desk.save() {
            eprintln!("helpdesk-double: {error}");
        }
    }
}

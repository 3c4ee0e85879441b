//! How a double is set up.

use crate::desk::model::{Agent, CustomField};
use std::{collections::BTreeMap, net::SocketAddr, path::PathBuf, time::Duration};

/// Settings of a double. `Config::default()` is the nastiest realistic help desk on an ephemeral loopback port.
#[derive(Clone, Debug)]
pub struct Config {
    /// Address to listen on; port 0 picks a free one.
    pub listen: SocketAddr,
    /// The API key; `None` makes a random one, 32 hexadecimal digits as the vendor does.
    pub api_key: Option<String>,
    /// Id of the one mailbox.
    pub mailbox_id: u64,
    /// Agents; the first also stands for the portal's own user.
    pub agents: Vec<Agent>,
    /// Custom fields of the mailbox. Empty means that the module is off: then the key is missing from conversations.
    pub custom_fields: Vec<CustomField>,
    /// `number` of the first conversation. The real help desk can be set up so that `number` differs from `id`.
    pub first_number: u64,
    /// Id given to the first conversation, thread, customer and attachment.
    pub first_id: u64,
    /// File that keeps everything over a restart; `None` keeps it in memory alone.
    pub state_file: Option<PathBuf>,
    /// Let an agent answer new tickets after this time.
    pub auto_agent: Option<Duration>,
    /// Webhook receiver, if any, and how deliveries are timed.
    pub webhooks: WebhookConfig,
    /// Give every field that a customer must never see a unique random token.
    pub canary: bool,
    /// Largest request body in bytes that the fronting web server lets through.
    pub max_body_bytes: usize,
    /// Id and secret that an access gate in front of the help desk wants in `CF-Access-Client-*`.
    pub access_gate: Option<(String, String)>,
    /// Fixed clock in Unix seconds; `None` follows the system's.
    pub clock: Option<i64>,
}

/// Webhook side of [`Config`].
#[derive(Clone, Debug)]
pub struct WebhookConfig {
    /// Receiver of all events; `None` sends none unless one is registered through the API.
    pub url: Option<String>,
    /// Secret of the signature; `None` makes a random one.
    pub secret: Option<String>,
    /// Wait before the event of an agent's answer: the undo window, 15 s on the real help desk.
    pub agent_reply_delay: Duration,
    /// Unit of the retry schedule: the second try comes half a unit after the first, try `n + 1` comes `n - 1` units
    /// after try `n`. 2 min on the real help desk.
    pub retry_unit: Duration,
    /// Most tries for one event. 10 on the real help desk.
    pub max_attempts: u32,
    /// How long a receiver may take to answer. 30 s on the real help desk.
    pub timeout: Duration,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            api_key: None,
            mailbox_id: 1,
            agents: default_agents(),
            custom_fields: default_custom_fields(),
            first_number: 1001,
            first_id: 1,
            state_file: None,
            auto_agent: None,
            webhooks: WebhookConfig::default(),
            canary: false,
            max_body_bytes: 20 * 1024 * 1024,
            access_gate: None,
            clock: None,
        }
    }
}

impl Default for WebhookConfig {
    fn default() -> Self {
        Self {
            url: None,
            secret: None,
            agent_reply_delay: Duration::from_secs(15),
            retry_unit: Duration::from_secs(120),
            max_attempts: 10,
            timeout: Duration::from_secs(30),
        }
    }
}

/// The support team. Their last names, addresses and pictures must stay inside.
fn default_agents() -> Vec<Agent> {
    // 2025-03-03T08:00:00Z, long before any ticket.
    let joined = 1_740_988_800;
    [
        (1, "Portal", "Bridge", "portal.bridge@desk.raxx.test", "user", ""),
        (2, "Maya", "Lindqvist", "maya.lindqvist@desk.raxx.test", "admin", "users/5a10c2.jpg"),
        (3, "Jonas", "Petersen-Weiß", "jonas.petersen@desk.raxx.test", "user", "users/7be391.jpg"),
        (4, "Ada", "Okonkwo", "ada.okonkwo@desk.raxx.test", "user", "users/19fd07.jpg"),
        (5, "Teo", "Marchetti", "teo.marchetti@desk.raxx.test", "user", ""),
    ]
    .into_iter()
    .map(|(id, first_name, last_name, email, role, photo)| Agent {
        id,
        first_name: first_name.into(),
        last_name: last_name.into(),
        email: email.into(),
        role: role.into(),
        photo_path: photo.into(),
        created_at: joined,
        updated_at: joined,
    })
    .collect()
}

/// Two fields for the new-ticket form, and two that only agents may see.
fn default_custom_fields() -> Vec<CustomField> {
    let topics =
        ["Orders and fills", "Exit rules", "Billing", "Sign-in and passkeys", "Data and reports", "Something else"];
    let severities = ["S1 money at risk", "S2 blocked", "S3 annoyance"];
    let dropdown = |labels: &[&str]| {
        labels.iter().zip(1..).map(|(label, key)| (key, (*label).to_owned())).collect::<BTreeMap<u32, String>>()
    };
    let field = |id, name: &str, kind: &str, options, required, internal, sort_order| CustomField {
        id,
        name: name.into(),
        kind: kind.into(),
        options,
        required,
        internal,
        sort_order,
    };
    vec![
        field(18, "Topic", "dropdown", dropdown(&topics), true, false, 1),
        field(19, "Broker account (last 4)", "singleline", BTreeMap::new(), false, false, 2),
        field(22, "Internal severity", "dropdown", dropdown(&severities), false, true, 3),
        field(23, "CRM account", "singleline", BTreeMap::new(), false, true, 4),
    ]
}

-- One text for both databases: BYTES and SERIAL are replaced by what each of them calls it. Instants are milliseconds since 1970.
CREATE TABLE settings (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
);

CREATE TABLE customers (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    email TEXT NOT NULL,
    -- Two customers must never share one identity at the help desk.
    helpdesk_id BIGINT UNIQUE,
    created_at BIGINT NOT NULL,
    synced_at BIGINT,
    swept_at BIGINT
);

CREATE TABLE customer_emails (
    email TEXT PRIMARY KEY,
    customer_id TEXT NOT NULL REFERENCES customers (id) ON DELETE CASCADE,
    verified_at BIGINT NOT NULL
);

CREATE TABLE credentials (
    id TEXT PRIMARY KEY,
    customer_id TEXT NOT NULL REFERENCES customers (id) ON DELETE CASCADE,
    passkey TEXT NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE TABLE ceremonies (
    id TEXT PRIMARY KEY,
    purpose TEXT NOT NULL,
    state TEXT NOT NULL,
    customer_id TEXT,
    display_name TEXT,
    expires_at BIGINT NOT NULL
);

CREATE TABLE sessions (
    id TEXT PRIMARY KEY,
    customer_id TEXT NOT NULL REFERENCES customers (id) ON DELETE CASCADE,
    started_at BIGINT NOT NULL,
    ends_at BIGINT NOT NULL,
    ended_at BIGINT
);

CREATE TABLE tickets (
    id TEXT PRIMARY KEY,
    customer_id TEXT NOT NULL REFERENCES customers (id) ON DELETE CASCADE,
    conversation_id BIGINT UNIQUE,
    number BIGINT,
    subject TEXT NOT NULL,
    status TEXT NOT NULL,
    status_since BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    last_activity_at BIGINT NOT NULL,
    last_author TEXT NOT NULL,
    last_author_name TEXT,
    snippet TEXT NOT NULL,
    message_count BIGINT NOT NULL,
    attachment_count BIGINT NOT NULL,
    last_team_at BIGINT,
    read_up_to BIGINT,
    search_text TEXT NOT NULL,
    -- The visible thread as the contract shows it, for search, export and the time when the help desk is down.
    thread TEXT NOT NULL,
    revision TEXT NOT NULL,
    -- When a message that is held back becomes visible.
    recheck_at BIGINT,
    synced_at BIGINT NOT NULL
);
CREATE INDEX tickets_by_activity ON tickets (customer_id, last_activity_at, id);
CREATE INDEX tickets_by_creation ON tickets (customer_id, created_at, id);
CREATE INDEX tickets_to_recheck ON tickets (recheck_at);

CREATE TABLE pending_submissions (
    -- The id of the message that it becomes.
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    customer_id TEXT NOT NULL REFERENCES customers (id) ON DELETE CASCADE,
    ticket_id TEXT NOT NULL REFERENCES tickets (id) ON DELETE CASCADE,
    payload TEXT NOT NULL,
    state TEXT NOT NULL,
    reason TEXT,
    created_at BIGINT NOT NULL,
    leaves_at BIGINT NOT NULL,
    next_attempt_at BIGINT NOT NULL,
    attempts BIGINT NOT NULL,
    first_attempt_at BIGINT,
    last_attempt_at BIGINT,
    lease_until BIGINT NOT NULL
);
CREATE INDEX pending_by_ticket ON pending_submissions (ticket_id, created_at, id);
CREATE INDEX pending_by_time ON pending_submissions (state, next_attempt_at);

-- Which thread a message of ours became: the same words sent twice are two messages, even if the marks in them were lost.
CREATE TABLE delivered_threads (
    thread_id BIGINT PRIMARY KEY,
    ticket_id TEXT NOT NULL REFERENCES tickets (id) ON DELETE CASCADE
);
CREATE INDEX delivered_by_ticket ON delivered_threads (ticket_id);

CREATE TABLE idempotency_keys (
    customer_id TEXT NOT NULL REFERENCES customers (id) ON DELETE CASCADE,
    key TEXT NOT NULL,
    request_hash TEXT NOT NULL,
    message_id TEXT NOT NULL,
    ticket_id TEXT NOT NULL,
    busy_until BIGINT NOT NULL,
    answer TEXT,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (customer_id, key)
);
CREATE INDEX idempotency_by_time ON idempotency_keys (created_at);

CREATE TABLE uploads (
    id TEXT PRIMARY KEY,
    customer_id TEXT NOT NULL REFERENCES customers (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    media_type TEXT NOT NULL,
    size BIGINT NOT NULL,
    message_id TEXT,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX uploads_by_customer ON uploads (customer_id);
CREATE INDEX uploads_by_message ON uploads (message_id);

CREATE TABLE upload_parts (
    upload_id TEXT NOT NULL REFERENCES uploads (id) ON DELETE CASCADE,
    place BIGINT NOT NULL,
    bytes BYTES NOT NULL,
    PRIMARY KEY (upload_id, place)
);

CREATE TABLE ratings (
    ticket_id TEXT PRIMARY KEY REFERENCES tickets (id) ON DELETE CASCADE,
    score TEXT NOT NULL,
    comment TEXT,
    rated_at BIGINT NOT NULL
);

CREATE TABLE live_events (
    seq SERIAL,
    customer_id TEXT NOT NULL REFERENCES customers (id) ON DELETE CASCADE,
    ticket_id TEXT NOT NULL,
    last_activity_at BIGINT NOT NULL,
    last_author TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX live_events_by_customer ON live_events (customer_id, seq);

CREATE TABLE webhook_deliveries (
    digest TEXT PRIMARY KEY,
    received_at BIGINT NOT NULL
);

CREATE TABLE audit (
    seq SERIAL,
    at BIGINT NOT NULL,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    ticket_id TEXT,
    outcome TEXT NOT NULL,
    reference TEXT NOT NULL
);
CREATE INDEX audit_by_time ON audit (at);
CREATE INDEX audit_by_actor ON audit (actor, at);

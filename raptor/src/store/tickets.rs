//! Tickets: their ids, and a copy of what their customers can see.

use shared::endpoints::tickets::{Author, AuthorKind, Sort, StatusCounts, StatusFilter, Subject, TicketStatus};
use shared::{CustomerId, Line, TicketId, Timestamp};
use sqlx::any::AnyRow;
use sqlx::{Any, AssertSqlSafe, Executor, Row as _};

use super::decode::{count, get, maybe_param, maybe_time, param, time};
use super::{Store, StoreError};
use crate::helpdesk::ConversationId;

/// A ticket as it is kept, without its thread.
#[derive(Clone, Debug)]
pub struct StoredTicket {
    /// Opaque id.
    pub id: TicketId,
    /// Whose it is.
    pub customer: CustomerId,
    /// The conversation behind it, once it has been delivered.
    pub conversation: Option<ConversationId>,
    /// The number that people say.
    pub number: Option<u32>,
    /// What it is about.
    pub subject: Subject,
    /// Where it stands.
    pub status: TicketStatus,
    /// Since when.
    pub status_since: Timestamp,
    /// When it was opened.
    pub created_at: Timestamp,
    /// When the newest visible message was written.
    pub last_activity_at: Timestamp,
    /// Who wrote that.
    pub last_author: Author,
    /// Its beginning.
    pub snippet: Line<0, 200>,
    /// Visible messages.
    pub message_count: u32,
    /// Their files.
    pub attachment_count: u32,
    /// When the team wrote last.
    pub last_team_at: Option<Timestamp>,
    /// Up to when the customer has read.
    pub read_up_to: Option<Timestamp>,
    /// The help desk's revision that the copy was made of; empty when it has to be made anew.
    pub revision: String,
    /// When a message that is held back becomes visible.
    pub recheck_at: Option<Timestamp>,
    /// When the copy was true.
    pub synced_at: Timestamp,
}

/// A ticket with everything that is kept of its thread.
#[derive(Clone, Debug)]
pub struct TicketCopy {
    /// The ticket.
    pub ticket: StoredTicket,
    /// What a search looks at, lower case.
    pub search_text: String,
    /// The visible thread, as JSON.
    pub thread: String,
}

/// Which tickets of a list.
#[derive(Clone, Debug)]
pub struct ListFilter {
    /// In this group.
    pub status: StatusFilter,
    /// Containing this, lower case.
    pub text: Option<String>,
    /// In this order.
    pub sort: Sort,
    /// After this one.
    pub after: Option<ListPosition>,
    /// So many at most.
    pub limit: u32,
}

/// A place in an ordered list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ListPosition {
    /// The time that the order goes by.
    pub at: Timestamp,
    /// The ticket there.
    pub id: TicketId,
}

const COLUMNS: &str = "id, customer_id, conversation_id, number, subject, status, status_since, created_at, last_activity_at, \
     last_author, last_author_name, snippet, message_count, attachment_count, last_team_at, read_up_to, revision, recheck_at, synced_at";

impl Store {
    /// A customer's ticket. Somebody else's and one that does not exist are the same `None`, found by the same query.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn ticket(&self, customer: CustomerId, id: TicketId) -> Result<Option<StoredTicket>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM tickets WHERE id = $1 AND customer_id = $2");
        let row = sqlx::query(AssertSqlSafe(sql))
            .bind(id.to_string())
            .bind(customer.to_string())
            .fetch_optional(&self.pool)
            .await?;
        row.as_ref().map(ticket).transpose()
    }

    /// The ticket of a conversation of this customer's.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn ticket_of(
        &self,
        customer: CustomerId,
        conversation: ConversationId,
    ) -> Result<Option<StoredTicket>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM tickets WHERE conversation_id = $1 AND customer_id = $2");
        let row = sqlx::query(AssertSqlSafe(sql))
            .bind(number(conversation)?)
            .bind(customer.to_string())
            .fetch_optional(&self.pool)
            .await?;
        row.as_ref().map(ticket).transpose()
    }

    /// A page of a customer's tickets.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn list_tickets(
        &self,
        customer: CustomerId,
        filter: &ListFilter,
    ) -> Result<Vec<StoredTicket>, StoreError> {
        let status = match filter.status {
            StatusFilter::All => "",
            StatusFilter::Open => "AND status <> 'resolved' ",
            StatusFilter::Received => "AND status = 'received' ",
            StatusFilter::Working => "AND status = 'working' ",
            StatusFilter::WaitingForYou => "AND status = 'waiting_for_you' ",
            StatusFilter::Resolved => "AND status = 'resolved' ",
        };
        let (column, before, direction) = match filter.sort {
            Sort::Activity => ("last_activity_at", "<", "DESC"),
            Sort::Newest => ("created_at", "<", "DESC"),
            Sort::Oldest => ("created_at", ">", "ASC"),
        };
        // Only fixed fragments are put together; every value is bound.
        let sql = format!(
            "SELECT {COLUMNS} FROM tickets WHERE customer_id = $1 {status}\
             AND ($2 = 0 OR search_text LIKE $3 ESCAPE '!') \
             AND ($4 = 0 OR {column} {before} $5 OR ({column} = $5 AND id {before} $6)) \
             ORDER BY {column} {direction}, id {direction} LIMIT $7"
        );
        let after = filter.after;
        let rows = sqlx::query(AssertSqlSafe(sql))
            .bind(customer.to_string())
            .bind(i64::from(filter.text.is_some()))
            .bind(filter.text.as_deref().map(contains).unwrap_or_default())
            .bind(i64::from(after.is_some()))
            .bind(after.map_or(0, |after| after.at.millis()))
            .bind(after.map_or_else(String::new, |after| after.id.to_string()))
            .bind(i64::from(filter.limit))
            .fetch_all(&self.pool)
            .await?;
        rows.iter().map(ticket).collect()
    }

    /// How many of a customer's tickets stand where.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn status_counts(&self, customer: CustomerId) -> Result<StatusCounts, StoreError> {
        let rows =
            sqlx::query("SELECT status, COUNT(*) AS tickets FROM tickets WHERE customer_id = $1 GROUP BY status")
                .bind(customer.to_string())
                .fetch_all(&self.pool)
                .await?;
        let mut counts = StatusCounts::default();
        for row in &rows {
            let tickets = count(row, "tickets")?;
            match param(row, "status")? {
                TicketStatus::Received => counts.received = tickets,
                TicketStatus::Working => counts.working = tickets,
                TicketStatus::WaitingForYou => counts.waiting_for_you = tickets,
                TicketStatus::Resolved => counts.resolved = tickets,
            }
        }
        Ok(counts)
    }

    /// Conversation and revision of every ticket of a customer's, for a comparison with the help desk.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn conversations_of(&self, customer: CustomerId) -> Result<Vec<(ConversationId, TicketId)>, StoreError> {
        let rows = sqlx::query(
            "SELECT conversation_id, id FROM tickets WHERE customer_id = $1 AND conversation_id IS NOT NULL",
        )
        .bind(customer.to_string())
        .fetch_all(&self.pool)
        .await?;
        rows.iter()
            .map(|row| {
                let conversation = conversation(get(row, "conversation_id")?);
                Ok((conversation.ok_or(StoreError::Unreadable { column: "conversation_id" })?, param(row, "id")?))
            })
            .collect()
    }

    /// The copy of a thread, as JSON.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn thread_of(&self, id: TicketId) -> Result<Option<String>, StoreError> {
        let row = sqlx::query("SELECT thread FROM tickets WHERE id = $1")
            .bind(id.to_string())
            .fetch_optional(&self.pool)
            .await?;
        row.as_ref().map(|row| get(row, "thread")).transpose()
    }

    /// Keeps the copy of a ticket: of one that is new here, or anew, unless a newer one is kept. The read marker and the id stay what they
    /// were. Gives the ticket's id, which is another than the copy's when somebody else was faster with the same conversation.
    ///
    /// # Errors
    /// [`StoreError`]; [`StoreError::Taken`] when the conversation is kept as another customer's.
    pub async fn put_copy(&self, copy: &TicketCopy) -> Result<TicketId, StoreError> {
        match (insert(&self.pool, copy).await, copy.ticket.conversation) {
            (Err(StoreError::Taken), Some(conversation)) => {
                let newer = self.ticket_of(copy.ticket.customer, conversation).await?;
                newer.map(|newer| newer.id).ok_or(StoreError::Taken)
            }
            (put, _) => put,
        }
    }

    /// Removes a ticket that is no longer there, or no longer this customer's.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn remove_ticket(&self, id: TicketId) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM tickets WHERE id = $1").bind(id.to_string()).execute(&self.pool).await?;
        Ok(())
    }

    /// Moves the read marker forward, never back.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn mark_read(&self, id: TicketId, up_to: Timestamp) -> Result<(), StoreError> {
        sqlx::query("UPDATE tickets SET read_up_to = $1 WHERE id = $2 AND (read_up_to IS NULL OR read_up_to < $1)")
            .bind(up_to.millis())
            .bind(id.to_string())
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    /// Tickets with a message that was held back and may be shown by now.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn tickets_to_recheck(&self, now: Timestamp, limit: u32) -> Result<Vec<StoredTicket>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM tickets WHERE recheck_at <= $1 ORDER BY recheck_at LIMIT $2");
        let rows =
            sqlx::query(AssertSqlSafe(sql)).bind(now.millis()).bind(i64::from(limit)).fetch_all(&self.pool).await?;
        rows.iter().map(ticket).collect()
    }
}

/// See [`Store::put_copy`]; also within a transaction.
pub(super) async fn insert(
    executor: impl Executor<'_, Database = Any>,
    copy: &TicketCopy,
) -> Result<TicketId, StoreError> {
    let t = &copy.ticket;
    let row = sqlx::query(
            "INSERT INTO tickets (id, customer_id, conversation_id, number, subject, status, status_since, created_at, \
             last_activity_at, last_author, last_author_name, snippet, message_count, attachment_count, last_team_at, read_up_to, \
             search_text, thread, revision, recheck_at, synced_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21) \
             ON CONFLICT (conversation_id) DO UPDATE SET number = excluded.number, subject = excluded.subject, \
             status = excluded.status, status_since = excluded.status_since, created_at = excluded.created_at, \
             last_activity_at = excluded.last_activity_at, last_author = excluded.last_author, \
             last_author_name = excluded.last_author_name, snippet = excluded.snippet, message_count = excluded.message_count, \
             attachment_count = excluded.attachment_count, last_team_at = excluded.last_team_at, \
             search_text = excluded.search_text, thread = excluded.thread, revision = excluded.revision, \
             recheck_at = excluded.recheck_at, synced_at = excluded.synced_at \
             WHERE tickets.customer_id = excluded.customer_id AND tickets.synced_at <= excluded.synced_at RETURNING id",
        )
        .bind(t.id.to_string())
        .bind(t.customer.to_string())
        .bind(t.conversation.map(number).transpose()?)
        .bind(t.number.map(i64::from))
        .bind(t.subject.as_str())
        .bind(t.status.as_str())
        .bind(t.status_since.millis())
        .bind(t.created_at.millis())
        .bind(t.last_activity_at.millis())
        .bind(t.last_author.kind.as_str())
        .bind(t.last_author.name.as_ref().map(|name| name.as_str().to_owned()))
        .bind(t.snippet.as_str())
        .bind(i64::from(t.message_count))
        .bind(i64::from(t.attachment_count))
        .bind(t.last_team_at.map(Timestamp::millis))
        .bind(t.read_up_to.map(Timestamp::millis))
        .bind(&copy.search_text)
        .bind(&copy.thread)
        .bind(&t.revision)
        .bind(t.recheck_at.map(Timestamp::millis))
        .bind(t.synced_at.millis())
        .fetch_optional(executor)
        .await?;
    row.as_ref().map_or(Err(StoreError::Taken), |row| param(row, "id"))
}

pub(super) fn number(conversation: ConversationId) -> Result<i64, StoreError> {
    i64::try_from(conversation.get()).map_err(|_| StoreError::Unreadable { column: "conversation_id" })
}

fn conversation(number: Option<i64>) -> Option<ConversationId> {
    number.and_then(|number| u64::try_from(number).ok()).and_then(ConversationId::new)
}

/// A pattern for LIKE that takes every character of `text` as it stands.
fn contains(text: &str) -> String {
    let mut pattern = String::with_capacity(text.len() + 2);
    pattern.push('%');
    for character in text.chars() {
        if matches!(character, '%' | '_' | '!') {
            pattern.push('!');
        }
        pattern.push(character);
    }
    pattern.push('%');
    pattern
}

fn ticket(row: &AnyRow) -> Result<StoredTicket, StoreError> {
    debug_assert!(row.len() >= 19, "the columns of COLUMNS");
    let number: Option<i64> = get(row, "number")?;
    Ok(StoredTicket {
        id: param(row, "id")?,
        customer: param(row, "customer_id")?,
        conversation: conversation(get(row, "conversation_id")?),
        number: number.and_then(|number| u32::try_from(number).ok()),
        subject: param(row, "subject")?,
        status: param(row, "status")?,
        status_since: time(row, "status_since")?,
        created_at: time(row, "created_at")?,
        last_activity_at: time(row, "last_activity_at")?,
        last_author: Author {
            kind: param::<AuthorKind>(row, "last_author")?,
            name: maybe_param(row, "last_author_name")?,
        },
        snippet: param(row, "snippet")?,
        message_count: count(row, "message_count")?,
        attachment_count: count(row, "attachment_count")?,
        last_team_at: maybe_time(row, "last_team_at")?,
        read_up_to: maybe_time(row, "read_up_to")?,
        revision: get(row, "revision")?,
        recheck_at: maybe_time(row, "recheck_at")?,
        synced_at: time(row, "synced_at")?,
    })
}

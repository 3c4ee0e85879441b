//! From the help desk's JSON to what customers may see.

use serde_json::value::RawValue;
use shared::Timestamp;

use super::attachments::AttachmentSource;
use super::counters::{Dropped, Operation};
use super::id::{AttachmentId, ConversationId, CustomFieldId, CustomerId, ThreadId};
use super::model::{
    Attachment, Conversation, ConversationStatus, ConversationSummary, CopyAddress, FilledCustomField, Revision,
    Thread, ThreadAuthor, UntrustedBody,
};
use super::outgoing;
use super::transport::Transport;
use super::wire;
use crate::files::MediaType;
use crate::html;

/// A thread whose time is further ahead than this has a wrong time; it is not held back for it.
const PLAUSIBLE_SKEW: i64 = 5 * 60 * 1000;

/// What a conversation is to customers.
pub(super) enum Seen {
    /// One of theirs.
    Visible(ConversationSummary),
    /// It was not asked for: deleted, a draft, or of another mailbox.
    Hidden,
    /// It has no id or no customer.
    Unreadable,
}

pub(super) fn summary(transport: &Transport, wire: &wire::Conversation) -> Seen {
    let settings = &transport.settings;
    let (Some(id), Some(owner)) = (ConversationId::new(wire.id), CustomerId::new(wire.customer.id)) else {
        return Seen::Unreadable;
    };
    if wire.state != "published" || wire.mailbox_id != settings.mailbox.get() {
        return Seen::Hidden;
    }
    let status = match wire.status.as_str() {
        "pending" => ConversationStatus::Pending,
        "closed" => ConversationStatus::Closed,
        "spam" => ConversationStatus::Spam,
        // Also for a status of a later version: the team moves next, which nobody can hold against anybody.
        _ => ConversationStatus::Active,
    };
    let updated_at: String = wire.updated_at.chars().take(30).collect();
    Seen::Visible(ConversationSummary {
        id,
        owner,
        number: u32::try_from(wire.number).ok().filter(|number| *number != 0).unwrap_or_default(),
        subject: wire.subject.clone(),
        status,
        created_at: wire.created_at.unwrap_or_default(),
        closed_at: wire.closed_at.filter(|_| status == ConversationStatus::Closed),
        revision: Revision(format!("{updated_at}/{}/{}", wire.threads_count, status_mark(status))),
        fields: wire.custom_fields.iter().filter_map(|raw| visible_field(transport, raw)).collect(),
    })
}

const fn status_mark(status: ConversationStatus) -> char {
    match status {
        ConversationStatus::Active => 'a',
        ConversationStatus::Pending => 'p',
        ConversationStatus::Closed => 'c',
        ConversationStatus::Spam => 's',
    }
}

fn visible_field(transport: &Transport, raw: &RawValue) -> Option<FilledCustomField> {
    let wire: wire::FieldValue = serde_json::from_str(raw.get()).ok()?;
    let id = CustomFieldId::new(wire.id).filter(|id| transport.settings.visible_fields.contains(id))?;
    let text = if wire.text.is_empty() { wire.value } else { wire.text };
    (!text.is_empty()).then_some(FilledCustomField { id, name: wire.name, text })
}

/// Reads the threads of a conversation that is known to be its owner's.
pub(super) fn conversation(
    transport: &Transport,
    summary: ConversationSummary,
    wire: &wire::Conversation,
) -> Conversation {
    let now = transport.settings.clock.now();
    let hold_back = i64::try_from(transport.settings.hold_back.as_millis()).unwrap_or(i64::MAX);
    let (mut threads, mut unreadable, mut held_back_until) = (Vec::new(), 0_u32, None);
    for raw in &wire.embedded.threads {
        // Looked at first and alone, so that nothing of an internal note is ever read.
        let kind: Option<wire::ThreadKind> = serde_json::from_str(raw.get()).ok();
        match kind {
            Some(kind) if !is_for_customers(&kind) => continue,
            Some(_) => {}
            None => {
                unreadable += 1;
                continue;
            }
        }
        let Some(thread) = thread(transport, &summary, raw) else {
            unreadable += 1;
            continue;
        };
        let age = now.millis() - thread.created_at.millis();
        if matches!(thread.author, ThreadAuthor::Agent { .. }) && (-PLAUSIBLE_SKEW..hold_back).contains(&age) {
            let until = Timestamp::from_millis(thread.created_at.millis().saturating_add(hold_back));
            held_back_until = Some(held_back_until.map_or(until, |earlier: Timestamp| earlier.min(until)));
            continue;
        }
        threads.push(thread);
    }
    // The help desk sorts by time alone, newest first, and leaves equal times to chance.
    threads.sort_by_key(|thread| (thread.created_at, thread.id));
    transport.drop_and_warn(Operation::GetConversation, Dropped::Unreadable, u64::from(unreadable));
    Conversation { cc: copies(wire), summary, threads, held_back_until, unreadable }
}

fn is_for_customers(kind: &wire::ThreadKind) -> bool {
    kind.state == "published" && matches!(kind.kind.as_str(), "customer" | "message")
}

fn copies(wire: &wire::Conversation) -> Vec<CopyAddress> {
    let texts = wire.cc.iter().filter_map(|raw| serde_json::from_str::<String>(raw.get()).ok());
    texts.filter(|text| !text.trim().is_empty()).map(CopyAddress::new).collect()
}

/// Reads one thread that is for customers; `None` when it has no id.
pub(super) fn thread(transport: &Transport, summary: &ConversationSummary, raw: &RawValue) -> Option<Thread> {
    let wire: wire::Thread = serde_json::from_str(raw.get()).ok()?;
    let id = ThreadId::new(wire.id)?;
    let author = author(transport, &wire, summary.owner);
    // Only what came through Raptor carries a mark; the mark in a message of the team's is one that somebody quoted.
    let marker = (author == ThreadAuthor::Owner).then(|| outgoing::read_marker(&wire.body)).flatten();
    let mut attachments = attachments(transport, &wire);
    if matches!(author, ThreadAuthor::Agent { .. }) {
        for attachment in &mut attachments {
            attachment.name = transport.names.file_name(std::mem::take(&mut attachment.name));
        }
    }
    Some(Thread {
        id,
        author,
        created_at: wire.created_at.unwrap_or(summary.created_at),
        marker,
        attachments,
        body: UntrustedBody::new(wire.body),
    })
}

fn author(transport: &Transport, wire: &wire::Thread, owner: CustomerId) -> ThreadAuthor {
    if wire.kind == "message" {
        let by_agent = wire.created_by.kind == "user";
        let first_name = by_agent.then(|| name(&wire.created_by)).flatten();
        return ThreadAuthor::Agent { first_name: first_name.filter(|name| !transport.names.of_team().is_in(name)) };
    }
    // An agent may have written down what a customer said on the phone.
    let person = if wire.created_by.kind == "customer" { &wire.created_by } else { &wire.customer };
    if person.id == owner.get() { ThreadAuthor::Owner } else { ThreadAuthor::Participant { name: name(person) } }
}

fn name(person: &wire::Person) -> Option<String> {
    let name = person.first_name.trim();
    // Where the name is missing some set-ups put the address in its place.
    (!name.is_empty() && !name.contains('@')).then(|| name.to_owned())
}

/// The files that are listed, and those that are only shown within the text.
pub(super) fn attachments(transport: &Transport, wire: &wire::Thread) -> Vec<Attachment> {
    let base = &transport.settings.base;
    let shown: Vec<AttachmentSource> = if wire.body.contains("storage/attachment/") {
        html::image_sources(&wire.body).iter().filter_map(|src| AttachmentSource::parse(base, src)).collect()
    } else {
        Vec::new()
    };
    let mut found = listed(transport, &wire.embedded.attachments);
    for attachment in &mut found {
        attachment.inline = shown.iter().any(|source| source.id() == Some(attachment.id));
    }
    for source in shown {
        let Some(id) = source.id() else { continue };
        if found.iter().all(|attachment| attachment.id != id) {
            let name = source.file_name();
            // Nobody states its type. It is shown within the text, so it is believed to be an image until its bytes are seen.
            let stated_media_type =
                MediaType::of_image(&name).map_or_else(String::new, |known| known.as_str().to_owned());
            found.push(Attachment { id, name, stated_media_type, size: None, inline: true, source });
        }
    }
    found
}

fn listed(transport: &Transport, raws: &[Box<RawValue>]) -> Vec<Attachment> {
    let mut found = Vec::new();
    for raw in raws {
        let wire: Option<wire::Attachment> = serde_json::from_str(raw.get()).ok();
        let Some((wire, id)) = wire.and_then(|wire| AttachmentId::new(wire.id).map(|id| (wire, id))) else {
            transport.drop_and_warn(Operation::GetConversation, Dropped::Unreadable, 1);
            continue;
        };
        match AttachmentSource::parse(&transport.settings.base, &wire.file_url) {
            Some(source) => found.push(Attachment {
                id,
                name: wire.file_name,
                stated_media_type: wire.mime_type,
                size: Some(wire.size),
                inline: false,
                source,
            }),
            None => transport.drop_and_warn(Operation::GetConversation, Dropped::StrayFile, 1),
        }
    }
    found
}

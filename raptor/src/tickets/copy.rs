//! Makes the copy of a conversation: what its customer may see, in the words of the contract.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};
use shared::endpoints::tickets::{
    Attachment, Author, AuthorKind, Delivery, FilledField, Message, Subject, TicketStatus,
};
use shared::rich_text::RichText;
use shared::{AttachmentId, CustomerId, Line, List, MessageId, TicketId, Timestamp};

use crate::files::{FileName, MediaType};
use crate::helpdesk::{Conversation, ConversationStatus, HelpDesk, Names, Thread, ThreadAuthor};
use crate::html::{self, Concealed, Reading};
use crate::ids::DerivedIds;
use crate::store::{StoredTicket, TicketCopy};

/// Characters of all messages together that a search looks at.
const SEARCHED: usize = 200_000;
/// Characters of one message that a search looks at.
const SEARCHED_OF_ONE: usize = 20_000;

/// The part of a copy that only the thread's page needs.
#[derive(Debug, Default, Clone, Serialize, Deserialize)]
pub(crate) struct ThreadCopy {
    /// The visible messages, oldest first by time and then by id.
    pub(crate) messages: Vec<Message>,
    /// Who else gets the team's answers.
    pub(crate) participants: Vec<Line<3, 254>>,
    /// What was filled in beside the message.
    pub(crate) fields: Vec<FilledField>,
}

impl ThreadCopy {
    pub(crate) fn parse(json: &str) -> Self {
        serde_json::from_str(json).unwrap_or_else(|error| {
            tracing::error!(%error, "a copy cannot be read and will be made anew");
            Self::default()
        })
    }

    pub(crate) fn to_json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}

/// The copy of a conversation; `before` is what was kept of it, if anything.
pub(super) fn copy_of(
    desk: &HelpDesk,
    ids: &DerivedIds,
    customer: CustomerId,
    conversation: &Conversation,
    before: Option<&StoredTicket>,
    now: Timestamp,
) -> TicketCopy {
    let mut seen = HashSet::new();
    let messages: Vec<Message> =
        conversation.threads.iter().map(|thread| message(desk, ids, conversation, thread, &mut seen)).collect();
    let summary = &conversation.summary;
    let status = status(conversation);
    let last_activity_at = conversation.last_activity_at();
    let status_since = match before {
        Some(before) if before.status == status => before.status_since,
        _ => summary.closed_at.filter(|_| status == TicketStatus::Resolved).unwrap_or(last_activity_at),
    };
    let newest = messages.last().map(|message| (message.author.clone(), snippet(&message.body)));
    let subject = match conversation.threads.first().map(|thread| &thread.author) {
        // Whoever opened it has said what it is about.
        Some(ThreadAuthor::Agent { .. }) => subject(&desk.names().of_team().clean(&summary.subject)),
        _ => subject(&summary.subject),
    };
    let thread = ThreadCopy {
        participants: conversation
            .cc
            .iter()
            .filter(|address| !desk.names().of_mail().is_in(address.as_str()))
            .filter_map(|address| Line::new(address.as_str()).ok())
            .collect(),
        fields: summary
            .fields
            .iter()
            .filter_map(|field| {
                let label = desk.names().of_team().clean(&field.name);
                Some(FilledField { label: Line::fitted(&label)?, value: Line::fitted(&field.text)? })
            })
            .collect(),
        messages,
    };
    let (last_author, snippet) = newest.unwrap_or((Author { kind: AuthorKind::You, name: None }, Line::default()));
    let of_team = thread.messages.iter().filter(|message| message.author.kind == AuthorKind::Team);
    TicketCopy {
        ticket: StoredTicket {
            id: before.map_or_else(|| TicketId::from_bits(crate::random::bits()), |before| before.id),
            customer,
            conversation: Some(summary.id),
            number: Some(summary.number),
            status,
            status_since,
            created_at: summary.created_at,
            last_activity_at,
            last_author,
            snippet,
            message_count: u32::try_from(thread.messages.len()).unwrap_or(u32::MAX),
            attachment_count: thread.messages.iter().map(|message| message.attachments.len() as u32).sum(),
            last_team_at: of_team.map(|message| message.sent_at).max(),
            read_up_to: before.and_then(|before| before.read_up_to),
            revision: summary.revision.as_str().to_owned(),
            recheck_at: conversation.held_back_until,
            synced_at: now,
            subject: subject.clone(),
        },
        search_text: search_text(&subject, Some(summary.number), thread.messages.iter().map(|message| &message.body)),
        thread: thread.to_json(),
    }
}

/// The copy of a ticket that exists here alone so far.
pub(crate) fn first_copy(
    id: TicketId,
    customer: CustomerId,
    subject: Subject,
    body: &RichText,
    now: Timestamp,
) -> TicketCopy {
    TicketCopy {
        search_text: search_text(&subject, None, std::iter::once(body)),
        thread: ThreadCopy::default().to_json(),
        ticket: StoredTicket {
            id,
            customer,
            conversation: None,
            number: None,
            subject,
            status: TicketStatus::Received,
            status_since: now,
            created_at: now,
            last_activity_at: now,
            last_author: Author { kind: AuthorKind::You, name: None },
            snippet: snippet(body),
            message_count: 1,
            attachment_count: 0,
            last_team_at: None,
            read_up_to: None,
            revision: String::new(),
            recheck_at: None,
            synced_at: now,
        },
    }
}

fn message(
    desk: &HelpDesk,
    ids: &DerivedIds,
    conversation: &Conversation,
    thread: &Thread,
    seen: &mut HashSet<MessageId>,
) -> Message {
    // A mark counts in the customer's own messages alone, and once: whoever copies one by e-mail gets a derived id.
    let marked = thread.marker.filter(|marker| thread.author == ThreadAuthor::Owner && seen.insert(*marker));
    let attachment_id = |id| ids.attachment(conversation.summary.id, id);
    let image = |src: &str| desk.attachment_shown_by(thread, src).map(attachment_id);
    let reading = read(desk.names(), thread, &image);
    let attachments = thread
        .attachments
        .iter()
        .filter_map(|attachment| {
            Some(Attachment {
                id: attachment_id(attachment.id),
                name: Line::fitted(FileName::from_untrusted(&attachment.name).as_str())?,
                media_type: Line::fitted(
                    MediaType::parse(&attachment.stated_media_type).map_or(MediaType::UNKNOWN, MediaType::as_str),
                )?,
                size: u32::try_from(attachment.size.unwrap_or_default()).unwrap_or(u32::MAX),
                inline: attachment.inline,
            })
        })
        .collect();
    Message {
        id: marked.unwrap_or_else(|| ids.message(thread.id)),
        author: author(&thread.author),
        sent_at: thread.created_at,
        body: reading.body,
        quoted: reading.quoted,
        attachments: List::fitted(attachments),
        delivery: Delivery::DELIVERED,
    }
}

/// Reads a message, and takes out what its customer must not learn from others: what they wrote themselves comes back as it was.
fn read(names: &Names, thread: &Thread, image: &dyn Fn(&str) -> Option<AttachmentId>) -> Reading {
    let read = |concealed: &Concealed| html::read(thread.body.as_untrusted(), &html::Context { concealed, image });
    match (&thread.author, thread.marker) {
        (ThreadAuthor::Agent { .. }, _) => read(names.of_team()),
        // Typed into the portal.
        (ThreadAuthor::Owner, Some(_)) => read(&Concealed::nothing()),
        // Mailed: what the mail quotes below is the team's.
        (ThreadAuthor::Owner | ThreadAuthor::Participant { .. }, _) => {
            let (own, quoting) = (read(names.of_mail()), read(names.of_team()));
            // Only where both tell the quoted part apart at the same place.
            if own.body.blocks().len() == quoting.body.blocks().len() {
                Reading { body: own.body, ..quoting }
            } else {
                quoting
            }
        }
    }
}

fn author(author: &ThreadAuthor) -> Author {
    let named = |kind, name: &Option<String>| Author { kind, name: name.as_deref().and_then(Line::fitted) };
    match author {
        ThreadAuthor::Owner => Author { kind: AuthorKind::You, name: None },
        ThreadAuthor::Participant { name } => named(AuthorKind::Participant, name),
        ThreadAuthor::Agent { first_name } => named(AuthorKind::Team, first_name),
    }
}

/// Where a ticket stands, in the customer's words. Spam is shown as received: a ticket must not vanish because a filter took fright.
fn status(conversation: &Conversation) -> TicketStatus {
    match conversation.summary.status {
        ConversationStatus::Active if conversation.is_answered() => TicketStatus::Working,
        ConversationStatus::Active | ConversationStatus::Spam => TicketStatus::Received,
        ConversationStatus::Pending => TicketStatus::WaitingForYou,
        ConversationStatus::Closed => TicketStatus::Resolved,
    }
}

fn subject(text: &str) -> Subject {
    Line::fitted(text.trim()).unwrap_or_else(|| Line::fitted("(no subject)").unwrap_or_default())
}

fn snippet(body: &RichText) -> Line<0, 200> {
    Line::fitted(&body.plain_text(200)).unwrap_or_default()
}

/// What a search looks at: subject, number, and the beginning of every message, lower case.
fn search_text<'a>(subject: &str, number: Option<u32>, bodies: impl Iterator<Item = &'a RichText>) -> String {
    let mut text = subject.to_lowercase();
    if let Some(number) = number {
        text.push_str(&format!(" #{number}"));
    }
    for body in bodies {
        if text.len() >= SEARCHED {
            break;
        }
        text.push(' ');
        text.push_str(&body.plain_text(SEARCHED_OF_ONE).to_lowercase());
    }
    text
}

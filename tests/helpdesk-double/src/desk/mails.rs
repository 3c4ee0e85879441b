//! Mail that the help desk sends by itself, straight to customers and past every proxy.

use super::{
    model::{Conversation, Thread},
    state::State,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// One mail that went out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mail {
    /// Recipients, copies included.
    pub to: Vec<String>,
    /// Subject.
    pub subject: String,
    /// Headers that name the vendor, whatever the settings.
    pub headers: BTreeMap<String, String>,
    /// HTML with the footer that is on by default.
    pub body: String,
    /// Conversation it belongs to.
    pub conversation_id: u64,
}

/// Mails kept; the oldest go first.
const MAX_MAILS: usize = 1_000;

/// Why a mail is sent; also part of its headers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum MailKind {
    /// An agent's message.
    Reply,
    /// "We have received your message".
    AutoReply,
}

impl State {
    pub(super) fn send_mail(&mut self, conversation_id: u64, kind: MailKind) {
        let Some(conversation) = self.conversations.get(&conversation_id) else { return };
        let Some(thread) = conversation.threads.last() else { return };
        let mail = mail(conversation, thread, kind);
        if self.mails.len() >= MAX_MAILS {
            self.mails.remove(0);
        }
        self.mails.push(mail);
    }
}

fn mail(conversation: &Conversation, thread: &Thread, kind: MailKind) -> Mail {
    let (mail_type, prefix, text) = match kind {
        MailKind::Reply => ("customer.message", "FS_reply", thread.body.clone().unwrap_or_default()),
        MailKind::AutoReply => ("auto.reply", "FS_autoreply", "<p>We have received your message.</p>".to_owned()),
    };
    let id = thread.id;
    Mail {
        to: std::iter::once(conversation.customer_email.clone()).chain(thread.cc.iter().cloned()).collect(),
        subject: format!("Re: [#{}] {}", conversation.number, conversation.subject),
        headers: BTreeMap::from([
            ("Message-ID".to_owned(), format!("<{prefix}-{id}-{:016x}@desk.raxx.test>", super::tie_break(id))),
            ("X-FreeScout-Mail-Type".to_owned(), mail_type.to_owned()),
        ]),
        body: format!("{text}<p>Support powered by <a href=\"https://landing.freescout.net\">FreeScout</a></p>"),
        conversation_id: conversation.id,
    }
}

//! In dev, somebody answers: a note for colleagues first, then the customer.

use crate::{
    desk::{
        Desk, Event,
        model::{Status, ThreadState, ThreadType},
        tie_break,
    },
    operator::requests::{AgentNote, AgentReply},
};
use std::{sync::Arc, time::Duration};
use tokio::{sync::broadcast::error::RecvError, task::JoinSet};

/// Answers new tickets after `wait`, and later replies now and then, until dropped.
pub(crate) async fn run(desk: Arc<Desk>, wait: Duration) {
    let mut events = desk.events.subscribe();
    // Dropping the set ends the waiting answers along with this task.
    let mut answers = JoinSet::new();
    loop {
        let (id, is_new) = match events.recv().await {
            Ok(Event::Conversation { name: "convo.created", id }) => (id, true),
            Ok(Event::Conversation { name: "convo.customer.reply.created", id }) => (id, false),
            Ok(_) | Err(RecvError::Lagged(_)) => continue,
            Err(RecvError::Closed) => return,
        };
        let desk = Arc::clone(&desk);
        answers.spawn(async move { answer(&desk, id, is_new, wait).await });
        while answers.try_join_next().is_some() {}
    }
}

async fn answer(desk: &Desk, id: u64, is_new: bool, wait: Duration) {
    tokio::time::sleep(wait / 2).await;
    let Some(question) = desk.read(|state| Question::read(state, id)) else { return };
    if !is_new && !question.deserves_another_answer() {
        return;
    }
    let agent = question.agent();
    // The conversation may be gone by now; then there is nobody to answer.
    let note = AgentNote { agent: Some(agent.to_owned()), text: question.note(), ..AgentNote::default() };
    if desk.add_note(id, note).is_err() {
        return;
    }
    tokio::time::sleep(wait - wait / 2).await;
    let _ = desk.reply_as_agent(id, AgentReply::html(question.answer(is_new)).by(agent));
}

/// What the customer wrote last.
struct Question {
    thread_id: u64,
    text: String,
    first_name: String,
    customer_threads: usize,
    status: Status,
}

impl Question {
    fn read(state: &crate::desk::State, id: u64) -> Option<Self> {
        let conversation = state.conversations.get(&id)?;
        let by_customer = || {
            conversation
                .threads
                .iter()
                .filter(|thread| thread.kind == ThreadType::Customer && thread.state == ThreadState::Published)
        };
        let last = by_customer().next_back()?;
        let body = last.body.as_deref().unwrap_or("");
        Some(Self {
            thread_id: last.id,
            text: format!("{} {body}", conversation.subject).to_lowercase(),
            first_name: state.customers.get(&conversation.customer_id)?.first_name.clone(),
            customer_threads: by_customer().count(),
            status: conversation.status,
        })
    }

    /// The first reply gets an answer, later ones every other time; a closed ticket gets none.
    fn deserves_another_answer(&self) -> bool {
        self.status != Status::Closed && (self.customer_threads <= 2 || tie_break(self.thread_id).is_multiple_of(2))
    }

    fn agent(&self) -> &'static str {
        match tie_break(self.thread_id) % 3 {
            0 => "Maya",
            1 => "Jonas",
            _ => "Ada",
        }
    }

    fn note(&self) -> String {
        format!(
            "<b>Internal:</b> looked at the account, nothing unusual. Customer's message no. {}.",
            self.customer_threads
        )
    }

    fn answer(&self, is_new: bool) -> String {
        let greeting = match self.first_name.trim() {
            "" => "<p>Hello,</p>".to_owned(),
            name => format!("<p>Hi {},</p>", name.replace('&', "&amp;").replace('<', "&lt;")),
        };
        if !is_new {
            return format!(
                "{greeting}<p>thank you, that helps. I have added it to what we know:</p><ul><li>seen on your side</li>\
                 <li>reproduced here</li></ul><p>You will hear from us once the fix is live.</p>"
            );
        }
        let mentions = |words: &[&str]| words.iter().any(|word| self.text.contains(word));
        let body = if mentions(&["invoice", "billing", "refund", "charge"]) {
            "<p>I looked at your billing:</p><ul><li>the last invoice is paid</li><li>the next one is due on the 1st</li></ul>\
             <p>You find all of them <a href=\"https://raxx.app/account/invoices\">under Account › Invoices</a>. Is it one of those?</p>"
        } else if mentions(&["passkey", "sign in", "login", "device"]) {
            "<p>A passkey stays with the device that made it. To add another one:</p><ol><li>sign in where it works</li>\
             <li>open <em>Account › Passkeys</em></li><li>choose <em>Add another</em></li></ol>\
             <p>We can never add one for you, and nobody of us will ask for a code.</p>"
        } else if mentions(&["rule", "exit", "order", "fill"]) {
            "<p>thank you for reporting this. Could you tell us the <strong>position id</strong> and the time? The log line looks like this:</p>\
             <pre><code>14:31:07.412 rule=exit-50 position=pos_4411 pnl=0.512 -&gt; CLOSE</code></pre>\
             <p>How rules are evaluated is described <a href=\"https://raxx.app/docs/exit-rules\">in the guide</a>.</p>"
        } else {
            "<p>thank you for writing. I have read your message and looked at your account. To be sure that we talk about the same thing:</p>\
             <ul><li>Since when do you see it?</li><li>Does a reload of the page change it?</li></ul>\
             <p>If you have it at hand, the version under <code>Help › About</code> speeds things up.</p>"
        };
        format!("{greeting}{body}")
    }
}

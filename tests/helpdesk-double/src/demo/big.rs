//! Tickets for tests of size.

use super::tickets::{HOUR, MINUTE};
use crate::{
    desk::model::{Status, ThreadType},
    operator::requests::{SeedConversation, SeedThread},
};

/// One ticket with this many messages, at least one, five minutes apart, with a note after every tenth.
pub(super) fn long_ticket(customer_id: u64, messages: usize) -> SeedConversation {
    let messages = messages.max(1);
    let mut threads = Vec::with_capacity(messages + messages / 10);
    let mut ago = i64::try_from(messages).unwrap_or(0) * 5 * MINUTE + HOUR;
    for index in 0..messages {
        let number = index + 1;
        threads.push(if index % 2 == 0 {
            let body = format!("Reading {number}: the margin display shows {} USD now.", 12_000 + index * 37);
            SeedThread::new(ThreadType::Customer, ago, body)
        } else {
            let agent = ["Maya", "Jonas", "Ada"].get(index % 3).copied().unwrap_or("Maya");
            let body = format!(
                "<p>Thank you, reading {number} is noted.</p><ul><li>broker: <code>{}</code></li><li>ours: <code>{}</code></li></ul>",
                12_000 + index * 37,
                12_000 + index * 36
            );
            SeedThread::new(ThreadType::Message, ago, body).by(agent)
        });
        if index % 10 == 9 {
            threads.push(SeedThread::new(ThreadType::Note, ago - MINUTE, format!("checked up to reading {number}")));
        }
        ago -= 5 * MINUTE;
    }
    SeedConversation {
        customer_id,
        subject: "Margin display drifts from the broker's, readings every five minutes".to_owned(),
        threads,
        ..SeedConversation::default()
    }
}

/// One of many small tickets, an hour apart, in turning status.
pub(super) fn small_ticket(customer_id: u64, index: usize) -> SeedConversation {
    let ago = i64::try_from(index).unwrap_or(0) * HOUR + 2 * HOUR;
    let status = [Status::Active, Status::Pending, Status::Closed].get(index % 3).copied();
    let mut threads = vec![SeedThread::new(
        ThreadType::Customer,
        ago,
        format!("Order ord_{} shows as open although the broker filled it.", 90_000 + index),
    )];
    if !index.is_multiple_of(3) {
        let answer = "<p>Thank you, we compare it with the broker's record.</p>";
        threads.push(SeedThread::new(ThreadType::Message, ago - MINUTE, answer));
    }
    SeedConversation {
        customer_id,
        subject: format!("Order ord_{} still open", 90_000 + index),
        status,
        threads,
        ..SeedConversation::default()
    }
}

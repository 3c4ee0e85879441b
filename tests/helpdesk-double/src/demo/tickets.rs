//! The tickets of one options trader, in every status, with everything that real tickets carry.

use super::files::{chart_png, fills_csv, invoice_pdf, rule_log};
use crate::{
    desk::model::{ConversationState, Status, ThreadState, ThreadType},
    operator::requests::{SeedConversation, SeedThread},
};
use std::collections::BTreeMap;

pub(super) const MINUTE: i64 = 60;
pub(super) const HOUR: i64 = 60 * MINUTE;
pub(super) const DAY: i64 = 24 * HOUR;

/// Ten tickets that a customer may see, and two that the help desk returns unless asked not to.
pub(super) fn all(customer_id: u64) -> Vec<SeedConversation> {
    [
        exit_rule_fired_twice(),
        fills_missing(),
        invoice(),
        passkey(),
        margin_display(),
        long_subject(),
        broker_reconnect(),
        long_thread(),
        just_opened(),
        taken_for_spam(),
        binned(),
        agents_draft(),
    ]
    .into_iter()
    .map(|ticket| SeedConversation { customer_id, ..ticket })
    .collect()
}

fn customer(ago: i64, body: &str) -> SeedThread {
    SeedThread::new(ThreadType::Customer, ago, body)
}

fn message(agent: &str, ago: i64, body: &str) -> SeedThread {
    SeedThread::new(ThreadType::Message, ago, body).by(agent)
}

fn note(agent: &str, ago: i64, body: &str) -> SeedThread {
    SeedThread::new(ThreadType::Note, ago, body).by(agent)
}

fn lineitem(agent: &str, ago: i64, what: &str) -> SeedThread {
    SeedThread::new(ThreadType::Lineitem, ago, what).by(agent)
}

fn ticket(subject: &str, status: Status, topic: u32, threads: Vec<SeedThread>) -> SeedConversation {
    SeedConversation {
        subject: subject.to_owned(),
        status: Some(status),
        custom_fields: BTreeMap::from([(18, topic.to_string()), (22, "2".to_owned()), (23, "ACC-00417".to_owned())]),
        tags: vec!["vip-watch".to_owned()],
        threads,
        ..SeedConversation::default()
    }
}

fn exit_rule_fired_twice() -> SeedConversation {
    let opened = customer(
        3 * DAY + 2 * HOUR,
        "Hi team,\n\nmy 50 % profit exit fired twice on pos_4411 today. The second order opened a short position that I \
         never wanted.\n\nThe log is attached. Please tell me\n1. why it fired twice\n2. whether I can trust it tomorrow\n\nDana",
    )
    .with_file(rule_log("rule log #1.txt"));
    let answer = message(
        "Maya",
        3 * DAY + HOUR,
        "<p>Hi Dana,</p><p>thank you for the log, that made it quick. The rule saw <strong>two price updates 491&nbsp;ms \
         apart</strong> and had not yet heard back from your broker about the first order:</p>\
         <pre><code>14:31:07.418 order=ord_88130 submitted\n14:31:07.903 pnl=0.511 -&gt; CLOSE</code></pre>\
         <p>What we did:</p><ol><li>paused the rule on <code>pos_4411</code></li><li>put a lock around the pair \
         <code>position + rule</code></li><li>closed nothing on your behalf: the short is still yours to decide on</li></ol>\
         <p>How exits work is described <a href=\"https://raxx.app/docs/exit-rules?from=ticket\">in the guide</a>.</p>\
         <p>Maya</p>",
    );
    ticket(
        "Exit rule fired twice",
        Status::Pending,
        2,
        vec![
            opened,
            note(
                "Jonas",
                3 * DAY + 90 * MINUTE,
                "<b>INTERNAL</b> race in rule engine, see incident 212. Do not promise a refund.",
            ),
            answer,
            lineitem("Maya", 3 * DAY + HOUR - 20, "assigned to Maya"),
            message(
                "Maya",
                2 * DAY,
                "<p>The lock is live since this morning. Would you check that the rule is armed again on your side?</p>",
            ),
        ],
    )
}

fn fills_missing() -> SeedConversation {
    let gmail = "<div dir=\"ltr\">Thanks, I compared again and <b>one row is still missing</b> (ord_88126).<div><br></div>\
        <div>The export is attached.</div></div><img src=\"https://mail-tracker.example/open.gif?m=4411\" width=\"1\" height=\"1\" alt=\"\"><br><div class=\"gmail_quote gmail_quote_container\"><div dir=\"ltr\" \
        class=\"gmail_attr\">On Tue, Nov 17, 2026 at 9:12 AM Raxx Support &lt;support@desk.raxx.test&gt; wrote:<br></div>\
        <blockquote class=\"gmail_quote\" style=\"margin:0px 0px 0px 0.8ex;border-left:1px solid rgb(204,204,204);\
        padding-left:1ex\"><p>Hi Dana,</p><p>we reloaded the day from your broker.</p></blockquote></div>";
    let mut ticket = ticket(
        "Fills missing from the audit trail",
        Status::Active,
        1,
        vec![
            customer(5 * DAY, "The audit trail of Nov 12 has three fills, my broker reports four."),
            message(
                "Jonas",
                4 * DAY + 20 * HOUR,
                "<p>Hi Dana,</p><p>we reloaded the day from your broker. Is it complete now?</p>",
            ),
            SeedThread { cc: vec!["taxes@whitfield.example".to_owned()], ..customer(4 * DAY, gmail) }
                .with_file(fills_csv("fills 2026-11-12.csv"))
                .with_file(chart_png("chart.png")),
            note("Jonas", 3 * DAY + 22 * HOUR, "broker feed dropped a packet, ops knows. Customer is right."),
        ],
    );
    ticket.assignee = Some("Jonas".to_owned());
    ticket
}

fn invoice() -> SeedConversation {
    let pdf = invoice_pdf(
        "Invoice 2026-10.pdf",
        &["Raxx", "Invoice 2026-10", "Structure plan, October 2026", "Total 49.00 USD"],
    );
    let outlook = "<html xmlns:o=\"urn:schemas-microsoft-com:office:office\"><head><style><!-- p.MsoNormal {margin:0cm;font-size:11.0pt;} \
        --></style></head><body lang=\"EN-GB\" link=\"#0563C1\"><div class=\"WordSection1\"><p class=\"MsoNormal\">Perfect, thank you.<o:p></o:p></p>\
        <p class=\"MsoNormal\"><o:p>&nbsp;</o:p></p><div style=\"border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm\">\
        <p class=\"MsoNormal\"><b>From:</b> Raxx Support &lt;support@desk.raxx.test&gt;<br><b>Sent:</b> Tuesday, 3 November 2026 10:02<br>\
        <b>Subject:</b> Invoice for October<o:p></o:p></p></div><p class=\"MsoNormal\">Here is the invoice again.<o:p></o:p></p></div></body></html>";
    ticket(
        "Invoice for October",
        Status::Closed,
        3,
        vec![
            customer(
                20 * DAY,
                "I cannot find the invoice for October. Could you send it with my company's name on it?",
            ),
            message("Ada", 19 * DAY, "<p>Here is the invoice again, with the name that you gave us.</p>")
                .with_file(pdf),
            customer(19 * DAY - 3 * HOUR, outlook),
            lineitem("Ada", 19 * DAY - 4 * HOUR, "marked as Closed"),
        ],
    )
}

fn passkey() -> SeedConversation {
    ticket(
        "Passkey on a second laptop?",
        Status::Closed,
        4,
        vec![
            customer(12 * DAY, "Can I sign in on a second laptop without the phone that holds my passkey?"),
            message(
                "Teo",
                12 * DAY - 2 * HOUR,
                "<p>Yes. On the laptop that is signed in:</p><ul><li>open <em>Account › Passkeys</em></li><li>choose \
                 <em>Add another</em></li><li>scan the code with the second laptop</li></ul><p>We can never add one for you, \
                 and nobody of us will ask for a code.</p>",
            ),
            customer(11 * DAY, "Worked, thanks!"),
            lineitem("Teo", 11 * DAY - HOUR, "marked as Closed"),
        ],
    )
}

fn margin_display() -> SeedConversation {
    let inline = message(
        "Ada",
        30 * HOUR,
        "<p>Is it this number?</p><p><img src=\"attachment:0\" alt=\"margin panel\" width=\"96\"></p><p>If so, it is the \
         broker's figure of <u>last night</u>; the live one is two lines below.</p><blockquote><p>Margin display is wrong since \
         the update</p></blockquote>",
    )
    .with_file(chart_png("margin panel.png"));
    ticket(
        "Margin display is wrong since the update",
        Status::Pending,
        5,
        vec![
            customer(
                2 * DAY,
                "Margin display is wrong since the update: it shows 18,400 where my broker shows 12,150.",
            )
            .with_file(chart_png("Screenshot 2026-11-20 at 09.14.12.png")),
            inline,
            note("Ada", 29 * HOUR, "if she insists, escalate to Maya"),
        ],
    )
}

fn long_subject() -> SeedConversation {
    ticket(
        "Rückfrage zur Steuerbescheinigung: Optionsprämien, Stillhaltergeschäfte und Glattstellungen 2025 werden in der \
         Jahresübersicht doppelt ausgewiesen, obwohl die Abrechnungen der Depotbank je Geschäftsvorfall nur einmal vorliegen",
        Status::Active,
        5,
        vec![
            customer(
                9 * HOUR,
                "Guten Tag,\n\nin der Jahresübersicht erscheinen die Prämien doppelt (1.204,50 € statt 602,25 €). Größere \
                 Beträge stimmen. Können Sie das prüfen?\n\nViele Grüße 🙂",
            ),
            SeedThread {
                cc: vec!["steuerbuero@whitfield.example".to_owned(), "partner@whitfield.example".to_owned()],
                ..message(
                    "Maya",
                    8 * HOUR,
                    "<p>Guten Tag,</p><p>danke, wir prüfen die Übersicht und melden uns heute noch.</p>",
                )
            },
            SeedThread {
                cc: vec!["steuerbuero@whitfield.example".to_owned()],
                ..customer(7 * HOUR, "Danke, das Steuerbüro liest mit.")
            },
        ],
    )
}

fn broker_reconnect() -> SeedConversation {
    ticket(
        "Broker connection drops every night",
        Status::Closed,
        1,
        vec![
            customer(33 * DAY, "Every night at 02:00 the connection to my broker drops and I must reconnect by hand."),
            message(
                "Jonas",
                32 * DAY,
                "<p>Your broker restarts its gateway then. We now reconnect by ourselves within a minute.</p>",
            ),
            // Both in one second: only the id tells which came first.
            customer(31 * DAY, "Seems fine tonight."),
            customer(31 * DAY, "And the positions came back as well."),
            lineitem("Jonas", 30 * DAY, "marked as Closed"),
        ],
    )
}

fn long_thread() -> SeedConversation {
    let mut threads =
        vec![customer(16 * DAY, "Can we go through my roll-over settings one by one? There are thirty of them.")];
    for step in 1..30_i64 {
        let ago = 16 * DAY - step * 8 * HOUR;
        let agent = if step % 4 == 0 { "Ada" } else { "Maya" };
        threads.push(message(
            agent,
            ago + 4 * HOUR,
            &format!(
                "<p><strong>Setting {step}.</strong> Keep <code>roll.window[{step}]</code> at <em>{} days</em>.</p>",
                step + 5
            ),
        ));
        threads.push(customer(ago, &format!("Setting {step} done. Next, please.")));
        if step % 9 == 0 {
            threads.push(note(
                "Maya",
                ago - MINUTE,
                &format!("took {step} rounds so far; write an article about this"),
            ));
        }
    }
    threads.push(message(
        "Maya",
        5 * DAY,
        "<p>That was the last one. <a href=\"mailto:feedback@raxx.app\">Tell us</a> how it went.</p>",
    ));
    ticket("Roll-over settings, one by one", Status::Pending, 2, threads)
}

fn just_opened() -> SeedConversation {
    ticket(
        "Paper account shows yesterday's prices",
        Status::Active,
        5,
        vec![customer(25 * MINUTE, "Since 09:30 the paper account shows yesterday's closing prices. Live is fine.")],
    )
}

fn taken_for_spam() -> SeedConversation {
    let mut ticket = ticket(
        "CLAIM your missing fills!!!",
        Status::Spam,
        1,
        vec![customer(6 * DAY, "Sorry for the subject, my mail program did that. Two fills are missing again.")],
    );
    ticket.tags = vec!["spam-filter".to_owned()];
    ticket
}

fn binned() -> SeedConversation {
    let mut ticket = ticket("Test, please ignore", Status::Active, 6, vec![customer(8 * DAY, "test")]);
    ticket.state = Some(ConversationState::Deleted);
    ticket
}

fn agents_draft() -> SeedConversation {
    let draft =
        SeedThread { state: Some(ThreadState::Draft), ..message("Ada", 14 * DAY - HOUR, "<p>Draft, not sent yet</p>") };
    ticket(
        "Does the strike picker support weekly options?",
        Status::Active,
        6,
        vec![customer(14 * DAY, "Does the strike picker support weekly options?"), draft],
    )
}

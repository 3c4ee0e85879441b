//! What must not leave has no way out: every forbidden field of the double carries a token, and none is found in anything that the
//! client gives.

use std::collections::BTreeSet;

use helpdesk_double::{AgentNote, SeedDemo};
use raptor::helpdesk::{CustomFieldId, ListRequest, ReadError};
use raptor::html;

use super::*;

#[tokio::test]
async fn no_token_comes_out() {
    let config = Config { canary: true, ..Config::default() };
    let desk = Desk::start_with(config, |settings| {
        settings.visible_fields = BTreeSet::from([CustomFieldId::new(18).unwrap()]);
    })
    .await;
    let seed = SeedDemo { email: "dana@example.test".into(), first_name: "Dana".into(), ..SeedDemo::default() };
    let demo = desk.double.seed_demo(&seed).unwrap();
    let dana =
        CustomerId::new(desk.double.read(|state| state.conversations[&demo.conversation_ids[0]].customer_id)).unwrap();
    for id in &demo.conversation_ids {
        desk.double.note(*id, AgentNote { text: "internal".into(), ..AgentNote::default() }).unwrap();
    }

    let mut out = format!("{:?}", desk.client.list_custom_fields().await.unwrap());
    let list = desk.client.list_conversations(dana, ListRequest::default()).await.unwrap();
    assert!(!list.items.is_empty());
    out.push_str(&format!("{list:?}"));
    for item in &list.items {
        let conversation = desk.client.get_conversation(dana, item.id).await.unwrap();
        out.push_str(&format!("{conversation:?}"));
        for thread in &conversation.threads {
            let context = html::Context { concealed: desk.client.names().of_team(), image: &|_| None };
            let reading = html::read(thread.body.as_untrusted(), &context);
            let json = serde_json::to_string(&(&reading.body, &reading.quoted)).unwrap();
            out.push_str(&json);
        }
        out.push_str(&format!(
            "{:?}",
            conversation.cc.iter().map(|address| address.as_str().to_owned()).collect::<Vec<_>>()
        ));
    }
    out.push_str(&format!("{:?}", desk.client.get_customer(dana).await.unwrap()));

    let canaries = desk.double.canaries();
    assert!(canaries.len() > 20, "the double plants tokens");
    let leaked: Vec<_> = canaries.iter().filter(|canary| out.contains(&canary.token)).collect();
    assert!(leaked.is_empty(), "{leaked:?}");
}

#[tokio::test]
async fn no_text_of_an_error_comes_out() {
    let desk = Desk::start().await;
    let dana = desk.customer("Dana");
    let conversation = desk.conversation(dana, "refund");
    for kind in helpdesk_double::FaultKind::one_of_each(1) {
        let waits =
            matches!(kind, helpdesk_double::FaultKind::HangBeforeCommit | helpdesk_double::FaultKind::HangAfterCommit);
        if waits {
            continue;
        }
        desk.double.inject(helpdesk_double::Fault::once(kind.clone()));
        let told = match desk.client.get_conversation(dana, conversation).await {
            Ok(_) => continue,
            Err(error) => format!("{error} {error:?}").to_lowercase(),
        };
        for word in ["freescout", "whoops", "laravel", "<", "127.0.0.1", "storage", "cloudflare"] {
            assert!(!told.contains(word), "{kind:?} told {told}");
        }
        desk.client.replace_secrets(Secrets { api_key: desk.double.api_key.clone().into(), access_gate: None });
    }
}

#[tokio::test]
async fn secrets_are_sent_where_they_belong_and_can_be_replaced() {
    use raptor::helpdesk::{AccessGateToken, Cause};
    let config = Config { access_gate: Some(("gate-id".into(), "gate-secret".into())), ..Config::default() };
    let desk = Desk::start_with(config, |_| {}).await;
    let dana = desk.customer("Dana");
    let conversation = desk.conversation(dana, "refund");
    let outcome = desk.client.get_conversation(dana, conversation).await;
    assert_eq!(outcome, Err(ReadError::Unavailable(Cause::AccessGate)));
    let token = AccessGateToken { client_id: "gate-id".into(), client_secret: "gate-secret".into() };
    let wrong = Secrets { api_key: "0".repeat(32).into(), access_gate: Some(token.clone()) };
    desk.client.replace_secrets(wrong);
    let outcome = desk.client.get_conversation(dana, conversation).await;
    assert_eq!(outcome, Err(ReadError::Unavailable(Cause::Unauthorized)));
    desk.client.replace_secrets(Secrets { api_key: desk.double.api_key.clone().into(), access_gate: Some(token) });
    assert!(desk.client.get_conversation(dana, conversation).await.is_ok());
    let counts = desk.double.counts();
    assert_eq!((counts.keys_outside_the_header, counts.file_url_attempts), (0, 0));
}

//! Nobody gets anything of anybody else's.

use std::num::NonZeroU32;

use helpdesk_double::{SeedCustomer, SeedThread, model::ConversationState, model::ThreadType};
use raptor::helpdesk::{
    Dropped, Email, ListOrder, ListRequest, NewCustomer, Operation, ReadError, Refusal, WantedStatus, WriteError,
};

use super::*;

#[tokio::test]
async fn another_customers_conversation_does_not_exist() {
    let desk = Desk::start().await;
    let (dana, eve) = (desk.customer("Dana"), desk.customer("Eve"));
    let danas = desk.conversation(dana, "refund");
    assert!(desk.client.get_conversation(dana, danas).await.is_ok());
    assert_eq!(desk.client.get_conversation(eve, danas).await, Err(ReadError::NotFound));
    let missing = ConversationId::new(999_999).unwrap();
    assert_eq!(desk.client.get_conversation(eve, missing).await, Err(ReadError::NotFound));

    let refused = Err(WriteError::Refused(Refusal::NotFound));
    assert_eq!(desk.client.reply(eve, danas, &message("mine now", 1), &[]).await, refused);
    assert_eq!(
        desk.client.set_status(eve, danas, WantedStatus::Closed).await,
        Err(WriteError::Refused(Refusal::NotFound))
    );
    assert_eq!(desk.client.add_note(eve, danas, &compose("x")).await, Err(WriteError::Refused(Refusal::NotFound)));
    assert_eq!(desk.held(danas), 1);
    assert_eq!(desk.double.read(|state| state.conversations[&danas.get()].customer_id), dana.get());
}

#[tokio::test]
async fn hidden_conversations_do_not_exist() {
    let desk = Desk::start().await;
    let dana = desk.customer("Dana");
    for state in [ConversationState::Deleted, ConversationState::Draft] {
        let conversation = desk.conversation(dana, "refund");
        desk.double.set_state(conversation.get(), state).unwrap();
        assert_eq!(desk.client.get_conversation(dana, conversation).await, Err(ReadError::NotFound), "{state:?}");
    }
    assert!(desk.client.list_conversations(dana, ListRequest::default()).await.unwrap().items.is_empty());

    let other_mailbox =
        Desk::start_with(Config::default(), |settings| settings.mailbox = MailboxId::new(77).unwrap()).await;
    let dana = other_mailbox.customer("Dana");
    let conversation = other_mailbox.conversation(dana, "refund");
    assert_eq!(other_mailbox.client.get_conversation(dana, conversation).await, Err(ReadError::NotFound));
}

#[tokio::test]
async fn lists_hold_the_customers_own_alone() {
    let desk = Desk::start().await;
    let (dana, eve) = (desk.customer("Dana"), desk.customer("Eve"));
    let mut expected = Vec::new();
    for number in 0..7 {
        expected.push(desk.conversation(dana, &format!("d{number}")));
        desk.conversation(eve, &format!("e{number}"));
    }
    let mut seen = Vec::new();
    let mut page = NonZeroU32::MIN;
    loop {
        let request = ListRequest { page, page_size: 3, order: ListOrder::Oldest, created_since: None };
        let list = desk.client.list_conversations(dana, request).await.unwrap();
        assert!(list.items.len() <= 3 && list.total == 7);
        seen.extend(list.items.iter().map(|item| item.id));
        if !list.has_more {
            break;
        }
        page = page.checked_add(1).unwrap();
    }
    seen.sort_unstable();
    assert_eq!(seen, expected);
    assert_eq!(desk.client.counters().dropped(Dropped::Foreign), 0);
}

/// A front that takes the filters away, as the help desk itself does with those that it does not understand.
async fn without_filters(double: &Handle) -> (String, tokio::task::JoinHandle<()>) {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let target = double.address;
    let task = tokio::spawn(async move {
        while let Ok((mut from, _)) = listener.accept().await {
            let mut request = vec![0; 16 * 1024];
            let length = from.read(&mut request).await.unwrap_or(0);
            let text = String::from_utf8_lossy(&request[..length]).into_owned();
            let (line, headers) = text.split_once("\r\n").unwrap_or_default();
            let path = line.split('?').next().unwrap_or_default();
            let headers: String = headers
                .split("\r\n")
                .filter(|header| !header.to_lowercase().starts_with("connection"))
                .map(|header| format!("{header}\r\n"))
                .collect();
            let bare = format!("{path} HTTP/1.1\r\nconnection: close\r\n{}\r\n\r\n", headers.trim_end());
            if let Ok(mut to) = tokio::net::TcpStream::connect(target).await {
                let _ = to.write_all(bare.as_bytes()).await;
                let mut answer = Vec::new();
                let _ = to.read_to_end(&mut answer).await;
                let _ = from.write_all(&answer).await;
            }
        }
    });
    (format!("http://{address}"), task)
}

#[tokio::test]
async fn what_comes_of_others_is_dropped_and_counted() {
    let desk = Desk::start().await;
    let (dana, eve) = (desk.customer("Dana"), desk.customer("Eve"));
    let danas = desk.conversation(dana, "refund");
    for number in 0..4 {
        desk.conversation(eve, &format!("e{number}"));
    }
    let (front, task) = without_filters(&desk.double).await;
    let settings = Settings::new(BaseUrl::parse(&front).unwrap(), MailboxId::new(desk.double.mailbox_id).unwrap());
    let client =
        HelpDesk::new(settings, Secrets { api_key: desk.double.api_key.clone().into(), access_gate: None }).unwrap();
    let list = client.list_conversations(dana, ListRequest::default()).await.unwrap();
    assert_eq!(list.items.iter().map(|item| item.id).collect::<Vec<_>>(), [danas]);
    assert_eq!(client.counters().dropped(Dropped::Foreign), 4);
    let found = client.find_customer(&Email::parse("dana@example.test").unwrap()).await.unwrap();
    assert_eq!(found.map(|customer| customer.id), Some(dana));
    let nobody = client.find_customer(&Email::parse("nobody@example.test").unwrap()).await.unwrap();
    assert_eq!(nobody, None);
    task.abort();
}

#[tokio::test]
async fn customers_are_found_by_any_of_their_addresses_in_any_case() {
    let desk = Desk::start().await;
    let seed = SeedCustomer {
        emails: vec!["Old.Address@Example.test".into(), "new@example.test".into()],
        first_name: "Dana".into(),
        keep_case: true,
        ..SeedCustomer::default()
    };
    let dana = CustomerId::new(desk.double.seed_customer(seed).unwrap()).unwrap();
    for address in ["old.address@example.test", "OLD.ADDRESS@example.test", "new@example.test"] {
        let found = desk.client.find_customer(&Email::parse(address).unwrap()).await.unwrap().unwrap();
        assert_eq!((found.id, found.emails.len()), (dana, 2), "{address}");
    }
    assert_eq!(desk.client.get_customer(dana).await.unwrap().first_name, "Dana");
    assert_eq!(desk.client.get_customer(CustomerId::new(4242).unwrap()).await, Err(ReadError::NotFound));
}

#[tokio::test]
async fn one_customer_is_made_however_often_it_is_asked_for() {
    let desk = Desk::start().await;
    let new = NewCustomer {
        email: Email::parse("Dana@example.test").unwrap(),
        first_name: "D".repeat(50),
        last_name: String::new(),
    };
    let (first, second, third) = tokio::join!(
        desk.client.find_or_create_customer(&new),
        desk.client.find_or_create_customer(&new),
        desk.client.find_or_create_customer(&new)
    );
    let id = first.unwrap().id;
    assert_eq!((second.unwrap().id, third.unwrap().id), (id, id));
    assert_eq!(desk.double.read(|state| state.customers.len()), 1);
    assert!(desk.client.counters().calls(Operation::CreateCustomer) >= 1);
}

#[tokio::test]
async fn a_changed_address_keeps_old_tickets_and_a_foreign_participant_is_no_owner() {
    let desk = Desk::start().await;
    let (dana, eve) = (desk.customer("Dana"), desk.customer("Eve"));
    let mut foreign = SeedThread::new(ThreadType::Customer, 1800, "Me too");
    foreign.customer_id = Some(eve.get());
    let mut back = SeedThread::new(ThreadType::Customer, 900, "Mine");
    back.customer_id = Some(dana.get());
    let first = SeedThread::new(ThreadType::Customer, 3600, "First");
    let conversation = desk.seed(dana, "refund", vec![first, foreign, back]);
    let read = desk.client.get_conversation(dana, conversation).await.unwrap();
    let participants: Vec<_> = read.threads.iter().map(|thread| thread.author.clone()).collect();
    use raptor::helpdesk::ThreadAuthor::{Owner, Participant};
    assert_eq!(participants, [Owner, Participant { name: Some("Eve".into()) }, Owner]);
    assert_eq!(desk.client.get_conversation(eve, conversation).await, Err(ReadError::NotFound));
}

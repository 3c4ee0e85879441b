//! Customers, their ceremonies and their sessions.

use super::*;

pub(super) async fn customers(store: &Store) {
    let (one, two) = (customer(store).await, customer(store).await);
    let profile = store.customer(one).await.unwrap().unwrap();
    assert_eq!((profile.name.as_str(), profile.helpdesk_id), ("Ada ünïcode \u{1f99d}", None));
    let desk = raptor::helpdesk::CustomerId::new(bits() as u64 >> 2 | 1).unwrap();
    store.link_customer(one, desk).await.unwrap();
    assert!(matches!(store.link_customer(two, desk).await, Err(StoreError::Taken)));
    let another = raptor::helpdesk::CustomerId::new(desk.get() ^ 2).unwrap();
    store.link_customer(one, another).await.unwrap();
    assert_eq!(store.customer(one).await.unwrap().unwrap().helpdesk_id, Some(desk), "a link is made once");
    assert_eq!(store.customer_of(desk).await.unwrap(), Some(one));
    let email = store.customer(two).await.unwrap().unwrap().email;
    assert!(matches!(store.change_email(one, &email, NOW).await, Err(StoreError::Taken)));
    assert!(store.customer(CustomerId::from_bits(1)).await.unwrap().is_none());
    let first = store.setting("suite", "first").await.unwrap();
    assert_eq!(store.setting("suite", "second").await.unwrap(), first);
    store.set_synced(one, NOW, false).await.unwrap();
    let times = store.sync_times(one).await.unwrap();
    assert_eq!((times.synced_at, times.swept_at), (Some(NOW), None));
    store.set_synced(one, later(1), true).await.unwrap();
    assert_eq!(store.sync_times(one).await.unwrap().swept_at, Some(later(1)));
}

pub(super) async fn ceremonies_and_sessions(store: &Store) {
    let id = customer(store).await;
    let ceremony = StoredCeremony {
        id: CeremonyId::from_bits(bits()),
        purpose: CeremonyPurpose::Enrolment,
        state: "{\"a\":1}".into(),
        customer: Some(id),
        display_name: Some(Line::new("Ada").unwrap()),
        expires_at: later(1000),
    };
    store.begin_ceremony(&ceremony, NOW).await.unwrap();
    let (one, two) = tokio::join!(store.take_ceremony(ceremony.id), store.take_ceremony(ceremony.id));
    let taken: Vec<_> = [one.unwrap(), two.unwrap()].into_iter().flatten().collect();
    assert_eq!(taken.len(), 1, "a challenge is used once");
    assert_eq!(
        (taken[0].purpose, taken[0].customer, taken[0].expires_at),
        (CeremonyPurpose::Enrolment, Some(id), later(1000))
    );
    let known = store.credential(&id.bits().to_be_bytes()).await.unwrap().unwrap();
    assert!(store.replace_credential(&known, "{\"counter\":1}").await.unwrap());
    assert!(!store.replace_credential(&known, "{\"counter\":2}").await.unwrap(), "somebody was faster");
    let session = NewSession { id: format!("{:032x}", bits()), customer: id, started_at: NOW, ends_at: later(1000) };
    store.begin_session(&session).await.unwrap();
    assert!(store.live_session(&session.id, later(999)).await.unwrap().is_some());
    assert!(store.live_session(&session.id, later(1000)).await.unwrap().is_none());
    store.end_session(&session.id, later(5)).await.unwrap();
    assert!(store.live_session(&session.id, later(6)).await.unwrap().is_none());
}

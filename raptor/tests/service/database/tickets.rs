//! Copies of tickets, lists and ratings.

use super::*;

fn earlier(at: Timestamp) -> Timestamp {
    Timestamp::from_millis(at.millis() - 1)
}

pub(super) async fn tickets(store: &Store) {
    let (id, other) = (customer(store).await, customer(store).await);
    let first = copy(id, Some(conversation()), 10, "100% of A_B in 'quotes' ÄÖ");
    assert_eq!(store.put_copy(&first).await.unwrap(), first.ticket.id);
    let kept = store.ticket(id, first.ticket.id).await.unwrap().unwrap();
    assert_eq!(
        (kept.last_author.name.as_deref(), kept.number, kept.conversation),
        (Some("Maya"), Some(7), first.ticket.conversation)
    );
    assert!(store.ticket(other, first.ticket.id).await.unwrap().is_none());
    // The same conversation again keeps its id and its read marker.
    store.mark_read(first.ticket.id, later(3)).await.unwrap();
    store.mark_read(first.ticket.id, later(2)).await.unwrap();
    let mut again = first.clone();
    again.ticket.id = TicketId::from_bits(bits());
    again.ticket.revision = "r2".into();
    assert_eq!(store.put_copy(&again).await.unwrap(), first.ticket.id);
    let kept = store.ticket(id, first.ticket.id).await.unwrap().unwrap();
    assert_eq!((kept.revision.as_str(), kept.read_up_to), ("r2", Some(later(3))));
    // What was read before the copy was does not replace it, whoever writes it.
    let mut older = again.clone();
    (older.ticket.revision, older.ticket.synced_at) = ("r1".into(), earlier(again.ticket.synced_at));
    assert_eq!(store.put_copy(&older).await.unwrap(), first.ticket.id);
    assert_eq!(store.ticket(id, first.ticket.id).await.unwrap().unwrap().revision, "r2");
    again.ticket.customer = other;
    assert!(matches!(store.put_copy(&again).await, Err(StoreError::Taken)));
    for number in 0..5 {
        store.put_copy(&copy(id, Some(conversation()), 20, &format!("same time {number}"))).await.unwrap();
    }
    let mut filter = ListFilter { status: StatusFilter::All, text: None, sort: Sort::Activity, after: None, limit: 2 };
    let mut seen = Vec::new();
    loop {
        let page = store.list_tickets(id, &filter).await.unwrap();
        seen.extend(page.iter().map(|ticket| ticket.id));
        let Some(last) = page.last() else { break };
        filter.after = Some(ListPosition { at: last.last_activity_at, id: last.id });
    }
    assert_eq!(seen.len(), 6);
    assert_eq!(seen.last(), Some(&first.ticket.id));
    seen.dedup();
    assert_eq!(seen.len(), 6);
    for (text, found) in
        [("100%", 1), ("100%%", 0), ("a_b", 1), ("axb", 0), ("'quotes'", 1), ("äö", 1), ("same time", 5), ("!", 0)]
    {
        let filter = ListFilter { text: Some(text.into()), after: None, limit: 50, ..filter.clone() };
        assert_eq!(store.list_tickets(id, &filter).await.unwrap().len(), found, "{text}");
    }
    let filter = ListFilter { status: StatusFilter::Resolved, text: None, sort: Sort::Oldest, after: None, limit: 50 };
    assert!(store.list_tickets(id, &filter).await.unwrap().is_empty());
    assert_eq!(store.status_counts(id).await.unwrap().working, 6);
    let rating = StoredRating { score: Score::Okay, comment: None, rated_at: NOW };
    store.rate(first.ticket.id, &StoredRating { score: Score::Great, ..rating.clone() }).await.unwrap();
    assert!(store.rate(first.ticket.id, &rating).await.unwrap());
    let again = StoredRating { rated_at: later(1), ..rating.clone() };
    let (one, two) = tokio::join!(store.rate(first.ticket.id, &again), store.rate(first.ticket.id, &again));
    assert!(!one.unwrap() && !two.unwrap(), "the same again is no news");
    assert_eq!(store.rating(first.ticket.id).await.unwrap(), Some(rating));
    assert!(store.delete_customer(id).await.unwrap());
    assert!(store.thread_of(first.ticket.id).await.unwrap().is_none());
    assert!(store.rating(first.ticket.id).await.unwrap().is_none());
}

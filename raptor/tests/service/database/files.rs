//! Files that wait for a message, events, and the audit.

use super::*;

pub(super) async fn uploads(store: &Store) {
    let (id, other) = (customer(store).await, customer(store).await);
    let upload = StoredUpload {
        id: UploadId::from_bits(bits()),
        name: Line::new("a.bin").unwrap(),
        media_type: Line::new("image/png").unwrap(),
        size: 5,
        expires_at: later(1000),
    };
    store.begin_upload(&NewUpload { id: upload.id, customer: id, expires_at: upload.expires_at }, NOW).await.unwrap();
    assert!(store.waiting_upload(id, upload.id, NOW).await.unwrap().is_none(), "it is not complete");
    store.put_part(upload.id, 1, vec![0, 255]).await.unwrap();
    store.put_part(upload.id, 0, vec![1, 2, 3]).await.unwrap();
    store.finish_upload(&upload).await.unwrap();
    assert_eq!(store.uploads_waiting(id, NOW).await.unwrap(), (1, 5));
    assert!(store.waiting_upload(other, upload.id, NOW).await.unwrap().is_none());
    assert!(!store.discard_upload(other, upload.id).await.unwrap());
    assert_eq!(store.upload_bytes(upload.id).await.unwrap(), [1, 2, 3, 0, 255]);
    let new = copy(id, None, 0, "with a file");
    let opening = submission(id, new.ticket.id, SubmissionKind::Ticket, 0);
    let claim = claim(&opening);
    let missing = [upload.id, UploadId::from_bits(1)];
    let submitted = Submitted { submission: &opening, new_ticket: Some(&new), uploads: &missing, claim: &claim };
    assert_eq!(store.accept(&submitted, NOW).await.unwrap(), ClaimOutcome::UploadUnknown { place: 1 });
    assert!(store.ticket(id, new.ticket.id).await.unwrap().is_none(), "all or nothing");
    let (theirs, their_copy) =
        (submission(other, new.ticket.id, SubmissionKind::Ticket, 0), copy(other, None, 0, "theirs"));
    let their_ticket = PendingSubmission { ticket: their_copy.ticket.id, ..theirs };
    let their_claim = self::claim(&their_ticket);
    let taken = Submitted {
        submission: &their_ticket,
        new_ticket: Some(&their_copy),
        uploads: &missing[..1],
        claim: &their_claim,
    };
    assert_eq!(
        store.accept(&taken, NOW).await.unwrap(),
        ClaimOutcome::UploadUnknown { place: 0 },
        "another customer's file"
    );
    let there = [upload.id];
    let submitted = Submitted { submission: &opening, new_ticket: Some(&new), uploads: &there, claim: &claim };
    assert_eq!(store.accept(&submitted, NOW).await.unwrap(), ClaimOutcome::New);
    assert_eq!(store.uploads_of(opening.id).await.unwrap().len(), 1);
    assert!(!store.discard_upload(id, upload.id).await.unwrap(), "a message has taken it");
    store.prune_uploads(later(2000)).await.unwrap();
    assert_eq!(store.uploads_of(opening.id).await.unwrap().len(), 1);
    assert!(store.withdraw(opening.id).await.unwrap());
    assert_eq!(store.uploads_waiting(id, NOW).await.unwrap(), (1, 5));
}

pub(super) async fn events_and_audit(store: &Store) {
    let (id, other) = (customer(store).await, customer(store).await);
    let (_, before) = store.event_bounds().await.unwrap();
    let ticket = TicketId::from_bits(bits());
    for at in 0..3 {
        store.add_event(id, ticket, later(at), AuthorKind::Team, NOW).await.unwrap();
    }
    store.add_event(other, ticket, NOW, AuthorKind::You, NOW).await.unwrap();
    let events = store.events_after(id, before, 10).await.unwrap();
    assert_eq!(events.len(), 3);
    assert!(events.is_sorted_by_key(|event| event.seq));
    let expected =
        LiveEvent::TicketChanged { ticket_id: ticket, last_activity_at: later(2), last_author: AuthorKind::Team };
    assert_eq!(events[2].event, expected);
    assert_eq!(store.events_after(id, events[1].seq, 10).await.unwrap().len(), 1);
    let digest = format!("{:032x}", bits());
    assert!(store.note_webhook(&digest, NOW).await.unwrap());
    assert!(!store.note_webhook(&digest, NOW).await.unwrap());
    let entry = Entry {
        at: NOW,
        actor: id,
        action: "reply",
        ticket: Some(ticket),
        outcome: "ok",
        reference: raptor::random::reference(),
    };
    store.add_audit(&[entry, entry]).await.unwrap();
    assert_eq!(store.audit_of(id, 10).await.unwrap().len(), 2);
    assert_eq!(store.audit_of(other, 10).await.unwrap().len(), 0);
}

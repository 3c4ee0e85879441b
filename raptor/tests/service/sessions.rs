//! Sessions: renewal, revocation, expiry, keys.

use http::Method;
use serde_json::Value;

use crate::support::World;

const LIST: &str = "/api/v1/support/tickets";

#[tokio::test]
async fn a_renewed_session_goes_on_and_signing_out_ends_all_of_its_tokens() {
    let world = World::start().await;
    let old = world.customer("ada").await;
    let renewed = world.request(Method::POST, "/api/v1/auth/session/renew").by(&old).send().await.expect(200).json();
    let mut new = old.clone();
    new.token = renewed["token"].as_str().unwrap().to_owned();
    assert_ne!(new.token, old.token);
    world.get(&new, LIST).await.expect(200);
    world.get(&old, LIST).await.expect(200);
    let other_session = world.sign_in(old.id, &old.email).await;
    world.delete(&new, "/api/v1/auth/session").await.expect(204);
    for token in [&new, &old] {
        assert_eq!(world.get(token, LIST).await.expect(401).code(), "session_expired");
    }
    world.get(&other_session, LIST).await.expect(200);
}

#[tokio::test]
async fn signing_out_survives_a_restart() {
    let mut world = World::start().await;
    let customer = world.customer("ada").await;
    world.delete(&customer, "/api/v1/auth/session").await.expect(204);
    world.restart().await;
    assert_eq!(world.get(&customer, LIST).await.expect(401).code(), "session_expired");
}

#[tokio::test]
async fn no_token_a_broken_token_and_two_tokens_are_all_refused() {
    let world = World::start().await;
    let customer = world.customer("ada").await;
    let bare = world.request(Method::GET, LIST).send().await.expect(401);
    assert_eq!(
        (bare.code().as_str(), bare.headers["www-authenticate"].to_str().unwrap()),
        ("unauthenticated", "Bearer")
    );
    let twice = world.request(Method::GET, LIST).by(&customer).by(&customer).send().await;
    assert_eq!(twice.expect(401).code(), "unauthenticated");
    let mut broken = customer.clone();
    broken.token.pop();
    assert_eq!(world.get(&broken, LIST).await.expect(401).code(), "unauthenticated");
    let in_query = world.request(Method::GET, &format!("{LIST}?access_token={}", customer.token)).send().await;
    in_query.expect(401);
}

#[tokio::test]
async fn a_token_of_another_raptor_is_refused() {
    let (world, elsewhere) = (World::start().await, World::start().await);
    let stranger = elsewhere.customer("ada").await;
    assert_eq!(world.get(&stranger, LIST).await.expect(401).code(), "unauthenticated");
}

#[tokio::test]
async fn the_edge_must_prove_itself_whatever_the_customer_holds() {
    let world = World::start().await;
    let customer = world.customer("ada").await;
    let counted = world.desk.counts().total;
    let refused = world.request(Method::GET, LIST).by(&customer).without_edge().send().await.expect(401);
    assert_eq!(refused.headers["www-authenticate"], "Bearer realm=\"service\"");
    assert_eq!(world.desk.counts().total, counted);
}

#[tokio::test]
async fn published_keys_are_public_and_tokens_name_one_of_them() {
    let world = World::start().await;
    let customer = world.customer("ada").await;
    let set = world.request(Method::GET, "/.well-known/jwks.json").without_edge().send().await.expect(200).json();
    let key = &set["keys"][0];
    assert_eq!((key["kty"].as_str(), key["alg"].as_str(), key.get("d")), (Some("OKP"), Some("EdDSA"), None));
    let header = customer.token.split('.').next().unwrap();
    let header = base64::Engine::decode(&base64::engine::general_purpose::URL_SAFE_NO_PAD, header).unwrap();
    let header: Value = serde_json::from_slice(&header).unwrap();
    assert_eq!((header["typ"].as_str(), header["alg"].as_str()), (Some("at+jwt"), Some("EdDSA")));
    assert_eq!(header["kid"], key["kid"]);
}

#[tokio::test]
async fn a_changed_address_keeps_the_old_tickets() {
    let world = World::start().await;
    let customer = world.customer("ada").await;
    let before = world.ticket_ids(&customer).await;
    assert!(!before.is_empty());
    let app = world.app();
    let email = shared::Line::new("ada.new@demo.example").unwrap();
    app.store.change_email(customer.id, &email, app.now()).await.unwrap();
    assert_eq!(world.ticket_ids(&customer).await, before);
    let taken = world.customer("grace").await;
    let email = shared::Line::new(taken.email).unwrap();
    assert!(app.store.change_email(customer.id, &email, app.now()).await.is_err());
}

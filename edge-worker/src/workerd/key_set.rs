//! The key set, fetched; and the verdict about a token.

use std::rc::Rc;

use super::Edge;
use super::glue::{self, Exchange, Reads, Sent};
use super::incoming::Incoming;
use super::reply::Trail;
use crate::keys::{self, KeyMaterial, KeySet, Plan};
use crate::refusal::Refusal;
use crate::token::{Expected, Fault, Presented, Standing, Verdict};

impl Edge {
    /// Verifies a token that no verdict is remembered about.
    pub(super) async fn verify(
        &self,
        token: &str,
        incoming: &Incoming<'_>,
        trail: &mut Trail,
    ) -> Result<Verdict, Refusal> {
        let expected = Expected {
            issuer: &self.config.issuer,
            audience: &self.config.audience,
            algorithms: self.config.algorithms,
        };
        let presented = Presented::read(token, &expected).map_err(refused)?;
        let mut set = self.key_set(incoming.milliseconds()).await?;
        if set.get(presented.key_id()).is_none() {
            let may = self.keys.borrow_mut().may_fetch_for_unknown_key(incoming.milliseconds());
            if may {
                set = self.fetch_key_set().await?;
            }
        }
        let key = set.get(presented.key_id()).ok_or_else(|| refused(Fault::UnknownKey))?;
        trail.key_id = Some(Rc::clone(&key.id));
        // Of the keys that are used, which may no longer be the newest once a verifier outside has answered.
        let generation = self.keys.borrow().generation();
        let verdict = verdict(presented, &key.material).await;
        let mut verdicts = self.verdicts.borrow_mut();
        match verdict {
            Ok(verdict) => verdicts.put(token, &key.id, verdict, generation),
            Err(Fault::Signature) => verdicts.put_forged(token, generation),
            Err(_) => {}
        }
        verdict.map_err(refused)
    }

    /// Whether remembered verdicts may still be used: there must be keys that have not passed their hard age.
    pub(super) async fn still_trusted(&self, now: u64) -> Result<(), Refusal> {
        self.key_set(now).await.map(drop)
    }

    /// The key set, fetched now when there is none, and after the answer when it is getting old.
    async fn key_set(&self, now: u64) -> Result<Rc<KeySet>, Refusal> {
        let plan = self.keys.borrow_mut().plan(now);
        match plan {
            Plan::Use(set) => Ok(set),
            Plan::UseAndRefresh(set) => {
                glue::refresh_later();
                Ok(set)
            }
            Plan::Fetch => self.fetch_key_set().await,
            Plan::GiveUp => Err(Refusal::KeysUnavailable),
        }
    }

    /// Fetches the key set. The fetch is this request's own; see [`crate::keys::KeyStore`].
    pub(super) async fn fetch_key_set(&self) -> Result<Rc<KeySet>, Refusal> {
        let began = glue::now() as u64;
        match self.fetch_and_read().await {
            Ok(set) => Ok(self.keys.borrow_mut().store(set, began)),
            Err(why) => {
                self.keys.borrow_mut().fail(glue::now() as u64);
                glue::log(&format!("{{\"level\":\"warn\",\"outcome\":\"key_set_refused\",\"detail\":\"{why}\"}}"));
                Err(Refusal::KeysUnavailable)
            }
        }
    }

    async fn fetch_and_read(&self) -> Result<KeySet, &'static str> {
        let exchange = Exchange {
            url: &self.config.jwks_url,
            method: "GET",
            headers: String::from("accept: application/jwk-set+json, application/json"),
            sent: Sent::Nothing,
            reads: Reads::Document,
            body: glue::Body::Read,
            max: keys::MAX_BYTES,
            milliseconds: keys::TIMEOUT,
        };
        let outcome = exchange.run().await;
        let mut lines = outcome.text.split('\n');
        match lines.next() {
            Some("200") => {}
            Some("slow") => return Err("slow"),
            Some("broken") => return Err("unreachable"),
            _ => return Err("status"),
        }
        let content_type = lines.nth(1).unwrap_or_default().split(';').next().unwrap_or_default().trim();
        if !["application/json", "application/jwk-set+json"].contains(&content_type) {
            return Err("content_type");
        }
        KeySet::read(&outcome.bytes.ok_or("too_large")?).map_err(keys::KeySetError::code)
    }
}

async fn verdict(presented: Presented<'_>, key: &KeyMaterial) -> Result<Verdict, Fault> {
    match key {
        KeyMaterial::Ed25519(key) => presented.verify_ed25519(key),
        KeyMaterial::P256 { x, y } => {
            let (signed, signature) = presented.es256_parts()?;
            let verified = glue::verify_es256(x, y, &signature, signed).await.text == "true";
            if verified { Ok(presented.verified_elsewhere()) } else { Err(Fault::Signature) }
        }
    }
}

/// Whether a verified token holds at the time of the request.
pub(super) fn holds(verdict: &Verdict, incoming: &Incoming<'_>) -> Result<(), Refusal> {
    match verdict.standing(incoming.seconds()) {
        Standing::Holds => Ok(()),
        Standing::Early => Err(refused(Fault::Early)),
        Standing::Expired => Err(Refusal::TokenExpired),
    }
}

pub(super) const fn refused(fault: Fault) -> Refusal {
    Refusal::Token(fault.code())
}

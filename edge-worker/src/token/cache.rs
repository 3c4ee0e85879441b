//! Verdicts that were reached before.

use std::collections::{HashMap, HashSet};
use std::mem;
use std::rc::Rc;

use super::Verdict;

/// Remembers verified tokens, keyed by the whole token: a hash in its place would let a collision pass for a signature. Holds at most
/// `2 × half` tokens of at most [`shared::session::MAX_TOKEN_BYTES`]; the ones that were not used for longest go first, half at a time.
///
/// Only verdicts about tokens that verified are kept there, so strangers cannot fill it. The time is not part of a verdict and is
/// checked on every use.
///
/// Beside them, a few tokens whose signature did *not* verify are remembered, so that one that is tried again and again costs no
/// cryptography. That is as certain as the other: the same keys will never verify it. At most [`FORGED`] of them; when there are more,
/// all are forgotten.
#[derive(Debug)]
pub struct VerdictCache {
    half: usize,
    generation: u64,
    recent: HashMap<String, Entry>,
    older: HashMap<String, Entry>,
    forged: HashSet<String>,
}

/// Tokens with a wrong signature that are remembered at once.
pub const FORGED: usize = 64;

#[derive(Clone, Debug)]
struct Entry {
    verdict: Verdict,
    key_id: Rc<str>,
}

impl VerdictCache {
    /// An empty cache for `2 × half` tokens.
    #[must_use]
    pub fn new(half: usize) -> Self {
        Self { half, generation: 0, recent: HashMap::new(), older: HashMap::new(), forged: HashSet::new() }
    }

    /// What was found about the token while the key set was of this generation.
    pub fn get(&mut self, token: &str, generation: u64) -> Option<(Verdict, Rc<str>)> {
        self.forget_unless(generation);
        if let Some(entry) = self.recent.get(token) {
            return Some((entry.verdict, Rc::clone(&entry.key_id)));
        }
        let (token, entry) = self.older.remove_entry(token)?;
        let found = (entry.verdict, Rc::clone(&entry.key_id));
        self.insert(token, entry);
        Some(found)
    }

    /// Remembers a token that verified by a key set of this generation.
    pub fn put(&mut self, token: &str, key_id: &Rc<str>, verdict: Verdict, generation: u64) {
        self.forget_unless(generation);
        self.insert(token.to_owned(), Entry { verdict, key_id: Rc::clone(key_id) });
    }

    /// Whether the token's signature was found wrong while the key set was of this generation.
    pub fn is_forged(&mut self, token: &str, generation: u64) -> bool {
        self.forget_unless(generation);
        self.forged.contains(token)
    }

    /// Remembers a token whose signature is wrong by a key set of this generation.
    pub fn put_forged(&mut self, token: &str, generation: u64) {
        self.forget_unless(generation);
        if self.forged.len() >= FORGED {
            self.forged.clear();
        }
        self.forged.insert(token.to_owned());
    }

    /// How many verified tokens are remembered.
    #[must_use]
    pub fn len(&self) -> usize {
        self.recent.len() + self.older.len()
    }

    /// Whether none is.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn insert(&mut self, token: String, entry: Entry) {
        if self.recent.len() >= self.half {
            self.older = mem::take(&mut self.recent);
        }
        self.recent.insert(token, entry);
    }

    /// A verdict is worth no more than the keys that it was reached with.
    fn forget_unless(&mut self, generation: u64) {
        if self.generation != generation {
            self.recent.clear();
            self.older.clear();
            self.forged.clear();
            self.generation = generation;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::CustomerId;

    const VERDICT: Verdict = Verdict { customer: CustomerId::from_bits(7), not_before: 0, expires_at: 10 };

    #[test]
    fn is_bounded_and_keeps_what_is_used() {
        let mut cache = VerdictCache::new(4);
        cache.put("used", &"k".into(), VERDICT, 1);
        for number in 0..100 {
            cache.put(&number.to_string(), &"k".into(), VERDICT, 1);
            assert!(cache.get("used", 1).is_some(), "{number}");
            assert!(cache.len() <= 8);
        }
        assert!(cache.get("0", 1).is_none());
    }

    #[test]
    fn remembers_a_few_forgeries_and_only_for_the_same_keys() {
        let mut cache = VerdictCache::new(4);
        cache.put_forged("a", 1);
        assert!(cache.is_forged("a", 1));
        assert!(cache.get("a", 1).is_none());
        assert!(!cache.is_forged("a", 2));
        for number in 0..10 * FORGED {
            cache.put_forged(&number.to_string(), 2);
            assert!(cache.forged.len() <= FORGED);
        }
    }

    #[test]
    fn forgets_everything_with_the_keys() {
        let mut cache = VerdictCache::new(4);
        cache.put("a", &"k".into(), VERDICT, 1);
        assert_eq!(cache.get("a", 1), Some((VERDICT, "k".into())));
        assert_eq!(cache.get("a", 2), None);
        assert_eq!(cache.get("a", 1), None);
        assert!(cache.is_empty());
    }
}

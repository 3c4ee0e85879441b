//! Names that must never reach a customer.
//!
//! They stand here as fingerprints, so that the worker itself, which is code that customers' requests pass through, does not hold
//! what it withholds. A fingerprint is a polynomial over the bytes with bit 5 set (which folds ASCII case); the text is scanned once
//! with a rolling fingerprint of [`HEAD`] bytes, and only where that fits is the whole name compared.

use serde_json::{Map, Value};

/// How many bytes the rolling fingerprint covers; no name is shorter.
const HEAD: usize = 6;
const BASE: u64 = 0x9e37_79b9_7f4a_7c15;

struct Withheld {
    length: usize,
    head: u64,
    whole: u64,
    /// Counts only where no letter or digit stands before or after it: short names turn up by chance within ids and tokens.
    as_word: bool,
}

/// The names of the system behind Raptor, and its host. [`fingerprint`] gives the numbers for another one.
const WITHHELD: [Withheld; 3] = [
    Withheld { length: 9, head: 0x4b7d_052c_4eb3_bd60, whole: 0x0cb2_2bde_acb6_e724, as_word: false },
    Withheld { length: 6, head: 0x5b88_7a20_1c2a_bd3a, whole: 0x5b88_7a20_1c2a_bd3a, as_word: true },
    Withheld { length: 16, head: 0x027a_d166_59ef_9654, whole: 0x45d7_1797_7469_6d03, as_word: false },
];

/// The fingerprint of some bytes.
#[must_use]
pub const fn fingerprint(bytes: &[u8]) -> u64 {
    let mut value: u64 = 0;
    let mut rest = bytes;
    while let [first, others @ ..] = rest {
        value = value.wrapping_mul(BASE).wrapping_add((*first | 0x20) as u64);
        rest = others;
    }
    value
}

/// Whether a name that is withheld stands anywhere in these bytes, in any case of letters.
#[must_use]
pub fn mentions(bytes: &[u8]) -> bool {
    const LEAVING: u64 = {
        let mut power: u64 = 1;
        let mut place = 0;
        while place < HEAD {
            power = power.wrapping_mul(BASE);
            place += 1;
        }
        power
    };
    let Some((first, rest)) = bytes.split_at_checked(HEAD) else { return false };
    let mut rolling = fingerprint(first);
    if fits(bytes, 0, rolling) {
        return true;
    }
    for (start, (entering, leaving)) in rest.iter().zip(bytes).enumerate() {
        let leaving = u64::from(*leaving | 0x20).wrapping_mul(LEAVING);
        rolling = rolling.wrapping_mul(BASE).wrapping_add(u64::from(*entering | 0x20)).wrapping_sub(leaving);
        if WITHHELD.iter().any(|name| name.head == rolling) && fits(bytes, start + 1, rolling) {
            return true;
        }
    }
    false
}

/// Whether a name whose head has this fingerprint begins at `start`.
fn fits(bytes: &[u8], start: usize, head: u64) -> bool {
    let alphanumeric = |place: Option<usize>| place.and_then(|at| bytes.get(at)).is_some_and(u8::is_ascii_alphanumeric);
    WITHHELD.iter().any(|name| {
        let end = start + name.length;
        name.head == head
            && bytes.get(start..end).is_some_and(|whole| fingerprint(whole) == name.whole)
            && !(name.as_word && (alphanumeric(start.checked_sub(1)) || alphanumeric(Some(end))))
    })
}

/// Whether an answer mentions a withheld name outside of what customers wrote themselves. Somebody who asks whether we use some
/// product must be able to read their own question again; the same word from the team, or in any field of ours, is withheld.
#[must_use]
pub fn discloses(json: &[u8]) -> bool {
    if !mentions(json) {
        return false;
    }
    // What does not read is withheld too.
    serde_json::from_slice::<Value>(json).map_or(true, |value| walk(&value))
}

fn walk(value: &Value) -> bool {
    match value {
        Value::String(text) => mentions(text.as_bytes()),
        Value::Array(items) => items.iter().any(walk),
        Value::Object(members) if is_customers(members) => false,
        Value::Object(members) => {
            members.iter().any(|(key, member)| !is_customers_member(members, key) && walk(member))
        }
        _ => false,
    }
}

fn by_customer(members: &Map<String, Value>, author: &str) -> bool {
    let kind = members.get(author).and_then(|author| author.get("kind")).and_then(Value::as_str);
    matches!(kind, Some("you" | "participant"))
}

/// A message of a customer's, a file that they uploaded, or who they are.
fn is_customers(members: &Map<String, Value>) -> bool {
    by_customer(members, "author")
        || members.contains_key("email")
        || (members.contains_key("media_type") && members.contains_key("expires_at"))
}

/// What a customer filled in, beside what the team says.
fn is_customers_member(members: &Map<String, Value>, key: &str) -> bool {
    match key {
        "subject" | "participants" | "rating" | "comment" => true,
        // Of a ticket: label and value as filled in. A topic's fields are the team's.
        "fields" => members.contains_key("subject"),
        "snippet" => by_customer(members, "last_author"),
        _ => false,
    }
}

#[cfg(test)]
mod tests;

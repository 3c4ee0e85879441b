//! Names that must never reach a customer.
//!
//! They stand here as fingerprints, so that the worker itself, which is code that customers' requests pass through, does not hold
//! what it withholds. A fingerprint is a polynomial over the bytes with bit 5 set (which folds ASCII case). The text is sampled
//! first: every third place is looked up in a small table of what stands at the beginning of a name, and only what is found there is
//! compared as a whole.

use serde_json::{Map, Value};

/// How many bytes are looked up at once.
const SAMPLE: usize = 4;
/// Every how many bytes. A name has at least `SAMPLE + STEP - 1` bytes, so one of its first `STEP` samples is met.
const STEP: usize = 3;
const BASE: u64 = 0x9e37_79b9_7f4a_7c15;

struct Withheld {
    length: usize,
    /// Fingerprints of the samples at its first places.
    samples: [u32; STEP],
    whole: u64,
    /// Counts only where no letter or digit stands before or after it: short names turn up by chance within ids and tokens.
    as_word: bool,
}

/// The names of the system behind Raptor, and its host. [`fingerprint`] and [`sample`] give the numbers for
/// another one.
const WITHHELD: [Withheld; 3] = [
    Withheld {
        length: 9,
        samples: [0x9620_4e86, 0xdd8c_05d2, 0x6c68_d7d5],
        whole: 0x0cb2_2bde_acb6_e724,
        as_word: false,
    },
    Withheld {
        length: 6,
        samples: [0x7e76_3534, 0x86cd_5311, 0xfb93_c837],
        whole: 0x5b88_7a20_1c2a_bd3a,
        as_word: true,
    },
    Withheld {
        length: 16,
        samples: [0x7c7f_bd34, 0x0acb_5c99, 0x9626_0a73],
        whole: 0x45d7_1797_7469_6d03,
        as_word: false,
    },
];

/// A bit for each byte that the highest byte of one of the samples may be.
const TABLE: [u64; 4] = {
    let mut table = [0; 4];
    let mut name = 0;
    while name < WITHHELD.len() {
        let mut place = 0;
        while place < STEP {
            let high = WITHHELD[name].samples[place] >> 24;
            table[(high >> 6) as usize] |= 1 << (high & 63);
            place += 1;
        }
        name += 1;
    }
    table
};

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

/// The fingerprint of four bytes: all of them move its highest bits.
#[must_use]
pub const fn sample(bytes: [u8; SAMPLE]) -> u32 {
    (u32::from_le_bytes(bytes) | 0x2020_2020).wrapping_mul(0x9e37_79b1)
}

/// Whether a name that is withheld stands anywhere in these bytes, in any case of letters.
#[must_use]
pub fn mentions(bytes: &[u8]) -> bool {
    let mut start = 0;
    while let Some(four) = bytes.get(start..).and_then(|rest| rest.first_chunk()) {
        let found = sample(*four);
        let high = found >> 24;
        if TABLE[(high >> 6) as usize] >> (high & 63) & 1 == 1 && begins_before(bytes, start, found) {
            return true;
        }
        start += STEP;
    }
    false
}

/// Whether a name stands where one of its samples was found.
fn begins_before(bytes: &[u8], found_at: usize, found: u32) -> bool {
    let alphanumeric = |place: Option<usize>| place.and_then(|at| bytes.get(at)).is_some_and(u8::is_ascii_alphanumeric);
    WITHHELD.iter().any(|name| {
        name.samples.iter().enumerate().any(|(place, sample)| {
            let Some(start) = found_at.checked_sub(place).filter(|_| *sample == found) else { return false };
            let end = start + name.length;
            bytes.get(start..end).is_some_and(|whole| fingerprint(whole) == name.whole)
                && !(name.as_word && (alphanumeric(start.checked_sub(1)) || alphanumeric(Some(end))))
        })
    })
}

/// Whether an answer mentions a withheld name outside of what customers wrote themselves. Somebody who asks whether we use some
/// product must be able to read their own question again; the same word from the team, or in any field of ours, is withheld.
#[must_use]
pub fn discloses(json: &[u8]) -> bool {
    if !mentions(json) && !has_escapes(json) {
        return false;
    }
    // What does not read is withheld too.
    serde_json::from_slice::<Value>(json).map_or(true, |value| walk(&value))
}

/// Whether there are `\u` escapes, which can spell any name in another way. Our types write none but for control characters; objects
/// that pass through as they are may have some.
fn has_escapes(json: &[u8]) -> bool {
    // Without an early end, so that many bytes are looked at at a time.
    json.iter().fold(false, |any, byte| any | (*byte == b'\\')) && json.windows(2).any(|pair| pair == b"\\u")
}

fn walk(value: &Value) -> bool {
    match value {
        Value::String(text) => mentions(text.as_bytes()),
        Value::Array(items) => items.iter().any(walk),
        Value::Object(members) if is_customers(members) => false,
        Value::Object(members) => members
            .iter()
            .any(|(key, member)| mentions(key.as_bytes()) || (!is_customers_member(members, key) && walk(member))),
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

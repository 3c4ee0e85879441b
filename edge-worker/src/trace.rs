//! Names of one request: the request id, the reference that a customer quotes, and W3C Trace Context.

use shared::Reference;

/// What one request is called. Drawn once, from 24 random bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Names {
    /// 32 hexadecimal digits; in every log that the request touches.
    pub request_id: String,
    /// What a customer quotes to support; 50 bits of the request id.
    pub reference: Reference,
    /// `traceparent` towards Raptor (W3C Trace Context, section 3.2).
    pub traceparent: String,
}

impl Names {
    /// Names a request, and goes on with the trace that it came with when that is sound.
    #[must_use]
    pub fn draw(random: [u8; 24], incoming: &str) -> Self {
        let (id, span) = random.split_at(16);
        let request_id = hexadecimal(id);
        let low = id.iter().skip(8).fold(0_u64, |value, byte| value << 8 | u64::from(*byte));
        let (trace_id, flags) = sound(incoming).unwrap_or((&request_id, "01"));
        let traceparent = ["00-", trace_id, "-", &hexadecimal(span), "-", flags].concat();
        Self { reference: Reference::from_bits(low), traceparent, request_id }
    }

    /// The trace's id.
    #[must_use]
    pub fn trace_id(&self) -> &str {
        self.traceparent.get(3..35).unwrap_or_default()
    }
}

/// Trace id and flags of a `traceparent` of version 00; later versions are not guessed at.
fn sound(incoming: &str) -> Option<(&str, &str)> {
    let mut parts = incoming.split('-');
    let (version, trace_id, parent, flags) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    let hex = |part: &str, length: usize| {
        part.len() == length && part.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
    };
    let some = |part: &str| part.bytes().any(|byte| byte != b'0');
    let valid = parts.next().is_none()
        && version == "00"
        && hex(trace_id, 32)
        && hex(parent, 16)
        && hex(flags, 2)
        && some(trace_id)
        && some(parent);
    valid.then_some((trace_id, flags))
}

fn hexadecimal(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        text.push(char::from(DIGITS[usize::from(byte >> 4)]));
        text.push(char::from(DIGITS[usize::from(byte & 15)]));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";

    #[test]
    fn goes_on_with_a_sound_trace_and_no_other() {
        let random = std::array::from_fn(|place| place as u8 + 1);
        let sound = Names::draw(random, &format!("00-{TRACE}-00f067aa0ba902b7-00"));
        assert_eq!(sound.traceparent, format!("00-{TRACE}-1112131415161718-00"));
        assert_eq!(sound.trace_id(), TRACE);
        for odd in [
            "",
            "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
            "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
            "01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-extra",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01, 00",
        ] {
            let names = Names::draw(random, odd);
            assert_eq!(names.trace_id(), names.request_id, "{odd}");
        }
    }

    #[test]
    fn the_reference_is_part_of_the_request_id() {
        let names = Names::draw([0xab; 24], "");
        assert_eq!(names.reference, Reference::from_bits(0x3_abab_abab_abab));
        assert_eq!(names.request_id, "ab".repeat(16));
    }
}

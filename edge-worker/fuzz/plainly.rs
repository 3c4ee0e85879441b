//! A plainer way to check an answer, with which the worker's own is compared: what is dropped is noted while the body is decoded, and
//! every body is written anew.

use shared::{Endpoint, ResponseBody};

/// An answer that decodes.
pub(crate) struct Plainly {
    /// What its type writes.
    pub(crate) written: Vec<u8>,
    /// It held something that its type does not know.
    pub(crate) had_unknown: bool,
}

/// Checks the answer of the route with this id; `None` when it does not decode, or is streamed.
pub(crate) fn check(id: &str, bytes: &[u8]) -> Option<Plainly> {
    macro_rules! each {
        ($($endpoint:path,)*) => {
            $(if id == <$endpoint as Endpoint>::ID {
                return check_as::<$endpoint>(bytes);
            })*
        };
    }
    shared::endpoints!(each);
    None
}

fn check_as<E: Endpoint>(bytes: &[u8]) -> Option<Plainly> {
    let decoded = E::Response::decode_noting_unknown(bytes).ok()?;
    Some(Plainly { written: decoded.value.encode(), had_unknown: decoded.had_unknown })
}

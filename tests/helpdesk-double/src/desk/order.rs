//! Order among rows that the database thinks equal.

/// A fixed but senseless rank: the database sorts by time alone, in whole seconds, and gives rows of one second in any
/// order. Clients that take that order for the true one fail here every time instead of once a month.
pub(crate) fn tie_break(id: u64) -> u64 {
    // The finaliser of SplitMix64: neighbouring ids land far apart.
    let mut hash = id.wrapping_add(0x9e37_79b9_7f4a_7c15);
    hash = (hash ^ (hash >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    hash = (hash ^ (hash >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    hash ^ (hash >> 31)
}

#[cfg(test)]
mod tests {
    use super::tie_break;

    #[test]
    fn ties_go_both_ways() {
        let ascending = (1..100).filter(|id| tie_break(*id) < tie_break(id + 1)).count();
        assert!((20..80).contains(&ascending), "{ascending}");
    }
}

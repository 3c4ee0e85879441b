//! The customer's address, and what a limit by address counts.

use std::net::{IpAddr, Ipv6Addr};

/// What `CF-Connecting-IP` holds; `None` unless it is exactly one address.
#[must_use]
pub fn parse(header: &str) -> Option<IpAddr> {
    header.parse().ok()
}

/// What a limit by address counts: an IPv4 address, or the first 64 bits of an IPv6 address, which is what one subscriber has at the
/// least. All requests without an address share one count.
#[must_use]
pub fn limit_key(address: Option<IpAddr>) -> String {
    match address {
        None => String::from("unknown"),
        Some(IpAddr::V4(address)) => address.to_string(),
        Some(IpAddr::V6(address)) => match address.to_ipv4_mapped() {
            Some(mapped) => mapped.to_string(),
            None => {
                let prefix = u128::from(address) & !u128::from(u64::MAX);
                Ipv6Addr::from(prefix).to_string()
            }
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_subscribers() {
        let key = |text: &str| limit_key(parse(text));
        assert_eq!(key("203.0.113.7"), "203.0.113.7");
        assert_eq!(key("2001:db8:1:2:3:4:5:6"), key("2001:db8:1:2::1"));
        assert_ne!(key("2001:db8:1:2::1"), key("2001:db8:1:3::1"));
        assert_eq!(key("::ffff:203.0.113.7"), "203.0.113.7");
        for odd in ["", "203.0.113.7, 198.51.100.1", "localhost", "203.0.113.7:80", "[::1]", "203.0.113.07"] {
            assert_eq!(key(odd), "unknown", "{odd}");
        }
    }
}

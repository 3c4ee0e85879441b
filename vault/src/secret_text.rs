//! Recognises text that looks like a credential, so that it can be reported by place and masked before anything else sees it.

use std::ops::Range;

/// Text that looks like a credential.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecretText {
    /// Where, in bytes.
    pub range: Range<usize>,
    /// What it looks like, for people.
    pub looks_like: &'static str,
}

/// Prefixes that vendors put on their keys, with the characters that must follow at least.
const PREFIXES: &[(&str, usize, &str)] = &[
    ("sk_live_", 16, "a Stripe secret key"),
    ("sk_test_", 16, "a Stripe test key"),
    ("rk_live_", 16, "a Stripe restricted key"),
    ("rk_test_", 16, "a Stripe restricted test key"),
    ("whsec_", 24, "a webhook secret"),
    ("sk-ant-", 20, "an Anthropic key"),
    ("ghp_", 30, "a GitHub token"),
    ("gho_", 30, "a GitHub token"),
    ("ghs_", 30, "a GitHub token"),
    ("github_pat_", 40, "a GitHub token"),
    ("xoxb-", 20, "a Slack bot token"),
    ("xoxp-", 20, "a Slack user token"),
    ("HRKU-", 30, "a Heroku key"),
    ("cfut_", 30, "a Cloudflare user token"),
    ("cfat_", 30, "a Cloudflare account token"),
    ("AKIA", 16, "an AWS access key id"),
    ("ASIA", 16, "an AWS access key id"),
];

/// Characters that a long random text must have at least before its look alone counts.
const RANDOM_LENGTH: usize = 32;

fn is_secret_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'+' | b'/' | b'=')
}

/// Keys with a vendor's prefix and private keys. Finds nothing in ordinary code or text.
pub fn vendor_keys(text: &str) -> Vec<SecretText> {
    let mut found = Vec::new();
    for (prefix, minimum, looks_like) in PREFIXES {
        for (start, _) in text.match_indices(prefix) {
            let boundary = start == 0 || !text.as_bytes()[start - 1].is_ascii_alphanumeric();
            let end = run_end(text, start + prefix.len());
            if boundary
                && end - start - prefix.len() >= *minimum
                && is_mixed(&text.as_bytes()[start + prefix.len()..end])
            {
                found.push(SecretText { range: start..end, looks_like });
            }
        }
    }
    for (start, _) in text.match_indices("-----BEGIN ") {
        let header_end = text[start..].find('\n').map_or(text.len(), |at| start + at);
        if text[start..header_end].contains("PRIVATE KEY-----") {
            // The body must follow: a parser that names the header holds no key.
            let body = text[header_end..].trim_start();
            let body_start = text.len() - body.len();
            if run_end(text, body_start) - body_start >= 40 {
                let end = text[header_end..].find("-----END ").map_or(text.len(), |at| header_end + at);
                found.push(SecretText { range: start..end, looks_like: "a private key" });
            }
        }
    }
    found.sort_by_key(|secret| (secret.range.start, secret.range.end));
    found
}

/// [`vendor_keys`], and long random text besides. For places that hold no hashes or encoded data, such as the registry.
pub fn any_secret(text: &str) -> Vec<SecretText> {
    let mut found = vendor_keys(text);
    let mut start = 0;
    while start < text.len() {
        let end = run_end(text, start);
        if end > start {
            if looks_random(&text[start..end]) {
                found.push(SecretText { range: start..end, looks_like: "a random value" });
            }
            start = end;
        } else {
            start += text[start..].chars().next().map_or(1, char::len_utf8);
        }
    }
    found.sort_by_key(|secret| (secret.range.start, secret.range.end));
    found
}

/// Whether one word looks like random data: long, of mixed kinds, and without a word separator every few characters.
pub fn looks_random(word: &str) -> bool {
    let trimmed = word.trim_matches(['-', '=', '/']);
    if trimmed.len() < RANDOM_LENGTH {
        return false;
    }
    let bytes = trimmed.as_bytes();
    // `0123456789abcdef` over and over is a placeholder: random text hardly ever repeats three characters.
    let mut triples: Vec<&[u8]> = bytes.windows(3).collect();
    let all = triples.len();
    triples.sort_unstable();
    triples.dedup();
    if triples.len() * 10 < all * 7 {
        return false;
    }
    let digits = bytes.iter().filter(|byte| byte.is_ascii_digit()).count();
    let upper = bytes.iter().filter(|byte| byte.is_ascii_uppercase()).count();
    let lower = bytes.iter().filter(|byte| byte.is_ascii_lowercase()).count();
    let hexadecimal = bytes.iter().all(u8::is_ascii_hexdigit) && digits >= 4 && (upper > 0 || lower > 0);
    // In random base64 the kinds alternate; in names and paths each part is of one kind.
    let longest_part = trimmed.split(['_', '-', '/', '+', '=']).map(str::len).max().unwrap_or(0);
    hexadecimal || (digits >= 2 && upper >= 3 && lower >= 3 && longest_part >= 10)
}

/// The text with every secret in it replaced by asterisks. Byte offsets stay what they are.
pub fn mask(text: &str, secrets: &[SecretText]) -> String {
    let mut masked = String::with_capacity(text.len());
    let mut at = 0;
    for secret in secrets {
        if secret.range.start < at {
            // Two patterns fit one text: widen what is already masked.
            if secret.range.end > at {
                push_masked(&mut masked, &text[at..secret.range.end]);
                at = secret.range.end;
            }
            continue;
        }
        masked.push_str(&text[at..secret.range.start]);
        push_masked(&mut masked, &text[secret.range.clone()]);
        at = secret.range.end;
    }
    masked.push_str(&text[at..]);
    masked
}

/// Line breaks stay, so that line numbers do.
fn push_masked(masked: &mut String, secret: &str) {
    masked.extend(secret.bytes().map(|byte| if byte == b'\n' { '\n' } else { '*' }));
}

fn run_end(text: &str, start: usize) -> usize {
    start + text.as_bytes()[start..].iter().take_while(|byte| is_secret_byte(**byte)).count()
}

/// At least two of the three kinds and not one character over and over: `rk_live_xxxxxxxxxxxxxxxx` is a placeholder.
fn is_mixed(bytes: &[u8]) -> bool {
    let kinds = [
        bytes.iter().any(u8::is_ascii_digit),
        bytes.iter().any(u8::is_ascii_uppercase),
        bytes.iter().any(u8::is_ascii_lowercase),
    ];
    let mut distinct = [false; 256];
    bytes.iter().for_each(|byte| distinct[usize::from(*byte)] = true);
    kinds.iter().filter(|kind| **kind).count() >= 2 && distinct.iter().filter(|seen| **seen).count() >= 8
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn planted(prefix: &str) -> String {
        format!("{prefix}4Hq9Zt2Kx7Lm5Vb8Nw3Pc6Rd1Sf0Gj")
    }

    #[test]
    fn finds_keys_by_their_vendors_prefix() {
        for (prefix, ..) in PREFIXES.iter().filter(|(_, minimum, _)| *minimum <= 30) {
            let text = format!("before {} after", planted(prefix));
            let found = vendor_keys(&text);
            assert_eq!(found.len(), 1, "{prefix}");
            assert_eq!(text[found[0].range.clone()], planted(prefix));
        }
        assert!(vendor_keys("rk_live_xxxxxxxxxxxxxxxxxxxx sk_live_ ghp_short AKIAXXXXXXXXXXXXXXXX").is_empty());
    }

    #[test]
    fn a_private_key_is_found_and_its_header_alone_is_not() {
        let body = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEA";
        let text = format!("x = \"\"\"-----BEGIN {}PRIVATE KEY-----\n{body}\n-----END", "");
        assert_eq!(vendor_keys(&text).len(), 1);
        assert!(vendor_keys("strip_prefix(\"-----BEGIN PRIVATE KEY-----\")").is_empty());
    }

    #[test]
    fn random_text_is_told_from_names_and_paths() {
        assert!(looks_random("q7Zt2Kx9Lm5Vb8Nw3Pc6Rd1Sf0GjHy4Ue8Wo2Ia5Tn1"));
        assert!(looks_random("3f786850e387550fdab836ed7e6dc881de23001b"));
        for plain in [
            "CLOUDFLARE_RAXX_AUTOMATION_API_TOKEN",
            "/raxx/billing-readonly/heroku_billing_api_key",
            "docs/ops/runbooks/rotation/INDEX",
            "AWS_INFISICAL_BOOTSTRAP__SECRET_ACCESS_KEY",
            "----------------------------------------",
            "backend_v2/api/vault",
            "0123456789abcdef0123456789abcdef",
            "AbCdEfGh12345678AbCdEfGh12345678AbCdEfGh",
        ] {
            assert!(!looks_random(plain), "{plain}");
        }
    }

    proptest! {
        #[test]
        fn masking_keeps_offsets_and_hides_everything_found(text in "[a-z _\"=\n]{0,40}(rk_live_[A-Za-z0-9]{20,40})?[ é\n]{0,5}([A-Za-z0-9]{0,50})") {
            let found = any_secret(&text);
            let masked = mask(&text, &found);
            prop_assert_eq!(masked.len(), text.len());
            prop_assert_eq!(masked.matches('\n').count(), text.matches('\n').count());
            for secret in &found {
                prop_assert!(masked[secret.range.clone()].bytes().all(|byte| byte == b'*' || byte == b'\n'));
            }
        }
    }
}

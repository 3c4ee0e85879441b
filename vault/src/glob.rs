//! Path patterns as the taxonomy writes them: `*` within one part of a path, `**` across parts.

/// Whether a path fits a pattern.
///
/// ```
/// use raxx_vault::glob::matches;
/// assert!(matches(".github/workflows/*.yml", ".github/workflows/deploy.yml"));
/// assert!(!matches(".github/workflows/*.yml", ".github/workflows/a/b.yml"));
/// assert!(matches("raptor/**", "raptor/src/main.rs"));
/// ```
pub fn matches(pattern: &str, path: &str) -> bool {
    let pattern: Vec<&str> = pattern.split('/').collect();
    let path: Vec<&str> = path.trim_end_matches('/').split('/').collect();
    parts(&pattern, &path)
}

fn parts(pattern: &[&str], path: &[&str]) -> bool {
    match (pattern.split_first(), path.split_first()) {
        (None, None) => true,
        (Some((&"**", rest)), _) => (0..=path.len()).any(|skipped| parts(rest, &path[skipped..])),
        (Some((first, rest)), Some((part, tail))) => within(first.as_bytes(), part.as_bytes()) && parts(rest, tail),
        _ => false,
    }
}

/// One part against one part, in time proportional to their product whatever the pattern.
fn within(pattern: &[u8], text: &[u8]) -> bool {
    let (mut p, mut t, mut star, mut mark) = (0, 0, None, 0);
    while t < text.len() {
        if p < pattern.len() && pattern[p] == b'*' {
            star = Some(p);
            mark = t;
            p += 1;
        } else if p < pattern.len() && pattern[p] == text[t] {
            p += 1;
            t += 1;
        } else if let Some(back) = star {
            p = back + 1;
            mark += 1;
            t = mark;
        } else {
            return false;
        }
    }
    pattern[p..].iter().all(|byte| *byte == b'*')
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn stars_stay_within_a_part_and_double_stars_do_not() {
        assert!(matches("terraform/*/variables.tf", "terraform/dns/variables.tf"));
        assert!(!matches("terraform/*/variables.tf", "terraform/variables.tf"));
        assert!(matches("edge-worker/**", "edge-worker/src"));
        assert!(matches("**/*.rs", "a/b/c.rs"));
        assert!(!matches("wrangler.toml", "a/wrangler.toml"));
        assert!(matches("a*b*c", "aXbYbZc") && !matches("a*b*c", "aXbYbZ"));
    }
}

//! The grammar of names: `<VENDOR>_<FUNCTION>[_<SCOPE>]`, and companions `<NAME>__<SUFFIX>` (Vault token taxonomy, section 1).
//!
//! The taxonomy does not say where FUNCTION ends: `CF_ACCESS_SVC_VAULT` could be `ACCESS` with the scope `SVC_VAULT`. The
//! registry therefore holds a table of function keywords, and the longest one that fits wins.

use std::{collections::HashMap, fmt};

/// The scope that means "unrestricted in its function domain" (section 1, scope rules).
pub const FULL: &str = "FULL";

/// Characters of a name at most. Infisical takes more; a longer one is a mistake or an attack.
pub const NAME_LIMIT: usize = 128;

/// What is known about one function keyword.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keyword {
    /// Such as `DNS_EDIT`.
    pub keyword: String,
    /// The `function:` tag that it stands for.
    pub tag: String,
    /// Whether the vendor can issue such a token per zone, app or deployment, so that a scope is compulsory.
    pub per_target: bool,
}

/// The vendors and function keywords that a name may be made of.
#[derive(Debug, Clone, Default)]
pub struct Grammar {
    vendors: HashMap<String, Vec<Keyword>>,
}

impl Grammar {
    /// Adds a vendor code.
    pub fn add_vendor(&mut self, code: &str) {
        self.vendors.entry(code.to_owned()).or_default();
    }

    /// Adds a function keyword of a vendor.
    pub fn add_keyword(&mut self, vendor: &str, keyword: Keyword) {
        let keywords = self.vendors.entry(vendor.to_owned()).or_default();
        keywords.push(keyword);
        // Longest first, so that the first match is the longest one.
        keywords.sort_by(|a, b| b.keyword.len().cmp(&a.keyword.len()).then_with(|| a.keyword.cmp(&b.keyword)));
    }

    /// Whether the code is a registered vendor.
    pub fn has_vendor(&self, code: &str) -> bool {
        self.vendors.contains_key(code)
    }

    /// What is known about a keyword.
    pub fn keyword(&self, vendor: &str, keyword: &str) -> Option<&Keyword> {
        self.vendors.get(vendor)?.iter().find(|known| known.keyword == keyword)
    }

    /// All keywords of a vendor, longest first.
    pub fn keywords(&self, vendor: &str) -> &[Keyword] {
        self.vendors.get(vendor).map_or(&[], Vec::as_slice)
    }

    /// Takes a name apart.
    ///
    /// # Errors
    /// [`NameError`].
    pub fn parse(&self, name: &str) -> Result<TokenName, NameError> {
        check_shape(name)?;
        let (vendor, rest) = name.split_once('_').ok_or(NameError::OnePart)?;
        let keywords = self.vendors.get(vendor).ok_or_else(|| NameError::UnknownVendor(vendor.to_owned()))?;
        for Keyword { keyword, .. } in keywords {
            let Some(tail) = rest.strip_prefix(keyword.as_str()) else { continue };
            let scope = match tail.strip_prefix('_') {
                Some(scope) => Some(scope.to_owned()),
                None if tail.is_empty() => None,
                None => continue, // `DNS_EDITOR` is not `DNS_EDIT`
            };
            return Ok(TokenName { vendor: vendor.to_owned(), function: keyword.clone(), scope });
        }
        Err(NameError::UnknownFunction(rest.to_owned()))
    }
}

/// A name taken apart. Printing it gives the name back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenName {
    /// Such as `CF`.
    pub vendor: String,
    /// Such as `DNS_EDIT`.
    pub function: String,
    /// Such as `RAXX_APP`.
    pub scope: Option<String>,
}

impl TokenName {
    /// Whether the scope says "unrestricted".
    pub fn is_full(&self) -> bool {
        self.scope.as_deref() == Some(FULL)
    }
}

impl fmt::Display for TokenName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}_{}", self.vendor, self.function)?;
        match &self.scope {
            Some(scope) => write!(formatter, "_{scope}"),
            None => Ok(()),
        }
    }
}

/// A base name and a companion suffix, the suffix without its two underscores.
///
/// ```
/// use raxx_vault::name::split_companion;
/// assert_eq!(split_companion("CF_ACCESS_SVC_VAULT__CLIENT_ID"), ("CF_ACCESS_SVC_VAULT", Some("CLIENT_ID")));
/// assert_eq!(split_companion("GH_READONLY"), ("GH_READONLY", None));
/// ```
pub fn split_companion(name: &str) -> (&str, Option<&str>) {
    match name.split_once("__") {
        Some((base, suffix)) => (base, Some(suffix)),
        None => (name, None),
    }
}

/// Whether a text is upper snake case: letters, digits and single underscores inside, a letter first.
pub fn check_shape(name: &str) -> Result<(), NameError> {
    if name.len() > NAME_LIMIT {
        return Err(NameError::TooLong);
    }
    let upper = name.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_');
    if !upper || !name.starts_with(|first: char| first.is_ascii_uppercase()) {
        return Err(NameError::NotUpperSnake);
    }
    if name.contains("__") || name.ends_with('_') {
        return Err(NameError::EmptyPart);
    }
    Ok(())
}

/// Why a text is not a name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    /// More than [`NAME_LIMIT`] characters.
    #[error("longer than {NAME_LIMIT} characters")]
    TooLong,
    /// Something else than `A-Z`, `0-9` and `_`.
    #[error("not upper snake case")]
    NotUpperSnake,
    /// Two underscores in a row, or one at the end.
    #[error("an empty part: two underscores belong to companions only")]
    EmptyPart,
    /// No underscore.
    #[error("only one part, where a vendor and a function are needed")]
    OnePart,
    /// The first part is not a vendor code.
    #[error("`{0}` is not a vendor code of the registry")]
    UnknownVendor(String),
    /// No function keyword fits.
    #[error("`{0}` does not begin with a function keyword of this vendor")]
    UnknownFunction(String),
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn grammar() -> Grammar {
        let mut grammar = Grammar::default();
        for (vendor, keyword) in [
            ("CF", "ACCESS_SVC"),
            ("CF", "ACCESS_MGMT"),
            ("CF", "ACCESS"),
            ("CF", "DNS_EDIT"),
            ("GH", "APP"),
            ("HK", "PLATFORM"),
            ("GH", "READONLY"),
        ] {
            grammar.add_keyword(
                vendor,
                Keyword { keyword: keyword.to_owned(), tag: keyword.to_lowercase(), per_target: false },
            );
        }
        grammar
    }

    #[test]
    fn the_longest_keyword_wins() {
        let name = grammar().parse("CF_ACCESS_SVC_VAULT").unwrap();
        assert_eq!((name.function.as_str(), name.scope.as_deref()), ("ACCESS_SVC", Some("VAULT")));
        let name = grammar().parse("CF_ACCESS_VAULT").unwrap();
        assert_eq!((name.function.as_str(), name.scope.as_deref()), ("ACCESS", Some("VAULT")));
        assert!(grammar().parse("HK_PLATFORM_FULL").unwrap().is_full());
        assert_eq!(grammar().parse("GH_READONLY").unwrap().scope, None);
    }

    #[test]
    fn each_wrong_shape_has_its_reason() {
        let error = |name: &str| grammar().parse(name).unwrap_err();
        assert_eq!(error(""), NameError::NotUpperSnake);
        assert_eq!(error("cf_dns_edit"), NameError::NotUpperSnake);
        assert_eq!(error("1F_DNS_EDIT"), NameError::NotUpperSnake);
        assert_eq!(error("CF_DNS_EDIT "), NameError::NotUpperSnake);
        assert_eq!(error("CF__DNS_EDIT"), NameError::EmptyPart);
        assert_eq!(error("CF_DNS_EDIT_"), NameError::EmptyPart);
        assert_eq!(error("CF"), NameError::OnePart);
        assert_eq!(error("CLOUDFLARE_EDIT_DNS"), NameError::UnknownVendor("CLOUDFLARE".to_owned()));
        assert_eq!(error("CF_DNS_EDITOR"), NameError::UnknownFunction("DNS_EDITOR".to_owned()));
        assert_eq!(error(&"A".repeat(1_000_000)), NameError::TooLong);
    }

    proptest! {
        #[test]
        fn print_then_parse_is_identity(
            which in 0_usize..7,
            scope in proptest::option::of("[A-Z][A-Z0-9]{0,8}(_[A-Z0-9]{1,8}){0,3}"),
        ) {
            let (vendor, function) =
                [("CF", "ACCESS_SVC"), ("CF", "ACCESS_MGMT"), ("CF", "DNS_EDIT"), ("GH", "APP"), ("HK", "PLATFORM"), ("GH", "READONLY"), ("CF", "ACCESS")][which];
            // `CF_ACCESS` with a scope that begins with `SVC` *is* `CF_ACCESS_SVC`: the longest keyword wins.
            let swallowed = scope.as_deref().is_some_and(|scope| {
                function == "ACCESS" && ["SVC", "MGMT"].iter().any(|k| scope == *k || scope.starts_with(&format!("{k}_")))
            });
            prop_assume!(!swallowed);
            let name = TokenName { vendor: vendor.to_owned(), function: function.to_owned(), scope };
            prop_assert_eq!(grammar().parse(&name.to_string()), Ok(name));
        }

        #[test]
        fn parse_then_print_is_identity(name in "(CF|GH|HK|XX)_(ACCESS|ACCESS_SVC|DNS_EDIT|APP|PLATFORM|Q)(_[A-Z0-9]{1,6}){0,3}") {
            if let Ok(parsed) = grammar().parse(&name) {
                prop_assert_eq!(parsed.to_string(), name);
            }
        }

        #[test]
        fn no_text_panics(text in ".{0,200}") {
            let _ = grammar().parse(&text);
            let _ = split_companion(&text);
        }
    }
}

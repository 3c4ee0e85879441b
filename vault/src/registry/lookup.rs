//! Questions that the registry answers about itself.

use super::{
    model::{Registry, Tags, Text, Token, Vendor},
    words::{Cell, Class},
};
use crate::name::{Grammar, Keyword};

impl Registry {
    /// The grammar of vendor names.
    pub fn grammar(&self) -> Grammar {
        let mut grammar = Grammar::default();
        for vendor in &self.vendors {
            grammar.add_vendor(&vendor.code.value);
        }
        for function in &self.functions {
            let keyword = Keyword {
                keyword: function.keyword.value.clone(),
                tag: function.tag.value.clone(),
                per_target: function.per_target,
            };
            grammar.add_keyword(&function.vendor.value, keyword);
        }
        grammar
    }

    /// The vendor with this code.
    pub fn vendor(&self, code: &str) -> Option<&Vendor> {
        self.vendors.iter().find(|vendor| vendor.code.value == code)
    }

    /// The vendor of a token, by its prefix.
    pub fn vendor_of(&self, token: &Token) -> Option<&Vendor> {
        match token.class {
            Class::Vendor => self.vendor(token.name.value.split('_').next()?),
            Class::Internal | Class::Outside => None,
        }
    }

    /// The token with this name.
    pub fn token(&self, name: &str) -> Option<&Token> {
        self.tokens.iter().find(|token| token.name.value == name)
    }

    /// The values of a dimension: the taxonomy's and the proposed ones.
    pub fn tag_values<'a>(&'a self, dimension: &'a str) -> impl Iterator<Item = &'a str> {
        let known = self.tags.dimensions.iter().filter(move |(name, _)| name == dimension);
        let proposed = self.tags.proposed.iter().filter(move |tag| tag.dimension == dimension);
        known.flat_map(|(_, values)| values.iter().map(String::as_str)).chain(proposed.map(|tag| tag.value.as_str()))
    }
}

impl Token {
    /// The one tag of a dimension, if there is exactly one.
    pub fn tag(&self, dimension: &str) -> Option<&Text> {
        match self.tags.values(dimension) {
            [only] => Some(only),
            _ => None,
        }
    }

    /// The one tag of a dimension as text, or `?`.
    pub fn tag_or_unknown(&self, dimension: &str) -> &str {
        self.tag(dimension).map_or("?", |tag| tag.value.as_str())
    }

    /// What an environment holds.
    pub fn cell(&self, environment: &str) -> Option<Cell> {
        self.environments.value.iter().find(|(name, _)| name.value == environment).map(|(_, cell)| *cell)
    }

    /// Whether it has this companion suffix.
    pub fn has_companion(&self, suffix: &str) -> bool {
        self.companions.value.iter().any(|companion| companion.value == suffix)
    }

    /// The folder that holds it: its own, else the vendor's.
    pub fn folder<'a>(&'a self, registry: &'a Registry) -> Option<&'a Text> {
        self.path.as_ref().or_else(|| registry.vendor_of(self).and_then(|vendor| vendor.folder.as_ref()))
    }

    /// Every name under which the secret or a part of it may be met: its own, its companions', its exports'.
    pub fn names(&self) -> Vec<String> {
        let mut names = vec![self.name.value.clone()];
        names.extend(self.companions.value.iter().map(|companion| self.companion_name(&companion.value)));
        names.extend(self.exports.iter().map(|export| export.variable.value.clone()));
        names
    }

    /// The full name of a companion: with the base before it, except for the files of a bot folder.
    pub fn companion_name(&self, suffix: &str) -> String {
        if suffix.starts_with("__") { format!("{}{suffix}", self.name.value) } else { suffix.to_owned() }
    }
}

impl Tags {
    /// The values of a dimension, as written.
    pub fn values(&self, dimension: &str) -> &[Text] {
        self.entries.iter().find(|(name, _)| name.value == dimension).map_or(&[], |(_, values)| values.as_slice())
    }
}

//! The page: a template whose holes are filled with what the build knows.

use anyhow::{Context, Result, bail};

/// Fills every `{{name}}` of a template. White space around the name is allowed.
///
/// # Errors
/// A hole has no value, a value has no hole, or a hole is not closed: a page that lacks its script must not be shipped.
pub(super) fn fill(template: &str, values: &[(&str, &str)]) -> Result<String> {
    let mut page = String::with_capacity(template.len());
    let mut used = Vec::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once("{{") {
        let (name, after) = after.split_once("}}").context("the page's template has a `{{` without `}}`")?;
        let name = name.trim();
        let Some((name, value)) = values.iter().find(|(known, _)| *known == name) else {
            let known: Vec<_> = values.iter().map(|(name, _)| *name).collect();
            bail!("the page's template wants `{name}`, which the build does not have; it has {}", known.join(", "));
        };
        used.push(*name);
        page.push_str(before);
        page.push_str(value);
        rest = after;
    }
    page.push_str(rest);
    if let Some((unused, _)) = values.iter().find(|(name, _)| !used.contains(name)) {
        bail!("the page's template has no place for `{unused}`");
    }
    Ok(page)
}

/// Takes comments and the white space between lines out; text inside a line stays as it is.
pub(super) fn minify(page: &str) -> String {
    let mut text = String::with_capacity(page.len());
    let mut rest = page;
    while let Some((before, after)) = rest.split_once("<!--") {
        text.push_str(before);
        rest = after.split_once("-->").map_or("", |(_, after)| after);
    }
    text.push_str(rest);
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fills_every_hole_once_and_again() {
        let page = fill("<a href={{ one }}>{{two}}</a>{{one}}", &[("one", "1"), ("two", "{{one}}")]).unwrap();
        assert_eq!(page, "<a href=1>{{one}}</a>1");
    }

    #[test]
    fn refuses_what_does_not_fit() {
        assert!(fill("{{one}}", &[]).unwrap_err().to_string().contains("`one`"));
        assert!(fill("", &[("one", "1")]).unwrap_err().to_string().contains("`one`"));
        assert!(fill("{{one", &[("one", "1")]).is_err());
    }

    #[test]
    fn minifying_keeps_words() {
        assert_eq!(minify("<p>\n  <!-- a\n note -->\n  one two\n</p>\n"), "<p>\none two\n</p>");
    }
}

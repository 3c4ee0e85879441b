//! The list's `preview`.

/// Longest preview in characters.
const MAX_CHARACTERS: usize = 255;

/// The start of a text without tags and with single spaces. The help desk calls it for internal notes too.
pub(crate) fn preview(body: &str) -> String {
    let mut text = String::with_capacity(MAX_CHARACTERS);
    let mut in_tag = false;
    for character in body.chars() {
        match character {
            '<' => in_tag = true,
            '>' if in_tag => {
                in_tag = false;
                text.push(' ');
            }
            other if !in_tag => text.push(other),
            _ => {}
        }
    }
    let text = text.replace("&nbsp;", " ").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&");
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ").chars().take(MAX_CHARACTERS).collect()
}

#[cfg(test)]
mod tests {
    use super::preview;

    #[test]
    fn takes_the_text_out_of_the_markup() {
        assert_eq!(preview("line1\nline2 <b>b</b>"), "line1 line2 b");
        assert_eq!(preview("<p>a</p><p>b &amp; c</p>"), "a b & c");
        assert_eq!(preview(&"é".repeat(300)).chars().count(), 255);
    }
}

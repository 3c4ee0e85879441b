//! What comes out of what people and mail programs write.

mod hostile;
mod mail;
mod round_trip;

use shared::AttachmentId;

use super::{Concealed, Context, Reading, read};

const HOST: &str = "desk.example";

/// Attachment 7 is the one that an image of the help desk's shows.
fn image(src: &str) -> Option<AttachmentId> {
    (src == "https://desk.example/storage/attachment/1/a.png?id=7").then_some(AttachmentId::from_bits(7))
}

fn reading(html: &str) -> Reading {
    let concealed = Concealed::new([HOST, "Acme Desk"]);
    read(html, &Context { concealed: &concealed, image: &image })
}

/// The body in short: one line of JSON without the noise.
fn body(html: &str) -> String {
    serde_json::to_string(&reading(html).body).unwrap()
}

/// All text of the body on one line.
fn text(html: &str) -> String {
    reading(html).body.plain_text(100_000)
}

#[test]
fn paragraphs_and_lines() {
    for (html, expected) in [
        ("", "[]"),
        ("<p>a</p><p>b</p>", r#"[{"paragraph":[{"text":"a"}]},{"paragraph":[{"text":"b"}]}]"#),
        ("a<br>b", r#"[{"paragraph":[{"text":"a"},"break",{"text":"b"}]}]"#),
        ("a<br><br>b", r#"[{"paragraph":[{"text":"a"}]},{"paragraph":[{"text":"b"}]}]"#),
        ("<div>a</div><div>b</div>", r#"[{"paragraph":[{"text":"a"},"break",{"text":"b"}]}]"#),
        ("<div>a</div><div><br></div><div>b</div>", r#"[{"paragraph":[{"text":"a"}]},{"paragraph":[{"text":"b"}]}]"#),
        ("<div>a<br></div><div>b</div>", r#"[{"paragraph":[{"text":"a"},"break",{"text":"b"}]}]"#),
        (
            "<p class=MsoNormal>a</p><p class=MsoNormal>b</p><p class=MsoNormal>&nbsp;</p><p class=MsoNormal>c</p>",
            r#"[{"paragraph":[{"text":"a"},"break",{"text":"b"}]},{"paragraph":[{"text":"c"}]}]"#,
        ),
        ("<p>  a \n  b\t<b> c</b>d ", r#"[{"paragraph":[{"text":"a b "},{"strong":[{"text":"c"}]},{"text":"d"}]}]"#),
        (
            "<h1>a</h1><h5>b</h5>",
            r#"[{"heading":{"level":1,"text":[{"text":"a"}]}},{"heading":{"level":3,"text":[{"text":"b"}]}}]"#,
        ),
        ("a<hr>b", r#"[{"paragraph":[{"text":"a"}]},"rule",{"paragraph":[{"text":"b"}]}]"#),
    ] {
        assert_eq!(body(html), expected, "{html}");
    }
}

#[test]
fn plain_text_keeps_its_lines() {
    assert_eq!(
        body("a\nb\n\nc"),
        r#"[{"paragraph":[{"text":"a"},"break",{"text":"b"}]},{"paragraph":[{"text":"c"}]}]"#
    );
    assert_eq!(
        body("line1\nline2 <b>b</b>"),
        r#"[{"paragraph":[{"text":"line1"},"break",{"text":"line2 "},{"strong":[{"text":"b"}]}]}]"#
    );
    assert_eq!(
        body("if a < b && c > d\n  then <dana@example.test>"),
        r#"[{"paragraph":[{"text":"if a < b && c > d"},"break",{"text":"  then <dana@example.test>"}]}]"#
    );
    assert_eq!(body("a\r\nb"), r#"[{"paragraph":[{"text":"a"},"break",{"text":"b"}]}]"#);
}

#[test]
fn marks_lists_quotes_and_code() {
    for (html, expected) in [
        (
            "<b>a<i>b</i></b><code>c &lt; d</code>",
            r#"[{"paragraph":[{"strong":[{"text":"a"},{"emphasis":[{"text":"b"}]}]},{"code":"c < d"}]}]"#,
        ),
        ("<span style='font-weight: 700 !important'>a</span>", r#"[{"paragraph":[{"strong":[{"text":"a"}]}]}]"#),
        (
            "<ul><li>a<li><p>b</p><p>c</p></ul>",
            r#"[{"list":{"items":[[{"paragraph":[{"text":"a"}]}],[{"paragraph":[{"text":"b"}]},{"paragraph":[{"text":"c"}]}]]}}]"#,
        ),
        ("<ol start=3><li>a</ol>", r#"[{"list":{"start":3,"items":[[{"paragraph":[{"text":"a"}]}]]}}]"#),
        (
            "<ol><li>a<ul><li>b</ul></ol>",
            r#"[{"list":{"start":1,"items":[[{"paragraph":[{"text":"a"}]},{"list":{"items":[[{"paragraph":[{"text":"b"}]}]]}}]]}}]"#,
        ),
        (
            "a<blockquote>b</blockquote>c",
            r#"[{"paragraph":[{"text":"a"}]},{"quote":[{"paragraph":[{"text":"b"}]}]},{"paragraph":[{"text":"c"}]}]"#,
        ),
        ("<pre>\n\n  a\n<b>b</b>\n</pre>", r#"[{"code":{"text":"\n  a\nb\n"}}]"#),
    ] {
        assert_eq!(body(html), expected, "{html}");
    }
}

#[test]
fn links_lead_to_https_and_mail_alone() {
    for (html, expected) in [
        (
            "<a href='https://raxx.app'>x</a>",
            r#"[{"paragraph":[{"link":{"href":"https://raxx.app","text":[{"text":"x"}]}}]}]"#,
        ),
        (
            "<a href=' HTTPS://Raxx.app/\u{fc} b '>x</a>",
            r#"[{"paragraph":[{"link":{"href":"https://raxx.app/%C3%BC%20b","text":[{"text":"x"}]}}]}]"#,
        ),
        (
            "<a href='mailto:a@raxx.app'>x</a>",
            r#"[{"paragraph":[{"link":{"href":"mailto:a@raxx.app","text":[{"text":"x"}]}}]}]"#,
        ),
        ("<a href='http://old.example/a'>x</a>", r#"[{"paragraph":[{"text":"x (http://old.example/a)"}]}]"#),
        ("<a href='http://old.example/'>http://old.example</a>", r#"[{"paragraph":[{"text":"http://old.example"}]}]"#),
    ] {
        assert_eq!(body(html), expected, "{html}");
    }
    for href in [
        "javascript:alert(1)",
        "java\nscript:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "//evil.example",
        "/path",
        "#x",
        "",
        "https://u:p@raxx.app",
        "https://desk.example/conversation/3",
        "https://DESK.example",
        "https://a.desk.example",
        "https://safe.example/?u=https%3A%2F%2Fdesk.example",
        "http://desk.example/",
        "file:///etc/passwd",
        "blob:https://raxx.app/x",
    ] {
        assert_eq!(body(&format!("<a href='{href}'>x</a>")), r#"[{"paragraph":[{"text":"x"}]}]"#, "{href}");
    }
}

#[test]
fn images_are_attachments_or_words() {
    let ours = "<p>a<img src='https://desk.example/storage/attachment/1/a.png?id=7' alt='Chart'>b</p>";
    let id = AttachmentId::from_bits(7);
    assert_eq!(
        body(ours),
        format!(
            r#"[{{"paragraph":[{{"text":"a"}}]}},{{"image":{{"attachment_id":"{id}","alt":"Chart"}}}},{{"paragraph":[{{"text":"b"}}]}}]"#
        )
    );
    assert_eq!(body("<img src='https://evil.example/x.png' alt='Logo'>"), r#"[{"paragraph":[{"text":"Logo"}]}]"#);
    assert_eq!(body("<img src='https://evil.example/x.gif' width=1 height=1 alt='t'>"), "[]");
    assert_eq!(body("<img src='cid:1'>"), "[]");
    assert_eq!(super::image_sources("<img src='a&amp;b'><IMG SRC=c><img>"), ["a&b", "c"]);
}

#[test]
fn tables_become_lines() {
    assert_eq!(
        body("<table><tr><th>Item</th><th>Price</th></tr><tr><td>A</td><td><b>1</b></td></tr></table>x"),
        r#"[{"paragraph":[{"text":"Item | Price"},"break",{"text":"A | "},{"strong":[{"text":"1"}]},"break",{"text":"x"}]}]"#
    );
    assert_eq!(
        body("<table><tr><td><p>a</p><p>b</p></td><td>c</td></tr></table>"),
        r#"[{"paragraph":[{"text":"a"}]},{"paragraph":[{"text":"b"}]},{"paragraph":[{"text":"c"}]}]"#
    );
    assert_eq!(body("<table><tr><td>&nbsp;</td><td>only</td></tr></table>"), r#"[{"paragraph":[{"text":"only"}]}]"#);
}

#[test]
fn what_is_hidden_stays_hidden() {
    for html in [
        "<script>x</script>",
        "<style>x</style>",
        "<head><title>x</title></head>",
        "<!-- x -->",
        "<![if mso]><!--x--><![endif]>",
        "<div style='display:none'>x</div>",
        "<span style='mso-hide:all'>x</span>",
        "<p style='FONT-SIZE: 0px'>x</p>",
        "<div style='max-height:0;overflow:hidden'>x</div>",
        "<span style='visibility:hidden'>x</span>",
        "<p hidden>x</p>",
        "<svg><text>x</text></svg>",
        "<math>x</math>",
        "<iframe>x</iframe>",
        "<object>x</object>",
        "<template>x</template>",
        "<xml><o:x>x</o:x></xml>",
        "<div style='opacity: 0'>x</div>",
        "<noframes>x</noframes>",
        "<textarea hidden>x</textarea>",
    ] {
        assert_eq!(body(&format!("a{html}")), r#"[{"paragraph":[{"text":"a"}]}]"#, "{html}");
    }
    assert_eq!(text("<head><title>t</title><body>a"), "a");
    assert_eq!(text("<head><p>a"), "a");
    assert_eq!(text("<p style='font-size:10px;opacity:0.9'>a</p>"), "a");
}

#[test]
fn concealed_words_never_come_out() {
    for html in [
        "see https://desk.example/t/3 now",
        "see <b>desk</b>.ex<i>ample</i> now",
        "<pre>curl https://desk.example/api</pre>",
        "<img src=x alt='desk.example'>",
        "<h1>ACME <b>DESK</b></h1>",
        "powered by <a href='https://desk.example'>Acme Desk</a>",
        "https://DESK.EXAMPLE.",
        "mail {#AC:YWNtZSBkZXNr#} mark",
    ] {
        let json = body(html).to_lowercase();
        for word in ["desk.example", "acme desk", "ywntzsbkzxnr"] {
            assert!(!json.contains(word), "{html} gave {json}");
            let all = text(html).to_lowercase();
            assert!(!all.contains(word), "{html} gave {all}");
        }
    }
    assert_eq!(text("see https://desk.example/t/3 now"), "see \u{2026} now");
}

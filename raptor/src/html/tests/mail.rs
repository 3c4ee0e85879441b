//! Older messages below new ones, as mail programs write them.

use super::*;

fn split(html: &str) -> (String, String) {
    let reading = reading(html);
    (reading.body.plain_text(1000), reading.quoted.plain_text(1000))
}

#[test]
fn quoted_history_is_split_off() {
    for (program, html, own, older) in [
        (
            "Gmail",
            r#"<div dir="ltr">Thanks!<br></div><br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">On Mon, Nov 2, 2026 at 3:04 PM Maya &lt;m@raxx.app&gt; wrote:<br></div><blockquote class="gmail_quote" style="margin:0">Try this.</blockquote></div>"#,
            "Thanks!",
            "On Mon, Nov 2, 2026 at 3:04 PM Maya <m@raxx.app> wrote: Try this.",
        ),
        (
            "Apple Mail",
            r#"<html><head><meta http-equiv="Content-Type"></head><body dir="auto">It works<div><br></div><div dir="ltr">Dana</div><div dir="ltr"><br><blockquote type="cite">On 2. Nov 2026, at 15:04, Maya wrote:<br><br></blockquote></div><blockquote type="cite"><div dir="ltr">Try this.</div></blockquote></body></html>"#,
            "It works Dana",
            "On 2. Nov 2026, at 15:04, Maya wrote: Try this.",
        ),
        (
            "Outlook for Windows",
            r#"<div class=WordSection1><p class=MsoNormal>Works now.<o:p></o:p></p><p class=MsoNormal><o:p>&nbsp;</o:p></p><div style='border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0in 0in 0in'><p class=MsoNormal><b>From:</b> Raxx Support &lt;help@raxx.app&gt; <br><b>Sent:</b> Monday<br><b>To:</b> Dana<br><b>Subject:</b> Re: Fill</p></div><p class=MsoNormal>Try this.</p></div>"#,
            "Works now.",
            "From: Raxx Support <help@raxx.app> Sent: Monday To: Dana Subject: Re: Fill Try this.",
        ),
        (
            "Outlook on the web",
            r#"<div>Done</div><div id="appendonsend"></div><hr tabindex="-1"><div id="x_divRplyFwdMsg" dir="ltr"><b>Von:</b> Raxx<br><b>Betreff:</b> Re: Fill</div><div>Try this.</div>"#,
            "Done",
            "Von: Raxx Betreff: Re: Fill Try this.",
        ),
        (
            "Thunderbird",
            r#"<p>Fine</p><div class="moz-cite-prefix">Am 02.11.26 um 15:04 schrieb Maya:<br></div><blockquote type="cite" cite="mid:x">Try this.</blockquote>"#,
            "Fine",
            "Am 02.11.26 um 15:04 schrieb Maya: Try this.",
        ),
        (
            "plain text",
            "Yes.\n\nOn Mon, 2 Nov 2026, Maya wrote:\n> Try this.\n>\n> Maya\n",
            "Yes.",
            "On Mon, 2 Nov 2026, Maya wrote: > Try this. > > Maya",
        ),
        (
            "plain text, one paragraph",
            "Yes.\nDana\nOn Mon, 2 Nov 2026 at 15:04, Raxx Support <help@raxx.app>\nwrote:\n> Try this.",
            "Yes. Dana",
            "On Mon, 2 Nov 2026 at 15:04, Raxx Support <help@raxx.app> wrote: > Try this.",
        ),
        (
            "dashes",
            "<p>Yes.</p><p>-----Original Message-----<br>From: a</p><p>Try this.</p>",
            "Yes.",
            "-----Original Message----- From: a Try this.",
        ),
        (
            "underscores",
            "<div>Yes.</div><div>________________________________<br>De : Maya<br>Objet : Re</div><div>Try this.</div>",
            "Yes.",
            "________________________________ De : Maya Objet : Re Try this.",
        ),
        (
            "attribution and an unnamed quote",
            "<p>Yes.</p><p>Le lun. 2 nov. 2026, Maya a écrit :</p><blockquote><p>Try this.</p></blockquote>",
            "Yes.",
            "Le lun. 2 nov. 2026, Maya a écrit : Try this.",
        ),
    ] {
        assert_eq!(split(html), (own.to_owned(), older.to_owned()), "{program}");
    }
}

#[test]
fn signatures_stay() {
    let (own, older) = split("<div>Hello</div><div class=gmail_signature>-- <br>Dana Doe<br>Trader</div>");
    assert_eq!((own.as_str(), older.as_str()), ("Hello -- Dana Doe Trader", ""));
}

#[test]
fn answers_below_a_quote_keep_it_in_place() {
    let html = "<blockquote type=cite>Which broker?</blockquote><p>IB.</p>";
    assert_eq!(
        body(html),
        r#"[{"quote":[{"quote":[{"paragraph":[{"text":"Which broker?"}]}]}]},{"paragraph":[{"text":"IB."}]}]"#.replace(
            r#"{"quote":[{"quote":[{"paragraph":[{"text":"Which broker?"}]}]}]}"#,
            r#"{"quote":[{"paragraph":[{"text":"Which broker?"}]}]}"#
        )
    );
    assert_eq!(split(html).1, "");
}

#[test]
fn a_forwarded_message_stays_whole() {
    let html =
        "<div class=gmail_quote><div>---------- Forwarded message ---------<br>From: x</div><p>Look at this.</p></div>";
    let (own, older) = split(html);
    assert_eq!((own.contains("Look at this."), older.as_str()), (true, ""));
}

#[test]
fn words_that_look_like_history_are_not() {
    for text in
        ["From: 3 to 5 contracts", "She wrote: hello", "> is greater than", "---- totals ----", "Subject: x\nFrom: y"]
    {
        let (own, older) = split(text);
        assert_eq!(own.split_whitespace().collect::<Vec<_>>(), text.split_whitespace().collect::<Vec<_>>(), "{text}");
        assert_eq!(older, "", "{text}");
    }
}

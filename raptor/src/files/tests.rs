use proptest::prelude::*;

use super::*;

fn of(name: &str, bytes: &[u8]) -> Result<(String, &'static str), Rejection> {
    recognise(name, bytes).map(|file| (file.name.as_str().to_owned(), file.media_type.as_str()))
}

/// A zip archive with these empty parts, stored.
fn zip(parts: &[&str], flags: u16) -> Vec<u8> {
    let (mut local, mut central) = (Vec::new(), Vec::new());
    for part in parts {
        let offset = local.len() as u32;
        let common = |out: &mut Vec<u8>| {
            out.extend(20_u16.to_le_bytes());
            out.extend(flags.to_le_bytes());
            out.extend([0; 18]);
            out.extend((part.len() as u16).to_le_bytes());
            out.extend(0_u16.to_le_bytes());
        };
        local.extend(b"PK\x03\x04");
        common(&mut local);
        local.extend(part.as_bytes());
        central.extend(b"PK\x01\x02");
        central.extend(20_u16.to_le_bytes());
        common(&mut central);
        central.extend([0; 10]);
        central.extend(offset.to_le_bytes());
        central.extend(part.as_bytes());
    }
    let (start, size) = (local.len() as u32, central.len() as u32);
    local.extend(central);
    local.extend(b"PK\x05\x06\0\0\0\0");
    local.extend([(parts.len() as u16).to_le_bytes(), (parts.len() as u16).to_le_bytes()].concat());
    local.extend(size.to_le_bytes());
    local.extend(start.to_le_bytes());
    local.extend([0, 0]);
    local
}

const TYPES: &str = "[Content_Types].xml";

#[test]
fn bytes_decide_and_not_names() {
    assert_eq!(of("a.png", b"\x89PNG\r\n\x1a\n...."), Ok(("a.png".into(), "image/png")));
    assert_eq!(of("a.png", b"\xff\xd8\xff\xe0"), Ok(("a.png.jpg".into(), "image/jpeg")));
    assert_eq!(of("A.JPEG", b"\xff\xd8\xff\xe0"), Ok(("A.JPEG".into(), "image/jpeg")));
    assert_eq!(of("a", b"GIF89a"), Ok(("a.gif".into(), "image/gif")));
    assert_eq!(of("a.webp", b"RIFF\0\0\0\0WEBPVP8 "), Ok(("a.webp".into(), "image/webp")));
    assert_eq!(of("a.heic", b"\0\0\0\x18ftypheic\0\0"), Ok(("a.heic".into(), "image/heic")));
    assert_eq!(of("run.exe", b"%PDF-1.4\n"), Ok(("run_exe.pdf".into(), "application/pdf")));
    assert_eq!(of("a.pdf", b"MZ\x90\0\x03"), Err(Rejection::TypeNotAllowed));
    assert_eq!(of("a.png", b"<svg onload=alert(1)>"), Err(Rejection::TypeNotAllowed));
    assert_eq!(of("a.png", b""), Err(Rejection::Empty));
    assert_eq!(of("a.txt", &vec![b'a'; 10 * 1024 * 1024 + 1]), Err(Rejection::TooLarge));
    assert_eq!(of("sound.wav", b"RIFF\0\0\0\0WAVEfmt "), Err(Rejection::TypeNotAllowed));
    assert_eq!(of("film.mp4", b"\0\0\0\x18ftypisom\0\0"), Err(Rejection::TypeNotAllowed));
}

#[test]
fn plain_text_is_strict() {
    assert_eq!(of("a.txt", "Grüße\r\n".as_bytes()), Ok(("a.txt".into(), "text/plain")));
    assert_eq!(of("a.LOG", b"\x1b[31merror\x1b[0m"), Ok(("a.LOG".into(), "text/plain")));
    assert_eq!(of("a.csv", b"name;wert\nM\xfcller;1"), Ok(("a.csv".into(), "text/csv")));
    assert_eq!(of("a.csv", b"\xff\xfea\0;\0b\0"), Ok(("a.csv".into(), "text/csv")));
    assert_eq!(of("a.json", b"{\"a\":1}"), Ok(("a.json".into(), "application/json")));
    assert_eq!(of("a.json", b"{\"a\":1}\n{\"a\":2}"), Ok(("a.json.txt".into(), "text/plain")));
    for (name, bytes) in [
        ("a.txt", &b"a\0b"[..]),
        ("a.txt", b"\x7fELF\x02\x01\x01"),
        ("a.txt", b"\xff\xfea\0b"),
        ("a.txt", b"\xff\xfe\x00\xd8a\0"),
        ("a.html", b"<p>hello"),
        ("a.svg", b"<svg/>"),
        ("a.js", b"alert(1)"),
        ("a.txt.js", b"alert(1)"),
        ("txt", b"hello"),
        ("", b"hello"),
    ] {
        assert_eq!(of(name, bytes), Err(Rejection::TypeNotAllowed), "{name} {bytes:?}");
    }
}

#[test]
fn office_documents_without_programs() {
    let docx = zip(&[TYPES, "_rels/.rels", "word/document.xml"], 0);
    assert_eq!(of("a.docx", &docx).map(|(name, _)| name), Ok("a.docx".into()));
    let xlsx = zip(&[TYPES, "xl/workbook.xml", "xl/printerSettings/printerSettings1.bin"], 0);
    assert_eq!(of("a.xlsx", &xlsx).map(|(name, _)| name), Ok("a.xlsx".into()));
    let mut with_comment = xlsx.clone();
    let length = with_comment.len();
    with_comment[length - 2] = 3;
    with_comment.extend(b"abc");
    assert!(of("a.xlsx", &with_comment).is_ok());
    for macros in
        ["word/vbaProject.bin", "word/VBAPROJECT.BIN", "word/activeX/activeX1.xml", "xl/macrosheets/sheet1.xml"]
    {
        assert_eq!(of("a.docx", &zip(&[TYPES, "word/document.xml", macros], 0)), Err(Rejection::Macros), "{macros}");
    }
    for parts in [
        &["a.txt"][..],
        &[TYPES],
        &[TYPES, "ppt/presentation.xml"],
        &[TYPES, "word/document.xml", "xl/workbook.xml"],
        &["word/document.xml"],
        &[TYPES, "word/document.xml", "../../etc/passwd"],
        &[TYPES, "word/document.xml", "/etc/passwd"],
        &[],
    ] {
        assert_eq!(of("a.docx", &zip(parts, 0)), Err(Rejection::TypeNotAllowed), "{parts:?}");
    }
    assert_eq!(of("a.docx", &zip(&[TYPES, "word/document.xml"], 1)), Err(Rejection::TypeNotAllowed), "encrypted");
    for cut in 0..docx.len() {
        assert!(of("a.docx", &docx[..cut]).is_err(), "cut after {cut} bytes");
    }
}

#[test]
fn names_cannot_lead_or_run_anywhere() {
    let clean = |name: &str| FileName::from_untrusted(name).as_str().to_owned();
    for (name, expected) in [
        ("report.pdf", "report.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\me\\a b.txt", "a b.txt"),
        ("a\0b\n.txt", "ab.txt"),
        ("invoice\u{202e}fdp.exe", "invoicefdp_exe.txt"),
        ("x.php.png", "x_php.png"),
        ("x.tar.gz", "x.tar.gz"),
        ("2026.11.22 report.csv", "2026.11.22 report.csv"),
        ("CON", "_CON"),
        ("com1.txt", "_com1.txt"),
        ("nul.tar.gz", "_nul.tar.gz"),
        ("console.log", "console.log"),
        ("  ..hidden. ", "hidden"),
        ("", "file"),
        ("...", "file"),
        ("///", "file"),
        ("a.html", "a_html.txt"),
        ("<script>.png", "_script_.png"),
        ("a\u{200b}.\u{feff}png", "a.png"),
        ("Übersicht März.xlsx", "Übersicht März.xlsx"),
        ("no ending.", "no ending"),
        ("odd.e-n-d", "odd.e-n-d"),
    ] {
        assert_eq!(clean(name), expected, "{name:?}");
    }
    let long = clean(&format!("{}.pdf", "ä".repeat(500)));
    assert!(long.ends_with(".pdf") && long.len() <= 200 && long.chars().count() <= 120, "{long}");
    assert_eq!(FileName::for_type("x.php", MediaType::Png).as_str(), "x_php.png");
    assert_eq!(FileName::for_type("x.png", MediaType::Pdf).as_str(), "x.png.pdf");
}

#[test]
fn headers_carry_names_in_both_spellings() {
    let header = |name: &str| content_disposition(&FileName::from_untrusted(name)).to_str().unwrap().to_owned();
    assert_eq!(header("a b.pdf"), "attachment; filename=\"a b.pdf\"");
    assert_eq!(
        header("Grüße '1'.pdf"),
        "attachment; filename=\"Gr__e _1_.pdf\"; filename*=UTF-8''Gr%C3%BC%C3%9Fe%20%271%27.pdf"
    );
}

proptest! {
    #[test]
    fn no_name_breaks_the_rules(name in "\\PC*|[./\\\\a-z\u{202e}\0\n\" ]{0,40}") {
        for clean in [FileName::from_untrusted(&name), FileName::for_type(&name, MediaType::Jpeg)] {
            let text = clean.as_str();
            prop_assert!(!text.is_empty() && text.len() <= 200 && text.chars().count() <= 120);
            let forbidden = ['/', '\\', '"', '<', '>', ':', '\0', '\n', '\u{202e}'];
            prop_assert!(!text.contains(forbidden));
            prop_assert!(!text.starts_with(['.', ' ']) && !text.ends_with(['.', ' ']));
            prop_assert!(shared::Line::<1, 200>::new(text).is_ok());
            let header = content_disposition(&clean);
            prop_assert!(header.to_str().is_ok_and(|header| header.starts_with("attachment; filename=\"")));
            // Cleaning a clean name changes nothing.
            let again = FileName::from_untrusted(text);
            prop_assert_eq!(again.as_str(), text);
        }
    }

    #[test]
    fn no_bytes_break_the_reader(bytes in proptest::collection::vec(any::<u8>(), 0..300), zipped in any::<bool>()) {
        let bytes = if zipped { [b"PK\x03\x04".to_vec(), bytes, b"PK\x05\x06".to_vec(), vec![1; 30]].concat() } else { bytes };
        let _ = recognise("a.docx", &bytes);
    }
}

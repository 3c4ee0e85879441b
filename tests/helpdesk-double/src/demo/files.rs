//! Small real files: a picture, a document, a table and a log that programs accept.

use crate::operator::requests::FileInput;
use std::fmt::Write as _;

/// A picture of a falling equity curve, 96 by 48 points.
pub(super) fn chart_png(file_name: &str) -> FileInput {
    const WIDTH: u32 = 96;
    const HEIGHT: u32 = 48;
    let mut rows = Vec::new();
    for y in 0..HEIGHT {
        // Filter type 0, then three bytes per point.
        rows.push(0);
        for x in 0..WIDTH {
            let curve = 8 + x / 4 + if x > 60 { (x - 60) / 3 } else { 0 } + (x * 7 % 5);
            let point: [u8; 3] = match y.abs_diff(curve) {
                0 | 1 => [229, 84, 75],
                _ if y % 12 == 0 => [52, 60, 74],
                _ => [18, 22, 30],
            };
            rows.extend(point);
        }
    }
    let mut header = Vec::new();
    header.extend(WIDTH.to_be_bytes());
    header.extend(HEIGHT.to_be_bytes());
    // 8 bits, true colour, default compression, filter and interlace methods.
    header.extend([8, 2, 0, 0, 0]);
    let mut png = b"\x89PNG\r\n\x1a\n".to_vec();
    png_chunk(&mut png, *b"IHDR", &header);
    png_chunk(&mut png, *b"IDAT", &zlib_stored(&rows));
    png_chunk(&mut png, *b"IEND", &[]);
    FileInput { file_name: file_name.to_owned(), mime_type: "image/png".to_owned(), data: png }
}

/// An invoice of one page.
pub(super) fn invoice_pdf(file_name: &str, lines: &[&str]) -> FileInput {
    let mut text = String::from("BT /F1 12 Tf 72 760 Td 18 TL\n");
    for line in lines {
        // Writing to a String cannot fail.
        let _ = writeln!(text, "({line}) Tj T*");
    }
    text.push_str("ET");
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R \
         /Resources << /Font << /F1 5 0 R >> >> >>"
            .to_owned(),
        format!("<< /Length {} >>\nstream\n{text}\nendstream", text.len()),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_owned(),
    ];
    let mut pdf = String::from("%PDF-1.4\n");
    let mut table = String::from("0000000000 65535 f \n");
    for (number, object) in (1..).zip(&objects) {
        let _ = writeln!(table, "{:010} 00000 n ", pdf.len());
        let _ = write!(pdf, "{number} 0 obj\n{object}\nendobj\n");
    }
    let start = pdf.len();
    let count = objects.len() + 1;
    let _ =
        write!(pdf, "xref\n0 {count}\n{table}trailer\n<< /Size {count} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n");
    FileInput { file_name: file_name.to_owned(), mime_type: "application/pdf".to_owned(), data: pdf.into_bytes() }
}

/// A table of fills with one row missing.
pub(super) fn fills_csv(file_name: &str) -> FileInput {
    let rows = "time_utc,order_id,symbol,side,quantity,price\n\
                2026-11-12T14:31:07Z,ord_88120,SPY 12DEC26 560P,BUY,2,4.15\n\
                2026-11-12T14:31:09Z,ord_88121,SPY 12DEC26 550P,SELL,2,2.71\n\
                2026-11-12T15:02:44Z,ord_88127,SPY 12DEC26 560P,SELL,1,4.62\n";
    FileInput { file_name: file_name.to_owned(), mime_type: "text/csv".to_owned(), data: rows.as_bytes().to_vec() }
}

/// A log of a rule that fired twice.
pub(super) fn rule_log(file_name: &str) -> FileInput {
    let lines = "14:31:07.412 rule=exit-50 position=pos_4411 pnl=0.512 -> CLOSE\n\
                 14:31:07.418 rule=exit-50 position=pos_4411 order=ord_88130 submitted\n\
                 14:31:07.903 rule=exit-50 position=pos_4411 pnl=0.511 -> CLOSE\n\
                 14:31:07.909 rule=exit-50 position=pos_4411 order=ord_88131 submitted\n";
    FileInput { file_name: file_name.to_owned(), mime_type: "text/plain".to_owned(), data: lines.as_bytes().to_vec() }
}

fn png_chunk(png: &mut Vec<u8>, kind: [u8; 4], data: &[u8]) {
    png.extend(u32::try_from(data.len()).unwrap_or(0).to_be_bytes());
    let start = png.len();
    png.extend(kind);
    png.extend(data);
    let checksum = crc32(png.get(start..).unwrap_or_default());
    png.extend(checksum.to_be_bytes());
}

/// RFC 1950 around RFC 1951 blocks that store without compressing.
fn zlib_stored(data: &[u8]) -> Vec<u8> {
    let mut out = vec![0x78, 0x01];
    let mut blocks = data.chunks(65_535).peekable();
    while let Some(block) = blocks.next() {
        let length = u16::try_from(block.len()).unwrap_or(u16::MAX);
        out.push(u8::from(blocks.peek().is_none()));
        out.extend(length.to_le_bytes());
        out.extend((!length).to_le_bytes());
        out.extend(block);
    }
    let (mut low, mut high) = (1_u32, 0_u32);
    for byte in data {
        low = (low + u32::from(*byte)) % 65_521;
        high = (high + low) % 65_521;
    }
    out.extend(((high << 16) | low).to_be_bytes());
    out
}

/// PNG specification, annex D.
fn crc32(data: &[u8]) -> u32 {
    !data.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| if crc & 1 == 1 { (crc >> 1) ^ 0xedb8_8320 } else { crc >> 1 })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checksums_match_the_published_check_values() {
        assert_eq!(crc32(b"123456789"), 0xcbf4_3926);
        assert!(zlib_stored(b"Wikipedia").ends_with(&[0x11, 0xe6, 0x03, 0x98]));
    }

    #[test]
    fn the_pdf_table_points_at_its_objects() {
        let pdf = String::from_utf8(invoice_pdf("a.pdf", &["Invoice"]).data).unwrap();
        let start: usize = pdf.lines().rev().nth(1).unwrap().parse().unwrap();
        assert!(pdf[start..].starts_with("xref\n0 6\n"));
        for (number, row) in (1..=5).zip(pdf[start..].lines().skip(3)) {
            let offset: usize = row[..10].parse().unwrap();
            assert!(pdf[offset..].starts_with(&format!("{number} 0 obj")), "{row}");
        }
    }
}

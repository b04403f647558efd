//! Encodings, claimed and real.

use super::*;

/// Id, bytes, header, encoding, text, whether something was repaired, note.
type Row<'a> = (&'a str, Vec<u8>, Option<&'a str>, &'a str, &'a str, bool, &'a str);

/// Decodes and returns text, encoding, and whether something was repaired.
fn read(bytes: &[u8], header: Option<&str>) -> (String, String, bool) {
    let mut repairs = Repairs::default();
    let decoded = decode(bytes, header, &mut repairs);
    (decoded.text, decoded.encoding, repairs != Repairs::default())
}

/// Encodes text as UTF-16, little or big end first.
fn utf16(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(bytes).collect()
}

#[test]
#[rustfmt::skip] // a table reads best with one row a line
fn claims_are_believed_as_far_as_the_bytes_allow() {
    let xml =
        |name: &str, body: &[u8]| [format!("<?xml version=\"1.0\" encoding=\"{name}\"?>").as_bytes(), body].concat();
    let rows: Vec<Row> = vec![
        ("plain", b"<a>x</a>".to_vec(), None, "utf-8", "x", false, "ASCII is UTF-8"),
        ("utf8", "<a>é</a>".into(), None, "utf-8", "é", false, "nothing claimed"),
        ("latin", b"<a>\xe9</a>".to_vec(), None, "windows-1252", "é", false, "nothing claimed, no UTF-8"),
        ("declared", xml("windows-1251", b"<a>\xc2</a>"), None, "windows-1251", "В", false, "declaration"),
        ("koi8", xml("koi8-r", b"<a>\xf7</a>"), None, "koi8-r", "В", false, "declaration"),
        ("sjis", xml("Shift_JIS", b"<a>\x93\xfa</a>"), None, "shift_jis", "日", false, "declaration"),
        ("gbk", xml("gb2312", b"<a>\xc8\xd5</a>"), None, "gbk", "日", false, "declaration"),
        ("header", b"<a>\xc2</a>".to_vec(), Some("text/xml; charset=windows-1251"), "windows-1251", "В", false, "header"),
        ("header-wins", xml("utf-8", b"<a>\xc2</a>"), Some("text/xml;charset=\"windows-1251\""), "windows-1251", "В", false, "header before declaration"),
        ("header-wrong", xml("utf-8", "<a>é</a>".as_bytes()), Some("text/xml; charset=iso-8859-1"), "utf-8", "é", true, "a server's default, refuted"),
        ("claims-utf8", xml("utf-8", b"<a>\xe9</a>"), None, "windows-1252", "é", true, "claims UTF-8 and is not"),
        ("claims-utf16", xml("utf-16", "<a>é</a>".as_bytes()), None, "utf-8", "é", true, "recoded on the way"),
        ("mojibake", xml("iso-8859-1", "<a>é</a>".as_bytes()), None, "utf-8", "é", true, "claims Latin-1 and is UTF-8"),
        ("unknown", xml("x-nonsense", "<a>é</a>".as_bytes()), None, "utf-8", "é", true, "unknown name"),
        ("mixed", b"<a>\xc3\xa9 \xe9</a>".to_vec(), None, "utf-8", "é é", true, "pieces of both"),
        ("bom8", b"\xef\xbb\xbf<a>\xc3\xa9</a>".to_vec(), Some("text/xml; charset=iso-8859-1"), "utf-8", "é", false, "mark before header"),
        ("bom16le", [b"\xff\xfe".to_vec(), utf16("<a>é</a>", u16::to_le_bytes)].concat(), None, "utf-16le", "é", false, "mark"),
        ("bom16be", [b"\xfe\xff".to_vec(), utf16("<a>é</a>", u16::to_be_bytes)].concat(), None, "utf-16be", "é", false, "mark"),
        ("utf16le", utf16("<a>é</a>", u16::to_le_bytes), None, "utf-16le", "é", false, "no mark"),
        ("utf16be", utf16("<a>é</a>", u16::to_be_bytes), None, "utf-16be", "é", false, "no mark"),
        ("utf32", "<a>é</a>".chars().flat_map(|c| u32::from(c).to_le_bytes()).collect(), None, "utf-32le", "é", false, "no mark"),
        ("meta", b"<html><meta charset=windows-1251><a>\xc2</a>".to_vec(), None, "windows-1251", "В", false, "HTML page"),
        ("control", b"<a>x\x0b\x00</a>".to_vec(), None, "utf-8", "x", true, "control characters"),
        ("c1", "<a>\u{96}</a>".into(), None, "utf-8", "–", false, "a dash of windows-1252 taken for Latin-1"),
        ("bidi", "<a>\u{202e}x</a>".into(), None, "utf-8", "x", false, "turns text around"),
        ("crlf", b"<a>x\r\ny\rz</a>".to_vec(), None, "utf-8", "x\ny\nz", false, "line ends"),
    ];
    for (id, bytes, header, encoding, text, repaired, note) in rows {
        let got = read(&bytes, header);
        let inner = got.0.split("<a>").nth(1).and_then(|t| t.split("</a>").next()).unwrap_or_default();
        assert_eq!((inner, got.1.as_str(), got.2), (text, encoding, repaired), "{id} ({note})");
    }
}

#[test]
fn a_character_cut_at_the_end_is_dropped() {
    let whole = "<a>né</a>".as_bytes();
    assert_eq!(read(&"<a>né".as_bytes()[..5], None).0, "<a>n\u{c3}", "one lone byte may be windows-1252");
    assert_eq!(read("<a>日本".as_bytes().get(..8).unwrap(), None).0, "<a>日");
    assert_eq!(read(whole, None).0, "<a>né</a>");
}

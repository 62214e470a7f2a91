//! Web addresses, e-mail addresses, handles and hashtags, which stay whole.
//!
//! An address may be as long as the document, so what reads one is linear in it and asks the
//! observer.

use super::scripts;
use super::watch::{Watch, find, parts};
use crate::error::Result;

/// Most bytes of the part of an e-mail address before and after the sign; the standard has 64 and 255.
const LOCAL: usize = 64;
const DOMAIN: usize = 255;

/// Whether a text starts as a web address does.
pub(super) fn is_address(text: &str) -> bool {
    let after = |prefix: &str| {
        text.get(..prefix.len())
            .filter(|start| start.eq_ignore_ascii_case(prefix))
            .and_then(|_| text[prefix.len()..].chars().next())
            .is_some_and(|sign| sign.is_alphanumeric() && !ends_address(sign))
    };
    after("http://") || after("https://") || after("ftp://") || after("www.")
}

/// Whether a character cannot be part of a web address: people write some beyond ASCII, but texts
/// without spaces and typographic quotes go on right after one.
fn ends_address(sign: char) -> bool {
    sign.is_whitespace()
        || matches!(sign, '"' | '<' | '>' | '“' | '”' | '„' | '»' | '«' | '\u{3000}'..='\u{303F}' | '\u{FF00}'..='\u{FF0F}' | '\u{FF1A}'..='\u{FF20}')
        || scripts::Complex::of(sign).is_some()
}

/// Top-level domains beside those of countries, in the order of their letters. There are thousand
/// and more; most are words, which would make addresses of sentences that were run together.
const DOMAINS: &[&str] = &[
    "aero", "app", "arpa", "asia", "biz", "blog", "cat", "com", "coop", "dev", "edu", "gov", "info", "int",
    "jobs", "mil", "mobi", "museum", "name", "net", "news", "online", "org", "page", "post", "pro", "site",
    "tel", "travel", "xyz",
];

/// Top-level domains of countries and regions.
const COUNTRIES: &str = " ac ad ae af ag ai al am ao aq ar as at au aw ax az ba bb bd be bf bg bh bi bj bm bn bo br \
bs bt bw by bz ca cc cd cf cg ch ci ck cl cm cn co cr cu cv cw cx cy cz de dj dk dm do dz ec ee eg er es et eu fi \
fj fk fm fo fr ga gb gd ge gf gg gh gi gl gm gn gp gq gr gs gt gu gw gy hk hm hn hr ht hu id ie il im in io iq ir \
is it je jm jo jp ke kg kh ki km kn kp kr kw ky kz la lb lc li lk lr ls lt lu lv ly ma mc md me mg mh mk ml mm mn \
mo mp mq mr ms mt mu mv mw mx my mz na nc ne nf ng ni nl no np nr nu nz om pa pe pf pg ph pk pl pm pn pr ps pt pw \
py qa re ro rs ru rw sa sb sc sd se sg sh si sk sl sm sn so sr ss st su sv sx sy sz tc td tf tg th tj tk tl tm tn \
to tr tt tv tw tz ua ug uk us uy uz va vc ve vg vi vn vu wf ws ye yt za zm zw ";

/// Where the host before the `/` at `slash` starts, not before `from`, if a web address without its
/// scheme stands there, as in `bbc.co.uk/news`.
///
/// Labels of ASCII with dots between them, the last a top-level domain in small letters, and after
/// the stroke a letter or digit: `and/or` and `a.m./p.m.` are none.
pub(super) fn host_before(text: &str, from: usize, slash: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let inside = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-');
    if !bytes.get(slash + 1).is_some_and(u8::is_ascii_alphanumeric) {
        return None;
    }
    let length = bytes[from..slash]
        .iter()
        .rev()
        .take(DOMAIN + 1)
        .take_while(|byte| inside(byte))
        .count();
    let run = &text[slash - length..slash];
    let run = run
        .rfind("www.")
        .map_or(run, |www| &run[www..])
        .trim_start_matches(['.', '-']);
    let start = slash - run.len();
    let before = text[..start].chars().next_back();
    if length > DOMAIN
        || before.is_some_and(|sign| is_name(sign) || matches!(sign, '@' | '#' | '/' | '&' | '=' | '%'))
    {
        return None;
    }
    let (host, last) = run.rsplit_once('.')?;
    let label = |label: &str| !label.is_empty() && !label.starts_with('-') && !label.ends_with('-');
    let known = DOMAINS.binary_search(&last).is_ok()
        || last.len() == 2 && last.bytes().all(|byte| byte.is_ascii_lowercase()) && COUNTRIES.contains(last);
    (known && host.split('.').all(label)).then_some(start)
}

/// Whether a text is a web address without its scheme.
pub(super) fn is_bare_address(text: &str) -> bool {
    text.find('/')
        .is_some_and(|slash| host_before(text, 0, slash) == Some(0))
}

/// The length of the web address that starts a text, without the punctuation of the sentence
/// around it.
pub(super) fn address_length(text: &str, watch: &mut Watch<'_>) -> Result<usize> {
    let mut end = find(text, ends_address, watch)?.unwrap_or(text.len());
    let count = |sign: char, watch: &mut Watch<'_>| -> Result<usize> {
        let mut many = 0;
        for part in parts(&text[..end]) {
            watch.spend(part.len())?;
            many += part.matches(sign).count();
        }
        Ok(many)
    };
    let opened = count('(', watch)?;
    let mut closed = count(')', watch)?;
    while let Some(last) = text[..end].chars().next_back() {
        watch.spend(1)?;
        match last {
            '.' | ',' | ';' | ':' | '!' | '?' | '\'' | '’' | '‘' | '…' | '–' | '—' | ']' | '}' | '*' =>
                {}
            // A closing bracket belongs to the address only if it was opened there.
            ')' if opened < closed => closed -= 1,
            _ => break,
        }
        end -= last.len_utf8();
    }
    Ok(end)
}

/// Whether a character may stand in a name, which ends where a script without spaces begins.
fn is_name(sign: char) -> bool {
    sign == '_' || sign.is_alphanumeric() && scripts::Complex::of(sign).is_none()
}

/// The length of the handle or hashtag that starts a text with `@` or `#`: it has a letter, and
/// the text before it ends with no letter or digit.
pub(super) fn sigil_length(before: &str, text: &str, watch: &mut Watch<'_>) -> Result<Option<usize>> {
    let handle = text.starts_with('@');
    if before
        .chars()
        .next_back()
        .is_some_and(|sign| is_name(sign) || sign == '&')
    {
        return Ok(None);
    }
    let Some(length) = name_length(&text[1..], handle, watch)? else {
        return Ok(None);
    };
    // A handle may name its server: @paper@news.example
    let rest = &text[1 + length..];
    if handle
        && rest.starts_with('@')
        && let Some(domain) = domain_length(&rest[1..])
    {
        return Ok(Some(2 + length + domain));
    }
    Ok(Some(1 + length))
}

/// The length of a name, if it has a letter.
fn name_length(text: &str, handle: bool, watch: &mut Watch<'_>) -> Result<Option<usize>> {
    // Hashtags are written in every script; handles are not.
    let name = |sign: char| {
        if handle {
            is_name(sign) || sign == '.'
        } else {
            sign == '_' || sign.is_alphanumeric() || super::glance::is_mark(sign)
        }
    };
    let mut length = find(text, |sign| !name(sign), watch)?.unwrap_or(text.len());
    while text[..length].ends_with('.') {
        watch.spend(1)?;
        length -= 1;
    }
    let letter = find(&text[..length], char::is_alphabetic, watch)?;
    Ok(letter.map(|_| length))
}

/// The byte bounds of the e-mail address around the sign at `sign`, not before `from`.
pub(super) fn email_around(text: &str, from: usize, sign: usize) -> Option<(usize, usize)> {
    let is_local = |sign: char| is_name(sign) || matches!(sign, '.' | '%' | '+' | '-');
    let mut start = sign;
    for character in text[from..sign].chars().rev() {
        if !is_local(character) {
            break;
        }
        start -= character.len_utf8();
        if sign - start > LOCAL {
            return None;
        }
    }
    // A dot or dash before the name is punctuation.
    start += text[start..sign].len() - text[start..sign].trim_start_matches(['.', '-']).len();
    if start == sign {
        return None;
    }
    domain_length(&text[sign + 1..]).map(|length| (start, sign + 1 + length))
}

/// The length of the domain that starts a text: labels with dots between them, the last of letters.
fn domain_length(text: &str) -> Option<usize> {
    let mut found = None;
    let mut end = 0;
    for (index, label) in text.split('.').enumerate() {
        let length: usize = label
            .chars()
            .take_while(|&sign| sign != '_' && is_name(sign) || sign == '-')
            .take(DOMAIN)
            .map(char::len_utf8)
            .sum();
        let name = label[..length].trim_end_matches('-');
        if name.is_empty() || end + length > DOMAIN {
            break;
        }
        let whole = length == label.len() && name.len() == length;
        let letters: usize = name
            .chars()
            .take_while(|sign| sign.is_alphabetic())
            .map(char::len_utf8)
            .sum();
        let ends = letters == name.len() || name[letters..].starts_with('-');
        if index > 0 && ends && name[..letters].chars().nth(1).is_some() {
            found = Some(end + letters);
        }
        if !whole {
            break;
        }
        end += length + 1;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_without_a_scheme() {
        assert!(DOMAINS.is_sorted());
        let rows = [
            ("pic.twitter.com/abc", Some("pic.twitter.com")),
            ("(bbc.co.uk/news", Some("bbc.co.uk")),
            ("Source:t.co/x", Some("t.co")),
            ("参见my-site.com/x", Some("my-site.com")),
            ("HealthCare.gov/x", Some("HealthCare.gov")),
            ("said.www.x.org/x", Some("www.x.org")),
            ("...bit.ly/2x", Some("bit.ly")),
            ("and/or", None),
            ("p.m./a.m.", None),
            ("2.5/3", None),
            ("Node.js/Express", None),
            ("said.The/x", None),
            ("U.S/x", None),
            ("n.b/x", None),
            ("x.com/ y", None),
            ("x.com/", None),
            ("x..com/y", None),
            ("x-.com/y", None),
            ("-x.com/y", Some("x.com")),
            (".com/y", None),
            ("https://x.com/y", None),
            ("éx.com/y", None),
            ("me@x.com/y", None),
            ("#x.com/y", None),
        ];
        for (text, expected) in rows {
            let slash = text.rfind('/').unwrap();
            let found = host_before(text, 0, slash).map(|start| &text[start..slash]);
            assert_eq!(found, expected, "{text}");
        }
        let long = format!("{}.com/x", "a".repeat(260));
        assert_eq!(host_before(&long, 0, 264), None);
        assert!(is_bare_address("t.co/x") && !is_bare_address("(t.co/x") && !is_bare_address("and/or"));
    }

    #[test]
    fn addresses_of_mail() {
        let rows = [
            ("me@x.org", Some("me@x.org")),
            ("(me.too+1@mail.x.co.uk).", Some("me.too+1@mail.x.co.uk")),
            ("-me@x.org-", Some("me@x.org")),
            ("я.ты@почта.рф,", Some("я.ты@почта.рф")),
            ("联系me@x.org。", Some("me@x.org")),
            ("a@b", None),
            ("a@b.1", None),
            ("@x.org", None),
            ("me@x.org.The", Some("me@x.org.The")),
            ("me@x..org", None),
            ("me@-.org", None),
            ("me@x.org-you@y.org", Some("me@x.org")),
            ("me@x.my-site.com", Some("me@x.my-site.com")),
        ];
        for (text, expected) in rows {
            let found = email_around(text, 0, text.find('@').unwrap());
            assert_eq!(found.map(|(start, end)| &text[start..end]), expected, "{text}");
        }
        let long = format!("{}@x.org", "a".repeat(65));
        assert_eq!(email_around(&long, 0, 65), None);
    }
}

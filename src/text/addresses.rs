//! Web addresses, e-mail addresses, handles and hashtags, which stay whole inside a piece of text.
//!
//! A piece may be as long as the document, so everything here is linear in it and asks the observer.

use super::signs;
use super::watch::{Watch, find};
use crate::error::Result;

/// The first web address, e-mail address, handle or hashtag of a piece.
pub(super) fn whole(piece: &str, watch: &mut Watch<'_>) -> Result<Option<(usize, usize)>> {
    let opens = |sign: char| matches!(sign, '(' | '[' | '{' | '<' | '"' | '\'' | '“' | '‘' | '«');
    let Some(opening) = find(piece, |sign| !opens(sign), watch)? else {
        return Ok(None);
    };
    let body = &piece[opening..];
    if is_address(body) {
        return Ok(Some((opening, opening + without_tail(body, watch)?)));
    }
    if let Some(sigil @ ('@' | '#')) = body.chars().next() {
        let length = named(&body[1..], sigil == '@', watch)?;
        return Ok(length.map(|length| (opening, opening + 1 + length)));
    }
    if find(body, |sign| sign == '@', watch)?.is_none() {
        return Ok(None);
    }
    let found = signs::email(body, watch)?;
    Ok(found.map(|(start, end)| (opening + start, opening + end)))
}

/// Whether a piece starts as a web address does.
pub(super) fn is_address(piece: &str) -> bool {
    let after = |prefix: &str| {
        piece
            .get(..prefix.len())
            .filter(|start| start.eq_ignore_ascii_case(prefix))
            .and_then(|_| piece[prefix.len()..].chars().next())
            .is_some_and(char::is_alphanumeric)
    };
    after("http://") || after("https://") || after("ftp://") || after("www.")
}

/// The length of the name after a sigil, if it is one: it has a letter.
fn named(body: &str, dots: bool, watch: &mut Watch<'_>) -> Result<Option<usize>> {
    let name = |sign: char| sign.is_alphanumeric() || sign == '_' || (dots && sign == '.');
    let mut length = find(body, |sign| !name(sign), watch)?.unwrap_or(body.len());
    while body[..length].ends_with('.') {
        watch.spend(1)?;
        length -= 1;
    }
    let letter = find(&body[..length], char::is_alphabetic, watch)?;
    Ok(letter.map(|_| length))
}

/// The length of an address without the punctuation of the sentence around it.
fn without_tail(address: &str, watch: &mut Watch<'_>) -> Result<usize> {
    let quote = |sign: char| matches!(sign, '"' | '<' | '>' | '“' | '”' | '»' | '«');
    let mut end = find(address, quote, watch)?.unwrap_or(address.len());
    let count = |sign: char, watch: &mut Watch<'_>| -> Result<usize> {
        let mut many = 0;
        for part in super::watch::parts(&address[..end]) {
            watch.spend(part.len())?;
            many += part.matches(sign).count();
        }
        Ok(many)
    };
    let opened = count('(', watch)?;
    let mut closed = count(')', watch)?;
    while let Some(last) = address[..end].chars().next_back() {
        watch.spend(1)?;
        match last {
            '.' | ',' | ';' | ':' | '!' | '?' | '\'' | '’' | '…' | ']' | '}' | '*' => {}
            // A closing bracket belongs to the address only if it was opened there.
            ')' if opened < closed => closed -= 1,
            _ => break,
        }
        end -= last.len_utf8();
    }
    Ok(end)
}

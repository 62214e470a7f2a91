//! Long pieces of text without white space, scanned so that the scan can be stopped.
//!
//! A piece may be as long as the document: Chinese, a blob of base64, one letter over and over.
//! The tokens are those of `words.rs`; but nothing here works on the whole piece at once, neither
//! in time (the observer is asked on the way) nor in memory (tokens leave as they are found).

use super::addresses::whole;
use super::bounds::Bounds;
use super::scripts::{self, Complex};
use super::tailoring::tailored;
use super::watch::{Watch, find};
use super::words::{Emit, Language, is_format};
use crate::error::Result;

/// Words that are kept before they are tailored and leave.
const KEPT: usize = 1 << 10;

/// Calls `emit` with the byte bounds of every token of a piece without white space.
pub(super) fn scan(piece: &str, language: Language, watch: &mut Watch<'_>, emit: Emit<'_>) -> Result<()> {
    let Some((start, end)) = whole(piece, watch)? else {
        return segment(piece, language, watch, emit);
    };
    segment(&piece[..start], language, watch, emit)?;
    emit(start, end)?;
    segment(&piece[end..], language, watch, &mut |from, to| {
        emit(end + from, end + to)
    })
}

/// Emits the words of a part of a piece.
fn segment(part: &str, language: Language, watch: &mut Watch<'_>, emit: Emit<'_>) -> Result<()> {
    let mut bounds = Bounds::new();
    let mut words = Vec::with_capacity(KEPT);
    let (mut left, mut at, mut plain) = (0, 0, 0);
    while at < part.len() {
        if at >= plain {
            let rest = &part[at..];
            if let Some(script) = rest.chars().next().and_then(Complex::of) {
                let end = at + scripts::end(rest, script, watch)?;
                let mut ends = Vec::new();
                scripts::cut(&part[at..end], script, watch, &mut |bound| {
                    ends.push(at + bound);
                    Ok(())
                })?;
                for end in ends {
                    words.push(end);
                    if words.len() == KEPT {
                        left = leave(part, left, &mut words, 2, language, watch, emit)?;
                    }
                }
                at = end;
                continue;
            }
            plain =
                find(rest, |sign| Complex::of(sign).is_some(), watch)?.map_or(part.len(), |place| at + place);
        }
        let end = bounds.end(&part[..plain], at, watch)?;
        // Format characters on their own belong to the word before, or else to the next one.
        let format = find(&part[at..end], |sign| !is_format(sign), watch)?.is_none();
        at = end;
        if format && words.pop().is_none() && end < part.len() {
            continue;
        }
        words.push(end);
        if words.len() == KEPT {
            // The last word may still grow, and the one before it needs to see it.
            left = leave(part, left, &mut words, 2, language, watch, emit)?;
        }
    }
    leave(part, left, &mut words, 0, language, watch, emit)?;
    Ok(())
}

/// Emits all words but the last `kept` ones, tailored; returns where they end.
fn leave(
    part: &str,
    mut start: usize,
    words: &mut Vec<usize>,
    kept: usize,
    language: Language,
    watch: &mut Watch<'_>,
    emit: Emit<'_>,
) -> Result<usize> {
    let mut index = 0;
    while index + kept < words.len() {
        let after = words.get(index + 1).copied();
        let word = tailored(part, start, words[index], after, language, watch)?;
        for &cut in word.splits().iter().chain([&word.end]) {
            emit(start, cut)?;
            start = cut;
        }
        index += if word.took_dot { 2 } else { 1 };
    }
    words.drain(..index.min(words.len()));
    Ok(start)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::observer::Silent;
    use crate::text::words;

    /// Tokens as the scanner of whole pieces and as that of long pieces finds them.
    fn both(piece: &str, language: Language) -> (Vec<&str>, Vec<&str>) {
        let (mut short, mut long) = (Vec::new(), Vec::new());
        words::scan(piece, language, &Silent, &mut |start, end| {
            short.push(&piece[start..end]);
            Ok(())
        })
        .unwrap();
        scan(piece, language, &mut Watch::new(&Silent), &mut |start, end| {
            long.push(&piece[start..end]);
            Ok(())
        })
        .unwrap();
        (short, long)
    }

    #[test]
    fn words_that_leave_early_are_tailored_like_the_others() {
        // One word more each time moves every tailoring across the place where words leave.
        for padding in 1015..1030 {
            let piece = format!(
                "{}U.S.\u{AD}-said.The-l’ami\u{200B}\u{AD}!a.m.",
                "^".repeat(padding)
            );
            let (short, long) = both(&piece, Language::French);
            assert_eq!(
                short[padding..].join("|"),
                "U.S|.\u{AD}|-|said|.|The|-|l’|ami\u{200B}\u{AD}|!|a.m."
            );
            assert_eq!(long, short, "{padding}");
        }
    }

    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig::with_cases(4000))]
        #[test]
        fn long_pieces_are_scanned_like_short_ones(
            news in "(https?://|www\\.|@|#|l’|qu'|aujourd’hui|U\\.S\\.|a\\.m|said\\.The|[ab1éЖ中カא._:,;)(\"'’@#/\u{AD}\u{200B}\u{200D}\u{301}❤🇫🇷-]){0,12}",
            any in "\\P{White_Space}{0,24}",
        ) {
            for piece in [&news, &any] {
                for language in [Language::Any, Language::French, Language::Italian] {
                    let (short, long) = both(piece, language);
                    proptest::prop_assert_eq!(long, short);
                }
            }
        }
    }
}

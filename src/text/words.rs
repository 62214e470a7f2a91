//! Words: Unicode's word bounds (UAX #29) with declared tailorings (`tailoring.rs`).
//!
//! Every stretch of text that is not white space becomes a token; nothing is dropped, and hyphens
//! split, as in UAX #29. Words of plain letters are runs of bits (`bitmap.rs`), and what follows them
//! mostly decides by one byte (`glance.rs`). Only a token that touches another character goes through
//! the rules one character after another (`bounds.rs`).

use super::scanner::Scanner;
use super::tailoring::Tailoring;
use crate::error::Result;
use crate::observer::Observer;

/// What a scanner calls with the byte bounds of each token.
pub type Emit<'a> = &'a mut dyn FnMut(usize, usize) -> Result<()>;

/// Calls `emit` with the byte bounds of every token of `text`, in order.
pub fn scan(
    text: &str,
    tailoring: Tailoring,
    observer: &dyn Observer,
    emit: impl FnMut(usize, usize) -> Result<()>,
) -> Result<()> {
    Scanner::new(text, tailoring, observer, emit).run()
}

#[cfg(test)]
pub(super) mod tests {
    use unicode_segmentation::UnicodeSegmentation;

    use super::*;
    use crate::observer::Silent;
    use crate::text::bitmap::WINDOW as STRETCH;
    use crate::text::tailoring::Language;

    pub(in crate::text) fn tokens(text: &str, tailoring: Tailoring) -> Vec<&str> {
        let mut found = Vec::new();
        scan(text, tailoring, &Silent, |start, end| {
            found.push(&text[start..end]);
            Ok(())
        })
        .unwrap();
        found
    }

    fn ours(text: &str) -> String {
        tokens(text, Tailoring::all(Language::Any)).join("|")
    }

    #[test]
    fn named_rows() {
        let rows: &[(&str, &str)] = &[
            (
                "I don't see A U.S.-led e-mail;",
                "I|don't|see|A|U.S.|-|led|e|-|mail|;",
            ),
            (
                "Zelenskyy’s aide’s 3.5 %, 1,500.",
                "Zelenskyy’s|aide’s|3.5|%|,|1,500|.",
            ),
            ("he said.The end. Ph.D.", "he|said|.|The|end|.|Ph.D."),
            ("over.Then.There", "over|.|Then|.|There"),
            ("said.A中国 said.Aक said.Ö", "said|.|A|中国|said|.|Aक|said.Ö"),
            (
                "http://中 http://မ www.中.org",
                "http|:|/|/|中|http|:|/|/|မ|www|.|中|.|org",
            ),
            (
                "(https://a.b/c_(d)), www.x.org.",
                "(|https://a.b/c_(d)|)|,|www.x.org|.",
            ),
            (
                "Source:https://a.b/@c?d=e@f.org. WWW.X.org",
                "Source|:|https://a.b/@c?d=e@f.org|.|WWW.X.org",
            ),
            (
                "said.www.x.org https:// x://y",
                "said|.|www.x.org|https|:|/|/|x|:|/|/|y",
            ),
            ("“@user_1: #tag, me@x.org.", "“|@user_1|:|#tag|,|me@x.org|."),
            (
                ".@POTUS and@user C# a#b #1 @1",
                ".|@POTUS|and|@|user|C|#|a|#|b|#|1|@|1",
            ),
            (
                "@paper@news.example, x:me-too@y.org",
                "@paper@news.example|,|x|:|me-too@y.org",
            ),
            ("#élysée #выборы&#39;", "#élysée|#выборы|&|#|39|;"),
            ("# 1 @ 9 a.m. sharp U.S..", "#|1|@|9|a.m.|sharp|U.S.|."),
            (
                "a\u{AD}b \u{FEFF}c \u{200D} x\u{FEFF}",
                "a\u{AD}b|\u{FEFF}c|\u{200D}|x\u{FEFF}",
            ),
            ("Россия‑Китай: «да»", "Россия|‑|Китай|:|«|да|»"),
            ("10:30 x:y 1;2 AIK:are", "10|:|30|x:y|1;2|AIK:are"),
            (
                "1\u{202F}200 fois\u{202F}! 1\u{A0}200",
                "1\u{202F}200|fois|!|1|200",
            ),
            (
                "GOP.That Trump.I D.C.Utah More:Trump p.m.Price A.Smith U.S.A AIK:are",
                "GOP|.|That|Trump|.|I|D.C.|Utah|More|:|Trump|p.m.|Price|A.Smith|U.S.A|AIK:are",
            ),
            (
                "U.S.’s Ph.D.'s W.Va. Lt.Gov. #MeToo’s @me's 90’s 5's. 5'six",
                "U.S.’s|Ph.D.'s|W.Va.|Lt|.|Gov|.|#MeToo|’s|@me|'s|90’s|5's|.|5|'|six",
            ),
            (
                "t.co/x, (bbc.co.uk/a(b)). and/or a.m./p.m. 2.5/3 said.The/x",
                "t.co/x|,|(|bbc.co.uk/a(b)|)|.|and|/|or|a.m.|/|p.m.|2.5|/|3|said|.|The|/|x",
            ),
            (
                "one___two __x__ a_b _c_ hi#tag",
                "one|___|two|__|x|__|a_b|_c_|hi|#|tag",
            ),
            (
                "don`t don\u{02BC}t ’90s ‘quoted’",
                "don|`|t|don\u{02BC}t|’|90s|‘|quoted|’",
            ),
            (
                "cafe\u{301} café naïve Ångström .\u{301}",
                "cafe\u{301}|café|naïve|Ångström|.\u{301}",
            ),
            (" \u{A0}\u{3000}\n\u{85}", ""),
            ("", ""),
        ];
        for (text, expected) in rows {
            assert_eq!(ours(text), *expected, "{text:?}");
        }
    }

    #[test]
    fn elision_splits_only_in_its_language() {
        let fr = Tailoring::all(Language::of("fr-CA"));
        assert_eq!(
            tokens("L’accord qu'il signe aujourd’hui d’l’État quelqu’un", fr).join("|"),
            "L’|accord|qu'|il|signe|aujourd’hui|d’|l’|État|quelqu’un"
        );
        let it = Tailoring::all(Language::of("it"));
        assert_eq!(
            tokens("dell'accordo l’11 dicembre", it).join("|"),
            "dell'|accordo|l’|11|dicembre"
        );
        assert_eq!(ours("L’accord"), "L’accord");
    }

    #[test]
    fn every_tailoring_has_its_switch() {
        let text = "U.S. said.The me@x.org \u{FEFF}a 1\u{202F}a";
        let off = "U.S|.|said.The|me|@|x.org| \u{FEFF}|a|1\u{202F}a";
        assert_eq!(tokens(text, Tailoring::none()).join("|"), off);
        let rows = [
            ("addresses", "U.S|.|said.The|me@x.org| \u{FEFF}|a|1\u{202F}a"),
            ("initials", "U.S.|said.The|me|@|x.org| \u{FEFF}|a|1\u{202F}a"),
            ("run_on", "U.S|.|said|.|The|me|@|x.org| \u{FEFF}|a|1\u{202F}a"),
            ("spaces", "U.S|.|said.The|me|@|x.org|\u{FEFF}a|1|a"),
            ("scripts", off),
            ("possessives", off),
        ];
        for (name, expected) in rows {
            let one = Tailoring::named(&[name], Language::Any).unwrap();
            assert_eq!(tokens(text, one).join("|"), expected, "{name}");
        }
        let scripts = Tailoring::named(&["scripts"], Language::Any).unwrap();
        assert_eq!(tokens("中国 a", Tailoring::none()).join("|"), "中|国|a");
        assert_eq!(tokens("中国 a", scripts).join("|"), "中国|a");
        let all = Tailoring::named(&Tailoring::NAMES, Language::Italian);
        assert_eq!(all, Ok(Tailoring::all(Language::Italian)));
        assert!(Tailoring::named(&["all"], Language::Any).is_err());
    }

    #[test]
    fn words_longer_than_a_stretch() {
        for length in [STRETCH - 2, STRETCH - 1, STRETCH, STRETCH + 1, 3 * STRETCH] {
            let word = "aé".repeat(length / 3 + 1);
            let text = format!("x {word} {word}'s {}.", "ж".repeat(length));
            let found = tokens(&text, Tailoring::all(Language::Any));
            let possessive = format!("{word}'s");
            assert_eq!(found, ["x", &word, &possessive, &"ж".repeat(length), "."]);
        }
    }

    pub(in crate::text) const NEWS: &str = "(https?://|www\\.|@|#|l’|qu'|aujourd’hui|U\\.S\\.|a\\.m|said\\.The|me@x\\.org|90’s|'s|__|Ph\\.D|GOP\\.That|D\\.C\\.U|More:T|t\\.co/x|[ab1éÖ×ЖЙ中カאก._:,;)(\"'’“–…@#/ \n\u{AD}\u{A0}\u{202F}\u{200B}\u{200D}\u{301}\u{FE0F}❤🇫🇷-]){0,16}";

    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig::with_cases(4000))]
        #[test]
        fn without_tailorings_the_tokens_are_those_of_unicode_segmentation(news in NEWS, any in ".{0,24}", sign in "\\PC{0,16}") {
            for text in [&news, &any, &sign] {
                let expected: Vec<&str> =
                    text.split_word_bounds().filter(|word| !word.chars().all(char::is_whitespace)).collect();
                proptest::prop_assert_eq!(tokens(text, Tailoring::none()), expected);
            }
        }

        #[test]
        fn tokens_and_white_space_are_the_text(news in NEWS, any in ".{0,40}") {
            for text in [&news, &any] {
                let mut end = 0;
                scan(text, Tailoring::all(Language::French), &Silent, |start, stop| {
                    assert!(start < stop && text[end..start].chars().all(char::is_whitespace));
                    end = stop;
                    Ok(())
                }).unwrap();
                proptest::prop_assert!(text[end..].chars().all(char::is_whitespace));
            }
        }
    }
}

//! Each tailoring alone changes what it names, and leaves everything else as UAX #29 has it.

use std::collections::BTreeSet;

use nutgraf::error::Result;
use nutgraf::observer::Silent;
use nutgraf::text::kinds::Kind;
use nutgraf::text::tailoring::{Language, Tailoring};
use nutgraf::text::words;
use proptest::prelude::*;

/// What news is made of, and what may stand beside it.
const NEWS: &str = "(https?://|www\\.|@|#|l’|qu'|dell'|aujourd’hui|U\\.S\\.|a\\.m|said\\.The|me@x\\.org|90’s|'s|__|Ph\\.D|GOP\\.That|D\\.C\\.U|More:T|t\\.co/x|x:me-too@y\\.org|[ab1AéÖ×ЖЙ中国カの한תไທកမ._:,;)(\"'’“–…@#/ \n\r\u{AD}\u{A0}\u{202F}\u{200B}\u{200D}\u{FEFF}\u{301}\u{FE0F}❤🇫🇷-]){0,16}";

fn scanned(text: &str, tailoring: Tailoring) -> Result<Vec<&str>> {
    let mut found = Vec::new();
    words::scan(text, tailoring, &Silent, |start, end| {
        found.push(&text[start..end]);
        Ok(())
    })?;
    Ok(found)
}

fn alone(name: &str, language: Language) -> Result<Tailoring> {
    Tailoring::named(&[name], language)
}

/// Where a token of a text starts.
fn place(text: &str, token: &str) -> usize {
    token.as_ptr() as usize - text.as_ptr() as usize
}

/// Where tokens start and end.
fn bounds(text: &str, tailoring: Tailoring) -> Result<BTreeSet<usize>> {
    let tokens = scanned(text, tailoring)?.into_iter();
    Ok(tokens
        .flat_map(|token| [place(text, token), place(text, token) + token.len()])
        .collect())
}

/// The text on either side of each bound that is not one under both.
fn differences<'text>(
    text: &'text str,
    one: &str,
    language: Language,
) -> Result<Vec<(&'text str, &'text str)>> {
    let (with, without) = (
        bounds(text, alone(one, language)?)?,
        bounds(text, Tailoring::none())?,
    );
    Ok(with
        .symmetric_difference(&without)
        .map(|&at| text.split_at(at))
        .collect())
}

/// Characters that take no room of their own, and belong to what they touch.
fn clings(sign: char) -> bool {
    matches!(
        sign,
        '\u{AD}' | '\u{200B}' | '\u{200D}' | '\u{FEFF}' | '\u{301}' | '\u{FE0F}'
    )
}

fn is_elided(before: &str) -> bool {
    let rest = before.trim_end_matches(|sign: char| sign.is_ascii_alphabetic());
    ["l", "qu", "s", "dell"].contains(&&*before[rest.len()..].to_lowercase())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4000))]

    #[test]
    fn addresses_stay_whole_and_what_stands_between_them_is_untouched(text in NEWS) {
        let whole = [Kind::Url, Kind::Email, Kind::Handle, Kind::Hashtag];
        let tokens = scanned(&text, alone("addresses", Language::Any).unwrap()).unwrap();
        let mut expected = Vec::new();
        let mut from = 0;
        for &token in tokens.iter().filter(|token| whole.contains(&Kind::of(token))) {
            expected.extend(scanned(&text[from..place(&text, token)], Tailoring::none()).unwrap());
            expected.push(token);
            from = place(&text, token) + token.len();
        }
        expected.extend(scanned(&text[from..], Tailoring::none()).unwrap());
        prop_assert_eq!(tokens, expected);
    }

    #[test]
    fn initials_differ_by_their_last_dot(text in NEWS) {
        let mut expected = Vec::new();
        for token in scanned(&text, alone("initials", Language::Any).unwrap()).unwrap() {
            match token.strip_suffix('.') {
                Some(word) if !word.is_empty() => {
                    prop_assert!(word.split('.').all(|letters| letters.chars().count() <= 2));
                    prop_assert!(word.split('.').any(|letters| letters.chars().count() == 1));
                    expected.extend([word, "."]);
                }
                _ => expected.push(token),
            }
        }
        prop_assert_eq!(scanned(&text, Tailoring::none()).unwrap(), expected);
    }

    #[test]
    fn what_was_run_together_is_parted_before_a_capital_and_at_rows_of_lines(text in NEWS) {
        let parted = |(left, right): &(&str, &str)| {
            let sign = |sign: char| matches!(sign, '.' | ':');
            let before = left.strip_suffix(sign).map(|left| (left, *right));
            let at_sign = before.or_else(|| right.strip_prefix(sign).map(|right| (*left, right)));
            at_sign.is_some_and(|(left, right)| {
                left.ends_with(char::is_alphabetic) && right.starts_with(char::is_uppercase)
            })
        };
        let row = |(left, right): &(&str, &str)| {
            left.trim_end_matches(clings).ends_with("__") || right.starts_with("__")
        };
        let found = differences(&text, "run_on", Language::Any).unwrap();
        prop_assert!(found.iter().all(|place| parted(place) || row(place)), "{:?}", found);
    }

    #[test]
    fn possessives_stay_with_numbers_addresses_and_initials(text in NEWS) {
        let several = Tailoring::named(&["possessives", "addresses", "initials"], Language::Any).unwrap();
        let without = Tailoring::named(&["addresses", "initials"], Language::Any).unwrap();
        let mut expected = Vec::new();
        for token in scanned(&text, several).unwrap() {
            let bare = token.strip_suffix(['s', 'S']).and_then(|rest| rest.strip_suffix(['\'', '’']));
            match bare {
                Some(_) if Kind::of(token) == Kind::Url => expected.push(token),
                Some(bare) if bare.is_empty() || bare.ends_with(|end: char| end == '.' || end.is_ascii_digit()) => {
                    let mark = &token[bare.len()..token.len() - 1];
                    expected.extend([bare, mark, &token[token.len() - 1..]]);
                }
                _ => expected.push(token),
            }
        }
        expected.retain(|token| !token.is_empty());
        prop_assert_eq!(scanned(&text, without).unwrap(), expected);
    }

    #[test]
    fn spaces_matter_where_there_is_one_or_a_character_without_room(text in NEWS) {
        let touches = |sign: Option<char>| sign.is_some_and(|sign| sign.is_whitespace() || clings(sign));
        let found = differences(&text, "spaces", Language::Any).unwrap();
        let beside = |(left, right): &(&str, &str)| touches(left.chars().next_back()) || touches(right.chars().next());
        prop_assert!(found.iter().all(beside), "{:?}", found);
        for token in scanned(&text, alone("spaces", Language::Any).unwrap()).unwrap() {
            let joined = token.contains('\u{202F}') && token.contains(char::is_numeric);
            prop_assert!(joined || !token.contains(char::is_whitespace), "{:?}", token);
        }
    }

    #[test]
    fn scripts_matter_where_words_are_written_together(text in NEWS) {
        let together = |sign: char| matches!(sign, '中' | '国' | 'カ' | 'の' | 'ไ' | 'ທ' | 'ក' | 'မ');
        let found = differences(&text, "scripts", Language::Any).unwrap();
        let inside = |(left, right): &(&str, &str)| {
            left.trim_end_matches(clings).ends_with(together) || right.starts_with(together)
        };
        prop_assert!(found.iter().all(inside), "{:?}", found);
    }

    #[test]
    fn elision_matters_at_the_apostrophe_of_an_elided_word(text in NEWS) {
        prop_assert_eq!(differences(&text, "elision", Language::Any).unwrap(), vec![]);
        for language in [Language::French, Language::Italian] {
            let found = differences(&text, "elision", language).unwrap();
            let at_mark = |(left, right): &(&str, &str)| {
                let mark = |sign: char| matches!(sign, '\'' | '’' | '‘');
                is_elided(left.strip_suffix(mark).unwrap_or(left)) && (left.ends_with(mark) || right.starts_with(mark))
            };
            prop_assert!(found.iter().all(at_mark), "{:?}", found);
        }
    }
}

#[test]
fn each_tailoring_changes_something() {
    let text = "U.S. said.The 90’s me@x.org l’accord \u{FEFF}a 中国";
    for name in Tailoring::NAMES {
        assert_ne!(differences(text, name, Language::French).unwrap(), [], "{name}");
    }
}

/// Work is counted through the observer: twice the text asks it about twice as often.
#[test]
fn rows_of_dots_and_capitals_cost_time_in_their_length() {
    let asked = |length: usize| {
        let text = format!("{}abc{}", "A.".repeat(length), ".X.Xy".repeat(length));
        let asked = std::sync::atomic::AtomicUsize::new(0);
        let counting = Counting(&asked);
        words::scan(&text, Tailoring::all(Language::Any), &counting, |_, _| Ok(())).unwrap();
        asked.into_inner()
    };
    let (once, twice) = (asked(100_000), asked(200_000));
    assert!(twice <= 3 * once.max(10), "{once} {twice}");
}

struct Counting<'count>(&'count std::sync::atomic::AtomicUsize);

impl nutgraf::observer::Observer for Counting<'_> {
    fn expect(&self, _amount: usize) {}

    fn advance(&self, _amount: usize) {}

    fn cancelled(&self) -> bool {
        self.0.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        false
    }
}

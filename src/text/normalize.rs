//! Normal forms of single types: canonical forms, typographic punctuation, case and accents.
//!
//! Views use these; the stored text is never changed. Whatever a step leaves alone is borrowed, so
//! that most types cost no allocation.

use std::borrow::Cow;

use unicode_normalization::char::decompose_canonical;
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick, is_nfkc_quick};

/// One of Unicode's normal forms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NormalForm {
    /// Canonical composition: one spelling for what is the same text.
    Nfc,
    /// Compatibility composition: ligatures, full-width letters and raised digits become plain ones.
    Nfkc,
}

/// Whose rules turn capitals into small letters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Case {
    /// Those of Unicode for all languages.
    #[default]
    Unicode,
    /// Turkish and Azeri: `I` becomes `ı`, and `İ` becomes `i`.
    Turkic,
}

impl Case {
    /// The rules for a language code such as `tr`.
    ///
    /// Unicode has rules for Lithuanian too: they keep the dot of an accented `i`, which makes two
    /// words of one wherever a text has no dots, so they are left out.
    #[must_use]
    pub fn of(code: &str) -> Self {
        match code {
            "tr" | "az" => Self::Turkic,
            _ => Self::Unicode,
        }
    }
}

/// The normal form of a type.
#[must_use]
pub fn normal(form: &str, wanted: NormalForm) -> Cow<'_, str> {
    if form.is_ascii() {
        return Cow::Borrowed(form);
    }
    match wanted {
        // Nothing below U+0300 has another canonical form.
        NormalForm::Nfc if form.chars().all(|character| character < '\u{300}') => Cow::Borrowed(form),
        NormalForm::Nfc => match is_nfc_quick(form.chars()) {
            IsNormalized::Yes => Cow::Borrowed(form),
            _ => same_or(form, form.nfc().collect()),
        },
        NormalForm::Nfkc => match is_nfkc_quick(form.chars()) {
            IsNormalized::Yes => Cow::Borrowed(form),
            _ => same_or(form, form.nfkc().collect()),
        },
    }
}

fn same_or(form: &str, made: String) -> Cow<'_, str> {
    if made == form {
        Cow::Borrowed(form)
    } else {
        Cow::Owned(made)
    }
}

/// Full Unicode lower case.
#[must_use]
pub fn lower(form: &str) -> Cow<'_, str> {
    if form.is_ascii() {
        if form.bytes().any(|byte| byte.is_ascii_uppercase()) {
            return Cow::Owned(form.to_ascii_lowercase());
        }
        return Cow::Borrowed(form);
    }
    if form.chars().all(is_low) {
        return Cow::Borrowed(form);
    }
    // Of the whole form: a final sigma depends on what stands before it.
    Cow::Owned(form.to_lowercase())
}

#[inline]
fn is_low(character: char) -> bool {
    if character.is_ascii() {
        return !character.is_ascii_uppercase();
    }
    let mut low = character.to_lowercase();
    low.next() == Some(character) && low.next().is_none()
}

/// Lower case by the rules of some languages.
#[must_use]
pub fn lower_in(form: &str, case: Case) -> Cow<'_, str> {
    if case == Case::Unicode || !form.contains(['I', 'İ']) {
        return lower(form);
    }
    let mut dotted = String::with_capacity(form.len() + 1);
    let mut characters = form.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            'İ' => dotted.push('i'),
            'I' if characters.next_if_eq(&'\u{307}').is_some() => dotted.push('i'),
            'I' => dotted.push('ı'),
            other => dotted.push(other),
        }
    }
    Cow::Owned(lower(&dotted).into_owned())
}

/// Look-alike apostrophes become `'`, hyphens and dashes become `-`, double quotes become `"`, and
/// what is invisible vanishes: soft hyphens, spaces of no width, byte-order marks, marks of
/// direction. So does tatweel (U+0640), which stretches Arabic letters, unless there is nothing
/// else. Joiners (U+200C, U+200D) stay: Persian, Indic scripts and emoji need them.
#[must_use]
pub fn fold_punctuation(form: &str) -> Cow<'_, str> {
    let plain = |character: char| fold(character) == Some(character);
    if form.is_ascii() && !form.contains('`') || form.chars().all(plain) {
        return Cow::Borrowed(form);
    }
    let folded: String = form.chars().filter_map(fold).collect();
    if folded.is_empty() && form.contains(TATWEEL) {
        return Cow::Borrowed(form);
    }
    Cow::Owned(folded)
}

/// The stretch of Arabic letters.
const TATWEEL: char = '\u{640}';

#[inline]
fn fold(character: char) -> Option<char> {
    if character.is_ascii() {
        return Some(if character == '`' { '\'' } else { character });
    }
    Some(match character {
        '\u{B4}' | '\u{2B9}' | '\u{2BC}' | '\u{55A}' | '\u{5F3}' | '\u{2018}' | '\u{2019}' | '\u{201B}'
        | '\u{2032}' | '\u{FF07}' => '\'',
        '\u{5F4}' | '\u{201C}'..='\u{201F}' | '\u{2033}' | '\u{FF02}' => '"',
        '\u{5BE}' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{FE58}' | '\u{FE63}' | '\u{FF0D}' => '-',
        '\u{AD}'
        | '\u{61C}'
        | TATWEEL
        | '\u{200B}'
        | '\u{200E}'
        | '\u{200F}'
        | '\u{202A}'..='\u{202E}'
        | '\u{2060}'
        | '\u{2066}'..='\u{2069}'
        | '\u{FEFF}' => return None,
        other => other,
    })
}

/// Latin, Greek and Cyrillic letters without their accents, Arabic and Hebrew ones without points.
///
/// Arabic and Hebrew are mostly written without vowels: with them a word would be a term of its own.
/// Marks of other scripts are vowels or change the consonant, and stay, as do madda and hamza. In Cyrillic the marks of
/// stress go and `ё` becomes `е`; `й`, `ї`, `ў`, `ѓ`, `ќ` are letters of their own and stay.
#[must_use]
pub fn strip_accents(form: &str) -> Cow<'_, str> {
    if form.is_ascii() {
        return Cow::Borrowed(form);
    }
    let (mut plain, mut base) = (String::with_capacity(form.len()), None);
    for character in form.chars() {
        if is_point(character) && !plain.is_empty() {
            continue;
        }
        if is_accent(character) {
            if !base.is_some_and(|letter| is_dropped(letter, character)) {
                plain.push(character);
            }
            continue;
        }
        base = unaccented(character, &mut plain);
    }
    same_or(form, plain)
}

/// Pushes a character without its accents; returns its letter if that may carry some.
fn unaccented(character: char, plain: &mut String) -> Option<char> {
    let mut letter = None;
    let mut dropped = false;
    let before = plain.len();
    decompose_canonical(character, |part| match letter {
        None => {
            letter = Some(part);
            plain.push(part);
        }
        Some(letter) if is_letter(letter) && is_accent(part) && is_dropped(letter, part) => dropped = true,
        Some(_) if is_point(part) => dropped = true,
        Some(_) => plain.push(part),
    });
    if !dropped {
        plain.truncate(before);
        plain.push(character);
    }
    letter.filter(|&letter| is_letter(letter))
}

/// Marks that stand above, below or through letters of any script.
fn is_accent(character: char) -> bool {
    matches!(character,
        '\u{300}'..='\u{36F}' | '\u{1AB0}'..='\u{1AFF}' | '\u{1DC0}'..='\u{1DFF}' | '\u{20D0}'..='\u{20F0}'
        | '\u{FE20}'..='\u{FE2F}')
}

/// Signs of vowels and the like that Arabic (harakat) and Hebrew (niqqud, cantillation) go without.
fn is_point(character: char) -> bool {
    matches!(character, '\u{64B}'..='\u{652}' | '\u{670}'
        | '\u{591}'..='\u{5BD}' | '\u{5BF}' | '\u{5C1}' | '\u{5C2}' | '\u{5C4}' | '\u{5C5}' | '\u{5C7}')
}

/// Letters of the Latin, Greek and Cyrillic scripts.
fn is_letter(character: char) -> bool {
    let here = matches!(character,
        'A'..='Z' | 'a'..='z' | '\u{AA}' | '\u{BA}' | '\u{C0}'..='\u{2AF}' | '\u{370}'..='\u{3FF}'
        | '\u{1D00}'..='\u{1DBF}' | '\u{1E00}'..='\u{1FFF}' | '\u{212A}' | '\u{212B}'
        | '\u{2C60}'..='\u{2C7F}' | '\u{A720}'..='\u{A7FF}' | '\u{AB30}'..='\u{AB6F}'
        | '\u{FB00}'..='\u{FB06}' | '\u{FF21}'..='\u{FF5A}')
        || is_cyrillic(character);
    here && character.is_alphabetic()
}

fn is_cyrillic(character: char) -> bool {
    matches!(character, '\u{400}'..='\u{52F}' | '\u{1C80}'..='\u{1C8F}' | '\u{A640}'..='\u{A69F}')
}

/// Whether an accent on a letter goes.
fn is_dropped(letter: char, accent: char) -> bool {
    if !is_cyrillic(letter) {
        return true;
    }
    match accent {
        '\u{300}' | '\u{301}' | '\u{340}' | '\u{341}' => !matches!(letter, 'г' | 'Г' | 'к' | 'К'),
        '\u{308}' => matches!(letter, 'е' | 'Е'),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn look_alikes_fold_to_one_form() {
        for form in [
            "don't",
            "don’t",
            "don\u{2BC}t",
            "don`t",
            "don\u{B4}t",
            "don\u{FF07}t",
        ] {
            assert_eq!(fold_punctuation(form), "don't");
        }
        for dash in '\u{2010}'..='\u{2015}' {
            assert_eq!(fold_punctuation(&dash.to_string()), "-");
        }
        assert_eq!(
            fold_punctuation("\u{FEFF}co\u{AD}op\u{200B}erate\u{2212}now"),
            "cooperate-now"
        );
        assert_eq!(fold_punctuation("الســلام"), "السلام");
        for kept in ["ـــ", "می\u{200C}خواهم", "👩\u{200D}🚀", "ʻokina", "plain"] {
            assert!(matches!(fold_punctuation(kept), Cow::Borrowed(same) if same == kept));
        }
    }

    #[test]
    fn lower_case_is_that_of_unicode() {
        let rows = [
            ("ΟΔΟΣ", "οδος"),
            ("ÉTÉ", "été"),
            ("İI", "i\u{307}i"),
            ("STRASSE ẞ", "strasse ß"),
            ("ǅ", "ǆ"),
            ("𐐀", "𐐨"),
        ];
        for (form, low) in rows {
            assert_eq!(lower(form), low);
            assert!(matches!(lower(low), Cow::Borrowed(_)), "{low}");
        }
    }

    #[test]
    fn turkish_and_azeri_have_two_letters_i() {
        let rows = [
            ("IŞIK", "ışık"),
            ("İZMİR", "izmir"),
            ("I\u{307}Z", "iz"),
            ("ΟΔΟΣ I", "οδος ı"),
        ];
        for (form, low) in rows {
            assert_eq!(lower_in(form, Case::of("tr")), low);
            assert_eq!(lower_in(form, Case::of("az")), low);
        }
        assert_eq!(lower_in("IŞIK", Case::of("lt")), "işik");
    }

    #[test]
    fn normal_forms_are_those_of_unicode() {
        assert_eq!(normal("e\u{301}", NormalForm::Nfc), "é");
        assert_eq!(normal("ﬁ½m²™①", NormalForm::Nfc), "ﬁ½m²™①");
        assert_eq!(normal("ﬁ½m²™①", NormalForm::Nfkc), "fi1⁄2m2TM1");
        assert!(matches!(normal("été", NormalForm::Nfc), Cow::Borrowed(_)));
    }

    #[test]
    fn accents_go_and_letters_stay() {
        let rows = [
            ("été", "ete"),
            ("e\u{301}te\u{301}", "ete"),
            ("Ångström", "Angstrom"),
            ("ørsted łódź đ ß æ", "ørsted łodz đ ß æ"),
            ("Việt", "Viet"),
            ("άϊ", "αι"),
            (
                "за\u{301}мок ёж мой їжак ўсё Ѓорче",
                "замок еж мой їжак ўсе Ѓорче",
            ),
            ("и\u{306}", "и\u{306}"),
            ("हिन्दी", "हिन्दी"),
            ("น้ำ", "น้ำ"),
            ("שָׁלוֹם", "שלום"),
            ("\u{FB2A}\u{FB4B}", "שו"),
            ("مُحَمَّد", "محمد"),
            ("السلامُ", "السلام"),
            ("آمن إلى \u{64B}", "آمن إلى "),
            ("\u{64B}", "\u{64B}"),
            ("が한", "が한"),
            ("ﬁ", "ﬁ"),
        ];
        for (form, plain) in rows {
            assert_eq!(strip_accents(form), plain);
        }
    }

    proptest::proptest! {
        #[test]
        fn a_second_time_changes_nothing(text in "(\\PC|[\u{300}-\u{36F}IİЁйéΣ’\u{AD}\u{640}\u{64E}שׁ\u{FB4B}]){0,12}") {
            let steps: [fn(&str) -> Cow<'_, str>; 6] = [
                |form| normal(form, NormalForm::Nfc),
                |form| normal(form, NormalForm::Nfkc),
                lower,
                |form| lower_in(form, Case::Turkic),
                fold_punctuation,
                strip_accents,
            ];
            for step in steps {
                let once = step(&text).into_owned();
                proptest::prop_assert_eq!(&step(&once), &once);
            }
        }

        #[test]
        fn what_is_borrowed_is_what_would_be_made(text in "\\PC{0,12}") {
            proptest::prop_assert_eq!(lower(&text).into_owned(), text.to_lowercase());
            proptest::prop_assert_eq!(normal(&text, NormalForm::Nfc).into_owned(), text.nfc().collect::<String>());
        }
    }
}

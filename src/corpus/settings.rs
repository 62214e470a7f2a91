//! Settings of a view: what it does to a type, and in which order.
//!
//! Everything here is a function of one type. Whose types they are is the business of `views.rs`.

use std::borrow::Cow;
use std::sync::Arc;

use super::vocabulary::Vocabulary;
use crate::text::kinds::{Kind, KindSet};
use crate::text::normalize::{self, Case, NormalForm};
use crate::text::stems::Stemmer;

/// What a view does to a type, in this order: kinds, normal form, punctuation, case, stop words,
/// stem, accents, length.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Kinds of token that are kept; `None` keeps every token, as the scanner found it.
    pub kinds: Option<KindSet>,
    /// The normal form in which terms are spelled; `None` leaves them as they are written.
    pub normal_form: Option<NormalForm>,
    /// Typographic apostrophes and dashes become plain ones; before a stem they always do.
    pub fold_punctuation: bool,
    /// Full Unicode lower case.
    pub lower: bool,
    /// Whose rules of case hold, for terms and for stop words.
    pub case: Case,
    /// Words to drop, under the keys of [`Settings::key`].
    pub stop_words: Option<Arc<Vocabulary>>,
    /// Snowball stems of one language.
    pub stem: Option<Stemmer>,
    /// Latin, Greek and Cyrillic letters lose their accents, Arabic and Hebrew ones their points.
    pub strip_accents: bool,
    /// Terms with fewer code points are dropped.
    pub min_length: usize,
}

impl Settings {
    /// Every token, as it stands.
    #[must_use]
    pub fn surface() -> Self {
        Self {
            kinds: None,
            normal_form: None,
            fold_punctuation: false,
            lower: false,
            case: Case::Unicode,
            stop_words: None,
            stem: None,
            strip_accents: false,
            min_length: 0,
        }
    }

    /// The key under which stop words are compared: whatever the case, the apostrophe and the
    /// encoding, and whatever the accents where the view drops them.
    #[must_use]
    pub fn key<'form>(&self, form: &'form str) -> Cow<'form, str> {
        let wanted = self.normal_form.unwrap_or(NormalForm::Nfc);
        let mut key = then(Cow::Borrowed(form), |form| normalize::normal(form, wanted));
        key = then(key, normalize::fold_punctuation);
        key = then(key, |form| normalize::lower_in(form, self.case));
        if self.strip_accents {
            key = then(key, normalize::strip_accents);
        }
        then(key, |form| normalize::normal(form, wanted))
    }

    /// How the view spells a form, before it is asked whether the view keeps it. With `stemmed`
    /// false a stemmer is left out.
    #[must_use]
    pub fn spell<'form>(&self, form: &'form str, stemmed: bool) -> Cow<'form, str> {
        let mut term = self.normal(Cow::Borrowed(form));
        if self.folds() {
            term = then(term, normalize::fold_punctuation);
        }
        if self.lower {
            term = self.normal(then(term, |form| normalize::lower_in(form, self.case)));
        }
        if let Some(stemmer) = self.stem.filter(|_| stemmed) {
            term = then(term, |form| stem(stemmer, form));
        }
        if self.strip_accents {
            // After the stemmer, which knows the accents of its language.
            term = self.normal(then(term, normalize::strip_accents));
        }
        term
    }

    /// Whether apostrophes are folded: a stemmer knows the plain one only.
    fn folds(&self) -> bool {
        self.fold_punctuation || self.stem.is_some()
    }

    fn normal<'form>(&self, term: Cow<'form, str>) -> Cow<'form, str> {
        match self.normal_form {
            Some(wanted) => then(term, |form| normalize::normal(form, wanted)),
            None => term,
        }
    }

    /// Whether every type is kept, and its term is its form.
    pub(super) fn changes_nothing(&self) -> bool {
        let spelled = self.normal_form.is_some() || self.fold_punctuation || self.lower || self.strip_accents;
        let kept = self.kinds.is_none() && self.stop_words.is_none() && self.min_length <= 1;
        kept && !spelled && self.stem.is_none()
    }

    /// Whether a type of this kind is dropped.
    fn drops(&self, kind: Kind) -> bool {
        self.kinds.is_some_and(|kinds| !kinds.contains(kind))
    }

    /// The term that a type becomes, unless it is dropped.
    pub(super) fn term<'form>(&self, form: &'form str, kind: Kind) -> Option<Cow<'form, str>> {
        if self.drops(kind) || self.is_stop_word(&|| self.key(form)) {
            return None;
        }
        let term = self.spell(form, true);
        is_long(&term, self.min_length).then_some(term)
    }

    /// The same for a type in ASCII, on which few steps have work to do; `low` is room to work in.
    pub(super) fn ascii_term<'form>(
        &self,
        form: &'form str,
        kind: Kind,
        low: &'form mut String,
    ) -> Option<Cow<'form, str>> {
        if self.drops(kind) {
            return None;
        }
        if self.stop_words.is_some() {
            write_ascii(form, true, true, low);
            if self.is_stop_word(&|| Cow::Borrowed(low.as_str())) {
                return None;
            }
        }
        let changes = |byte: u8| self.lower && byte.is_ascii_uppercase() || self.folds() && byte == b'`';
        let spelled = if form.bytes().any(changes) {
            write_ascii(form, self.lower, self.folds(), low);
            low.as_str()
        } else {
            form
        };
        let term = match self.stem {
            Some(stemmer) => stem(stemmer, spelled),
            None => Cow::Borrowed(spelled),
        };
        is_long(&term, self.min_length).then_some(term)
    }

    fn is_stop_word<'key>(&self, key: &dyn Fn() -> Cow<'key, str>) -> bool {
        self.stop_words
            .as_ref()
            .is_some_and(|words| words.id(&key()).is_some())
    }
}

/// The stem of a form. Some stemmers take the s of a genitive and leave its apostrophe; that of an
/// elided word, as of `l'`, stays.
fn stem(stemmer: Stemmer, form: &str) -> Cow<'_, str> {
    let stem = stemmer.stem(form);
    if !stem.ends_with('\'') || form.ends_with('\'') {
        return stem;
    }
    match stem {
        Cow::Borrowed(stem) => Cow::Borrowed(stem.trim_end_matches('\'')),
        Cow::Owned(mut stem) => {
            stem.truncate(stem.trim_end_matches('\'').len());
            Cow::Owned(stem)
        }
    }
}

/// Writes a form in ASCII with lower case and a plain apostrophe where that is wanted.
fn write_ascii(form: &str, lower: bool, fold: bool, low: &mut String) {
    low.clear();
    low.push_str(form);
    if lower {
        low.make_ascii_lowercase();
    }
    if fold && form.contains('`') {
        *low = low.replace('`', "'");
    }
}

/// Whether a term has so many code points; its bytes are not all counted.
fn is_long(term: &str, least: usize) -> bool {
    least == 0 || term.chars().nth(least - 1).is_some()
}

/// The next step on a form; a step that borrows left it alone, or cut its end off.
fn then(form: Cow<'_, str>, step: impl Fn(&str) -> Cow<'_, str>) -> Cow<'_, str> {
    match form {
        Cow::Borrowed(form) => step(form),
        Cow::Owned(form) => {
            let changed = match step(&form) {
                Cow::Borrowed(same) if same.len() == form.len() => None,
                changed => Some(changed.into_owned()),
            };
            Cow::Owned(changed.unwrap_or(form))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn ascii_is_spelled_as_any_text_is(
            form in "[a-cA-C`'.ing]{0,9}",
            switches in proptest::array::uniform5(proptest::bool::ANY),
            min_length in 0usize..4,
        ) {
            let [lower, fold_punctuation, strip_accents, stemmed, stopped] = switches;
            let mut words = Vocabulary::new();
            for word in ["a", "b'c", "aing"] {
                words.intern(word).unwrap();
            }
            let settings = Settings {
                normal_form: Some(NormalForm::Nfkc),
                fold_punctuation,
                lower,
                strip_accents,
                stem: stemmed.then(|| Stemmer::new("en").unwrap()),
                stop_words: stopped.then(|| Arc::new(words)),
                min_length,
                ..Settings::surface()
            };
            let wanted = settings.term(&form, Kind::Word);
            let mut low = String::new();
            proptest::prop_assert_eq!(settings.ascii_term(&form, Kind::Word, &mut low), wanted);
        }
    }
}

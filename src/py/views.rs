//! Views for Python: the switches that a call names become settings of the core.

use std::sync::Arc;

use pyo3::prelude::*;

use super::corpus::{Tokens, rules};
use super::errors::raise;
use super::run::read;
use crate::corpus::views::{Settings, View};
use crate::corpus::vocabulary::Vocabulary;
use crate::corpus::{stop_words, tokenizer::Tokenizer};
use crate::error::{Error, Result};
use crate::observer::Observer;
use crate::text::kinds::{Kind, KindSet};
use crate::text::languages;
use crate::text::normalize::{Case, NormalForm};
use crate::text::pattern::Pattern;
use crate::text::stems::Stemmer;
use crate::text::stop_lists;

/// The switches of a view, by their names in Python, and how its texts were tokenized.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
pub(crate) struct Switches {
    kinds: Option<Vec<String>>,
    normalize: Option<String>,
    fold_punctuation: bool,
    lower: bool,
    case_of: Option<String>,
    stop_words: Option<StopWords>,
    stem: Option<String>,
    strip_accents: bool,
    min_length: usize,
    hyphens: String,
    language: Option<String>,
    tailorings: Option<Vec<String>>,
    pattern: Option<String>,
}

/// A language with a list of stop words, or words.
#[derive(FromPyObject)]
enum StopWords {
    #[pyo3(transparent)]
    Of(String),
    #[pyo3(transparent)]
    Words(Vec<String>),
}

/// The code of a language that was written as a code, a locale or a name.
#[pyfunction]
pub(crate) fn language_code(parameter: &str, language: &str) -> PyResult<&'static str> {
    let parameter = if parameter == "lower" { "lower" } else { "language" };
    languages::code(parameter, language).map_err(raise)
}

/// Another view of the same tokens. With `join`, hyphenated words are put together first.
#[pyfunction]
pub(crate) fn view(py: Python<'_>, tokens: &Tokens, switches: Switches, join: bool) -> PyResult<Tokens> {
    let view = read(py, |observer| viewed(&tokens.view, &switches, join, observer))?;
    Ok(Tokens { view })
}

/// The tokens behind a view under other switches.
fn viewed(view: &View, switches: &Switches, join: bool, observer: &dyn Observer) -> Result<View> {
    let settings = switches.settings(observer)?;
    let tokens = if join {
        Arc::new(view.tokens().joined(observer)?)
    } else {
        Arc::clone(view.tokens())
    };
    View::new(tokens, settings, observer)
}

impl Switches {
    /// The settings of the core; stop words are compared under the others.
    fn settings(&self, observer: &dyn Observer) -> Result<Settings> {
        let mut settings = Settings {
            kinds: self.kinds.as_deref().map(kind_set).transpose()?,
            normal_form: self.normalize.as_deref().map(normal_form).transpose()?,
            fold_punctuation: self.fold_punctuation,
            lower: self.lower,
            case: self.case_of.as_deref().map_or(Case::Unicode, Case::of),
            stop_words: None,
            stem: self.stem.as_deref().map(Stemmer::new).transpose()?,
            strip_accents: self.strip_accents,
            min_length: self.min_length,
        };
        if let Some(words) = &self.stop_words {
            settings.stop_words = Some(Arc::new(self.stop_keys(words, &settings, observer)?));
        }
        Ok(settings)
    }

    /// The pattern whose matches are the tokens.
    pub(super) fn pattern(&self) -> Result<Option<Pattern>> {
        self.pattern.as_deref().map(Pattern::new).transpose()
    }

    /// How the texts became tokens.
    pub(super) fn tokenizer<'pattern>(
        &self,
        pattern: Option<&'pattern Pattern>,
    ) -> Result<Tokenizer<'pattern>> {
        Ok(Tokenizer {
            tailoring: rules(self.language.as_deref(), self.tailorings.as_deref())?,
            pattern,
            hyphens_join: self.hyphens == "join",
        })
    }

    fn stop_keys(
        &self,
        words: &StopWords,
        settings: &Settings,
        observer: &dyn Observer,
    ) -> Result<Vocabulary> {
        let pattern = self.pattern()?;
        let tokenizer = self.tokenizer(pattern.as_ref())?;
        match words {
            StopWords::Of(language) => {
                let listed = stop_lists::stop_words(language)?;
                stop_words::keys(&listed, true, tokenizer, settings, observer)
            }
            StopWords::Words(words) => stop_words::keys(words, false, tokenizer, settings, observer),
        }
    }
}

fn normal_form(name: &str) -> Result<NormalForm> {
    match name {
        "NFC" => Ok(NormalForm::Nfc),
        "NFKC" => Ok(NormalForm::Nfkc),
        other => Err(Error::parameter(
            "normalize",
            &format!("{other:?}"),
            "there is no such normal form",
            "pass \"NFC\", \"NFKC\" or None",
        )),
    }
}

fn kind_set(names: &[String]) -> Result<KindSet> {
    let known = |name: &String| {
        Kind::ALL
            .into_iter()
            .find(|kind| kind.name() == name)
            .ok_or_else(|| {
                let all = Kind::ALL.map(Kind::name).join(", ");
                Error::parameter(
                    "kinds",
                    &format!("{name:?}"),
                    "there is no such kind of token",
                    &format!("choose from {all}"),
                )
            })
    };
    Ok(KindSet::of(&names.iter().map(known).collect::<Result<Vec<_>>>()?))
}

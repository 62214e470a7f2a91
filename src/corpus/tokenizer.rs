//! How the texts of a corpus became tokens, for other words that have to be cut in the same way.
//!
//! Stop words, dictionaries and queries are written by people, and only what is cut as the texts were
//! can be found in them.

use std::sync::Arc;

use super::tokens::Tokens;
use crate::error::Result;
use crate::observer::Observer;
use crate::text::arena::Arena;
use crate::text::pattern::Pattern;
use crate::text::tailoring::Tailoring;

/// How the texts became tokens.
#[derive(Debug, Clone, Copy)]
pub struct Tokenizer<'pattern> {
    /// Rules of the scanner.
    pub tailoring: Tailoring,
    /// Its matches are the tokens, where there is one.
    pub pattern: Option<&'pattern Pattern>,
    /// Whether words with hyphens are one token.
    pub hyphens_join: bool,
}

impl Tokenizer<'_> {
    /// The tokens of a few short texts.
    pub fn tokens<S: AsRef<str>>(
        self,
        texts: impl IntoIterator<Item = S>,
        observer: &dyn Observer,
    ) -> Result<Tokens> {
        let arena = Arc::new(Arena::from_texts(texts)?);
        let tokens = Tokens::build(&arena, self.tailoring, self.pattern, observer)?;
        if self.hyphens_join {
            tokens.joined(observer)
        } else {
            Ok(tokens)
        }
    }
}

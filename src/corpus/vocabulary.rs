//! Terms and their ids.
//!
//! An id is the rank of a term's first occurrence, so that ids are the same for any number of
//! threads. The strings lie in one buffer; the table holds ids only.

use hashbrown::HashTable;

use crate::error::{Cause, Error, Result};
use crate::hash;

/// Strings with ids 0, 1, 2 … in the order in which they were first added.
#[derive(Debug, Clone, Default)]
pub struct Vocabulary {
    bytes: String,
    ends: Vec<usize>,
    table: HashTable<u32>,
}

impl Vocabulary {
    /// The largest number of terms: one id is kept free to mark a removed type.
    pub const MAX_TERMS: usize = u32::MAX as usize;

    /// An empty vocabulary.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Number of terms.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there are no terms.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The term with an id.
    ///
    /// # Panics
    /// When `id` was not given out by this vocabulary.
    #[inline]
    #[must_use]
    pub fn term(&self, id: u32) -> &str {
        let index = id as usize;
        let start = if index == 0 { 0 } else { self.ends[index - 1] };
        &self.bytes[start..self.ends[index]]
    }

    /// The id of a term that is here.
    #[must_use]
    pub fn id(&self, term: &str) -> Option<u32> {
        self.table
            .find(hash::bytes64(term.as_bytes()), |&id| self.term(id) == term)
            .copied()
    }

    /// The id of a term, which is added when it is new.
    pub fn intern(&mut self, term: &str) -> Result<u32> {
        let Self { bytes, ends, table } = self;
        let spelled = |id: u32| {
            let index = id as usize;
            let start = if index == 0 { 0 } else { ends[index - 1] };
            &bytes[start..ends[index]]
        };
        let hash = hash::bytes64(term.as_bytes());
        if let Some(&id) = table.find(hash, |&id| spelled(id) == term) {
            return Ok(id);
        }
        let id = u32::try_from(ends.len())
            .ok()
            .filter(|&id| (id as usize) < Self::MAX_TERMS)
            .ok_or_else(|| {
                Error::Limit(Cause::sentence(format!(
                    "The vocabulary would pass {} terms; count fewer documents or shorter n-grams at once.",
                    Self::MAX_TERMS
                )))
            })?;
        table.insert_unique(hash, id, |&id| hash::bytes64(spelled(id).as_bytes()));
        bytes.push_str(term);
        ends.push(bytes.len());
        Ok(id)
    }

    /// Every term, in the order of the ids.
    #[must_use]
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &str> {
        (0..self.len()).map(|index| {
            let start = if index == 0 { 0 } else { self.ends[index - 1] };
            &self.bytes[start..self.ends[index]]
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_ranks_of_first_occurrence() {
        let mut vocabulary = Vocabulary::new();
        let ids: Vec<u32> = ["b", "a", "b", "", "a"]
            .iter()
            .map(|term| vocabulary.intern(term).unwrap())
            .collect();
        assert_eq!(ids, [0, 1, 0, 2, 1]);
        assert_eq!(vocabulary.iter().collect::<Vec<_>>(), ["b", "a", ""]);
        assert_eq!((vocabulary.id("a"), vocabulary.id("c")), (Some(1), None));
    }

    #[test]
    fn thousands_of_terms_survive_the_growth_of_the_table() {
        let mut vocabulary = Vocabulary::new();
        for index in 0..5000u32 {
            assert_eq!(vocabulary.intern(&index.to_string()), Ok(index));
        }
        assert_eq!(vocabulary.id("4999"), Some(4999));
    }
}

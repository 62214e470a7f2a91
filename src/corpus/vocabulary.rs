//! Terms and their ids.
//!
//! An id is the rank of a term's first occurrence, so that ids are the same for any number of
//! threads. The strings lie in one buffer; the table holds ids only.

use hashbrown::HashTable;

use crate::error::{Cause, Error, Result};
use crate::hash;
use crate::memory;

/// Terms at which the one table becomes many.
const ONE_TABLE: usize = 1 << 16;

/// Tables of a large vocabulary. Each grows on its own, so that no growth takes long: a table of
/// millions of terms would rehash for a second, and nobody could stop it.
const TABLES: usize = 256;

const WHAT: &str = "a vocabulary";

/// Strings with ids 0, 1, 2 … in the order in which they were first added.
#[derive(Debug, Default)]
pub struct Vocabulary {
    bytes: String,
    ends: Vec<usize>,
    /// None yet, one, or [`TABLES`].
    tables: Vec<HashTable<u32>>,
}

/// The term with an id.
#[inline]
fn spelled<'bytes>(bytes: &'bytes str, ends: &[usize], id: u32) -> &'bytes str {
    let index = id as usize;
    let start = if index == 0 { 0 } else { ends[index - 1] };
    &bytes[start..ends[index]]
}

/// The table that holds a hash, among this many; other bits than those the table itself uses.
#[inline]
fn table_of(hash: u64, tables: usize) -> usize {
    (hash >> 40) as usize & (tables - 1)
}

/// Makes room for one more id.
fn grow(table: &mut HashTable<u32>, more: usize, bytes: &str, ends: &[usize]) -> Result<()> {
    table
        .try_reserve(more, |&id| hash::bytes64(spelled(bytes, ends, id).as_bytes()))
        .map_err(|_| memory::refused(2 * (table.len() + more) * (size_of::<u32>() + 1), WHAT))
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

    /// Bytes of all terms.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.bytes.len()
    }

    /// The term with an id.
    ///
    /// # Panics
    /// When `id` was not given out by this vocabulary.
    #[inline]
    #[must_use]
    pub fn term(&self, id: u32) -> &str {
        spelled(&self.bytes, &self.ends, id)
    }

    /// The id of a term that is here.
    #[must_use]
    pub fn id(&self, term: &str) -> Option<u32> {
        if self.tables.is_empty() {
            return None;
        }
        let hash = hash::bytes64(term.as_bytes());
        self.tables[table_of(hash, self.tables.len())]
            .find(hash, |&id| self.term(id) == term)
            .copied()
    }

    /// The id of a term, which is added when it is new.
    pub fn intern(&mut self, term: &str) -> Result<u32> {
        if self.tables.is_empty() {
            self.tables.push(HashTable::new());
        }
        let hash = hash::bytes64(term.as_bytes());
        let Self { bytes, ends, tables } = self;
        let table = table_of(hash, tables.len());
        if let Some(&id) = tables[table].find(hash, |&id| spelled(bytes, ends, id) == term) {
            return Ok(id);
        }
        self.add(term, hash)
    }

    /// Adds a term that is not here.
    fn add(&mut self, term: &str, hash: u64) -> Result<u32> {
        let id = u32::try_from(self.ends.len())
            .ok()
            .filter(|&id| (id as usize) < Self::MAX_TERMS)
            .ok_or_else(|| {
                Error::Limit(Cause::sentence(format!(
                    "The vocabulary would pass {} terms; count fewer documents or shorter n-grams at once.",
                    Self::MAX_TERMS
                )))
            })?;
        if self.ends.len() == ONE_TABLE {
            self.split()?;
        }
        let Self { bytes, ends, tables } = self;
        let table = table_of(hash, tables.len());
        let table = &mut tables[table];
        if table.len() == table.capacity() {
            grow(table, 1, bytes, ends)?;
        }
        // All room first: a refusal leaves everything as it was.
        memory::reserve(ends, 1, WHAT)?;
        memory::push_str(bytes, term, WHAT)?;
        ends.push(bytes.len());
        table.insert_unique(hash, id, |&id| hash::bytes64(spelled(bytes, ends, id).as_bytes()));
        Ok(id)
    }

    /// One table becomes many.
    fn split(&mut self) -> Result<()> {
        let mut tables: Vec<HashTable<u32>> = Vec::new();
        for _ in 0..TABLES {
            let mut table = HashTable::new();
            grow(&mut table, 2 * ONE_TABLE / TABLES, &self.bytes, &self.ends)?;
            tables.push(table);
        }
        for id in 0..u32::try_from(self.ends.len()).unwrap_or(u32::MAX) {
            let hash = hash::bytes64(self.term(id).as_bytes());
            let table = &mut tables[table_of(hash, TABLES)];
            grow(table, 1, &self.bytes, &self.ends)?;
            table.insert_unique(hash, id, |&id| hash::bytes64(self.term(id).as_bytes()));
        }
        self.tables = tables;
        Ok(())
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
        for index in 0..100_000u32 {
            assert_eq!(vocabulary.intern(&index.to_string()), Ok(index));
        }
        assert_eq!(vocabulary.tables.len(), TABLES);
        for index in 0..100_000u32 {
            assert_eq!(vocabulary.intern(&index.to_string()), Ok(index));
            assert_eq!(vocabulary.id(&index.to_string()), Some(index));
        }
        assert_eq!(vocabulary.id("100000"), None);
    }
}

//! Terms and their ids.
//!
//! An id is the rank of a term's first occurrence, so that ids are the same for any number of
//! threads. The strings lie in one buffer. A slot of the table holds a term of up to sixteen bytes
//! itself, which is nearly every word: one that is known is found by one look into the table, or two.
//! Memory is what takes time here, so words come in batches: all their slots are on their way before
//! the first is looked at.

use bytemuck::{Pod, Zeroable};

use crate::error::{Cause, Error, Result};
use crate::hash;
use crate::memory;
use crate::pages::Array;

/// Slots at which the one table becomes many.
const ONE_TABLE: usize = 1 << 20;

/// Tables of a large vocabulary. Each grows on its own, so that no growth takes long: nobody could
/// stop it.
const TABLES: usize = 64;

/// Slots of a new table.
const FIRST: usize = 64;

/// Bytes of a term that a slot holds.
const INLINE: u32 = 16;

/// Says that a slot is free: slots hold ids plus one, so that memory full of zeros is an empty table.
const FREE: u32 = 0;

/// Most words of a batch.
pub const BATCH: usize = 32;

const WHAT: &str = "a vocabulary";

/// Strings with ids 0, 1, 2 … in the order in which they were first added.
#[derive(Debug, Default)]
pub struct Vocabulary {
    bytes: String,
    ends: Vec<usize>,
    /// None yet, one, or [`TABLES`].
    tables: Vec<Table>,
}

/// What tells a term apart from others: its first and last eight bytes and its length, or, where
/// those are not all of it, its hash, which others may have too.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
struct Key {
    first: u64,
    last: u64,
    length: u32,
}

#[derive(Debug, Default, Clone, Copy, Pod, Zeroable)]
#[repr(C)]
struct Slot {
    first: u64,
    last: u64,
    length: u32,
    /// The id plus one, or `FREE`.
    next: u32,
}

/// Open addressing by the highest bits of the mixed key, so that growing walks through both tables
/// from front to back.
#[derive(Debug)]
struct Table {
    slots: Array<Slot>,
    used: usize,
}

impl Key {
    /// The key of a term.
    fn of(term: &[u8]) -> Self {
        let length = u32::try_from(term.len()).unwrap_or(u32::MAX);
        if length > INLINE {
            return Self {
                first: hash::bytes64(term),
                last: 0,
                length,
            };
        }
        let mut bytes = [0; 8];
        let shown = term.len().min(8);
        bytes[..shown].copy_from_slice(&term[..shown]);
        let last = match term.last_chunk::<8>() {
            Some(last) if term.len() > 8 => u64::from_le_bytes(*last),
            _ => 0,
        };
        Self {
            first: u64::from_le_bytes(bytes),
            last,
            length,
        }
    }

    /// The key of `text[start..end]`, read in whole pieces where the text goes on.
    #[expect(clippy::cast_possible_truncation, reason = "the length is at most sixteen")]
    #[inline]
    fn inside(text: &[u8], start: usize, end: usize) -> Self {
        let length = end - start;
        let ahead = text.get(start..).and_then(|rest| rest.first_chunk::<8>());
        let (Some(eight), 1..=16) = (ahead, length) else {
            return Self::of(&text[start..end]);
        };
        // Without a branch on the length, which nobody can guess.
        let kept = u64::MAX >> (64 - 8 * length.min(8));
        let behind = start + length.saturating_sub(8);
        let last = text[behind..]
            .first_chunk::<8>()
            .map_or(0, |last| u64::from_le_bytes(*last));
        Self {
            first: u64::from_le_bytes(*eight) & kept,
            last: last & u64::from(length > 8).wrapping_neg(),
            length: length as u32,
        }
    }

    #[inline]
    fn mixed(self) -> u64 {
        hash::key64(self.first, self.last, self.length)
    }
}

impl Slot {
    #[inline]
    fn key(self) -> Key {
        Key {
            first: self.first,
            last: self.last,
            length: self.length,
        }
    }
}

/// The term with an id.
#[inline]
fn spelled<'bytes>(bytes: &'bytes str, ends: &[usize], id: u32) -> &'bytes str {
    let index = id as usize;
    let start = if index == 0 { 0 } else { ends[index - 1] };
    &bytes[start..ends[index]]
}

impl Table {
    fn with_slots(count: usize) -> Result<Self> {
        let slots = Array::zeroed(count, WHAT)?;
        Ok(Self { slots, used: 0 })
    }

    /// Whether one more term would fill more than half.
    #[inline]
    fn is_full(&self) -> bool {
        self.used * 2 >= self.slots.len()
    }

    /// Where the search for a key begins.
    #[expect(clippy::cast_possible_truncation, reason = "these are the bits of a place")]
    #[inline]
    fn place(slots: &[Slot], mixed: u64) -> usize {
        (mixed >> (64 - slots.len().trailing_zeros())) as usize & (slots.len() - 1)
    }

    /// The slot of a key for which `same` holds where the key is not all, or the free one where it belongs.
    #[inline]
    fn seek(&self, key: Key, mixed: u64, same: impl Fn(u32) -> bool) -> usize {
        let slots = &*self.slots;
        let mut place = Self::place(slots, mixed);
        loop {
            let slot = slots[place];
            if slot.next == FREE || slot.key() == key && (key.length <= INLINE || same(slot.next - 1)) {
                return place;
            }
            place = (place + 1) & (slots.len() - 1);
        }
    }

    /// Puts in a term that is not here.
    fn insert(&mut self, slot: Slot) {
        let place = self.seek(slot.key(), slot.key().mixed(), |_| false);
        self.slots[place] = slot;
        self.used += 1;
    }

    /// Twice the slots.
    fn grow(&mut self) -> Result<()> {
        let mut larger = Self::with_slots(2 * self.slots.len())?;
        for slot in self.slots.iter().filter(|slot| slot.next != FREE) {
            larger.insert(*slot);
        }
        *self = larger;
        Ok(())
    }
}

/// The table that holds a key, among this many; by other bits than those the table itself uses.
#[expect(
    clippy::cast_possible_truncation,
    reason = "the lowest bits are what is wanted"
)]
#[inline]
fn table_of(mixed: u64, tables: usize) -> usize {
    mixed as usize & (tables - 1)
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

    /// The bytes of the term with an id.
    ///
    /// # Panics
    /// When `id` was not given out by this vocabulary.
    #[inline]
    #[must_use]
    pub fn length(&self, id: u32) -> usize {
        let index = id as usize;
        self.ends[index] - if index == 0 { 0 } else { self.ends[index - 1] }
    }

    /// The id of a term that is here.
    #[must_use]
    pub fn id(&self, term: &str) -> Option<u32> {
        if self.tables.is_empty() {
            return None;
        }
        let key = Key::of(term.as_bytes());
        let table = &self.tables[table_of(key.mixed(), self.tables.len())];
        let slot = table.slots[table.seek(key, key.mixed(), |id| self.term(id) == term)];
        slot.next.checked_sub(1)
    }

    /// The id of a term, which is added when it is new.
    pub fn intern(&mut self, term: &str) -> Result<u32> {
        let key = Key::of(term.as_bytes());
        self.intern_key(term, key, key.mixed())
    }

    /// Calls `found` with the ids of some words of a text, at most [`BATCH`]; new ones are added.
    #[inline]
    pub fn intern_batch(
        &mut self,
        text: &str,
        spans: &[(u32, u32)],
        mut found: impl FnMut(u32) -> Result<()>,
    ) -> Result<()> {
        // An array for each part: a key that is put together in memory and read at once waits for itself.
        let (mut firsts, mut lasts, mut lengths) = ([0; BATCH], [0; BATCH], [0; BATCH]);
        let mut mixed = [0; BATCH];
        for (index, &(start, end)) in spans.iter().take(BATCH).enumerate() {
            let key = Key::inside(text.as_bytes(), start as usize, end as usize);
            (firsts[index], lasts[index], lengths[index]) = (key.first, key.last, key.length);
            mixed[index] = key.mixed();
        }
        // Loads that wait for nothing, not even for one another.
        let mut slots = [Slot::default(); BATCH];
        if let [table] = &self.tables[..] {
            let all = &*table.slots;
            for (slot, &mixed) in slots.iter_mut().zip(&mixed[..spans.len()]) {
                *slot = all[Table::place(all, mixed)];
            }
        }
        for (index, &(start, end)) in spans.iter().take(BATCH).enumerate() {
            let key = Key {
                first: firsts[index],
                last: lasts[index],
                length: lengths[index],
            };
            let slot = slots[index];
            let known = slot.key() == key && slot.next != FREE && key.length <= INLINE;
            found(if known {
                slot.next - 1
            } else {
                self.intern_key(&text[start as usize..end as usize], key, mixed[index])?
            })?;
        }
        Ok(())
    }

    fn intern_key(&mut self, term: &str, key: Key, mixed: u64) -> Result<u32> {
        if let Some(table) = self.tables.get(table_of(mixed, self.tables.len().max(1))) {
            let same = |id| spelled(&self.bytes, &self.ends, id) == term;
            if let Some(id) = table.slots[table.seek(key, mixed, same)].next.checked_sub(1) {
                return Ok(id);
            }
        }
        self.add(term, key, mixed)
    }

    /// Adds a term that is not here.
    #[inline(never)]
    fn add(&mut self, term: &str, key: Key, mixed: u64) -> Result<u32> {
        let id = u32::try_from(self.ends.len())
            .ok()
            .filter(|&id| (id as usize) < Self::MAX_TERMS)
            .ok_or_else(|| {
                Error::Limit(Cause::sentence(format!(
                    "The vocabulary would pass {} terms; count fewer documents or shorter n-grams at once.",
                    Self::MAX_TERMS
                )))
            })?;
        if self.tables.is_empty() {
            self.tables.push(Table::with_slots(FIRST)?);
        }
        let tables = self.tables.len();
        if self.tables[table_of(mixed, tables)].is_full() {
            self.make_room(table_of(mixed, tables))?;
        }
        let table = table_of(mixed, self.tables.len());
        // All room first: a refusal leaves everything as it was.
        memory::reserve(&mut self.ends, 1, WHAT)?;
        memory::push_str(&mut self.bytes, term, WHAT)?;
        self.ends.push(self.bytes.len());
        self.tables[table].insert(Slot {
            first: key.first,
            last: key.last,
            length: key.length,
            next: id + 1,
        });
        Ok(id)
    }

    /// The table grows, or the only one becomes many.
    fn make_room(&mut self, table: usize) -> Result<()> {
        if self.tables.len() > 1 || self.tables[table].slots.len() < ONE_TABLE {
            return self.tables[table].grow();
        }
        let mut tables = Vec::with_capacity(TABLES);
        for _ in 0..TABLES {
            tables.push(Table::with_slots(2 * ONE_TABLE / TABLES)?);
        }
        for slot in self.tables[table].slots.iter().filter(|slot| slot.next != FREE) {
            let part = &mut tables[table_of(slot.key().mixed(), TABLES)];
            if part.is_full() {
                part.grow()?;
            }
            part.insert(*slot);
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
    fn hundreds_of_thousands_of_terms_survive_the_growth_of_the_tables() {
        let mut vocabulary = Vocabulary::new();
        let term = |index: u32| {
            format!(
                "{}{index}",
                if index.is_multiple_of(2) {
                    "a"
                } else {
                    "a long term, "
                }
            )
        };
        for index in 0..1_000_000u32 {
            assert_eq!(vocabulary.intern(&term(index)), Ok(index));
        }
        assert_eq!(vocabulary.tables.len(), TABLES);
        for index in 0..1_000_000u32 {
            assert_eq!(vocabulary.intern(&term(index)), Ok(index));
            assert_eq!(vocabulary.id(&term(index)), Some(index));
        }
        assert_eq!(vocabulary.id("a1000000"), None);
    }

    #[test]
    fn zeros_and_lengths_tell_terms_apart() {
        let mut vocabulary = Vocabulary::new();
        for (id, term) in (0u32..).zip([
            "",
            "\0",
            "\0\0",
            "\0\0\0\0\0\0\0",
            "\0\0\0\0\0\0\0\0",
            "\0\0\0\0\0\0\0\0\0",
            "a",
            "a\0",
        ]) {
            assert_eq!(vocabulary.intern(term), Ok(id));
        }
        assert_eq!(vocabulary.len(), 8);
    }

    #[test]
    fn a_collision_of_hashes_keeps_terms_apart() {
        let mut table = Table::with_slots(FIRST).unwrap();
        let key = Key {
            first: 1,
            last: 0,
            length: 17,
        };
        for id in 0..30 {
            let place = table.seek(key, key.mixed(), |other| other == id);
            assert_eq!(table.slots[place].next, FREE);
            table.insert(Slot {
                first: 1,
                last: 0,
                length: 17,
                next: id + 1,
            });
        }
        for id in 0..30 {
            let place = table.seek(key, key.mixed(), |other| other == id);
            assert_eq!(table.slots[place].next, id + 1);
        }
    }

    proptest::proptest! {
        #[test]
        fn a_batch_or_one_word_a_term_is_the_same(text in "[ab\0é中]{0,60}", cuts in proptest::collection::vec(0usize..80, 0..BATCH)) {
            let border = |at: usize| (0..=at.min(text.len())).rev().find(|&at| text.is_char_boundary(at)).unwrap();
            let mut cuts: Vec<usize> = cuts.into_iter().map(border).collect();
            cuts.sort_unstable();
            let spans: Vec<(u32, u32)> =
                cuts.windows(2).map(|pair| (u32::try_from(pair[0]).unwrap(), u32::try_from(pair[1]).unwrap())).collect();
            let (mut batch, mut single) = (Vocabulary::new(), Vocabulary::new());
            for _ in 0..2 {
                let mut ids = Vec::new();
                batch.intern_batch(&text, &spans, |id| { ids.push(id); Ok(()) }).unwrap();
                let words = cuts.windows(2).map(|pair| single.intern(&text[pair[0]..pair[1]]).unwrap());
                proptest::prop_assert_eq!(ids, words.collect::<Vec<_>>());
            }
            proptest::prop_assert!(batch.iter().eq(single.iter()));
        }
    }
}

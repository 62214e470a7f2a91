//! Sequences of terms and their ids: a sequence is its beginning and one more term.
//!
//! A node is eight bytes, whatever the length of its sequence; a slot of the table holds it again with
//! its id, so that finding it is one look into the table, or two. An id is the rank of a node's first
//! use; a beginning comes before what it begins. How a sequence is spelled is not known here.

use super::pace::Pace;
use crate::error::{Cause, Error, Result};
use crate::memory;
use crate::observer::Observer;

/// The beginning of every sequence, which has no id.
pub const ROOT: u32 = u32::MAX;

/// Slots at which the one table becomes many.
const ONE_TABLE: usize = 1 << 20;

/// Tables of a large trie; each grows on its own, so that no growth takes long.
const TABLES: usize = 64;

/// Slots of a new table.
const FIRST: usize = 1 << 10;

const WHAT: &str = "n-grams";

/// A sequence of terms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Node {
    /// The sequence without its last term, or [`ROOT`].
    pub parent: u32,
    /// The last term.
    pub last: u32,
}

impl Node {
    /// Spreads both numbers over 64 bits. Tables only: nothing is stored or ordered by it.
    #[inline]
    fn hash(self) -> u64 {
        let key = u64::from(self.parent) << 32 | u64::from(self.last);
        let mixed = (key ^ key >> 32).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        (mixed ^ mixed >> 29).wrapping_mul(0xBF58_476D_1CE4_E5B9)
    }
}

/// A node and its id; [`ROOT`] marks a free slot.
#[derive(Debug, Clone, Copy)]
struct Slot {
    node: Node,
    id: u32,
}

const FREE: Slot = Slot {
    node: Node { parent: 0, last: 0 },
    id: ROOT,
};

/// Open addressing by the highest bits of the hash, so that growing walks through both tables from
/// front to back.
#[derive(Debug)]
struct Table {
    slots: Vec<Slot>,
    used: usize,
}

impl Table {
    fn with_slots(count: usize) -> Result<Self> {
        let mut slots = memory::with_capacity(count, WHAT)?;
        slots.resize(count, FREE);
        Ok(Self { slots, used: 0 })
    }

    /// Whether one more node would fill more than two thirds.
    #[inline]
    fn is_full(&self) -> bool {
        self.used * 3 >= self.slots.len() * 2
    }

    /// The slot of a node, or the free one where it belongs.
    #[expect(clippy::cast_possible_truncation, reason = "these are the bits of a place")]
    #[inline]
    fn seek(&self, node: Node, hash: u64) -> usize {
        let last = self.slots.len() - 1;
        let mut place = (hash >> (64 - self.slots.len().trailing_zeros())) as usize & last;
        loop {
            let slot = self.slots[place];
            if slot.id == ROOT || slot.node == node {
                return place;
            }
            place = (place + 1) & last;
        }
    }

    /// Puts in a node that is not here.
    fn insert(&mut self, slot: Slot) {
        let place = self.seek(slot.node, slot.node.hash());
        self.slots[place] = slot;
        self.used += 1;
    }

    /// Twice the slots.
    fn grow(&mut self) -> Result<()> {
        let mut larger = Self::with_slots(2 * self.slots.len())?;
        for slot in self.slots.iter().filter(|slot| slot.id != ROOT) {
            larger.insert(*slot);
        }
        *self = larger;
        Ok(())
    }
}

/// Sequences with ids 0, 1, 2 … in the order in which they were first asked for.
#[derive(Debug, Default)]
pub struct Trie {
    nodes: Vec<Node>,
    /// None yet, one, or [`TABLES`].
    tables: Vec<Table>,
}

/// The table that holds a hash, among this many; by other bits than those the table itself uses.
#[inline]
fn table_of(hash: u64, tables: usize) -> usize {
    (hash >> 8) as usize & (tables - 1)
}

impl Trie {
    /// Number of sequences.
    #[must_use]
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether there is no sequence.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// The sequences alone; none can be found any more.
    #[must_use]
    pub fn into_nodes(self) -> Vec<Node> {
        self.nodes
    }

    /// The id of the sequence `parent` with the term `last` behind it, which is added when it is new.
    #[inline]
    pub fn child(&mut self, parent: u32, last: u32) -> Result<u32> {
        let node = Node { parent, last };
        let hash = node.hash();
        if let Some(table) = self.tables.get(table_of(hash, self.tables.len().max(1))) {
            let slot = table.slots[table.seek(node, hash)];
            if slot.id != ROOT {
                return Ok(slot.id);
            }
        }
        self.add(node, hash)
    }

    /// Adds a sequence that is not here.
    #[inline(never)]
    fn add(&mut self, node: Node, hash: u64) -> Result<u32> {
        let id = u32::try_from(self.nodes.len())
            .ok()
            .filter(|&id| id != ROOT)
            .ok_or_else(|| {
                Error::Limit(Cause::sentence(
                    "There would be more than 4294967295 n-grams; count fewer documents or shorter n-grams at \
                     once.",
                ))
            })?;
        if self.tables.is_empty() {
            self.tables.push(Table::with_slots(FIRST)?);
        }
        let table = table_of(hash, self.tables.len());
        if self.tables[table].is_full() {
            self.make_room(table)?;
        }
        // All room first: a refusal leaves everything as it was.
        memory::push(&mut self.nodes, node, WHAT)?;
        let table = table_of(hash, self.tables.len());
        self.tables[table].insert(Slot { node, id });
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
        for slot in self.tables[table].slots.iter().filter(|slot| slot.id != ROOT) {
            let part = &mut tables[table_of(slot.node.hash(), TABLES)];
            if part.is_full() {
                part.grow()?;
            }
            part.insert(*slot);
        }
        self.tables = tables;
        Ok(())
    }

    /// Adds the sequences of another trie, in their order, and the id here of each of them to `map`.
    pub fn merge(&mut self, nodes: &[Node], map: &mut Vec<u32>, observer: &dyn Observer) -> Result<()> {
        let (first, mut pace) = (map.len(), Pace::default());
        memory::reserve(map, nodes.len(), WHAT)?;
        for node in nodes {
            pace.step(8, observer)?;
            let parent = match node.parent {
                ROOT => ROOT,
                parent => map[first + parent as usize],
            };
            map.push(self.child(parent, node.last)?);
        }
        Ok(())
    }
}

/// Writes the terms of a sequence into `terms`, first to last.
pub fn sequence(nodes: &[Node], id: u32, terms: &mut Vec<u32>) -> Result<()> {
    terms.clear();
    let mut at = id;
    while at != ROOT {
        let node = nodes[at as usize];
        memory::push(terms, node.last, WHAT)?;
        at = node.parent;
    }
    terms.reverse();
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::observer::Silent;

    /// Adds a sequence, and gives the id of it.
    fn add(trie: &mut Trie, terms: &[u32]) -> u32 {
        let mut at = ROOT;
        for &term in terms {
            at = trie.child(at, term).unwrap();
        }
        at
    }

    #[test]
    fn ids_are_ranks_of_first_use() {
        let mut trie = Trie::default();
        let ids = [&[5, 6][..], &[5], &[6], &[5, 6, 5], &[5, 6]].map(|terms| add(&mut trie, terms));
        assert_eq!(ids, [1, 0, 2, 3, 1]);
        let mut other = Trie::default();
        add(&mut other, &[6, 5]);
        let mut map = vec![7];
        trie.merge(&other.into_nodes(), &mut map, &Silent).unwrap();
        assert_eq!(map, [7, 2, 4]);
        let nodes = trie.into_nodes();
        let mut terms = Vec::new();
        sequence(&nodes, 3, &mut terms).unwrap();
        assert_eq!(terms, [5, 6, 5]);
    }

    #[test]
    fn many_sequences_survive_the_growth_of_the_tables() {
        let mut trie = Trie::default();
        for _ in 0..2 {
            for term in 0..1_000_000 {
                assert_eq!(trie.child(ROOT, term), Ok(term));
            }
        }
        assert_eq!(trie.tables.len(), TABLES);
        assert_eq!(
            (trie.child(7, 7), trie.child(7, 7), trie.len()),
            (Ok(1_000_000), Ok(1_000_000), 1_000_001)
        );
    }
}

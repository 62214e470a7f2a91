//! Sequences of terms and their ids: a sequence is its beginning and one more term.
//!
//! A node is eight bytes, whatever the length of its sequence, and finding one compares two numbers.
//! An id is the rank of a node's first use; a beginning comes before what it begins. How a
//! sequence is spelled is not known here.

use hashbrown::HashTable;

use super::pace::Pace;
use crate::error::{Cause, Error, Result};
use crate::memory;
use crate::observer::Observer;

/// The beginning of every sequence, which has no id.
pub const ROOT: u32 = u32::MAX;

/// Nodes at which the one table becomes many.
const ONE_TABLE: usize = 1 << 16;

/// Tables of a large trie; each grows on its own, so that no growth takes long.
const TABLES: usize = 256;

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

/// Sequences with ids 0, 1, 2 … in the order in which they were first asked for.
#[derive(Debug, Default)]
pub struct Trie {
    nodes: Vec<Node>,
    /// None yet, one, or [`TABLES`].
    tables: Vec<HashTable<u32>>,
}

/// The table that holds a hash, among this many; other bits than those the table itself uses.
#[inline]
fn table_of(hash: u64, tables: usize) -> usize {
    (hash >> 40) as usize & (tables - 1)
}

/// Makes room for `more` ids.
fn grow(table: &mut HashTable<u32>, more: usize, nodes: &[Node]) -> Result<()> {
    table
        .try_reserve(more, |&id| nodes[id as usize].hash())
        .map_err(|_| memory::refused(2 * (table.len() + more) * (size_of::<u32>() + 1), WHAT))
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
        if self.tables.is_empty() {
            self.tables.push(HashTable::new());
        }
        let node = Node { parent, last };
        let hash = node.hash();
        let Self { nodes, tables } = self;
        let table = &tables[table_of(hash, tables.len())];
        if let Some(&id) = table.find(hash, |&id| nodes[id as usize] == node) {
            return Ok(id);
        }
        self.add(node, hash)
    }

    /// Adds a sequence that is not here.
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
        if self.nodes.len() == ONE_TABLE {
            self.split()?;
        }
        let Self { nodes, tables } = self;
        let place = table_of(hash, tables.len());
        let table = &mut tables[place];
        if table.len() == table.capacity() {
            grow(table, 1, nodes)?;
        }
        memory::push(nodes, node, WHAT)?;
        table.insert_unique(hash, id, |&id| nodes[id as usize].hash());
        Ok(id)
    }

    /// One table becomes many.
    fn split(&mut self) -> Result<()> {
        let mut tables: Vec<HashTable<u32>> = Vec::new();
        for _ in 0..TABLES {
            let mut table = HashTable::new();
            grow(&mut table, 2 * ONE_TABLE / TABLES, &self.nodes)?;
            tables.push(table);
        }
        for (id, node) in (0u32..).zip(&self.nodes) {
            let hash = node.hash();
            let table = &mut tables[table_of(hash, TABLES)];
            if table.len() == table.capacity() {
                grow(table, 1, &self.nodes)?;
            }
            table.insert_unique(hash, id, |&id| self.nodes[id as usize].hash());
        }
        self.tables = tables;
        Ok(())
    }

    /// Adds the sequences of another trie, in their order; the id here of each of them.
    pub fn merge(&mut self, nodes: &[Node], observer: &dyn Observer) -> Result<Vec<u32>> {
        let mut map = memory::with_capacity(nodes.len(), WHAT)?;
        let mut pace = Pace::default();
        for node in nodes {
            pace.step(8, observer)?;
            let parent = match node.parent {
                ROOT => ROOT,
                parent => map[parent as usize],
            };
            map.push(self.child(parent, node.last)?);
        }
        Ok(map)
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
        let map = trie.merge(&other.into_nodes(), &Silent).unwrap();
        assert_eq!(map, [2, 4]);
        let nodes = trie.into_nodes();
        let mut terms = Vec::new();
        sequence(&nodes, 3, &mut terms).unwrap();
        assert_eq!(terms, [5, 6, 5]);
    }

    #[test]
    fn many_sequences_survive_the_growth_of_the_tables() {
        let mut trie = Trie::default();
        for _ in 0..2 {
            for term in 0..100_000 {
                assert_eq!(trie.child(ROOT, term), Ok(term));
            }
        }
        assert_eq!(trie.tables.len(), TABLES);
        assert_eq!(
            (trie.child(7, 7), trie.child(7, 7), trie.len()),
            (Ok(100_000), Ok(100_000), 100_001)
        );
    }
}

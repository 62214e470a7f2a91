//! The n-grams of all blocks under common ids.
//!
//! N-grams are dealt by their first term to a fixed number of shards, which need not know of each other:
//! a beginning is in the shard of what it begins. Each shard merges its part of all blocks, in their
//! order; its table is small enough for the caches of a processor, and shards are merged in parallel.
//! The last ids are given out block by block, to what first occurred there, in the order in which
//! it did, so they depend on no thread.

use std::ops::{Range, RangeInclusive};

use rayon::prelude::*;

use super::alphabet::Alphabet;
use super::counts::WHAT;
use super::ngrams::SEPARATOR;
use super::occurrences::{Block, lengthen};
use super::pace::Pace;
use super::sorting;
use super::trie::{self, Node, ROOT, Trie};
use super::vocabulary::Vocabulary;
use crate::error::Result;
use crate::memory;
use crate::observer::Observer;

/// Marks an n-gram that is not kept.
pub(super) const DROPPED: u32 = u32::MAX;

/// How many shards there are; a power of two.
const SHARDS: usize = 64;

/// The sequences of a block, dealt: those of each shard behind one another.
#[derive(Debug, Default)]
pub(super) struct Parts {
    /// Where the part of each shard ends.
    ends: Vec<usize>,
    /// Sequences; a parent is a place in the part.
    nodes: Vec<Node>,
    /// The id of each of them in its block.
    members: Vec<u32>,
}

impl Parts {
    /// Deals the sequences of a block; `split` if the alphabet splits terms, when there is one shard.
    pub(super) fn of(nodes: &[Node], split: bool, observer: &dyn Observer) -> Result<Self> {
        let shards = if split { 1 } else { SHARDS };
        // The shard of each sequence, and its place in the part of it.
        let mut dealt: Vec<(u32, u32)> = memory::with_capacity(nodes.len(), WHAT)?;
        let (mut lengths, mut pace) = ([0u32; SHARDS], Pace::default());
        for node in nodes {
            pace.step(2, observer)?;
            let shard = match node.parent {
                ROOT => shard_of(node.last, shards),
                parent => dealt[parent as usize].0,
            };
            let length = &mut lengths[shard as usize];
            dealt.push((shard, *length));
            *length += 1;
        }
        let (mut ends, mut end) = (memory::with_capacity(shards, WHAT)?, 0);
        for &length in &lengths[..shards] {
            end += length as usize;
            ends.push(end);
        }
        let mut parts = Self {
            nodes: memory::filled(
                &Node {
                    parent: ROOT,
                    last: 0,
                },
                nodes.len(),
                WHAT,
                observer,
            )?,
            members: memory::zeroed(nodes.len(), WHAT)?,
            ends,
        };
        for (member, node) in (0u32..).zip(nodes) {
            pace.step(2, observer)?;
            let (shard, offset) = dealt[member as usize];
            let at = parts.start(shard as usize) + offset as usize;
            let parent = match node.parent {
                ROOT => ROOT,
                parent => dealt[parent as usize].1,
            };
            parts.nodes[at] = Node { parent, ..*node };
            parts.members[at] = member;
        }
        Ok(parts)
    }

    fn start(&self, shard: usize) -> usize {
        if shard == 0 { 0 } else { self.ends[shard - 1] }
    }

    fn range(&self, shard: usize) -> Range<usize> {
        self.start(shard)..self.ends[shard]
    }
}

/// The shard of a first term, among this many.
fn shard_of(term: u32, shards: usize) -> u32 {
    (term.wrapping_mul(0x9E37_79B9) >> 16) & (u32::try_from(shards - 1).unwrap_or(0))
}

/// The n-grams of one shard.
struct Shard {
    nodes: Vec<Node>,
    /// In how many documents each stands.
    documents: Vec<u32>,
    /// The id here of each sequence of each block, those of a block behind those of the one before.
    map: Vec<u32>,
    /// Where those of each block begin.
    starts: Vec<usize>,
    /// The block of each sequence, where it first was, and its id there; rising by block.
    firsts: Vec<(u32, u32)>,
    /// The last id of each.
    ids: Vec<u32>,
}

impl Shard {
    fn of(number: usize, blocks: &[Block], observer: &dyn Observer) -> Result<Self> {
        let (mut grams, mut documents, mut firsts) = (Trie::default(), Vec::new(), Vec::new());
        let brought = blocks.iter().map(|block| block.parts.range(number).len()).sum();
        let mut map = memory::with_capacity(brought, WHAT)?;
        let mut starts = memory::with_capacity(blocks.len(), WHAT)?;
        let mut pace = Pace::default();
        for (place, block) in (0u32..).zip(blocks) {
            let (start, range) = (map.len(), block.parts.range(number));
            starts.push(start);
            grams.merge(&block.parts.nodes[range.clone()], &mut map, observer)?;
            lengthen(&mut documents, grams.len())?;
            for (&id, &member) in map[start..].iter().zip(&block.parts.members[range]) {
                pace.step(1, observer)?;
                documents[id as usize] += block.documents[member as usize];
                if id as usize == firsts.len() {
                    memory::push(&mut firsts, (place, member), WHAT)?;
                }
            }
        }
        let ids = memory::filled(&DROPPED, grams.len(), WHAT, observer)?;
        Ok(Self {
            nodes: grams.into_nodes(),
            documents,
            map,
            starts,
            firsts,
            ids,
        })
    }
}

/// The n-grams of all blocks.
pub(super) struct Shards {
    shards: Vec<Shard>,
}

impl Shards {
    /// Merges the parts of all blocks.
    pub(super) fn of(blocks: &mut [Block], observer: &dyn Observer) -> Result<Self> {
        let count = blocks.first().map_or(0, |block| block.parts.ends.len());
        let seen: &[Block] = blocks;
        let shards: Result<Vec<Shard>> = (0..count)
            .into_par_iter()
            .map(|number| Shard::of(number, seen, observer))
            .collect();
        for block in blocks {
            block.documents = Vec::new();
            block.parts.nodes = Vec::new();
        }
        Ok(Self { shards: shards? })
    }

    /// Gives the n-grams that stand in as many documents as `kept` allows their last ids, and names.
    pub(super) fn name(
        &mut self,
        blocks: &[Block],
        alphabet: &Alphabet<'_>,
        kept: &RangeInclusive<usize>,
        observer: &dyn Observer,
    ) -> Result<Vocabulary> {
        let mut names = Names {
            alphabet,
            given: Vocabulary::new(),
            words: Vec::new(),
            name: String::new(),
            pace: Pace::default(),
        };
        // A few blocks at once: their lists are made in parallel, and are gone before the next ones.
        let numbers: Vec<usize> = (0..blocks.len()).collect();
        for some in numbers.chunks(4 * rayon::current_num_threads().max(1)) {
            let lists: Result<Vec<Vec<First>>> = some
                .par_iter()
                .map(|&number| match &blocks[number].order {
                    Some(order) => self.ordered(number, order, kept, observer),
                    None => self.fresh(number, kept, observer),
                })
                .collect();
            for first in lists?.iter().flatten() {
                let shard = &mut self.shards[first.shard as usize];
                if shard.ids[first.id as usize] == DROPPED {
                    shard.ids[first.id as usize] = names.give(&shard.nodes, first.id, observer)?;
                }
            }
        }
        Ok(names.given)
    }

    /// What is kept and first was in a block, in the order of its ids there.
    fn fresh(
        &self,
        block: usize,
        kept: &RangeInclusive<usize>,
        observer: &dyn Observer,
    ) -> Result<Vec<First>> {
        let (mut found, mut pace) = (Vec::new(), Pace::default());
        for (shard, part) in (0u32..).zip(&self.shards) {
            let from = part
                .firsts
                .partition_point(|&(first, _)| (first as usize) < block);
            for (offset, &(first, place)) in part.firsts[from..].iter().enumerate() {
                pace.step(1, observer)?;
                if first as usize != block {
                    break;
                }
                if kept.contains(&(part.documents[from + offset] as usize)) {
                    let id = u32::try_from(from + offset).unwrap_or(ROOT);
                    memory::push(&mut found, First { place, shard, id }, WHAT)?;
                }
            }
        }
        sorting::sort_by_key(&mut found, observer, |first| first.place)?;
        Ok(found)
    }

    /// What is kept of a block whose n-grams are told in the order of their first occurrence.
    fn ordered(
        &self,
        block: usize,
        order: &[u32],
        kept: &RangeInclusive<usize>,
        observer: &dyn Observer,
    ) -> Result<Vec<First>> {
        let (mut found, mut pace) = (Vec::new(), Pace::default());
        let Some(shard) = self.shards.first() else {
            return Ok(found);
        };
        for &place in order {
            pace.step(1, observer)?;
            let id = shard.map[shard.starts[block] + place as usize];
            if kept.contains(&(shard.documents[id as usize] as usize)) {
                memory::push(&mut found, First { place, shard: 0, id }, WHAT)?;
            }
        }
        Ok(found)
    }

    /// The last id of each sequence of a block.
    pub(super) fn ids(&self, number: usize, block: &Block, observer: &dyn Observer) -> Result<Vec<u32>> {
        let (mut ids, mut pace) = (memory::zeroed(block.parts.members.len(), WHAT)?, Pace::default());
        for (part, shard) in self.shards.iter().enumerate() {
            let members = &block.parts.members[block.parts.range(part)];
            for (&id, &member) in shard.map[shard.starts[number]..].iter().zip(members) {
                pace.step(1, observer)?;
                ids[member as usize] = shard.ids[id as usize];
            }
        }
        Ok(ids)
    }
}

/// An n-gram at its first occurrence: its id in its block, its shard, and its id there.
#[derive(Debug, Clone, Copy)]
struct First {
    place: u32,
    shard: u32,
    id: u32,
}

/// Names, as they are given out.
struct Names<'a> {
    alphabet: &'a Alphabet<'a>,
    given: Vocabulary,
    words: Vec<u32>,
    name: String,
    pace: Pace,
}

impl Names<'_> {
    /// The id of the name of a sequence.
    fn give(&mut self, nodes: &[Node], id: u32, observer: &dyn Observer) -> Result<u32> {
        trie::sequence(nodes, id, &mut self.words)?;
        self.name.clear();
        for (number, &word) in self.words.iter().enumerate() {
            self.pace.step(16, observer)?;
            if number > 0 {
                memory::push_str(&mut self.name, SEPARATOR, WHAT)?;
            }
            memory::push_str(&mut self.name, self.alphabet.name(word), WHAT)?;
        }
        self.given.intern(&self.name)
    }
}

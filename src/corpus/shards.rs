//! The n-grams of all blocks under common ids.
//!
//! N-grams are dealt by their first term to a fixed number of shards, which need not know of each other:
//! a beginning is in the shard of what it begins. Each shard merges its part of all blocks, in their
//! order; its table is small enough for the caches of a processor, and shards are merged in parallel.
//! The last ids are given out block by block, to what first occurred there, in the order in which
//! it did, so they depend on no thread.

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

/// What a block brings to one shard.
#[derive(Debug, Default)]
pub(super) struct Part {
    /// Sequences; a parent is a place in this list.
    nodes: Vec<Node>,
    /// The id of each of them in its block.
    members: Vec<u32>,
}

/// Deals the sequences of a block; `split` if the alphabet splits terms, when there is one shard.
pub(super) fn deal(nodes: &[Node], split: bool, observer: &dyn Observer) -> Result<Vec<Part>> {
    let mut parts: Vec<Part> = Vec::with_capacity(SHARDS);
    parts.resize_with(if split { 1 } else { SHARDS }, Part::default);
    let mut dealt: Vec<(u32, u32)> = memory::with_capacity(nodes.len(), WHAT)?;
    let mut pace = Pace::default();
    for (member, node) in (0u32..).zip(nodes) {
        pace.step(2, observer)?;
        let (shard, parent) = match node.parent {
            ROOT => (shard_of(node.last, parts.len()), ROOT),
            parent => dealt[parent as usize],
        };
        let part = &mut parts[shard as usize];
        let last = node.last;
        dealt.push((shard, u32::try_from(part.nodes.len()).unwrap_or(ROOT)));
        memory::push(&mut part.nodes, Node { parent, last }, WHAT)?;
        memory::push(&mut part.members, member, WHAT)?;
    }
    Ok(parts)
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
    /// For each block the id here of each of its sequences.
    maps: Vec<Vec<u32>>,
    /// The block of each sequence, where it first was, and its id there; rising by block.
    firsts: Vec<(u32, u32)>,
    /// The last id of each.
    ids: Vec<u32>,
}

impl Shard {
    fn of(number: usize, blocks: &[Block], observer: &dyn Observer) -> Result<Self> {
        let (mut grams, mut documents, mut firsts) = (Trie::default(), Vec::new(), Vec::new());
        let mut maps = memory::with_capacity(blocks.len(), WHAT)?;
        let mut pace = Pace::default();
        for (place, block) in (0u32..).zip(blocks) {
            let part = &block.parts[number];
            let map = grams.merge(&part.nodes, observer)?;
            lengthen(&mut documents, grams.len())?;
            for (&id, &member) in map.iter().zip(&part.members) {
                pace.step(1, observer)?;
                documents[id as usize] += block.documents[member as usize];
                if id as usize == firsts.len() {
                    memory::push(&mut firsts, (place, member), WHAT)?;
                }
            }
            maps.push(map);
        }
        let ids = memory::filled(&DROPPED, grams.len(), WHAT, observer)?;
        Ok(Self {
            nodes: grams.into_nodes(),
            documents,
            maps,
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
        let count = blocks.first().map_or(0, |block| block.parts.len());
        let seen: &[Block] = blocks;
        let shards: Result<Vec<Shard>> = (0..count)
            .into_par_iter()
            .map(|number| Shard::of(number, seen, observer))
            .collect();
        for block in blocks {
            block.documents = Vec::new();
            for part in &mut block.parts {
                part.nodes = Vec::new();
            }
        }
        Ok(Self { shards: shards? })
    }

    /// Gives the n-grams that stand in as many documents as `kept` allows their last ids, and names.
    pub(super) fn name(
        &mut self,
        blocks: &[Block],
        alphabet: &Alphabet<'_>,
        kept: &std::ops::RangeInclusive<usize>,
        observer: &dyn Observer,
    ) -> Result<Vocabulary> {
        let mut names = Names {
            alphabet,
            names: Vocabulary::new(),
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
        Ok(names.names)
    }

    /// What is kept and first was in a block, in the order of its ids there.
    fn fresh(
        &self,
        block: usize,
        kept: &std::ops::RangeInclusive<usize>,
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
        kept: &std::ops::RangeInclusive<usize>,
        observer: &dyn Observer,
    ) -> Result<Vec<First>> {
        let (mut found, mut pace) = (Vec::new(), Pace::default());
        let Some(shard) = self.shards.first() else {
            return Ok(found);
        };
        for &place in order {
            pace.step(1, observer)?;
            let id = shard.maps[block][place as usize];
            if kept.contains(&(shard.documents[id as usize] as usize)) {
                memory::push(&mut found, First { place, shard: 0, id }, WHAT)?;
            }
        }
        Ok(found)
    }

    /// The last id of each sequence of a block.
    pub(super) fn ids(&self, number: usize, block: &Block, observer: &dyn Observer) -> Result<Vec<u32>> {
        let sequences = block.parts.iter().map(|part| part.members.len()).sum();
        let (mut ids, mut pace) = (memory::zeroed(sequences, WHAT)?, Pace::default());
        for (shard, part) in self.shards.iter().zip(&block.parts) {
            for (&id, &member) in shard.maps[number].iter().zip(&part.members) {
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
    names: Vocabulary,
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
        self.names.intern(&self.name)
    }
}

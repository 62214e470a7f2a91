//! Tokens put together in parallel, with ids that do not show it.
//!
//! Documents are cut into blocks by their bytes alone. Each lane (one a thread) takes the next block
//! that nobody has, and keeps one vocabulary for all its blocks. It takes them in their order, so the
//! place where it first saw a type is the first place of all its blocks; of all lanes, the one that saw
//! a type first says so by that place. Types in the order of those places have the ids of a sequential
//! run, whoever did what.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;

use super::pace::Pace;
use super::tokens::{Block, WHAT, narrow};
use super::vocabulary::{BATCH, Vocabulary};
use crate::error::Result;
use crate::memory;
use crate::observer::Observer;
use crate::pages::Array;
use crate::parallel;
use crate::text::arena::Arena;
use crate::text::kinds::Kind;

/// Ids that are replaced between two looks at the observer.
const STEP: usize = 1 << 16;

/// Blocks that a large corpus is cut into, and the bytes that one has at most.
const BLOCKS: usize = 48;
const MOST_BYTES: usize = 16 << 20;

/// Types whose kinds are found at once.
const TYPES: usize = 1 << 12;

/// Where tokens go.
pub(super) struct Sink<'lane> {
    lane: &'lane mut Lane,
    block: u32,
    ids: &'lane mut Vec<u32>,
    starts: &'lane mut Vec<u32>,
    /// Words that wait for a batch to be full.
    waiting: [(u32, u32); BATCH],
    many: usize,
}

impl Sink<'_> {
    /// Adds the token `text[start..end]` to the document, which is `text` until `flush`.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "the arena lets no document in that is so long"
    )]
    #[inline]
    pub(super) fn push(&mut self, text: &str, start: usize, end: usize) -> Result<()> {
        self.waiting[self.many % BATCH] = (start as u32, end as u32);
        self.many += 1;
        if self.many == BATCH {
            self.flush(text)
        } else {
            Ok(())
        }
    }

    /// Gives the words that wait their ids.
    #[inline(never)]
    fn flush(&mut self, text: &str) -> Result<()> {
        let words = &self.waiting[..self.many.min(BATCH)];
        memory::reserve(self.ids, BATCH, WHAT)?;
        memory::reserve(self.starts, BATCH, WHAT)?;
        let Lane { types, firsts, .. } = &mut *self.lane;
        let (ids, block) = (&mut *self.ids, self.block);
        types.intern_batch(text, words, |id| {
            if id as usize == firsts.len() {
                memory::push(firsts, (block, narrow(ids.len())?), WHAT)?;
            }
            ids.push(id);
            Ok(())
        })?;
        self.starts.extend(words.iter().map(|&(start, _)| start));
        self.many = 0;
        Ok(())
    }
}

/// What one lane made.
struct Lane {
    types: Vocabulary,
    /// Block and place at which the lane first saw each type.
    firsts: Vec<(u32, u32)>,
    blocks: Vec<(usize, Block)>,
}

/// Fills a sink with the tokens of every document, in parallel; their blocks and types.
pub(super) fn assemble(
    arena: &Arena,
    fill: impl Fn(usize, &mut Sink<'_>) -> Result<()> + Sync,
    observer: &dyn Observer,
) -> Result<(Vec<Block>, Vocabulary)> {
    observer.expect(arena.len());
    // Few blocks of a large corpus: each ends with a copy, for which large arrays are best.
    let target = (arena.bytes() / BLOCKS).clamp(parallel::BLOCK_BYTES, MOST_BYTES);
    let cut = parallel::blocks(arena.len(), target, |row| arena.text(row).len());
    let next = AtomicUsize::new(0);
    let lanes: Vec<Lane> = (0..parallel::lanes().min(cut.len()))
        .into_par_iter()
        .map(|_| run_lane(arena, &cut, &next, &fill, observer))
        .collect::<Result<_>>()?;
    merge(lanes, cut.len(), observer)
}

/// Takes blocks until there are none left.
fn run_lane(
    arena: &Arena,
    cut: &[Range<usize>],
    next: &AtomicUsize,
    fill: &(impl Fn(usize, &mut Sink<'_>) -> Result<()> + Sync),
    observer: &dyn Observer,
) -> Result<Lane> {
    let mut lane = Lane {
        types: Vocabulary::new(),
        firsts: Vec::new(),
        blocks: Vec::new(),
    };
    // The arrays of a block grow here, and are kept in their final size.
    let (mut ids, mut starts) = (Vec::new(), Vec::new());
    let mut pace = Pace::default();
    loop {
        let number = next.fetch_add(1, Ordering::Relaxed);
        let Some(rows) = cut.get(number) else {
            return Ok(lane);
        };
        observer.check()?;
        ids.clear();
        starts.clear();
        let mut indptr = memory::with_capacity(rows.len() + 1, WHAT)?;
        indptr.push(0);
        for row in rows.clone() {
            pace.step(64, observer)?;
            let mut sink = Sink {
                lane: &mut lane,
                block: narrow(number)?,
                ids: &mut ids,
                starts: &mut starts,
                waiting: [(0, 0); BATCH],
                many: 0,
            };
            fill(row, &mut sink)?;
            sink.flush(arena.text(row))?;
            indptr.push(narrow(ids.len())?);
        }
        let block = Block {
            end_row: rows.end,
            end_token: 0,
            indptr,
            ids: Array::copied(&ids, WHAT, observer)?,
            starts: Array::copied(&starts, WHAT, observer)?,
        };
        lane.blocks.push((number, block));
        observer.advance(rows.len());
    }
}

/// Puts the blocks of all lanes into order, under common ids.
fn merge(mut lanes: Vec<Lane>, count: usize, observer: &dyn Observer) -> Result<(Vec<Block>, Vocabulary)> {
    lanes.retain(|lane| !lane.blocks.is_empty());
    let maps = if lanes.len() > 1 {
        Some(common_ids(&lanes, observer)?)
    } else {
        None
    };
    let mut blocks: Vec<(usize, Block, usize)> = Vec::with_capacity(count);
    let mut types = Vocabulary::new();
    for (number, lane) in lanes.into_iter().enumerate() {
        blocks.extend(
            lane.blocks
                .into_iter()
                .map(|(place, block)| (place, block, number)),
        );
        // A single lane has the ids of a sequential run already.
        types = lane.types;
    }
    if let Some((common, maps)) = maps {
        types = common;
        blocks
            .par_iter_mut()
            .try_for_each(|(_, block, lane)| rename(&mut block.ids, &maps[*lane], observer))?;
    }
    blocks.sort_unstable_by_key(|&(place, ..)| place);
    let mut end = 0;
    let blocks = blocks
        .into_iter()
        .map(|(_, mut block, _)| {
            end += block.ids.len();
            block.end_token = end;
            block
        })
        .collect();
    Ok((blocks, types))
}

/// The types of all lanes in the order of their first occurrence, and the id of each lane's there.
fn common_ids(lanes: &[Lane], observer: &dyn Observer) -> Result<(Vocabulary, Vec<Vec<u32>>)> {
    let mut types = Vocabulary::new();
    let mut maps = Vec::with_capacity(lanes.len());
    let mut heads = BinaryHeap::with_capacity(lanes.len());
    for (number, lane) in lanes.iter().enumerate() {
        maps.push(memory::with_capacity(lane.types.len(), WHAT)?);
        heads.extend(lane.firsts.first().map(|&first| Reverse((first, number))));
    }
    // In each lane first places rise with its ids, so the smallest head is the next one of all.
    let mut pace = Pace::default();
    while let Some(Reverse((_, number))) = heads.pop() {
        pace.step(32, observer)?;
        let (lane, map) = (&lanes[number], &mut maps[number]);
        map.push(types.intern(lane.types.term(narrow(map.len())?))?);
        heads.extend(lane.firsts.get(map.len()).map(|&first| Reverse((first, number))));
    }
    Ok((types, maps))
}

/// Replaces ids by those that are common to all.
fn rename(ids: &mut [u32], map: &[u32], observer: &dyn Observer) -> Result<()> {
    for step in ids.chunks_mut(STEP) {
        observer.check()?;
        for id in step {
            *id = map[*id as usize];
        }
    }
    Ok(())
}

/// The kind of each type.
pub(super) fn kinds(types: &Vocabulary, observer: &dyn Observer) -> Result<Vec<Kind>> {
    let mut kinds = memory::filled(&Kind::Word, types.len(), WHAT, observer)?;
    kinds
        .par_chunks_mut(TYPES)
        .enumerate()
        .try_for_each(|(number, part)| {
            observer.check()?;
            for (offset, kind) in part.iter_mut().enumerate() {
                *kind = Kind::of(types.term(narrow(number * TYPES + offset)?));
            }
            Ok(())
        })?;
    Ok(kinds)
}

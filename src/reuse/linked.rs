//! Links: enough verified pairs to know every cluster, without all the pairs there are.
//!
//! Ten thousand articles that share nine tenths of a page are fifty million pairs, and one cluster.
//! Two passes, over sets from small to large. In the first a set is compared with leaders alone, and
//! becomes a leader itself unless it is near one; then no two leaders are near each other. In the
//! second every set looks for the others, by clusters, and passes over those that it is linked with
//! already. What is left out is a pair inside one cluster, so the clusters are those of all pairs.

use std::ops::Range;

use super::clusters::Clusters;
use super::index::Index;
use super::join::{BLOCK_RANKS, Join, Scratch, Spare, VerifiedPair, Work};
use super::shingles::narrow;
use crate::corpus::pace::Pace;
use crate::corpus::sorting;
use crate::error::Result;
use crate::memory;
use crate::observer::Observer;
use crate::parallel;

/// Ranks in a batch: its sets look for partners side by side, and only then for each other.
const BATCH_RANKS: usize = 1 << 20;

const WHAT: &str = "the search for clusters";

/// Pairs that link the same clusters as all pairs would, by (left, right), and the work done.
pub(super) fn links(join: &Join<'_>, observer: &dyn Observer) -> Result<(Vec<VerifiedPair>, Work)> {
    let count = join.order.len();
    observer.expect(2 * count);
    let mut search = Search {
        join,
        spare: Spare::new(count),
        clusters: Clusters::new(narrow(count)?, observer)?,
        leads: memory::filled(&false, count, WHAT, observer)?,
        pairs: Vec::new(),
        work: Work::default(),
    };
    let leaders = search.leaders(observer)?;
    search.others(&leaders, observer)?;
    let mut pairs = search.pairs;
    sorting::sort_by_key(&mut pairs, observer, |pair| (pair.left, pair.right))?;
    Ok((pairs, search.work))
}

struct Search<'join> {
    join: &'join Join<'join>,
    spare: Spare,
    /// By groups.
    clusters: Clusters,
    /// Whether the group at a turn is a leader.
    leads: Vec<bool>,
    pairs: Vec<VerifiedPair>,
    work: Work,
}

impl Search<'_> {
    fn link(&mut self, pair: VerifiedPair) -> Result<()> {
        self.clusters.link(pair.left, pair.right);
        memory::push(&mut self.pairs, pair, WHAT)
    }

    /// Batches of turns, each as blocks. They depend on the data alone.
    fn batches(&self) -> Vec<Vec<Range<usize>>> {
        let (mut batches, mut held) = (vec![Vec::new()], 0);
        for block in self.join.blocks(BLOCK_RANKS) {
            let ranks: usize = block
                .clone()
                .map(|turn| 1 + self.join.sets.ranks(self.join.group(turn)).len())
                .sum();
            if held + ranks > BATCH_RANKS && held > 0 {
                batches.push(Vec::new());
                held = 0;
            }
            held += ranks;
            if let Some(batch) = batches.last_mut() {
                batch.push(block);
            }
        }
        batches
    }

    /// The first pass: the index that shows the leaders.
    fn leaders(&mut self, observer: &dyn Observer) -> Result<Index> {
        let join = self.join;
        let groups = join.order.iter().map(|&group| group as usize);
        let mut index = Index::with_room(join.sets, groups, |group| join.shown(group), observer)?;
        let mut pace = Pace::default();
        for batch in self.batches() {
            let begin = batch.first().map_or(0, |block| block.start);
            let found = parallel::map_blocks(&batch, observer, |turns| {
                self.spare.lend(|scratch| {
                    let mut firsts = memory::with_capacity(turns.len(), WHAT)?;
                    for turn in turns {
                        let within = join.partners(turn);
                        firsts.push(first(join, &index, turn, &within, scratch, observer)?);
                    }
                    Ok(firsts)
                })
            })?;
            let mut turn = begin;
            for (firsts, counted) in found {
                self.work.add(counted);
                for near in firsts {
                    let mut near = near;
                    if near.is_none() {
                        // Leaders of this very batch were not there to be met.
                        let within = join.partners(turn);
                        let within = within.start.max(begin)..within.end;
                        let (pair, counted) = self
                            .spare
                            .lend(|scratch| first(join, &index, turn, &within, scratch, observer))?;
                        self.work.add(counted);
                        near = pair;
                    }
                    if let Some(pair) = near {
                        self.link(pair)?;
                    } else {
                        self.leads[turn] = true;
                        join.show(&mut index, turn, &mut pace, observer)?;
                    }
                    turn += 1;
                }
            }
        }
        Ok(index)
    }

    /// The second pass: what links clusters with each other.
    fn others(&mut self, leaders: &Index, observer: &dyn Observer) -> Result<()> {
        let join = self.join;
        // What was met in the first pass is met again, whichever worker did it.
        self.spare = Spare::new(join.order.len());
        // The index shows who is no leader, cluster by cluster.
        let of = self.clusters.roots(observer)?;
        let turns = 0..narrow(join.order.len())?;
        let mut sorted: Vec<u32> = Vec::new();
        let mut pace = Pace::default();
        for turn in turns {
            pace.step(1, observer)?;
            if !self.leads[turn as usize] {
                memory::push(&mut sorted, turn, WHAT)?;
            }
        }
        let cluster = |turn: u32| of[join.group(turn as usize)];
        sorting::sort_by_key(&mut sorted, observer, |&turn| (cluster(turn), turn))?;
        let groups = sorted.iter().map(|&turn| join.group(turn as usize));
        let mut index = Index::with_room(join.sets, groups, |group| join.shown(group), observer)?;
        for &turn in &sorted {
            join.show(&mut index, turn as usize, &mut pace, observer)?;
        }
        drop(sorted);
        for batch in self.batches() {
            let roots = self.clusters.roots(observer)?;
            let view = Linked {
                join,
                of: &of,
                roots: &roots,
            };
            let found = parallel::map_blocks(&batch, observer, |turns| {
                self.spare.lend(|scratch| {
                    let mut pairs = Vec::new();
                    for turn in turns {
                        let mut own = Own::new(roots[join.group(turn)]);
                        view.probe(&index, turn, &mut own, scratch, observer)?;
                        if !self.leads[turn] {
                            view.probe_leaders(leaders, turn, &mut own, scratch, observer)?;
                        }
                        memory::append(&mut pairs, &own.pairs, WHAT, observer)?;
                    }
                    Ok(pairs)
                })
            })?;
            for (pairs, counted) in found {
                self.work.add(counted);
                for pair in pairs {
                    // Another one of this batch may have linked the two clusters.
                    if self.clusters.root(pair.left) != self.clusters.root(pair.right) {
                        self.link(pair)?;
                    }
                }
            }
        }
        Ok(())
    }
}

/// The first pair that the group at `turn` makes with one shown by the index, in the order of its
/// rare shingles.
fn first(
    join: &Join<'_>,
    index: &Index,
    turn: usize,
    within: &Range<usize>,
    scratch: &mut Scratch,
    observer: &dyn Observer,
) -> Result<Option<VerifiedPair>> {
    let size = join.sets.sizes()[join.group(turn)];
    for (place, &rank) in join.probed(turn).iter().enumerate() {
        let mut walk = index.walk(index.between(index.list(rank), within), size);
        while let Some(posting) = scratch.next(&mut walk, observer)? {
            if let Some(pair) = join.meet(turn, place, posting, scratch, observer)? {
                return Ok(Some(pair));
            }
        }
    }
    Ok(None)
}

/// The clusters that one set is linked with.
struct Own {
    roots: Vec<u32>,
    pairs: Vec<VerifiedPair>,
}

impl Own {
    fn new(root: u32) -> Self {
        Self {
            roots: vec![root],
            pairs: Vec::new(),
        }
    }

    fn has(&self, root: u32) -> bool {
        self.roots.contains(&root)
    }
}

/// Clusters as they stood when a batch began.
struct Linked<'batch> {
    join: &'batch Join<'batch>,
    /// The cluster of each group by which the index is sorted.
    of: &'batch [u32],
    /// The cluster of each group now.
    roots: &'batch [u32],
}

impl Linked<'_> {
    /// Meets the group at `turn` with sets of other clusters that are no leaders.
    fn probe(
        &self,
        index: &Index,
        turn: usize,
        own: &mut Own,
        scratch: &mut Scratch,
        observer: &dyn Observer,
    ) -> Result<()> {
        let (join, within) = (self.join, self.join.partners(turn));
        let size = join.sets.sizes()[join.group(turn)];
        for (place, &rank) in join.probed(turn).iter().enumerate() {
            let mut list = index.list(rank);
            while !list.is_empty() {
                scratch.step(observer)?;
                let cluster = self.of[join.group(index.at(list.start).turn as usize)];
                let end = index.while_same(&list, |posting| {
                    self.of[join.group(posting.turn as usize)] <= cluster
                });
                let run = list.start..end;
                list.start = end;
                let root = self.roots[cluster as usize];
                if own.has(root) {
                    continue;
                }
                let mut walk = index.walk(index.between(run, &within), size);
                while let Some(posting) = scratch.next(&mut walk, observer)? {
                    if let Some(pair) = join.meet(turn, place, posting, scratch, observer)? {
                        memory::push(&mut own.pairs, pair, WHAT)?;
                        memory::push(&mut own.roots, root, WHAT)?;
                        break;
                    }
                }
            }
        }
        Ok(())
    }

    /// Meets the group at `turn` with leaders of other clusters.
    fn probe_leaders(
        &self,
        index: &Index,
        turn: usize,
        own: &mut Own,
        scratch: &mut Scratch,
        observer: &dyn Observer,
    ) -> Result<()> {
        let (join, within) = (self.join, self.join.partners(turn));
        let size = join.sets.sizes()[join.group(turn)];
        for (place, &rank) in join.probed(turn).iter().enumerate() {
            let mut walk = index.walk(index.between(index.list(rank), &within), size);
            while let Some(posting) = scratch.next(&mut walk, observer)? {
                let root = self.roots[join.group(posting.turn as usize)];
                if !own.has(root)
                    && let Some(pair) = join.meet(turn, place, posting, scratch, observer)?
                {
                    memory::push(&mut own.pairs, pair, WHAT)?;
                    memory::push(&mut own.roots, root, WHAT)?;
                }
            }
        }
        Ok(())
    }
}

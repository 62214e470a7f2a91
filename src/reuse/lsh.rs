//! Locality-sensitive hashing: pairs of groups that agree in a band of their signatures, verified.
//!
//! Signatures only propose. Every pair is counted on its real shingles, so none is wrong; a pair at the
//! threshold is missed with the probability that [`Bands::recall`] leaves. Groups with one key in a
//! band are a bucket. Where buckets hold more candidate pairs than the search has patience for, their
//! groups are held against a few leaders of the bucket instead: that links clusters in time that grows
//! with the number of documents, and [`Extent::whole`] says so.

use std::ops::Range;

use super::bands::Bands;
use super::buckets::{Buckets, Keys};
use super::clusters::Clusters;
use super::exact::Groups;
use super::join::VerifiedPair;
use super::kept::{Kept, Worker};
use super::pairing::Pairing;
use super::rule::Rule;
use super::shingles::{Source, narrow};
use crate::corpus::pace::Pace;
use crate::corpus::sorting;
use crate::corpus::views::View;
use crate::error::Result;
use crate::memory;
use crate::observer::Observer;
use crate::parallel;

/// Candidate pairs a document for which a search has patience. Real news needs one or two.
pub const PATIENCE: u64 = 128;

/// Candidate pairs for which it always has patience.
const ALWAYS: u64 = 1 << 20;

/// Groups of a bucket with which all others are compared once patience is over.
const LEADERS: usize = 8;

/// Groups of a large bucket that one worker takes.
const PIECE: usize = 1 << 9;

/// Candidate pairs of a block.
const BLOCK_PAIRS: usize = 1 << 10;

const WHAT: &str = "the search by signatures";

/// What a search by signatures covered; the same for any number of threads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Extent {
    /// How signatures were cut.
    pub bands: Bands,
    /// Candidate pairs of groups that were verified.
    pub candidates: u64,
    /// Whether all candidate pairs were, not only those that link clusters.
    pub whole: bool,
    /// How often a group met no leader of its bucket that it is near to, and the bucket had more groups
    /// than leaders.
    pub left_out: u64,
}

/// Verified pairs of groups by (left, right), and the size of the set of every group.
#[derive(Debug)]
pub(super) struct Sketched {
    pub(super) pairs: Vec<VerifiedPair>,
    pub(super) sizes: Vec<u32>,
    pub(super) extent: Extent,
}

/// Candidate pairs for which a search of so many documents has patience.
pub(super) fn patience(documents: usize) -> u64 {
    ALWAYS.max(PATIENCE.saturating_mul(documents as u64))
}

/// Bytes that [`pairs`] needs beside the sets of documents that have a candidate.
#[must_use]
pub fn estimate(view: &View, bands: Bands) -> u64 {
    16 * bands.count as u64 * view.documents() as u64 + 8 * view.terms().len() as u64
}

/// Pairs of groups that may pair under a rule; all candidates are verified if they are not more than
/// `most`, or where not any two documents may pair: no chain tells then what belongs together.
pub(super) fn pairs(
    source: &Source<'_>,
    (groups, pairing): (&Groups, &Pairing),
    rule: Rule,
    bands: Bands,
    most: u64,
    observer: &dyn Observer,
) -> Result<Sketched> {
    let (keys, sizes) = Keys::build(source, groups, bands, observer)?;
    let buckets = Buckets::build(&keys, observer)?;
    let kept = Kept::build(source, groups, rule, &buckets.members, observer)?;
    let search = Search {
        keys,
        buckets,
        kept,
        pairing,
    };
    let most = if pairing.is_plain() { most } else { u64::MAX };
    let (mut pairs, extent) = match search.candidates(most, observer)? {
        Some(candidates) => {
            let (whole, left_out) = (true, 0);
            let extent = Extent {
                bands,
                candidates,
                whole,
                left_out,
            };
            (search.pairs(observer)?, extent)
        }
        None => search.links(bands, observer)?,
    };
    sorting::sort_by_key(&mut pairs, observer, |pair| (pair.left, pair.right))?;
    Ok(Sketched { pairs, sizes, extent })
}

/// A search that knows buckets and sets, and which groups may pair.
struct Search<'sets> {
    keys: Keys,
    buckets: Buckets,
    kept: Kept<'sets>,
    pairing: &'sets Pairing,
}

/// A part of a bucket.
struct Piece {
    /// The first group of the whole bucket.
    first: u32,
    /// Where the groups of the piece stand.
    members: Range<usize>,
}

/// What one worker found.
#[derive(Default)]
struct Part {
    pairs: Vec<VerifiedPair>,
    candidates: u64,
    left_out: u64,
}

impl Search<'_> {
    /// Calls `meet` for every candidate pair once, in parallel; gives what each worker made of them.
    fn each<T: Default + Send>(
        &self,
        observer: &dyn Observer,
        meet: impl Fn(u32, u32, &mut T) -> Result<()> + Sync,
    ) -> Result<Vec<T>> {
        let Buckets { members, after, ends } = &self.buckets;
        let cut = parallel::blocks(members.len(), BLOCK_PAIRS, |at| after[at] as usize);
        observer.expect(members.len());
        parallel::map_blocks(&cut, observer, |block| {
            let (mut made, mut pace) = (T::default(), Pace::default());
            for at in block {
                let band = ends.partition_point(|&end| end <= at);
                for &right in &members[at + 1..self.buckets.bucket(at).end] {
                    pace.step(4 + band / 4, observer)?;
                    let (one, other) = (members[at] as usize, right as usize);
                    if self.pairing.may_meet(one, other) && !self.keys.agree_before(band, members[at], right)
                    {
                        meet(members[at], right, &mut made)?;
                    }
                }
            }
            Ok(made)
        })
    }

    /// How many candidate pairs there are; nothing if they are more than `most`.
    fn candidates(&self, most: u64, observer: &dyn Observer) -> Result<Option<u64>> {
        let (mut meetings, mut pace) = (0u64, Pace::default());
        for &after in &self.buckets.after {
            pace.step(1, observer)?;
            meetings += u64::from(after);
        }
        // A pair meets once in a band, at most: where that is too much already, nobody counts.
        if meetings / self.keys.bands as u64 > most {
            return Ok(None);
        }
        let counted = self.each(observer, |_, _, count: &mut u64| {
            *count += 1;
            Ok(())
        })?;
        let total = counted.into_iter().sum();
        Ok((total <= most).then_some(total))
    }

    /// All pairs.
    fn pairs(&self, observer: &dyn Observer) -> Result<Vec<VerifiedPair>> {
        let found = self.each(observer, |left, right, (worker, pairs): &mut (Worker, Vec<_>)| {
            let pair = self.kept.verify(left, right, worker, observer)?;
            memory::append(pairs, pair.as_slice(), WHAT, observer)
        })?;
        memory::concat(
            found.into_iter().map(|(_, pairs)| pairs).collect(),
            WHAT,
            observer,
        )
    }

    /// Pairs that link clusters.
    fn links(&self, bands: Bands, observer: &dyn Observer) -> Result<(Vec<VerifiedPair>, Extent)> {
        let groups = narrow(self.keys.groups())?;
        let mut clusters = Clusters::new(groups, observer)?;
        let (mut pairs, mut pace) = (Vec::new(), Pace::default());
        let mut extent = Extent {
            bands,
            candidates: 0,
            whole: false,
            left_out: 0,
        };
        for band in 0..bands.count {
            let mut roots = memory::with_capacity(groups as usize, WHAT)?;
            for group in 0..groups {
                pace.step(4, observer)?;
                roots.push(clusters.root(group));
            }
            let (order, pieces) = self.pieces(band, observer)?;
            let cut = parallel::blocks(pieces.len(), PIECE, |piece| pieces[piece].members.len());
            for part in parallel::map_blocks(&cut, observer, |block| {
                let (mut worker, mut part) = (Worker::default(), Part::default());
                for piece in &pieces[block] {
                    let members = &order[piece.members.clone()];
                    self.lead(piece.first, members, &roots, &mut worker, &mut part, observer)?;
                }
                Ok(part)
            })? {
                extent.candidates += part.candidates;
                extent.left_out += part.left_out;
                for pair in part.pairs {
                    pace.step(8, observer)?;
                    clusters.link(pair.left, pair.right);
                    memory::push(&mut pairs, pair, WHAT)?;
                }
            }
        }
        Ok((pairs, extent))
    }

    /// The members of a band, those of large buckets so that likely pairs are neighbours; pieces of
    /// buckets.
    fn pieces(&self, band: usize, observer: &dyn Observer) -> Result<(Vec<u32>, Vec<Piece>)> {
        let range = self.buckets.band(band);
        let (mut order, mut pieces) = (Vec::new(), Vec::new());
        memory::append(&mut order, &self.buckets.members[range.clone()], WHAT, observer)?;
        let next = (band + 1) % self.keys.bands;
        let (mut at, mut pace) = (range.start, Pace::default());
        while at < range.end {
            pace.step(8, observer)?;
            let bucket = self.buckets.bucket(at);
            let (start, end) = (bucket.start - range.start, bucket.end - range.start);
            if bucket.len() > LEADERS {
                // Groups that agree in another band too are likelier to be near each other.
                sorting::sort_by_key(&mut order[start..end], observer, |&group| {
                    (self.keys.of(group)[next], group)
                })?;
            }
            for from in (start..end).step_by(PIECE) {
                let (first, members) = (order[start], from..end.min(from + PIECE));
                memory::push(&mut pieces, Piece { first, members }, WHAT)?;
            }
            at = bucket.end;
        }
        Ok((order, pieces))
    }

    /// Holds every member of a piece against its neighbour and the leaders, unless they are linked.
    fn lead(
        &self,
        first: u32,
        members: &[u32],
        roots: &[u32],
        worker: &mut Worker,
        part: &mut Part,
        observer: &dyn Observer,
    ) -> Result<()> {
        let mut leaders = vec![first];
        let mut before = first;
        for &member in members.iter().filter(|&&member| member != first) {
            let root = roots[member as usize];
            let mut linked = false;
            for &other in [before]
                .iter()
                .chain(leaders.iter().filter(|&&leader| leader != before))
            {
                linked = roots[other as usize] == root;
                if !linked {
                    part.candidates += 1;
                    let (left, right) = (member.min(other), member.max(other));
                    let pair = self.kept.verify(left, right, worker, observer)?;
                    linked = pair.is_some();
                    memory::append(&mut part.pairs, pair.as_slice(), WHAT, observer)?;
                }
                if linked {
                    break;
                }
            }
            before = member;
            if linked {
                continue;
            }
            if leaders.len() < LEADERS {
                leaders.push(member);
            } else {
                part.left_out += 1;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::corpus::tokens::Tokens;
    use crate::corpus::views::Settings;
    use crate::observer::Silent;
    use crate::reuse::near::Options;
    use crate::reuse::scope::Scope;
    use crate::text::arena::Arena;
    use crate::text::tailoring::{Language, Tailoring};

    const THRESHOLD: f64 = 0.5;
    const RULE: Rule = Rule::Similarity(THRESHOLD);

    fn view(texts: &[String]) -> View {
        let arena = Arc::new(Arena::from_texts(texts).unwrap());
        let tokens = Tokens::build(&arena, Tailoring::all(Language::Any), None, &Silent).unwrap();
        View::new(Arc::new(tokens), Settings::surface(), &Silent).unwrap()
    }

    fn found(texts: &[String], most: u64) -> Sketched {
        allowed(texts, most, &Scope::default())
    }

    fn allowed(texts: &[String], most: u64, scope: &Scope) -> Sketched {
        let view = view(texts);
        let options = Options {
            threshold: THRESHOLD,
            shingle: 2,
            ..Options::default()
        };
        let source = Source::new(&view, options);
        let groups = Groups::build(&source, &Silent).unwrap();
        let bands = Bands::choose(THRESHOLD, 0.99, 288).unwrap();
        let pairing = Pairing::new(scope, &groups, &Silent).unwrap();
        pairs(&source, (&groups, &pairing), RULE, bands, most, &Silent).unwrap()
    }

    /// So many texts of sixty words that share `shared` of them.
    fn alike(texts: usize, shared: usize) -> Vec<String> {
        let word = |text: usize, place: usize| {
            let whose = if place < shared {
                "all".to_owned()
            } else {
                text.to_string()
            };
            format!("w{place}of{whose}")
        };
        let text = |text| {
            (0..60)
                .map(|place| word(text, place))
                .collect::<Vec<_>>()
                .join(" ")
        };
        (0..texts).map(text).collect()
    }

    #[test]
    fn all_pairs_are_found_while_patience_lasts() {
        let texts = alike(40, 55);
        let found = found(&texts, 780);
        assert_eq!(found.pairs.len(), 780);
        let pairs: Vec<(u32, u32)> = found.pairs.iter().map(|pair| (pair.left, pair.right)).collect();
        assert!(pairs.is_sorted() && pairs.iter().all(|(left, right)| left < right));
        assert!(found.pairs.iter().all(|pair| pair.shared == 54));
        assert!(found.sizes.iter().all(|&size| size == 59));
        assert_eq!((found.extent.candidates, found.extent.whole), (780, true));
    }

    #[test]
    fn what_may_not_pair_is_no_candidate() {
        let texts = alike(40, 55);
        let scope = Scope {
            second: Some(3),
            ..Scope::default()
        };
        // No leaders: all pairs of the two corpora, although patience is over.
        let found = allowed(&texts, 0, &scope);
        assert_eq!((found.extent.candidates, found.extent.whole), (3 * 37, true));
        assert!(found.pairs.iter().all(|pair| pair.left < 3 && pair.right >= 3));
        assert_eq!(found.pairs.len(), 3 * 37);
    }

    #[test]
    fn then_leaders_link_the_same_clusters_in_linear_time() {
        let mut candidates = Vec::new();
        for size in [700, 1400] {
            let found = found(&alike(size, 55), 779);
            assert!(!found.extent.whole);
            let count = narrow(size).unwrap();
            let mut clusters = Clusters::new(count, &Silent).unwrap();
            for pair in &found.pairs {
                clusters.link(pair.left, pair.right);
            }
            assert!((0..count).all(|group| clusters.root(group) == 0));
            assert!(found.pairs.len() < 2 * size);
            candidates.push(found.extent.candidates);
        }
        assert!(candidates[1] < candidates[0] * 23 / 10, "{candidates:?}");
    }

    #[test]
    fn what_is_left_out_is_told() {
        // All share a third: many are candidates, none is a pair.
        let sketched = found(&alike(300, 30), 100);
        assert!(sketched.pairs.is_empty());
        assert!(!sketched.extent.whole && sketched.extent.left_out > 0);
        // At most a neighbour and the leaders, for each band.
        let most = 300 * 72 * (LEADERS as u64 + 1);
        assert!(sketched.extent.candidates <= most);
        let none = found(&[], 0);
        assert!(none.pairs.is_empty() && none.extent.whole && none.extent.candidates == 0);
    }
}

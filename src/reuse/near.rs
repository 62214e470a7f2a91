//! Near duplicates: the door to the search for documents that are the same, or nearly.
//!
//! Exact: the pairs are those that comparing all sets of shingles with each other would give. What
//! two documents share word by word is told by [`shared_runs`]; reuse of a part is not a near
//! duplicate, though with `containment` it is listed.

use std::sync::OnceLock;

use super::bands::Bands;
use super::clusters;
use super::exact::Groups;
use super::found::{Found, Listing};
pub use super::join::Work;
use super::join::{Join, VerifiedPair};
use super::linked;
use super::lsh::{self, Extent};
use super::noisy;
use super::pairing::Pairing;
pub use super::pairs::{Kind, Pair, Part, kind};
pub use super::rule::PART_SHINGLES;
use super::rule::Rule;
pub use super::runs::{SharedRun, shared_runs};
pub use super::scope::Scope;
use super::sets::Sets;
use super::shingles::Source;
use super::stars::Stars;
use crate::corpus::sorting;
use crate::corpus::views::View;
use crate::error::{Cause, Error, Result};
use crate::limits;
use crate::memory;
use crate::observer::Observer;

const WHAT: &str = "near duplicates";

/// Steps that the search for pairs may take, as a multiple of its shingles and documents, before it
/// looks for clusters alone. Real news in word 5-grams needs one to five; this many take about as long
/// as making the shingles.
pub const PATIENCE: u64 = 128;

/// What a shingle is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Terms of the view.
    Word,
    /// Characters of the text in lower case, each stretch of white space as one space.
    Char,
}

impl Unit {
    /// Characters, or else words.
    #[must_use]
    pub fn of(characters: bool) -> Self {
        if characters { Self::Char } else { Self::Word }
    }
}

/// What makes a cluster.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Linkage {
    /// A chain of pairs connects the members.
    Single,
    /// Every member is near the centre.
    Star,
}

/// What to look for.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// The least similarity of a pair, in (0, 1].
    pub threshold: f64,
    /// Terms in a shingle.
    pub shingle: usize,
    /// What a shingle is made of.
    pub unit: Unit,
    /// Whether shingles of words reach over removed tokens.
    pub across_gaps: bool,
    /// The least share of the smaller set, of [`PART_SHINGLES`] or more, for pairs that are listed
    /// beside the similar ones.
    pub containment: Option<f64>,
    /// What makes a cluster.
    pub linkage: Linkage,
    /// Whether texts are near by the passages that they share, letter by letter, in the place of
    /// shingles.
    pub noisy: bool,
    /// See [`PATIENCE`].
    pub patience: u64,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            threshold: 0.5,
            shingle: 5,
            unit: Unit::Word,
            across_gaps: true,
            containment: None,
            linkage: Linkage::Single,
            noisy: false,
            patience: PATIENCE,
        }
    }
}

impl Options {
    pub(super) fn check(&self) -> Result<()> {
        for (name, share) in [
            ("threshold", Some(self.threshold)),
            ("containment", self.containment),
        ] {
            // A comparison with NaN is false, so NaN is refused too.
            if let Some(share) = share.filter(|share| !(*share > 0.0 && *share <= 1.0)) {
                let rule = "it must lie above 0 and not above 1";
                return Err(Error::parameter(name, &share, rule, "pass 0.5 to start"));
            }
        }
        let most = limits::SHINGLE.most();
        if !(1..=most).contains(&self.shingle) {
            return Err(Error::parameter(
                "shingle",
                &self.shingle,
                &format!("it must be a whole number from 1 to {most}, the limit shingle"),
                &format!(
                    "pass 5 for words or 12 for characters, or {}",
                    limits::SHINGLE.remedy(self.shingle as u64)
                ),
            ));
        }
        Ok(())
    }

    pub(super) fn similar(&self) -> Rule {
        if self.noisy {
            Rule::Reprint(self.threshold)
        } else {
            Rule::Similarity(self.threshold)
        }
    }

    /// What any pair that is listed holds to.
    fn rules(&self) -> Vec<Rule> {
        [Some(self.similar()), self.contained()]
            .into_iter()
            .flatten()
            .collect()
    }

    pub(super) fn contained(&self) -> Option<Rule> {
        if self.noisy {
            // What quotes another text is found on the way.
            Some(Rule::Quotation(self.containment.unwrap_or(self.threshold)))
        } else {
            self.containment.map(Rule::Containment)
        }
    }
}

/// Groups of identical documents, their clusters, and the verified pairs of groups.
#[derive(Debug)]
pub struct NearDuplicates {
    pub(super) options: Options,
    pub(super) groups: Groups,
    pub(super) pairing: Pairing,
    pub(super) sizes: Vec<u32>,
    pub(super) labels: Vec<u32>,
    /// Whether pairs are found when somebody asks for them.
    pub(super) on_request: bool,
    /// What links the clusters where pairs are found on request.
    pub(super) links: Vec<VerifiedPair>,
    pub(super) found: OnceLock<Found>,
    pub(super) work: Work,
}

/// What a search knows beside its pairs: what was asked, groups, which may pair, sizes, and the work.
pub(super) type Searched = (Options, Groups, Pairing, Vec<u32>, Work);

/// Bytes that [`NearDuplicates::build`] needs at its peak: see `docs/limits.md`.
#[must_use]
pub fn estimate(view: &View, unit: Unit, containment: bool) -> u64 {
    let units = match unit {
        Unit::Word => view.tokens().len(),
        Unit::Char => view.tokens().arena().bytes(),
    };
    let each = if containment { 8 } else { 6 };
    each * units as u64 + 64 * view.documents() as u64
}

/// Bytes that the search for noisy copies needs at its peak.
#[must_use]
pub fn estimate_noisy(view: &View) -> u64 {
    noisy::estimate(view)
}

/// A search that knows its sets.
struct Search<'sets> {
    source: &'sets Source<'sets>,
    groups: &'sets Groups,
    pairing: &'sets Pairing,
    sets: &'sets Sets,
    options: Options,
}

impl Search<'_> {
    /// All pairs of groups, or the pairs that link them, and whether there may be others.
    fn pairs(
        &self,
        patient: bool,
        most: u64,
        work: &mut Work,
        observer: &dyn Observer,
    ) -> Result<(Vec<VerifiedPair>, bool)> {
        let size = self.sets.len() as u64 + self.groups.len() as u64;
        let patience = if patient {
            u64::MAX
        } else {
            size.saturating_mul(self.options.patience)
        };
        let similar = self.options.similar();
        let join = Join::new(
            self.source,
            self.groups,
            self.sets,
            self.pairing,
            similar,
            observer,
        )?;
        let index = join.index(observer)?;
        let Some((mut pairs, more)) = join.pairs(&index, most, patience, observer)? else {
            drop(index);
            work.steps += patience;
            // Documents of two corpora are not clustered.
            let (links, more) = if self.pairing.is_of_two() {
                (Vec::new(), Work::default())
            } else {
                linked::links(&join, observer)?
            };
            work.add(more);
            return Ok((links, true));
        };
        work.add(more);
        drop(index);
        let Some(rule) = self.options.contained() else {
            return Ok((pairs, false));
        };
        let join = join.beside(rule);
        let index = join.index(observer)?;
        let most = most - pairs.len() as u64;
        let Some((contained, more)) = join.pairs(&index, most, patience, observer)? else {
            work.steps += patience;
            return Ok((pairs, true));
        };
        work.add(more);
        memory::append(&mut pairs, &contained, WHAT, observer)?;
        sorting::sort_by_key(&mut pairs, observer, |pair| (pair.left, pair.right))?;
        Ok((pairs, false))
    }
}

impl NearDuplicates {
    /// Finds every pair of documents at or above the threshold, or, where those are too many, the
    /// clusters that they form.
    pub fn build(view: &View, options: &Options, scope: &Scope, observer: &dyn Observer) -> Result<Self> {
        options.check()?;
        scope.check(view.documents())?;
        if options.noisy {
            return Self::noisy(view, options, scope, observer);
        }
        let source = Source::new(view, *options);
        let needed = estimate(view, options.unit, options.containment.is_some());
        memory::admit(needed, "the search for near duplicates")?;
        let groups = Groups::build(&source, observer)?;
        let pairing = Pairing::new(scope, &groups, observer)?;
        let sets = Sets::build(&source, &groups, &options.rules(), observer)?;
        let search = Search {
            source: &source,
            groups: &groups,
            pairing: &pairing,
            sets: &sets,
            options: *options,
        };
        // What links documents cannot be told without all pairs where not every two may pair, and
        // centres are those with most of them.
        let single = options.linkage == Linkage::Single && (pairing.is_plain() || pairing.is_of_two());
        let mut work = Work::default();
        let (pairs, more) = search.pairs(!single, u64::MAX, &mut work, observer)?;
        let sizes = sets.into_sizes();
        Self::of(
            (*options, groups, pairing, sizes, work),
            &source,
            pairs,
            more,
            observer,
        )
    }

    /// Finds the pairs that share passages of letters.
    fn noisy(view: &View, options: &Options, scope: &Scope, observer: &dyn Observer) -> Result<Self> {
        memory::admit(noisy::estimate(view), "the search for noisy copies")?;
        let source = Source::new(view, *options);
        let groups = Groups::build(&source, observer)?;
        let pairing = Pairing::new(scope, &groups, observer)?;
        let sizes = noisy::sizes(view, &groups, observer)?;
        let patience = lsh::patience(groups.len());
        let (pairs, work) = noisy::pairs(view, &groups, &pairing, &sizes, options, patience, observer)?;
        Self::of(
            (*options, groups, pairing, sizes, work),
            &source,
            pairs,
            false,
            observer,
        )
    }

    /// Finds pairs by signatures that are cut into bands: none is wrong, some may be missed.
    pub fn sketched(
        view: &View,
        options: &Options,
        scope: &Scope,
        bands: Bands,
        observer: &dyn Observer,
    ) -> Result<(Self, Extent)> {
        options.check()?;
        let source = Source::new(view, *options);
        let needed = estimate(view, options.unit, false) + lsh::estimate(view, bands);
        memory::admit(needed, "the search for near duplicates")?;
        let groups = Groups::build(&source, observer)?;
        let pairing = Pairing::new(scope, &groups, observer)?;
        let (most, among) = (lsh::patience(groups.len()), (&groups, &pairing));
        let found = lsh::pairs(&source, among, options.similar(), bands, most, observer)?;
        let (candidates, extent) = (found.extent.candidates, found.extent);
        let searched = (
            *options,
            groups,
            pairing,
            found.sizes,
            Work {
                candidates,
                ..Work::default()
            },
        );
        Ok((Self::of(searched, &source, found.pairs, false, observer)?, extent))
    }

    /// The clusters that pairs make; whether there may be `more` pairs than these.
    pub(super) fn of(
        (options, groups, pairing, sizes, work): Searched,
        source: &Source<'_>,
        pairs: Vec<VerifiedPair>,
        more: bool,
        observer: &dyn Observer,
    ) -> Result<Self> {
        let mut near = Self {
            options,
            groups,
            pairing,
            sizes,
            labels: Vec::new(),
            on_request: more,
            links: Vec::new(),
            found: OnceLock::new(),
            work,
        };
        near.cluster(source, &pairs, observer)?;
        if more {
            near.links = pairs;
        }
        Ok(near)
    }

    fn cluster(
        &mut self,
        source: &Source<'_>,
        pairs: &[VerifiedPair],
        observer: &dyn Observer,
    ) -> Result<()> {
        if !self.on_request {
            self.found = Found::new(&self.groups, &self.pairing, pairs, observer)?.into();
        }
        match (self.pairing.is_of_two(), self.options.linkage, self.found.get()) {
            (true, ..) => {}
            (false, Linkage::Star, Some(found)) => {
                let stars = Stars {
                    source,
                    groups: &self.groups,
                    sizes: &self.sizes,
                    pairing: &self.pairing,
                    found,
                    rule: self.options.similar(),
                };
                self.labels = stars.labels(observer)?;
            }
            _ => {
                let near = pairs.iter().filter(|&pair| self.is_near(pair)).copied();
                self.labels = clusters::labels(&self.groups, &self.pairing, near, observer)?;
            }
        }
        Ok(())
    }

    /// Whether a pair of groups links clusters.
    fn is_near(&self, pair: &VerifiedPair) -> bool {
        let size = |group: u32| self.sizes[group as usize] as usize;
        let (left, right) = (size(pair.left), size(pair.right));
        self.options.similar().holds(pair.shared as usize, left, right)
    }

    /// For each document the smallest row of its cluster; empty for pairs of two corpora.
    #[must_use]
    pub fn labels(&self) -> &[u32] {
        &self.labels
    }

    /// What the search did before it knew the clusters.
    #[must_use]
    pub fn work(&self) -> Work {
        self.work
    }

    /// Number of pairs, if they are known: see [`NearDuplicates::complete`].
    #[must_use]
    pub fn pair_count(&self) -> Option<u64> {
        self.found.get().map(|found| found.pair_count)
    }

    /// Finds all pairs, unless they are known; an error if there are more than `most`, as soon as that
    /// is certain.
    pub fn complete(&self, view: &View, most: u64, observer: &dyn Observer) -> Result<()> {
        if self.found.get().is_some() {
            return Ok(());
        }
        let source = Source::new(view, self.options);
        let sets = Sets::build(&source, &self.groups, &self.options.rules(), observer)?;
        let search = Search {
            source: &source,
            groups: &self.groups,
            pairing: &self.pairing,
            sets: &sets,
            options: self.options,
        };
        let (pairs, _) = search.pairs(true, most, &mut Work::default(), observer)?;
        let found = Found::new(&self.groups, &self.pairing, &pairs, observer)?;
        // Another thread may have found the same.
        self.found.get_or_init(|| found);
        Ok(())
    }

    /// At most `most` pairs that come after a pair of rows, by (left, right); from the first one on
    /// without it.
    pub fn pairs(
        &self,
        after: Option<(u32, u32)>,
        most: usize,
        observer: &dyn Observer,
    ) -> Result<Vec<Pair>> {
        let found = self.found.get().ok_or_else(|| {
            Error::Internal(Cause::sentence("Pairs were asked for before they were found."))
        })?;
        let listing = Listing {
            groups: &self.groups,
            sizes: &self.sizes,
            pairing: &self.pairing,
            found,
            similar: self.options.similar(),
            contained: self.options.contained(),
        };
        listing.after(after, most, observer)
    }
}

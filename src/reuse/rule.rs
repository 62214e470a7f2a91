//! The rule of a join: which measure of two sets must reach which threshold.
//!
//! Each answer comes from the one comparison in [`Rule::holds`], so that no filter can disagree with
//! it by a rounding error. Division of f64 is monotone, hence the binary searches. What is shared is
//! counted by `verify`; how sets meet is the business of `join`.

/// The fewest shingles of a text that can be a part of another one: below, what two texts share is
/// too little to tell a copied part from a common phrase.
pub const PART_SHINGLES: usize = 50;

/// What a pair of sets must reach.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Rule {
    /// The least Jaccard similarity. The larger set looks for smaller ones.
    Similarity(f64),
    /// The least share of the smaller set, which has [`PART_SHINGLES`] or more. The smaller set looks
    /// for larger ones.
    Containment(f64),
    /// The least share of the shorter text that stands in the other one, for texts that are copies of
    /// each other: [`NOISY_LETTERS`] letters at least, and [`NOISY_LONGER`] of the longer text.
    Reprint(f64),
    /// The same where most of the longer text is its own.
    Quotation(f64),
}

/// The fewest letters that two noisy copies share: a line of furniture is shorter.
pub(super) const NOISY_LETTERS: usize = 100;

/// The least share of the longer of two noisy copies: below, it quotes or embeds the other one.
pub(super) const NOISY_LONGER: f64 = 0.2;

/// The similarity of sets of `left` and `right` shingles that share `shared`.
pub(super) fn similarity(shared: usize, left: usize, right: usize) -> f64 {
    shared as f64 / (left + right - shared) as f64
}

fn share(shared: usize, whole: usize) -> f64 {
    shared as f64 / whole as f64
}

impl Rule {
    /// Whether sets of `left` and `right` shingles that share `shared` are near enough.
    pub(super) fn holds(self, shared: usize, left: usize, right: usize) -> bool {
        let smaller = left.min(right);
        match self {
            Self::Similarity(least) => similarity(shared, left, right) >= least,
            Self::Containment(least) => smaller >= PART_SHINGLES && share(shared, smaller) >= least,
            Self::Reprint(least) => {
                let longer = share(shared, left.max(right)) >= NOISY_LONGER;
                longer && Self::Quotation(least).holds(shared, left, right)
            }
            Self::Quotation(least) => shared >= NOISY_LETTERS && share(shared, smaller) >= least,
        }
    }

    /// How near two sets or texts are under this rule, from 0 to 1.
    pub(super) fn measure(self, shared: usize, left: usize, right: usize) -> f64 {
        match self {
            Self::Similarity(_) => similarity(shared, left, right),
            _ => share(shared, left.min(right)),
        }
    }

    /// How many shingles sets of these sizes must share; more than the smaller size when they
    /// cannot be near enough.
    pub(super) fn needed(self, left: usize, right: usize) -> usize {
        least(left.min(right) + 1, |shared| self.holds(shared, left, right))
    }

    /// Whether a set of `size` shingles, of which no other set has more than `common`, can be near
    /// enough to any.
    pub(super) fn may_hold(self, common: usize, size: usize) -> bool {
        // The best partner has nothing else, unless it would be too small.
        let partner = match self {
            Self::Containment(_) => common.max(PART_SHINGLES),
            _ => common,
        };
        self.holds(common, partner, size)
    }

    /// The size of the smallest set that one of `size` shingles looks for among smaller ones.
    pub(super) fn smallest_partner(self, size: usize) -> usize {
        least(size, |partner| self.holds(partner, partner, size))
    }

    /// How many shingles of a set, from the rarest on, others must see: any partner that looks for
    /// it shares one of them.
    pub(super) fn shown(self, size: usize) -> usize {
        match self {
            Self::Similarity(_) => (size + 1).saturating_sub(self.needed(size, size)),
            _ => size,
        }
    }

    /// How many shingles of a set, from the rarest on, it looks for partners with.
    pub(super) fn probed(self, size: usize) -> usize {
        match self {
            Self::Similarity(_) => (size + 1).saturating_sub(self.smallest_partner(size)),
            _ => (size + 1).saturating_sub(self.needed(size, size)),
        }
    }

    /// The largest set that can be near enough to one of `size` shingles if they share at most
    /// `rest`, or a little more than that: a number that may only rule out.
    pub(super) fn reach(self, rest: usize, size: usize) -> u32 {
        let most = match self {
            Self::Similarity(least) => rest as f64 / least + rest as f64 - size as f64,
            Self::Containment(least) => rest as f64 / least,
            // Texts are not joined by sizes.
            Self::Reprint(_) | Self::Quotation(_) => f64::MAX,
        };
        // Rounding moves the quotient by much less than the one that is added.
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "the cast stays inside 32 bits by itself"
        )]
        let reach = (most + 1.0) as u32;
        reach
    }
}

/// The least number in `1..end` for which a rising condition holds, or `end`.
fn least(end: usize, holds: impl Fn(usize) -> bool) -> usize {
    let (mut low, mut high) = (1, end.max(1));
    while low < high {
        let middle = usize::midpoint(low, high);
        if holds(middle) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    low
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filters_agree_with_the_comparison() {
        for threshold in [1e-9, 0.1, 0.3, 1.0 / 3.0, 0.5, 0.7, 0.8, 0.9, 1.0] {
            let rule = Rule::Similarity(threshold);
            for left in 1..40usize {
                assert!(
                    (1..=left).all(|size| {
                        rule.holds(size, size, left) == (size >= rule.smallest_partner(left))
                    })
                );
                for right in 1..40usize {
                    assert!((1..=left.min(right)).all(|shared| {
                        rule.holds(shared, left, right) == (shared >= rule.needed(left, right))
                    }));
                }
            }
        }
    }

    #[test]
    fn what_may_hold_is_not_ruled_out() {
        for threshold in [1e-9, 0.1, 1.0 / 3.0, 0.5, 0.8, 1.0] {
            for rule in [Rule::Similarity(threshold), Rule::Containment(threshold)] {
                for (left, right) in (1..60).flat_map(|left| (1..120).map(move |right| (left, right))) {
                    for shared in (0..=left.min(right)).filter(|&shared| rule.holds(shared, left, right)) {
                        assert!(rule.may_hold(shared, left) && rule.may_hold(shared, right));
                    }
                }
            }
            let similar = Rule::Similarity(threshold);
            assert!(!similar.may_hold(0, 9) && !similar.may_hold(0, 0));
        }
        let rule = Rule::Similarity(0.5);
        assert!(rule.may_hold(10, 20) && !rule.may_hold(9, 20));
    }

    #[test]
    fn reach_never_rules_out_what_holds() {
        for threshold in [1e-9, 0.1, 0.3, 1.0 / 3.0, 0.5, 0.7, 0.8, 0.9, 1.0] {
            for rule in [Rule::Similarity(threshold), Rule::Containment(threshold)] {
                for (left, right) in (1..60).flat_map(|left| (left..90).map(move |right| (left, right))) {
                    for shared in (1..=left).filter(|&shared| rule.holds(shared, left, right)) {
                        assert!(rule.reach(shared, right) as usize >= left);
                        // A part looks for wholes, never the other way round.
                        let both_look = matches!(rule, Rule::Similarity(_));
                        assert!(!both_look || rule.reach(shared, left) as usize >= right);
                    }
                }
            }
        }
    }

    #[test]
    fn parts_are_long_enough() {
        let rule = Rule::Containment(0.8);
        assert!(rule.holds(40, 50, 900) && rule.holds(40, 900, 50));
        assert!(!rule.holds(39, 50, 900) && !rule.holds(49, 49, 900));
        assert_eq!((rule.probed(49), rule.probed(50), rule.shown(50)), (0, 11, 50));
    }
}

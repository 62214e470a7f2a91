//! A pair of documents, and how near they are.
//!
//! What a reader sees of a pair. Pairs are found by `join` and listed by `near`.

/// Two documents whose similarity reaches the threshold.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pair {
    /// The smaller row.
    pub left: u32,
    /// The larger row.
    pub right: u32,
    /// Jaccard similarity: shared shingles over all shingles of both.
    pub similarity: f64,
    /// Share of the left document's shingles that the right one has.
    pub containment_left: f64,
    /// Share of the right document's shingles that the left one has.
    pub containment_right: f64,
    /// Whether both have the same terms in the same order, with gaps at the same places.
    pub identical: bool,
}

/// How near the documents of a pair are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The same terms in the same order.
    Identical,
    /// Similarity from 0.9.
    Copy,
    /// Similarity from 0.7.
    LightEdits,
    /// Similarity from 0.5.
    HeavyEdits,
    /// Below that.
    Partial,
}

impl Kind {
    /// Every kind, from nearest to farthest.
    pub const ALL: [Self; 5] = [
        Self::Identical,
        Self::Copy,
        Self::LightEdits,
        Self::HeavyEdits,
        Self::Partial,
    ];

    /// The name that users read.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Identical => "identical",
            Self::Copy => "copy",
            Self::LightEdits => "light edits",
            Self::HeavyEdits => "heavy edits",
            Self::Partial => "partial",
        }
    }
}

/// The kind of a pair; the first that fits.
#[must_use]
pub fn kind(pair: &Pair) -> Kind {
    match pair.similarity {
        _ if pair.identical => Kind::Identical,
        similarity if similarity >= 0.9 => Kind::Copy,
        similarity if similarity >= 0.7 => Kind::LightEdits,
        similarity if similarity >= 0.5 => Kind::HeavyEdits,
        _ => Kind::Partial,
    }
}

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
    /// How near both are under the rule of the search; Jaccard similarity, if nothing else was asked.
    pub similarity: f64,
    /// Jaccard similarity: what is shared over all that both have.
    pub jaccard: f64,
    /// Share of the left document's shingles that the right one has.
    pub containment_left: f64,
    /// Share of the right document's shingles that the left one has.
    pub containment_right: f64,
    /// Whether both have the same terms in the same order, with gaps at the same places.
    pub identical: bool,
    /// Whether the similarity reaches the threshold. Other pairs are listed because one contains the
    /// other, and link no clusters.
    pub near: bool,
    /// Which of the two lies in the other one, if that was asked for.
    pub part: Option<Part>,
}

/// The document of a pair that is a part of the other: the one with fewer shingles.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// The left document, also if both have as many.
    Left,
    /// The right document.
    Right,
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
    /// One is a part of the other, and nothing nearer.
    Contained,
    /// Similarity below 0.5.
    Partial,
}

impl Kind {
    /// Every kind, from nearest to farthest.
    pub const ALL: [Self; 6] = [
        Self::Identical,
        Self::Copy,
        Self::LightEdits,
        Self::HeavyEdits,
        Self::Contained,
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
            Self::Contained => "contained",
            Self::Partial => "partial",
        }
    }
}

/// The kind of a pair; the first that fits. Below the threshold it can only be contained.
#[must_use]
pub fn kind(pair: &Pair) -> Kind {
    match pair.jaccard {
        _ if !pair.near => Kind::Contained,
        _ if pair.identical => Kind::Identical,
        similarity if similarity >= 0.9 => Kind::Copy,
        similarity if similarity >= 0.7 => Kind::LightEdits,
        similarity if similarity >= 0.5 => Kind::HeavyEdits,
        _ if pair.part.is_some() => Kind::Contained,
        _ => Kind::Partial,
    }
}

/// Which document is a part of the other, of a pair that is nothing nearer.
#[must_use]
pub fn part(pair: &Pair) -> Option<Part> {
    pair.part.filter(|_| kind(pair) == Kind::Contained)
}

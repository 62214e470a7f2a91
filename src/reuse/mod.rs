//! Same or nearly the same: near duplicates, verified on real tokens.
//!
//! [`near`] is the door. Behind it `exact` collapses equal documents, `shingles` turns documents
//! into sets (`characters` with `unit="char"`), `join` finds candidate pairs, `verify` decides on real
//! terms and `clusters` links what was verified; `pairs` says how near two documents are, `runs` what
//! they share, and `stored` takes apart and puts together again what was found.
//!
//! [`repeats`] finds what one document says again. [`furniture`] finds what stands around articles: it
//! cuts documents into `stretches`, counts which are `recurring`, and looks into a `lexicon`.

mod characters;
mod clusters;
mod exact;
pub mod furniture;
mod join;
pub mod lexicon;
pub mod near;
pub mod pairs;
pub mod recurring;
pub mod repeats;
pub mod runs;
mod shingles;
pub mod stored;
mod stretches;
mod verify;

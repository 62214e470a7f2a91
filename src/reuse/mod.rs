//! Same or nearly the same: near duplicates, verified on real tokens.
//!
//! [`near`] is the door. Behind it `exact` collapses equal documents, `shingles` turns documents
//! into sets (`characters` with `unit="char"`), `join` finds candidate pairs, `verify` decides on real
//! terms and `clusters` links what was verified; `pairs` says how near two documents are, `runs` what
//! they share, and `stored` takes apart and puts together again what was found.

pub mod alignment;
mod chains;
mod characters;
mod clusters;
mod comparison;
mod exact;
mod join;
mod matches;
pub mod near;
pub mod pairs;
pub mod passages;
pub mod runs;
pub mod scope;
mod seeds;
mod sequences;
mod shingles;
pub mod stored;
mod verify;

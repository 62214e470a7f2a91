//! Same or nearly the same: near duplicates, verified on real tokens.
//!
//! [`near`] is the door. Behind it `exact` collapses equal documents, `shingles` turns documents
//! into sets (`characters` with `unit="char"`), `join` finds candidate pairs in an `index` under a
//! `rule`, `verify` decides on real terms, and `clusters` and `stars` link what was verified; `linked`
//! finds clusters where pairs are too many. `pairing` says which documents may pair at all. `found`
//! makes pairs of documents, `pairs` says how near two of them are, `similar` the similarity of any
//! two, `runs` what they share, and `stored` takes apart and puts together again what was found.

pub mod alignment;
mod chains;
mod characters;
mod clusters;
mod comparison;
mod exact;
mod found;
mod index;
mod join;
mod linked;
mod matches;
pub mod near;
mod noisy;
mod pairing;
pub mod pairs;
pub mod passages;
mod rule;
pub mod runs;
pub mod scope;
mod seeds;
mod sequences;
mod shingles;
mod similar;
mod stars;
pub mod stored;
mod verify;

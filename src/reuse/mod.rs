//! Same or nearly the same: near duplicates, verified on real tokens.
//!
//! [`near`] is the door. Behind it `exact` collapses equal documents, `shingles` turns documents
//! into sets, `join` finds candidate pairs, `verify` decides on real terms and `clusters` links what
//! was verified; `runs` shows what two documents share, and `stored` takes apart and
//! puts together again what was found.

mod clusters;
mod exact;
mod join;
pub mod near;
pub mod runs;
mod shingles;
pub mod stored;
mod verify;

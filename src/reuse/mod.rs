//! Same or nearly the same: near duplicates, verified on real tokens.
//!
//! [`near`] is the door. Behind it `exact` collapses equal documents, `shingles` turns documents
//! into sets (`characters` with `unit="char"`), `join` finds candidate pairs, `verify` decides on real
//! terms and `clusters` links what was verified; `pairs` says how near two documents are, `runs` what
//! they share, and `stored` takes apart and puts together again what was found.
//!
//! [`minhash`] makes sketches of documents; [`lsh`] finds candidate pairs by them, in bands that [`bands`]
//! chooses for a stated recall (`buckets` holds who agrees in a band), and verifies them on the sets in `kept`.

pub mod bands;
mod buckets;
mod characters;
mod clusters;
mod exact;
mod join;
mod kept;
pub mod lsh;
pub mod minhash;
pub mod near;
pub mod pairs;
pub mod runs;
mod shingles;
pub mod stored;
mod verify;

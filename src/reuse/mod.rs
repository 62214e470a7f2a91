//! Same or nearly the same: near duplicates, verified on real tokens, passages and furniture.
//!
//! [`near`] is the door to near duplicates. Behind it `exact` collapses equal documents, `shingles` cuts
//! documents into shingles (`characters` with `unit="char"`), of which `sets` keeps those that a `sieve`
//! and a `ranking` find in several; `join` finds candidate pairs in an `index` under
//! a `rule`, `verify` decides on real terms, and `clusters` and `stars` link what was verified; `linked`
//! finds clusters where pairs are too many. `scope` and `pairing` say which documents may pair at all.
//! `found` makes pairs of documents, `pairs` says how near two of them are, `similar` the similarity of
//! any two, `runs` what they share, and `stored` takes apart and puts together again what was found.
//!
//! [`passages`] finds what two documents share. Behind it `sequences` are documents as rows of units,
//! `seeds` propose pairs, and `comparison` lays two documents side by side: `matches`, their `chains`, and
//! an `alignment` of what lies between; [`edits`] tells where the sides of one differ. `noisy` finds near duplicates by the same.
//!
//! [`repeats`] finds what one document says again. [`furniture`] finds what stands around articles: it
//! cuts documents into `stretches`, counts which are `recurring`, and looks into a `lexicon`.
//!
//! [`credits`] finds where articles name an agency; what it needs for that is in its own folder.
//!
//! [`minhash`] makes sketches of documents; [`lsh`] finds candidate pairs by them, in bands that [`bands`]
//! chooses for a stated recall (`buckets` holds who agrees in a band), and verifies them on the sets in
//! `kept`.

pub mod alignment;
pub mod bands;
mod buckets;
mod chains;
mod characters;
mod clusters;
mod comparison;
pub mod credits;
mod crowds;
pub mod edits;
mod exact;
mod found;
mod frames;
pub mod furniture;
mod index;
mod join;
mod kept;
pub mod lexicon;
mod linked;
pub mod lsh;
mod matches;
pub mod minhash;
pub mod near;
mod noisy;
mod pairing;
pub mod pairs;
pub mod passages;
mod ranking;
pub mod recurring;
pub mod repeats;
mod rule;
pub mod runs;
pub mod scope;
mod seeds;
mod sequences;
mod sets;
mod shingles;
mod sieve;
mod similar;
mod stars;
pub mod stored;
mod stretches;
mod verify;

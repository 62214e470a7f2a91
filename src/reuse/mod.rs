//! Same or nearly the same: near duplicates, verified on real tokens.
//!
//! [`near`] is the door. Behind it `exact` collapses equal documents, `shingles` turns documents
//! into sets (`characters` with `unit="char"`), `join` finds candidate pairs, `verify` decides on real
//! terms and `clusters` links what was verified; `pairs` says how near two documents are, `runs` what
//! they share, and `stored` takes apart and puts together again what was found. [`credits`] is another
//! door: `agencies` names the agencies, `cues` and `layout` see what stands around a name, and `places`
//! tries `rules` on `groups` of names.

mod agencies;
mod characters;
mod clusters;
pub mod credits;
mod cues;
mod exact;
mod groups;
mod join;
mod layout;
pub mod near;
pub mod pairs;
mod places;
mod rules;
pub mod runs;
mod shingles;
pub mod stored;
mod verify;

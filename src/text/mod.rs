//! Characters become words: documents, the word scanner, patterns and normal forms.
//!
//! Nothing here knows about vocabularies or counts.

mod addresses;
pub mod arena;
mod bounds;
mod classes;
mod compiled;
pub mod kinds;
pub mod normalize;
pub mod pattern;
mod pieces;
mod scripts;
mod signs;
mod simulation;
pub mod stems;
mod stepping;
mod tailoring;
mod watch;
pub mod words;

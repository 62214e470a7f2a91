//! Characters become words: documents, the word scanner, patterns and normal forms.
//!
//! Nothing here knows about vocabularies or counts.

pub mod abbreviations;
mod addresses;
pub mod arena;
mod bounds;
mod classes;
mod compiled;
pub mod kinds;
mod lines;
pub mod normalize;
pub mod pattern;
mod pieces;
pub mod sentences;
mod signs;
mod simulation;
pub mod stems;
mod stepping;
mod stops;
mod tailoring;
mod watch;
pub mod words;

//! Characters become words: documents, the word scanner, patterns and normal forms.
//!
//! Nothing here knows about vocabularies or counts.

pub mod abbreviations;
mod addresses;
pub mod arena;
mod bitmap;
mod bounds;
mod classes;
mod compiled;
mod glance;
pub mod kinds;
pub mod languages;
mod lines;
pub mod masks;
pub mod normalize;
mod parting;
pub mod pattern;
mod runs;
mod scanner;
mod scripts;
pub mod sentences;
mod signs;
mod simulation;
pub mod stems;
mod stepping;
pub mod stop_lists;
mod stops;
pub mod tailoring;
mod watch;
pub mod words;

//! Characters become words: documents, the word scanner, patterns and normal forms.
//!
//! Nothing here knows about vocabularies or counts.

mod addresses;
pub mod arena;
mod bitmap;
mod bounds;
mod classes;
mod compiled;
mod glance;
pub mod kinds;
pub mod languages;
pub mod normalize;
pub mod pattern;
mod scanner;
mod scripts;
mod signs;
mod simulation;
pub mod stems;
mod stepping;
pub mod tailoring;
mod watch;
pub mod words;

//! Words become integers: vocabularies, tokens, views and counts.
//!
//! What the rooms beside each other (`reuse`, `stats`) share is here.

pub mod counts;
mod groups;
pub mod ngrams;
pub mod pace;
pub mod segments;
pub mod selection;
pub mod sorting;
pub mod stored;
pub mod tokens;
pub mod views;
pub mod vocabulary;

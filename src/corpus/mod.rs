//! Words become integers: vocabularies, tokens, views and counts.
//!
//! What the rooms beside each other (`reuse`, `stats`) share is here.

mod alphabet;
pub mod counts;
mod groups;
pub mod ngrams;
mod occurrences;
pub mod pace;
pub mod segments;
pub mod selection;
mod shards;
pub mod sorting;
pub mod stored;
pub mod tokens;
pub mod trie;
pub mod views;
pub mod vocabulary;

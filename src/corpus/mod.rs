//! Words become integers: vocabularies, tokens, views and counts.
//!
//! What the rooms beside each other (`reuse`, `stats`) share is here.

mod alphabet;
mod assembly;
pub mod categories;
pub mod concordance;
pub mod counts;
pub mod dictionary;
pub mod external;
pub mod globs;
mod groups;
pub mod ngrams;
mod occurrences;
pub mod pace;
pub mod postings;
pub mod queries;
mod rows;
pub mod segments;
pub mod selection;
mod settings;
mod shards;
pub mod sorting;
pub mod stop_words;
pub mod stored;
mod tally;
pub mod tokenizer;
pub mod tokens;
pub mod trie;
pub mod views;
pub mod vocabulary;
pub mod weights;
pub mod written;

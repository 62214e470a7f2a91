//! Words become integers: vocabularies, tokens, views and counts.
//!
//! What the rooms beside each other (`reuse`, `stats`) share is here.

pub mod categories;
pub mod counts;
pub mod dictionary;
pub mod globs;
mod groups;
pub mod ngrams;
pub mod pace;
pub mod selection;
mod settings;
pub mod sorting;
pub mod stop_words;
pub mod stored;
pub mod tokens;
pub mod views;
pub mod vocabulary;

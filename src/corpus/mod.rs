//! Words become integers: vocabularies, tokens, views and counts.
//!
//! What the rooms beside each other (`reuse`, `stats`) share is here.

mod assembly;
pub mod counts;
pub mod external;
mod groups;
pub mod ngrams;
pub mod pace;
mod rows;
pub mod selection;
pub mod sorting;
pub mod stored;
mod tally;
pub mod tokens;
pub mod views;
pub mod vocabulary;
pub mod weights;

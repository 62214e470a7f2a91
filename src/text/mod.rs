//! Characters become words: documents, the word scanner, patterns and normal forms.
//!
//! Nothing here knows about vocabularies or counts.

pub mod arena;
pub mod kinds;
pub mod normalize;
pub mod pattern;
pub mod stems;
pub mod words;

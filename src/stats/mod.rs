//! What the terms say, and whether it is more than chance.
//!
//! Keyness: which terms one side of a comparison uses more than the other, and how often a random
//! relabeling of whole texts does as much. Counting words is the business of `corpus`; which texts
//! are copies of one another is found in `reuse` and arrives here as plain cluster labels.

pub mod adjust;
pub mod contingency;
pub mod keyness;
pub mod permutation;
pub mod sampling;
pub mod units;

//! Laws and oracles of the core, through its public API.

mod breaks;
mod golden;
mod hostile;
mod reuse;
mod stats;
mod tailorings;
mod text;

//! Laws and oracles of the core, through its public API.

mod reuse;
mod stats;

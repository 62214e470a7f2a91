//! The core of nutgraf: how sources cover one event.
//!
//! Rooms, each built only on those before it:
//!
//! * [`error`], [`observer`], [`parallel`], [`hash`], [`limits`], [`memory`], [`pages`]: what every room needs;
//! * [`text`]: characters become words;
//! * [`corpus`]: words become integers, spans and counts;
//! * [`reuse`]: what is the same, or nearly the same;
//! * [`stats`]: what the terms say, and whether it is more than chance;
//! * `py`: the only room that knows Python (cargo feature `python`).
//!
//! `reuse` and `stats` do not know each other; what they share is in `corpus`.

#![deny(unsafe_code)]

pub mod corpus;
pub mod error;
pub mod hash;
pub mod limits;
pub mod memory;
pub mod observer;
pub mod pages;
pub mod parallel;
pub mod reuse;
pub mod stats;
pub mod text;

#[cfg(feature = "python")]
mod py;

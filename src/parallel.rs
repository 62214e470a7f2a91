//! The only owner of a thread pool, and of the sizes in which work is cut.
//!
//! Rayon's global pool hangs for ever in a forked child, so this crate keeps its own, tagged with
//! the process that built it. Work is cut by its size in bytes, never by the number of threads:
//! that is what makes results the same bytes for any thread count.

use std::cell::OnceCell;
use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use bytemuck::Zeroable;
use rayon::prelude::*;
use rayon::{ThreadPool, ThreadPoolBuilder};

use crate::error::{Cause, Error, Result};
use crate::limits;
use crate::memory;
use crate::observer::Observer;

/// Bytes of text in one block of documents: small enough to balance, large enough that merging
/// the blocks' vocabularies stays cheap.
pub const BLOCK_BYTES: usize = 1 << 20;

/// The variable that sets the default number of threads.
pub const THREADS_VARIABLE: &str = "NUTGRAF_NUM_THREADS";

/// What `set_threads` said; 0 means that nothing was said.
static CHOSEN: AtomicUsize = AtomicUsize::new(0);

/// The last pool built, with its process and size.
static SLOT: Mutex<Option<Kept>> = Mutex::new(None);

struct Kept {
    process: u32,
    threads: usize,
    pool: Arc<ThreadPool>,
}

/// Sets the default number of threads of this process; `None` goes back to the machine's.
pub fn set_threads(threads: Option<usize>) -> Result<()> {
    CHOSEN.store(threads.map_or(Ok(0), in_range)?, Ordering::Relaxed);
    Ok(())
}

/// The number of threads that a call uses when it does not say: `set_threads`, else
/// `NUTGRAF_NUM_THREADS`, else the processors available to this process.
pub fn default_threads() -> Result<usize> {
    let chosen = CHOSEN.load(Ordering::Relaxed);
    if chosen > 0 {
        return Ok(chosen);
    }
    match std::env::var(THREADS_VARIABLE) {
        Ok(text) if !text.trim().is_empty() => match text.trim().parse() {
            Ok(threads) if in_range(threads).is_ok() => Ok(threads),
            _ => Err(outside(&format!("{text:?} (from {THREADS_VARIABLE})"))),
        },
        _ => Ok(std::thread::available_parallelism().map_or(1, std::num::NonZero::get)),
    }
}

fn in_range(threads: usize) -> Result<usize> {
    if (1..=limits::THREADS.most()).contains(&threads) {
        Ok(threads)
    } else {
        Err(outside(&threads))
    }
}

fn outside(value: &impl std::fmt::Display) -> Error {
    Error::parameter(
        "threads",
        value,
        &format!("it must be a whole number from 1 to {}", limits::THREADS.most()),
        "leave it out to use every processor",
    )
}

/// The threads that do the work of one call.
#[derive(Debug)]
pub struct Workers {
    pool: Arc<ThreadPool>,
    wanted: usize,
    /// Whether the calling thread does the work itself, because no other could be started.
    inline: bool,
}

impl Workers {
    /// The pool; it belongs to this process.
    #[must_use]
    pub fn pool(&self) -> &ThreadPool {
        &self.pool
    }

    /// Whether the calling thread is the only worker, so that nobody watches it.
    #[must_use]
    pub fn is_inline(&self) -> bool {
        self.inline
    }

    /// What users should know when fewer threads run than were asked for.
    #[must_use]
    pub fn shortfall(&self) -> Option<String> {
        let found = self.pool.current_num_threads();
        if self.inline {
            Some(format!(
                "No thread could be started ({} wanted), so the work is done on the calling thread and takes \
                 longer; raise the limit on threads of this process (ulimit -u).",
                self.wanted
            ))
        } else if found < self.wanted {
            Some(format!(
                "Only {found} of {} threads could be started, so the work takes longer; raise the limit on \
                 threads of this process (ulimit -u), or pass threads={found}.",
                self.wanted
            ))
        } else {
            None
        }
    }
}

/// Workers for one call: `threads` of them, or the default number, or as many as can be started.
pub fn workers(threads: Option<usize>) -> Result<Workers> {
    let wanted = threads.map_or_else(default_threads, in_range)?;
    let process = std::process::id();
    // `try_lock`, never `lock`: another thread may have held the lock at the moment of a fork, and
    // in the child nobody would ever release it. Building one pool too many is cheap.
    let mut slot = SLOT.try_lock().ok();
    match slot.as_mut().and_then(|slot| slot.take()) {
        Some(kept) if kept.process == process && kept.threads == wanted => {
            let pool = Arc::clone(&kept.pool);
            if let Some(slot) = slot.as_mut() {
                **slot = Some(kept);
            }
            return Ok(Workers {
                pool,
                wanted,
                inline: false,
            });
        }
        // The workers of a parent's pool do not exist here: waiting for them would hang.
        Some(kept) if kept.process != process => std::mem::forget(kept),
        _ => {}
    }
    let Some(pool) = most(wanted).map(Arc::new) else {
        return Ok(Workers {
            pool: inline()?,
            wanted,
            inline: true,
        });
    };
    if let Some(slot) = slot.as_mut() {
        **slot = Some(Kept {
            process,
            threads: wanted,
            pool: Arc::clone(&pool),
        });
    }
    Ok(Workers {
        pool,
        wanted,
        inline: false,
    })
}

/// A pool of `wanted` threads, or of half as many, and so on, down to one.
fn most(wanted: usize) -> Option<ThreadPool> {
    std::iter::successors(Some(wanted), |&count| (count > 1).then_some(count / 2)).find_map(|count| {
        ThreadPoolBuilder::new()
            .num_threads(count)
            .thread_name(|index| format!("nutgraf-{index}"))
            .build()
            .ok()
    })
}

thread_local! {
    /// The pool that is this thread alone; rayon lets a thread join one pool only, and for ever.
    static INLINE: OnceCell<Arc<ThreadPool>> = const { OnceCell::new() };
}

/// The pool whose one worker is the calling thread; no thread is started.
fn inline() -> Result<Arc<ThreadPool>> {
    INLINE.with(|kept| {
        if let Some(pool) = kept.get() {
            return Ok(Arc::clone(pool));
        }
        let built = ThreadPoolBuilder::new()
            .num_threads(1)
            .use_current_thread()
            .build();
        let pool = built.map_err(|error| {
            Error::Memory(Cause::sentence(format!(
                "No worker thread could be started ({error}); raise the limit on threads of this process."
            )))
        })?;
        Ok(Arc::clone(kept.get_or_init(|| Arc::new(pool))))
    })
}

/// Cuts `0..count` into consecutive blocks of about `target` units, where `size` tells the units
/// of one row. Depends on the data alone.
pub fn blocks(count: usize, target: usize, size: impl Fn(usize) -> usize) -> Vec<Range<usize>> {
    let mut blocks = Vec::new();
    let (mut first, mut held) = (0, 0usize);
    for row in 0..count {
        // One unit for the row itself, so that millions of empty rows are cut too.
        held = held.saturating_add(size(row)).saturating_add(1);
        if held >= target {
            blocks.push(first..row + 1);
            (first, held) = (row + 1, 0);
        }
    }
    if first < count {
        blocks.push(first..count);
    }
    blocks
}

/// How many threads can work at once in the pool this thread belongs to; 1 outside of one, where
/// rayon would start its own.
#[must_use]
pub fn lanes() -> usize {
    if rayon::current_thread_index().is_some() {
        rayon::current_num_threads()
    } else {
        1
    }
}

/// Runs `work` on every block in parallel, in the pool this thread belongs to; results come in
/// the order of the blocks. Each finished block advances the observer by its rows.
pub fn map_blocks<T: Send>(
    blocks: &[Range<usize>],
    observer: &dyn Observer,
    work: impl Fn(Range<usize>) -> Result<T> + Sync,
) -> Result<Vec<T>> {
    blocks
        .par_iter()
        .map(|block| {
            observer.check()?;
            let done = work(block.clone())?;
            observer.advance(block.len());
            Ok(done)
        })
        .collect()
}

/// Elements that are copied between two looks at the observer.
const COPIED: usize = 1 << 16;

/// One array from the parts, in their order, copied in parallel; the parts are freed on the way.
pub fn concat<T: Copy + Zeroable + Send + Sync>(
    parts: Vec<Vec<T>>,
    what: &str,
    observer: &dyn Observer,
) -> Result<Vec<T>> {
    let mut all = memory::zeroed(parts.iter().map(Vec::len).sum(), what)?;
    let (mut jobs, mut rest) = (Vec::with_capacity(parts.len()), all.as_mut_slice());
    for part in parts {
        let (here, after) = rest.split_at_mut(part.len());
        jobs.push((here, part));
        rest = after;
    }
    jobs.into_par_iter().try_for_each(|(place, part)| {
        for (place, step) in place.chunks_mut(COPIED).zip(part.chunks(COPIED)) {
            observer.check()?;
            place.copy_from_slice(step);
        }
        Ok(())
    })?;
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_cover_every_row_once_and_in_order() {
        for target in [1, 3, 10, 1000] {
            let cut = blocks(25, target, |row| row % 4);
            let rows: Vec<usize> = cut.into_iter().flatten().collect();
            assert_eq!(rows, (0..25).collect::<Vec<_>>());
        }
    }

    #[test]
    fn parts_make_a_whole() {
        let parts = vec![vec![1u32], vec![], vec![2; 200_000], vec![3]];
        let whole = parts.concat();
        assert_eq!(concat(parts, "a test", &crate::observer::Silent), Ok(whole));
    }

    #[test]
    fn a_thread_count_outside_the_range_is_refused() {
        assert!(workers(Some(0)).is_err());
        assert!(workers(Some(limits::THREADS.most() + 1)).is_err());
        let two = workers(Some(2)).unwrap();
        assert_eq!(two.pool().current_num_threads(), 2);
        assert!(!two.is_inline() && two.shortfall().is_none());
    }

    #[test]
    fn the_calling_thread_can_be_the_only_worker() {
        let alone = Workers {
            pool: inline().unwrap(),
            wanted: 4,
            inline: true,
        };
        let caller = std::thread::current().id();
        let seen: Vec<bool> = alone.pool().install(|| {
            (0..64)
                .into_par_iter()
                .map(|_| std::thread::current().id() == caller)
                .collect()
        });
        assert!(seen.into_iter().all(|same| same));
        assert!(alone.shortfall().unwrap().contains("4 wanted"));
        // Again from the same thread: the pool it joined is kept.
        assert!(inline().is_ok());
    }
}

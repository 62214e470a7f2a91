//! Every limit of this crate, as one table of data.
//!
//! A limit bounds what one call may ask for, so that a slip is a sentence and not a machine that
//! swaps. All can be changed for the process; the page `docs/limits.md` is compared with this table.
//! Who reaches a limit reads its value here and names it in the error.

use std::fs;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::error::{Cause, Error, Result};

/// Where the value of a limit comes from unless somebody sets it.
#[derive(Debug, Clone, Copy)]
enum Preset {
    /// A number.
    Fixed(u64),
    /// What the machine has.
    Memory,
}

/// One limit.
#[derive(Debug)]
pub struct Limit {
    /// Its name, also in Python.
    pub name: &'static str,
    preset: Preset,
    /// What was set; 0 stands for nothing, since no limit may be 0.
    set: AtomicU64,
    /// The largest value that may be set; the smallest is 1.
    pub highest: u64,
    /// What it counts.
    pub unit: &'static str,
    /// What it bounds, and what passing it raises.
    pub bounds: &'static str,
    /// How one call passes it, beside `nutgraf.set_limits`.
    pub one_call: &'static str,
}

impl Limit {
    const fn new(
        name: &'static str,
        preset: Preset,
        highest: u64,
        unit: &'static str,
        bounds: &'static str,
        one_call: &'static str,
    ) -> Self {
        Self {
            name,
            preset,
            set: AtomicU64::new(0),
            highest,
            unit,
            bounds,
            one_call,
        }
    }

    /// The value that holds unless another is set; `None` where the machine does not tell.
    pub fn default_value(&self) -> Option<u64> {
        match self.preset {
            Preset::Fixed(value) => Some(value),
            // The limit of the process may be lowered while it runs; the machine stays.
            Preset::Memory => MACHINE.into_iter().chain(address_space_now()).min(),
        }
    }

    /// The value that holds now; `None` is no limit.
    pub fn value(&self) -> Option<u64> {
        match self.set.load(Ordering::Relaxed) {
            0 => self.default_value(),
            value => Some(value),
        }
    }

    /// The value that holds now, for counting on this machine.
    pub fn most(&self) -> usize {
        self.value()
            .and_then(|value| usize::try_from(value).ok())
            .unwrap_or(usize::MAX)
    }

    /// What to do about this limit, without a full stop; `wanted` would be enough.
    #[must_use]
    pub fn remedy(&self, wanted: u64) -> String {
        format!("raise the limit with nutgraf.set_limits({}={wanted})", self.name)
    }

    /// Whether somebody set a value.
    #[must_use]
    pub fn is_set(&self) -> bool {
        self.set.load(Ordering::Relaxed) > 0
    }

    fn admits(&self, value: u64) -> bool {
        (1..=self.highest).contains(&value)
    }
}

/// Bytes of one document.
pub static DOCUMENT_BYTES: Limit = Limit::new(
    "document_bytes",
    Preset::Fixed(u32::MAX as u64),
    u32::MAX as u64,
    "bytes",
    "one document, as UTF-8; offsets inside a document are 32 bits wide (LimitError)",
    "split the document into chapters or pages",
);

/// Documents of one corpus.
pub static DOCUMENTS: Limit = Limit::new(
    "documents",
    Preset::Fixed(u32::MAX as u64 - 1),
    u32::MAX as u64 - 1,
    "documents",
    "one corpus; rows are 32 bits wide (LimitError)",
    "work on parts of the corpus",
);

/// Bytes of a pattern.
pub static PATTERN_BYTES: Limit = Limit::new(
    "pattern_bytes",
    Preset::Fixed(10_000),
    1_000_000,
    "bytes",
    "`pattern` of `tokenize`, as it is written (PatternError)",
    "write a shorter pattern and drop words with a view",
);

/// Bytes of a compiled pattern.
pub static PATTERN_PROGRAM_BYTES: Limit = Limit::new(
    "pattern_program_bytes",
    Preset::Fixed(10 << 20),
    1 << 30,
    "bytes",
    "`pattern` of `tokenize`, once it is compiled; repetition makes it large (PatternError)",
    "repeat less: `\\w{1,9}` is nine times `\\w`",
);

/// Groups inside groups of a pattern.
pub static PATTERN_NESTING: Limit = Limit::new(
    "pattern_nesting",
    Preset::Fixed(100),
    250,
    "levels",
    "groups inside groups of `pattern` (PatternError)",
    "write the pattern with fewer groups",
);

/// Words of an n-gram.
pub static NGRAM: Limit = Limit::new(
    "ngram",
    Preset::Fixed(16),
    64,
    "words",
    "`ngram_range` of `Tokens.counts` (ParameterError)",
    "ask for shorter n-grams",
);

/// Tokens between two neighbours of a skip-gram.
pub static SKIP: Limit = Limit::new(
    "skip",
    Preset::Fixed(16),
    63,
    "tokens",
    "`skip` of `Tokens.counts` (ParameterError)",
    "skip fewer tokens",
);

/// Words or characters of a shingle.
pub static SHINGLE: Limit = Limit::new(
    "shingle",
    Preset::Fixed(64),
    1024,
    "words or characters",
    "`shingle` of `near_duplicates` (ParameterError)",
    "ask for shorter shingles",
);

/// Pairs in one table.
pub static PAIRS: Limit = Limit::new(
    "pairs",
    Preset::Fixed(5_000_000),
    1_000_000_000,
    "pairs",
    "the table `NearDuplicates.pairs`; clusters and labels need no pairs (LimitError)",
    "`max_pairs` of `near_duplicates`, or `iter_pairs()`",
);

/// Passages in one table.
pub static PASSAGES: Limit = Limit::new(
    "passages",
    Preset::Fixed(5_000_000),
    1_000_000_000,
    "passages",
    "the table that `passages` makes (LimitError)",
    "mask furniture first, or leave out what many documents share with `max_documents`",
);

/// Random labelings.
pub static PERMUTATIONS: Limit = Limit::new(
    "permutations",
    Preset::Fixed(10_000_000),
    1_000_000_000,
    "labelings",
    "`permutations` of `keyness` (ParameterError)",
    "ask for fewer labelings",
);

/// Threads of one call.
pub static THREADS: Limit = Limit::new(
    "threads",
    Preset::Fixed(1024),
    4096,
    "threads",
    "`threads` of every call, `set_threads`, `NUTGRAF_NUM_THREADS` (ParameterError)",
    "leave `threads` out to use every processor",
);

/// Bytes that one call may need.
pub static MEMORY_BYTES: Limit = Limit::new(
    "memory_bytes",
    Preset::Memory,
    i64::MAX as u64,
    "bytes",
    "what one call is estimated to need beside its input, see `estimate_memory` (MemoryLimitError)",
    "work on parts of the corpus",
);

/// Every limit, in the order of the page.
#[must_use]
pub fn all() -> [&'static Limit; 13] {
    [
        &DOCUMENT_BYTES,
        &DOCUMENTS,
        &PATTERN_BYTES,
        &PATTERN_PROGRAM_BYTES,
        &PATTERN_NESTING,
        &NGRAM,
        &SKIP,
        &SHINGLE,
        &PAIRS,
        &PASSAGES,
        &PERMUTATIONS,
        &THREADS,
        &MEMORY_BYTES,
    ]
}

/// Sets limits by name, `None` back to the default: all of them, or none when one is wrong.
pub fn set<N: AsRef<str>>(values: &[(N, Option<u64>)]) -> Result<()> {
    let mut found = Vec::with_capacity(values.len());
    for (name, value) in values {
        let name = name.as_ref();
        let limit = all()
            .into_iter()
            .find(|limit| limit.name == name)
            .ok_or_else(|| {
                let names = all().map(|limit| limit.name).join(", ");
                Error::Parameter(Cause::sentence(format!(
                    "{name} is no limit of nutgraf; choose from {names}."
                )))
            })?;
        if let Some(value) = value.filter(|&value| !limit.admits(value)) {
            return Err(Error::parameter(
                limit.name,
                &value,
                &format!("it must be a whole number from 1 to {}", limit.highest),
                "pass None to go back to the default",
            ));
        }
        found.push((limit, value.unwrap_or(0)));
    }
    for (limit, value) in found {
        limit.set.store(value, Ordering::Relaxed);
    }
    Ok(())
}

/// Bytes of memory of the machine, or of the part of it that this process may have.
static MACHINE: LazyLock<Option<u64>> = LazyLock::new(|| {
    let read = |path: &str| fs::read_to_string(path).ok();
    [
        read("/proc/meminfo").and_then(|text| physical(&text)),
        group_files()
            .into_iter()
            .filter_map(|path| read(&path)?.trim().parse().ok())
            .min(),
    ]
    .into_iter()
    .flatten()
    .filter(|&bytes| bytes > 0)
    .min()
});

/// Asks the machine now rather than inside a job: see `pattern::ready`.
pub fn ready() {
    LazyLock::force(&MACHINE);
}

fn address_space_now() -> Option<u64> {
    address_space(&fs::read_to_string("/proc/self/limits").ok()?)
}

/// The soft limit on the address space (`ulimit -v`).
fn address_space(limits: &str) -> Option<u64> {
    let line = limits
        .lines()
        .find_map(|line| line.strip_prefix("Max address space"))?;
    line.split_whitespace().next()?.parse().ok()
}

/// Physical memory.
fn physical(meminfo: &str) -> Option<u64> {
    let line = meminfo.lines().find_map(|line| line.strip_prefix("MemTotal:"))?;
    let kibibytes: u64 = line.split_whitespace().next()?.parse().ok()?;
    kibibytes.checked_mul(1024)
}

/// The files that hold the limits of this process's control group and of those above it.
fn group_files() -> Vec<String> {
    let mut files = vec![
        "/sys/fs/cgroup/memory.max".to_owned(),
        "/sys/fs/cgroup/memory/memory.limit_in_bytes".to_owned(),
    ];
    let groups = fs::read_to_string("/proc/self/cgroup").unwrap_or_default();
    for line in groups.lines() {
        let mut fields = line.splitn(3, ':');
        let (Some(_), Some(kinds), Some(path)) = (fields.next(), fields.next(), fields.next()) else {
            continue;
        };
        let (root, file) = match kinds {
            "" => ("/sys/fs/cgroup", "memory.max"),
            kinds if kinds.split(',').any(|kind| kind == "memory") => {
                ("/sys/fs/cgroup/memory", "memory.limit_in_bytes")
            }
            _ => continue,
        };
        let mut folder = path.trim_end_matches('/');
        while !folder.is_empty() {
            files.push(format!("{root}{folder}/{file}"));
            folder = folder.rsplit_once('/').map_or("", |(above, _)| above);
        }
    }
    files
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_system_says_is_read() {
        let limits = "Limit                     Soft Limit           Hard Limit           Units     \n\
                      Max address space         123456               unlimited            bytes     \n";
        assert_eq!(address_space(limits), Some(123_456));
        assert_eq!(address_space(&limits.replace("123456 ", "unlimited ")), None);
        assert_eq!(
            physical("MemTotal:       2048 kB\nMemFree: 1 kB\n"),
            Some(2 << 20)
        );
        assert_eq!(physical("nothing"), None);
    }

    #[test]
    fn all_or_none_are_set() {
        assert_eq!(PATTERN_NESTING.value(), Some(100));
        assert!(set(&[("pattern_nesting", Some(7)), ("patern_bytes", Some(1))]).is_err());
        assert!(set(&[("pattern_nesting", Some(7)), ("ngram", Some(0))]).is_err());
        assert!(set(&[("pattern_nesting", Some(7)), ("ngram", Some(65))]).is_err());
        assert_eq!(PATTERN_NESTING.value(), Some(100));
        assert!(set(&[("pattern_nesting", Some(7))]).is_ok());
        assert_eq!(PATTERN_NESTING.most(), 7);
        assert!(set(&[("pattern_nesting", None)]).is_ok());
        assert_eq!(PATTERN_NESTING.value(), PATTERN_NESTING.default_value());
    }

    #[test]
    fn every_default_may_be_set() {
        for limit in all() {
            assert!(
                limit.default_value().is_none_or(|value| limit.admits(value)),
                "{}",
                limit.name
            );
        }
    }
}

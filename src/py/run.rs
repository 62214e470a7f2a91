//! The one door through which Python enters the core.
//!
//! A job runs on our pool, detached from Python; the calling thread waits in short slices and looks
//! at signals and at the progress callback. Workers never touch Python. Whatever stops a job (a
//! signal, a callback that raises, a panic), the call waits for its workers, and what the job was
//! building is dropped: objects stay as they were. Where no thread can be started, the calling
//! thread does the job itself and looks up from inside it.

use std::any::Any;
use std::ffi::CString;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicUsize, Ordering};
use std::sync::mpsc::{RecvTimeoutError, sync_channel};
use std::sync::{Mutex, Once, PoisonError};
use std::time::{Duration, Instant};

use pyo3::prelude::*;

use super::errors::{NutgrafWarning, raise};
use crate::error::{Cause, Error, Result};
use crate::limits;
use crate::observer::Observer;
use crate::parallel::{self, Workers};
use crate::text::pattern;

/// How long the calling thread waits between two looks at signals.
const SLICE: Duration = Duration::from_millis(25);

/// What workers and the calling thread share.
struct Watch {
    /// The process that began the job; its workers exist in no other.
    process: u32,
    total: AtomicUsize,
    done: AtomicUsize,
    stop: AtomicBool,
}

impl Watch {
    fn new() -> Self {
        Self {
            process: std::process::id(),
            total: AtomicUsize::new(0),
            done: AtomicUsize::new(0),
            stop: AtomicBool::new(false),
        }
    }
}

impl Observer for Watch {
    fn expect(&self, amount: usize) {
        self.total.fetch_add(amount, Ordering::Relaxed);
    }

    fn advance(&self, amount: usize) {
        self.done.fetch_add(amount, Ordering::Relaxed);
    }

    fn cancelled(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }
}

/// Runs `job` on the pool while this thread watches; see the head of this file.
pub(crate) fn run<T: Send>(
    py: Python<'_>,
    threads: Option<usize>,
    progress: Option<&Bound<'_, PyAny>>,
    job: impl FnOnce(&dyn Observer) -> Result<T> + Send,
) -> PyResult<T> {
    let workers = parallel::workers(threads).map_err(raise)?;
    if let Some(shortfall) = workers.shortfall() {
        warn_once(py, &shortfall)?;
    }
    HOOK.call_once(note_panics);
    // While this thread holds the interpreter nobody forks: a child never finds these half made.
    limits::ready();
    pattern::ready();
    let progress = progress.map(|callback| callback.clone().unbind());
    let watch = Watch::new();
    let (outcome, trouble) = py.detach(|| {
        if workers.is_inline() {
            alone(&workers, &watch, progress.as_ref(), job)
        } else {
            watched(&workers, &watch, progress.as_ref(), job)
        }
    });
    if let Some(trouble) = trouble {
        return Err(trouble);
    }
    let result = outcome
        .map_err(|panic| raise(defect(panic.as_ref())))?
        .map_err(raise)?;
    finish(py, &watch, progress.as_ref())?;
    Ok(result)
}

/// Runs a job that has no threads of its own to name: reading what an object holds. A default that
/// is wrong is for the calls to refuse that use it.
pub(crate) fn read<T: Send>(
    py: Python<'_>,
    job: impl FnOnce(&dyn Observer) -> Result<T> + Send,
) -> PyResult<T> {
    let threads = parallel::default_threads().unwrap_or(1);
    run(py, Some(threads), None, job)
}

/// How a job ended, and what stopped it from outside.
type Ended<T> = (std::thread::Result<Result<T>>, Option<PyErr>);

/// The workers do the job, and this thread looks up at every slice.
fn watched<T: Send>(
    workers: &Workers,
    watch: &Watch,
    progress: Option<&Py<PyAny>>,
    job: impl FnOnce(&dyn Observer) -> Result<T> + Send,
) -> Ended<T> {
    let (send, receive) = sync_channel(1);
    workers.pool().in_place_scope(|scope| {
        scope.spawn(move |_| {
            let outcome = catch_unwind(AssertUnwindSafe(|| job(watch)));
            // Nobody listens any more only if the waiting thread itself unwound.
            let _ = send.send(outcome);
        });
        let mut trouble = None;
        loop {
            match receive.recv_timeout(SLICE) {
                Ok(outcome) => return (outcome, trouble),
                Err(RecvTimeoutError::Timeout) if trouble.is_none() => {
                    trouble = look(watch, progress).err();
                    if trouble.is_some() {
                        watch.stop.store(true, Ordering::Relaxed);
                    }
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => {
                    return (Err(Box::new("a worker vanished") as Box<dyn Any + Send>), trouble);
                }
            }
        }
    })
}

/// This thread does the job, and looks up itself whenever the job asks.
fn alone<T: Send>(
    workers: &Workers,
    watch: &Watch,
    progress: Option<&Py<PyAny>>,
    job: impl FnOnce(&dyn Observer) -> Result<T> + Send,
) -> Ended<T> {
    let inline = Inline {
        watch,
        progress,
        looked: Mutex::new((Instant::now(), None)),
    };
    let outcome = workers
        .pool()
        .install(|| catch_unwind(AssertUnwindSafe(|| job(&inline))));
    let looked = inline.looked.into_inner();
    (outcome, looked.unwrap_or_else(PoisonError::into_inner).1)
}

/// A watch that looks at signals from inside the job.
struct Inline<'a> {
    watch: &'a Watch,
    progress: Option<&'a Py<PyAny>>,
    /// When it last looked, and what it found.
    looked: Mutex<(Instant, Option<PyErr>)>,
}

impl Observer for Inline<'_> {
    fn expect(&self, amount: usize) {
        self.watch.expect(amount);
    }

    fn advance(&self, amount: usize) {
        self.watch.advance(amount);
    }

    fn cancelled(&self) -> bool {
        let due = {
            let mut looked = self.looked.lock().unwrap_or_else(PoisonError::into_inner);
            let due = looked.0.elapsed() >= SLICE && looked.1.is_none();
            if due {
                looked.0 = Instant::now();
            }
            due
        };
        // The lock is free while Python runs: a callback may call us again.
        if due && let Err(trouble) = look(self.watch, self.progress) {
            self.watch.stop.store(true, Ordering::Relaxed);
            self.looked.lock().unwrap_or_else(PoisonError::into_inner).1 = Some(trouble);
        }
        self.watch.cancelled()
    }
}

/// Attaches for a moment: pending signals first, then the callback.
fn look(watch: &Watch, progress: Option<&Py<PyAny>>) -> PyResult<()> {
    let looked = Python::try_attach(|py| {
        if std::process::id() != watch.process {
            leave(py);
        }
        py.check_signals()?;
        let total = watch.total.load(Ordering::Relaxed);
        if let Some(callback) = progress.filter(|_| total > 0) {
            callback.call1(py, (watch.done.load(Ordering::Relaxed).min(total), total))?;
        }
        Ok(())
    });
    // Without an interpreter there is nobody left to answer: it has ended under a daemon thread.
    looked.unwrap_or_else(|| {
        watch.stop.store(true, Ordering::Relaxed);
        Ok(())
    })
}

/// Ends a child that was forked in a progress callback and came back from it: the workers of the
/// call are its parent's, so the call could neither be finished here nor given up.
fn leave(py: Python<'_>) -> ! {
    let told = py
        .import("sys")
        .and_then(|sys| sys.getattr("stderr"))
        .and_then(|stderr| {
            stderr.call_method1("write", (ORPHANED,))?;
            stderr.call_method0("flush")
        });
    // Whether or not it could be told, there is no way back.
    drop(told);
    std::process::exit(70);
}

/// What such a child says.
const ORPHANED: &str = "nutgraf: this process was forked in a progress callback and returned from it, but the call \
     belongs to its parent; end the child with os._exit() in the callback.\n";

/// The process that was told that it has too few threads.
static TOLD: AtomicU32 = AtomicU32::new(0);

/// One Python warning a process, at the line that called the package.
fn warn_once(py: Python<'_>, message: &str) -> PyResult<()> {
    if TOLD.swap(std::process::id(), Ordering::Relaxed) == std::process::id() {
        return Ok(());
    }
    let message = CString::new(message).unwrap_or_default();
    PyErr::warn(py, &py.get_type::<NutgrafWarning>(), &message, 2)
}

/// Tells the callback that everything is done, however short the job was.
fn finish(py: Python<'_>, watch: &Watch, progress: Option<&Py<PyAny>>) -> PyResult<()> {
    if let Some(callback) = progress {
        let total = watch.total.load(Ordering::Relaxed);
        callback.call1(py, (total, total))?;
    }
    Ok(())
}

/// Set once: our panics are told by an exception and not printed beside it.
static HOOK: Once = Once::new();

/// Where the last panic of this crate arose.
static PLACE: Mutex<String> = Mutex::new(String::new());

/// Keeps the place of a panic for the error's sentence. The hook is that of this library's own
/// copy of the standard library; other extensions have theirs.
fn note_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        *PLACE.lock().unwrap_or_else(PoisonError::into_inner) = place;
    }));
}

/// The error that a panic becomes.
fn defect(panic: &(dyn Any + Send)) -> Error {
    let text = panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("no message");
    let place = std::mem::take(&mut *PLACE.lock().unwrap_or_else(PoisonError::into_inner));
    Error::Internal(Cause::sentence(format!(
        "nutgraf has a defect ({text}, at {place}); nothing was changed. Please report it with the call and \
         show_versions()."
    )))
}

/// Sets the default number of threads; `None` means every processor.
#[pyfunction]
#[pyo3(signature = (threads=None))]
pub(crate) fn set_threads(threads: Option<usize>) -> PyResult<()> {
    parallel::set_threads(threads).map_err(raise)
}

/// The number of threads that a call uses when it does not say.
#[pyfunction]
pub(crate) fn default_threads() -> PyResult<usize> {
    parallel::default_threads().map_err(raise)
}

/// For the tests of this door: works for `seconds`, then panics on a worker if told to.
#[pyfunction]
#[pyo3(signature = (seconds, panics=false, threads=None, progress=None))]
pub(crate) fn _rehearse(
    py: Python<'_>,
    seconds: f64,
    panics: bool,
    threads: Option<usize>,
    progress: Option<&Bound<'_, PyAny>>,
) -> PyResult<()> {
    run(py, threads, progress, |observer| {
        rehearse(seconds, panics, observer)
    })
}

/// Sleeps in steps of a millisecond, asking the observer after each.
fn rehearse(seconds: f64, panics: bool, observer: &dyn Observer) -> Result<()> {
    let wanted = Duration::try_from_secs_f64(seconds).unwrap_or_default();
    let steps = usize::try_from(wanted.as_millis()).unwrap_or(usize::MAX);
    observer.expect(steps);
    for _ in 0..steps {
        observer.check()?;
        std::thread::sleep(Duration::from_millis(1));
        observer.advance(1);
    }
    assert!(!panics, "rehearsed panic");
    Ok(())
}

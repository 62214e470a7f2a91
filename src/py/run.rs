//! The one door through which Python enters the core.
//!
//! A job runs on our pool, detached from Python; the calling thread waits in short slices and looks
//! at signals and at the progress callback. Workers never touch Python. Whatever stops a job (a
//! signal, a callback that raises, a panic), the call waits for its workers, and what the job was
//! building is dropped: objects stay as they were.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{RecvTimeoutError, sync_channel};
use std::time::Duration;

use pyo3::prelude::*;

use super::errors::raise;
use crate::error::{Cause, Error, Result};
use crate::observer::Observer;
use crate::parallel;

/// How long the calling thread waits between two looks at signals.
const SLICE: Duration = Duration::from_millis(25);

/// What workers and the calling thread share.
#[derive(Default)]
struct Watch {
    total: AtomicUsize,
    done: AtomicUsize,
    stop: AtomicBool,
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
    let pool = parallel::pool(threads).map_err(raise)?;
    let progress = progress.map(|callback| callback.clone().unbind());
    let watch = Watch::default();
    let (outcome, trouble) = py.detach(|| {
        let (send, receive) = sync_channel(1);
        pool.in_place_scope(|scope| {
            let watch = &watch;
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
                        trouble = look(watch, progress.as_ref()).err();
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

/// Attaches for a moment: pending signals first, then the callback.
fn look(watch: &Watch, progress: Option<&Py<PyAny>>) -> PyResult<()> {
    Python::attach(|py| {
        py.check_signals()?;
        let total = watch.total.load(Ordering::Relaxed);
        if let Some(callback) = progress.filter(|_| total > 0) {
            callback.call1(py, (watch.done.load(Ordering::Relaxed).min(total), total))?;
        }
        Ok(())
    })
}

/// Tells the callback that everything is done, however short the job was.
fn finish(py: Python<'_>, watch: &Watch, progress: Option<&Py<PyAny>>) -> PyResult<()> {
    if let Some(callback) = progress {
        let total = watch.total.load(Ordering::Relaxed);
        callback.call1(py, (total, total))?;
    }
    Ok(())
}

/// The error that a panic becomes.
fn defect(panic: &(dyn Any + Send)) -> Error {
    let text = panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("no message");
    Error::Internal(Cause::sentence(format!(
        "nutgraf has a defect ({text}); nothing was changed. Please report it with the call and show_versions()."
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

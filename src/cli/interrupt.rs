//! What Ctrl-C does to a command that writes files beside what people keep: nothing half written is
//! left behind.

use std::thread;

use super::open;
use crate::fsx;

/// What a process ends with that Ctrl-C ended: 128 and the number of the signal.
const INTERRUPTED: i32 = 130;

/// From now on, Ctrl-C removes what is being written and ends the process.
///
/// Where the system has no way to tell us, Ctrl-C ends the process as before.
pub fn leave_nothing_half() {
    thread::spawn(|| {
        // Without listening, Ctrl-C ends the process as the system does it.
        if fsx::can_open_more(open::RUNTIME_FILES).is_err() {
            return;
        }
        let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_io().build() else { return };
        if runtime.block_on(tokio::signal::ctrl_c()).is_ok() {
            leave_at_once();
        }
    });
}

/// Removes what is being written and ends the process.
pub fn leave_at_once() {
    fsx::end_without_unfinished(end);
}

/// `SIGXFSZ` of every Unix that roundup is built for: a file grew beyond `ulimit -f`.
#[cfg(unix)]
const FILE_TOO_LONG: i32 = 25;

/// From now on, a file that reaches the limit of the session (`ulimit -f`) is a write that failed, which
/// is told with what helps; else the system ends the process without a word.
pub fn outlive_length_limit() {
    #[cfg(unix)]
    if fsx::can_open_more(open::RUNTIME_FILES).is_ok()
        && let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_io().build()
    {
        let _inside = runtime.enter();
        // The first listener makes the system tell us instead, and nothing takes that back.
        let _ = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::from_raw(FILE_TOO_LONG));
    }
}

/// Ends the process.
#[expect(clippy::disallowed_methods, reason = "the main thread is busy and must not write on")]
fn end() {
    std::process::exit(INTERRUPTED)
}

//! What Ctrl-C does to a command that writes files beside what people keep: nothing half written is
//! left behind.

use std::thread;

use crate::fsx;

/// What a process ends with that Ctrl-C ended: 128 and the number of the signal.
const INTERRUPTED: i32 = 130;

/// From now on, Ctrl-C removes what is being written and ends the process.
///
/// Where the system has no way to tell us, Ctrl-C ends the process as before.
pub fn leave_nothing_half() {
    thread::spawn(|| {
        let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_io().build() else { return };
        if runtime.block_on(tokio::signal::ctrl_c()).is_ok() {
            fsx::end_without_unfinished(end);
        }
    });
}

/// Ends the process.
#[expect(clippy::disallowed_methods, reason = "the main thread is busy and must not write on")]
fn end() {
    std::process::exit(INTERRUPTED)
}

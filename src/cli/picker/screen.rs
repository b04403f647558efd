//! The terminal while the picker has it: another screen, keys one by one, and all of it given back
//! whatever happens.

use std::io::{self, Stdout, Write};
use std::sync::Once;
use std::sync::atomic::{AtomicBool, Ordering};

use crossterm::event::{DisableBracketedPaste, EnableBracketedPaste};
use crossterm::style::{Attribute, Print, SetAttribute};
use crossterm::terminal::{self, EnterAlternateScreen, LeaveAlternateScreen};
use crossterm::{cursor, execute, queue};
use ratatui_core::backend::{Backend, ClearType, WindowSize};
use ratatui_core::buffer::Cell;
use ratatui_core::layout::{Position, Size};
use ratatui_core::style::Modifier;

/// The terminal, taken over. Dropping it gives the terminal back.
pub struct Screen {
    out: Stdout,
}

/// Whether a panic gives the terminal back before it tells of itself.
static HOOK: Once = Once::new();

/// Whether the terminal is taken over now.
static IS_TAKEN: AtomicBool = AtomicBool::new(false);

impl Screen {
    /// Takes the terminal over.
    ///
    /// # Errors
    /// When it is none, or cannot be set.
    pub fn enter() -> io::Result<Self> {
        HOOK.call_once(|| {
            let before = std::panic::take_hook();
            std::panic::set_hook(Box::new(move |panic| {
                give_back();
                before(panic);
            }));
            signals::watch();
        });
        IS_TAKEN.store(true, Ordering::SeqCst);
        terminal::enable_raw_mode()?;
        // From here on dropping it gives everything back.
        let mut screen = Self { out: io::stdout() };
        execute!(screen.out, EnterAlternateScreen, terminal::Clear(terminal::ClearType::All))?;
        // Pasted text comes in one piece: its line ends are not the Enter key. Old consoles of Windows
        // cannot do that.
        let _ = execute!(screen.out, EnableBracketedPaste);
        Ok(screen)
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        give_back();
    }
}

/// Gives the terminal back: the screen as it was, lines, the cursor.
fn give_back() {
    if !IS_TAKEN.swap(false, Ordering::SeqCst) {
        return;
    }
    // A terminal that has gone needs nothing back.
    let _ = execute!(io::stdout(), DisableBracketedPaste);
    let _ = execute!(io::stdout(), SetAttribute(Attribute::Reset), LeaveAlternateScreen, cursor::Show);
    let _ = terminal::disable_raw_mode();
}

/// Signals that end the program from outside: the terminal is given back first, or the person who
/// typed `kill` is left with one that shows nothing of what is typed.
#[cfg(unix)]
mod signals {
    use std::task::Poll;

    use tokio::signal::unix::{Signal, SignalKind, signal};

    /// What a process ends with that a signal ended: 128 and the number of the signal.
    const SIGNALLED: i32 = 128;

    /// Waits for the signals in a thread of its own. Where the system has no way to tell us, they end
    /// the process as before.
    pub fn watch() {
        std::thread::spawn(|| {
            let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_io().build() else { return };
            if let Some(kind) = runtime.block_on(first()) {
                super::give_back();
                end(SIGNALLED + kind.as_raw_value());
            }
        });
    }

    /// Returns the first signal that comes.
    async fn first() -> Option<SignalKind> {
        let kinds = [SignalKind::terminate(), SignalKind::hangup(), SignalKind::quit()];
        let mut all: Vec<(SignalKind, Signal)> =
            kinds.into_iter().filter_map(|kind| Some((kind, signal(kind).ok()?))).collect();
        if all.is_empty() {
            return None;
        }
        std::future::poll_fn(|context| {
            // All are polled, so that each of them wakes the wait.
            let came = all.iter_mut().fold(None, |came, (kind, signal)| {
                let is_here = signal.poll_recv(context).is_ready();
                came.or(is_here.then_some(*kind))
            });
            came.map_or(Poll::Pending, |kind| Poll::Ready(Some(kind)))
        })
        .await
    }

    /// Ends the process.
    #[expect(clippy::disallowed_methods, reason = "the main thread waits for a key that will not come")]
    fn end(code: i32) {
        std::process::exit(code)
    }
}

/// Where there are no such signals.
#[cfg(not(unix))]
mod signals {
    /// Does nothing: consoles are given back by the system.
    pub fn watch() {}
}

/// What the picker draws with, and how terminals call it.
const MODIFIERS: [(Modifier, Attribute); 3] =
    [(Modifier::BOLD, Attribute::Bold), (Modifier::DIM, Attribute::Dim), (Modifier::REVERSED, Attribute::Reverse)];

impl Backend for Screen {
    type Error = io::Error;

    fn draw<'a, I>(&mut self, content: I) -> io::Result<()>
    where
        I: Iterator<Item = (u16, u16, &'a Cell)>,
    {
        let mut modifier = Modifier::empty();
        let mut next = None;
        for (x, y, cell) in content {
            if next != Some((x, y)) {
                queue!(self.out, cursor::MoveTo(x, y))?;
            }
            // Terminals differ in how wide they draw other signs than ASCII.
            next = cell.symbol().is_ascii().then_some((x.saturating_add(1), y));
            if cell.modifier != modifier {
                modifier = cell.modifier;
                queue!(self.out, SetAttribute(Attribute::Reset))?;
                for (_, attribute) in MODIFIERS.iter().filter(|(wanted, _)| modifier.contains(*wanted)) {
                    queue!(self.out, SetAttribute(*attribute))?;
                }
            }
            queue!(self.out, Print(cell.symbol()))?;
        }
        if modifier.is_empty() { Ok(()) } else { queue!(self.out, SetAttribute(Attribute::Reset)) }
    }

    fn hide_cursor(&mut self) -> io::Result<()> {
        execute!(self.out, cursor::Hide)
    }

    fn show_cursor(&mut self) -> io::Result<()> {
        execute!(self.out, cursor::Show)
    }

    fn get_cursor_position(&mut self) -> io::Result<Position> {
        let (x, y) = cursor::position()?;
        Ok(Position { x, y })
    }

    fn set_cursor_position<P: Into<Position>>(&mut self, position: P) -> io::Result<()> {
        let Position { x, y } = position.into();
        execute!(self.out, cursor::MoveTo(x, y))
    }

    fn clear(&mut self) -> io::Result<()> {
        execute!(self.out, terminal::Clear(terminal::ClearType::All))
    }

    fn clear_region(&mut self, region: ClearType) -> io::Result<()> {
        let region = match region {
            ClearType::All => terminal::ClearType::All,
            ClearType::AfterCursor => terminal::ClearType::FromCursorDown,
            ClearType::BeforeCursor => terminal::ClearType::FromCursorUp,
            ClearType::CurrentLine => terminal::ClearType::CurrentLine,
            ClearType::UntilNewLine => terminal::ClearType::UntilNewLine,
        };
        execute!(self.out, terminal::Clear(region))
    }

    fn size(&self) -> io::Result<Size> {
        let (width, height) = terminal::size()?;
        Ok(Size { width, height })
    }

    fn window_size(&mut self) -> io::Result<WindowSize> {
        Ok(WindowSize { columns_rows: self.size()?, pixels: Size::default() })
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

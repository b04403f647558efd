//! What a service manager is told: that the daemon is ready, what it does, that it still lives (`sd_notify(3)`).
//!
//! The protocol is one datagram of `NAME=value` lines to the socket that `NOTIFY_SOCKET` names: a path, or with `@` in
//! front a name in Linux's abstract space. Without the variable nobody wants to know, and nothing is sent.

use std::time::Duration;

/// A service manager that wants to be told.
#[derive(Debug)]
pub struct Manager {
    #[cfg(unix)]
    socket: std::os::unix::net::UnixDatagram,
    /// How often it wants to hear that the daemon lives; `None` when it does not.
    pub alive_every: Option<Duration>,
}

/// What it is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Word {
    /// The daemon is ready.
    Ready,
    /// What it is doing, in one line.
    Doing(String),
    /// It lives.
    Alive,
    /// It is about to end.
    Stopping,
}

impl Word {
    /// Returns the datagram.
    fn line(&self) -> String {
        match self {
            Self::Ready => "READY=1".to_owned(),
            // A line feed would begin another assignment.
            Self::Doing(text) => format!("STATUS={}", crate::model::text::clean_line(text)),
            Self::Alive => "WATCHDOG=1".to_owned(),
            Self::Stopping => "STOPPING=1".to_owned(),
        }
    }
}

impl Manager {
    /// Returns the manager behind a socket's name; `None` where there is none. `watchdog_us` is what `WATCHDOG_USEC`
    /// says: the manager ends a daemon that it does not hear of for so many microseconds, so it is told twice as often.
    ///
    /// # Errors
    /// When the socket cannot be reached.
    #[cfg(unix)]
    pub fn behind(name: &str, watchdog_us: Option<&str>) -> std::io::Result<Option<Self>> {
        use std::os::unix::net::UnixDatagram;
        if name.is_empty() {
            return Ok(None);
        }
        let socket = UnixDatagram::unbound()?;
        // A manager that does not read must not stop the daemon.
        socket.set_nonblocking(true)?;
        match name.strip_prefix('@') {
            #[cfg(target_os = "linux")]
            Some(abstract_name) => {
                use std::os::linux::net::SocketAddrExt;
                let address = std::os::unix::net::SocketAddr::from_abstract_name(abstract_name.as_bytes())?;
                socket.connect_addr(&address)?;
            }
            _ => socket.connect(name)?,
        }
        let every = watchdog_us.and_then(|us| us.parse().ok()).filter(|us: &u64| *us > 0);
        Ok(Some(Self { socket, alive_every: every.map(|us| Duration::from_micros(us / 2)) }))
    }

    /// Elsewhere there is no such manager.
    ///
    /// # Errors
    /// Never.
    #[cfg(not(unix))]
    pub fn behind(_name: &str, _watchdog_us: Option<&str>) -> std::io::Result<Option<Self>> {
        Ok(None)
    }

    /// Tells it something. Whether it hears is its own affair: the work does not hang on it.
    pub fn tell(&self, word: &Word) {
        #[cfg(unix)]
        if let Err(error) = self.socket.send(word.line().as_bytes()) {
            tracing::debug!("the service manager does not listen: {error}");
        }
        #[cfg(not(unix))]
        let _ = word.line();
    }
}

#[cfg(unix)]
#[cfg(test)]
mod tests {
    use std::os::unix::net::UnixDatagram;

    use super::*;

    fn heard(socket: &UnixDatagram) -> String {
        let mut buffer = [0; 200];
        socket.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
        let length = socket.recv(&mut buffer).unwrap();
        String::from_utf8(buffer[..length].to_vec()).unwrap()
    }

    #[test]
    fn a_manager_hears_each_word_as_one_assignment() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("notify");
        let socket = UnixDatagram::bind(&path).unwrap();
        let manager = Manager::behind(path.to_str().unwrap(), Some("30000000")).unwrap().unwrap();
        assert_eq!(manager.alive_every, Some(Duration::from_secs(15)));
        for (word, want) in [
            (Word::Ready, "READY=1"),
            (Word::Doing("asking \"A\u{1b}[2J\nREADY=0\"".to_owned()), "STATUS=asking \"A[2J READY=0\""),
            (Word::Alive, "WATCHDOG=1"),
            (Word::Stopping, "STOPPING=1"),
        ] {
            manager.tell(&word);
            assert_eq!(heard(&socket), want);
        }
        drop(socket);
        manager.tell(&Word::Alive);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_name_in_the_abstract_space_is_found() {
        use std::os::linux::net::SocketAddrExt;
        let name = format!("roundup-test-{}", std::process::id());
        let address = std::os::unix::net::SocketAddr::from_abstract_name(&name).unwrap();
        let socket = UnixDatagram::bind_addr(&address).unwrap();
        Manager::behind(&format!("@{name}"), None).unwrap().unwrap().tell(&Word::Ready);
        assert_eq!(heard(&socket), "READY=1");
    }

    #[test]
    fn nobody_is_told_where_nobody_asked() {
        assert!(Manager::behind("", Some("1")).unwrap().is_none());
        assert!(Manager::behind("/nowhere/at/all", None).is_err());
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("n");
        let _socket = UnixDatagram::bind(&path).unwrap();
        for odd in [None, Some("0"), Some("soon"), Some("-1")] {
            assert_eq!(Manager::behind(path.to_str().unwrap(), odd).unwrap().unwrap().alive_every, None, "{odd:?}");
        }
    }
}

//! The desk over the wire: a real server on loopback, a real home, bytes on a socket.

mod admission;
mod bench;
mod feeds;
mod hands;
mod hostile;
mod markup;
mod meanwhile;
mod parts;
mod paths;
mod typed;
mod vectors;

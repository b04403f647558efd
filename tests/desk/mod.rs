//! The desk over the wire: a real server on loopback, a real home, bytes on a socket.

mod addresses;
mod admission;
mod bench;
mod broken;
mod check;
mod disk;
mod feeds;
mod hands;
mod history;
mod hostile;
mod markup;
mod meanwhile;
mod paper;
mod parts;
mod paths;
mod replaced;
mod said;
mod typed;
mod vectors;

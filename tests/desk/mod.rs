//! The desk over the wire: a real server on loopback, a real home, bytes on a socket.

mod admission;
mod bench;
mod markup;
mod paths;
mod vectors;

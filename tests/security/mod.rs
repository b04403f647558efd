//! What `SECURITY.md` says, held to: its table to the sources, the terminal, the encryption of the line.

mod policy;
mod terminal;
mod tls;

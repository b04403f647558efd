//! SQLite: the truth. The only module that knows SQL.

//! Puts papers in order by a written formula whose parts are shown.

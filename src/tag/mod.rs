//! Judges a paper: scope, countries, working groups, design, finding, each with its reason.

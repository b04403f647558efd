//! Decides which records are one study, and folds them into works.

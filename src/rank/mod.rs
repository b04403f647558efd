//! Puts papers in order, with every part of the order shown.
//!
//! A score begins with written rules ([`score`]) and, once people have kept and dropped enough papers, takes in what
//! was learnt from them ([`Learner`], [`with_learned`]), as far as a trial on those papers bears it out
//! ([`try_out`]). Every part comes with a note in plain words, so that the draft can say why a paper stands where
//! it stands. [`simulate()`] plays a finished screening again, which is how the learner is measured.

mod join;
mod learner;
mod recipe;
mod rows;
mod rules;
mod simulate;
mod svm;
mod trial;

pub use join::{CHOICES_FULL, CHOICES_MIN, EACH_MIN, share_of_learned, with_learned};
pub use learner::{Learner, Told};
pub use recipe::Recipe;
pub use rows::{Rows, Text};
pub use rules::{Group, score};
pub use simulate::{Priors, Run, draw, simulate};
pub use svm::{Example, Svm, Until};
pub use trial::{Trial, try_out};

#[cfg(test)]
mod tests;

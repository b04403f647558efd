//! The month's draft file: written, read, regenerated without losing a word, checked.

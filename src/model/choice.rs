//! What people say of a paper's place in an issue.

/// What a person said of a paper's place in an issue.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Choice {
    /// It belongs in.
    Keep,
    /// Perhaps: not in this issue, but worth another look.
    Maybe,
    /// It does not belong in; it is not proposed again.
    Drop,
    /// Listed above a candidate that was taken, and left: a weak sign, never said outright.
    Passed,
}

impl Choice {
    /// What a person can say outright, the best first.
    pub const OUTRIGHT: [Self; 3] = [Self::Keep, Self::Maybe, Self::Drop];

    /// Returns the word that is stored and written.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Keep => "keep",
            Self::Maybe => "maybe",
            Self::Drop => "drop",
            Self::Passed => "passed",
        }
    }

    /// Returns the choice that a word is, only in the form that [`as_str`](Self::as_str) gives.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Keep, Self::Maybe, Self::Drop, Self::Passed].into_iter().find(|c| c.as_str() == text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_choice_is_read_back_and_nothing_else_is() {
        for choice in [Choice::Keep, Choice::Maybe, Choice::Drop, Choice::Passed] {
            assert_eq!(Choice::parse(choice.as_str()), Some(choice));
        }
        for text in ["", "Keep", "kept", "true", " keep"] {
            assert_eq!(Choice::parse(text), None, "{text:?}");
        }
    }
}

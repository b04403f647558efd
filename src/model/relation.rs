//! Kinds of links between papers: their other direction, and how they are said to people.

use super::RelationKind;

/// A pair of kinds: how the first paper says it and how the other one does, each with the words
/// that stand between the two titles.
struct Pair {
    kind: &'static str,
    words: &'static str,
    inverse: &'static str,
    inverse_words: &'static str,
}

const fn pair(kind: &'static str, words: &'static str, inverse: &'static str, inverse_words: &'static str) -> Pair {
    Pair { kind, words, inverse, inverse_words }
}

/// Every kind that is known, the gravest first: of two links between the same two papers the upper
/// one is told.
///
/// The names are PubMed's (`CommentsCorrections/@RefType`) where it has one and Crossref's for
/// preprints (`is-preprint-of`, `has-preprint`). For papers read at meetings, protocols and entries
/// of trial registers neither Crossref nor `DataCite` nor JATS has a kind that says more than "version
/// of" or "related", so they have names of their own. News has PubMed-like names as well.
const PAIRS: &[Pair] = &[
    pair("retraction-in", "was retracted by", "retraction-of", "retracts"),
    pair("partial-retraction-in", "was retracted in part by", "partial-retraction-of", "retracts a part of"),
    pair(
        "retracted-and-republished-in",
        "was retracted and published anew as",
        "retracted-and-republished-from",
        "replaces the retracted",
    ),
    pair(
        "expression-of-concern-in",
        "has an expression of concern in",
        "expression-of-concern-for",
        "is an expression of concern about",
    ),
    pair(
        "corrected-and-republished-in",
        "was corrected and published again as",
        "corrected-and-republished-from",
        "is the corrected version of",
    ),
    pair("erratum-in", "was corrected by", "erratum-for", "corrects"),
    pair("preprint-of", "is the preprint of", "has-preprint", "was earlier a preprint,"),
    pair("meeting-paper-of", "was read at a meeting before", "has-meeting-paper", "was earlier read at a meeting,"),
    pair("update-in", "has a newer version,", "update-of", "is a newer version of"),
    pair("protocol-of", "is the protocol of", "has-protocol", "was planned in the protocol"),
    pair("registration-of", "is the trial register's entry for", "has-registration", "is registered as"),
    pair("republished-in", "was published again as", "republished-from", "was published before as"),
    pair("reprint-in", "was reprinted as", "reprint-of", "is a reprint of"),
    pair("comment-in", "was commented on by", "comment-on", "comments on"),
    pair(
        "summary-for-patients-in",
        "has a summary for patients,",
        "original-report-in",
        "is a summary for patients of",
    ),
    pair("associated-dataset", "has the data set", "associated-publication", "is the data set of"),
    pair("reported-in", "was reported in", "reports-on", "reports on"),
];

/// Opens the name of the other direction of a kind that the table does not know.
const OTHER_WAY: &str = "other-way-of-";

impl RelationKind {
    /// Returns the same link as the other paper says it: `erratum-for` for `erratum-in`. Turning
    /// twice gives the kind itself, also for kinds that nobody knows.
    #[must_use]
    pub fn inverse(&self) -> Self {
        for p in PAIRS {
            if self.as_str() == p.kind {
                return Self::new(p.inverse);
            }
            if self.as_str() == p.inverse {
                return Self::new(p.kind);
            }
        }
        match self.as_str().strip_prefix(OTHER_WAY) {
            Some(kind) => Self::new(kind),
            None => Self::new(&format!("{OTHER_WAY}{self}")),
        }
    }

    /// Returns the words that stand between the two titles: "is the preprint of".
    pub fn words(&self) -> String {
        let known = PAIRS.iter().find_map(|p| match self.as_str() {
            kind if kind == p.kind => Some(p.words),
            kind if kind == p.inverse => Some(p.inverse_words),
            _ => None,
        });
        known.map_or_else(|| format!("is linked ({self}) to"), str::to_owned)
    }

    /// Returns how grave a kind is, 0 for the gravest; both directions are equally grave, and
    /// kinds that nobody knows come last.
    pub fn gravity(&self) -> usize {
        let is_it = |p: &Pair| self.as_str() == p.kind || self.as_str() == p.inverse;
        PAIRS.iter().position(is_it).unwrap_or(PAIRS.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn turning_a_kind_twice_gives_it_back() {
        let known = PAIRS.iter().flat_map(|p| [p.kind, p.inverse]);
        for name in known.chain(["cites", "other-way-of-cites", "has-part", "x"]) {
            let kind = RelationKind::new(name);
            assert_eq!(kind.inverse().inverse(), kind, "{name}");
            assert_ne!(kind.inverse(), kind, "{name}");
            assert_eq!(kind.inverse().gravity(), kind.gravity(), "{name}");
        }
    }

    #[test]
    fn every_kind_stands_once_and_has_words() {
        let mut names: Vec<&str> = PAIRS.iter().flat_map(|p| [p.kind, p.inverse]).collect();
        let count = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), count);
        assert_eq!(RelationKind::new("preprint-of").words(), "is the preprint of");
        assert_eq!(RelationKind::new("erratum-in").words(), "was corrected by");
        assert_eq!(RelationKind::new("has-part").words(), "is linked (has-part) to");
    }
}

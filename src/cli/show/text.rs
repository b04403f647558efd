//! A paper's own words set for reading: citation, what links mean.

use crate::model::{PartialDate, Record, RelationKind, text};

/// What a link says of the paper that is shown, by the kind of the link.
const RELATIONS: [(&str, &str); 20] = [
    ("retraction-in", "retracted by"),
    ("retraction-of", "retracts"),
    ("erratum-in", "corrected by"),
    ("erratum-for", "corrects"),
    ("update-in", "updated by"),
    ("update-of", "updates"),
    ("expression-of-concern-in", "doubted in an expression of concern:"),
    ("expression-of-concern-for", "is an expression of concern about"),
    ("republished-in", "published again as"),
    ("republished-from", "published before as"),
    ("corrected-and-republished-in", "corrected and published again as"),
    ("corrected-and-republished-from", "corrected form of"),
    ("retracted-and-republished-in", "retracted and published again as"),
    ("retracted-and-republished-from", "new form of the retracted"),
    ("comment-in", "commented on in"),
    ("comment-on", "comments on"),
    ("preprint-of", "preprint of"),
    ("has-preprint", "came before as the preprint"),
    ("reports-on", "reports on"),
    ("cites", "cites"),
];

/// Returns what a link of this kind says; an unknown kind's own name in plain words.
pub fn relation(kind: &RelationKind) -> String {
    let known = RELATIONS.iter().find(|(name, _)| *name == kind.as_str());
    known.map_or_else(|| kind.as_str().replace('-', " "), |(_, words)| (*words).to_owned())
}

/// Returns text with its first letter a capital and a full stop at its end.
pub fn sentence(text: &str) -> String {
    text::capital(text) + "."
}

/// Returns where a paper appeared: "Acta Fabricata. 2026 Mar 5;12(3):45-50." Empty when nothing is known.
pub fn citation(record: &Record) -> String {
    let mut out = record
        .journal
        .as_deref()
        .map(|j| text::clean_line(j).trim_end_matches('.').to_owned() + ". ")
        .unwrap_or_default();
    let published = record.published.filter(|date| record.year.is_none_or(|year| year == date.year()));
    let when = published.map(date).or_else(|| record.citation_year().map(|y| y.to_string()));
    let number = record.number.as_ref().map(|n| format!("({n})"));
    let place = [record.volume.clone(), number].into_iter().flatten().collect::<String>();
    let pages = record.pages.as_ref().map(|p| format!(":{p}")).unwrap_or_default();
    out.push_str(&when.unwrap_or_default());
    if !place.is_empty() || !pages.is_empty() {
        out.push_str(&format!(";{place}{pages}"));
    }
    let out = out.trim().trim_end_matches('.').to_owned();
    if out.is_empty() { out } else { out + "." }
}

/// Returns a date as citations write it: "2026 Mar 5".
fn date(date: PartialDate) -> String {
    const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let month = date.month().and_then(|m| usize::try_from(m).ok()?.checked_sub(1)).and_then(|m| MONTHS.get(m));
    let day = date.day().map(|d| format!(" {d}")).unwrap_or_default();
    month.map_or_else(|| date.year().to_string(), |month| format!("{} {month}{day}", date.year()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_citation_says_what_is_known() {
        let own = |text: &str| Some(text.to_owned());
        let full = Record {
            journal: own("Acta Fabricata"),
            volume: own("12"),
            number: own("3"),
            pages: own("45-50"),
            year: Some(2026),
            published: PartialDate::parse("2026-03-05"),
            ..Record::default()
        };
        assert_eq!(citation(&full), "Acta Fabricata. 2026 Mar 5;12(3):45-50.");
        let ahead = Record { year: Some(2027), ..full.clone() };
        assert_eq!(citation(&ahead), "Acta Fabricata. 2027;12(3):45-50.", "the year to cite, not the first day");
        let bare = Record { journal: own("Acta."), year: Some(2020), ..Record::default() };
        assert_eq!(citation(&bare), "Acta. 2020.");
        assert_eq!(citation(&Record::default()), "");
    }

    #[test]
    fn links_are_said_in_words() {
        assert_eq!(relation(&RelationKind::new("retraction-in")), "retracted by");
        assert_eq!(relation(&RelationKind::new("odd-kind")), "odd kind");
    }
}

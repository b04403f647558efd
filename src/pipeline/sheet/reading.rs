//! What is read of a paper: title and abstract with the words marked that tags rest on, and where it can be read
//! whole.

use super::pieces::{self, Mark, Span};
use super::{AbstractPart, Link, tag_name};
use crate::model::{CanonicalUrl, Doi, Pmcid, Pmid, Record, passages};
use crate::pipeline::Config;
use crate::pipeline::cards::Paper;
use crate::pipeline::judge::TagFacet;

/// Returns where the words stand in a field's text that the paper's tags rest on by the rules: of all words that speak
/// for a tag the first place each. Tags that a person took away have none; words that cannot be found again are
/// left out.
pub(super) fn spans(paper: &Paper, config: &Config, field: &str, text: &str) -> Vec<Span> {
    let mut out = Vec::new();
    for (tag, reasons) in &paper.machine.why {
        let Some((facet, value)) = tag.split_once(':') else { continue };
        let Some(known) = TagFacet::ALL.into_iter().find(|f| f.as_str() == facet) else { continue };
        let has = match known {
            // Its reasons stand under a word of their own, beside those for where the conclusion begins.
            TagFacet::Finding => value == "text" && paper.judgement.finding == paper.machine.finding,
            _ => known.values(&paper.judgement).iter().any(|v| v == value),
        };
        if !has {
            continue;
        }
        let mark = Mark { facet: facet.to_owned(), value: value.to_owned(), name: tag_name(known, value, config) };
        for reason in reasons.iter().filter(|r| r.field == field) {
            out.extend(pieces::first(text, &reason.text).map(|at| Span { at, mark: mark.clone() }));
        }
    }
    out
}

/// Returns an abstract in its parts, each cut at the borders of spans.
pub(super) fn abstract_parts(whole: &str, spans: &[Span]) -> Vec<AbstractPart> {
    let part = |p: crate::model::Passage<'_>| AbstractPart {
        pieces: pieces::cut(whole, p.start..p.start + p.body.len(), spans),
        label: p.label,
    };
    passages(whole).into_iter().map(part).collect()
}

/// Returns the outside names and addresses of a paper, the surest first, no address twice.
pub(super) fn links(record: &Record) -> Vec<Link> {
    let named = [
        record.doi.as_ref().map(|d| (format!("DOI {d}"), Doi::url(d))),
        record.pmid.map(|p| (format!("PubMed {p}"), Pmid::url(p))),
        record.pmcid.as_ref().map(|p| (format!("PubMed Central {p}"), Pmcid::url(p))),
        record.url.clone().map(|url| (at_host("Page", &url), url)),
    ];
    let texts = record.links.iter().map(|url| (at_host("Full text", url), url.clone()));
    let mut seen: Vec<CanonicalUrl> = Vec::new();
    let mut out = Vec::new();
    for (name, href) in named.into_iter().flatten().chain(texts) {
        let Some(plain) = CanonicalUrl::parse(&href).filter(|plain| !seen.contains(plain)) else { continue };
        seen.push(plain);
        out.push(Link { name, href: href.trim().to_owned() });
    }
    out
}

/// Returns what an address leads to, with its host: "Page at example.org".
fn at_host(what: &str, url: &str) -> String {
    let canonical = CanonicalUrl::parse(url);
    let host = canonical.as_ref().and_then(|u| u.as_str().strip_prefix("https://")?.split(['/', '?']).next());
    host.map_or_else(|| what.to_owned(), |host| format!("{what} at {host}"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn only_addresses_of_pages_are_links_and_none_twice() {
        let record = Record {
            doi: Doi::parse("10.5555/abc"),
            pmid: Pmid::parse("90000001"),
            pmcid: Pmcid::parse("PMC9000001"),
            url: Some("https://doi.org/10.5555/abc".into()),
            links: [
                "javascript:alert(1)",
                "data:text/html,x",
                "HTTPS://www.example.org/full?x=1",
                "https://example.org/full?x=1",
                "//example.org",
                " http://example.org/a b ",
            ]
            .map(str::to_owned)
            .to_vec(),
            ..Record::default()
        };
        let got: Vec<String> = links(&record).into_iter().map(|l| format!("{} -> {}", l.name, l.href)).collect();
        assert_eq!(
            got,
            [
                "DOI 10.5555/abc -> https://doi.org/10.5555/abc",
                "PubMed 90000001 -> https://pubmed.ncbi.nlm.nih.gov/90000001/",
                "PubMed Central PMC9000001 -> https://pmc.ncbi.nlm.nih.gov/articles/PMC9000001/",
                "Full text at example.org -> HTTPS://www.example.org/full?x=1",
                "Full text at example.org -> http://example.org/a b",
            ]
        );
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn an_abstract_loses_no_word(
            parts in prop::collection::vec(("([A-Z]{1,8}: |Methods used: |)", "\\PC{0,20}", "(\n\n|\n\n\n|\n| \n\n )"), 0..6),
            words in prop::collection::vec("[a-zA-Z ]{1,4}", 0..4),
        ) {
            let whole: String = parts.iter().flat_map(|(label, body, end)| [label.as_str(), body, end]).collect();
            let spans: Vec<Span> = words
                .iter()
                .filter_map(|w| Some(Span { at: pieces::first(&whole, w)?, mark: Mark { facet: "f".into(), value: w.clone(), name: w.clone() } }))
                .collect();
            let mut rest = whole.as_str();
            for part in abstract_parts(&whole, &spans) {
                let body: String = part.pieces.iter().map(|p| p.text.as_str()).collect();
                // What is left out before a part's words is blanks, and its label with a colon.
                let label = part.label.clone().unwrap_or_default();
                let at = rest.match_indices(&body).map(|(at, _)| at).find(|at| {
                    let before = rest.get(..*at).unwrap().trim();
                    if label.is_empty() { before.is_empty() } else { before.to_lowercase() == format!("{}:", label.to_lowercase()) }
                });
                prop_assert!(at.is_some(), "{body:?} behind {label:?} in {rest:?}");
                rest = rest.get(at.unwrap() + body.len()..).unwrap();
            }
            prop_assert_eq!(rest.trim(), "");
        }
    }
}

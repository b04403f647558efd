//! Names of countries and regions that have several words, so that `country:South Africa` without
//! quotation marks is the country and not a word beside `South`.

use super::field::{FieldName, TagField};
use super::lex::{Kind, Lexeme};
use crate::index::analyse;

/// The most words of a name that is put together: "democratic republic of congo".
const WORDS_MAX: usize = 4;

/// Names as they are compared, folded and without marks: English ones of several words.
#[rustfmt::skip]
const NAMES: &[&str] = &[
    "south africa", "burkina faso", "sierra leone", "sri lanka", "south sudan", "costa rica", "el salvador",
    "cape verde", "cabo verde", "ivory coast", "cote d ivoire", "guinea bissau", "equatorial guinea",
    "papua new guinea", "solomon islands", "marshall islands", "new zealand", "saudi arabia", "united arab emirates",
    "united kingdom", "united states", "united states of america", "dominican republic", "central african republic",
    "democratic republic of congo", "dr congo", "republic of congo", "north macedonia", "bosnia and herzegovina",
    "czech republic", "east timor", "timor leste", "north korea", "south korea", "hong kong", "viet nam",
    "lao pdr", "puerto rico", "saint lucia", "trinidad and tobago", "antigua and barbuda", "san marino",
    "sao tome and principe", "syrian arab republic", "occupied palestinian territory", "west bank and gaza",
    "east africa", "eastern africa", "west africa", "western africa", "southern africa", "central africa",
    "middle africa", "north africa", "northern africa", "sub saharan africa", "sub saharan", "south asia",
    "southern asia", "south east asia", "southeast asia", "south eastern asia", "east asia", "eastern asia",
    "central asia", "western asia", "west asia", "middle east", "latin america", "latin america and the caribbean",
    "south america", "central america", "north america", "eastern europe", "eastern mediterranean",
    "western pacific", "east asia and pacific", "europe and central asia", "middle east and north africa",
];

/// Returns the pieces with a name of several words behind `country:` or `region:` as one, and adds a
/// note for each.
pub(super) fn together(lexemes: &[Lexeme], notes: &mut Vec<String>) -> Vec<Lexeme> {
    let mut out: Vec<Lexeme> = Vec::with_capacity(lexemes.len());
    let mut rest = lexemes;
    while let Some((lexeme, more)) = rest.split_first() {
        let name = match out.last().map(|l| &l.kind) {
            Some(Kind::Field(FieldName::Tag(TagField::Country | TagField::Region))) => longest(rest),
            _ => None,
        };
        if let Some((name, count)) = name {
            notes.push(format!("{name:?} was taken together as one name; in quotation marks it always is"));
            out.push(Lexeme { kind: Kind::Phrase(name), column: lexeme.column });
            rest = rest.get(count..).unwrap_or_default();
        } else {
            out.push(lexeme.clone());
            rest = more;
        }
    }
    out
}

/// Returns the longest name of several words that a list begins with, and how many pieces it takes.
fn longest(list: &[Lexeme]) -> Option<(String, usize)> {
    (2..=WORDS_MAX).rev().find_map(|count| {
        let words: Option<Vec<&str>> = list
            .get(..count)?
            .iter()
            .map(|l| if let Kind::Word(word) = &l.kind { Some(word.as_str()) } else { None })
            .collect();
        let name = words?.join(" ");
        NAMES.contains(&analyse::key(&name).as_str()).then_some((name, count))
    })
}

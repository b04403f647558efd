//! Invented papers for tests.

#![cfg(test)]

use crate::index::Knowledge;
use crate::model::{
    Author, Country, Design, Doi, Identifier, Income, Lexicon, Month, Paper, PartialDate, Pmid, Record, WorkId,
};

/// Countries of the shelf: code, then names with commas between, the one for readers first.
const COUNTRIES: &[(&str, &str)] = &[
    ("KEN", "Kenya, KE, Kenyan"),
    ("PAK", "Pakistan, PK, Pakistani"),
    ("BRA", "Brazil, BR, Brazilian"),
    ("CIV", "Côte d'Ivoire, CI, Ivorian, Ivory Coast"),
    ("UGA", "Uganda, UG, Ugandan"),
    ("VNM", "Vietnam, VN, Vietnamese"),
    ("NGA", "Nigeria, NG, Nigerian"),
    ("NPL", "Nepal, NP, Nepali"),
    ("MEX", "Mexico, MX, Mexican"),
    // Nothing on the shelf is about it.
    ("SEN", "Senegal, SN, Senegalese"),
];

/// Returns what is known on the shelf: its countries.
pub fn knowledge() -> Knowledge {
    let countries: Vec<Country> = COUNTRIES
        .iter()
        .map(|(iso3, names)| {
            let mut names = words(names).into_iter();
            Country {
                iso3: (*iso3).to_owned(),
                name: names.next().unwrap_or_default(),
                iso2: names.next().unwrap_or_default(),
                income: Income::Low,
                region: String::new(),
                aliases: Vec::new(),
                demonyms: names.collect(),
                places: Vec::new(),
                weak: Vec::new(),
                traps: Vec::new(),
                is_lmic: true,
                lmic_last_fy: String::new(),
            }
        })
        .collect();
    Knowledge::new(&Lexicon::default(), &countries)
}

fn words(text: &str) -> Vec<String> {
    text.split(',').map(|w| w.trim().to_owned()).filter(|w| !w.is_empty()).collect()
}

/// Returns a paper with a title, an abstract and a year; `name` is its native id.
pub fn paper(name: &str, title: &str, body: &str, published: &str) -> Paper {
    let guid = Identifier::Guid { source: "test".to_owned(), guid: name.to_owned() };
    let published = PartialDate::parse(published);
    let record = Record {
        title: title.to_owned(),
        abstract_text: Some(body.to_owned()).filter(|b| !b.is_empty()),
        year: published.map(PartialDate::year),
        published,
        language: vec!["en".to_owned()],
        ..Record::default()
    };
    Paper {
        names: vec![name.to_owned()],
        sources: vec!["pubmed-main".to_owned()],
        ..Paper::untagged(WorkId::mint(&guid, 0), record)
    }
}

/// What a test gives a paper beyond its text.
pub trait With: Sized {
    fn country(self, iso3: &str) -> Self;
    fn tags(self, design: Design, twg: &str, conditions: &str) -> Self;
    fn author(self, family: &str, given: &str) -> Self;
    fn with(self, change: impl FnOnce(&mut Record)) -> Self;
}

impl With for Paper {
    fn country(mut self, iso3: &str) -> Self {
        self.countries.push(iso3.to_owned());
        self
    }

    fn tags(mut self, design: Design, twg: &str, conditions: &str) -> Self {
        self.design = design;
        self.twg = words(twg);
        self.conditions = words(conditions);
        self
    }

    fn author(mut self, family: &str, given: &str) -> Self {
        self.record.authors.push(Author::person(family, given));
        self
    }

    fn with(mut self, change: impl FnOnce(&mut Record)) -> Self {
        change(&mut self.record);
        self
    }
}

/// The shelf that `tests/cases/queries.toml` speaks of.
pub fn shelf() -> Vec<Paper> {
    first_half().into_iter().chain(second_half()).collect()
}

fn first_half() -> Vec<Paper> {
    let mut kenya = paper(
        "kenya-trial",
        "Group therapy for postpartum depression: a trial",
        "We enrolled mothers in Nairobi. The health workers led groups of ten.",
        "2024-06-15",
    )
    .country("KEN")
    .tags(Design::Rct, "evidence", "depression")
    .author("D'Souza", "Asha")
    .with(|r| {
        r.journal = Some("Invented Journal of Care".to_owned());
        r.doi = Doi::parse("10.5555/kenya.1");
        r.pmid = Pmid::parse("90000001");
        r.open_access = Some(true);
    });
    kenya.issue = Month::parse("2026-09");
    vec![
        kenya,
        paper(
            "pakistan-lhw",
            "Thinking Healthy delivered by lady health workers",
            "A cluster trial for the mother's perinatal depression in rural Pakistan.",
            "2022-11-03",
        )
        .country("PAK")
        .tags(Design::ClusterRct, "evidence", "perinatal-depression")
        .with(|r| {
            r.journal = Some("Invented Journal of Care".to_owned());
            r.pmid = Pmid::parse("90000002");
        }),
        paper(
            "brazil-cohort",
            "Sleep and mood in a birth cohort",
            "A cohort study of mothers of infants. Post-partum depression and the health of the family.",
            "2023-01",
        )
        .country("BRA")
        .tags(Design::Cohort, "evidence", "depression")
        .author("Example", "Maria Luz")
        .with(|r| r.doi = Doi::parse("10.5555/s0140(23)01")),
        paper(
            "ivoire-stigma",
            "Stigma among women living in Abidjan",
            "The mothers’ accounts of shame and health care.",
            "2023-05",
        )
        .country("CIV")
        .tags(Design::Qualitative, "advocacy", "")
        .with(|r| r.open_access = Some(true)),
    ]
}

fn second_half() -> Vec<Paper> {
    let mut uganda = paper(
        "uganda-adolescent",
        "Peer support for pregnant adolescents",
        "In Kampala we asked girls about self-harm and the support of friends. Mental health was poor.",
        "2021-02",
    )
    .country("UGA")
    .tags(Design::Qualitative, "adolescent, advocacy", "self-harm");
    uganda.populations = words("adolescent");
    uganda.interventions = words("peer-support");
    let mut editorial = paper(
        "retired-editorial",
        "Talking about postpartum depression",
        "The health of women matters and so does their voice.",
        "2017",
    )
    .tags(Design::PolicyCommentary, "advocacy", "")
    .with(|r| r.url = Some("https://example.org/news/editorial/".to_owned()));
    editorial.flags = words("retracted");
    editorial.sources = vec!["org-news".to_owned()];
    vec![
        paper("vietnam-validation", "Validation of the PHQ-9 in pregnancy", "The health survey of Hanoi.", "2019-03")
            .country("VNM")
            .tags(Design::Validation, "evidence", ""),
        paper("nigeria-screening", "Screening with the PHQ9", "Health centres of the south.", "2020-08")
            .country("NGA")
            .tags(Design::CrossSectional, "evidence", "")
            .author("Okonkwo", "N"),
        paper("nepal-spaced", "Use of the PHQ 9 by health workers", "", "2018").country("NPL").tags(
            Design::CrossSectional,
            "evidence",
            "",
        ),
        uganda,
        editorial,
        paper("mexico-spanish", "Depresión posparto en México", "Un estudio con madres jóvenes.", "2024")
            .country("MEX")
            .tags(Design::CrossSectional, "evidence", "")
            .with(|r| {
                r.language = vec!["es".to_owned()];
                r.keywords = vec!["Mental Health".to_owned()];
            }),
        paper(
            "stigma-review",
            "Stigma in health care: a review",
            "We review the studies of harm and of shame.",
            "2020-01-01",
        )
        .tags(Design::ScopingOtherReview, "evidence", "")
        .with(|r| r.types = vec!["Preprint".to_owned()]),
    ]
}

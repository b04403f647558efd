//! Invented papers for tests.

#![cfg(test)]

use std::collections::BTreeMap;

use crate::index::IndexDoc;
use crate::model::{
    Author, Design, Doi, Identifier, Judgement, Month, PartialDate, Pmid, Record, RecordKey, Scope, Work, WorkId,
};

/// A paper with all that the index asks for.
#[derive(Debug, Clone)]
pub struct Paper {
    pub work: Work,
    judgement: Judgement,
    country_names: Vec<String>,
    issue: Option<Month>,
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
    let judgement = Judgement {
        scope: Scope::In,
        exclude_reason: None,
        countries: Vec::new(),
        region_terms: Vec::new(),
        twg: Vec::new(),
        twg_primary: None,
        conditions: Vec::new(),
        interventions: Vec::new(),
        populations: Vec::new(),
        perinatal_stage: Vec::new(),
        design: Design::Unclear,
        flags: Vec::new(),
        conclusion: Vec::new(),
        finding: None,
        relevance: 0.0,
        why: BTreeMap::new(),
    };
    let members = vec![RecordKey { source: "pubmed-main".to_owned(), id: name.to_owned() }];
    let work = Work { id: WorkId::mint(&guid, 0), record, fields_from: BTreeMap::new(), members };
    Paper { work, judgement, country_names: Vec::new(), issue: None }
}

impl Paper {
    fn country(mut self, iso3: &str, names: &str) -> Self {
        self.judgement.countries.push(iso3.to_owned());
        self.country_names = words(names);
        self
    }

    fn tags(mut self, design: Design, twg: &str, conditions: &str) -> Self {
        self.judgement.design = design;
        self.judgement.twg = words(twg);
        self.judgement.conditions = words(conditions);
        self
    }

    fn author(mut self, family: &str, given: &str) -> Self {
        self.work.record.authors.push(Author::person(family, given));
        self
    }

    fn with(mut self, change: impl FnOnce(&mut Record)) -> Self {
        change(&mut self.work.record);
        self
    }

    pub fn name(&self) -> &str {
        &self.work.members[0].id
    }

    pub fn doc(&self) -> IndexDoc<'_> {
        IndexDoc {
            work: &self.work,
            judgement: &self.judgement,
            country_names: self.country_names.clone(),
            native_id: self.name().to_owned(),
            issue: self.issue,
            other_names: Vec::new(),
        }
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
    .country("KEN", "Kenya, KE, Kenyan")
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
        .country("PAK", "Pakistan, PK, Pakistani")
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
        .country("BRA", "Brazil, BR, Brazilian")
        .tags(Design::Cohort, "evidence", "depression")
        .author("Example", "Maria Luz")
        .with(|r| r.doi = Doi::parse("10.5555/s0140(23)01")),
        paper(
            "ivoire-stigma",
            "Stigma among women living in Abidjan",
            "The mothers’ accounts of shame and health care.",
            "2023-05",
        )
        .country("CIV", "Côte d'Ivoire, CI, Ivorian")
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
    .country("UGA", "Uganda, UG, Ugandan")
    .tags(Design::Qualitative, "adolescent, advocacy", "self-harm");
    uganda.judgement.populations = words("adolescent");
    uganda.judgement.interventions = words("peer-support");
    let mut editorial = paper(
        "retired-editorial",
        "Talking about postpartum depression",
        "The health of women matters and so does their voice.",
        "2017",
    )
    .tags(Design::PolicyCommentary, "advocacy", "")
    .with(|r| r.url = Some("https://example.org/news/editorial/".to_owned()));
    editorial.work.members[0].source = "org-news".to_owned();
    vec![
        paper("vietnam-validation", "Validation of the PHQ-9 in pregnancy", "The health survey of Hanoi.", "2019-03")
            .country("VNM", "Vietnam, VN, Vietnamese")
            .tags(Design::Validation, "evidence", ""),
        paper("nigeria-screening", "Screening with the PHQ9", "Health centres of the south.", "2020-08")
            .country("NGA", "Nigeria, NG, Nigerian")
            .tags(Design::CrossSectional, "evidence", "")
            .author("Okonkwo", "N"),
        paper("nepal-spaced", "Use of the PHQ 9 by health workers", "", "2018")
            .country("NPL", "Nepal, NP, Nepali")
            .tags(Design::CrossSectional, "evidence", ""),
        uganda,
        editorial,
        paper("mexico-spanish", "Depresión posparto en México", "Un estudio con madres jóvenes.", "2024")
            .country("MEX", "Mexico, MX, Mexican")
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
        .tags(Design::ScopingOtherReview, "evidence", ""),
    ]
}

//! Invented issues for the tests of this module: a full month, an empty one, a hostile one.

#![cfg(test)]

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{
    Author, Colours, Design, Doi, Event, Evidence, House, Issue, IssueItem, IssueSection, Judgement, Language, Month,
    PartialDate, Pmid, Record, Relation, RelationKind, Scope, Score, ScorePart, SourceNote,
};

/// An item as a row: section, title, finding, journal, day of January, country codes, design, flags.
type Row = (&'static str, &'static str, &'static str, &'static str, i8, &'static str, Design, &'static str);

const IKEL: &str = "information";
const EVIDENCE: &str = "evidence";
const ADVOCACY: &str = "advocacy";
const ADOLESCENT: &str = "adolescent";
const MORE: &str = "more";

/// Every paper, name and figure here is invented.
const ROWS: [Row; 25] = [
    (
        EVIDENCE,
        "Lay-worker delivered problem-solving therapy in routine antenatal care: a cluster-randomised invented trial",
        "Among 1,204 invented participants in 40 clinics, remission at six months was 58% with lay-worker therapy and 41% with enhanced usual care.",
        "Sample Midwifery Review",
        9,
        "Nigeria",
        Design::ClusterRct,
        "open",
    ),
    (
        IKEL,
        "Antenatal depressive symptoms and food insecurity in a district hospital: an invented cross-sectional study",
        "One in four of 412 invented participants screened positive; food insecurity was the strongest correlate.",
        "Journal of Placeholder Studies",
        8,
        "Ethiopia",
        Design::CrossSectional,
        "open",
    ),
    (
        IKEL,
        "Validation of a locally adapted nine-item questionnaire for use by community midwives",
        "At a cut-off of 9 the invented scale reached a sensitivity of 84% and a specificity of 79%.",
        "Specimen Global Health",
        14,
        "Malawi",
        Design::Validation,
        "open",
    ),
    (
        IKEL,
        "Perinatal anxiety in low- and middle-income countries: an updated invented meta-analysis",
        "Pooled prevalence was 22% across 61 invented studies, with wide variation by instrument and trimester.",
        "Journal of Placeholder Studies",
        19,
        "",
        Design::MetaAnalysis,
        "",
    ),
    (
        IKEL,
        "“I kept it in my heart”: help-seeking among new mothers in an informal settlement",
        "Twenty-eight invented mothers described silence, faith and neighbours as the first line of support.",
        "Placeholder Health Research",
        12,
        "Kenya",
        Design::Qualitative,
        "open",
    ),
    (
        IKEL,
        "[Perinatal mental health in rural districts: an invented survey].",
        "Symptoms were twice as common where the nearest clinic was over two hours away.",
        "Revista de Ejemplo",
        5,
        "Peru",
        Design::CrossSectional,
        "spanish open",
    ),
    (
        IKEL,
        "Paternal depression in the perinatal period: measures used in sub-Saharan Africa",
        "Eleven measures were found; none had been validated with fathers in the invented set.",
        "Open Mock Research",
        22,
        "Ghana;Kenya;Malawi;Nigeria;Uganda;Zambia",
        Design::ScopingOtherReview,
        "open",
    ),
    (
        EVIDENCE,
        "Group interpersonal therapy for women living with HIV: an invented randomised trial",
        "Symptom scores fell by 4.1 points more than in the comparison group at three months.",
        "Specimen Global Health",
        17,
        "Uganda",
        Design::Rct,
        "open",
    ),
    (
        EVIDENCE,
        "Thinking healthy at scale: costs of a peer-delivered programme",
        "The invented programme cost 14 dollars for each woman reached.",
        "Journal of Placeholder Studies",
        11,
        "Pakistan",
        Design::Economic,
        "",
    ),
    (
        EVIDENCE,
        "Adding mental health to home visits: a before–after comparison in three districts",
        "Screening rose from 12% to 67% of visits; referral did not change.",
        "Sample Midwifery Review",
        25,
        "India;Nepal",
        Design::QuasiExperimental,
        "open",
    ),
    (
        EVIDENCE,
        "Feasibility of tele-supervision for nurse counsellors",
        "Nurses kept 81% of sessions; connection was the main barrier.",
        "Open Mock Research",
        3,
        "Rwanda",
        Design::ImplementationOther,
        "open preprint",
    ),
    (
        EVIDENCE,
        "Protocol for a stepped-care trial after stillbirth",
        "",
        "Placeholder Trials",
        28,
        "South Africa",
        Design::Protocol,
        "open",
    ),
    (
        ADVOCACY,
        "Maternal mental health in national plans: an invented review of 34 policies",
        "Twelve of 34 plans name perinatal mental health; three give it a budget line.",
        "Specimen Global Health",
        16,
        "",
        Design::ScopingOtherReview,
        "open",
    ),
    (
        ADVOCACY,
        "Respectful maternity care and distress after birth: a call for shared indicators",
        "The invented authors propose four indicators that facilities could already report.",
        "Example Psychiatry",
        18,
        "",
        Design::PolicyCommentary,
        "open",
    ),
    (
        ADVOCACY,
        "Women with lived experience as advisers: lessons from a peer network",
        "Advisers changed the intake form, the clinic hours and the budget in this invented network.",
        "Example Psychiatry",
        27,
        "Zimbabwe",
        Design::Qualitative,
        "open",
    ),
    (
        ADVOCACY,
        "Task-sharing laws and the prescribing of antidepressants by nurses",
        "Two of five invented jurisdictions allow nurses to begin treatment.",
        "Journal of Placeholder Studies",
        24,
        "Tanzania;Rwanda",
        Design::ScopingOtherReview,
        "",
    ),
    (
        ADOLESCENT,
        "Mental health of pregnant adolescents in school re-entry programmes",
        "Return to school went with lower symptom scores at twelve months.",
        "Sample Midwifery Review",
        2,
        "Sierra Leone",
        Design::Cohort,
        "open preprint",
    ),
    (
        ADOLESCENT,
        "A peer-led digital group for adolescent mothers: an invented feasibility trial",
        "Eighty-one per cent stayed to the last session; data costs were the main barrier.",
        "Sample Midwifery Review",
        20,
        "Kenya",
        Design::Rct,
        "open",
    ),
    (
        ADOLESCENT,
        "Adolescents as co-researchers: methods and ethics of participatory work",
        "A ten-point checklist was drawn up with 24 invented young mothers.",
        "Placeholder Methods",
        27,
        "Mozambique",
        Design::MixedMethods,
        "open",
    ),
    (
        ADOLESCENT,
        "Stigma, schooling and depressive symptoms among married adolescents",
        "Stigma scores explained more than household wealth in this invented survey.",
        "Example Psychiatry",
        23,
        "Niger",
        Design::CrossSectional,
        "",
    ),
    (
        ADOLESCENT,
        "Services for adolescent mothers with depression: an invented systematic review",
        "Eleven invented studies; two were rated at low risk of bias.",
        "Placeholder Health Research",
        28,
        "",
        Design::SystematicReview,
        "open",
    ),
    (
        MORE,
        "Placental biomarkers and later maternal mood: an invented nested study",
        "",
        "Sample Midwifery Review",
        25,
        "Thailand",
        Design::CaseControl,
        "",
    ),
    (
        MORE,
        "Heat in pregnancy and distress: an invented analysis of ten summers",
        "",
        "Sample Midwifery Review",
        18,
        "Burkina Faso",
        Design::Cohort,
        "open",
    ),
    (
        MORE,
        "Neonatal unit separation and parents’ distress: an invented interview study",
        "",
        "Open Mock Research",
        9,
        "Zambia",
        Design::Qualitative,
        "open",
    ),
    (
        MORE,
        "Health ministers of six invented countries sign a statement on mothers’ mental health",
        "",
        "",
        30,
        "Timor-Leste",
        Design::PolicyCommentary,
        "",
    ),
];

/// Returns the house that publishes in the tests.
pub fn house() -> House {
    House {
        community: "Perinatal Mental Health Community of Practice".into(),
        name: "Literature Roundup".into(),
        short_name: "PMH Literature Roundup".into(),
        web_address: "https://example.org/roundup".into(),
        contact: "secretariat@example.org".into(),
        request: String::new(),
        method: "papers were gathered from PubMed and journal feeds, grouped by working group and chosen by the secretariat. One-line findings are drawn from abstracts; inclusion is not endorsement.".into(),
        time_zone: "Africa/Nairobi".into(),
        first_issue: Month::parse("2029-11"),
        language: Language::English,
        content_notes: true,
        intro: String::new(),
        footer: String::new(),
        colours: Colours::default(),
    }
}

/// Returns an item of a row; `n` gives it its own identifiers.
fn item(n: usize, row: &Row) -> IssueItem {
    let (section, title, finding, journal, day, countries, design, flags) = *row;
    let is_preprint = flags.contains("preprint");
    let names = ["Example", "Sample", "Placeholder", "Fixture", "Filler", "Specimen"];
    let authors = (0..=n % 5).map(|k| Author::person(names[(n + k) % names.len()], ["Ama", "Bina Rose", "C"][k % 3]));
    let number = 90_000_100 + u32::try_from(n).unwrap();
    let record = Record {
        id: format!("pmid:{number}"),
        title: title.to_owned(),
        abstract_text: (!finding.is_empty()).then(|| format!("CONCLUSIONS: {finding}")),
        authors: authors.collect(),
        journal: (!journal.is_empty()).then(|| journal.to_owned()),
        volume: Some("7".into()),
        pages: Some(format!("{n}-{}", n + 8)),
        published: PartialDate::new(2030, Some(1), Some(day)),
        language: vec![if flags.contains("spanish") { "es" } else { "en" }.to_owned()],
        doi: Doi::parse(&format!("10.5555/roundup.2030.{n:04}")),
        pmid: Pmid::parse(&number.to_string()),
        types: vec![if is_preprint { "Preprint" } else { "Journal Article" }.to_owned()],
        open_access: flags.contains("open").then_some(true),
        ..Record::default()
    };
    IssueItem {
        id: format!("waaaaaaaa{}{}{}", digit(n / 9), digit(n % 9), "z"),
        section: section.to_owned(),
        title: title.to_owned(),
        summary: finding.to_owned(),
        why: String::new(),
        link: record.best_link().unwrap(),
        countries: countries.split(';').filter(|c| !c.is_empty()).map(str::to_owned).collect(),
        regions: regions(countries),
        judgement: Some(judgement(section, design, countries.is_empty())),
        score: Some(Score {
            total: 0.75,
            parts: vec![ScorePart { name: "relevance".into(), value: 0.75, weight: 1.0, note: "fits well".into() }],
        }),
        record,
        remark: String::new(),
    }
}

/// Returns the regions of some countries, each once.
fn regions(countries: &str) -> Vec<String> {
    let region = |country: &str| match country {
        "Peru" => "LAC",
        "India" | "Nepal" => "SAS",
        "Pakistan" => "MENAAP",
        "Thailand" | "Timor-Leste" => "EAP",
        _ => "SSA",
    };
    let found: BTreeSet<&str> = countries.split(';').filter(|c| !c.is_empty()).map(region).collect();
    found.into_iter().map(str::to_owned).collect()
}

/// Returns a character that may stand in a work id.
fn digit(n: usize) -> char {
    ['b', 'c', 'd', 'e', 'f', 'g', 'h', 'j', 'k'][n]
}

fn judgement(section: &str, design: Design, names_group: bool) -> Judgement {
    let evidence = Evidence { rule: "design.words".into(), field: "title".into(), text: "trial".into() };
    Judgement {
        scope: Scope::In,
        exclude_reason: None,
        countries: Vec::new(),
        region_terms: if names_group { vec!["LMIC".into()] } else { Vec::new() },
        twg: vec![section.to_owned()],
        twg_primary: Some(section.to_owned()),
        conditions: vec!["depression".into()],
        interventions: Vec::new(),
        populations: Vec::new(),
        perinatal_stage: Vec::new(),
        design,
        flags: Vec::new(),
        conclusion: Vec::new(),
        finding: None,
        relevance: 0.9,
        why: BTreeMap::from([(format!("design:{design}"), vec![evidence])]),
    }
}

/// Returns the four sections with the items given.
fn sections(items: &[IssueItem]) -> Vec<IssueSection> {
    [
        (
            IKEL,
            "Information, Knowledge Exchange and Learning",
            "Prevalence, measurement, reviews and experience that close gaps in understanding.",
        ),
        (EVIDENCE, "Evidence and Impact", "What works, for whom, and at what cost."),
        (ADVOCACY, "Advocacy", "Policy, rights, stigma and the voices of women."),
        (ADOLESCENT, "Adolescent", "Pregnant and parenting adolescents and young people."),
    ]
    .map(|(id, name, blurb)| IssueSection {
        id: id.to_owned(),
        name: name.to_owned(),
        blurb: blurb.to_owned(),
        items: items.iter().filter(|i| i.section == id).cloned().collect(),
    })
    .into()
}

/// Returns a full month.
pub fn full() -> Issue {
    let mut items: Vec<IssueItem> = ROWS.iter().enumerate().map(|(n, row)| item(n, row)).collect();
    let mut pick = items.remove(0);
    pick.why = "Supervision by existing clinic staff was enough to start.".into();
    items[9].remark = "Earlier as a preprint, in the issue of November 2029".into();
    Issue {
        month: Month::parse("2030-01").unwrap(),
        number: Some(3),
        subject: "PMH Literature Roundup · January 2030".into(),
        preheader: "25 invented papers: a lay-worker therapy trial, perinatal anxiety reviewed, and what national plans leave out.".into(),
        note: "Every paper, author, journal and figure in this issue is invented.\n\nThe secretariat’s note stands here: two or three sentences on what stood out this month, in a person’s voice, naming at most two items and saying who should read them.".into(),
        pick: Some(pick),
        sections: sections(&items),
        more: items.iter().filter(|i| i.section == MORE).cloned().collect(),
        events: vec![
            Event { date: "2030-02-12".into(), title: "Invented webinar: measuring what matters to mothers".into(), link: "https://example.org/events/1".into(), line: 0 },
            Event { date: "3 Mar".into(), title: "Invented call for abstracts closes".into(), link: "https://example.org/events/2".into(), line: 0 },
        ],
        request: "Tell us which two papers you used in your work this year.".into(),
        earlier: vec![Month::parse("2029-12").unwrap(), Month::parse("2029-11").unwrap()],
        stale_sources: vec![SourceNote { id: "sample".into(), name: "Sample Midwifery Review".into(), reason: "the server did not answer".into() }],
    }
}

/// Returns a month without a single item.
pub fn empty() -> Issue {
    Issue {
        number: None,
        subject: String::new(),
        preheader: String::new(),
        note: String::new(),
        pick: None,
        sections: sections(&[]),
        more: Vec::new(),
        events: Vec::new(),
        request: String::new(),
        earlier: Vec::new(),
        stale_sources: Vec::new(),
        ..full()
    }
}

/// Text that every mailing tool would run somewhere, and markup.
pub const HOSTILE: &str =
    "*|IF:X|* {{ env \"HOME\" }} {% x %} [[y]] %%z%% {$u} <script>alert('1')</script> a@TrackLink *|UNSUB|*";

/// Returns a month in which every text is hostile or extreme.
pub fn hostile() -> Issue {
    let mut items: Vec<IssueItem> = ROWS.iter().skip(1).take(8).enumerate().map(|(n, row)| item(n, row)).collect();
    for item in &mut items {
        item.title = HOSTILE.into();
        item.summary = HOSTILE.into();
        item.why = HOSTILE.into();
        item.remark = HOSTILE.into();
        item.countries = vec![HOSTILE.into()];
        item.record.journal = Some(HOSTILE.into());
        item.record.authors = vec![Author::group(HOSTILE)];
        item.link = format!("https://example.org/{HOSTILE}");
    }
    items[1].title = "unbroken".repeat(15);
    items[1].link = format!("https://example.org/{}", "long/".repeat(40));
    items[2].title = "الصحة النفسية للأمهات في فترة ما حول الولادة: دراسة مختلقة".into();
    items[2].record.title = items[2].title.clone();
    items[2].record.language = vec!["ar".into()];
    items[3].record.authors = (0..60).map(|n| Author::person(format!("Example{n}"), "A")).collect();
    items[3].link = "javascript:alert(1)".into();
    items[4].record.types.push("Retracted Publication".into());
    items[5].record.relations.push(Relation {
        kind: RelationKind::new("expression-of-concern-in"),
        pmid: None,
        doi: None,
        note: None,
    });
    items[6].title = "Dépression périnatale à Đà Nẵng\u{9b} — «é»\u{202e}".into();
    items[7].title = "Long title ".repeat(40);
    let pick = items.remove(0);
    Issue {
        subject: format!("{HOSTILE}\r\nBcc: all@example.org"),
        preheader: HOSTILE.into(),
        note: format!("{HOSTILE}\n\n{HOSTILE}"),
        request: HOSTILE.into(),
        pick: Some(pick),
        sections: sections(&items),
        more: items.iter().take(2).cloned().collect(),
        events: vec![Event { date: HOSTILE.into(), title: HOSTILE.into(), link: HOSTILE.into(), line: 0 }],
        stale_sources: vec![SourceNote { id: "x".into(), name: HOSTILE.into(), reason: HOSTILE.into() }],
        ..full()
    }
}

//! Six months of invented issues: a usual one, an empty one, one paper, sixty, three scripts, and a hostile one.
//!
//! Every paper, author, journal and figure is invented. The usual month is as long as a real one: titles of a hundred
//! characters, findings of a sentence.

use std::collections::BTreeMap;

use roundup::model::{
    Author, Colours, Design, Doi, Event, Evidence, House, Issue, IssueItem, IssueSection, Judgement, Language, Month,
    PartialDate, Pmid, Record, Relation, RelationKind, Scope, SourceNote,
};

/// A study: its title, what it found (empty where its abstract says nothing), its design.
type Study = (&'static str, &'static str, Design);

/// Studies, each with a gap for the place; a month repeats them with other places.
const STUDIES: [Study; 15] = [
    (
        "Lay-worker delivered problem-solving therapy in routine antenatal care in {}: a cluster-randomised invented trial",
        "Among 1,204 invented participants in 40 clinics, remission at six months was 58% with lay-worker therapy and 41% with enhanced usual care.",
        Design::ClusterRct,
    ),
    (
        "Antenatal depressive symptoms and food insecurity in a district hospital in {}: an invented cross-sectional study",
        "One in four of 412 invented participants screened positive; food insecurity was the strongest correlate.",
        Design::CrossSectional,
    ),
    (
        "Validation of a locally adapted nine-item questionnaire for use by community midwives in {}",
        "At a cut-off of 9 the invented scale reached a sensitivity of 84% and a specificity of 79%.",
        Design::Validation,
    ),
    (
        "“I kept it in my heart”: help-seeking among new mothers in an informal settlement in {}",
        "Twenty-eight invented mothers described silence, faith and neighbours as the first line of support.",
        Design::Qualitative,
    ),
    (
        "Perinatal anxiety in {} and its neighbours: an updated invented systematic review and meta-analysis",
        "Pooled prevalence was 22% across 61 invented studies, with wide variation by instrument and trimester.",
        Design::MetaAnalysis,
    ),
    (
        "Group interpersonal therapy for women living with HIV in {}: an invented randomised trial",
        "Symptom scores fell by 4.1 points more than in the comparison group at three months.",
        Design::Rct,
    ),
    (
        "Thinking healthy at scale in {}: costs of a peer-delivered programme over two invented years",
        "The invented programme cost 14 dollars for each woman reached.",
        Design::Economic,
    ),
    (
        "Adding mental health to home visits: a before–after comparison in three districts of {}",
        "Screening rose from 12% to 67% of visits; referral did not change.",
        Design::QuasiExperimental,
    ),
    ("Protocol for a stepped-care trial after stillbirth in {}", "", Design::Protocol),
    (
        "Respectful maternity care and distress after birth in {}: a call for shared indicators",
        "The invented authors propose four indicators that facilities could already report.",
        Design::PolicyCommentary,
    ),
    (
        "Women with lived experience as advisers: lessons from a peer network in {}",
        "Advisers changed the intake form, the clinic hours and the budget in this invented network.",
        Design::Qualitative,
    ),
    (
        "Mental health of pregnant adolescents in school re-entry programmes of {}: an invented cohort study",
        "Return to school went with lower symptom scores at twelve months.",
        Design::Cohort,
    ),
    (
        "Heat in pregnancy and distress: an invented analysis of ten summers in {}",
        "Distress rose with each further day above 35 degrees in the last trimester.",
        Design::Cohort,
    ),
    (
        "Neonatal unit separation and parents’ distress: an invented interview study in {}",
        "Parents asked to sleep near their child and to be told what the machines do.",
        Design::Qualitative,
    ),
    (
        "Paternal depression in the perinatal period: measures used in {} and beyond",
        "Eleven measures were found; none had been validated with fathers in the invented set.",
        Design::ScopingOtherReview,
    ),
];

/// Places of the studies.
const PLACES: [&str; 11] = [
    "Kenya",
    "Nepal",
    "Sierra Leone",
    "Pakistan",
    "Peru",
    "Papua New Guinea",
    "Malawi",
    "Bangladesh",
    "Burkina Faso",
    "Viet Nam",
    "Democratic Republic of the Congo",
];

/// Names of journals.
const JOURNALS: [&str; 5] = [
    "Journal of Placeholder Studies",
    "Specimen Global Health",
    "Sample Midwifery Review",
    "Open Mock Research",
    "Placeholder Reproductive Health Research",
];

/// The working groups: id, name, the line under it, papers in a usual month.
const GROUPS: [(&str, &str, &str, usize); 4] = [
    (
        "information",
        "Information, Knowledge Exchange and Learning",
        "Prevalence, measurement, reviews and experience that close gaps in understanding.",
        10,
    ),
    ("evidence", "Evidence and Impact", "What works, for whom, and at what cost.", 6),
    ("advocacy", "Advocacy", "Policy, rights, stigma and the voices of women.", 4),
    ("adolescent", "Adolescent", "Pregnant and parenting adolescents and young people.", 4),
];

/// Lines of the compact list in a usual month.
const MORE: usize = 5;

/// Text that every mailing tool would run somewhere, and markup.
const HOSTILE: &str =
    "*|IF:X|* {{ env \"HOME\" }} {% x %} [[y]] %%z%% {$u} <script>alert('1')</script> a@TrackLink *|UNSUB|*";

/// Titles in scripts that run from right to left, and their languages.
const LEFTWARDS: [(&str, &str, &str); 4] = [
    (
        "الصحة النفسية للأمهات في فترة ما حول الولادة: دراسة مقطعية مختلقة في ثلاث محافظات",
        "ar",
        "أظهرت واحدة من كل خمس مشاركات مختلقات أعراض الاكتئاب.",
    ),
    (
        "دکھ کے بعد ماں کی ذہنی صحت: ایک فرضی انٹرویو مطالعہ (Sample Scale 9)",
        "ur",
        "بیس فرضی ماؤں نے پڑوسیوں کو پہلا سہارا بتایا۔",
    ),
    (
        "سلامت روان زنان باردار: کارآزمایی تصادفی ساختگی با ۴۱۲ شرکت‌کننده",
        "fa",
        "نمره علائم ۴٫۱ واحد بیشتر از گروه مقایسه کاهش یافت.",
    ),
    ("דיכאון סביב הלידה: מחקר מומצא (EPDS ≥ 12) בשתי מרפאות", "he", "אחת מכל ארבע משתתפות מומצאות דיווחה על תסמינים."),
];

/// Returns the months by the names of their folders.
pub fn all() -> Vec<(&'static str, Issue)> {
    let months = [
        ("golden", usual(1)),
        ("empty", empty()),
        ("one", one()),
        ("sixty", usual(2)),
        ("leftward", leftward()),
        ("hostile", hostile()),
    ];
    let mut out = Vec::from(months);
    for (month, (_, issue)) in (1..).zip(&mut out) {
        issue.month = Month::new(2030, month).unwrap();
        issue.number = Some(u32::from(month.unsigned_abs()) + 9);
    }
    out
}

/// Returns the house that publishes them.
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
        first_issue: Month::parse("2029-04"),
        language: Language::English,
        content_notes: true,
        intro: String::new(),
        footer: String::new(),
        colours: Colours::default(),
    }
}

/// Returns a month with 30 papers, `times` over.
fn usual(times: usize) -> Issue {
    let mut counted = 0..;
    let mut take = |section: &str, n: usize| -> Vec<IssueItem> {
        counted.by_ref().take(n * times).map(|n| item(n, section)).collect()
    };
    let mut pick = take("evidence", 1).remove(0);
    pick.why = "Supervision by existing clinic staff was enough to start.".into();
    let mut sections: Vec<IssueSection> = GROUPS.iter().map(|g| section(g, take(g.0, g.3))).collect();
    sections[1].items[0].remark = "Earlier as a preprint, in the issue of November 2029".into();
    Issue {
        month: Month::new(2030, 1).unwrap(),
        number: None,
        subject: "PMH Literature Roundup".into(),
        preheader: "Invented papers: a lay-worker therapy trial, perinatal anxiety reviewed, and what national plans leave out.".into(),
        note: "Every paper, author, journal and figure in this issue is invented.\n\nThe secretariat’s note stands here: two or three sentences on what stood out this month, in a person’s voice, naming at most two items and saying who should read them.".into(),
        pick: Some(pick),
        sections,
        // The pick took one of each round of thirty.
        more: take("more", MORE).into_iter().chain((1..times).map(|n| item(60 + n, "more"))).collect(),
        events: vec![
            event("2030-02-12", "Invented webinar: measuring what matters to mothers", "https://example.org/events/1"),
            event("3 to 5 March 2030", "Invented call for abstracts closes", "https://example.org/events/2"),
        ],
        request: "Tell us which two papers you used in your work this year.".into(),
        earlier: vec![Month::new(2029, 12).unwrap(), Month::new(2029, 11).unwrap()],
        stale_sources: vec![SourceNote { id: "s".into(), name: "Sample Midwifery Review".into(), reason: "no answer".into() }],
    }
}

/// Returns a month without anything in it.
fn empty() -> Issue {
    Issue {
        subject: String::new(),
        preheader: String::new(),
        note: String::new(),
        pick: None,
        sections: GROUPS.iter().map(|g| section(g, Vec::new())).collect(),
        more: Vec::new(),
        events: Vec::new(),
        request: String::new(),
        earlier: Vec::new(),
        stale_sources: Vec::new(),
        ..usual(1)
    }
}

/// Returns a month with one paper, in a section.
fn one() -> Issue {
    let mut issue = empty();
    issue.sections[2].items.push(item(9, "advocacy"));
    issue
}

/// Returns a month whose titles and findings run from right to left, some with Latin letters in them.
fn leftward() -> Issue {
    let mut issue = usual(1);
    let all = issue.pick.iter_mut().chain(issue.sections.iter_mut().flat_map(|s| &mut s.items)).chain(&mut issue.more);
    for (item, (title, language, finding)) in all.zip(LEFTWARDS.iter().cycle()) {
        item.title = String::from(*title);
        item.record.title = String::from(*title);
        item.record.language = vec![(*language).to_owned()];
        item.summary = String::from(*finding);
    }
    issue.events.push(event("2030-02-20", LEFTWARDS[0].0, "https://example.org/events/3"));
    issue
}

/// Returns a month in which every text is hostile or extreme.
fn hostile() -> Issue {
    let mut issue = usual(1);
    issue.sections[1].items.clear();
    let pick = issue.pick.iter_mut();
    for item in pick.chain(issue.sections.iter_mut().flat_map(|s| &mut s.items)).chain(&mut issue.more) {
        item.title = HOSTILE.into();
        item.summary = HOSTILE.into();
        item.why = HOSTILE.into();
        item.remark = HOSTILE.into();
        item.countries = vec![HOSTILE.into()];
        item.record.journal = Some(HOSTILE.into());
        item.record.authors = vec![Author::group(HOSTILE)];
        item.link = format!("https://example.org/{HOSTILE}");
    }
    let items = &mut issue.sections[0].items;
    items[0].title = "unbroken".repeat(15);
    items[0].link = format!("https://example.org/{}", "long/".repeat(40));
    items[1].record.authors = (0..60).map(|n| Author::person(format!("Example{n}"), "A")).collect();
    items[1].link = "javascript:alert(1)".into();
    items[2].record.types.push("Retracted Publication".into());
    let concern = RelationKind::new("expression-of-concern-in");
    items[3].record.relations.push(Relation { kind: concern, pmid: None, doi: None, note: None });
    items[4].title = "Dépression périnatale à Đà Nẵng\u{9b} — «é»\u{202e} \u{92}quoted\u{85}".into();
    items[5].title = vec!["Long title"; 40].join(" ");
    items[6].title = LEFTWARDS[0].0.into();
    items[7].title = "産後うつ病と自治体の支援".repeat(12);
    items[7].record.language = vec!["ja".into()];
    items[8].countries = PLACES.iter().map(|p| (*p).to_owned()).collect();
    items[9].title = "Cost < benefit & \"quotes\" 'here' <b>bold</b> &amp; &lt;i&gt;".into();
    Issue {
        subject: format!("{HOSTILE}\r\nBcc: all@example.org"),
        preheader: HOSTILE.into(),
        note: format!("{HOSTILE}\n\n{}", "unbroken".repeat(30)),
        request: HOSTILE.into(),
        events: vec![
            event(HOSTILE, HOSTILE, HOSTILE),
            event("12 February", &"unbroken".repeat(15), "https://example.org/"),
        ],
        stale_sources: vec![SourceNote { id: "x".into(), name: HOSTILE.into(), reason: HOSTILE.into() }],
        ..issue
    }
}

/// Returns a working group's section.
fn section((id, name, blurb, _): &(&str, &str, &str, usize), items: Vec<IssueItem>) -> IssueSection {
    IssueSection { id: (*id).to_owned(), name: (*name).to_owned(), blurb: (*blurb).to_owned(), items }
}

/// Returns a date.
fn event(date: &str, title: &str, link: &str) -> Event {
    Event { date: date.to_owned(), title: title.to_owned(), link: link.to_owned(), line: 0 }
}

/// Returns the paper with a number: each has its own identifiers.
fn item(n: usize, section: &str) -> IssueItem {
    let (title, finding, design) = STUDIES[n % STUDIES.len()];
    let place = PLACES[(n * 7) % PLACES.len()];
    let title = title.replace("{}", place);
    let names = ["Example", "Sample", "Placeholder", "Fixture", "Filler", "Specimen"];
    let authors = (0..=n % 5).map(|k| Author::person(names[(n + k) % names.len()], ["Ama", "Bina Rose", "C"][k % 3]));
    let number = 90_000_100 + u32::try_from(n).unwrap();
    let is_preprint = n % 9 == 8;
    let record = Record {
        id: format!("pmid:{number}"),
        title: title.clone(),
        authors: authors.collect(),
        journal: Some(JOURNALS[n % JOURNALS.len()].to_owned()),
        published: PartialDate::new(2030, Some(1), Some(1 + i8::try_from(n % 28).unwrap())),
        language: vec![if n % 14 == 13 { "es" } else { "en" }.to_owned()],
        doi: Doi::parse(&format!("10.5555/roundup.2030.{n:04}")),
        pmid: Pmid::parse(&number.to_string()),
        types: vec![if is_preprint { "Preprint" } else { "Journal Article" }.to_owned()],
        open_access: (n % 4 != 3).then_some(true),
        ..Record::default()
    };
    let second = (n % 6 == 5).then(|| PLACES[(n * 7 + 1) % PLACES.len()]);
    IssueItem {
        id: format!("w{n}"),
        section: section.to_owned(),
        title,
        summary: finding.to_owned(),
        why: String::new(),
        link: record.best_link().unwrap(),
        countries: [Some(place), second].into_iter().flatten().map(str::to_owned).collect(),
        regions: vec![["SSA", "SAS", "EAS", "LCN", "MEA"][n % 5].to_owned()],
        judgement: Some(judgement(section, design)),
        score: None,
        record,
        remark: String::new(),
    }
}

/// Returns a judgement that says the working group and the design.
fn judgement(section: &str, design: Design) -> Judgement {
    let evidence = Evidence { rule: "design.words".into(), field: "title".into(), text: "trial".into() };
    Judgement {
        scope: Scope::In,
        exclude_reason: None,
        countries: Vec::new(),
        region_terms: Vec::new(),
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

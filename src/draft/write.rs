//! Writes a fresh draft file: from top to bottom what the issue will show, and how to change it.

use super::answers::{choices_of, how_to_answer, is_about_scope};
use super::layout::{HEADING, Kind};
use super::text::{ANSWERS, assignment, comment};
use super::{MORE, keep};
use crate::model::text::clean_line;
use crate::model::{Candidate, Decision, Draft, DraftItem, Event, TopicRule};

/// Heading over the facts of the run.
const FACTS: &str = "What this draft rests on";
/// Heading over the compact list.
const MORE_NAME: &str = "Also published this month (a compact list: title and link only)";
/// Heading over the candidates.
const CANDIDATES: &str = "Candidates, best first";
/// Heading over the decisions.
const DECISIONS: &str = "Decisions needed";
/// Heading over the papers that may or may not belong here.
const MAYBES: &str = "Perhaps in scope: you decide";
/// Heading over the dates.
const DATES: &str = "Dates for readers";
/// Width of a heading line, in characters.
const HEADING_WIDTH: usize = 90;

/// How to work in the file, for people who never saw one like it.
const MANUAL: &str = "\
# This is a plain text file. Change the words between the quotation marks, save, and run
# \"roundup check\": it lists what still stands in the way. \"roundup render\" then makes the email.
#
# Drop an item       Delete its block: the # lines above [[item]], that line, and all lines down to the
#                    empty line. It stays out, also when the machine writes here again and in later months.
#                    To put it off instead, write a line  keep = \"maybe\"  into its block.
# Take a candidate   Change  keep = false  to  keep = true  in its block. That is all. You can also say
#                    \"maybe\" or \"drop\": see above the candidates.
# Change the order   Cut a block and paste it where you want it. For another group also change its section
#                    (the sections are named below).
# Add your own       Copy a block, change its words, and make its id any short word that is not used yet.
# Quotation marks    Inside \"…\" use “ and ”, or write \\\" for a plain one.
# Long texts         Between \"\"\" and \"\"\" break lines as you like: a line break counts as a space.
#                    In your note an empty line begins a new paragraph.
# Remarks            Lines that begin with # are remarks. Readers never see them. Write your own anywhere.
#
# The machine may write here again when new papers come in. It never changes or removes words of yours:
# it adds what is new, and renews or drops only what you have not touched.
";

/// How candidates are taken, put off or dropped.
const CANDIDATES_HELP: &str = "\
# The number is the score from 0 to 1; behind it stand the reasons. Change  keep = false  to
#   keep = true       and the paper goes into the section it names
#   keep = \"maybe\"    not in this issue, but worth another look: it comes again next month
#   keep = \"drop\"     it does not belong here: it is not proposed again
# or leave it: false says nothing, except that what you leave untouched above a paper that you take is
# noted as passed over when the issue is made: a weak sign against papers like it.
# If you like, write why, in your own words, between the quotation marks of  reason = \"\" : it comes back
# with a maybe, and readers never see it.
# In a long list one paper in twenty stands by lot, from further down: so that what the order undervalues
# is seen now and then, and to tell how much worth keeping goes unread. Judge it like any other; it is
# never noted as passed over.
";

/// How decisions are answered.
const DECISIONS_HELP: &str = "\
# Write one of the answers between the quotation marks behind  answer =  (or leave it for later).
";

/// How a paper in doubt is taken in or put out.
const MAYBES_HELP: &str = "\
# The rules could not tell whether these belong here; each block asks what is in doubt. Write  in  or  out
# between the quotation marks behind  answer = , or the country where the study was done (Kenya, or KEN):
# a low- or middle-income country takes it in. \"roundup draft\" then puts what is in among the papers
# above. Your word holds for good; \"roundup retag\" takes it back.
";

/// How a date is added.
const DATES_HELP: &str = "\
# To add a date, copy the four lines below and take the # signs away:
# [[event]]
# date = \"12 November 2026, 14:00 Nairobi time\"
# title = \"Webinar: what is announced\"
# link = \"https://example.org/\"
";

/// Title of the example above, so that `lint` sees when it was copied and left as it is.
pub(super) const EXAMPLE_EVENT: &str = "Webinar: what is announced";

/// Returns the text of a fresh draft file: the same input gives the same bytes.
///
/// `topics` name and order the sections; a section that is no topic comes behind them. `facts` are
/// lines in plain words on what the draft rests on (how many papers, which sources failed); they
/// stand as remarks at the top. The file is valid TOML whatever the texts hold, and reading it
/// gives the proposal again (with white space made single).
pub fn write(proposal: &Draft, topics: &[TopicRule], facts: &[String]) -> String {
    let mut out = heading(&format!("The roundup of {}: a draft for you to change", proposal.month.long_name()), None);
    out.push_str("#\n");
    out.push_str(MANUAL);
    out.push_str(&section_names(topics));
    out.push('\n');
    if !facts.is_empty() {
        out.push_str(&heading(FACTS, None));
        out.extend(facts.iter().map(|f| comment(f)));
        out.push('\n');
    }
    out.push_str(&top(proposal));
    for (id, name) in sections(proposal, topics) {
        let items: Vec<&DraftItem> = proposal.items.iter().filter(|i| i.section == id).collect();
        part(&mut out, &name, items.len(), "", items.iter().map(|i| item(i)));
    }
    part(&mut out, CANDIDATES, proposal.candidates.len(), CANDIDATES_HELP, proposal.candidates.iter().map(candidate));
    let (maybes, others): (Vec<_>, Vec<_>) = proposal.decisions.iter().partition(|d| is_about_scope(&d.id));
    part(&mut out, DECISIONS, others.len(), DECISIONS_HELP, others.into_iter().map(decision));
    part(&mut out, MAYBES, maybes.len(), MAYBES_HELP, maybes.into_iter().map(decision));
    part(&mut out, DATES, proposal.events.len(), DATES_HELP, proposal.events.iter().map(event));
    out
}

/// Returns the fields above the first block.
fn top(proposal: &Draft) -> String {
    let mut out = assignment("month", &proposal.month.to_string());
    out.push_str("\n# What people see in their list of messages: the subject (best under 60 characters), and\n");
    out.push_str("# behind it the preheader (40 to 140 characters, naming two or three things inside).\n");
    out.push_str(&assignment("subject", &proposal.subject));
    out.push_str(&assignment("preheader", &proposal.preheader));
    out.push_str("\n# Your note to readers; it stands above everything else. Leave it empty for none.\n");
    out.push_str(&assignment("note", &proposal.note));
    out.push_str("\n# The id of the one item to show first and large. Leave it empty for none.\n");
    out.push_str(&assignment("pick", &proposal.pick));
    out.push_str("\n# One request to readers at the end. Leave it empty for none.\n");
    out.push_str(&assignment("request", &proposal.request));
    out
}

/// Returns the sections in the order of the file, as id and name for people: the topics, then
/// sections that only the proposal names, then the compact list.
fn sections(proposal: &Draft, topics: &[TopicRule]) -> Vec<(String, String)> {
    let mut out: Vec<(String, String)> = topics.iter().map(|t| (t.id.clone(), clean_line(&t.name))).collect();
    for item in &proposal.items {
        if item.section != MORE && !out.iter().any(|(id, _)| *id == item.section) {
            out.push((item.section.clone(), clean_line(&item.section)));
        }
    }
    out.push((MORE.to_owned(), MORE_NAME.to_owned()));
    out
}

/// Returns remark lines that name the words for `section`.
fn section_names(topics: &[TopicRule]) -> String {
    let mut out = String::from("#\n# Sections:\n");
    let all = topics.iter().map(|t| (t.id.as_str(), t.name.as_str()));
    for (id, name) in all.chain([(MORE, "the compact list")]) {
        out.push_str(&comment(&format!("- section = \"{id}\": {name}")));
    }
    out
}

/// Returns the name in the heading under which a new block belongs; `None` for an item whose
/// section has no heading of its own. `id` is what a decision asks about whom.
pub(super) fn heading_of(kind: Kind, section: &str, id: &str, topics: &[TopicRule]) -> Option<String> {
    match kind {
        Kind::Decision if is_about_scope(id) => Some(MAYBES.to_owned()),
        Kind::Item if section == MORE => Some(MORE_NAME.to_owned()),
        Kind::Item => topics.iter().find(|t| t.id == section).map(|t| clean_line(&t.name)),
        Kind::Candidate => Some(CANDIDATES.to_owned()),
        Kind::Decision => Some(DECISIONS.to_owned()),
        Kind::Event => Some(DATES.to_owned()),
    }
}

/// Appends a heading with its help and its blocks, an empty line before each.
fn part(out: &mut String, name: &str, count: usize, help: &str, blocks: impl Iterator<Item = String>) {
    out.push('\n');
    out.push_str(&heading(name, Some(count)));
    out.push_str(help);
    for block in blocks {
        out.push('\n');
        out.push_str(&block);
    }
}

/// Returns a heading line.
pub(super) fn heading(name: &str, count: Option<usize>) -> String {
    let mut line = format!("{HEADING}{name} ");
    if let Some(count) = count {
        line.push_str(&format!("· {count} proposed "));
    }
    let rule = HEADING_WIDTH.saturating_sub(line.chars().count()).max(2);
    format!("{line}{}\n", "─".repeat(rule))
}

/// Returns an item's block as it stands in the file, to be pasted into one.
pub fn item_block(item: &DraftItem) -> String {
    self::item(item)
}

/// Returns an item's block.
fn item(item: &DraftItem) -> String {
    let mut out = lead(&item.reasons);
    out.push_str("[[item]]\n");
    for (key, text) in [
        ("id", &item.id),
        ("reason", &item.reason),
        ("section", &item.section),
        ("title", &item.title),
        ("summary", &item.summary),
        ("why", &item.why),
        ("link", &item.link),
    ] {
        // A reason is a person's; few give one for an item.
        if key != "reason" || !text.is_empty() {
            out.push_str(&assignment(key, text));
        }
    }
    out
}

/// Returns a candidate's block.
fn candidate(candidate: &Candidate) -> String {
    let mut out = lead(&candidate.reasons);
    out.push_str("[[candidate]]\n");
    out.push_str(&assignment("id", &candidate.id));
    out.push_str(&format!("keep = {}\n", keep::written(candidate.choice)));
    out.push_str(&assignment("reason", &candidate.reason));
    for (key, text) in [
        ("section", &candidate.section),
        ("title", &candidate.title),
        ("summary", &candidate.summary),
        ("why", &candidate.why),
        ("link", &candidate.link),
    ] {
        // Few candidates are kept, so few have such words: the line stands there only with them.
        if key != "why" || !text.is_empty() {
            out.push_str(&assignment(key, text));
        }
    }
    out
}

/// Returns a decision's block.
fn decision(decision: &Decision) -> String {
    let mut out = lead(&decision.reasons);
    let choices: Vec<&str> = if decision.choices.is_empty() {
        choices_of(&decision.id).to_vec()
    } else {
        decision.choices.iter().map(String::as_str).collect()
    };
    out.push_str(&comment(&format!("{ANSWERS} {}", how_to_answer(&decision.id, &choices))));
    out.push_str("[[decision]]\n");
    for (key, text) in [("id", &decision.id), ("question", &decision.question), ("answer", &decision.answer)] {
        out.push_str(&assignment(key, text));
    }
    out
}

/// Returns a date's block.
fn event(event: &Event) -> String {
    let mut out = String::from("[[event]]\n");
    for (key, text) in [("date", &event.date), ("title", &event.title), ("link", &event.link)] {
        out.push_str(&assignment(key, text));
    }
    out
}

/// Returns reasons as remark lines.
fn lead(reasons: &[String]) -> String {
    reasons.iter().map(|r| comment(r)).collect()
}

#[cfg(test)]
mod tests {
    use super::super::parse;
    use super::*;
    use crate::model::Month;

    fn topic(id: &str, name: &str) -> TopicRule {
        TopicRule { id: id.into(), name: name.into(), blurb: String::new() }
    }

    #[test]
    fn an_empty_month_still_teaches_the_file() {
        let draft = Draft::empty(Month::parse("2026-10").expect("a month"));
        let text = write(&draft, &[topic("evidence", "Evidence and Impact")], &[]);
        for line in ["# ── Evidence and Impact · 0 proposed ──", "Drop an item", "keep = true", "month = \"2026-10\""]
        {
            assert!(text.contains(line), "{line} is missing in\n{text}");
        }
        assert!(text.lines().all(|l| l.chars().count() <= 110), "no line runs out of the window");
    }

    #[test]
    fn a_small_draft_reads_from_top_to_bottom() {
        let mut draft = Draft::empty(Month::parse("2026-10").expect("a month"));
        draft.subject = "PMH Literature Roundup · October 2026".into();
        draft.preheader = "Walking groups for \"new\" mothers; Infant sleep in two clinics".into();
        draft.pick = "wa".into();
        draft.items.push(DraftItem {
            id: "wa".into(),
            section: "evidence".into(),
            title: "Walking groups for \"new\" mothers".into(),
            summary: "In twelve villages, women who walked together every week had lower depression scores after six \
                      months than women who received usual care."
                .into(),
            link: "https://doi.org/10.5555/a".into(),
            reasons: vec![
                "0.78: Kenya; cluster-randomised trial; open access; fits Evidence and Impact (words: walking groups, \
                 trial)"
                    .into(),
                "Example A, Sample B et al.; Journal of Examples; 2026-10-03".into(),
            ],
            ..DraftItem::default()
        });
        draft.candidates.push(Candidate {
            id: "wc".into(),
            section: "evidence".into(),
            title: "Infant sleep in two clinics".into(),
            reasons: vec!["0.41: Malawi; cohort".into()],
            ..Candidate::default()
        });
        draft.decisions.push(Decision {
            id: "scope wb".into(),
            question: "Is this in scope? (no country is named) “Sleep and mood”".into(),
            reasons: vec!["0.40: cohort".into()],
            ..Decision::default()
        });
        draft.events.push(Event { date: "12 November 2026".into(), title: "Webinar".into(), ..Event::default() });
        let topics = [topic("evidence", "Evidence and Impact"), topic("advocacy", "Advocacy")];
        let text = write(&draft, &topics, &["12 papers seen; 1 source failed: Example Journal (no answer)".into()]);
        insta::assert_snapshot!(text);
        let (read, problems) = parse(&text, "f");
        assert_eq!(problems, []);
        let mut read = read.expect("a draft");
        for item in &mut read.items {
            item.line = 0;
        }
        assert_eq!(read.items, draft.items);
    }

    #[test]
    fn a_topic_name_cannot_break_the_file() {
        let mut draft = Draft::empty(Month::parse("2026-10").expect("a month"));
        draft.items.push(DraftItem {
            id: "a".into(),
            section: "x\ny\"".into(),
            title: "T".into(),
            ..Default::default()
        });
        let text = write(&draft, &[topic("evidence", "A\nmonth = 3 · 4")], &["a\nb = 1".into()]);
        assert_eq!(parse(&text, "f").1, []);
    }
}

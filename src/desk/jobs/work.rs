//! What each task does, and what it tells.

use super::{Ctx, Done, Next, Task, block_on, level};
use crate::desk::NAME;
use crate::desk::words::at_the_desk;
use crate::draft::issue_items;
use crate::model::{Draft, Month, Problem, WorkId};
use crate::pipeline::publish::Published;
use crate::pipeline::sheet::SameOutcome;
use crate::pipeline::{self, AddReport, DraftReport, Mode, Outcome, Traffic};
use crate::store::TagAction;

/// Returns a job that went well.
fn done(lines: Vec<String>, next: Next) -> Done {
    Done { lines, failed: None, next: Some(next), back: None, links: None }
}

/// Returns a job about a paper that went well: its page shows at `part` what was done, and `said` is the word for it.
fn done_on(month: Month, id: &WorkId, line: String, said: &str, part: &str) -> Done {
    let back = format!("/m/{month}/paper/{id}?said={said}#{part}");
    Done { back: Some(back), ..done(vec![line], to(month, &format!("paper/{id}"), "Back to the paper")) }
}

/// Returns the way to a month's page.
fn to(month: Month, page: &str, name: &str) -> Next {
    Next { path: format!("/m/{month}/{page}"), name: name.to_owned() }
}

/// Does a task.
///
/// # Errors
/// As the step that it is.
pub(super) fn work(ctx: &Ctx, task: &Task) -> anyhow::Result<Done> {
    match task {
        Task::Draft(month) => draft(ctx, *month),
        Task::Render(month) => render(ctx, *month),
        Task::Publish(month) => publish(ctx, *month),
        Task::Links(month) => links(ctx, *month),
        Task::Add(month, asked) => {
            let report = block_on(pipeline::add(ctx, asked, *month, Mode::Take))?;
            added(ctx, *month, &report)
        }
        Task::AddByHand(month, by_hand) => {
            let report = pipeline::add_by_hand(ctx, by_hand, *month, Mode::Take)?;
            added(ctx, *month, &report)
        }
        Task::Harvest(source) => harvest(ctx, source.as_deref()),
        Task::Tag { month, id, facet, value, action } => {
            let line = pipeline::sheet::say_tag(ctx, id, facet, value, *action, NAME)?;
            level(ctx)?;
            let said = match action {
                TagAction::Add => "tag-added",
                TagAction::Remove => "tag-removed",
                TagAction::Undo => "tag-back",
            };
            Ok(done_on(*month, id, line, said, "tags-h"))
        }
        Task::Same { month, a, b, answer } => {
            let outcome = pipeline::sheet::say_same(ctx, a, b, *answer, NAME)?;
            level(ctx)?;
            let said = match &outcome {
                SameOutcome::OneAlready | SameOutcome::SaidBefore => "same",
                SameOutcome::One(differ) if differ.is_empty() => "same-paper",
                SameOutcome::One(_) => "same-paper-differs",
                SameOutcome::Two | SameOutcome::TwoAgain => "not-same",
                SameOutcome::KeptApart => "kept-apart",
            };
            Ok(done_on(*month, a, outcome.to_string(), said, "same-h"))
        }
        Task::Unsay { month, id, number } => {
            let line = pipeline::sheet::unsay_same(ctx, id, *number)?;
            level(ctx)?;
            Ok(done_on(*month, id, line, "answer-back", "same-h"))
        }
        Task::Restore(month, number) => restore(ctx, *month, *number),
    }
}

/// Puts an earlier version of the draft back.
fn restore(ctx: &Ctx, month: Month, number: u64) -> anyhow::Result<Done> {
    let restored = pipeline::history::restore(ctx, month, number, false)?;
    let said = match (&restored.aside, restored.is_changed) {
        (Some(aside), _) => format!("The earlier version is back. What lay in its place is kept as it was: {aside}"),
        (None, true) => "The earlier version is back. What stood there before is kept as well.".to_owned(),
        (None, false) => "The file says this already: nothing was changed.".to_owned(),
    };
    // That an issue was made before stands where it is made. What is no draft of this month needs words
    // of its own, and so does a broken file that was laid aside.
    let is_draft = restored.aside.is_none()
        && pipeline::curate::look_at_draft(ctx, month)?.and_then(|f| f.draft).is_some_and(|d| d.month == month);
    let back = is_draft.then(|| match (restored.is_changed, restored.kept) {
        (false, _) => format!("/m/{month}/history?said=same"),
        (true, None) => format!("/m/{month}/history?said=put-back"),
        (true, Some(kept)) => format!("/m/{month}/history?said=put-back&kept={kept}"),
    });
    let lines = std::iter::once(said).chain(restored.notes.iter().map(|note| at_the_desk(note))).collect();
    Ok(Done { back, ..done(lines, to(month, "", "To the board")) })
}

/// Returns a problem in one line, with what to do about it here.
fn told(problem: &Problem) -> String {
    match at_the_desk(&problem.help) {
        help if help.is_empty() => problem.message.clone(),
        help => format!("{}: {help}", problem.message),
    }
}

/// Brings the news into the draft.
fn draft(ctx: &Ctx, month: Month) -> anyhow::Result<Done> {
    level(ctx)?;
    let report = pipeline::draft_beside(ctx, month)?;
    level(ctx)?;
    let written = crate::draft::parse(&report.text, "").0;
    let mut lines = news(&report, written.as_ref());
    lines.extend(report.changes);
    lines.extend(report.notes.iter().map(|note| at_the_desk(note)));
    lines.extend(report.problems.iter().map(told));
    Ok(done(lines, to(month, "", "To the board")))
}

/// Returns what bringing in the news did: what became of the answers, which papers came, went and stayed, and how the
/// issue stands by that, counted as every page counts it.
fn news(report: &DraftReport, written: Option<&Draft>) -> Vec<String> {
    let mut lines = Vec::new();
    if !report.answered.is_empty() {
        let answers = if report.answers == 1 { "answer of yours was" } else { "answers of yours were" };
        lines.push(format!("{} {answers} taken in:", report.answers));
        lines.extend(report.answered.iter().cloned());
    }
    match report.traffic {
        Some(_) if !report.is_changed => lines.push("There is no news: nothing was changed in the draft.".to_owned()),
        Some(Traffic { came: 0, went: 0, stayed }) => {
            lines.push(format!("No paper came in and none went out: all {stayed} stayed."));
        }
        Some(Traffic { came, went, stayed }) => {
            let papers = if came == 1 { "1 paper".to_owned() } else { format!("{came} papers") };
            lines.push(format!("{papers} came in, {went} went out, the other {stayed} stayed."));
        }
        None => {}
    }
    if let Some(draft) = written {
        let open = draft.candidates.iter().filter(|c| c.choice.is_none()).count();
        let items = issue_items(draft).len();
        lines.push(format!("In the issue now: {items}. Candidates to look at: {open}."));
    }
    lines
}

/// Takes the issue where the settings say.
fn publish(ctx: &Ctx, month: Month) -> anyhow::Result<Done> {
    let to = ctx.config.settings.publishing.to.clone();
    let report = block_on(pipeline::publish(ctx, month, &to))?;
    let lines = report.places.iter().flat_map(Published::lines).map(|line| line.trim().to_owned());
    Ok(done(lines.collect(), to_render(month)))
}

/// Returns the way back to where the issue is made.
fn to_render(month: Month) -> Next {
    to(month, "render", "Back to the files")
}

/// Makes the issue.
fn render(ctx: &Ctx, month: Month) -> anyhow::Result<Done> {
    pipeline::judge(ctx)?;
    let report = pipeline::render(ctx, month)?;
    pipeline::update_index(ctx, false)?;
    let changed = report.files.iter().filter(|(_, is_changed)| *is_changed).count();
    let lines = vec![
        format!("The issue of {} is made, with {} papers.", month.long_name(), report.items),
        format!("{changed} of its {} files are new or changed. Nothing was sent.", report.files.len()),
    ];
    Ok(done(lines, to(month, "render", "See and take the files")))
}

/// Tries the links.
fn links(ctx: &Ctx, month: Month) -> anyhow::Result<Done> {
    let report = block_on(pipeline::try_links(ctx, month))?;
    let mut lines = vec![match (report.asked, report.dead.len()) {
        (0, _) => "There is no link to try.".to_owned(),
        (asked, dead) => {
            let untried = report.untried.len();
            let well = asked.saturating_sub(dead + untried);
            format!("Of {asked} links {well} answered well, {dead} lead nowhere, {untried} could not be tried.")
        }
    }];
    lines.extend(report.dead.iter().map(|(link, why)| format!("{link}: {why}")));
    lines.extend(report.untried.iter().map(|(link, why)| format!("could not be tried: {link} ({why})")));
    Ok(Done { links: Some((month, report)), ..done(lines, to(month, "check", "Back to the check")) })
}

/// Asks sources.
fn harvest(ctx: &Ctx, source: Option<&str>) -> anyhow::Result<Done> {
    let only: Vec<String> = source.map(str::to_owned).into_iter().collect();
    let report = block_on(pipeline::harvest(ctx, &only))?;
    level(ctx)?;
    let line = |s: &pipeline::SourceReport| match &s.error {
        Some(error) => format!("{}: did not work: {error}", s.name),
        None => format!("{}: {} new, {} known", s.name, s.works_new, s.same + s.changed + s.merged),
    };
    let lines = report.sources.iter().map(line).collect();
    Ok(done(lines, Next { path: "/sources".to_owned(), name: "Back to the sources".to_owned() }))
}

/// Returns what adding a paper did, in sentences. Where no way leads out of this computer, what is here counts and
/// nobody's refusals are listed.
fn what_adding_did(report: &AddReport) -> Vec<String> {
    let mut lines = Vec::new();
    let title = report.record.as_ref().map(|r| r.title.clone()).unwrap_or_default();
    let asked = &report.asked;
    let is_alone = report.is_offline() && report.found_in.is_empty();
    lines.push(match report.outcome {
        Outcome::New => format!("Taken in: “{title}”"),
        Outcome::Known => format!("It was here; something is new: “{title}”"),
        Outcome::Same => format!("It is here already: “{title}”"),
        Outcome::NotFound if is_alone => {
            format!("{asked} is not among the papers here, and nobody could be asked: this computer is not online.")
        }
        Outcome::NotFound => format!("Nothing was found for {asked}."),
        Outcome::NotUnderstood => format!("“{asked}” is no DOI, PMID or address."),
    });
    if !report.found_in.is_empty() {
        lines.push(format!("Found in {}.", report.found_in.join(", ")));
    }
    lines.extend(report.notes.iter().cloned());
    match is_alone {
        true if report.is_found() => {
            lines.push("Nobody was asked for news of it: this computer is not online.".to_owned());
        }
        true => {}
        false => lines.extend(report.errors.iter().cloned()),
    }
    lines
}

/// Tells what adding a paper did.
fn added(ctx: &Ctx, month: Month, report: &AddReport) -> anyhow::Result<Done> {
    level(ctx)?;
    let lines = what_adding_did(report);
    Ok(match &report.work {
        Some(id) => done(lines, to(month, &format!("paper/{id}"), "Look at it and put it into the issue")),
        None => done(lines, to(month, "add", "Try again, or write it down by hand")),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Record;
    use crate::pipeline::OFFLINE_QUESTION;

    #[test]
    fn without_a_way_out_what_is_here_counts() {
        let offline = format!("PubMed could not be asked: nobody knows eutils.example.org; {OFFLINE_QUESTION}");
        let record = Record { title: "Sleep".to_owned(), ..Record::default() };
        for (outcome, error, found_in, want, note) in [
            (
                Outcome::Same,
                &*offline,
                "",
                "It is here already: “Sleep”|Nobody was asked for news of it: this computer is not online.",
                "known",
            ),
            (
                Outcome::NotFound,
                &offline,
                "",
                "10.5555/a is not among the papers here, and nobody could be asked: this computer is not online.",
                "unknown",
            ),
            (
                Outcome::NotFound,
                "doi.org does not know it",
                "",
                "Nothing was found for 10.5555/a.|doi.org does not know it",
                "online",
            ),
            (
                Outcome::New,
                &offline,
                "the DOI register",
                "Taken in: “Sleep”|Found in the DOI register.",
                "one of two answered",
            ),
        ] {
            let is_found = outcome != Outcome::NotFound;
            let errors = if found_in.is_empty() { vec![error.to_owned()] } else { Vec::new() };
            let report = AddReport {
                asked: "10.5555/a".to_owned(),
                outcome,
                work: None,
                record: is_found.then(|| record.clone()),
                found_in: Some(found_in.to_owned()).filter(|f| !f.is_empty()).into_iter().collect(),
                verdict: None,
                place: None,
                notes: Vec::new(),
                errors,
                problems: Vec::new(),
            };
            assert_eq!(what_adding_did(&report).join("|"), want, "{note}");
        }
    }
}

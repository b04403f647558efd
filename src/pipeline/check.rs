//! What stands in the way of a month's issue, and when the schedules come due.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::base::base_of;
use super::choose;
use super::draft::{file_name, is_taken_in};
use super::draft_file::{self, Found};
use super::gather::sent_before;
use super::links::LinkReport;
use super::timetable::Job;
use super::{Ctx, EmailSize, Result, issue, judgement_of, months, preview};
use crate::draft::{self, Facts, Places, Stand, WorkFacts};
use crate::model::text::shorten;
use crate::model::{CanonicalUrl, Draft, Month, Place, Problem, Scope, Settings, WorkId};
use crate::render;

/// What checking found.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct CheckReport {
    /// All problems of the draft, in the order of the file.
    pub problems: Vec<Problem>,
    /// How large the email will be; `None` when it cannot be made.
    pub email: Option<EmailSize>,
    /// The coming runs.
    pub upcoming: Vec<Upcoming>,
}

/// The coming runs of one schedule.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Upcoming {
    /// Which schedule.
    pub name: String,
    /// Its next three runs in the roundup's own zone.
    pub runs: Vec<String>,
}

/// How many coming runs are shown.
const RUNS_SHOWN: usize = 3;

impl Upcoming {
    /// Returns the next runs of each job after `now`, of sources with a schedule of their own among them.
    pub fn of(settings: &Settings, now: Timestamp) -> Vec<Self> {
        let zone = TimeZone::get(&settings.house.time_zone).unwrap_or(TimeZone::UTC);
        let shown = |run: Timestamp| run.to_zoned(zone.clone()).strftime("%a %-d %b %Y %H:%M %Z").to_string();
        let of_job = |job: &Job| {
            let runs = job.schedule.after(now, &zone).take(RUNS_SHOWN).map(shown).collect();
            Self { name: job.name(), runs }
        };
        Job::all(settings).iter().map(of_job).collect()
    }
}

/// Lists what is off with a month's draft. Nobody is asked whether its links lead anywhere.
///
/// # Errors
/// When the draft or the database cannot be read.
pub fn check(ctx: &Ctx, month: Month) -> Result<CheckReport> {
    check_with(ctx, month, &LinkReport::default())
}

/// Lists what is off with a month's draft, with what came of trying its links.
///
/// # Errors
/// As [`check`].
pub fn check_with(ctx: &Ctx, month: Month, links: &LinkReport) -> Result<CheckReport> {
    let upcoming = Upcoming::of(&ctx.config.settings, ctx.clock.now());
    let file = file_name(month);
    // Without a draft nothing can be made, but what is no template at all is known all the same.
    let unmade = |problem| [vec![problem], issue::templates(ctx).err().unwrap_or_default()].concat();
    let (problems, email) = match draft_file::look(&ctx.home, month) {
        Found::Text(text) => check_text(ctx, month, &text, links)?,
        Found::Broken(broken) => (unmade(broken.problem), None),
        Found::Nothing => {
            let problem = Problem::note(Place::file(file), format!("there is no draft of {month} yet"));
            (unmade(problem.with_help(months::help_without_draft(ctx, month)?)), None)
        }
    };
    Ok(CheckReport { problems, email, upcoming })
}

/// Lists what is off with a text as the draft of a month, in the order of its lines, and says how large the email will
/// be. Each problem has line and column, but those of templates, which have none.
///
/// # Errors
/// When the database cannot be read.
fn check_text(ctx: &Ctx, month: Month, text: &str, links: &LinkReport) -> Result<(Vec<Problem>, Option<EmailSize>)> {
    let file = file_name(month);
    let (parsed, mut problems) = draft::parse(text, &file);
    let Some(parsed) = parsed else {
        problems.extend(issue::templates(ctx).err().unwrap_or_default());
        return Ok((problems, None));
    };
    if parsed.month != month {
        // All else would be said of another month, and be wrong.
        problems.extend(draft::other_month(&parsed, &file, &Places::of(text, &file)));
        return Ok((problems, None));
    }
    let places = Places::of(text, &file);
    problems.extend(months::odd(ctx, month, &places.file()));
    let (email, unmade) = preview::measured(ctx, month, text)?;
    problems.extend(unmade);
    let works = work_facts(ctx, &parsed)?;
    let base = base_of(ctx, month, Some(text))?.and_then(|base| draft::parse(&base, &file).0);
    let facts = Facts {
        file: &file,
        text,
        works: &works,
        topics: &ctx.config.rules.topics,
        countries: &ctx.config.countries,
        dead_links: &links.dead,
        untried_links: &links.untried,
        base: base.as_ref(),
        email_bytes: email.map(|size| size.tracked),
    };
    let (answers, wrong) = draft::answers(&parsed, &file, &ctx.config.countries);
    problems.extend(wrong);
    problems.extend(not_taken_in(ctx, &parsed, &file, &answers)?);
    problems.extend(said_later(ctx, month, text, &places)?);
    let cut = choose::told_of_cut(ctx, month, text, &file)?;
    problems.extend(cut.map(|problem| Problem { place: places.file(), ..problem }));
    problems.extend(draft::lint(&parsed, &facts));
    problems.extend(links_left_out(&parsed, &places));
    problems.sort();
    problems.dedup();
    Ok((problems, email))
}

/// Names the links that are web addresses, and yet none that email and page show: too long for mail programs, or with
/// what no host has in its name.
fn links_left_out(draft: &Draft, places: &Places<'_>) -> Vec<Problem> {
    let items = draft.items.iter().map(|item| (item.line, &item.title, &item.link));
    let links = items.chain(draft.events.iter().map(|event| (event.line, &event.title, &event.link)));
    let is_left_out = |link: &str| CanonicalUrl::parse(link).is_some() && render::neutralise::address(link).is_none();
    let problem = |(line, title, link): (usize, &String, &String)| {
        let message = format!("the link of \"{}\" is none that email and page can show", shorten(title, TITLE_CHARS));
        let help = "mail programs break very long addresses; take the paper's DOI link, or the page's short one";
        is_left_out(link).then(|| Problem::error(places.field(line, "link"), message).with_help(help))
    };
    links.filter_map(problem).collect()
}

/// Characters of a title that a message shows.
const TITLE_CHARS: usize = 60;

/// Names the answers of a draft that are not taken in yet: until then a study may stand in it twice.
fn not_taken_in(ctx: &Ctx, draft: &Draft, file: &str, answers: &[(String, String)]) -> Result<Vec<Problem>> {
    let mut out = Vec::new();
    for (id, answer) in answers {
        if stand_of(ctx, draft.month, id, answer)? != AnswerStand::Waiting {
            continue;
        }
        let asked = draft.decisions.iter().find(|d| d.id == *id);
        let place = asked.map_or_else(|| Place::file(file), |d| d.answer_place(file));
        let problem = Problem::error(place, format!("the answer \"{answer}\" is not taken in yet"));
        out.push(problem.with_help(format!("`roundup draft {}` takes it in, or says why it cannot", draft.month)));
    }
    Ok(out)
}

/// What has become of an answer in a draft.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AnswerStand {
    /// It stands in the file alone and asks for nothing else.
    Said,
    /// The next `draft` takes it in: until then, what it says has not happened.
    Waiting,
    /// It was taken in: taking it out of the file does not take it back.
    TakenIn,
}

/// Returns what has become of one answer.
fn stand_of(ctx: &Ctx, month: Month, id: &str, answer: &str) -> Result<AnswerStand> {
    Ok(match id.split(' ').next() {
        Some("same" | "scope") if is_taken_in(ctx, month, id, answer)? => AnswerStand::TakenIn,
        Some("same" | "scope") => AnswerStand::Waiting,
        _ => AnswerStand::Said,
    })
}

/// Returns what has become of each answer of a draft, by the id of its question. Answers that are not understood are
/// left out.
///
/// # Errors
/// When the database cannot be read.
pub fn answer_stands(ctx: &Ctx, draft: &Draft) -> Result<BTreeMap<String, AnswerStand>> {
    let (answers, _) = draft::answers(draft, &file_name(draft.month), &ctx.config.countries);
    let stand = |(id, answer): (String, String)| Ok((id.clone(), stand_of(ctx, draft.month, &id, &answer)?));
    answers.into_iter().map(stand).collect()
}

/// Names the papers of which the file says one thing and a person said another elsewhere, later. What a person
/// dropped or put off must not be sent unseen: before the issue was made once, that stands in its way.
fn said_later(ctx: &Ctx, month: Month, text: &str, places: &Places<'_>) -> Result<Vec<Problem>> {
    let is_sent = ctx.store.issue_manifest(month)?.is_some();
    let problem = |a: choose::Against| {
        let place = places.field(a.line, if a.stand == Stand::Item { "id" } else { "keep" });
        let help = match a.stand {
            Stand::Item => format!("`roundup draft {month}` takes it out if nobody changed it; else {}", a.help()),
            _ => format!("the file counts for this issue; if the later word is meant here too, {}", a.help()),
        };
        let told = a.told(&ctx.zone());
        let is_error = a.is_in_the_way(is_sent);
        let help = if is_error {
            format!("if the later word is meant, {}; if the file's, `roundup choose keep {}`", a.help(), a.id)
        } else {
            help
        };
        if is_error { Problem::error(place, told) } else { Problem::warning(place, told) }.with_help(help)
    };
    Ok(choose::against(ctx, month, text)?.into_iter().map(problem).collect())
}

/// Returns what is known about every work that a draft names.
fn work_facts(ctx: &Ctx, draft: &Draft) -> Result<BTreeMap<String, WorkFacts>> {
    let sent = sent_before(ctx, draft.month)?;
    let mut out = BTreeMap::new();
    let named = draft.items.iter().map(|i| &i.id).chain(draft.candidates.iter().map(|c| &c.id));
    for text in named {
        let Some(asked) = WorkId::parse(text) else { continue };
        let Some(id) = ctx.store.resolve(&asked)? else { continue };
        if id != asked {
            out.insert(text.clone(), WorkFacts { redirect: Some(id.to_string()), ..WorkFacts::default() });
        }
        // A retraction that was only worked out asks a question in the draft; it blocks nothing.
        let Some(row) = ctx.store.work(&id)? else { continue };
        let judgement = judgement_of(&ctx.store, &id, row.judgement)?;
        let is_preprint = row.work.record.is_preprint() || judgement.is_some_and(|j| j.has_flag("preprint"));
        let facts = WorkFacts {
            is_retracted: row.work.record.is_retracted(),
            is_preprint,
            already_sent: sent.get(&id).copied(),
            redirect: None,
            is_put_out: ctx.store.tag_words(&id)?.iter().any(|w| w.facet == "scope" && w.value == Scope::Out.as_str()),
        };
        out.insert(id.to_string(), facts);
    }
    Ok(out)
}

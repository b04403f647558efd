//! The board: looking, changing, undoing; and the changes that other pages make to the file.

use std::collections::BTreeMap;

use axum::Form;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;

use super::{Answer, Shared, Trouble, answered, filled, month_of, seen, shown};
use crate::desk::Desk;
use crate::desk::answer::{is_script, json, page, see};
use crate::desk::forms::{self, Pairs, Wanted};
use crate::desk::jobs::Task;
use crate::desk::names::in_address;
use crate::desk::pen::Stroke;
use crate::desk::room::Held;
use crate::desk::views::board::{self, Board, Chosen};
use crate::desk::views::{Frame, State as IssueState};
use crate::desk::words::{at_the_desk, said as in_words};
use crate::draft::{Clash, Edit};
use crate::model::{Draft, Month, Place, Problem};
use crate::pipeline::curate::{DraftFile, Outcome as Curated};
use crate::pipeline::{self, AnswerStand, Ctx};

/// The board's page.
#[derive(serde::Serialize)]
struct BoardPage {
    frame: Frame,
    board: Option<Board>,
    /// Answers in the file that the machine has not taken in yet.
    answers_waiting: usize,
    /// What is wrong in the form of the file; it cannot be changed here then.
    problems: Vec<String>,
    /// Whether there is a file at all.
    is_there: bool,
    /// Name of the file.
    file: String,
}

/// Shows the board; with `part=lists` only what the script puts in the place of the old lists.
pub(super) async fn show(
    State(desk): Shared,
    Path(month): Path<String>,
    Query(pairs): Query<Pairs>,
    headers: HeaderMap,
) -> Response {
    answered(&desk, &headers, board_page(&desk, &month, pairs).await)
}

/// Leads to the board, whose address ends with a slash.
pub(super) async fn to_board(State(desk): Shared, Path(month): Path<String>, headers: HeaderMap) -> Response {
    answered(&desk, &headers, month_of(&month).map(|month| see(&format!("/m/{month}/"))))
}

async fn board_page(desk: &Desk, month: &str, pairs: Pairs) -> Answer {
    let month = month_of(month)?;
    let chosen = Chosen::of(&pairs);
    let mut whole = desk.room.ask(move |ctx| of_board(ctx, month, chosen)).await?;
    whole.frame = filled(desk, whole.frame, Some(month), &pairs);
    let is_part = forms::value(&pairs, "part") == "lists" && whole.board.is_some();
    shown(desk, if is_part { "lists.html" } else { "board.html" }, &whole)
}

/// Puts the board together.
fn of_board(ctx: &Held, month: Month, chosen: Chosen) -> anyhow::Result<BoardPage> {
    let seen = seen(ctx, month, &format!("The issue of {}", month.long_name()), "board")?;
    let draft = seen.file.as_ref().and_then(|f| f.draft.as_ref());
    let stands = draft.map(|draft| pipeline::answer_stands(ctx, draft)).transpose()?.unwrap_or_default();
    let board = match draft {
        Some(draft) => {
            let facts = pipeline::cards::cards(ctx, draft)?;
            Some(board::board(draft, &facts, &stands, &ctx.config, chosen))
        }
        None => None,
    };
    Ok(BoardPage {
        frame: seen.frame,
        board,
        answers_waiting: stands.values().filter(|s| **s == AnswerStand::Waiting).count(),
        problems: seen.file.iter().flat_map(|f| &f.problems).map(in_words).collect(),
        is_there: seen.file.is_some(),
        file: ctx.home.draft(month).display().to_string(),
    })
}

/// Tells the script how the issue stands: the sum of the file, counts, size.
pub(super) async fn state(State(desk): Shared, Path(month): Path<String>, headers: HeaderMap) -> Response {
    answered(&desk, &headers, state_of(&desk, &month).await)
}

async fn state_of(desk: &Desk, month: &str) -> Answer {
    let month = month_of(month)?;
    let seen = desk.room.ask(move |ctx| seen(ctx, month, "", "")).await?;
    let frame = filled(desk, seen.frame, Some(month), &[]);
    Ok(json(
        StatusCode::OK,
        &serde_json::json!({ "ok": true, "state": frame.state, "undo": frame.undo, "jobs": frame.jobs.len() }),
    ))
}

/// Makes what a form of the board asks for.
pub(super) async fn change(
    State(desk): Shared,
    Path(month): Path<String>,
    headers: HeaderMap,
    Form(pairs): Form<Pairs>,
) -> Response {
    let answer = make(&desk, &month, &headers, pairs, Kind::Board).await;
    answered(&desk, &headers, answer)
}

/// Which form it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Kind {
    /// Buttons of the board and of a paper's page.
    Board,
    /// The words of the letter.
    Letter,
    /// The words of one paper.
    Paper(String),
}

/// Reads a form against the text that the person saw, makes the changes and answers.
pub(super) async fn make(desk: &Desk, month: &str, headers: &HeaderMap, pairs: Pairs, kind: Kind) -> Answer {
    let month = month_of(month)?;
    let (form, of) = (pairs.clone(), kind.clone());
    let Some(Stroke { outcome, what, at }) = desk.write(month, move |ctx| changed(ctx, month, &form, &of)).await?
    else {
        return Err(Trouble::Wrong("The form says nothing that the desk knows.".to_owned()));
    };
    let back = back_to(month, &kind, &pairs);
    match outcome {
        Curated::Saved { before, now, is_joined } => {
            let is_same = before.sum == now.sum;
            let said = Said { what: &what, at: &at, is_joined, is_same };
            let answer = saved(&now, headers, &said, &back);
            if !is_same && !is_script(headers) {
                desk.tell(what);
            }
            Ok(answer)
        }
        Curated::Clash { now, clashes } => clashed(desk, month, headers, &pairs, &kind, &now, clashes),
        Curated::Refused(problems) => Ok(not_made(desk, headers, &problems, &pairs)),
    }
}

/// Makes the changes that a form asks for; `None` when it asks for none.
fn changed(ctx: &Ctx, month: Month, pairs: &[(String, String)], kind: &Kind) -> anyhow::Result<Option<Stroke>> {
    let sum = forms::value(pairs, "seen");
    let Some(file) = pipeline::curate::look_at_draft(ctx, month)? else {
        return Err(pipeline::Error::Missing(format!("there is no draft of {} any more", month.long_name())).into());
    };
    if file.draft.is_none() {
        let why = file.no_text().unwrap_or_else(|| unreadable(ctx, month));
        return Ok(Some(Stroke::of(ctx, Curated::Refused(vec![why]), String::new())));
    }
    // What a form means is told by the text it was made from: "up" is up from where the person saw it.
    let old = if file.sum == sum { file.draft } else { pipeline::curate::as_seen(ctx, month, sum)?.or(file.draft) };
    let Some(old) = old else { return Ok(None) };
    let wanted = match kind {
        Kind::Board => forms::of_board(pairs, &old, &ctx.config.rules.topics),
        Kind::Letter => Some(forms::of_letter(pairs, &old)),
        Kind::Paper(id) => Some(forms::of_paper(pairs, &old, id)),
    };
    let Some(wanted) = wanted else { return Ok(None) };
    let mut wrong = not_understood(ctx, &old, &wanted);
    if !forms::value(pairs, "bulk").is_empty() && wanted.edits.is_empty() {
        wrong.push(nothing_ticked(ctx, month));
    }
    if !wrong.is_empty() {
        return Ok(Some(Stroke::of(ctx, Curated::Refused(wrong), wanted.what)));
    }
    let outcome = pipeline::curate::change(ctx, month, sum, &wanted.edits)?;
    Ok(Some(Stroke::of(ctx, outcome, wanted.what)))
}

/// Returns the problem of a word for all papers that are ticked, where none is.
fn nothing_ticked(ctx: &Ctx, month: Month) -> Problem {
    let place = Place::file(ctx.home.draft(month).display().to_string());
    Problem::error(place, "no paper is ticked, so nothing was changed")
        .with_help("tick the box before the title of each paper that is meant, then press the button again")
}

/// Returns what is wrong with the answers among some changes: a country that there is not is told at once.
fn not_understood(ctx: &Ctx, draft: &Draft, wanted: &Wanted) -> Vec<Problem> {
    let mut asked = Draft::empty(draft.month);
    for edit in &wanted.edits {
        if let Edit::Answer { id, answer } = edit
            && let Some(decision) = draft.decisions.iter().find(|d| d.id == *id)
        {
            asked.decisions.push(crate::model::Decision { answer: answer.clone(), ..decision.clone() });
        }
    }
    crate::draft::answers(&asked, "", &ctx.config.countries).1
}

/// Returns the problem of a file that a text editor left in a form that is no draft's.
fn unreadable(ctx: &Ctx, month: Month) -> Problem {
    let place = Place::file(ctx.home.draft(month).display().to_string());
    Problem::error(place, "the draft file cannot be read as it stands, so nothing was changed in it")
        .with_help("the board says which line is wrong: mend it in the text editor, or put an earlier version back")
}

/// Returns the page to go back to: one of ours, by the kind of form.
fn back_to(month: Month, kind: &Kind, pairs: &[(String, String)]) -> String {
    let paper = match kind {
        Kind::Paper(id) => id.as_str(),
        Kind::Board => forms::value(pairs, "on-paper"),
        Kind::Letter => return format!("/m/{month}/letter"),
    };
    if forms::value(pairs, "on-letter") == "yes" {
        return format!("/m/{month}/letter");
    }
    if paper.is_empty() { format!("/m/{month}/") } else { format!("/m/{month}/paper/{}", in_address(paper)) }
}

/// What is said of a change that was made.
struct Said<'a> {
    /// What it was.
    what: &'a str,
    /// The time of the day, in the roundup's zone.
    at: &'a str,
    /// Whether somebody else's changes are in the file, too.
    is_joined: bool,
    /// Whether the file said so already.
    is_same: bool,
}

/// Answers a change that was made.
fn saved(now: &DraftFile, headers: &HeaderMap, said: &Said<'_>, back: &str) -> Response {
    let Said { what, at, is_joined, is_same } = *said;
    if is_script(headers) {
        let state = now.draft.as_ref().map(|d| IssueState::of(now, d, None));
        let values = serde_json::json!({
            "ok": true, "said": what, "at": at, "joined": is_joined, "same": is_same, "sum": now.sum, "state": state,
            "order": now.draft.as_ref().map(order),
        });
        return json(StatusCode::OK, &values);
    }
    let word = match (is_same, is_joined) {
        (true, _) => "same",
        (false, true) => "joined",
        (false, false) => "saved",
    };
    see(&format!("{back}?said={word}"))
}

/// Returns the papers of the issue by section, in their order: so the script knows whether it shows what is so.
fn order(draft: &Draft) -> BTreeMap<String, Vec<String>> {
    let mut sections: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for item in crate::draft::issue_items(draft) {
        sections.entry(item.section).or_default().push(item.id);
    }
    sections
}

/// Answers a change that cannot be made.
///
/// What the person typed stands on the page: nothing of it is in the file, and going back may lose it.
pub(super) fn not_made(desk: &Desk, headers: &HeaderMap, problems: &[Problem], pairs: &[(String, String)]) -> Response {
    let first = problems.first();
    let what = first.map_or_else(|| "this cannot be done".to_owned(), |p| p.message.clone());
    let help = first.map(|p| at_the_desk(&p.help)).unwrap_or_default();
    let frame = Frame::bare("Nothing was changed");
    let typed = pairs.iter().filter(|(name, value)| TYPED.contains(&field_of(name)) && !value.trim().is_empty());
    let told = super::Told { what: &what, help: &help, typed: typed.map(|(_, value)| value.clone()).collect() };
    super::told_with(desk, StatusCode::UNPROCESSABLE_ENTITY, is_script(headers), frame, told)
}

/// Fields in which people write words of their own.
const TYPED: [&str; 10] =
    ["title", "summary", "why", "link", "reason", "subject", "preheader", "note", "request", "date"];

/// Returns which field a form's name is: of `event-2-title` the title.
fn field_of(name: &str) -> &str {
    name.rsplit('-').next().unwrap_or(name)
}

/// The page of a conflict.
#[derive(serde::Serialize)]
struct ClashPage {
    frame: Frame,
    clashes: Vec<ClashView>,
    /// Where the form goes.
    action: String,
    /// Sum of the file as it is now.
    sum: String,
    /// All that the form said, to be sent again.
    fields: Vec<(String, String)>,
    /// The page to look at what stands there now.
    back: String,
}

/// One place where two people disagree.
#[derive(serde::Serialize)]
struct ClashView {
    paper: String,
    field: &'static str,
    was: String,
    now: String,
    wanted: String,
}

/// Answers a change of what someone else has changed: both versions, and neither is lost.
fn clashed(
    desk: &Desk,
    month: Month,
    headers: &HeaderMap,
    pairs: &[(String, String)],
    kind: &Kind,
    now: &DraftFile,
    clashes: Vec<Clash>,
) -> Answer {
    if is_script(headers) {
        let values = serde_json::json!({ "ok": false, "clash": true, "said": "Someone else has changed this too" });
        return Ok(json(StatusCode::CONFLICT, &values));
    }
    let draft = now.draft.as_ref();
    let view = |c: Clash| ClashView {
        paper: draft.map(|d| title_of(d, &c.id)).unwrap_or_default(),
        field: field_name(&c.key),
        was: c.was,
        now: c.now,
        wanted: c.wanted,
    };
    let action = match kind {
        Kind::Board => format!("/m/{month}/"),
        Kind::Letter => format!("/m/{month}/letter"),
        Kind::Paper(id) => format!("/m/{month}/paper/{}", in_address(id)),
    };
    let mut frame = Frame::bare("Two versions of the same words");
    frame.month = Some(super::MonthName::of(month));
    let values = ClashPage {
        frame,
        clashes: clashes.into_iter().map(view).collect(),
        action,
        sum: now.sum.clone(),
        fields: pairs.iter().filter(|(n, _)| n != "seen").cloned().collect(),
        back: back_to(month, kind, pairs),
    };
    Ok(page(StatusCode::CONFLICT, desk.pages.page("clash.html", &values)?))
}

/// Returns the title of a paper, or the question of a decision.
fn title_of(draft: &Draft, id: &str) -> String {
    let item = draft.items.iter().find(|i| i.id == id).map(|i| i.title.clone());
    let candidate = || draft.candidates.iter().find(|c| c.id == id).map(|c| c.title.clone());
    let question = || draft.decisions.iter().find(|d| d.id == id).map(|d| d.question.clone());
    item.or_else(candidate).or_else(question).unwrap_or_else(|| id.to_owned())
}

/// Returns the name of a field as the pages say it.
fn field_name(key: &str) -> &'static str {
    match key {
        "keep" => "Its place",
        "section" => "Section",
        "title" => "Title",
        "summary" => "Summary",
        "why" => "Why it matters",
        "link" => "Link",
        "reason" => "Your reason",
        "answer" => "Answer",
        "subject" => "Subject",
        "preheader" => "Preheader",
        "note" => "Your note",
        "request" => "Request to readers",
        "pick" => "Stands first",
        "event" => "Date for readers",
        _ => "The whole entry",
    }
}

/// Takes the last change of this browser back.
pub(super) async fn undo(
    State(desk): Shared,
    Path(month): Path<String>,
    headers: HeaderMap,
    Form(pairs): Form<Pairs>,
) -> Response {
    answered(&desk, &headers, undone(&desk, &month, &headers, &pairs).await)
}

async fn undone(desk: &Desk, month: &str, headers: &HeaderMap, pairs: &[(String, String)]) -> Answer {
    let month = month_of(month)?;
    let Some(Stroke { outcome, what, at }) = desk.take_back(month).await? else {
        let none = "There is nothing of yours to undo since the desk was started or an earlier version put back.";
        return Err(Trouble::Wrong(none.to_owned()));
    };
    match outcome {
        Curated::Saved { now, .. } if is_script(headers) => {
            let what = format!("took back: {what}");
            Ok(saved(&now, headers, &Said { what: &what, at: &at, is_joined: true, is_same: false }, ""))
        }
        Curated::Saved { .. } => {
            desk.tell(format!("it was: {what}"));
            Ok(see(&format!("{}?said=undone", back_to(month, &Kind::Board, pairs))))
        }
        Curated::Refused(problems) => Ok(not_made(desk, headers, &problems, &[])),
        Curated::Clash { .. } => Err(Trouble::Wrong("Someone else has changed this since.".to_owned())),
    }
}

/// Begins to bring the news into the draft.
pub(super) async fn draft(State(desk): Shared, Path(month): Path<String>, headers: HeaderMap) -> Response {
    answered(&desk, &headers, drafted(&desk, &month).await)
}

async fn drafted(desk: &Desk, month: &str) -> Answer {
    let named = month_of(month)?;
    let today = desk.room.ask(|ctx| Ok(ctx.today())).await?;
    if named > Month::of(today) {
        return Err(Trouble::Wrong(format!("{} has not begun yet.", named.long_name())));
    }
    super::begin(desk, month, Task::Draft).await
}

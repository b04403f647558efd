//! One paper: its page, its words, its tags; and adding one.

use axum::Form;
use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use axum::response::Response;

use super::board::{Kind, make};
use super::named::{Named, missing, named_paper, work};
use super::{Answer, Shared, Trouble, answered, awaited, filled, month_of, same, sections, seen, shown};
use crate::desk::Desk;
use crate::desk::answer::see;
use crate::desk::forms::{self, Pairs, value};
use crate::desk::jobs::Task;
use crate::desk::names::{is_plain, of_address};
use crate::desk::pen::Stroke;
use crate::desk::room::Held;
use crate::desk::views::Frame;
use crate::desk::views::paper::{PaperPage, in_file};
use crate::draft::Edit;
use crate::model::text::quoted_title;
use crate::model::{Choice, Draft, DraftItem, Month, WorkId};
use crate::pipeline::curate::Outcome as Curated;
use crate::pipeline::{self, ByHand, Ctx};
use crate::store::TagAction;

/// Shows one paper.
pub(super) async fn show(
    State(desk): Shared,
    Path((month, id)): Path<(String, String)>,
    Query(pairs): Query<Pairs>,
    headers: HeaderMap,
) -> Response {
    answered(&desk, &headers, page(&desk, &month, &of_address(&id), &pairs).await)
}

async fn page(desk: &Desk, month: &str, id: &str, pairs: &[(String, String)]) -> Answer {
    let month = month_of(month)?;
    let name = id.to_owned();
    let question = same::Question::of(pairs);
    let whole = desk
        .room
        .ask(move |ctx| {
            let seen = seen(ctx, month, "Paper", "board")?;
            let draft = seen.file.as_ref().and_then(|f| f.draft.as_ref());
            let entry = draft.and_then(|d| in_file(d, &name));
            let work = WorkId::parse(&name).map(|id| ctx.store.resolve(&id)).transpose()?.flatten();
            let twins =
                draft.zip(work.as_ref()).map(|(d, id)| twins(ctx, d, id, &name)).transpose()?.unwrap_or_default();
            let asked = question.zip(work.as_ref()).map(|(q, id)| q.looked_up(ctx, draft, id)).transpose()?;
            let sheet = work.map(|id| pipeline::sheet::sheet(ctx, month, &id)).transpose()?;
            let (before, after) = draft.map(|d| crate::desk::views::paper::neighbours(d, &name)).unwrap_or_default();
            let (frame, sections) = (seen.frame, sections(ctx));
            Ok(PaperPage { frame, id: name, entry, sheet, sections, before, after, twins, asked })
        })
        .await?;
    // A paper that became one with another is shown under the other's name, where the draft has no words of its own.
    let today = whole.sheet.as_ref().map(|s| s.facts.id.as_str()).filter(|today| *today != id);
    if let (None, Some(today)) = (&whole.entry, today) {
        let said = super::notice_word(pairs).map(|word| format!("?said={word}")).unwrap_or_default();
        return Ok(see(&format!("/m/{month}/paper/{today}{said}")));
    }
    if whole.entry.is_none() && whole.sheet.is_none() {
        return Err(missing(id));
    }
    let mut whole = whole;
    whole.frame = filled(desk, whole.frame, Some(month), pairs);
    let title = whole.title().to_owned();
    id.clone_into(&mut whole.frame.paper);
    whole.frame.title = title;
    shown(desk, "paper.html", &whole)
}

/// Returns the other entries of a draft that are the same paper today: two that were made one stand there twice.
fn twins(ctx: &Ctx, draft: &Draft, id: &WorkId, name: &str) -> anyhow::Result<Vec<pipeline::cards::Named>> {
    let items = draft.items.iter().map(|i| (&i.id, &i.title));
    let candidates = draft.candidates.iter().filter(|c| c.choice != Some(Choice::Drop)).map(|c| (&c.id, &c.title));
    let mut out: Vec<pipeline::cards::Named> = Vec::new();
    for (other, title) in items.chain(candidates).filter(|(other, _)| *other != name) {
        let Some(work) = WorkId::parse(other) else { continue };
        if ctx.store.resolve(&work)?.as_ref() == Some(id) && out.iter().all(|known| known.id != *other) {
            out.push(pipeline::cards::Named { id: other.clone(), name: title.clone() });
        }
    }
    Ok(out)
}

/// Changes the words of a paper.
pub(super) async fn change(
    State(desk): Shared,
    Path((month, id)): Path<(String, String)>,
    headers: HeaderMap,
    Form(pairs): Form<Pairs>,
) -> Response {
    let answer = make(&desk, &month, &headers, pairs, Kind::Paper(of_address(&id))).await;
    answered(&desk, &headers, answer)
}

/// Adds a tag, takes one away, or lets the rules decide again.
pub(super) async fn tag(
    State(desk): Shared,
    Path((month, id)): Path<(String, String)>,
    headers: HeaderMap,
    Form(pairs): Form<Pairs>,
) -> Response {
    answered(&desk, &headers, tagged(&desk, &month, &id, &pairs).await)
}

async fn tagged(desk: &Desk, month: &str, id: &str, pairs: &[(String, String)]) -> Answer {
    let month = month_of(month)?;
    let id = match named_paper(desk, month, id).await? {
        Named::Paper(id) => id,
        Named::Own(page) => return Ok(page),
    };
    // A button says "facet:value"; the list of a form says the facet by its name.
    let (action, both) = [("remove", TagAction::Remove), ("undo", TagAction::Undo), ("add", TagAction::Add)]
        .into_iter()
        .map(|(name, action)| (action, value(pairs, name)))
        .find(|(_, both)| !both.is_empty())
        .ok_or_else(|| Trouble::Wrong("Choose a tag first.".to_owned()))?;
    let (facet, tag) = both.split_once(':').ok_or_else(|| Trouble::Wrong("Choose a tag first.".to_owned()))?;
    let task = Task::Tag { month, id, facet: facet.to_owned(), value: tag.to_owned(), action };
    awaited(desk, desk.jobs.begin(task)).await
}

/// Puts a paper that is here into the issue.
pub(super) async fn add_known(
    State(desk): Shared,
    Path((month, id)): Path<(String, String)>,
    headers: HeaderMap,
    Form(pairs): Form<Pairs>,
) -> Response {
    answered(&desk, &headers, put_in(&desk, &month, &id, &pairs, &headers).await)
}

async fn put_in(desk: &Desk, month: &str, id: &str, pairs: &[(String, String)], headers: &HeaderMap) -> Answer {
    let (month, id) = (month_of(month)?, work(id)?);
    let (seen, section) = (value(pairs, "seen").to_owned(), value(pairs, "section").to_owned());
    let page = format!("paper/{id}");
    let add = move |ctx: &Held| {
        let mut item = pipeline::curate::item_for(ctx, month, &id)?;
        if forms::is_section(&section, &ctx.config.rules.topics) {
            item.section = section;
        }
        added_item(ctx, month, &seen, item)
    };
    let stroke = desk.write(month, add).await?;
    put(desk, month, headers, stroke, &page, &[])
}

/// Puts an item into the issue.
fn added_item(ctx: &Ctx, month: Month, seen: &str, item: DraftItem) -> anyhow::Result<Option<Stroke>> {
    let what = format!("added {}", quoted_title(&item.title));
    let outcome = pipeline::curate::change(ctx, month, seen, &[Edit::Add { item }])?;
    Ok(Some(Stroke::of(ctx, outcome, what)))
}

/// Answers what became of putting something into the issue: leads on to a page of the month. What the person typed is
/// shown again when nothing was changed.
fn put(
    desk: &Desk,
    month: Month,
    headers: &HeaderMap,
    stroke: Option<Stroke>,
    page: &str,
    typed: &[(String, String)],
) -> Answer {
    let Some(Stroke { outcome, what, .. }) = stroke else {
        return Err(Trouble::Wrong("The form says nothing that the desk knows.".to_owned()));
    };
    match outcome {
        Curated::Saved { .. } => {
            desk.tell(what);
            Ok(see(&format!("/m/{month}/{page}?said=added")))
        }
        Curated::Refused(problems) => Ok(super::board::not_made(desk, headers, &problems, typed)),
        Curated::Clash { .. } => Err(Trouble::Wrong("It is in the file already.".to_owned())),
    }
}

/// The page on which a paper is added.
#[derive(serde::Serialize)]
struct AddPage {
    frame: Frame,
    sections: Vec<pipeline::cards::Named>,
}

/// Shows the forms for adding a paper.
pub(super) async fn adding(
    State(desk): Shared,
    Path(month): Path<String>,
    Query(pairs): Query<Pairs>,
    headers: HeaderMap,
) -> Response {
    answered(&desk, &headers, add_page(&desk, &month, &pairs).await)
}

async fn add_page(desk: &Desk, month: &str, pairs: &[(String, String)]) -> Answer {
    let month = month_of(month)?;
    let mut whole = desk
        .room
        .ask(move |ctx| {
            Ok(AddPage { frame: seen(ctx, month, "Add a paper or news", "add")?.frame, sections: sections(ctx) })
        })
        .await?;
    whole.frame = filled(desk, whole.frame, Some(month), pairs);
    shown(desk, "add.html", &whole)
}

/// Looks a paper up, or takes in what a person wrote.
pub(super) async fn add(
    State(desk): Shared,
    Path(month): Path<String>,
    headers: HeaderMap,
    Form(pairs): Form<Pairs>,
) -> Response {
    answered(&desk, &headers, added(&desk, &month, &pairs, &headers).await)
}

async fn added(desk: &Desk, month: &str, pairs: &[(String, String)], headers: &HeaderMap) -> Answer {
    let field = |name: &str| forms::typed(value(pairs, name));
    let some = |name: &str| Some(field(name)).filter(|v| !v.is_empty());
    if let Some(asked) = some("asked") {
        return super::begin(desk, month, |month| Task::Add(month, asked)).await;
    }
    let Some(title) = some("title") else {
        return Err(Trouble::Wrong("Write a DOI, a PMID or an address; or a title below.".to_owned()));
    };
    if value(pairs, "kind") == "own" {
        return add_own(desk, month, &title, pairs, headers).await;
    }
    let authors = field("authors");
    let by_hand = ByHand {
        title,
        url: some("url"),
        journal: some("journal"),
        date: some("date"),
        authors: authors.split(';').map(|a| a.trim().to_owned()).filter(|a| !a.is_empty()).collect(),
        abstract_text: some("abstract"),
        doi: some("doi"),
    };
    super::begin(desk, month, |month| Task::AddByHand(month, Box::new(by_hand))).await
}

/// Puts an item of the secretariat's own into the issue: a webinar, a call, news of theirs. It is in the file alone.
async fn add_own(desk: &Desk, month: &str, title: &str, pairs: &[(String, String)], headers: &HeaderMap) -> Answer {
    let month = month_of(month)?;
    let item = DraftItem {
        section: value(pairs, "section").to_owned(),
        title: title.to_owned(),
        summary: forms::typed(value(pairs, "summary")),
        link: forms::typed(value(pairs, "url")),
        ..DraftItem::default()
    };
    let seen = value(pairs, "seen").to_owned();
    let add = move |ctx: &Held| {
        let taken = pipeline::curate::look_at_draft(ctx, month)?.and_then(|f| f.draft);
        let id = own_id(&item.title, taken.as_ref());
        added_item(ctx, month, &seen, DraftItem { id, ..item })
    };
    let stroke = desk.write(month, add).await?;
    put(desk, month, headers, stroke, "", pairs)
}

/// Characters of an id made of a title.
const OWN_ID_CHARS_MAX: usize = 32;

/// Returns a short id for an item of one's own, made of its title; none that a draft has, and none that looks like a
/// paper's.
fn own_id(title: &str, draft: Option<&Draft>) -> String {
    let words = crate::model::text::words(title).join("-");
    let short: String =
        words.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').take(OWN_ID_CHARS_MAX).collect();
    let stem = format!("own-{}", short.trim_matches('-'));
    let is_taken =
        |id: &str| draft.is_some_and(|d| d.items.iter().any(|i| i.id == id) || d.candidates.iter().any(|c| c.id == id));
    let mut id = stem.clone();
    let mut n = 2;
    while is_taken(&id) || !is_plain(&id) {
        id = format!("{}-{n}", stem.trim_end_matches('-'));
        n += 1;
    }
    id
}

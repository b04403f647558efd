//! From the draft file to the files that readers get.

use super::choose::{self, Moment};
use super::draft::file_name;
use super::gather::{gathered, sent_before};
use super::judge::without_names;
use super::{Ctx, Error, Result, archive, check, forms, judgement_of};
use crate::draft;
use crate::fsx::{self, Written};
use crate::model::{
    Author, Draft, DraftItem, Issue, IssueItem, IssueSection, Month, Place, Problem, Record, Severity, SourceNote,
    WorkId, sha256_hex,
};
use crate::render::{self, RenderedFile, Templates};
use crate::store::{Answer, LedgerItem, NewVerdict, Store};

/// What rendering did.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct RenderReport {
    /// The month.
    pub month: Month,
    /// Papers in the issue.
    pub items: usize,
    /// Each file, relative to `out/`, and whether its bytes have changed.
    pub files: Vec<(String, bool)>,
}

/// Renders a month's issue and the archive. What went into the issue counts as kept then.
///
/// # Errors
/// When there is no draft, the draft has errors (all are listed), a template fails (nothing is
/// written then), or a file cannot be written.
pub fn render(ctx: &Ctx, month: Month) -> Result<RenderReport> {
    let path = ctx.home.draft(month);
    let Some(text) = fsx::read_text_if_there(&path)? else {
        return Err(Error::Missing(format!(
            "there is no draft of {month}: {} is missing; `roundup draft {month}` writes it",
            path.display()
        )));
    };
    ctx.store.keep_draft(month, &text, ctx.clock.now())?;
    let (parsed, problems) = draft::parse(&text, &file_name(month));
    let errors: Vec<Problem> = problems.into_iter().filter(|p| p.severity == Severity::Error).collect();
    let Some(parsed) = parsed.filter(|_| errors.is_empty()) else { return Err(Error::Problems { problems: errors }) };
    let in_the_way = check(ctx, month)?.problems.into_iter().filter(|p| p.severity == Severity::Error);
    let in_the_way: Vec<Problem> = in_the_way.collect();
    if !in_the_way.is_empty() {
        return Err(Error::Problems { problems: in_the_way });
    }
    let issue = build(ctx, &parsed)?;
    let report = write_issue(ctx, &issue)?;
    ctx.store.transaction(|_| choose::take_in(ctx, month, &text, Moment::Rendered))?;
    Ok(report)
}

/// Renders an issue that was rendered before, as it was then; `None` when there was none.
///
/// # Errors
/// As [`fn@render`].
pub(super) fn render_again(ctx: &Ctx, month: Month) -> Result<Option<RenderReport>> {
    ctx.store.issue(month)?.map(|issue| write_issue(ctx, &issue)).transpose()
}

/// Writes the files of an issue and of the archive, and enters it in the ledger. All files are made
/// before the first is written.
fn write_issue(ctx: &Ctx, issue: &Issue) -> Result<RenderReport> {
    let month = issue.month;
    let (templates, problems) = Templates::new(&ctx.config.templates);
    let errors: Vec<Problem> = problems.into_iter().filter(|p| p.severity == Severity::Error).collect();
    if !errors.is_empty() {
        return Err(Error::Problems { problems: errors });
    }
    let files = render::issue_files(issue, &ctx.config.settings.house, &templates)?;
    let manifest = files.iter().find(|f| f.path == "manifest.json").map(|f| f.bytes.clone()).unwrap_or_default();
    let archive = archive::files(ctx, month, &manifest, &templates)?;
    let mut report = RenderReport { month, items: issue.items().count(), files: Vec::new() };
    for file in files {
        let name = format!("{month}/{}", file.path);
        write(ctx, RenderedFile { path: name, ..file }, &mut report)?;
    }
    for file in archive {
        write(ctx, file, &mut report)?;
    }
    enter(ctx, issue, &manifest)?;
    Ok(report)
}

/// Writes one file under `out/`.
fn write(ctx: &Ctx, file: RenderedFile, report: &mut RenderReport) -> Result<()> {
    let is_changed = fsx::write_atomic(&ctx.home.out().join(&file.path), &file.bytes)? == Written::Changed;
    report.files.push((file.path, is_changed));
    Ok(())
}

/// Writes the issue into the ledger; the same issue again changes nothing there.
fn enter(ctx: &Ctx, issue: &Issue, manifest: &[u8]) -> Result<()> {
    let hash = sha256_hex(manifest);
    if ctx.store.issue_manifest(issue.month)?.as_ref() == Some(&hash) {
        return Ok(());
    }
    let items: Vec<LedgerItem> =
        issue.items().map(|i| LedgerItem { id: i.id.clone(), section: i.section.clone() }).collect();
    ctx.store.transaction(|store| -> Result<()> {
        store.put_issue(issue, &items, &hash, ctx.clock.now())?;
        store.forget_issue_verdicts(issue.month)?;
        for id in items.iter().filter_map(|i| WorkId::parse(&i.id)) {
            if let Some(id) = store.resolve(&id)? {
                store.touch(&id)?;
                keep_together(ctx, store, issue.month, &id)?;
            }
        }
        Ok(())
    })
}

/// Notes that readers have seen the records of a work as one paper: the machine never parts them.
fn keep_together(ctx: &Ctx, store: &Store, month: Month, id: &WorkId) -> Result<()> {
    let records = store.numbers_of_work(id)?;
    if records.len() < 2 {
        return Ok(());
    }
    let title = store.work(id)?.map(|row| row.work.record.title).unwrap_or_default();
    let verdict = NewVerdict {
        answer: Answer::Same,
        a: (id.clone(), title.clone(), records),
        b: (id.clone(), title, Vec::new()),
        who: "roundup".to_owned(),
        note: String::new(),
        issue: Some(month),
    };
    store.put_verdict(&verdict, ctx.clock.now())?;
    Ok(())
}

/// Builds the issue from a draft and the store.
fn build(ctx: &Ctx, draft: &Draft) -> Result<Issue> {
    let house = &ctx.config.settings.house;
    let mut pick = None;
    let mut items = Vec::new();
    for item in draft::issue_items(draft) {
        let is_pick = !draft.pick.is_empty() && item.id == draft.pick;
        let built = build_item(ctx, draft.month, &item)?;
        if is_pick && pick.is_none() {
            pick = Some(built);
        } else {
            items.push(built);
        }
    }
    let sections = ctx
        .config
        .rules
        .topics
        .iter()
        .map(|t| IssueSection {
            id: t.id.clone(),
            name: t.name.clone(),
            blurb: t.blurb.clone(),
            items: items.iter().filter(|i| i.section == t.id).cloned().collect(),
        })
        .collect();
    let is_section = |id: &str| ctx.config.rules.topics.iter().any(|t| t.id == id);
    let more = items.iter().filter(|i| !is_section(&i.section)).cloned().collect();
    Ok(Issue {
        month: draft.month,
        number: house.first_issue.and_then(|first| number_of(first, draft.month)),
        subject: draft.subject.clone(),
        preheader: draft.preheader.clone(),
        note: draft.note.clone(),
        pick,
        sections,
        more,
        events: draft.events.clone(),
        request: draft.request.clone(),
        earlier: ctx.store.issues()?.into_iter().map(|i| i.month).filter(|m| *m < draft.month).collect(),
        stale_sources: stale_sources(ctx)?,
    })
}

/// Returns the number of an issue counted from the first one; `None` before the first.
fn number_of(first: Month, month: Month) -> Option<u32> {
    u32::try_from(month.months_since(first) + 1).ok().filter(|n| *n > 0)
}

/// Builds one item: of a work, or made by hand.
fn build_item(ctx: &Ctx, month: Month, item: &DraftItem) -> Result<IssueItem> {
    let own = |record, judgement, score, countries, remark| IssueItem {
        id: item.id.clone(),
        section: item.section.clone(),
        title: item.title.clone(),
        summary: item.summary.clone(),
        why: item.why.clone(),
        link: item.link.clone(),
        countries,
        record,
        judgement,
        score,
        remark,
    };
    let Some(asked) = WorkId::parse(&item.id) else {
        let record = Record {
            title: item.title.clone(),
            url: Some(item.link.clone()),
            authors: Vec::<Author>::new(),
            ..Record::default()
        };
        return Ok(own(record, None, None, Vec::new(), String::new()));
    };
    let unknown = || Error::Problems {
        problems: vec![
            Problem::error(Place::at(file_name(month), item.line, 1), format!("no paper has the id {asked}"))
                .with_help(
                    "ids are written by roundup; for an item of your own use any other word, such as \"our-webinar\"",
                ),
        ],
    };
    let id = ctx.store.resolve(&asked)?.ok_or_else(unknown)?;
    let mut row = ctx.store.work(&id)?.ok_or_else(unknown)?;
    forms::mark_notices(&ctx.store, &id, &mut row.work.record)?;
    let mut judgement = judgement_of(&ctx.store, &id, row.judgement)?;
    // The manifest is published: that a person decided is no secret, who it was is.
    judgement.iter_mut().for_each(without_names);
    let remark = forms::remark(ctx, &id, &sent_before(ctx, month)?)?;
    match judgement {
        Some(judgement) => {
            let g = gathered(ctx, row.work, judgement, month);
            Ok(own(g.work.record, Some(g.judgement), Some(g.score), g.country_names, remark))
        }
        None => Ok(own(row.work.record, None, None, Vec::new(), remark)),
    }
}

/// Returns the sources that fail today, in words for readers.
fn stale_sources(ctx: &Ctx) -> Result<Vec<SourceNote>> {
    let mut out = Vec::new();
    for source in ctx.config.settings.sources.iter().filter(|s| s.is_enabled) {
        let state = ctx.store.source_state(&source.id)?;
        if let Some(since) = state.failing_since {
            let day = since.to_zoned(ctx.zone()).date();
            out.push(SourceNote {
                id: source.id.clone(),
                name: source.name.clone(),
                reason: format!("not read since {day}"),
            });
        }
    }
    Ok(out)
}

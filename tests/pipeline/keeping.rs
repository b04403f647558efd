//! A home that is looked after: what is let go, what is looked at, and a disk that is full.

use std::fs;
use std::path::Path;

use jiff::Timestamp;
use roundup::pipeline::backup::{BackupWish, backup, backups_in, check};
use roundup::pipeline::restore::restore;
use roundup::pipeline::verify::{Extent, Finding, verify};
use roundup::pipeline::{self, Ctx, Home};
use roundup::store::Store;

use crate::support::disk::Disk;
use crate::support::{Month, block_on};

fn now() -> Timestamp {
    "2026-11-02T06:00:00Z".parse().unwrap()
}

/// Returns a backup's folder, made beside the home.
fn backed_up(ctx: &Ctx, into: &Path) -> std::path::PathBuf {
    let wish = BackupWish { folder: into.to_owned(), keep: None };
    backup(&ctx.home, &wish, now(), &|_| {}).unwrap().path
}

/// Returns what is wrong in a home, as "name: command that mends it".
fn wrong(ctx: &Ctx, extent: Extent) -> Vec<String> {
    let findings = verify(ctx, extent).unwrap();
    assert!(findings.len() >= 10, "{findings:?}");
    let bad = findings.into_iter().filter(|f| !f.is_good);
    bad.map(|Finding { name, mend, .. }| format!("{name}: {mend}")).collect()
}

/// Changes one byte in the midst of what stands in a file.
fn spoil(path: &Path) {
    let mut bytes = fs::read(path).unwrap();
    let at = bytes.len() / 2;
    bytes[at] ^= 0x11;
    fs::write(path, bytes).unwrap();
}

#[test]
fn what_is_wrong_is_found_with_what_mends_it() {
    block_on(async {
        let month = Month::start().await;
        drop(month.september().await);
        let ctx = month.october().await;
        let out = month.bench.path().join("out/2026-09");
        assert_eq!(wrong(&ctx, Extent::Sample), Vec::<String>::new());
        assert_eq!(wrong(&ctx, Extent::Whole), ["newest backup: roundup backup"]);
        backed_up(&ctx, &ctx.home.backups());
        assert_eq!(wrong(&ctx, Extent::Whole), Vec::<String>::new());
        spoil(&out.join("email.html"));
        assert_eq!(wrong(&ctx, Extent::Sample), ["issues: roundup rebuild"]);
        pipeline::rebuild(&ctx).unwrap();
        assert_eq!(wrong(&ctx, Extent::Sample), Vec::<String>::new(), "that mends it");
        fs::remove_file(out.join("manifest.json")).unwrap();
        assert_eq!(wrong(&ctx, Extent::Sample), ["issues: roundup rebuild"]);
        pipeline::rebuild(&ctx).unwrap();
        let draft = fs::read_to_string(ctx.home.root().join("drafts/2026-10.toml")).unwrap();
        month.bench.write("drafts/2026-10.toml", "[[item]\n");
        assert_eq!(wrong(&ctx, Extent::Sample), ["drafts: roundup draft history 2026-10"]);
        month.bench.write("drafts/2026-10.toml", draft);
        fs::remove_dir_all(ctx.home.index()).unwrap();
        assert_eq!(wrong(&ctx, Extent::Sample), ["search index: roundup reindex"]);
        pipeline::update_index(&ctx, true).unwrap();
        let place = month.bench.path().join("backups");
        spoil(&backups_in(&place).unwrap()[0].path.join("home/out/2026-10/email.txt"));
        assert_eq!(wrong(&ctx, Extent::Whole), ["newest backup: roundup backup"]);
        ctx.store.forget_derived().unwrap();
        let found = wrong(&ctx, Extent::Sample);
        assert!(found.contains(&"papers: roundup rebuild".to_owned()), "{found:?}");
        pipeline::rebuild(&ctx).unwrap();
        assert_eq!(wrong(&ctx, Extent::Sample), Vec::<String>::new());
    });
}

#[test]
fn a_rebuild_leaves_alone_what_others_put_beside_the_pages() {
    block_on(async {
        let month = Month::start().await;
        let ctx = month.september().await;
        month.bench.write("out/robots.txt", "User-agent: *\n");
        let before = month.bench.files("out");
        pipeline::rebuild(&ctx).unwrap();
        assert_eq!(month.bench.files("out"), before);
    });
}

#[test]
fn old_answers_are_let_go_and_everything_that_hangs_on_them_stays() {
    block_on(async {
        let month = Month::start().await;
        drop(month.september().await);
        drop(month.october().await);
        let kept = |ctx: &Ctx| {
            let mut out = Vec::new();
            ctx.store
                .each_payload(|p| {
                    out.push(p.payload.url);
                    Ok(())
                })
                .unwrap();
            out
        };
        let early = month.open("2027-11-01T03:00:00Z");
        let all = kept(&early);
        assert_eq!(pipeline::tidy_up(&early).unwrap().let_go, 0, "a year is not two");
        assert_eq!(kept(&early), all);
        drop(early);
        let late = month.open("2029-11-01T03:00:00Z");
        let (out, sent) = (month.bench.files("out"), late.store.sent().unwrap());
        let explained = |ctx: &Ctx| sent.iter().map(|(_, id)| pipeline::explain(ctx, id).unwrap()).collect::<Vec<_>>();
        let before = explained(&late);
        let report = pipeline::tidy_up(&late).unwrap();
        assert!(report.let_go > 0 && report.bytes > 0, "{report:?}");
        assert_eq!(pipeline::tidy_up(&late).unwrap().let_go, 0, "once");
        let left = kept(&late);
        assert_eq!(left.len() + report.let_go, all.len());
        let is_file = |url: &&String| url.contains("september.nbib") || url.contains("october.ris");
        assert_eq!(left.iter().filter(is_file).count(), all.iter().filter(is_file).count(), "files of people stay");
        assert!(left.iter().any(|url| !is_file(&url)), "what papers of issues were read from stays");
        let room = late.store.room().unwrap();
        assert_eq!((room.payloads, room.let_go), (left.len() as u64, report.let_go as u64));
        assert_eq!(explained(&late), before, "where each field came from is still known");
        pipeline::rebuild(&late).unwrap();
        assert_eq!(month.bench.files("out"), out, "and a rebuild gives the same");
        assert_eq!(wrong(&late, Extent::Sample), Vec::<String>::new());
        drop(late);
        let feeds = fs::read_to_string(month.bench.path().join("feeds.toml")).unwrap();
        month.bench.write("feeds.toml", format!("{feeds}\n[keep]\npayloads = \"forever\"\n"));
        let ever = month.open("2126-11-01T03:00:00Z");
        assert_eq!(pipeline::tidy_up(&ever).unwrap().let_go, 0);
    });
}

#[test]
fn a_home_comes_back_on_another_computer() {
    block_on(async {
        let month = Month::start().await;
        let ctx = month.september().await;
        let place = tempfile::tempdir().unwrap();
        let folder = backed_up(&ctx, place.path());
        let new = Home::new(place.path().join("new"));
        let checked = check(&folder, &|_| {}).unwrap();
        restore(&new, &folder, &checked, now(), &|_| {}).unwrap();
        let reader = Store::open_reader(&new.database()).unwrap();
        assert_eq!(reader.counts().unwrap(), ctx.store.counts().unwrap());
        assert_eq!(reader.sent().unwrap(), ctx.store.sent().unwrap());
        let files = |root: &Path, name: &str| fs::read(root.join(name)).unwrap();
        for name in ["feeds.toml", "drafts/2026-09.toml", "out/2026-09/email.html", "out/index.html"] {
            assert_eq!(files(new.root(), name), files(ctx.home.root(), name), "{name}");
        }
    });
}

#[test]
fn a_full_disk_costs_no_backup_that_was_there() {
    block_on(async {
        let month = Month::start().await;
        let ctx = month.september().await;
        let place = tempfile::tempdir().unwrap();
        // Where nobody may mount a small disk there is nothing to be looked at.
        let Some(disk) = Disk::mount(&place.path().join("disk"), 64 << 10) else { return };
        let good = backed_up(&ctx, &disk.0);
        let free = roundup::fsx::room_at(&disk.0).unwrap();
        // Filled by others, so that there is room for the half of another.
        fs::write(disk.0.join("others"), vec![1_u8; usize::try_from(free - (1 << 20)).unwrap()]).unwrap();
        let wish = BackupWish { folder: disk.0.clone(), keep: Some(1) };
        let error = backup(&ctx.home, &wish, now(), &|_| {}).unwrap_err().to_string();
        assert!(error.contains("has room for"), "{error}");
        assert_eq!(backups_in(&disk.0).unwrap().len(), 1);
        check(&good, &|_| {}).unwrap();
        let names: Vec<_> = roundup::fsx::entries_in(&disk.0).unwrap();
        assert_eq!(names.len(), 2, "nothing is left half: {names:?}");
    });
}

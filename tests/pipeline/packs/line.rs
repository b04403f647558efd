//! Over a line that breaks, and servers that are plain.

use roundup::pack::Manifest;
use roundup::pipeline::Home;
use roundup::pipeline::sync::Outcome;

use super::{are, found, has, paper, press, sync_from};
use crate::support::Bench;
use crate::support::files::{Files, Manner, Ranges};

/// A publisher with two packs.
fn shop() -> (Bench, Files, Vec<roundup::model::Paper>) {
    let shop = Bench::new();
    press(shop.path(), (0..15).map(|n| paper(n, 1)).collect());
    let now: Vec<_> = (0..30).map(|n| paper(n, 1)).collect();
    press(shop.path(), now.clone());
    let files = Files::serve(shop.path());
    (shop, files, now)
}

#[test]
fn cut_at_any_byte_the_next_sync_completes() {
    let (shop, files, now) = shop();
    let list = Manifest::parse(&shop.files("")["manifest.json"]).unwrap();
    assert_eq!(list.packs.len(), 2);
    let member = Bench::new();
    sync_from(&Home::new(member.path()), &files.url()).unwrap();
    let whole = files.sent();
    let largest = usize::try_from(list.packs.iter().map(|p| p.bytes).max().unwrap()).unwrap();
    // heads of the further requests
    let overhead = 4_000;
    let mut cuts = 0;
    for budget in (0..whole).step_by(whole / 60) {
        let member = Bench::new();
        let home = Home::new(member.path());
        files.behave(Manner { budget: Some(budget), ..Manner::default() });
        let cut = sync_from(&home, &files.url());
        assert!(cut.is_err(), "{budget}");
        let said = cut.unwrap_err().to_string();
        assert!(said.contains("help:"), "{said}");
        let first = files.sent();
        files.behave(Manner::default());
        let report = sync_from(&home, &files.url()).unwrap();
        assert_eq!(report.outcome, Outcome::Done, "{budget}");
        assert_eq!(has(&home), are(&now), "{budget}");
        assert!(first + files.sent() <= whole + largest + overhead, "{budget}: {first} + {}", files.sent());
        cuts += 1;
    }
    assert!(cuts >= 60);
    println!("cut at {cuts} places of {whole} bytes");
}

#[test]
fn a_copy_stays_usable_while_the_next_is_cut() {
    let (shop, files, _) = shop();
    let member = Bench::new();
    let home = Home::new(member.path());
    sync_from(&home, &files.url()).unwrap();
    let before = has(&home);
    let now: Vec<_> = (0..40).map(|n| paper(n, 2)).collect();
    press(shop.path(), now.clone());
    for budget in [0, 300, 900, 2_000, 4_000] {
        files.behave(Manner { budget: Some(budget), ..Manner::default() });
        assert!(sync_from(&home, &files.url()).is_err(), "{budget}");
        assert_eq!((has(&home), found(&home, "postpartum")), (before.clone(), 30), "{budget}");
    }
    files.behave(Manner::default());
    sync_from(&home, &files.url()).unwrap();
    assert_eq!((has(&home), found(&home, "postpartum")), (are(&now), 40));
}

#[test]
fn a_line_that_breaks_again_and_again_is_gone_on_with_in_one_sync() {
    let (_shop, files, now) = shop();
    let member = Bench::new();
    let home = Home::new(member.path());
    files.behave(Manner { cut: Some(500), ..Manner::default() });
    sync_from(&home, &files.url()).unwrap();
    assert_eq!(has(&home), are(&now));
    assert!(files.asked().len() > 10);
}

#[test]
fn servers_without_ranges_or_with_wrong_ones_are_borne() {
    for ranges in [Ranges::Unknown, Ranges::Wrong, Ranges::Refused] {
        for etags in [true, false] {
            let (shop, files, now) = shop();
            let list = Manifest::parse(&shop.files("")["manifest.json"]).unwrap();
            let member = Bench::new();
            let home = Home::new(member.path());
            // what a cut left of the first pack
            let name = format!("packs/{}", list.packs[0].file());
            let bytes = &shop.files("")[&name];
            member.write(&format!("data/{name}.part"), &bytes[..bytes.len() / 2]);
            files.behave(Manner { etags, ranges, ..Manner::default() });
            sync_from(&home, &files.url()).unwrap_or_else(|e| panic!("{ranges:?} {etags}: {e}"));
            assert_eq!(has(&home), are(&now), "{ranges:?} {etags}");
            assert!(member.files("data/packs").keys().all(|k| !k.contains(".part")));
        }
    }
}

#[test]
fn what_a_server_does_to_packs_unasked_is_named() {
    let gzip = |bytes: &[u8]| {
        let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        std::io::Write::write_all(&mut out, bytes).unwrap();
        out.finish().unwrap()
    };
    let answer = |status: &str, header: &str, body: &[u8]| {
        let head = format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\n{header}Connection: close\r\n\r\n", body.len());
        [head.as_bytes(), body].concat()
    };
    let (shop, files, now) = shop();
    let list = Manifest::parse(&shop.files("")["manifest.json"]).unwrap();
    let name = format!("packs/{}", list.packs[1].file());
    let bytes = shop.files("")[&name].clone();
    let packed = gzip(&bytes);
    for (note, instead, want) in [
        ("packed and said so", answer("200 OK", "Content-Encoding: gzip\r\n", &packed), "packed once more"),
        ("packed without a word", answer("200 OK", "", &packed), "packed once more"),
        ("no part was asked for", answer("416 Range Not Satisfiable", "", b""), "416 (it refuses a part"),
        ("a name without a deed", answer("200 OK", "Content-Encoding: zstd\r\n", &bytes), ""),
    ] {
        let member = Bench::new();
        let home = Home::new(member.path());
        files.behave(Manner { instead: vec![(name.clone(), instead)], ..Manner::default() });
        match sync_from(&home, &files.url()) {
            Ok(_) => assert!(want.is_empty() && has(&home) == are(&now), "{note}"),
            Err(error) => {
                let said = error.to_string();
                assert!(!want.is_empty() && said.contains(want), "{note}: {said}");
                let rest = format!("(1 of {} new packs are here, ", list.packs.len());
                assert!(said.contains(&rest) && said.contains(" kB remain)\n  help: "), "{note}: {said}");
            }
        }
        // The list may come so: it is unpacked.
        let list = answer("200 OK", "Content-Encoding: gzip\r\n", &gzip(&shop.files("")["manifest.json"]));
        files.behave(Manner { instead: vec![("manifest.json".to_owned(), list)], ..Manner::default() });
        sync_from(&home, &files.url()).unwrap();
        assert_eq!(has(&home), are(&now), "{note}");
    }
}

#[test]
fn what_a_cut_left_is_gone_on_with_and_wrong_remains_are_thrown_away() {
    let (shop, files, now) = shop();
    let list = Manifest::parse(&shop.files("")["manifest.json"]).unwrap();
    let name = format!("packs/{}", list.packs[0].file());
    let good = shop.files("")[&name].clone();
    let mut wrong = good[..good.len() / 2].to_vec();
    wrong[40] ^= 1;
    for (note, part, again) in [
        ("half", good[..good.len() / 2].to_vec(), false),
        ("all", good.clone(), false),
        ("wrong bytes", wrong, true),
        ("too long", [good.as_slice(), b"more"].concat(), true),
    ] {
        let member = Bench::new();
        let home = Home::new(member.path());
        member.write(&format!("data/{name}.part"), &part);
        files.behave(Manner::default());
        sync_from(&home, &files.url()).unwrap_or_else(|e| panic!("{note}: {e}"));
        assert_eq!(has(&home), are(&now), "{note}");
        let saved = files.sent() < list.packs.iter().map(|p| usize::try_from(p.bytes).unwrap()).sum::<usize>();
        assert_eq!(saved, !again, "{note}: {}", files.sent());
    }
}

#[test]
fn nothing_new_costs_one_request_and_less_than_a_kilobyte() {
    for etags in [true, false] {
        let (_shop, files, _) = shop();
        let member = Bench::new();
        let home = Home::new(member.path());
        files.behave(Manner { etags, ..Manner::default() });
        sync_from(&home, &files.url()).unwrap();
        files.behave(Manner { etags, ..Manner::default() });
        let report = sync_from(&home, &files.url()).unwrap();
        assert_eq!(report.outcome, Outcome::NothingNew);
        println!("nothing new, etags {etags}: {} bytes, {:?}", files.bytes(), files.asked());
        assert_eq!(files.asked().len(), 1);
        assert!(files.bytes() <= 1_000, "{}", files.bytes());
    }
}

#[test]
fn a_pack_that_was_damaged_here_is_fetched_again() {
    let (_shop, files, now) = shop();
    let member = Bench::new();
    let home = Home::new(member.path());
    sync_from(&home, &files.url()).unwrap();
    let name = member.files("data/packs").keys().find(|k| k.contains(".zst")).unwrap().clone();
    member.write(&name, b"cut");
    files.behave(Manner::default());
    sync_from(&home, &files.url()).unwrap();
    assert_eq!(has(&home), are(&now));
}

#[test]
fn a_host_that_drips_is_left_and_what_came_is_gone_on_with() {
    let (shop, files, now) = shop();
    let member = Bench::new();
    let home = Home::new(member.path());
    // A head has some 300 bytes, so that more than nothing of the body comes in the patience of the test.
    files.behave(Manner { drip: Some((20, 10)), ..Manner::default() });
    let began = std::time::Instant::now();
    let said = sync_from(&home, &files.url()).unwrap_err().to_string();
    assert!(began.elapsed() < std::time::Duration::from_secs(2), "{:?}", began.elapsed());
    println!("{said}");
    assert!(said.contains("is no longer waited for: only") && said.contains("what was fetched is kept"), "{said}");
    let list = Manifest::parse(&shop.files("")["manifest.json"]).unwrap();
    let part = format!("data/packs/{}.jsonl.zst.part", list.packs[0].sha256);
    let came = member.files("").get(&part).map_or(0, Vec::len);
    assert!(came > 0, "what came is here");
    // A weak line that brings enough is waited for, and only the rest is asked for.
    files.behave(Manner { drip: Some((200, 10)), ..Manner::default() });
    sync_from(&home, &files.url()).unwrap();
    assert_eq!(has(&home), are(&now));
    assert!(files.sent() < usize::try_from(list.bytes()).unwrap() + 2_000 + 2_000 - came, "{}", files.sent());
}

//! A base for a text that was put back, where it is not known what the machine had written when it was seen.

use super::layout::Layout;
use super::text::BOM;

/// Returns a base without the blocks that a text lacks: so nothing that the machine wrote later counts as taken out
/// by a person. A text or base that cannot be taken apart gives an empty base, after which all is a person's.
pub fn base_for(base: &str, mine: &str) -> String {
    let read = |text| Layout::read(text, "").ok();
    let strip = |text| str::strip_prefix(text, BOM).unwrap_or(text);
    let (Some(base), Some(mine)) = (read(strip(base)), read(strip(mine))) else { return String::new() };
    let held: std::collections::BTreeSet<String> = mine.blocks.iter().filter_map(super::layout::Block::key).collect();
    let mut out = String::with_capacity(base.text.len());
    let mut from = 0;
    for block in base.blocks.iter().filter(|b| !b.key().is_some_and(|key| held.contains(&key))) {
        let range = block.range();
        out.push_str(base.text.get(from..range.start).unwrap_or_default());
        from = range.end;
    }
    out.push_str(base.text.get(from..).unwrap_or_default());
    out
}

#[cfg(test)]
mod tests {
    use super::super::{parse, places};
    use super::*;

    #[test]
    fn what_the_text_lacks_leaves_the_base() {
        let block = |id: &str| format!("# why\n[[item]]\nid = \"{id}\"\nsection = \"s\"\ntitle = \"T\"\n\n");
        let head = "month = \"2026-10\"\n\n";
        let base = format!("{head}{}{}{}", block("a"), block("b"), block("c"));
        let mine = format!("{head}{}{}", block("d"), block("b"));
        let cut = base_for(&base, &mine);
        assert_eq!(
            cut,
            format!("{head}\n{}\n", block("b")),
            "only the empty lines between blocks are left of the others"
        );
        let draft = parse(&mine, "f").0.unwrap();
        let stands: Vec<String> =
            places(Some(&cut), &mine, &draft).iter().map(|p| format!("{} {:?}", p.id, p.stand)).collect();
        assert_eq!(stands, ["d Item", "b Item"], "nothing was taken out");
        assert_eq!(base_for(&base, "no [[ TOML"), "");
    }
}

//! Categories and keywords of a feed or entry.

use super::super::Category;
use super::super::names::Ns;
use super::super::tree::Node;
use super::first_of;
use crate::model::text::clean_line;
use crate::normalise::html::plain_line;

/// Categories kept for one entry; papers have ten keywords.
const CATEGORIES_MAX: usize = 1_000;

/// Returns categories and keywords, each once.
pub fn all(node: &Node) -> Vec<Category> {
    let mut out: Vec<Category> = Vec::new();
    for child in node.elements() {
        let is_list = matches!((child.ns, child.name.as_str()), (Ns::Media | Ns::Other, "keywords"));
        let is_one = matches!(
            (child.ns, child.name.as_str()),
            (Ns::Rss | Ns::Atom | Ns::Media | Ns::Other, "category") | (Ns::Dc, "subject") | (Ns::Prism, "keyword")
        );
        if !(is_list || is_one) {
            continue;
        }
        let label = child.attribute("label").map(clean_line).unwrap_or_default();
        let scheme = child.attribute("scheme").or(child.attribute("domain")).map(clean_line).unwrap_or_default();
        let add = |term: String, out: &mut Vec<Category>| {
            let label = if label == term { String::new() } else { label.clone() };
            let category = Category { term, scheme: scheme.clone(), label };
            if !category.term.is_empty() && out.len() < CATEGORIES_MAX && !out.contains(&category) {
                out.push(category);
            }
        };
        let listed = child.list_items();
        for node in &listed {
            add(plain_line(&node.text()), &mut out);
        }
        if listed.is_empty() {
            let text = category_text(child, &label);
            text.split(|c| is_list && matches!(c, ',' | ';')).for_each(|term| add(clean_line(term), &mut out));
        }
        out.extend(if child.ns == Ns::Other { podcast_categories(child) } else { Vec::new() });
    }
    out
}

/// Returns what a category says: in Atom its term, elsewhere its text first.
fn category_text(node: &Node, label: &str) -> String {
    let attribute = |name: &str| node.attribute(name).map(clean_line).unwrap_or_default();
    let (term, text) = (attribute("term"), if node.has_elements() { String::new() } else { plain_line(&node.text()) });
    let (first, second) = if node.ns == Ns::Atom { (term, text) } else { (text, term) };
    first_of(&[&first, &second, label, &attribute("text")])
}

/// Returns the categories within one of a podcast.
fn podcast_categories(node: &Node) -> Vec<Category> {
    let inner = node.all(Ns::Other, "category").take(CATEGORIES_MAX).map(|n| category_text(n, ""));
    inner.filter(|t| !t.is_empty()).map(|term| Category { term, ..Category::default() }).collect()
}

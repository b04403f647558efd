//! Words that only join, where they are meant: beside an operator, or behind a field.
//!
//! "What had helped" asks for help; `had OR helped` asks for either word. So `a OR b` finds what `a`
//! and `b` find, and `a AND b` nothing that one of them lacks.

use super::{Form, Node, TextField, language};
use crate::index::analyse;
use crate::model::text::fold;

/// Returns the words of an operand. Where all of them only join, each is meant; beside words that say
/// something they are running text.
pub(super) fn operand(nodes: Vec<Node>) -> Vec<Node> {
    if nodes.iter().all(joins) { nodes.into_iter().map(meant).collect() } else { nodes }
}

fn joins(node: &Node) -> bool {
    let Node::Text { field: TextField::Anywhere | TextField::Title, form: Form::Word, text } = node else {
        return false;
    };
    let lower = text.to_lowercase().replace('’', "'");
    analyse::is_stop_word(&fold(&lower)) || language::may_join(&lower)
}

fn meant(node: Node) -> Node {
    match node {
        Node::Text { field, text, .. } => Node::Text { field, form: Form::Meant, text },
        node => node,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::index::query::field::words;

    #[test]
    fn words_that_join_are_meant_where_nothing_else_stands() {
        for (text, want, note) in [
            ("had", 1, "a word that asks in running text"),
            ("the", 1, "a stop word of the engine"),
            ("Versus", 1, "whatever its case"),
            ("desde la", 0, "one of them says something"),
            ("de la", 2, "other languages"),
            ("stigma", 0, "a word"),
            ("the stigma", 0, "running text"),
        ] {
            let nodes = operand(words(text, TextField::Anywhere));
            let count = nodes.iter().filter(|n| matches!(n, Node::Text { form: Form::Meant, .. })).count();
            assert_eq!(count, want, "{text}: {note}");
        }
    }
}

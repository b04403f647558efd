//! How much of a text can be found. Whatever reads a paper's texts to search in them, or to show why it
//! was found, reads so much and no more.

/// How much of one text can be found, in bytes: fifty times a long abstract. Looking for words near each
/// other takes time and memory with every place where they stand.
const FINDABLE_BYTES_MAX: usize = 200_000;

/// Returns as much of a text as can be found: its beginning.
pub fn findable(text: &str) -> &str {
    text.get(..text.floor_char_boundary(FINDABLE_BYTES_MAX)).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_longer_is_cut_where_a_character_ends() {
        for (text, want) in [(String::new(), 0), ("é".repeat(3), 6), (format!("x{}", "é".repeat(100_000)), 199_999)] {
            assert_eq!(findable(&text).len(), want);
        }
    }
}

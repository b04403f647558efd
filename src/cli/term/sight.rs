//! Which characters are seen on a terminal. What is not seen can hide words from a reader, or make two
//! titles look the same.

/// Tells whether a character ends a line or a paragraph without being a line feed.
pub(super) fn ends_line(c: char) -> bool {
    matches!(c, '\u{2028}' | '\u{2029}')
}

/// Tells whether a character is never seen and no script needs it: soft hyphens, spaces and operators
/// without width, marks of direction, signs around notes, tags.
pub(super) fn is_unseen(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}'
        | '\u{2060}'..='\u{2065}' | '\u{206a}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
        | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e007f}'
    )
}

/// Tells whether a character joins two letters or pictures or keeps them apart, and is not seen itself.
pub(super) fn is_joiner(c: char) -> bool {
    matches!(c, '\u{200c}' | '\u{200d}')
}

/// Tells whether a joiner has a meaning behind a character: scripts whose letters change with their
/// neighbours take both, pictures are put together with one.
pub(super) fn joins(before: char, joiner: char) -> bool {
    let is_of_script = matches!(before,
        // Arabic, Syriac, N'Ko and the scripts of India and its neighbours; Burmese; Khmer and
        // Mongolian; Balinese and its neighbours; and those that came to Unicode later.
        '\u{600}'..='\u{dff}' | '\u{e80}'..='\u{109f}' | '\u{1780}'..='\u{18af}' | '\u{1900}'..='\u{1aaf}'
        | '\u{1b00}'..='\u{1c4f}' | '\u{a800}'..='\u{a82f}' | '\u{a840}'..='\u{aadf}' | '\u{fb50}'..='\u{fdff}'
        | '\u{fe70}'..='\u{fefe}' | '\u{10a00}'..='\u{11fff}' | '\u{1e900}'..='\u{1e95f}'
    );
    let is_picture = matches!(before, '\u{2190}'..='\u{2bff}' | '\u{fe0f}' | '\u{1f000}'..='\u{1faff}');
    is_of_script || (joiner == '\u{200d}' && is_picture)
}

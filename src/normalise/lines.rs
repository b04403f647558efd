//! Lines and columns of offsets in a long text.

use crate::model::Place;

/// Turns offsets that only grow into places, without counting from the top for each.
pub struct Lines<'a> {
    name: &'a str,
    text: &'a str,
    offset: usize,
    line: usize,
    column: usize,
}

impl<'a> Lines<'a> {
    /// Starts at the top of a text.
    pub fn new(name: &'a str, text: &'a str) -> Self {
        Self { name, text, offset: 0, line: 1, column: 1 }
    }

    /// Returns the place of an offset; one before the last asked is counted from the top.
    pub fn at(&mut self, offset: usize) -> Place {
        let Some(between) = self.text.get(self.offset..offset) else {
            return Place::of_offset(self.name, self.text, offset);
        };
        match between.rsplit_once('\n') {
            Some((before, after)) => {
                self.line += before.matches('\n').count() + 1;
                self.column = after.chars().count() + 1;
            }
            None => self.column += between.chars().count(),
        }
        self.offset = offset;
        Place::at(self.name, self.line, self.column)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_those_that_counting_from_the_top_gives() {
        let text = "erste\nzwö lf\r\n\nvier";
        let mut lines = Lines::new("f", text);
        for offset in (0..=text.len()).filter(|o| text.is_char_boundary(*o)) {
            assert_eq!(lines.at(offset), Place::of_offset("f", text, offset), "{offset}");
        }
        assert_eq!(lines.at(7), Place::of_offset("f", text, 7));
    }
}

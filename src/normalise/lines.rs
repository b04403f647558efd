//! Lines and columns of offsets in a long text.

use crate::model::Place;

/// Turns offsets that only grow into places, without counting lines from the top for each.
pub struct Lines<'a> {
    name: &'a str,
    text: &'a str,
    offset: usize,
    line: usize,
}

impl<'a> Lines<'a> {
    /// Starts at the top of a text.
    pub fn new(name: &'a str, text: &'a str) -> Self {
        Self { name, text, offset: 0, line: 1 }
    }

    /// Returns the place of an offset.
    pub fn at(&mut self, offset: usize) -> Place {
        if offset < self.offset {
            return Place::of_offset(self.name, self.text, offset);
        }
        self.line += self.text.get(self.offset..offset).unwrap_or_default().matches('\n').count();
        self.offset = offset;
        let before = self.text.get(..offset).unwrap_or_default();
        let start = before.rfind('\n').map_or(0, |at| at + 1);
        let column = before.get(start..).unwrap_or_default().chars().count() + 1;
        Place::at(self.name, self.line, column)
    }
}

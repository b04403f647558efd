//! A line of text that a person types into.

/// The most characters of a line: longer ones are no query and no name.
const CHARS_MAX: usize = 1_000;

/// A text and where the cursor stands in it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Line {
    chars: Vec<char>,
    cursor: usize,
    /// Whether it was only offered: what is typed takes its place.
    is_offered: bool,
}

impl Line {
    /// Returns a line with the cursor at its end. What acts on a terminal is left out.
    pub fn of(text: &str) -> Self {
        let mut line = Self::default();
        text.chars().for_each(|c| line.insert(c));
        line
    }

    /// Returns a text that is offered: the first character typed takes its place, any other key keeps it
    /// to be changed.
    pub fn offered(text: &str) -> Self {
        Self { is_offered: true, ..Self::of(text) }
    }

    /// Returns the text.
    pub fn text(&self) -> String {
        self.chars.iter().collect()
    }

    /// Returns the text before the cursor.
    pub fn before(&self) -> String {
        self.chars.iter().take(self.cursor).collect()
    }

    /// Puts a character at the cursor, unless it acts on a terminal or the line is full.
    pub fn insert(&mut self, c: char) {
        if std::mem::take(&mut self.is_offered) {
            self.clear();
        }
        let is_wanted = !crate::model::text::is_unwanted(c) && !c.is_control();
        if is_wanted && self.chars.len() < CHARS_MAX {
            self.chars.insert(self.cursor, c);
            self.cursor += 1;
        }
    }

    /// Removes the character before the cursor; tells whether there was one.
    pub fn backspace(&mut self) -> bool {
        self.is_offered = false;
        let was_there = self.cursor > 0;
        if was_there {
            self.cursor -= 1;
            self.chars.remove(self.cursor);
        }
        was_there
    }

    /// Removes the character behind the cursor; tells whether there was one.
    pub fn delete(&mut self) -> bool {
        self.is_offered = false;
        let was_there = self.cursor < self.chars.len();
        if was_there {
            self.chars.remove(self.cursor);
        }
        was_there
    }

    /// Removes the word before the cursor.
    pub fn delete_word(&mut self) {
        while self.char_before().is_some_and(char::is_whitespace) {
            self.backspace();
        }
        while self.char_before().is_some_and(|c| !c.is_whitespace()) {
            self.backspace();
        }
    }

    /// Removes everything.
    pub fn clear(&mut self) {
        *self = Self::default();
    }

    /// Moves the cursor left.
    pub fn left(&mut self) {
        self.is_offered = false;
        self.cursor = self.cursor.saturating_sub(1);
    }

    /// Moves the cursor right.
    pub fn right(&mut self) {
        self.is_offered = false;
        self.cursor = (self.cursor + 1).min(self.chars.len());
    }

    fn char_before(&self) -> Option<char> {
        self.cursor.checked_sub(1).and_then(|at| self.chars.get(at)).copied()
    }
}

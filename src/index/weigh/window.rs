//! A stretch of papers whose scores are worked out together.

/// Papers of one window: scores of so many fit the first cache of a processor.
pub(in crate::index) const SIZE: u32 = 4096;

/// The same as an index.
const SLOTS: usize = SIZE as usize;

/// Papers of one word of bits.
const WORD: usize = 64;

/// What takes the scores of a part, one for each paper that it matches.
pub(super) trait Sink {
    /// Whether scores of one paper add up here, so that the parts of a sum may come one by one.
    const ADDS: bool;

    /// Takes the score of the paper in a slot of the window.
    fn put(&mut self, slot: u32, score: f32);
}

/// Which papers of a window match, in words of bits.
#[derive(Debug)]
struct Seen {
    words: [u64; SLOTS / WORD],
    /// Which of the words have a bit: one bit for each.
    touched: u64,
}

impl Seen {
    const NONE: Self = Self { words: [0; SLOTS / WORD], touched: 0 };

    fn add(&mut self, slot: usize) {
        let word = (slot / WORD) % self.words.len();
        if let Some(bits) = self.words.get_mut(word) {
            *bits |= 1 << (slot % WORD);
            self.touched |= 1 << word;
        }
    }
}

/// Returns the places of the bits of a word, from the lowest up.
fn bits(mut word: u64) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let at = word.trailing_zeros() as usize;
        (word != 0).then(|| {
            word &= word - 1;
            at
        })
    })
}

/// The papers of a window that match, and the sum of their scores.
#[derive(Debug)]
pub(super) struct Window {
    seen: Seen,
    scores: [f32; SLOTS],
}

impl Window {
    /// Returns a window without matches.
    pub fn new() -> Box<Self> {
        Box::new(Self { seen: Seen::NONE, scores: [0.0; SLOTS] })
    }

    /// Tells whether no paper matches.
    pub fn is_empty(&self) -> bool {
        self.words().all(|(_, word)| word == 0)
    }

    /// Returns the words that have bits or had, each with its index.
    fn words(&self) -> impl Iterator<Item = (usize, u64)> + use<'_> {
        bits(self.seen.touched).map(|n| (n, self.seen.words.get(n).copied().unwrap_or_default()))
    }

    /// Returns the score of a slot.
    pub fn score(&self, slot: u32) -> f32 {
        self.scores.get(slot as usize).copied().unwrap_or_default()
    }

    /// Calls `each` with slot and score of every match, in order of the slots.
    pub fn each(&self, mut each: impl FnMut(u32, f32)) {
        for (n, word) in self.words() {
            for bit in bits(word) {
                let slot = n * WORD + bit;
                #[expect(clippy::cast_possible_truncation, reason = "a slot is below SIZE")]
                each(slot as u32, self.scores.get(slot).copied().unwrap_or_default());
            }
        }
    }

    /// Keeps the matches that match in another window too, and adds its scores.
    pub fn keep(&mut self, other: &Self) {
        for n in bits(self.seen.touched) {
            if let (Some(mine), Some(others)) = (self.seen.words.get_mut(n), other.seen.words.get(n)) {
                *mine &= others;
            }
            self.add_word(other, n);
        }
    }

    /// Takes away the matches that match in another window.
    pub fn leave_out(&mut self, other: &Self) {
        for n in bits(self.seen.touched) {
            if let (Some(mine), Some(others)) = (self.seen.words.get_mut(n), other.seen.words.get(n)) {
                *mine &= !others;
            }
        }
    }

    /// Adds the scores of another window; what matches only there does not match for it.
    pub fn add(&mut self, other: &Self) {
        for n in bits(self.seen.touched & other.seen.touched) {
            self.add_word(other, n);
        }
    }

    fn add_word(&mut self, other: &Self, n: usize) {
        let (mine, _) = self.scores.as_chunks_mut::<WORD>();
        let (others, _) = other.scores.as_chunks::<WORD>();
        if let (Some(mine), Some(others)) = (mine.get_mut(n), others.get(n)) {
            mine.iter_mut().zip(others).for_each(|(a, b)| *a += b);
        }
    }

    /// Makes it a window without matches.
    pub fn clear(&mut self) {
        let (scores, _) = self.scores.as_chunks_mut::<WORD>();
        for n in bits(self.seen.touched) {
            if let (Some(word), Some(scores)) = (self.seen.words.get_mut(n), scores.get_mut(n)) {
                *word = 0;
                scores.fill(0.0);
            }
        }
        self.seen.touched = 0;
    }
}

impl Sink for Window {
    const ADDS: bool = true;

    fn put(&mut self, slot: u32, score: f32) {
        let slot = slot as usize % SLOTS;
        self.seen.add(slot);
        if let Some(sum) = self.scores.get_mut(slot) {
            *sum += score;
        }
    }
}

/// The papers of a window that match, the best of their scores and the sum of them.
#[derive(Debug)]
pub(super) struct Best {
    window: Window,
    best: [f32; SLOTS],
}

impl Best {
    /// Returns one without matches.
    pub fn new() -> Box<Self> {
        Box::new(Self { window: Window { seen: Seen::NONE, scores: [0.0; SLOTS] }, best: [0.0; SLOTS] })
    }

    /// Hands over every match with the best of its scores and a share of the others, and is empty
    /// then.
    pub fn hand_over(&mut self, tie: f32, sink: &mut impl Sink) {
        self.window.each(|slot, sum| {
            let best = self.best.get(slot as usize).copied().unwrap_or_default();
            sink.put(slot, best + tie * (sum - best));
        });
        let (best, _) = self.best.as_chunks_mut::<WORD>();
        for n in bits(self.window.seen.touched) {
            if let Some(best) = best.get_mut(n) {
                best.fill(0.0);
            }
        }
        self.window.clear();
    }
}

impl Sink for Best {
    const ADDS: bool = false;

    fn put(&mut self, slot: u32, score: f32) {
        self.window.put(slot, score);
        if let Some(best) = self.best.get_mut(slot as usize % SLOTS)
            && score > *best
        {
            *best = score;
        }
    }
}

/// Windows to work with, used again and again.
#[derive(Debug, Default)]
pub(super) struct Pool {
    windows: Vec<Box<Window>>,
    bests: Vec<Box<Best>>,
}

impl Pool {
    /// Returns a window without matches.
    pub fn window(&mut self) -> Box<Window> {
        self.windows.pop().unwrap_or_else(Window::new)
    }

    /// Takes a window back.
    pub fn give(&mut self, mut window: Box<Window>) {
        window.clear();
        self.windows.push(window);
    }

    /// Returns one without matches.
    pub fn best(&mut self) -> Box<Best> {
        self.bests.pop().unwrap_or_else(Best::new)
    }

    /// Takes one back that was handed over.
    pub fn give_best(&mut self, best: Box<Best>) {
        self.bests.push(best);
    }
}

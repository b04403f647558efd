//! Colours and whether text in one can be read on another.

use std::fmt;

/// A colour of a screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Rgb(pub u8, pub u8, pub u8);

/// Steps from a colour to white or black when one that can be read is looked for.
const STEPS: u16 = 100;

impl Rgb {
    /// White.
    pub const WHITE: Self = Self(255, 255, 255);
    /// Black.
    pub const BLACK: Self = Self(0, 0, 0);

    /// Returns the colour written `#rrggbb`, in any case; `None` for any other form.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('#').filter(|d| d.len() == 6 && d.bytes().all(|b| b.is_ascii_hexdigit()))?;
        let [_, red, green, blue] = u32::from_str_radix(digits, 16).ok()?.to_be_bytes();
        Some(Self(red, green, blue))
    }

    /// Returns the six digits of `#rrggbb`, as templates take them.
    pub fn digits(self) -> String {
        format!("{:02x}{:02x}{:02x}", self.0, self.1, self.2)
    }

    /// Returns the relative luminance, 0.0 for black to 1.0 for white (WCAG 2.2).
    fn luminance(self) -> f64 {
        let part = |value: u8| {
            let value = f64::from(value) / 255.0;
            if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * part(self.0) + 0.7152 * part(self.1) + 0.0722 * part(self.2)
    }

    /// Returns the contrast of two colours, from 1.0 for the same to 21.0 for black on white (WCAG 2.2).
    pub fn contrast(self, other: Self) -> f64 {
        let (a, b) = (self.luminance(), other.luminance());
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    /// Returns the colour mixed with another: `percent` of 0 leaves it, 100 gives the other.
    pub fn mixed(self, other: Self, percent: u16) -> Self {
        let percent = percent.min(STEPS);
        let part = |a: u8, b: u8| {
            let sum = u16::from(a) * (STEPS - percent) + u16::from(b) * percent;
            u8::try_from((sum + STEPS / 2) / STEPS).unwrap_or(u8::MAX)
        };
        Self(part(self.0, other.0), part(self.1, other.1), part(self.2, other.2))
    }

    /// Returns the colour moved towards another by as little as gives it a contrast with `ground`; the
    /// other when none on the way has it.
    pub fn towards(self, other: Self, ground: Self, contrast: f64) -> Self {
        let on_the_way = (0..=STEPS).map(|percent| self.mixed(other, percent));
        on_the_way.into_iter().find(|c| c.contrast(ground) >= contrast).unwrap_or(other)
    }
}

impl fmt::Display for Rgb {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{}", self.digits())
    }
}

/// The colours that a house may choose; what they are on dark screens follows from them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Colours {
    /// Ground of the masthead and of the button, under white letters.
    pub masthead: Rgb,
    /// Links.
    pub link: Rgb,
    /// Rules and small headings of the sections, in turn.
    pub sections: [Rgb; 4],
}

impl Default for Colours {
    fn default() -> Self {
        Self {
            masthead: Rgb(0x0f, 0x3b, 0x3c),
            link: Rgb(0x0b, 0x5a, 0x5c),
            sections: [Rgb(0x27, 0x56, 0x8f), Rgb(0x0b, 0x5a, 0x5c), Rgb(0x9a, 0x3c, 0x12), Rgb(0x7a, 0x2d, 0x6d)],
        }
    }
}

impl Colours {
    /// Least contrast of each with white: 4.5 is what WCAG asks of text, and our grounds are not all white.
    pub const CONTRAST_MIN: f64 = 5.0;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_read_in_one_form_only() {
        for (text, want, note) in [
            ("#0f3b3c", Some(Rgb(15, 59, 60)), "as it is written"),
            ("#0F3B3C", Some(Rgb(15, 59, 60)), "in capitals"),
            ("0f3b3c", None, "without its sign"),
            ("#fff", None, "short"),
            ("#0f3b3g", None, "a letter that is no digit"),
            ("#+f3b3c", None, "a sign is no digit"),
            ("teal", None, "a name"),
            ("", None, "nothing"),
        ] {
            assert_eq!(Rgb::parse(text), want, "{note}");
        }
        assert_eq!(Rgb(1, 0xab, 0xff).to_string(), "#01abff");
    }

    #[test]
    fn contrasts_are_those_of_the_standard() {
        for (a, b, want) in [
            ("#000000", "#ffffff", 21.0),
            ("#ffffff", "#ffffff", 1.0),
            ("#767676", "#ffffff", 4.54),
            ("#0b5a5c", "#ffffff", 8.0),
            ("#ffffff", "#0f3b3c", 12.3),
        ] {
            let contrast = Rgb::parse(a).unwrap().contrast(Rgb::parse(b).unwrap());
            assert!((contrast - want).abs() < 0.06, "{a} on {b}: {contrast}");
        }
    }

    #[test]
    fn usual_colours_can_be_read() {
        let usual = Colours::default();
        for colour in [usual.masthead, usual.link].into_iter().chain(usual.sections) {
            assert!(colour.contrast(Rgb::WHITE) >= Colours::CONTRAST_MIN, "{colour}");
        }
    }

    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig { failure_persistence: None, ..Default::default() })]
        #[test]
        fn a_readable_colour_is_always_found(red: u8, green: u8, blue: u8) {
            let colour = Rgb(red, green, blue);
            let darker = colour.towards(Rgb::BLACK, Rgb::WHITE, 5.0);
            proptest::prop_assert!(darker.contrast(Rgb::WHITE) >= 5.0);
            let lighter = colour.towards(Rgb::WHITE, Rgb(0x1c, 0x2b, 0x28), 7.0);
            proptest::prop_assert!(lighter.contrast(Rgb(0x1c, 0x2b, 0x28)) >= 7.0);
            if colour.contrast(Rgb::WHITE) >= 5.0 {
                proptest::prop_assert_eq!(darker, colour);
            }
        }
    }
}

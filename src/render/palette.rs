//! The colours of a house as templates take them, for light and for dark screens.

use serde::Serialize;

use crate::model::{Colours, Rgb};

/// A colour on light and on dark screens, six digits each: a template writes `#{{ … }}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Pair {
    /// On light screens.
    pub light: String,
    /// On dark screens.
    pub dark: String,
}

/// All colours that follow from a house's own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Palette {
    /// Ground of the masthead; on light screens that of the button, too.
    pub masthead: Pair,
    /// The community's name on the masthead, in both.
    pub eyebrow: String,
    /// The month on the masthead of the email, in both.
    pub under: String,
    /// The month on the masthead of a page, in both.
    pub under_page: String,
    /// Links; on dark screens the ground of the button, too.
    pub link: Pair,
    /// Links in small print on the tinted ground of the email.
    pub small_link: String,
    /// Ground of the button under a pointer.
    pub pressed: Pair,
    /// Letters of the button on dark screens.
    pub button_dark: String,
    /// The sections' colours, in turn.
    pub sections: Vec<Pair>,
}

/// Ground of the email around its card, on light screens.
const SHELL: Rgb = Rgb(0xed, 0xf2, 0xf0);
/// The lightest ground on dark screens: what can be read on it can be read on the others.
const DARK_GROUND: Rgb = Rgb(0x1c, 0x2b, 0x28);
/// Least contrast of computed colours on dark screens, where letters look thinner.
const DARK_CONTRAST: f64 = 7.0;
/// The usual section colours on dark screens, chosen by eye.
const SECTIONS_DARK: [Rgb; 4] =
    [Rgb(0x8f, 0xb8, 0xee), Rgb(0x6c, 0xc9, 0xbb), Rgb(0xf0, 0xa2, 0x7c), Rgb(0xdf, 0xa0, 0xd3)];

impl Palette {
    /// Returns the palette of a house. Usual colours have companions chosen by eye; those of any other
    /// are computed so that they can be read.
    pub fn new(own: &Colours) -> Self {
        let usual = Colours::default();
        let (link_dark, small_link, pressed_dark) = if own.link == usual.link {
            (Rgb(0x86, 0xd3, 0xc8), Rgb(0x1d, 0x4f, 0x50), Rgb(0xa5, 0xe2, 0xd9))
        } else {
            let dark = on_dark(own.link);
            let small = own.link.towards(Rgb::BLACK, SHELL, Colours::CONTRAST_MIN);
            (dark, small, dark.mixed(Rgb::WHITE, 30))
        };
        let sections = own.sections.iter().zip(usual.sections).zip(SECTIONS_DARK);
        let sections =
            sections.map(|((own, usual), dark)| pair(*own, if *own == usual { dark } else { on_dark(*own) }));
        Self {
            link: pair(own.link, link_dark),
            small_link: small_link.digits(),
            button_dark: Rgb(0x07, 0x30, 0x2f).towards(Rgb::BLACK, link_dark, Colours::CONTRAST_MIN).digits(),
            sections: sections.collect(),
            ..Self::of_masthead(own.masthead, pressed_dark)
        }
    }

    /// Returns the colours that follow from the masthead's; the others are empty.
    fn of_masthead(own: Rgb, pressed_dark: Rgb) -> Self {
        let is_usual = own == Colours::default().masthead;
        // White can be read on it; a tint of it moves towards white as far as is needed.
        let tint = |percent: u16| own.mixed(Rgb::WHITE, percent).towards(Rgb::WHITE, own, Colours::CONTRAST_MIN);
        let usual_or = |usual: Rgb, computed: Rgb| if is_usual { usual } else { computed };
        Self {
            masthead: pair(own, usual_or(Rgb(0x0d, 0x33, 0x34), own.mixed(Rgb::BLACK, 15))),
            eyebrow: usual_or(Rgb(0xbf, 0xe0, 0xda), tint(78)).digits(),
            under: usual_or(Rgb(0xd9, 0xec, 0xe8), tint(86)).digits(),
            under_page: usual_or(Rgb(0xe3, 0xf1, 0xee), tint(90)).digits(),
            pressed: pair(usual_or(Rgb(0x18, 0x54, 0x54), own.mixed(Rgb::BLACK, 20)), pressed_dark),
            link: pair(Rgb::BLACK, Rgb::BLACK),
            small_link: String::new(),
            button_dark: String::new(),
            sections: Vec::new(),
        }
    }
}

/// Returns a colour on dark screens: lighter by as much as it needs.
fn on_dark(colour: Rgb) -> Rgb {
    colour.towards(Rgb::WHITE, DARK_GROUND, DARK_CONTRAST)
}

/// Returns two colours as templates take them.
fn pair(light: Rgb, dark: Rgb) -> Pair {
    Pair { light: light.digits(), dark: dark.digits() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rgb(digits: &str) -> Rgb {
        Rgb::parse(&format!("#{digits}")).unwrap()
    }

    /// Returns the letters and grounds of a palette that stand on each other.
    fn pairs(palette: &Palette) -> Vec<(&'static str, Rgb, Rgb)> {
        let mut out = vec![
            ("masthead", Rgb::WHITE, rgb(&palette.masthead.light)),
            ("masthead, dark", Rgb::WHITE, rgb(&palette.masthead.dark)),
            ("button", Rgb::WHITE, rgb(&palette.pressed.light)),
            ("button, dark", rgb(&palette.button_dark), rgb(&palette.link.dark)),
            ("button, dark, pressed", rgb(&palette.button_dark), rgb(&palette.pressed.dark)),
            ("link", rgb(&palette.link.light), Rgb::WHITE),
            ("link, dark", rgb(&palette.link.dark), DARK_GROUND),
            ("small link", rgb(&palette.small_link), SHELL),
        ];
        for text in [&palette.eyebrow, &palette.under, &palette.under_page] {
            out.push(("on the masthead", rgb(text), rgb(&palette.masthead.light)));
            out.push(("on the masthead, dark", rgb(text), rgb(&palette.masthead.dark)));
        }
        for section in &palette.sections {
            out.push(("section", rgb(&section.light), Rgb::WHITE));
            out.push(("section, dark", rgb(&section.dark), DARK_GROUND));
        }
        out
    }

    #[test]
    fn usual_colours_keep_their_companions() {
        let palette = Palette::new(&Colours::default());
        assert_eq!((palette.link.dark.as_str(), palette.button_dark.as_str()), ("86d3c8", "07302f"));
        assert_eq!(palette.sections[1].dark, "6cc9bb");
        for (what, letters, ground) in pairs(&palette) {
            assert!(letters.contrast(ground) >= Colours::CONTRAST_MIN, "{what}: {letters} on {ground}");
        }
    }

    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig { failure_persistence: None, ..Default::default() })]
        #[test]
        fn whatever_a_house_chooses_can_be_read(red: u8, green: u8, blue: u8) {
            // What the settings let through: contrast of 5 with white.
            let own = Rgb(red, green, blue).towards(Rgb::BLACK, Rgb::WHITE, Colours::CONTRAST_MIN);
            let palette = Palette::new(&Colours { masthead: own, link: own, sections: [own; 4] });
            for (what, letters, ground) in pairs(&palette) {
                proptest::prop_assert!(letters.contrast(ground) >= 4.99, "{}: {} on {}", what, letters, ground);
            }
        }
    }
}

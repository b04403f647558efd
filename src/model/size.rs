//! Sizes of files and disks in words.

/// Returns a size in words, rounded up: bytes, kB, MB or GB, each a thousand of the one before.
pub fn size_in_words(bytes: u64) -> String {
    let tenths = |of: u64| format!("{}.{}", bytes.div_ceil(of / 10) / 10, bytes.div_ceil(of / 10) % 10);
    match bytes {
        0..1_000 => format!("{bytes} bytes"),
        1_000..=999_000 => format!("{} kB", bytes.div_ceil(1_000)),
        999_001..=999_900_000 => format!("{} MB", tenths(1_000_000)),
        _ => format!("{} GB", tenths(1_000_000_000)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_said_in_words() {
        for (bytes, want) in [
            (0, "0 bytes"),
            (999, "999 bytes"),
            (1_001, "2 kB"),
            (335_872, "336 kB"),
            (999_000, "999 kB"),
            (999_001, "1.0 MB"),
            (4_390_000, "4.4 MB"),
            (999_900_000, "999.9 MB"),
            (999_900_001, "1.0 GB"),
            (51_784_400_000, "51.8 GB"),
            (u64::MAX, "18446744073.8 GB"),
        ] {
            assert_eq!(size_in_words(bytes), want);
        }
    }
}

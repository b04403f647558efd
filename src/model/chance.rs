//! Numbers that look like chance and are always the same.

/// What splitmix64 counts up by: 2^64 over the golden ratio, odd.
pub const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;

/// Returns a number scrambled, so that numbers near one another come out far apart: the last step of splitmix64
/// (Steele, Lea and Flood 2014). No two numbers give the same.
pub fn scrambled(number: u64) -> u64 {
    let mut z = number;
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_numbers_are_those_of_splitmix64() {
        // The first outputs for the seed 1234567, as published with the algorithm.
        let of = |n: u64| scrambled(1_234_567_u64.wrapping_add(GOLDEN.wrapping_mul(n)));
        assert_eq!([of(1), of(2)], [6_457_827_717_110_365_317, 3_203_168_211_198_807_973]);
    }
}

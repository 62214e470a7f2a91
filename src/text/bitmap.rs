//! Which bytes of a text belong to words, one bit a byte, found for eight bytes at a time.
//!
//! A word's end is then the end of a run of bits, found without a loop over its letters and so
//! without a wrong guess of the processor at its length. Set are ASCII letters and digits, and the
//! letters of two bytes that fill their blocks: Latin-1 without `×` and `÷`, Latin Extended-A, and the
//! Cyrillic of Russian and its neighbours. Everything else is for `bounds.rs`.

/// Bytes that are classified at once.
pub(super) const WINDOW: usize = 1 << 12;

/// Bytes in one word of bits.
const BITS: usize = 64;

/// `byte` in each of eight places.
const fn each(byte: u8) -> u64 {
    byte as u64 * 0x0101_0101_0101_0101
}

/// The highest bit of every byte.
const HIGH: u64 = each(0x80);

/// The highest bit of each byte that is an ASCII letter or a digit; other bytes give 0.
#[inline]
fn ascii_flags(eight: u64) -> u64 {
    // No sum reaches the next byte: both parts of each are below 0x80.
    let low = eight & !HIGH;
    let folded = low | each(0x20);
    let letter = folded.wrapping_add(each(0x80 - b'a')) & !folded.wrapping_add(each(0x80 - b'z' - 1));
    let digit = low.wrapping_add(each(0x80 - b'0')) & !low.wrapping_add(each(0x80 - b'9' - 1));
    (letter | digit) & !eight & HIGH
}

/// The highest bit of each byte that is `byte`.
#[inline]
fn flags_of(eight: u64, byte: u8) -> u64 {
    let differs = eight ^ each(byte);
    !((differs & !HIGH).wrapping_add(each(0x7F)) | differs) & HIGH
}

/// The highest bits of eight bytes, side by side.
#[inline]
fn gather(flags: u64) -> u64 {
    // The product puts the bit of byte i at 56 + i, and no two of its terms meet.
    (flags >> 7).wrapping_mul(0x0102_0408_1020_4080) >> 56
}

/// The bytes that start a letter of two bytes in the blocks that hold nothing else; but `×` and `÷`.
#[inline]
pub(super) fn starts_letter(lead: u8, next: u8) -> bool {
    match lead {
        0xC3 => !matches!(next, 0x97 | 0xB7),
        0xC4 | 0xC5 | 0xD0 | 0xD1 => true,
        _ => false,
    }
}

/// The bits of a stretch of a text.
pub(super) struct Bitmap<'text> {
    bytes: &'text [u8],
    start: usize,
    end: usize,
    /// Eight bytes at any place can be read as one number.
    bits: [u8; WINDOW / 8 + 8],
}

impl<'text> Bitmap<'text> {
    /// Bits of no stretch yet.
    pub(super) fn new(bytes: &'text [u8]) -> Self {
        Self {
            bytes,
            start: 0,
            end: 0,
            bits: [0; WINDOW / 8 + 8],
        }
    }

    /// Whether the bits at `at` are here, so that `run_end` needs no `load`.
    #[inline]
    pub(super) fn holds(&self, at: usize) -> bool {
        at < self.end
    }

    /// Classifies the stretch from `at`, where a character begins and no word goes on.
    pub(super) fn load(&mut self, at: usize) {
        self.start = at;
        self.end = self.bytes.len().min(at + WINDOW);
        let mut carried = false;
        let stretch = &self.bytes[at..self.end];
        for (index, part) in stretch.chunks(BITS).enumerate() {
            let mut padded = [0; BITS];
            let whole: &[u8; BITS] = if let Ok(whole) = part.try_into() {
                whole
            } else {
                padded[..part.len()].copy_from_slice(part);
                &padded
            };
            let after = self.bytes.get(at + index * BITS + BITS).copied().unwrap_or(0);
            let bits = bits_of(whole, after, &mut carried);
            self.bits[index * 8..index * 8 + 8].copy_from_slice(&bits.to_le_bytes());
        }
    }

    /// The end of the run of word bytes that holds `at`, looked for in this stretch: where it
    /// ends with the stretch, the run may go on.
    #[inline]
    pub(super) fn run_end(&self, at: usize) -> usize {
        let place = at - self.start;
        let mut index = place / 8;
        let mut skip = place % 8;
        let mut end = at;
        while let Some(eight) = self.bits.get(index..).and_then(|rest| rest.first_chunk::<8>()) {
            // The shift brings zeros in, which are no end.
            let ones = (u64::from_le_bytes(*eight) >> skip).trailing_ones() as usize;
            end += ones;
            if ones + skip < BITS {
                break;
            }
            (index, skip) = (index + 8, 0);
        }
        end.min(self.end)
    }

    /// Where this stretch ends.
    #[inline]
    pub(super) fn end(&self) -> usize {
        self.end
    }
}

/// The bits of 64 bytes; `carried` tells whether a letter of two bytes began in the last byte before
/// them, and then whether one begins in their own last byte.
#[inline]
fn bits_of(bytes: &[u8; BITS], after: u8, carried: &mut bool) -> u64 {
    let mut bits = 0;
    let mut high = 0;
    let (eights, _) = bytes.as_chunks::<8>();
    for (index, eight) in eights.iter().enumerate() {
        let eight = u64::from_le_bytes(*eight);
        high |= eight;
        bits |= gather(ascii_flags(eight)) << (8 * index);
    }
    if high & HIGH == 0 {
        *carried = false;
        return bits;
    }
    let (mut leads, mut latin, mut signs) = (0, 0, 0);
    for (index, eight) in eights.iter().enumerate() {
        let eight = u64::from_le_bytes(*eight);
        if eight & HIGH == 0 {
            continue;
        }
        let shift = 8 * index;
        let pairs = eight & each(0xFE);
        leads |= gather(flags_of(pairs, 0xC4) | flags_of(pairs, 0xD0)) << shift;
        latin |= gather(flags_of(eight, 0xC3)) << shift;
        signs |= gather(flags_of(eight & each(0xDF), 0x97)) << shift;
    }
    let follows = (signs >> 1) | (u64::from(matches!(after, 0x97 | 0xB7)) << 63);
    leads |= latin & !follows;
    let letters = leads | (leads << 1) | u64::from(*carried);
    *carried = leads >> 63 != 0;
    bits | letters
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the bits say of each byte, read through `run_end`.
    fn of_map(text: &str) -> Vec<bool> {
        let mut map = Bitmap::new(text.as_bytes());
        let mut found = Vec::new();
        while found.len() < text.len() {
            // A stretch begins at the beginning of a character.
            let at = found.len();
            map.load(at);
            let mut end = map.end();
            while !text.is_char_boundary(end) {
                end -= 1;
            }
            found.extend((at..end).map(|at| map.run_end(at) > at));
        }
        found
    }

    /// The same, one character after another.
    fn obvious(text: &str) -> Vec<bool> {
        text.chars()
            .flat_map(|sign| {
                let word = matches!(sign, '0'..='9' | 'A'..='Z' | 'a'..='z')
                    || matches!(sign, 'À'..='\u{17F}' | '\u{400}'..='\u{47F}') && !matches!(sign, '×' | '÷');
                std::iter::repeat_n(word, sign.len_utf8())
            })
            .collect()
    }

    #[test]
    fn every_byte_and_letter_of_two_bytes() {
        let all: String = ('\0'..'\u{900}').collect();
        for shift in 0..65 {
            let text = " ".repeat(shift) + &all;
            assert_eq!(of_map(&text), obvious(&text), "{shift}");
        }
    }

    #[test]
    fn runs_end_where_they_end() {
        let text = format!("{} {}é.", "a".repeat(100), "b".repeat(200));
        let mut map = Bitmap::new(text.as_bytes());
        map.load(0);
        assert_eq!(
            (map.run_end(0), map.run_end(99), map.run_end(101)),
            (100, 100, 303)
        );
        let long = "x".repeat(WINDOW + 5);
        let mut map = Bitmap::new(long.as_bytes());
        map.load(0);
        assert_eq!((map.run_end(3), map.holds(WINDOW)), (WINDOW, false));
    }

    proptest::proptest! {
        #[test]
        fn the_bits_are_those_of_the_characters(text in "[a_9 .×÷éÿЖћ’中🙂]{0,200}") {
            proptest::prop_assert_eq!(of_map(&text), obvious(&text));
        }
    }
}

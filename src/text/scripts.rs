//! Scripts that are written without spaces: Chinese, Japanese, Thai, Lao, Khmer and Burmese.
//!
//! Words are those of ICU's dictionaries (crate `icu_segmenter`, its dictionary model): the longest
//! word that the dictionary has, from left to right; where it has none, one grapheme. Katakana stays
//! whole, as UAX #29 says. What a reader does not see takes no part: joiners, variation selectors
//! and soft hyphens stay with the character before them, and decomposed kana are looked up composed.
//! A zero-width space is where the author says that a word ends, so one does.
//!
//! A run may be as long as the document, so it is cut in windows. The longest-match rule looks at
//! nothing before a bound, and after it no further than the longest entry of a dictionary and one
//! grapheme more; a word that begins further than `MARGIN` from the end of its window is therefore
//! the word of the whole run, and the next window begins behind the last such word. Two things
//! keep graphemes short: marks beyond the thirtieth in a row join what they follow unseen, and a
//! chain of subscripts longer than a window is cut where the window ends.

use std::sync::LazyLock;

use icu_segmenter::options::WordBreakInvariantOptions;
use icu_segmenter::{WordSegmenter, WordSegmenterBorrowed};
use unicode_normalization::char::{compose, is_combining_mark};

use super::glance::is_format;
use super::watch::Watch;
use crate::error::Result;

/// Bytes that are looked up at once: a fraction of a millisecond.
const WINDOW: usize = 1 << 12;

/// Bytes that decide about a word, counted from its start: more than 64 characters, while the longest
/// entry of a dictionary has 33 (Burmese, `icu_segmenter_data` 2.4).
const MARGIN: usize = 1 << 8;

/// Marks in a row that are looked at; no text has more (the stream-safe format of UAX #15).
const MARKS: usize = 30;

/// The zero-width space.
const BOUND: char = '\u{200B}';

static SEGMENTER: LazyLock<WordSegmenterBorrowed<'static>> =
    LazyLock::new(|| WordSegmenter::new_dictionary(WordBreakInvariantOptions::default()));

/// Finds the dictionaries now, for `pattern::ready`.
pub(super) fn ready() {
    LazyLock::force(&SEGMENTER);
}

/// A family of scripts whose words a dictionary finds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Complex {
    /// Han, hiragana and katakana: Chinese and Japanese.
    Chinese,
    /// Thai.
    Thai,
    /// Lao.
    Lao,
    /// Khmer.
    Khmer,
    /// Burmese, and the languages that share its script.
    Burmese,
}

impl Complex {
    /// The family of a character. Digits and punctuation have none, as in UAX #29.
    #[inline]
    pub(super) fn of(c: char) -> Option<Self> {
        let point = u32::from(c);
        if point < 0xE01 {
            return None;
        }
        Some(match point {
            0xE01..=0xE3A | 0xE40..=0xE4E => Self::Thai,
            0xE81..=0xEBD | 0xEC0..=0xECF | 0xEDC..=0xEDF => Self::Lao,
            0x1000..=0x103F
            | 0x1050..=0x108F
            | 0x109A..=0x109D
            | 0xA9E0..=0xA9EF
            | 0xA9FA..=0xA9FE
            | 0xAA60..=0xAA76
            | 0xAA7A..=0xAA7F => Self::Burmese,
            0x1780..=0x17D3 | 0x17D7 | 0x17DC | 0x17DD => Self::Khmer,
            0x3400..=0x4DBF
            | 0x4E00..=0x9FFF
            | 0x3005
            | 0x3007
            | 0x3021..=0x3029
            | 0x3031..=0x3035
            | 0x3038..=0x303B
            | 0x3041..=0x3096
            | 0x3099..=0x30FA
            | 0x30FC..=0x30FF
            | 0x31F0..=0x31FF
            | 0x32D0..=0x32FE
            | 0x3300..=0x3357
            | 0xFF66..=0xFF9F
            | 0x2E80..=0x2E99
            | 0x2E9B..=0x2EF3
            | 0x2F00..=0x2FD5
            | 0xF900..=0xFA6D
            | 0xFA70..=0xFAD9
            | 0x1_6FE2
            | 0x1_6FE3
            | 0x1_6FF0..=0x1_6FF6
            | 0x1_AFF0..=0x1_AFF3
            | 0x1_AFF5..=0x1_AFFB
            | 0x1_AFFD
            | 0x1_AFFE
            | 0x1_B000..=0x1_B167
            | 0x2_0000..=0x2_FA1D
            | 0x3_0000..=0x3_3479 => Self::Chinese,
            _ => return None,
        })
    }
}

/// What a character of a run is to the dictionary.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    /// To be looked up.
    Plain,
    /// Katakana, which stays whole.
    Katakana,
    /// Belongs to what it follows.
    Glue,
}

impl Part {
    #[inline]
    fn of(c: char) -> Self {
        match u32::from(c) {
            0xE01..=0x1FFF | 0x3005..=0x3030 | 0x3036..=0x3096 | 0x3400..=0xF8FF => Self::Plain,
            0x309B
            | 0x309C
            | 0x30A0..=0x30FF
            | 0x3031..=0x3035
            | 0x31F0..=0x31FF
            | 0x32D0..=0x32FE
            | 0x3300..=0x3357
            | 0xFF66..=0xFF9D
            | 0x1_AFF0..=0x1_AFFE
            | 0x1_B000
            | 0x1_B120..=0x1_B122
            | 0x1_B155
            | 0x1_B164..=0x1_B167 => Self::Katakana,
            _ if Self::glues(c) => Self::Glue,
            _ => Self::Plain,
        }
    }

    /// Whether a character belongs to what it follows, in any of these scripts.
    fn glues(c: char) -> bool {
        is_format(c) || is_combining_mark(c) || matches!(c, '\u{FF9E}' | '\u{FF9F}')
    }
}

/// Where the run of a family ends that begins at the start of `text`: at the first character that is
/// neither of the family nor belongs to one that is.
pub(super) fn end(text: &str, script: Complex, watch: &mut Watch<'_>) -> Result<usize> {
    for (at, c) in text.char_indices() {
        watch.spend(1)?;
        match Complex::of(c) {
            Some(found) if found == script => {}
            None if Part::glues(c) => {}
            _ => return Ok(at),
        }
    }
    Ok(text.len())
}

/// Calls `emit` with the end of every word of a run, which is one family's and begins with a
/// character of it.
pub(super) fn cut(
    run: &str,
    script: Complex,
    watch: &mut Watch<'_>,
    emit: &mut dyn FnMut(usize) -> Result<()>,
) -> Result<()> {
    cut_in(run, script, WINDOW, watch, emit)
}

/// `cut` with windows of this many bytes.
fn cut_in(
    run: &str,
    script: Complex,
    most: usize,
    watch: &mut Watch<'_>,
    emit: &mut dyn FnMut(usize) -> Result<()>,
) -> Result<()> {
    let mut window = Window::default();
    let mut at = 0;
    while at < run.len() {
        let whole = window.fill(run, at, script, most, watch)?;
        if window.part != Part::Plain {
            at = window.end;
            emit(at)?;
            continue;
        }
        let text = window.text(run, at);
        // A character costs about as much as a step, and this is work about to be done.
        watch.spend(text.len())?;
        let mut places = window.places(at);
        let (mut start, mut moved) = (0, 0);
        for bound in SEGMENTER.segment_str(text).skip(1) {
            if !whole && (start + MARGIN > text.len() || bound == text.len()) {
                break;
            }
            moved = places.of(bound);
            emit(moved)?;
            start = bound;
        }
        if start == 0 {
            moved = window.end;
            emit(moved)?;
        }
        at = moved;
    }
    Ok(())
}

/// A stretch of a run, as the dictionary sees it.
#[derive(Debug)]
struct Window {
    part: Part,
    /// Where the stretch ends in the run.
    end: usize,
    /// The stretch without glue; not kept where there is none.
    clean: String,
    /// From which byte of `clean` on the run is so many bytes ahead of it.
    ahead: Vec<(usize, usize)>,
}

impl Default for Window {
    fn default() -> Self {
        Self {
            part: Part::Glue,
            end: 0,
            clean: String::new(),
            ahead: Vec::new(),
        }
    }
}

impl Window {
    /// Takes the stretch that begins at `at`: katakana to its end, anything else to its end or up to
    /// `most` bytes. Says whether it is whole.
    fn fill(
        &mut self,
        run: &str,
        at: usize,
        script: Complex,
        most: usize,
        watch: &mut Watch<'_>,
    ) -> Result<bool> {
        self.part = Part::Glue;
        self.clean.clear();
        self.ahead.clear();
        // Bytes that are to be looked up, and whether they differ from those of the run.
        let (mut taken, mut differs, mut marks, mut bound) = (0, false, 0, false);
        for (offset, c) in run[at..].char_indices() {
            watch.spend(1)?;
            let mut part = Part::of(c);
            if script != Complex::Chinese && part == Part::Plain && is_combining_mark(c) {
                marks += 1;
                if marks > MARKS {
                    part = Part::Glue;
                }
            } else if part != Part::Glue {
                marks = 0;
            }
            if part == Part::Glue {
                bound |= c == BOUND && self.part != Part::Glue;
                if self.part == Part::Plain {
                    if !differs {
                        self.clean.push_str(&run[at..at + offset]);
                        differs = true;
                    }
                    if let Some(last) = self.clean.pop() {
                        self.clean.push(compose(last, c).unwrap_or(last));
                    }
                    taken = self.clean.len();
                }
                continue;
            }
            let first = self.part == Part::Glue;
            if !first && (bound || part != self.part || (part == Part::Plain && taken >= most)) {
                self.end = at + offset;
                return Ok(bound || part != self.part);
            }
            self.part = part;
            if part == Part::Plain {
                differs |= first && offset > 0;
                if differs {
                    let known = self.ahead.last().map_or(0, |&(_, ahead)| ahead);
                    // Composed kana are as long as plain ones, so the run never falls behind.
                    if offset - self.clean.len() != known {
                        self.ahead.push((self.clean.len(), offset - self.clean.len()));
                    }
                    self.clean.push(c);
                }
                taken += c.len_utf8();
            }
        }
        self.end = run.len();
        Ok(true)
    }

    /// What is looked up.
    fn text<'text>(&'text self, run: &'text str, at: usize) -> &'text str {
        if self.clean.is_empty() {
            &run[at..self.end]
        } else {
            &self.clean
        }
    }

    /// Where bounds of the text stand in the run.
    fn places(&self, at: usize) -> Places<'_> {
        Places {
            window: self,
            at,
            next: 0,
            ahead: 0,
        }
    }
}

/// Finds the places of bounds, which must rise.
struct Places<'window> {
    window: &'window Window,
    at: usize,
    /// The next of the window's `ahead` to be looked at, and what holds before it.
    next: usize,
    ahead: usize,
}

impl Places<'_> {
    fn of(&mut self, bound: usize) -> usize {
        if !self.window.clean.is_empty() && bound == self.window.clean.len() {
            return self.window.end;
        }
        while let Some(&(from, ahead)) = self.window.ahead.get(self.next)
            && from <= bound
        {
            self.ahead = ahead;
            self.next += 1;
        }
        self.at + bound + self.ahead
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::observer::Silent;

    fn words(run: &str, script: Complex, most: usize) -> Vec<&str> {
        let (mut found, mut at) = (Vec::new(), 0);
        cut_in(run, script, most, &mut Watch::new(&Silent), &mut |end| {
            found.push(&run[at..end]);
            at = end;
            Ok(())
        })
        .unwrap();
        assert_eq!(at, run.len());
        found
    }

    fn script(run: &str) -> Complex {
        Complex::of(run.chars().next().unwrap()).unwrap()
    }

    /// The words of a whole run, as the dictionary's own crate finds them.
    fn whole(run: &str) -> Vec<&str> {
        let bounds: Vec<usize> = SEGMENTER.segment_str(run).collect();
        bounds.windows(2).map(|word| &run[word[0]..word[1]]).collect()
    }

    #[test]
    fn named_rows() {
        let rows = [
            ("中国和俄罗斯", "中国|和|俄罗斯"),
            ("東京都に住む", "東京|都|に|住む"),
            ("コンピューターを買う", "コンピューター|を|買う"),
            ("ｺﾝﾋﾟｭｰﾀｰ", "ｺﾝﾋﾟｭｰﾀｰ"),
            ("ภาษาไทยง่ายมาก", "ภาษา|ไทย|ง่าย|มาก"),
            ("ພາສາລາວ", "ພາສາ|ລາວ"),
            ("ភាសាខ្មែរភាសាខ្មែរ", "ភាសាខ្មែរ|ភាសាខ្មែរ"),
            ("မြန်မာစာ", "မြန်မာ|စာ"),
            // What is not seen takes no part.
            (
                "中\u{AD}国\u{FE00}和\u{200D}俄罗斯",
                "中\u{AD}国\u{FE00}|和\u{200D}|俄罗斯",
            ),
            ("葛\u{E0100}城", "葛\u{E0100}城"),
            ("学生て\u{3099}す", "学生|て\u{3099}す"),
            // A zero-width space ends a word.
            ("中\u{200B}国", "中\u{200B}|国"),
        ];
        for (run, expected) in rows {
            assert_eq!(words(run, script(run), WINDOW).join("|"), expected);
        }
    }

    #[test]
    fn a_run_ends_where_its_family_does() {
        let mut watch = Watch::new(&Silent);
        for (text, run) in [
            ("中国\u{FE00}2020年", "中国\u{FE00}"),
            ("日本、韓国", "日本"),
            ("ไทย๒๓", "ไทย"),
            ("ไทยລາວ", "ไทย"),
            ("中\u{200D}a", "中\u{200D}"),
        ] {
            assert_eq!(end(text, script(text), &mut watch), Ok(run.len()), "{text}");
        }
        for sign in ['a', '1', '๒', '၁', '。', '・', '한', '\u{200B}', '㈱', '🈁'] {
            assert_eq!(Complex::of(sign), None, "{sign}");
        }
    }

    #[test]
    fn every_character_stands_as_it_does_for_the_dictionary() {
        for sign in '\0'..=char::MAX {
            let Some(script) = Complex::of(sign) else {
                continue;
            };
            let neighbour = match script {
                Complex::Chinese => "丂",
                Complex::Thai => "ฅ",
                Complex::Lao => "ຄ",
                Complex::Khmer => "ឣ",
                Complex::Burmese => "ဣ",
            };
            for text in [
                format!("{neighbour}{sign}{sign}{neighbour}"),
                format!("ア{sign}ア"),
            ] {
                if text.starts_with('ア') && script != Complex::Chinese || Part::of(sign) == Part::Glue {
                    continue;
                }
                assert_eq!(
                    words(&text, script, WINDOW),
                    whole(&text),
                    "U+{:04X}",
                    u32::from(sign)
                );
            }
        }
    }

    #[test]
    fn runs_without_end_are_cut_in_pieces_of_bounded_size() {
        // One grapheme, however many marks it has.
        let marks = format!("ก{}ข", "\u{E48}".repeat(100_000));
        assert_eq!(words(&marks, Complex::Thai, WINDOW).len(), 2);
        let hidden = format!("中{}国", "\u{200D}".repeat(100_000));
        assert_eq!(words(&hidden, Complex::Chinese, WINDOW), [hidden.as_str()]);
        let katakana = "カ".repeat(100_000);
        assert_eq!(words(&katakana, Complex::Chinese, WINDOW), [katakana.as_str()]);
        for (chain, script) in [("က\u{1039}", Complex::Burmese), ("ក\u{17D2}", Complex::Khmer)] {
            for word in words(&chain.repeat(10_000), script, WINDOW) {
                assert!(word.len() <= WINDOW + 4);
            }
        }
    }

    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig::with_cases(500))]
        #[test]
        fn windows_change_nothing(
            chinese in "(中国|人民|共和国|的|和|我们|東京|ている|した|コンピューター|々|[一-龥]|[ぁ-ん]|[ァ-ヶー]){0,400}",
            thai in "(ภาษา|ไทย|ประเทศ|ผู้|การ|รัฐบาล|[ก-ฮ]|[ก-ฮเ-ไะ-ู่-์]){0,400}",
            lao in "(ພາສາ|ລາວ|ປະເທດ|[ກ-ຮ]|[ກຂຄງຈສຊຍດຕເ-ໄະ-ູ່-໌]){0,400}",
            khmer in "(ភាសា|ខ្មែរ|ប្រទេស|កម្ពុជា|[ក-អ]|[ក-អ្ា-ៅ]){0,400}",
            burmese in "(မြန်မာ|စာ|နိုင်ငံ|သည်|[က-အ]|[က-အ္်ာ-ဲ]){0,400}",
            most in MARGIN + 32..MARGIN + 600,
        ) {
            for run in [chinese, thai, lao, khmer, burmese] {
                let Some(script) = run.chars().next().and_then(Complex::of) else {
                    continue;
                };
                if is_combining_mark(run.chars().next().unwrap_or(' ')) {
                    continue;
                }
                proptest::prop_assert_eq!(words(&run, script, most), whole(&run));
            }
        }

        #[test]
        fn words_are_the_run(run in "[中国かカーｶﾞไก่ພາខ្မမြ\u{AD}\u{200B}\u{200D}\u{3099}\u{FE00}\u{E0100}]{1,40}") {
            // Whatever a caller takes for a run: every byte is in a word, and no word is empty.
            for script in [Complex::Chinese, Complex::Thai, Complex::Khmer] {
                for word in words(&run, script, 16) {
                    proptest::prop_assert!(!word.is_empty());
                }
            }
        }
    }
}

//! The signs around the end of a sentence: stops, what closes after them, what opens the next one.
//!
//! What Unicode calls `STerm` and `ATerm` (UAX #29, sentence breaks), told apart by what they
//! promise, with signs that end a sentence in one script alone.

/// A sign that may end a sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stop {
    /// A full stop, which has other uses.
    Full,
    /// A question or exclamation mark; a name or a quotation may go on after it.
    Mark,
    /// `…`
    Ellipsis,
    /// A sign with no other use: `。`, the danda.
    Sure,
}

/// Bytes that may begin a stop or a line break.
pub(super) const HINTS: [bool; 256] = {
    let mut hints = [false; 256];
    let bytes = b".!?;:|\n\r\x0b\x0c\xC2\xCD\xD6\xD8\xDB\xE0\xE1\xE2\xE3\xEF";
    let mut place = 0;
    while place < bytes.len() {
        hints[bytes[place] as usize] = true;
        place += 1;
    }
    hints
};

/// Question and exclamation marks; U+061F is Arabic, U+037E Greek.
const MARKS: [char; 12] = [
    '!', '?', '\u{203C}', '\u{203D}', '\u{2047}', '\u{2048}', '\u{2049}', '\u{2E2E}', '\u{FE56}', '\u{FE57}',
    '\u{61F}', '\u{37E}',
];

/// Stops without another use: Chinese and Japanese, danda, Urdu, Armenian, Ethiopic, Burmese, Khmer,
/// Tibetan, Mongolian.
const SURE: [char; 18] = [
    '\u{3002}', '\u{FF01}', '\u{FF1F}', '\u{FF61}', '\u{964}', '\u{965}', '\u{6D4}', '\u{589}', '\u{1362}',
    '\u{1367}', '\u{1368}', '\u{104B}', '\u{17D4}', '\u{17D5}', '\u{F0D}', '\u{F0E}', '\u{1803}', '\u{1809}',
];

/// What a character is as a stop, after the character `before`.
pub(super) fn stop(character: char, before: Option<char>) -> Option<Stop> {
    let after = |from: char, to: char| before.is_some_and(|before| (from..=to).contains(&before));
    Some(match character {
        '.' | '\u{2024}' | '\u{FE52}' | '\u{FF0E}' => Stop::Full,
        '\u{2026}' => Stop::Ellipsis,
        // The semicolon is the question mark of typed Greek, the colon the full stop of typed Armenian.
        ';' if after('\u{370}', '\u{3FF}') || after('\u{1F00}', '\u{1FFF}') => Stop::Mark,
        ':' if after('\u{531}', '\u{58A}') => Stop::Mark,
        // Two word spaces are the full stop of typed Amharic, a bar the danda of typed Hindi and Bengali.
        '\u{1361}' if before == Some('\u{1361}') => Stop::Sure,
        '|' if after('\u{900}', '\u{DFF}') => Stop::Sure,
        _ if MARKS.contains(&character) => Stop::Mark,
        _ if SURE.contains(&character) => Stop::Sure,
        _ => return None,
    })
}

/// Whether a character behind a stop belongs to the sentence that it closes.
pub(super) fn closes(character: char) -> bool {
    matches!(
        character,
        '"' | '\'' | ')' | ']' | '}' | '»' | '«' | '›' | '‹' | '\u{2018}'
            ..='\u{201F}'
                | '」'
                | '』'
                | '〉'
                | '》'
                | '】'
                | '〕'
                | '）'
                | '］'
                | '｝'
                | '｣'
                | '〞'
                | '〟'
                | '＂'
                | '＇'
                | '*'
    )
}

/// Whether a quote that may close may also open, and is no straight one.
pub(super) fn may_open(character: char) -> bool {
    matches!(character, '«' | '‹' | '\u{2018}' | '\u{201A}'..='\u{201C}' | '\u{201E}'..='\u{201F}')
}

/// Whether a character can only close.
pub(super) fn only_closes(character: char) -> bool {
    matches!(
        character,
        ')' | ']' | '}' | '」' | '』' | '〉' | '》' | '】' | '〕' | '）' | '］' | '｝' | '｣'
    )
}

/// Whether a character may stand before the first word of a sentence.
pub(super) fn opens(character: char) -> bool {
    matches!(
        character,
        '"' | '\'' | '(' | '[' | '{' | '«' | '»' | '‹' | '›' | '¿' | '¡' | '\u{2018}'
            ..='\u{201F}' | '「' | '『' | '（'
    ) || dash(character)
}

/// Whether a character is a dash.
pub(super) fn dash(character: char) -> bool {
    matches!(character, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}')
}

/// Whether a character goes on with the sentence before it, whatever stop stood there.
pub(super) fn goes_on(character: char) -> bool {
    only_closes(character)
        || matches!(
            character,
            ',' | ';' | ':' | '%' | '،' | '؛' | '、' | '，' | '；' | '：'
        )
}

/// Whether a character opens the line of a list.
pub(super) fn bullet(character: char) -> bool {
    dash(character)
        || matches!(
            character,
            '*' | '+'
                | '·'
                | '•'
                | '‣'
                | '⁃'
                | '∙'
                | '◦'
                | '▪'
                | '▫'
                | '■'
                | '□'
                | '●'
                | '○'
                | '►'
                | '▶'
                | '➤'
                | '✓'
                | '✔'
                | '★'
                | '・'
        )
}

/// A letter of a script with two cases, in the lower one. Georgian letters have capitals in
/// headlines alone, so they do not count.
pub(super) fn lower(character: char) -> bool {
    character.is_lowercase() && !matches!(character, '\u{10D0}'..='\u{10FF}')
}

/// A letter of a script without cases.
pub(super) fn caseless(character: char) -> bool {
    character.is_alphabetic() && !character.is_uppercase() && !lower(character)
}

/// A letter of a script whose words are one sign or a few: one of them alone is no initial.
pub(super) fn dense(character: char) -> bool {
    matches!(character, '\u{1100}'..='\u{11FF}' | '\u{3040}'..='\u{30FF}' | '\u{3130}'..='\u{318F}'
        | '\u{3400}'..='\u{9FFF}' | '\u{AC00}'..='\u{D7FF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}')
}

/// A letter of Thai, Lao, Khmer or Burmese, where a full stop only abbreviates.
pub(super) fn stopless(character: char) -> bool {
    matches!(character, '\u{E00}'..='\u{EFF}' | '\u{1000}'..='\u{109F}' | '\u{1780}'..='\u{17FF}')
}

/// A letter of Armenian, whose full stop is a colon, and where a point on the line is a colon.
pub(super) fn armenian(character: char) -> bool {
    matches!(character, '\u{531}'..='\u{588}')
}

/// A letter, sign or mark of the scripts of India.
pub(super) fn indic(character: char) -> bool {
    matches!(character, '\u{900}'..='\u{963}' | '\u{966}'..='\u{DFF}')
}

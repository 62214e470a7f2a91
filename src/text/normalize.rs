//! Normal forms of single types: case and typographic punctuation.
//!
//! Views use these; the stored text is never changed.

/// Full Unicode lower case.
#[must_use]
pub fn lower(form: &str) -> String {
    if form.is_ascii() {
        form.to_ascii_lowercase()
    } else {
        form.to_lowercase()
    }
}

/// Look-alike apostrophes become `'`, hyphens and dashes become `-`, double quotes become `"`, and
/// soft hyphens, joiners and byte-order marks vanish.
#[must_use]
pub fn fold_punctuation(form: &str) -> String {
    if form.is_ascii() && !form.contains('`') {
        return form.to_owned();
    }
    form.chars().filter_map(fold).collect()
}

fn fold(character: char) -> Option<char> {
    Some(match character {
        '\u{2018}' | '\u{2019}' | '\u{201B}' | '\u{02BC}' | '\u{02B9}' | '\u{60}' | '\u{B4}' | '\u{FF07}' => {
            '\''
        }
        '\u{201C}' | '\u{201D}' | '\u{201E}' | '\u{201F}' | '\u{FF02}' => '"',
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{FE58}' | '\u{FE63}' | '\u{FF0D}' => '-',
        '\u{AD}' | '\u{200B}' | '\u{2060}' | '\u{FEFF}' => return None,
        other => other,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn look_alikes_fold_to_one_form() {
        for form in ["don't", "don’t", "don\u{02BC}t", "don`t"] {
            assert_eq!(fold_punctuation(form), "don't");
        }
        assert_eq!(fold_punctuation("co\u{AD}operate—now"), "cooperate-now");
    }

    #[test]
    fn lower_case_is_that_of_unicode() {
        assert_eq!(lower("ΟΔΟΣ"), "οδος");
        assert_eq!(lower("ÉTÉ"), "été");
    }
}

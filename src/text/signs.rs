//! Our own patterns: pictures, punctuation, and the signs Python sees otherwise.
//!
//! They are compiled once, when first used or by `ready`.

use std::sync::LazyLock;

use super::compiled::Compiled;

/// What our own patterns may be, whatever limits are set for those of users.
const OWN: (usize, u32) = (10 << 20, 100);

/// Compiles a pattern of our own, which is known to be right.
fn own(pattern: &str) -> Option<Compiled> {
    Compiled::new(pattern, OWN.0, OWN.1).ok()
}

/// Characters on which the engine's `\w` and Python's disagree.
static DIFFERS: LazyLock<Option<Compiled>> =
    LazyLock::new(|| own(r"[\w--[\p{L}\p{N}_]]|[[\p{L}\p{N}_]--\w]"));
static EMOJI: LazyLock<Option<Compiled>> = LazyLock::new(|| {
    own(
        r"\p{Emoji_Presentation}|\p{Regional_Indicator}|\p{Extended_Pictographic}\x{FE0F}|\A(?:[0-9#*]\x{FE0F}?\x{20E3})+\z",
    )
});
static PUNCTUATION: LazyLock<Option<Compiled>> = LazyLock::new(|| own(r"\p{P}"));

/// Compiles all of them now, for `pattern::ready`.
pub(super) fn ready() {
    for compiled in [&DIFFERS, &EMOJI, &PUNCTUATION] {
        LazyLock::force(compiled);
    }
}

fn has(compiled: &LazyLock<Option<Compiled>>, text: &str) -> bool {
    compiled.as_ref().is_some_and(|compiled| compiled.is_match(text))
}

/// Whether a form is drawn as a picture.
pub(super) fn is_emoji(form: &str) -> bool {
    !form.is_ascii() && has(&EMOJI, form)
}

/// Whether a form has a punctuation character.
pub(super) fn is_punctuation(form: &str) -> bool {
    has(&PUNCTUATION, form)
}

/// The byte bounds of each character of a short text on which `\w` and Python's disagree.
pub(super) fn differing(text: &str) -> impl Iterator<Item = (usize, usize)> {
    DIFFERS.iter().flat_map(move |compiled| compiled.each(text))
}

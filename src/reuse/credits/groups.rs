//! Groups: names of agencies that stand together, with what belongs to them on either side.
//!
//! Rules that need no cues, but only the place of a group in its document, are asked here.

use super::agencies::{Mention, Strength};
use super::cues::{Cues, REACH, ceil, is_word, trimmed_before};
use super::layout::{Layout, is_break, is_dash};
use super::places::Rules;
use super::rules::Rule;

/// A span that a rule found.
pub(super) type Ruled = Option<(usize, usize)>;

/// Names that stand together, and what surrounds them.
pub(super) struct Group<'text> {
    pub(super) layout: &'text Layout<'text>,
    /// Whether one of them gives pictures only.
    pub(super) pictures: bool,
    /// Whether quotation marks stand around them.
    pub(super) quoted: bool,
    /// The best of the names.
    pub(super) strength: Strength,
    /// The letters of the first name.
    pub(super) first: &'text str,
    /// The names, with quotation marks around them.
    pub(super) start: usize,
    pub(super) end: usize,
    /// With "the" or "news agency" before them, and after.
    pub(super) lead: usize,
    pub(super) trail: usize,
}

impl<'text> Group<'text> {
    pub(super) fn new(
        rules: &Rules,
        layout: &'text Layout<'text>,
        names: &[Mention],
        pictures: bool,
    ) -> Self {
        let text = layout.text;
        let (first, last) = (names[0], names[names.len() - 1]);
        let (mut start, mut end) = (first.start, last.end);
        let marks = [
            ('«', '»'),
            ('“', '”'),
            ('„', '“'),
            ('"', '"'),
            ('\'', '\''),
            ('「', '」'),
            ('’', '’'),
        ];
        for (open, close) in marks {
            if text[..start].ends_with(open) && text[end..].starts_with(close) {
                (start, end) = (start - open.len_utf8(), end + close.len_utf8());
                break;
            }
        }
        let quoted = start < first.start;
        let (mut lead, mut trail) = (start, end);
        for _ in 0..3 {
            lead = rules.nouns_before.before(text, lead).unwrap_or(lead);
            trail = rules.nouns_after.after(text, trail).unwrap_or(trail);
        }
        Self {
            layout,
            pictures,
            quoted,
            strength: names
                .iter()
                .map(|name| name.strength)
                .min()
                .unwrap_or(Strength::Code),
            first: &text[first.start..first.end],
            start,
            end,
            lead,
            trail,
        }
    }

    pub(super) fn named(&self) -> bool {
        self.strength < Strength::Unnamed
    }

    pub(super) fn between(&self, start: usize, end: usize) -> &'text str {
        self.layout.text.get(start..end).unwrap_or_default()
    }

    pub(super) fn tail_bracket(&self) -> Ruled {
        let layout = self.layout;
        let (open, close) = layout.brackets(self.start, self.trail)?;
        let ends = layout.ends_line(close) || layout.ends_text(close);
        let sure = match self.strength {
            Strength::Code => layout.is_last(open) && ends,
            Strength::Name => true,
            _ => !layout.is_short_for(self.first, open) && !layout.is_said_before(self.first, open),
        };
        let sure = sure && !layout.is_listed(open);
        (sure && (ends || layout.sentence_before(open))).then_some((open, close))
    }

    pub(super) fn tail_dash(&self) -> Ruled {
        let (text, layout) = (self.layout.text, self.layout);
        let dash = text[..trimmed_before(text, self.lead)]
            .trim_end_matches(is_dash)
            .len();
        let dashed = dash < trimmed_before(text, self.lead);
        let said = layout.sentence_before(dash);
        let near = layout.is_last(dash) || said && self.strength < Strength::Code;
        let spaced = text[..dash].ends_with(|sign: char| sign.is_whitespace() || !is_word(sign));
        // In a list of links each is signed by whom it leads to.
        let one = !layout.is_listed(dash);
        (dashed && near && spaced && one && layout.ends_line(self.trail)).then_some((dash, self.trail))
    }

    pub(super) fn line(&self, rule: Rule) -> Ruled {
        let layout = self.layout;
        let alone = layout.line_start(self.lead) == Some(self.lead) && layout.ends_line(self.trail);
        let wanted = if rule == Rule::TailLine {
            layout.is_last(self.lead) && self.named()
        } else {
            self.strength < Strength::Code
        };
        (alone && wanted).then_some((self.lead, self.trail))
    }

    /// The end of a cue that follows in the same sentence, after the names of those who wrote.
    pub(super) fn later(&self, cues: &Cues) -> Option<usize> {
        let text = self.layout.text;
        if let Some(end) = cues.after(text, self.trail) {
            return Some(end);
        }
        let mut at = self.trail;
        // A text without spaces is one word: no look goes further than its reach.
        let reach = ceil(text, at.saturating_add(2 * REACH));
        for word in text[at..reach]
            .split_inclusive(' ')
            .take(if self.strength < Strength::Code { 24 } else { 0 })
        {
            let bare = word.trim_end();
            let stops = bare.ends_with(['!', '?', ';']) || bare.ends_with('.') && bare.len() > 6;
            if stops || word.contains(is_break) {
                return None;
            }
            at += word.len();
            if let Some(end) = cues.after(text, at) {
                return Some(end);
            }
        }
        None
    }
}

//! Places: what a name of an agency does where it stands, by rules that are tried in order.
//!
//! A name that no rule accepts is no credit: agencies are also companies, buildings and subjects
//! of news.

use super::agencies::{Joints, Strength};
use super::cues::{Cues, GAP, REACH, ceil, is_opener, is_word, trimmed_after, trimmed_before};
use super::groups::{Group, Ruled};
use super::layout::{is_break, is_dash};
use super::rules::{Found, Rule};

/// The cues of all rules.
#[derive(Debug, Default)]
pub(super) struct Rules {
    pub(super) joints: Joints,
    pub(super) between: Cues,
    pub(super) nouns_before: Cues,
    pub(super) nouns_after: Cues,
    pub(super) people: Cues,
    pub(super) byline: Cues,
    pub(super) photo_before: Cues,
    pub(super) photo_after: Cues,
    pub(super) wire_after: Cues,
    pub(super) text_before: Cues,
    pub(super) text_opening: Cues,
    pub(super) text_after: Cues,
    /// Before a name that `text_after` follows: "material from".
    pub(super) material: Cues,
    pub(super) follows: Cues,
    pub(super) copyright: Cues,
    pub(super) cited_before: Cues,
    pub(super) cited_after: Cues,
    pub(super) adverbs: Cues,
    pub(super) goes_on: Cues,
}

impl Rules {
    /// What a group is; `None` is no credit.
    pub(super) fn judge(&self, group: &Group<'_>) -> Option<Found> {
        if group.strength == Strength::Phrase {
            return self.phrase(group);
        }
        let tried = Rule::ALL
            .iter()
            .filter(|rule| !group.pictures || rule.name().starts_with("caption"));
        tried.copied().find_map(|rule| {
            let (start, end) = self.try_rule(rule, group)?;
            Some(Found { rule, start, end })
        })
    }

    /// A phrase that is a credit on its own, where it closes what it stands in: "staff and agencies
    /// working here" is none. In the first lines it is a byline.
    fn phrase(&self, group: &Group<'_>) -> Option<Found> {
        let (text, layout) = (group.layout.text, group.layout);
        let rest = &text[trimmed_after(text, group.end)..];
        let goes_on = rest.starts_with(char::is_lowercase) || rest.starts_with([':', '\'', '’']);
        if goes_on && !layout.ends_line(group.end) {
            return None;
        }
        let line = layout.line_start(group.start);
        let alone = line == Some(group.start) && layout.ends_line(group.end);
        let (rule, (start, end)) = match self.byline_cue(group) {
            Some(span) => (Rule::BylineCue, span),
            None if alone && layout.is_head(group.start, group.end) => {
                (Rule::BylineLine, (group.start, group.end))
            }
            None => (Rule::TailPhrase, (group.start, group.end)),
        };
        Some(Found { rule, start, end })
    }

    fn try_rule(&self, rule: Rule, group: &Group<'_>) -> Ruled {
        let text = group.layout.text;
        match rule {
            Rule::DatelineBracket => self.dateline_bracket(group),
            Rule::DatelineWire if group.named() => self.wire(group),
            Rule::CaptionCue if group.named() => self.caption_cue(group),
            Rule::CaptionPhoto if group.named() => Some((
                group.start,
                self.photographer(text, self.photo_after.after(text, group.end)?),
            )),
            Rule::CaptionName if group.named() => self.caption_name(group),
            Rule::CaptionGlued if group.named() => {
                let glued = text[..group.start].ends_with(['.', ')', '”', '"', '’'])
                    || text[..group.start].ends_with(") ");
                (glued && group.layout.ends_line(group.end) && !group.layout.is_last(group.end))
                    .then_some((group.start, group.end))
            }
            Rule::BylineCue => self.byline_cue(group),
            Rule::DatelineDash => self.dateline_dash(group),
            Rule::TailPhrase => self.tail_phrase(group),
            Rule::TailContributed => {
                let end = group.later(&self.text_after)?;
                Some((self.material.before(text, group.lead).unwrap_or(group.lead), end))
            }
            Rule::TailCopyright => self.copyright(group),
            Rule::BylineLine if self.cited(group).is_none() => self.byline_line(group),
            Rule::TailBracket => group.tail_bracket().or_else(|| {
                let (open, close) = self.reporters(group)?;
                group.layout.ends_line(close).then_some((open, close))
            }),
            Rule::TailDash => group.tail_dash(),
            // A line may be broken before a name that is cited in its sentence.
            Rule::TailLine if !self.ends_citing(group) => group.line(rule),
            Rule::CaptionLine if self.cited(group).is_none() => group.line(rule),
            Rule::TailEnd if !self.ends_citing(group) => {
                let ends = group.layout.ends_text(group.trail) && group.layout.sentence_before(group.start);
                ends.then_some((group.start, group.trail))
            }
            Rule::InlineFollows if group.strength < Strength::Code => self.follows(group),
            Rule::InlineCited if group.strength < Strength::Code || group.named() && group.quoted => {
                self.cited(group)
            }
            Rule::InlineReports if group.strength < Strength::Code => self.reports(group),
            _ => None,
        }
    }

    /// Whether a sentence ends with a name that is cited: a signature has no stop.
    fn ends_citing(&self, group: &Group<'_>) -> bool {
        let stops = group.layout.text[group.trail..].starts_with(['.', '!', '?', '。', '।', '؟']);
        (stops || !group.layout.ends_line(group.trail)) && self.cited(group).is_some()
    }

    /// "（新华社记者张三）": brackets around an agency and whom it sent.
    fn reporters(&self, group: &Group<'_>) -> Ruled {
        let text = group.layout.text;
        let before = text[..group.start].trim_end_matches(' ');
        let (open, close) = match before.chars().next_back()? {
            '（' => ('（', '）'),
            '(' => ('(', ')'),
            _ => return None,
        };
        let people = self.people.after(text, group.trail)?;
        let reach = ceil(text, people.saturating_add(60));
        let inside = &text[people..reach];
        let end = inside
            .find(close)
            .filter(|&end| !inside[..end].contains(is_break))?;
        let sure = group.strength < Strength::Code;
        sure.then_some((before.len() - open.len_utf8(), people + end + close.len_utf8()))
    }

    fn dateline_bracket(&self, group: &Group<'_>) -> Ruled {
        let (text, layout) = (group.layout.text, group.layout);
        if let Some((open, close)) = layout.brackets_with_place(group.start, group.trail) {
            let starts = layout.line_start(open) == Some(open);
            let sure = group.strength != Strength::Code || !group.between(open, group.start).ends_with('-');
            return (sure && (starts || layout.dash_after(close).is_some())).then_some((open, close));
        }
        if let Some((open, close)) = self.reporters(group) {
            let line = layout.line_start(open)?;
            let wire = self.wire_after.before(text, open).is_some();
            return (wire && layout.is_place(line, open, &self.between)).then_some((line, close));
        }
        let (open, close) = layout.brackets(group.start, group.trail)?;
        let ends = layout.text[..close].ends_with('/') && layout.text[close..].starts_with('.');
        let line = layout.line_start(open);
        // "(AP) A strike", and the brackets in or after a dateline that a word for a wire closes.
        if line == Some(open) && group.strength != Strength::Code && !layout.ends_line(close) {
            return (layout.dash_after(close).is_some() || !layout.ends_text(close)).then_some((open, close));
        }
        if let Some(line) = line.filter(|&line| layout.is_place(line, open, &self.between)) {
            if self.wire_after.before(text, open).is_some() {
                return Some((line, close));
            }
            if let Some(end) = self.wire_end(text, close) {
                return Some((line, end));
            }
        }
        let short = group.strength != Strength::Name && layout.is_short_for(group.first, open);
        // A dash may be lost: "ORME, Texas (AP) A strike".
        if let (false, Some(line), true) = (short, line, group.strength < Strength::Code) {
            let capitals = text[line..open]
                .split([' ', ',', '/'])
                .next()
                .is_some_and(|word| word.chars().count() > 3 && word.chars().all(char::is_uppercase));
            let says = text[trimmed_after(text, close)..].starts_with(char::is_uppercase);
            if capitals && says && !layout.ends_line(close) && layout.is_place(line, open, &self.between) {
                return Some((line, close));
            }
        }
        if short || layout.dash_after(close).is_none() && !ends {
            return None;
        }
        match line {
            Some(start) if layout.is_place(start, open, &self.between) => Some((start, close)),
            _ => Some((layout.capitals_before(open)?, close)),
        }
    }

    /// "新华社北京5月8日电": a name, a place and a date before the word for a wire.
    fn wire(&self, group: &Group<'_>) -> Ruled {
        let end = self.wire_end(group.layout.text, group.end)?;
        Some((group.start, end))
    }

    /// The end of a word for a wire that a place and a date stand before: "北京5月8日电".
    fn wire_end(&self, text: &str, at: usize) -> Option<usize> {
        let rest = &text[at..];
        let mut seen = 0;
        for (offset, sign) in rest.char_indices().take(24) {
            if !sign.is_alphanumeric() && !matches!(sign, '（' | '）' | '(' | ')' | '、') {
                return None;
            }
            seen += usize::from(sign.is_numeric());
            if let (true, Some(end)) = (seen > 0, self.wire_after.after(rest, offset)) {
                return Some(at + end);
            }
        }
        None
    }

    fn caption_cue(&self, group: &Group<'_>) -> Ruled {
        let text = group.layout.text;
        let (start, _) = self
            .photo_before
            .before_name(text, group.start, GAP, &self.between)?;
        let end = self.photo_after.after(text, group.end).unwrap_or(group.end);
        Some(closed(text, start, end))
    }

    /// "Jo Orme/AFP", or "REUTERS/Jo Orme" with nothing after the name.
    fn caption_name(&self, group: &Group<'_>) -> Ruled {
        let (text, layout) = (group.layout.text, group.layout);
        let head = text[..group.start].strip_suffix('/');
        let head = head.map(|head| head.strip_suffix(' ').unwrap_or(head).len());
        if let Some(head) = head.filter(|&head| text[..head].ends_with(is_word)) {
            let mut start = head;
            for _ in 0..4 {
                let Some(word) = Cues::default().name_word_before(text, start) else {
                    break;
                };
                let stops = text[word..start].trim_end().ends_with([',', ';', '-', '–']);
                if start < head && stops || text[word..].starts_with(|sign| is_dash(sign) || sign == '|') {
                    break;
                }
                start = word;
                if text[..start].ends_with(is_opener) {
                    break;
                }
            }
            return (start < head).then(|| closed(text, start, group.end));
        }
        let name = text[group.end..].strip_prefix('/').map(|_| group.end + 1)?;
        let end = self.photographer(text, group.end);
        let alone = layout.sentence_before(group.start) || text[..group.start].ends_with(is_opener);
        (end > name && alone && (layout.ends_line(end) || text[end..].starts_with([')', '.'])))
            .then(|| closed(text, group.start, end))
    }

    /// The end of a slash and a name of up to three words that follow.
    fn photographer(&self, text: &str, at: usize) -> usize {
        let reach = ceil(text, at.saturating_add(REACH));
        let Some(rest) = text[at..reach].strip_prefix('/') else {
            return at;
        };
        let rest = rest.strip_prefix(' ').unwrap_or(rest);
        let mut end = at;
        let mut place = reach - rest.len();
        for word in rest.split_inclusive([' ', '\n']).take(3) {
            let bare = word.trim_end();
            let name = bare.trim_end_matches([')', '.', ',', ']']);
            if !name.starts_with(char::is_uppercase) || self.joints.other_after.is(name) {
                break;
            }
            end = place + name.len();
            place += word.len();
            if name.len() < bare.len() || word.ends_with('\n') {
                break;
            }
        }
        end
    }

    fn byline_cue(&self, group: &Group<'_>) -> Ruled {
        let (text, layout) = (group.layout.text, group.layout);
        let line = layout.line_start(group.lead)?;
        let name = self.byline.after(text, line).filter(|&name| name <= group.lead)?;
        let end = self.people.after(text, group.trail).unwrap_or(group.trail);
        let free = layout.ends_line(end)
            || end > group.trail
            || !text[trimmed_after(text, end)..].starts_with(char::is_lowercase);
        (free && layout.is_place(name, group.lead, &self.between)).then_some((line, end))
    }

    fn dateline_dash(&self, group: &Group<'_>) -> Ruled {
        let (text, layout) = (group.layout.text, group.layout);
        let line = layout.line_start(group.start)?;
        let left = group.between(line, group.start).trim_end();
        if left.is_empty() {
            let dash = layout.dash_after(group.trail)?;
            let rest = layout
                .line_end(dash)
                .map_or(&text[dash..], |end| &text[dash..end]);
            // What means other things too is a credit before a place and a colon: "واس - الرياض:".
            let place = rest
                .find([':', '：'])
                .is_some_and(|colon| colon <= 60 && layout.is_place(dash, dash + colon, &self.between));
            let sure = (group.strength != Strength::Code || place) && text[..dash].ends_with(is_dash);
            return (sure && group.start == line).then_some((group.start, group.trail));
        }
        // A first line with a date: "الرياض 21 شوال 1436 واس".
        let dated = left.ends_with(|sign: char| sign.is_alphanumeric()) && left.contains(char::is_numeric);
        if dated && line == trimmed_after(text, 0) && layout.ends_line(group.trail) {
            return layout
                .is_place(line, group.start, &self.between)
                .then_some((line, group.trail));
        }
        let dashed = left.ends_with(is_dash);
        // What means other things too follows a dash: "HARRISBURG, PA- In" is no dateline of PA.
        let parted = dashed
            || left.ends_with([':', '،'])
            || group.strength != Strength::Code && left.ends_with(['.', ',', '|', '/']);
        let after = layout.dash_after(group.trail).is_some()
            || dashed && (text[group.trail..].starts_with('.') || layout.ends_line(group.trail));
        // A bullet is no place, and what follows one is a list, except of news: "* Tunis - Reuters:".
        let item = left.trim_start_matches(['*', '•']).trim_start();
        let news = text[group.trail..].starts_with([':', '：']);
        let left = if news { item } else { left };
        let says = left.chars().filter(|sign| sign.is_alphabetic()).count() > 1
            && left.starts_with(|sign: char| sign.is_alphanumeric() || is_opener(sign));
        (parted && says && after && layout.is_place(line, group.start, &self.between))
            .then_some((line, group.trail))
    }

    fn tail_phrase(&self, group: &Group<'_>) -> Ruled {
        let (text, layout) = (group.layout.text, group.layout);
        let gap = if group.named() { GAP } else { 0 };
        if let Some((start, _)) = self.text_before.before_name(text, group.lead, gap, &self.between) {
            return Some(closed(text, start, group.trail));
        }
        let start = self.text_opening.before(text, group.lead)?;
        let bracket = text[..trimmed_before(text, start)].ends_with(is_opener);
        let opens = bracket || layout.sentence_before(start);
        let ends = layout.ends_line(group.trail) || text[group.trail..].starts_with([')', '）', ']']);
        // What means other things too may follow where a line is broken: "to AA-minus⏎from AA".
        let sure = group.strength != Strength::Code || bracket || layout.is_last(start);
        if opens && ends && sure {
            return Some(closed(text, start, group.trail));
        }
        self.outlet_with(group, start)
    }

    /// "Orme Post avec AFP": a line of an outlet or a writer, and an agency.
    fn outlet_with(&self, group: &Group<'_>, cue: usize) -> Ruled {
        let layout = group.layout;
        let line = layout.line_start(group.lead).filter(|&line| line < cue)?;
        let names = group.between(line, cue);
        let mut words = 0;
        for word in names.split_whitespace() {
            if !word.starts_with(char::is_uppercase) && !self.between.is(word) {
                return None;
            }
            words += usize::from(word.starts_with(char::is_uppercase));
        }
        let edge = layout.is_last(line) && layout.ends_text(group.trail)
            || words >= 2 && layout.is_head(line, group.trail);
        let sure = group.strength < Strength::Code && (1..=5).contains(&words);
        let unstopped = names.starts_with(char::is_uppercase) && !names.contains(['.', ':', '!', '?']);
        (edge && sure && unstopped && layout.ends_line(group.trail) && self.cited(group).is_none())
            .then_some((line, group.trail))
    }

    /// "The AP reported it as follows", where a text follows and no fact of it alone: the sentence
    /// ends there, in the first lines or before a new one.
    fn follows(&self, group: &Group<'_>) -> Ruled {
        let (text, layout) = (group.layout.text, group.layout);
        let end = group.later(&self.follows)?;
        let stops = text[end..].starts_with(['.', ':', '：', '。']);
        let block = layout.ends_line(end) && !layout.ends_text(end);
        (block || stops && layout.is_first(group.start))
            .then(|| (group.lead, end + usize::from(text[end..].starts_with('.'))))
    }

    fn copyright(&self, group: &Group<'_>) -> Ruled {
        let text = group.layout.text;
        let (start, _) = self.copyright.before_name(text, group.lead, 4, &self.between)?;
        let spelled = text[start..].starts_with(char::is_alphabetic);
        let dated = group
            .between(start, group.lead)
            .contains(|sign: char| sign.is_ascii_digit());
        (spelled || dated).then(|| closed(text, start, group.trail))
    }

    fn byline_line(&self, group: &Group<'_>) -> Ruled {
        let (text, layout) = (group.layout.text, group.layout);
        let line = layout.line_start(group.lead)?;
        if let Some((open, close)) = layout.brackets(group.start, group.trail) {
            let alone = open == line && layout.ends_line(close) && layout.is_head(open, close);
            return alone.then_some((open, close));
        }
        let end = layout.line_end(group.trail)?;
        let trail = self
            .people
            .after(text, group.trail)
            .unwrap_or(group.trail)
            .min(end);
        let left = group.between(line, group.lead).trim_end();
        let right = text[trail..end].trim_start();
        let apart = |sign: char| is_dash(sign) || matches!(sign, '|' | '/' | ',' | '•' | '·' | ':' | '،');
        let lonely = left.is_empty() || left.ends_with(apart);
        let ends = right.is_empty() || right.starts_with(apart) && right.len() <= 60;
        let sure = group.strength != Strength::Code || left.is_empty() && right.is_empty();
        let places =
            layout.is_place(line, group.lead, &self.between) && layout.is_place(trail, end, &self.between);
        let alone = line == 0 || !layout.ends_text(end);
        (layout.is_first(line)
            && !layout.is_listed(line)
            && alone
            && lonely
            && ends
            && sure
            && places
            && end - line <= 100)
            .then_some((line, trail))
    }

    fn cited(&self, group: &Group<'_>) -> Ruled {
        let text = group.layout.text;
        let cited = self.cited_before.before_name(text, group.lead, 3, &self.between);
        if let Some((start, end)) = cited {
            let gap = group.between(end, group.lead);
            return (!gap.contains([',', '،', '，', ';']) && self.is_whole(group))
                .then_some((start, group.trail));
        }
        // In Arabic "to" is a prefix of the name: "لرويترز".
        let before = text[..group.start].trim_end_matches('ـ');
        before.strip_suffix('ل').map(|before| (before.len(), group.trail))
    }

    /// Whether a short name does not begin a longer one: "told AP students".
    fn is_whole(&self, group: &Group<'_>) -> bool {
        let text = group.layout.text;
        let next = text[trimmed_after(text, group.trail)..].chars().next();
        group.strength == Strength::Name
            || group.quoted
            || group.trail > group.end
            || !next.is_some_and(is_word)
            || self.goes_on.after(text, group.trail).is_some()
    }

    fn reports(&self, group: &Group<'_>) -> Ruled {
        let text = group.layout.text;
        let mut at = group.trail;
        if text[at..].starts_with(',') {
            at += 1;
        }
        for _ in 0..3 {
            if let Some(end) = self.cited_after.after(text, at) {
                return Some((group.lead, end));
            }
            at = self.adverbs.after(text, at)?;
        }
        None
    }
}

/// A span with the brackets that stand around it.
fn closed(text: &str, start: usize, end: usize) -> (usize, usize) {
    let pairs = [('(', ')'), ('（', '）'), ('[', ']'), ('【', '】')];
    for (open, close) in pairs {
        if text[..start].ends_with(open) && text[end..].starts_with(close) {
            return (start - open.len_utf8(), end + close.len_utf8());
        }
    }
    (start, end)
}

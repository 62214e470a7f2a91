//! Rules: the ways in which a name of an agency can be a credit, each with a name and a place.
//!
//! How a rule is tried stands in `places.rs`; here is what it is called and what it says.

/// A rule, in the order in which rules are tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rule {
    /// "WASHINGTON (AP) —".
    DatelineBracket,
    /// "新华社北京5月8日电".
    DatelineWire,
    /// "Photo: Jo Orme/AP", "via Reuters".
    CaptionCue,
    /// "AP Photo", "Reuters file photo".
    CaptionPhoto,
    /// "Jo Orme/AFP".
    CaptionName,
    /// "…the bridge.AP" at the end of a line.
    CaptionGlued,
    /// "By Jo Orme, Associated Press".
    BylineCue,
    /// "موسكو - رويترز", "AP - For pandas".
    DatelineDash,
    /// "With inputs from agencies".
    TailPhrase,
    /// "The Associated Press contributed to this report".
    TailContributed,
    /// "Copyright 2031 AFP".
    TailCopyright,
    /// A first line such as "Reuters | Moscow".
    BylineLine,
    /// "(AFP)" at the end of a line.
    TailBracket,
    /// "— Reuters" at the end of a line.
    TailDash,
    /// One of the last lines, with nothing else on it.
    TailLine,
    /// The last word of the text, after its last sentence.
    TailEnd,
    /// A line of its own inside the text.
    CaptionLine,
    /// "The AP reported it as follows".
    InlineFollows,
    /// "told Reuters", "according to Xinhua".
    InlineCited,
    /// "TASS reported".
    InlineReports,
}

/// Places, as users read them.
pub const PLACES: [&str; 5] = ["byline", "dateline", "caption", "tail", "inline"];

impl Rule {
    /// All rules, by number.
    pub const ALL: [Self; 20] = [
        Self::DatelineBracket,
        Self::DatelineWire,
        Self::CaptionCue,
        Self::CaptionPhoto,
        Self::CaptionName,
        Self::CaptionGlued,
        Self::BylineCue,
        Self::DatelineDash,
        Self::TailPhrase,
        Self::TailContributed,
        Self::TailCopyright,
        Self::BylineLine,
        Self::TailBracket,
        Self::TailDash,
        Self::TailLine,
        Self::TailEnd,
        Self::CaptionLine,
        Self::InlineFollows,
        Self::InlineCited,
        Self::InlineReports,
    ];

    /// The name of the rule, which begins with its place.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::DatelineBracket => "dateline-bracket",
            Self::DatelineWire => "dateline-wire",
            Self::CaptionCue => "caption-cue",
            Self::CaptionPhoto => "caption-photo",
            Self::CaptionName => "caption-name",
            Self::CaptionGlued => "caption-glued",
            Self::BylineCue => "byline-cue",
            Self::DatelineDash => "dateline-dash",
            Self::TailPhrase => "tail-phrase",
            Self::TailContributed => "tail-contributed",
            Self::TailCopyright => "tail-copyright",
            Self::BylineLine => "byline-line",
            Self::TailBracket => "tail-bracket",
            Self::TailDash => "tail-dash",
            Self::TailLine => "tail-line",
            Self::TailEnd => "tail-end",
            Self::CaptionLine => "caption-line",
            Self::InlineFollows => "inline-follows",
            Self::InlineCited => "inline-cited",
            Self::InlineReports => "inline-reports",
        }
    }

    /// The number of its place in [`PLACES`].
    #[must_use]
    pub fn place(self) -> usize {
        PLACES
            .iter()
            .position(|place| self.name().starts_with(place))
            .unwrap_or(PLACES.len() - 1)
    }

    /// Whether it says that the text comes from the agency.
    #[must_use]
    pub fn credits_text(self) -> bool {
        match PLACES[self.place()] {
            "caption" => false,
            "inline" => self == Self::InlineFollows,
            _ => true,
        }
    }
}

/// A credit, as bytes of its document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) rule: Rule,
    pub(super) start: usize,
    pub(super) end: usize,
}

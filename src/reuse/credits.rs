//! Agency credits: where a text names the agency that it comes from, or that took the picture, or
//! that it cites.
//!
//! The lexicon comes from outside; `agencies.rs` finds names, `places.rs` says what they do, and
//! this file goes through the documents. Time is linear in the text.

mod agencies;
mod cues;
mod groups;
mod layout;
mod places;
mod rules;

use std::ops::Range;
use std::sync::Arc;

use self::agencies::{Agencies, Joints, Mention};
pub use self::agencies::{Spelling, Strength};
use self::cues::Cues;
use self::groups::Group;
use self::layout::Layout;
use self::places::Rules;
use self::rules::Found;
pub use self::rules::{PLACES, Rule};
use crate::corpus::pace::Pace;
use crate::corpus::sorting;
use crate::error::{Cause, Error, Result};
use crate::memory;
use crate::observer::Observer;
use crate::parallel;
use crate::text::arena::{Arena, CodePoints};

const WHAT: &str = "credits";

/// Bytes of a credit in columns: its numbers, and its texts as the caller gets them.
const COLUMNS: u64 = 128;

/// Credits before one that are looked through for the same agency.
const NEAR: usize = 8;

/// Names and cues, ready to be looked for.
#[derive(Debug)]
pub struct Lexicon {
    agencies: Agencies,
    /// For each agency whether it gives pictures only.
    pictures: Vec<bool>,
    rules: Rules,
}

impl Lexicon {
    /// A lexicon of spellings; `pictures` has one entry for each agency, `cues` lists by their names.
    pub fn new(spellings: &[Spelling], pictures: Vec<bool>, cues: &[(String, Vec<String>)]) -> Result<Self> {
        if spellings
            .iter()
            .any(|spelling| spelling.agency >= pictures.len() || spelling.text.is_empty())
        {
            return Err(Error::Internal(Cause::sentence(
                "A spelling belongs to no agency, or is empty.",
            )));
        }
        Ok(Self {
            agencies: Agencies::new(spellings)?,
            pictures,
            rules: rules(cues)?,
        })
    }
}

fn rules(cues: &[(String, Vec<String>)]) -> Result<Rules> {
    let list = |name: &str| {
        cues.iter()
            .find(|(kind, _)| kind == name)
            .map(|(_, texts)| Cues::new(texts))
            .ok_or_else(|| Error::Internal(Cause::sentence(format!("The lexicon has no cues {name:?}."))))
    };
    Ok(Rules {
        joints: Joints {
            joiners: list("joiners")?,
            other_after: list("other_after")?,
            other_before: list("other_before")?,
        },
        between: list("between")?,
        nouns_before: list("nouns_before")?,
        nouns_after: list("nouns_after")?,
        people: list("people")?,
        byline: list("byline")?,
        photo_before: list("photo_before")?,
        photo_after: list("photo_after")?,
        wire_after: list("wire_after")?,
        text_before: list("text_before")?,
        text_opening: list("text_opening")?,
        text_after: list("text_after")?,
        material: list("material")?,
        follows: list("follows")?,
        copyright: list("copyright")?,
        cited_before: list("cited_before")?,
        cited_after: list("cited_after")?,
        adverbs: list("adverbs")?,
        goes_on: list("goes_on")?,
    })
}

/// One agency in one credit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Credit {
    /// The document.
    pub row: usize,
    /// Bytes of the credit.
    pub bytes: (usize, usize),
    /// Code points of the credit.
    pub points: (usize, usize),
    /// The number of the agency.
    pub agency: usize,
    /// The rule that found it.
    pub rule: Rule,
}

/// All credits of all documents, by document and place. A credit to two agencies is two rows.
pub fn find(arena: &Arc<Arena>, lexicon: &Lexicon, observer: &dyn Observer) -> Result<Vec<Credit>> {
    observer.expect(arena.len());
    let cut = parallel::blocks(arena.len(), parallel::BLOCK_BYTES, |row| arena.text(row).len());
    let blocks = parallel::map_blocks(&cut, observer, |rows| block(arena, lexicon, rows, observer))?;
    memory::admit(estimate(blocks.iter().map(Vec::len).sum()), "looking for credits")?;
    memory::concat(blocks, WHAT, observer)
}

/// Bytes that so many credits need here and as columns.
fn estimate(credits: usize) -> u64 {
    credits as u64 * (2 * size_of::<Credit>() as u64 + COLUMNS)
}

fn block(
    arena: &Arena,
    lexicon: &Lexicon,
    rows: Range<usize>,
    observer: &dyn Observer,
) -> Result<Vec<Credit>> {
    let (mut credits, mut pace) = (Vec::new(), Pace::default());
    for row in rows {
        pace.step(16, observer)?;
        let first = credits.len();
        document(arena.text(row), row, lexicon, &mut credits, observer)?;
        // What is masked is no part of the article, though it shows where a line of it ends.
        let masks = arena.masks(row);
        if !masks.is_empty() {
            let own = credits.split_off(first);
            credits.extend(
                own.into_iter()
                    .filter(|credit: &Credit| !is_masked(masks, credit.bytes)),
            );
        }
    }
    Ok(credits)
}

/// The credits of one document, by place. An agency inside its own credit is not told again.
fn document(
    text: &str,
    row: usize,
    lexicon: &Lexicon,
    credits: &mut Vec<Credit>,
    observer: &dyn Observer,
) -> Result<()> {
    let (first, rules, mut layout) = (credits.len(), &lexicon.rules, None);
    lexicon
        .agencies
        .scan(text, &rules.joints, observer, &mut |names| {
            let layout = layout.get_or_insert_with(|| Layout::of(text));
            let pictures = names.iter().any(|name| lexicon.pictures[name.agency]);
            let Some(Found { rule, start, end }) = rules.judge(&Group::new(rules, layout, names, pictures))
            else {
                return Ok(());
            };
            let before = credits.len();
            for &Mention { agency, .. } in names {
                let told = |other: &Credit| other.agency == agency && other.bytes.1 >= end;
                if !credits[first.max(before.saturating_sub(NEAR))..].iter().any(told) {
                    let (bytes, points) = ((start, end), (0, 0));
                    memory::push(
                        credits,
                        Credit {
                            row,
                            bytes,
                            points,
                            agency,
                            rule,
                        },
                        WHAT,
                    )?;
                }
            }
            Ok(())
        })?;
    place(text, &mut credits[first..], observer)
}

/// Whether a mask touches a span of bytes.
fn is_masked(masks: &[(u32, u32)], (start, end): (usize, usize)) -> bool {
    let at = masks.partition_point(|mask| mask.1 as usize <= start);
    masks.get(at).is_some_and(|mask| (mask.0 as usize) < end)
}

/// Puts the credits of a document in order, and counts code points.
fn place(text: &str, credits: &mut [Credit], observer: &dyn Observer) -> Result<()> {
    // Agencies of one credit stay as they are named.
    let mut order = memory::collect(0..credits.len(), WHAT, observer)?;
    sorting::sort_by_key(&mut order, observer, |&number: &usize| {
        (credits[number].bytes, number)
    })?;
    let sorted = memory::collect(order.into_iter().map(|number| credits[number]), WHAT, observer)?;
    credits.copy_from_slice(&sorted);
    drop(sorted);
    let (mut points, mut pace) = (CodePoints::new(text), Pace::default());
    for credit in credits.iter_mut() {
        pace.step(8, observer)?;
        credit.points.0 = points.at(credit.bytes.0);
    }
    // Credits may lie in each other, so that their ends have an order of their own.
    let mut ends = memory::collect(0..credits.len(), WHAT, observer)?;
    sorting::sort_by_key(&mut ends, observer, |&number: &usize| {
        (credits[number].bytes.1, number)
    })?;
    let mut points = CodePoints::new(text);
    for number in ends {
        pace.step(8, observer)?;
        credits[number].points.1 = points.at(credits[number].bytes.1);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::observer::Silent;

    fn lexicon() -> Lexicon {
        let spelling = |text: &str, agency, strength| Spelling {
            text: text.to_owned(),
            agency,
            strength,
        };
        let lists = [
            ("joiners", "/|,|and"),
            ("other_after", "Institute"),
            ("other_before", "Thomson"),
            ("between", "of|and"),
            ("nouns_before", "the|news agency"),
            ("nouns_after", "news agency"),
            ("people", "writer"),
            ("byline", "by"),
            ("photo_before", "photo:|photo by|via"),
            ("photo_after", "photo"),
            ("wire_after", "日电"),
            ("text_before", "with inputs from"),
            ("text_opening", "with"),
            ("text_after", "contributed to this report"),
            ("material", "material from"),
            ("follows", "reported as follows"),
            ("copyright", "copyright|©"),
            ("cited_before", "told|according to"),
            ("cited_after", "reported"),
            ("adverbs", "also"),
            ("goes_on", "that|on"),
        ];
        let cues = lists.map(|(name, list)| {
            let list = list.split('|').map(str::to_owned).collect();
            (name.to_owned(), list)
        });
        let spellings = [
            spelling("AP", 0, Strength::Abbreviation),
            spelling("Associated Press", 0, Strength::Name),
            spelling("Reuters", 1, Strength::Name),
            spelling("PA", 2, Strength::Code),
            spelling("Getty Images", 3, Strength::Name),
            spelling("agencies", 4, Strength::Unnamed),
            spelling("新华社", 5, Strength::Name),
            spelling("رويترز", 1, Strength::Name),
        ];
        Lexicon::new(&spellings, vec![false, false, false, true, false, false], &cues).unwrap()
    }

    fn found(texts: &[&str]) -> Vec<(usize, String, usize, &'static str)> {
        let arena = Arc::new(Arena::from_texts(texts).unwrap());
        let credits = find(&arena, &lexicon(), &Silent).unwrap();
        let spelled = |credit: &Credit| {
            let text = arena.text(credit.row);
            let (start, end) = credit.points;
            let shown: String = text.chars().skip(start).take(end - start).collect();
            assert_eq!(shown, text[credit.bytes.0..credit.bytes.1]);
            (credit.row, shown, credit.agency, credit.rule.name())
        };
        credits.iter().map(spelled).collect()
    }

    #[test]
    fn every_rule_has_a_text() {
        let middle = "One.\nTwo.\nThree.\nFour.\nFive.\nSix.\n";
        let rows: [(&str, &str, Rule); 20] = [
            (
                "PARIS, May 8 (AP) - A",
                "PARIS, May 8 (AP)",
                Rule::DatelineBracket,
            ),
            ("据新华社北京5月8日电", "新华社北京5月8日电", Rule::DatelineWire),
            (
                "Aé (Photo by J. Orme/AP) b",
                "(Photo by J. Orme/AP)",
                Rule::CaptionCue,
            ),
            ("It is an AP Photo. A", "AP Photo", Rule::CaptionPhoto),
            ("a port Jo Orme/AP a", "Jo Orme/AP", Rule::CaptionName),
            (
                &format!("{middle}A bridge.AP\n{middle}"),
                "AP",
                Rule::CaptionGlued,
            ),
            (
                "By Jo Orme, Associated Press\nA",
                "By Jo Orme, Associated Press",
                Rule::BylineCue,
            ),
            ("موسكو - رويترز", "موسكو - رويترز", Rule::DatelineDash),
            (
                "A. With inputs from agencies",
                "With inputs from agencies",
                Rule::TailPhrase,
            ),
            (
                "A. Material from the AP contributed to this report.",
                "Material from the AP contributed to this report",
                Rule::TailContributed,
            ),
            (
                "A. Copyright 2031 Reuters b",
                "Copyright 2031 Reuters",
                Rule::TailCopyright,
            ),
            ("Reuters | Moscow\nA.\nB.\nC.\nD.", "Reuters", Rule::BylineLine),
            ("A ferry sank (Reuters)\nB", "(Reuters)", Rule::TailBracket),
            ("A ferry sank. B. — PA", "— PA", Rule::TailDash),
            (&format!("{middle}Reuters"), "Reuters", Rule::TailLine),
            ("A ferry sank. Reuters", "Reuters", Rule::TailEnd),
            (&format!("{middle}AP\n{middle}"), "AP", Rule::CaptionLine),
            (
                "A. The AP, which saw it, reported as follows: B",
                "The AP, which saw it, reported as follows",
                Rule::InlineFollows,
            ),
            ("He told the AP on Monday", "told the AP", Rule::InlineCited),
            (
                "A. Reuters also reported",
                "Reuters also reported",
                Rule::InlineReports,
            ),
        ];
        for ((text, credit, rule), wanted) in rows.into_iter().zip(Rule::ALL) {
            assert_eq!(rule, wanted);
            let found = found(&[text]);
            assert_eq!(found.len(), 1, "{text}: {found:?}");
            assert_eq!((found[0].1.as_str(), found[0].3), (credit, rule.name()), "{text}");
        }
    }

    #[test]
    fn no_rule_accepts_what_is_no_credit() {
        for text in [
            "the AP course",
            "He told AP students",
            "in Scranton (PA) a ferry",
            "The Associated Press (AP) moved",
            "Agence Presse (AP).",
            "Getty Images moved to the Reuters Institute",
            "law enforcement agencies said",
            "Thomson Reuters reported",
            "",
            "AP",
        ] {
            let rows = found(&[text]);
            assert!(
                rows.iter().all(|row| row.3 == "byline-line" && text == "AP"),
                "{text}: {rows:?}"
            );
        }
    }

    #[test]
    fn agencies_share_a_credit_and_places_are_kept() {
        let text = "É (AP and Reuters) - The Associated Press, Jo of Reuters contributed to this report";
        assert_eq!(
            found(&["", text]),
            [
                (1, "É (AP and Reuters)".to_owned(), 0, "dateline-bracket"),
                (1, "É (AP and Reuters)".to_owned(), 1, "dateline-bracket"),
                (
                    1,
                    "The Associated Press, Jo of Reuters contributed to this report".to_owned(),
                    0,
                    "tail-contributed"
                ),
                (
                    1,
                    "Reuters contributed to this report".to_owned(),
                    1,
                    "tail-contributed"
                ),
            ]
        );
    }
}

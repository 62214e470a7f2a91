//! Alignment: unit by unit, what is the same between two stretches of text, and what was edited.
//!
//! Small stretches only: what lies between two matches, and what lies before the first and after
//! the last one. Long equal runs never come here.

use super::near::Unit;

/// Edits of a passage, as they turn the left side into the right one.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Edits {
    /// Units that are the same on both sides.
    pub matched: u32,
    /// Units in the place of another one.
    pub changed: u32,
    /// Units of the right side alone.
    pub added: u32,
    /// Units of the left side alone.
    pub removed: u32,
}

/// One column of an alignment, as it turns the left side into the right one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    Matched,
    Changed,
    Added,
    Removed,
}

impl Edits {
    fn count(&mut self, step: Step) {
        match step {
            Step::Matched => self.matched += 1,
            Step::Changed => self.changed += 1,
            Step::Added => self.added += 1,
            Step::Removed => self.removed += 1,
        }
    }

    pub(super) fn add(&mut self, other: Self) {
        self.matched += other.matched;
        self.changed += other.changed;
        self.added += other.added;
        self.removed += other.removed;
    }

    /// Everything changed, as far as it can be.
    pub(super) fn unknown(left: usize, right: usize) -> Self {
        let changed = left.min(right);
        Self {
            matched: 0,
            changed: narrow(changed),
            added: narrow(right - changed),
            removed: narrow(left - changed),
        }
    }

    /// Whether the matched units, less half of the edited ones, are at least so many.
    pub(super) fn is_worth(self, least: usize) -> bool {
        let edited = u64::from(self.changed) + u64::from(self.added) + u64::from(self.removed);
        2 * u64::from(self.matched) >= 2 * least as u64 + edited
    }

    /// Matched units over all columns of the alignment.
    #[must_use]
    pub fn identity(&self) -> f64 {
        let all = u64::from(self.matched)
            + u64::from(self.changed)
            + u64::from(self.added)
            + u64::from(self.removed);
        f64::from(self.matched) / all.max(1) as f64
    }
}

/// How far beyond its ends a chain is continued in one step.
fn reach(unit: Unit) -> usize {
    match unit {
        Unit::Word => 16,
        Unit::Char => 48,
    }
}

/// From which end two stretches are followed.
#[derive(Debug, Clone, Copy)]
pub(super) enum Way {
    /// From the beginnings.
    Ahead,
    /// From the ends, backwards.
    Back,
}

impl Way {
    /// At most `count` units from the one numbered `from` on.
    fn part(self, units: &[u32], from: usize, count: usize) -> Vec<u32> {
        match self {
            Self::Ahead => units.iter().skip(from).take(count).copied().collect(),
            Self::Back => units.iter().rev().skip(from).take(count).copied().collect(),
        }
    }
}

/// One word more is chance; what is taken must be worth more.
const LEAST_GAIN: i64 = 2;

/// Room for the cells of one alignment, used again.
#[derive(Default)]
pub(super) struct Cells {
    costs: Vec<u32>,
}

impl Cells {
    /// Fills the table of edit distances between all beginnings of two stretches.
    fn fill(&mut self, left: &[u32], right: &[u32]) {
        let wide = right.len() + 1;
        self.costs.clear();
        self.costs.extend((0..).take(wide));
        for (row, unit) in (1..).zip(left) {
            let before = self.costs.len() - wide;
            self.costs.push(row);
            for (column, other) in right.iter().enumerate() {
                let diagonal = self.costs[before + column] + u32::from(unit != other);
                let edited = self.costs[before + column + 1].min(self.costs[before + wide + column]) + 1;
                self.costs.push(diagonal.min(edited));
            }
        }
    }

    /// Takes the steps of a cheapest way from a cell back to the beginning.
    fn walk(
        &self,
        left: &[u32],
        right: &[u32],
        (mut row, mut column): (usize, usize),
        mut take: impl FnMut(Step),
    ) {
        let wide = right.len() + 1;
        let cost = |row: usize, column: usize| self.costs[row * wide + column];
        while row > 0 || column > 0 {
            let here = cost(row, column);
            if row > 0 && column > 0 {
                let same = left[row - 1] == right[column - 1];
                if here == cost(row - 1, column - 1) + u32::from(!same) {
                    take(if same { Step::Matched } else { Step::Changed });
                    row -= 1;
                    column -= 1;
                    continue;
                }
            }
            if row > 0 && here == cost(row - 1, column) + 1 {
                take(Step::Removed);
                row -= 1;
            } else {
                take(Step::Added);
                column -= 1;
            }
        }
    }

    /// The edits on a cheapest way from the beginning to a cell.
    fn edits(&self, left: &[u32], right: &[u32], cell: (usize, usize)) -> Edits {
        let mut edits = Edits::default();
        self.walk(left, right, cell, |step| edits.count(step));
        edits
    }

    /// The columns of the alignment with the fewest edits, from the last one to the first.
    pub(super) fn backwards(&mut self, left: &[u32], right: &[u32]) -> Vec<Step> {
        let mut steps = Vec::with_capacity(left.len() + right.len());
        self.fill(left, right);
        self.walk(left, right, (left.len(), right.len()), |step| steps.push(step));
        steps
    }

    /// The fewest edits between two whole stretches.
    pub(super) fn between(&mut self, left: &[u32], right: &[u32]) -> Edits {
        if left.is_empty() || right.is_empty() {
            return Edits {
                added: narrow(right.len()),
                removed: narrow(left.len()),
                ..Edits::default()
            };
        }
        self.fill(left, right);
        self.edits(left, right, (left.len(), right.len()))
    }

    /// How far two stretches can be followed from one of their ends so that more is equal than
    /// edited: units on the left, on the right, and the edits. What follows is looked at as long
    /// as it pays.
    pub(super) fn follow(
        &mut self,
        unit: Unit,
        way: Way,
        left: &[u32],
        right: &[u32],
    ) -> (usize, usize, Edits) {
        let (mut here, mut there, mut edits) = (0, 0, Edits::default());
        loop {
            let (near, far) = (
                way.part(left, here, reach(unit)),
                way.part(right, there, reach(unit)),
            );
            if near.is_empty() || far.is_empty() {
                return (here, there, edits);
            }
            self.fill(&near, &far);
            let wide = far.len() + 1;
            // Equal units less edits, at least; of equal cells the nearest.
            let (mut best, mut cell) = (0, (0, 0));
            for (index, &cost) in self.costs.iter().enumerate() {
                let (row, column) = (index / wide, index % wide);
                // A changed unit is one less that is equal, and one edit.
                let gain = i64::from(narrow(row.min(column))) - 2 * i64::from(cost);
                if gain > best {
                    (best, cell) = (gain, (row, column));
                }
            }
            if best < LEAST_GAIN {
                return (here, there, edits);
            }
            edits.add(self.edits(&near, &far, cell));
            here += cell.0;
            there += cell.1;
        }
    }
}

/// Stretches are short, and documents have fewer units than 32 bits can count.
pub(super) fn narrow(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edits_are_the_fewest() {
        let mut cells = Cells::default();
        let edits = cells.between(&[1, 2, 3, 4], &[1, 9, 3, 4, 5]);
        let expected = Edits {
            matched: 3,
            changed: 1,
            added: 1,
            removed: 0,
        };
        assert_eq!(edits, expected);
        assert!((edits.identity() - 0.6).abs() < 1e-12);
        assert_eq!(cells.between(&[], &[1]).added, 1);
        assert_eq!(cells.between(&[1, 2], &[]).removed, 2);
    }

    #[test]
    fn what_follows_is_taken_while_it_pays() {
        let (mut left, mut right) = ([7, 1, 2, 3, 8, 8, 8], [6, 1, 2, 3, 9, 5, 4]);
        let found = Cells::default().follow(Unit::Word, Way::Ahead, &left, &right);
        let edits = Edits {
            matched: 3,
            changed: 1,
            ..Edits::default()
        };
        assert_eq!(found, (4, 4, edits));
        left.reverse();
        right.reverse();
        let found = Cells::default().follow(Unit::Word, Way::Back, &left, &right);
        assert_eq!(found, (4, 4, edits));
    }
}

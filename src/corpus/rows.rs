//! Rows of counts in blocks, which threads read and fill side by side.
//!
//! Blocks are cut by the data alone, and each owns its stretch of what is being filled, so that the
//! result is the same bytes for any number of threads.

use std::ops::Range;

use rayon::prelude::*;

use super::counts::{Counts, WHAT};
use super::pace::Pace;
use crate::error::Result;
use crate::memory;
use crate::observer::Observer;
use crate::parallel;

/// Cells of one block: some milliseconds of work.
const BLOCK: usize = 1 << 18;

/// Cuts an array into consecutive stretches of these lengths.
fn stretches<T>(mut rest: &mut [T], lengths: impl Iterator<Item = usize>) -> Vec<&mut [T]> {
    let mut stretches = Vec::new();
    for length in lengths {
        let (stretch, after) = rest.split_at_mut(length);
        stretches.push(stretch);
        rest = after;
    }
    stretches
}

impl Counts {
    /// Consecutive rows of about equally many cells.
    pub(super) fn blocks(&self) -> Vec<Range<usize>> {
        parallel::blocks(self.documents(), BLOCK, |row| {
            self.indptr[row + 1] - self.indptr[row]
        })
    }

    /// Writes one number for each cell, row by row.
    ///
    /// # Panics
    /// When there are not as many `cells` as here.
    pub(super) fn write<T: Send>(
        &self,
        cells: &mut [T],
        observer: &dyn Observer,
        write: impl Fn(usize, &mut [T], &mut Pace) -> Result<()> + Sync,
    ) -> Result<()> {
        assert_eq!(cells.len(), self.data.len(), "one number for each cell");
        let blocks = self.blocks();
        let held = |rows: &Range<usize>| self.indptr[rows.end] - self.indptr[rows.start];
        let parts = stretches(cells, blocks.iter().map(held));
        blocks.into_par_iter().zip(parts).try_for_each(|(rows, part)| {
            let (mut pace, first) = (Pace::default(), self.indptr[rows.start]);
            for row in rows {
                pace.step(4, observer)?;
                let range = self.indptr[row] - first..self.indptr[row + 1] - first;
                write(row, &mut part[range], &mut pace)?;
            }
            Ok(())
        })
    }

    /// The same rows without the cells whose term has no new id in `map`.
    pub(super) fn renumbered(
        &self,
        map: &[Option<u32>],
        observer: &dyn Observer,
    ) -> Result<(Vec<usize>, Vec<u32>, Vec<u32>)> {
        let blocks = self.blocks();
        let kept = |row: usize| {
            self.row(row)
                .filter_map(|(term, count)| Some((map[term as usize]?, count)))
        };
        let lengths: Vec<Vec<usize>> = blocks
            .par_iter()
            .map(|rows| {
                let (mut lengths, mut pace) = (memory::with_capacity(rows.len(), WHAT)?, Pace::default());
                for row in rows.clone() {
                    pace.step(4 + self.indptr[row + 1] - self.indptr[row], observer)?;
                    lengths.push(kept(row).count());
                }
                Ok(lengths)
            })
            .collect::<Result<_>>()?;
        let mut indptr = memory::with_capacity(self.indptr.len(), WHAT)?;
        indptr.push(0);
        let mut end = 0;
        for length in lengths.iter().flatten() {
            end += length;
            indptr.push(end);
        }
        let (mut indices, mut data) = (
            memory::zeroed::<u32>(end, WHAT)?,
            memory::zeroed::<u32>(end, WHAT)?,
        );
        let held = |lengths: &Vec<usize>| lengths.iter().sum::<usize>();
        let parts = stretches(&mut indices, lengths.iter().map(held))
            .into_iter()
            .zip(stretches(&mut data, lengths.iter().map(held)))
            .collect::<Vec<_>>();
        blocks
            .into_par_iter()
            .zip(parts)
            .try_for_each(|(rows, (indices, data))| {
                let (mut pace, mut places) = (Pace::default(), indices.iter_mut().zip(data));
                for row in rows {
                    pace.step(4 + self.indptr[row + 1] - self.indptr[row], observer)?;
                    for ((term, count), (index, datum)) in kept(row).zip(&mut places) {
                        (*index, *datum) = (term, count);
                    }
                }
                Ok(())
            })?;
        Ok((indptr, indices, data))
    }
}

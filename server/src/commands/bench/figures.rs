//! Medians and percentiles.

/// The middle one; of an even number, the upper of the two.
pub(super) fn median(figures: impl Iterator<Item = f64>) -> Option<f64> {
    let figures = sorted(figures);
    figures.get(figures.len() / 2).copied()
}

/// The figure that so many hundredths are not above. With fewer than a hundred figures the 99th is the largest.
pub(super) fn percentile(figures: impl Iterator<Item = f64>, hundredths: usize) -> Option<f64> {
    let figures = sorted(figures);
    let rank = (figures.len() * hundredths).div_ceil(100);
    figures.get(rank.saturating_sub(1)).copied()
}

fn sorted(figures: impl Iterator<Item = f64>) -> Vec<f64> {
    let mut figures: Vec<_> = figures.collect();
    figures.sort_by(f64::total_cmp);
    figures
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_percentile_is_one_of_the_figures() {
        let hundred = || (1..=100).rev().map(f64::from);

        assert_eq!(percentile(hundred(), 50), Some(50.0));
        assert_eq!(percentile(hundred(), 99), Some(99.0));
        assert_eq!(percentile([3.0, 1.0].into_iter(), 99), Some(3.0));
        assert_eq!(percentile([].into_iter(), 99), None);
        assert_eq!(median([9.0, 1.0, 5.0].into_iter()), Some(5.0));
    }
}

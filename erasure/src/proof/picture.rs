//! A picture that a telephone's camera reads as a link. Drawn here as one path, for an SVG in the page: nothing is loaded, and no
//! script runs.

use std::fmt::Write as _;

use fast_qr::{ECL, QRBuilder};

/// Modules of white around the picture: ISO/IEC 18004 asks for four.
const QUIET: usize = 4;

/// A QR code, white frame included.
#[derive(Clone, PartialEq, Eq)]
pub struct Picture {
    /// How many modules it is wide and high: the drawing's `viewBox`.
    pub size: usize,
    /// Its dark parts, as the `d` of one path.
    pub path: String,
}

/// It holds what the link says.
impl std::fmt::Debug for Picture {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Picture([redacted])")
    }
}

impl Picture {
    /// Draws a link. A text too long for any picture has none: the link itself stands beside it.
    #[must_use]
    pub fn of(link: &str) -> Option<Self> {
        let code = QRBuilder::new(link).ecl(ECL::M).build().ok()?;
        let mut path = String::new();
        for (y, row) in code.data.chunks(code.size).take(code.size).enumerate() {
            let mut x = 0;
            for run in row.chunk_by(|one, next| one.value() == next.value()) {
                if run.first().is_some_and(|module| module.value()) {
                    let (left, top, width) = (x + QUIET, y + QUIET, run.len());
                    let _ = write!(path, "M{left} {top}h{width}v1h-{width}z");
                }
                x += run.len();
            }
        }
        Some(Self {
            size: code.size + 2 * QUIET,
            path,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Picture;

    const LINK: &str = "https://wa.me/33123456789?text=Bonjour%2C%20je%20demande%20la%20suppression%20de%20mes%20donn%C3%A9es.%20Mon%20code%20%3A%20K7Q2-M9XD";

    /// The picture again, module by module, from its path.
    fn modules(size: usize, path: &str) -> Vec<Vec<bool>> {
        let mut modules = vec![vec![false; size]; size];
        for run in path.split('M').filter(|run| !run.is_empty()) {
            let (start, rest) = run.split_once('h').unwrap();
            let (x, y) = start.split_once(' ').unwrap();
            let width: usize = rest.split('v').next().unwrap().parse().unwrap();
            let (x, y): (usize, usize) = (x.parse().unwrap(), y.parse().unwrap());
            modules[y][x..x + width].fill(true);
        }
        modules
    }

    #[test]
    fn the_picture_has_its_white_frame_and_its_three_corners() {
        let Picture { size, path } = Picture::of(LINK).unwrap();
        let modules = modules(size, &path);

        for edge in [0, 3, size - 4, size - 1] {
            assert!(
                (0..size).all(|at| !modules[edge][at] && !modules[at][edge]),
                "{edge}"
            );
        }
        for (top, left) in [(4, 4), (4, size - 11), (size - 11, 4)] {
            assert!((0..7).all(|at| modules[top][left + at] && modules[top + at][left]));
            assert!((1..6).all(|at| !modules[top + 1][left + at]));
            assert!((2..5).all(|at| modules[top + 2][left + at]));
        }
    }

    #[test]
    fn every_link_has_a_picture_of_its_own_and_too_long_a_text_has_none() {
        assert_ne!(
            Picture::of(LINK),
            Picture::of(&LINK.replace("K7Q2", "K7Q3"))
        );
        assert_eq!(Picture::of(&"x".repeat(5_000)), None);
        assert_eq!(
            format!("{:?}", Picture::of(LINK).unwrap()),
            "Picture([redacted])"
        );
    }
}

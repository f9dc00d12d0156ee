//! A QR code, to be held before a camera.

use qrcode::{Color, EcLevel, QrCode};
use serde::Serialize;

use countersign_envelope::count::count;

/// A QR code as the outline of its dark modules (ISO/IEC 18004), without the quiet zone of 4
/// modules that has to be around it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, specta::Type)]
pub struct QrView {
    /// How many modules it is wide and high.
    pub size: u32,
    /// The dark modules, as the `d` of an SVG path in units of modules.
    pub dark: String,
}

/// The modules of a QR code, row by row, the dark ones true and without the quiet zone; none of a text
/// that does not fit into one.
pub fn modules(text: &str) -> Option<Vec<Vec<bool>>> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M).ok()?;
    let rows = code.to_colors();
    let rows = rows.chunks(code.width());
    Some(rows.map(|row| row.iter().map(|one| *one == Color::Dark).collect()).collect())
}

impl QrView {
    /// Of a text that fits into one, as a digest does; none of any other.
    pub fn of(text: &str) -> Option<Self> {
        let code = QrCode::with_error_correction_level(text, EcLevel::M).ok()?;
        let width = code.width();
        let mut dark = String::new();
        for (y, row) in code.to_colors().chunks(width).enumerate() {
            let mut x = 0;
            for run in row.chunk_by(|one, other| one == other) {
                let length = run.len();
                if run.first() == Some(&Color::Dark) {
                    dark += &format!("M{x} {y}h{length}v1h-{length}z");
                }
                x += length;
            }
        }
        Some(Self { size: count(width), dark })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The modules that a path covers, drawn large, with the quiet zone.
    fn drawn(view: &QrView, scale: usize) -> (usize, Vec<bool>) {
        let size = view.size as usize;
        let mut modules = vec![false; size * size];
        for run in view.dark.split('z').filter(|run| !run.is_empty()) {
            let number = |text: &str| text.parse::<usize>().unwrap();
            let (at, length) = run.strip_prefix('M').unwrap().split_once('h').unwrap();
            let (x, y) = at.split_once(' ').unwrap();
            let from = number(y) * size + number(x);
            modules[from..from + number(length.split_once('v').unwrap().0)].fill(true);
        }
        let wide = (size + 8) * scale;
        let pixel = |at: usize| {
            let (x, y) = (at % wide / scale, at / wide / scale);
            let inside = (4..size + 4).contains(&x) && (4..size + 4).contains(&y);
            inside && modules[(y - 4) * size + x - 4]
        };
        (wide, (0..wide * wide).map(pixel).collect())
    }

    #[test]
    fn a_qr_code_is_read_back() {
        let hex = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
        let (wide, dark) = drawn(&QrView::of(hex).unwrap(), 4);
        let grey = |x, y| if dark[y * wide + x] { 0 } else { 255 };
        let mut image = rqrr::PreparedImage::prepare_from_greyscale(wide, wide, grey);
        let grids = image.detect_grids();
        assert_eq!(grids[0].decode().unwrap().1, hex);
    }

    #[test]
    fn a_text_that_does_not_fit_has_no_code() {
        assert_eq!(QrView::of(&"x".repeat(5000)), None);
    }
}

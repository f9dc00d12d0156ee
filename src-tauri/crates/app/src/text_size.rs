//! How large the window shows everything.

use countersign_envelope::vocabulary;
use serde::{Deserialize, Serialize};

/// The sizes that a person can step through, in percent.
const SIZES: [u32; 8] = [80, 90, 100, 110, 125, 150, 175, 200];

/// How large the window shows everything, in percent of its normal size: from 80 to 200.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(try_from = "u32", into = "u32")]
#[specta(type = u32)]
pub struct TextSize(u32);

vocabulary! {
    /// A change of the text size.
    TextSizeStep {
        /// To the next larger size.
        Larger = "larger",
        /// To the next smaller size.
        Smaller = "smaller",
        /// To the normal size.
        Normal = "normal",
    }
}

impl TextSize {
    /// The size after a step; the same if there is none beyond it.
    #[must_use]
    pub fn after(self, step: TextSizeStep) -> Self {
        let next = match step {
            TextSizeStep::Larger => SIZES.into_iter().find(|size| *size > self.0),
            TextSizeStep::Smaller => SIZES.into_iter().rev().find(|size| *size < self.0),
            TextSizeStep::Normal => return Self::default(),
        };
        next.map_or(self, Self)
    }

    /// As a factor: 1 for the normal size.
    pub fn factor(self) -> f64 {
        f64::from(self.0) / 100.0
    }
}

impl Default for TextSize {
    fn default() -> Self {
        Self(100)
    }
}

impl TryFrom<u32> for TextSize {
    type Error = String;

    fn try_from(percent: u32) -> Result<Self, String> {
        match (SIZES[0]..=SIZES[SIZES.len() - 1]).contains(&percent) {
            true => Ok(Self(percent)),
            false => Err(format!("{percent} is not from 80 to 200")),
        }
    }
}

impl From<TextSize> for u32 {
    fn from(size: TextSize) -> Self {
        size.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_grows_and_shrinks_within_its_bounds() {
        let all = |step: TextSizeStep| {
            let mut sizes = vec![TextSize::default()];
            while sizes.len() < 20
                && sizes.last().map(|one| one.after(step)) != sizes.last().copied()
            {
                sizes.extend(sizes.last().map(|one| one.after(step)));
            }
            sizes.into_iter().map(u32::from).collect::<Vec<_>>()
        };
        assert_eq!(all(TextSizeStep::Larger), [100, 110, 125, 150, 175, 200]);
        assert_eq!(all(TextSizeStep::Smaller), [100, 90, 80]);
        assert_eq!(TextSize(175).after(TextSizeStep::Normal), TextSize::default());
        // A size that was written by hand leads to the next step.
        assert_eq!(TextSize(130).after(TextSizeStep::Larger), TextSize(150));
    }

    #[test]
    fn sizes_out_of_bounds_are_refused() {
        for percent in [0, 79, 201, u32::MAX] {
            assert!(TextSize::try_from(percent).is_err(), "{percent}");
        }
        assert_eq!(TextSize::try_from(130).map(TextSize::factor), Ok(1.3));
    }
}

//! Numbers as canonical JSON lays them out, which is how Python does.

use std::ops::Range;

use num_bigint::BigUint;

use crate::json::is_float;

pub(super) fn write_number(written: &str, out: &mut String) {
    if !is_float(written) {
        out.push_str(if written == "-0" { "0" } else { written });
        return;
    }
    if let Some(decimal) = Decimal::parse(written)
        && decimal.is_exact()
    {
        return decimal.write(out);
    }
    // The parser let only finite doubles through.
    let number: f64 = written.parse().unwrap_or(0.0);
    if number == 0.0 {
        out.push('0');
    } else if number.fract() == 0.0 {
        write_whole(number, out);
    } else {
        // Rounded to 15 significant digits, then the shortest form that reads back.
        let rounded: f64 = format!("{number:.14e}").parse().unwrap_or(number);
        match Decimal::parse(&format!("{rounded:e}")) {
            Some(decimal) => decimal.write_fraction(out),
            None => out.push_str(written),
        }
    }
}

/// Writes a whole double, all its digits.
fn write_whole(number: f64, out: &mut String) {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    if number.abs() < EXACT {
        out.push_str(&(number as i64).to_string());
        return;
    }
    // From 2^53 on a double is its 53 bits of mantissa times a power of two (IEEE 754).
    let bits = number.to_bits();
    let mantissa = bits & ((1 << 52) - 1) | 1 << 52;
    let shift = (bits >> 52 & 0x7ff).saturating_sub(1075);
    out.push_str(if number < 0.0 { "-" } else { "" });
    out.push_str(&(BigUint::from(mantissa) << shift).to_string());
}

/// A number as decimal digits: `0.d1d2d3… × 10^point`.
pub(super) struct Decimal {
    negative: bool,
    /// Without leading or trailing zeros; only the first 17 at most.
    digits: [u8; 17],
    count: usize,
    point: i32,
}

impl Decimal {
    /// Most digits that every double keeps.
    const KEPT: usize = 15;

    /// Reads a number as JSON or Rust writes it; `None` if it has too many digits.
    pub(super) fn parse(written: &str) -> Option<Self> {
        let mut decimal = Self { negative: false, digits: [0; 17], count: 0, point: 0 };
        let mut zeros = 0;
        let mut is_fraction = false;
        let mut bytes = written.bytes();
        for byte in bytes.by_ref() {
            match byte {
                b'-' => decimal.negative = true,
                b'.' => is_fraction = true,
                b'e' | b'E' => break,
                b'0' if decimal.count == 0 => decimal.point -= i32::from(is_fraction),
                digit => {
                    decimal.point += i32::from(!is_fraction);
                    if digit == b'0' {
                        zeros += 1;
                        continue;
                    }
                    for digit in std::iter::repeat_n(b'0', zeros).chain([digit]) {
                        *decimal.digits.get_mut(decimal.count)? = digit;
                        decimal.count += 1;
                    }
                    zeros = 0;
                }
            }
        }
        let exponent = written.len() - bytes.len();
        if let Some(exponent) = written.get(exponent..).filter(|rest| !rest.is_empty()) {
            decimal.point = decimal.point.checked_add(exponent.parse().ok()?)?;
        }
        Some(decimal)
    }

    /// Whether the digits are also those of the double that they name, rounded to 15: so it is with
    /// at most 15 of them, away from the ends of the range, and unless the number is whole and so
    /// large that all digits of the double are printed.
    fn is_exact(&self) -> bool {
        self.count <= Self::KEPT
            && (-290..290).contains(&self.point)
            && (self.point <= 15 || self.count as i32 > self.point)
    }

    /// Writes a number that [`Self::is_exact`].
    fn write(&self, out: &mut String) {
        if self.count == 0 {
            out.push('0');
        } else if self.count as i32 <= self.point {
            self.write_sign(out);
            self.write_digits(0..self.count, out);
            out.extend(std::iter::repeat_n('0', self.point as usize - self.count));
        } else {
            self.write_fraction(out);
        }
    }

    /// Writes a number as Python's `repr` does: exponents below 1e-4 and from 1e16, of at least two
    /// digits.
    pub(super) fn write_fraction(&self, out: &mut String) {
        let exponent = self.point - 1;
        self.write_sign(out);
        if !(-4..16).contains(&exponent) {
            self.write_digits(0..1, out);
            if self.count > 1 {
                out.push('.');
                self.write_digits(1..self.count, out);
            }
            let sign = if exponent < 0 { '-' } else { '+' };
            out.push_str(&format!("e{sign}{:02}", exponent.abs()));
        } else if exponent < 0 {
            out.push_str("0.");
            out.extend(std::iter::repeat_n('0', self.point.unsigned_abs() as usize));
            self.write_digits(0..self.count, out);
        } else {
            let whole = self.point as usize;
            if self.count > whole {
                self.write_digits(0..whole, out);
                out.push('.');
                self.write_digits(whole..self.count, out);
            } else {
                self.write_digits(0..self.count, out);
                out.extend(std::iter::repeat_n('0', whole - self.count));
                out.push_str(".0");
            }
        }
    }

    fn write_sign(&self, out: &mut String) {
        out.push_str(if self.negative { "-" } else { "" });
    }

    fn write_digits(&self, range: Range<usize>, out: &mut String) {
        out.extend(self.digits[range].iter().map(|digit| char::from(*digit)));
    }
}

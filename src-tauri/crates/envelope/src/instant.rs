//! Times as the format writes them: `YYYY-MM-DDTHH:MM:SS[.digits][Z|±HH:MM]`, and nothing else.

use jiff::civil::DateTime;
use jiff::{SignedDuration, tz::Offset};

/// A point in time to the second, fractions cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Instant {
    utc: DateTime,
    /// Written without a zone, and taken as UTC.
    pub is_local: bool,
}

impl Instant {
    /// 1970-01-01T00:00:00Z.
    pub const EPOCH: Instant =
        Instant { utc: DateTime::constant(1970, 1, 1, 0, 0, 0, 0), is_local: false };

    /// Reads a time. Returns `None` if the text has another form, or is not a time between the years
    /// 1 and 9999 in UTC: such text is text.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = text.as_bytes();
        if bytes.len() < 19 || bytes[10] != b'T' {
            return None;
        }
        for (index, &byte) in bytes[..19].iter().enumerate() {
            let fits = match index {
                4 | 7 => byte == b'-',
                10 => byte == b'T',
                13 | 16 => byte == b':',
                _ => byte.is_ascii_digit(),
            };
            if !fits {
                return None;
            }
        }
        let number = |range: std::ops::Range<usize>| text.get(range)?.parse::<i16>().ok();
        let field = |at: usize| number(at..at + 2).and_then(|n| i8::try_from(n).ok());
        let local = DateTime::new(
            number(0..4)?,
            field(5)?,
            field(8)?,
            field(11)?,
            field(14)?,
            field(17)?,
            0,
        )
        .ok()?;
        let (east, is_local) = offset_seconds(strip_fraction(&text[19..])?)?;
        let utc = local.checked_sub(SignedDuration::from_secs(east)).ok()?;
        (1..=9999).contains(&utc.year()).then_some(())?;
        (local.year() >= 1).then_some(Self { utc, is_local })
    }

    /// From seconds since 1970-01-01T00:00:00Z; `None` outside the years 1 to 9999.
    pub fn from_unix(seconds: i64) -> Option<Self> {
        let utc = Offset::UTC.to_datetime(jiff::Timestamp::from_second(seconds).ok()?);
        (1..=9999).contains(&utc.year()).then_some(Self { utc, is_local: false })
    }

    /// Seconds since 1970-01-01T00:00:00Z.
    pub fn unix(&self) -> i64 {
        self.utc.duration_since(DateTime::constant(1970, 1, 1, 0, 0, 0, 0)).as_secs()
    }

    /// Writes the time into canonical JSON: in UTC, and years below 1000 are not padded, as the reference
    /// prints them. [`Self::parse`] reads the padded form alone, which [`Display`](std::fmt::Display) writes.
    pub fn write_canonical(&self, out: &mut String) {
        let text = self.to_string();
        out.push_str(text.trim_start_matches('0'));
    }
}

/// In UTC.
impl std::fmt::Display for Instant {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let t = self.utc;
        let (year, month, day) = (t.year(), t.month(), t.day());
        let (hour, minute, second) = (t.hour(), t.minute(), t.second());
        write!(f, "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
    }
}

impl std::str::FromStr for Instant {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Self::parse(text).ok_or_else(|| format!("{text:?} is no time like 2026-05-06T07:08:09Z"))
    }
}

impl serde::Serialize for Instant {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for Instant {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

fn strip_fraction(rest: &str) -> Option<&str> {
    let Some(fraction) = rest.strip_prefix('.') else { return Some(rest) };
    let zone = fraction.trim_start_matches(|c: char| c.is_ascii_digit());
    (zone.len() < fraction.len()).then_some(zone)
}

/// Seconds east of UTC, and whether no zone was written. Minutes to 99 count, as in the reference,
/// as long as the whole stays below a day.
fn offset_seconds(zone: &str) -> Option<(i64, bool)> {
    let bytes = zone.as_bytes();
    let digit = |at: usize| bytes[at].is_ascii_digit().then(|| i64::from(bytes[at] - b'0'));
    match bytes {
        [] => Some((0, true)),
        [b'Z'] => Some((0, false)),
        [sign @ (b'+' | b'-'), _, _, b':', _, _] => {
            let hours = digit(1)? * 10 + digit(2)?;
            let minutes = digit(4)? * 10 + digit(5)?;
            let seconds = hours * 3600 + minutes * 60;
            let east = if *sign == b'-' { -seconds } else { seconds };
            (seconds < 86_400).then_some((east, false))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A keyring with a year in which somebody left out the thousands must not become unreadable.
    #[test]
    fn what_is_written_is_read_again_in_any_year() {
        for text in ["0026-11-28T23:01:31Z", "0999-12-31T23:59:59Z", "9999-12-31T23:59:59Z"] {
            let time = Instant::parse(text).unwrap();
            assert_eq!(time.to_string(), text);
            assert_eq!(Instant::parse(&time.to_string()), Some(time));
        }
    }

    #[test]
    fn times_are_read_whole_or_not_at_all() {
        let utc = |text: &str| {
            let time = Instant::parse(text)?;
            let mut canonical = String::new();
            time.write_canonical(&mut canonical);
            Some(canonical)
        };
        assert_eq!(utc("2026-02-21T00:00:00.9+00:60").as_deref(), Some("2026-02-20T23:00:00Z"));
        assert_eq!(utc("0999-02-21T00:00:00Z").as_deref(), Some("999-02-21T00:00:00Z"));
        for text in [
            "2026-02-30T00:00:00Z",
            "2026-02-21T00:00:60Z",
            "2026-02-21T24:00:00Z",
            "2026-02-21T00:00:00.Z",
            "2026-02-21T00:00:00+24:00",
            "2026-02-21T00:00:00+0530",
            "2026-02-21T00:00:00Z\n",
            "0000-01-01T00:00:00Z",
            "0001-01-01T00:00:00+01:00",
            "9999-12-31T23:59:59-01:00",
            "2026-02-21T00:00:0é",
            "+026-02-21T00:00:00Z",
        ] {
            assert_eq!(utc(text), None, "{text}");
        }
    }

    #[test]
    fn unix_seconds_go_both_ways() {
        let instant = Instant::parse("2026-05-06T07:08:09Z").unwrap();
        assert_eq!(instant.unix(), 1_778_051_289);
        assert_eq!(Instant::from_unix(1_778_051_289).unwrap().to_string(), instant.to_string());
    }
}

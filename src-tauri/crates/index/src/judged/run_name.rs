//! The name of a run, in as little room as it takes.

use countersign_envelope::file_name::is_sealed_run;
use countersign_envelope::instant::Instant;

/// The name of a run without `RUN-` and `.json`: 25 bytes that every run's name differs in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct RunName([u8; 25]);

impl RunName {
    /// From a file's name; `None` if it is not the name of a run.
    pub fn of_file(name: &str) -> Option<Self> {
        let stem = name.strip_prefix("RUN-")?.strip_suffix(".json")?;
        is_sealed_run(name).then(|| stem.as_bytes().try_into().ok().map(Self))?
    }

    /// Its hex digits and time.
    fn as_str(&self) -> &str {
        // Only ever made of ASCII.
        str::from_utf8(&self.0).unwrap_or_default()
    }

    /// The name without `.json`, which is also how a run of it calls itself.
    pub fn stem(&self) -> String {
        format!("RUN-{}", self.as_str())
    }

    /// The name of the file.
    pub fn file(&self) -> String {
        format!("RUN-{}.json", self.as_str())
    }

    /// The time in the name, as it is written there: later is greater.
    pub fn time(&self) -> [u8; 16] {
        let mut time = [0; 16];
        time.copy_from_slice(&self.0[9..]);
        time
    }

    /// The time in the name; `None` if that is not a valid time.
    pub fn created_at(&self) -> Option<Instant> {
        let t = &self.as_str()[9..];
        let (date, time) = t.split_at(8);
        let date = format!("{}-{}-{}", &date[..4], &date[4..6], &date[6..]);
        Instant::parse(&format!("{date}T{}:{}:{}Z", &time[1..3], &time[3..5], &time[5..7]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_without_a_date_is_dated_by_its_name() {
        let at = |name: &str| RunName::of_file(name).unwrap().created_at().map(|at| at.to_string());
        let utc = at("RUN-50b0d817_20260506T070809Z.json");
        assert_eq!(utc.as_deref(), Some("2026-05-06T07:08:09Z"));
        assert_eq!(at("RUN-50b0d817_20261306T070809Z.json"), None);
        assert_eq!(RunName::of_file("RUN-50b0d817_20260506T070809Z.manifest.json"), None);
    }
}

//! What a resource of a boundary names. The format calls it a path or a pattern, and defines no
//! patterns; these are read: `*` alone names everything, and `*` within a part of a path stands for any
//! characters but `/`. Other signs of patterns are not guessed at, nor what a file's name alone means.

use std::collections::HashSet;

/// Most comparisons of a pattern with a path.
const MOST_COMPARED: usize = 10_000_000;

/// Whether a resource names a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Naming {
    /// One does.
    Named,
    /// None does.
    Outside,
    /// None does, and what some mean is not known.
    Open,
}

/// The resources of a boundary.
#[derive(Debug, Default)]
pub(super) struct Resources<'a> {
    exact: HashSet<&'a str>,
    patterns: Vec<&'a str>,
    names_all: bool,
    has_unknown: bool,
}

impl<'a> Resources<'a> {
    pub(super) fn of(resources: impl Iterator<Item = &'a str>) -> Self {
        let mut all = Self::default();
        for resource in resources {
            all.exact.insert(resource);
            match resource {
                "*" => all.names_all = true,
                _ if resource.contains(['?', '[', ']', '{', '}', '!', '\\'])
                    || resource.contains("**") =>
                {
                    all.has_unknown = true;
                }
                _ if resource.contains('*') => all.patterns.push(resource),
                _ => {}
            }
        }
        all
    }

    /// The same, unless comparing them with so many paths would take too long.
    pub(super) fn for_paths(self, count: usize) -> Option<Self> {
        let compared = self.patterns.len().saturating_mul(count);
        (compared <= MOST_COMPARED).then_some(self)
    }

    /// Whether one names a path.
    pub(super) fn name(&self, path: &str) -> Naming {
        // A path that leads elsewhere is none that a resource names.
        let is_plain = |part: &str| !matches!(part, "" | "." | "..") && !part.contains('\\');
        if !path.split('/').all(is_plain) {
            return Naming::Outside;
        }
        let named = self.names_all
            || self.exact.contains(path)
            || self.patterns.iter().any(|pattern| matches(pattern, path));
        // A file's name alone may mean the file there or any of that name: the reference's own
        // boundaries write one for files further down.
        let by_name = path.rsplit_once('/').is_some_and(|(_, name)| self.exact.contains(name));
        match (named, self.has_unknown || by_name) {
            (true, _) => Naming::Named,
            (false, true) => Naming::Open,
            (false, false) => Naming::Outside,
        }
    }
}

/// Whether a pattern names a path, part by part.
fn matches(pattern: &str, path: &str) -> bool {
    let (mut patterns, mut parts) = (pattern.split('/'), path.split('/'));
    loop {
        match (patterns.next(), parts.next()) {
            (None, None) => return true,
            (Some(pattern), Some(part)) if part_matches(pattern, part) => {}
            _ => return false,
        }
    }
}

/// The texts between the stars stand in the part in their order, the first at its beginning, the last
/// at its end.
fn part_matches(pattern: &str, part: &str) -> bool {
    let Some((first, rest)) = pattern.split_once('*') else { return pattern == part };
    let Some(part) = part.strip_prefix(first) else { return false };
    let (between, last) = rest.rsplit_once('*').unwrap_or(("", rest));
    let Some(part) = part.strip_suffix(last) else { return false };
    let mut left = part;
    between.split('*').all(|text| match left.find(text) {
        Some(at) => {
            left = &left[at + text.len()..];
            true
        }
        None => false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_resource_names_exactly_what_it_says() {
        let cases = [
            ("data/in.csv", "data/in.csv", Naming::Named),
            ("data/in.csv", "Data/in.csv", Naming::Outside),
            ("data/in.csv", "data/in.csv ", Naming::Outside),
            ("in.csv", "data/in.csv", Naming::Open),
            ("in.csv", "data/other.csv", Naming::Outside),
            ("in.csv", "../in.csv", Naming::Outside),
            ("data/in.csv", "more/data/in.csv", Naming::Outside),
            // The same letters, composed and decomposed.
            ("data/\u{e9}.csv", "data/e\u{301}.csv", Naming::Outside),
            ("data/*", "data/in.csv", Naming::Named),
            ("data/*", "data/deeper/in.csv", Naming::Outside),
            ("data/*", "data", Naming::Outside),
            ("data/*.csv", "data/in.csv", Naming::Named),
            ("data/a*b*c.csv", "data/aXbYc.csv", Naming::Named),
            ("data/a*b*c.csv", "data/abc.csv", Naming::Named),
            ("data/ab*ba", "data/aba", Naming::Outside),
            ("data/*.csv", "data/in.csv.exe", Naming::Outside),
            ("*/in.csv", "data/in.csv", Naming::Named),
            ("*", "anything/at/all.csv", Naming::Named),
            ("*", "../secret.csv", Naming::Outside),
            ("*", "/etc/passwd", Naming::Outside),
            ("data/*", "data/../secret.csv", Naming::Outside),
            ("data/*", "data/..", Naming::Outside),
            ("data/../secret.csv", "data/../secret.csv", Naming::Outside),
            ("data/*", "data\\..\\secret.csv", Naming::Outside),
            ("data/**", "data/in.csv", Naming::Open),
            ("data/in.{csv,tsv}", "data/in.csv", Naming::Open),
            ("data/[ab].csv", "data/[ab].csv", Naming::Named),
        ];
        for (resource, path, naming) in cases {
            let resources = Resources::of([resource].into_iter());
            assert_eq!(resources.name(path), naming, "{resource} {path}");
        }
    }

    #[test]
    fn no_resource_names_nothing() {
        assert_eq!(Resources::default().name("data/in.csv"), Naming::Outside);
        assert_eq!(Resources::of([""].into_iter()).name(""), Naming::Outside);
    }

    #[test]
    fn too_many_are_not_compared() {
        let patterns: Vec<String> = (0..1000).map(|at| format!("data/{at}*")).collect();
        let resources = || Resources::of(patterns.iter().map(String::as_str));
        assert!(resources().for_paths(10_000).is_some());
        assert!(resources().for_paths(10_001).is_none());
    }
}

//! A manifest in plain words, and its differences from its run.
//!
//! Read from the canonical bytes, as [`ContentView`](super::ContentView) is.

use countersign_admissibility::agreement;
use countersign_envelope::json::{Member, Node};
use countersign_envelope::manifest::Manifest;
use countersign_envelope::merkle;
use countersign_envelope::sealed_run::SealedRun;
use countersign_problem::Said;
use serde::Serialize;

use super::content::{Listing, ScopeList, listing};
use super::short;
use countersign_envelope::count::count;

/// The fields of a manifest (FORMAT.md, section 1).
const FIELDS: &[&str] = &[
    "commit_hash",
    "decision_id",
    "file_row_counts",
    "hash_scope",
    "policy_version",
    "run_id",
    "schema_versions",
    "sealed_run",
];

/// Most fields beyond those of the format that are shown; the raw JSON has the rest.
const OTHER: usize = 200;

/// A field that no manifest of the format has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, specta::Type)]
pub struct OtherField {
    /// Its name.
    pub name: String,
    /// Its value, cut if it is long.
    pub value: String,
}

/// A manifest as displayed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, specta::Type)]
pub struct ManifestView {
    /// The file of the run that it names.
    pub sealed_run: String,
    /// The id of the run that it names.
    pub run_id: String,
    /// The decision; empty if it names none.
    pub decision_id: String,
    /// The policy's version; empty if it names none.
    pub policy: String,
    /// The commit hash.
    pub commit_hash: String,
    /// Its own lists of inputs, prompts, schemas and policies, by path.
    pub scope: Vec<ScopeList>,
    /// How many rows each input file has, `path: 25`.
    pub rows: Listing,
    /// The versions of the schemas, `path: 1.0`.
    pub schema_versions: Listing,
    /// Fields that no manifest of the format has.
    pub other: Vec<OtherField>,
    /// How many of these there are.
    pub other_total: u32,
    /// Contradictions to the run, one sentence each; empty if there are none.
    pub differs: Vec<Said>,
}

impl ManifestView {
    /// Describes a manifest and compares it with its run. `run_file` is the name of the run's file.
    pub fn of(manifest: &Manifest, run: &SealedRun, run_file: &str) -> Self {
        // Canonical bytes are always an object that can be read again.
        let hashed = Manifest::read(manifest.artifact().canonical().shared());
        let hashed = hashed.as_ref().unwrap_or(manifest);
        let object = hashed.artifact().object();
        let text = |value: Option<Node<'_>>| match value.filter(|value| !value.is_null()) {
            None => String::new(),
            Some(value) => short(&value.brief()),
        };
        let scope = merkle::LISTS.iter().filter_map(|(name, _)| {
            let list = hashed.hash_scope()?.get(name)?;
            let path = |entry: Node<'_>| text(entry.get("path").or(Some(entry)));
            Some(ScopeList {
                name: (*name).to_owned(),
                list: listing(list.len(), list.items()?.map(path)),
            })
        });
        let pairs = |key: &str| {
            let pairs = object.get(key).and_then(Node::members);
            let pair = |member: Member<'_>| {
                format!("{}: {}", short(&member.key()), short(&member.value().brief()))
            };
            let total = pairs.clone().into_iter().flatten().count();
            listing(total, pairs.into_iter().flatten().map(pair))
        };
        let members = object.members().into_iter().flatten();
        let other = members.filter(|member| !FIELDS.contains(&member.key().as_ref()));
        let rules = agreement::manifest(run, run_file, manifest).into_iter();
        Self {
            sealed_run: text(object.get("sealed_run")),
            run_id: text(object.get("run_id")),
            decision_id: text(hashed.decision_id()),
            policy: text(hashed.policy_version()),
            commit_hash: text(object.get("commit_hash")),
            scope: scope.collect(),
            rows: pairs("file_row_counts"),
            schema_versions: pairs("schema_versions"),
            other_total: count(other.clone().count()),
            other: other
                .take(OTHER)
                .map(|member| OtherField {
                    name: short(&member.key()),
                    value: short(&member.value().brief()),
                })
                .collect(),
            differs: rules.filter_map(|rule| rule.outcome.err()).map(Said::from).collect(),
        }
    }

    /// The same in one line, for a terminal.
    pub fn line(&self) -> String {
        let counted: Vec<String> =
            self.scope.iter().map(|scope| counted_list(scope.list.total, &scope.name)).collect();
        let given = |what: &str, value: &str| match value {
            "" => String::new(),
            value => format!("{what} {value}, "),
        };
        let agrees = match self.differs.is_empty() {
            true => "agrees with the run".to_owned(),
            false => {
                let differs: Vec<&str> = self.differs.iter().map(|one| &*one.text).collect();
                differs.join(" ")
            }
        };
        let other: Vec<&str> = self.other.iter().map(|field| field.name.as_str()).collect();
        let other = match self.other_total {
            0 => String::new(),
            total => format!("; {total} fields of its own: {}", short(&other.join(", "))),
        };
        format!(
            "{}{}run {}; {}; {agrees}{other}",
            given("decision", &self.decision_id),
            given("policy", &self.policy),
            self.run_id,
            counted.join(", ")
        )
    }
}

/// `1 policy`, `5 inputs`.
fn counted_list(total: u32, name: &str) -> String {
    let one = match name {
        "policies" => "policy",
        other => other.strip_suffix('s').unwrap_or(other),
    };
    format!("{total} {}", if total == 1 { one } else { name })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn view(fields: &str) -> ManifestView {
        let run = r#"{"authority_envelope": {"provenance": {"run_id": "RUN-0a0a0a0a"}},
            "commit_hash": "sha256:0a", "decision_state": {"decision_id": "DEC-1"}}"#;
        let manifest = format!(
            r#"{{"run_id": "RUN-0a0a0a0a", "sealed_run": "RUN-0a0a0a0a_x.json",
            "commit_hash": "sha256:0a"{fields}}}"#
        );
        let run = SealedRun::parse(run.as_bytes()).unwrap();
        let manifest = Manifest::parse(manifest.as_bytes()).unwrap();
        ManifestView::of(&manifest, &run, "RUN-0a0a0a0a_x.json")
    }

    #[test]
    fn a_manifest_is_described_with_its_differences_from_the_run() {
        let plain = view(r#", "decision_id": "DEC-1", "file_row_counts": {"a.csv": 25}"#);
        assert_eq!((plain.decision_id.as_str(), plain.differs.len()), ("DEC-1", 0));
        assert_eq!(plain.rows.items, ["a.csv: 25"]);
        assert!(plain.line().contains("agrees with the run"), "{}", plain.line());
        let other = view(r#", "decision_id": "DEC-2\u202e", "title": "Pay twice""#);
        assert_eq!(other.differs.len(), 1);
        let differs = &other.differs[0].text;
        assert!(differs.contains("DEC-2") && differs.contains("DEC-1"));
        assert_eq!(other.other[0].name, "title");
        assert!(other.line().contains("fields of its own: title"), "{}", other.line());
        assert!(!other.line().contains('\u{202e}'));
    }
}

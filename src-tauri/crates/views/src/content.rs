//! What was decided, in plain words.
//!
//! Read from the canonical bytes, which are what is hashed and signed, and not from the file as it
//! was written: nothing can be shown here that the signature does not cover.

use countersign_envelope::digest::Digest;
use countersign_envelope::hash_scope::{self, HashedFile};
use countersign_envelope::json::Node;
use countersign_envelope::merkle::LISTS;
use countersign_envelope::sealed_run::SealedRun;
use countersign_problem::visible::visible;
use countersign_problem::{Said, words};
use serde::Serialize;

use super::short;
use countersign_envelope::count::count;

/// Longest title that is shown in one piece, in characters.
const TITLE: usize = 600;
/// Most gates or items of a scope list that are shown; the raw JSON has the rest.
const ITEMS: usize = 20_000;

/// A text that may have been cut.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, specta::Type)]
pub struct LongText {
    /// The beginning, or all of it.
    pub shown: String,
    /// How many characters there are in the file.
    pub total: u32,
    /// Whether there are more than are shown.
    pub cut: bool,
}

/// A list that may have been cut.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, specta::Type)]
pub struct Listing {
    /// How many items there are in the file.
    pub total: u32,
    /// The first ones, or all.
    pub items: Vec<String>,
}

/// One list of what the decision covers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, specta::Type)]
pub struct ScopeList {
    /// `decisions`, `claims`, `datasets`, …
    pub name: String,
    /// What it covers.
    pub list: Listing,
}

/// One list of the files that the run was made from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, specta::Type)]
pub struct SourceList {
    /// `inputs`, `prompts`, `schemas` or `policies`.
    pub list: &'static str,
    /// How many files are in it.
    pub total: u32,
    /// The first ones, or all.
    pub files: Vec<SourceFile>,
}

/// A file that the run was made from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, specta::Type)]
pub struct SourceFile {
    /// Its position in the list, counted from 0.
    pub position: u32,
    /// Its path, as whoever sealed the run wrote it.
    pub path: String,
    /// The SHA-256 of its content, 64 hex digits; null if the run names none.
    pub sha256: Option<String>,
}

/// One gate that the pipeline checked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, specta::Type)]
pub struct Gate {
    /// Its name.
    pub gate: String,
    /// How it came out, as written.
    pub result: String,
    /// Whether that is a pass.
    pub passed: bool,
}

/// A recorded hash, and whether it is that of the content.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, specta::Type)]
pub struct HashView {
    /// As recorded; empty if there is none.
    pub recorded: String,
    /// Whether it holds.
    pub holds: bool,
}

/// What was decided, by whom, under which policy, over what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, specta::Type)]
pub struct ContentView {
    /// The decision's title.
    pub title: LongText,
    /// The decision's id.
    pub decision_id: String,
    /// Its status.
    pub status: String,
    /// `29.99 %`; empty if there is none.
    pub confidence: String,
    /// Who acted.
    pub actor: String,
    /// In which role.
    pub actor_role: String,
    /// The authority: type and source.
    pub authority: String,
    /// The policy's version.
    pub policy: String,
    /// The run's id.
    pub run_id: String,
    /// When, RFC 3339 in UTC.
    pub created_at: String,
    /// What the decision covers.
    pub scope: Vec<ScopeList>,
    /// What the run was made from; lists without files are left out.
    pub sources: Vec<SourceList>,
    /// The gates that were checked.
    pub gates: Vec<Gate>,
    /// How many there are in the file.
    pub gates_total: u32,
    /// How many did not pass.
    pub gates_failed: u32,
    /// Whether the pipeline refused, in words.
    pub refusal: Said,
    /// Whether it did.
    pub refused: bool,
    /// SHA-256 of the canonical bytes, 64 hex digits: what is signed.
    pub digest: String,
    /// The content hash.
    pub content_hash: HashView,
    /// The commit hash.
    pub commit_hash: HashView,
}

impl ContentView {
    /// The content of a run.
    pub fn of(run: &SealedRun) -> Self {
        let canonical = run.artifact().canonical();
        // Canonical bytes are always an object that can be read again.
        match SealedRun::read(canonical.shared()) {
            Ok(hashed) => Self::of_hashed(&hashed, canonical.digest()),
            Err(_) => Self::of_hashed(run, canonical.digest()),
        }
    }

    fn of_hashed(run: &SealedRun, digest: Digest) -> Self {
        let text = |path: &[&str]| match run.at(path) {
            None => String::new(),
            Some(value) if value.is_null() => String::new(),
            Some(value) => short(&value.brief()),
        };
        let decision = |key: &str| text(&["decision_state", key]);
        let envelope = |part: &str, key: &str| text(&["authority_envelope", part, key]);
        let confidence = decision("confidence_pct");
        let gates = run.at(&["authority_envelope", "enforcement", "gate_outcomes"]);
        let gates = gates.and_then(Node::items).into_iter().flatten();
        let failed = gates.clone().filter(|gate| !passes(*gate)).count();
        let refused = run.at(&["authority_envelope", "refusal", "refusal_triggered"]);
        let refused = refused.is_some_and(Node::is_truthy);
        let holds = |recorded: &str, computed: Option<Digest>| HashView {
            recorded: short(recorded),
            holds: computed.is_some_and(|computed| computed.is(recorded)),
        };
        Self {
            title: long(run.title().unwrap_or("")),
            decision_id: decision("decision_id"),
            status: decision("status"),
            confidence: match confidence.is_empty() {
                true => String::new(),
                false => format!("{confidence} %"),
            },
            actor: envelope("actor", "id"),
            actor_role: envelope("actor", "role"),
            authority: [envelope("authority", "type"), envelope("authority", "source")].join(" "),
            policy: envelope("policy_snapshot", "policy_version"),
            run_id: envelope("provenance", "run_id"),
            created_at: envelope("provenance", "created_at"),
            scope: scope(run),
            sources: sources(run),
            gates_total: count(gates.clone().count()),
            gates_failed: count(failed),
            gates: gates.take(ITEMS).map(gate).collect(),
            refusal: match refused {
                false => words!("pipeline-did-not-refuse"),
                true => {
                    let code = envelope("refusal", "refusal_reason_code");
                    words!("pipeline-refused", code)
                }
            }
            .into(),
            refused,
            digest: digest.hex(),
            content_hash: holds(run.recorded_hash().unwrap_or(""), run.content_hash()),
            commit_hash: holds(run.artifact().commit_hash().unwrap_or(""), run.scope_hash()),
        }
    }
}

fn long(text: &str) -> LongText {
    let total = text.chars().count();
    let end = text.char_indices().nth(TITLE).map_or(text.len(), |(end, _)| end);
    LongText { shown: visible(&text[..end]), total: count(total), cut: total > TITLE }
}

/// A list of as many items as are shown.
pub(super) fn listing(total: usize, items: impl Iterator<Item = String>) -> Listing {
    Listing { total: count(total), items: items.take(ITEMS).collect() }
}

fn gate(value: Node<'_>) -> Gate {
    let text = |key: &str| short(&value.get(key).map(Node::brief).unwrap_or_default());
    Gate { gate: text("gate"), passed: passes(value), result: text("result") }
}

fn passes(gate: Node<'_>) -> bool {
    gate.get("result").is_some_and(|result| result.is("pass"))
}

fn scope(run: &SealedRun) -> Vec<ScopeList> {
    let bound = run.at(&["authority_envelope", "scope_bound"]).and_then(Node::members);
    let mut left = ITEMS;
    bound
        .into_iter()
        .flatten()
        .take(ITEMS)
        .filter_map(|member| {
            let list = member.value();
            let items = list.items().filter(|_| !list.is_empty())?;
            let total = count(items.clone().count());
            let items: Vec<_> = items.take(left).map(|item| short(&item.brief())).collect();
            left -= items.len();
            Some(ScopeList { name: short(&member.key()), list: Listing { total, items } })
        })
        .collect()
}

fn sources(run: &SealedRun) -> Vec<SourceList> {
    let mut left = ITEMS;
    LISTS
        .iter()
        .map(|(list, _)| {
            let files = || hash_scope::files(run, list);
            let shown: Vec<SourceFile> = files().take(left).map(source).collect();
            left -= shown.len();
            SourceList { list, total: count(files().count()), files: shown }
        })
        .filter(|list| list.total > 0)
        .collect()
}

fn source(file: HashedFile<'_>) -> SourceFile {
    SourceFile {
        position: count(file.position),
        path: short(&file.path),
        sha256: file.content.map(|digest| digest.hex()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(json: &str) -> ContentView {
        ContentView::of(&SealedRun::parse(json.as_bytes()).unwrap())
    }

    #[test]
    fn the_view_comes_from_the_hashed_bytes() {
        // The canonical form has the instant in UTC, one line ending, the last of two titles.
        let content = run(r#"{"decision_state": {"title": "Pay", "title": "Do\r\nnot"},
            "authority_envelope": {"provenance": {"created_at": "2026-05-06T09:00:00+02:00"}}}"#);
        assert_eq!(content.title.shown, "Do⟨U+000A⟩not");
        assert_eq!(content.created_at, "2026-05-06T07:00:00Z");
    }

    #[test]
    fn long_and_hostile_texts_are_cut_and_made_visible() {
        let title = "\u{202e}".to_owned() + &"x".repeat(1_000_000);
        let content = run(&format!(r#"{{"decision_state": {{"title": "{title}"}}}}"#));
        assert!(content.title.shown.starts_with("⟨U+202E⟩xxx"));
        assert_eq!((content.title.total, content.title.cut), (1_000_001, true));
        assert!(content.title.shown.len() < 1000);
    }

    #[test]
    fn gates_are_counted_and_only_a_pass_is_one() {
        let content = run(r#"{"authority_envelope": {"enforcement": {"gate_outcomes": [
            {"gate": "a", "result": "pass"}, {"gate": "b", "result": "PASS"}, {"gate": "c"}, 7]}}}"#);
        assert_eq!((content.gates_total, content.gates_failed), (4, 3));
    }

    #[test]
    fn what_the_run_was_made_from_is_listed_with_what_can_be_compared() {
        let digest = "ab".repeat(32);
        let content = run(&format!(
            r#"{{"hash_scope": {{"inputs": [{{"path": "a\u202e", "sha256": "sha256:{digest}"}}, 7],
                "prompts": [], "policies": {{}}}}}}"#
        ));
        let file =
            |position, path: &str, sha256| SourceFile { position, path: path.to_owned(), sha256 };
        let files = vec![file(0, "a⟨U+202E⟩", Some(digest)), file(1, "", None)];
        assert_eq!(content.sources, [SourceList { list: "inputs", total: 2, files }]);
    }

    #[test]
    fn a_refusal_is_displayed_with_its_reason() {
        let content = run(r#"{"authority_envelope": {"refusal":
            {"refusal_triggered": true, "refusal_reason_code": "SCOPE"}}}"#);
        assert!(content.refused);
        assert_eq!(content.refusal.text, "triggered: SCOPE");
    }
}

//! A reviewer's finding as one page to print and file, like the report of a pack. All content is
//! text, escaped by the template, with hidden characters written out.

use askama::Template;
use countersign_admissibility::finding::{FindingStanding, JudgedFinding};
use countersign_envelope::digest::Digest;
use countersign_envelope::finding::{
    FILE_END, Finding, FindingOutcome, FoundEnvelope, FoundLevel, ReviewKeys, Told,
};
use countersign_envelope::signature::SignerType;
use countersign_problem::visible::visible;
use countersign_problem::{Words, words};

/// The names of levels with their assurance on the page: "L6, pinned".
fn level(level: &FoundLevel) -> String {
    let name = level.level.map_or_else(|| "No level".to_owned(), |level| format!("L{level}"));
    match &level.assurance {
        Some(assurance) => format!("{name}, {}", visible(assurance)),
        None => name,
    }
}

#[derive(Template)]
#[template(path = "finding.html")]
struct Page<'a> {
    version: &'static str,
    file: String,
    judged: &'a JudgedFinding,
    finding: &'a Finding,
    said: &'a countersign_envelope::finding::Conclusion,
}

/// A page without a finding, of a file that cannot be read.
#[derive(Template)]
#[template(
    source = "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Finding</title><p>{{ file }}: {{ why }}</p></html>",
    ext = "html"
)]
struct Unreadable {
    file: String,
    why: String,
}

/// The page of a finding, as it was judged.
///
/// # Errors
/// If the template fails, which it does only out of memory.
pub fn render(file: &str, judged: &JudgedFinding) -> askama::Result<String> {
    let file = visible(file);
    match &judged.finding {
        Some(finding) => {
            let (version, said) = (env!("CARGO_PKG_VERSION"), &finding.conclusion);
            Page { version, file, judged, finding, said }.render()
        }
        None => Unreadable { file, why: visible(&judged.detail.english()) }.render(),
    }
}

impl Page<'_> {
    /// The outcome, as its reviewer states it.
    fn outcome(&self) -> &'static str {
        outcome_words(self.said.outcome)
    }

    /// How far it can be relied on, in a sentence.
    fn standing(&self) -> String {
        visible(&standing_words(self.judged).english())
    }

    /// The class of the outcome's mark: what contradicts is not shown as a conclusion.
    fn mark(&self) -> &'static str {
        match (self.judged.standing, self.said.outcome) {
            (FindingStanding::Invalid | FindingStanding::AnotherPack, _) => "contradicted",
            (_, FindingOutcome::Accepted) => "accepted",
            (_, FindingOutcome::WithReservations) => "reserved",
            (_, FindingOutcome::Rejected) => "rejected",
        }
    }

    fn complete(&self) -> &'static str {
        match self.said.complete {
            true => "Yes: every file matched the list, and none was missing or added",
            false => "No: files were missing, altered, added or contradictory",
        }
    }

    fn told(&self) -> &'static str {
        match self.said.told {
            Told::Same => "The same as the digest that the reviewer was told",
            Told::Different => "Not the digest that the reviewer was told",
            Told::NotCompared => "Not compared with a digest from elsewhere",
        }
    }

    fn keys(&self) -> &'static str {
        match self.said.keys {
            ReviewKeys::Brought => "The keys that came with the pack, as its sender claims",
            ReviewKeys::Station => "The reviewer's own keyring",
            ReviewKeys::Chosen => "A keyring that the reviewer chose",
            ReviewKeys::Embedded => "Any key that verifies, whoever it belongs to",
        }
    }

    fn kind(&self) -> &'static str {
        match self.finding.signer_type {
            Some(SignerType::Hardware) => "hardware key",
            Some(SignerType::External) => "external signer",
            Some(SignerType::Software) => "software key",
            None => "key of a kind that is not stated",
        }
    }

    fn theirs(&self, one: &FoundEnvelope) -> String {
        one.theirs.as_ref().map_or_else(|| "No keys came with it".to_owned(), level)
    }

    fn own(&self, one: &FoundEnvelope) -> String {
        level(&one.own)
    }

    fn shown(&self, text: &str) -> String {
        visible(text)
    }

    fn grouped(&self, digest: &Digest) -> String {
        digest.grouped()
    }

    fn command(&self) -> String {
        let name = self.file.strip_suffix(FILE_END).unwrap_or(&self.file);
        format!("countersign finding verify {}{FILE_END} PACK", name.replace(['\'', ' '], "?"))
    }
}

/// The outcome in words.
pub fn outcome_words(outcome: FindingOutcome) -> &'static str {
    match outcome {
        FindingOutcome::Accepted => "Accepted",
        FindingOutcome::WithReservations => "Accepted with reservations",
        FindingOutcome::Rejected => "Rejected",
    }
}

/// How far a finding can be relied on, in a sentence.
pub fn standing_words(judged: &JudgedFinding) -> Words {
    let why = judged.detail.clone();
    match judged.standing {
        FindingStanding::Holds => words!("finding-stands"),
        FindingStanding::NotCompared => words!("finding-stands-not-compared"),
        FindingStanding::NotAccepted => words!("finding-not-accepted", why),
        FindingStanding::AnotherPack => words!("finding-another-pack", why),
        FindingStanding::Invalid => words!("finding-invalid", why),
    }
}

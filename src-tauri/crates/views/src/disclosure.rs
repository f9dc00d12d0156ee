//! A disclosure as a person reads it: what it shows, who signed it, and whether that holds.

use std::path::Path;

use countersign_admissibility::disclosure::{
    Committer, DisclosedContent, DisclosureCheck, DisclosureStanding, JudgedDisclosure,
};
use countersign_admissibility::state::State;
use countersign_envelope::disclosure::Disclosure;
use countersign_problem::Said;
use countersign_problem::visible::visible;
use serde::Serialize;

use super::{NamedCheckView, said, short};

/// A disclosure, judged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, specta::Type)]
pub struct DisclosureView {
    /// Its file.
    pub file: String,
    /// How far it can be relied on.
    pub standing: DisclosureStanding,
    /// That as one of the six states.
    pub state: State,
    /// That in one sentence.
    pub sentence: Said,
    /// Of which list: `inputs`, `prompts`, `schemas` or `policies`.
    pub list: &'static str,
    /// What whoever disclosed it calls the file.
    pub path: String,
    /// Whether the run that it was compared with calls it so.
    pub path_holds: bool,
    /// Its position in the list, counted from 1.
    pub position: String,
    /// How many files the list has.
    pub leaves: String,
    /// The SHA-256 of its content, 64 hex digits.
    pub sha256: String,
    /// Whether the content that was given is the one disclosed.
    pub content: DisclosedContent,
    /// The root that it leads to, 64 hex digits; null if it is no way to one.
    pub root: Option<String>,
    /// Its checks.
    pub checks: Vec<NamedCheckView>,
    /// Those who signed the root, or seem to.
    pub signers: Vec<RootSignerView>,
}

/// Who signed the root of a list, or seems to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, specta::Type)]
pub struct RootSignerView {
    /// Who, as the claim says; null if it cannot be read.
    pub signer_id: Option<String>,
    /// In which role, as the claim says.
    pub role: Option<String>,
    /// When, as the claim says: RFC 3339 in UTC.
    pub signed_at: Option<String>,
    /// With which key, as the claim says.
    pub key_id: Option<String>,
    /// SHA-256 of the public key, 64 hex digits; null if the claim does not verify.
    pub fingerprint: Option<String>,
    /// The SHA-256 of the run's canonical bytes, 64 hex digits; null if the claim names no run.
    pub run: Option<String>,
    /// How far the claim can be relied on.
    pub standing: DisclosureStanding,
    /// That as one of the six states.
    pub state: State,
    /// Why.
    pub detail: Said,
}

impl DisclosureView {
    /// The view of the disclosure of a file.
    pub fn of(file: &Path, disclosure: &Disclosure, judged: &JudgedDisclosure) -> Self {
        Self {
            file: visible(&file.to_string_lossy()),
            standing: judged.standing,
            state: judged.standing.state(),
            sentence: said(&judged.detail.clone().sentence()),
            list: disclosure.list,
            path: short(&disclosure.path),
            path_holds: judged.has_passed(DisclosureCheck::Path),
            // As text: whoever made the file can write numbers that no person could count to.
            position: (u128::from(disclosure.position) + 1).to_string(),
            leaves: disclosure.leaves.to_string(),
            sha256: disclosure.content.hex(),
            content: judged.content,
            root: judged.root.map(|root| root.hex()),
            checks: judged.checks.iter().map(NamedCheckView::of).collect(),
            signers: judged.committers.iter().map(RootSignerView::of).collect(),
        }
    }
}

impl RootSignerView {
    fn of(one: &Committer) -> Self {
        let claim = one.claim.as_ref();
        Self {
            signer_id: claim.map(|claim| short(&claim.signer)),
            role: claim.map(|claim| short(&claim.role)),
            signed_at: claim.map(|claim| claim.signed_at.to_string()),
            key_id: claim.map(|claim| short(&claim.key_id)),
            fingerprint: one.fingerprint.map(|digest| digest.hex()),
            run: one.run.map(|digest| digest.hex()),
            standing: one.standing,
            state: one.standing.state(),
            detail: said(&one.detail),
        }
    }
}

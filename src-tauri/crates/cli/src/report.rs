//! One envelope's verdict, as JSON and in words.

use std::path::Path;

use countersign_admissibility::Verdict;
use countersign_admissibility::attested::Unmet;
use countersign_admissibility::boundary::{BoundaryCheck, JudgedBoundary};
use countersign_admissibility::check::{Check, CheckId, NamedCheck, Outcome};
use countersign_admissibility::inputs::{FileStanding, FoundFile, FoundInputs, InputsStanding};
use countersign_admissibility::level::Level;
use countersign_admissibility::need::Need;
use countersign_admissibility::policy::{Assurance, Weakness};
use countersign_admissibility::refusals::RefusalStanding;
use countersign_admissibility::signatures::{JudgedSignature, LabelSource, Standing};
use countersign_admissibility::state::State;
use countersign_envelope::signature::{Role, SignerType};
use countersign_problem::Words;
use countersign_problem::visible::visible;
use countersign_store::envelope_files::EnvelopeFiles;
use countersign_views::{
    AttestationView, CompanionView, NamesView, RefusalView, SlotSigner, SlotView, TimeView,
    refusal_views, sentence, slots,
};
use serde::Serialize;

use crate::english::InEnglish;

/// A refusal, its words in English.
#[derive(Serialize)]
struct RefusalRow {
    signer_id: String,
    role: Option<Role>,
    key_id: String,
    refused_at: Option<String>,
    reason: String,
    withdraws: u32,
    standing: RefusalStanding,
    detail: String,
}

impl RefusalRow {
    fn of(view: RefusalView) -> Self {
        let RefusalView {
            signer_id,
            role,
            key_id,
            refused_at,
            reason,
            withdraws,
            standing,
            detail,
        } = view;
        let detail = detail.text;
        Self { signer_id, role, key_id, refused_at, reason, withdraws, standing, detail }
    }
}

/// A place for a signature, its words in English.
#[derive(Serialize)]
struct SlotRow {
    role: Option<Role>,
    state: State,
    by: Option<SlotSignerRow>,
}

#[derive(Serialize)]
struct SlotSignerRow {
    signature: u32,
    signer_id: String,
    kind: SignerType,
    assurance: Option<Assurance>,
    time: TimeView,
    why: Option<String>,
}

impl SlotRow {
    fn of(SlotView { role, state, by }: SlotView) -> Self {
        let by = by.map(|by| {
            let SlotSigner { signature, signer_id, kind, assurance, time, why } = by;
            let why = why.map(|why| why.text);
            SlotSignerRow { signature, signer_id, kind, assurance, time, why }
        });
        Self { role, state, by }
    }
}

/// The JSON of one envelope.
#[derive(Serialize)]
pub struct Row<'a> {
    path: String,
    run_id: Option<&'a str>,
    decision_id: Option<&'a str>,
    title: Option<&'a str>,
    /// -1 if not even L0 holds.
    level: i8,
    assurance: Option<Assurance>,
    /// How the whole stands.
    state: State,
    /// The verdict in one sentence.
    sentence: String,
    valid_signatures: usize,
    counted_signatures: usize,
    threshold: u64,
    /// How many signatures also hold if elliptic curves are broken; null if none does.
    companions: Option<Words>,
    missing: Option<&'a Words>,
    /// The refusals to sign, those that stand first.
    refusals: Vec<RefusalRow>,
    /// The outcome of each level by itself, L0 to L7: `fail` is not `unchecked`.
    levels: Vec<Outcome>,
    /// How each level stands, L0 to L7.
    level_states: Vec<State>,
    /// The places for signatures that are required.
    slots: Vec<SlotRow>,
    /// The authority boundary; null if there is none.
    boundary: Option<BoundaryRow<'a>>,
    /// The files that the run was made from, looked up; null if nobody asked for that
    /// and no pack carries them.
    inputs: Option<InputsRow<'a>>,
    warnings: Vec<&'a Words>,
    /// In what the policy of this command is weaker than the default.
    weaker_policy: Vec<Weakness>,
    /// The version of the signed keyring that it is judged by; null of a plain keyring.
    keyring: Option<KeyringRow>,
    checks: Vec<CheckRow<'a>>,
    signatures: Vec<SignatureRow<'a>>,
    manifest_signatures: Vec<SignatureRow<'a>>,
}

/// A version of the signed keyring.
#[derive(Serialize)]
struct KeyringRow {
    version: u64,
    sha256: String,
}

/// An authority boundary, and whether the run lies inside it.
#[derive(Serialize)]
struct BoundaryRow<'a> {
    id: Option<&'a str>,
    state: State,
    validity: Outcome,
    inside: Outcome,
    sentence: Words,
    checks: Vec<NamedCheckRow<'a, BoundaryCheck>>,
}

impl<'a> BoundaryRow<'a> {
    fn of(boundary: &'a JudgedBoundary) -> Self {
        Self {
            id: boundary.id.as_deref(),
            state: boundary.state(),
            validity: boundary.validity(),
            inside: boundary.inside(),
            sentence: boundary.sentence(),
            checks: boundary.checks.iter().map(NamedCheckRow::of).collect(),
        }
    }
}

/// The files that a run was made from, as they were found.
#[derive(Serialize)]
pub struct InputsRow<'a> {
    standing: InputsStanding,
    sentence: Words,
    files: Vec<InputRow<'a>>,
    additional: &'a [String],
    additional_total: usize,
}

#[derive(Serialize)]
struct InputRow<'a> {
    list: &'a str,
    path: &'a str,
    standing: FileStanding,
    /// As the run names it.
    sha256: Option<String>,
    /// Of what is there; null if it was not read.
    found_sha256: Option<String>,
    why: Option<&'a Words>,
}

impl<'a> InputsRow<'a> {
    /// The row of what was found.
    pub fn of(found: &'a FoundInputs) -> Self {
        let row = |file: &'a FoundFile| InputRow {
            list: file.list,
            path: &file.path,
            standing: file.standing,
            sha256: file.hashed.map(|digest| digest.hex()),
            found_sha256: file.found.map(|digest| digest.hex()),
            why: file.why.as_ref(),
        };
        Self {
            standing: found.standing(),
            sentence: found.sentence(),
            files: found.files.iter().map(row).collect(),
            additional: &found.additional,
            additional_total: found.additional_total,
        }
    }
}

/// A check that no level depends on.
#[derive(Serialize)]
pub struct NamedCheckRow<'a, Id> {
    id: &'a Id,
    result: Outcome,
    state: State,
    detail: &'a Words,
}

impl<'a, Id> NamedCheckRow<'a, Id> {
    /// The row of a check.
    pub fn of(check: &'a NamedCheck<Id>) -> Self {
        let state = check.state();
        Self { id: &check.id, result: check.outcome, state, detail: &check.detail }
    }
}

#[derive(Serialize)]
struct CheckRow<'a> {
    id: &'a CheckId,
    level: u8,
    result: Outcome,
    state: State,
    detail: &'a Words,
    required: bool,
}

#[derive(Serialize)]
struct SignatureRow<'a> {
    signer_id: &'a str,
    role: Option<Role>,
    key_id: &'a str,
    algorithm: &'a str,
    signed_at: Option<&'a str>,
    /// Whose word signer, role, time and type are: `signed` by the key, or `claimed` by the file.
    labels: LabelSource,
    /// The digest of the claim's payload, if the claim holds.
    claim: Option<String>,
    /// The SHA-256 of the raw signature, by which claims refer to it.
    sha256: Option<String>,
    signer_type: Option<SignerType>,
    standing: Standing,
    state: State,
    assurance: Option<Assurance>,
    attestation: Option<InEnglish<AttestationView>>,
    /// The names that the certificate beside the key states; null if the keyring has none.
    names: Option<InEnglish<NamesView>>,
    /// What the key lacks of what policy requires of it by its attestation.
    unmet: Vec<Words>,
    /// The second signature by the same person; null if there is none, and its claim names none.
    companion: Option<CompanionRow>,
    detail: Words,
}

/// How the companion of a signature stands.
#[derive(Serialize)]
struct CompanionRow {
    state: State,
    detail: String,
    /// The id of its key in the keyring.
    key_id: Option<String>,
}

impl CompanionRow {
    fn of(CompanionView { state, words, key_id }: CompanionView) -> Self {
        Self { state, detail: words.text, key_id }
    }
}

/// The JSON of one envelope, on one line, with what makes its verdict weaker than the default.
pub fn to_json(
    path: &Path,
    files: &EnvelopeFiles,
    verdict: &Verdict,
    weaker_policy: Vec<Weakness>,
    inputs: Option<&FoundInputs>,
) -> String {
    let run = files.run.as_ref().ok();
    let row = Row {
        path: path.to_string_lossy().into_owned(),
        run_id: run.and_then(|run| run.run_id()),
        decision_id: run.and_then(|run| run.decision_id()),
        title: run.and_then(|run| run.title()),
        level: level_number(verdict.level),
        assurance: verdict.assurance,
        state: verdict.state(),
        sentence: sentence(verdict).text,
        valid_signatures: verdict.valid_signatures,
        counted_signatures: verdict.quorum.counted.len(),
        threshold: verdict.quorum.required.threshold,
        companions: verdict.companions_in_words(),
        missing: verdict.missing.as_ref(),
        refusals: refusal_views(&verdict.refusals).into_iter().map(RefusalRow::of).collect(),
        levels: Level::ALL.into_iter().map(|level| verdict.rung(level).0).collect(),
        level_states: Level::ALL.into_iter().map(|level| verdict.level_state(level)).collect(),
        slots: slots(verdict).into_iter().map(SlotRow::of).collect(),
        boundary: verdict.boundary.as_ref().map(BoundaryRow::of),
        inputs: inputs.map(InputsRow::of),
        warnings: verdict.warnings().map(|check| &check.detail).collect(),
        weaker_policy,
        keyring: verdict
            .keyring
            .map(|(version, digest)| KeyringRow { version, sha256: digest.hex() }),
        checks: verdict.checks.iter().map(check_row).collect(),
        signatures: verdict.signatures.iter().map(signature_row).collect(),
        manifest_signatures: verdict.manifest_signatures.iter().map(signature_row).collect(),
    };
    // Text, numbers and lists always serialise.
    serde_json::to_string(&row).unwrap_or_default()
}

fn check_row(check: &Check) -> CheckRow<'_> {
    CheckRow {
        id: &check.id,
        level: check.level.number(),
        result: check.outcome,
        state: check.state,
        detail: &check.detail,
        required: check.required,
    }
}

fn signature_row(signature: &JudgedSignature) -> SignatureRow<'_> {
    SignatureRow {
        signer_id: &signature.signer_id,
        role: signature.role,
        key_id: &signature.key_id,
        algorithm: &signature.algorithm,
        signed_at: signature.signed_at.as_deref(),
        labels: signature.label_source(),
        claim: signature.claim.holding().map(|holding| holding.digest.hex()),
        sha256: signature.raw.map(|raw| raw.hex()),
        signer_type: signature.signer_type,
        standing: signature.standing,
        state: signature.state(),
        assurance: signature.assurance,
        attestation: signature.attestation().map(AttestationView::of).map(InEnglish),
        names: signature.names.as_deref().map(NamesView::of).map(InEnglish),
        unmet: signature.unmet.iter().map(Unmet::words).collect(),
        companion: CompanionView::of(signature).map(CompanionRow::of),
        detail: signature.detail(),
    }
}

/// 0 to 7, and -1 if not even L0 holds.
pub fn level_number(level: Option<Level>) -> i8 {
    level.map_or(-1, |level| level.number().cast_signed())
}

/// A level as a badge: `L4`, or `none`.
pub fn badge(level: Option<Level>) -> String {
    level.map_or_else(|| "none".to_owned(), |level| level.to_string())
}

/// The level with how well the hardware in it is known: `L6 pinned`.
pub fn badge_with_assurance(verdict: &Verdict) -> String {
    match (verdict.level, verdict.assurance) {
        (Some(level), Some(assurance)) if level >= Level::L6 => format!("{level} {assurance}"),
        (level, _) => badge(level),
    }
}

/// The refusals to sign in words for a terminal, a line each, those that stand first.
pub fn refusals(verdict: &Verdict) -> Vec<String> {
    let words = |one: RefusalView| {
        let at = one.refused_at.as_deref().map(|at| format!(", {at}")).unwrap_or_default();
        format!("{}{at}: {} ({})", one.who(), one.reason, one.standing_words())
    };
    refusal_views(&verdict.refusals).into_iter().map(words).collect()
}

/// What is missing, in words for a terminal: first that somebody refuses.
pub fn missing(verdict: &Verdict) -> String {
    let refused = verdict.refusals.iter().find(|one| one.stands());
    match refused.map(|one| visible(&one.sentence().english())) {
        Some(refused) if verdict.missing.as_ref().is_none_or(|it| it.english() != *refused) => {
            format!("{refused} {}", missing_for_next(verdict))
        }
        _ => missing_for_next(verdict),
    }
}

/// What is missing or contradicts, in words for a terminal, as the sentence of the verdict says it.
pub fn lack(verdict: &Verdict) -> String {
    let sentence = sentence(verdict).text;
    let lack = sentence.split_once(". ").map_or(&*sentence, |(_, lack)| lack);
    let lack = match &verdict.missing {
        None => "nothing",
        Some(_) => lack.trim_end_matches('.'),
    };
    match verdict.need() == Need::Log && verdict.lacks_log_entry() {
        true => format!("{lack} (countersign log append)"),
        false => lack.to_owned(),
    }
}

fn missing_for_next(verdict: &Verdict) -> String {
    let missing = verdict.missing.as_ref();
    let missing = missing.map_or_else(|| "nothing".to_owned(), |it| visible(&it.english()));
    match verdict.level == Some(Level::L2) && verdict.lacks_log_entry() {
        true => format!("{missing} (countersign log append)"),
        false => missing,
    }
}

/// The certificate beside a key in lines for a terminal: the names and what proves them, what the
/// revocation lists say, and what has to be said beside it.
pub fn names(view: &NamesView) -> Vec<String> {
    let mut lines = vec![format!("names: {}", view.words.text)];
    if view.certificate.is_some() {
        lines.push(format!("  {}", view.revocation.words.text));
    }
    lines.extend(view.warnings.iter().map(|one| format!("  warning: {}", one.words.text)));
    lines
}

/// The names of the signers, a line each and more where something has to be said: of each key once.
pub fn all_names(verdict: &Verdict) -> Vec<String> {
    let mut seen = Vec::new();
    let mut lines = Vec::new();
    for signature in &verdict.signatures {
        let Some(finding) = &signature.names else { continue };
        let new = names(&NamesView::of(finding));
        if seen.contains(&(signature.fingerprint, new.clone())) {
            continue;
        }
        let who = visible(&signature.signer_id);
        let named = new.iter().enumerate().map(|(at, line)| match at {
            0 => format!("{who}: {}", line.trim_start_matches("names: ")),
            _ => line.clone(),
        });
        lines.extend(named);
        seen.push((signature.fingerprint, new));
    }
    lines
}

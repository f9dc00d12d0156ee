//! One envelope in full: content, ladder, signatures, facts, files.

use std::path::{Path, PathBuf};

use countersign_admissibility::check::{
    AuthorityCheck, CheckId, CommitmentCheck, DateCheck, LogCheck, Outcome,
};
use countersign_admissibility::level::Level;
use countersign_admissibility::need::Need;
use countersign_admissibility::policy::Assurance;
use countersign_admissibility::signatures::{JudgedSignature, LabelSource, Standing};
use countersign_admissibility::state::State;
use countersign_admissibility::{Judge, Verdict};
use countersign_envelope::digest::Digest;
use countersign_envelope::instant::Instant;
use countersign_envelope::public_key::PublicKey;
use countersign_envelope::signature::{Role, SignedPayload, SignerType};
use countersign_envelope::signature_file::SignatureFile;
use countersign_envelope::vocabulary;
use countersign_problem::visible::visible;
use countersign_problem::{Said, Words, words};
use serde::Serialize;

use super::{
    AttestationView, BoundaryView, CompanionView, ContentView, ManifestView, NamesView, RawLines,
    RawPart, RawText, RefusalView, SlotView, TimesView, more_slots, refusal_views, said, sentence,
    short, slots,
};
use countersign_envelope::count::count;
use countersign_store::envelope_files::{EnvelopeBytes, EnvelopeFiles};
use countersign_store::large;
use countersign_store::logs::{LogBook, Logs};
use countersign_store::reading::{directory_of, name_of};

/// Longest verification command that is shown, in characters: one carries up to 64 KiB in base64.
const COMMAND: usize = 200_000;

vocabulary! {
    /// What this station can do for the next level.
    NextAct {
        /// Nothing.
        None = "none",
        /// Sign or co-sign.
        Sign = "sign",
        /// Register in the transparency log.
        Register = "register",
        /// Bring the key of a signature into the keyring.
        Enrol = "enrol",
    }
}

/// One envelope in full.
#[derive(Debug, Clone, Serialize, specta::Type)]
pub struct EnvelopeView {
    /// Its id in the queue.
    pub id: u32,
    /// Its revision in the queue when it was read.
    pub revision: u32,
    /// The file's name without `.json`.
    pub file: String,
    /// The sub-directory; empty at the top.
    pub folder: String,
    /// The whole path.
    pub path: String,
    /// Why it cannot be read.
    pub unreadable: Option<Said>,
    /// What was decided; null if it cannot be read.
    pub content: Option<ContentView>,
    /// The manifest; null if there is none that can be read.
    pub manifest: Option<ManifestView>,
    /// 0 to 7; null if not even L0 holds.
    pub level: Option<u8>,
    /// How well it is known that hardware or an external signer signed.
    pub assurance: Option<Assurance>,
    /// How the whole stands.
    pub state: State,
    /// What it needs next.
    pub need: Need,
    /// The verdict in one sentence: level, and what is missing or contradicts.
    pub sentence: Said,
    /// How many signatures also hold if elliptic curves are broken; null if none does.
    pub companions: Option<Said>,
    /// What the next level needs; null at L7.
    pub missing: Option<Said>,
    /// What this station can do about it.
    pub next: NextAct,
    /// Whether it can be registered: an accepted signature is there, and no entry in the log.
    pub registrable: bool,
    /// L0 to L7.
    pub rungs: Vec<Rung>,
    /// The refusals to sign the run, those that stand first.
    pub refusals: Vec<RefusalView>,
    /// The signatures on the run.
    pub signatures: Vec<SignatureView>,
    /// The signatures on the manifest.
    pub manifest_signatures: Vec<SignatureView>,
    /// The SHA-256 of the manifest's canonical bytes, which those are over, 64 hex digits.
    pub manifest_digest: Option<String>,
    /// How many signatures count toward the threshold.
    pub counted: u32,
    /// How many are needed.
    pub threshold: u32,
    /// The places for signatures that are required, and who fills them.
    pub slots: Vec<SlotView>,
    /// How many more signatures are required than there are places.
    pub more_slots: u32,
    /// The keys of signatures that the keyring does not have, if the next act is to enrol them.
    pub enrol: Vec<UnknownKey>,
    /// The findings about log, ledger and Merkle commitments.
    pub facts: Vec<FactGroup>,
    /// The authority boundary; null if there is none. No level depends on it.
    pub boundary: Option<BoundaryView>,
    /// What holds and should be known all the same.
    pub warnings: Vec<Said>,
    /// The files that are there.
    pub files: Vec<FileFact>,
}

/// The key of a signature, which the keyring does not have. Everything but the key and its fingerprint
/// is the word of the file, or of the key itself.
#[derive(Debug, Clone, Serialize, specta::Type)]
pub struct UnknownKey {
    /// The public key, as base64 of its DER.
    pub public_key: String,
    /// SHA-256 of the public key, 64 hex digits.
    pub fingerprint: String,
    /// The id that the signature names.
    pub key_id: String,
    /// Who signed.
    pub signer_id: String,
    /// In which role.
    pub role: Option<Role>,
}

/// One rung of the ladder.
#[derive(Debug, Clone, Serialize, specta::Type)]
pub struct Rung {
    /// 0 to 7.
    pub level: u8,
    /// What holds here, in a few words.
    pub meaning: Said,
    /// How its checks came out.
    pub outcome: Outcome,
    /// How it stands.
    pub state: State,
    /// Its checks.
    pub checks: Vec<CheckView>,
}

/// One check.
#[derive(Debug, Clone, Serialize, specta::Type)]
pub struct CheckView {
    /// Its name.
    pub id: String,
    /// How it came out.
    pub outcome: Outcome,
    /// How what it is about stands.
    pub state: State,
    /// Whether the level hangs on it.
    pub required: bool,
    /// The finding.
    pub detail: Said,
}

/// One signature.
#[derive(Debug, Clone, Serialize, specta::Type)]
pub struct SignatureView {
    /// Who signed, according to the file.
    pub signer_id: String,
    /// In which role.
    pub role: Option<Role>,
    /// With which key.
    pub key_id: String,
    /// How.
    pub algorithm: String,
    /// Over which bytes; null if the file names an unknown form.
    pub signed_payload: Option<SignedPayload>,
    /// When, and whose word that is.
    pub times: TimesView,
    /// Whose word name, role and kind of key are.
    pub labels: LabelSource,
    /// What holds the key, as far as is known.
    pub kind: SignerType,
    /// The verdict.
    pub standing: Standing,
    /// How it stands.
    pub state: State,
    /// How it was verified, or why it does not count.
    pub detail: Said,
    /// How well it is known what holds the key; none for software.
    pub assurance: Option<Assurance>,
    /// The attestation of the key; null if there is none with the signature or in the keyring.
    pub attestation: Option<AttestationView>,
    /// The names that the certificate beside the key states; null if the keyring has none.
    pub names: Option<NamesView>,
    /// What the key lacks of what policy requires of it by its attestation, a clause each.
    pub unmet: Vec<Said>,
    /// The second signature by the same person that came with it; null if none did, or should have.
    pub companion: Option<CompanionView>,
    /// SHA-256 of the public key, 64 hex digits.
    pub fingerprint: Option<String>,
    /// The command that verifies it without Countersign.
    pub verify_with: Option<String>,
}

/// Facts under one heading.
#[derive(Debug, Clone, Serialize, specta::Type)]
pub struct FactGroup {
    /// The level that they are about: 3 the log, 7 the ledger, 5 the commitments.
    pub level: u8,
    /// The heading.
    pub title: Said,
    /// How the whole came out.
    pub outcome: Outcome,
    /// How the level stands that they are about.
    pub state: State,
    /// The facts.
    pub facts: Vec<Fact>,
}

/// One fact.
#[derive(Debug, Clone, Serialize, specta::Type)]
pub struct Fact {
    /// Its subject.
    pub label: Said,
    /// The finding.
    pub value: Said,
    /// Whether it is a hash or id.
    pub code: bool,
}

/// One file of the envelope.
#[derive(Debug, Clone, Serialize, specta::Type)]
pub struct FileFact {
    /// Which.
    pub part: RawPart,
    /// Its name.
    pub name: String,
    /// Its size in bytes.
    pub bytes: u32,
    /// SHA-256 of its bytes, 64 hex digits.
    pub sha256: String,
    /// How many lines it is shown in.
    pub lines: u32,
}

/// Which envelope is opened.
#[derive(Debug, Clone, Copy)]
pub struct EnvelopeRef<'a> {
    /// The path of the run.
    pub run: &'a Path,
    /// The directory of envelopes. Links may not lead out of it.
    pub root: &'a Path,
    /// The id of the envelope in the queue.
    pub id: u32,
    /// The revision of its row.
    pub revision: u32,
}

/// An envelope that has been opened: its view, and the bytes that the view was made from.
#[derive(Debug)]
pub struct Opened {
    /// The path of the run.
    pub path: PathBuf,
    /// The view.
    pub view: EnvelopeView,
    raw: Vec<(RawPart, RawText)>,
}

impl Opened {
    /// Reads, judges and describes the envelope of a run.
    pub fn read(envelope: EnvelopeRef<'_>, judge: &Judge<'_>, logs: &LogBook) -> Self {
        let logs = logs.for_directory(directory_of(envelope.run));
        let _turn = large::turn(envelope.run);
        let bytes = EnvelopeBytes::read(envelope.run, envelope.root, &logs);
        Self::of(envelope, &bytes, judge, &logs)
    }

    /// Judges and describes an envelope from its bytes, wherever those are.
    pub fn of(
        envelope: EnvelopeRef<'_>,
        bytes: &EnvelopeBytes,
        judge: &Judge<'_>,
        logs: &Logs,
    ) -> Self {
        let EnvelopeRef { run, root, id, revision } = envelope;
        let files = EnvelopeFiles::parse(bytes);
        let evidence = files.evidence(logs);
        let verdict = judge.judge(&evidence);
        let manifest = evidence.manifest.read().and_then(Result::ok);
        let manifest_digest = manifest.map(|it| it.artifact().canonical().digest().hex());
        let (raw, facts) = raw_parts(run, bytes);
        let enrol = unknown_keys(&verdict, files.run_signatures());
        let folder = run.parent().and_then(|folder| folder.strip_prefix(root).ok());
        let view =
            EnvelopeView {
                id,
                revision,
                file: visible(name_of(run).trim_end_matches(".json")),
                folder: folder.map(|folder| visible(&folder.to_string_lossy())).unwrap_or_default(),
                path: visible(&run.to_string_lossy()),
                unreadable: files.run.as_ref().err().map(|why| said(&why.into())),
                content: files.run.as_ref().ok().map(ContentView::of),
                manifest: files.run.as_ref().ok().zip(files.manifest()).map(
                    |(run_read, manifest)| ManifestView::of(manifest, run_read, &name_of(run)),
                ),
                level: verdict.level.map(Level::number),
                assurance: verdict.assurance,
                state: verdict.state(),
                need: verdict.need(),
                sentence: sentence(&verdict),
                companions: verdict.companions_in_words().as_ref().map(Said::from),
                missing: verdict.missing.as_ref().map(Said::from),
                next: next_act(&verdict, !enrol.is_empty()),
                registrable: verdict.is_registrable(),
                rungs: rungs(&verdict),
                refusals: refusal_views(&verdict.refusals),
                signatures: signature_views(&verdict.signatures, files.run_signatures(), judge.now),
                manifest_signatures: signature_views(
                    &verdict.manifest_signatures,
                    files.manifest_signatures(),
                    judge.now,
                ),
                manifest_digest,
                counted: count(verdict.quorum.counted.len()),
                threshold: u32::try_from(verdict.quorum.required.threshold).unwrap_or(u32::MAX),
                slots: slots(&verdict),
                more_slots: more_slots(&verdict),
                enrol,
                facts: fact_groups(&verdict),
                boundary: verdict.boundary.as_ref().map(BoundaryView::of),
                warnings: {
                    let unmet = verdict.unmet_boundary(judge.policy);
                    let unmet = unmet.as_ref().map(Said::from);
                    unmet.into_iter().chain(warnings(&verdict)).collect()
                },
                files: facts,
            };
        Self { path: run.to_owned(), view, raw }
    }

    /// Some lines of one of its files, as it was when it was judged.
    pub fn lines(&self, part: RawPart, first: u32, wanted: u32) -> RawLines {
        match self.raw.iter().find(|(one, _)| *one == part) {
            Some((_, raw)) => raw.lines(part, first, wanted),
            None => RawLines { part, first, total: 0, lines: Vec::new() },
        }
    }
}

/// The act that the verdict asks for, if this station can do it.
fn next_act(verdict: &Verdict, can_enrol: bool) -> NextAct {
    match verdict.need() {
        Need::AcceptedKey if can_enrol => NextAct::Enrol,
        Need::Log if verdict.is_registrable() => NextAct::Register,
        // Whoever refused lifts it by signing; others may sign meanwhile.
        Need::Refusal | Need::Hardware => NextAct::Sign,
        need if need.is_signature() => NextAct::Sign,
        _ => NextAct::None,
    }
}

fn raw_parts(run: &Path, bytes: &EnvelopeBytes) -> (Vec<(RawPart, RawText)>, Vec<FileFact>) {
    let name = name_of(run);
    let manifest = countersign_envelope::file_name::manifest_of(&name);
    let signatures = countersign_envelope::file_name::signature_of;
    [
        (RawPart::Run, &bytes.run, name.clone()),
        (RawPart::Manifest, &bytes.manifest, manifest.clone()),
        (RawPart::RunSignatures, &bytes.run_signatures, signatures(&name)),
        (RawPart::ManifestSignatures, &bytes.manifest_signatures, signatures(&manifest)),
        (RawPart::Refusals, &bytes.refusals, countersign_envelope::file_name::refusals_of(&name)),
    ]
    .into_iter()
    .filter_map(|(part, read, name)| {
        let bytes = read.as_ref()?.as_ref().ok()?;
        let raw = RawText::new(bytes);
        let fact = FileFact {
            part,
            name: visible(&name),
            bytes: count(bytes.len()),
            sha256: Digest::of(bytes).hex(),
            lines: raw.len(),
        };
        Some(((part, raw), fact))
    })
    .unzip()
}

/// The ladder.
pub fn rungs(verdict: &Verdict) -> Vec<Rung> {
    let rung = |level: Level| Rung {
        level: level.number(),
        meaning: level.meaning().into(),
        outcome: verdict.rung(level).0,
        state: verdict.level_state(level),
        checks: verdict
            .checks
            .iter()
            .filter(|check| check.level == level)
            .map(|check| CheckView {
                id: visible(&check.id.as_str()),
                outcome: check.outcome,
                state: check.state,
                required: check.required,
                detail: (&check.detail).into(),
            })
            .collect(),
    };
    Level::ALL.into_iter().map(rung).collect()
}

/// What holds and should be known all the same.
pub fn warnings(verdict: &Verdict) -> Vec<Said> {
    verdict.warnings().map(|check| Said::from(&check.detail)).collect()
}

/// The signatures of a file with their verdicts. `now` decides which time stamps should be renewed.
pub fn signature_views(
    judged: &[JudgedSignature],
    file: Option<&SignatureFile>,
    now: Instant,
) -> Vec<SignatureView> {
    let written = file.map(SignatureFile::signatures).unwrap_or_default();
    let instructions = |index: usize| {
        let text = written.get(index)?.0.text("verification_instructions")?;
        (!text.is_empty()).then(|| countersign_problem::visible::visible_short(text, COMMAND))
    };
    let view = |(index, one): (usize, &JudgedSignature)| SignatureView {
        signer_id: short(&one.signer_id),
        role: one.role,
        key_id: short(&one.key_id),
        algorithm: short(&one.algorithm),
        signed_payload: written.get(index).and_then(|one| one.signed_payload()),
        times: TimesView::of(one, now),
        labels: one.label_source(),
        kind: one.kind,
        standing: one.standing,
        state: one.state(),
        detail: one.detail().into(),
        assurance: one.assurance,
        attestation: one.attestation().map(AttestationView::of),
        names: one.names.as_deref().map(NamesView::of),
        unmet: one.unmet.iter().map(|unmet| unmet.words().into()).collect(),
        companion: CompanionView::of(one),
        fingerprint: one.fingerprint.map(|digest| digest.hex()),
        verify_with: instructions(index),
    };
    judged.iter().enumerate().map(view).collect()
}

/// The keys that are to be enrolled next, each once. One whose id or signer is not shown as it is, with
/// hidden characters or too long, is not offered: nobody could tell what they enrol.
fn unknown_keys(verdict: &Verdict, file: Option<&SignatureFile>) -> Vec<UnknownKey> {
    let written = file.map(SignatureFile::signatures).unwrap_or_default();
    let mut keys: Vec<UnknownKey> = Vec::new();
    for (at, one) in verdict.by_unknown_keys() {
        let key = written.get(at).and_then(|one| PublicKey::parse(one.public_key()?).ok());
        let is_plain = [&one.key_id, &one.signer_id].iter().all(|text| short(text) == ***text);
        let Some(key) = key.filter(|_| is_plain) else { continue };
        let fingerprint = key.fingerprint().hex();
        if keys.iter().all(|known| known.fingerprint != fingerprint) {
            keys.push(UnknownKey {
                public_key: key.to_text(),
                fingerprint,
                key_id: one.key_id.clone(),
                signer_id: one.signer_id.clone(),
                role: one.role,
            });
        }
    }
    keys
}

/// The levels whose checks are facts of their own.
const FACTS: [Level; 3] = [Level::L3, Level::L7, Level::L5];

/// What a person calls the facts of one of these levels.
fn facts_title(level: Level) -> Words {
    match level {
        Level::L3 => words!("facts-log"),
        Level::L7 => words!("facts-ledger"),
        _ => words!("facts-commitments"),
    }
}

/// What a person calls a check of log, ledger or commitments; `None` for all other checks.
fn fact_label(check: &CheckId) -> Option<Words> {
    let label = match check {
        CheckId::Log(check) => match check {
            LogCheck::Note => words!("fact-note"),
            LogCheck::SeenElsewhere => words!("fact-seen-elsewhere"),
            LogCheck::OneLog => words!("fact-one-log"),
            LogCheck::Exists => words!("fact-log"),
            LogCheck::Continuity => words!("fact-continuity"),
            LogCheck::Chain => words!("fact-chain"),
            LogCheck::EntryFound => words!("fact-entry"),
            LogCheck::EntryHash => words!("fact-entry-hash"),
            LogCheck::ContentHash => words!("fact-content-hash-in-the-log"),
            LogCheck::Checkpoint => words!("fact-witnesses"),
        },
        CheckId::Authority(check) => match check {
            AuthorityCheck::RefPresent => words!("fact-reference-in-the-run"),
            AuthorityCheck::Note => words!("fact-note"),
            AuthorityCheck::OneLedger => words!("fact-one-ledger"),
            AuthorityCheck::LedgerExists => words!("fact-ledger"),
            AuthorityCheck::Continuity => words!("fact-continuity"),
            AuthorityCheck::Chain => words!("fact-chain"),
            AuthorityCheck::EntryFound => words!("fact-entry"),
            AuthorityCheck::EntryHashMatch => words!("fact-entry-hash-in-the-run"),
            AuthorityCheck::EntryHash => words!("fact-entry-hash"),
            AuthorityCheck::IsGrant => words!("fact-kind-of-entry"),
            AuthorityCheck::IdMatch => words!("fact-authority"),
            AuthorityCheck::Actor => words!("fact-actor"),
            AuthorityCheck::Policy => words!("fact-policy"),
            AuthorityCheck::NotRevoked => words!("fact-revocation"),
            AuthorityCheck::Effective => words!("fact-beginning"),
            AuthorityCheck::NotExpired => words!("fact-end"),
            AuthorityCheck::ScopeCoversDecision => words!("fact-scope"),
        },
        CheckId::Commitment(check) => match check {
            CommitmentCheck::Present => words!("fact-commitments"),
            CommitmentCheck::InputsRoot => words!("fact-root-of-the-inputs"),
            CommitmentCheck::PromptsRoot => words!("fact-root-of-the-prompts"),
            CommitmentCheck::SchemasRoot => words!("fact-root-of-the-schemas"),
            CommitmentCheck::PoliciesRoot => words!("fact-root-of-the-policies"),
            CommitmentCheck::LeafCount => words!("fact-leaves"),
            CommitmentCheck::Algorithm => words!("fact-algorithm"),
        },
        CheckId::Date(DateCheck::Run) => words!("fact-time-stamp-of-the-run"),
        _ => return None,
    };
    Some(label)
}

/// The findings about log, ledger and Merkle commitments.
pub fn fact_groups(verdict: &Verdict) -> Vec<FactGroup> {
    let group = |level: &Level| {
        let of_level = verdict.checks.iter().filter(|check| check.level == *level);
        let facts = of_level.filter_map(|check| {
            let label = fact_label(&check.id)?.into();
            Some(Fact { label, value: (&check.detail).into(), code: false })
        });
        FactGroup {
            level: level.number(),
            title: facts_title(*level).into(),
            outcome: verdict.rung(*level).0,
            state: verdict.level_state(*level),
            facts: facts.collect(),
        }
    };
    FACTS.iter().map(group).filter(|group| !group.facts.is_empty()).collect()
}

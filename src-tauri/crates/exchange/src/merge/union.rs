//! Uniting the signatures of a file with those of its copies.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::path::Path;

use countersign_admissibility::acceptance;
use countersign_admissibility::attestation::Call;
use countersign_admissibility::claims::{self, Signed};
use countersign_admissibility::keyring::{Acceptance, Keyring};
use countersign_admissibility::quorum::{NotCounted, Quorum, Requirements};
use countersign_admissibility::signatures::{JudgedSignature, Standing};
use countersign_admissibility::time_stamp;
use countersign_envelope::artifact::Artifact;
use countersign_envelope::companion::Companion;
use countersign_envelope::digest::Digest;
use countersign_envelope::file_name::{MAX_BYTES, is_sealed_run, signature_of};
use countersign_envelope::json::{Value, conflict_marker};
use countersign_envelope::public_key::PublicKey;
use countersign_envelope::signature::{KEY_ATTESTATION, Role, Signature};
use countersign_envelope::signature_file::{SignatureFile, SignatureFileError, Terms};
use countersign_envelope::time_stamp::TimeStamp;
use countersign_problem::{Words, words};
use countersign_store::evidence::{self, Weighed};
use countersign_store::log_memory::{KeptClaim, LogMemory};
use countersign_store::reading::{self, ReadError, name_of};

use super::MergedBy;
use super::copies::Copy;
use super::error::MergeError;
use super::report::Merged;

/// A run or manifest whose signature file is united with copies.
pub(super) struct SignedFile<'a> {
    pub(super) path: &'a Path,
    pub(super) root: &'a Path,
    pub(super) signed: Signed<'a>,
}

/// Unites the signatures of one artifact with those of its copies. Returns the text to write, or
/// `None` if nothing changes.
pub(super) fn unite(
    SignedFile { path, root, signed }: SignedFile<'_>,
    copies: &[(&Copy, SignatureFile)],
    by: MergedBy<'_>,
    merged: &mut Merged,
) -> Result<Option<String>, MergeError> {
    let keyring = by.keyring;
    let own_path = path.with_file_name(signature_of(&name_of(path)));
    // Looked at in any case: of an envelope that is damaged, no half is written.
    let own = existing(&own_path, root, signed.artifact)?;
    let mut union = Union::of(name_of(path), own.clone(), signed, keyring);
    let mut used = Vec::new();
    for (copy, file) in copies {
        let Ok(entries) = file.entries() else {
            merged.left_out.push(copy.left_out(None, words!("left-out-no-list")));
            continue;
        };
        let new = union.sort(copy, file, &entries, merged);
        let terms = union.admit_terms(copy, file, &new, merged);
        let wanted: BTreeSet<usize> = new.iter().map(|(at, _)| *at).collect();
        let Some(mut some) = file.clone().with_only(|at| wanted.contains(&at)) else { continue };
        if let Some(terms) = terms {
            some.set_terms(&terms);
        }
        if let Err(error) = union.take(copy, some.clone(), new, merged) {
            merged.left_out.push(copy.left_out(None, error.into()));
            continue;
        }
        used.push((*copy, some));
    }
    if let Some(memory) = by.memory {
        union.restore_claims(memory, merged);
        union.restore_companions(memory, merged);
    }
    let Some(united) = union.united else { return Ok(None) };
    report_terms(own.as_ref(), &united, &used, merged);
    for (copy, file) in used {
        for field in differing_fields(&file, &united) {
            merged.left_out.push(copy.left_out(None, field));
        }
    }
    let judged = acceptance::judge(&united, signed, keyring);
    let required = Requirements::of(Some(&united), &judged, &acceptance::policy(keyring), keyring);
    let is_changed = own.as_ref() != Some(&united);
    for (at, why) in Quorum::of(&judged, required).not_counted {
        // Two labels of one signature are reported even if nothing was added.
        if is_changed || matches!(why, NotCounted::Relabelled(_)) {
            let (label, why) = (judged[at].label(), why.words(&judged));
            merged.note(words!("merged-not-for-l4", label, why));
        }
    }
    if !is_changed {
        return Ok(None);
    }
    if is_sealed_run(&name_of(path)) {
        merged.asks = acceptance::asked(&united, signed.artifact, keyring);
    }
    Ok(Some(united.to_text()))
}

/// Whether a companion stands beside a signature and holds.
fn has_companion(signature: Signature<'_>, signed: Signed<'_>) -> bool {
    let companion = signature.companion().and_then(Result::ok);
    companion.is_some_and(|companion| companion_holds(&companion, signature, signed))
}

/// Whether a companion is one of a signature: its claim names it, and it verifies.
fn companion_holds(companion: &Companion, signature: Signature<'_>, signed: Signed<'_>) -> bool {
    let Some(Ok(claim)) = signature.claim() else { return false };
    companion.is_named_by(&claim)
        && companion.verify_artifact(signed.artifact.canonical()).is_ok()
        && companion.verify_claim(&claim).is_ok()
}

/// The signatures of one artifact while copies are united with them.
struct Union<'a> {
    /// The name of the artifact's file.
    file: String,
    signed: Signed<'a>,
    keyring: &'a Keyring,
    united: Option<SignatureFile>,
    /// The entries that hold, or cannot be checked here, by their value.
    standing: HashMap<Digest, Vec<JudgedSignature>>,
    /// Those that do not hold, with their places.
    damaged: Vec<JudgedSignature>,
    /// What has been reported already.
    reported: HashSet<Digest>,
}

impl<'a> Union<'a> {
    pub(super) fn of(
        file: String,
        own: Option<SignatureFile>,
        signed: Signed<'a>,
        keyring: &'a Keyring,
    ) -> Self {
        let judged = own.as_ref().map(|own| acceptance::judge(own, signed, keyring));
        let (held, damaged): (Vec<_>, Vec<_>) =
            judged.unwrap_or_default().into_iter().partition(acceptance::may_hold);
        let mut standing: HashMap<Digest, Vec<JudgedSignature>> = HashMap::new();
        for one in held {
            if let Some(value) = one.value {
                standing.entry(value).or_default().push(one);
            }
        }
        let reported = HashSet::new();
        Self { file, signed, keyring, united: own, standing, damaged, reported }
    }

    /// Puts back the claims that this station made and that another program dropped, if they hold.
    fn restore_claims(&mut self, memory: &LogMemory, merged: &mut Merged) {
        let Some(united) = self.united.as_mut() else { return };
        let lacking = united.signatures().into_iter().enumerate();
        let lacking = lacking.filter(|(_, one)| one.claim().is_none());
        let kept: Vec<(usize, KeptClaim)> = lacking
            .filter_map(|(at, one)| Some((at, memory.kept_claim(one.raw_digest()?).ok()??)))
            .collect();
        if kept.is_empty() {
            return;
        }
        let mut restored = united.clone();
        kept.iter().for_each(|(at, kept)| restored.set_claim(*at, &kept.claim));
        let judged = acceptance::judge(&restored, self.signed, self.keyring);
        for (at, kept) in kept.iter().filter(|(at, _)| judged[*at].is_label_signed()) {
            merged.note(words!("merged-claim-restored", label = judged[*at].label()));
            united.set_claim(*at, &kept.claim);
        }
    }

    /// Puts back the companions that this station made and that another program dropped or damaged,
    /// where the claim names them and they hold.
    fn restore_companions(&mut self, memory: &LogMemory, merged: &mut Merged) {
        let Some(united) = self.united.as_mut() else { return };
        let signatures = united.signatures().into_iter().enumerate();
        let lost: Vec<(usize, Companion)> = signatures
            .filter(|(_, one)| !has_companion(*one, self.signed))
            .filter_map(|(at, one)| {
                let companion = memory.kept_claim(one.raw_digest()?).ok()??.companion?;
                companion_holds(&companion, one, self.signed).then_some((at, companion))
            })
            .collect();
        for (at, companion) in lost {
            let signer = united.signatures()[at].signer_id().to_owned();
            merged.note(words!("merged-companion-restored", signer));
            united.set_companion(at, &companion);
        }
    }

    /// Reports what of a copy is here already and what is left out. Returns what is new.
    fn sort(
        &mut self,
        copy: &Copy,
        file: &SignatureFile,
        entries: &[Value],
        merged: &mut Merged,
    ) -> Vec<(usize, JudgedSignature)> {
        let mut new: Vec<(usize, JudgedSignature)> = Vec::new();
        let mut relabelled: BTreeMap<usize, (JudgedSignature, JudgedSignature, usize)> =
            BTreeMap::new();
        let mut first_relabelled: HashMap<Digest, usize> = HashMap::new();
        let judged = acceptance::judge(file, self.signed, self.keyring);
        for (at, one) in judged.into_iter().enumerate() {
            let Some(value) = one.value.filter(|_| acceptance::may_hold(&one)) else {
                if self.damaged.iter().any(|own| own.value == one.value && own.has_label_of(&one)) {
                    self.report_present(copy, one, Some(words!("merged-here-already")), merged);
                } else {
                    let why = words!("left-out-does-not-verify", detail = one.detail());
                    merged.left_out.push(copy.left_out(Some(one.signer_id), why));
                }
                continue;
            };
            let of_copy = new.iter().filter(|(_, it)| it.value == Some(value)).map(|(_, it)| it);
            // An entry whose label here cannot be checked is no argument against one that verifies,
            // nor is the word of the file against that of the key.
            let weighs = |own: &&JudgedSignature| {
                (own.verifies() || !one.verifies())
                    && (own.has_label_of(&one) || !claims::wins(&one, own))
            };
            let stands = self.standing.get(&value).into_iter().flatten();
            let stands: Vec<&JudgedSignature> = stands.filter(weighs).chain(of_copy).collect();
            match stands.first() {
                None if self.is_rejected(file, at, &one) => {
                    let why = words!("left-out-rejected", detail = one.detail());
                    merged.left_out.push(copy.left_out(Some(one.signer_id), why));
                }
                None => {
                    self.reported.insert(value);
                    self.damaged.extend(self.standing.remove(&value).unwrap_or_default());
                    new.push((at, one));
                }
                Some(_) if stands.iter().any(|own| own.has_label_of(&one)) => {
                    let note = self.complete(&one, entries.get(at));
                    self.report_present(copy, one, note, merged);
                }
                Some(own) => {
                    let own = (*own).clone();
                    let first = *first_relabelled.entry(value).or_insert(at);
                    relabelled.entry(first).or_insert((one, own, 0)).2 += 1;
                }
            }
        }
        for (one, own, times) in relabelled.into_values() {
            let (own, label) = own.labels(&one);
            let why = words!("left-out-relabelled", own, label, more = times - 1);
            merged.left_out.push(copy.left_out(Some(one.signer_id), why));
        }
        new
    }

    /// Whether the keyring contradicts the label of an entry: another owner, a role not held, an
    /// invalid time. A revoked or expired key does not make a label wrong: its signatures are
    /// evidence, and are added without counting.
    fn is_rejected(&self, file: &SignatureFile, at: usize, one: &JudgedSignature) -> bool {
        let signatures = file.signatures();
        let Some(signature) = signatures.get(at) else { return false };
        let public = signature.public_key().and_then(|text| PublicKey::parse(text).ok());
        let acceptance = self.keyring.accept(*signature, public.as_ref()).0;
        let is_wrong = matches!(
            acceptance,
            Acceptance::OtherId(_)
                | Acceptance::OtherOwner(_)
                | Acceptance::RoleNotHeld(_)
                | Acceptance::NoTime(_)
        );
        one.verifies() && is_wrong
    }

    /// Adds to an existing entry what a copy has of the same signature: its claim, if the one here
    /// does not hold or gives way to it, its time stamps, and its attestation.
    fn complete(&mut self, one: &JudgedSignature, entry: Option<&Value>) -> Option<Words> {
        let brought = Signature(entry?.as_object()?);
        let claim = self.add_claim(one, brought);
        let companion = self.add_companion(one, brought);
        let stamps = self.add_time_stamps(one, brought);
        let attestation = self.add_attestation(one, brought);
        claim.or(companion).or(stamps).or(attestation)
    }

    /// Adds the companion that the claim here names, if it holds and the one here does not. Whose its
    /// key is does not matter for that: the claim names it.
    fn add_companion(&mut self, one: &JudgedSignature, brought: Signature<'_>) -> Option<Words> {
        let companion = brought.companion()?.ok()?;
        let united = self.united.as_mut()?;
        let same = |own: &Signature<'_>| own.value() == one.value;
        let at = united.signatures().iter().position(same)?;
        let own = united.signatures()[at];
        if own.companion().is_some_and(|there| there.as_ref() == Ok(&companion))
            || has_companion(own, self.signed)
            || !companion_holds(&companion, own, self.signed)
        {
            return None;
        }
        united.set_companion(at, &companion);
        Some(words!("merged-companion"))
    }

    /// Adds the time stamps that hold and are about the very bytes that are here, whoever made them.
    fn add_time_stamps(&mut self, one: &JudgedSignature, brought: Signature<'_>) -> Option<Words> {
        let united = self.united.as_mut()?;
        let at = united.signatures().iter().position(|own| own.value() == one.value)?;
        let mut is_added = false;
        for stamp in TimeStamp::all(brought.0).into_iter().flatten() {
            let imprint = stamp.covers.imprint(united.signatures()[at]);
            if imprint.is_some_and(|imprint| time_stamp::is_about(&stamp.token, imprint)) {
                is_added |= united.add_time_stamp(at, &stamp) == Ok(true);
            }
        }
        is_added.then(|| words!("merged-time-stamps"))
    }

    fn add_claim(&mut self, one: &JudgedSignature, brought: Signature<'_>) -> Option<Words> {
        let claim = brought.claim()?.ok()?;
        let united = self.united.as_mut()?;
        // Almost always the same stands here, and nothing has to be verified again.
        let label = ["signer_id", "role", "signing_key_id", "signed_at", "algorithm"];
        let is_same = |own: &Signature<'_>| {
            own.value() == one.value
                && label.iter().all(|field| own.0.get(field) == brought.0.get(field))
                && own.claim().is_some_and(|own| own.as_ref() == Ok(&claim))
        };
        if united.signatures().iter().any(is_same) {
            return None;
        }
        let judged = acceptance::judge(united, self.signed, self.keyring);
        let at = judged.iter().position(|own| own.value == one.value && own.has_label_of(one))?;
        if !claims::wins(one, &judged[at]) {
            return None;
        }
        united.set_claim(at, &claim);
        Some(words!("merged-claim"))
    }

    /// Adds an attestation that is about the key of an entry without one.
    fn add_attestation(&mut self, one: &JudgedSignature, brought: Signature<'_>) -> Option<Words> {
        let brought = brought.attestation()?.ok()?;
        let united = self.united.as_mut()?;
        let signatures = united.signatures();
        let at = signatures.iter().position(|own| own.value() == one.value)?;
        let own = signatures[at];
        let public = own.public_key().and_then(|text| PublicKey::parse(text).ok());
        let digest = self.signed.artifact.canonical().digest();
        let call = Call {
            digest: &digest,
            length: self.signed.artifact.canonical().bytes().len(),
            at: own.signed_at()?,
            algorithm: own.algorithm(),
            payload: own.signed_payload(),
        };
        let Weighed::Stands(narrowed, None) = evidence::weigh(&brought, public.as_ref(), call)
        else {
            return None;
        };
        if own.0.has(KEY_ATTESTATION) {
            return None;
        }
        united.set_attestation(at, &narrowed);
        Some(words!("merged-attestation"))
    }

    /// The part of a copy's terms that is taken over, unless it is all of them: with a signature
    /// that counts, known roles and as many signatures as there are people; otherwise no more than
    /// L4 requires in any case.
    fn admit_terms(
        &self,
        copy: &Copy,
        file: &SignatureFile,
        new: &[(usize, JudgedSignature)],
        merged: &mut Merged,
    ) -> Option<Terms> {
        let SignatureFile::Envelope(_) = file else { return None };
        let counts = new.iter().any(|(_, one)| one.is_valid());
        let policy = acceptance::policy(self.keyring);
        let asked = Requirements::of(Some(file), &[], &policy, self.keyring);
        let least = Requirements::of(None, &[], &policy, self.keyring);
        let admitted = if counts { &asked } else { &least };
        let written = file.threshold().unwrap_or(0);
        let has = self.united.as_ref();
        let own = has.and_then(SignatureFile::threshold).unwrap_or(0).max(admitted.threshold);
        let own_roles = has.map(SignatureFile::witness_requirements).unwrap_or_default();
        // A role that nobody has would keep L4 from ever holding.
        let is_held = |role: Role| self.keyring.keys().is_empty() || self.keyring.has_role(role);
        let is_admitted = |word: &str| {
            let role = Role::parse(word);
            role.is_some_and(|role| admitted.roles.contains(&role) && is_held(role))
        };
        let refused = |word: &&str| !is_admitted(word) && !own_roles.contains(word);
        let words = file.witness_requirements();
        let mut left_out = Vec::new();
        if written > own {
            left_out.push(match counts {
                true => words!("left-out-threshold", written, used = admitted.threshold),
                false => words!("left-out-threshold-alone", written),
            });
        }
        let mut roles: Vec<&str> = words.iter().copied().filter(refused).collect();
        roles.sort_unstable();
        roles.dedup();
        left_out.extend(roles.into_iter().map(|word| match Role::parse(word) {
            Some(role) if !is_held(role) => words!("left-out-role-not-held", role = role.as_str()),
            Some(role) => words!("left-out-role-alone", role = role.as_str()),
            None => words!("left-out-role-unknown", role = ?word),
        }));
        for why in left_out {
            merged.left_out.push(copy.left_out(None, why));
        }
        if written <= admitted.threshold && words.iter().all(|word| is_admitted(word)) {
            return None;
        }
        let known = words.iter().filter(|word| is_admitted(word));
        Some(Terms {
            threshold: written.min(admitted.threshold),
            required_roles: known.filter_map(|word| Role::parse(word)).collect(),
        })
    }

    /// Adds the new signatures of a copy.
    fn take(
        &mut self,
        copy: &Copy,
        some: SignatureFile,
        new: Vec<(usize, JudgedSignature)>,
        merged: &mut Merged,
    ) -> Result<(), SignatureFileError> {
        // An entry that does not verify is replaced by one of the same signature that does.
        let gives_way = |own: &Signature<'_>| {
            self.damaged.iter().any(|one| one.value == own.value())
                && new.iter().any(|(_, one)| one.value == own.value())
        };
        let own = self.united.clone().and_then(|own| {
            let keep: Vec<bool> = own.signatures().iter().map(|one| !gives_way(one)).collect();
            if keep.contains(&false) {
                merged.note(words!("merged-replaced"));
            }
            own.with_only(|at| keep.get(at).is_none_or(|keep| *keep))
        });
        // United with itself, the first is checked and stays as it is.
        self.united = Some(own.unwrap_or_else(|| some.clone()).unite(some)?);
        for (_, one) in new {
            let note = (one.standing == Standing::Unchecked).then(|| one.detail());
            merged.added.push(copy.reported(&self.file, &one, note));
            if let Some(value) = one.value {
                self.reported.insert(value);
                self.standing.entry(value).or_default().push(one);
            }
        }
        Ok(())
    }

    /// Found in two copies, it is reported once.
    fn report_present(
        &mut self,
        copy: &Copy,
        one: JudgedSignature,
        note: Option<Words>,
        merged: &mut Merged,
    ) {
        let is_new = one.value.is_none_or(|value| self.reported.insert(value));
        if is_new || note.is_some() {
            merged.there.push(copy.reported(&self.file, &one, note));
        }
    }
}

/// The existing signatures in the target, if they can be added to.
fn existing(
    path: &Path,
    root: &Path,
    artifact: &Artifact,
) -> Result<Option<SignatureFile>, MergeError> {
    let bytes = match reading::read(path, root, MAX_BYTES) {
        Ok(bytes) => bytes,
        Err(ReadError::NotFound(_)) => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    if conflict_marker(&bytes).is_some() {
        return Err(MergeError::ConflictMarkers(path.to_owned()));
    }
    let read = || {
        let file = SignatureFile::parse_for_rewrite(&bytes)?;
        file.check_about(artifact)?;
        // Merged with itself it is unchanged, or the reason why it cannot be merged is reported.
        file.clone().unite(file)
    };
    read().map(Some).map_err(|error| MergeError::Existing { path: path.to_owned(), error })
}

/// The terms in the copies, if they differ.
fn report_terms(
    own: Option<&SignatureFile>,
    united: &SignatureFile,
    copies: &[(&Copy, SignatureFile)],
    merged: &mut Merged,
) {
    let files = || own.into_iter().chain(copies.iter().map(|(_, file)| file));
    let thresholds: BTreeSet<u64> = files().filter_map(SignatureFile::threshold).collect();
    if thresholds.len() > 1 {
        let asked: Vec<String> = thresholds.iter().map(u64::to_string).collect();
        let stands = united.threshold().unwrap_or_default();
        merged.note(words!("merged-thresholds", asked = asked.join(", "), stands));
    }
    let is_envelope = |file: &&SignatureFile| matches!(file, SignatureFile::Envelope(_));
    let asked: BTreeSet<BTreeSet<&str>> = files()
        .filter(is_envelope)
        .map(|file| file.witness_requirements().into_iter().collect())
        .collect();
    if asked.len() > 1 {
        let roles = united.witness_requirements().join(", ");
        merged.note(words!("merged-roles", roles));
    }
}

/// Fields of an envelope other than signatures and terms whose value here differs.
fn differing_fields(file: &SignatureFile, united: &SignatureFile) -> Vec<Words> {
    let SignatureFile::Envelope(envelope) = file else { return Vec::new() };
    let fields = envelope.iter().filter(|(key, value)| {
        !matches!(*key, "signatures" | "threshold" | "witness_requirements")
            && united.object().get(key) != Some(*value)
    });
    fields
        .map(|(key, value)| words!("left-out-field", key = ?key, value = %value.brief()))
        .collect()
}

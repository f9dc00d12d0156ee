//! Which signatures count when a station acts on a file: signs it, or merges copies into it.
//!
//! Nothing else in a file keeps anyone from signing or sets terms: an entry that does not verify, or
//! whose key the keyring does not accept, is anybody's.

use crate::attestation::AttestationRoots;
use crate::certificate_names::NameTrust;
use crate::claims::Signed;
use crate::judge::Judge;
use crate::keyring::{Acceptance, Keyring};
use crate::policy::{Policy, Trust};
use crate::refusals::{self, JudgedRefusal};
use crate::signature_checks;
use crate::signatures::{JudgedSignature, Standing};
use crate::terms::AskedTerms;
use crate::time_stamp::TsaRoots;
use crate::{quorum, terms};
use countersign_envelope::artifact::Artifact;
use countersign_envelope::instant::Instant;
use countersign_envelope::json::Object;
use countersign_envelope::public_key::PublicKey;
use countersign_envelope::refusal::RefusalsFile;
use countersign_envelope::sealed_run::SealedRun;
use countersign_envelope::signature::Signature;
use countersign_envelope::signature_file::SignatureFile;

/// The policy of a station that acts: the keyring decides, or, while it is empty, any key that
/// verifies is accepted.
pub fn policy(keyring: &Keyring) -> Policy {
    let trust = if keyring.keys().is_empty() { Trust::Embedded } else { Trust::Pinned };
    Policy { trust, ..Policy::default() }
}

/// Judges the signatures of a file by the keyring. Those by a shared key stay unchecked.
pub fn judge(file: &SignatureFile, signed: Signed<'_>, keyring: &Keyring) -> Vec<JudgedSignature> {
    by_keyring(keyring, |judge| signature_checks::judge(judge, file, signed))
}

/// Judges the refusals of a run by the keyring. Those that signatures lift are among those that
/// stand.
pub fn refusals(file: &RefusalsFile, run: &SealedRun, keyring: &Keyring) -> Vec<JudgedRefusal> {
    by_keyring(keyring, |judge| refusals::judge(judge, file, run))
}

/// Makes signatures not count that their own signer withdrew.
pub fn withdraw(
    signatures: &mut [JudgedSignature],
    refusals: &RefusalsFile,
    run: &SealedRun,
    keyring: &Keyring,
) {
    let mut judged = self::refusals(refusals, run, keyring);
    refusals::withdraw(&mut judged, signatures, &mut [], policy(keyring).trust);
}

fn by_keyring<T>(keyring: &Keyring, act: impl FnOnce(&Judge<'_>) -> T) -> T {
    act(&Judge {
        policy: &policy(keyring),
        keyring,
        roots: &AttestationRoots::default(),
        tsa_roots: &TsaRoots::default(),
        names: &NameTrust::default(),
        hmac_key: None,
        now: Instant::EPOCH,
    })
}

/// Who made a Statement, as it says.
#[derive(Debug, Clone, Copy)]
pub struct Author<'a> {
    /// Their name.
    pub name: &'a str,
    /// In which role, as written.
    pub role: &'a str,
    /// The id of their key.
    pub key_id: &'a str,
    /// When.
    pub at: Instant,
}

/// Whether a keyring accepts the key of a Statement: for its author, in their role, at the time that
/// it says.
pub fn of_statement(author: Author<'_>, key: &PublicKey, keyring: &Keyring) -> Acceptance {
    let at = author.at.to_string();
    let labels = Object::from([
        ("signing_key_id", author.key_id),
        ("signer_id", author.name),
        ("role", author.role),
        ("signed_at", &at),
    ]);
    keyring.accept(Signature(&labels), Some(key)).0
}

/// What the signature file of a run asks for; `None` if the file cannot ask for anything.
pub fn asked(file: &SignatureFile, run: &Artifact, keyring: &Keyring) -> Option<AskedTerms> {
    let SignatureFile::Envelope(_) = file else { return None };
    let people = quorum::people_counted(&policy(keyring), keyring);
    let (run, terms) = (run.canonical().digest(), terms::asked(Some(file), people));
    Some(AskedTerms { run, terms })
}

/// Whether a signature verifies, or cannot be checked here.
pub fn may_hold(one: &JudgedSignature) -> bool {
    one.verifies() || one.standing == Standing::Unchecked
}

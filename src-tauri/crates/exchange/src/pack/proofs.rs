//! Each signature as files that OpenSSL takes: the public key, the bytes that were signed, the raw
//! signature; and the command that verifies it in the pack's folder.
//!
//! The commands are made here from the signatures. The `verification_instructions` of a signature
//! file come from a stranger and are not repeated.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use countersign_admissibility::signatures::JudgedSignature;
use countersign_admissibility::{Evidence, Part, Verdict};
use countersign_envelope::artifact::Artifact;
use countersign_envelope::file_name::manifest_of;
use countersign_envelope::instant::Instant;
use countersign_envelope::public_key::PublicKey;
use countersign_envelope::signature::{Algorithm, Signature, SignedPayload};
use countersign_envelope::signature_file::SignatureFile;
use countersign_envelope::verification::signed_bytes;

use countersign_views::{SignatureView, signature_views};

/// One signature and how it is verified.
#[derive(Debug)]
pub(super) struct Proof {
    /// Whether it is on the run; else on the manifest.
    pub on_run: bool,
    /// The file that it signs.
    pub artifact: String,
    /// The verdict on it.
    pub signature: SignatureView,
    /// The shell command that verifies it, or why there is none.
    pub command: Result<String, &'static str>,
    /// The shell commands that verify its companion, over the file and over the claim.
    pub companion: Vec<String>,
}

/// The run or the manifest that is signed.
struct Signed<'a> {
    is_run: bool,
    /// The name of its file.
    name: String,
    artifact: &'a Artifact,
}

/// All of them, and the files that they need.
#[derive(Debug, Default)]
pub(super) struct Proofs {
    pub proofs: Vec<Proof>,
    pub files: BTreeMap<String, Vec<u8>>,
}

/// The proofs of an envelope. `now` decides which time stamps should be renewed.
pub(super) fn of(evidence: &Evidence<'_>, verdict: &Verdict, now: Instant) -> Proofs {
    let mut proofs = Proofs::default();
    let run = evidence.run.ok().map(|run| run.artifact());
    let manifest = evidence.manifest.read().and_then(Result::ok).map(|one| one.artifact());
    let signatures = |part: Part<Result<_, _>>| part.read().and_then(Result::ok);
    let name = evidence.file_name.to_owned();
    if let (Some(artifact), Some(file)) = (run, signatures(evidence.run_signatures)) {
        let signed = Signed { is_run: true, name: name.clone(), artifact };
        proofs.add(&signed, file, &verdict.signatures, now);
    }
    if let (Some(artifact), Some(file)) = (manifest, signatures(evidence.manifest_signatures)) {
        let signed = Signed { is_run: false, name: manifest_of(&name), artifact };
        proofs.add(&signed, file, &verdict.manifest_signatures, now);
    }
    proofs
}

impl Proofs {
    fn add(
        &mut self,
        signed: &Signed<'_>,
        file: &SignatureFile,
        judged: &[JudgedSignature],
        now: Instant,
    ) {
        let views = signature_views(judged, Some(file), now);
        for (index, (view, written)) in views.into_iter().zip(file.signatures()).enumerate() {
            let public = written.public_key().and_then(|text| PublicKey::parse(text).ok());
            let key = public.as_ref().map(|public| self.key(written.key_id(), public));
            let command = self.command(signed, index + 1, written, key.as_deref());
            let companion = self.companion(signed, index + 1, written).unwrap_or_default();
            self.proofs.push(Proof {
                on_run: signed.is_run,
                artifact: signed.name.clone(),
                signature: view,
                command,
                companion,
            });
        }
    }

    /// The file of a public key: one for each key, named by its id.
    fn key(&mut self, id: &str, public: &PublicKey) -> String {
        let pem = public.to_pem().into_bytes();
        let stem = safe(id);
        let mut number = 1;
        loop {
            let name = match number {
                1 => format!("keys/{stem}.pem"),
                n => format!("keys/{stem}-{n}.pem"),
            };
            match self.files.iter().find(|(one, _)| one.eq_ignore_ascii_case(&name)) {
                Some((one, there)) if *there == pem => return one.clone(),
                Some(_) => number += 1,
                None => {
                    self.files.insert(name.clone(), pem);
                    return name;
                }
            }
        }
    }

    /// The commands for the companion of a signature, and the files that they take; `None` if it has
    /// none that can be read and that its claim names. Anyone can add another, which verifies as well.
    fn companion(
        &mut self,
        signed: &Signed<'_>,
        number: usize,
        signature: Signature<'_>,
    ) -> Option<Vec<String>> {
        let (companion, claim) = (signature.companion()?.ok()?, signature.claim()?.ok()?);
        if !companion.is_named_by(&claim) {
            return None;
        }
        let stem = if signed.is_run { "run" } else { "manifest" };
        let stem = format!("evidence/companion-{stem}-{number}");
        let key = format!("{stem}.pem");
        self.files.insert(key.clone(), companion.public_key.to_pem().into_bytes());
        let artifact = signed_bytes(signed.artifact.canonical(), companion.signed_payload);
        let parts = [
            ("", artifact.into_owned(), companion.signature.clone()),
            (".claim", companion.claim_message(&claim), companion.claim_signature.clone()),
        ];
        let command = |(part, message, raw)| {
            let (signed, to) = (format!("{stem}{part}.signed"), format!("{stem}{part}.sig"));
            let command = format!(
                "openssl pkeyutl -verify -pubin -inkey {key} -rawin -in {signed} -sigfile {to}"
            );
            self.files.insert(signed, message);
            self.files.insert(to, raw);
            command
        };
        Some(parts.into_iter().map(command).collect())
    }

    /// The command for one signature, and the files that it takes.
    fn command(
        &mut self,
        signed: &Signed<'_>,
        number: usize,
        signature: Signature<'_>,
        key: Option<&str>,
    ) -> Result<String, &'static str> {
        let algorithm = signature.algorithm().ok_or("its algorithm is not known")?;
        let payload = signature.signed_payload().ok_or("its form of payload is not known")?;
        let raw = BASE64.decode(signature.signature()).map_err(|_| "it is not base64")?;
        let form = match payload {
            SignedPayload::CanonicalJson => "canonical",
            other => other.as_str(),
        };
        // Short, for whoever types them from paper.
        let stem = if signed.is_run { "run" } else { "manifest" };
        let (message, to) =
            (format!("signed/{stem}.{form}"), format!("signatures/{stem}-{number}.sig"));
        let bytes = signed_bytes(signed.artifact.canonical(), payload).into_owned();
        let key = match (algorithm, key) {
            (Algorithm::HmacSha256, _) => "",
            (_, Some(key)) => key,
            (_, None) => return Err("it has no readable public key"),
        };
        let verify = |digest, options| {
            format!("openssl dgst -{digest}{options} -verify {key} -signature {to} {message}")
        };
        let command = match algorithm {
            Algorithm::Ed25519 => format!(
                "openssl pkeyutl -verify -pubin -inkey {key} -rawin -in {message} -sigfile {to}"
            ),
            Algorithm::EcdsaP256Sha256 | Algorithm::RsaPkcs1v15Sha256 => verify("sha256", ""),
            Algorithm::EcdsaP384Sha384 => verify("sha384", ""),
            Algorithm::RsaPssSha256 => {
                verify("sha256", " -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:digest")
            }
            Algorithm::MlDsa65 => return Err("its algorithm only makes companions of signatures"),
            Algorithm::HmacSha256 => format!(
                ": \"${{DEEPSIGMA_SIGNING_KEY:?set it to the shared key in base64}}\" && \
                 k=$(printf %s \"$DEEPSIGMA_SIGNING_KEY\" | openssl base64 -d -A | od -An -v -tx1 | tr -d ' \\n') && \
                 openssl dgst -sha256 -mac HMAC -macopt hexkey:$k -binary {message} | cmp - {to} && echo 'HMAC verified'"
            ),
        };
        self.files.insert(message, bytes);
        self.files.insert(to, raw);
        Ok(command)
    }
}

/// An id as a part of a file name that no shell and no system takes for something else.
fn safe(id: &str) -> String {
    const LONGEST: usize = 60;
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
    let safe: String = id.chars().take(LONGEST).map(|c| if fits(c) { c } else { '_' }).collect();
    let safe = safe.trim_matches(['.', '-']);
    if safe.is_empty() { "key".to_owned() } else { safe.to_owned() }
}

#[cfg(test)]
mod tests {
    use countersign_envelope::claim::{Claim, SIGN, Seen};
    use countersign_envelope::companion::Companion;
    use countersign_envelope::digest::Digest;
    use countersign_envelope::dsse::{DsseEnvelope, IN_TOTO};
    use countersign_envelope::json::Object;
    use countersign_envelope::ml_dsa_key::MlDsaKey;
    use countersign_envelope::signature_file::Terms;

    use super::*;

    #[test]
    fn an_id_becomes_a_name_that_is_only_a_name() {
        assert_eq!(safe("ds-prod-2026-05"), "ds-prod-2026-05");
        assert_eq!(safe("../../etc/passwd"), "_.._etc_passwd");
        assert_eq!(safe("a b;$(rm)"), "a_b___rm_");
        assert_eq!(safe("-–…"), "__");
        assert_eq!(safe("…".repeat(1000).as_str()).len(), 60);
        assert_eq!(safe(".."), "key");
    }

    #[test]
    fn one_key_has_one_file_and_two_keys_of_one_id_have_two() {
        let key = |byte: u8| {
            let secret = ed25519_key(byte);
            PublicKey::ed25519(&secret).unwrap()
        };
        let mut proofs = Proofs::default();
        assert_eq!(proofs.key("k", &key(1)), "keys/k.pem");
        assert_eq!(proofs.key("k", &key(1)), "keys/k.pem");
        assert_eq!(proofs.key("K", &key(2)), "keys/K-2.pem");
    }

    /// Whoever has a pack runs its commands, which say of any companion that it verifies.
    #[test]
    fn there_are_commands_only_for_a_companion_that_its_claim_names() {
        let key = MlDsaKey::from_bytes(&[7; 1952]).unwrap();
        let companion = Companion {
            public_key: PublicKey::MlDsa65(Box::new(key)),
            signed_payload: SignedPayload::CanonicalJson,
            signature: vec![1; 3309],
            claim_signature: vec![2; 3309],
        };
        let artifact = Artifact::parse(b"{}").unwrap();
        let signed = Signed { is_run: true, name: "RUN-1.json".to_owned(), artifact: &artifact };
        let commands = |named: Option<Digest>| {
            let claim = DsseEnvelope {
                payload_type: IN_TOTO.to_owned(),
                payload: claim(named).to_statement().to_payload(),
                key_id: String::new(),
                signature: Vec::new(),
                signed_payload: SignedPayload::CanonicalJson,
            };
            let mut entry = Object::from([("claim", claim.to_object())]);
            entry.set("companion", companion.to_object());
            let mut proofs = Proofs::default();
            let commands = proofs.companion(&signed, 1, Signature(&entry)).unwrap_or_default();
            (commands.len(), proofs.files.len())
        };
        assert_eq!(commands(Some(companion.key_sha256())), (2, 5));
        assert_eq!(commands(None), (0, 0));
        assert_eq!(commands(Some(Digest::of(b"another key"))), (0, 0));
    }

    /// A claim that names the key of a companion.
    fn claim(companion_key_sha256: Option<Digest>) -> Claim {
        Claim {
            subjects: Vec::new(),
            act: SIGN.to_owned(),
            signer: "j.okafor".to_owned(),
            role: "witness".to_owned(),
            key_id: "k".to_owned(),
            key_sha256: None,
            algorithm: Algorithm::Ed25519.as_str().to_owned(),
            companion_key_sha256,
            signer_type: None,
            signed_at: Instant::EPOCH,
            terms: Terms { threshold: 2, required_roles: Vec::new() },
            on_run: None,
            on_manifest: None,
            commitments: None,
            lifts: Vec::new(),
            seen: Seen::default(),
        }
    }

    /// Public keys: the base point of edwards25519 and its double (RFC 8032 section 5.1).
    fn ed25519_key(which: u8) -> [u8; 32] {
        match which {
            1 => {
                let mut base = [0x66; 32];
                base[0] = 0x58;
                base
            }
            _ => {
                let hex = "c9a3f86aae465f0e56513864510f3997561fa2c9e85ea21dc2292309f3cd6022";
                std::array::from_fn(|at| u8::from_str_radix(&hex[2 * at..2 * at + 2], 16).unwrap())
            }
        }
    }
}

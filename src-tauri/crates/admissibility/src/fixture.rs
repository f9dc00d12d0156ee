//! An envelope that operator and witness have signed, to be spoilt by tests.

use countersign_envelope::instant::Instant;
use countersign_envelope::manifest::Manifest;
use countersign_envelope::sealed_run::SealedRun;
use countersign_envelope::signature_file::SignatureFile;
use countersign_problem::Reason;

use crate::attestation::AttestationRoots;
use crate::certificate_names::NameTrust;
use crate::foresight::{Foresight, Prospect};
use crate::keyring::Keyring;
use crate::policy::{Policy, Trust};
use crate::time_stamp::TsaRoots;
use crate::verdict::Verdict;
use crate::{Evidence, Judge, Part};

/// The files of an envelope that operator and witness have signed.
pub struct Files {
    pub run: Vec<u8>,
    pub run_signatures: Option<Vec<u8>>,
    pub manifest: Option<Vec<u8>>,
    pub manifest_signatures: Option<Vec<u8>>,
}

const STEM: &str = "RUN-c64edda3_20260506T070809Z";

pub fn files() -> Files {
    let read = |name: &str| {
        let of = "/../../../tests/fixtures/conformance/runs/good_multisig";
        std::fs::read(format!("{}{of}/{STEM}{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
    };
    Files {
        run: read(".json"),
        run_signatures: Some(read(".json.sig.json")),
        manifest: Some(read(".manifest.json")),
        manifest_signatures: Some(read(".manifest.json.sig.json")),
    }
}

/// Judges with any key that verifies, or with an empty keyring.
pub fn judged(files: &Files, trust: Trust) -> Verdict {
    with_evidence(files, trust, |judge, evidence| judge.judge(evidence))
}

/// What a signature would change.
pub fn foreseen(files: &Files, trust: Trust, prospect: &Prospect) -> Foresight {
    with_evidence(files, trust, |judge, evidence| judge.foresee(evidence, prospect))
}

fn with_evidence<T>(
    files: &Files,
    trust: Trust,
    then: impl FnOnce(&Judge<'_>, &Evidence<'_>) -> T,
) -> T {
    let judge = Judge {
        policy: &Policy { trust, ..Policy::default() },
        keyring: &Keyring::default(),
        roots: &AttestationRoots::default(),
        tsa_roots: &TsaRoots::default(),
        names: &NameTrust::default(),
        hmac_key: None,
        now: Instant::parse("2026-12-01T00:00:00Z").unwrap(),
    };
    let run = SealedRun::parse(&files.run).map_err(Reason::from);
    let signatures = |bytes: &Option<Vec<u8>>| {
        let read = |bytes: &Vec<u8>| SignatureFile::parse(bytes).map_err(Reason::from);
        bytes.as_ref().map(read)
    };
    let run_signatures = signatures(&files.run_signatures);
    let manifest_signatures = signatures(&files.manifest_signatures);
    let manifest = files.manifest.as_ref().map(|bytes| Manifest::parse(bytes).unwrap());
    let name = format!("{STEM}.json");
    let evidence = Evidence {
        run_signatures: part(run_signatures.as_ref()),
        manifest: manifest.as_ref().map_or(Part::Absent, |manifest| Part::Read(Ok(manifest))),
        manifest_signatures: part(manifest_signatures.as_ref()),
        ..Evidence::of(&name, run.as_ref())
    };
    then(&judge, &evidence)
}

fn part<T>(read: Option<&Result<T, Reason>>) -> Part<Result<&T, &Reason>> {
    read.map_or(Part::Absent, |read| Part::Read(read.as_ref()))
}

pub fn without(file: &Option<Vec<u8>>, signer: &str) -> Option<Vec<u8>> {
    let text = String::from_utf8(file.clone()?).unwrap();
    let mut file: serde_json::Value = serde_json::from_str(&text).unwrap();
    file["signatures"].as_array_mut()?.retain(|one| one["role"] != signer);
    Some(serde_json::to_vec(&file).unwrap())
}

pub fn replaced(file: &[u8], from: &str, to: &str) -> Vec<u8> {
    let text = String::from_utf8(file.to_vec()).unwrap();
    assert!(text.contains(from), "{from}");
    text.replace(from, to).into_bytes()
}

//! How long judging a directory takes, beside the bare SHA-256 and Ed25519 work in it on the same
//! cores. Each envelope has a run and a manifest, two Ed25519 signatures on either, each person's claim,
//! and an entry in one shared log; then the same without claims.

#![allow(missing_docs, clippy::unwrap_used)]

use std::hint::black_box;
use std::path::{Path, PathBuf};

use countersign_admissibility::Judge;
use countersign_admissibility::attestation::AttestationRoots;
use countersign_admissibility::certificate_names::NameTrust;
use countersign_admissibility::keyring::Keyring;
use countersign_admissibility::level::Level;
use countersign_admissibility::policy::Policy;
use countersign_admissibility::time_stamp::TsaRoots;
use countersign_demo::Demo;
use countersign_envelope::artifact::Artifact;
use countersign_envelope::canonical;
use countersign_envelope::claim::CLAIM;
use countersign_envelope::digest::Digest;
use countersign_envelope::file_name::{TRANSPARENCY_LOG, manifest_of, signature_of};
use countersign_envelope::instant::Instant;
use countersign_envelope::public_key::PublicKey;
use countersign_envelope::signature::{Algorithm, Signature};
use countersign_envelope::signature_file::SignatureFile;
use countersign_envelope::verification::verify;
use countersign_store::directory;
use countersign_store::judgement::{self, RunsToJudge};
use countersign_store::logs::{LogBook, read_chain};
use countersign_trust::keyring_file;
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use rayon::prelude::*;
use secrecy::SecretString;

fn judge_everything(root: &Path, keyring: &Keyring) -> usize {
    let policy = Policy::default();
    let roots = AttestationRoots::default();
    let judge = Judge {
        policy: &policy,
        keyring,
        roots: &roots,
        tsa_roots: &TsaRoots::default(),
        names: &NameTrust::default(),
        hmac_key: None,
        now: Instant::EPOCH,
    };
    let runs = directory::find(root).unwrap().runs;
    let mut reached = 0;
    let view = |_: &Path, _: &_, verdict: &countersign_admissibility::Verdict| verdict.level;
    let logs = LogBook::default();
    let all = RunsToJudge { root, runs: &runs, judge: &judge, logs: &logs };
    judgement::judge_all(all, view, |level| {
        reached += usize::from(level == Some(Level::L7));
        Ok::<(), ()>(())
    })
    .unwrap();
    reached
}

/// A public key and a signature, both base64.
type KeyAndSignature = (String, String);

/// What cannot be saved: the bytes to hash and the signatures to verify of one envelope.
struct BareWork {
    hashed: Vec<Vec<u8>>,
    signed: Vec<(Vec<u8>, Vec<KeyAndSignature>)>,
}

fn bare_work(root: &Path, run: &Path) -> BareWork {
    let mut work = BareWork { hashed: Vec::new(), signed: Vec::new() };
    let run = root.join(run);
    let manifest = run.with_file_name(manifest_of(&run.file_name().unwrap().to_string_lossy()));
    for path in [&run, &manifest] {
        let artifact = Artifact::parse(&std::fs::read(path).unwrap()).unwrap();
        let bytes = artifact.canonical().bytes().to_vec();
        if path == &run {
            // The content hash and the commit hash, beside the digest that is signed.
            work.hashed.push(bytes.clone());
            let scope = artifact.object().get("hash_scope").unwrap();
            work.hashed.push(canonical::to_string(&scope.to_value()).into_bytes());
        }
        work.hashed.push(bytes.clone());
        let name = signature_of(&path.file_name().unwrap().to_string_lossy());
        let file =
            SignatureFile::parse(&std::fs::read(path.with_file_name(name)).unwrap()).unwrap();
        let signatures = file.signatures().into_iter();
        let signatures = signatures
            .map(|s| (s.public_key().unwrap().to_owned(), s.signature().to_owned()))
            .collect();
        work.signed.push((bytes, signatures));
        // The same claims stand on the manifest.
        if path == &run {
            work.signed.extend(file.signatures().into_iter().filter_map(claim));
        }
    }
    work
}

/// The bytes that the claim of a signature is signed over, with its key and its signature.
fn claim(signature: Signature<'_>) -> Option<(Vec<u8>, Vec<KeyAndSignature>)> {
    let claim = signature.claim()?.unwrap();
    let written = signature.0.get(CLAIM)?.get("signatures")?.as_array()?.first()?;
    let value = written.get("sig")?.as_str()?.to_owned();
    Some((claim.message(), vec![(signature.public_key()?.to_owned(), value)]))
}

fn do_bare_work(work: &[BareWork], log: &[Vec<u8>]) -> usize {
    let hash = |bytes: &Vec<u8>| {
        black_box(Digest::of(bytes));
    };
    log.par_iter().for_each(hash);
    work.par_iter()
        .map(|envelope| {
            envelope.hashed.iter().for_each(hash);
            let verified = envelope.signed.iter().map(|(bytes, signatures)| {
                let holds = |(key, signature): &&(String, String)| {
                    let key = PublicKey::parse(key).unwrap();
                    verify(&key, Algorithm::Ed25519, bytes, signature).is_ok()
                };
                signatures.iter().filter(holds).count()
            });
            verified.sum::<usize>()
        })
        .sum()
}

fn bench(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("judge");
    group.sample_size(10);
    for count in [1_000, 10_000] {
        let passphrase = SecretString::from("demo");
        for (name, signatures, demo) in
            [("with_claims", 6, demo(count)), ("without_claims", 4, demo(count).without_claims())]
        {
            let directory = tempfile::tempdir().unwrap();
            let root = directory.path();
            demo.write(root, &passphrase).unwrap();
            let keyring = keyring_file::read(&root.join("keyring.json")).unwrap();
            group.throughput(Throughput::Elements(count as u64));
            group.bench_function(BenchmarkId::new(name, count), |bencher| {
                bencher.iter(|| assert_eq!(judge_everything(root, &keyring), count));
            });
            let runs: Vec<PathBuf> = directory::find(root).unwrap().runs;
            let work: Vec<_> = runs.par_iter().map(|run| bare_work(root, run)).collect();
            let chain = read_chain(&root.join(TRANSPARENCY_LOG)).unwrap();
            let log = chain.entries.iter().map(|entry| entry.object.clone().into());
            let log: Vec<_> = log.map(|entry| canonical::to_string(&entry).into_bytes()).collect();
            group.bench_function(BenchmarkId::new(format!("bare_{name}"), count), |bencher| {
                bencher.iter(|| assert_eq!(do_bare_work(&work, &log), signatures * count));
            });
        }
    }
    group.finish();
}

fn demo(count: usize) -> Demo {
    Demo::one_level(count, 1, Some(Level::L7)).without_time_stamps()
}

criterion_group!(benches, bench);
criterion_main!(benches);

//! Uniting copies of an envelope that witnesses signed apart, through the real binary.

// Helpers of tests may fail the test.
#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use countersign_tests::{Case, Outcome, command, finish, read_json, signatures_of, tool};
use serde_json::{Value, json};

fn sign(run: &Path, role: &str, signer: &str, key: u8, more: &[&str]) {
    try_sign(run, role, signer, key, more).ok();
}

fn try_sign(run: &Path, role: &str, signer: &str, key: u8, more: &[&str]) -> Outcome {
    let mut sign = command();
    sign.args(["sign", "--role", role, "--signer", signer, "--key-file", "-"]);
    sign.args(["--key-id", &format!("ds-test-{signer}")]).args(more).arg(run);
    finish(&mut sign, BASE64.encode([key; 32]).as_bytes())
}

fn merge<P: AsRef<Path>>(target: &Path, sources: &[P]) -> Outcome {
    let sources = sources.iter().map(|path| path.as_ref());
    finish(command().arg("merge").arg(target).args(sources), b"")
}

/// What `merge --json` says of the one envelope.
fn merge_json<P: AsRef<Path>>(target: &Path, sources: &[P], code: i32) -> Value {
    let sources = sources.iter().map(|path| path.as_ref());
    let outcome = finish(command().args(["merge", "--json"]).arg(target).args(sources), b"");
    assert_eq!(outcome.code, code, "{outcome:#?}");
    outcome.json_lines().remove(0)
}

/// A run that an operator signed, and copies of it.
fn signed_and_copies<const N: usize>() -> (Case, [Case; N]) {
    let first = Case::copy("good_unsigned");
    sign(&first.run(), "operator", "mira.k", 1, &[]);
    let copies = std::array::from_fn(|_| {
        let copy = Case::copy("good_unsigned");
        for artifact in [first.run(), first.manifest()] {
            let to = signatures_of(&copy.path().join(artifact.file_name().unwrap()));
            fs::copy(signatures_of(&artifact), to).unwrap();
        }
        copy
    });
    (first, copies)
}

fn signature_bytes(case: &Case) -> [Vec<u8>; 2] {
    [case.signatures(), signatures_of(&case.manifest())].map(|path| fs::read(path).unwrap())
}

fn signers(path: &Path) -> Vec<String> {
    let file = read_json(path);
    let signatures = file["signatures"].as_array().unwrap().iter();
    signatures.map(|one| one["signer_id"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn witnesses_who_signed_apart_come_together_in_any_order() {
    let (original, [jon, ana, third]) = signed_and_copies();
    let block = read_json(&original.signatures());
    sign(&jon.run(), "witness", "jon.b", 2, &[]);
    sign(&ana.run(), "auditor", "ana.p", 3, &["--threshold", "3", "--require-role", "auditor"]);
    let sources = [jon.snapshot(), ana.snapshot()];

    // One after the other; the other way round, as single files; both at once into nothing.
    let (a, b, c) = (original, third, Case::copy("good_unsigned"));
    let united = merge_json(&a.run(), &[jon.path()], 0);
    assert_eq!(united["added"].as_array().unwrap().len(), 2, "run and manifest: {united}");
    assert_eq!(united["added"][0]["signer_id"], "jon.b");
    assert_eq!(united["there"][0]["signer_id"], "mira.k");
    merge(&a.run(), &[ana.path()]).ok();
    merge(&b.signatures(), &[ana.run()]).ok();
    let said = merge(b.path(), &[jon.signatures(), signatures_of(&jon.manifest())]).ok();
    assert!(said.stdout.contains("require 2, 3 signatures: 3 is used"), "{said:?}");
    merge(&c.run(), &[ana.path(), jon.path()]).ok();
    assert_eq!(signature_bytes(&a), signature_bytes(&b));
    assert_eq!(signature_bytes(&a), signature_bytes(&c));

    let envelope = read_json(&a.signatures());
    assert_eq!(envelope["signatures"][0], block, "the first signature is kept as it was");
    assert_eq!(envelope["threshold"], 3, "the higher stands");
    assert_eq!(envelope["witness_requirements"], json!(["auditor", "operator", "witness"]));
    assert_eq!(a.status()["counted_signatures"], 3);
    finish(command().args(["log", "append"]).arg(a.run()), b"").ok();
    assert_eq!(a.status()["level"], 5);

    // Again, and back the other way.
    let before = a.snapshot();
    let again = merge_json(&a.run(), &[ana.path(), jon.path()], 0);
    assert_eq!((&again["written"], &again["added"]), (&json!([]), &json!([])));
    assert_eq!(a.snapshot(), before);
    assert_eq!([jon.snapshot(), ana.snapshot()], sources, "the sources are only read");
    merge(&jon.run(), &[a.path()]).ok();
    assert_eq!(signature_bytes(&jon), signature_bytes(&a));
}

/// Two who each signed first make an envelope that OpenSSL can check one by one.
#[test]
fn two_first_signatures_make_an_envelope_that_openssl_verifies() {
    let (one, two) = (Case::copy("good_unsigned"), Case::copy("good_unsigned"));
    sign(&one.run(), "operator", "mira.k", 1, &[]);
    sign(&two.run(), "witness", "jon.b", 2, &[]);
    merge(&one.run(), &[two.path()]).ok();
    let envelope = read_json(&one.signatures());
    assert_eq!(envelope["multisig_version"], "1.0");
    assert_eq!(envelope["threshold"], 2);
    let signatures = envelope["signatures"].as_array().unwrap();
    assert_eq!(signatures.len(), 2);
    for signature in signatures {
        let instructions = signature["verification_instructions"].as_str().unwrap();
        tool("openssl", "openssl", &["version"], one.path()).ok();
        let pasted = tool("sh", "dash", &["-c", instructions], one.path()).ok();
        assert!(pasted.stdout.contains("Verified"), "{pasted:?}");
    }
    finish(command().args(["log", "append"]).arg(one.run()), b"").ok();
    assert_eq!(one.status()["level"], 5);
}

fn beside(path: &Path, name: impl Fn(&str) -> String) -> PathBuf {
    path.with_file_name(name(&path.file_name().unwrap().to_string_lossy()))
}

#[test]
fn conflict_copies_beside_the_run_are_united_and_named() {
    let (case, [jon, ana]) = signed_and_copies();
    sign(&jon.run(), "witness", "jon.b", 2, &[]);
    sign(&ana.run(), "reviewer", "ana.p", 3, &[]);
    let syncthing = beside(&case.signatures(), |name| {
        let stem = name.strip_suffix(".json").unwrap();
        format!("{stem}.sync-conflict-20261125-072401-ABCDEFG.json")
    });
    let git = beside(&case.signatures(), |name| {
        format!("{}_REMOTE_4711.json", name.strip_suffix(".json").unwrap())
    });
    fs::copy(jon.signatures(), &syncthing).unwrap();
    fs::copy(ana.signatures(), &git).unwrap();
    let none: [&Path; 0] = [];
    let said = merge(case.path(), &none).ok();
    for words in ["jon.b", "a conflict copy of Syncthing", "ana.p", "left by git"] {
        assert!(said.stdout.contains(words), "no {words:?} in {}", said.stdout);
    }
    assert_eq!(signers(&case.signatures()).len(), 3);
    assert!(syncthing.exists() && git.exists());

    // Another version of the run itself is no matter of signatures.
    let other_run = beside(&case.run(), |name| {
        name.replace(".json", ".sync-conflict-20261125-072402-ABCDEFG.json")
    });
    fs::write(&other_run, "{}").unwrap();
    let before = case.snapshot();
    let said = merge_json(&case.run(), &none, 1);
    assert!(said["left_out"][0]["why"].as_str().unwrap().contains("another version"), "{said}");
    assert_eq!(said["left_out"][0]["origin"], "syncthing_conflict");
    assert_eq!(case.snapshot(), before);
}

#[test]
fn git_s_markers_are_said_to_be_what_they_are() {
    let (case, [jon]) = signed_and_copies();
    sign(&jon.run(), "witness", "jon.b", 2, &[]);
    let text = fs::read_to_string(case.signatures()).unwrap();
    let marked = format!("<<<<<<< HEAD\n{text}=======\n{text}>>>>>>> jon\n");
    fs::write(jon.signatures(), &marked).unwrap();
    let before = signature_bytes(&case);
    let said = merge(&case.run(), &[jon.signatures()]);
    assert_eq!((said.code, said.stdout.contains("git's conflict markers")), (1, true), "{said:?}");
    assert_eq!(signature_bytes(&case), before);

    fs::write(case.signatures(), &marked).unwrap();
    let before = case.snapshot();
    merge(&case.run(), &[jon.path()]).refused(&["git's conflict markers", "git checkout"]);
    assert_eq!(case.snapshot(), before);
}

/// Where a person meets them first, and however the text around them looks. Neither side is given up.
#[test]
fn git_s_markers_are_named_by_every_command_that_meets_them() {
    let (case, []) = signed_and_copies();
    let (run, signatures, manifest) = (case.run(), case.signatures(), case.manifest());
    let stopped = |text: &str, marker: &str, end: &str| {
        let (begin, close) = text.split_at(text.find('\n').unwrap() + 1);
        let middle = "=".repeat(marker.len());
        let theirs = ">".repeat(marker.len());
        let all = format!("{begin}{marker} HEAD\n{close}{middle}\n{close}{theirs} jon\n");
        all.replace('\n', end)
    };
    for file in [&run, &signatures, &manifest] {
        let whole = fs::read_to_string(file).unwrap();
        for (marker, end) in [("<<<<<<<", "\n"), ("<<<<<<<<<", "\n"), ("<<<<<<<", "\r\n")] {
            fs::write(file, stopped(&whole, marker, end)).unwrap();
            let before = case.snapshot();
            for name in ["status", "verify", "explain"] {
                let target = if name == "status" { case.path() } else { &run };
                let mut look = command();
                look.args([name, "--trust", "embedded"]).arg(target);
                let json: &[&str] = if name == "status" { &["--json"] } else { &[] };
                let said = finish(look.args(json), b"");
                let said = said.stdout + &said.stderr;
                assert!(said.contains("git's conflict markers"), "{file:?} {name}: {said}");
            }
            let refused = try_sign(&run, "witness", "jon.b", 2, &[]);
            assert!(refused.stderr.contains("git's conflict markers"), "{refused:?}");
            assert!(!refused.stderr.contains("aside"), "{refused:?}");
            assert_eq!(case.snapshot(), before);
        }
        fs::write(file, &whole).unwrap();
    }
    // In its place too, with no copy beside it, and in a log.
    let whole = fs::read_to_string(&signatures).unwrap();
    fs::write(&signatures, stopped(&whole, "<<<<<<<", "\n")).unwrap();
    merge::<&Path>(case.path(), &[]).refused(&["git's conflict markers", "git show"]);
    fs::write(&signatures, whole).unwrap();
    finish(command().args(["log", "append"]).arg(&run), b"").ok();
    let log = case.path().join("transparency_log.ndjson");
    let text = fs::read_to_string(&log).unwrap();
    fs::write(&log, format!("<<<<<<< HEAD\n{text}=======\n{text}>>>>>>> theirs\n")).unwrap();
    let marked = fs::read(&log).unwrap();
    finish(command().args(["log", "append"]).arg(&run), b"").refused(&["a conflict marker of git"]);
    let status = finish(command().args(["status", "--json"]).arg(case.path()), b"").stdout;
    assert!(status.contains("a conflict marker of git"), "{status}");
    let merged = merge::<&Path>(case.path(), &[]);
    assert!(merged.code == 1 && merged.stderr.contains("git's conflict markers"), "{merged:?}");
    assert_eq!(fs::read(&log).unwrap(), marked);
}

#[test]
fn another_artifact_and_signatures_that_do_not_hold_stay_out() {
    let (case, [forged]) = signed_and_copies();
    let other = Case::copy("good_multisig");
    let before = case.snapshot();
    let said = merge_json(&case.run(), &[other.signatures()], 1);
    assert!(said["left_out"][0]["why"].as_str().unwrap().contains("not in the target"), "{said}");
    assert_eq!(case.snapshot(), before);
    let renamed = forged.path().join("sent.sig.json");
    fs::copy(other.signatures(), &renamed).unwrap();
    let said = merge_json(&case.run(), &[&renamed], 1);
    assert!(said["left_out"][0]["why"].as_str().unwrap().contains("another artifact"), "{said}");
    assert_eq!(case.snapshot(), before);

    // A witness is made up: the signature is the operator's own.
    sign(&forged.run(), "witness", "jon.b", 2, &[]);
    let mut envelope = read_json(&forged.signatures());
    let good = envelope["signatures"][1].clone();
    envelope["signatures"][1]["signature"] = envelope["signatures"][0]["signature"].clone();
    envelope["threshold"] = 9.into();
    envelope["signatures"].as_array_mut().unwrap().remove(0);
    fs::write(forged.signatures(), envelope.to_string()).unwrap();
    let said = merge_json(&case.run(), &[forged.signatures()], 1);
    assert_eq!(said["left_out"][0]["signer_id"], "jon.b");
    assert!(said["left_out"][0]["why"].as_str().unwrap().contains("does not verify"), "{said}");
    assert_eq!(case.snapshot(), before, "nor do its terms come in");

    // The good one comes in from a file whose name says nothing.
    envelope["signatures"][0] = good;
    envelope["threshold"] = 2.into();
    fs::write(&renamed, envelope.to_string()).unwrap();
    merge(&case.run(), &[&renamed]).ok();
    assert_eq!(signers(&case.signatures()), ["mira.k", "jon.b"]);
}

/// Neither the time nor the name is covered by a signature, so that a copy may lie about them. What
/// stands is kept, and the copy is named.
#[test]
fn a_copy_that_says_otherwise_displaces_nothing() {
    let lies: [(&str, Value); 4] = [
        ("signed_at", "2026-11-28T20:00:01Z".into()),
        ("signer_id", "someone".into()),
        ("role", "witness".into()),
        ("algorithm", "ecdsa-p256-sha256".into()),
    ];
    for (field, lie) in lies {
        let (case, [copy]) = signed_and_copies();
        let before = case.snapshot();
        let mut block = read_json(&copy.signatures());
        block[field] = lie;
        fs::write(copy.signatures(), block.to_string()).unwrap();
        let said = merge_json(&case.run(), &[copy.signatures()], 1);
        let why = said["left_out"][0]["why"].as_str().unwrap();
        let words = if field == "algorithm" { "does not verify" } else { "the one here is kept" };
        assert!(why.contains(words) && (field == "algorithm" || why.contains("mira.k")), "{said}");
        assert_eq!(case.snapshot(), before, "{field}");
    }
}

#[test]
fn fields_that_prove_nothing_replace_no_entry_that_says_less() {
    let (case, [copy]) = signed_and_copies();
    let before = case.snapshot();
    let mut block = read_json(&copy.signatures());
    block["signer_type"] = "hardware".into();
    block["verification_instructions"] = "true".into();
    block["future"] = 1.into();
    block["key_attestation"] = json!({ "type": "yubikey-piv", "slot": "9c", "certificate": "AAAA",
                                       "intermediate": "AAAA" });
    fs::write(copy.signatures(), block.to_string()).unwrap();
    let said = merge_json(&case.run(), &[copy.signatures()], 0);
    assert_eq!(said["there"].as_array().unwrap().len(), 1, "{said}");
    assert_eq!(case.snapshot(), before);
    // Nor does the fuller one change the copy that says less.
    let mut block = read_json(&copy.signatures());
    for field in ["verification_instructions", "signer_type", "future", "key_attestation"] {
        block.as_object_mut().unwrap().remove(field);
    }
    fs::write(copy.signatures(), block.to_string()).unwrap();
    let before = copy.snapshot();
    merge(&copy.run(), &[case.signatures()]).ok();
    assert_eq!(copy.snapshot(), before);
}

#[test]
fn many_twins_of_one_signature_leave_one_entry() {
    let (case, [jon]) = signed_and_copies();
    sign(&jon.run(), "witness", "jon.b", 2, &[]);
    let mut envelope = read_json(&jon.signatures());
    let signatures = envelope["signatures"].as_array_mut().unwrap();
    for number in 0..200 {
        for of in [0, 1] {
            let mut twin = signatures[of].clone();
            match number % 4 {
                0 => twin["future"] = number.into(),
                1 => twin["signer_id"] = format!("jon.{number}").into(),
                2 => twin["signed_at"] = format!("2026-11-28T20:00:{:02}Z", number % 60).into(),
                _ => twin["signature"] = format!(" {}", twin["signature"].as_str().unwrap()).into(),
            }
            signatures.push(twin);
        }
    }
    fs::write(jon.signatures(), envelope.to_string()).unwrap();
    let said = merge_json(&case.run(), &[jon.path()], 1);
    assert_eq!(signers(&case.signatures()), ["mira.k", "jon.b"]);
    assert_eq!(said["left_out"].as_array().unwrap().len(), 2, "{said}");
    assert_eq!(case.status()["counted_signatures"], 2);
    let before = case.snapshot();
    merge_json(&case.run(), &[jon.path()], 1);
    assert_eq!(case.snapshot(), before);
}

#[test]
fn an_entry_that_was_damaged_gives_way_to_the_one_that_verifies() {
    let (case, [copy]) = signed_and_copies();
    let whole = fs::read(case.signatures()).unwrap();
    let mut block = read_json(&case.signatures());
    block["signed_payload"] = "sha256".into();
    fs::write(case.signatures(), block.to_string()).unwrap();
    assert_eq!(case.status()["valid_signatures"], 0);
    let said = merge_json(&case.run(), &[copy.path()], 0);
    assert_eq!(said["added"][0]["signer_id"], "mira.k", "{said}");
    assert_eq!(fs::read(case.signatures()).unwrap(), whole);
}

#[test]
fn a_shared_key_cannot_be_checked_and_is_said_to_be_so() {
    let (case, [copy]) = signed_and_copies();
    sign(&copy.run(), "witness", "jon.b", 7, &["--algo", "hmac"]);
    let said = merge_json(&case.run(), &[copy.path()], 0);
    assert!(said["added"][0]["note"].as_str().unwrap().contains("cannot be checked"), "{said}");
    assert_eq!(signers(&case.signatures()), ["mira.k", "jon.b"]);
}

#[test]
fn fields_of_a_newer_program_come_along() {
    let (case, [jon]) = signed_and_copies();
    sign(&jon.run(), "witness", "jon.b", 2, &[]);
    let mut envelope = read_json(&jon.signatures());
    envelope["future"] = json!({ "list": [1, 2.50] });
    envelope["signatures"][1]["seen_on"] = "screen".into();
    fs::write(jon.signatures(), envelope.to_string()).unwrap();
    merge(&case.run(), &[jon.path()]).ok();
    let united = read_json(&case.signatures());
    assert_eq!(united["future"], envelope["future"]);
    assert_eq!(united["signatures"], envelope["signatures"]);
}

#[test]
fn what_cannot_be_used_is_refused() {
    let (case, [copy]) = signed_and_copies();
    let before = case.snapshot();
    merge(&case.path().join("RUN-nothing.json"), &[copy.path()]).refused(&["no such file"]);
    merge(&case.run(), &[copy.path().join("nothing")]).refused(&["no such file"]);
    let empty = tempfile::tempdir().unwrap();
    merge(&case.run(), &[empty.path()]).refused(&["no copy"]);
    merge(empty.path(), &[copy.path()]).refused(&["no sealed run"]);
    // Envelopes that the target does not have are named.
    let other = Case::copy("good_multisig");
    let said = merge(case.path(), &[other.path()]);
    assert_eq!((said.code, said.stdout.contains("not in the target")), (1, true), "{said:?}");
    assert_eq!(case.snapshot(), before);
}

/// Ten witnesses bring their copies at the same moment, while an auditor signs in the target.
#[test]
fn many_at_once_lose_no_signature() {
    let (case, copies) = signed_and_copies::<10>();
    for (number, copy) in (2..).zip(&copies) {
        sign(&copy.run(), "witness", &format!("witness-{number}"), number, &[]);
    }
    std::thread::scope(|scope| {
        for copy in &copies {
            scope.spawn(|| merge(&case.run(), &[copy.path()]).ok());
        }
        scope.spawn(|| sign(&case.run(), "auditor", "ana.p", 90, &[]));
    });
    for artifact in [case.run(), case.manifest()] {
        assert_eq!(signers(&signatures_of(&artifact)).len(), 12);
    }
    assert_eq!(case.status()["valid_signatures"], 12);
}

#[test]
fn a_whole_directory_is_matched_by_the_names_of_its_runs() {
    let station = tempfile::tempdir().unwrap();
    let stick = tempfile::tempdir().unwrap();
    let (first, [copy]) = signed_and_copies();
    sign(&copy.run(), "witness", "jon.b", 2, &[]);
    let other = Case::copy("good_multisig");
    for (case, to) in [
        (&first, station.path().join("a")),
        (&other, station.path().join("b")),
        (&copy, stick.path().join("from-jon")),
    ] {
        fs::create_dir(&to).unwrap();
        for (name, bytes) in case.snapshot() {
            fs::write(to.join(name), bytes).unwrap();
        }
    }
    let untouched = countersign_tests::snapshot(&station.path().join("b"));
    let said = merge_json(station.path(), &[stick.path()], 0);
    assert_eq!(said["added"].as_array().unwrap().len(), 2, "{said}");
    let united = station.path().join("a").join(copy.signatures().file_name().unwrap());
    assert_eq!(fs::read(united).unwrap(), fs::read(copy.signatures()).unwrap());
    assert_eq!(countersign_tests::snapshot(&station.path().join("b")), untouched);
}

/// What programs make of the name of a signature file when they keep a second version of it.
const COPY_NAMES: [&str; 14] = [
    "{stem} (conflicted copy 2026-11-25 072401).json",
    "{stem} (Anna Bö's conflicted copy 2026-11-25).json",
    "{stem}-DESKTOP-4F2K1.json",
    "{stem} (SFConflict anna@example.org 2026-11-25-07-24-01).json",
    "{stem} (1).json",
    "{stem}(1).json",
    "{stem} 2.json",
    "{stem} - Copy.json",
    "{stem} (Kopie).json",
    "Copy of {stem}.json",
    "Kopie von {stem}.json",
    "{stem}.json.txt",
    "{stem}_conflict-20261125-072401.json",
    "unterschrift von jon.sig.json",
];

#[test]
fn a_copy_is_found_by_what_it_is_about_whatever_its_name() {
    let (_, mut cases) = signed_and_copies::<{ COPY_NAMES.len() + 1 }>();
    let (jon, cases) = cases.split_first_mut().unwrap();
    sign(&jon.run(), "witness", "jon.b", 2, &[]);
    for (case, pattern) in cases.iter().zip(COPY_NAMES) {
        for artifact in [case.run(), case.manifest()] {
            let (own, theirs) = (
                signatures_of(&artifact),
                signatures_of(&jon.path().join(artifact.file_name().unwrap())),
            );
            let name = own.file_name().unwrap().to_str().unwrap().to_owned();
            let stem = name.strip_suffix(".json").unwrap();
            let mut copy = pattern.replace("{stem}", stem);
            if !pattern.contains("{stem}") && artifact == case.manifest() {
                copy = format!("2 {copy}");
            }
            fs::copy(theirs, case.path().join(copy)).unwrap();
        }
        // Another envelope in the directory, which the copies have nothing to do with.
        let other = Case::copy("good_ed25519");
        for (name, bytes) in other.snapshot() {
            fs::write(case.path().join(name), bytes).unwrap();
        }
        let none: [&Path; 0] = [];
        let said = merge(case.path(), &none);
        assert!(said.stdout.contains("jon.b"), "{pattern}: {said:#?}");
        let said = said.ok();
        assert!(!said.stdout.contains("not in the target"), "{pattern}: {said:#?}");
        for signatures in [case.signatures(), signatures_of(&case.manifest())] {
            assert_eq!(signers(&signatures), ["mira.k", "jon.b"], "{pattern}");
        }
    }
}

#[test]
fn a_copy_that_is_named_is_placed_by_what_it_is_about_or_told_of_truly() {
    let (case, [jon]) = signed_and_copies();
    sign(&jon.run(), "witness", "jon.b", 2, &[]);
    let elsewhere = tempfile::tempdir().unwrap();
    let given = |name: &str, bytes: Vec<u8>| {
        let path = elsewhere.path().join(name);
        fs::write(&path, bytes).unwrap();
        path
    };
    let download = given("signature.txt", fs::read(jon.signatures()).unwrap());
    merge(case.path(), &[download]).ok();
    assert_eq!(signers(&case.signatures()), ["mira.k", "jon.b"]);

    let other = Case::copy("good_ed25519");
    let foreign = given("foreign (1).json", fs::read(other.signatures()).unwrap());
    let said = merge(case.path(), &[foreign]);
    assert!(
        said.code == 1 && said.stdout.contains("an envelope that is not in the target"),
        "{said:?}"
    );
    let notes = given("notes.json", b"{\"a\": 1}".to_vec());
    let said = merge(case.path(), &[notes]);
    assert!(said.code != 0 && said.stderr.contains("no signatures are in it"), "{said:?}");
    assert!(!said.stdout.contains("not in the target"), "{said:?}");

    // What git stopped in is named, with the way out.
    let ours = fs::read_to_string(case.signatures()).unwrap();
    let stopped = format!("<<<<<<< HEAD\n{ours}=======\n{ours}>>>>>>> theirs\n");
    let name = jon.signatures().file_name().unwrap().to_str().unwrap().to_owned();
    let copy = case.path().join(name.replace(".json.sig", ".json (1).sig"));
    fs::write(copy, stopped).unwrap();
    let said = merge_json::<&Path>(case.path(), &[], 1);
    let why = said["left_out"][0]["why"].as_str().unwrap();
    assert!(why.contains("git's conflict markers") && why.contains("two sides"), "{why}");
}

/// A directory with many other files: none of them is a copy.
#[test]
fn files_of_other_names_are_no_copies() {
    let (case, []) = signed_and_copies();
    let before = signature_bytes(&case);
    for name in ["signals.json", "design.json", "package.json", "RUN-notes.json", "x.sig.json"] {
        fs::write(case.path().join(name), "{\"signatures\": 1}").unwrap();
    }
    let run = case.run_name.replace(".json", " notes.json");
    fs::write(case.path().join(run), "{\"a\": 1}").unwrap();
    let said = merge::<&Path>(case.path(), &[]).ok();
    assert!(said.stdout.contains("No conflict copies"), "{said:?}");
    assert_eq!(signature_bytes(&case), before);
}

/// A run that was changed on the stick is named, although the signatures beside it fit the one here.
#[test]
fn another_version_of_the_run_beside_its_signatures_is_named() {
    let (case, stick) = (Case::copy("good_multisig"), Case::copy("good_multisig"));
    let text = fs::read_to_string(stick.run()).unwrap();
    fs::write(stick.run(), text.replacen("DEC-", "DEX-", 1)).unwrap();
    let mut merge = command();
    let said = finish(merge.arg("merge").arg(case.path()).arg(stick.path()), b"");
    assert_eq!(said.code, 1, "{said:?}");
    assert!(said.stdout.contains("another version of the signed file"), "{said:?}");
}

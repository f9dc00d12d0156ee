//! Envelopes in one file, from station to station, through the real binary.

// Helpers of tests may fail the test.
#![allow(clippy::unwrap_used)]

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use countersign_tests::{Case, Outcome, command, finish, home, read_json, signatures_of, snapshot};
use serde_json::Value;
use tempfile::TempDir;

fn sign(run: &Path, role: &str, signer: &str, key: u8) {
    let mut sign = command();
    sign.args(["sign", "--role", role, "--signer", signer, "--key-file", "-"]);
    sign.args(["--key-id", &format!("ds-test-{signer}")]).arg(run);
    finish(&mut sign, BASE64.encode([key; 32]).as_bytes()).ok();
}

fn export(sources: &[&Path], out: &Path) -> Outcome {
    finish(command().arg("export").args(sources).arg("--out").arg(out), b"")
}

fn import(archive: &Path, target: &Path, more: &[&str]) -> Outcome {
    let mut import = command();
    // Each target is a station of its own, which has not seen the logs of the others.
    let heads = home().join("heads").join(target.file_name().unwrap());
    import.env("COUNTERSIGN_LOG_HEADS", heads);
    finish(import.arg("import").arg(archive).arg(target).args(more), b"")
}

fn import_json(archive: &Path, target: &Path, code: i32) -> Value {
    let outcome = import(archive, target, &["--json"]);
    assert_eq!(outcome.code, code, "{outcome:#?}");
    outcome.json_lines().remove(0)
}

/// The digest that was printed, in its groups.
fn digest(outcome: &Outcome) -> String {
    outcome.stdout.lines().find_map(|line| line.strip_prefix("digest  ")).unwrap().to_owned()
}

fn log_append(run: &Path) {
    finish(command().args(["log", "append"]).arg(run), b"").ok();
}

/// A run that is signed and registered, and a place beside it.
fn station() -> (Case, TempDir) {
    let case = Case::copy("good_unsigned");
    sign(&case.run(), "operator", "mira.k", 1);
    log_append(&case.run());
    (case, tempfile::tempdir().unwrap())
}

#[test]
fn what_is_signed_elsewhere_comes_back_and_every_station_has_the_same_bytes() {
    let (mira, stick) = station();
    let there = stick.path().join("to-jon.zip");
    let sent = export(&[&mira.run()], &there).ok();
    assert!(sent.stdout.contains("1 envelope in"), "{sent:?}");
    assert_eq!(digest(&sent).split(' ').count(), 16, "in groups of four");

    // The other station has nothing yet, and was told the digest by telephone.
    let jon = tempfile::tempdir().unwrap();
    let came = import(&there, jon.path(), &["--expect", &digest(&sent).to_uppercase()]).ok();
    assert_eq!(digest(&came), digest(&sent));
    assert_eq!(snapshot(jon.path()), mira.snapshot(), "byte for byte, the log included");

    let run = jon.path().join(&mira.run_name);
    sign(&run, "witness", "jon.b", 2);
    let back = stick.path().join("to-mira.zip");
    export(&[jon.path()], &back).ok();
    let came = import_json(&back, mira.path(), 0);
    let envelope = &came["envelopes"][0];
    assert_eq!((&envelope["new"], envelope["added"].as_array().unwrap().len()), (&false.into(), 2));
    assert_eq!(envelope["added"][0]["signer_id"], "jon.b");
    let from = envelope["added"][0]["from"].as_str().unwrap();
    assert!(from.starts_with(back.to_str().unwrap()), "named by the file that was sent: {from}");
    assert_eq!(mira.snapshot(), snapshot(jon.path()));
    assert_eq!(mira.status()["level"], 5);

    // As a merge of the directories would have it; and once more, which changes nothing.
    let (merged, before) = (Case::copy("good_unsigned"), mira.snapshot());
    finish(command().arg("merge").arg(merged.path()).arg(jon.path()), b"").ok();
    assert_eq!(fs::read(merged.signatures()).unwrap(), fs::read(mira.signatures()).unwrap());
    for archive in [&back, &there] {
        let again = import_json(archive, mira.path(), 0);
        assert_eq!(again["envelopes"][0]["written"], serde_json::json!([]));
        assert_eq!(mira.snapshot(), before);
    }

    // The same envelopes make the same file.
    let twice = stick.path().join("twice.zip");
    export(&[jon.path()], &twice).ok();
    assert_eq!(fs::read(&twice).unwrap(), fs::read(&back).unwrap());
    export(&[jon.path()], &twice).refused(&["is there already"]);
}

#[test]
fn a_selection_keeps_its_folders_and_finds_what_is_kept_elsewhere() {
    let (a, stick) = station();
    let folder = a.path().join("2026").join("05");
    fs::create_dir_all(&folder).unwrap();
    let other = Case::copy("good_multisig");
    for (name, bytes) in other.snapshot() {
        fs::write(folder.join(name), bytes).unwrap();
    }
    let archive = stick.path().join("all.zip");
    assert!(export(&[a.path()], &archive).ok().stdout.contains("2 envelopes in"));
    let target = tempfile::tempdir().unwrap();
    // What is there already is found wherever it is kept.
    let own = target.path().join("mine");
    fs::create_dir(&own).unwrap();
    for name in [&a.run_name, &a.manifest().file_name().unwrap().to_string_lossy().into_owned()] {
        fs::copy(a.path().join(name), own.join(name)).unwrap();
    }
    let came = import_json(&archive, target.path(), 0);
    assert_eq!(came["envelopes"].as_array().unwrap().len(), 2, "{came}");
    assert!(!target.path().join(&a.run_name).exists());
    let signatures = own.join(a.signatures().file_name().unwrap());
    assert_eq!(fs::read(signatures).unwrap(), fs::read(a.signatures()).unwrap());
    let copied = target.path().join("2026/05").join(&other.run_name);
    assert_eq!(fs::read(copied).unwrap(), fs::read(other.run()).unwrap());

    // As a folder, too, the way unzip leaves it.
    let unpacked = stick.path().join("unpacked");
    unzip(&archive, &unpacked);
    let second = tempfile::tempdir().unwrap();
    // The log of the upper folder came in first, and is the one for those below it as well.
    let said = import_json(&unpacked, second.path(), 1);
    assert!(said["left_out"][0]["why"].as_str().unwrap().contains("another log"), "{said}");
    assert!(second.path().join("2026/05").join(&other.run_name).exists());
}

/// Takes a zip apart without any care; for those that we made.
fn unzip(archive: &Path, to: &Path) {
    let mut zip = zip::ZipArchive::new(fs::File::open(archive).unwrap()).unwrap();
    zip.extract(to).unwrap();
}

/// Puts files into a zip, with a list that fits them.
fn zip_of(files: &[(String, Vec<u8>)], to: &Path) {
    let options = zip::write::SimpleFileOptions::default();
    let mut zip = zip::ZipWriter::new(fs::File::create(to).unwrap());
    let mut sums = String::new();
    for (name, bytes) in files.iter().filter(|(name, _)| name != "SHA256SUMS") {
        sums += &format!("{}  {name}\n", countersign_envelope::digest::Digest::of(bytes).hex());
        zip.start_file(name, options).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.start_file("SHA256SUMS", options).unwrap();
    zip.write_all(sums.as_bytes()).unwrap();
    zip.finish().unwrap();
}

/// The files of an export, one of them changed, in a zip whose list fits.
fn forged(archive: &Path, name: &Path, change: impl FnOnce(Vec<u8>) -> Vec<u8>) -> PathBuf {
    let unpacked = tempfile::tempdir().unwrap();
    unzip(archive, unpacked.path());
    let path = unpacked.path().join(name.file_name().unwrap());
    fs::write(&path, change(fs::read(&path).unwrap())).unwrap();
    let to = archive.with_extension("forged.zip");
    zip_of(&snapshot(unpacked.path()), &to);
    to
}

#[test]
fn what_contradicts_is_named_and_left_out_and_nothing_is_overwritten() {
    let (mira, stick) = station();
    let archive = stick.path().join("x.zip");
    export(&[&mira.run()], &archive).ok();

    // Another run under this name.
    let other = tempfile::tempdir().unwrap();
    let mut run = read_json(&mira.run());
    run["decision_state"]["title"] = "Something else".into();
    fs::write(other.path().join(&mira.run_name), run.to_string()).unwrap();
    let before = snapshot(other.path());
    let said = import(&archive, other.path(), &[]);
    assert_eq!(said.code, 2, "{said:?}");
    assert!(said.stdout.contains("conflict: another run has this name"), "{said:?}");
    assert_eq!(snapshot(other.path()), before);

    // Another manifest: the envelope comes in, the manifest stays.
    let other = tempfile::tempdir().unwrap();
    let manifest = other.path().join(mira.manifest().file_name().unwrap());
    fs::write(&manifest, "{}").unwrap();
    let said = import_json(&archive, other.path(), 1);
    assert!(said["left_out"][0]["why"].as_str().unwrap().contains("another manifest"), "{said}");
    assert_eq!(fs::read_to_string(&manifest).unwrap(), "{}");
    assert!(other.path().join(&mira.run_name).exists());

    // A run that was changed since it was sealed, a manifest of another, a signature that does not
    // hold, each with a list that fits.
    let changed = |bytes: Vec<u8>| {
        String::from_utf8(bytes)
            .unwrap()
            .replacen("\"title\": \"", "\"title\": \"Not ", 1)
            .into_bytes()
    };
    let tampered = forged(&archive, &mira.run(), changed);
    let empty = tempfile::tempdir().unwrap();
    let said = import(&tampered, empty.path(), &[]).refused(&["nothing was imported"]);
    assert!(said.stdout.contains("its content hash does not match"), "{said:?}");
    assert!(snapshot(empty.path()).is_empty());

    let tampered =
        forged(&archive, &mira.manifest(), |_| b"{\"commit_hash\": \"sha256:0\"}".to_vec());
    let said = import_json(&tampered, empty.path(), 1);
    assert!(said["left_out"][0]["why"].as_str().unwrap().contains("another commit hash"), "{said}");

    let flipped = |bytes: Vec<u8>| {
        let mut block: Value = serde_json::from_slice(&bytes).unwrap();
        block["signature"] = BASE64.encode([7; 64]).into();
        block.to_string().into_bytes()
    };
    let tampered = forged(&archive, &mira.signatures(), flipped);
    let empty = tempfile::tempdir().unwrap();
    let said = import_json(&tampered, empty.path(), 1);
    let why = said["envelopes"][0]["left_out"][0]["why"].as_str().unwrap();
    assert!(why.contains("does not verify"), "{said}");
    assert!(!signatures_of(&empty.path().join(&mira.run_name)).exists());
}

#[test]
fn logs_come_in_where_there_is_none_or_the_beginning_of_them() {
    let (mira, stick) = station();
    let jon = tempfile::tempdir().unwrap();
    let archive = |name: &str| stick.path().join(name);
    export(&[mira.path()], &archive("1.zip")).ok();
    import_json(&archive("1.zip"), jon.path(), 0);
    let log = |directory: &Path| fs::read(directory.join("transparency_log.ndjson")).unwrap();
    // Longer there: it goes on here.
    let second = Case::copy("good_ed25519");
    for (name, bytes) in second.snapshot() {
        fs::write(mira.path().join(name), bytes).unwrap();
    }
    log_append(&mira.path().join(&second.run_name));
    export(&[mira.path()], &archive("2.zip")).ok();
    let said = import_json(&archive("2.zip"), jon.path(), 0);
    assert_eq!(said["logs"][0]["new"], false, "{said}");
    assert_eq!(log(jon.path()), log(mira.path()));
    // Longer here: nothing to do.
    let said = import_json(&archive("1.zip"), jon.path(), 0);
    assert_eq!(said["logs"].as_array().unwrap().len(), 0, "{said}");
    assert_eq!(log(jon.path()), log(mira.path()));
    // Another log: it is left alone, and that is said.
    let ana = Case::copy("good_ed25519");
    log_append(&ana.run());
    let own = log(ana.path());
    let said = import_json(&archive("1.zip"), ana.path(), 1);
    assert!(said["left_out"][0]["why"].as_str().unwrap().contains("another log"), "{said}");
    assert_eq!(log(ana.path()), own);
}

#[test]
fn what_is_not_what_was_sent_is_refused_before_anything_is_written() {
    let (mira, stick) = station();
    let archive = stick.path().join("x.zip");
    export(&[&mira.run()], &archive).ok();
    let target = tempfile::tempdir().unwrap();
    let expected = "0".repeat(64);
    import(&archive, target.path(), &["--expect", &expected])
        .refused(&["its digest is", "0000 0000"]);
    import(&archive, target.path(), &["--expect", "12ab"]).refused(&["64 hex digits"]);
    let unpacked = stick.path().join("x");
    unzip(&archive, &unpacked);
    fs::write(unpacked.join("extra.json"), "{}").unwrap();
    let log = unpacked.join("transparency_log.ndjson");
    fs::write(&log, [fs::read(&log).unwrap(), b"\n".to_vec()].concat()).unwrap();
    fs::remove_file(unpacked.join(mira.manifest().file_name().unwrap())).unwrap();
    import(&unpacked, target.path(), &[]).refused(&[
        "extra.json exists and is not listed",
        "transparency_log.ndjson is altered",
        ".manifest.json is listed but missing",
    ]);
    import(&mira.run(), target.path(), &[]).refused(&["not a zip that can be read"]);
    import(mira.path(), target.path(), &[]).refused(&["there is no SHA256SUMS"]);
    import(&archive, &target.path().join("none"), &[]).refused(&["no such directory"]);
    assert!(snapshot(target.path()).is_empty());
}

#[test]
fn a_link_in_the_target_does_not_lead_what_comes_in_out_of_it() {
    let (mira, stick) = station();
    let folder = mira.path().join("sub");
    fs::create_dir(&folder).unwrap();
    for (name, bytes) in Case::copy("good_multisig").snapshot() {
        fs::write(folder.join(name), bytes).unwrap();
    }
    let archive = stick.path().join("x.zip");
    export(&[mira.path()], &archive).ok();
    let (target, outside) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    std::os::unix::fs::symlink(outside.path(), target.path().join("sub")).unwrap();
    let said = import_json(&archive, target.path(), 1);
    assert!(said["left_out"][0]["why"].as_str().unwrap().contains("leads out"), "{said}");
    assert!(snapshot(outside.path()).is_empty());
    assert!(target.path().join(&mira.run_name).exists(), "the other came in");
}

#[test]
fn what_cannot_be_carried_is_named() {
    let (mira, stick) = station();
    let tampered = Case::copy("content_tampered");
    fs::copy(tampered.run(), mira.path().join(&tampered.run_name)).unwrap();
    let archive = stick.path().join("x.zip");
    let said = export(&[mira.path()], &archive);
    assert_eq!(said.code, 1, "{said:?}");
    assert!(said.stdout.contains("its content hash does not match"), "{said:?}");
    export(&[&tampered.run()], &stick.path().join("y.zip")).refused(&["no sealed run"]);
    export(&[Path::new("/nowhere/RUN-1.json")], &stick.path().join("y.zip"))
        .refused(&["no such file"]);
    assert!(!stick.path().join("y.zip").exists());
}

#[test]
fn carrying_and_merging_are_journalled_before_anything_is_written() {
    let (mira, stick) = station();
    let journal = stick.path().join("journal.ndjson");
    let jon = Case::copy("good_unsigned");
    fs::copy(mira.signatures(), jon.signatures()).unwrap();
    sign(&jon.run(), "witness", "jon.b", 2);
    let archive = stick.path().join("x.zip");
    let run = |arguments: &[&Path]| {
        let mut command = command();
        finish(command.args(arguments).env("COUNTERSIGN_JOURNAL", &journal), b"")
    };
    let (out, target) = (Path::new("--out"), tempfile::tempdir().unwrap());
    run(&[Path::new("export"), jon.path(), out, &archive]).ok();
    run(&[Path::new("import"), &archive, target.path()]).ok();
    run(&[Path::new("merge"), mira.path(), jon.path()]).ok();
    let shown = run(&[Path::new("journal"), Path::new("show"), Path::new("--json")]).ok();
    let events: Vec<String> =
        shown.json_lines().iter().map(|e| e["event"].as_str().unwrap().into()).collect();
    let expected = [
        "journal_begun",
        "archive_attempted",
        "archive_written",
        "import_attempted",
        "merge_attempted",
        "merged",
        "imported",
        "merge_attempted",
        "merged",
    ];
    assert_eq!(events, expected);
    let merged = shown.json_lines().pop().unwrap();
    assert!(merged["added"].to_string().contains("jon.b"), "{merged}");

    // Where nothing can be written down, nothing is done.
    let nowhere = Path::new("/proc/none/journal.ndjson");
    let before = Case::copy("good_unsigned");
    for arguments in [
        vec![Path::new("export"), jon.path(), out, Path::new("y.zip")],
        vec![Path::new("import"), &archive, before.path()],
        vec![Path::new("merge"), before.path(), jon.path()],
    ] {
        let snapshot = before.snapshot();
        let mut command = command();
        command.args(arguments).current_dir(stick.path()).env("COUNTERSIGN_JOURNAL", nowhere);
        finish(&mut command, b"").refused(&["could not be journalled"]);
        assert_eq!(before.snapshot(), snapshot);
        assert!(!stick.path().join("y.zip").exists());
    }
}

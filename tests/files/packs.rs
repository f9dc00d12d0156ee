//! The admissibility pack through the real binary: what is in it, what is found wrong with one, and
//! that somebody with OpenSSL and sha256sum alone can verify it.

// Helpers of tests may fail the test.
#![allow(clippy::unwrap_used)]

use std::fs;
use std::io::{Cursor, Write as _};
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use countersign_envelope::artifact::Artifact;
use countersign_envelope::digest::Digest;
use countersign_envelope::instant::Instant;
use countersign_envelope::signature::{Algorithm, PayloadType, Role, SignedPayload, SignerType};
use countersign_envelope::signature_file::{NewSignature, SignatureFile, SignedArtifact};
use countersign_envelope::verification::signed_bytes;
use countersign_tests::{
    Case, Outcome, SHARED_KEY, command, finish, paste, read_json, sign_elsewhere, signatures_of,
    snapshot, tool,
};
use serde_json::Value;
use tempfile::TempDir;
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

const ANY_KEY: [&str; 4] = ["--trust", "embedded", "--assurance", "claimed"];

fn pack(run: &Path, out: &Path, more: &[&str]) -> Outcome {
    finish(command().arg("pack").arg(run).arg("--out").arg(out).args(more), b"")
}

fn verify(path: &Path, more: &[&str]) -> Outcome {
    finish(command().arg("verify").arg(path).args(more), b"")
}

/// A pack of one of the reference's cases, as a folder.
fn packed(case: &str) -> (Case, TempDir, PathBuf) {
    let (case, place) = (Case::copy(case), tempfile::tempdir().unwrap());
    let folder = place.path().join("pack");
    pack(&case.run(), &folder, &ANY_KEY).ok();
    (case, place, folder)
}

fn digest(outcome: &Outcome) -> String {
    outcome.stdout.lines().find_map(|line| line.strip_prefix("digest  ")).unwrap().to_owned()
}

/// All files below a folder, by their names in it.
fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        match path.is_dir() {
            true => {
                let inside = self::files(&path).into_iter();
                files.extend(inside.map(|(file, bytes)| (format!("{name}/{file}"), bytes)));
            }
            false => files.push((name, fs::read(&path).unwrap())),
        }
    }
    files.sort();
    files
}

/// Writes the list of a folder again, as a forger would.
fn list_anew(folder: &Path) {
    let all = files(folder).into_iter().filter(|(name, _)| name != "SHA256SUMS");
    let line = |(name, bytes): (String, Vec<u8>)| format!("{}  {name}\n", Digest::of(&bytes).hex());
    fs::write(folder.join("SHA256SUMS"), all.map(line).collect::<String>()).unwrap();
}

/// The commands of the instructions, each as it is to be pasted.
fn commands(folder: &Path) -> Vec<String> {
    let text = fs::read_to_string(folder.join("VERIFY_INSTRUCTIONS.md")).unwrap();
    let blocks = text.split("```sh\n").skip(1);
    blocks.map(|block| block.split("```").next().unwrap().to_owned()).collect()
}

#[test]
fn a_pack_has_all_that_it_takes_as_folder_and_as_zip() {
    let (case, place, folder) = packed("good_authority");
    let names: Vec<String> = files(&folder).into_iter().map(|(name, _)| name).collect();
    for name in [
        case.run_name.as_str(),
        "LOG_HEAD.json",
        "SHA256SUMS",
        "VERIFY_INSTRUCTIONS.md",
        "authority_ledger.ndjson",
        "keyring.json",
        "report.html",
        "transparency_log.ndjson",
        "signatures/run-1.sig",
        "signed/run.canonical",
    ] {
        assert!(names.iter().any(|one| one == name), "no {name} in {names:?}");
    }
    for (name, bytes) in case.snapshot() {
        assert_eq!(fs::read(folder.join(&name)).unwrap(), bytes, "{name} is as it was");
    }
    let log = fs::read(folder.join("transparency_log.ndjson")).unwrap();
    let head = read_json(&folder.join("LOG_HEAD.json"));
    assert_eq!(head["chain_head_hash"], Digest::of(&log).to_string());
    tool("sha256sum", "coreutils", &["--strict", "--check", "SHA256SUMS"], &folder).ok();

    // The zip has the same digest, the same files, and the same bytes whenever it is made.
    let zip = place.path().join("pack.zip");
    let said = pack(&case.run(), &zip, &ANY_KEY).ok();
    assert!(said.stdout.contains("at L7"), "{said:?}");
    let sums = Digest::of(&fs::read(folder.join("SHA256SUMS")).unwrap());
    assert_eq!(digest(&said), sums.grouped());
    let unpacked = place.path().join("unpacked");
    ZipArchive::new(fs::File::open(&zip).unwrap()).unwrap().extract(&unpacked).unwrap();
    assert_eq!(files(&unpacked), files(&folder));
    let again = place.path().join("again.zip");
    pack(&case.run(), &again, &ANY_KEY).ok();
    assert_eq!(fs::read(&zip).unwrap(), fs::read(&again).unwrap());
    pack(&case.run(), &again, &ANY_KEY).refused(&["is there already"]);

    // It is verified as either, without a touch; and as a folder that somebody has zipped.
    let before = (files(&folder), fs::read(&zip).unwrap());
    let outer = place.path().join("outer.zip");
    let prefixed = files(&folder).into_iter().map(|(name, bytes)| (format!("DEC-7/{name}"), bytes));
    fs::write(&outer, zip_of(&prefixed.collect::<Vec<_>>())).unwrap();
    for path in [&folder, &zip, &outer] {
        let spoken = sums.grouped();
        let mut arguments = vec!["--level", "L7", "--expect", &spoken];
        arguments.extend(ANY_KEY);
        let said = verify(path, &arguments).ok();
        assert!(said.stdout.contains("as expected"), "{said:?}");
        arguments.push("--json");
        let row = verify(path, &arguments).ok().json_lines().remove(0);
        assert_eq!((&row["level"], &row["pack"]["expected"]), (&7.into(), &true.into()), "{row}");
        assert_eq!(row["pack"]["digest"], sums.hex());
    }
    assert_eq!((files(&folder), fs::read(&zip).unwrap()), before);
    let other = verify(&zip, &["--expect", &"0".repeat(64), "--trust", "embedded"]);
    assert_eq!((other.code, other.stdout.contains("NOT the expected")), (1, true), "{other:?}");
}

#[test]
fn whoever_has_openssl_alone_can_verify_every_signature() {
    let shared = BASE64.encode(SHARED_KEY);
    for algorithm in &Algorithm::of_signatures().collect::<Vec<_>>() {
        for payload in SignedPayload::ALL {
            let name = format!("{algorithm} over {payload}");
            let (case, scratch) = (Case::copy("good_unsigned"), tempfile::tempdir().unwrap());
            for (path, payload_type) in
                [(case.run(), PayloadType::SealedRun), (case.manifest(), PayloadType::Manifest)]
            {
                let bytes = fs::read(&path).unwrap();
                let artifact = Artifact::parse(&bytes).unwrap();
                let message = signed_bytes(artifact.canonical(), *payload);
                let (public_key, signature) = sign_elsewhere(*algorithm, &message, scratch.path());
                let new = NewSignature {
                    algorithm: *algorithm,
                    signed_payload: *payload,
                    key_id: "../$(touch pwned) `id`",
                    signer_id: "o'brien `id`",
                    role: Role::Operator,
                    signer_type: SignerType::Software,
                    signed_at: Instant::EPOCH,
                    public_key: public_key.as_ref(),
                    signature: &BASE64.encode(&signature),
                    key_attestation: None,
                    claim: None,
                    companion: None,
                };
                let mut block = new.block(SignedArtifact {
                    artifact: &artifact,
                    payload_type,
                    file_name: &path.file_name().unwrap().to_string_lossy(),
                    file_bytes: &bytes,
                });
                // What a stranger says is not repeated as a command.
                block.set("verification_instructions", "touch pwned");
                fs::write(signatures_of(&path), SignatureFile::Block(block).to_text()).unwrap();
            }
            let folder = scratch.path().join("pack");
            pack(&case.run(), &folder, &ANY_KEY).ok();
            let commands = commands(&folder);
            assert_eq!(commands.len(), 2, "{name}");
            for command in &commands {
                paste("sh", command, &folder, &shared).ok();
            }
            let report = fs::read_to_string(folder.join("report.html")).unwrap();
            assert!(!report.contains("touch pwned\""), "{name}");
            assert!(report.contains("openssl"), "{name}");
            // The signature of another: it is seen.
            let one = folder.join("signatures").join("run-1.sig");
            let mut bytes = fs::read(&one).unwrap();
            bytes[20] ^= 1;
            fs::write(&one, bytes).unwrap();
            assert_ne!(paste("sh", &commands[0], &folder, &shared).code, 0, "{name}");
            assert!(!folder.join("pwned").exists());
        }
    }
}

#[test]
fn whatever_is_altered_added_or_taken_out_is_named() {
    let (case, place, folder) = packed("good_authority");
    let zip = place.path().join("x.zip");
    for (name, bytes) in files(&folder).into_iter().filter(|(name, _)| name != "SHA256SUMS") {
        let path = folder.join(&name);
        let look = |what: &str| {
            fs::write(&zip, zip_of(&files(&folder))).unwrap();
            for pack in [&folder, &zip] {
                let said = verify(pack, &ANY_KEY);
                // Without its run it is no pack.
                let code = if name == case.run_name && what == "missing" { 2 } else { 1 };
                assert_eq!(said.code, code, "{name}: {said:?}");
                let fault = format!("{name}: {what}");
                assert!(code == 2 || said.stdout.contains(&fault), "no {fault} in {said:?}");
            }
        };
        fs::write(&path, [&bytes[..], b" "].concat()).unwrap();
        look("altered");
        fs::remove_file(&path).unwrap();
        look("missing");
        fs::write(&path, bytes).unwrap();
    }
    // Whoever takes out what tells a person makes no ordinary directory of it.
    for name in ["report.html", "VERIFY_INSTRUCTIONS.md"] {
        fs::rename(folder.join(name), place.path().join(name)).unwrap();
    }
    let said = verify(&folder, &ANY_KEY);
    assert!(said.code == 1 && said.stdout.contains("report.html: missing"), "{said:?}");
    for name in ["report.html", "VERIFY_INSTRUCTIONS.md"] {
        fs::rename(place.path().join(name), folder.join(name)).unwrap();
    }
    fs::write(folder.join("more.txt"), "").unwrap();
    // The verdict is in the exit code, whoever reads along.
    let line = "set -o pipefail; \"$0\" verify \"$1\" --trust embedded | true";
    let mut shell = std::process::Command::new("bash");
    shell.args(["-c", line]).arg(countersign_tests::binary()).arg(&folder);
    assert_eq!(shell.status().unwrap().code(), Some(1));
    let row = verify(&folder, &[&ANY_KEY[..], &["--json"]].concat()).json_lines().remove(0);
    assert_eq!(row["pack"]["faults"][0]["file"], "more.txt", "{row}");
    // The list may be the genuine one, so its digest is none of what is here.
    assert!(row["pack"]["digest"].is_null(), "{row}");
    let tampered = verify(&folder, &ANY_KEY).stdout;
    assert!(tampered.contains("digest  not shown"), "{tampered}");
    fs::remove_file(folder.join("more.txt")).unwrap();
    verify(&folder, &ANY_KEY).ok();
}

/// Where the list fits, what contradicts itself is found all the same.
#[test]
fn a_forger_who_writes_the_list_anew_is_found_out_by_the_rest() {
    let key = |folder: &Path| files(&folder.join("keys")).remove(0).0;
    type Forgery = fn(&Path, &str);
    let forgeries: [(Forgery, &str); 4] = [
        (
            |at, key| fs::copy(at.join("SHA256SUMS"), at.join("keys").join(key)).map(drop).unwrap(),
            "keys/",
        ),
        (|at, _| fs::write(at.join("signed/run.canonical"), "{}").unwrap(), "signed/run.canonical"),
        (
            |at, _| {
                let mut head = read_json(&at.join("LOG_HEAD.json"));
                head["entry_count"] = 7.into();
                fs::write(at.join("LOG_HEAD.json"), head.to_string()).unwrap();
            },
            "LOG_HEAD.json: is not the head",
        ),
        (|at, _| fs::write(at.join("keyring.json"), "{}").unwrap(), "keyring.json"),
    ];
    for (forge, words) in forgeries {
        let (_case, _place, folder) = packed("good_authority");
        forge(&folder, &key(&folder));
        list_anew(&folder);
        let said = verify(&folder, &ANY_KEY);
        assert_eq!(said.code, 1, "{words}: {said:?}");
        assert!(said.stdout.contains(words), "no {words} in {said:?}");
    }
}

#[test]
fn a_pack_s_keyring_is_the_packer_s_word_and_is_said_to_be() {
    let place = tempfile::tempdir().unwrap();
    let demo = place.path().join("demo");
    finish(command().arg("demo").arg(&demo).args(["--level", "L7", "--runs", "1"]), b"").ok();
    let keyring = demo.join("keyring.json");
    // What a later version, or a person, notes in it stays at home.
    let mut kept = read_json(&keyring);
    kept["keys"][0]["phone"] = "555 0100".into();
    kept["keys"].as_array_mut().unwrap().push(serde_json::json!({
        "key_id": "private", "key_type": "hmac-sha256", "public_key": null, "owner": "somebody",
        "roles": ["operator"], "kind": "software"
    }));
    fs::write(&keyring, kept.to_string()).unwrap();
    let found = fs::read_dir(&demo).unwrap().map(|entry| entry.unwrap().path());
    let is_run = |path: &PathBuf| {
        countersign_envelope::file_name::is_sealed_run(&path.file_name().unwrap().to_string_lossy())
    };
    let run = found.into_iter().find(is_run).unwrap();
    let out = place.path().join("x.zip");
    pack(&run, &out, &["--keyring", keyring.to_str().unwrap()]).ok();

    let said = verify(&out, &["--level", "L7"]).ok();
    assert!(said.stdout.contains("is the word of whoever packed it"), "{said:?}");
    // Held against a keyring that knows nobody.
    let own = place.path().join("own.json");
    fs::write(&own, r#"{"keyring_version": "1.0", "keys": []}"#).unwrap();
    let said = verify(&out, &["--level", "L7", "--keyring", own.to_str().unwrap()]);
    assert_eq!(said.code, 1, "{said:?}");
    assert!(said.stdout.contains("the key is unknown"), "{said:?}");
    verify(&out, &["--level", "L7", "--keyring", keyring.to_str().unwrap()]).ok();

    let mut zip = ZipArchive::new(fs::File::open(&out).unwrap()).unwrap();
    let excerpt: Value = serde_json::from_reader(zip.by_name("keyring.json").unwrap()).unwrap();
    let text = excerpt.to_string();
    assert!(!text.contains("555") && !text.contains("somebody"), "{text}");
    assert!(excerpt["keys"].as_array().unwrap().len() >= 2, "{text}");
    drop(zip);
    // A run has no digest to expect.
    verify(&run, &["--expect", &"0".repeat(64)]).refused(&["not a pack"]);
}

#[test]
fn a_hostile_run_is_text_in_the_report_and_the_instructions() {
    let case = Case::copy("good_unsigned");
    let mut run = read_json(&case.run());
    run["decision_state"]["title"] = "<script>alert(1)</script>\u{202e}`x` \"&'".into();
    run["decision_state"]["status"] = "</style><img src=x onerror=alert(1)>".into();
    run["authority_envelope"]["actor"]["id"] = "javascript:alert(1)".into();
    fs::write(case.run(), run.to_string()).unwrap();
    let folder = case.path().join("pack");
    // The hash does not hold any more: it is packed all the same, and says so.
    let said = pack(&case.run(), &folder, &[]).ok();
    assert!(said.stdout.contains("at below L0"), "{said:?}");
    let report = fs::read_to_string(folder.join("report.html")).unwrap();
    for never in ["<script", "<img", "\u{202e}", "onerror=alert(1)>", "http:", "https:", "url("] {
        assert!(!report.contains(never), "{never} in the report");
    }
    assert_eq!(report.matches("</style>").count(), 1);
    assert!(report.contains("&#60;script&#62;") && report.contains("⟨U+202E⟩"), "{report}");
    assert!(report.contains("not admissible"));
    let instructions = fs::read_to_string(folder.join("VERIFY_INSTRUCTIONS.md")).unwrap();
    assert!(!instructions.contains("`x`") && instructions.contains("Nobody has signed"));
}

/// The first line of the page is what is filed and quoted.
#[test]
fn a_level_by_a_weaker_policy_is_marked_wherever_the_pack_names_it() {
    let case = Case::copy("good_unsigned");
    for (policy, is_marked) in [(&["--trust", "embedded"][..], true), (&[], false)] {
        let folder = case.path().join(format!("pack {is_marked}"));
        pack(&case.run(), &folder, policy).ok();
        let report = fs::read_to_string(folder.join("report.html")).unwrap();
        let says = |words: &str| report.contains(words);
        assert_eq!(says("This envelope is at L1, any key: "), is_marked, "{report}");
        assert_eq!(says("<span>any key</span>") && says("not who signed"), is_marked, "{report}");
        let instructions = fs::read_to_string(folder.join("VERIFY_INSTRUCTIONS.md")).unwrap();
        assert_eq!(instructions.contains("It is at L1, any key: "), is_marked);
    }
}

#[test]
fn what_cannot_be_read_is_not_packed() {
    let case = Case::copy("good_multisig");
    let out = case.path().join("x.zip");
    fs::write(signatures_of(&case.manifest()), "{").unwrap();
    pack(&case.run(), &out, &[]).refused(&[".manifest.json.sig.json", "nothing was packed"]);
    pack(&case.manifest(), &out, &[]).refused(&["not named like a sealed run"]);
    pack(&Case::copy("not_json").run(), &out, &[]).refused(&["not JSON", "nothing was packed"]);
    pack(&case.path().join("RUN-50b0d817_20260506T070809Z.json"), &out, &[])
        .refused(&["no such file"]);
    assert!(!out.exists());
    let journal = "/proc/none/journal.ndjson";
    let good = Case::copy("good_multisig");
    pack(&good.run(), &out, &["--journal", journal]).refused(&["could not be journalled"]);
    assert!(!out.exists());
    let journal = case.path().join("journal.ndjson");
    pack(&good.run(), &out, &["--journal", journal.to_str().unwrap()]).ok();
    let text = fs::read_to_string(journal).unwrap();
    assert!(text.contains("archive_attempted") && text.contains("archive_written"), "{text}");
}

/// A log or ledger that is about others is not in the pack: it would say nothing of the run.
#[test]
fn what_is_about_others_stays_at_home() {
    let case = Case::copy("log_without_us");
    let folder = case.path().join("pack");
    pack(&case.run(), &folder, &ANY_KEY).ok();
    assert!(!folder.join("transparency_log.ndjson").exists());
    assert!(!folder.join("LOG_HEAD.json").exists());
}

fn zip_of(files: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        zip.start_file(name, SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// Replaces every place of some bytes by as many others.
fn patched(bytes: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    assert_eq!(from.len(), to.len());
    let mut patched = bytes.to_vec();
    let places: Vec<usize> =
        (0..=bytes.len() - from.len()).filter(|at| bytes[*at..].starts_with(from)).collect();
    assert!(!places.is_empty(), "nothing to patch");
    places.iter().for_each(|at| patched[*at..*at + to.len()].copy_from_slice(to));
    patched
}

#[test]
fn a_zip_with_a_trick_in_it_is_refused_and_writes_nothing() {
    let (_case, place, folder) = packed("good_multisig");
    let good = files(&folder);
    let with = |name: &str, bytes: &[u8]| {
        let mut all = good.clone();
        all.push((name.to_owned(), bytes.to_vec()));
        zip_of(&all)
    };
    let plain = zip_of(&good);
    let linked = {
        let mut zip = ZipWriter::new_append(Cursor::new(plain.clone())).unwrap();
        zip.add_symlink("link", "/etc/passwd", SimpleFileOptions::default()).unwrap();
        zip.finish().unwrap().into_inner()
    };
    let bomb = vec![0; 100 << 20];
    let encrypted = {
        // Bit 0 of the flags, in the header of each file and in the list of them.
        let mut bytes = plain.clone();
        for at in 0..bytes.len() - 10 {
            match &bytes[at..at + 4] {
                b"PK\x03\x04" => bytes[at + 6] |= 1,
                b"PK\x01\x02" => bytes[at + 8] |= 1,
                _ => {}
            }
        }
        bytes
    };
    let tricks: Vec<(&str, Vec<u8>, &str)> = vec![
        ("out", with("../evil", b"x"), "leads out"),
        ("deeper out", with("a/../../evil", b"x"), "leads out"),
        ("absolute", patched(&with("etc_/evil", b"x"), b"etc_/evil", b"/etc/evil"), "the root"),
        ("backslash", patched(&with("..-evil", b"x"), b"..-evil", b"..\\evil"), "backslash"),
        ("drive", with("C:evil", b"x"), "not every system"),
        ("hidden", with("a\u{202e}b", b"x"), "hidden characters"),
        ("case", with("REPORT.html", b"x"), "in another spelling"),
        ("list twice", with("sha256sums", b"x"), "in another spelling"),
        ("file as folder", with("report.html/x", b"x"), "in another spelling"),
        (
            "twice",
            patched(&with("report.xyzw", b"x"), b"report.xyzw", b"report.html"),
            "the same name",
        ),
        ("link", linked, "a symbolic link"),
        ("bomb", with("zeros", &bomb), "would unpack to"),
        ("encrypted", encrypted, "encrypted"),
        ("before it", [b"#!/bin/sh\n".as_slice(), &plain].concat(), "before or behind"),
        ("behind it", [plain.as_slice(), b"more"].concat(), "before or behind"),
        ("cut off", plain[..plain.len() / 2].to_vec(), "not a zip that can be read"),
        ("gzip", b"\x1f\x8b\x08 and more".to_vec(), "this is packed with gzip"),
        ("7z", b"7z\xbc\xaf\x27\x1c and more".to_vec(), "this is a 7z archive"),
        ("no zip", b"PK\x03\x04 and nothing".to_vec(), "not a zip that can be read"),
        ("empty", Vec::new(), "not a zip that can be read"),
    ];
    let target = tempfile::tempdir().unwrap();
    for (name, bytes, words) in tricks {
        let path = place.path().join("trick.zip");
        fs::write(&path, bytes).unwrap();
        let verified = verify(&path, &ANY_KEY);
        let imported = finish(command().arg("import").arg(&path).arg(target.path()), b"");
        assert_eq!((verified.code, imported.code), (2, 2), "{name}: {verified:?} {imported:?}");
        for said in [&verified, &imported] {
            assert!(said.stderr.contains(words), "{name}: no {words:?} in {}", said.stderr);
        }
        assert!(snapshot(target.path()).is_empty(), "{name}");
        assert!(!place.path().join("evil").exists(), "{name}");
    }
    // A folder has tricks of its own.
    std::os::unix::fs::symlink("/etc/passwd", folder.join("link")).unwrap();
    verify(&folder, &ANY_KEY).refused(&["a symbolic link"]);
}

/// What file managers add of their own accord is no tampering, and nothing that is read.
#[test]
fn what_a_file_manager_leaves_is_named_as_such_and_changes_nothing() {
    let (_case, place, folder) = packed("good_authority");
    let before = digest(&verify(&folder, &ANY_KEY).ok());
    let hidden = folder.file_name().unwrap().to_str().unwrap().to_owned();
    for name in [".DS_Store", "Thumbs.db", "desktop.ini", "keys/._ds-test.pem"] {
        fs::write(folder.join(name), "left behind").unwrap();
    }
    let said = verify(&folder, &ANY_KEY).ok();
    assert_eq!(digest(&said), before);
    assert!(said.stdout.contains("4 files left by a file manager"), "{said:?}");
    assert!(!said.stdout.contains("fault"), "{said:?}");

    // As Finder zips a folder: the folder on top, and beside it another with what it knows of them.
    let beside = place.path().join("__MACOSX").join(&hidden);
    fs::create_dir_all(&beside).unwrap();
    fs::write(beside.join("._SHA256SUMS"), "left behind").unwrap();
    let zip = ["-q", "-r", "finder.zip", "__MACOSX", &hidden];
    tool("zip", "zip", &zip, place.path()).ok();
    let finder = place.path().join("finder.zip");
    let said = verify(&finder, &ANY_KEY).ok();
    assert_eq!(digest(&said), before);

    // Unpacked, with one folder or two around it.
    let unpacked = place.path().join("unpacked");
    let arguments = ["-q", "finder.zip", "-d", "unpacked"];
    tool("unzip", "unzip", &arguments, place.path()).ok();
    assert_eq!(digest(&verify(&unpacked, &ANY_KEY).ok()), before);
    fs::remove_dir_all(unpacked.join("__MACOSX")).unwrap();
    assert_eq!(digest(&verify(&unpacked, &ANY_KEY).ok()), before);

    // Any other file is as before: not listed, and a fault.
    fs::write(folder.join("notes.txt"), "x").unwrap();
    let said = verify(&folder, &ANY_KEY);
    assert!(said.code == 1 && said.stdout.contains("notes.txt"), "{said:?}");
}

#[test]
fn other_line_ends_are_told_from_other_content() {
    let (case, _place, folder) = packed("good_authority");
    for (name, bytes) in files(&folder) {
        if let Ok(text) = String::from_utf8(bytes) {
            fs::write(folder.join(name), text.replace('\n', "\r\n")).unwrap();
        }
    }
    let said = verify(&folder, &ANY_KEY);
    assert_eq!(said.code, 1, "{said:?}");
    let faults: Vec<&str> = said.stdout.lines().filter(|line| line.starts_with("fault")).collect();
    assert!(faults.iter().any(|line| line.contains(&case.run_name)), "{said:?}");
    assert!(faults.iter().all(|line| line.contains("in its line ends alone")), "{said:?}");

    let path = folder.join(&case.run_name);
    fs::write(&path, fs::read_to_string(&path).unwrap().replacen(": ", ":  ", 1)).unwrap();
    let said = verify(&folder, &ANY_KEY);
    let line = format!("{}: altered", case.run_name);
    assert!(said.code == 1 && said.stdout.contains(&line), "{said:?}");
}

#[test]
fn the_boundary_and_the_time_stamps_of_a_run_are_packed_with_it() {
    let case = Case::copy("good_authority");
    let log = fs::read_to_string(case.path().join("transparency_log.ndjson")).unwrap();
    let entry: Value = serde_json::from_str(log.lines().last().unwrap()).unwrap();
    let token = format!("timestamps/{}.tsa.json", entry["entry_id"].as_str().unwrap());
    fs::create_dir(case.path().join("timestamps")).unwrap();
    let others = "timestamps/TLE-00000000.tsa.json";
    for (name, text) in
        [("abp_v1.json", "{\"abp_version\": \"1.0\"}"), (&token, "{}"), (others, "[]")]
    {
        fs::write(case.path().join(name), text).unwrap();
    }
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("pack");
    pack(&case.run(), &folder, &ANY_KEY).ok();
    for name in ["abp_v1.json", &token] {
        let (packed, own) = (fs::read(folder.join(name)), fs::read(case.path().join(name)));
        assert_eq!(packed.unwrap(), own.unwrap(), "{name}");
    }
    assert!(!folder.join(others).exists(), "that of another run");
    verify(&folder, &ANY_KEY).ok();

    // Out and in again; what stands there is never replaced.
    let export = place.path().join("out.zip");
    let arguments = [case.path(), Path::new("--out"), &export];
    finish(command().arg("export").args(arguments), b"").ok();
    let target = tempfile::tempdir().unwrap();
    let import =
        |archive: &Path| finish(command().arg("import").arg(archive).arg(target.path()), b"");
    let said = import(&export);
    assert!(said.code == 1 && said.stdout.contains("has no text under"), "{said:?}");
    assert!(!target.path().join(&token).exists(), "what is no time stamp of the run stays out");
    fs::remove_file(case.path().join(&token)).unwrap();
    fs::remove_file(&export).unwrap();
    finish(command().arg("export").args(arguments), b"").ok();
    import(&export).ok();
    assert!(target.path().join("abp_v1.json").exists());
    import(&export).ok();
    fs::write(target.path().join("abp_v1.json"), "other").unwrap();
    let said = import(&export);
    assert!(said.code == 1 && said.stdout.contains("abp_v1.json: conflict"), "{said:?}");
    assert_eq!(fs::read(target.path().join("abp_v1.json")).unwrap(), b"other");

    // What of a pack is no file of the run is named.
    fs::write(target.path().join("abp_v1.json"), "{\"abp_version\": \"1.0\"}").unwrap();
    let said = import(&folder);
    for name in ["not imported", "report.html", "keyring.json"] {
        assert!(said.stdout.contains(name), "no {name} in {said:?}");
    }
}

/// Whoever can write the directory of runs can add the files of a pack, their own keyring among
/// them. That decides nothing where the station has a keyring, or has worked in the directory.
#[test]
fn a_directory_of_runs_that_is_made_to_look_like_a_pack_is_judged_by_the_station_s_keyring() {
    let (case, _place, pack) = packed("good_multisig");
    // The pack's keyring vouches for its signers, the station's own for somebody else.
    let signers = read_json(&case.signatures())["signatures"].as_array().unwrap().clone();
    fs::write(pack.join("keyring.json"), keyring_of(&signers, "")).unwrap();
    list_anew(&pack);
    verify(&pack, &["--level", "L2"]).ok();
    let home = tempfile::tempdir().unwrap();
    let config = home.path().join(".config/countersign");
    fs::create_dir_all(&config).unwrap();
    fs::write(config.join("keyring.json"), keyring_of(&signers, "not.")).unwrap();
    let at_home = |more: &[&str]| {
        let mut verify = command();
        verify.env("HOME", home.path()).env_remove("XDG_CONFIG_HOME").env_remove("XDG_STATE_HOME");
        finish(verify.arg("verify").arg(&pack).args(more), b"")
    };
    let judged = at_home(&["--level", "L2"]);
    assert_eq!(judged.code, 1, "{judged:?}");
    assert!(judged.stdout.contains("keys    those of this station's keyring"), "{judged:?}");
    assert!(judged.stdout.contains("by the keys that came with the pack: L5"), "{judged:?}");
    let row = at_home(&["--level", "L2", "--json"]).json_lines().remove(0);
    assert_eq!((&row["pack"]["keys"], &row["level"]), (&"station".into(), &1.into()));
    at_home(&["--level", "L2", "--pack-keys"]).ok();

    // A run in a folder of its own would not be judged.
    let below = pack.join("sub");
    fs::create_dir(&below).unwrap();
    fs::copy(case.run(), below.join(case.run().file_name().unwrap())).unwrap();
    list_anew(&pack);
    verify(&pack, &["--level", "L0"]).refused(&["it has 2 sealed runs, and a pack has one"]);
}

/// In a directory that the station has worked in, the files of a pack change nothing.
#[test]
fn a_directory_that_the_station_has_worked_in_is_no_pack() {
    let (case, _place, pack) = packed("good_logged");
    finish(command().args(["status", "--trust", "embedded"]).arg(case.path()), b"").ok();
    for (name, bytes) in files(&pack) {
        let to = case.path().join(&name);
        fs::create_dir_all(to.parent().unwrap()).unwrap();
        fs::write(to, bytes).unwrap();
    }
    let said = verify(case.path(), &["--level", "L3", "--trust", "embedded"]);
    assert!(said.stderr.contains("verified as a directory of runs"), "{said:?}");
    assert!(said.stdout.contains("envelopes reach L3"), "{said:?}");
    // A cut log is not an older copy there.
    fs::write(case.path().join("transparency_log.ndjson"), "").unwrap();
    assert_eq!(verify(case.path(), &["--level", "L3", "--trust", "embedded"]).code, 1);
}

/// A keyring in which the keys of some signatures belong to their signers, with something before
/// their names.
fn keyring_of(signatures: &[Value], before: &str) -> String {
    let key = |one: &Value| {
        serde_json::json!({
            "key_id": one["signing_key_id"], "key_type": one["algorithm"],
            "public_key": one["public_key"],
            "owner": format!("{before}{}", one["signer_id"].as_str().unwrap()),
            "roles": [one["role"]], "kind": "software",
        })
    };
    let keys: Vec<Value> = signatures.iter().map(key).collect();
    serde_json::json!({ "keyring_version": "1.0", "keys": keys }).to_string()
}

//! What a newcomer and a script meet at the command line.

use std::fs;

use countersign_tests::{Case, command, conformance, countersign, finish, read_json};

#[test]
fn help_explains_itself() {
    let help = countersign(["--help"]).ok().stdout;
    for word in [
        "status",
        "verify",
        "sign",
        "keys",
        "log",
        "canonical",
        "explain",
        "Examples",
        "Exit codes",
        "L7",
    ] {
        assert!(help.contains(word), "no {word:?} in {help}");
    }
    let verify = countersign(["verify", "--help"]).ok().stdout;
    assert!(verify.contains("replay_sealed_run.py") && verify.contains("its 4"), "{verify}");
    assert_eq!(countersign(["no-such-command"]).code, 2);
}

#[test]
fn completions_and_the_manual_are_there() {
    for shell in ["bash", "zsh", "fish"] {
        assert!(countersign(["completions", shell]).ok().stdout.contains("countersign"));
    }
    let page = countersign(["man"]).ok().stdout;
    assert!(page.starts_with(".ie") && page.contains(".TH countersign"), "{page}");
    // The page names one for each command, which are all there.
    let folder = tempfile::tempdir().unwrap();
    countersign(["man", "--out", folder.path().to_str().unwrap()]).ok();
    let named = page.split("countersign\\-").skip(1).filter_map(|rest| rest.split_once("(1)"));
    let named: Vec<String> = named.map(|(name, _)| name.replace('\\', "")).collect();
    assert!(named.len() > 20, "{named:?}");
    for name in named {
        let file = folder.path().join(format!("countersign-{name}.1"));
        assert!(fs::read_to_string(&file).unwrap().contains(".SH SYNOPSIS"), "{name}");
    }
    assert_eq!(countersign(["man", "--out", "/no/such/folder"]).code, 2);
}

#[test]
fn verify_answers_with_its_exit_code() {
    let verify = |case: &str, level: &str| {
        let mut verify = command();
        verify.args(["verify", "--trust", "embedded", "--assurance", "claimed", "--level", level]);
        finish(verify.arg(conformance().join("runs").join(case)), b"")
    };
    let outcome = verify("good_multisig", "L5").ok();
    assert!(
        outcome.stdout.contains("commit_hash.integrity")
            && outcome.stdout.contains("L5 is reached")
    );
    assert_eq!(verify("good_multisig", "L6").code, 1);
    verify("not_json", "L0").refused(&["cannot be read"]);
    let file = Case::copy("not_json");
    finish(command().arg("verify").arg(file.run()), b"").refused(&[&file.run_name, "not JSON"]);
    assert_eq!(finish(command().arg("verify").arg(Case::copy("good_unsigned").run()), b"").code, 1);
}

#[test]
fn explain_tells_the_ladder_in_words() {
    let case = Case::copy("authority_expired");
    let explain = finish(
        command()
            .args(["explain", "--trust", "embedded", "--assurance", "claimed"])
            .arg(case.run()),
        b"",
    )
    .ok();
    assert!(explain.stdout.contains("L7  decided under authority in force"), "{}", explain.stdout);
    assert!(explain.stdout.contains("The authority had expired"), "{}", explain.stdout);
    assert!(
        explain.stdout.contains("contradicted: L6. The authority had expired"),
        "{}",
        explain.stdout
    );
}

/// A title that would clear the screen, turn the line around or flood it.
#[test]
fn hostile_text_reaches_no_terminal() {
    let case = Case::copy("good_unsigned");
    let text = fs::read_to_string(case.run()).unwrap();
    let value: serde_json::Value = serde_json::from_str(&text).unwrap();
    let title = value["decision_state"]["title"].to_string();
    let hostile = format!("\"\\u001b[2J\\u202e{}\"", "x".repeat(1_000_000));
    fs::write(case.run(), text.replace(&title, &hostile)).unwrap();
    for arguments in [&["status"][..], &["verify"], &["explain"]] {
        let target = if arguments == ["status"] { case.path().to_owned() } else { case.run() };
        let outcome = finish(command().args(arguments).arg(target), b"");
        assert!(!outcome.stdout.contains(['\u{1b}', '\u{202e}']), "{arguments:?}");
        assert!(outcome.stdout.len() < 100_000, "{arguments:?}: {}", outcome.stdout.len());
    }
    assert_eq!(case.status()["decision_id"], value["decision_state"]["decision_id"]);
}

#[test]
fn colours_are_for_terminals() {
    let directory = conformance().join("runs").join("good_multisig");
    let piped = finish(command().arg("status").arg(&directory), b"").ok().stdout;
    assert!(!piped.contains('\u{1b}'), "{piped:?}");
    let on_a_terminal = |no_colour: bool| {
        // script(1), of bsdutils, gives the command a terminal.
        let line =
            format!("{} status {}", countersign_tests::binary().display(), directory.display());
        let mut script = std::process::Command::new("script");
        script.args(["-qec", &line, "/dev/null"]).env("TERM", "xterm").env_remove("NO_COLOR");
        if no_colour {
            script.env("NO_COLOR", "1");
        }
        // Fails where the machine gives no pseudo-terminal: mount devpts.
        finish(&mut script, b"").ok().stdout
    };
    assert!(on_a_terminal(false).contains("\u{1b}["));
    assert!(!on_a_terminal(true).contains("\u{1b}["));
}

/// Runs are found by name, in sub-directories too; the rest of a directory is not listed.
#[test]
fn a_directory_may_hold_other_things() {
    let case = Case::copy("good_multisig");
    let below = case.path().join("2026").join("mai");
    fs::create_dir_all(&below).unwrap();
    fs::copy(case.run(), below.join(&case.run_name)).unwrap();
    fs::write(case.path().join("notes.json"), "{}").unwrap();
    fs::write(case.path().join("RUN-notes.json"), "{}").unwrap();
    fs::write(case.path().join("RUN-00000000_20260101T000000Z.json"), "half a fi").unwrap();
    let rows = finish(command().args(["status", "--json"]).arg(case.path()), b"").ok().json_lines();
    let paths: Vec<_> = rows.iter().map(|row| row["path"].as_str().unwrap()).collect();
    assert_eq!(
        paths,
        [
            &format!("2026/mai/{}", case.run_name),
            "RUN-00000000_20260101T000000Z.json",
            &case.run_name
        ]
    );
    assert_eq!(rows[1]["level"], -1);
    assert!(rows[1]["missing"].as_str().unwrap().contains("not JSON"));
}

/// The reference keeps its logs in directories of their own, beside that of the runs.
#[test]
fn the_reference_s_places_of_the_logs_are_found() {
    let case = Case::copy("good_authority");
    let runs = case.path().join("sealed_runs");
    fs::create_dir(&runs).unwrap();
    for name in fs::read_dir(case.path()).unwrap().map(|entry| entry.unwrap().file_name()) {
        if name.to_string_lossy().starts_with("RUN-") {
            fs::rename(case.path().join(&name), runs.join(&name)).unwrap();
        }
    }
    for (from, directory, to) in [
        ("transparency_log.ndjson", "transparency_log", "log.ndjson"),
        ("authority_ledger.ndjson", "authority_ledger", "ledger.ndjson"),
    ] {
        fs::create_dir(case.path().join(directory)).unwrap();
        fs::rename(case.path().join(from), case.path().join(directory).join(to)).unwrap();
    }
    let mut status = command();
    status.args(["status", "--json", "--trust", "embedded", "--assurance", "claimed"]).arg(runs);
    assert_eq!(finish(&mut status, b"").ok().json_lines()[0]["level"], 7);
}

#[test]
fn a_local_time_in_a_signed_field_is_warned_of() {
    let case = Case::copy("good_unsigned");
    let text = fs::read_to_string(case.run()).unwrap();
    let local = text.replacen(
        "\"observed_at\": \"",
        "\"noted_at\": \"2026-05-06T07:08:09\", \"observed_at\": \"",
        1,
    );
    fs::write(case.run(), local).unwrap();
    let warnings = case.status()["warnings"].to_string();
    assert!(warnings.contains("local time in a signed field"), "{warnings}");
}

/// What was done and could not be told is not called undone.
#[test]
fn a_signature_that_cannot_be_told_of_stands_all_the_same() {
    let case = countersign_tests::Case::copy("good_unsigned");
    let mut sign = countersign_tests::command();
    sign.args(["sign", "--role", "operator", "--signer", "o", "--key-id", "ds-test-o"]);
    sign.args(["--key-file", "-"]).arg(case.run());
    sign.stdin(std::process::Stdio::piped()).stderr(std::process::Stdio::piped());
    sign.stdout(std::fs::File::options().write(true).open("/dev/full").unwrap());
    let mut child = sign.spawn().unwrap();
    let mut input = child.stdin.take().unwrap();
    std::io::Write::write_all(&mut input, b"AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=").unwrap();
    drop(input);
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains("the signatures are written"), "{said}");
    assert!(case.signatures().exists());
}

/// What `… | head` leaves behind: the exit code is that of the command, and nothing is complained of.
#[test]
fn a_reader_that_goes_away_changes_neither_exit_code_nor_words() {
    let case = Case::copy("good_multisig");
    let run = case.run();
    let (run, directory) = (run.to_str().unwrap(), case.path().to_str().unwrap());
    for arguments in [
        &["status", directory][..],
        &["status", "--json", directory],
        &["verify", directory],
        &["verify", "--json", directory, "--trust", "embedded"],
        &["history", directory],
        &["history", "--csv", directory],
        &["history", "--json", directory],
        &["explain", run],
        &["devices", "--json"],
        &["log", "verify", directory],
        &["man"],
    ] {
        let whole = finish(command().args(arguments), b"");
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let mut closed = command();
        closed.args(arguments).stdout(writer).stderr(std::process::Stdio::piped());
        let closed = closed.spawn().unwrap().wait_with_output().unwrap();
        assert_eq!(closed.status.code(), Some(whole.code), "{arguments:?}");
        assert_eq!(String::from_utf8_lossy(&closed.stderr), whole.stderr, "{arguments:?}");
    }
}

#[test]
fn a_time_in_another_form_is_told_from_none() {
    for (written, words) in [
        ("2026-11-24T11:05:41z", "reads \"2026-11-24T11:05:41z\""),
        ("2026-11-24 11:05:41Z", "reads \"2026-11-24 11:05:41Z\""),
        ("2026-11-24T12:05:41+0100", "reads \"2026-11-24T12:05:41+0100\""),
    ] {
        let case = Case::copy("good_multisig");
        let keyring = case.path().join("keyring.json");
        let mut add = command();
        add.args(["keys", "add", "--index", "1", "--keyring"]).arg(&keyring);
        finish(add.arg(case.signatures()), b"").ok();
        let mut file = read_json(&case.signatures());
        file["signatures"][1]["signed_at"] = written.into();
        fs::write(case.signatures(), file.to_string()).unwrap();
        let mut status = command();
        status.args(["status", "--json", "--keyring"]).arg(&keyring).arg(case.path());
        let said = finish(&mut status, b"").ok().json_lines().remove(0);
        let detail = said["signatures"][1]["detail"].as_str().unwrap();
        assert!(detail.contains(words) && detail.contains("2026-05-06T07:08:09Z"), "{detail}");
    }
}

#[test]
fn instructions_for_a_shared_key_name_the_variable_that_is_not_set() {
    let case = Case::copy("good_unsigned");
    let mut sign = command();
    sign.args(["sign", "--algo", "hmac", "--key-file", "-", "--key-id", "k", "--signer", "o"]);
    finish(sign.args(["--role", "operator"]).arg(case.run()), b"AQEBAQEBAQE=").ok();
    let block = read_json(&case.signatures());
    let instructions = block["verification_instructions"].as_str().unwrap();
    for shell in ["sh", "bash"] {
        let mut paste = std::process::Command::new(shell);
        paste.env_remove("DEEPSIGMA_SIGNING_KEY").arg("-c").arg(instructions);
        let said = finish(paste.current_dir(case.path()), b"");
        assert!(said.code != 0, "{said:?}");
        assert!(
            said.stderr.contains("DEEPSIGMA_SIGNING_KEY: set it to the shared key"),
            "{said:?}"
        );
        assert!(!said.stderr.contains("HMAC wrong"), "{said:?}");
    }
}

#[test]
fn a_policy_weaker_than_the_default_is_said_with_every_verdict() {
    let case = Case::copy("good_multisig");
    let (run, directory) = (case.run(), case.path().to_owned());
    for (command, path) in [("status", &directory), ("verify", &directory), ("explain", &run)] {
        let told = |more: &[&str]| {
            let outcome = finish(self::command().arg(command).args(more).arg(path), b"");
            outcome.stdout
        };
        let strict = told(&[]);
        assert!(!strict.contains("policy  "), "{strict}");
        let any_key = told(&["--trust", "embedded"]);
        assert!(any_key.contains("policy  Any key that verifies counts"), "{any_key}");
        let claimed = told(&["--assurance", "claimed"]);
        assert!(claimed.contains("policy  The file's own claim counts"), "{claimed}");
    }
}

#[test]
fn a_registration_says_what_was_registered() {
    let case = Case::copy("good_unsigned");
    let append = countersign(["log".as_ref(), "append".as_ref(), case.run().as_os_str()]).ok();
    let run = read_json(&case.run());
    let decision = run["decision_state"]["decision_id"].as_str().unwrap();
    assert!(append.stdout.contains(&format!("decision  {decision} ")), "{append:?}");
    assert!(append.stdout.contains("run       sha256 "), "{append:?}");
}

/// What is no run by its name is not judged as one that lacks everything.
#[test]
fn other_files_of_an_envelope_are_not_verified_as_runs() {
    let case = Case::copy("good_logged");
    for (path, words) in [
        (case.signatures(), "signature file"),
        (case.manifest(), "manifest"),
        (case.path().join("transparency_log.ndjson"), "countersign log verify"),
    ] {
        let mut verify = command();
        finish(verify.arg("verify").arg(path), b"").refused(&["not a sealed run", words]);
    }
}

//! Setting up a YubiKey through the real binary: factory cards of each firmware, cards whose secrets were
//! changed, slots that are in use, and a card that is pulled out at every moment. Yubico's own programs
//! read the result.

// Helpers of tests may fail the test.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use countersign_envelope::digest::Digest;
use countersign_tests::{Case, Outcome, binary, command, finish, read_json, verify_with_openssl};
use serde_json::Value;
use virtual_yubikey::{
    Act, Algorithm, At, Card, Fault, Firmware, Issuer, ManagementAlgorithm, ManagementKey, Options,
    PinPolicy, Plug, SlotOptions, Touch,
};

use crate::desk::{Desk, LIMIT, pins_sent};

const FIRMWARE: [Firmware; 4] =
    [Firmware::V4_3_5, Firmware::V5_2_7, Firmware::V5_4_3, Firmware::V5_7_4];
/// What a script gives: PIN and PUK.
const SECRETS: &str = "90210734\n55667712\n";
const PRINTED: u32 = 0x5f_c109;
const ADMIN: u32 = 0x5f_ff00;
const CHUID: u32 = 0x5f_c102;
const CERTIFICATE_9C: u32 = 0x5f_c10a;
const CHANGE_REFERENCE_DATA: u8 = 0x24;
const GENERATE: u8 = 0x47;
const GET_METADATA: u8 = 0xf7;
const AUTHENTICATE: u8 = 0x87;
const SET_MANAGEMENT_KEY: u8 = 0xff;
/// Programs of Yubico look only at readers called so.
const YUBICO_READER: &str = "Yubico YubiKey OTP+FIDO+CCID";

fn factory(firmware: Firmware) -> Options {
    Options { firmware, ..Options::default() }
}

/// A card whose PIN, PUK and management key were changed before.
fn changed(firmware: Firmware) -> Options {
    let (algorithm, length) = match firmware >= Firmware::V5_4_3 {
        true => (ManagementAlgorithm::Aes256, 32),
        false => (ManagementAlgorithm::TripleDes, 24),
    };
    let management_key = ManagementKey { algorithm, key: vec![0x5a; length], touch: false };
    Options {
        pin: "90210734".to_owned(),
        puk: "55667712".to_owned(),
        management_key: Some(management_key),
        ..factory(firmware)
    }
}

fn setup(desk: &Desk, more: &[&str]) -> Command {
    let mut setup = desk.command();
    setup.args(["piv", "setup", "--key-id", "ds-new", "--owner", "w.witness", "--role", "witness"]);
    setup.args(["--pin-fd", "0"]).args(more).env("COUNTERSIGN_JOURNAL", journal_of(desk));
    setup
}

fn set_up(desk: &Desk, more: &[&str], secrets: &str) -> Outcome {
    finish(&mut setup(desk, more), secrets.as_bytes())
}

/// What firmware that does not say needs to be told.
fn stated(firmware: Firmware, state: &str) -> Vec<String> {
    match firmware < Firmware::V5_4_3 {
        true => ["--pin-is", state, "--puk-is", state].map(str::to_owned).into(),
        false => Vec::new(),
    }
}

fn with<'a>(stated: &'a [String], more: &[&'a str]) -> Vec<&'a str> {
    stated.iter().map(String::as_str).chain(more.iter().copied()).collect()
}

fn journal_of(desk: &Desk) -> PathBuf {
    desk.keyring().with_file_name("journal.ndjson")
}

fn journal(desk: &Desk) -> Vec<Value> {
    let text = fs::read_to_string(journal_of(desk)).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// Which commands with this instruction a card did.
fn done(plug: &Plug, ins: u8) -> usize {
    plug.apdus().iter().filter(|one| one.ins == ins && one.status == Some(0x9000)).count()
}

/// The management key that the card keeps, in hex.
fn kept_key(plug: &Plug) -> String {
    let printed = plug.card(|card| card.object(PRINTED)).expect("a kept management key");
    let [0x88, _, 0x89, length, key @ ..] = printed.as_slice() else { panic!("{printed:02x?}") };
    assert_eq!(usize::from(*length), key.len());
    key.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// That the key signs a run at once, as operator's witness, at L6 attested.
fn signs_attested(desk: &Desk, pin: &str) {
    let case = Case::copy("good_unsigned");
    let key = BASE64.encode([1; 32]);
    let mut operator = command();
    operator.args(["sign", "--role", "operator", "--signer", "o", "--key-id", "ds-test-o"]);
    finish(operator.args(["--key-file", "-"]).arg(case.run()), key.as_bytes()).ok();
    let mut add = desk.command();
    add.args(["keys", "add", "--key-id", "ds-test-o", "--owner", "o", "--role", "operator"]);
    finish(add.arg(case.signatures()), b"").ok();
    finish(command().args(["log", "append"]).arg(case.run()), b"").ok();
    let mut sign = desk.command();
    sign.args(["sign", "--role", "witness", "--pin-fd", "0", "--piv"]).arg(case.run());
    finish(&mut sign, format!("{pin}\n").as_bytes()).ok();
    assert_eq!(read_json(&case.signatures())["signatures"][1]["signing_key_id"], "ds-new");
    verify_with_openssl(&case);
    let mut verify = desk.command();
    verify.args(["verify", "--level", "L6", "--assurance", "attested"]).arg(case.run());
    finish(&mut verify, b"").ok();
}

#[test]
fn a_factory_yubikey_of_each_firmware_is_set_up_and_signs_at_once() {
    for firmware in FIRMWARE {
        let desk = Desk::new();
        let plug = desk.plug(factory(firmware));
        let states = stated(firmware, "factory");

        let planned = set_up(&desk, &with(&states, &["--plan", "--json"]), "").ok();
        let planned = planned.json_lines().remove(0);
        let changes = planned["changes"].as_array().unwrap();
        let changes: Vec<_> = changes.iter().map(|one| one["change"].as_str().unwrap()).collect();
        let all = ["pin", "puk", "management_key", "key", "certificate"];
        assert_eq!(changes, all, "{firmware}: {planned:#}");
        assert_eq!(done(&plug, CHANGE_REFERENCE_DATA), 0, "a plan changes nothing");

        let outcome = set_up(&desk, &with(&states, &["--json"]), SECRETS).ok();
        assert!(outcome.stderr.contains("Touch the YubiKey now"), "{outcome:?}");
        let report = outcome.json_lines().remove(0);
        assert_eq!(report["changed"], serde_json::json!(all), "{report:#}");
        assert_eq!(report["key"]["kind"], "hardware", "{report:#}");
        assert_eq!(report["key"]["attestation"]["standing"], "verified", "{report:#}");
        assert_eq!(report["attempts"]["pin"], 3);
        assert_eq!(report["attempts_after"]["pin"], 3);
        assert!(!plug.card(|card| card.is_pin_verified()), "the card has forgotten the PIN");

        // In this order, and each is journalled, without a secret.
        let entries = journal(&desk);
        let steps = entries.iter().filter(|entry| entry["event"] == "yubikey_changed");
        let steps: Vec<_> = steps.map(|entry| entry["change"].clone()).collect();
        assert_eq!(Value::from(steps), report["changed"]);
        let written = serde_json::to_string(&entries).unwrap();
        let kept = kept_key(&plug);
        for secret in ["90210734", "55667712", kept.as_str()] {
            assert!(!written.contains(secret) && !outcome.stdout.contains(secret));
        }
        let enrolled = entries.iter().find(|entry| entry["event"] == "key_added").unwrap();
        assert_eq!(enrolled["key_id"], "ds-new");

        // The certificate is of the key, by the key.
        let object = plug.card(|card| card.object(CERTIFICATE_9C)).unwrap();
        let place = tempfile::tempdir().unwrap();
        let der = place.path().join("certificate.der");
        let start = object.windows(2).position(|pair| pair == [0x30, 0x82]).unwrap();
        fs::write(&der, &object[start..object.len() - 5]).unwrap();
        let pem = place.path().join("certificate.pem");
        openssl(&["x509", "-inform", "DER", "-in", text(&der), "-out", text(&pem)]);
        openssl(&["verify", "-CAfile", text(&pem), "-check_ss_sig", text(&pem)]);
        let said = openssl(&["x509", "-in", text(&pem), "-noout", "-subject", "-pubkey"]);
        assert!(said.contains("CN = w.witness") || said.contains("CN=w.witness"), "{said}");

        signs_attested(&desk, "90210734");
    }
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

fn openssl(arguments: &[&str]) -> String {
    let output = Command::new("openssl").args(arguments).output().unwrap();
    assert!(output.status.success(), "{arguments:?}: {output:?}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn changed_secrets_stay_and_are_asked_for() {
    for firmware in FIRMWARE {
        let desk = Desk::new();
        let plug = desk.plug(changed(firmware));
        let states = stated(firmware, "changed");
        let key = "5a".repeat(if firmware >= Firmware::V5_4_3 { 32 } else { 24 });

        let wrong = set_up(
            &desk,
            &with(&states, &[]),
            &format!("90210734\n-unused-\n{}\n", "00".repeat(key.len() / 2)),
        );
        wrong.refused(&["the management key is wrong", "nothing was changed"]);
        let short = set_up(&desk, &with(&states, &[]), "90210734\n-unused-\n5a5a\n");
        short.refused(&["hex digits", "nothing was sent"]);
        set_up(&desk, &with(&states, &[]), "90210734\n").refused(&["give the management key"]);
        assert_eq!(plug.card(|card| card.pin_tries()), 3);

        // The line of a secret that is not needed may say anything, or nothing.
        let unused = if firmware < Firmware::V5_4_3 { "-unused-" } else { "" };
        let given = format!("90210734\n{unused}\n{key}\n");
        let outcome = set_up(&desk, &with(&states, &["--json"]), &given).ok();
        let report = outcome.json_lines().remove(0);
        assert_eq!(report["changed"], serde_json::json!(["key", "certificate"]), "{firmware}");
        assert_eq!(done(&plug, CHANGE_REFERENCE_DATA), 0);
        assert_eq!(done(&plug, SET_MANAGEMENT_KEY), 0);
        assert!(plug.card(|card| card.object(PRINTED)).is_none(), "nor is it kept unasked");
        signs_attested(&desk, "90210734");
    }
}

/// Where the card is not asked in time, or hides its serial, it is not known before the act whose the
/// management key is.
#[test]
fn a_management_key_of_which_nothing_is_known_can_be_given() {
    let desk = Desk::new();
    let states = stated(Firmware::V5_2_7, "changed");
    let plan = with(&states, &["--plan", "--json"]);
    let plug = desk.plug(changed(Firmware::V5_2_7));
    set_up(&desk, &plan, "").ok();
    let proof = plug.apdus().iter().rposition(|one| one.ins == AUTHENTICATE).unwrap();
    drop(plug);
    let mut unknown = 0;
    // What is asked of it right before the factory's key is tried.
    for at in proof - 3..=proof {
        desk.wait_until_empty(0);
        let faults = vec![Fault::new(At::Apdu(at), Act::Status(0x6F00))];
        let plug = desk.plug(Options { faults, ..changed(Firmware::V5_2_7) });
        let planned = set_up(&desk, &plan, "");
        drop(plug);
        if planned.code != 0 {
            continue;
        }
        let planned = planned.json_lines().remove(0);
        let changes = planned["changes"].as_array().unwrap();
        if changes.iter().any(|one| one["change"] == "management_key") {
            assert_eq!(planned["asks"]["management_key"], true, "{at}: {planned:#}");
            unknown += 1;
        }
    }
    assert_ne!(unknown, 0);
}

/// Another program has set another key since, and left the old one where it was kept.
#[test]
fn a_kept_management_key_that_is_an_old_one_is_said_to_be() {
    let desk = Desk::new();
    let plug = desk.plug(changed(Firmware::V5_7_4));
    plug.card(|card| {
        card.put_object(ADMIN, vec![0x80, 0x03, 0x81, 0x01, 0x02]);
        card.put_object(PRINTED, [&[0x88, 34, 0x89, 32][..], &[0x11; 32]].concat());
    });
    set_up(&desk, &[], "90210734\n").refused(&["not the key that it has", "ykman", "--protect"]);
    assert_eq!(plug.card(|card| card.pin_tries()), 3);
}

#[test]
fn a_wrong_pin_costs_one_attempt_and_the_last_is_confirmed() {
    let desk = Desk::new();
    let plug = desk.plug(changed(Firmware::V5_7_4));
    set_up(&desk, &[], "11119999\n")
        .refused(&["the PIN is wrong; 2 attempts", "nothing was changed"]);
    set_up(&desk, &[], "11119999\n").refused(&["the PIN is wrong; 1 attempt"]);
    set_up(&desk, &[], "90210734\n").refused(&["only 1 attempt of the PIN", "--last-try"]);
    assert_eq!(plug.card(|card| card.pin_tries()), 1);
    set_up(&desk, &["--last-try"], "11119999\n").refused(&["PIN is blocked"]);
    set_up(&desk, &["--last-try"], "90210734\n").refused(&["PIN is blocked"]);
}

#[test]
fn a_wrong_statement_about_old_firmware_costs_one_attempt() {
    let desk = Desk::new();
    let plug = desk.plug(changed(Firmware::V5_2_7));
    set_up(&desk, &[], SECRETS)
        .refused(&["does not say whether the PIN", "--pin-is factory or changed"]);
    set_up(&desk, &["--pin-is", "changed"], SECRETS).refused(&["the PUK", "--puk-is"]);
    let wrong = set_up(&desk, &["--pin-is", "factory", "--puk-is", "changed"], "38109274\n");
    wrong.refused(&["the PIN is not the factory's; 2 attempts are left", "nothing was changed"]);
    let wrong =
        set_up(&desk, &["--pin-is", "changed", "--puk-is", "factory"], "90210734\n38109274\n");
    wrong.refused(&["the PUK is not the factory's; 2 attempts are left"]);
    assert_eq!(plug.card(|card| (card.pin_tries(), card.puk_tries())), (3, 2));
}

/// An act that ends because of what happens between its plan and its secrets. Returns what it says.
fn meanwhile(desk: &Desk, more: &[&str], change: impl FnOnce()) -> String {
    let mut setup = setup(desk, more);
    setup.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = setup.spawn().unwrap();
    // It shows its plan, then waits for the secrets.
    let mut out = BufReader::new(child.stdout.take().unwrap());
    let mut line = String::new();
    while !line.contains("store a certificate") {
        line.clear();
        assert_ne!(out.read_line(&mut line).unwrap(), 0, "no plan");
    }
    change();
    child.stdin.take().unwrap().write_all(SECRETS.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(!output.status.success());
    String::from_utf8(output.stderr).unwrap()
}

/// Between the plan and the act another program changes the PIN, or the key in the slot.
#[test]
fn what_another_program_changed_since_the_plan_costs_no_attempt() {
    let desk = Desk::new();
    let plug = desk.plug(factory(Firmware::V5_7_4));
    let said = meanwhile(&desk, &[], || {
        let mut change = desk.command();
        change.args(["pin", "change", "--pin-fd", "0"]);
        finish(&mut change, b"123456\n38109274\n").ok();
    });
    assert!(said.contains("the PIN is not the factory's; 3 attempts are left"), "{said}");
    assert!(said.contains("nothing was changed"), "{said}");
    assert_eq!(plug.card(|card| (card.pin_tries(), card.puk_tries())), (3, 3));
    drop(plug);

    let plug = desk.plug(factory(Firmware::V5_7_4));
    let said = meanwhile(&desk, &[], || {
        plug.card(|card| card.put_object(CERTIFICATE_9C, vec![0x70, 0x02, 0x30, 0x00]));
    });
    assert!(said.contains("than was shown") && said.contains("nothing was changed"), "{said}");
    assert_eq!(done(&plug, CHANGE_REFERENCE_DATA), 0);
}

/// A factory card that hides its serial.
fn hidden(firmware: Firmware, serial: u32) -> Options {
    Options { serial, hides_serial: true, ..factory(firmware) }
}

#[test]
fn a_yubikey_that_hides_its_serial_is_never_taken_for_another() {
    for firmware in FIRMWARE {
        let desk = Desk::new();
        let states = stated(firmware, "factory");
        let first = desk.plug_in(0, hidden(firmware, 99_000_001));
        let [mut second, mut pulled] = [None, Some(first)];
        let said = meanwhile(&desk, &with(&states, &[]), || {
            drop(pulled.take());
            second = Some(desk.plug_in(0, hidden(firmware, 99_000_002)));
        });
        assert!(said.contains("another card is in its reader"), "{firmware}: {said}");
        let second = second.unwrap();
        assert_eq!(pins_sent(&second), 0, "{firmware}: {said}");
        assert_eq!(done(&second, CHANGE_REFERENCE_DATA), 0, "{firmware}: {said}");

        // Both at once are two, and none has the serial 0.
        let _first = desk.plug_in(1, hidden(firmware, 99_000_001));
        let devices = desk.devices();
        let cards: Vec<_> = devices.iter().map(|one| &one["card"]["card"]).collect();
        assert!(cards.iter().all(|card| card.is_string()), "{firmware}: {devices:#?}");
        assert_ne!(cards[0], cards[1], "{firmware}");
        assert!(devices.iter().all(|one| one["serial"].is_null()), "{firmware}: {devices:#?}");
    }
}

#[test]
fn a_yubikey_that_hides_its_serial_is_set_up_if_something_else_tells_it_from_others() {
    for firmware in [Firmware::V4_3_5, Firmware::V5_7_4] {
        let states = stated(firmware, "factory");
        let desk = Desk::new();
        let _plug = desk.plug(hidden(firmware, 99_000_001));
        set_up(&desk, &with(&states, &[]), SECRETS).ok();

        let desk = Desk::new();
        let nothing = Options { attestation: Issuer::Absent, ..hidden(firmware, 99_000_001) };
        let plug = desk.plug(nothing);
        let refused = set_up(&desk, &with(&states, &[]), SECRETS);
        refused.refused(&["hides its serial and has nothing else"]);
        let mut change = desk.command();
        change.args(["pin", "change", "--pin-fd", "0"]);
        let refused = finish(&mut change, b"123456\n38109274\n");
        refused.refused(&["hides its serial and has nothing else"]);
        assert_eq!((pins_sent(&plug), done(&plug, CHANGE_REFERENCE_DATA)), (0, 0));
        let warnings = desk.devices()[0]["warnings"].to_string();
        assert!(warnings.contains("nothing else tells it from another YubiKey"), "{warnings}");

        // A card holder unique identifier is enough to change its PIN.
        let guid =
            [[0x34, 16].as_slice(), &std::array::from_fn::<u8, 16, _>(|at| at as u8)].concat();
        plug.card(|card| card.put_object(CHUID, guid));
        let mut change = desk.command();
        change.args(["pin", "change", "--pin-fd", "0"]);
        finish(&mut change, b"123456\n38109274\n").ok();
    }
}

#[test]
fn a_plan_shows_the_key_and_its_certificate() {
    let desk = Desk::new();
    let _plug = desk.plug(factory(Firmware::V5_7_4));
    let dates = ["--valid-from", "2026-12-01T00:00:00Z", "--valid-until", "2027-12-01T00:00:00Z"];
    let more = [&["--plan", "--json", "--algorithm", "ed25519"][..], &dates].concat();
    let plan = set_up(&desk, &more, "").ok().json_lines().remove(0);
    let key = &plan["key"];
    let said = ["kind", "pin_policy", "touch_policy"].map(|of| key[of]["text"].as_str().unwrap());
    assert_eq!((&plan["slot"], said), (&"9c".into(), ["Ed25519", "always", "always"]));
    assert_eq!(key["counts_until"], "2027-12-01T00:00:00Z", "{plan:#}");
    let certificate = &plan["certificate"];
    assert_eq!(certificate["subject"], "CN=w.witness", "{plan:#}");
    assert_eq!(certificate["valid_from"], "2026-12-01T00:00:00Z");
    assert_eq!(certificate["valid_until"], "2027-12-01T00:00:00Z");
    // One that would never be valid is refused before anything is made.
    let past = set_up(&desk, &["--plan", "--valid-until", "2020-01-01T00:00:00Z"], "");
    past.refused(&["2020-01-01T00:00:00Z"]);
}

#[test]
fn weak_choices_are_refused_before_anything_is_sent() {
    let desk = Desk::new();
    let plug = desk.plug(factory(Firmware::V5_7_4));
    for (secrets, words) in [
        ("123456\n55667712\n", "every YubiKey has at first"),
        ("12345678\n55667712\n", "every YubiKey has at first"),
        ("111111\n55667712\n", "tried first"),
        ("654321\n55667712\n", "tried first"),
        ("90210734\n12345678\n", "every YubiKey has at first"),
        ("90210734\n12121212\n", "tried first"),
        ("90210734\n90210734\n", "the same as the PIN"),
        ("90210734\n", "a new PUK is needed"),
        ("9021\n55667712\n", "6 to 8 bytes"),
        ("", "no PIN"),
    ] {
        set_up(&desk, &[], secrets).refused(&[words]);
    }
    for (flags, words) in [
        (&["--algorithm", "rsa-1024"][..], "too weak"),
        (&["--pin-policy", "never"], "proves nothing about who signed"),
        (&["--touch-policy", "never"], "--allow-no-touch"),
        (&["--slot", "9a", "--overwrite-slot", "9c"], "name the same slot twice"),
    ] {
        set_up(&desk, flags, SECRETS).refused(&[words]);
    }
    assert_eq!(done(&plug, CHANGE_REFERENCE_DATA) + done(&plug, GENERATE), 0);
    drop(plug);
    for (firmware, algorithm, words) in [
        (Firmware(4, 3, 3), "rsa-2048", "ROCA"),
        (Firmware(4, 2, 4), "ecdsa-p256", "does not attest"),
        (Firmware::V5_4_3, "ed25519", "needs 5.7"),
        (Firmware::V5_4_3, "rsa-3072", "needs 5.7"),
    ] {
        let plug = desk.plug(factory(firmware));
        let states = stated(firmware, "factory");
        set_up(&desk, &with(&states, &["--algorithm", algorithm]), SECRETS).refused(&[words]);
        assert_eq!(done(&plug, CHANGE_REFERENCE_DATA), 0);
    }
}

/// A YubiKey that enforces complexity refuses more than is refused here.
#[test]
fn a_pin_that_the_card_calls_weak_is_said_to_be() {
    let desk = Desk::new();
    let plug = desk.plug(factory(Firmware::V5_7_4));
    plug.inject(Fault::new(At::Instruction(CHANGE_REFERENCE_DATA), Act::Status(0x6985)));
    set_up(&desk, &[], SECRETS).refused(&["tried first", "choose another"]);
    assert_eq!(plug.card(|card| card.pin_tries()), 3);
}

#[test]
fn what_is_in_a_slot_is_named_and_lost_only_if_the_slot_is_named_twice() {
    let desk = Desk::new();
    let slots = vec![
        SlotOptions::new(0x9c, Algorithm::P256).certified("Jane"),
        SlotOptions::new(0x9a, Algorithm::P384).imported(),
    ];
    let plug = desk.plug(Options { slots, ..factory(Firmware::V5_7_4) });
    desk.enrol("9c", "j.okafor").ok();
    let fingerprint = desk.devices()[0]["keys"][0]["fingerprint"].as_str().unwrap().to_owned();
    let before = plug.card(|card| card.public_key(0x9c));
    let refused = set_up(&desk, &[], SECRETS);
    assert!(refused.stderr.replace(' ', "").contains(&fingerprint), "{refused:?}");
    refused.refused(&["ds-test-9c of j.okafor", "--overwrite-slot 9c"]);
    set_up(&desk, &["--slot", "9a"], SECRETS).refused(&["ECC P-384", "--overwrite-slot 9a"]);
    set_up(&desk, &["--slot", "9a", "--finish"], SECRETS).refused(&["no key that was generated"]);
    // A plan says what stands in its way too, and how it would be done.
    let planned = set_up(&desk, &["--plan"], "");
    assert_eq!(planned.code, 1, "{planned:?}");
    assert!(planned.stderr.contains("--overwrite-slot 9c"), "{planned:?}");
    let planned = set_up(&desk, &["--plan", "--slot", "82", "--finish"], "");
    assert_eq!(planned.code, 1, "{planned:?}");
    assert!(planned.stderr.contains("no key that was generated"), "{planned:?}");
    assert!(!planned.stdout.contains("stays:"), "{planned:?}");
    let touchless = ["--plan", "--json", "--slot", "82", "--touch-policy", "never"];
    let planned = set_up(&desk, &touchless, "");
    assert_eq!(
        (planned.code, &planned.json_lines()[0]["problem"]["code"]),
        (1, &"no_touch".into())
    );
    let allowed = [&touchless[..], &["--allow-no-touch"]].concat();
    let planned = set_up(&desk, &allowed, "").ok().json_lines().remove(0);
    assert_eq!(planned["problem"], Value::Null);
    assert_eq!(plug.card(|card| card.public_key(0x9c)), before);
    assert_eq!(done(&plug, CHANGE_REFERENCE_DATA), 0, "nothing is begun");
    set_up(&desk, &["--overwrite-slot", "9c"], SECRETS).ok();
    assert_ne!(plug.card(|card| card.public_key(0x9c)), before);
    let entries = journal(&desk);
    let generated = entries.iter().find(|entry| entry["change"] == "key").unwrap();
    assert_eq!(generated["replaces"], fingerprint.as_str());
    signs_attested(&desk, "90210734");
}

/// An answer that is neither the key nor that there is none says nothing of the slot.
#[test]
fn a_slot_that_cannot_be_read_is_not_taken_for_an_empty_one() {
    let desk = Desk::new();
    let plug = desk.plug(factory(Firmware::V5_7_4));
    plug.inject(Fault::new(At::Instruction(GET_METADATA), Act::Status(0x6F00)));
    set_up(&desk, &["--plan"], "").refused(&["GET METADATA", "6F00"]);
}

/// A certificate whose key is gone is in the way too.
#[test]
fn a_certificate_without_a_key_is_not_overwritten_unasked() {
    let desk = Desk::new();
    let slots = vec![SlotOptions::new(0x9c, Algorithm::P256).certified("Jane")];
    let card = Card::new(Options { slots, ..factory(Firmware::V5_7_4) });
    let plug = card.plug(desk.pcscd.port(0)).unwrap();
    assert!(plug.wait_until_seen(LIMIT));
    plug.card(|card| card.delete_key(0x9c));
    set_up(&desk, &[], SECRETS).refused(&["a certificate without a key", "--overwrite-slot 9c"]);
    // Its loss is journalled before it happens.
    let stored = plug.card(|card| card.object(CERTIFICATE_9C)).unwrap();
    let begin = stored.windows(2).position(|bytes| bytes == [0x30, 0x82]).unwrap();
    let length = u16::from_be_bytes([stored[begin + 2], stored[begin + 3]]);
    let certificate = &stored[begin..begin + 4 + usize::from(length)];
    set_up(&desk, &["--overwrite-slot", "9c"], SECRETS).ok();
    let entries = journal(&desk);
    let change = entries.iter().find(|entry| entry["change"] == "certificate").unwrap();
    assert_eq!(change["replaces"], Digest::of(certificate).hex());
}

/// So is what another program keeps in the place of the certificate.
#[test]
fn what_is_no_certificate_is_not_overwritten_unasked() {
    let desk = Desk::new();
    let plug = desk.plug(factory(Firmware::V5_7_4));
    let other = vec![0x70, 0x04, 0x1f, 0x8b, 0x08, 0x00, 0x71, 0x01, 0x01];
    plug.card(|card| card.put_object(CERTIFICATE_9C, other.clone()));
    set_up(&desk, &[], SECRETS)
        .refused(&["cannot be read as a certificate", "--overwrite-slot 9c"]);
    assert_eq!(plug.card(|card| card.object(CERTIFICATE_9C)), Some(other));
    assert_eq!(done(&plug, CHANGE_REFERENCE_DATA), 0, "nothing is begun");
    set_up(&desk, &["--overwrite-slot", "9c"], SECRETS).ok();
}

#[test]
fn every_kind_of_key_and_policy_is_set_up() {
    for (algorithm, pin, touch, slot) in [
        ("ecdsa-p384", "once", "cached", "9a"),
        ("ed25519", "always", "always", "9c"),
        ("rsa-2048", "once", "always", "9d"),
        ("rsa-3072", "always", "cached", "82"),
        ("rsa-4096", "once", "cached", "95"),
        ("ecdsa-p256", "once", "never", "9e"),
    ] {
        let desk = Desk::new();
        let _plug = desk.plug(factory(Firmware::V5_7_4));
        let flags = ["--algorithm", algorithm, "--pin-policy", pin, "--touch-policy", touch];
        let flags = [&flags[..], &["--slot", slot, "--json", "--allow-no-touch"]].concat();
        let report = set_up(&desk, &flags, SECRETS).ok().json_lines().remove(0);
        let facts = &report["key"]["attestation"]["facts"];
        assert_eq!(facts["pin"], pin, "{report:#}");
        assert_eq!(facts["touch"], touch);
        let key = &desk.devices()[0]["keys"][0];
        assert_eq!(key["slot"], slot, "{key:#}");
        assert_eq!(key["subject"], "CN=w.witness");
        assert_eq!(key["origin"], "generated");
        assert_eq!(key["expires"], Value::Null, "{key:#}");
    }
}

/// A YubiKey is not set up with the PIN that everybody knows, whatever is stated; and where the card says
/// that it has another, that one costs no attempt.
#[test]
fn the_factory_s_pin_does_not_stay() {
    let desk = Desk::new();
    let plug = desk.plug(factory(Firmware::V5_2_7));
    let flags = ["--pin-is", "changed", "--puk-is", "changed"];
    set_up(&desk, &flags, "123456\n").refused(&["every YubiKey has at first", "not sent"]);
    assert_eq!(done(&plug, GENERATE), 0);
    drop(plug);
    let plug = desk.plug(changed(Firmware::V5_7_4));
    set_up(&desk, &[], "123456\n").refused(&["every YubiKey has at first"]);
    assert_eq!(plug.card(|card| card.pin_tries()), 3);
}

#[test]
fn a_touch_that_does_not_come_leaves_a_key_that_is_finished_later() {
    let desk = Desk::new();
    let options = Options {
        touch: Touch::Never,
        touch_timeout: std::time::Duration::from_millis(1_200),
        ..factory(Firmware::V5_7_4)
    };
    let plug = desk.plug(options);
    let missed = set_up(&desk, &["--json"], SECRETS);
    let report = missed.json_lines().remove(0);
    missed.refused(&["not touched", "a key was generated in slot 9c"]);
    assert_eq!(report["changed"], serde_json::json!(["pin", "puk", "management_key", "key"]));
    assert_eq!(report["key"], Value::Null);
    assert!(report["problem"]["message"].is_string(), "{report:#}");

    plug.card(|card| card.options_mut().touch = Touch::After(std::time::Duration::ZERO));
    let key = plug.card(|card| card.public_key(0x9c));
    let words = ["was generated there", "--finish", "--overwrite-slot 9c"];
    set_up(&desk, &[], SECRETS).refused(&words);
    let finished = set_up(&desk, &["--finish", "--json"], SECRETS).ok().json_lines().remove(0);
    assert_eq!(finished["changed"], serde_json::json!(["certificate"]));
    assert_eq!(plug.card(|card| card.public_key(0x9c)), key);
    signs_attested(&desk, "90210734");
}

#[test]
fn a_key_that_the_keyring_would_not_take_is_not_made() {
    let desk = Desk::new();
    let plug = desk.plug(factory(Firmware::V5_7_4));
    set_up(&desk, &[], SECRETS).ok();
    drop(plug);
    let options = Options { serial: 99_000_002, ..factory(Firmware::V5_7_4) };
    let plug = desk.plug(options);
    set_up(&desk, &[], SECRETS).refused(&["ds-new"]);
    assert_eq!(done(&plug, CHANGE_REFERENCE_DATA), 0);
}

#[test]
fn what_else_is_in_the_place_of_the_management_key_is_not_lost() {
    let desk = Desk::new();
    let plug = desk.plug(factory(Firmware::V5_7_4));
    plug.card(|card| card.put_object(PRINTED, vec![0x01, 0x02, b'J', b'O']));
    let refused = set_up(&desk, &[], SECRETS);
    refused.refused(&["printed information", "the PIN was set", "the PUK was set"]);
    assert_eq!(plug.card(|card| card.object(PRINTED)), Some(vec![0x01, 0x02, b'J', b'O']));
    assert_eq!(done(&plug, GENERATE), 0);
}

fn ykman() -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let own = root.join("target/tools/ykman/bin/ykman");
    if own.exists() { own } else { PathBuf::from("ykman") }
}

/// Yubico's programs know the management key as kept, and prove it.
#[test]
fn yubico_s_programs_go_on_with_the_result() {
    for firmware in FIRMWARE {
        let desk = Desk::named(YUBICO_READER);
        let plug = desk.plug(factory(firmware));
        set_up(&desk, &with(&stated(firmware, "factory"), &[]), SECRETS).ok();
        let place = tempfile::tempdir().unwrap();
        let ok = |program: &Path, arguments: &[&str]| {
            let mut client = Command::new(program);
            client.args(arguments).current_dir(place.path());
            client.env("PCSCLITE_CSOCK_NAME", desk.pcscd.socket());
            let outcome = finish(&mut client, b"").ok();
            format!("{}{}", outcome.stdout, outcome.stderr)
        };
        let reader = format!("{YUBICO_READER} 00 00");
        let yk = |arguments: &[&str]| ok(&ykman(), &[&["--reader", &reader], arguments].concat());
        let information = yk(&["piv", "info"]);
        assert!(information.contains("stored on the YubiKey, protected by PIN"), "{information}");
        assert!(information.contains("CN=w.witness"), "{information}");
        assert!(!information.contains("default"), "{information}");
        yk(&["piv", "keys", "generate", "9a", "-a", "ECCP256", "-P", "90210734", "public.pem"]);
        let tool = Path::new("yubico-piv-tool");
        // Debian 12's has no AES management keys yet.
        if firmware < Firmware::V5_7_4 {
            let key = format!("--key={}", kept_key(&plug));
            ok(tool, &[&key, "-a", "set-chuid"]);
        }
        assert!(ok(tool, &["-a", "status"]).contains("CN=w.witness"));
        ok(tool, &["-a", "verify-pin", "-P", "90210734"]);
    }
}

/// One act, with a fault in it.
struct Attempt {
    first: Outcome,
    apdus: usize,
    plug: Plug,
}

fn attempt(desk: &Desk, fault: Option<Fault>, more: &[&str]) -> Attempt {
    fs::write(desk.keyring(), r#"{"keyring_version": "1.0", "keys": []}"#).unwrap();
    let faults = fault.into_iter().collect();
    let options = Options { faults, ..factory(Firmware::V5_7_4) };
    desk.wait_until_empty(0);
    let plug = Card::new(options).plug(desk.pcscd.port(0)).unwrap();
    let begun = std::time::Instant::now();
    loop {
        let first = set_up(desk, more, SECRETS);
        let apdus = plug.apdus().len();
        if apdus > 0 {
            return Attempt { first, apdus, plug };
        }
        assert!(begun.elapsed() < LIMIT, "never seen: {first:?}, {}", desk.pcscd.log());
    }
}

#[test]
fn pulled_out_before_any_command_is_done_it_is_continued() {
    pulled_out_it_is_continued(&Act::Pull);
}

#[test]
fn pulled_out_after_any_command_was_done_it_is_continued() {
    pulled_out_it_is_continued(&Act::PullAfter);
}

/// Pulled at every APDU of the act: the words say what was done, and running it again comes to the same
/// end. Never is a factory secret left, or an attempt lost.
fn pulled_out_it_is_continued(act: &Act) {
    let desk = Desk::new();
    let good = attempt(&desk, None, &["--json"]);
    let all = good.apdus;
    good.first.ok();
    drop(good.plug);
    let planned = attempt(&desk, None, &["--plan"]);
    let reading = planned.apdus;
    planned.first.ok();
    drop(planned.plug);
    assert!(all > reading + 30, "{all} APDUs, {reading} of them before the act");
    for at in reading + 1..=all {
        let Attempt { first, plug, .. } =
            attempt(&desk, Some(Fault::new(At::Apdu(at), act.clone())), &["--json"]);
        let which = format!("{at} of {all}, {act:?}: {first:?}");
        let card = plug.pull();
        desk.wait_until_empty(0);
        let plug = card.plug(desk.pcscd.port(0)).unwrap();
        let mut again = None;
        if first.code != 0 {
            assert!(!first.stderr.contains("panicked"), "{which}");
            assert!(
                first.stderr.contains("nothing was changed")
                    || first.stderr.contains("what was done before stays")
                    || first.stderr.contains("nothing else was changed"),
                "{which}"
            );
            let mut second = until_seen(&desk, &["--json"]);
            if second.stderr.contains("--finish") {
                second = set_up(&desk, &["--json", "--finish"], SECRETS);
            }
            assert_eq!(second.code, 0, "{which}\nthen {second:?}");
            again = Some(second);
        }
        let end = plug.card(|card| (card.pin_tries(), card.puk_tries()));
        assert_eq!(end, (3, 3), "{which}\nthen {again:?}");
        plug.card(|card| {
            assert!(card.object(PRINTED).is_some() && card.object(ADMIN).is_some(), "{which}");
            assert!(card.object(CERTIFICATE_9C).is_some(), "{which}");
            assert!(!card.has_factory_secret(), "{which}");
        });
        let keyring = fs::read_to_string(desk.keyring()).unwrap();
        assert_eq!(keyring.matches("ds-new").count(), 1, "{which}\nthen {again:?}");
    }
}

/// The act, once pcscd tells of the card.
fn until_seen(desk: &Desk, more: &[&str]) -> Outcome {
    let begun = std::time::Instant::now();
    loop {
        let outcome = set_up(desk, more, SECRETS);
        if !outcome.stderr.contains("plugged in") || begun.elapsed() > LIMIT {
            return outcome;
        }
    }
}

/// Refusals, garbage and another program's reset at every APDU of the act: it ends in words, and a PIN
/// is never sent again to a card that did not take it.
#[test]
fn a_card_that_fails_at_any_moment_is_left_as_it_is_said() {
    let desk = Desk::new();
    let good = attempt(&desk, None, &[]);
    let all = good.apdus;
    good.first.ok();
    drop(good.plug);
    let planned = attempt(&desk, None, &["--plan"]);
    let reading = planned.apdus;
    drop(planned.plug);
    for at in reading + 1..=all {
        // One after the other, each at every third moment.
        let act = [Act::Garbage(vec![0x42]), Act::Status(0x6F00), Act::Reset][at % 3].clone();
        let fault = Fault::new(At::Apdu(at), act.clone());
        let Attempt { first, plug, .. } = attempt(&desk, Some(fault), &[]);
        let which = format!("{at} of {all}, {act:?}: {first:?}");
        assert!(!first.stderr.contains("panicked"), "{which}");
        assert!(first.code == 0 || first.stderr.contains("error:"), "{which}");
        assert!(plug.card(|card| card.pin_tries()) >= 2, "{which}");
    }
}

#[test]
fn a_person_at_a_terminal_is_asked() {
    let desk = Desk::new();
    let slots =
        vec![SlotOptions::new(0x9c, Algorithm::P256).pin(PinPolicy::Once).certified("Jane")];
    let plug = desk.plug(Options { slots, ..factory(Firmware::V5_2_7) });
    let line = format!(
        "'{}' piv setup --key-id ds-new --owner w.witness --role witness --touch-policy cached",
        binary().display()
    );
    let run = |line: &str, typed: &str| {
        let mut script = Command::new("script");
        script.args(["-qec", line, "/dev/null"]).env("PCSCLITE_CSOCK_NAME", desk.pcscd.socket());
        script.env("COUNTERSIGN_KEYRING", desk.keyring());
        script.env("COUNTERSIGN_JOURNAL", journal_of(&desk));
        finish(&mut script, typed.as_bytes())
    };
    let at_terminal = |typed: &str| run(&line, typed);
    let before = plug.card(|card| card.public_key(0x9c));
    // With JSON, too, what is confirmed is seen before.
    let outcome = run(&format!("{line} --json 2>&1"), "y\ny\nn\n9c\nn\n");
    // Who does not see the questions is not asked.
    let unseen = run(&format!("{line} 2>/dev/null"), "y\ny\nn\n9c\ny\n");
    assert_ne!(unseen.code, 0, "{unseen:?}");
    assert_eq!(plug.card(|card| card.public_key(0x9c)), before);
    let question = outcome.stdout.find("Set up this YubiKey like this?").expect("a question");
    assert!(outcome.stdout[..question].contains("generate a key in slot 9c"), "{outcome:?}");
    // It is generated there, so that it could be continued with; then the wrong slot is typed.
    let outcome = at_terminal("y\ny\nn\n9a\n");
    assert!(outcome.stdout.contains("still the factory's (123456)?"), "{outcome:?}");
    assert!(outcome.stdout.contains("Type 9c to overwrite it"), "{outcome:?}");
    assert!(outcome.stdout.contains("cancelled; nothing was changed"), "{outcome:?}");
    assert_eq!(plug.card(|card| card.public_key(0x9c)), before);
    let outcome = at_terminal("y\ny\nn\n9c\ny\n90210734\n90210734\n55667712\n55667712\n");
    assert!(outcome.stdout.contains("Set up this YubiKey like this?"), "{outcome:?}");
    assert!(outcome.stdout.contains("Added ds-new of w.witness, hardware"), "{outcome:?}");
    assert_ne!(plug.card(|card| card.public_key(0x9c)), before);
}

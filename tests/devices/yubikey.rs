//! YubiKeys through the real binary: a virtual card behind a real `pcscd`, plugged in, asked for its
//! PIN, touched, pulled out at every moment; and OpenSSL, which verifies what it signed.

// Helpers of tests may fail the test.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use countersign_envelope::digest::Digest;
use countersign_tests::{
    Case, Outcome, command, companion_key, finish, openssl, read_json, signatures_of,
    verify_with_openssl,
};
use serde_json::Value;
use virtual_yubikey::{
    Act, Algorithm, At, Card, Fault, Firmware, Issuer, Make, Options, PinPolicy, SlotOptions,
    Touch, TouchPolicy, test_first_root_pem,
};

use crate::desk::{Desk, LIMIT, VERIFY, pins_sent};

const GENERAL_AUTHENTICATE: u8 = 0x87;

fn p256() -> Options {
    Options { slots: vec![SlotOptions::new(0x9c, Algorithm::P256)], ..Options::default() }
}

#[test]
fn a_witness_co_signs_with_pin_and_touch_and_l6_is_attested() {
    let desk = Desk::new();
    let slot = SlotOptions::new(0x9c, Algorithm::P256).touch(TouchPolicy::Always);
    let plug = desk.plug(Options { slots: vec![slot], ..Options::default() });
    let enrolled = desk.enrol("9c", "w.witness").ok();
    assert!(
        enrolled
            .stdout
            .contains("generated on YubiKey 99000001, firmware 5.7.4, PIN always, touch always"),
        "{enrolled:?}"
    );

    let case = Case::copy("good_unsigned");
    let key = BASE64.encode([1; 32]);
    let mut operator = command();
    operator.args(["sign", "--role", "operator", "--signer", "o", "--key-id", "ds-test-o"]);
    finish(operator.args(["--key-file", "-"]).arg(case.run()), key.as_bytes()).ok();
    let mut add = desk.command();
    add.args(["keys", "add", "--key-id", "ds-test-o", "--owner", "o", "--role", "operator"]);
    finish(add.arg(case.signatures()), b"").ok();
    finish(command().args(["log", "append"]).arg(case.run()), b"").ok();

    // What the keyring knows need not be said: which key, and whose.
    let mut sign = desk.command();
    sign.args(["sign", "--role", "witness", "--pin-fd", "0", "--piv"]).arg(case.run());
    let signed = finish(&mut sign, b"123456\n").ok();
    assert_eq!(signed.stderr.matches("Touch the YubiKey now (15 s)").count(), 3, "{signed:?}");

    let envelope = read_json(&case.signatures());
    let signature = &envelope["signatures"][1];
    assert_eq!(signature["signer_type"], "hardware");
    assert_eq!(signature["algorithm"], "ecdsa-p256-sha256");
    assert_eq!(signature["signing_key_id"], "ds-test-9c");
    assert_eq!(signature["signer_id"], "w.witness");
    assert_eq!(signature["key_attestation"]["type"], "yubikey-piv");
    assert_eq!(signature["key_attestation"]["slot"], "9c");
    verify_with_openssl(&case);

    let mut verify = desk.command();
    verify.args(["verify", "--json", "--level", "L6", "--assurance", "attested"]).arg(case.run());
    let verdict = finish(&mut verify, b"").ok();
    assert!(verdict.stdout.contains("generated on YubiKey 99000001"), "{verdict:?}");

    // The PIN was sent before each signature, since this slot asks always, and asked for once.
    assert_eq!(pins_sent(&plug), 3);
    assert!(!plug.card(|card| card.is_pin_verified()), "the card has forgotten the PIN");
}

/// The companion is made once the card has signed, and costs no touch and no PIN of its own.
#[test]
fn a_yubikey_signs_with_a_companion_by_another_key() {
    let desk = Desk::new();
    let slot = SlotOptions::new(0x9c, Algorithm::P256).touch(TouchPolicy::Always);
    let plug = desk.plug(Options { slots: vec![slot], ..Options::default() });
    desk.enrol("9c", "w.witness").ok();
    let (case, keys) = (Case::copy("good_unsigned"), tempfile::tempdir().unwrap());
    let companion = companion_key(keys.path(), 7);
    let sign = |companion: &Path| {
        let mut sign = desk.command();
        sign.args(["sign", "--role", "witness", "--pin-fd", "0", "--piv", "--companion"]);
        finish(sign.arg(companion).arg(case.run()), b"123456\n")
    };
    // What is wrong with the companion is found before the PIN is sent.
    let other = keys.path().join("other.pem");
    openssl(&["genpkey", "-algorithm", "ed25519", "-out", "other.pem"], keys.path()).ok();
    sign(&other).refused(&["ed25519 makes no companions"]);
    assert_eq!(pins_sent(&plug), 0);
    let signed = sign(&companion).ok();
    assert_eq!(signed.stderr.matches("Touch the YubiKey now (15 s)").count(), 3, "{signed:?}");
    assert_eq!(pins_sent(&plug), 3);
    verify_with_openssl(&case);
    let block = read_json(&case.signatures());
    assert_eq!(block["companion"]["algorithm"], "ml-dsa-65");
    fs::write(keys.path().join("public.pem"), block["companion"]["public_key"].as_str().unwrap())
        .unwrap();
    let mut add = desk.command();
    add.args(["keys", "add", "--key-id", "pq", "--owner", "w.witness"]);
    finish(add.arg(keys.path().join("public.pem")), b"").ok();
    let mut verify = desk.command();
    let row = finish(verify.args(["verify", "--json"]).arg(case.run()), b"").json_lines().remove(0);
    let signature = &row["signatures"][0];
    assert_eq!(signature["companion"]["state"], "holds", "{signature}");
    assert_eq!(signature["assurance"], "attested", "{signature}");
}

#[test]
fn a_refusal_is_the_same_ceremony_with_one_touch() {
    let desk = Desk::new();
    let slot = SlotOptions::new(0x9c, Algorithm::P256).touch(TouchPolicy::Always);
    let plug = desk.plug(Options { slots: vec![slot], ..Options::default() });
    desk.enrol("9c", "w.witness").ok();
    let case = Case::copy("good_unsigned");
    let mut refuse = desk.command();
    refuse.args(["refuse", "--role", "witness", "--piv", "--pin-fd", "0"]);
    refuse.args(["--reason", "Not what I reviewed."]).arg(case.run());
    let refused = finish(&mut refuse, b"123456\n").ok();
    assert_eq!(refused.stderr.matches("Touch the YubiKey now").count(), 1, "{refused:?}");
    assert_eq!(pins_sent(&plug), 1);
    assert!(!case.signatures().exists(), "nothing but the refusal is signed");

    let mut status = desk.command();
    status.args(["status", "--json"]).arg(case.path());
    let status = finish(&mut status, b"").ok().json_lines().remove(0);
    assert_eq!(status["refusals"][0]["standing"], "stands", "{status:#}");
    assert_eq!(status["refusals"][0]["signer_id"], "w.witness");
    assert_eq!(status["refusals"][0]["key_id"], "ds-test-9c");
}

#[test]
fn the_signed_keyring_is_signed_in_the_same_ceremony_with_one_touch() {
    let desk = Desk::new();
    let slot = SlotOptions::new(0x9c, Algorithm::P256).touch(TouchPolicy::Always);
    let plug = desk.plug(Options { slots: vec![slot], ..Options::default() });
    desk.enrol("9c", "ada").ok();
    let place = tempfile::tempdir().unwrap();
    let file = place.path().join("keyring.signed.json");
    let mut init = desk.command();
    init.args(["trust", "init", "--administrator", "ds-test-9c", "--threshold", "1"]).arg(&file);
    let proposed = finish(&mut init, b"").ok().stdout;
    assert!(proposed.contains("attestations may lead to"), "{proposed}");

    // A wrong PIN costs one attempt, and nothing is written.
    let sign = |pin: &[u8]| {
        let mut sign = desk.command();
        sign.args(["trust", "sign", "--piv", "--pin-fd", "0"]).arg(&file);
        finish(&mut sign, pin)
    };
    let unsigned = fs::read(&file).unwrap();
    assert_eq!(sign(b"654321\n").code, 2);
    assert_eq!(fs::read(&file).unwrap(), unsigned);
    let before = pins_sent(&plug);
    let signed = sign(b"123456\n").ok();
    assert_eq!(signed.stderr.matches("Touch the YubiKey now").count(), 1, "{signed:?}");
    assert_eq!(pins_sent(&plug) - before, 1);
    // Who has signed is told before a PIN is asked for.
    let again = sign(b"123456\n").refused(&["has signed this already"]);
    assert_eq!(pins_sent(&plug) - before, 1, "{again:?}");

    let mut show = desk.command();
    let shown = finish(show.args(["trust", "show", "--json"]).arg(&file), b"").ok();
    let sha256 = shown.json_lines()[0]["sha256"].as_str().unwrap().to_owned();
    let mut adopt = desk.command();
    adopt.args(["trust", "adopt", "--digest", &sha256]).arg(&file);
    finish(&mut adopt, b"").ok();
    // The roots are part of it: the key is attested without a trust folder.
    let mut list = command();
    let listed = finish(list.args(["keys", "show", "ds-test-9c"]), b"").ok().stdout;
    assert!(listed.contains("generated on YubiKey 99000001"), "{listed}");
}

#[test]
fn every_algorithm_signs_and_openssl_verifies() {
    let algorithms = [
        ("9a", Algorithm::P256, "ecdsa-p256-sha256"),
        ("9c", Algorithm::P384, "ecdsa-p384-sha384"),
        ("9d", Algorithm::Rsa2048, "rsa-pkcs1v15-sha256"),
        ("82", Algorithm::Rsa3072, "rsa-pkcs1v15-sha256"),
        ("95", Algorithm::Rsa4096, "rsa-pkcs1v15-sha256"),
        ("9e", Algorithm::Ed25519, "ed25519"),
    ];
    let desk = Desk::new();
    let slots = algorithms.map(|(slot, algorithm, _)| {
        SlotOptions::new(u8::from_str_radix(slot, 16).unwrap(), algorithm)
    });
    let _plug = desk.plug(Options { slots: slots.to_vec(), ..Options::default() });
    for (slot, _, algorithm) in algorithms {
        let case = Case::copy("good_unsigned");
        desk.sign(&case.run(), slot, "123456", &[]).ok();
        let block = read_json(&case.signatures());
        assert_eq!(block["algorithm"], algorithm, "{slot}");
        assert_eq!(block["signer_type"], "hardware", "{slot}");
        verify_with_openssl(&case);
    }
}

#[test]
fn a_run_too_long_for_ed25519_is_signed_by_its_digest() {
    let desk = Desk::new();
    let slot = SlotOptions::new(0x9c, Algorithm::Ed25519);
    let _plug = desk.plug(Options { slots: vec![slot], ..Options::default() });
    let case = Case::copy("good_unsigned");
    // A field that no check asks for, and that makes it longer than a card takes at once.
    let mut run = read_json(&case.run());
    run["note"] = Value::from("x".repeat(4_000));
    run["hash"] = Value::from("");
    let mut canonical = command();
    canonical.args(["canonical"]);
    let canonical = finish(&mut canonical, run.to_string().as_bytes()).ok().stdout;
    let digest = tool_digest(canonical.trim_end_matches('\n'));
    run["hash"] = Value::from(format!("sha256:{digest}"));
    fs::write(case.run(), run.to_string()).unwrap();

    desk.sign(&case.run(), "9c", "123456", &[]).ok();
    assert_eq!(read_json(&case.signatures())["signed_payload"], "sha256");
    let manifest = read_json(&signatures_of(&case.manifest()));
    assert!(manifest["signed_payload"].is_null() || manifest["signed_payload"] == "canonical_json");
    verify_with_openssl(&case);
}

/// SHA-256 of a text, by OpenSSL.
fn tool_digest(text: &str) -> String {
    let mut digest = Command::new("openssl");
    let outcome = finish(digest.args(["dgst", "-sha256", "-r"]), text.as_bytes()).ok();
    outcome.stdout.split(' ').next().unwrap().to_owned()
}

#[test]
fn each_firmware_is_read_and_signs_as_it_can() {
    for firmware in ["4.3.5", "5.2.7", "5.4.3", "5.7.4"] {
        let desk = Desk::new();
        let slots = vec![
            SlotOptions::new(0x9c, Algorithm::P256).certified("Witness"),
            SlotOptions::new(0x9a, Algorithm::Rsa2048).imported().certified("Imported"),
        ];
        let firmware_of_card: Firmware = firmware.parse().unwrap();
        let _plug = desk.plug(Options { firmware: firmware_of_card, slots, ..Options::default() });
        let devices = desk.devices();
        let device = &devices[0];
        assert_eq!(device["kind"], "yubikey", "{device:#}");
        assert_eq!(device["firmware"], firmware);
        assert_eq!(device["serial"], 99_000_001);
        assert_eq!(device["pin_tries"], 3);
        let key = &device["keys"][0];
        assert_eq!(key["slot"], "9c");
        assert_eq!((&key["pin_policy"], &key["touch_policy"]), (&"always".into(), &"never".into()));
        assert_eq!(key["origin"], "generated");
        assert_eq!(key["subject"], "CN=Witness");
        assert_eq!(key["attestation"]["standing"], "verified", "{key:#}");
        let imported = &device["keys"][1];
        assert_eq!((&imported["slot"], &imported["origin"]), (&"9a".into(), &"imported".into()));
        assert!(imported["attestation"].is_null());
        let default = device["warnings"].to_string();
        assert!(
            default.contains("management key is still the factory default"),
            "{firmware}: {default}"
        );

        let case = Case::copy("good_unsigned");
        desk.sign(&case.run(), "9c", "123456", &[]).ok();
        let imported = Case::copy("good_unsigned");
        desk.sign(&imported.run(), "9a", "123456", &[]).ok();
        assert!(read_json(&case.signatures())["key_attestation"].is_object());
        assert!(read_json(&imported.signatures())["key_attestation"].is_null());
        verify_with_openssl(&case);
        verify_with_openssl(&imported);
    }
}

/// A YubiKey NEO and the first YubiKey 4: the management application does not tell the model.
#[test]
fn firmware_before_4_1_is_a_yubikey_too() {
    for firmware in ["3.5.0", "4.0.2"] {
        let desk = Desk::new();
        let slots = vec![SlotOptions::new(0x9c, Algorithm::P256).certified("Witness")];
        let of_card: Firmware = firmware.parse().unwrap();
        let _plug = desk.plug(Options { firmware: of_card, slots, ..Options::default() });
        let device = &desk.devices()[0];
        assert_eq!(device["kind"], "yubikey", "{device:#}");
        assert_eq!(
            (&device["firmware"], &device["serial"]),
            (&firmware.into(), &99_000_001.into())
        );
        let case = Case::copy("good_unsigned");
        desk.sign(&case.run(), "9c", "123456", &[]).ok();
        verify_with_openssl(&case);
    }
}

#[test]
fn a_wrong_pin_costs_one_try_and_is_never_repeated() {
    let desk = Desk::new();
    let plug = desk.plug(p256());
    let case = Case::copy("good_unsigned");
    let before = case.snapshot();
    let tries = || plug.card(|card| card.pin_tries());

    // What no card can have is not sent at all.
    for not_a_pin in ["12345", "123456789", "ääääa", "cccccbenueurhuekvlhnlrbndjlgrhgcnfvgdijudvbd"]
    {
        let refused = desk.sign(&case.run(), "9c", not_a_pin, &[]).refused(&["not sent"]);
        assert!(!refused.stderr.contains(not_a_pin), "{refused:?}");
    }
    assert_eq!((pins_sent(&plug), tries()), (0, 3));

    desk.sign(&case.run(), "9c", "999999", &[])
        .refused(&["the PIN is wrong", "2 attempts are left"]);
    assert_eq!((pins_sent(&plug), tries()), (1, 2));
    desk.sign(&case.run(), "9c", "999999", &[]).refused(&["the PIN is wrong", "1 attempt is left"]);
    assert_eq!((pins_sent(&plug), tries()), (2, 1));

    // The last one only where that is said.
    desk.sign(&case.run(), "9c", "999999", &[]).refused(&["only 1 attempt", "--last-try"]);
    assert_eq!((pins_sent(&plug), tries()), (2, 1));
    desk.sign(&case.run(), "9c", "999999", &["--last-try"]).refused(&["blocked", "PUK"]);
    assert_eq!((pins_sent(&plug), tries()), (3, 0));
    desk.sign(&case.run(), "9c", "123456", &[]).refused(&["blocked", "unblock"]);
    assert_eq!(pins_sent(&plug), 3, "a blocked PIN is not sent");
    assert_eq!(case.snapshot(), before);

    // The PUK gives it new tries; a wrong one costs one of its own.
    let journal = desk.keyring().with_file_name("journal.ndjson");
    let pin = |action: &str, typed: &str| {
        let mut pin = desk.command();
        pin.args(["pin", action, "--pin-fd", "0"]).env("COUNTERSIGN_JOURNAL", &journal);
        finish(&mut pin, typed.as_bytes())
    };
    pin("unblock", "00000000\n493817\n").refused(&["the PUK is wrong", "2 attempts"]);
    pin("unblock", "12345678\n493817\n").ok();
    assert_eq!(tries(), 3);
    pin("change", "123456\n90210734\n").refused(&["the PIN is wrong", "2 attempts"]);
    pin("change", "493817\n90210734\n").ok();
    pin("change-puk", "12345678\n55667712\n").ok();
    // Each is journalled before it is sent, and its failure after it.
    let journalled = fs::read_to_string(&journal).unwrap();
    let done: Vec<String> = journalled
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap())
        .filter(|entry| entry["change"].is_string())
        .map(|entry| format!("{} {}", entry["event"], entry["change"]).replace('"', ""))
        .collect();
    let failed = "change_failed pin_changed";
    assert_eq!(
        done,
        [
            "pin_changed unblock",
            failed,
            "pin_changed unblock",
            "pin_changed pin",
            failed,
            "pin_changed pin",
            "pin_changed puk"
        ]
    );
    assert!(!journalled.contains("90210734"));
    // What cannot be journalled is not done.
    let mut pin = desk.command();
    pin.args(["pin", "change", "--pin-fd", "0"]).env("COUNTERSIGN_JOURNAL", desk.pcscd.socket());
    assert_ne!(finish(&mut pin, b"90210734\n493817\n").code, 0);
    desk.sign(&case.run(), "9c", "90210734", &[]).ok();
}

#[test]
fn a_blocked_puk_leaves_the_pin_and_its_danger_is_said_before_it_matters() {
    let desk = Desk::new();
    let plug = desk.plug(p256());
    let pin = |action: &str, typed: &str, more: &[&str]| {
        let mut pin = desk.command();
        pin.args(["pin", action, "--pin-fd", "0"]).args(more);
        finish(&mut pin, typed.as_bytes())
    };
    let sign = |typed: &str, more: &[&str]| {
        desk.sign(&Case::copy("good_unsigned").run(), "9c", typed, more)
    };
    let said = || desk.run(&["devices"]).ok().stdout;
    for _ in 0..2 {
        pin("unblock", "00000000\n493817\n", &[]).refused(&["the PUK is wrong"]);
    }
    let third = pin("unblock", "00000000\n493817\n", &["--last-try"]);
    let third = third.refused(&["the PUK is blocked", "the keys still sign"]);
    assert!(!third.stderr.contains("reset"), "{third:?}");
    let listed = said();
    assert!(listed.contains("The PUK is blocked: the keys still sign"), "{listed}");
    assert!(!listed.contains("12345678") && listed.contains("123456"), "{listed}");
    sign("123456", &[]).ok();
    for _ in 0..2 {
        sign("999999", &[]).refused(&["the PIN is wrong"]);
    }
    let sent = pins_sent(&plug);
    sign("999999", &[]).refused(&["blocks it for good, since the PUK is blocked"]);
    assert_eq!(pins_sent(&plug), sent);
    sign("999999", &["--last-try"]).refused(&["PIN and PUK are blocked", "piv reset"]);
    let blocked = sign("123456", &[]).refused(&["PIN and PUK are blocked", "piv reset"]);
    assert!(!blocked.stderr.contains("unblock"), "{blocked:?}");
    pin("unblock", "12345678\n493817\n", &[]).refused(&["PIN and PUK are blocked"]);
    let listed = said();
    assert!(listed.contains("PIN and PUK are blocked"), "{listed}");
    assert!(!listed.contains("factory default (123456"), "{listed}");
}

#[test]
fn a_new_pin_that_is_no_better_and_one_with_additions_are_not_sent() {
    let desk = Desk::new();
    let plug = desk.plug(p256());
    let begun = plug.apdus().len();
    let pin = |action: &str, typed: &str| {
        finish(desk.command().args(["pin", action, "--pin-fd", "0"]), typed.as_bytes())
    };
    pin("change", "999999\n999999\n").refused(&["same as the current one", "not sent"]);
    pin("change", "999999\n123456\n").refused(&["every YubiKey has at first", "not sent"]);
    pin("unblock", "99999999\n123456\n").refused(&["every YubiKey has at first"]);
    pin("change-puk", "99999999\n12345678\n").refused(&["every YubiKey has at first"]);
    for (typed, words) in
        [("\u{feff}123456", "byte order mark"), ("\"123456\"", "in quotes"), ("123456 ", "a space")]
    {
        let case = Case::copy("good_unsigned");
        desk.sign(&case.run(), "9c", typed, &[]).refused(&[words, "no attempt is lost"]);
    }
    let sent = plug.apdus().split_off(begun);
    let secrets = sent.iter().filter(|apdu| matches!(apdu.ins, VERIFY | 0x24 | 0x2C));
    assert_eq!(secrets.filter(|apdu| apdu.length > 0).count(), 0);
}

#[test]
fn the_pin_is_asked_for_at_a_terminal_without_an_echo() {
    let desk = Desk::new();
    let _plug = desk.plug(p256());
    let case = Case::copy("good_unsigned");
    // script(1), of bsdutils, gives the command a terminal.
    let line = format!(
        "'{}' sign '{}' --role witness --piv --signer w --key-id ds-test-w",
        countersign_tests::binary().display(),
        case.run().display()
    );
    let mut script = Command::new("script");
    script.args(["-qec", &line, "/dev/null"]).env("PCSCLITE_CSOCK_NAME", desk.pcscd.socket());
    script.env("COUNTERSIGN_KEYRING", desk.keyring());
    let outcome = finish(&mut script, b"123456\n").ok();
    assert!(outcome.stdout.contains("PIN of YubiKey 99000001, slot 9c (3 attempts left):"));
    // The terminal may echo what is typed before the question is there; never after it.
    let after = outcome.stdout.split("attempts left):").nth(1).unwrap();
    assert!(!after.contains("123456"), "{}", outcome.stdout);
    verify_with_openssl(&case);
}

#[test]
fn a_touch_that_does_not_come_is_no_error_of_the_pin() {
    let desk = Desk::new();
    let slot = SlotOptions::new(0x9c, Algorithm::P256).touch(TouchPolicy::Always);
    let plug = desk.plug(Options {
        slots: vec![slot],
        touch: Touch::Never,
        touch_timeout: Duration::from_millis(1_500),
        ..Options::default()
    });
    let case = Case::copy("good_unsigned");
    let before = case.snapshot();
    let refused = desk.sign(&case.run(), "9c", "123456", &[]);
    refused.refused(&["was not touched in time", "nothing was signed", "no PIN attempt is lost"]);
    assert_eq!(plug.card(|card| card.pin_tries()), 3);
    assert_eq!(case.snapshot(), before);
}

/// Where the touch is remembered for a while, it is asked for once.
#[test]
fn a_cached_touch_is_asked_for_only_when_it_blinks() {
    let desk = Desk::new();
    let slot = SlotOptions::new(0x9c, Algorithm::P256).touch(TouchPolicy::Cached);
    let _plug = desk.plug(Options {
        slots: vec![slot],
        touch: Touch::After(Duration::from_secs(1)),
        ..Options::default()
    });
    let case = Case::copy("good_unsigned");
    let signed = desk.sign(&case.run(), "9c", "123456", &[]).ok();
    assert_eq!(signed.stderr.matches("Touch the YubiKey now").count(), 1, "{signed:?}");
}

#[test]
fn pin_policies_send_the_pin_as_often_as_the_card_asks() {
    for (policy, sent) in [(PinPolicy::Never, 0), (PinPolicy::Once, 1), (PinPolicy::Always, 3)] {
        let desk = Desk::new();
        let slot = SlotOptions::new(0x9c, Algorithm::P256).pin(policy);
        let plug = desk.plug(Options { slots: vec![slot], ..Options::default() });
        let case = Case::copy("good_unsigned");
        desk.sign(&case.run(), "9c", "123456", &[]).ok();
        assert_eq!(pins_sent(&plug), sent, "{policy:?}");
        assert!(!plug.card(|card| card.is_pin_verified()), "{policy:?}");
    }
}

#[test]
fn several_envelopes_are_signed_with_one_pin() {
    let desk = Desk::new();
    let plug = desk.plug(p256());
    let cases = [(); 3].map(|()| Case::copy("good_unsigned"));
    let mut sign = desk.command();
    sign.arg("sign").args(cases.iter().map(Case::run)).args(["--role", "witness", "--piv"]);
    sign.args(["--signer", "w", "--key-id", "ds-test-w", "--pin-fd", "0"]);
    finish(&mut sign, b"123456\n").ok();
    cases.iter().for_each(verify_with_openssl);
    assert_eq!(pins_sent(&plug), 9, "before each signature, from memory");
    assert!(!plug.card(|card| card.is_pin_verified()));
}

#[test]
fn a_pin_is_not_sent_where_the_refusal_is_certain_before() {
    let desk = Desk::new();
    let plug = desk.plug(p256());
    desk.enrol("9c", "pia").ok();
    let case = Case::copy("good_unsigned");
    let sign = |runs: &[PathBuf], pin: &str, more: &[&str]| {
        let mut sign = desk.command();
        sign.arg("sign").args(runs).args(["--piv", "--slot", "9c", "--pin-fd", "0"]).args(more);
        finish(&mut sign, format!("{pin}\n").as_bytes())
    };
    for pin in ["123456", "wrong11"] {
        for (more, words) in [
            (&["--role", "auditor"][..], "does not hold this role"),
            (&["--role", "witness", "--signer", "other"], "belongs to \"pia\""),
            (&["--role", "witness", "--key-id", "ds-z"], "under the id \"ds-test-9c\""),
        ] {
            sign(&[case.run()], pin, more).refused(&[words]);
        }
    }
    assert_eq!(pins_sent(&plug), 0);
    sign(&[case.run()], "123456", &["--role", "witness"]).ok();
    let sent = pins_sent(&plug);
    sign(&[case.run()], "wrong11", &["--role", "witness"]).refused(&["signed already"]);
    assert_eq!(pins_sent(&plug), sent);
    // A run that is refused before the PIN keeps no other from being signed.
    let next = Case::copy("good_unsigned");
    sign(&[case.run(), next.run()], "123456", &["--role", "witness"]).refused(&["signed already"]);
    verify_with_openssl(&next);
    let sent = pins_sent(&plug);
    let fresh = Case::copy("good_unsigned");
    desk.run(&["keys", "revoke", "ds-test-9c", "--reason", "lost"]).ok();
    sign(&[fresh.run()], "wrong11", &["--role", "witness"]).refused(&["revoked"]);
    assert_eq!(pins_sent(&plug), sent);
    assert!(!fresh.signatures().exists());
}

/// The first firmware that attests does not state its serial number, and its root has path length 0.
#[test]
fn an_attestation_of_firmware_4_3_is_verified() {
    let desk = Desk::new();
    fs::write(desk.roots().join("first.pem"), test_first_root_pem().unwrap()).unwrap();
    let slots = vec![SlotOptions::new(0x9c, Algorithm::P256).certified("Witness")];
    let firmware = "4.3.1".parse().unwrap();
    let first = Options { attestation: Issuer::FirstRoot, firmware, slots, ..Options::default() };
    let _plug = desk.plug(first);
    let case = Case::copy("good_unsigned");
    desk.sign(&case.run(), "9c", "123456", &[]).ok();
    let mut explain = desk.command();
    explain.args(["explain", "--trust", "embedded"]).arg(case.run());
    let explained = finish(&mut explain, b"").ok();
    for said in ["serial number not stated", "firmware 4.3.1"] {
        assert!(explained.stdout.contains(said), "{said}: {explained:?}");
    }
    let mut verify = desk.command();
    verify.args(["verify", "--json", "--trust", "embedded"]).arg(case.run());
    let verified = finish(&mut verify, b"").json_lines().remove(0);
    assert_eq!(verified["assurance"], "attested");
    assert!(verified["checks"].to_string().contains("path length 0"), "{verified:#}");
}

#[test]
fn an_attestation_that_does_not_hold_falls_back_with_its_reason() {
    let cases = [
        (Issuer::UnknownRoot, "unknown_root", "unknown root"),
        (Issuer::Replaced, "failed", "attestation key replaced"),
        (Issuer::OtherKey, "failed", "another key"),
        (Issuer::ExpiredDevice, "failed", "expired"),
        (Issuer::ExpiredIntermediate, "failed", "expired"),
        (Issuer::BadSignature, "failed", "not signed by"),
        (Issuer::NoBasicConstraints, "verified", "generated on YubiKey"),
    ];
    for (issuer, standing, words) in cases {
        let desk = Desk::new();
        desk.trust(issuer);
        let _plug = desk.plug(Options { attestation: issuer, ..p256() });
        let devices = desk.devices();
        let attestation = &devices[0]["keys"][0]["attestation"];
        assert_eq!(attestation["standing"], standing, "{attestation:#}");
        assert!(attestation["words"].as_str().unwrap().contains(words), "{attestation:#}");

        // A forged one, or another key's, speaks against the key; others merely not for it.
        let enrolled = desk.enrol("9c", "w");
        let refused = matches!(issuer, Issuer::OtherKey | Issuer::BadSignature);
        if refused {
            enrolled.refused(&[words, "nothing was added"]);
        } else {
            let enrolled = enrolled.ok();
            assert!(enrolled.stdout.contains(words), "{enrolled:?}");
        }
        let case = Case::copy("good_unsigned");
        let mut sign = desk.command();
        sign.args(["sign", "--role", "witness", "--piv", "--pin-fd", "0"]).arg(case.run());
        sign.args(["--signer", "w", "--key-id", "ds-test-9c"]);
        finish(&mut sign, b"123456\n").ok();
        let explained = finish(desk.command().arg("explain").arg(case.run()), b"");
        assert!(refused || explained.stdout.contains(words), "{explained:?}");
    }
}

/// Of a card that takes a PIN once and not the next time, the program does not try its patience.
#[test]
fn a_pin_that_is_refused_later_is_not_sent_for_what_is_left() {
    let desk = Desk::new();
    let plug = desk.plug(p256());
    let begun = plug.apdus().len();
    desk.sign(&Case::copy("good_unsigned").run(), "9c", "123456", &[]).ok();
    let pin = |(_, apdu): &(usize, &virtual_yubikey::Apdu)| apdu.ins == VERIFY && apdu.length > 0;
    let act = plug.apdus().split_off(begun);
    let (second, _) = act.iter().enumerate().filter(pin).nth(1).unwrap();
    let cases = [(); 3].map(|()| Case::copy("good_unsigned"));
    let before = cases.each_ref().map(Case::snapshot);
    // The next act begins like this one; its second PIN is refused.
    plug.inject(Fault::new(At::Apdu(second + 1), Act::Status(0x63C2)));
    let sent = pins_sent(&plug);
    let mut sign = desk.command();
    sign.arg("sign").args(cases.iter().map(Case::run)).args(["--role", "witness", "--piv"]);
    sign.args(["--signer", "w", "--key-id", "ds-test-w", "--pin-fd", "0"]);
    let refused = finish(&mut sign, b"123456\n");
    let refused = refused.refused(&["the PIN is wrong; 2 attempts are left", "not signed"]);
    assert_eq!(refused.stderr.matches("not signed").count(), 2, "{refused:?}");
    assert_eq!(pins_sent(&plug) - sent, 2, "once for the first, once for the second signature");
    assert_eq!(cases.each_ref().map(Case::snapshot), before);
}

/// While another program uses a card it is reserved; a reset by that program does no harm.
#[test]
fn a_card_that_another_program_works_with_is_waited_for() {
    let desk = Desk::new();
    let slot = SlotOptions::new(0x9c, Algorithm::P256).touch(TouchPolicy::Always);
    let options = Options { slots: vec![slot], touch: Touch::OnCommand, ..Options::default() };
    let plug = desk.plug(options);
    let case = Case::copy("good_unsigned");
    let mut sign = desk.command();
    sign.arg("sign").arg(case.run()).args(["--role", "witness", "--piv", "--signer", "w"]);
    sign.args(["--key-id", "ds-test-w", "--pin-fd", "0"]);
    let signing = std::thread::spawn(move || finish(&mut sign, b"123456\n"));
    assert!(plug.wait_until_blinking(LIMIT));

    let watch = Watch::start(&desk);
    watch.until("held", |line| line["device"]["kind"] == "held");
    for touch in 1..=3 {
        let asked = || plug.apdus().iter().filter(|apdu| apdu.ins == GENERAL_AUTHENTICATE).count();
        let begun = Instant::now();
        while asked() < touch || !plug.touch() {
            assert!(begun.elapsed() < LIMIT, "touch {touch}");
            std::thread::yield_now();
        }
    }
    signing.join().unwrap().ok();
    watch.until("the key", |line| line["device"]["keys"][0]["attestation"].is_object());
}

#[test]
fn what_is_odd_beside_the_key_does_not_matter() {
    let faults = [
        (0xCB, Act::Garbage(vec![0x53, 0x82, 0x90, 0x00])),
        (0xCB, Act::Status(0x6982)),
        (0xF9, Act::Status(0x6F00)),
        (0xF9, Act::Garbage(vec![0x90, 0x00])),
    ];
    for (instruction, act) in faults {
        let desk = Desk::new();
        let plug = desk.plug(p256());
        plug.inject(Fault::new(At::Instruction(instruction), act.clone()));
        let case = Case::copy("good_unsigned");
        let signed = desk.sign(&case.run(), "9c", "123456", &[]);
        assert_eq!(signed.code, 0, "{act:?}: {signed:?}");
        verify_with_openssl(&case);
    }
}

#[test]
fn a_serial_that_is_none_is_refused_and_never_passed_over() {
    let desk = Desk::new();
    let plug = desk.plug(p256());
    let case = Case::copy("good_unsigned");
    let before = case.snapshot();
    let mut sign = desk.command();
    sign.arg("sign").arg(case.run()).args(["--piv", "9900000x", "--role", "witness"]);
    sign.args(["--signer", "w", "--key-id", "ds-test-w", "--pin-fd", "0"]);
    finish(&mut sign, b"123456\n").refused(&["\"9900000x\"", "neither a file nor a SERIAL"]);
    let enrol = ["--slot", "9c", "--key-id", "k", "--owner", "w", "--role", "witness"];
    let mut wrong = desk.command();
    wrong.args(["keys", "enrol", "--piv", "77x"]).args(enrol);
    finish(&mut wrong, b"").refused(&["\"77x\"", "neither a file nor a SERIAL"]);
    let mut joined = desk.command();
    joined.args(["keys", "enrol", "--piv=77x"]).args(enrol);
    finish(&mut joined, b"").refused(&["77x", "a serial is the digits"]);
    assert_eq!((case.snapshot(), pins_sent(&plug)), (before, 0));
}

/// Whoever gives the PIN may keep the pipe open.
#[test]
fn a_line_is_enough_for_a_pin() {
    let desk = Desk::new();
    let _plug = desk.plug(p256());
    let case = Case::copy("good_unsigned");
    let mut sign = desk.command();
    sign.arg("sign").arg(case.run()).args(["--role", "witness", "--piv", "--signer", "w"]);
    sign.args(["--key-id", "ds-test-w", "--pin-fd", "0"]).stdin(Stdio::piped());
    let mut child = sign.stdout(Stdio::null()).spawn().unwrap();
    let mut input = child.stdin.take().unwrap();
    std::io::Write::write_all(&mut input, b"123456\n").unwrap();
    assert!(child.wait().unwrap().success());
    drop(input);
    verify_with_openssl(&case);
}

#[test]
fn several_yubikeys_are_told_apart_by_their_serials() {
    let desk = Desk::new();
    let _first = desk.plug_in(0, Options { serial: 11_111_111, ..p256() });
    let second = desk.plug_in(1, Options { serial: 22_222_222, ..p256() });
    let case = Case::copy("good_unsigned");
    desk.sign(&case.run(), "9c", "123456", &[]).refused(&[
        "11111111",
        "22222222",
        "name the serial",
    ]);
    let mut sign = desk.command();
    sign.args(["sign", "--piv=22222222", "--role", "witness", "--pin-fd", "0"]).arg(case.run());
    sign.args(["--signer", "w", "--key-id", "ds-test-w"]);
    finish(&mut sign, b"123456\n").ok();
    assert!(pins_sent(&second) > 0);
    verify_with_openssl(&case);
    let mut other = desk.command();
    other.args(["sign", "--piv", "33333333", "--role", "witness", "--signer", "w"]).arg(case.run());
    // The form of 0.1, a word of its own.
    let said = finish(&mut other, b"").refused(&["33333333", "not plugged in", "11111111"]);
    assert!(said.stderr.contains("is read as `--piv=33333333`"), "{said:?}");
}

#[test]
fn other_cards_are_named_and_left_alone() {
    let desk = Desk::new();
    let plug = desk.plug(Options { make: Make::NotPiv, ..p256() });
    let devices = desk.devices();
    assert_eq!(devices[0]["kind"], "other", "{:#}", devices[0]);
    assert_eq!(devices[0]["name"], "Another smart card");
    assert_eq!(devices[0]["keys"].as_array().map(Vec::len), Some(0), "{:#}", devices[0]);
    let case = Case::copy("good_unsigned");
    let before = case.snapshot();
    desk.sign(&case.run(), "9c", "123456", &[]).refused(&["PKCS#11 module", "--pkcs11"]);
    assert_eq!(case.snapshot(), before);
    let touched = plug
        .apdus()
        .into_iter()
        .find(|apdu| matches!(apdu.ins, VERIFY | 0x24 | 0x2C | GENERAL_AUTHENTICATE | 0xDB | 0x47));
    assert!(touched.is_none(), "{touched:?}");
}

#[test]
fn a_pin_of_other_letters_than_ascii_is_given_as_utf_8() {
    let desk = Desk::new();
    let plug = desk.plug(Options { pin: "fish♥".to_owned(), ..p256() });
    let case = Case::copy("good_unsigned");
    desk.sign(&case.run(), "9c", "fish♥", &[]).ok();
    verify_with_openssl(&case);
    let sent = pins_sent(&plug);
    // Eight characters, and too many bytes for a card: never sent.
    let case = Case::copy("good_unsigned");
    desk.sign(&case.run(), "9c", "fishes♥♥", &[]).refused(&["6 to 8 bytes", "not sent"]);
    assert_eq!(pins_sent(&plug), sent);
}

/// Python's pyscard, which comes with the YubiKey manager, holds a reader for itself.
fn hold(desk: &Desk) -> Child {
    other_program(
        desk,
        "\
code, card, _ = SCardConnect(context, 'Virtual PCD 00 00', SCARD_SHARE_EXCLUSIVE, SCARD_PROTOCOL_ANY)
print(code, flush=True)
input()
",
    )
}

/// Another program that uses the smart card service, once it has said that its first call worked.
fn other_program(desk: &Desk, script: &str) -> Child {
    let python = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/tools/ykman/bin/python");
    assert!(python.exists(), "{} is needed: bash scripts/prepare tests", python.display());
    let begin = "\
from smartcard.scard import *
_, context = SCardEstablishContext(SCARD_SCOPE_USER)
";
    let mut other = Command::new(python);
    other.args(["-c", &format!("{begin}{script}")]);
    other.env("PCSCLITE_CSOCK_NAME", desk.pcscd.socket());
    let mut child = other.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    assert_eq!(line.trim(), "0", "the other program has the card");
    child
}

/// Of a program that ends within its transaction, the service first ends the transaction and then
/// resets the card: that comes in the midst of our own.
#[test]
fn a_card_that_other_programs_keep_resetting_is_read() {
    let desk = Desk::new();
    let _plug = desk.plug(p256());
    let mut other = other_program(
        &desk,
        "\
import os
print(0, flush=True)
while True:
    child = os.fork()
    if child == 0:
        _, context = SCardEstablishContext(SCARD_SCOPE_USER)
        _, card, _ = SCardConnect(context, 'Virtual PCD 00 00', SCARD_SHARE_SHARED, SCARD_PROTOCOL_ANY)
        SCardBeginTransaction(card)
        os._exit(0)
    os.waitpid(child, 0)
",
    );
    for time in 0..30 {
        let devices = desk.devices();
        assert!(devices[0]["keys"].is_array(), "the {time}th time: {:#}", devices[0]);
    }
    other.kill().unwrap();
    other.wait().unwrap();
}

#[test]
fn a_reader_held_by_another_program_is_said_with_the_remedy() {
    let desk = Desk::new();
    let _plug = desk.plug(p256());
    let mut holder = hold(&desk);
    let devices = desk.devices();
    assert_eq!(devices[0]["kind"], "held", "{:#}", devices[0]);
    assert!(devices[0]["problem"]["hint"].as_str().unwrap().contains("gpgconf --kill scdaemon"));
    let case = Case::copy("good_unsigned");
    desk.sign(&case.run(), "9c", "123456", &[])
        .refused(&["another program has exclusive access", "scdaemon"]);

    // Once it is let go, that is noticed without anybody asking.
    let watch = Watch::start(&desk);
    watch.until("held", |line| line["device"]["kind"] == "held");
    holder.kill().unwrap();
    holder.wait().unwrap();
    watch.until("the key", |line| line["device"]["keys"][0]["attestation"].is_object());
}

/// `countersign devices --watch --json`, line by line.
struct Watch {
    child: Child,
    lines: Receiver<Value>,
}

impl Watch {
    fn start(desk: &Desk) -> Self {
        let mut watch = desk.command();
        watch.args(["devices", "--watch", "--json"]).stdout(Stdio::piped());
        let mut child = watch.spawn().unwrap();
        let output = BufReader::new(child.stdout.take().unwrap());
        let (sender, lines) = mpsc::channel();
        std::thread::spawn(move || {
            for line in output.lines().map_while(Result::ok) {
                if sender.send(serde_json::from_str(&line).unwrap()).is_err() {
                    break;
                }
            }
        });
        Self { child, lines }
    }

    /// Waits for a line, dropping others before it.
    #[track_caller]
    fn until(&self, what: &str, wanted: impl Fn(&Value) -> bool) -> Value {
        let begun = Instant::now();
        let mut seen = Vec::new();
        while let Some(left) = LIMIT.checked_sub(begun.elapsed()) {
            match self.lines.recv_timeout(left) {
                Ok(line) if wanted(&line) => return line,
                Ok(line) => seen.push(line),
                Err(_) => break,
            }
        }
        panic!("no {what} in {seen:#?}");
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

#[test]
fn what_is_plugged_in_and_pulled_out_is_noticed() {
    let desk = Desk::new();
    let watch = Watch::start(&desk);
    watch.until("service", |line| line["event"] == "service" && line["problem"].is_null());
    for _ in 0..2 {
        let plug = Card::new(p256()).plug(desk.pcscd.port(0)).unwrap();
        watch.until("arrival", |line| line["event"] == "arrived");
        let whole = watch.until("the key", |line| {
            line["event"] == "changed" && line["device"]["keys"][0]["attestation"].is_object()
        });
        assert_eq!(whole["device"]["serial"], 99_000_001);
        assert_eq!(whole["device"]["virtual_card"], true);
        let _card = plug.pull();
        watch.until("removal", |line| line["event"] == "removed");
    }
}

#[test]
fn a_service_that_comes_late_and_goes_is_lived_with() {
    let mut desk = Desk::new();
    desk.pcscd.stop();
    desk.run(&["devices"]).refused(&["pcscd", "systemctl start"]);
    let case = Case::copy("good_unsigned");
    desk.sign(&case.run(), "9c", "123456", &[]).refused(&["pcscd", "systemctl start"]);

    let watch = Watch::start(&desk);
    watch.until("no service", |line| line["event"] == "service" && !line["problem"].is_null());
    for _ in 0..2 {
        desk.pcscd.launch().unwrap();
        watch.until("service", |line| line["event"] == "service" && line["problem"].is_null());
        let plug = Card::new(p256()).plug(desk.pcscd.port(0)).unwrap();
        watch.until("the key", |line| line["device"]["keys"][0]["attestation"].is_object());
        desk.pcscd.stop();
        watch.until("removal", |line| line["event"] == "removed");
        drop(plug);
    }
}

/// How many APDUs it takes to read what is on a card.
fn reading(desk: &Desk) -> usize {
    let plug = desk.plug(p256());
    let before = plug.apdus().len();
    desk.devices();
    plug.apdus().len() - before
}

/// The result of one act of signing, with a fault in it.
struct Attempt {
    outcome: Outcome,
    /// How many APDUs it took.
    apdus: usize,
    /// Whether every file is as it was.
    unchanged: bool,
}

fn attempt(desk: &Desk, fault: Option<Fault>) -> Attempt {
    let case = Case::copy("good_unsigned");
    let before = case.snapshot();
    let faults = fault.into_iter().collect();
    let plug = Card::new(Options { faults, ..p256() }).plug(desk.pcscd.port(0)).unwrap();
    let begun = Instant::now();
    loop {
        let outcome = desk.sign(&case.run(), "9c", "123456", &[]);
        let apdus = plug.apdus().len();
        // Signing may have begun before pcscd told of the card.
        if apdus > 0 {
            let unchanged = case.snapshot() == before;
            if outcome.code == 0 {
                verify_with_openssl(&case);
            }
            return Attempt { outcome, apdus, unchanged };
        }
        assert!(begun.elapsed() < LIMIT, "never seen: {outcome:?}, {}", desk.pcscd.log());
    }
}

/// Pulled at every APDU of an act of signing, before the card acts and after: never is anything
/// written, and the words say what happened and what of the PIN is left.
#[test]
fn pulled_out_at_every_moment_nothing_is_written() {
    let desk = Desk::new();
    let reading = reading(&desk);
    let good = attempt(&desk, None);
    let all = good.apdus;
    good.outcome.ok();
    assert!(all > reading + 8, "{all} APDUs, {reading} of them to read what is there");
    // While it is read one slot is like the next; the act itself is walked whole.
    let moments = (1..reading).step_by(29).chain(reading + 1..=all);
    for moment in moments {
        for act in [Act::Pull, Act::PullAfter] {
            let came = attempt(&desk, Some(Fault::new(At::Apdu(moment), act.clone())));
            let which = format!("{moment} of {all}, {act:?}: {:?}", came.outcome);
            // Once both signatures are there the card may go: the last APDUs only take leave of it.
            if came.outcome.code == 0 {
                assert!(moment + 2 > all, "{which}");
                continue;
            }
            assert!(came.unchanged, "{which}");
            let said = ["was pulled out", "plugged in", "in this reader"];
            assert!(said.iter().any(|words| came.outcome.stderr.contains(words)), "{which}");
        }
    }
}

/// Garbage, refusals and another program's reset at every APDU of the act.
#[test]
fn a_card_that_fails_at_any_moment_writes_nothing_or_the_right_thing() {
    let desk = Desk::new();
    let reading = reading(&desk);
    let good = attempt(&desk, None);
    let all = good.apdus;
    good.outcome.ok();
    for moment in reading + 1..=all {
        for act in [Act::Garbage(vec![0x42]), Act::Status(0x6F00), Act::Reset] {
            let came = attempt(&desk, Some(Fault::new(At::Apdu(moment), act.clone())));
            let which = format!("{moment} of {all}, {act:?}: {:?}", came.outcome);
            // A signature that verifies may be written; whatever else, nothing is.
            assert!(came.outcome.code == 0 || came.unchanged, "{which}");
            assert!(!came.outcome.stderr.contains("panicked"), "{which}");
            if came.outcome.code != 0 {
                assert!(came.outcome.stderr.contains("error:"), "{which}");
            }
        }
    }
}

#[test]
fn a_service_killed_while_the_key_blinks_writes_nothing() {
    let mut desk = Desk::new();
    let slot = SlotOptions::new(0x9c, Algorithm::P256).touch(TouchPolicy::Always);
    let options = Options { slots: vec![slot], touch: Touch::OnCommand, ..Options::default() };
    let plug = desk.plug(options);
    let case = Case::copy("good_unsigned");
    let before = case.snapshot();
    let mut sign = desk.command();
    sign.arg("sign").arg(case.run()).args(["--role", "witness", "--piv", "--signer", "w"]);
    sign.args(["--key-id", "ds-test-w", "--pin-fd", "0"]);
    let signing = std::thread::spawn(move || finish(&mut sign, b"123456\n"));
    assert!(plug.wait_until_blinking(LIMIT));
    desk.pcscd.stop();
    signing.join().unwrap().refused(&["pcscd", "nothing was written", "PIN had been right"]);
    assert_eq!(case.snapshot(), before);
}

/// Half a minute, which is how long a card may take.
#[test]
fn a_card_that_falls_silent_is_given_up() {
    let desk = Desk::new();
    let plug = desk.plug(p256());
    let case = Case::copy("good_unsigned");
    let before = case.snapshot();
    plug.inject(Fault::new(At::Instruction(GENERAL_AUTHENTICATE), Act::Silence));
    let refused = desk.sign(&case.run(), "9c", "123456", &[]);
    refused.refused(&["has not answered for 30 seconds", "nothing was written"]);
    assert_eq!(case.snapshot(), before);
}

/// The certificate in a slot comes along when its key is enrolled. It proves a name by a root that is
/// trusted for names, and by nothing else.
#[test]
fn the_certificate_in_a_slot_comes_along_and_proves_a_name_by_a_root_for_names_alone() {
    let desk = Desk::new();
    let slots = vec![SlotOptions::new(0x9c, Algorithm::P256).certified("Jane Okafor")];
    let _plug = desk.plug(Options { slots, ..Options::default() });
    desk.enrol("9c", "Jane Okafor").ok();
    let der = read_json(&desk.keyring())["keys"][0]["certificates"][0].clone();
    let der = BASE64.decode(der.as_str().unwrap()).unwrap();
    let names = || {
        let shown = desk.run(&["keys", "show", "ds-test-9c", "--json"]).ok();
        shown.json_lines()[0]["names"].clone()
    };
    assert_eq!(
        (&names()["standing"], &names()["common_names"][0]),
        (&"not_proven".into(), &"Jane Okafor".into())
    );
    let file = desk.keyring().with_file_name("jane.pem");
    let body = BASE64.encode(&der);
    let lines: Vec<&str> =
        (0..body.len()).step_by(64).map(|at| &body[at..body.len().min(at + 64)]).collect();
    let (begin, end) = ("-----BEGIN CERTIFICATE-----", "-----END CERTIFICATE-----");
    fs::write(&file, format!("{begin}\n{}\n{end}\n", lines.join("\n"))).unwrap();
    let (file, sha256) = (file.to_str().unwrap(), Digest::of(&der).hex());
    // As a root of attestations it proves no name.
    desk.run(&["roots", "add", "--sha256", &sha256, file]).ok();
    assert_eq!(names()["standing"], "not_proven");
    desk.run(&["roots", "add", "--names", "--sha256", &sha256, file]).ok();
    assert_eq!(names()["standing"], "proven", "{:#}", names());
}

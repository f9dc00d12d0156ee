//! PIV cards that are not YubiKeys, through the real binary: a virtual card by the standard (SP
//! 800-73-4) behind a real `pcscd`, in the variants that the standard leaves open; and OpenSSL, which
//! verifies what it signed.

// Helpers of tests may fail the test.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::path::Path;

use countersign_tests::{Case, Outcome, finish, read_json, signatures_of, verify_with_openssl};
use serde_json::{Value, json};
use virtual_yubikey::{
    Act, Algorithm, At, Card, Fault, Firmware, Identity, Make, Options, Plug, SlotOptions, Standard,
};

use crate::desk::{Desk, LIMIT, VERIFY, pins_sent};
use crate::pkcs11::module;

/// The answer to reset of a YubiKey 5.
const YUBIKEYS_ATR: [u8; 23] = [
    0x3b, 0xfd, 0x13, 0x00, 0x00, 0x81, 0x31, 0xfe, 0x15, 0x80, 0x73, 0xc0, 0x21, 0xc0, 0x57, 0x59,
    0x75, 0x62, 0x69, 0x4b, 0x65, 0x79, 0x40,
];
/// One that no YubiKey has.
const OTHER_ATR: [u8; 9] = [0x3b, 0x84, 0x80, 0x01, 0x41, 0x42, 0x43, 0x44, 0x01];

fn slot(slot: u8, algorithm: Algorithm) -> SlotOptions {
    SlotOptions::new(slot, algorithm).certified(&format!("Key in slot {slot:02x}"))
}

/// A card by the standard, selected as the standard has it.
fn card(slots: Vec<SlotOptions>) -> Options {
    Options { make: Make::OtherPiv, select: vec![9], slots, ..Options::default() }
}

fn p256() -> Options {
    card(vec![slot(0x9c, Algorithm::P256)])
}

#[test]
fn a_card_is_read_and_signs_by_the_standard_alone() {
    let keys = [
        ("9c", Algorithm::P256, "ecdsa-p256-sha256", "always", "PIN"),
        ("9a", Algorithm::Rsa2048, "rsa-pkcs1v15-sha256", "once", "PIN"),
        ("9d", Algorithm::P384, "ecdsa-p384-sha384", "once", "PIN"),
        ("9e", Algorithm::P256, "ecdsa-p256-sha256", "never", "nothing"),
        ("82", Algorithm::Rsa3072, "rsa-pkcs1v15-sha256", "once", "PIN"),
        ("95", Algorithm::P256, "ecdsa-p256-sha256", "once", "PIN"),
    ];
    let number = |slot: &str| u8::from_str_radix(slot, 16).unwrap();
    let slots = keys.map(|(name, algorithm, ..)| slot(number(name), algorithm));
    // One that only the card knows of.
    let hidden = SlotOptions::new(0x83, Algorithm::P256);
    let desk = Desk::new();
    let plug = desk.plug(card(slots.into_iter().chain([hidden]).collect()));
    let device = &desk.devices()[0];
    assert_eq!((&device["kind"], &device["name"]), (&"piv_card".into(), &"PIV card".into()));
    assert_eq!(device["card_id"], "00000000-0000-0000-0000-000005e69ec1");
    assert_eq!(device["called"], "PIV card 05e69ec1");
    assert_eq!(device["pin_tries"], 3);
    for unknown in ["serial", "firmware", "puk_tries"] {
        assert!(device[unknown].is_null(), "{unknown}: {device:#}");
    }
    assert_eq!(device["keys"].as_array().unwrap().len(), keys.len(), "{device:#}");
    for (key, (name, _, algorithm, pin, asks)) in
        device["keys"].as_array().unwrap().iter().zip(keys)
    {
        assert_eq!((&key["slot"], &key["algorithm"]), (&name.into(), &algorithm.into()));
        assert_eq!((&key["pin_policy"], &key["asks"]), (&pin.into(), &asks.into()), "{key:#}");
        assert_eq!(key["subject"], format!("CN=Key in slot {name}"));
        for unknown in ["touch_policy", "origin", "attestation"] {
            assert!(key[unknown].is_null(), "{unknown}: {key:#}");
        }
    }
    let said = desk.run(&["devices"]).ok().stdout;
    assert!(
        said.contains("PIV card") && !said.contains("YubiKey") && !said.contains("touch"),
        "{said}"
    );

    for (name, _, algorithm, _, asks) in keys {
        let before = pins_sent(&plug);
        let case = Case::copy("good_unsigned");
        desk.sign(&case.run(), name, "123456", &[]).ok();
        let block = read_json(&case.signatures());
        assert_eq!(
            (&block["algorithm"], &block["signer_type"]),
            (&algorithm.into(), &"hardware".into())
        );
        assert!(block["key_attestation"].is_null(), "{block:#}");
        verify_with_openssl(&case);
        assert_eq!(pins_sent(&plug) > before, asks == "PIN", "{name}");
    }
    assert_eq!(plug.card(|card| card.pin_tries()), 3);
    assert!(!plug.card(|card| card.is_pin_verified()), "the card has forgotten the PIN");
    // Those that Yubico added begin here.
    let yubicos = plug.apdus().into_iter().find(|apdu| apdu.ins >= 0xF6);
    assert!(yubicos.is_none(), "{yubicos:?}");
}

#[test]
fn hardware_is_pinned_at_most() {
    let desk = Desk::new();
    let _plug = desk.plug(p256());
    let said = desk.enrol("9c", "w.witness").ok();
    assert!(said.stdout.contains("only YubiKeys attest their keys"), "{said:?}");
    assert!(said.stdout.contains("Nothing proves that hardware holds it"), "{said:?}");
    assert_eq!(read_json(&desk.keyring())["keys"][0]["kind"], "software");

    let desk = Desk::new();
    let _plug = desk.plug(p256());
    let enrol =
        ["keys", "enrol", "--piv", "--slot", "9c", "--key-id", "ds-test-9c", "--owner", "w"];
    desk.run(&[&enrol[..], &["--role", "witness", "--kind", "hardware"]].concat()).ok();
    let case = Case::copy("good_unsigned");
    let mut sign = desk.command();
    sign.args(["sign", "--role", "witness", "--pin-fd", "0", "--piv"]).arg(case.run());
    finish(&mut sign, b"123456\n").ok();
    let judged = |assurance: &str| {
        let mut status = desk.command();
        status.args(["status", "--json", "--assurance", assurance]).arg(case.path());
        finish(&mut status, b"").ok().json_lines().remove(0)
    };
    let signature = |status: &Value| status["signatures"][0].clone();
    assert_eq!(signature(&judged("pinned"))["assurance"], "pinned", "{:#}", judged("pinned"));
    assert_eq!(signature(&judged("attested"))["assurance"], "pinned");
}

#[test]
fn a_yubikey_is_recognised_by_what_it_is_and_nothing_else_is_one() {
    let yubico = "Yubico YubiKey OTP+FIDO+CCID";
    let atr = |atr: &[u8]| Some(atr.to_vec());
    let plays = Standard { plays_yubikey: true, ..Standard::default() };
    let yubikey = Options { slots: vec![slot(0x9c, Algorithm::P256)], ..Options::default() };
    let first = Options { firmware: Firmware::V4_3_5, ..yubikey.clone() };
    for (options, reader, kind) in [
        (p256(), "Virtual PCD", "piv_card"),
        (Options { atr: atr(&YUBIKEYS_ATR), ..p256() }, yubico, "piv_card"),
        (Options { select: vec![5], ..p256() }, "Virtual PCD", "piv_card"),
        (Options { select: vec![11], ..p256() }, "Virtual PCD", "piv_card"),
        // It tells a firmware and a serial, by Yubico's commands.
        (Options { standard: plays.clone(), ..p256() }, "Virtual PCD", "piv_card"),
        (Options { standard: plays, atr: atr(&YUBIKEYS_ATR), ..p256() }, yubico, "piv_card"),
        (yubikey.clone(), "Virtual PCD", "yubikey"),
        (Options { atr: atr(&OTHER_ATR), ..yubikey }, "Virtual PCD", "yubikey"),
        (Options { atr: atr(&OTHER_ATR), ..first }, "Virtual PCD", "yubikey"),
    ] {
        let (make, select, atr) = (options.make, options.select.clone(), options.atr.clone());
        let desk = Desk::named(reader);
        let _plug = desk.plug(options);
        let device = &desk.devices()[0];
        assert_eq!(device["kind"], kind, "{make:?}, {select:?}, {atr:02X?}: {device:#}");
        let name = device["name"].as_str().unwrap();
        assert_eq!(name.contains("YubiKey"), kind == "yubikey", "{name}");
    }
}

/// The longest data that the manifest and a claim of it fit into is not known, nor has it to be: a card
/// refuses what is too long for it, and signs the digest.
#[test]
fn a_message_too_long_for_the_card_is_signed_by_its_digest() {
    for too_long in [0x6700, 0x6A80, 0x6883] {
        let desk = Desk::new();
        let standard = Standard { longest_input: 300, too_long, ..Standard::default() };
        let slots = vec![slot(0x9c, Algorithm::Ed25519), slot(0x9a, Algorithm::Rsa2048)];
        let plug = desk.plug(Options { standard, ..card(slots) });
        let case = Case::copy("good_unsigned");
        desk.sign(&case.run(), "9c", "123456", &[]).ok();
        let block = read_json(&case.signatures());
        assert_eq!(
            (&block["algorithm"], &block["signed_payload"]),
            (&"ed25519".into(), &"sha256".into())
        );
        verify_with_openssl(&case);
        assert_eq!(plug.card(|card| card.pin_tries()), 3, "no PIN was lost over it");
        let case = Case::copy("good_unsigned");
        desk.sign(&case.run(), "9a", "123456", &[]).ok();
        assert_ne!(read_json(&case.signatures())["signed_payload"], "sha256");
        verify_with_openssl(&case);
    }
}

#[test]
fn what_the_standard_leaves_open_is_lived_with() {
    let standard = Standard::default;
    for standard in [
        Standard { t0: true, ..standard() },
        Standard { t0: true, packs: true, pin_usage: None, ..standard() },
        Standard { packs: true, ..standard() },
        Standard { pin_usage: None, ..standard() },
        Standard { identity: Identity::Unknown, ..standard() },
    ] {
        let desk = Desk::new();
        let slots = vec![slot(0x9c, Algorithm::P384), slot(0x9d, Algorithm::Rsa2048)];
        let plug = desk.plug(Options { standard: standard.clone(), ..card(slots) });
        let device = &desk.devices()[0];
        assert_eq!(device["kind"], "piv_card", "{standard:?}: {device:#}");
        assert_eq!(device["pin_tries"], 3, "{standard:?}: {device:#}");
        for name in ["9c", "9d"] {
            let case = Case::copy("good_unsigned");
            desk.sign(&case.run(), name, "123456", &[]).ok();
            verify_with_openssl(&case);
        }
        assert_eq!(plug.card(|card| card.pin_tries()), 3);
    }
}

#[test]
fn a_wrong_pin_costs_one_attempt_and_the_last_is_asked_for() {
    let desk = Desk::new();
    let plug = desk.plug(p256());
    let case = Case::copy("good_unsigned");
    let before = case.snapshot();
    let sign = |pin: &str, more: &[&str]| desk.sign(&case.run(), "9c", pin, more);
    sign("12345", &[]).refused(&["not sent"]);
    sign("999999", &[]).refused(&["the PIN is wrong", "2 attempts are left"]);
    sign("999999", &[]).refused(&["the PIN is wrong", "1 attempt is left"]);
    assert_eq!(pins_sent(&plug), 2);
    sign("999999", &[]).refused(&["only 1 attempt", "--last-try"]);
    assert_eq!(pins_sent(&plug), 2);
    let blocked = sign("999999", &["--last-try"]).refused(&["the PIN is blocked", "issuer"]);
    assert!(!blocked.stderr.contains("countersign pin"), "{blocked:?}");
    sign("123456", &[]).refused(&["the PIN is blocked"]);
    assert_eq!(pins_sent(&plug), 3, "a blocked PIN is not sent");
    assert_eq!(case.snapshot(), before);
    let said = desk.run(&["devices"]).ok().stdout;
    assert!(said.contains("The PIN is blocked") && said.contains("issuer"), "{said}");
    finish(desk.command().args(["pin", "unblock", "--pin-fd", "0"]), b"12345678\n654321\n")
        .refused(&["PIV card 05e69ec1 is not a YubiKey", "issuer"]);
    let mut setup = desk.command();
    setup.args(["piv", "setup", "--key-id", "ds-x", "--owner", "x", "--role", "witness"]);
    finish(&mut setup, b"").refused(&["PIV card 05e69ec1 is not a YubiKey", "not set up here"]);
    assert_eq!(plug.card(|card| card.puk_tries()), 3);
}

#[test]
fn attempts_that_the_card_does_not_tell_are_said_to_be_unknown() {
    let desk = Desk::new();
    let standard = Standard { tells_tries: false, ..Standard::default() };
    let plug = desk.plug(Options { standard, ..p256() });
    assert!(desk.devices()[0]["pin_tries"].is_null());
    let said = desk.run(&["devices"]).ok().stdout;
    assert!(said.contains("PIN attempts left not known"), "{said}");
    let case = Case::copy("good_unsigned");
    desk.sign(&case.run(), "9c", "999999", &[])
        .refused(&["the PIN is wrong", "2 attempts are left"]);
    // Wrong, by a card that counts in no answer.
    let uncounted = |plug: &Plug| {
        for _ in 0..9 {
            plug.inject(Fault::new(At::Instruction(VERIFY), Act::Status(0x6300)));
        }
    };
    uncounted(&plug);
    desk.sign(&case.run(), "9c", "999999", &[])
        .refused(&["the PIN is wrong", "does not say how many attempts are left"]);
    // None is set, and the card says so in its own way.
    drop(plug);
    desk.wait_until_empty(0);
    let plug = desk.plug(p256());
    for _ in 0..9 {
        plug.inject(Fault::new(At::Instruction(VERIFY), Act::Status(0x6982)));
    }
    let before = case.snapshot();
    desk.sign(&case.run(), "9c", "123456", &[]).refused(&["refused the command VERIFY", "6982"]);
    assert_eq!((case.snapshot(), pins_sent(&plug)), (before, 1));
}

#[test]
fn the_global_pin_is_used_where_the_card_prefers_it() {
    let with = |pin_usage| Standard {
        pin_usage: Some(pin_usage),
        global_pin: Some("777777".to_owned()),
        ..Standard::default()
    };
    for (usage, right, wrong, is_global) in [
        ([0x60, 0x20], "777777", "123456", true),
        ([0x60, 0x10], "123456", "777777", false),
        ([0x40, 0x00], "123456", "777777", false),
    ] {
        let desk = Desk::new();
        let plug = desk.plug(Options { standard: with(usage), ..p256() });
        let said = desk.run(&["devices"]).ok().stdout;
        assert_eq!(said.contains("global PIN"), is_global, "{said}");
        let case = Case::copy("good_unsigned");
        desk.sign(&case.run(), "9c", wrong, &[]).refused(&["2 attempts are left"]);
        desk.sign(&case.run(), "9c", right, &[]).ok();
        verify_with_openssl(&case);
        let reference = if is_global { 0x00 } else { 0x80 };
        let other = plug.apdus().into_iter().find(|one| one.ins == VERIFY && one.p2 != reference);
        assert!(other.is_none(), "{usage:02X?}: {other:?}");
    }
}

#[test]
fn a_card_is_identified_by_what_its_issuer_wrote() {
    let guid: [u8; 16] = *b"\xc0\xff\xee\x00\x11\x22\x43\x44\x85\x66\x77\x88\x99\xaa\xbb\xcc";
    // Agency 1234, system 0001, credential 987654, series 1, issue 2.
    let fasc_n: [u8; 25] = [
        0xd4, 0x11, 0x92, 0x58, 0x21, 0x0c, 0x2d, 0x31, 0x71, 0xb5, 0x25, 0xa1, 0x64, 0x58, 0x21,
        0x08, 0x42, 0x10, 0x84, 0x21, 0x80, 0x42, 0x10, 0xc3, 0xe1,
    ];
    let capability: [u8; 21] = *b"\xa0\x00\x00\x01\x16\xff\x02ABCDEFGHIJKLMN";
    for (identity, id, called) in [
        (Identity::Guid(guid), json!("c0ffee00-1122-4344-8566-778899aabbcc"), "PIV card 99aabbcc"),
        (Identity::FascN(fasc_n), json!("1234-0001-987654-1-2"), "PIV card 1234-0001-987654-1-2"),
        (
            Identity::Capability(capability),
            json!("a000000116ff024142434445464748494a4b4c4d4e"),
            "PIV card 4b4c4d4e",
        ),
        (Identity::Guid([0; 16]), Value::Null, "PIV card in Virtual PCD 00 00"),
        (Identity::FascN([0; 25]), Value::Null, "PIV card in Virtual PCD 00 00"),
    ] {
        let standard = Standard { identity, ..Standard::default() };
        let desk = Desk::new();
        let _plug = desk.plug(Options { standard, ..p256() });
        let device = &desk.devices()[0];
        assert_eq!((&device["card_id"], &device["called"]), (&id, &called.into()), "{identity:?}");
        let unknown =
            device["warnings"].to_string().contains("Nothing on this card says which card");
        assert_eq!(unknown, id.is_null(), "{device:#}");
    }
}

#[test]
fn several_cards_are_told_apart() {
    let desk = Desk::new();
    let _yubikey =
        desk.plug_in(0, Options { slots: vec![slot(0x9c, Algorithm::P256)], ..Options::default() });
    let other = desk.plug_in(1, Options { serial: 0xC0FF_EE00, ..p256() });
    let case = Case::copy("good_unsigned");
    desk.sign(&case.run(), "9c", "123456", &[]).refused(&[
        "YubiKey 99000001",
        "PIV card c0ffee00",
        "name the serial",
    ]);
    for name in ["c0ffee00", "00000000-0000-0000-0000-0000C0FFEE00"] {
        let case = Case::copy("good_unsigned");
        let before = pins_sent(&other);
        sign_with(&desk, &case.run(), name).ok();
        assert!(pins_sent(&other) > before, "{name}");
        verify_with_openssl(&case);
    }
    sign_with(&desk, &case.run(), "c0ffee01").refused(&["c0ffee01", "not plugged in"]);
    sign_with(&desk, &case.run(), "the-card").refused(&["countersign devices"]);
    // Without a key to sign with it is not in the way.
    drop(other);
    let empty = desk.plug_in(1, card(Vec::new()));
    let case = Case::copy("good_unsigned");
    desk.sign(&case.run(), "9c", "123456", &[]).ok();
    assert_eq!(pins_sent(&empty), 0);
    let said = desk.run(&["devices"]).ok().stdout;
    assert!(said.contains("None of its slots has a certificate"), "{said}");
}

fn sign_with(desk: &Desk, run: &Path, card: &str) -> Outcome {
    let mut sign = desk.command();
    sign.arg("sign").arg(run).arg(format!("--piv={card}"));
    sign.args(["--role", "witness", "--signer", "w", "--key-id", "ds-test-w", "--pin-fd", "0"]);
    finish(&mut sign, b"123456\n")
}

/// A card that came in the place of the one that was read, and has nothing that distinguishes it.
#[test]
fn a_pin_is_not_sent_to_another_card() {
    let desk = Desk::new();
    let standard = Standard { identity: Identity::Unknown, ..Standard::default() };
    let options = Options { standard, ..p256() };
    let plug = desk.plug(options.clone());
    // In the midst of the command, which waits for its PIN.
    let case = Case::copy("good_unsigned");
    let mut sign = desk.command();
    sign.arg("sign").arg(case.run()).args(["--role", "witness", "--piv", "--slot", "9c"]);
    sign.args(["--signer", "w", "--key-id", "ds-test-w", "--pin-fd", "0"]);
    sign.stdin(std::process::Stdio::piped()).stderr(std::process::Stdio::piped());
    // Once when it was read, and once more when it was opened.
    let asked = || plug.apdus().iter().filter(|one| one.ins == VERIFY).count();
    let before = asked();
    let mut child = sign.spawn().unwrap();
    let begun = std::time::Instant::now();
    while asked() < before + 2 {
        assert!(begun.elapsed() < LIMIT, "it is read and opened");
        std::thread::yield_now();
    }
    drop(plug);
    desk.wait_until_empty(0);
    let other = Card::new(Options { seed: 7, ..options }).plug(desk.pcscd.port(0)).unwrap();
    assert!(other.wait_until_seen(LIMIT));
    // The program may have noticed and ended before: then there is nobody to read it.
    let mut input = child.stdin.take().unwrap();
    let sent = std::io::Write::write_all(&mut input, b"123456\n");
    drop(input);
    let outcome = child.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&outcome.stderr).into_owned();
    assert_eq!(outcome.status.code(), Some(2), "{said} ({sent:?})");
    assert!(
        said.contains("another card is in its reader") || said.contains("was pulled out"),
        "{said}"
    );
    assert_eq!(pins_sent(&other), 0);
    assert!(!signatures_of(&case.run()).exists());
}

#[test]
fn what_opensc_shows_of_the_same_card_is_folded_into_it() {
    let opensc = module(&["pkcs11/opensc-pkcs11.so", "opensc-pkcs11.so"], "opensc-pkcs11");
    let slots = || vec![slot(0x9c, Algorithm::P256), slot(0x9a, Algorithm::Rsa2048)];
    for options in [
        card(slots()),
        Options { slots: slots(), firmware: Firmware::V4_3_5, ..Options::default() },
        Options { slots: slots(), firmware: Firmware::V5_2_7, ..Options::default() },
        Options { slots: slots(), firmware: Firmware::V5_4_3, ..Options::default() },
        Options { slots: slots(), ..Options::default() },
    ] {
        let desk = Desk::new();
        let _plug = desk.plug(options);
        let listed = desk.run(&["devices", "--json", "--module", &opensc]).ok();
        let view: Value = serde_json::from_str(&listed.stdout).unwrap();
        let device = &view["devices"][0];
        let called = match device["kind"].as_str() {
            Some("piv_card") => "PIV card 05e69ec1",
            _ => "99000001",
        };
        let keys = view["modules"][0]["tokens"][0]["keys"].as_array().unwrap();
        assert!(keys.len() >= 2, "{view:#}");
        for (id, slot) in [("02", "9c"), ("01", "9a")] {
            let key = keys.iter().find(|key| key["id"] == id).unwrap();
            let same = key["same_as"].as_str().unwrap_or_default();
            assert!(same.contains(called) && same.contains(&format!("slot {slot}")), "{key:#}");
        }
    }
}

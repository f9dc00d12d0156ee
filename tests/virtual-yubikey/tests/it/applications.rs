//! The card command by command, as a reader sees it.

#![allow(clippy::expect_used, clippy::panic)]

use std::time::{Duration, Instant};

use sha2::{Digest as _, Sha256, Sha384};
use virtual_yubikey::{
    Act, Algorithm, At, Card, Fault, Firmware, Issuer, KeySource, Make, ManagementAlgorithm,
    ManagementKey, Options, Origin, PinPolicy, SlotOptions, Touch, TouchPolicy,
    test_intermediates_pem, test_old_root_pem, test_root_pem, test_roots_pem,
};

use crate::openssl::Openssl;
use crate::reader::{
    Direction, MANAGEMENT, OTP, PIV, Reader, crypt, padded, tlv, unwrap_response, value,
};

const FIRMWARE: [Firmware; 4] =
    [Firmware::V4_3_5, Firmware::V5_2_7, Firmware::V5_4_3, Firmware::V5_7_4];

fn with_slots(slots: Vec<SlotOptions>) -> Options {
    Options { slots, ..Options::default() }
}

fn p256(slot: u8) -> SlotOptions {
    SlotOptions::new(slot, Algorithm::P256)
}

#[test]
fn every_firmware_answers_as_it_does() {
    for firmware in FIRMWARE {
        let slots = vec![p256(0x9a)];
        let mut reader =
            Reader::with(Options { firmware, serial: 12_345_678, slots, ..Options::default() });
        assert_eq!(
            reader.send(0xfd, 0, 0, &[]),
            (vec![firmware.0, firmware.1, firmware.2], 0x9000),
            "GET VERSION"
        );
        let serial = reader.send(0xf8, 0, 0, &[]);
        let metadata = reader.send(0xf7, 0, 0x9a, &[]).1;
        let moved = reader.send(0xf6, 0x82, 0x9a, &[]).1;
        let attested = reader.send(0xf9, 0x9a, 0, &[]).1;
        assert_eq!(attested, 0x9000, "all of these attest");
        let (no, refused) = (0x6d00, 0x6982);
        match firmware {
            Firmware::V4_3_5 => assert_eq!((serial.1, metadata, moved), (no, no, no)),
            Firmware::V5_2_7 => assert_eq!((serial.1, metadata, moved), (0x9000, no, no)),
            Firmware::V5_4_3 => assert_eq!((serial.1, metadata, moved), (0x9000, 0x9000, no)),
            _ => assert_eq!((serial.1, metadata, moved), (0x9000, 0x9000, refused)),
        }
        if serial.1 == 0x9000 {
            assert_eq!(serial.0, 12_345_678_u32.to_be_bytes());
        }
        // The default management key is the same, but of another type.
        let (right, wrong) = match firmware {
            Firmware::V5_7_4 => (ManagementAlgorithm::Aes192, ManagementAlgorithm::TripleDes),
            _ => (ManagementAlgorithm::TripleDes, ManagementAlgorithm::Aes192),
        };
        assert_eq!(reader.authenticate(wrong), 0x6a80);
        assert_eq!(reader.authenticate(right), 0x9000);
        for algorithm in [0xe0, 0x05, 0x16] {
            let generated = reader.generate(0x9d, algorithm, &[]).map(|_| ());
            let expected = if firmware == Firmware::V5_7_4 { Ok(()) } else { Err(0x6a80) };
            assert_eq!(generated, expected, "{algorithm:02x} on {firmware}");
        }
        let aes_128 = [&[0x08], tlv(0x9b, &[7; 16]).as_slice()].concat();
        let set = reader.send(0xff, 0xff, 0xff, &aes_128).1;
        assert_eq!(set == 0x9000, firmware >= Firmware::V5_4_3, "AES management keys from 5.4");

        // The OTP application gives the serial number, and the other one the firmware.
        assert_eq!(reader.select(&OTP).1, 0x9000);
        assert_eq!(
            reader.send(0x01, 0x10, 0, &[]),
            (12_345_678_u32.to_be_bytes().to_vec(), 0x9000)
        );
        let name = String::from_utf8(reader.select(&MANAGEMENT).0).expect("text");
        assert!(name.ends_with(&firmware.to_string()), "{name}");
        let information = reader.send(0x1d, 0, 0, &[]).0;
        assert_eq!(usize::from(information[0]), information.len() - 1);
        let atr = reader.atr();
        assert_eq!(atr.windows(7).any(|window| window == b"YubiKey"), firmware.0 == 5);
        assert_eq!(atr.windows(8).any(|window| window == b"Yubikey4"), firmware.0 == 4);
    }
}

#[test]
fn the_pin_is_counted_blocked_and_unblocked() {
    let mut reader = Reader::with(Options { pin: "7654321".to_owned(), ..Options::default() });
    assert_eq!(reader.tries(), 0x63c3);
    assert_eq!(reader.verify("7654320"), 0x63c2);
    assert_eq!(reader.send(0x20, 0, 0x80, b"1234567").1, 0x6a80, "a malformed PIN costs nothing");
    assert_eq!(reader.tries(), 0x63c2);
    assert_eq!(reader.verify("7654321"), 0x9000);
    assert_eq!(reader.tries(), 0x9000, "verified");
    assert_eq!(reader.plug.card(|state| state.pin_tries()), 3, "the right PIN resets the counter");

    // What is verified is lost with a reset, what is counted is not.
    assert_eq!(reader.verify("wrong1"), 0x63c2);
    reader.control(2);
    assert_eq!(reader.raw(&[0x00, 0x20, 0x00, 0x80]).expect("an answer").1, 0x6d00, "not selected");
    reader.select(&PIV);
    assert_eq!(reader.tries(), 0x63c2);
    let mut reader = Reader::insert(reader.pull());
    reader.select(&PIV);
    assert_eq!(reader.verify("wrong2"), 0x63c1, "nor is it lost by pulling it out");
    assert_eq!(reader.verify("wrong3"), 0x63c0);
    assert_eq!(reader.verify("7654321"), 0x6983, "blocked, even for the right one");
    assert_eq!(reader.tries(), 0x6983);

    assert_eq!(reader.change(0x2c, 0x80, "87654321", "111111"), 0x63c2);
    assert_eq!(reader.change(0x2c, 0x80, "12345678", "12345"), 0x6a80, "too short");
    assert_eq!(reader.change(0x2c, 0x80, "12345678", "111111"), 0x9000);
    assert_eq!(reader.verify("111111"), 0x9000);
    assert_eq!(reader.change(0x24, 0x80, "111112", "222222"), 0x63c2);
    assert_eq!(reader.change(0x24, 0x80, "111111", "222222"), 0x9000);
    assert_eq!(reader.verify("222222"), 0x9000);
    assert_eq!(reader.change(0x24, 0x81, "12345678", "87654321"), 0x9000, "the PUK too");

    // More than fifteen tries do not fit into the status word.
    assert_eq!(reader.authenticate(ManagementAlgorithm::Aes192), 0x9000);
    assert_eq!(reader.send(0xfa, 20, 5, &[]).1, 0x9000);
    assert_eq!(reader.tries(), 0x63cf);
    assert_eq!(reader.send(0xf7, 0, 0x80, &[]).0, [1, 1, 0xff, 5, 1, 1, 6, 2, 20, 20]);
    assert_eq!(reader.send(0xf7, 0, 0x81, &[]).0, [1, 1, 0xff, 5, 1, 1, 6, 2, 5, 5]);
    assert_eq!(reader.verify("123456"), 0x9000, "and both are those of the factory again");
}

#[test]
fn it_is_reset_only_when_pin_and_puk_are_blocked() {
    let mut reader = Reader::with(with_slots(vec![p256(0x9a).certified("Gone")]));
    assert_eq!(reader.send(0xfb, 0, 0, &[]).1, 0x6985);
    while reader.verify("000000") != 0x6983 {}
    while reader.change(0x2c, 0x80, "00000000", "111111") != 0x6983 {}
    assert_eq!(reader.send(0xfb, 0, 0, &[]).1, 0x9000);
    assert_eq!(reader.send(0xf7, 0, 0x9a, &[]).1, 0x6a88);
    assert_eq!(reader.object([0x5f, 0xc1, 0x05]).1, 0x6a82);
    assert_eq!(reader.object([0x5f, 0xff, 0x01]).1, 0x9000, "the attestation key stays");
    assert_eq!(reader.verify("123456"), 0x9000);
}

#[test]
fn the_pin_policies_hold() {
    let mut reader = Reader::with(with_slots(vec![
        p256(0x9a),
        p256(0x9c),
        p256(0x9e),
        p256(0x82).pin(PinPolicy::Always),
    ]));
    let digest = [7; 32];
    let sign = |reader: &mut Reader, slot| reader.sign(0x11, slot, &digest).map(|_| ());
    assert_eq!(sign(&mut reader, 0x9a), Err(0x6982), "once");
    assert_eq!(sign(&mut reader, 0x9c), Err(0x6982), "always");
    assert_eq!(sign(&mut reader, 0x9e), Ok(()), "never");
    reader.verify("123456");
    assert_eq!(sign(&mut reader, 0x9c), Ok(()), "right after the PIN");
    assert_eq!(sign(&mut reader, 0x9c), Err(0x6982), "only once");
    assert_eq!(sign(&mut reader, 0x9a), Ok(()));
    assert_eq!(sign(&mut reader, 0x9a), Ok(()), "and again");
    for between in [[0x00, 0xfd, 0, 0], [0x00, 0xf7, 0, 0x82], [0x00, 0x20, 0, 0x80]] {
        reader.verify("123456");
        reader.raw(&between);
        assert_eq!(sign(&mut reader, 0x82), Err(0x6982), "after {between:x?}");
    }
    reader.verify("123456");
    let template = tlv(0x7c, &[tlv(0x82, &[]), tlv(0x81, &digest)].concat());
    let (begin, end) = template.split_at(9);
    assert_eq!(reader.raw(&[&[0x10, 0x87, 0x11, 0x82, 9], begin].concat()), Some((vec![], 0x9000)));
    let end = [&[0x00, 0x87, 0x11, 0x82, end.len() as u8], end].concat();
    assert_eq!(reader.raw(&end).expect("an answer").1, 0x9000, "a chain is one command");

    // What was verified is forgotten.
    type Forget = fn(&mut Reader);
    let ways: [Forget; 4] = [
        |reader| {
            reader.select(&MANAGEMENT);
            reader.select(&PIV);
        },
        |reader| {
            reader.control(2);
            reader.select(&PIV);
        },
        |reader| assert_eq!(reader.raw(&[0x00, 0x20, 0xff, 0x80]).expect("an answer").1, 0x9000),
        |reader| assert_eq!(reader.verify("999999"), 0x63c2),
    ];
    for forget in ways {
        assert_eq!(reader.verify("123456"), 0x9000);
        forget(&mut reader);
        assert_eq!(sign(&mut reader, 0x9a), Err(0x6982));
    }
    reader.verify("123456");
    reader.select(&[0xd2, 0x76, 0x00, 0x01, 0x24, 0x01]);
    assert_eq!(sign(&mut reader, 0x9a), Ok(()), "an application that is not there changes nothing");
}

#[test]
fn a_touch_is_waited_for() {
    let slots = vec![
        p256(0x9e).touch(TouchPolicy::Always),
        SlotOptions { touch_policy: TouchPolicy::Cached, ..p256(0x82).pin(PinPolicy::Never) },
        p256(0x83).touch(TouchPolicy::Always),
    ];
    let mut reader = Reader::with(Options { slots, touch: Touch::OnCommand, ..Options::default() });
    let digest = [7; 32];
    assert!(!reader.plug.touch(), "nothing to touch for");
    assert_eq!(
        reader.sign(0x11, 0x83, &digest),
        Err(0x6982),
        "the PIN comes first, without a touch"
    );
    assert_eq!(
        reader.sign(0x11, 0x9e, &digest[1..]),
        Err(0x6a80),
        "and so does what is to be signed"
    );

    // Touched while it blinks.
    reader.begin_sign(0x11, 0x9e, &digest);
    assert!(reader.plug.wait_until_blinking(Duration::from_secs(5)));
    assert!(reader.plug.touch());
    assert_eq!(reader.finish().1, 0x9000);
    assert!(!reader.plug.is_blinking());

    let touched = |reader: &mut Reader, slot| reader.sign(0x11, slot, &digest).map(|_| ());
    // The person touches by themselves after a while.
    reader.plug.card(|state| state.options_mut().touch = Touch::After(Duration::from_millis(60)));
    let begun = Instant::now();
    assert_eq!(touched(&mut reader, 0x9e), Ok(()));
    assert!(begun.elapsed() >= Duration::from_millis(60));
    assert_eq!(touched(&mut reader, 0x82), Ok(()));

    // Nobody touches: the cached touch still counts for its own key.
    reader.plug.card(|state| {
        state.options_mut().touch = Touch::Never;
        state.options_mut().touch_timeout = Duration::from_millis(50);
    });
    assert_eq!(touched(&mut reader, 0x9e), Err(0x6982), "not touched in time");
    assert_eq!(touched(&mut reader, 0x82), Ok(()));
    reader.plug.card(|state| state.options_mut().touch_cached = Duration::ZERO);
    assert_eq!(touched(&mut reader, 0x82), Err(0x6982), "the touch is too long ago");

    // It is pulled out while it blinks.
    reader.plug.card(|state| state.options_mut().touch_timeout = Duration::from_secs(60));
    reader.begin_sign(0x11, 0x9e, &digest);
    assert!(reader.plug.wait_until_blinking(Duration::from_secs(5)));
    let mut reader = Reader::insert(reader.pull());
    assert!(!reader.plug.is_blinking());
    assert_eq!(reader.select(&PIV).1, 0x9000);
}

#[test]
fn every_algorithm_signs_what_openssl_verifies() {
    let all = [
        Algorithm::P256,
        Algorithm::P384,
        Algorithm::Ed25519,
        Algorithm::Rsa2048,
        Algorithm::Rsa3072,
        Algorithm::Rsa4096,
    ];
    let slots = (0x82..).zip(all).map(|(slot, algorithm)| SlotOptions::new(slot, algorithm));
    let mut reader =
        Reader::with(with_slots(slots.map(|slot| slot.pin(PinPolicy::Never)).collect()));
    let openssl = Openssl::new();
    for (slot, algorithm) in (0x82..).zip(all) {
        let public = reader.public_key(slot);
        let id = algorithm as u8;
        let metadata = reader.send(0xf7, 0, slot, &[]).0;
        assert_eq!(metadata[2], id);
        let lengths: &[usize] = match algorithm {
            Algorithm::Ed25519 => &[1, 127, 128, 254, 255, 256, 1000, 3000],
            _ => &[20],
        };
        for &length in lengths {
            let message: Vec<u8> = (0..=255).cycle().take(length).collect();
            let (input, digest) = match algorithm {
                Algorithm::P256 => (Sha256::digest(&message).to_vec(), Some("sha256")),
                Algorithm::P384 => (Sha384::digest(&message).to_vec(), Some("sha384")),
                Algorithm::Ed25519 => (message.clone(), None),
                Algorithm::Rsa2048 => (pkcs1(&message, 256), Some("sha256")),
                Algorithm::Rsa3072 => (pkcs1(&message, 384), Some("sha256")),
                Algorithm::Rsa4096 => (pkcs1(&message, 512), Some("sha256")),
            };
            let signature = reader.sign(id, slot, &input).expect("a signature");
            assert!(
                openssl.verifies(&public, digest, &message, &signature),
                "{algorithm} over {length} bytes"
            );
            let template = tlv(0x7c, &[tlv(0x82, &[]), tlv(0x81, &input)].concat());
            let (answer, status) = reader.send_extended(0x87, id, slot, &template);
            let extended = unwrap_response(&answer, status).expect("a signature");
            assert!(openssl.verifies(&public, digest, &message, &extended), "in extended length");
            if algorithm != Algorithm::Ed25519 {
                let longer = [&[0], input.as_slice()].concat();
                assert_eq!(
                    reader.sign(id, slot, &input[1..]),
                    Err(0x6a80),
                    "{algorithm}: too short"
                );
                assert_eq!(reader.sign(id, slot, &longer), Err(0x6a80), "{algorithm}: too long");
            }
        }
        assert_eq!(reader.sign(id ^ 1, slot, &[0; 32]), Err(0x6a80), "another algorithm");
    }
    let too_long = vec![0; 3072];
    assert_eq!(reader.sign(0xe0, 0x84, &too_long), Err(0x6700), "more than the card's buffer");
    assert_eq!(reader.sign(0x11, 0x95, &[0; 32]), Err(0x6a80), "an empty slot");
}

/// The padded block for an RSA signature (RFC 8017, section 9.2).
fn pkcs1(message: &[u8], length: usize) -> Vec<u8> {
    let information = [
        0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01,
        0x05, 0x00, 0x04, 0x20,
    ];
    let digest = [&information[..], &Sha256::digest(message)].concat();
    let mut block = vec![0xff; length - digest.len()];
    block[0] = 0;
    block[1] = 1;
    *block.last_mut().expect("padding") = 0;
    [block, digest].concat()
}

#[test]
fn a_secret_is_agreed_with_openssl() {
    let openssl = Openssl::new();
    let mut reader = Reader::with(with_slots(vec![
        p256(0x9d).pin(PinPolicy::Never),
        SlotOptions::new(0x82, Algorithm::P384).pin(PinPolicy::Never),
    ]));
    for (slot, algorithm, curve, point) in [(0x9d, 0x11, "P-256", 65), (0x82, 0x14, "P-384", 97)] {
        let parameter = format!("ec_paramgen_curve:{curve}");
        openssl.ok(&["genpkey", "-algorithm", "EC", "-pkeyopt", &parameter, "-out", "other.pem"]);
        openssl.ok(&[
            "pkey",
            "-in",
            "other.pem",
            "-pubout",
            "-outform",
            "DER",
            "-out",
            "other.der",
        ]);
        openssl.write("card.der", reader.public_key(slot));
        openssl.ok(&[
            "pkeyutl",
            "-derive",
            "-inkey",
            "other.pem",
            "-peerform",
            "DER",
            "-peerkey",
            "card.der",
            "-out",
            "secret",
        ]);
        let other = openssl.read("other.der");
        let other = &other[other.len() - point..];
        let template = tlv(0x7c, &[tlv(0x82, &[]), tlv(0x85, other)].concat());
        let (answer, status) = reader.send(0x87, algorithm, slot, &template);
        assert_eq!(unwrap_response(&answer, status), Ok(openssl.read("secret")));
    }
}

#[test]
fn the_management_key_is_proved_in_every_way() {
    let algorithms = [
        ManagementAlgorithm::TripleDes,
        ManagementAlgorithm::Aes128,
        ManagementAlgorithm::Aes192,
        ManagementAlgorithm::Aes256,
    ];
    for (algorithm, length) in algorithms.into_iter().zip([24, 16, 24, 32]) {
        let key = ManagementKey { algorithm, key: (1..=length).collect(), touch: false };
        let other = ManagementKey { key: (2..=length + 1).collect(), ..key.clone() };
        let options = Options { management_key: Some(key.clone()), ..Options::default() };
        let mut reader = Reader::with(options);
        assert_eq!(reader.generate(0x9a, 0x11, &[]), Err(0x6982));
        assert_eq!(reader.authenticate_with(&other), 0x6982);
        assert_eq!(reader.authenticate_singly(&other), 0x6982);
        assert_eq!(reader.authenticate_singly(&key), 0x9000);
        assert!(reader.generate(0x9a, 0x11, &[]).is_ok());
        reader.select(&MANAGEMENT);
        reader.select(&PIV);
        assert_eq!(reader.generate(0x9a, 0x11, &[]), Err(0x6982), "forgotten");
        assert_eq!(reader.authenticate_with(&key), 0x9000);
        assert!(reader.generate(0x9a, 0x11, &[]).is_ok());
        assert_eq!(reader.send(0xf7, 0, 0x9b, &[]).0, [1, 1, algorithm as u8, 2, 2, 0, 1, 5, 1, 0]);

        // A challenge is good for one answer.
        let id = algorithm as u8;
        let challenge = reader.send(0x87, id, 0x9b, &[0x7c, 0x02, 0x81, 0x00]).0;
        let response = crypt(&key, &challenge[4..], Direction::Encrypt);
        let response = tlv(0x7c, &tlv(0x82, &response));
        assert_eq!(reader.send(0x87, id, 0x9b, &response).1, 0x9000);
        assert_eq!(reader.send(0x87, id, 0x9b, &response).1, 0x6a80);

        // It is set, here to one that needs a touch.
        let set = [&[0x0c], tlv(0x9b, &[9; 32]).as_slice()].concat();
        assert_eq!(reader.authenticate_with(&key), 0x9000);
        assert_eq!(reader.send(0xff, 0xff, 0xfe, &set).1, 0x9000);
        let algorithm = ManagementAlgorithm::Aes256;
        let key = ManagementKey { algorithm, key: vec![9; 32], touch: true };
        assert_eq!(reader.authenticate_with(&key), 0x9000);
        reader.plug.card(|state| {
            state.options_mut().touch = Touch::Never;
            state.options_mut().touch_timeout = Duration::from_millis(20);
        });
        assert_eq!(reader.authenticate_with(&key), 0x6982, "not touched");
    }
}

#[test]
fn keys_are_generated_imported_moved_and_deleted() {
    let openssl = Openssl::new();
    let mut reader = Reader::with(Options::default());
    reader.authenticate(ManagementAlgorithm::Aes192);
    let policies = [tlv(0xaa, &[1]), tlv(0xab, &[3])].concat();
    let public = reader.generate(0x9c, 0x11, &policies).expect("a key");
    assert_eq!(public[..5], [0x7f, 0x49, 0x43, 0x86, 0x41]);
    let metadata = reader.send(0xf7, 0, 0x9c, &[]).0;
    assert_eq!(metadata[..10], [1, 1, 0x11, 2, 2, 1, 3, 3, 1, 1]);
    assert_eq!(value(&metadata[10..], 0x04), &public[3..]);
    let other = reader.generate(0x9a, 0x11, &[]).expect("another");
    assert_ne!(public, other);
    assert_eq!(reader.generate(0x81, 0x11, &[]), Err(0x6a80), "no such slot");
    assert_eq!(reader.generate(0x9a, 0x06, &[]), Err(0x6a80), "no RSA of 1024 bits");

    // Keys of OpenSSL's making are imported.
    let message = b"imported";
    openssl.ok(&["genpkey", "-algorithm", "ed25519", "-outform", "DER", "-out", "key.der"]);
    let key = openssl.read("key.der");
    assert_eq!(reader.send(0xfe, 0xe0, 0x9e, &tlv(0x07, &key[16..])).1, 0x9000);
    openssl.ok(&[
        "pkey", "-in", "key.der", "-inform", "DER", "-pubout", "-outform", "DER", "-out", "pub.der",
    ]);
    let signature = reader.sign(0xe0, 0x9e, message).expect("a signature");
    assert!(openssl.verifies(&openssl.read("pub.der"), None, message, &signature));

    openssl.ok(&[
        "genpkey",
        "-algorithm",
        "EC",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-outform",
        "DER",
        "-out",
        "key.der",
    ]);
    openssl.ok(&[
        "ec",
        "-in",
        "key.der",
        "-inform",
        "DER",
        "-outform",
        "DER",
        "-no_public",
        "-out",
        "sec1.der",
    ]);
    openssl.ok(&[
        "pkey", "-in", "key.der", "-inform", "DER", "-pubout", "-outform", "DER", "-out", "pub.der",
    ]);
    let scalar = openssl.read("sec1.der")[7..39].to_vec();
    assert_eq!(reader.send(0xfe, 0x11, 0x9e, &tlv(0x06, &scalar)).1, 0x9000);
    let signature = reader.sign(0x11, 0x9e, &Sha256::digest(message)).expect("a signature");
    assert!(openssl.verifies(&openssl.read("pub.der"), Some("sha256"), message, &signature));
    assert_eq!(reader.send(0xfe, 0x14, 0x9e, &tlv(0x06, &scalar)).1, 0x6a80, "of another size");

    let pem = include_str!("../../fixtures/rsa-2048.pem");
    let key: rsa::PrivateKey = pkcs8::DecodePrivateKey::from_pkcs8_pem(pem).expect("a key");
    let primes: Vec<_> = rsa::traits::PrivateKeyParts::primes(&key).iter().collect();
    let bytes = |index: usize| primes[index].to_be_bytes()[..128].to_vec();
    let data = [tlv(0x01, &bytes(0)), tlv(0x02, &bytes(1))].concat();
    assert_eq!(reader.send(0xfe, 0x07, 0x9e, &data).1, 0x9000);
    let public = reader.public_key(0x9e);
    let signature = reader.sign(0x07, 0x9e, &pkcs1(message, 256)).expect("a signature");
    assert!(openssl.verifies(&public, Some("sha256"), message, &signature));
    assert_eq!(reader.send(0xf7, 0, 0x9e, &[]).0[3..10], [2, 2, 1, 1, 3, 1, 2], "imported");

    assert_eq!(reader.send(0xf6, 0x82, 0x9e, &[]).1, 0x9000, "moved");
    assert_eq!(reader.public_key(0x82), public);
    assert_eq!(reader.send(0xf6, 0x83, 0x9e, &[]).1, 0x6a88, "there is nothing left");
    assert_eq!(reader.send(0xf6, 0x82, 0x9c, &[]).1, 0x6a80, "the place is taken");
    assert_eq!(reader.send(0xf6, 0xff, 0x82, &[]).1, 0x9000, "deleted");
    assert_eq!(reader.send(0xf7, 0, 0x82, &[]).1, 0x6a88);
}

#[test]
fn data_is_kept_in_objects() {
    let mut reader = Reader::with(with_slots(vec![p256(0x9a).certified("A certificate")]));
    let (object, _) = reader.object([0x5f, 0xc1, 0x05]);
    let content = value(&object, 0x53);
    let certificate = value(content, 0x70);
    assert_eq!(content[content.len() - 5..], [0x71, 0x01, 0x00, 0xfe, 0x00]);
    let text = {
        let openssl = Openssl::new();
        openssl.write("c.der", certificate);
        openssl.ok(&[
            "x509",
            "-inform",
            "DER",
            "-in",
            "c.der",
            "-noout",
            "-subject",
            "-ext",
            "basicConstraints",
        ])
    };
    assert!(text.contains("A certificate"), "{text}");

    let tag = [0x5f, 0xff, 0x10];
    let content: Vec<u8> = (0..=255).cycle().take(3000).collect();
    assert_eq!(reader.object(tag).1, 0x6a82);
    assert_eq!(reader.put(tag, &content), 0x6982, "not without the management key");
    reader.authenticate(ManagementAlgorithm::Aes192);
    assert_eq!(reader.put(tag, &content), 0x9000);
    assert_eq!(value(&reader.object(tag).0, 0x53), content);
    let extended = reader.send_extended(0xcb, 0x3f, 0xff, &tlv(0x5c, &tag));
    assert_eq!(
        (value(&extended.0, 0x53), extended.1),
        (content.as_slice(), 0x9000),
        "in one piece"
    );
    assert_eq!(reader.put(tag, &vec![1; 3060]), 0x6a84, "too large");
    assert_eq!(reader.put(tag, &[]), 0x9000);
    assert_eq!(reader.object(tag).1, 0x6a82, "deleted");

    let printed = [0x5f, 0xc1, 0x09];
    assert_eq!(reader.put(printed, b"printed"), 0x9000);
    assert_eq!(reader.object(printed).1, 0x6982, "not without the PIN");
    reader.verify("123456");
    assert_eq!(reader.object(printed).1, 0x9000);
    assert_eq!(reader.send(0xcb, 0x3f, 0xff, &[0x5c, 0x01, 0x7e]).1, 0x9000, "discovery");
}

#[test]
fn attestations_chain_to_the_test_root() {
    let openssl = Openssl::new();
    let roots = test_roots_pem().expect("roots");
    for firmware in FIRMWARE {
        let slots =
            vec![p256(0x9c).pin(PinPolicy::Once).touch(TouchPolicy::Cached), p256(0x9a).imported()];
        let options = Options { firmware, serial: 23_456_789, slots, ..Options::default() };
        let mut reader = Reader::with(options);
        let (attestation, status) = reader.send(0xf9, 0x9c, 0, &[]);
        assert_eq!(status, 0x9000);
        let (device, _) = reader.object([0x5f, 0xff, 0x01]);
        let device = value(value(&device, 0x53), 0x70).to_vec();
        let untrusted = openssl.to_pem(&device) + &test_intermediates_pem().expect("intermediates");
        assert!(openssl.chains(&roots, &untrusted, &attestation, 2026), "{firmware}");
        let (right, wrong) =
            (test_root_pem().expect("a root"), test_old_root_pem().expect("a root"));
        let (right, wrong) =
            if firmware == Firmware::V5_7_4 { (right, wrong) } else { (wrong, right) };
        assert!(openssl.chains(&right, &untrusted, &attestation, 2026));
        assert!(!openssl.chains(&wrong, &untrusted, &attestation, 2026));

        openssl.write("a.der", &attestation);
        let text = openssl.ok(&["x509", "-inform", "DER", "-in", "a.der", "-noout", "-text"]);
        assert!(text.contains("YubiKey PIV Attestation 9c"), "{text}");
        openssl.write("public.der", reader.public_key(0x9c));
        let attested = openssl.ok(&["x509", "-inform", "DER", "-in", "a.der", "-noout", "-pubkey"]);
        let own = openssl.ok(&["pkey", "-pubin", "-inform", "DER", "-in", "public.der", "-pubout"]);
        assert_eq!(attested, own, "it is about this key");
        let extensions = openssl.ok(&["asn1parse", "-inform", "DER", "-in", "a.der"]);
        let version = format!("[HEX DUMP]:{:02X}{:02X}{:02X}", firmware.0, firmware.1, firmware.2);
        for wanted in [version.as_str(), "[HEX DUMP]:02040165EC15", "[HEX DUMP]:0203"] {
            assert!(extensions.contains(wanted), "no {wanted} in {extensions}");
        }
        assert_eq!(extensions.contains("1.3.6.1.4.1.41482.3.9"), firmware.0 == 5);

        assert_eq!(reader.send(0xf9, 0x9a, 0, &[]).1, 0x6a80, "imported");
        assert_eq!(reader.send(0xf9, 0x9d, 0, &[]).1, 0x6a88, "empty");
    }
}

#[test]
fn attestations_go_wrong_in_every_way() {
    let openssl = Openssl::new();
    let roots = test_roots_pem().expect("roots");
    let judge = |attestation: Issuer, year| {
        let slots = vec![p256(0x9c)];
        let mut reader = Reader::with(Options { attestation, slots, ..Options::default() });
        let (certificate, status) = reader.send(0xf9, 0x9c, 0, &[]);
        if status != 0x9000 {
            return Err(status);
        }
        let (device, _) = reader.object([0x5f, 0xff, 0x01]);
        let device = openssl.to_pem(value(value(&device, 0x53), 0x70));
        let untrusted = device + &attestation.intermediates_pem().expect("intermediates");
        let chains = openssl.chains(&roots, &untrusted, &certificate, year);
        openssl.write("a.der", &certificate);
        openssl.write("public.der", reader.public_key(0x9c));
        let attested = openssl.ok(&["x509", "-inform", "DER", "-in", "a.der", "-noout", "-pubkey"]);
        let own = openssl.ok(&["pkey", "-pubin", "-inform", "DER", "-in", "public.der", "-pubout"]);
        Ok((chains, attested == own))
    };
    assert_eq!(judge(Issuer::TestRoot, 2026), Ok((true, true)));
    assert_eq!(judge(Issuer::UnknownRoot, 2026), Ok((false, true)));
    assert_eq!(judge(Issuer::Replaced, 2026), Ok((false, true)));
    assert_eq!(judge(Issuer::OtherKey, 2026), Ok((true, false)));
    assert_eq!(judge(Issuer::ExpiredDevice, 2026), Ok((false, true)));
    assert_eq!(judge(Issuer::ExpiredDevice, 2020), Ok((true, true)), "once it was valid");
    assert_eq!(judge(Issuer::ExpiredIntermediate, 2026), Ok((false, true)));
    assert_eq!(judge(Issuer::ExpiredIntermediate, 2020), Ok((true, true)));
    assert_eq!(
        judge(Issuer::NoBasicConstraints, 2026),
        Ok((false, true)),
        "openssl is strict there"
    );
    assert_eq!(judge(Issuer::BadSignature, 2026), Ok((false, true)));
    assert_eq!(judge(Issuer::Absent, 2026), Err(0x6a88));
}

#[test]
fn everything_can_go_wrong() {
    let get_version = [0x00, 0xfd, 0x00, 0x00, 0x00];
    let right = Some((vec![5, 7, 4], 0x9000));

    // Pulled out: at a command, before or after it was done.
    let mut reader = Reader::with(Options::default());
    assert_eq!(reader.raw(&get_version), right);
    reader.plug.inject(Fault::new(At::Apdu(2), Act::Pull));
    assert_eq!(reader.raw(&get_version), right);
    assert_eq!(reader.raw(&get_version), None);
    assert!(!reader.plug.is_connected());
    let mut reader = Reader::insert(reader.pull());
    reader.select(&PIV);
    reader.plug.inject(Fault::new(At::Instruction(0x20), Act::PullAfter));
    assert_eq!(reader.raw(&get_version), right);
    assert_eq!(
        reader.raw(&[&[0x00, 0x20, 0x00, 0x80, 0x08][..], &padded("000000")].concat()),
        None
    );
    let mut reader = Reader::insert(reader.pull());
    reader.select(&PIV);
    assert_eq!(reader.tries(), 0x63c2, "the try was spent");

    // Wrong answers, each once.
    reader.plug.inject(Fault::new(At::Apdu(1), Act::Status(0x6f00)));
    assert_eq!(reader.raw(&get_version), Some((vec![], 0x6f00)));
    reader.plug.inject(Fault::new(At::Apdu(1), Act::Garbage(vec![1, 2, 3, 4])));
    assert_eq!(reader.raw(&get_version), Some((vec![1, 2], 0x0304)));
    assert_eq!(reader.raw(&get_version), right);
    assert_eq!(
        reader.plug.apdus().last().map(|apdu| (apdu.ins, apdu.status)),
        Some((0xfd, Some(0x9000)))
    );

    // Late answers.
    let late = Duration::from_millis(40);
    reader.plug.inject(Fault::new(At::Apdu(1), Act::Delay(late)));
    let begun = Instant::now();
    assert_eq!(reader.raw(&get_version), right);
    assert!(begun.elapsed() >= late);
    reader.plug.card(|state| state.options_mut().delay = late);
    let begun = Instant::now();
    assert_eq!(reader.raw(&get_version), right);
    assert!(begun.elapsed() >= late);
    reader.plug.card(|state| state.options_mut().delay = Duration::ZERO);

    // Another program resets the card.
    assert_eq!(reader.verify("123456"), 0x9000);
    reader.plug.inject(Fault::new(At::Apdu(1), Act::Reset));
    assert_eq!(reader.raw(&get_version), Some((vec![], 0x6d00)), "no application is selected");
    assert!(!reader.plug.card(|state| state.is_pin_verified()));

    // No answer at all, until it is pulled out.
    let mut reader = Reader::insert(Card::new(Options {
        faults: vec![Fault::new(At::Apdu(2), Act::Silence)],
        ..Options::default()
    }));
    reader.select(&PIV);
    let plug = reader.plug;
    assert_eq!(plug.apdus().len(), 1);
    drop(plug);
}

#[test]
fn cards_of_another_make_are_played() {
    let slots = vec![p256(0x9c).certified("Somebody").pin(PinPolicy::Once)];
    let mut reader =
        Reader::insert(Card::new(Options { make: Make::OtherPiv, slots, ..Options::default() }));
    let (template, status) = reader.select(&PIV);
    assert_eq!((template[0], status), (0x61, 0x9000));
    for ins in [0xf6, 0xf7, 0xf8, 0xf9, 0xfa, 0xfb, 0xfd, 0xfe, 0xff] {
        assert_eq!(reader.send(ins, 0, 0, &[]).1, 0x6d00, "{ins:02x} is Yubico's");
    }
    assert_eq!(reader.select(&MANAGEMENT).1, 0x6a82);
    assert_eq!(reader.select(&OTP).1, 0x6a82);
    assert_eq!(reader.verify("123456"), 0x9000);
    let signature = reader.sign(0x11, 0x9c, &Sha256::digest(b"message")).expect("a signature");
    assert!(Openssl::new().verifies(
        &reader.public_key(0x9c),
        Some("sha256"),
        b"message",
        &signature
    ));
    let atr = reader.atr();
    assert!(!atr.windows(4).any(|window| window.eq_ignore_ascii_case(b"yubi")));
    assert_eq!(atr[1..].iter().fold(0, |check, byte| check ^ byte), 0, "its check byte is right");

    let mut reader =
        Reader::insert(Card::new(Options { make: Make::NotPiv, ..Options::default() }));
    assert_eq!(reader.select(&PIV).1, 0x6a82);
    assert_eq!(reader.verify("123456"), 0x6d00);
}

#[test]
fn keys_come_from_seed_or_file() {
    let options = |serial, seed| Options {
        serial,
        seed,
        slots: vec![p256(0x9c), p256(0x9a)],
        ..Options::default()
    };
    let key = |options, slot| Reader::with(options).public_key(slot);
    assert_eq!(key(options(1, 0), 0x9c), key(options(1, 0), 0x9c), "the same every time");
    assert_ne!(key(options(1, 0), 0x9c), key(options(1, 0), 0x9a), "another in every slot");
    assert_ne!(key(options(1, 0), 0x9c), key(options(2, 0), 0x9c), "another on every card");
    assert_ne!(key(options(1, 0), 0x9c), key(options(1, 1), 0x9c), "another for every seed");

    let openssl = Openssl::new();
    openssl.ok(&[
        "genpkey",
        "-algorithm",
        "EC",
        "-pkeyopt",
        "ec_paramgen_curve:P-384",
        "-out",
        "key.pem",
    ]);
    openssl.ok(&["pkey", "-in", "key.pem", "-pubout", "-outform", "DER", "-out", "pub.der"]);
    let pem = String::from_utf8(openssl.read("key.pem")).expect("text");
    let slot = |algorithm| SlotOptions {
        key: KeySource::Pem(pem.clone()),
        origin: Origin::Imported,
        ..SlotOptions::new(0x9c, algorithm)
    };
    assert_eq!(key(with_slots(vec![slot(Algorithm::P384)]), 0x9c), openssl.read("pub.der"));
    let Err(error) = Card::new(with_slots(vec![slot(Algorithm::P256)])).plug(1) else {
        panic!("a key of another algorithm is refused");
    };
    assert!(error.to_string().contains("slot 9c"), "{error}");
}

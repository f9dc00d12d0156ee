//! Independent clients on the card, each generating, signing and reading back: they take it for a
//! YubiKey. OpenSSL verifies what they make.

#![allow(clippy::expect_used, clippy::panic)]

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use virtual_yubikey::{
    Algorithm, Card, Firmware, Make, Options, Pcscd, PinPolicy, Plug, SlotOptions, TouchPolicy,
    test_intermediates_pem, test_roots_pem,
};

use crate::openssl::Openssl;

/// The default of every YubiKey.
const MANAGEMENT_KEY: &str = "010203040506070801020304050607080102030405060708";
/// Clients look only at readers called so.
const READER: &str = "Yubico YubiKey OTP+FIDO+CCID";
/// Where distributions put PKCS#11 modules.
const LIBRARIES: [&str; 4] =
    ["/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib64", "/usr/lib"];

/// A card in a reader, and clients that see it.
struct Desk {
    pcscd: Pcscd,
    plug: Plug,
    openssl: Openssl,
}

impl Desk {
    fn with(options: Options) -> Self {
        let pcscd = Pcscd::start_named(READER).expect("pcscd starts");
        let plug = Card::new(options).plug(pcscd.port(0)).expect("the card is plugged in");
        assert!(plug.wait_until_seen(Duration::from_secs(5)), "pcscd sees the card");
        Self { pcscd, plug, openssl: Openssl::new() }
    }

    /// Runs a client in OpenSSL's directory; whether it ended without an error, and what it said.
    fn run(&self, program: &Path, package: &str, arguments: &[&str]) -> (bool, String) {
        let output = Command::new(program)
            .args(arguments)
            .current_dir(self.openssl.path(""))
            .env("PCSCLITE_CSOCK_NAME", self.pcscd.socket())
            .stdin(Stdio::null())
            .output();
        let output = output.unwrap_or_else(|error| {
            panic!("{} does not run ({error}); {package}", program.display())
        });
        let text = [output.stdout, output.stderr].concat();
        (output.status.success(), String::from_utf8_lossy(&text).into_owned())
    }

    #[track_caller]
    fn ok(&self, program: &Path, package: &str, arguments: &[&str]) -> String {
        let (ok, text) = self.run(program, package, arguments);
        let apdus = self.plug.apdus();
        let last = apdus.last_chunk::<3>();
        assert!(ok, "{} {arguments:?}: {text}; the last commands: {last:x?}", program.display());
        text
    }

    #[track_caller]
    fn yubico_piv_tool(&self, arguments: &[&str]) -> String {
        self.ok(Path::new("yubico-piv-tool"), "apt-get install yubico-piv-tool", arguments)
    }

    #[track_caller]
    fn ykman(&self, arguments: &[&str]) -> String {
        let reader = format!("{READER} 00 00");
        self.ok(&ykman(), YKMAN_PACKAGE, &[&["--reader", &reader], arguments].concat())
    }

    #[track_caller]
    fn pkcs11_tool(&self, module: &str, arguments: &[&str]) -> String {
        let packages = "apt-get install opensc ykcs11";
        let mut places = LIBRARIES.iter().map(|path| format!("{path}/{module}"));
        let found = places.find(|path| Path::new(path).exists());
        let module = found.unwrap_or_else(|| panic!("{module} is missing; {packages}"));
        self.ok(
            Path::new("pkcs11-tool"),
            packages,
            &[&["--module", module.as_str()], arguments].concat(),
        )
    }

    fn public_key(&self, slot: u8) -> Vec<u8> {
        self.plug.card(|state| state.public_key(slot)).expect("a key is there")
    }

    /// The public key of a slot as a file in PEM.
    fn public_key_file(&self, slot: u8) -> PathBuf {
        self.openssl.write("slot.der", self.public_key(slot));
        self.openssl.ok(&[
            "pkey", "-pubin", "-inform", "DER", "-in", "slot.der", "-pubout", "-out", "slot.pem",
        ]);
        self.openssl.path("slot.pem")
    }

    /// Whether the certificate in this file, attesting a key, chains to the test root.
    fn attested(&self, file: &str, device: &str) -> bool {
        let roots = self.openssl.write("roots.pem", test_roots_pem().expect("roots"));
        let device = String::from_utf8(self.openssl.read(device)).expect("PEM");
        let between = device + &test_intermediates_pem().expect("intermediates");
        let between = self.openssl.write("between.pem", between);
        let (roots, between) = (roots.display().to_string(), between.display().to_string());
        self.openssl.run(&["verify", "-CAfile", &roots, "-untrusted", &between, file]).0
    }
}

const YKMAN_PACKAGE: &str = "apt-get install python3-venv python3-dev libpcsclite-dev gcc; \
    python3 -m venv target/tools/ykman && target/tools/ykman/bin/pip install yubikey-manager";

fn ykman() -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let own = root.join("target/tools/ykman/bin/ykman");
    if own.exists() { own } else { PathBuf::from("ykman") }
}

fn options(firmware: Firmware) -> Options {
    Options { firmware, serial: 12_345_678, ..Options::default() }
}

#[test]
fn yubico_piv_tool_generates_signs_and_reads_back() {
    let desk = Desk::with(options(Firmware::V5_4_3));
    desk.openssl.write("message", b"a message");
    for (slot, number, algorithm, digest) in [
        ("9a", 0x9a, "ECCP256", "SHA256"),
        ("9c", 0x9c, "ECCP384", "SHA384"),
        ("9d", 0x9d, "RSA2048", "SHA256"),
    ] {
        desk.yubico_piv_tool(&["-a", "generate", "-s", slot, "-A", algorithm, "-o", "public.pem"]);
        desk.yubico_piv_tool(&[
            "-a",
            "verify-pin",
            "-P",
            "123456",
            "--sign",
            "-s",
            slot,
            "-A",
            algorithm,
            "-H",
            digest,
            "-i",
            "message",
            "-o",
            "made",
        ]);
        let made = desk.openssl.read("made");
        let digest = digest.to_lowercase();
        assert!(desk.openssl.verifies(
            &desk.public_key(number),
            Some(&digest),
            b"a message",
            &made
        ));
        let digest = format!("-{digest}");
        desk.openssl.ok(&[
            "dgst",
            &digest,
            "-verify",
            "public.pem",
            "-signature",
            "made",
            "message",
        ]);

        desk.openssl.certificate_for(&desk.public_key_file(number), "Read back");
        desk.yubico_piv_tool(&["-a", "import-certificate", "-s", slot, "-i", "issued.pem"]);
        desk.yubico_piv_tool(&["-a", "read-certificate", "-s", slot, "-o", "read.pem"]);
        assert_eq!(desk.openssl.read("read.pem"), desk.openssl.read("issued.pem"));

        desk.yubico_piv_tool(&["-a", "attest", "-s", slot, "-o", "attestation.pem"]);
        desk.yubico_piv_tool(&["-a", "read-certificate", "-s", "f9", "-o", "device.pem"]);
        assert!(desk.attested("attestation.pem", "device.pem"));
    }
    desk.openssl.ok(&[
        "genpkey",
        "-algorithm",
        "RSA",
        "-pkeyopt",
        "rsa_keygen_bits:2048",
        "-out",
        "own.pem",
    ]);
    desk.openssl.ok(&["pkey", "-in", "own.pem", "-pubout", "-outform", "DER", "-out", "own.der"]);
    desk.yubico_piv_tool(&["-a", "import-key", "-s", "82", "-i", "own.pem"]);
    assert_eq!(desk.public_key(0x82), desk.openssl.read("own.der"));
    let status = desk.yubico_piv_tool(&["-a", "status"]);
    for wanted in ["5.4.3", "12345678", "Read back", "PIN tries left:\t3"] {
        assert!(status.contains(wanted), "no {wanted} in {status}");
    }

    desk.yubico_piv_tool(&["-a", "change-pin", "-P", "123456", "-N", "654321"]);
    let wrong = desk.run(Path::new("yubico-piv-tool"), "", &["-a", "verify-pin", "-P", "123456"]);
    assert!(!wrong.0 && wrong.1.contains('2'), "{wrong:?}");
    assert_eq!(desk.plug.card(|state| state.pin_tries()), 2);
    desk.yubico_piv_tool(&["-a", "unblock-pin", "-P", "12345678", "-N", "111111"]);
    desk.yubico_piv_tool(&[
        "-a",
        "verify-pin",
        "-P",
        "111111",
        "-a",
        "pin-retries",
        "--pin-retries",
        "7",
        "--puk-retries",
        "8",
    ]);
}

#[test]
fn yubico_piv_tool_knows_an_old_yubikey() {
    let desk = Desk::with(options(Firmware::V4_3_5));
    let status = desk.yubico_piv_tool(&["-a", "status"]);
    assert!(status.contains("4.3.5") && status.contains("12345678"), "{status}");
    desk.yubico_piv_tool(&[
        "-a",
        "generate",
        "-s",
        "9a",
        "-A",
        "ECCP256",
        "--touch-policy",
        "cached",
        "--pin-policy",
        "never",
        "-o",
        "public.pem",
    ]);
    desk.yubico_piv_tool(&["-a", "attest", "-s", "9a", "-o", "attestation.pem"]);
    desk.yubico_piv_tool(&["-a", "read-certificate", "-s", "f9", "-o", "device.pem"]);
    assert!(desk.attested("attestation.pem", "device.pem"));
    let information = desk.ykman(&["info"]);
    assert!(information.contains("4.3.5") && information.contains("12345678"), "{information}");
}

#[test]
fn ykman_generates_signs_and_reads_back() {
    let slots =
        vec![SlotOptions::new(0x9e, Algorithm::Ed25519).touch(TouchPolicy::Always).imported()];
    let desk = Desk::with(Options { slots, ..options(Firmware::V5_7_4) });
    let information = desk.ykman(&["piv", "info"]);
    for wanted in ["5.7.4", "3/3", "AES192", "Using default PIN", "ED25519"] {
        assert!(information.contains(wanted), "no {wanted} in {information}");
    }
    for (slot, algorithm, hash) in [
        ("9a", "ECCP256", "SHA256"),
        // With SHA256 it would send 32 bytes for P-384, which the card refuses.
        ("9c", "ECCP384", "SHA384"),
        ("9d", "ED25519", "SHA256"),
        ("82", "RSA3072", "SHA512"),
    ] {
        desk.ykman(&[
            "piv",
            "keys",
            "generate",
            slot,
            "-a",
            algorithm,
            "-m",
            MANAGEMENT_KEY,
            "--pin-policy",
            "once",
            "public.pem",
        ]);
        desk.ykman(&[
            "piv",
            "certificates",
            "generate",
            slot,
            "public.pem",
            "-a",
            hash,
            "-m",
            MANAGEMENT_KEY,
            "-P",
            "123456",
            "-s",
            "CN=Signed by itself",
        ]);
        desk.ykman(&["piv", "certificates", "export", slot, "certificate.pem"]);
        desk.openssl.ok(&[
            "verify",
            "-CAfile",
            "certificate.pem",
            "-check_ss_sig",
            "certificate.pem",
        ]);
        desk.ykman(&["piv", "keys", "attest", slot, "attestation.pem"]);
        desk.ykman(&["piv", "certificates", "export", "f9", "device.pem"]);
        assert!(desk.attested("attestation.pem", "device.pem"), "{algorithm}");
    }
    let key = desk.ykman(&["piv", "keys", "info", "9e"]);
    for wanted in ["ED25519", "IMPORTED", "ALWAYS"] {
        assert!(key.contains(wanted), "no {wanted} in {key}");
    }
    desk.ykman(&["piv", "keys", "move", "9d", "83", "-m", MANAGEMENT_KEY]);
    desk.ykman(&["piv", "keys", "delete", "83", "-m", MANAGEMENT_KEY]);
    desk.ykman(&[
        "piv",
        "access",
        "change-management-key",
        "-a",
        "AES256",
        "-m",
        MANAGEMENT_KEY,
        "-n",
        &"5a".repeat(32),
        "-f",
    ]);
    desk.ykman(&["piv", "access", "change-pin", "-P", "123456", "-n", "654321"]);
    desk.ykman(&["piv", "access", "change-puk", "-p", "12345678", "-n", "87654321"]);
    desk.ykman(&["piv", "access", "unblock-pin", "-p", "87654321", "-n", "111111"]);
    desk.ykman(&[
        "piv",
        "access",
        "set-retries",
        "5",
        "6",
        "-m",
        &"5a".repeat(32),
        "-P",
        "111111",
        "-f",
    ]);
    let information = desk.ykman(&["piv", "info"]);
    assert!(information.contains("5/5") && information.contains("AES256"), "{information}");
    desk.ykman(&["piv", "reset", "-f"]);
    assert!(desk.ykman(&["piv", "info"]).contains("AES192"));
}

#[test]
fn ykcs11_generates_signs_and_reads_back() {
    let desk = Desk::with(options(Firmware::V5_4_3));
    let ykcs11 = |arguments: &[&str]| desk.pkcs11_tool("libykcs11.so.2", arguments);
    let slots = ykcs11(&["-L"]);
    assert!(slots.contains("YubiKey PIV #12345678"), "{slots}");
    desk.openssl.write("message", b"a message");
    // Its objects are numbered: 1 is slot 9a, 2 is 9c.
    for (id, slot, kind, mechanism) in [
        ("1", 0x9a, "EC:secp256r1", "ECDSA-SHA256"),
        ("2", 0x9c, "EC:secp256r1", "ECDSA-SHA256"),
        ("3", 0x9d, "rsa:2048", "SHA256-RSA-PKCS"),
    ] {
        ykcs11(&[
            "--login",
            "--login-type",
            "so",
            "--so-pin",
            MANAGEMENT_KEY,
            "--keypairgen",
            "--key-type",
            kind,
            "--id",
            id,
        ]);
        let format = if kind.starts_with("EC") { "openssl" } else { "rs" };
        ykcs11(&[
            "--login",
            "--pin",
            "123456",
            "--sign",
            "--mechanism",
            mechanism,
            "--id",
            id,
            "-i",
            "message",
            "-o",
            "made",
            "--signature-format",
            format,
        ]);
        let made = desk.openssl.read("made");
        assert!(desk.openssl.verifies(&desk.public_key(slot), Some("sha256"), b"a message", &made));
        ykcs11(&["--read-object", "--type", "pubkey", "--id", id, "-o", "public.der"]);
        assert_eq!(desk.openssl.read("public.der"), desk.public_key(slot), "read back");
        ykcs11(&["--read-object", "--type", "cert", "--id", id, "-o", "certificate.der"]);
        desk.openssl.ok(&["x509", "-inform", "DER", "-in", "certificate.der", "-noout"]);
    }
}

#[test]
fn opensc_generates_signs_and_reads_back() {
    let desk = Desk::with(options(Firmware::V5_4_3));
    let package = "apt-get install opensc";
    let key: Vec<&str> = MANAGEMENT_KEY
        .as_bytes()
        .chunks(2)
        .map(|pair| std::str::from_utf8(pair).expect("text"))
        .collect();
    desk.openssl.write("management-key", key.join(":"));
    let piv_tool = |arguments: &[&str]| {
        let path = desk.openssl.path("management-key");
        let path = format!("PIV_EXT_AUTH_KEY={}", path.display());
        let reader = format!("{READER} 00 00");
        let words = [&[path.as_str(), "piv-tool", "--reader", &reader, "-A", "M:9B:03"], arguments];
        desk.run(Path::new("env"), package, &words.concat())
    };
    desk.openssl.write("message", b"a message");
    for (slot, number, algorithm, id, mechanism) in
        [("9A", 0x9a, "11", "01", "ECDSA-SHA256"), ("9C", 0x9c, "07", "02", "SHA256-RSA-PKCS")]
    {
        // Debian 12's piv-tool generates the key, but cannot write the public key with OpenSSL 3.
        let (_, text) = piv_tool(&["-G", &format!("{slot}:{algorithm}"), "-o", "public.pem"]);
        assert!(!text.contains("Failed"), "{text}");
        desk.openssl.certificate_for(&desk.public_key_file(number), "Read back");
        // It ends with the number of bytes it stored, as if that were an error.
        piv_tool(&["-C", slot, "-i", "issued.pem"]);
        let opensc = |arguments: &[&str]| desk.pkcs11_tool("opensc-pkcs11.so", arguments);
        let format = if id == "01" { "openssl" } else { "rs" };
        opensc(&[
            "--login",
            "--pin",
            "123456",
            "--sign",
            "--mechanism",
            mechanism,
            "--id",
            id,
            "-i",
            "message",
            "-o",
            "made",
            "--signature-format",
            format,
        ]);
        let made = desk.openssl.read("made");
        assert!(desk.openssl.verifies(
            &desk.public_key(number),
            Some("sha256"),
            b"a message",
            &made
        ));
        opensc(&["--read-object", "--type", "cert", "--id", id, "-o", "read.der"]);
        assert_eq!(
            desk.openssl.to_pem(&desk.openssl.read("read.der")).as_bytes(),
            desk.openssl.read("issued.pem")
        );
    }
}

#[test]
fn opensc_knows_a_card_of_another_make() {
    let slots =
        vec![SlotOptions::new(0x9c, Algorithm::P256).pin(PinPolicy::Always).certified("Somebody")];
    let desk = Desk::with(Options { make: Make::OtherPiv, slots, ..Options::default() });
    desk.openssl.write("message", b"a message");
    let opensc = |arguments: &[&str]| desk.pkcs11_tool("opensc-pkcs11.so", arguments);
    opensc(&[
        "--login",
        "--pin",
        "123456",
        "--sign",
        "--mechanism",
        "ECDSA-SHA256",
        "--id",
        "02",
        "-i",
        "message",
        "-o",
        "made",
        "--signature-format",
        "openssl",
    ]);
    let made = desk.openssl.read("made");
    assert!(desk.openssl.verifies(&desk.public_key(0x9c), Some("sha256"), b"a message", &made));
    let version = desk.yubico_piv_tool(&["-a", "version"]);
    assert!(version.contains("Failed to retrieve application version"), "{version}");
}

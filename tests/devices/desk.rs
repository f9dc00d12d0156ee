//! A smart card service with a virtual card, a keyring and a trust folder.

// Helpers of tests may fail the test.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use countersign_tests::{Outcome, command, finish};
use serde_json::Value;
use tempfile::TempDir;
use virtual_yubikey::{Card, Issuer, Options, Pcscd, Plug, test_roots_pem};

/// VERIFY (SP 800-73-4 part 2 section 3.2.1).
pub const VERIFY: u8 = 0x20;
/// Long enough for a slow machine; nothing waits for it where all is well.
pub const LIMIT: Duration = Duration::from_secs(20);

/// A smart card service of its own, with a keyring and a trust folder.
pub struct Desk {
    pub pcscd: Pcscd,
    place: TempDir,
    readers: String,
}

impl Desk {
    pub fn new() -> Self {
        Self::named("Virtual PCD")
    }

    /// One whose readers are called so.
    pub fn named(readers: &str) -> Self {
        let pcscd = Pcscd::start_named(readers).unwrap();
        let place = tempfile::tempdir().unwrap();
        let desk = Self { pcscd, place, readers: readers.to_owned() };
        fs::create_dir(desk.roots()).unwrap();
        desk.trust(Issuer::TestRoot);
        fs::write(desk.keyring(), r#"{"keyring_version": "1.0", "keys": []}"#).unwrap();
        desk
    }

    /// Trusts the test's roots, with the intermediates that go with an issuer.
    pub fn trust(&self, issuer: Issuer) {
        fs::write(self.roots().join("roots.pem"), test_roots_pem().unwrap()).unwrap();
        fs::write(self.roots().join("issuers.pem"), issuer.intermediates_pem().unwrap()).unwrap();
    }

    pub fn keyring(&self) -> PathBuf {
        self.place.path().join("keyring.json")
    }

    pub fn roots(&self) -> PathBuf {
        self.place.path().join("attestation-roots")
    }

    pub fn plug(&self, options: Options) -> Plug {
        self.plug_in(0, options)
    }

    pub fn plug_in(&self, reader: u16, options: Options) -> Plug {
        self.wait_until_empty(reader);
        let plug = Card::new(options).plug(self.pcscd.port(reader)).unwrap();
        assert!(plug.wait_until_seen(LIMIT), "pcscd sees the card");
        self.wait_for_atr(reader);
        plug
    }

    /// Waits until `pcscd` has noticed that a card was pulled out: what comes at once in its place it
    /// may take for the same card, and never power on.
    pub fn wait_until_empty(&self, reader: u16) {
        self.wait_until_listed(reader, false);
    }

    /// Waits until `pcscd` tells others of the card that it has powered on.
    fn wait_for_atr(&self, reader: u16) {
        self.wait_until_listed(reader, true);
    }

    fn wait_until_listed(&self, reader: u16, listed: bool) {
        let name = format!("{} 00 0{reader}", self.readers);
        let begun = Instant::now();
        while self.devices().iter().any(|one| one["reader"] == *name) != listed {
            assert!(begun.elapsed() < LIMIT, "{name}: a card is there: {}", !listed);
        }
    }

    /// Waits until `pcscd` has noticed that the card was pulled out.
    pub fn wait_until_gone(&self) {
        let begun = Instant::now();
        while !self.devices().is_empty() {
            assert!(begun.elapsed() < LIMIT, "the card is never gone");
        }
    }

    pub fn command(&self) -> Command {
        let mut command = command();
        command.env("PCSCLITE_CSOCK_NAME", self.pcscd.socket());
        command.env("COUNTERSIGN_KEYRING", self.keyring());
        command
    }

    pub fn run(&self, arguments: &[&str]) -> Outcome {
        finish(self.command().args(arguments), b"")
    }

    pub fn devices(&self) -> Vec<Value> {
        let devices: Value =
            serde_json::from_str(&self.run(&["devices", "--json"]).ok().stdout).unwrap();
        devices["devices"].as_array().unwrap().clone()
    }

    pub fn enrol(&self, slot: &str, owner: &str) -> Outcome {
        let id = format!("ds-test-{slot}");
        self.run(&[
            "keys", "enrol", "--piv", "--slot", slot, "--key-id", &id, "--owner", owner, "--role",
            "witness",
        ])
    }

    /// Signs as a witness whose key is not in the keyring, its PIN on standard input.
    pub fn sign(&self, run: &Path, slot: &str, pin: &str, more: &[&str]) -> Outcome {
        let mut sign = self.command();
        sign.arg("sign").arg(run).args(["--role", "witness", "--piv", "--slot", slot]);
        sign.args(["--signer", "w", "--key-id", "ds-test-w", "--pin-fd", "0"]).args(more);
        finish(&mut sign, format!("{pin}\n").as_bytes())
    }
}

/// How many PINs a card was sent: a VERIFY without data only asks for the tries.
pub fn pins_sent(plug: &Plug) -> usize {
    plug.apdus().iter().filter(|apdu| apdu.ins == VERIFY && apdu.length > 0).count()
}

//! A person's home with keyring, settings and a run, and services on loopback that hold keys: of tests in
//! which commands sign.

// Helpers of tests may fail the test.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::ffi::OsString;
use std::fs;
use std::io::{BufRead as _, BufReader};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use countersign_tests::{Case, Outcome, command, finish, read_json, tool, verify_with_openssl};
use serde_json::Value;
use tempfile::TempDir;

/// Long enough for a slow machine; nothing waits for it where all is well.
pub const LIMIT: Duration = Duration::from_secs(30);

/// A program that the tests need, as `scripts/prepare tests` installs it.
pub fn installed(name: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/tools").join(name);
    assert!(path.exists(), "{} is needed: bash scripts/prepare tests", path.display());
    path
}

/// A ready-made program that signs.
pub fn signer_program(name: &str) -> String {
    let programs = "../src-tauri/crates/ceremony/signer-programs";
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(programs).join(name);
    path.canonicalize().unwrap().to_str().unwrap().to_owned()
}

/// A person's home with keyring and settings, and a run that only lacks signatures.
pub struct Desk {
    pub home: TempDir,
    pub case: Case,
    environment: Vec<(&'static str, OsString)>,
}

impl Desk {
    pub fn new() -> Self {
        let home = tempfile::tempdir().unwrap();
        fs::write(home.path().join("keyring.json"), r#"{"keyring_version": "1.0", "keys": []}"#)
            .unwrap();
        Self { home, case: Case::copy("good_unsigned"), environment: Vec::new() }
    }

    pub fn with(mut self, name: &'static str, value: impl Into<OsString>) -> Self {
        self.environment.push((name, value.into()));
        self
    }

    /// Sets the home up for the AWS command line, with a service on a port of loopback.
    pub fn at_aws(self, port: u16) -> Self {
        fs::create_dir(self.path(".aws")).unwrap();
        let config =
            format!("[default]\nregion = eu-central-1\nendpoint_url = http://127.0.0.1:{}\n", port);
        fs::write(self.path(".aws/config"), config).unwrap();
        let credentials = "[default]\naws_access_key_id = test\naws_secret_access_key = test\n";
        fs::write(self.path(".aws/credentials"), credentials).unwrap();
        let usual = std::env::var_os("PATH").unwrap_or_default();
        let paths = std::iter::once(installed("aws/bin")).chain(std::env::split_paths(&usual));
        self.with("PATH", std::env::join_paths(paths).unwrap())
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }

    pub fn text(&self, name: &str) -> String {
        self.path(name).to_str().unwrap().to_owned()
    }

    pub fn prepared(&self, mut command: Command) -> Command {
        command.env("HOME", self.home.path());
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
        command
    }

    pub fn run(&self, arguments: &[&str]) -> Outcome {
        let mut command = self.prepared(command());
        command.env("COUNTERSIGN_KEYRING", self.path("keyring.json"));
        command.env("COUNTERSIGN_SETTINGS", self.path("settings.json"));
        finish(command.args(arguments), b"")
    }

    /// Another program, in the home.
    pub fn tool(&self, name: &str, arguments: &[&str]) -> Outcome {
        let mut command = self.prepared(Command::new(name));
        finish(command.args(arguments).current_dir(self.home.path()), b"").ok()
    }

    pub fn secret(&self, name: &str, text: &str) -> String {
        fs::write(self.path(name), text).unwrap();
        fs::set_permissions(self.path(name), fs::Permissions::from_mode(0o600)).unwrap();
        self.text(name)
    }

    /// The PEM of a public key that another program wrote as DER.
    pub fn pem(&self, der: &str) -> String {
        let arguments = ["pkey", "-pubin", "-inform", "DER", "-in", der, "-out", "public.pem"];
        tool("openssl", "openssl", &arguments, self.home.path()).ok();
        self.text("public.pem")
    }

    /// As the reference's `sign_artifact.py` is called, and what must be said beyond that.
    pub fn sign_like_the_reference(&self, line: &str, more: &[&str]) -> Outcome {
        let run = self.case.run();
        let arguments = [
            "sign",
            "--file",
            run.to_str().unwrap(),
            "--key-id",
            "ds-hw-2026-02",
            "--external-signer-cmd",
            line,
            "--witness",
            "operator-1",
            "--role",
            "operator",
        ];
        self.run(&[arguments.as_slice(), more].concat())
    }

    /// The one signature of the run.
    pub fn block(&self) -> Value {
        read_json(&self.case.signatures())
    }

    pub fn verified(&self, more: &[&str]) -> Value {
        let run = self.case.run();
        let arguments = ["verify", run.to_str().unwrap(), "--json"];
        self.run(&[arguments.as_slice(), more].concat()).json_lines().remove(0)
    }

    /// Has someone else co-sign with a software key, registers the run, and asserts that the command
    /// is what L6 stands on: by its claim alone, and by the keyring's word once it has that.
    pub fn reaches_l6(&self, key_id: &str) {
        verify_with_openssl(&self.case);
        let block = self.block();
        assert_eq!(block["signer_type"], "external");
        assert_eq!(block["signing_key_id"], key_id);
        let run = self.case.run();
        let run = run.to_str().unwrap();
        tool(
            "openssl",
            "openssl",
            &["genpkey", "-algorithm", "ed25519", "-out", "software.pem"],
            self.home.path(),
        )
        .ok();
        let role = if block["role"] == "witness" { "operator" } else { "witness" };
        let key = self.text("software.pem");
        let second = ["sign", run, "--role", role, "--signer", "second", "--key-id", "ds-test-2"];
        self.run(&[second.as_slice(), &["--key-file", &key]].concat()).ok();
        self.run(&["log", "append", run]).ok();

        let claimed = self.verified(&["--trust", "embedded", "--assurance", "claimed"]);
        assert_eq!(claimed["assurance"], "claimed");
        assert_eq!(claimed["level"], 6, "{claimed}");
        let asked = self.verified(&["--trust", "embedded", "--assurance", "pinned"]);
        assert_eq!(asked["level"], 5, "{asked}");

        let signatures = self.case.signatures();
        for (index, kind) in [("0", "external"), ("1", "software")] {
            let signatures = signatures.to_str().unwrap();
            let add = ["keys", "add", signatures, "--index", index, "--kind", kind];
            self.run(&add).ok();
        }
        let pinned = self.verified(&["--assurance", "pinned"]);
        assert_eq!(pinned["assurance"], "pinned");
        assert_eq!(pinned["level"], claimed["level"]);
        let asked = self.verified(&["--assurance", "attested"]);
        assert_eq!(asked["level"], 5, "no command attests by itself: {asked}");
    }
}

/// A service on loopback, ended with the test, and the directory that it shares with its clients.
pub struct Service {
    child: Child,
    pub port: u16,
    pub place: TempDir,
}

impl Service {
    /// One of `stand-ins`, run by a Python of [`installed`].
    pub fn start(python: &str, script: &str) -> Self {
        let place = tempfile::tempdir().unwrap();
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("stand-ins").join(script);
        let mut service = Command::new(installed(python));
        service.args(["-B".as_ref(), script.as_os_str(), place.path().as_os_str()]);
        service.stdin(Stdio::null()).stdout(Stdio::piped());
        let mut child = service.spawn().unwrap();
        let mut port = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut port).unwrap();
        Self { child, port: port.trim().parse().expect("it names its port"), place }
    }

    /// Has it misbehave in a way that it knows, or not any more.
    pub fn misbehave(&self, how: &str) {
        fs::write(self.place.path().join("misbehave"), how).unwrap();
    }

    /// The text of a file that it wrote.
    pub fn text(&self, name: &str) -> String {
        fs::read_to_string(self.place.path().join(name)).unwrap()
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

//! What whole-system tests share: the real binary, copies of the reference's runs, real OpenSSL.

// A harness that cannot set up its test fails the test.
#![allow(clippy::expect_used, clippy::panic)]

use std::ffi::OsStr;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::LazyLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use countersign_envelope::public_key::PublicKey;
use countersign_envelope::signature::Algorithm;
use countersign_envelope::verification::hmac_of;
use hmac::Mac as _;
use serde_json::Value;
use tempfile::TempDir;

/// The binary: the one that `scripts/test` has built and named, or else built here if it is not up to
/// date. A test of its own process each would ask Cargo again and again.
static BINARY: LazyLock<PathBuf> = LazyLock::new(|| {
    if let Some(built) = std::env::var_os("COUNTERSIGN_BINARY") {
        return PathBuf::from(built);
    }
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join("Cargo.toml");
    let build = escargot::CargoBuild::new().manifest_path(manifest).package("countersign-cli");
    let build = build.bin("countersign");
    // The same profile as the tests themselves.
    let build = if cfg!(debug_assertions) { build } else { build.release() };
    build.run().expect("countersign builds").path().to_owned()
});

/// What a command came to.
#[derive(Debug)]
pub struct Outcome {
    /// Its exit code.
    pub code: i32,
    /// Its standard output.
    pub stdout: String,
    /// Its standard error.
    pub stderr: String,
}

impl Outcome {
    /// Asserts that it did what was asked.
    #[track_caller]
    pub fn ok(self) -> Self {
        assert_eq!(self.code, 0, "{self:#?}");
        self
    }

    /// Asserts that it refused: exit code 2, and every one of these words in the error.
    #[track_caller]
    pub fn refused(self, words: &[&str]) -> Self {
        assert_eq!(self.code, 2, "{self:#?}");
        for word in words {
            assert!(self.stderr.contains(word), "no {word:?} in {}", self.stderr);
        }
        self
    }

    /// The standard output as one JSON value a line.
    #[track_caller]
    pub fn json_lines(&self) -> Vec<Value> {
        let parse = |line| serde_json::from_str(line).expect("each line is JSON");
        self.stdout.lines().map(parse).collect()
    }
}

thread_local! {
    /// Tests run on a thread each: every test has a home directory of its own, removed with it.
    static HOME: TempDir = TempDir::new().expect("a temporary directory");
}

/// The `countersign` command without the person's own keyring, key or settings. All commands of one
/// test share a home directory, and so a journal and what is remembered of logs.
pub fn command() -> Command {
    let mut command = Command::new(&*BINARY);
    command.env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default());
    command.env("HOME", home()).stdin(Stdio::null());
    command
}

/// The home directory of the test that runs on this thread.
pub fn home() -> PathBuf {
    HOME.with(|home| home.path().to_owned())
}

/// The path of the binary.
pub fn binary() -> &'static Path {
    &BINARY
}

/// Copies the binary to where other users reach it. By another process: a file that this one has
/// open for writing while another of its threads starts a program cannot be executed ("text file
/// busy").
pub fn copy_binary(to: &Path) {
    let copied = Command::new("cp").arg(binary()).arg(to).status().expect("cp runs");
    assert!(copied.success(), "{} is copied", to.display());
}

/// Runs a prepared command to its end.
pub fn finish(command: &mut Command, input: &[u8]) -> Outcome {
    let spawned = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = spawned.spawn().expect("the command starts");
    let mut stdin = child.stdin.take().expect("its input is piped");
    let input = input.to_owned();
    // Written beside the reading, so that neither side waits for the other's full pipe; a command
    // that does not read its input may have closed it.
    let writer = std::thread::spawn(move || drop(stdin.write_all(&input)));
    let output = child.wait_with_output().expect("the command ends");
    writer.join().expect("the input is written");
    Outcome {
        code: output.status.code().unwrap_or(-1),
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

/// Runs `countersign` with arguments.
pub fn countersign<A: AsRef<OsStr>>(arguments: impl IntoIterator<Item = A>) -> Outcome {
    finish(command().args(arguments), b"")
}

/// Does something for every item, on two threads: each of them mostly waits for a program.
pub fn each<T: Sync>(items: &[T], act: impl Fn(&T) + Sync) {
    let next = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while let Some(item) = items.get(next.fetch_add(1, Ordering::Relaxed)) {
                    act(item);
                }
            });
        }
    });
}

/// A raw Ed25519 key of equal bytes, base64.
pub fn seed(byte: u8) -> String {
    BASE64.encode([byte; 32])
}

/// The file of an ML-DSA-65 key of equal bytes, as other programs write it (RFC 9881): its path.
pub fn companion_key(directory: &Path, byte: u8) -> PathBuf {
    let head: Vec<u8> = [
        &[0x30, 0x34, 2, 1, 0, 0x30, 0x0b, 6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 3, 0x12][..],
        &[4, 0x22, 0x80, 0x20],
        &[byte; 32],
    ]
    .concat();
    let begin = "-----BEGIN PRIVATE KEY-----";
    let text = format!("{begin}\n{}\n-----END PRIVATE KEY-----\n", BASE64.encode(head));
    let path = directory.join(format!("companion-{byte}.pem"));
    fs::write(&path, text).expect("the directory takes it");
    let own = std::os::unix::fs::PermissionsExt::from_mode(0o600);
    fs::set_permissions(&path, own).expect("it is ours");
    path
}

/// Signs with a key on standard input that is made of one byte, under an id of its own unless `more`
/// names one.
pub fn sign_with(run: &Path, role: &str, signer: &str, byte: u8, more: &[&str]) -> Outcome {
    let mut sign = command();
    sign.args(["sign", "--role", role, "--signer", signer, "--key-file", "-"]);
    if !more.contains(&"--key-id") {
        sign.args(["--key-id", &format!("ds-test-2026-{byte:02}")]);
    }
    finish(sign.args(more).arg(run), seed(byte).as_bytes())
}

/// The sections of the reference's verdicts with checks by name, and what those names begin with
/// here.
pub const SECTIONS: [(&str, &str); 5] = [
    ("replay", ""),
    ("signature", ""),
    ("manifest_signature", "manifest."),
    ("transparency", ""),
    ("authority", ""),
];

/// The folder of the reference's vectors.
pub fn conformance() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join("conformance")
}

/// A writable copy of one of the reference's cases.
pub struct Case {
    directory: TempDir,
    /// The file name of the sealed run.
    pub run_name: String,
}

impl Case {
    /// Copies a case.
    pub fn copy(name: &str) -> Self {
        let directory = TempDir::new().expect("a temporary directory");
        let mut run_name = None;
        for entry in fs::read_dir(conformance().join("runs").join(name)).expect("the case") {
            let path = entry.expect("its files").path();
            let file = path.file_name().expect("a name").to_string_lossy().into_owned();
            fs::copy(&path, directory.path().join(&file)).expect("copied");
            if countersign_envelope::file_name::is_sealed_run(&file) {
                run_name = Some(file);
            }
        }
        Self { directory, run_name: run_name.expect("a sealed run") }
    }

    /// The directory.
    pub fn path(&self) -> &Path {
        self.directory.path()
    }

    /// The sealed run.
    pub fn run(&self) -> PathBuf {
        self.path().join(&self.run_name)
    }

    /// The manifest.
    pub fn manifest(&self) -> PathBuf {
        self.path().join(countersign_envelope::file_name::manifest_of(&self.run_name))
    }

    /// The signatures of the run.
    pub fn signatures(&self) -> PathBuf {
        signatures_of(&self.run())
    }

    /// Every file with its content, to see that nothing changed.
    pub fn snapshot(&self) -> Vec<(String, Vec<u8>)> {
        snapshot(self.path())
    }

    /// What `status --json` says of the run, any key accepted that verifies.
    pub fn status(&self) -> Value {
        let arguments = ["status", "--json", "--trust", "embedded", "--assurance", "claimed"];
        let outcome = finish(command().args(arguments).arg(self.path()), b"").ok();
        outcome.json_lines().into_iter().next().expect("one run")
    }
}

/// Verifies every signature of a run and its manifest by what it says itself, with OpenSSL.
#[track_caller]
pub fn verify_with_openssl(case: &Case) {
    for artifact in [case.run(), case.manifest()] {
        let block = read_json(&signatures_of(&artifact));
        let blocks = block["signatures"].as_array().cloned().unwrap_or_else(|| vec![block]);
        for block in blocks {
            let instructions = block["verification_instructions"].as_str().expect("instructions");
            let outcome = tool("sh", "dash", &["-c", instructions], case.path()).ok();
            assert!(outcome.stdout.contains("file as signed"), "{outcome:?}");
        }
    }
}

/// The signature file of an artifact.
pub fn signatures_of(artifact: &Path) -> PathBuf {
    let name = artifact.file_name().expect("a name").to_string_lossy();
    artifact.with_file_name(countersign_envelope::file_name::signature_of(&name))
}

/// Every file of a directory with its content, by name.
pub fn snapshot(directory: &Path) -> Vec<(String, Vec<u8>)> {
    let files = fs::read_dir(directory).expect("the directory").map(|entry| {
        let path = entry.expect("its files").path();
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        (name, fs::read(&path).unwrap_or_default())
    });
    let mut files: Vec<_> = files.collect();
    files.sort();
    files
}

/// Reads a JSON file.
pub fn read_json(path: &Path) -> Value {
    serde_json::from_slice(&fs::read(path).expect("the file")).expect("it is JSON")
}

/// Runs a program that a test needs; where it is not installed, the test fails and says how to get
/// it.
pub fn tool(name: &str, debian_package: &str, arguments: &[&str], directory: &Path) -> Outcome {
    let mut command = Command::new(name);
    command.args(arguments).current_dir(directory);
    match Command::new(name).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status() {
        Ok(_) => finish(&mut command, b""),
        Err(error) => panic!("{name} is needed ({error}): apt-get install {debian_package}"),
    }
}

/// Runs OpenSSL in a directory.
pub fn openssl(arguments: &[&str], directory: &Path) -> Outcome {
    tool("openssl", "openssl", arguments, directory)
}

/// The shared key of HMACs.
pub const SHARED_KEY: [u8; 32] = [7; 32];

/// Makes a key with OpenSSL and signs a message with it: the public key, and the signature. An HMAC
/// is made with the shared key, and has no public one.
pub fn sign_elsewhere(
    algorithm: Algorithm,
    message: &[u8],
    directory: &Path,
) -> (Option<PublicKey>, Vec<u8>) {
    if algorithm == Algorithm::HmacSha256 {
        return (None, hmac_of(&SHARED_KEY, message).finalize().into_bytes().to_vec());
    }
    let make: &[&str] = match algorithm {
        Algorithm::Ed25519 => &["-algorithm", "ed25519"],
        Algorithm::EcdsaP256Sha256 => &["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"],
        Algorithm::EcdsaP384Sha384 => &["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-384"],
        _ => &["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"],
    };
    openssl(&[&["genpkey", "-out", "key.pem"], make].concat(), directory).ok();
    openssl(&["pkey", "-in", "key.pem", "-pubout", "-out", "public.pem"], directory).ok();
    fs::write(directory.join("message"), message).expect("OpenSSL does its part");
    let how: &[&str] = match algorithm {
        Algorithm::Ed25519 => {
            &["pkeyutl", "-sign", "-rawin", "-inkey", "key.pem", "-in", "message", "-out", "sig"]
        }
        Algorithm::EcdsaP384Sha384 => {
            &["dgst", "-sha384", "-sign", "key.pem", "-out", "sig", "message"]
        }
        Algorithm::RsaPssSha256 => &[
            "dgst",
            "-sha256",
            "-sigopt",
            "rsa_padding_mode:pss",
            "-sigopt",
            "rsa_pss_saltlen:digest",
            "-sign",
            "key.pem",
            "-out",
            "sig",
            "message",
        ],
        _ => &["dgst", "-sha256", "-sign", "key.pem", "-out", "sig", "message"],
    };
    openssl(how, directory).ok();
    let public = fs::read_to_string(directory.join("public.pem")).expect("OpenSSL does its part");
    (
        Some(PublicKey::parse(&public).expect("OpenSSL does its part")),
        fs::read(directory.join("sig")).expect("OpenSSL does its part"),
    )
}

/// Pastes a command into a shell, in a directory, with nothing but the system's own programs.
pub fn paste(shell: &str, command: &str, directory: &Path, key: &str) -> Outcome {
    let mut shell = Command::new(shell);
    shell.env_clear().env("PATH", "/usr/bin:/bin").env("DEEPSIGMA_SIGNING_KEY", key);
    finish(shell.arg("-c").arg(command).current_dir(directory), b"")
}

/// The verifier that packs bring along, which shares no code with the program.
pub const VERIFIER: &str =
    concat!(env!("CARGO_MANIFEST_DIR"), "/../src-tauri/crates/exchange/src/pack/verify.py");

/// Python as an auditor starts it: isolated, with the verifier and nothing of this machine but the
/// `PATH` that has OpenSSL.
pub fn verifier() -> Command {
    let mut python = Command::new("python3");
    python.env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default());
    python.args(["-I", VERIFIER]).stdin(Stdio::null());
    python
}

/// The same with the `cryptography` package, which verifies companions.
#[track_caller]
pub fn verifier_of_companions() -> Command {
    let python = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/tools/ykman/bin/python");
    assert!(python.exists(), "{} is needed: bash scripts/prepare tests", python.display());
    let mut python = Command::new(python);
    python.env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default());
    python.args(["-I", VERIFIER]).stdin(Stdio::null());
    python
}

/// Runs one of the generators beside the tests of the verifier, with the `cryptography` package that
/// came with the YubiKey manager.
#[track_caller]
pub fn verifier_tool(name: &str, arguments: &[&Path]) {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    let python = tests.join("../target/tools/ykman/bin/python");
    assert!(python.exists(), "{} is needed: bash scripts/prepare tests", python.display());
    let mut generator = Command::new(python);
    generator.arg(tests.join("verifier").join(name)).args(arguments);
    finish(&mut generator, b"").ok();
}

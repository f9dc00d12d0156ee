//! The contract of external commands, with real scripts, real processes and the real OpenSSL.
#![cfg(unix)]
// Helpers of tests may fail the test.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process;
use std::sync::Mutex;
use std::thread;
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use countersign_envelope::digest::Digest;
use countersign_envelope::public_key::PublicKey;
use countersign_envelope::signature::{Algorithm, SignedPayload, SignerType};
use countersign_envelope::verification::VerificationError;
use countersign_signers::external::{
    Change, Command, Encoding, ExternalError, ExternalSigner, Fault, Probe, Program, challenge,
};
use countersign_signers::software::Ed25519Signer;
use countersign_signers::{Attend, Payload, Signer, SignerError, Unattended, Waiting};
use tempfile::TempDir;

const CANONICAL: &[u8] = b"{\"a\":1}";

/// Long enough for a loaded machine, and never waited for where all is well.
const PATIENCE: Duration = Duration::from_secs(20);

/// A directory with a script, a key in memory, and its signature over the hex digits of
/// [`CANONICAL`] in `signature`: what a good command prints.
struct Bench {
    directory: TempDir,
    key: PublicKey,
    algorithm: Algorithm,
}

impl Bench {
    fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let mut signer = Ed25519Signer::from_seed(&[7; 32]).unwrap();
        let signature = signer.sign(&payload(), &Unattended).unwrap();
        fs::write(directory.path().join("signature"), BASE64.encode(signature)).unwrap();
        let key = signer.public_key().unwrap().clone();
        Self { directory, key, algorithm: Algorithm::Ed25519 }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    /// A command that runs a script, in which `$b` is the directory of the bench and `$f` the file
    /// with the digest.
    fn command(&self, script: &str) -> Command {
        let text = format!("b='{}'\nf=$1\n{script}\n", self.directory.path().display());
        fs::write(self.path("script"), text).unwrap();
        self.line(&format!("sh '{}'", self.path("script").display())).unwrap()
    }

    fn line(&self, line: &str) -> Result<Command, ExternalError> {
        Command::new(line, self.algorithm, self.key.clone())
    }

    fn sign(&self, script: &str) -> Result<Vec<u8>, SignerError> {
        sign(self.command(script))
    }

    /// The fault of a script, and the whole sentence.
    fn fault(&self, script: &str) -> (Fault, String) {
        refused(self.sign(script))
    }

    /// Waits until a process whose number a script wrote down is gone.
    fn is_gone(&self, name: &str) {
        let process = PathBuf::from("/proc").join(self.read(name).trim()).join("stat");
        // One that nobody reaps is dead all the same.
        eventually(|| match fs::read_to_string(&process) {
            Ok(stat) => stat.rsplit(") ").next().is_some_and(|rest| rest.starts_with('Z')),
            Err(_) => true,
        });
    }
}

fn payload() -> Payload<'static> {
    Payload::new(CANONICAL, SignedPayload::Sha256Hex)
}

fn sign(command: Command) -> Result<Vec<u8>, SignerError> {
    ExternalSigner::new(command, SignedPayload::Sha256Hex).sign(&payload(), &Unattended)
}

fn refused(result: Result<Vec<u8>, SignerError>) -> (Fault, String) {
    match result {
        Err(SignerError::External(error)) => {
            let text = error.to_string();
            (error.fault, text)
        }
        Err(other) => panic!("{other}"),
        Ok(_) => panic!("signed"),
    }
}

/// Cancels as soon as a script has written a line to a file, and notes when.
struct OnceThere(PathBuf, Mutex<Option<Instant>>);

impl OnceThere {
    fn new(file: PathBuf) -> Self {
        Self(file, Mutex::default())
    }
}

impl Attend for OnceThere {
    fn is_cancelled(&self) -> bool {
        let there = fs::read_to_string(&self.0).is_ok_and(|text| text.ends_with('\n'));
        if there {
            self.1.lock().unwrap().get_or_insert_with(Instant::now);
        }
        there
    }
}

fn eventually(condition: impl Fn() -> bool) {
    let since = Instant::now();
    while !condition() {
        assert!(since.elapsed() < PATIENCE, "waited in vain");
        thread::sleep(Duration::from_millis(5));
    }
}

// What a command is given.

#[test]
fn the_command_gets_the_digest_in_a_private_file_and_nothing_else() {
    let bench = Bench::new();
    let script = r#"
        cat "$f" > "$b/digest"
        stat -c '%a' "$f" > "$b/file mode"
        stat -c '%a' . > "$b/directory mode"
        pwd -P > "$b/directory"; ls -A > "$b/listing"
        echo "$f" > "$b/file"; echo $# > "$b/arguments"
        cat > "$b/stdin"
        cat "$b/signature"
    "#;
    let mut signer = ExternalSigner::new(bench.command(script), SignedPayload::Sha256Hex);
    let signature = signer.sign(&payload(), &Unattended).unwrap();
    assert_eq!(BASE64.encode(&signature), bench.read("signature"));
    assert!(signer.verifies(&payload().message(), &signature));
    assert!(!signer.verifies(CANONICAL, &signature));
    assert_eq!(signer.signer_type(), SignerType::External);
    assert_eq!(signer.payloads(), [SignedPayload::Sha256Hex]);
    assert_eq!(signer.public_key(), Some(&bench.key));

    assert_eq!(bench.read("digest"), Digest::of(CANONICAL).hex());
    assert_eq!(bench.read("file mode"), "600\n");
    assert_eq!(bench.read("directory mode"), "700\n");
    assert_eq!(bench.read("listing"), "sha256\n");
    assert_eq!(bench.read("arguments"), "1\n");
    assert_eq!(bench.read("stdin"), "");
    assert!(!Path::new(bench.read("file").trim()).exists());
    assert!(!Path::new(bench.read("directory").trim()).exists());
}

#[test]
fn each_command_has_a_directory_of_its_own_and_all_in_it_is_removed() {
    let bench = Bench::new();
    let command =
        bench.command(r#"pwd >> "$b/directories"; mkdir x; touch x/y; cat "$b/signature""#);
    for _ in 0..2 {
        sign(command.clone()).unwrap();
    }
    let directories = bench.read("directories");
    let [first, second] = directories.lines().collect::<Vec<_>>().try_into().unwrap();
    assert_ne!(first, second);
    assert!(!Path::new(first).exists() && !Path::new(second).exists());
}

#[test]
fn the_file_is_removed_after_a_failure_too() {
    let bench = Bench::new();
    for ending in ["exit 3", "kill -9 $$", "sleep 600 & echo x"] {
        let script = format!("echo \"$f\" > \"$b/file\"\n{ending}");
        bench.fault(&script);
        assert!(!Path::new(bench.read("file").trim()).exists(), "{ending}");
    }
}

#[test]
fn the_environment_is_cleared_except_for_named_variables() {
    let bench = Bench::new();
    // Cargo sets these for tests, and nothing passes them on by itself.
    let kept = "CARGO_MANIFEST_DIR";
    let script = r#"tr '\0' '\n' < /proc/$$/environ > "$b/environment"; cat "$b/signature""#;
    let names = |command: Command| {
        sign(command).unwrap();
        let text = bench.read("environment");
        let names = text.lines().filter_map(|line| line.split_once('='));
        names.map(|(name, _)| name.to_owned()).collect::<Vec<_>>()
    };
    let usual = ["PATH", "HOME", "USER", "LANG", "TMPDIR"];
    let passed = names(bench.command(script));
    assert!(passed.contains(&"PATH".to_owned()));
    for name in &passed {
        assert!(usual.contains(&name.as_str()) || name.starts_with("LC_"), "{name}");
    }
    let command = bench.command(script).keep_env(vec![kept.to_owned()]).unwrap();
    assert!(names(command).contains(&kept.to_owned()));
}

#[test]
fn no_secret_is_ever_passed_on() {
    let bench = Bench::new();
    for name in ["DEEPSIGMA_SIGNING_KEY", "deepsigma_signing_key", "COUNTERSIGN_PIN"] {
        let error = bench.command("exit 0").keep_env(vec![name.to_owned()]).unwrap_err();
        assert!(matches!(error.fault, Fault::SecretEnvironment { .. }));
        assert!(error.to_string().contains(name), "{error}");
    }
    // A value that is given with a name, or before a command, is not repeated.
    for name in ["HSM_PIN=S3cret", "COUNTERSIGN_PIN=S3cret", "S3cret 7", "S3cret-"] {
        let error = bench.command("exit 0").keep_env(vec![name.to_owned()]).unwrap_err();
        assert!(matches!(error.fault, Fault::NoVariable), "{error}");
        assert!(!error.to_string().contains("S3cret"), "{error}");
    }
    let error = bench.line("HSM_PIN=S3cret sign").err().unwrap();
    assert!(matches!(error.fault, Fault::Assignment { .. }), "{error}");
    let text = error.to_string();
    assert!(text.contains("`HSM_PIN=…`") && !text.contains("S3cret"), "{text}");
}

#[test]
fn quoting_spaces_and_other_scripts_reach_the_command_and_no_shell_does() {
    let bench = Bench::new();
    let shell = bench.path("Schlüssel 鍵.sh");
    symlink("/bin/sh", &shell).unwrap();
    let script = r#"printf '%s\n' "$@" > "$b/arguments"; cat "$b/signature""#;
    bench.command(script);
    let line = format!(
        r#""{}" '{}' 'a b' "it's" c\ d '' $HOME * ~ '日本'"#,
        shell.display(),
        bench.path("script").display()
    );
    let command = bench.line(&format!("{line} ; echo x")).unwrap();
    sign(command).unwrap();
    let arguments = bench.read("arguments");
    let mut arguments: Vec<_> = arguments.lines().collect();
    let file = arguments.pop().unwrap();
    assert!(file.ends_with("/sha256"), "{file}");
    let expected = ["a b", "it's", "c d", "", "$HOME", "*", "~", "日本", ";", "echo", "x"];
    assert_eq!(arguments, expected);
}

#[test]
fn a_profile_may_name_the_directory_and_the_file_with_the_digest_is_elsewhere() {
    let bench = Bench::new();
    let place = bench.path("Ablage 鍵");
    fs::create_dir(&place).unwrap();
    bench.command("pwd -P > \"$b/directory\"; echo \"$f\" > \"$b/file\"; cat \"$b/signature\"");
    let line = format!("sh '{}'", bench.path("script").display());
    let program = Program::new(&line).unwrap().directory(&place);
    let command = Command::of(program.clone(), bench.algorithm, bench.key.clone()).unwrap();
    sign(command).unwrap();
    let place = place.canonicalize().unwrap();
    assert_eq!(bench.read("directory").trim(), place.to_str().unwrap());
    assert!(!Path::new(bench.read("file").trim()).exists());
    assert_eq!(fs::read_dir(&place).unwrap().count(), 0);

    let gone = program.directory(bench.path("gone"));
    let command = Command::of(gone, bench.algorithm, bench.key.clone()).unwrap();
    let (fault, text) = refused(sign(command));
    assert!(matches!(fault, Fault::Directory { .. }) && text.contains("gone"), "{text}");
}

#[test]
fn an_attempt_that_failed_is_repeated_with_the_same_digest() {
    let bench = Bench::new();
    let script = r#"
        cat "$f" >> "$b/digests"; echo >> "$b/digests"
        [ -e "$b/ready" ] || { touch "$b/ready"; echo 'not yet' >&2; exit 1; }
        cat "$b/signature"
    "#;
    let mut signer = ExternalSigner::new(bench.command(script), SignedPayload::Sha256Hex);
    assert!(signer.sign(&payload(), &Unattended).is_err());
    let first = signer.sign(&payload(), &Unattended).unwrap();
    assert_eq!(signer.sign(&payload(), &Unattended).unwrap(), first);
    let digest = Digest::of(CANONICAL).hex();
    assert_eq!(bench.read("digests"), format!("{digest}\n{digest}\n{digest}\n"));
}

#[test]
fn a_command_may_print_the_public_key() {
    let bench = Bench::new();
    let printed = |script: &str| {
        fs::write(bench.path("script"), script).unwrap();
        let line = format!("sh '{}'", bench.path("script").display());
        Program::new(&line).unwrap().print_public_key(&Unattended)
    };
    let (key, pem) = (bench.key.to_text(), "echo '-----BEGIN PUBLIC KEY-----'");
    assert_eq!(printed(&format!("[ $# = 0 ] && echo {key}")).unwrap(), bench.key);
    for (script, said) in [
        ("echo no key", "printed no public key"),
        (pem, "printed no public key"),
        ("echo locked >&2; exit 2", "It said: locked"),
    ] {
        let error = printed(script).unwrap_err().to_string();
        assert!(error.contains(said), "{error}");
    }
}

#[test]
fn the_caller_learns_how_long_it_may_take() {
    #[derive(Default)]
    struct Told(Mutex<Vec<Waiting>>);
    impl Attend for Told {
        fn waiting(&self, what: Waiting) {
            self.0.lock().unwrap().push(what);
        }
    }
    let bench = Bench::new();
    let told = Told::default();
    let command = bench.command("cat \"$b/signature\"");
    let mut signer = ExternalSigner::new(command.clone(), SignedPayload::Sha256Hex);
    signer.sign(&payload(), &told).unwrap();
    let command = command.timeout(Duration::from_millis(60_500));
    let mut signer = ExternalSigner::new(command, SignedPayload::Sha256Hex);
    signer.sign(&payload(), &told).unwrap();
    let expected = [Waiting::Command { seconds: 30 }, Waiting::Command { seconds: 61 }];
    assert_eq!(*told.0.lock().unwrap(), expected);
}

// What it must give.

#[test]
fn one_line_is_a_signature_with_or_without_its_end() {
    let bench = Bench::new();
    let expected = BASE64.decode(bench.read("signature")).unwrap();
    for end in ["", "\\n", "\\r\\n"] {
        let script = format!("printf \"$(cat \"$b/signature\"){end}\"");
        assert_eq!(bench.sign(&script).unwrap(), expected, "{end}");
    }
}

#[test]
fn anything_but_one_line_of_base64_is_refused() {
    let bench = Bench::new();
    for nothing in ["exit 0", "echo"] {
        let (fault, text) = bench.fault(nothing);
        assert!(matches!(fault, Fault::NoOutput), "{text}");
    }
    for many in [
        r#"cat "$b/signature"; echo; echo x"#,
        "echo; echo x",
        "echo 'Signature:'; echo eA==",
        "echo eA==; echo",
    ] {
        let (fault, text) = bench.fault(many);
        assert!(matches!(fault, Fault::ManyLines | Fault::Encoding(Encoding::Wrapped)), "{text}");
        assert!(text.contains("base64 -w0"), "{text}");
    }
    for other in [
        "echo 'no base64!'",
        r"printf '\200\377\n\001'",
        "echo ' eA=='",
        "echo e",
        "echo vault:v1:",
        r"printf 'eA==\0'",
    ] {
        let (fault, text) = bench.fault(other);
        assert!(matches!(fault, Fault::NotBase64 | Fault::Encoding(_)), "{other}: {text}");
    }
    let (fault, text) = bench.fault(r#"cat "$f""#);
    assert!(matches!(fault, Fault::DigestPrinted), "{text}");
    let (fault, text) = bench.fault("head -c 65537 /dev/zero | tr '\\0' A");
    assert!(matches!(fault, Fault::TooMuch { .. }));
    assert!(text.contains("more than 64 KiB"), "{text}");
}

#[test]
fn endless_output_is_stopped() {
    let bench = Bench::new();
    let (fault, _) = bench.fault("echo $$ > \"$b/pid\"; while :; do echo AAAA; done");
    assert!(matches!(fault, Fault::TooMuch { .. }));
    bench.is_gone("pid");
    // Standard error may be as long as it likes; only its end is kept.
    let script = r#"head -c 5000000 /dev/zero | tr '\0' x >&2; echo the reason >&2; exit 1"#;
    let (_, text) = bench.fault(script);
    assert!(text.len() < 3000 && text.ends_with("the reason"), "{text}");
    assert!(text.contains("It said: …x"), "{text}");
}

#[test]
fn a_failure_is_shown_with_the_message_of_the_command() {
    let bench = Bench::new();
    let script = r#"cat "$b/signature"; printf 'no token\n\033[31min slot 3\n' >&2; exit 3"#;
    let (fault, text) = bench.fault(script);
    assert!(matches!(fault, Fault::Failed(_)));
    assert_eq!(
        text,
        "sh: failed (exit status: 3); nothing was signed. It said: no token / ⟨U+001B⟩[31min slot 3"
    );
    let (_, text) = bench.fault("kill -9 $$");
    assert!(text.contains("signal: 9"), "{text}");
}

#[test]
fn messages_on_standard_error_do_not_spoil_a_good_signature() {
    let bench = Bench::new();
    bench.sign(r#"echo 'touch your token' >&2; cat "$b/signature""#).unwrap();
}

#[test]
fn a_signature_that_does_not_verify_is_refused() {
    let bench = Bench::new();
    let (fault, text) = bench.fault(&format!("echo {}", BASE64.encode([1; 64])));
    assert!(matches!(fault, Fault::Unverified { .. }), "{text}");
    let (fault, text) = bench.fault("echo eA==");
    let malformed = VerificationError::Malformed(Algorithm::Ed25519);
    assert!(matches!(fault, Fault::Unverified { source, .. } if source == malformed), "{text}");

    // A good signature, over another form of the payload than the profile says.
    let command = bench.command("cat \"$b/signature\"");
    let mut signer = ExternalSigner::new(command, SignedPayload::Sha256);
    let raw = Payload::new(CANONICAL, SignedPayload::Sha256);
    let (_, text) = refused(signer.sign(&raw, &Unattended));
    assert!(text.contains("does not verify over sha256 ") && text.contains("probe"), "{text}");
}

// What cannot be run.

#[test]
fn a_line_that_is_not_a_command_is_refused_with_a_remedy() {
    let bench = Bench::new();
    for line in ["", "  \t", "''", "'' x"] {
        let error = bench.line(line).unwrap_err();
        assert!(matches!(error.fault, Fault::NoProgram), "{error}");
    }
    let error = bench.line("sign 'a b").unwrap_err();
    assert!(matches!(error.fault, Fault::Quotes), "{error}");
    for line in ["countersign-no-such-program x", "./sign.sh", "/no/such/program"] {
        let (fault, text) = refused(sign(bench.line(line).unwrap()));
        assert!(matches!(fault, Fault::Start { .. }), "{text}");
        assert!(text.starts_with(line.split(' ').next().unwrap()), "{text}");
        assert!(text.contains("give its full path"), "{text}");
    }
    let (_, text) =
        refused(sign(bench.line(&bench.path("signature").display().to_string()).unwrap()));
    assert!(text.contains("chmod +x"), "{text}");
}

#[test]
fn why_an_existing_file_cannot_be_started_is_reported() {
    use std::os::unix::fs::PermissionsExt as _;
    let bench = Bench::new();
    fs::create_dir(bench.path("folder")).unwrap();
    for (content, said) in [
        (
            Some("#!/no/such/interpreter -e\necho"),
            "interpreter \"/no/such/interpreter\" is not there",
        ),
        (Some("#!/bin/sh\r\necho x\r\n"), "CRLF"),
        (Some("echo eA==\n"), "#!/bin/sh"),
        (Some(""), "is empty"),
        (None, "is a directory"),
    ] {
        let path = match content {
            None => bench.path("folder"),
            Some(content) => {
                // Written by another process, since a file that is open for writing is not started.
                let (from, path) = (bench.path("content"), bench.path("started"));
                fs::write(&from, content).unwrap();
                fs::set_permissions(&from, fs::Permissions::from_mode(0o755)).unwrap();
                let copied = std::process::Command::new("cp").arg(&from).arg(&path).status();
                assert!(copied.unwrap().success());
                path
            }
        };
        let (fault, text) = refused(sign(bench.line(&path.display().to_string()).unwrap()));
        assert!(matches!(fault, Fault::NotAProgram { .. }), "{text}");
        assert!(text.contains(said) && !text.contains("full path"), "{text}");
    }
}

#[test]
fn what_only_a_shell_understands_is_named_where_the_command_fails() {
    let bench = Bench::new();
    for (line, word) in [
        ("false | base64 -w0", "`|`"),
        ("false > signature", "`>`"),
        ("false -inkey ~/key.pem", "`~`"),
        ("false -passin pass:S3cret$Word", "`$`"),
    ] {
        let (_, text) = refused(sign(bench.line(line).unwrap()));
        assert!(text.contains(&format!("{word} has no meaning")), "{text}");
        assert!(text.contains("sh -c") && !text.contains("S3cret"), "{text}");
    }
    for line in ["false plain", "sh -c 'exit 1 | false'"] {
        let (_, text) = refused(sign(bench.line(line).unwrap()));
        assert!(!text.contains("has no meaning"), "{text}");
    }
}

#[test]
fn a_key_of_another_algorithm_is_refused() {
    let key = Bench::new().key;
    for algorithm in [Algorithm::EcdsaP256Sha256, Algorithm::HmacSha256] {
        let error = Command::new("sign", algorithm, key.clone()).unwrap_err();
        assert!(matches!(error.fault, Fault::Key(_)), "{error}");
    }
}

// How it is ended.

#[test]
fn a_command_that_hangs_is_ended_with_all_it_started() {
    let bench = Bench::new();
    // It has printed a good signature, and neither it nor its child heeds SIGTERM.
    let script = r#"
        trap '' TERM
        sh -c 'echo $$ > "$0/child"; while :; do sleep 600; done' "$b" &
        echo $$ > "$b/pid"; echo "$f" > "$b/file"
        cat "$b/signature"; echo; echo 'waiting for the token' >&2
        while :; do sleep 600; done
    "#;
    let started = Instant::now();
    let (fault, text) = refused(sign(bench.command(script).timeout(Duration::from_secs(2))));
    assert!(matches!(fault, Fault::TimedOut { seconds: 2, goes_on: false }), "{text}");
    assert!(
        text.contains("within 2 s") && text.contains("It said: waiting for the token;"),
        "{text}"
    );
    assert!(started.elapsed() < PATIENCE);
    bench.is_gone("pid");
    bench.is_gone("child");
    assert!(!Path::new(bench.read("file").trim()).exists());
}

#[test]
fn a_command_that_is_asked_to_end_may_clean_up() {
    let bench = Bench::new();
    let script = r#"
        trap 'echo clean > "$b/cleaned"; exit 1' TERM
        sleep 600 & echo > "$b/ready"; wait
    "#;
    let mut signer = ExternalSigner::new(bench.command(script), SignedPayload::Sha256Hex);
    let result = signer.sign(&payload(), &OnceThere::new(bench.path("ready")));
    assert!(matches!(result, Err(SignerError::Cancelled)));
    assert_eq!(bench.read("cleaned"), "clean\n");
}

#[test]
fn a_child_left_behind_that_holds_the_output_is_an_error_and_ended() {
    let bench = Bench::new();
    let (fault, text) =
        bench.fault(r#"sleep 600 & echo $! > "$b/child"; cat "$b/signature"; exit 0"#);
    assert!(matches!(fault, Fault::LeftBehind { goes_on: false }), "{text}");
    assert!(text.contains("was ended too; have the command wait for what it starts"), "{text}");
    bench.is_gone("child");
}

#[test]
fn a_child_left_behind_in_silence_is_ended() {
    let bench = Bench::new();
    let script = r#"sleep 600 > /dev/null 2>&1 & echo $! > "$b/child"; cat "$b/signature""#;
    bench.sign(script).unwrap();
    bench.is_gone("child");
    // One that holds standard error only, as agents do.
    bench.sign(r#"sleep 600 > /dev/null & echo $! > "$b/child"; cat "$b/signature""#).unwrap();
    bench.is_gone("child");
}

#[test]
fn a_daemon_that_holds_the_output_keeps_nobody_waiting() {
    let bench = Bench::new();
    let script = r#"setsid sh -c 'echo $$ > "$0/child"; exec sleep 600' "$b" &
        while [ ! -s "$b/child" ]; do sleep 0.01; done
        cat "$b/signature""#;
    let (fault, text) = bench.fault(script);
    // It left the group by itself: we do not end it.
    let status = process::Command::new("kill").arg(bench.read("child").trim()).status().unwrap();
    assert!(status.success());
    assert!(matches!(fault, Fault::LeftBehind { goes_on: true }), "{text}");
    assert!(text.contains("in a process group of its own and goes on"), "{text}");
}

#[test]
fn cancelling_ends_the_command_at_once() {
    let bench = Bench::new();
    let script =
        r#"echo "$f" > "$b/file"; sleep 600 & echo $! > "$b/child"; echo $$ > "$b/pid"; wait"#;
    let mut signer = ExternalSigner::new(bench.command(script), SignedPayload::Sha256Hex);
    let attend = OnceThere::new(bench.path("pid"));
    let result = signer.sign(&payload(), &attend);
    let since = attend.1.lock().unwrap().unwrap();
    assert!(since.elapsed() < Duration::from_secs(5), "{:?}", since.elapsed());
    assert!(matches!(result, Err(SignerError::Cancelled)));
    bench.is_gone("pid");
    bench.is_gone("child");
    assert!(!Path::new(bench.read("file").trim()).exists());
}

// The watched directory.

/// A bench with a watched directory `runs` that holds `a.json` and `sub/b.json`.
fn watched() -> Bench {
    let bench = Bench::new();
    fs::create_dir_all(bench.path("runs/sub")).unwrap();
    fs::write(bench.path("runs/a.json"), "old").unwrap();
    fs::write(bench.path("runs/sub/b.json"), "old").unwrap();
    bench
}

#[test]
fn a_change_in_the_watched_directory_is_refused_and_named() {
    let cases = [
        ("echo x > runs/sub/new.json", "sub/new.json", Change::Appeared),
        ("mkdir runs/empty", "empty", Change::Appeared),
        ("rm runs/sub/b.json", "sub/b.json", Change::Vanished),
        ("echo longer >> runs/a.json", "a.json", Change::Modified),
        // The same size and time.
        (
            "touch -r runs/a.json t; printf new > runs/a.json; touch -r t runs/a.json",
            "a.json",
            Change::Modified,
        ),
        // Another file in its place, the same in every way.
        ("cp -p runs/a.json t; mv t runs/a.json", "a.json", Change::Modified),
        ("mv runs/a.json runs/z.json", "a.json", Change::Vanished),
        ("rm runs/a.json; ln -s sub/b.json runs/a.json", "a.json", Change::Modified),
    ];
    for (action, name, expected) in cases {
        let bench = watched();
        let script = format!("(cd \"$b\"; {action}); cat \"$b/signature\"");
        let (fault, text) = refused(sign(bench.command(&script).watched(bench.path("runs"))));
        let Fault::Changed { path, change, .. } = fault else { panic!("{action}: {text}") };
        assert_eq!((path, change), (bench.path("runs").join(name), expected), "{action}");
        assert!(text.contains(name) && text.contains(&expected.to_string()), "{text}");
    }
    let bench = watched();
    let command = bench.command("rm -r \"$b/runs\"/*; exit 1").watched(bench.path("runs"));
    let (_, text) = refused(sign(command));
    assert!(text.contains("a.json vanished, and 2 other files too"), "{text}");
}

#[test]
fn reading_and_earlier_changes_do_not_count_as_changes() {
    let bench = watched();
    let command = bench
        .command(r#"cat "$b/runs/a.json" "$b/runs/sub/b.json" > /dev/null; cat "$b/signature""#)
        .watched(bench.path("runs"));
    sign(command.clone()).unwrap();
    fs::write(bench.path("runs/c.json"), "between").unwrap();
    sign(command).unwrap();
}

#[test]
fn a_watched_directory_that_cannot_be_read_is_refused_before_the_command_runs() {
    let bench = Bench::new();
    let command = bench.command("touch \"$b/ran\"").watched(bench.path("missing"));
    let (fault, text) = refused(sign(command));
    assert!(matches!(fault, Fault::Watch { .. }), "{text}");
    assert!(text.contains("missing"), "{text}");
    assert!(!bench.path("ran").exists());
}

// The probe, with keys of OpenSSL.

fn probe(command: &Command, attend: &dyn Attend) -> Result<Probe, SignerError> {
    countersign_signers::external::probe(command, &challenge()?, attend)
}

fn openssl(directory: &Path, arguments: &str) {
    let output = process::Command::new("openssl")
        .args(shell_words::split(arguments).unwrap())
        .current_dir(directory)
        .output();
    let output = output.expect("this test needs openssl: apt-get install openssl");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// Turns the hex digits into the raw digest.
const RAW: &str = r#"tr a-f A-F < "$f" | basenc --base16 -d > raw"#;
const ED25519: &str = "-algorithm ed25519";
const P256: &str = "-algorithm EC -pkeyopt ec_paramgen_curve:P-256";
const P384: &str = "-algorithm EC -pkeyopt ec_paramgen_curve:P-384";
const RSA: &str = "-algorithm RSA -pkeyopt rsa_keygen_bits:2048";

/// A bench whose script signs with a key of OpenSSL.
fn openssl_command(kind: &str, algorithm: Algorithm, sign: &str) -> (Bench, Command) {
    let mut bench = Bench::new();
    openssl(bench.directory.path(), &format!("genpkey {kind} -out key.pem"));
    openssl(bench.directory.path(), "pkey -in key.pem -pubout -out public.pem");
    bench.key = PublicKey::parse(&bench.read("public.pem")).unwrap();
    bench.algorithm = algorithm;
    let command = bench.command(&format!("set -e\nk=\"$b/key.pem\"\n{RAW}\n{sign}\nbase64 -w0 s"));
    (bench, command)
}

#[test]
fn a_probe_finds_what_openssl_signs_and_the_signer_signs_so() {
    use Algorithm as A;
    use SignedPayload as P;
    let pss =
        "-pkeyopt digest:sha256 -pkeyopt rsa_padding_mode:pss -pkeyopt rsa_pss_saltlen:digest";
    let pss = format!("openssl pkeyutl -sign {pss} -inkey \"$k\" -in raw -out s");
    let ed25519 = "openssl pkeyutl -sign -rawin -inkey \"$k\" -out s -in";
    let over_hash = "openssl pkeyutl -sign -pkeyopt digest:sha256 -inkey \"$k\" -in raw -out s";
    let cases = [
        (ED25519, A::Ed25519, format!("{ed25519} \"$f\""), P::Sha256Hex, true),
        (ED25519, A::Ed25519, format!("{ed25519} raw"), P::Sha256, true),
        (
            ED25519,
            A::Ed25519,
            format!("base64 -d \"$f\" > m; {ed25519} m"),
            P::Sha256HexBase64,
            true,
        ),
        (P256, A::EcdsaP256Sha256, over_hash.to_owned(), P::CanonicalJson, false),
        (
            P256,
            A::EcdsaP256Sha256,
            "openssl dgst -sha256 -sign \"$k\" -out s \"$f\"".to_owned(),
            P::Sha256Hex,
            false,
        ),
        (
            P384,
            A::EcdsaP384Sha384,
            "openssl dgst -sha384 -sign \"$k\" -out s raw".to_owned(),
            P::Sha256,
            false,
        ),
        (RSA, A::RsaPkcs1v15Sha256, over_hash.to_owned(), P::CanonicalJson, true),
        (RSA, A::RsaPssSha256, pss, P::CanonicalJson, false),
    ];
    for (kind, algorithm, script, form, deterministic) in cases {
        let (_bench, command) = openssl_command(kind, algorithm, &script);
        let found = probe(&command, &Unattended).unwrap();
        assert_eq!(found.signed_payload, form, "{script}");
        assert_eq!(found.deterministic, deterministic, "{script}");
        let mut signer = ExternalSigner::new(command, form);
        let payload = Payload::new(CANONICAL, form);
        let signature = signer.sign(&payload, &Unattended).unwrap();
        assert!(signer.verifies(&payload.message(), &signature));
    }
}

#[test]
fn the_first_signature_shows_what_a_command_signs() {
    let bench = Bench::new();
    let count = r#"echo >> "$b/count"; cat "$b/signature""#;
    let mut signer = ExternalSigner::of_any_form(bench.command(count));
    let asked = Payload::new(CANONICAL, SignedPayload::CanonicalJson);
    let error = signer.sign(&asked, &Unattended).unwrap_err();
    assert!(matches!(error, SignerError::OtherForm(SignedPayload::Sha256Hex)), "{error}");
    signer.sign(&payload(), &Unattended).unwrap();
    assert_eq!(bench.read("count"), "\n", "it is asked once");
    assert_eq!(signer.payloads(), [SignedPayload::Sha256Hex]);

    let other = format!("echo {}", BASE64.encode([0; 64]));
    let mut signer = ExternalSigner::of_any_form(bench.command(&other));
    let (fault, text) = refused(signer.sign(&asked, &Unattended));
    assert!(matches!(fault, Fault::NoForm) && text.contains("under none"), "{text}");
}

#[test]
fn a_probe_says_plainly_what_does_not_verify() {
    // Ed25519 over something that is not a form of the payload.
    let script = "openssl pkeyutl -sign -rawin -inkey \"$k\" -in \"$b/public.pem\" -out s";
    let (_bench, command) = openssl_command(ED25519, Algorithm::Ed25519, script);
    let (found, text) = refused(probe(&command, &Unattended).map(|_| Vec::new()));
    assert!(matches!(found, Fault::NoForm), "{text}");
    assert!(text.contains("verify under none of"), "{text}");

    let script = "openssl pkeyutl -sign -pkeyopt digest:sha256 -pkeyopt rsa_padding_mode:pss \
                  -pkeyopt rsa_pss_saltlen:max -inkey \"$k\" -in raw -out s";
    let (_bench, command) = openssl_command(RSA, Algorithm::RsaPssSha256, script);
    let (found, text) = refused(probe(&command, &Unattended).map(|_| Vec::new()));
    assert!(matches!(found, Fault::SaltLength), "{text}");
    assert!(text.contains("rsa_pss_saltlen:digest"), "{text}");
}

#[test]
fn a_probe_gives_the_same_digest_twice_and_another_each_time() {
    let (bench, _) = openssl_command(ED25519, Algorithm::Ed25519, "");
    let command = bench.command(
        r#"cat "$f" >> "$b/digests"; echo >> "$b/digests"
        openssl pkeyutl -sign -rawin -inkey "$b/key.pem" -in "$f" -out s; base64 -w0 s"#,
    );
    probe(&command, &Unattended).unwrap();
    probe(&command, &Unattended).unwrap();
    let digests = bench.read("digests");
    let digests: Vec<_> = digests.lines().collect();
    assert_eq!((digests[0], digests[2]), (digests[1], digests[3]));
    assert_ne!(digests[0], digests[2]);
}

//! Keys in OpenSSH's own agent, and what other programs at its socket come to.
#![cfg(unix)]
// Helpers of tests may fail the test.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::io::{Read as _, Write as _};
use std::os::unix::net::UnixListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use countersign_envelope::public_key::PublicKey;
use countersign_envelope::signature::{Algorithm, SignedPayload, SignerType};
use countersign_problem::Explain as _;
use countersign_signers::ssh_agent::{SshAgent, SshAgentSigner};
use countersign_signers::{Attend, Payload, Signer as _, SignerError, Unattended};
use tempfile::TempDir;

const CANONICAL: &[u8] = b"{\"a\":1}";

/// An agent of OpenSSH, ended with the test.
struct Agent {
    directory: TempDir,
    process: Child,
}

impl Agent {
    fn start() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let socket = directory.path().join("agent");
        let mut process = Command::new("ssh-agent")
            .args(["-D", "-a"])
            .arg(&socket)
            .stdout(Stdio::piped())
            .spawn()
            .expect("ssh-agent is needed: apt-get install openssh-client");
        // It says where it is once it listens there.
        let mut said = [0; 1];
        process.stdout.as_mut().unwrap().read_exact(&mut said).unwrap();
        Self { directory, process }
    }

    fn socket(&self) -> PathBuf {
        self.directory.path().join("agent")
    }

    fn run(&self, program: &str, arguments: &[&str], input: &str) {
        let mut command = Command::new(program);
        command.args(arguments).current_dir(self.directory.path());
        command.env("SSH_AUTH_SOCK", self.socket()).stdin(Stdio::piped());
        command.stdout(Stdio::null()).stderr(Stdio::null());
        let mut child = command.spawn().unwrap();
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        assert!(child.wait().unwrap().success(), "{program} {arguments:?}");
    }

    /// Makes a key, called by its kind, and adds it.
    fn add(&self, kind: &str, bits: &str) -> String {
        let name = format!("{kind}-{bits}");
        self.run(
            "ssh-keygen",
            &["-q", "-t", kind, "-b", bits, "-N", "", "-C", &name, "-f", &name],
            "",
        );
        self.run("ssh-add", &[&name], "");
        name
    }

    fn agent(&self) -> SshAgent {
        SshAgent::at(Some(&self.socket())).unwrap()
    }

    fn signer(&self, key: &str) -> SshAgentSigner {
        let agent = self.agent();
        agent.signer(agent.find(Some(key), &Unattended).unwrap()).unwrap()
    }
}

impl Drop for Agent {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn payload(canonical: &[u8]) -> Payload<'_> {
    Payload::new(canonical, SignedPayload::CanonicalJson)
}

fn said(error: &SignerError) -> String {
    let problem = error.problem();
    format!("{} {}", problem.message(), problem.hint().unwrap_or_default())
}

fn refused<T>(result: Result<T, SignerError>, words: &[&str]) {
    let Err(error) = result else { panic!("it is refused: {words:?}") };
    let said = said(&error);
    for word in words {
        assert!(said.contains(word), "no {word:?} in {said}");
    }
}

#[test]
fn every_kind_of_key_signs() {
    let agent = Agent::start();
    for (kind, bits, algorithm) in [
        ("ed25519", "256", Algorithm::Ed25519),
        ("ecdsa", "256", Algorithm::EcdsaP256Sha256),
        ("ecdsa", "384", Algorithm::EcdsaP384Sha384),
        ("rsa", "2048", Algorithm::RsaPkcs1v15Sha256),
        ("rsa", "4096", Algorithm::RsaPkcs1v15Sha256),
    ] {
        let name = agent.add(kind, bits);
        let mut signer = agent.signer(&name);
        assert_eq!(signer.algorithm(), algorithm);
        // Whatever the agent may use, it does not say so.
        assert_eq!(signer.signer_type(), SignerType::Software);
        // Numbers of ECDSA come in several lengths.
        for _ in 0..if kind == "ecdsa" { 40 } else { 1 } {
            let signature = signer.sign(&payload(CANONICAL), &Unattended).unwrap();
            assert!(signer.verifies(CANONICAL, &signature), "{name}");
            assert!(!signer.verifies(b"{}", &signature), "{name}");
        }
        // The key is the one that the file beside it has.
        let text = std::fs::read(agent.directory.path().join(format!("{name}.pub"))).unwrap();
        assert_eq!(signer.public_key(), Some(&PublicKey::read(&text).unwrap()));
    }
}

#[test]
fn a_key_is_named_by_fingerprint_or_comment_or_is_the_only_one_that_signs() {
    let agent = Agent::start();
    let other = agent.add("ecdsa", "521");
    refused(agent.agent().find(None, &Unattended), &["none of the keys", "ecdsa-521", "P-384"]);
    refused(agent.agent().find(Some(&other), &Unattended), &["ecdsa-sha2-nistp521", "nothing"]);
    let name = agent.add("ed25519", "256");
    let only = agent.agent().find(None, &Unattended).unwrap();
    assert_eq!((only.comment.as_str(), only.kind.as_str()), (&*name, "ssh-ed25519"));
    assert!(agent.agent().find(Some(&only.fingerprint()), &Unattended).is_ok());

    agent.add("ecdsa", "256");
    refused(agent.agent().find(None, &Unattended), &["several keys", "ed25519-256", "ecdsa-256"]);
    refused(agent.agent().find(Some("x"), &Unattended), &["has no key x", "ecdsa-521"]);
    let public = only.public_key.unwrap();
    assert_eq!(agent.agent().key_of(&public, &Unattended).unwrap().comment, name);
    // A comment is as long as it is, whatever of it is shown; "user@host" of a cloud may be long.
    let long = format!("mira@{}.internal", "x".repeat(80));
    agent.run("ssh-keygen", &["-q", "-t", "ed25519", "-N", "", "-C", &long, "-f", "long"], "");
    agent.run("ssh-add", &["long"], "");
    let found = agent.agent().find(Some(&long), &Unattended).unwrap();
    assert!(found.comment.ends_with('…') && found.comment.len() < long.len());
    agent.run("ssh-add", &["-d", &name], "");
    refused(agent.agent().key_of(&public, &Unattended), &["has no key"]);
}

#[test]
fn more_than_an_agent_takes_is_not_sent() {
    let agent = Agent::start();
    let mut signer = agent.signer(&agent.add("ed25519", "256"));
    let most = match signer.sign(&payload(&vec![b' '; 300_000]), &Unattended) {
        Err(SignerError::TooLong { bytes: 300_000, most }) => most,
        other => panic!("{other:?}"),
    };
    let longest = vec![b' '; most];
    let signature = signer.sign(&payload(&longest), &Unattended).unwrap();
    assert!(signer.verifies(&longest, &signature));
    // The digest is what is left.
    assert_eq!(signer.payloads(), [SignedPayload::CanonicalJson, SignedPayload::Sha256]);
}

#[test]
fn an_agent_without_keys_or_that_does_not_sign_says_what_to_do() {
    let agent = Agent::start();
    refused(agent.agent().keys(&Unattended), &["no keys", "ssh-add"]);
    let name = agent.add("ed25519", "256");
    let mut signer = agent.signer(&name);
    agent.run("ssh-add", &["-D"], "");
    refused(signer.sign(&payload(CANONICAL), &Unattended), &["did not sign", &name]);
    // Nobody can confirm here.
    agent.run("ssh-add", &["-c", &name], "");
    refused(signer.sign(&payload(CANONICAL), &Unattended), &["did not sign", "confirms"]);

    let gone = agent.socket();
    drop(agent);
    let gone = SshAgent::at(Some(&gone)).unwrap();
    refused(gone.keys(&Unattended), &["no SSH agent answers"]);
}

/// Something else at the socket: gives these answers, one for each connection, and then says nothing
/// more.
fn stand_in(directory: &Path, answers: Vec<Vec<u8>>) -> SshAgent {
    let socket = directory.join("stand-in");
    let listener = UnixListener::bind(&socket).unwrap();
    thread::spawn(move || {
        for answer in answers {
            let (mut stream, _) = listener.accept().unwrap();
            let mut length = [0; 4];
            stream.read_exact(&mut length).unwrap();
            let mut request = vec![0; u32::from_be_bytes(length) as usize];
            stream.read_exact(&mut request).unwrap();
            // It may have been told enough.
            let _ = stream.write_all(&answer);
        }
        // Keeps the last one waiting.
        let waiting = listener.accept();
        thread::park();
        drop(waiting);
    });
    SshAgent::at(Some(&socket)).unwrap()
}

fn string(bytes: &[u8]) -> Vec<u8> {
    [&u32::try_from(bytes.len()).unwrap().to_be_bytes()[..], bytes].concat()
}

fn identities(keys: &[(&[u8], &[u8])]) -> Vec<u8> {
    let count = u32::try_from(keys.len()).unwrap().to_be_bytes();
    let each = keys.iter().flat_map(|(blob, comment)| [string(blob), string(comment)].concat());
    string(&[&[12][..], &count, &each.collect::<Vec<_>>()].concat())
}

#[test]
fn what_is_no_answer_of_an_agent_is_refused() {
    let too_long = u32::MAX.to_be_bytes().to_vec();
    let many = string(&[&[12][..], &u32::MAX.to_be_bytes()].concat());
    for answer in [string(b""), string(b"\x05"), string(b"\x0c\x00"), many, too_long] {
        let directory = tempfile::tempdir().unwrap();
        let agent = stand_in(directory.path(), vec![answer]);
        refused(agent.keys(&Unattended), &["does not speak as an SSH agent"]);
    }
    let directory = tempfile::tempdir().unwrap();
    let agent = stand_in(directory.path(), vec![vec![0, 0, 0, 9, 12]]);
    refused(agent.keys(&Unattended), &["ended the conversation"]);
}

#[test]
fn one_key_that_cannot_be_read_hides_no_other() {
    let directory = tempfile::tempdir().unwrap();
    let ed25519 = [string(b"ssh-ed25519"), string(&[0x11; 32])].concat();
    let good = {
        let seed = countersign_signers::software::Ed25519Signer::from_seed(&[7; 32]).unwrap();
        let PublicKey::Ed25519(key) = seed.public_key().unwrap().clone() else { panic!() };
        [string(b"ssh-ed25519"), string(key.as_bytes())].concat()
    };
    let keys: [(&[u8], &[u8]); 4] = [
        (b"", b"nothing"),
        (&ed25519[..20], b"cut short"),
        (&good, b"mine\x1b[2J\xff"),
        (b"\x00\x00\x00\x03new", b"of next year"),
    ];
    let agent = stand_in(directory.path(), vec![identities(&keys)]);
    let found = agent.keys(&Unattended).unwrap();
    assert_eq!(found.len(), 4);
    assert_eq!(found.iter().filter(|key| key.public_key.is_some()).count(), 1);
    // Nothing in a name steers a terminal.
    assert_eq!(found[2].comment, "mine⟨U+001B⟩[2J\u{fffd}");
    assert_eq!(found[3].kind, "new");
}

/// A key of a stand-in with these answers to a request to sign.
fn signing(directory: &Path, kind: &str, blob: &[u8], answers: Vec<Vec<u8>>) -> SshAgentSigner {
    let answers = [vec![identities(&[(blob, kind.as_bytes())])], answers].concat();
    let agent = stand_in(directory, answers);
    agent.signer(agent.find(None, &Unattended).unwrap()).unwrap()
}

#[test]
fn a_signature_of_another_kind_is_refused_and_a_wrong_one_does_not_verify() {
    let real = Agent::start();
    let name = real.add("rsa", "2048");
    let public =
        std::fs::read_to_string(real.directory.path().join(format!("{name}.pub"))).unwrap();
    let blob = public.split(' ').nth(1).unwrap();
    let blob = base64::Engine::decode(&base64::engine::general_purpose::STANDARD, blob).unwrap();
    let answer = |way: &[u8], bytes: &[u8]| {
        string(&[&[14][..], &string(&[string(way), string(bytes)].concat())].concat())
    };
    let directory = tempfile::tempdir().unwrap();
    // An old agent that signs with SHA-1 whatever it is asked; one that signs something else.
    let answers = vec![answer(b"ssh-rsa", &[1; 256]), answer(b"rsa-sha2-256", &[1; 256])];
    let mut signer = signing(directory.path(), "rsa", &blob, answers);
    refused(signer.sign(&payload(CANONICAL), &Unattended), &["as ssh-rsa", "nothing was written"]);
    let wrong = signer.sign(&payload(CANONICAL), &Unattended).unwrap();
    assert!(!signer.verifies(CANONICAL, &wrong));
}

/// Somebody who cancels as soon as the key waits.
#[derive(Default)]
struct Impatient(AtomicBool);

impl Attend for Impatient {
    fn is_cancelled(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    fn waiting(&self, _: countersign_signers::Waiting) {
        self.0.store(true, Ordering::Relaxed);
    }
}

#[test]
fn an_agent_that_waits_for_somebody_can_be_left() {
    let directory = tempfile::tempdir().unwrap();
    let seed = countersign_signers::software::Ed25519Signer::from_seed(&[7; 32]).unwrap();
    let PublicKey::Ed25519(key) = seed.public_key().unwrap().clone() else { panic!() };
    let blob = [string(b"ssh-ed25519"), string(key.as_bytes())].concat();
    let mut signer = signing(directory.path(), "waits", &blob, Vec::new());
    let left = signer.sign(&payload(CANONICAL), &Impatient::default());
    assert!(matches!(left, Err(SignerError::Cancelled)), "{left:?}");
}

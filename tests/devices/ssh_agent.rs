//! Keys in OpenSSH's agent, from the command line.

// Helpers of tests may fail the test.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use countersign_tests::{
    Case, Outcome, command, finish, home, read_json, signatures_of, verify_with_openssl,
};
use serde_json::Value;
use tempfile::TempDir;

/// An agent of OpenSSH with the keys of these kinds, each called by its kind; ended with the test.
struct Agent {
    directory: TempDir,
    process: Child,
}

impl Agent {
    fn with(kinds: &[&str]) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let mut process = Command::new("ssh-agent")
            .args(["-D", "-a"])
            .arg(directory.path().join("agent"))
            .stdout(Stdio::piped())
            .spawn()
            .expect("ssh-agent is needed: apt-get install openssh-client");
        // It says where it is once it listens there.
        process.stdout.as_mut().unwrap().read_exact(&mut [0; 1]).unwrap();
        let agent = Self { directory, process };
        for kind in kinds {
            agent.run("ssh-keygen", &["-q", "-t", kind, "-N", "", "-C", kind, "-f", kind]);
            agent.run("ssh-add", &["-q", kind]);
        }
        agent
    }

    fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    fn run(&self, program: &str, arguments: &[&str]) -> Outcome {
        let mut command = Command::new(program);
        command.args(arguments).current_dir(self.directory.path());
        finish(command.env("SSH_AUTH_SOCK", self.path("agent")), b"").ok()
    }

    /// `countersign` where the environment names the agent.
    fn countersign(&self, arguments: &[&str]) -> Outcome {
        finish(command().env("SSH_AUTH_SOCK", self.path("agent")).args(arguments), b"")
    }

    fn sign(&self, run: &Path, more: &[&str]) -> Outcome {
        let sign = ["sign", run.to_str().unwrap(), "--role", "operator"];
        self.countersign(&[&sign[..], more].concat())
    }
}

impl Drop for Agent {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[test]
fn the_keys_in_an_agent_sign_as_software() {
    let agent = Agent::with(&["ed25519", "ecdsa", "rsa"]);
    for (key, algorithm) in
        [("ed25519", "ed25519"), ("ecdsa", "ecdsa-p256-sha256"), ("rsa", "rsa-pkcs1v15-sha256")]
    {
        let case = Case::copy("good_unsigned");
        let named = format!("--ssh-agent={key}");
        agent.sign(&case.run(), &[&named, "--signer", "o", "--key-id", "ds-ssh-2026-11"]).ok();
        let block = read_json(&signatures_of(&case.run()));
        assert_eq!(block["algorithm"], algorithm);
        assert_eq!(block["signer_type"], "software");
        verify_with_openssl(&case);
    }
    // A fingerprint as ssh-add shows it; and several keys, of which none is chosen.
    let listed = agent.run("ssh-add", &["-l"]).stdout;
    let fingerprint = listed.split(' ').nth(1).unwrap();
    let case = Case::copy("good_unsigned");
    let who = ["--signer", "o", "--key-id", "ds-ssh-2026-11"];
    let refused = agent.sign(&case.run(), &[&["--ssh-agent"][..], &who].concat());
    refused.refused(&["several keys", fingerprint, "ecdsa", "name one"]);
    assert!(!signatures_of(&case.run()).exists());
    agent.sign(&case.run(), &[&[&*format!("--ssh-agent={fingerprint}")][..], &who].concat()).ok();

    // Nothing that the environment or a flag does not name is used.
    let mut sign = command();
    sign.arg("sign").arg(case.run()).args(["--role", "witness", "--ssh-agent"]).args(who);
    finish(&mut sign, b"").refused(&["no SSH agent is named", "ssh-add"]);
    finish(sign.args(["--ssh-agent-socket", "/nowhere"]), b"").refused(&["/nowhere"]);
}

#[test]
fn an_enrolled_key_needs_no_name_and_never_counts_as_hardware() {
    let agent = Agent::with(&["ed25519"]);
    let keyring = home().join("keyring.json");
    let add = ["keys", "add", "--keyring", keyring.to_str().unwrap(), "--key-id", "ds-ssh-2026-11"];
    let public = agent.path("ed25519.pub");
    let rest = ["--owner", "o.operator", "--role", "operator", public.to_str().unwrap()];
    agent.countersign(&[&add[..], &rest].concat()).ok();
    let case = Case::copy("good_unsigned");
    agent.sign(&case.run(), &["--ssh-agent", "--keyring", keyring.to_str().unwrap()]).ok();
    let block = read_json(&signatures_of(&case.run()));
    assert_eq!(block["signer_id"], "o.operator");
    assert_eq!(block["signing_key_id"], "ds-ssh-2026-11");
    assert_eq!(block["signer_type"], "software");
}

#[test]
fn a_signer_of_the_station_keeps_which_key_it_is() {
    let agent = Agent::with(&["ed25519", "ecdsa"]);
    let add = ["signers", "add", "mine", "--key-id", "ds-ssh-2026-11", "--signer", "o"];
    agent.countersign(&[&add[..], &["--ssh-agent=ecdsa"]].concat()).ok();
    let listed: Vec<Value> = agent.countersign(&["signers", "list", "--json"]).ok().json_lines();
    assert_eq!(listed[0]["source"]["source"], "ssh_agent");
    assert_eq!(listed[0]["source"]["socket"], Value::Null);

    // What belongs to a command does not belong to an agent's key.
    let both = [&add[..], &["--ssh-agent=ecdsa", "--timeout", "5"]].concat();
    agent.countersign(&both).refused(&["--timeout", "--ssh-agent"]);

    // Under its comment there is another key now.
    agent.run("ssh-add", &["-d", "ecdsa"]);
    fs::rename(agent.path("ecdsa"), agent.path("before")).unwrap();
    fs::rename(agent.path("ecdsa.pub"), agent.path("before.pub")).unwrap();
    agent.run("ssh-keygen", &["-q", "-t", "ecdsa", "-N", "", "-C", "ecdsa", "-f", "ecdsa"]);
    agent.run("ssh-add", &["-q", "ecdsa"]);
    let case = Case::copy("good_unsigned");
    agent.sign(&case.run(), &["--signer-profile", "mine"]).refused(&["mine", "has no key"]);
    assert!(!signatures_of(&case.run()).exists());
    agent.run("ssh-add", &["-q", "before"]);
    agent.sign(&case.run(), &["--signer-profile", "mine"]).ok();
    verify_with_openssl(&case);
}

/// `ssh-add` adds both under one comment, and only the key signs here.
#[test]
fn a_certificate_beside_a_key_does_not_stand_in_its_way() {
    let agent = Agent::with(&[]);
    for name in ["ca", "mine"] {
        agent.run("ssh-keygen", &["-q", "-t", "ed25519", "-N", "", "-C", name, "-f", name]);
    }
    agent.run("ssh-keygen", &["-q", "-s", "ca", "-I", "mine", "-n", "o", "mine.pub"]);
    agent.run("ssh-add", &["-q", "mine"]);
    let listed = agent.countersign(&["signers", "agent-keys"]).ok().stdout;
    assert!(listed.lines().count() == 2 && listed.contains("ssh-ed25519-cert-v01"), "{listed}");
    let case = Case::copy("good_unsigned");
    let who = ["--signer", "o", "--key-id", "ds-ssh-2026-11"];
    agent.sign(&case.run(), &[&["--ssh-agent=mine"][..], &who].concat()).ok();
    verify_with_openssl(&case);
}

#[test]
fn what_is_in_an_agent_is_listed() {
    let agent = Agent::with(&["ed25519"]);
    agent
        .run("ssh-keygen", &["-q", "-t", "ecdsa", "-b", "521", "-N", "", "-C", "big", "-f", "big"]);
    agent.run("ssh-add", &["-q", "big"]);
    let listed = agent.countersign(&["signers", "agent-keys"]).ok().stdout;
    let lines: Vec<&str> = listed.lines().collect();
    assert_eq!(lines.len(), 2);
    assert!(lines[0].contains("ssh-ed25519") && !lines[0].contains("nothing"), "{listed}");
    assert!(lines[1].contains("big") && lines[1].ends_with("signs nothing here"), "{listed}");
    let json = agent.countersign(&["signers", "agent-keys", "--json"]).ok().json_lines();
    assert!(json[0]["public_key"].is_string() && json[1]["public_key"].is_null());
    assert!(json[0]["fingerprint"].as_str().unwrap().starts_with("SHA256:"));
}

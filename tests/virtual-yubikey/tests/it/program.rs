//! The program, driven as the demonstration does.

#![allow(clippy::expect_used, clippy::panic)]

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::time::Duration;

use serde_json::Value;
use virtual_yubikey::Pcscd;

const LIMIT: Duration = Duration::from_secs(10);

struct Program {
    child: Child,
    input: Option<ChildStdin>,
    events: Receiver<Value>,
}

impl Program {
    fn start(arguments: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_virtual-yubikey"))
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("it starts");
        let input = child.stdin.take();
        let output = BufReader::new(child.stdout.take().expect("its output"));
        let (sender, events) = mpsc::channel();
        std::thread::spawn(move || {
            for line in output.lines().map_while(Result::ok) {
                let event = serde_json::from_str(&line).expect("every line is JSON");
                if sender.send(event).is_err() {
                    return;
                }
            }
        });
        Self { child, input, events }
    }

    fn say(&mut self, command: &str) {
        let input = self.input.as_mut().expect("its input is open");
        writeln!(input, "{command}").expect("it listens");
    }

    #[track_caller]
    fn expect(&self, wanted: &str) -> Value {
        let event = self.events.recv_timeout(LIMIT).expect("something happens");
        assert_eq!(event["event"], wanted, "{event}");
        event
    }
}

fn yubico_piv_tool(pcscd: &Pcscd, arguments: &[&str]) -> Child {
    Command::new("yubico-piv-tool")
        .args(arguments)
        .args(["-r", "Virtual"])
        .env("PCSCLITE_CSOCK_NAME", pcscd.socket())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("yubico-piv-tool runs; apt-get install yubico-piv-tool")
}

#[test]
fn it_is_inserted_touched_and_pulled() {
    let pcscd = Pcscd::start().expect("pcscd starts");
    let port = pcscd.port(0).to_string();
    let mut program =
        Program::start(&["--port", &port, "--serial", "99000007", "--touch-timeout", "5000"]);
    program.say("touch");
    program.expect("problem");
    program.say("nonsense");
    program.expect("problem");
    program.say("insert");
    program.expect("inserted");
    let message = tempfile::NamedTempFile::new().expect("a file");
    let path = message.path().to_str().expect("a plain name");
    let status = loop {
        let output =
            yubico_piv_tool(&pcscd, &["-a", "status"]).wait_with_output().expect("it ends");
        if output.status.success() {
            break String::from_utf8_lossy(&output.stdout).into_owned();
        }
    };
    for wanted in ["5.7.4", "99000007", "Demo witness"] {
        assert!(status.contains(wanted), "no {wanted} in {status}");
    }
    let sign = [
        "-a",
        "verify-pin",
        "-P",
        "123456",
        "--sign",
        "-s",
        "9c",
        "-A",
        "ECCP256",
        "-H",
        "SHA256",
        "-i",
        path,
        "-o",
        "-",
    ];
    let client = yubico_piv_tool(&pcscd, &sign);
    program.expect("blinking");
    program.say("touch");
    program.expect("touched");
    let output = client.wait_with_output().expect("it ends");
    assert!(output.status.success(), "{output:?}");

    // Pulled while it blinks.
    let client = yubico_piv_tool(&pcscd, &sign);
    program.expect("blinking");
    program.say("pull");
    program.expect("pulled");
    assert!(!client.wait_with_output().expect("it ends").status.success());
    program.say("insert");
    program.expect("inserted");

    // It ends when its input does.
    program.input = None;
    assert!(program.child.wait().expect("it ends").success());
}

#[test]
fn it_says_that_there_is_no_reader_and_tries_again() {
    let mut pcscd = Pcscd::unstarted().expect("a place for pcscd");
    let port = pcscd.port(1).to_string();
    let mut program = Program::start(&["--port", &port, "--insert"]);
    let problem = program.expect("problem");
    let message = problem["message"].as_str().expect("a message");
    assert!(message.contains("apt-get install pcscd vsmartcard-vpcd"), "{message}");
    pcscd.launch().expect("pcscd starts");
    program.say("insert");
    program.expect("inserted");
    // pcscd goes away.
    pcscd.stop();
    program.expect("problem");
    program.expect("pulled");
    program.say("quit");
    assert!(program.child.wait().expect("it ends").success());
}

#[test]
fn it_brings_its_own_pcscd() {
    let mut program = Program::start(&["--own-pcscd", "--reader", "Yubico YubiKey", "--insert"]);
    let event = program.expect("pcscd");
    let socket = event["socket"].as_str().expect("a path").to_owned();
    program.expect("inserted");
    let mut client = Command::new("opensc-tool");
    client.arg("--list-readers").env("PCSCLITE_CSOCK_NAME", &socket);
    let readers = String::from_utf8(
        client.output().expect("opensc-tool runs; apt-get install opensc").stdout,
    );
    assert!(readers.expect("text").contains("Yubico YubiKey 00 00"));
    program.say("quit");
    assert!(program.child.wait().expect("it ends").success());
    assert!(!std::path::Path::new(&socket).exists(), "pcscd ended with it");
}

#[test]
fn it_takes_every_option() {
    let arguments = [
        "--port",
        "1",
        "--firmware",
        "4.3.5",
        "--slot",
        "9c=p256,pin=always,touch=cached,cert=Some One",
        "--slot",
        "82=rsa2048,imported,pin=never",
        "--touch",
        "after:500",
        "--fault",
        "pull@5",
        "--fault",
        "status:6f00@ins:87",
        "--fault",
        "garbage:00ff@2",
        "--fault",
        "delay:10@3",
        "--attestation",
        "replaced",
        "--delay",
        "1",
        "--pin",
        "654321",
        "--puk",
        "87654321",
    ];
    let mut program = Program::start(&arguments);
    program.say("quit");
    assert!(program.child.wait().expect("it ends").success());
    for wrong in [["--slot", "9c"], ["--slot", "9c=dsa"], ["--touch", "soon"], ["--fault", "pull"]]
    {
        let mut program = Program::start(&wrong);
        assert!(!program.child.wait().expect("it ends").success(), "{wrong:?}");
    }
    for (command, certificates) in [("roots", 2), ("intermediates", 2)] {
        let output = Command::new(env!("CARGO_BIN_EXE_virtual-yubikey")).arg(command).output();
        let output = String::from_utf8(output.expect("it runs").stdout).expect("text");
        assert_eq!(output.matches("BEGIN CERTIFICATE").count(), certificates);
    }
}

//! pcscd for tests: it comes and goes, and cards are plugged in and pulled out, as clients see it.

#![allow(clippy::expect_used, clippy::panic)]

use std::net::TcpListener;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use virtual_yubikey::{Card, Event, Make, Options, Pcscd};

const LIMIT: Duration = Duration::from_secs(5);

/// What a client sees: for each reader whether a card is in it. Nothing if there is no pcscd.
fn readers(socket: &Path) -> Vec<bool> {
    let output = Command::new("opensc-tool")
        .arg("--list-readers")
        .env("PCSCLITE_CSOCK_NAME", socket)
        .output()
        .expect("opensc-tool runs; apt-get install opensc");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let lines = text.lines().filter(|line| line.starts_with(|first: char| first.is_ascii_digit()));
    lines.map(|line| line.contains("Yes")).collect()
}

/// Waits until a client sees this.
#[track_caller]
fn wait_for(socket: &Path, wanted: &[bool]) {
    let begun = Instant::now();
    while readers(socket) != wanted {
        assert!(begun.elapsed() < LIMIT, "{:?} instead of {wanted:?}", readers(socket));
    }
}

#[test]
fn cards_are_plugged_in_and_pulled_out() {
    let pcscd = Pcscd::start().expect("pcscd starts");
    let socket = pcscd.socket();
    assert_eq!(readers(socket), [false, false]);
    let first = Card::new(Options::default()).plug(pcscd.port(0)).expect("plugged in");
    let other = Card::new(Options { make: Make::NotPiv, ..Options::default() });
    let other = other.plug(pcscd.port(1)).expect("plugged in");
    assert!(first.wait_until_seen(LIMIT) && other.wait_until_seen(LIMIT));
    wait_for(socket, &[true, true]);
    let card = first.pull();
    wait_for(socket, &[false, true]);
    drop(other);
    wait_for(socket, &[false, false]);
    let again = card.plug(pcscd.port(1)).expect("plugged in");
    assert!(again.wait_until_seen(LIMIT));
    wait_for(socket, &[false, true]);
}

#[test]
fn pcscd_comes_and_goes() {
    let mut pcscd = Pcscd::unstarted().expect("a place for pcscd");
    let socket = pcscd.socket().to_owned();
    assert!(readers(&socket).is_empty());
    let (events, event) = std::sync::mpsc::channel();
    let card = Card::new(Options::default()).report(events);
    let Err((error, Some(card))) = card.try_plug(pcscd.port(0)) else {
        panic!("there is no reader yet");
    };
    assert!(error.to_string().contains("apt-get install"), "{error}");

    pcscd.launch().expect("pcscd starts");
    assert_eq!(readers(&socket), [false, false]);
    let plug = card.plug(pcscd.port(0)).expect("plugged in");
    assert!(plug.wait_until_seen(LIMIT));
    wait_for(&socket, &[true, false]);

    pcscd.stop();
    assert!(!pcscd.is_running());
    assert!(readers(&socket).is_empty());
    assert_eq!(event.recv_timeout(LIMIT), Ok(Event::Gone));
    assert!(!plug.is_connected());

    pcscd.restart().expect("pcscd starts again");
    assert_eq!(readers(&socket), [false, false]);
    let plug = plug.pull().plug(pcscd.port(0)).expect("plugged in");
    assert!(plug.wait_until_seen(LIMIT));
    wait_for(&socket, &[true, false]);
}

#[test]
fn a_port_that_is_taken_is_an_error() {
    let mut pcscd = Pcscd::unstarted().expect("a place for pcscd");
    let taken = TcpListener::bind(("0.0.0.0", pcscd.port(0))).expect("the port is free");
    let error = pcscd.launch().expect_err("it is taken now").to_string();
    assert!(error.contains("which may be taken"), "{error}");
    drop(taken);
    pcscd.launch().expect("pcscd starts");
}

#[test]
fn every_test_has_its_own() {
    let first = Pcscd::start().expect("pcscd starts");
    let second = Pcscd::start_named("Yubico YubiKey OTP+FIDO+CCID").expect("pcscd starts");
    let _plug = Card::new(Options::default()).plug(first.port(1)).expect("plugged in");
    wait_for(first.socket(), &[false, true]);
    assert_eq!(readers(second.socket()), [false, false]);
}

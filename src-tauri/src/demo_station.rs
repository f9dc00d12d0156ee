//! A demonstration from within the program: another station, with settings, keyring and made-up
//! envelopes of its own. Nothing of the person's is in it, and no key of theirs is touched.

use std::fs;
use std::io;
use std::path::Path;
use std::process::{Command, Stdio};

use countersign_app::clock::now;
use countersign_demo::{Demo, PASSPHRASE};
use countersign_problem::{Explain as _, Problem};

use crate::refusal::Refusal;

/// How many envelopes it has: three of each level.
const RUNS: usize = 27;
/// The program that plays a YubiKey, where it was built with this one.
const VIRTUAL_YUBIKEY: &str = "virtual-yubikey";

/// Makes a demonstration whose decisions are of the last minutes, and opens its window.
///
/// # Errors
/// If it cannot be written, or this program cannot be started again.
pub fn open() -> Result<(), Problem> {
    let failed = |error: io::Error| Refusal::NoDemo { why: error.to_string() }.problem();
    let place = tempfile::Builder::new().prefix("countersign-demo-").tempdir().map_err(failed)?;
    let (runs, state) = (place.path().join("sealed_runs"), place.path().join("state"));
    let demo = Demo::all_levels(RUNS, 1).before(now());
    demo.write(&runs, &PASSPHRASE.into()).map_err(|error| error.problem())?;
    let program = std::env::current_exe().map_err(failed)?;
    let mut window = Command::new(&program);
    window.arg("--demo").arg("--state").arg(&state);
    let yubikey = program.with_file_name(VIRTUAL_YUBIKEY);
    if yubikey.is_file() {
        trust_virtual_roots(&yubikey, &runs).map_err(failed)?;
        window.arg("--virtual-yubikey").arg(&yubikey);
    }
    window.arg(&runs);
    // A smart card service of its own, or none: a real key is nothing to try things on.
    window.env("PCSCLITE_CSOCK_NAME", place.path().join("pcscd.comm"));
    let mut window = window.stdin(Stdio::null()).spawn().map_err(failed)?;
    // What it is about stays as long as its window.
    std::thread::spawn(move || {
        let _ = window.wait();
        drop(place);
    });
    Ok(())
}

/// Trusts the roots of the virtual YubiKey in the demonstration, as a person would trust Yubico's.
fn trust_virtual_roots(yubikey: &Path, runs: &Path) -> io::Result<()> {
    let roots = runs.join("attestation-roots");
    fs::create_dir_all(&roots)?;
    for what in ["roots", "intermediates"] {
        let pem = Command::new(yubikey).arg(what).stdin(Stdio::null()).output()?.stdout;
        fs::write(roots.join(format!("virtual-{what}.pem")), pem)?;
    }
    Ok(())
}

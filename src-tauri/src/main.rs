//! `countersign-station`: the window of the signing station.

#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

use std::process::ExitCode;

use countersign_signers::lifetime;

fn main() -> ExitCode {
    lifetime::keep_descriptors();
    if let Some(code) = countersign_signers::pkcs11::module::serve_if_asked() {
        return code;
    }
    countersign_window::run()
}

//! LLVM's fuzzer with the target that `FUZZ_TARGET` names; its words are libFuzzer's own.
//! `scripts/fuzz` starts it.
#![no_main]

use std::sync::OnceLock;

use countersign_fuzz::{TARGETS, Target, target};
use libfuzzer_sys::fuzz_target;

static TARGET: OnceLock<Target> = OnceLock::new();

fuzz_target!(
    init: {
        let named = std::env::var("FUZZ_TARGET").unwrap_or_default();
        let Some(target) = target(&named) else {
            for target in TARGETS {
                println!("{}", target.name);
            }
            std::process::exit(if named.is_empty() { 0 } else { 2 });
        };
        let _ = TARGET.set(target);
    },
    |bytes: &[u8]| {
        if let Some(target) = TARGET.get() {
            (target.read)(bytes);
        }
    }
);

//! Any bytes: no crash; and where they are JSON, the canonical form reads back, settles at the
//! second pass at the latest, and does not depend on the spelling.
#![no_main]

use countersign_envelope::{canonical, json};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(document) = json::parse(bytes) else { return };
    let once = canonical::to_string(&document.value);
    let read = |text: &str| json::parse(text.as_bytes()).expect("canonical JSON is JSON").value;
    // A fraction that rounds to a whole number prints as `1.0` and then as `1`.
    let twice = canonical::to_string(&read(&once));
    assert_eq!(canonical::to_string(&read(&twice)), twice);
    assert_eq!(canonical::to_string(&read(&document.value.to_pretty())), once);
    assert_eq!(canonical::to_string(&read(&document.value.to_line())), once);
});

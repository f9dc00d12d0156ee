//! What judging a large run takes: below four times its size in memory whatever its shape, and not
//! several times that for several of them.

// Helpers of tests may fail the test.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::fs;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use countersign_tests::command;
use tempfile::TempDir;

const SIZE: usize = 12 << 20;

/// Shapes of JSON that are much larger as a tree of values, each the text that is repeated.
/// `{n}` is a number that grows, `{-n}` one that falls.
const SHAPES: [(&str, [&str; 3]); 13] = [
    ("a list of numbers", ["[", "0", "]"]),
    ("short fractions", ["[", "1.5", "]"]),
    ("numbers written out", ["[", "1e9", "]"]),
    ("one key again and again", ["{", "\"\":0", "}"]),
    ("keys that rise", ["{", "\"{n}\":0", "}"]),
    ("keys that fall", ["{", "\"{-n}\":0", "}"]),
    ("small objects, unsorted", ["[", "{\"b\":0,\"a\":0}", "]"]),
    ("empty lists", ["[", "[]", "]"]),
    ("short texts", ["[", "\"\"", "]"]),
    ("times", ["[", "\"2026-01-01T00:00:00\"", "]"]),
    ("a text of escapes", ["\"", "\\n\\u00e9\\\\", "\""]),
    ("a number of many digits", ["0.", "1234567890", ""]),
    ("unsorted objects in one another", ["", "{\"b\":0,\"a\":", ""]),
];

fn shape(parts: [&str; 3]) -> String {
    let [open, repeated, close] = parts;
    if repeated.ends_with(':') {
        let deep = format!("{}0{}", repeated.repeat(400), "}".repeat(400));
        return format!("[{}]", vec![deep.as_str(); SIZE / deep.len()].join(","));
    }
    let comma = if open == "[" || open == "{" { "," } else { "" };
    if !repeated.contains("n}") {
        let again = format!("{comma}{repeated}");
        let first = open.len() + repeated.len();
        let more = SIZE.saturating_sub(first).div_ceil(again.len());
        return format!("{open}{repeated}{}{close}", again.repeat(more));
    }
    let mut text = open.to_owned();
    for number in 0_u32.. {
        if number > 0 {
            text.push_str(comma);
        }
        let risen = format!("{number:08}");
        let fallen = format!("{:08}", 99_999_999 - number);
        text.push_str(&repeated.replace("{n}", &risen).replace("{-n}", &fallen));
        if text.len() >= SIZE {
            break;
        }
    }
    text + close
}

/// A run is judged by its content, so that any object will do.
fn write_run(directory: &Path, number: usize, content: &str) -> std::path::PathBuf {
    let path = directory.join(format!("RUN-{number:08x}_20260101T000000Z.json"));
    fs::write(&path, format!("{{\"outputs\":{content},\"hash\":\"\"}}")).unwrap();
    path
}

/// The most memory that a command held, in bytes; it only rises, so that the last look before the
/// end is close to it. 0 if it ended before the first look.
fn peak_if_seen(arguments: &[&str], path: &Path) -> u64 {
    let mut command = command();
    let command = command.args(arguments).arg(path).stdout(Stdio::null()).stderr(Stdio::null());
    let mut child = command.spawn().unwrap();
    let status = format!("/proc/{}/status", child.id());
    let mut kib = 0;
    while child.try_wait().unwrap().is_none() {
        let text = fs::read_to_string(&status).unwrap_or_default();
        let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let now = line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok());
        kib = kib.max(now.unwrap_or(0));
        std::thread::sleep(Duration::from_millis(1));
    }
    kib << 10
}

/// The same of a command that takes long enough to be seen.
fn peak(arguments: &[&str], path: &Path) -> u64 {
    let peak = peak_if_seen(arguments, path);
    assert!(peak > 0, "the memory of {arguments:?} could not be read from /proc");
    peak
}

/// What the program itself takes.
fn floor(arguments: &[&str]) -> u64 {
    let directory = TempDir::new().unwrap();
    let run = write_run(directory.path(), 0, &format!("\"{}\"", "x".repeat(1000)));
    let path = if arguments[0] == "status" { directory.path() } else { &run };
    // It is over within milliseconds, and a look may miss its peak, or all of it on a busy machine.
    let floor = (0..5).map(|_| peak_if_seen(arguments, path)).max().unwrap();
    assert!(floor > 0, "the memory of {arguments:?} could not be read from /proc");
    floor
}

#[test]
fn a_large_run_of_any_shape_is_judged_in_less_than_four_times_its_size() {
    let floor = floor(&["verify"]);
    for (name, parts) in SHAPES {
        let directory = TempDir::new().unwrap();
        let run = write_run(directory.path(), 0, &shape(parts));
        let size = fs::metadata(&run).unwrap().len();
        let taken = peak(&["verify"], &run).saturating_sub(floor);
        let times = taken as f64 / size as f64;
        eprintln!("{name}: {times:.2} times its size");
        assert!(taken < 4 * size, "{name}: {times:.2} times its size");
    }
}

#[test]
fn several_large_runs_do_not_add_up() {
    let floor = floor(&["status"]);
    let directory = TempDir::new().unwrap();
    let content = shape(["[", "{\"b\":0,\"a\":0}", "]"]);
    for number in 0..4 {
        write_run(directory.path(), number, &content);
    }
    let taken = peak(&["status"], directory.path()).saturating_sub(floor);
    let times = taken as f64 / content.len() as f64;
    eprintln!("four together: {times:.2} times the size of one");
    // One takes nearly four; what the allocator keeps of it comes on top.
    assert!(times < 6.0, "{times:.2} times the size of one");
}

/// Signatures are held as a tree of values: a file that no real envelope has is named and not parsed.
#[test]
fn a_signature_file_of_a_size_that_none_has_is_named_and_costs_little() {
    let directory = TempDir::new().unwrap();
    let run = write_run(directory.path(), 0, "\"small\"");
    let arguments = ["status", "--json", "--trust", "embedded"];
    let before = floor(&arguments);
    let zeros = "0,".repeat(16 << 20);
    let text = format!(r#"{{"multisig_version":"1.0","signatures":[{zeros}0]}}"#);
    fs::write(run.with_extension("json.sig.json"), &text).unwrap();
    let used = peak(&arguments, directory.path()).saturating_sub(before);
    assert!(used < 4 * text.len() as u64, "{} MiB", used >> 20);
    let mut status = command();
    let told = countersign_tests::finish(status.args(arguments).arg(directory.path()), b"").ok();
    assert!(told.stdout.contains("more than the 8 MiB of signatures"), "{told:?}");
}

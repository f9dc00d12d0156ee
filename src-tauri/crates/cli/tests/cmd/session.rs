//! Command lines that are run with the real program, written down as a person would see them.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Command, Stdio};

use tempfile::TempDir;

/// Runs lines such as `countersign sign --piv` one after the other, in a directory of their own with a
/// few files. Returns each with its exit code and everything that it printed.
pub fn run<'a>(lines: impl IntoIterator<Item = &'a str>) -> String {
    let directory = TempDir::new().expect("a temporary directory");
    fs::create_dir(directory.path().join("home")).expect("a home directory");
    fs::create_dir(directory.path().join("empty")).expect("an empty directory");
    let key = "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=";
    let evidence = concat!(
        r#"{"type": "yubikey-piv", "slot": "9c", "#,
        r#""certificate": "MAA=", "intermediate": "MAA="}"#
    );
    let files = [("RUN.json", "{}"), ("secret", key), ("notes.txt", "notes\n")];
    for (name, content) in files.into_iter().chain([("evidence.json", evidence)]) {
        let file = directory.path().join(name);
        fs::write(&file, content).expect("a file");
        fs::set_permissions(&file, Permissions::from_mode(0o600)).expect("a file of one's own");
    }
    lines.into_iter().map(|line| run_one(line, directory.path())).collect()
}

fn run_one(line: &str, directory: &Path) -> String {
    let words = shell_words::split(line).expect("words");
    assert_eq!(words[0], "countersign", "{line}");
    let output = Command::new(env!("CARGO_BIN_EXE_countersign"))
        .args(&words[1..])
        .env_clear()
        .env("HOME", directory.join("home"))
        .current_dir(directory)
        .stdin(Stdio::null())
        .output()
        .expect("the program runs");
    let code = output.status.code().expect("an exit code");
    let said = [output.stdout, output.stderr].concat();
    let said = String::from_utf8(said).expect("text");
    let said = said.replace(&*directory.to_string_lossy(), "[DIRECTORY]");
    let said: String = said.lines().map(|line| format!("{}\n", line.trim_end())).collect();
    format!("$ {line}\n{said}? {code}\n\n")
}

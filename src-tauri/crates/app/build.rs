//! What a program can say of how it was built: the commit, the compiler, and the libraries that touch
//! keys, signatures and files of others. Neither the time nor any path, so that the same commit is the
//! same bytes.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

/// The libraries that a person may ask about.
const ASKED_ABOUT: [&str; 22] = [
    "cms",
    "cryptoki",
    "ed25519-dalek",
    "hmac",
    "jiter",
    "ml-dsa",
    "notify",
    "p256",
    "p384",
    "pcsc",
    "rsa",
    "rusqlite",
    "serde_json",
    "sha2",
    "ssh-key",
    "tauri",
    "tpm2-protocol",
    "webkit2gtk",
    "x509-cert",
    "yubikey",
    "zeroize",
    "zip",
];

fn main() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../..");
    let lock = root.join("Cargo.lock");
    println!("cargo::rerun-if-changed={}", lock.display());
    let libraries = libraries(&std::fs::read_to_string(lock).unwrap_or_default());
    let facts = format!(
        "const COMMIT: Option<&str> = {:?};\nconst CHANGED: bool = {};\nconst COMPILER: &str = {:?};\n\
         const LIBRARIES: &[(&str, &str)] = &{libraries:?};\n",
        commit(&root),
        variable("COUNTERSIGN_CHANGED").is_some(),
        compiler(),
    );
    let out = PathBuf::from(std::env::var_os("OUT_DIR").unwrap_or_default());
    if let Err(error) = std::fs::write(out.join("build_facts.rs"), facts) {
        println!("cargo::error=what is known of the build cannot be written: {error}");
    }
}

fn variable(name: &str) -> Option<String> {
    println!("cargo::rerun-if-env-changed={name}");
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// The commit of a release: as the variable says, or as git has it. A build to try things out names
/// none, and is not built again for every commit.
fn commit(root: &Path) -> Option<String> {
    let said = variable("COUNTERSIGN_COMMIT");
    if std::env::var("PROFILE").is_ok_and(|profile| profile != "release") {
        return None;
    }
    said.or_else(|| of_git(root)).filter(|commit| {
        matches!(commit.len(), 40 | 64) && commit.bytes().all(|byte| byte.is_ascii_hexdigit())
    })
}

/// What `HEAD` is, read from git's own files: no program of git's is needed to build.
fn of_git(root: &Path) -> Option<String> {
    let git = root.join(".git");
    // In a work tree of its own, a file says where the folder is.
    let own = match std::fs::read_to_string(&git) {
        Ok(file) => root.join(file.trim().strip_prefix("gitdir: ")?),
        Err(_) => git,
    };
    let head = watched(&own.join("HEAD"))?;
    let Some(reference) = head.trim().strip_prefix("ref: ") else {
        return Some(head.trim().to_owned());
    };
    let shared = watched(&own.join("commondir")).map(|path| own.join(path.trim()));
    let shared = shared.unwrap_or_else(|| own.clone());
    let loose = [&own, &shared].into_iter().find_map(|git| watched(&git.join(reference)));
    let packed = || {
        let packed = watched(&shared.join("packed-refs"))?;
        let line = packed.lines().find_map(|line| line.strip_suffix(reference));
        Some(line?.trim().to_owned())
    };
    loose.map(|commit| commit.trim().to_owned()).or_else(packed)
}

fn watched(path: &Path) -> Option<String> {
    let text = std::fs::read_to_string(path).ok()?;
    println!("cargo::rerun-if-changed={}", path.display());
    Some(text)
}

fn compiler() -> String {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let said = Command::new(rustc).arg("--version").output();
    let said = said.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned());
    said.unwrap_or_default()
}

/// The versions of the libraries that our own crates use. Of a name that the lock file has several
/// versions of, it says which one.
fn libraries(lock: &str) -> Vec<(String, String)> {
    let lock: toml::Table = lock.parse().unwrap_or_default();
    let packages: Vec<&toml::Table> = lock
        .get("package")
        .and_then(toml::Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(toml::Value::as_table)
        .collect();
    let text = |package: &toml::Table, key: &str| {
        package.get(key).and_then(toml::Value::as_str).unwrap_or_default().to_owned()
    };
    let mut versions: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for package in &packages {
        versions.entry(text(package, "name")).or_default().insert(text(package, "version"));
    }
    let ours = packages.iter().filter(|package| text(package, "name").starts_with("countersign"));
    let used = ours.filter_map(|package| package.get("dependencies")?.as_array()).flatten();
    let mut found = BTreeSet::new();
    for dependency in used.filter_map(toml::Value::as_str) {
        let (name, version) = match dependency.split_once(' ') {
            Some((name, version)) => (name, Some(version.to_owned())),
            None => (dependency, None),
        };
        if ASKED_ABOUT.contains(&name) {
            let only = || versions.get(name).and_then(|all| all.first().cloned());
            found.extend(version.or_else(only).map(|version| (name.to_owned(), version)));
        }
    }
    found.into_iter().collect()
}

//! Which modules there are: those of p11-kit's configuration (pkcs11.conf(5)), and those at the usual
//! places of SoftHSM2, OpenSC, YKCS11, tpm2-pkcs11 and YubiHSM. Nothing is loaded to find them.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Longest configuration file that is read, in bytes.
const LONGEST: u64 = 64 << 10;

/// A module that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundModule {
    /// The file.
    pub path: PathBuf,
    /// What it is, or what names it.
    pub name: String,
    /// What p11-kit's configuration starts it with (`x-init-reserved`).
    pub init: Option<String>,
}

/// Directories where Debian, Fedora and Homebrew put libraries.
const LIBRARIES: &[&str] = &[
    "/usr/lib/x86_64-linux-gnu",
    "/usr/lib/aarch64-linux-gnu",
    "/usr/lib64",
    "/usr/lib",
    "/usr/local/lib",
    "/opt/homebrew/lib",
    "/Library/OpenSC/lib",
];

/// What the usual modules are called below those.
const USUAL: &[(&str, &[&str])] = &[
    ("SoftHSM2", &["softhsm/libsofthsm2.so", "pkcs11/libsofthsm2.so", "libsofthsm2.so"]),
    ("OpenSC", &["pkcs11/opensc-pkcs11.so", "opensc-pkcs11.so"]),
    ("YKCS11 (YubiKey)", &["libykcs11.so", "libykcs11.so.2", "libykcs11.dylib"]),
    (
        "tpm2-pkcs11 (TPM)",
        &["pkcs11/libtpm2_pkcs11.so", "libtpm2_pkcs11.so", "libtpm2_pkcs11.so.1"],
    ),
    ("YubiHSM", &["pkcs11/yubihsm_pkcs11.so", "yubihsm_pkcs11.so", "yubihsm_pkcs11.dylib"]),
];

/// Where p11-kit's configuration is. The first counts over the second, that over the third.
fn configured() -> Vec<PathBuf> {
    let home = std::env::var_os("HOME").map(PathBuf::from);
    let own = std::env::var_os("XDG_CONFIG_HOME").map(PathBuf::from);
    let own = own.or_else(|| Some(home?.join(".config")));
    let own = own.map(|config| config.join("pkcs11/modules"));
    let system =
        ["/etc/pkcs11/modules", "/usr/share/p11-kit/modules", "/usr/local/share/p11-kit/modules"];
    own.into_iter().chain(system.map(PathBuf::from)).collect()
}

/// The modules that are there, each once.
pub fn find() -> Vec<FoundModule> {
    find_in(&configured(), &LIBRARIES.iter().map(PathBuf::from).collect::<Vec<_>>())
}

fn find_in(configured: &[PathBuf], libraries: &[PathBuf]) -> Vec<FoundModule> {
    let mut found: Vec<FoundModule> = Vec::new();
    let mut known = BTreeMap::new();
    let mut names = BTreeSet::new();
    let mut add = |path: PathBuf, name: &str, init: Option<String>| {
        // One module often has several names.
        let real = path.canonicalize().unwrap_or_else(|_| path.clone());
        if !path.is_file() {
            return;
        }
        match known.entry(real) {
            Entry::Vacant(entry) => {
                entry.insert(found.len());
                found.push(FoundModule { path, name: name.to_owned(), init });
            }
            // Found at its usual place, and nothing says how it is started.
            Entry::Occupied(entry) => {
                if let Some(known) = found.get_mut(*entry.get()) {
                    known.init = known.init.take().or(init);
                }
            }
        }
    };
    for (name, files) in USUAL {
        for file in *files {
            libraries.iter().for_each(|library| add(library.join(file), name, None));
        }
    }
    for directory in configured {
        let Ok(entries) = std::fs::read_dir(directory) else { continue };
        let mut entries: Vec<_> = entries.flatten().map(|entry| entry.path()).collect();
        entries.sort();
        for entry in
            entries.iter().filter(|path| path.extension().is_some_and(|one| one == "module"))
        {
            let name = entry.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            // A file of the same name in a place that comes first stands for this one.
            if !names.insert(name.clone()) {
                continue;
            }
            if let Some((module, init)) = module_in(entry)
                && let Some(path) = place(&module, libraries)
            {
                add(path, &name, init);
            }
        }
    }
    found
}

/// The `module:` of a configuration file, and its `x-init-reserved:`; `None` if it has no module, or is
/// not for programs like this.
fn module_in(file: &Path) -> Option<(String, Option<String>)> {
    let meta = std::fs::metadata(file).ok().filter(|meta| meta.is_file())?;
    if meta.len() > LONGEST {
        return None;
    }
    let text = std::fs::read_to_string(file).ok()?;
    let value = |name: &str| {
        let lines = text.lines().map(str::trim).filter(|line| !line.starts_with('#'));
        lines
            .filter_map(|line| line.split_once(':'))
            .find(|(key, _)| key.trim() == name)
            .map(|(_, value)| value.trim().to_owned())
    };
    // It holds certificates of authorities, and signs nothing.
    if value("trust-policy").as_deref() == Some("yes") {
        return None;
    }
    let module = value("module").filter(|module| !module.is_empty())?;
    Some((module, value("x-init-reserved").filter(|init| !init.is_empty())))
}

/// Where a module is: a bare name is one in p11-kit's own directory.
fn place(module: &str, libraries: &[PathBuf]) -> Option<PathBuf> {
    let named = Path::new(module);
    if named.is_absolute() {
        return Some(named.to_owned());
    }
    let mut places = libraries.iter().map(|library| library.join("pkcs11").join(named));
    places.find(|path| path.is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modules_are_found_once_each_and_the_own_configuration_counts() {
        let place = tempfile::tempdir().unwrap();
        let (own, system, lib) =
            (place.path().join("own"), place.path().join("system"), place.path().join("lib"));
        for directory in [&own, &system, &lib.join("pkcs11"), &lib.join("softhsm")] {
            std::fs::create_dir_all(directory).unwrap();
        }
        let file = |path: PathBuf| {
            std::fs::write(&path, "library").unwrap();
            path
        };
        let soft = file(lib.join("softhsm/libsofthsm2.so"));
        let hsm = file(lib.join("pkcs11/hsm.so"));
        let other = file(place.path().join("other.so"));
        let write = |directory: &Path, name: &str, text: String| {
            std::fs::write(directory.join(name), text).unwrap();
        };
        let with = format!("module: {}\nx-init-reserved: c=d\n", soft.display());
        write(&system, "softhsm2.module", with);
        write(&system, "hsm.module", "# a comment\n module : hsm.so\ncritical: no\n".to_owned());
        write(&own, "init.module", format!("module: {}\nx-init-reserved: a=b\n", hsm.display()));
        write(&system, "gone.module", "module: /nowhere/gone.so\n".to_owned());
        write(&system, "trust.module", format!("module: {}\ntrust-policy: yes\n", hsm.display()));
        write(&system, "mine.module", format!("module: {}\n", hsm.display()));
        write(&own, "mine.module", format!("module: {}\n", other.display()));
        write(&own, "notes.txt", "module: /etc/passwd\n".to_owned());
        let found = find_in(&[own, system], &[lib]);
        let paths: Vec<_> = found.iter().map(|one| one.path.clone()).collect();
        assert_eq!(paths, [soft, hsm, other]);
        assert_eq!((found[0].name.as_str(), found[0].init.as_deref()), ("SoftHSM2", Some("c=d")));
        assert_eq!((found[1].name.as_str(), found[1].init.as_deref()), ("init", Some("a=b")));
        assert_eq!((found[2].name.as_str(), found[2].init.as_deref()), ("mine", None));
    }
}

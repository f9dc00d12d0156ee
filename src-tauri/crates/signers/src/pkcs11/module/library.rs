//! The module's file: whether it can be a module for this program, and why it cannot be loaded.

use std::io::{self, Read as _};
use std::path::Path;

use crate::error::pkcs11::Fault;
use crate::pkcs11::module_file;

/// Whether a file can be a module for this program at all, said before the system's loader says it
/// less well.
pub(super) fn check_file(file: &Path) -> Result<(), Fault> {
    let unreadable = |error: io::Error| match error.kind() {
        io::ErrorKind::NotFound => Fault::NoFile,
        _ => Fault::Unreadable { why: error.to_string() },
    };
    let meta = std::fs::metadata(file).map_err(unreadable)?;
    // A name without a slash would be looked up elsewhere by the system's loader.
    if !meta.is_file() || !file.is_absolute() {
        return Err(Fault::NotAFile);
    }
    let own = std::env::current_exe().and_then(|own| Elf::read(&own)).ok().flatten();
    // If this program is not an ELF file, modules are not either.
    let Some(own) = own else { return Ok(()) };
    match Elf::read(file).map_err(unreadable)? {
        None => Err(Fault::NotALibrary),
        Some(its) if its == own => Ok(()),
        Some(its) => Err(Fault::Architecture { is: its.name(), wanted: own.name() }),
    }
}

/// For which machine an ELF file is (System V ABI, chapter 4): class, byte order, machine.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Elf {
    class: u8,
    order: u8,
    machine: u16,
}

impl Elf {
    fn read(file: &Path) -> io::Result<Option<Self>> {
        let mut head = [0; 20];
        let mut read = module_file::open(file)?.take(head.len() as u64);
        let length = io::copy(&mut read, &mut head.as_mut_slice())?;
        Ok(match head {
            [0x7f, b'E', b'L', b'F', class, order, .., low, high] if length == 20 => {
                let machine = match order {
                    2 => u16::from_be_bytes([low, high]),
                    _ => u16::from_le_bytes([low, high]),
                };
                Some(Self { class, order, machine })
            }
            _ => None,
        })
    }

    fn name(self) -> String {
        match (self.machine, self.class) {
            (0x3e, 2) => "x86-64".to_owned(),
            (0x3e, _) => "x32".to_owned(),
            (0x03, _) => "32-bit x86".to_owned(),
            (0xb7, _) => "64-bit ARM".to_owned(),
            (0x28, _) => "32-bit ARM".to_owned(),
            (0xf3, 2) => "64-bit RISC-V".to_owned(),
            (0x15, _) => "64-bit POWER".to_owned(),
            (0x16, _) => "IBM Z".to_owned(),
            (machine, class) => {
                format!("another machine (ELF {machine}, {} bits)", u16::from(class) * 32)
            }
        }
    }
}

/// Why the system's loader gave up: most often another library that is missing.
pub(super) fn load_fault(file: &Path, said: &str) -> Fault {
    let own = file.to_string_lossy();
    let named = said.split(": cannot open shared object file").next().unwrap_or_default();
    let missing = said.contains("cannot open shared object file") && !named.ends_with(&*own);
    match missing {
        true => {
            let library = named.rsplit([' ', ':']).next().unwrap_or(named).to_owned();
            Fault::MissingLibrary { library }
        }
        false => Fault::Load { why: said.to_owned() },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_library_that_is_missing_is_named() {
        let said = "libnot-there.so.7: cannot open shared object file: No such file or directory";
        let library = "libnot-there.so.7".to_owned();
        assert_eq!(load_fault(Path::new("/m.so"), said), Fault::MissingLibrary { library });
        let said = "/m.so: undefined symbol: gone";
        assert_eq!(load_fault(Path::new("/m.so"), said), Fault::Load { why: said.to_owned() });
    }

    #[test]
    fn files_that_are_not_modules_are_distinguished() {
        assert_eq!(check_file(Path::new("/nowhere/m.so")), Err(Fault::NoFile));
        assert_eq!(check_file(Path::new("/")), Err(Fault::NotAFile));
        let text = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(text.path(), "#!/bin/sh\nexit 0\n# long enough").unwrap();
        assert_eq!(check_file(text.path()), Err(Fault::NotALibrary));
        let mut head =
            vec![0x7f, b'E', b'L', b'F', 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0x28, 0];
        head.resize(64, 0);
        std::fs::write(text.path(), head).unwrap();
        let said = check_file(text.path()).unwrap_err().to_string();
        assert!(said.starts_with("it is built for 32-bit ARM"), "{said}");
    }
}

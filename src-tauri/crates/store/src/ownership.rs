//! Who may write what this station trusts: keyring, trust folder, settings, journal, memory of logs
//! and catalogue. Each must belong to the user or to root and be writable by nobody else, and so
//! must every directory on the way to it; otherwise another user can replace it.

use countersign_problem::Problem;
use std::path::{Path, PathBuf};

#[cfg(unix)]
use crate::safe_write::notice::{self, DiskNotice};

/// Why a file or directory is not used.
#[derive(Debug, Clone, PartialEq, Eq, Problem)]
#[non_exhaustive]
pub enum OwnershipError {
    /// Users other than its owner can write it.
    #[arg(which = other_than(path, on_the_way), quoted = quoted(on_the_way.as_deref().unwrap_or(path)))]
    WritableByOthers {
        /// The file or directory that is not used.
        path: PathBuf,
        /// The directory or link on the way to it that is writable; `None` if it is the file itself.
        on_the_way: Option<PathBuf>,
        /// Who can write it, as its text chooses by it.
        who: &'static str,
        /// The argument of `chmod` that prevents it.
        change: &'static str,
    },
    /// It belongs to another user.
    #[arg(which = other_than(path, on_the_way), quoted = quoted(on_the_way.as_deref().unwrap_or(path)))]
    OtherOwner {
        /// The file or directory that is not used.
        path: PathBuf,
        /// The directory or link on the way to it that belongs to another; `None` if it is the file
        /// itself.
        on_the_way: Option<PathBuf>,
        /// Its owner's number.
        owner: u32,
        /// The user's own number.
        user: u32,
    },
}

/// What lies open, if it is not the path itself.
fn other_than(path: &Path, on_the_way: &Option<PathBuf>) -> Option<String> {
    on_the_way.as_ref().filter(|other| *other != path).map(|other| other.display().to_string())
}

/// A path as a shell takes it.
fn quoted(path: &Path) -> String {
    let text = path.to_string_lossy();
    let plain = |c: char| c.is_ascii_alphanumeric() || "/._-+,:@%".contains(c);
    match text.chars().all(plain) {
        true => text.into_owned(),
        false => format!("'{}'", text.replace('\'', r"'\''")),
    }
}

/// Checks that nobody but the user and root can change or replace a file or directory. What does
/// not exist yet is checked as far as it does. Links are followed, and checked on the way.
///
/// # Errors
/// Fails with an [`OwnershipError`] that names who can change it, and the command that prevents it.
/// A path that the user may not examine cannot be read either, and is not an error here.
#[cfg(unix)]
pub fn check(path: &Path) -> Result<(), OwnershipError> {
    use std::ffi::OsString;
    use std::path::Component;

    /// More links than any path has; the operating system stops before.
    const MAX_LINKS: usize = 64;

    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let rule = Rule { path, user: rustix::process::geteuid().as_raw() };
    let parts = |path: &Path| -> Vec<OsString> {
        path.components().rev().map(|part| part.as_os_str().to_owned()).collect()
    };
    let (mut rest, mut links) = (parts(&absolute), 0);
    let mut at = PathBuf::from("/");
    while let Some(part) = rest.pop() {
        match Path::new(&part).components().next() {
            Some(Component::RootDir) => at = PathBuf::from("/"),
            Some(Component::ParentDir) => drop(at.pop()),
            Some(Component::Normal(name)) => {
                let next = at.join(name);
                let Ok(meta) = std::fs::symlink_metadata(&next) else { return Ok(()) };
                if meta.is_symlink() {
                    links += 1;
                    // Who may replace a link is who may write its directory.
                    rule.check_owner(&next, &meta, false)?;
                    let Ok(target) = std::fs::read_link(&next) else { return Ok(()) };
                    if links > MAX_LINKS {
                        return Ok(());
                    }
                    rest.extend(parts(&target));
                } else {
                    rule.check(&next, &meta, rest.is_empty())?;
                    at = next;
                }
            }
            _ => {}
        }
    }
    Ok(())
}

/// On other systems the access lists of the user's own folders keep others out.
#[cfg(not(unix))]
pub fn check(_: &Path) -> Result<(), OwnershipError> {
    Ok(())
}

#[cfg(unix)]
struct Rule<'a> {
    path: &'a Path,
    user: u32,
}

#[cfg(unix)]
impl Rule<'_> {
    fn check(&self, at: &Path, meta: &std::fs::Metadata, last: bool) -> Result<(), OwnershipError> {
        use std::os::unix::fs::MetadataExt as _;
        self.check_owner(at, meta, last)?;
        let mode = meta.mode();
        // In a sticky directory nobody can replace other users' files. The group's bits also cover
        // everyone named in an access control list.
        let sticky = meta.is_dir() && mode & 0o1000 != 0;
        let (who, change) = match mode & 0o022 {
            _ if sticky => return Ok(()),
            0 => return Ok(()),
            0o020 => ("group", "g-w"),
            0o002 => ("everyone", "o-w"),
            _ => ("everyone", "go-w"),
        };
        let on_the_way = (!last).then(|| at.to_owned());
        let path = self.path.to_owned();
        Err(OwnershipError::WritableByOthers { path, on_the_way, who, change })
    }

    fn check_owner(
        &self,
        at: &Path,
        meta: &std::fs::Metadata,
        last: bool,
    ) -> Result<(), OwnershipError> {
        use std::os::unix::fs::MetadataExt as _;
        let owner = meta.uid();
        if owner == 0 || owner == self.user {
            return Ok(());
        }
        let on_the_way = (!last).then(|| at.to_owned());
        let path = self.path.to_owned();
        Err(OwnershipError::OtherOwner { path, on_the_way, owner, user: self.user })
    }
}

/// Whether every user can write a file, or replace the files of a directory.
#[cfg(unix)]
pub fn is_open_to_all(meta: &std::fs::Metadata) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    let sticky = meta.is_dir() && meta.mode() & 0o1000 != 0;
    !meta.is_symlink() && !sticky && meta.mode() & 0o002 != 0
}

/// Tells, once, that other users can read or change a private key that is used: in its file, or in
/// one that a link leads to. A pipe is nobody else's.
#[cfg(unix)]
pub fn warn_of_open_key(path: &Path) {
    use std::os::unix::fs::MetadataExt as _;
    let Ok(meta) = std::fs::metadata(path) else { return };
    let can = match meta.mode() & 0o077 {
        _ if !meta.is_file() => return,
        0 => return,
        bits if bits & 0o022 != 0 => "change",
        _ => "read",
    };
    let command = quoted(path);
    notice::notify_once(DiskNotice::KeyOpenToOthers { path: path.to_owned(), can, command });
}

/// On other systems the access lists of the user's own folders keep others out.
#[cfg(not(unix))]
pub fn warn_of_open_key(_: &Path) {}

/// Makes a directory of the station's own, and those above it that are missing: mode 0700, whatever
/// the umask.
///
/// # Errors
/// The mode bits from the operating system.
pub fn make_private_directory(path: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt as _;
        builder.mode(0o700);
    }
    builder.create(path)
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use std::fs::{self, Permissions};
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    use super::*;

    fn mode(path: &Path, mode: u32) {
        fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
    }

    /// A private directory with `trust/keyring.json` in it.
    fn place() -> (tempfile::TempDir, PathBuf) {
        let place = tempfile::tempdir().unwrap();
        let keyring = place.path().join("trust").join("keyring.json");
        make_private_directory(keyring.parent().unwrap()).unwrap();
        fs::write(&keyring, "{}").unwrap();
        mode(&keyring, 0o644);
        (place, keyring)
    }

    #[test]
    fn files_that_others_can_write_are_named_with_the_remedy() {
        let (_place, keyring) = place();
        assert_eq!(check(&keyring), Ok(()));
        for (bits, who, change) in [
            (0o664, "its group", "chmod g-w "),
            (0o646, "every user", "chmod o-w "),
            (0o666, "every user", "chmod go-w "),
        ] {
            mode(&keyring, bits);
            let error = check(&keyring).unwrap_err().to_string();
            assert!(error.contains(who), "{error}");
            assert!(error.ends_with(&format!("{change}{}", keyring.display())), "{error}");
        }
    }

    #[test]
    fn a_directory_that_others_can_write_is_as_good_as_the_file() {
        let (place, keyring) = place();
        for directory in [keyring.parent().unwrap(), place.path()] {
            mode(directory, 0o777);
            let error = check(&keyring).unwrap_err().to_string();
            assert!(error.ends_with(&format!("chmod go-w {}", directory.display())), "{error}");
            // Also if the file is not there: another user could put one.
            assert!(check(&keyring.with_file_name("other.json")).is_err());
            mode(directory, 0o1777);
            assert_eq!(check(&keyring), Ok(()));
            mode(directory, 0o700);
        }
    }

    #[test]
    fn links_are_followed_and_every_directory_on_the_way_counts() {
        let (place, keyring) = place();
        let open = place.path().join("open");
        fs::create_dir(&open).unwrap();
        let link = place.path().join("link.json");
        symlink(open.join("second.json"), &link).unwrap();
        symlink(&keyring, open.join("second.json")).unwrap();
        assert_eq!(check(&link), Ok(()));
        mode(&open, 0o777);
        let error = check(&link).unwrap_err().to_string();
        assert!(error.ends_with(&format!("chmod go-w {}", open.display())), "{error}");
        // A circle of links is left to whoever opens it.
        mode(&open, 0o700);
        symlink("round.json", place.path().join("round.json")).unwrap();
        assert_eq!(check(&place.path().join("round.json")), Ok(()));
    }
}

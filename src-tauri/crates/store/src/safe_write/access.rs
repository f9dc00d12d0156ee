//! Who may read and write a file that takes the place of another: the same owner, group, mode and
//! access control list (ACL) as before.

use std::fs::{File, Metadata};
use std::io;
use std::path::Path;

use super::WriteError;

/// Who may read and write a new file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access<'a> {
    /// Whoever could read and write the old one; if there was none, whoever the umask and the
    /// directory let.
    Shared,
    /// The same; if there was none, readable and writable by the same users as this other file,
    /// unless the directory requires otherwise (by its set-group-ID bit or a default ACL).
    Like(&'a Path),
    /// Whoever could read and write the old one; if there was none, only its owner.
    Own,
    /// Only its owner: mode 0600.
    Private,
}

impl Access<'_> {
    /// The mode that a new file is made with, before the umask.
    #[cfg(unix)]
    pub(super) fn mode(self) -> u32 {
        match self {
            Self::Shared | Self::Like(_) => 0o666,
            Self::Own | Self::Private => 0o600,
        }
    }

    /// Sets the access of a new file to that of the file that it replaces.
    pub(super) fn give(
        self,
        file: &File,
        target: &Path,
        old: Option<&Metadata>,
    ) -> Result<(), WriteError> {
        match (self, old) {
            (Self::Private, _) | (Self::Shared | Self::Own, None) => Ok(()),
            (Self::Shared | Self::Like(_) | Self::Own, Some(old)) => keep(file, target, old),
            (Self::Like(model), None) => follow(file, target, model),
        }
    }
}

#[cfg(not(unix))]
fn keep(file: &File, target: &Path, old: &Metadata) -> Result<(), WriteError> {
    let failed = |source| WriteError::Io { path: target.to_owned(), source };
    file.set_permissions(old.permissions()).map_err(failed)
}

#[cfg(not(unix))]
fn follow(_: &File, _: &Path, _: &Path) -> Result<(), WriteError> {
    Ok(())
}

#[cfg(unix)]
use unix::{follow, keep};

#[cfg(unix)]
mod unix {
    use std::fs::Permissions;
    use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, fchown};

    use super::super::notice::{self, DiskNotice, is_not_offered};
    use super::super::{KeepError, directory_of};
    use super::*;

    const READ: u32 = 0o4;
    const BITS: u32 = 0o777;

    /// Owner, group, ACL and mode as the old file has them.
    pub fn keep(file: &File, target: &Path, old: &Metadata) -> Result<(), WriteError> {
        let failed = |source| WriteError::Io { path: target.to_owned(), source };
        let refused = |why: KeepError| WriteError::AccessNotKept { path: target.to_owned(), why };
        let acl = Acl::of_path(target).map_err(failed)?;
        // The owning group has the group's bits, unless an ACL changes them.
        let group = acl.as_ref().and_then(Acl::group).unwrap_or(old.mode() >> 3 & 0o7);
        let others = old.mode() & 0o7;

        let new = file.metadata().map_err(failed)?;
        if new.uid() != old.uid() && fchown(file, Some(old.uid()), None).is_err() {
            // Only root can. The old owner can still read it as one of the group, or as any user.
            let named = acl.as_ref().is_some_and(|acl| acl.names_reader(old.uid()));
            if (group | others) & READ == 0 && !named {
                return Err(refused(KeepError::Owner { owner: old.uid() }));
            }
        }
        if new.gid() != old.gid() && fchown(file, None, Some(old.gid())).is_err() && group != others
        {
            let directory = directory_of(target).to_owned();
            return Err(refused(KeepError::Group { group: old.gid(), directory }));
        }
        if Acl::of_file(file).map_err(failed)? != acl {
            Acl::set(acl.as_ref(), file).map_err(|source| refused(KeepError::Acl { source }))?;
        }
        let has = file.metadata().map_err(failed)?.mode() & BITS;
        let had = old.mode() & BITS;
        if has == had {
            return Ok(());
        }
        match file.set_permissions(Permissions::from_mode(had)) {
            Ok(()) => Ok(()),
            Err(error) if has_no_modes(&error) => {
                if had & 0o044 & !has != 0 {
                    return Err(refused(KeepError::Mode { had, has, source: error }));
                }
                let path = target.to_owned();
                notice::notify_once(DiskNotice::ModeNotKept { path, had, has });
                Ok(())
            }
            Err(error) => Err(failed(error)),
        }
    }

    /// Group, ACL and mode of another file. The directory's rules for new files take precedence,
    /// and what cannot be set is left out, so that nobody gains access by it.
    pub fn follow(file: &File, target: &Path, model: &Path) -> Result<(), WriteError> {
        let failed = |source| WriteError::Io { path: target.to_owned(), source };
        let Ok(model_meta) = std::fs::metadata(model) else { return Ok(()) };
        if Acl::of_file(file).map_err(failed)?.is_some() {
            return Ok(());
        }
        let directory = std::fs::metadata(directory_of(target)).map_err(failed)?;
        let new = file.metadata().map_err(failed)?;
        let same_group = directory.mode() & 0o2000 != 0
            || new.gid() == model_meta.gid()
            || fchown(file, None, Some(model_meta.gid())).is_ok();
        let acl = Acl::of_path(model).map_err(failed)?;
        let acl_set = same_group && acl.is_some() && Acl::set(acl.as_ref(), file).is_ok();
        let mode = model_meta.mode();
        let mut group = mode >> 3 & 0o6;
        if !same_group || (acl.is_some() && !acl_set) {
            group &= mode;
        }
        let wanted = 0o600 | group << 3 | mode & 0o006;
        let has = file.metadata().map_err(failed)?.mode() & BITS;
        if has == wanted {
            return Ok(());
        }
        match file.set_permissions(Permissions::from_mode(wanted)) {
            // The mount options determine who may read and write.
            Err(error) if !has_no_modes(&error) => Err(failed(error)),
            _ => Ok(()),
        }
    }

    /// Whether an error of `fchmod` means that the file system has no modes: a file that was just
    /// made belongs to the user, so a missing permission cannot be the cause.
    fn has_no_modes(error: &io::Error) -> bool {
        is_not_offered(error)
            || rustix::io::Errno::from_io_error(error) == Some(rustix::io::Errno::PERM)
    }

    /// An access control list, as the file system keeps it.
    #[derive(Debug, PartialEq, Eq)]
    struct Acl(Vec<u8>);

    #[cfg(target_os = "linux")]
    impl Acl {
        const NAME: &str = "system.posix_acl_access";
        /// No extended attribute is longer.
        const MAX: usize = 1 << 16;
        /// Tags of entries (acl(5)).
        const NAMED_USER: u16 = 0x02;
        const OWNING_GROUP: u16 = 0x04;
        const MASK: u16 = 0x10;

        fn of_path(path: &Path) -> io::Result<Option<Self>> {
            let mut bytes = vec![0; Self::MAX];
            let read = rustix::fs::lgetxattr(path, Self::NAME, &mut bytes);
            Self::found(read, bytes)
        }

        fn of_file(file: &File) -> io::Result<Option<Self>> {
            let mut bytes = vec![0; Self::MAX];
            let read = rustix::fs::fgetxattr(file, Self::NAME, &mut bytes);
            Self::found(read, bytes)
        }

        fn found(read: rustix::io::Result<usize>, mut bytes: Vec<u8>) -> io::Result<Option<Self>> {
            match read {
                Ok(length) => {
                    bytes.truncate(length);
                    Ok(Some(Self(bytes)))
                }
                Err(rustix::io::Errno::NODATA) => Ok(None),
                Err(error) if is_not_offered(&error.into()) => Ok(None),
                Err(error) => Err(error.into()),
            }
        }

        /// Sets the ACL of a file, or removes the one that it inherited.
        fn set(acl: Option<&Self>, file: &File) -> io::Result<()> {
            let done = match acl {
                Some(Self(bytes)) => {
                    rustix::fs::fsetxattr(file, Self::NAME, bytes, rustix::fs::XattrFlags::empty())
                }
                None => rustix::fs::fremovexattr(file, Self::NAME),
            };
            Ok(done?)
        }

        /// Tag, permissions and number of each entry.
        fn entries(&self) -> impl Iterator<Item = (u16, u16, u32)> {
            let entries = self.0.get(4..).unwrap_or_default().as_chunks::<8>().0;
            entries.iter().map(|&[t0, t1, p0, p1, i0, i1, i2, i3]| {
                let (tag, allowed) = (u16::from_le_bytes([t0, t1]), u16::from_le_bytes([p0, p1]));
                (tag, allowed, u32::from_le_bytes([i0, i1, i2, i3]))
            })
        }

        fn allowed(&self, tag: u16) -> Option<u32> {
            self.entries().find(|one| one.0 == tag).map(|(_, allowed, _)| u32::from(allowed))
        }

        fn mask(&self) -> u32 {
            self.allowed(Self::MASK).unwrap_or(0o7)
        }

        /// The rights of the owning group.
        fn group(&self) -> Option<u32> {
            Some(self.allowed(Self::OWNING_GROUP)? & self.mask())
        }

        /// Whether it lets a user read by number.
        fn names_reader(&self, user: u32) -> bool {
            let mut entries = self.entries();
            entries.any(|(tag, allowed, id)| {
                let allowed = u32::from(allowed) & self.mask();
                tag == Self::NAMED_USER && id == user && allowed & READ != 0
            })
        }
    }

    /// Other systems have lists of other kinds, which are not read.
    #[cfg(not(target_os = "linux"))]
    impl Acl {
        fn of_path(_: &Path) -> io::Result<Option<Self>> {
            Ok(None)
        }

        fn of_file(_: &File) -> io::Result<Option<Self>> {
            Ok(None)
        }

        fn set(_: Option<&Self>, _: &File) -> io::Result<()> {
            Ok(())
        }

        fn group(&self) -> Option<u32> {
            None
        }

        fn names_reader(&self, _: u32) -> bool {
            false
        }
    }
}

//! The directory itself: whether it is there, and whether it still is the same.

use std::fs;
use std::path::Path;

/// Identifies a directory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Identity {
    device: u64,
    inode: u64,
    /// Whether a disk is mounted on it.
    is_mount_point: bool,
}

impl Identity {
    /// The current directory at a path; `None` if there is none.
    #[cfg(unix)]
    pub fn of(path: &Path) -> Option<Self> {
        use std::os::unix::fs::MetadataExt as _;
        let meta = fs::metadata(path).ok().filter(fs::Metadata::is_dir)?;
        let above = fs::metadata(path.join(".."));
        let is_mount_point = above.is_ok_and(|above| above.dev() != meta.dev());
        Some(Self { device: meta.dev(), inode: meta.ino(), is_mount_point })
    }

    /// The current directory at a path; `None` if there is none.
    #[cfg(not(unix))]
    pub fn of(path: &Path) -> Option<Self> {
        let is_there = fs::metadata(path).is_ok_and(|meta| meta.is_dir());
        is_there.then_some(Self { device: 0, inode: 0, is_mount_point: false })
    }

    /// Whether the disk that this was on has gone, and left the directory that it was mounted on.
    pub fn is_left_by(self, disk: Self) -> bool {
        disk.is_mount_point && !self.is_mount_point
    }
}

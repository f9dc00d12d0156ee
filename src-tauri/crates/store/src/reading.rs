//! Reading files that may be hostile: no device or pipe that blocks, no link that leads out of the
//! directory, no file too large for memory.

use countersign_envelope::digest::{Digest, Hasher};
use countersign_problem::{Problem, Reason};
use std::fs::{File, OpenOptions};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// What was read, or why it could not be.
pub type OrReason<T> = Result<T, Reason>;

/// How many bytes are hashed at a time.
pub(crate) const PIECE: usize = 1 << 20;

/// Why a file was not read.
#[derive(Debug, Problem)]
#[non_exhaustive]
pub enum ReadError {
    /// No such file.
    NotFound(PathBuf),
    /// A directory, device, pipe or socket.
    NotAFile(PathBuf),
    /// A symbolic link that leads out of the directory.
    LinkOut {
        /// The link.
        path: PathBuf,
        /// Its target.
        target: PathBuf,
    },
    /// Larger than the limit.
    #[arg(limit = limit >> 20)]
    TooLarge {
        /// The file.
        path: PathBuf,
        /// Its size in bytes.
        size: u64,
        /// The limit in bytes.
        limit: u64,
    },
    /// The operating system refused.
    Io {
        /// The file.
        path: PathBuf,
        /// The error from the operating system.
        source: io::Error,
    },
}

impl ReadError {
    /// The metadata from the operating system.
    pub fn of(path: &Path, source: io::Error) -> Self {
        match source.kind() {
            io::ErrorKind::NotFound => Self::NotFound(path.to_owned()),
            _ => Self::Io { path: path.to_owned(), source },
        }
    }

    /// The reason alone, for a report that names the file already.
    pub fn reason(&self) -> ReadReason {
        match self {
            Self::NotFound(_) => ReadReason::NotFound,
            Self::NotAFile(_) => ReadReason::NotAFile,
            Self::LinkOut { target, .. } => ReadReason::LinkOut { target: target.clone() },
            Self::TooLarge { size, limit, .. } => {
                ReadReason::TooLarge { size: *size, limit: *limit }
            }
            Self::Io { source, .. } => ReadReason::Io { why: source.to_string() },
        }
    }
}

/// Why a file was not read, for a report that names the file already.
#[derive(Debug, Clone, PartialEq, Eq, Problem)]
#[problem(area = "read-reason")]
pub enum ReadReason {
    /// No such file.
    NotFound,
    /// A directory, device, pipe or socket.
    NotAFile,
    /// A symbolic link that leads out of the directory.
    LinkOut {
        /// Its target.
        target: PathBuf,
    },
    /// Larger than the limit.
    #[arg(limit = limit >> 20)]
    TooLarge {
        /// Its size in bytes.
        size: u64,
        /// The limit in bytes.
        limit: u64,
    },
    /// The operating system refused.
    Io {
        /// The error from the operating system.
        why: String,
    },
}

/// Reads a whole regular file of at most `limit` bytes. A symbolic link is followed only if it
/// stays below `root`.
///
/// # Errors
/// Fails with a [`ReadError`] that names the file and the remedy.
pub fn read(path: &Path, root: &Path, limit: u64) -> Result<Vec<u8>, ReadError> {
    let io = |source: io::Error| ReadError::of(path, source);
    let (file, size) = open_within(path, root, limit)?;
    let too_large = |size| ReadError::TooLarge { path: path.to_owned(), size, limit };
    let mut bytes = Vec::with_capacity(size as usize + 1);
    file.take(limit + 1).read_to_end(&mut bytes).map_err(io)?;
    if bytes.len() as u64 > limit {
        return Err(too_large(bytes.len() as u64));
    }
    Ok(bytes)
}

/// Whether [`read`] would open the file and find it no longer than `limit`, without reading it.
///
/// # Errors
/// As [`read`].
pub fn check(path: &Path, root: &Path, limit: u64) -> Result<(), ReadError> {
    open_within(path, root, limit).map(|_| ())
}

fn open_within(path: &Path, root: &Path, limit: u64) -> Result<(File, u64), ReadError> {
    let (file, size) = open_sized(path, root)?;
    if size > limit {
        return Err(ReadError::TooLarge { path: path.to_owned(), size, limit });
    }
    Ok((file, size))
}

/// The SHA-256 of a regular file of any size, read piece by piece. A symbolic link is followed only if
/// it stays below `root`.
///
/// # Errors
/// Fails with a [`ReadError`] that names the file and the remedy.
pub fn digest(path: &Path, root: &Path) -> Result<Digest, ReadError> {
    digest_of(open(path, root)?).map_err(|source| ReadError::of(path, source))
}

/// The SHA-256 of everything that can be read, piece by piece.
///
/// # Errors
/// The error from the operating system.
pub fn digest_of(mut file: impl Read) -> io::Result<Digest> {
    let mut hasher = Hasher::default();
    let mut piece = vec![0; PIECE];
    loop {
        match file.read(&mut piece)? {
            0 => return Ok(hasher.digest()),
            read => hasher.update(&piece[..read]),
        }
    }
}

/// Opens a regular file of any size. A symbolic link is followed only if it stays below `root`.
///
/// # Errors
/// Fails with a [`ReadError`] that names the file and the remedy.
pub fn open(path: &Path, root: &Path) -> Result<File, ReadError> {
    open_sized(path, root).map(|(file, _)| file)
}

/// The same with its size in bytes.
fn open_sized(path: &Path, root: &Path) -> Result<(File, u64), ReadError> {
    let io = |source: io::Error| ReadError::of(path, source);
    let file = match open_regular(path) {
        // A link is looked through once, and what it leads to is opened by its real name.
        Err(error) if is_link(path, &error) => {
            let target = path.canonicalize().map_err(io)?;
            let root = root.canonicalize().map_err(io)?;
            if !target.starts_with(&root) {
                return Err(ReadError::LinkOut { path: path.to_owned(), target });
            }
            open_regular(&target)
        }
        opened => opened,
    };
    let file = file.map_err(io)?;
    let meta = file.metadata().map_err(io)?;
    match meta.is_file() {
        true => Ok((file, meta.len())),
        false => Err(ReadError::NotAFile(path.to_owned())),
    }
}

/// Opens without waiting for the other end of a pipe, and without following a link: one fails to open.
#[cfg(unix)]
fn open_regular(path: &Path) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt as _;
    let flags = rustix::fs::OFlags::NONBLOCK | rustix::fs::OFlags::NOFOLLOW;
    OpenOptions::new().read(true).custom_flags(flags.bits() as i32).open(path)
}

#[cfg(not(unix))]
fn open_regular(path: &Path) -> io::Result<File> {
    match std::fs::symlink_metadata(path)?.is_symlink() {
        true => Err(io::ErrorKind::Other.into()),
        false => OpenOptions::new().read(true).open(path),
    }
}

/// Whether a file was not opened because it is a symbolic link.
fn is_link(path: &Path, error: &io::Error) -> bool {
    error.kind() != io::ErrorKind::NotFound
        && std::fs::symlink_metadata(path).is_ok_and(|meta| meta.is_symlink())
}

/// The real path of a person's own file: people keep their settings and keys behind links.
pub fn resolved(path: &Path) -> PathBuf {
    path.canonicalize().unwrap_or_else(|_| path.to_owned())
}

/// The directory of a file; `.` for a bare name.
pub fn directory_of(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}

/// A file's name as text; lossy if it is not Unicode, which the name of a sealed run always is.
pub fn name_of(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

//! Names of files in an archive, and which of them are safe on every system.

use std::path::Path;

use countersign_problem::visible::visible;
use countersign_problem::{Words, words};

/// The file that lists all others with their SHA-256.
pub const SUMS: &str = "SHA256SUMS";

/// Longest name of a file, its folders included, in bytes.
const MAX_NAME: usize = 512;

/// Whether a file is one that other programs leave in folders and zips of their own accord: Finder,
/// Explorer, Dolphin, office programs, programs that synchronise, and network drives.
pub fn is_litter(name: &str) -> bool {
    const FILES: [&str; 11] = [
        "Thumbs.db",
        "ehthumbs.db",
        "desktop.ini",
        ".DS_Store",
        ".localized",
        ".directory",
        "Icon\r",
        ".dropbox",
        ".dropbox.attr",
        ".apdisk",
        ".VolumeIcon.icns",
    ];
    const FOLDERS: [&str; 14] = [
        "__MACOSX",
        "@eaDir",
        ".Spotlight-V100",
        ".Trashes",
        ".fseventsd",
        ".TemporaryItems",
        ".DocumentRevisions-V100",
        ".AppleDouble",
        "System Volume Information",
        "$RECYCLE.BIN",
        "lost+found",
        ".stfolder",
        ".stversions",
        ".dropbox.cache",
    ];
    let mut parts = name.rsplit('/');
    let file = parts.next().unwrap_or(name);
    let is_one = |all: &[&str], part: &str| all.iter().any(|one| part.eq_ignore_ascii_case(one));
    // Lock files of LibreOffice and Microsoft Office, files that NFS will delete, and Windows'
    // notes on where a file came from.
    is_one(&FILES, file)
        || ["._", ".~lock.", "~$", ".nfs"].iter().any(|begin| file.starts_with(begin))
        || file.ends_with(":Zone.Identifier")
        || parts.any(|folder| is_one(&FOLDERS, folder) || folder.starts_with(".Trash-"))
}

/// What of a name in a zip has to be safe. Some programs write `./` before all of them, and what is
/// litter is read by nobody, but must not lead out either.
pub(super) fn name_to_check(name: &str) -> String {
    let name = name.strip_suffix('/').unwrap_or(name);
    let name = name.strip_prefix("./").unwrap_or(name);
    if is_litter(name) { name.replace(['\r', ':', '~', '#', '$'], "_") } else { name.to_owned() }
}

/// The one folder that contains all files, if the folder itself was zipped; otherwise empty.
pub(super) fn common_folder(files: &[(String, Vec<u8>)]) -> String {
    let mut names = files.iter().map(|(name, _)| name).filter(|name| !is_litter(name));
    let first = names.clone().next().and_then(|name| name.split_once('/'));
    let folder = first.map(|(folder, _)| format!("{folder}/")).unwrap_or_default();
    let list = format!("{folder}{SUMS}");
    let all = names.all(|name| name.starts_with(&folder));
    if all && files.iter().any(|(name, _)| *name == list) { folder } else { String::new() }
}

/// Whether a name is valid for a file below a folder on every system, and nowhere else.
pub(super) fn check_name(name: &str) -> Result<(), Words> {
    if name.is_empty() || name.len() > MAX_NAME {
        return Err(words!("archive-name-long"));
    }
    if name.starts_with('/') {
        return Err(words!("archive-name-root"));
    }
    if name.contains('\\') {
        return Err(words!("archive-name-backslash"));
    }
    if visible(name) != name {
        return Err(words!("archive-name-hidden"));
    }
    if name.contains([':', '*', '?', '"', '<', '>', '|']) {
        return Err(words!("archive-name-character"));
    }
    for part in name.split('/') {
        match part {
            ".." => return Err(words!("archive-name-out")),
            "" | "." => return Err(words!("archive-name-empty-part")),
            part if part.ends_with(['.', ' ']) || part.starts_with(' ') => {
                return Err(words!("archive-name-edge"));
            }
            part if part.len() > 255 => return Err(words!("archive-name-long")),
            _ => {}
        }
    }
    Ok(())
}

pub(super) fn has_zip_name(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("zip"))
}

//! A log as a Merkle tree on the disk: its root, and the tiles beside it that others read
//! (c2sp.org/tlog-tiles). The log is the truth: tiles are made from it, and can be made again.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use countersign_envelope::canonical::CanonicalObject;
use countersign_envelope::chain::{Entry, Links};
use countersign_envelope::digest::Digest;
use countersign_envelope::json::Object;
use countersign_problem::Problem;
use countersign_tlog::tile::{self, LONGEST_ENTRY, Tile, TiledTree, Tiles, WIDTH};
use countersign_tlog::tree::{Edge, leaf_hash};

use crate::chain_lines::ChainLines;
use crate::reading::{self, ReadError, directory_of};
use crate::safe_write::{self, Access, WriteError};

/// The folder of the tiles, beside the log.
pub const TILES: &str = "tile";

/// The longest file of tiles that is read, in bytes: a full bundle of the longest entries.
const LONGEST_FILE: u64 = WIDTH * (LONGEST_ENTRY as u64 + 2);

/// How many levels of the tree a tile spans.
const HEIGHT: u32 = 8;

/// Why a log is no tree, or its tiles cannot be had.
#[derive(Debug, Problem)]
#[non_exhaustive]
pub enum LogTreeError {
    /// The log or a tile cannot be read.
    #[problem(transparent)]
    Read(#[from] ReadError),
    /// A tile cannot be written.
    #[problem(transparent)]
    Write(#[from] WriteError),
    /// An entry is longer than a tile can have.
    EntryTooLong {
        /// The log.
        path: PathBuf,
        /// Which entry, from 1.
        position: u64,
        /// How long one may be, in bytes.
        limit: usize,
    },
    /// The log has not as many entries as were found in it before, or others.
    Changed {
        /// The log.
        path: PathBuf,
    },
    /// Something else stands where a folder of tiles belongs.
    NotAFolder {
        /// The place.
        path: PathBuf,
    },
    /// A tile is not there, or has not the hashes that it should have.
    Tile {
        /// The tile.
        path: PathBuf,
    },
}

/// The bytes of an entry that are a leaf of the tree: its canonical form (EVIDENCE.md section 4).
pub fn leaf(entry: &Object) -> Vec<u8> {
    CanonicalObject::new(entry).into_bytes()
}

/// The tree of a log while it is read: its root, and the roots that it had before.
#[derive(Debug, Default)]
pub struct GrowingTree {
    edge: Edge,
    wanted: Vec<u64>,
    roots: Vec<(u64, Digest)>,
    too_long: Option<u64>,
}

impl GrowingTree {
    /// A tree whose roots at these sizes are wanted.
    pub fn wanting(sizes: &[u64]) -> Self {
        Self { wanted: sizes.to_vec(), ..Self::default() }
    }

    /// Adds an entry; with the first, a reading begins.
    pub fn entry(&mut self, position: usize, entry: &Entry) {
        if position == 1 {
            (self.edge, self.too_long) = (Edge::default(), None);
            self.roots.clear();
        }
        let leaf = leaf(&entry.object);
        if leaf.len() > LONGEST_ENTRY {
            self.too_long.get_or_insert(position as u64);
        }
        self.edge.add(leaf_hash(&leaf), |_, _, _| ());
        let size = self.edge.size();
        if self.wanted.contains(&size) {
            self.roots.push((size, self.edge.root()));
        }
    }

    /// How many entries it has.
    pub fn size(&self) -> u64 {
        self.edge.size()
    }

    /// Its root.
    pub fn root(&self) -> Digest {
        self.edge.root()
    }

    /// The root that it had with so many entries, if that was wanted or is what it has.
    pub fn root_at(&self, size: u64) -> Option<Digest> {
        match size {
            0 => Some(Edge::default().root()),
            _ if size == self.size() => Some(self.root()),
            _ => self.roots.iter().find(|(at, _)| *at == size).map(|(_, root)| *root),
        }
    }

    /// The first entry that no tile can have, from 1.
    pub fn too_long(&self) -> Option<u64> {
        self.too_long
    }
}

/// Writes the tiles of the first entries of a log beside it: those that are not there, or are not what
/// they should be. The log is locked, and has been checked; its root then was `root`.
///
/// # Errors
/// If the log has changed since, or something cannot be read or written.
pub fn write_tiles(log: &Path, size: u64, root: Digest) -> Result<(), LogTreeError> {
    let file = reading::open(log, directory_of(log))?;
    let (mut lines, mut links) = (ChainLines::new(file), Links::default());
    let mut writer = TileWriter::new(log);
    while writer.edge.size() < size {
        let Some(entry) = lines.find_map(|line| links.next(line)) else { break };
        writer.add(&leaf(&entry.object))?;
    }
    if let Some(source) = lines.take_error() {
        return Err(ReadError::of(log, source).into());
    }
    match (writer.edge.size(), writer.edge.root()) == (size, root) {
        true => writer.finish(),
        false => Err(LogTreeError::Changed { path: log.to_owned() }),
    }
}

/// Writes tiles while entries are added.
struct TileWriter<'a> {
    log: &'a Path,
    edge: Edge,
    /// The last tile of each level, while it is not full.
    levels: Vec<Vec<u8>>,
    bundle: Vec<u8>,
}

impl<'a> TileWriter<'a> {
    fn new(log: &'a Path) -> Self {
        Self { log, edge: Edge::default(), levels: Vec::new(), bundle: Vec::new() }
    }

    fn add(&mut self, leaf: &[u8]) -> Result<(), LogTreeError> {
        let position = self.edge.size() + 1;
        let added = tile::add_to_bundle(&mut self.bundle, leaf);
        added.ok_or_else(|| LogTreeError::EntryTooLong {
            path: self.log.to_owned(),
            position,
            limit: LONGEST_ENTRY,
        })?;
        let levels = &mut self.levels;
        self.edge.add(leaf_hash(leaf), |level, _, hash| {
            if level % HEIGHT == 0 {
                let level = (level / HEIGHT) as usize;
                levels.resize_with(levels.len().max(level + 1), Vec::new);
                levels[level].extend_from_slice(hash.as_bytes());
            }
        });
        // A level is only added to when the tile below it is full.
        for level in 0..self.levels.len() {
            match self.levels[level].len() as u64 == WIDTH * 32 {
                true => self.write(level)?,
                false => break,
            }
        }
        Ok(())
    }

    fn finish(mut self) -> Result<(), LogTreeError> {
        for level in 0..self.levels.len() {
            self.write(level)?;
        }
        Ok(())
    }

    /// Writes the last tile of a level, and of the lowest also the entries.
    fn write(&mut self, level: usize) -> Result<(), LogTreeError> {
        let hashes = std::mem::take(&mut self.levels[level]);
        let width = hashes.len() as u64 / 32;
        if width == 0 {
            return Ok(());
        }
        let level = level as u32;
        let index = ((self.edge.size() >> (level * HEIGHT)) - 1) / WIDTH;
        let tile = Tile { level, index, width };
        if level == 0 {
            let bundle = std::mem::take(&mut self.bundle);
            self.put(&tile.bundle_path(), &bundle)?;
        }
        self.put(&tile.path(), &hashes)
    }

    fn put(&self, place: &str, bytes: &[u8]) -> Result<(), LogTreeError> {
        let folder = directory_of(self.log);
        let path = folder.join(place);
        if reading::read(&path, folder, LONGEST_FILE).is_ok_and(|there| there == bytes) {
            return Ok(());
        }
        make_folders(folder, &path)?;
        Ok(safe_write::replace(&path, bytes, Access::Like(self.log))?)
    }
}

/// Makes the folders of a file below one that is there. A link among them could lead anywhere.
fn make_folders(below: &Path, file: &Path) -> Result<(), LogTreeError> {
    let parts = directory_of(file).strip_prefix(below).unwrap_or(Path::new(""));
    let mut folder = below.to_owned();
    for part in parts {
        folder.push(part);
        match fs::symlink_metadata(&folder) {
            Ok(meta) if meta.is_dir() => {}
            Ok(_) => return Err(LogTreeError::NotAFolder { path: folder }),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let failed = |source| WriteError::Io { path: folder.clone(), source };
                fs::create_dir(&folder).map_err(failed)?;
            }
            Err(source) => return Err(WriteError::Io { path: folder, source }.into()),
        }
    }
    Ok(())
}

/// The tiles beside a log. Nothing that is read here is believed: what is made of it has to lead to a
/// root that is known.
#[derive(Debug)]
pub struct TileFiles {
    folder: PathBuf,
}

impl TileFiles {
    /// Those beside a log.
    pub fn beside(log: &Path) -> Self {
        Self { folder: directory_of(log).to_owned() }
    }

    /// The tree of so many entries by them.
    pub fn tree(&self, size: u64) -> TiledTree<'_, Self> {
        TiledTree { tiles: self, size }
    }
}

impl Tiles for TileFiles {
    type Error = LogTreeError;

    fn read(&self, tile: &Tile) -> Result<Vec<Digest>, LogTreeError> {
        let path = self.folder.join(tile.path());
        let read = |path: &Path| reading::read(path, &self.folder, LONGEST_FILE);
        // Once it is full, the shorter one need not be kept.
        let full = Tile { width: WIDTH, ..*tile };
        let bytes = match read(&path) {
            Err(ReadError::NotFound(_)) if !tile.is_full() => {
                let mut bytes = read(&self.folder.join(full.path()));
                if let Ok(bytes) = &mut bytes {
                    bytes.truncate(tile.width as usize * 32);
                }
                bytes
            }
            other => other,
        };
        match bytes {
            Ok(bytes) => tile.hashes(&bytes).ok_or(LogTreeError::Tile { path }),
            Err(ReadError::NotFound(_)) => Err(LogTreeError::Tile { path }),
            Err(error) => Err(error.into()),
        }
    }
}

//! The files that a tree is served as (c2sp.org/tlog-tiles): tiles of up to 256 hashes, and bundles of as
//! many entries. A file that is full never changes.

use countersign_envelope::digest::Digest;

use crate::tree::{Nodes, node_hash};

/// How many hashes a full tile has, and how many entries a full bundle.
pub const WIDTH: u64 = 256;
/// How many levels of the tree a tile spans.
const HEIGHT: u32 = 8;
/// The longest entry that a bundle can have, in bytes: its length is written in two.
pub const LONGEST_ENTRY: usize = 65_535;

/// A tile: so many hashes of a level, each over a full tile of the level below, those of level 0 over
/// an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Tile {
    /// The level of tiles, from 0.
    pub level: u32,
    /// Which of its level, from 0.
    pub index: u64,
    /// How many hashes it has, 1 to 256.
    pub width: u64,
}

impl Tile {
    /// The tile of a tree of so many entries; `None` if it has none there.
    pub fn of_tree(level: u32, index: u64, size: u64) -> Option<Self> {
        let hashes = hashes_at(level, size).checked_sub(index.checked_mul(WIDTH)?)?;
        let width = hashes.min(WIDTH);
        (width > 0).then_some(Self { level, index, width })
    }

    /// The tiles that a tree of `size` entries has and one of `old` had not, or had with fewer hashes,
    /// the lowest level first.
    pub fn added(old: u64, size: u64) -> impl Iterator<Item = Self> {
        let levels = (0..).take_while(move |level| hashes_at(*level, size) > 0);
        levels.flat_map(move |level| {
            let (before, now) = (hashes_at(level, old), hashes_at(level, size));
            let indices = match before < now {
                true => before / WIDTH..now.div_ceil(WIDTH),
                false => 0..0,
            };
            indices.filter_map(move |index| Self::of_tree(level, index, size))
        })
    }

    /// Whether it has all hashes that a tile can have.
    pub fn is_full(&self) -> bool {
        self.width == WIDTH
    }

    /// Where it stands, below the folder of the checkpoint.
    pub fn path(&self) -> String {
        format!("tile/{}/{}", self.level, place(self.index, self.width))
    }

    /// Where the entries stand whose hashes a tile of level 0 has.
    pub fn bundle_path(&self) -> String {
        format!("tile/entries/{}", place(self.index, self.width))
    }

    /// The level and the index in the tree of its first hash.
    pub fn first(&self) -> (u32, u64) {
        (self.level * HEIGHT, self.index * WIDTH)
    }

    /// The hashes in the bytes of its file; `None` if there are more or fewer.
    pub fn hashes(&self, bytes: &[u8]) -> Option<Vec<Digest>> {
        let (hashes, rest) = bytes.as_chunks::<32>();
        let is_whole = rest.is_empty() && hashes.len() as u64 == self.width;
        is_whole.then(|| hashes.iter().copied().map(Digest::from_bytes).collect())
    }
}

/// How many hashes a level of tiles has, for a tree of so many entries.
fn hashes_at(level: u32, size: u64) -> u64 {
    size.checked_shr(level * HEIGHT).unwrap_or(0)
}

/// An index in groups of three digits, all but the last marked, and the width if not full.
fn place(index: u64, width: u64) -> String {
    let mut place = format!("{:03}", index % 1000);
    let mut rest = index / 1000;
    while rest > 0 {
        place = format!("x{:03}/{place}", rest % 1000);
        rest /= 1000;
    }
    if width < WIDTH {
        place = format!("{place}.p/{width}");
    }
    place
}

/// Adds an entry to a bundle; `None` if it is too long.
pub fn add_to_bundle(bundle: &mut Vec<u8>, entry: &[u8]) -> Option<()> {
    bundle.extend_from_slice(&u16::try_from(entry.len()).ok()?.to_be_bytes());
    bundle.extend_from_slice(entry);
    Some(())
}

/// The entries of a bundle; `None` if it is cut off.
pub fn entries_of_bundle(mut bundle: &[u8]) -> Option<Vec<&[u8]>> {
    let mut entries = Vec::new();
    while !bundle.is_empty() {
        let (length, rest) = bundle.split_first_chunk::<2>()?;
        let (entry, rest) = rest.split_at_checked(usize::from(u16::from_be_bytes(*length)))?;
        entries.push(entry);
        bundle = rest;
    }
    Some(entries)
}

/// Where the hashes of tiles are read.
pub trait Tiles {
    /// Why one cannot be read.
    type Error;

    /// The hashes of a tile, as many as its width.
    ///
    /// # Errors
    /// If it cannot be read.
    fn read(&self, tile: &Tile) -> Result<Vec<Digest>, Self::Error>;
}

/// A tree of so many entries by its tiles.
#[derive(Debug)]
pub struct TiledTree<'a, T> {
    /// Where the tiles are read.
    pub tiles: &'a T,
    /// How many entries the tree has.
    pub size: u64,
}

impl<T: Tiles> Nodes for TiledTree<'_, T> {
    type Error = T::Error;

    fn node(&self, level: u32, index: u64) -> Result<Digest, T::Error> {
        let (tile_level, above) = (level / HEIGHT, level % HEIGHT);
        let first = index << above;
        let tile = Tile {
            level: tile_level,
            index: first / WIDTH,
            width: (hashes_at(tile_level, self.size) - first / WIDTH * WIDTH).min(WIDTH),
        };
        let hashes = self.tiles.read(&tile)?;
        // A width that is a multiple of what is asked has it whole.
        let mut row: Vec<Digest> =
            hashes.into_iter().skip((first % WIDTH) as usize).take(1 << above).collect();
        while row.len() > 1 {
            row = row.chunks(2).map(|pair| node_hash(&pair[0], &pair[pair.len() - 1])).collect();
        }
        Ok(row.first().copied().unwrap_or_else(crate::tree::empty_root))
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;
    use std::collections::HashMap;
    use std::convert::Infallible;

    use super::*;
    use crate::proof;
    use crate::tree::tests::Leaves;
    use crate::tree::{Edge, root};

    /// Tiles as they are written while entries are added.
    #[derive(Default)]
    struct Written {
        hashes: HashMap<(u32, u64), Vec<Digest>>,
        reads: RefCell<usize>,
    }

    impl Tiles for Written {
        type Error = Infallible;

        fn read(&self, tile: &Tile) -> Result<Vec<Digest>, Infallible> {
            *self.reads.borrow_mut() += 1;
            Ok(self.hashes[&(tile.level, tile.index)][..tile.width as usize].to_vec())
        }
    }

    fn written(leaves: &Leaves) -> (Edge, Written) {
        let (mut edge, mut tiles) = (Edge::default(), Written::default());
        for leaf in &leaves.0 {
            edge.add(*leaf, |level, index, hash| {
                if level % HEIGHT == 0 {
                    let key = (level / HEIGHT, index / WIDTH);
                    tiles.hashes.entry(key).or_default().push(*hash);
                }
            });
        }
        (edge, tiles)
    }

    #[test]
    fn places_are_written_as_the_specification_has_them() {
        let path = |level, index, width| Tile { level, index, width }.path();
        assert_eq!(path(0, 1_234_067, 256), "tile/0/x001/x234/067");
        assert_eq!(path(1, 0, 17), "tile/1/000.p/17");
        assert_eq!(
            Tile { level: 0, index: 273, width: 112 }.bundle_path(),
            "tile/entries/273.p/112"
        );
        // The example of the specification: 70 000 entries.
        let tiles: Vec<Tile> = Tile::added(0, 70_000).collect();
        let count = |level, full| {
            tiles.iter().filter(|tile| tile.level == level && tile.is_full() == full).count()
        };
        assert_eq!((count(0, true), count(0, false)), (273, 1));
        assert_eq!((count(1, true), count(1, false)), (1, 1));
        assert_eq!((count(2, true), count(2, false)), (0, 1));
        assert_eq!(tiles.len(), 277);
        assert_eq!(Tile::added(256, 256).count(), 0);
        let added: Vec<String> = Tile::added(255, 257).map(|tile| tile.path()).collect();
        assert_eq!(added, ["tile/0/000", "tile/0/001.p/1", "tile/1/000.p/1"]);
    }

    #[test]
    fn proofs_from_tiles_are_those_from_all_leaves() {
        let leaves = Leaves::new(700);
        let (edge, tiles) = written(&leaves);
        let tree = TiledTree { tiles: &tiles, size: 700 };
        assert_eq!(root(&tree, 700), Ok(edge.root()));
        for size in [1, 2, 255, 256, 257, 511, 513, 700] {
            let tree = TiledTree { tiles: &tiles, size };
            assert_eq!(root(&tree, size), root(&leaves, size));
            for index in [0, size / 3, size - 1] {
                let path = proof::inclusion(&tree, index, size);
                assert_eq!(path, proof::inclusion(&leaves, index, size), "{index} of {size}");
                let path = proof::consistency(&tree, index, size);
                assert_eq!(path, proof::consistency(&leaves, index, size), "{index} to {size}");
            }
        }
    }

    #[test]
    fn a_bundle_has_its_entries_back_and_is_not_read_if_cut_off() {
        let mut bundle = Vec::new();
        let longest = vec![7; LONGEST_ENTRY];
        let entries: [&[u8]; 3] = [b"one", b"", &longest];
        for entry in entries {
            assert_eq!(add_to_bundle(&mut bundle, entry), Some(()));
        }
        assert_eq!(entries_of_bundle(&bundle).as_deref(), Some(&entries[..]));
        assert_eq!(entries_of_bundle(&bundle[..bundle.len() - 1]), None);
        assert_eq!(add_to_bundle(&mut bundle, &vec![0; LONGEST_ENTRY + 1]), None);
    }
}

//! The hashes of a Merkle tree (RFC 6962 section 2.1).

use countersign_envelope::digest::Digest;

/// The hash of a leaf: `0x00` before its bytes, so that no leaf is a node.
pub fn leaf_hash(entry: &[u8]) -> Digest {
    Digest::of_parts(&[&[0], entry])
}

/// The hash of a node: `0x01` before the hashes of both sides.
pub fn node_hash(left: &Digest, right: &Digest) -> Digest {
    Digest::of_parts(&[&[1], left.as_bytes(), right.as_bytes()])
}

/// The hash of a tree without entries.
pub fn empty_root() -> Digest {
    Digest::of(b"")
}

/// The hashes of complete subtrees: all that proofs and roots are made of.
pub trait Nodes {
    /// Why a hash cannot be had.
    type Error;

    /// The hash over the entries from `index << level` on, `1 << level` of them. It is asked only for
    /// entries that the tree has.
    ///
    /// # Errors
    /// If it cannot be had.
    fn node(&self, level: u32, index: u64) -> Result<Digest, Self::Error>;
}

/// The hash over the entries from `start` to `end`, as the node of a tree that ends there: `start` is
/// where a subtree of at least that width begins.
pub(crate) fn range<N: Nodes>(nodes: &N, start: u64, end: u64) -> Result<Digest, N::Error> {
    let mut hash = None;
    // From the right, where the subtrees are smallest.
    let mut end = end;
    while end > start {
        let level = end.trailing_zeros().min((end - start).ilog2());
        end -= 1 << level;
        let left = nodes.node(level, end >> level)?;
        hash = Some(hash.map_or(left, |right| node_hash(&left, &right)));
    }
    Ok(hash.unwrap_or_else(empty_root))
}

/// The root of a tree of so many entries.
///
/// # Errors
/// If a hash cannot be had.
pub fn root<N: Nodes>(nodes: &N, size: u64) -> Result<Digest, N::Error> {
    range(nodes, 0, size)
}

/// The right edge of a tree: the hashes of its complete subtrees, the widest first. It is all that is
/// needed to add entries and to know the root, and grows by one hash as the tree doubles.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Edge {
    size: u64,
    subtrees: Vec<Digest>,
}

impl Edge {
    /// The edge of a tree of so many entries; `None` if these are not as many subtrees as it has.
    pub fn new(size: u64, subtrees: Vec<Digest>) -> Option<Self> {
        (subtrees.len() == size.count_ones() as usize).then_some(Self { size, subtrees })
    }

    /// How many entries there are.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The hashes of the complete subtrees, the widest first.
    pub fn subtrees(&self) -> &[Digest] {
        &self.subtrees
    }

    /// Adds an entry by the hash of its leaf. `each` gets every subtree that it completes, with its
    /// level and its index, the leaf among them.
    pub fn add(&mut self, leaf: Digest, mut each: impl FnMut(u32, u64, &Digest)) {
        let index = self.size;
        let mut hash = leaf;
        each(0, index, &hash);
        for level in 0..index.trailing_ones() {
            let Some(left) = self.subtrees.pop() else { break };
            hash = node_hash(&left, &hash);
            each(level + 1, index >> (level + 1), &hash);
        }
        self.subtrees.push(hash);
        self.size += 1;
    }

    /// The root.
    pub fn root(&self) -> Digest {
        let root = |right: Digest, left: &Digest| node_hash(left, &right);
        match self.subtrees.split_last() {
            Some((last, wider)) => wider.iter().rev().fold(*last, root),
            None => empty_root(),
        }
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use std::convert::Infallible;

    use super::*;

    /// All leaves in memory, and hashes straight from the definition.
    pub(crate) struct Leaves(pub Vec<Digest>);

    impl Leaves {
        pub(crate) fn new(count: u64) -> Self {
            Self((0..count).map(|n| leaf_hash(&n.to_be_bytes())).collect())
        }
    }

    /// `MTH` as RFC 6962 writes it.
    pub(crate) fn tree_hash(leaves: &[Digest]) -> Digest {
        match leaves {
            [] => empty_root(),
            [leaf] => *leaf,
            _ => {
                let (left, right) = leaves.split_at(leaves.len().next_power_of_two() / 2);
                node_hash(&tree_hash(left), &tree_hash(right))
            }
        }
    }

    impl Nodes for Leaves {
        type Error = Infallible;

        fn node(&self, level: u32, index: u64) -> Result<Digest, Infallible> {
            let (start, width) = ((index << level) as usize, 1 << level);
            Ok(tree_hash(&self.0[start..start + width]))
        }
    }

    #[test]
    fn the_root_is_that_of_the_definition_for_every_size() {
        let leaves = Leaves::new(70);
        let mut edge = Edge::default();
        for size in 0..=70 {
            let expected = tree_hash(&leaves.0[..size]);
            assert_eq!(root(&leaves, size as u64), Ok(expected), "{size}");
            assert_eq!(edge.root(), expected, "{size}");
            assert_eq!(Edge::new(edge.size(), edge.subtrees().to_vec()).as_ref(), Some(&edge));
            if let Some(leaf) = leaves.0.get(size) {
                edge.add(*leaf, |level, index, hash| {
                    assert_eq!(leaves.node(level, index), Ok(*hash));
                });
            }
        }
        assert_eq!(Edge::new(3, vec![leaves.0[0]]), None);
    }

    /// Published by Certificate Transparency as its reference: the tree of eight entries.
    #[test]
    fn the_hashes_are_those_of_the_reference() {
        let entries: [&[u8]; 8] = [
            b"",
            &[0x00],
            &[0x10],
            &[0x20, 0x21],
            &[0x30, 0x31],
            &[0x40, 0x41, 0x42, 0x43],
            &[0x50, 0x51, 0x52, 0x53, 0x54, 0x55, 0x56, 0x57],
            &[
                0x60, 0x61, 0x62, 0x63, 0x64, 0x65, 0x66, 0x67, 0x68, 0x69, 0x6a, 0x6b, 0x6c, 0x6d,
                0x6e, 0x6f,
            ],
        ];
        let leaves: Vec<Digest> = entries.iter().map(|entry| leaf_hash(entry)).collect();
        assert_eq!(
            tree_hash(&leaves).hex(),
            "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"
        );
        assert_eq!(
            empty_root().hex(),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        );
    }
}

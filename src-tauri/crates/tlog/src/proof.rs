//! Proofs about a Merkle tree: that an entry is in it (RFC 6962 section 2.1.1), and that it goes on from
//! an earlier one (section 2.1.2). They are checked as RFC 9162 sections 2.1.3.2 and 2.1.4.2 have it.

use countersign_envelope::digest::Digest;

use crate::tree::{Nodes, empty_root, node_hash, range};

/// The most hashes that a proof has: a tree has fewer than 2^64 entries.
pub const LONGEST: usize = 64;

/// The width of the left side of a tree of more than one entry.
fn left_width(width: u64) -> u64 {
    1 << (width - 1).ilog2()
}

/// The hashes beside the way from an entry, counted from 0, up to the root of a tree of so many entries,
/// the lowest first.
///
/// # Errors
/// If a hash cannot be had.
pub fn inclusion<N: Nodes>(nodes: &N, index: u64, size: u64) -> Result<Vec<Digest>, N::Error> {
    let (mut start, mut end) = (0, size);
    let mut path = Vec::new();
    while end - start > 1 {
        let middle = start + left_width(end - start);
        if index < middle {
            path.push(range(nodes, middle, end)?);
            end = middle;
        } else {
            path.push(range(nodes, start, middle)?);
            start = middle;
        }
    }
    path.reverse();
    Ok(path)
}

/// The root of a tree of so many entries that has this leaf at an index, by the hashes beside its way
/// up; `None` if there are too few or too many of them.
pub fn root_of_inclusion(leaf: Digest, index: u64, size: u64, path: &[Digest]) -> Option<Digest> {
    if index >= size {
        return None;
    }
    let (mut index, mut last) = (index, size - 1);
    let mut hash = leaf;
    for beside in path {
        if last == 0 {
            return None;
        }
        if index % 2 == 1 || index == last {
            hash = node_hash(beside, &hash);
            let up = index.trailing_zeros();
            (index, last) = (index.checked_shr(up)?, last.checked_shr(up)?);
        } else {
            hash = node_hash(&hash, beside);
        }
        (index, last) = (index >> 1, last >> 1);
    }
    (last == 0).then_some(hash)
}

/// The hashes that lead from a tree to a later one with `size` entries, of which `old` were in the first.
/// None are needed if the first was empty, or is the same.
///
/// # Errors
/// If a hash cannot be had.
pub fn consistency<N: Nodes>(nodes: &N, old: u64, size: u64) -> Result<Vec<Digest>, N::Error> {
    if old == 0 || old >= size {
        return Ok(Vec::new());
    }
    let (mut start, mut end) = (0, size);
    let mut path = Vec::new();
    // Down to the subtree that ends where the first tree does.
    while end != old {
        let middle = start + left_width(end - start);
        if old <= middle {
            path.push(range(nodes, middle, end)?);
            end = middle;
        } else {
            path.push(range(nodes, start, middle)?);
            start = middle;
        }
    }
    // The root of the first tree is known where it is that subtree.
    if start > 0 {
        path.push(range(nodes, start, end)?);
    }
    path.reverse();
    Ok(path)
}

/// Whether a proof leads from the root of `old` entries to that of `size`.
pub fn is_consistent(
    (old, old_root): (u64, &Digest),
    (size, root): (u64, &Digest),
    path: &[Digest],
) -> bool {
    if old == size {
        return path.is_empty() && old_root == root;
    }
    if old == 0 {
        return path.is_empty() && *old_root == empty_root();
    }
    roots_of_consistency(old, old_root, size, path) == Some((*old_root, *root))
}

/// The roots of both trees, by the proof; `None` if it has not as many hashes as it should.
fn roots_of_consistency(
    old: u64,
    old_root: &Digest,
    size: u64,
    path: &[Digest],
) -> Option<(Digest, Digest)> {
    let (mut node, mut last) = (old.checked_sub(1)?, size.checked_sub(1)?);
    if old >= size {
        return None;
    }
    let up = node.trailing_ones();
    (node, last) = (node >> up, last >> up);
    let mut path = path.iter();
    let (mut first, mut second) = match old.is_power_of_two() {
        true => (*old_root, *old_root),
        false => path.next().map(|hash| (*hash, *hash))?,
    };
    for beside in path {
        if last == 0 {
            return None;
        }
        if node % 2 == 1 || node == last {
            first = node_hash(beside, &first);
            second = node_hash(beside, &second);
            let up = node.trailing_zeros();
            (node, last) = (node.checked_shr(up)?, last.checked_shr(up)?);
        } else {
            second = node_hash(&second, beside);
        }
        (node, last) = (node >> 1, last >> 1);
    }
    (last == 0).then_some((first, second))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::tests::{Leaves, tree_hash};

    #[test]
    fn every_entry_of_every_tree_proves_that_it_is_there_and_nowhere_else() {
        let leaves = Leaves::new(40);
        for size in 1..=40_u64 {
            let root = tree_hash(&leaves.0[..size as usize]);
            for index in 0..size {
                let Ok(path) = inclusion(&leaves, index, size);
                let leaf = leaves.0[index as usize];
                assert_eq!(root_of_inclusion(leaf, index, size, &path), Some(root));
                for other in (0..=size).filter(|other| *other != index) {
                    let found = root_of_inclusion(leaf, other, size, &path);
                    assert_ne!(found, Some(root), "{index} as {other} of {size}");
                }
                let longer = [&path[..], &[leaf]].concat();
                assert_eq!(root_of_inclusion(leaf, index, size, &longer), None);
                if let Some((_, shorter)) = path.split_last() {
                    assert_eq!(root_of_inclusion(leaf, index, size, shorter), None);
                }
            }
        }
        let Ok(path) = inclusion(&leaves, 0, 1);
        assert_eq!(path, []);
    }

    #[test]
    fn every_tree_leads_to_every_later_one_and_no_other() {
        let leaves = Leaves::new(40);
        let root = |size: u64| tree_hash(&leaves.0[..size as usize]);
        let other = tree_hash(&Leaves::new(41).0);
        for size in 0..=40 {
            for old in 0..=size {
                let Ok(path) = consistency(&leaves, old, size);
                let holds = |old_root: &Digest, new_root: &Digest, path: &[Digest]| {
                    is_consistent((old, old_root), (size, new_root), path)
                };
                assert!(holds(&root(old), &root(size), &path), "{old} to {size}");
                assert!(!holds(&other, &root(size), &path), "{old} to {size}");
                // Of an empty tree nothing is said about what follows.
                assert_eq!(holds(&root(old), &other, &path), old == 0 && size > 0);
                let longer = [&path[..], &[other]].concat();
                assert!(!holds(&root(old), &root(size), &longer), "{old} to {size}");
                if let Some((_, shorter)) = path.split_first() {
                    assert!(!holds(&root(old), &root(size), shorter), "{old} to {size}");
                }
                for at in 0..path.len() {
                    let mut changed = path.clone();
                    changed[at] = other;
                    assert!(!holds(&root(old), &root(size), &changed), "{old} to {size}");
                }
            }
        }
        // A tree never goes on in a smaller one.
        assert!(!is_consistent((3, &root(3)), (2, &root(2)), &[]));
    }
}

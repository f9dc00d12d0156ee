//! Merkle roots of the input commitments.
//!
//! A node is the SHA-256 of the text `left|right`, both with their `sha256:` prefix; an odd last
//! leaf is doubled; one leaf is its own root; no leaf gives the hash of the text `empty-merkle`.

use crate::digest::Digest;
use crate::json::Node;

/// The four lists of `hash_scope` whose entries are leaves, with the field that holds their root.
pub const LISTS: [(&str, &str); 4] = [
    ("inputs", "inputs_root"),
    ("prompts", "prompts_root"),
    ("schemas", "schemas_root"),
    ("policies", "policies_root"),
];

/// The root over one list of the hash scope, its entries the leaves in file order, and how many
/// there are; `None` if an entry has no `sha256` text.
pub fn root_of(hash_scope: Option<Node<'_>>, list: &str) -> Option<(String, u64)> {
    let mut root = Root::default();
    let Some(list) = hash_scope.and_then(|scope| scope.get(list)) else {
        return Some((root.finish(), 0));
    };
    for entry in list.items()? {
        root.add(entry.get("sha256")?.as_str()?.into_owned());
    }
    let leaves = root.leaves;
    Some((root.finish(), leaves))
}

/// A root over leaves that are written digests, added one after another: of all nodes only those
/// are held that wait for their right neighbour.
#[derive(Debug, Default)]
pub struct Root {
    /// The waiting node of each level, from the leaves up.
    waiting: Vec<Option<String>>,
    leaves: u64,
}

impl Root {
    /// Adds the next leaf.
    pub fn add(&mut self, leaf: String) {
        self.leaves += 1;
        self.add_at(0, leaf);
    }

    fn add_at(&mut self, mut level: usize, mut node: String) {
        loop {
            if level == self.waiting.len() {
                self.waiting.push(None);
            }
            let Some(left) = self.waiting[level].take() else {
                self.waiting[level] = Some(node);
                return;
            };
            node = parent(&left, &node);
            level += 1;
        }
    }

    /// The root; an odd last node of a level is doubled.
    pub fn finish(mut self) -> String {
        let mut level = 0;
        loop {
            let is_top = self.waiting.len() <= level + 1;
            match self.waiting.get_mut(level).and_then(Option::take) {
                None if is_top => return Digest::of(b"empty-merkle").to_string(),
                None => {}
                Some(only) if is_top => return only,
                Some(odd) => self.add_at(level + 1, parent(&odd, &odd)),
            }
            level += 1;
        }
    }
}

/// The nodes beside the way from a leaf up to the root, the lowest first. A node that is doubled stands
/// beside itself and is left out. `None` if there is no such leaf.
pub fn siblings(leaves: &[Digest], position: usize) -> Option<Vec<Digest>> {
    leaves.get(position)?;
    let (mut level, mut at) = (leaves.to_vec(), position);
    let mut siblings = Vec::new();
    while level.len() > 1 {
        siblings.extend(level.get(at ^ 1));
        level = level
            .chunks(2)
            .map(|pair| parent_of(&pair[0], pair.last().unwrap_or(&pair[0])))
            .collect();
        at /= 2;
    }
    Some(siblings)
}

/// The root of a tree of so many leaves that has a leaf at a position, counted from 0, and these nodes
/// beside its way up. Number and position decide how many those are, because the tree itself does not
/// tell a leaf from a node (EVIDENCE.md section 3): with more or fewer there is no root.
pub fn root_above(leaf: Digest, position: u64, leaves: u64, siblings: &[Digest]) -> Option<Digest> {
    if position >= leaves {
        return None;
    }
    let (mut node, mut at, mut width) = (leaf, position, leaves);
    let mut siblings = siblings.iter();
    while width > 1 {
        node = if at.is_multiple_of(2) {
            let right = if at + 1 == width { node } else { *siblings.next()? };
            parent_of(&node, &right)
        } else {
            parent_of(siblings.next()?, &node)
        };
        (at, width) = (at / 2, width.div_ceil(2));
    }
    siblings.next().is_none().then_some(node)
}

fn parent_of(left: &Digest, right: &Digest) -> Digest {
    Digest::of_parts(&[left.to_string().as_bytes(), b"|", right.to_string().as_bytes()])
}

fn parent(left: &str, right: &str) -> String {
    Digest::of_parts(&[left.as_bytes(), b"|", right.as_bytes()]).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn root(leaves: &[&str]) -> String {
        let mut root = Root::default();
        leaves.iter().for_each(|leaf| root.add((*leaf).to_owned()));
        root.finish()
    }

    /// As the format has it: level by level, an odd last node doubled.
    fn level_by_level(leaves: &[&str]) -> String {
        let mut level: Vec<String> = leaves.iter().map(|leaf| (*leaf).to_owned()).collect();
        while level.len() > 1 {
            level = level.chunks(2).map(|pair| parent(&pair[0], pair.last().unwrap())).collect();
        }
        level.pop().unwrap_or_else(|| Digest::of(b"empty-merkle").to_string())
    }

    #[test]
    fn an_odd_last_leaf_is_doubled() {
        let node = |l: &str, r: &str| Digest::of(format!("{l}|{r}").as_bytes()).to_string();
        assert_eq!(root(&["a"]), "a");
        assert_eq!(root(&["a", "b", "c"]), node(&node("a", "b"), &node("c", "c")));
        assert_eq!(root(&[]), Digest::of(b"empty-merkle").to_string());
    }

    #[test]
    fn leaves_that_come_one_after_another_give_the_same_root() {
        let leaves: Vec<String> = (0..70).map(|leaf| leaf.to_string()).collect();
        let leaves: Vec<&str> = leaves.iter().map(String::as_str).collect();
        for count in 0..=leaves.len() {
            assert_eq!(root(&leaves[..count]), level_by_level(&leaves[..count]), "{count}");
        }
    }
    #[test]
    fn every_leaf_leads_to_the_root_from_its_own_position_alone() {
        for count in 1..=33_u64 {
            let leaves: Vec<Digest> = (0..count).map(|n| Digest::of(&n.to_le_bytes())).collect();
            let written: Vec<String> = leaves.iter().map(Digest::to_string).collect();
            let root = level_by_level(&written.iter().map(String::as_str).collect::<Vec<_>>());
            for (at, leaf) in leaves.iter().enumerate() {
                let beside = siblings(&leaves, at).unwrap();
                let above = |position, leaves| root_above(*leaf, position, leaves, &beside);
                let at = at as u64;
                assert_eq!(above(at, count).unwrap().to_string(), root, "{at} of {count}");
                for other in (0..=count + 1).filter(|other| *other != at) {
                    let other = above(other, count).map(|root| root.to_string());
                    assert_ne!(other, Some(root.clone()), "{at} of {count}");
                }
                // A node is no leaf of a smaller tree, nor a leaf a node of a larger one.
                if let Some((_, above_it)) = beside.split_first() {
                    assert_eq!(root_above(*leaf, at, count, above_it), None);
                }
                let longer = [&beside[..], &[*leaf]].concat();
                assert_eq!(root_above(*leaf, at, count, &longer), None);
            }
            assert_eq!(siblings(&leaves, leaves.len()), None);
        }
        // The doubled last leaf is not a fourth one.
        let leaves = [1_u8, 2, 3].map(|n| Digest::of(&[n]));
        let beside = [leaves[2], parent_of(&leaves[0], &leaves[1])];
        assert_eq!(root_above(leaves[2], 3, 3, &beside), None);
    }
}

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
}

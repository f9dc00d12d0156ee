//! Merkle roots of the input commitments.
//!
//! A node is the SHA-256 of the text `left|right`, both with their `sha256:` prefix; an odd last
//! leaf is doubled; one leaf is its own root; no leaf gives the hash of the text `empty-merkle`.

use crate::digest::Digest;
use crate::json::Value;

/// The four lists of `hash_scope` whose entries are leaves, with the field that holds their root.
pub const LISTS: [(&str, &str); 4] = [
    ("inputs", "inputs_root"),
    ("prompts", "prompts_root"),
    ("schemas", "schemas_root"),
    ("policies", "policies_root"),
];

/// The leaves of one list, in file order; `None` where an entry has no `sha256` text.
pub fn leaves<'a>(hash_scope: Option<&'a Value>, list: &str) -> Option<Vec<&'a str>> {
    let Some(list) = hash_scope.and_then(|scope| scope.get(list)) else { return Some(Vec::new()) };
    list.as_array()?.iter().map(|entry| entry.get("sha256")?.as_str()).collect()
}

/// The root over leaves that are written digests.
pub fn root(leaves: &[&str]) -> String {
    match leaves {
        [] => Digest::of(b"empty-merkle").to_string(),
        [only] => (*only).to_owned(),
        _ => {
            let mut level: Vec<String> = leaves.iter().map(|leaf| (*leaf).to_owned()).collect();
            while level.len() > 1 {
                level = level
                    .chunks(2)
                    .map(|pair| {
                        let (left, right) = (&pair[0], pair.last().unwrap_or(&pair[0]));
                        Digest::of_parts(&[left.as_bytes(), b"|", right.as_bytes()]).to_string()
                    })
                    .collect();
            }
            level.swap_remove(0)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_odd_last_leaf_is_doubled() {
        let node = |l: &str, r: &str| Digest::of(format!("{l}|{r}").as_bytes()).to_string();
        assert_eq!(root(&["a"]), "a");
        assert_eq!(root(&["a", "b", "c"]), node(&node("a", "b"), &node("c", "c")));
        assert_eq!(root(&[]), Digest::of(b"empty-merkle").to_string());
    }
}

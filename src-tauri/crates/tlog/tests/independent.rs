//! Three libraries that know nothing of this one come to the same tiles, roots, proofs, signatures and
//! quorums.

#![allow(clippy::unwrap_used)]

use std::collections::HashMap;
use std::convert::Infallible;

use countersign_envelope::digest::Digest;
use countersign_envelope::instant::Instant;
use countersign_envelope::public_key::PublicKey;
use countersign_tlog::checkpoint::{Checkpoint, SignedCheckpoint};
use countersign_tlog::note::{KeyKind, Note, NoteSignature, VerifierKey};
use countersign_tlog::tile::{Tile, TiledTree, Tiles};
use countersign_tlog::tree::{Edge, leaf_hash};
use countersign_tlog::{proof, tree};
use ed25519_dalek::Signer as _;
use signed_note::{Note as TheirNote, StandardVerifier, VerifierList};
use tlog_tiles::{Hash, HashReader};

const SIZE: u64 = 1_000;

fn entry(index: u64) -> Vec<u8> {
    format!("{{\"entry\":{index}}}").into_bytes()
}

/// Our tiles, as they come while entries are added.
#[derive(Default)]
struct Ours(HashMap<(u32, u64), Vec<Digest>>);

impl Tiles for Ours {
    type Error = Infallible;

    fn read(&self, tile: &Tile) -> Result<Vec<Digest>, Infallible> {
        Ok(self.0[&(tile.level, tile.index)][..tile.width as usize].to_vec())
    }
}

fn ours() -> (Edge, Ours) {
    let (mut edge, mut tiles) = (Edge::default(), Ours::default());
    for index in 0..SIZE {
        edge.add(leaf_hash(&entry(index)), |level, index, hash| {
            if level % 8 == 0 {
                tiles.0.entry((level / 8, index / 256)).or_default().push(*hash);
            }
        });
    }
    (edge, tiles)
}

/// Their storage of hashes, by their own index.
struct Theirs(Vec<Hash>);

impl HashReader for Theirs {
    fn read_hashes(&self, indexes: &[u64]) -> Result<Vec<Hash>, tlog_tiles::Error> {
        Ok(indexes.iter().map(|index| self.0[*index as usize]).collect())
    }
}

fn theirs() -> Theirs {
    let mut hashes = Theirs(Vec::new());
    for index in 0..SIZE {
        let more = tlog_tiles::stored_hashes(index, &entry(index), &hashes).unwrap();
        hashes.0.extend(more);
    }
    hashes
}

fn hash(digest: &Digest) -> Hash {
    Hash(*digest.as_bytes())
}

fn digest(hash: &Hash) -> Digest {
    Digest::from_bytes(hash.0)
}

#[test]
fn tiles_stand_in_the_same_places_with_the_same_bytes() {
    let ((_, tiles), theirs) = (ours(), theirs());
    for (old, size) in [(0, 1), (0, 255), (0, 256), (0, SIZE), (300, 900), (512, 513)] {
        let mut expected: Vec<(String, Vec<u8>)> = tlog_tiles::Tile::new_tiles(8, old, size)
            .into_iter()
            .map(|tile| {
                let path = tile.path().replacen("tile/8/", "tile/", 1);
                (path, tile.read_data(&theirs).unwrap())
            })
            .collect();
        let mut found: Vec<(String, Vec<u8>)> = Tile::added(old, size)
            .map(|tile| {
                let Ok(hashes) = tiles.read(&tile);
                (tile.path(), hashes.iter().flat_map(|hash| *hash.as_bytes()).collect())
            })
            .collect();
        expected.sort();
        found.sort();
        assert_eq!(found, expected, "{old} to {size}");
    }
}

#[test]
fn roots_and_proofs_are_the_same_and_hold_for_both() {
    let ((edge, tiles), theirs) = (ours(), theirs());
    assert_eq!(hash(&edge.root()), tlog_tiles::tree_hash(SIZE, &theirs).unwrap());
    for size in [1, 2, 7, 256, 257, 700, SIZE] {
        let tree = TiledTree { tiles: &tiles, size };
        let Ok(root) = tree::root(&tree, size);
        for index in [0, 1, size / 2, size - 1].into_iter().filter(|index| *index < size) {
            let leaf = leaf_hash(&entry(index));
            let Ok(path) = proof::inclusion(&tree, index, size);
            let path: Vec<Hash> = path.iter().map(hash).collect();
            assert_eq!(path, tlog_tiles::prove_record(size, index, &theirs).unwrap());
            tlog_tiles::check_record(&path, size, hash(&root), index, hash(&leaf)).unwrap();
            let path: Vec<Digest> = path.iter().map(digest).collect();
            assert_eq!(proof::root_of_inclusion(leaf, index, size, &path), Some(root));

            let old = index + 1;
            let Ok(old_root) = tree::root(&TiledTree { tiles: &tiles, size: old }, old);
            let Ok(path) = proof::consistency(&tree, old, size);
            let their_path = tlog_tiles::prove_tree(size, old, &theirs).unwrap();
            assert_eq!(path.iter().map(hash).collect::<Vec<_>>(), their_path, "{old} to {size}");
            tlog_tiles::check_tree(&their_path, size, hash(&root), old, hash(&old_root)).unwrap();
            assert!(proof::is_consistent((old, &old_root), (size, &root), &path));
        }
    }
}

#[test]
fn a_checkpoint_is_read_and_verified_by_others() {
    let signing = ed25519_dalek::SigningKey::from_bytes(&[7; 32]);
    let key = PublicKey::ed25519(signing.verifying_key().as_bytes()).unwrap();
    let key = VerifierKey::new("example.org/log", KeyKind::Log, key).unwrap();
    let (edge, _) = ours();
    let checkpoint = Checkpoint {
        origin: "example.org/log".to_owned(),
        size: SIZE,
        root: edge.root(),
        extensions: Vec::new(),
    };
    let text = checkpoint.to_text();
    let signature = NoteSignature::new(&key, signing.sign(text.as_bytes()).to_vec());
    let note = Note { text, signatures: vec![signature] };

    let their = TheirNote::from_bytes(note.to_text().as_bytes()).unwrap();
    let verifier = StandardVerifier::new(&key.to_text()).unwrap();
    let (verified, unknown) = their.verify(&VerifierList::new(vec![Box::new(verifier)])).unwrap();
    assert_eq!((verified.len(), unknown.len()), (1, 0));
    let read = tlog_tiles::Checkpoint::from_bytes(their.text()).unwrap();
    assert_eq!((read.origin(), read.size()), ("example.org/log", SIZE));
    assert_eq!(digest(read.hash()), edge.root());
    // And theirs by us.
    let back = SignedCheckpoint::read(&their.to_bytes(), &key).unwrap();
    assert_eq!(back.checkpoint, checkpoint);
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A Sigsum log is one whose leaves name who signed what. Its checkpoint, proof and cosignatures are made
/// here, and judged by a Sigsum policy that asks for two of three witnesses.
#[test]
fn witnesses_and_proofs_hold_for_sigsum_as_its_policy_asks() {
    let key = |seed: u8| ed25519_dalek::SigningKey::from_bytes(&[seed; 32]);
    let key_hash = |key: &ed25519_dalek::SigningKey| Digest::of(key.verifying_key().as_bytes());
    let (log, author) = (key(1), key(2));
    let origin = format!("sigsum.org/v1/tree/{}", key_hash(&log).hex());

    // The entry among others: checksum, signature of its author, hash of the author's key.
    let message = Digest::of(b"what was decided");
    let checksum = Digest::of(message.as_bytes());
    let signed = [&b"sigsum.org/v1/tree-leaf\0"[..], checksum.as_bytes()].concat();
    let by_author = author.sign(&signed).to_bytes();
    let leaf = [checksum.as_bytes(), &by_author[..], key_hash(&author).as_bytes()].concat();
    let index = 300;
    let (mut edge, mut tiles) = (Edge::default(), Ours::default());
    for at in 0..SIZE {
        let entry = if at == index { leaf.clone() } else { entry(at) };
        edge.add(leaf_hash(&entry), |level, at, hash| {
            if level % 8 == 0 {
                tiles.0.entry((level / 8, at / 256)).or_default().push(*hash);
            }
        });
    }
    let root = edge.root();
    let checkpoint = Checkpoint { origin, size: SIZE, root, extensions: Vec::new() };
    let text = checkpoint.to_text();
    let Ok(path) = proof::inclusion(&TiledTree { tiles: &tiles, size: SIZE }, index, SIZE);

    let judged = |witnesses: &[u8], time: i64, root: &Digest| {
        let at = Instant::from_unix(1_800_000_000).unwrap();
        let cosignatures = witnesses.iter().map(|seed| {
            let bytes = countersign_tlog::checkpoint::cosigned_bytes(&text, at);
            let (hash, signature) = (key_hash(&key(*seed)).hex(), key(*seed).sign(&bytes));
            format!("cosignature={hash} {time} {}\n", hex(&signature.to_bytes()))
        });
        let sigsum = format!(
            "version=2\nlog={}\nleaf={} {}\n\nsize={SIZE}\nroot_hash={}\nsignature={}\n{}\nleaf_index={index}\n{}",
            key_hash(&log).hex(),
            key_hash(&author).hex(),
            hex(&by_author),
            root.hex(),
            hex(&log.sign(text.as_bytes()).to_bytes()),
            cosignatures.collect::<String>(),
            path.iter().map(|hash| format!("node_hash={}\n", hash.hex())).collect::<String>(),
        );
        let signature = sigsum::SigsumSignature::from_ascii(&sigsum).unwrap();
        let public = |seed: u8| hex(key(seed).verifying_key().as_bytes());
        let mut policy = format!("log {}\n", public(1));
        for seed in 3..6 {
            policy += &format!("witness W{seed} {}\n", public(seed));
        }
        policy += "group two 2 W3 W4 W5\nquorum two\n";
        let policy = sigsum::Policy::parse(&policy).unwrap();
        let author = sigsum::PublicKey::from(author.verifying_key().to_bytes());
        let message = sigsum::Hash::from(*message.as_bytes());
        sigsum::verify(&message, &signature, &[author], &policy).is_ok()
    };
    assert!(judged(&[3, 5], 1_800_000_000, &root));
    assert!(judged(&[3, 4, 5], 1_800_000_000, &root));
    assert!(!judged(&[3], 1_800_000_000, &root), "one of three");
    assert!(!judged(&[3, 6], 1_800_000_000, &root), "a stranger");
    assert!(!judged(&[3, 5], 1_800_000_001, &root), "another time");
    assert!(!judged(&[3, 5], 1_800_000_000, &Digest::of(b"fork")), "another root");
}

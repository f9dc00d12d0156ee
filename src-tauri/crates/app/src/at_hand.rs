//! The keys at hand, which decide what a person can do now in the directory that is open.

use countersign_admissibility::policy::Trust;
use countersign_ceremony::offers::Offer;
use countersign_ceremony::signer_profile::SignerProfile;
use countersign_index::queue::KeyAtHand;
use countersign_problem::visible::visible;
use countersign_signers::devices::Devices;
use serde::Serialize;

use crate::open_directory::OpenDirectory;

/// Somebody whose key is at hand.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, specta::Type)]
pub struct PersonAtHand {
    /// Their name in signatures.
    pub name: String,
    /// Whether their key is on a device that is plugged in.
    pub is_plugged_in: bool,
}

/// Has the queue of a directory list what can be done now with the keys that are plugged in and the
/// signers that are set up. A key counts whose signatures would: where the keyring decides, only one
/// that it has. In a review nothing can be done.
///
/// Returns whose keys they are, in order, and whether they are others than before.
pub fn look(
    open: &OpenDirectory,
    profiles: &[SignerProfile],
    devices: &Devices,
) -> (Vec<PersonAtHand>, bool) {
    if open.review().is_some() {
        return (Vec::new(), open.queue.set_keys_at_hand(None));
    }
    let rules = open.queue.context();
    let offers = Offer::all(profiles, devices, &rules, &open.root);
    let counts = |offer: &&Offer| {
        offer.problem.is_none() && (offer.known.is_some() || rules.policy.trust == Trust::Embedded)
    };
    let (mut keys, mut people) = (Vec::new(), Vec::new());
    for offer in offers.iter().filter(counts) {
        let Some(owner) = offer.owner() else { continue };
        people.push(PersonAtHand {
            name: visible(owner),
            is_plugged_in: offer.key.key_ref().is_plugged_in(),
        });
        keys.push(KeyAtHand {
            owner: owner.to_owned(),
            roles: offer.roles(),
            kind: offer.key.kind(offer.known.as_ref()),
            fingerprint: offer.fingerprint(),
        });
    }
    people.sort();
    people.dedup();
    (people, open.queue.set_keys_at_hand(Some(keys)))
}

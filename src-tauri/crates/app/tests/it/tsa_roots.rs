//! The roots of time-stamping authorities, which are trusted apart from those of attestations.

use std::fs;

use countersign_app::roots::{self, RootsError, TrustedFor};
use countersign_problem::Explain as _;
use countersign_trust::attestation_roots::TrustError;
use countersign_trust::tsa_roots;
use time_authority::TimeAuthority;

use crate::station::Station;

#[test]
fn roots_for_time_stamps_are_certificates_that_a_person_confirms() {
    let (station, authority) = (Station::new(), TimeAuthority::default());
    let workspace = station.workspace();
    let time_stamps = TrustedFor::TimeStamps;
    // A key of a TPM beside the certificate is nothing that could vouch for a time.
    let key = "-----BEGIN PUBLIC KEY-----\n\
               MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEHxjyAjexSKwOqSrhksBZSB5zHCvy\n\
               iaJx3bgp2dpRFh3MjeLxlKOZ7zQ2iiWmMMTbKX0PP+hBky5jcgw3BQVXHA==\n\
               -----END PUBLIC KEY-----\n";
    let file = station.beside("root.pem");
    fs::write(&file, format!("{key}{}", fs::read_to_string(authority.root()).unwrap())).unwrap();
    let seen = roots::look(&workspace, time_stamps, &file).unwrap();
    let facts: Vec<_> = seen.iter().map(|one| (&*one.subject, one.is_root, one.trusted)).collect();
    assert_eq!(facts, [("CN=Test_TSA_root", true, false)]);
    let all = roots::look(&workspace, TrustedFor::Attestations, &file).unwrap();
    let of_key = all.iter().find(|one| one.is_key).unwrap().sha256.clone();
    let refused = roots::add(&workspace, time_stamps, &file, &[of_key]).unwrap_err();
    assert!(matches!(refused, RootsError::Trust(TrustError::NotInFile { .. })), "{refused}");
    let only_key = station.beside("key.pem");
    fs::write(&only_key, key).unwrap();
    let refused = roots::look(&workspace, time_stamps, &only_key).unwrap_err();
    assert_eq!(refused.problem().code, "certificates");

    let sha256 = seen[0].sha256.clone();
    roots::add(&workspace, time_stamps, &file, std::slice::from_ref(&sha256)).unwrap();
    let trusted = |what| roots::view(&workspace, what).unwrap().roots.len();
    assert_eq!((trusted(time_stamps), trusted(TrustedFor::Attestations)), (1, 0));
    let folder = workspace.tsa_folder.clone().unwrap();
    assert_eq!(folder, tsa_roots::beside(&station.places.keyring));
    assert_eq!(workspace.rules().unwrap().tsa_roots, folder);
    // What a person puts there by hand counts too, if it is a certificate.
    fs::write(folder.join("by-hand.pem"), key).unwrap();
    assert_eq!(trusted(time_stamps), 1);

    roots::remove(&workspace, time_stamps, &sha256).unwrap();
    assert_eq!(trusted(time_stamps), 0);
    let journal = station.journal();
    assert!(journal.contains("root_trusted") && journal.contains("root_removed"), "{journal}");
    assert!(journal.contains("tsa-roots"), "it says what it is trusted for: {journal}");

    let blocked = Station::new();
    blocked.block_journal();
    let workspace = blocked.workspace();
    let refused = roots::add(&workspace, time_stamps, &file, &[sha256]);
    assert!(matches!(refused, Err(RootsError::Trust(TrustError::Journal(_)))), "{refused:?}");
    let after = roots::view(&workspace, time_stamps).unwrap();
    assert_eq!(after.roots, [], "what cannot be journalled is not done");
}

//! What Yubico publishes: its certificates by their fingerprints, and the numbers of the extensions of
//! YubiKeys.

use x509_cert::der::oid::ObjectIdentifier;

/// Certificates that are known by name, by the SHA-256 of their DER.
pub(super) const KNOWN: [(&str, &str); 10] = [
    (YUBICO_ROOT_1, "Yubico Attestation Root 1"),
    (YUBICO_PIV_ROOT, "Yubico PIV Root CA Serial 263751"),
    (YUBICO_PIV_ROOT_OLDER, "Yubico PIV Root CA Serial 263751, an older copy"),
    (YUBICO_U2F_ROOT, "Yubico U2F Root CA Serial 457200631"),
    (YUBIHSM_ROOT, "Yubico YubiHSM Root CA"),
    (
        "4698a1d3389c3ec60016c216250f1d0439922832d65142327436376dc2942b55",
        "Yubico Attestation Intermediate A 1",
    ),
    (
        "d4cc3f456fdaf4e7812a21aab1dfe9d8e27d24e2fd2d6f21c9940109f0daa754",
        "Yubico Attestation Intermediate B 1",
    ),
    (
        "6de693f05376f5d8ca29069261e1c8626c75d503bd2edbfd75354cad1f722870",
        "Yubico PIV Attestation A 1",
    ),
    (
        "2d55b7998f4e42569d6d8fa382b6dc77d1dacf07358b19701163892922b17052",
        "Yubico PIV Attestation B 1",
    ),
    (
        "0c90b7d184a36edf50a35f9be935f0c5689bfdcfe5bdd073366cafb49061a440",
        "Yubico PIV Attestation B2 1",
    ),
];

/// The root of firmware 5.7.4 and later, which FIDO, OpenPGP and HSM attestations lead to as well.
pub(super) const YUBICO_ROOT_1: &str =
    "62760c6a6ef91679f454c8902b80fd009825b3f25da90f1fbace2ec6586cd5a8";

/// The root of firmware 4.3.4 to 5.7.3.
pub(super) const YUBICO_PIV_ROOT: &str =
    "63ece914e54dd87915f34033c85af4c0696ba1512f8add66ced738331207b546";

/// The root of the first firmware that attests, 4.3. It issues for U2F as well.
pub(super) const YUBICO_U2F_ROOT: &str =
    "0fa1386f80eb8713263ae5c1d84deb455bdf08aea50ab05503cefee82b092d42";

/// The root of the YubiHSM 2.
pub(super) const YUBIHSM_ROOT: &str =
    "094a3ac493c2bdcd65a54bdf40190f52bb03f7156397a3fc69d8aa9a392fb724";

/// The root of earlier firmware as it was first given out, with a path length of 0 that no chain of
/// a YubiKey keeps to. The later copy of the same key has 1.
pub(super) const YUBICO_PIV_ROOT_OLDER: &str =
    "7e996a28e3055223733c9aec897900eda9b746e3e15d419556ac6a1179879a50";

/// Firmware: 3 raw bytes.
pub(super) const FIRMWARE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.4.1.41482.3.3");
/// Serial number: a DER INTEGER.
pub(super) const SERIAL: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.4.1.41482.3.7");
/// PIN and touch policy: 2 raw bytes.
pub(super) const POLICY: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.4.1.41482.3.8");
/// Form factor: 1 raw byte; may be missing.
pub(super) const FORM_FACTOR: ObjectIdentifier =
    ObjectIdentifier::new_unwrap("1.3.6.1.4.1.41482.3.9");
/// Certified by FIPS; only on the certificate of slot f9 as it left the factory.
pub(super) const FIPS: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.4.1.41482.3.10");
/// Certified by CSPN; likewise.
pub(super) const CSPN: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.4.1.41482.3.11");

/// Whether an extension is one of those above.
pub(super) fn is_own(id: ObjectIdentifier) -> bool {
    [FIRMWARE, SERIAL, POLICY, FORM_FACTOR, FIPS, CSPN].contains(&id)
}

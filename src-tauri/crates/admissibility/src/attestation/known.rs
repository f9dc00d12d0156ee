//! Certificates that are known by name, by the SHA-256 of their DER: those that makers of devices publish.

use super::certificate::Certificate;
use super::yubico;

/// Who published a root.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Publisher {
    /// Yubico, of its devices.
    Yubico,
    /// Marvell, of its HSMs (www.marvell.com, "Software Key Attestation").
    Marvell,
    /// Google, of the partitions of its HSMs (www.gstatic.com/cloudhsm/roots).
    Google,
}

/// Those that are not Yubico's.
const OTHERS: [(&str, &str, Publisher); 4] = [
    (
        "975757f0d76640e03d14760f8fc9e3a55826fa7807b2c392f7801a95bd69cc28",
        "Marvell LiquidSecurity root, 2015 to 2025",
        Publisher::Marvell,
    ),
    (
        "230143df00e0b452743e068a5b3fc08df8f06cefc4854ea627aeb7ebd70ee2f4",
        "Marvell LiquidSecurity root, 2024 to 2034",
        Publisher::Marvell,
    ),
    (
        "17644de0d33bc73b2f4ef4c20a11f6c8cc1f723a4cd83ee600361cbb24d8d2e5",
        "Marvell LiquidSecurity 2 root, 2024 to 2034",
        Publisher::Marvell,
    ),
    (
        "46b5fd351d56a0721ca0afcd1731c0f7b74e3941eb818bfd0ec36e29df0de095",
        "Google Cloud HSM root (Hawksbill Root v1 prod)",
        Publisher::Google,
    ),
];

/// What a certificate is known as, and who published it.
pub(super) fn of(certificate: &Certificate) -> Option<(&'static str, Publisher)> {
    let hex = certificate.fingerprint().hex();
    let yubicos = yubico::KNOWN.iter().map(|(sha256, name)| (*sha256, *name, Publisher::Yubico));
    let mut all = yubicos.chain(OTHERS);
    all.find(|(sha256, ..)| *sha256 == hex).map(|(_, name, publisher)| (name, publisher))
}

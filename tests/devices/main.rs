//! The command line with keys outside of it: virtual YubiKeys and other PIV cards, PKCS#11 modules, TPMs, SSH agents,
//! commands.

mod cloud_signers;
mod command_desk;
mod desk;
mod evidence;
mod external_signers;
mod piv_card;
mod pkcs11;
mod ssh_agent;
mod tpm;
mod yubikey;
mod yubikey_setup;

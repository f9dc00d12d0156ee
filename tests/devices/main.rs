//! The command line with keys outside of it: virtual YubiKeys and other PIV cards, PKCS#11 modules, TPMs, commands.

mod desk;
mod evidence;
mod external_signers;
mod piv_card;
mod pkcs11;
mod tpm;
mod yubikey;
mod yubikey_setup;

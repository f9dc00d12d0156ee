//! The command line with keys outside of it: virtual YubiKeys, PKCS#11 modules, TPMs, commands.

mod evidence;
mod external_signers;
mod pkcs11;
mod tpm;
mod yubikey;

//! Finding the key that a command chooses, among what is plugged in.

pub mod piv;
pub mod pkcs11;

//! The virtual YubiKey as others see it: a reader, pcscd, independent clients, the demonstration.

mod applications;
mod clients;
mod openssl;
mod program;
mod reader;
mod readers;

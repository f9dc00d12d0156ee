//! Arguments that several commands share, each group with what it is read into.

pub mod exempt;
pub mod holder;
pub mod journal;
pub mod key;
pub mod keyring;
pub mod log_policy;
pub mod memory;
pub mod old_forms;
pub mod piv;
pub mod pkcs11;
pub mod policy;
pub mod preview;
pub mod settings;
pub mod ssh_agent;
pub mod values;

//! Signing: choice → ceremony → signer → verified signature → file.
//!
//! | question | module |
//! |---|---|
//! | How is one envelope signed, step by step? | [`ceremony`] over [`signing`] |
//! | How is that shown in a window? | [`session`]; several at once, [`batch`] |
//! | What does a ceremony work with? | [`desk`] |
//! | Why is a step not taken? | [`act_error`] |
//! | Which signers does a person have? | [`signer_profile`] |
//! | What is plugged in, and behind PKCS#11 modules? | [`devices`], [`tokens`] |
//! | How is a PKCS#11 module started, and does its word on hardware count? | [`modules`] |

pub mod act_error;
pub mod batch;
pub mod ceremony;
pub mod desk;
pub mod devices;
pub mod modules;
pub mod session;
pub mod signer_profile;
pub mod signing;
pub mod tokens;

//! Signing: choice → ceremony → signer → verified signature → file.
//!
//! | question | module |
//! |---|---|
//! | How is one envelope signed, step by step? | [`ceremony`] over [`signing`] |
//! | How does a person go through one or several envelopes? | [`act`]; as it is shown, [`act::view`] |
//! | What does a ceremony work with? | [`desk`] |
//! | Why is a step not taken? | [`act_error`] |
//! | Which key, and what is known of it before it is chosen? | [`key_ref`], [`key_on_offer`] |
//! | Which keys are on offer in an act? | [`offers`] |
//! | Which signers does a person have? | [`signer_profile`] |
//! | What is plugged in, and behind PKCS#11 modules? | [`devices`], [`tokens`] |
//! | How is a PKCS#11 module started, and does its word on hardware count? | [`modules`] |

pub mod act;
pub mod act_error;
pub mod ceremony;
pub mod desk;
pub mod devices;
pub mod key_on_offer;
pub mod key_ref;
pub mod modules;
pub mod offers;
pub mod signer_profile;
pub mod signing;
pub mod tokens;

//! Signing: choice → ceremony → signer → verified signature → file.
//!
//! | question | module |
//! |---|---|
//! | How is one envelope signed, step by step? | [`ceremony`] over [`signing`] |
//! | What is signed so: an envelope, a reviewer's finding, a release, the tree of a log, or the signed keyring? | [`to_sign`]; [`finding`], [`release`], [`checkpoint`], [`signed_keyring`] |
//! | How does a person go through one or several envelopes? | [`act`]; as it is shown, [`act::view`] |
//! | How does a person sign a finding? | [`finding_act`] |
//! | What does a ceremony work with? | [`desk`] |
//! | Why is a step not taken? | [`act_error`] |
//! | How does a token sign without a person? | [`kept_pin`] |
//! | How do a file or a descriptor give PINs? | [`pin_lines`] |
//! | Which key, and what is known of it before it is chosen? | [`key_ref`], [`key_on_offer`] |
//! | Which keys are on offer in an act? | [`offers`] |
//! | Which signers does a person have? | [`signer_profile`]; how each is tried, [`signer_probe`] |
//! | Which signers are ready-made? | [`signer_template`]; the programs that they run, [`signer_program`] |
//! | What is plugged in, and behind PKCS#11 modules? | [`devices`], [`tokens`] |
//! | How is a PKCS#11 module started, and does its word on hardware count? | [`modules`] |
//!
//! A ceremony is the act of signing one envelope. What it does next, only its state allows:
//!
//! ```
//! use std::sync::Arc;
//!
//! use countersign_admissibility::keyring::Keyring;
//! use countersign_ceremony::ceremony::{Ceremony, Stage};
//! use countersign_ceremony::signing::{Choice, Intent, Scope};
//! use countersign_envelope::instant::Instant;
//! use countersign_envelope::signature::Role;
//! use countersign_envelope::signature_file::Terms;
//! use countersign_signers::software::Ed25519Signer;
//! use countersign_signers::{Key, Unattended};
//! # use countersign_admissibility::level::Level;
//! # use countersign_demo::Demo;
//! # use countersign_store::directory;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let place = tempfile::tempdir()?;
//! # Demo::one_level(1, 1, Some(Level::L1)).write(place.path(), &"demo".into())?;
//! # let run = place.path().join(&directory::find(place.path())?.runs[0]);
//! let keyring = Arc::new(Keyring::default());
//! let mut ceremony = Ceremony::begin(&run, Scope::RunAndManifest, None, keyring);
//! let reading = ceremony.reading().ok_or("this must not be signed")?;
//! println!("{}", reading.run().title().unwrap_or_default());
//! ceremony.have_read()?;
//!
//! let choice = Choice {
//!     key_id: "ds-prod-2026-05".to_owned(),
//!     signer_id: "mira.k".to_owned(),
//!     role: Role::Operator,
//!     signed_at: Instant::parse("2026-11-29T12:00:00Z").ok_or("no time")?,
//!     payload: None,
//!     terms: Terms { threshold: 2, required_roles: Vec::new() },
//!     evidence: Vec::new(),
//!     claim: true,
//!     intent: Intent::Sign,
//! };
//! let key = Ed25519Signer::from_seed(&[7; 32])?;
//! ceremony.choose(Key::Ready(Box::new(key)), choice)?;
//! // Signs, verifies what was made, and only then writes.
//! let written = ceremony.sign(&Unattended)?.to_vec();
//! assert_eq!(written.len(), 2, "run and manifest");
//! assert_eq!(ceremony.stage(), Stage::Done);
//! # Ok(())
//! # }
//! ```

pub mod act;
pub mod act_error;
pub mod ceremony;
pub mod checkpoint;
pub mod desk;
pub mod devices;
pub mod finding;
pub mod finding_act;
pub mod kept_pin;
pub mod key_on_offer;
pub mod key_ref;
pub mod modules;
pub mod offers;
pub mod pin_lines;
pub mod release;
pub mod signed_keyring;
pub mod signer_probe;
pub mod signer_profile;
pub mod signer_program;
pub mod signer_template;
pub mod signing;
pub mod to_sign;
pub mod tokens;

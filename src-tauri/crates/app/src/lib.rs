//! The use cases of a station.
//!
//! | question | module |
//! |---|---|
//! | Where does a station work, and where does it record what it does? | [`workspace`] |
//! | Where does a station keep its own files? What time is it? | [`places`], [`clock`] |
//! | How is a run registered? | [`registration`] |
//! | Does a log hold, and go on from what was seen of it? | [`checked_log`] |
//! | How is a log accepted as it is? How is its head made, how a proof? | [`log_acceptance`], [`log_head`], [`proof`] |
//! | How is a log a tree that is signed, proved and witnessed? | [`checkpoint`], [`witness`] |
//! | How are copies united, envelopes exported, imported, packed? | [`merge`], [`export`], [`import`], [`pack`]; the place of what is written: [`new_file`] |
//! | Whose keys and which logs count for a pack? | [`pack_judgement`] |
//! | What is open, and what may be done in it? | [`open_directory`] |
//! | Whose keys are at hand, and what can they do now? | [`at_hand`] |
//! | How is somebody else's directory looked at without touching it? | [`review`] |
//! | What does a reviewer see at once, and what do they conclude? | [`review_desk`]; signed, [`finding`]; as it is read again, [`finding_view`] |
//! | How do keys come in, and how are they revoked? | [`enrol`], [`enrol_token`], [`revoke`] |
//! | Which envelopes rise and fall with a change of trust or policy? | [`trust_change`] |
//! | Which signatures need no claim when claims are required? | [`exempt`] |
//! | Are the files at hand that a run was made from? | [`inputs`] |
//! | How is one input shown without its run? | [`disclosure`] |
//! | Which roots are trusted? | [`roots`] |
//! | How is evidence put beside a signature? | [`attest`] |
//! | How is an authority asked for time stamps, and how do they come in? | [`time_request`], [`time_import`]; as a person sees it, [`time_view`] |
//! | How easily is the passphrase of a new key guessed? | [`passphrase`] |
//! | The same about the runs themselves | [`run_time`] |
//! | How is a PIN changed? | [`pin`] |
//! | How is a YubiKey set up for signing? | [`yubikey_setup`]; as a person sees it, [`yubikey_setup_view`] |
//! | How are files signed with one key? | [`sign`] |
//! | How does somebody refuse to sign, or withdraw a signature? | [`refuse`] |
//! | What does a person set? | [`settings`], [`settings_file`], [`text_size`] |
//! | How are signers and PKCS#11 modules set up? | [`signer_profiles`], from a template [`signer_templates`]; [`module_options`] |
//! | What did a merge or an import bring? | [`merge_view`], [`carry_view`] |
//! | What is this program, and how was it built? Do two people vouch for it? | [`this_program`], as a person sees it [`this_program_view`]; [`release`] |
//! | Who could read the station's own files? | [`private_files`] |

pub mod at_hand;
pub mod attest;
pub mod carry_view;
pub mod checked_log;
pub mod checkpoint;
pub mod clock;
pub mod disclosure;
pub mod endorse;
pub mod enrol;
pub mod enrol_token;
pub mod exempt;
pub mod export;
pub mod finding;
pub mod finding_view;
pub mod import;
pub mod inputs;
pub mod log_acceptance;
pub mod log_head;
pub mod merge;
pub mod merge_view;
pub mod module_options;
pub mod new_file;
pub mod open_directory;
pub mod pack;
pub mod pack_judgement;
pub mod passphrase;
pub mod pin;
pub mod places;
pub mod private_files;
pub mod proof;
pub mod refuse;
pub mod registration;
pub mod release;
pub mod review;
pub mod review_desk;
pub mod revoke;
pub mod roots;
pub mod run_time;
pub mod settings;
pub mod settings_file;
pub mod sign;
pub mod signed_keyring;
pub mod signer_profiles;
pub mod signer_templates;
pub mod text_size;
pub mod this_program;
pub mod this_program_view;
pub mod time_import;
pub mod time_request;
pub mod time_view;
pub mod trust_change;
pub mod witness;
pub mod workspace;
pub mod yubikey_setup;
pub mod yubikey_setup_view;

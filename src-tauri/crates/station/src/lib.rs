//! Old names, until every caller has the new ones.
#![allow(missing_docs)]

pub use countersign_admissibility::acceptance;
pub use countersign_app::{
    import_view, log_acceptance, merge_view, private_files, registration, review, settings,
    settings_file,
};
pub use countersign_ceremony::{
    act_error, batch, ceremony, devices, modules, session, signer_profile, signing, tokens,
};
pub use countersign_demo as demo;
pub use countersign_exchange::{carry, merge, pack};
pub use countersign_index::{catalogue, history, queue};
pub use countersign_journal as journal;
pub use countersign_store::{
    archive, chain_lines, companions, directory, envelope_files, evidence, judgement, large,
    log_copies, log_head_file, log_memory, logs, overwrite, ownership, reading, safe_write, stamp,
    watch,
};
pub use countersign_trust::{attestation_roots, enrolment, keyring_file};
pub mod places {
    pub use countersign_app::private_files::*;
    pub use countersign_store::places::*;
}
pub mod view {
    pub use countersign_app::import_view::*;
    pub use countersign_app::merge_view::*;
    pub use countersign_journal::book::*;
    pub use countersign_journal::sentence::sentence;
    pub use countersign_views::*;
}

//! The TypeScript side of the bridge, generated from the commands, events and types here.

use tauri::Wry;
use tauri_specta::{Builder, collect_commands, collect_events};

use crate::commands::{
    about, act, carry, demo, devices, envelope, finding, history, inputs, keys, log, merge, queue,
    review, settings, station, time, trust, trust_change, yubikey,
};
use crate::events::{
    ActChanged, FindingChanged, InputsProgress, MergeProgress, QueueChanged, StationChanged,
    TrustPreviewProgress, YubikeySetupProgress,
};

/// Every command and event that crosses.
pub fn builder() -> Builder<Wry> {
    Builder::<Wry>::new()
        .disable_serde_phases()
        .commands(collect_commands![
            station::station,
            station::pick_directory,
            station::pick_file,
            station::pick_files,
            station::look_at_dropped,
            station::open_directory,
            station::compare_again,
            station::stop_work,
            station::shown,
            review::review,
            review::review_judge_by,
            review::review_compare,
            review::review_stop,
            about::this_program,
            about::check_release,
            finding::review_desk,
            finding::finding_place,
            finding::finding_begin,
            finding::finding_choose,
            finding::finding_secret,
            finding::finding_touch_again,
            finding::finding_back,
            finding::finding_close,
            finding::finding_look,
            finding::finding_page,
            finding::finding_print,
            merge::merge_preview,
            merge::merge,
            act::act_begin,
            act::act_rows,
            act::act_open,
            act::act_raw_lines,
            act::act_have_read,
            act::act_refuse,
            act::act_consider,
            act::act_choose,
            act::act_secret,
            act::act_touch_again,
            act::act_back,
            act::act_stop,
            act::act_go_on,
            act::act_close,
            carry::carrier_place,
            carry::export_envelopes,
            carry::import_look,
            carry::import_envelopes,
            carry::pack_envelope,
            carry::print_report,
            carry::show_in_folder,
            carry::digest_qr,
            time::time_request,
            time::time_import,
            queue::queue_window,
            queue::queue_between,
            queue::queue_people,
            envelope::envelope,
            envelope::raw_lines,
            inputs::inputs_check,
            inputs::inputs_stop,
            inputs::disclosure_place,
            inputs::disclose,
            inputs::disclosure_look,
            log::register_look,
            log::register,
            history::history,
            history::history_export,
            history::journal_window,
            log::accept_log,
            log::log_acceptance,
            envelope::evidence_attach,
            keys::keys,
            keys::key_enrol,
            keys::key_create,
            keys::passphrase_strength,
            keys::passphrase_words,
            keys::key_revoke,
            settings::settings,
            settings::settings_save,
            settings::text_size,
            settings::language,
            settings::signer_probe,
            settings::signer_template_check,
            settings::signer_template_probe,
            settings::agent_keys,
            settings::module_sha256,
            devices::devices_look_again,
            devices::device_enrol,
            yubikey::yubikey_plan,
            yubikey::yubikey_set_up,
            yubikey::yubikey_stop,
            devices::token_enrol,
            devices::pin_change,
            devices::puk_change,
            devices::pin_unblock,
            trust::trust_roots,
            trust::trust_root_look,
            trust::trust_root_add,
            trust::trust_root_remove,
            trust::tpm_endorse,
            trust::revocation_lists,
            trust::revocation_list_add,
            trust::revocation_list_remove,
            keys::key_certificates_look,
            keys::key_certify,
            keys::key_remove_certificates,
            trust_change::trust_preview,
            trust_change::trust_preview_stop,
            demo::demo_open,
            demo::demo_insert,
            demo::demo_pull,
            demo::demo_touch,
        ])
        .events(collect_events![
            StationChanged,
            QueueChanged,
            ActChanged,
            FindingChanged,
            YubikeySetupProgress,
            MergeProgress,
            TrustPreviewProgress,
            InputsProgress
        ])
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    /// `BINDINGS=write cargo test -p countersign-window` updates the file.
    #[test]
    fn the_typescript_side_is_current() {
        let kept = Path::new(env!("CARGO_MANIFEST_DIR")).join("../ui/src/ipc/bindings.ts");
        let made = tempfile::NamedTempFile::with_suffix(".ts").unwrap();
        builder().export(specta_typescript::Typescript::default(), made.path()).unwrap();
        let made = std::fs::read_to_string(made.path()).unwrap();
        if std::env::var_os("BINDINGS").is_some_and(|word| word == "write") {
            std::fs::write(&kept, &made).unwrap();
        }
        let kept = std::fs::read_to_string(&kept).unwrap();
        assert!(
            kept == made,
            "ui/src/ipc/bindings.ts is not what Rust generates; run: BINDINGS=write cargo test -p countersign-window"
        );
    }
}

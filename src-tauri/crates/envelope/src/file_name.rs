//! Which file belongs to which run, by name alone.

/// The longest artifact that is read, in bytes (64 MiB).
pub const MAX_BYTES: u64 = 64 << 20;

/// The longest log that is read into memory as a whole, in bytes (1 GiB): to pack or export it.
pub const MAX_LOG_BYTES: u64 = 1 << 30;

/// The file name of a keyring.
pub const KEYRING: &str = "keyring.json";

/// Beside a run: the transparency log of its directory.
pub const TRANSPARENCY_LOG: &str = "transparency_log.ndjson";
/// Beside a transparency log: its head.
pub const LOG_HEAD: &str = "LOG_HEAD.json";
/// Beside a run: the authority ledger of its directory.
pub const AUTHORITY_LEDGER: &str = "authority_ledger.ndjson";
/// Beside a run: the authority boundary of its directory.
pub const AUTHORITY_BOUNDARY: &str = "abp_v1.json";
/// Where the reference keeps the transparency log, seen from the directory of the run.
pub const REFERENCE_LOG: [&str; 3] = ["..", "transparency_log", "log.ndjson"];
/// Where the reference keeps the authority ledger, seen from the directory of the run.
pub const REFERENCE_LEDGER: [&str; 3] = ["..", "authority_ledger", "ledger.ndjson"];

/// Whether a file name is that of a sealed run: `RUN-<8 hex>_<YYYYMMDDTHHMMSSZ>.json`.
pub fn is_sealed_run(name: &str) -> bool {
    let Some(stem) = name.strip_prefix("RUN-").and_then(|n| n.strip_suffix(".json")) else {
        return false;
    };
    let bytes = stem.as_bytes();
    bytes.len() == 25
        && bytes[..8].iter().all(u8::is_ascii_hexdigit)
        && bytes[8] == b'_'
        && bytes[9..17].iter().all(u8::is_ascii_digit)
        && bytes[17] == b'T'
        && bytes[18..24].iter().all(u8::is_ascii_digit)
        && bytes[24] == b'Z'
}

/// The run id in the file name of a run or of what belongs to it: `RUN-<8 hex>` before the first `_`.
pub fn run_id_of(name: &str) -> Option<&str> {
    let (id, _) = name.split_once('_')?;
    id.starts_with("RUN-").then_some(id)
}

/// The run that a name mentions, wherever in it: `Copy of RUN-<…>Z.json (1).sig.json`. For names
/// that other programs have made of one of the usual names.
pub fn run_in_name(name: &str) -> Option<String> {
    /// `RUN-<8 hex>_<YYYYMMDDTHHMMSSZ>`.
    const LENGTH: usize = 29;
    name.match_indices("RUN-").find_map(|(at, _)| {
        let run = format!("{}.json", name.get(at..at + LENGTH)?);
        is_sealed_run(&run).then_some(run)
    })
}

/// Whether a file name is that of a manifest.
pub fn is_manifest(name: &str) -> bool {
    name.ends_with(".manifest.json")
}

/// Whether a file name is that of signatures.
pub fn is_signature(name: &str) -> bool {
    name.ends_with(".sig.json")
}

/// The manifest of a run: `X.json` gives `X.manifest.json`.
pub fn manifest_of(run: &str) -> String {
    format!("{}.manifest.json", run.strip_suffix(".json").unwrap_or(run))
}

/// The run of a manifest: `X.manifest.json` gives `X.json`.
pub fn run_of_manifest(manifest: &str) -> Option<String> {
    manifest.strip_suffix(".manifest.json").map(|stem| format!("{stem}.json"))
}

/// The signatures of an artifact: `X` gives `X.sig.json`.
pub fn signature_of(artifact: &str) -> String {
    format!("{artifact}.sig.json")
}

/// The run or manifest that a signature file belongs to; `None` if its name is not that of a signature file.
pub fn signed_by(signatures: &str) -> Option<&str> {
    let artifact = signatures.strip_suffix(".sig.json")?;
    let run = run_of_manifest(artifact);
    is_sealed_run(run.as_deref().unwrap_or(artifact)).then_some(artifact)
}

/// The refusals of a run: `X` gives `X.refusals.json`.
pub fn refusals_of(run: &str) -> String {
    format!("{run}.refusals.json")
}

/// Whether a file name is that of refusals.
pub fn is_refusals(name: &str) -> bool {
    name.ends_with(".refusals.json")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_sealed_run_counts_as_one() {
        assert!(is_sealed_run("RUN-50b0d817_20260506T070809Z.json"));
        for name in [
            "RUN-50b0d817_20260506T070809Z.manifest.json",
            "RUN-50b0d817_20260506T070809Z.json.sig.json",
            "RUN-50b0d817_20260506T070809Z.json.refusals.json",
            "RUN-notes.json",
            "RUN-50b0d81g_20260506T070809Z.json",
            "run-50b0d817_20260506T070809Z.json",
            "RUN-50b0d817_20260506T07080éZ.json",
        ] {
            assert!(!is_sealed_run(name), "{name}");
        }
    }
}

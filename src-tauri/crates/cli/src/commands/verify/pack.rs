//! `countersign verify` of a pack.

use countersign_admissibility::Judge;
use countersign_admissibility::policy::Trust;
use countersign_envelope::count::counted;
use countersign_exchange::pack::{self, OpenPack};
use countersign_problem::visible::visible;
use countersign_store::reading::directory_of;
use serde::Serialize;
use serde_json::{Value, json};

use crate::commands::verify::{VerifyArgs, VerifyError, write_report};
use crate::report;
use crate::stopped::Stopped;
use crate::ui::{self, Output, shown};

/// Whose keys a pack was judged by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Keys {
    /// Those that whoever packed it vouches for.
    Pack,
    /// Those of the keyring that was named.
    Keyring,
    /// Those of this station's own keyring.
    Station,
    /// Any that verifies.
    Any,
}

/// Verifies a pack; whether it matches its list and the expected digest, and reaches the wanted level.
pub fn verify(args: &VerifyArgs) -> Result<bool, Stopped> {
    let loaded = args.policy.load(directory_of(&args.path))?;
    let pack = pack::open(&args.path, loaded.logs.memory())?;
    let station = loaded.judge();
    // What came with a pack, or was put beside runs to pass for one, never outweighs this station's
    // own keyring.
    let keys = match args.policy.trust {
        Trust::Embedded => Keys::Any,
        Trust::Pinned if args.policy.keyring.keyring.is_some() => Keys::Keyring,
        Trust::Pinned if !args.pack_keys && !station.keyring.keys().is_empty() => Keys::Station,
        Trust::Pinned => Keys::Pack,
    };
    let by_pack = Judge { keyring: &pack.keyring, roots: &pack.roots, ..station };
    let mut judge = match keys {
        Keys::Keyring | Keys::Station => station,
        Keys::Pack | Keys::Any => by_pack,
    };
    if args.policy.roots.attestation_roots.is_some() {
        judge.roots = station.roots;
    }
    // A log that was named is a second opinion on the one in the pack.
    let mut logs = pack.logs.clone();
    let others = loaded.logs.named(&args.path);
    if args.policy.log.is_some() {
        logs.log = others.log.clone();
        logs.log_standing = others.log_standing.clone();
    }
    if args.policy.ledger.is_some() {
        logs.ledger = others.ledger.clone();
        logs.ledger_standing = others.ledger_standing.clone();
    }
    let (files, verdict) = pack.judge(&judge, Some(&logs));
    let expected = args.expect.is_none_or(|expected| expected == pack.digest);
    let reached = verdict.level >= Some(args.level);
    let path = pack.run_path();
    let mut out = ui::lasting_stdout();
    if args.json {
        let mut row: Value =
            serde_json::from_str(&report::to_json(&path, &files, &verdict, judge.policy))
                .unwrap_or_default();
        row["pack"] = json!({
            "digest": pack.faults.is_empty().then(|| pack.digest.hex()),
            "expected": args.expect.map(|_| expected && pack.faults.is_empty()),
            "faults": pack.faults,
            "litter": pack.litter,
            "keys": keys,
        });
        writeln!(out, "{row}")?;
    } else {
        write_pack(&mut out, &pack, keys, args)?;
        if keys == Keys::Station {
            let (_, by_pack) = pack.judge(&by_pack, Some(&logs));
            let level = report::badge(by_pack.level);
            writeln!(out, "        by the keys that came with the pack: {level} (--pack-keys)")?;
        }
        out.write_all(&write_report(&path, &verdict, args.level))?;
        loaded.tell_weaknesses(&mut out)?;
    }
    out.flush()?;
    if let Err(why) = &files.run {
        return Err(VerifyError::NotARun { path, why: why.clone() }.into());
    }
    Ok(reached && expected && pack.faults.is_empty())
}

/// Files that a file manager has left in an archive, if any.
fn write_litter(out: &mut Output, litter: &[String]) -> Result<(), Stopped> {
    if litter.is_empty() {
        return Ok(());
    }
    let names: Vec<String> = litter.iter().take(3).map(|name| visible(name)).collect();
    let more = if litter.len() > 3 { ", …" } else { "" };
    writeln!(
        out,
        "note    {} left by a file manager ({}{more}): harmless, and not part of the pack",
        counted(litter.len(), "file"),
        names.join(", ")
    )
}

fn write_pack(
    out: &mut Output,
    pack: &OpenPack,
    keys: Keys,
    args: &VerifyArgs,
) -> Result<(), Stopped> {
    writeln!(out, "pack    {}", shown(&pack.path))?;
    if pack.faults.is_empty() {
        ui::write_digest(out, &pack.digest.hex())?;
    } else {
        // The list may be the genuine one: its digest says nothing about what is here.
        writeln!(out, "digest  not shown, because something is wrong with the pack")?;
    }
    match args.expect {
        _ if !pack.faults.is_empty() => {}
        None => writeln!(
            out,
            "        compare it with the one you were told, or pass that with --expect"
        )?,
        Some(expected) if expected == pack.digest => writeln!(out, "        as expected")?,
        Some(expected) => {
            let style = anstyle::AnsiColor::Red.on_default().bold();
            writeln!(out, "        {style}NOT{style:#} the expected {}", expected.grouped())?;
        }
    }
    if pack.faults.is_empty() {
        writeln!(out, "files   all match SHA256SUMS")?;
    }
    for fault in &pack.faults {
        let style = anstyle::AnsiColor::Red.on_default().bold();
        writeln!(out, "{style}fault{style:#}   {}: {}", visible(&fault.file), visible(&fault.why))?;
    }
    write_litter(out, &pack.litter)?;
    let words = match keys {
        Keys::Pack => {
            "those of the pack: whose they are is the word of whoever packed it; pass --keyring to \
             compare it with yours"
        }
        Keys::Keyring => "those of the keyring that was named",
        Keys::Station => "those of this station's keyring",
        Keys::Any => "any that verifies (--trust embedded)",
    };
    writeln!(out, "keys    {words}")?;
    Ok(())
}

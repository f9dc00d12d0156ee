//! `countersign verify` of a pack.

use countersign_admissibility::inputs::FoundInputs;
use countersign_app::pack_judgement::{self, JudgedPack, PackTerms};
use countersign_app::review::ReviewKeys;
use countersign_envelope::count::counted;
use countersign_exchange::pack::{self, OpenPack};
use countersign_problem::visible::visible;
use countersign_store::reading::directory_of;
use serde_json::{Value, json};

use crate::commands::verify::{VerifyArgs, VerifyError, inputs, write_report};
use crate::report;
use crate::stopped::Stopped;
use crate::ui::{self, Output, shown};

/// Whose keys a pack was judged by, as its JSON says it.
fn word(keys: ReviewKeys) -> &'static str {
    match keys {
        ReviewKeys::Brought => "pack",
        ReviewKeys::Chosen => "keyring",
        ReviewKeys::Station => "station",
        ReviewKeys::Embedded => "any",
    }
}

/// Verifies a pack; whether it matches its list and the expected digest, and reaches the wanted level.
pub fn verify(args: &VerifyArgs) -> Result<bool, Stopped> {
    let loaded = args.policy.load(directory_of(&args.path))?;
    if let Some(facts) = loaded.judge().keyring.signed().filter(|_| args.pack_keys) {
        return Err(VerifyError::PackKeys { version: facts.version }.into());
    }
    let pack = pack::open(&args.path, loaded.logs.memory())?;
    let terms = PackTerms {
        keyring_is_named: args.policy.keyring.keyring.is_some(),
        by_its_own_keys: args.pack_keys,
        roots_are_named: args.policy.roots.attestation_roots.is_some(),
        log_is_named: args.policy.log.is_some(),
        ledger_is_named: args.policy.ledger.is_some(),
    };
    let judged = pack_judgement::judge(&pack, loaded.judge(), &loaded.logs, &terms);
    let JudgedPack { keys, files, verdict, by_its_own_keys } = judged;
    let expected = args.expect.is_none_or(|expected| expected == pack.digest);
    let reached = args.is_met_by(&verdict);
    let path = pack.run_path();
    let named = inputs::look_up(args, &files)?;
    let found = named.as_ref().or(pack.inputs.as_ref());
    let mut out = ui::lasting_stdout();
    if args.json {
        let mut row: Value = serde_json::from_str(&report::to_json(
            &path,
            &files,
            &verdict,
            loaded.weaknesses(&verdict),
            found,
        ))
        .unwrap_or_default();
        row["pack"] = json!({
            "digest": pack.faults.is_empty().then(|| pack.digest.hex()),
            "expected": args.expect.map(|_| expected && pack.faults.is_empty()),
            "faults": pack.faults,
            "litter": pack.litter,
            "keys": word(keys),
            "inputs": pack.inputs.as_ref().map(FoundInputs::standing),
        });
        writeln!(out, "{row}")?;
    } else {
        write_pack(&mut out, &pack, keys, args)?;
        if let Some(own) = by_its_own_keys {
            let level = report::badge(own.level);
            writeln!(out, "        by the keys that came with the pack: {level} (--pack-keys)")?;
        }
        out.write_all(&write_report(&path, &verdict, args))?;
        write_inputs(&mut out, &pack, named.as_ref())?;
        loaded.tell_weaknesses(&mut out)?;
    }
    out.flush()?;
    if let Err(why) = &files.run {
        return Err(VerifyError::NotARun { path, why: why.clone() }.into());
    }
    Ok(reached && expected && pack.faults.is_empty() && inputs::allow(found))
}

/// The files that the run was made from, as they were found in a directory that was named, and in the pack.
fn write_inputs(
    out: &mut Output,
    pack: &OpenPack,
    named: Option<&FoundInputs>,
) -> Result<(), Stopped> {
    if let Some(carried) = &pack.inputs {
        writeln!(out, "  The pack carries files that the run was made from:")?;
        out.write_all(&inputs::write(carried))?;
    }
    named.map_or(Ok(()), |named| out.write_all(&inputs::write(named)))
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
    keys: ReviewKeys,
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
        writeln!(
            out,
            "{style}fault{style:#}   {}: {}",
            visible(&fault.file),
            visible(&fault.why.english())
        )?;
    }
    write_litter(out, &pack.litter)?;
    let words = match keys {
        ReviewKeys::Brought => {
            "those of the pack: whose they are is the word of whoever packed it; pass --keyring to \
             compare it with yours"
        }
        ReviewKeys::Chosen => "those of the keyring that was named",
        ReviewKeys::Station => "those of this station's keyring",
        ReviewKeys::Embedded => "any that verifies (--trust embedded)",
    };
    writeln!(out, "keys    {words}")?;
    Ok(())
}

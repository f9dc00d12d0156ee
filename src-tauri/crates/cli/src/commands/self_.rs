//! `countersign self`: which program this is, how it was built, and where it keeps its state.

use std::path::PathBuf;

use countersign_app::clock::now;
use countersign_app::places::{self, Places};
use countersign_app::release;
use countersign_app::this_program::{
    self, BUILD, InPlace, JournalHead, Program, journal_head, kept_in, spoken,
};
use countersign_envelope::count::counted;
use countersign_problem::visible::visible;
use serde_json::{Value, json};

use crate::arguments::journal::JournalArgs;
use crate::arguments::keyring::KeyringArgs;
use crate::commands::release as release_command;
use crate::stopped::Stopped;
use crate::ui::{self, Output, shown};

const SELF_HELP: &str = "\
Example:
  countersign self
  countersign self --release countersign-0.1.0.release.json
  countersign self --release countersign-0.1.0.release.json --file countersign_0.1.0_amd64.deb

A program that was replaced can say anything of itself. Have the first digest read to you by somebody who \
has the same release, in groups of four or in words, or compare it with `sha256sum` from another machine.

With --release, exit code 0 means that two people whose keys are in the keyring vouch for the programs, or \
for the files that are named instead · 1 that they do not · 2 that a file cannot be read.";

/// Show which program this is: version, commit, digests, libraries, and where its state is
#[derive(Debug, clap::Args)]
#[command(after_help = SELF_HELP)]
pub struct SelfArgs {
    /// Compare the programs with this release, which two people signed
    #[arg(long, value_name = "FILE")]
    pub release: Option<PathBuf>,
    /// Compare this file with the release instead of the programs; may be repeated
    #[arg(long, value_name = "FILE", requires = "release")]
    pub file: Vec<PathBuf>,
    /// One JSON object instead of text
    #[arg(long)]
    pub json: bool,
    #[command(flatten)]
    pub keyring: KeyringArgs,
    #[command(flatten)]
    pub journal: JournalArgs,
}

/// Shows what this program is; whether the release that was given vouches for it.
pub fn run(args: &SelfArgs) -> Result<bool, Stopped> {
    let programs = this_program::programs()?;
    let Some(path) = &args.release else {
        let mut out = ui::stdout();
        match args.json {
            true => writeln!(out, "{}", to_json(&programs, args))?,
            false => write(&mut out, &programs, args)?,
        }
        return Ok(true);
    };
    let keyring = args.keyring.read()?;
    let file = release::read(path)?;
    let (files, version) = match args.file.is_empty() {
        true => (release::of_programs(&programs), Some(BUILD.version)),
        false => (release::hashed(&args.file)?, None),
    };
    let judged = release::judge(&file, (&files, version), &keyring, now());
    let mut out = ui::stdout();
    match args.json {
        true => writeln!(out, "{}", release_command::to_json(&file, &judged))?,
        false => release_command::write(&mut out, &file, &judged)?,
    }
    Ok(judged.is_confirmed())
}

fn write(out: &mut Output, programs: &[Program], args: &SelfArgs) -> Result<(), Stopped> {
    writeln!(out, "version   {}", BUILD.version)?;
    writeln!(out, "commit    {}", commit())?;
    writeln!(out, "compiler  {}", BUILD.compiler)?;
    for program in programs {
        let which = match program.in_place {
            Some(_) => "runs now",
            None => "beside it",
        };
        writeln!(out, "program   {}, {which}: {}", visible(&program.name), shown(&program.path))?;
        match program.in_place {
            Some(InPlace::Replaced) => {
                writeln!(out, "          another file stands there now: start it again")?;
            }
            Some(InPlace::Gone) => {
                writeln!(out, "          its file was removed since it started")?
            }
            Some(InPlace::Same) | None => {}
        }
        writeln!(out, "  sha256  {}", program.digest.grouped())?;
        writeln!(out, "  words   {}", spoken(&program.digest))?;
    }
    for (name, version) in BUILD.libraries {
        writeln!(out, "library   {name} {version}")?;
    }
    let Some(places) = places(args) else {
        return writeln!(out, "state     nowhere: there is no home directory");
    };
    for (name, path) in kept_in(&places) {
        writeln!(out, "{name:<9} {}", shown(path))?;
    }
    match journal_head(&places.journal) {
        JournalHead::None => writeln!(out, "  head    no entry yet"),
        JournalHead::Holds { entries, last } => {
            let entries = counted(entries, "entry");
            writeln!(out, "  head    {entries}, the chain holds; the last is {}", visible(&last))
        }
        JournalHead::Broken { why } => {
            writeln!(out, "  head    does not hold: {}", visible(&why.english()))
        }
    }
}

/// The commit, as far as it is known.
fn commit() -> String {
    let changed = if BUILD.is_changed { ", with changes" } else { "" };
    match BUILD.commit {
        Some(commit) => format!("{commit}{changed}"),
        None => "not known: a build to try things out, or from sources without git".to_owned(),
    }
}

/// The person's own places, with those that were named.
fn places(args: &SelfArgs) -> Option<Places> {
    let mut places = Places::at_home(places::NAME).ok()?;
    if let Some(keyring) = &args.keyring.keyring {
        places.keyring.clone_from(keyring);
    }
    if let Some(journal) = &args.journal.journal {
        places.journal.clone_from(journal);
    }
    Some(places)
}

fn to_json(programs: &[Program], args: &SelfArgs) -> Value {
    let program = |one: &Program| {
        json!({
            "name": one.name,
            "path": one.path.to_string_lossy(),
            "sha256": one.digest.hex(),
            "words": spoken(&one.digest),
            "runs": one.in_place.is_some(),
            "in_place": one.in_place,
        })
    };
    let places = places(args);
    let state = places.as_ref().map(|places| {
        let all = kept_in(places).into_iter();
        all.map(|(name, path)| (name.to_owned(), path.to_string_lossy().into()))
            .collect::<serde_json::Map<String, Value>>()
    });
    let head = places.map(|places| match journal_head(&places.journal) {
        JournalHead::None => json!({ "entries": 0, "last": null, "holds": true }),
        JournalHead::Holds { entries, last } => {
            json!({ "entries": entries, "last": last, "holds": true })
        }
        JournalHead::Broken { why } => json!({ "holds": false, "why": why }),
    });
    let libraries =
        BUILD.libraries.iter().map(|(name, version)| json!({ "name": name, "version": version }));
    json!({
        "version": BUILD.version,
        "commit": BUILD.commit,
        "changed": BUILD.is_changed,
        "compiler": BUILD.compiler,
        "programs": programs.iter().map(program).collect::<Vec<_>>(),
        "libraries": libraries.collect::<Vec<_>>(),
        "state": state,
        "journal": head,
    })
}

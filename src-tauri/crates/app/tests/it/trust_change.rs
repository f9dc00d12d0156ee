//! Before a change of trust or policy is made, it is known which envelopes rise and fall; and that is
//! what happens when it is made.

use std::convert::Infallible;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use countersign_admissibility::Verdict;
use countersign_admissibility::attestation::AttestationRoots;
use countersign_admissibility::keyring::{Revocation, RevocationCode};
use countersign_admissibility::level::Level;
use countersign_admissibility::policy::{Assurance, Policy, Trust};
use countersign_app::enrol;
use countersign_app::log_acceptance::LogAcceptance;
use countersign_app::revoke;
use countersign_app::roots::{self, TrustedFor};
use countersign_app::trust_change::{
    TrustChange, TrustChangeError, TrustEffect, TrustPreview, TrustShift,
};
use countersign_app::workspace::Workspace;
use countersign_envelope::file_name::signature_of;
use countersign_index::queue::{Context, Rules};
use countersign_store::directory;
use countersign_store::envelope_files::EnvelopeFiles;
use countersign_store::judgement::{self, RunsToJudge};
use countersign_store::log_memory::{self, ChainKind};
use countersign_store::logs::LogBook;
use countersign_store::reading::name_of;
use countersign_trust::enrolment::{self, Holder, Selection};
use time_authority::TimeAuthority;

use crate::station::{Envelopes, Station, cut, now};

fn preview(workspace: &Workspace, root: &Path, change: &TrustChange) -> TrustEffect {
    let preview = TrustPreview::of_directory(workspace, root).unwrap();
    preview.effect(workspace, change, |_, _| true).unwrap()
}

/// The levels of the envelopes as they are judged now.
fn levels(workspace: &Workspace, root: &Path) -> Vec<Option<u8>> {
    let logs = LogBook::default().remembering(workspace.memory.clone()).within(root);
    let (context, problems) =
        Context::read_with_problems(&workspace.rules().unwrap(), Arc::new(logs), now);
    assert_eq!(problems, []);
    let runs = directory::find(root).unwrap().runs;
    let judge = context.judge();
    let all = RunsToJudge { root, runs: &runs, judge: &judge, logs: &context.logs };
    let mut levels = Vec::new();
    let view = |_: &Path, _: &EnvelopeFiles, verdict: &Verdict| verdict.level.map(Level::number);
    let done = judgement::judge_all(all, view, |level| {
        levels.push(level);
        Ok::<(), Infallible>(())
    });
    match done {
        Ok(()) => levels,
    }
}

/// The key of a signature on the first run.
fn entry(workspace: &Workspace, envelopes: &Envelopes, index: usize) -> TrustChange {
    let run = envelopes.runs().remove(0);
    let path = run.with_file_name(signature_of(&name_of(&run)));
    let choice = Selection { index: Some(index), ..Selection::default() };
    let found = enrolment::find(&path.display().to_string(), &choice).unwrap();
    let roots = AttestationRoots::default();
    let entry = enrol::entry(workspace, Some(&found), Holder::default(), None, &roots).unwrap();
    TrustChange::Enrol(Box::new(entry.key))
}

#[test]
fn an_enrolment_says_which_envelopes_rise_and_writes_nothing() {
    let station = Station::new();
    let envelopes = station.envelopes("sealed", 3, Level::L4);
    let (workspace, root) = (station.workspace(), &*envelopes.root);
    let before = levels(&workspace, root);
    let [operator, witness] = [0, 1].map(|index| entry(&workspace, &envelopes, index));
    let effect = preview(&workspace, root, &operator);
    assert!(!station.places.keyring.exists() && station.journal().is_empty(), "nothing is written");
    assert_eq!((effect.judged, effect.fall), (3, 0));
    assert!(effect.rise > 0, "{effect:?}");
    assert_eq!(effect.moves.iter().map(|one| one.envelopes).sum::<u32>(), effect.rise);
    let first = &effect.envelopes[0];
    assert_eq!(first.shift, TrustShift::Rises);
    assert!(!first.decision_id.is_empty() && !first.title.is_empty() && !first.run.is_empty());
    assert!(effect.sentence().starts_with("Of 3 envelopes, "), "{}", effect.sentence());

    // What was said is what happens.
    let TrustChange::Enrol(key) = operator else { unreachable!() };
    enrol::enrol(&workspace, *key).unwrap();
    let after = levels(&workspace, root);
    let rise = after.iter().zip(&before).filter(|(after, before)| after > before).count();
    assert_eq!(rise, effect.rise as usize);
    let effect = preview(&workspace, root, &witness);
    let TrustChange::Enrol(key) = witness else { unreachable!() };
    enrol::enrol(&workspace, (*key).clone()).unwrap();
    let last = levels(&workspace, root);
    let rise = last.iter().zip(&after).filter(|(last, after)| last > after).count();
    assert_eq!((effect.rise as usize, effect.fall), (rise, 0));
    // The keyring does not take it twice.
    let preview = TrustPreview::of_directory(&workspace, root).unwrap();
    let refused = preview.effect(&workspace, &TrustChange::Enrol(key), |_, _| true);
    assert!(matches!(refused, Err(TrustChangeError::Keyring(_))), "{refused:?}");
}

#[test]
fn a_revocation_says_which_envelopes_fall() {
    let station = Station::new();
    let envelopes = station.envelopes("sealed", 3, Level::L4);
    let keyring = envelopes.root.join("keyring.json");
    let workspace = Workspace { keyring: Some(keyring), ..station.workspace() };
    let root = &*envelopes.root;
    assert_eq!(levels(&workspace, root), [Some(4); 3]);
    let TrustChange::Enrol(witness) = entry(&workspace, &envelopes, 1) else { unreachable!() };
    let revocation = |code| Revocation {
        at: now(),
        code,
        compromised_since: None,
        reason: "the stick is lost".to_owned(),
    };
    let key_id = witness.key_id;
    let change =
        |code| TrustChange::Revoke { key_id: key_id.clone(), revocation: revocation(code) };
    // Earlier signatures go on counting, unless somebody else may have made them.
    let effect = preview(&workspace, root, &change(RevocationCode::Superseded));
    assert!(effect.is_none(), "{effect:?}");
    assert_eq!(effect.sentence(), "Nothing would change about 3 envelopes.");
    let effect = preview(&workspace, root, &change(RevocationCode::KeyCompromise));
    assert_eq!(effect.rise, 0);
    assert!(effect.fall > 0, "{effect:?}");
    assert!(effect.moves.iter().all(|one| one.to < one.from));
    revoke::revoke(&workspace, &key_id, revocation(RevocationCode::KeyCompromise)).unwrap();
    let after = levels(&workspace, root);
    assert_eq!(after.iter().filter(|level| **level < Some(4)).count(), effect.fall as usize);
}

#[test]
fn another_policy_another_keyring_and_another_log_are_judged_before_they_are_saved() {
    let station = Station::new();
    let envelopes = station.envelopes("sealed", 2, Level::L6);
    let keyring = envelopes.root.join("keyring.json");
    let workspace = Workspace { keyring: Some(keyring), ..station.workspace() };
    let (root, own) = (&*envelopes.root, workspace.rules().unwrap());
    let changed = |rules: Rules| preview(&workspace, root, &TrustChange::Rules(Box::new(rules)));
    assert!(changed(own.clone()).is_none());
    let with = |policy| Rules { policy, ..own.clone() };
    let attested = Policy { assurance: Assurance::Attested, ..Policy::default() };
    let effect = changed(with(attested));
    assert_eq!((effect.judged, effect.fall, effect.rise), (2, 2, 0));
    assert!(effect.moves.iter().all(|one| (one.from, one.to) == (Some(6), Some(5))), "{effect:?}");
    let effect = changed(with(Policy { min_threshold: 9, ..Policy::default() }));
    assert_eq!(effect.rise, 0);
    // A keyring that is not there accepts nobody, and one that cannot be read is named.
    let elsewhere = |keyring| Rules { keyring, ..own.clone() };
    assert_eq!(changed(elsewhere(station.beside("none.json"))).fall, 2);
    let damaged = station.beside("damaged.json");
    fs::write(&damaged, "{").unwrap();
    let effect = changed(elsewhere(damaged));
    assert_eq!((effect.fall, effect.problems.len()), (2, 1));
    // Any key counts: only the assurance falls, because the keyring no longer says what holds it.
    let any = Policy { trust: Trust::Embedded, ..Policy::default() };
    let effect = changed(with(any));
    assert_eq!(effect.judged, 2);
    // Without the log nothing is registered.
    let empty = station.beside("empty.ndjson");
    fs::write(&empty, "").unwrap();
    let effect = changed(Rules { log: Some(empty), ..own.clone() });
    assert_eq!(effect.fall, 2, "{effect:?}");
}

#[test]
fn roots_that_come_and_go_are_judged_without_writing_the_folder() {
    let station = Station::new();
    let envelopes = station.envelopes("sealed", 2, Level::L7);
    let keyring = envelopes.root.join("keyring.json");
    let workspace = Workspace { keyring: Some(keyring), ..station.workspace() };
    let workspace = Workspace { tsa_folder: Some(station.beside("tsa")), ..workspace };
    let authority = TimeAuthority::default();
    let (what, file) = (TrustedFor::TimeStamps, authority.root().to_owned());
    let sha256 = vec![roots::look(&workspace, what, &file).unwrap()[0].sha256.clone()];
    let add = TrustChange::AddRoots { what, file: file.clone(), sha256: sha256.clone() };
    let effect = preview(&workspace, &envelopes.root, &add);
    assert!(effect.is_none() && !station.beside("tsa").exists(), "{effect:?}");
    let remove = TrustChange::RemoveRoot { what, sha256: sha256[0].clone() };
    let of = TrustPreview::of_directory(&workspace, &envelopes.root).unwrap();
    let refused = of.effect(&workspace, &remove, |_, _| true);
    assert!(matches!(refused, Err(TrustChangeError::Trust(_))), "{refused:?}");
    roots::add(&workspace, what, &file, &sha256).unwrap();
    assert!(preview(&workspace, &envelopes.root, &remove).is_none());
    assert_eq!(roots::view(&workspace, what).unwrap().roots.len(), 1, "it is still trusted");
}

#[test]
fn accepting_a_cut_log_says_which_runs_have_their_level_again() {
    let station = Station::new();
    let envelopes = station.envelopes("sealed", 3, Level::L4);
    let keyring = envelopes.root.join("keyring.json");
    let workspace = Workspace { keyring: Some(keyring), ..station.workspace() };
    let (log, root) = (envelopes.log(), &*envelopes.root);
    let memory = workspace.memory.as_ref().unwrap();
    log_memory::check(&log, ChainKind::Log, Some(memory)).unwrap();
    cut(&log, 1);
    let before = levels(&workspace, root);
    assert!(
        before.iter().all(|level| *level < Some(3)),
        "no run of a cut log keeps L3: {before:?}"
    );
    let acceptance = LogAcceptance::of(&log, ChainKind::Log, memory).unwrap();
    let effect = preview(&workspace, root, &TrustChange::AcceptLog(Box::new(acceptance.clone())));
    assert_eq!(levels(&workspace, root), before, "nothing is accepted yet");
    acceptance.accept(&workspace, "restored from the wrong backup").unwrap();
    let after = levels(&workspace, root);
    let rise = after.iter().zip(&before).filter(|(after, before)| after > before).count();
    assert_eq!((effect.rise as usize, effect.fall), (rise, 0));
    assert!(rise > 0, "{after:?}");
}

#[test]
fn a_preview_can_be_cancelled() {
    let station = Station::new();
    let envelopes = station.envelopes("sealed", 3, Level::L2);
    let workspace = station.workspace();
    let change = entry(&workspace, &envelopes, 0);
    let preview = TrustPreview::of_directory(&workspace, &envelopes.root).unwrap();
    let mut heard = Vec::new();
    let cancelled = preview.effect(&workspace, &change, |done, total| {
        heard.push((done, total));
        done < 2
    });
    assert!(matches!(cancelled, Err(TrustChangeError::Cancelled)), "{cancelled:?}");
    assert_eq!(heard, [(1, 3), (2, 3)]);
}

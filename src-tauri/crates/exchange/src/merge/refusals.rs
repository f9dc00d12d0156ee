//! Uniting the refusals of a run with those of its copies: only refusals of this very run come in,
//! by keys that the keyring accepts.

use std::collections::HashSet;
use std::path::Path;

use countersign_admissibility::acceptance;
use countersign_admissibility::keyring::Keyring;
use countersign_admissibility::refusals::JudgedRefusal;
use countersign_envelope::file_name::{MAX_BYTES, refusals_of};
use countersign_envelope::json::conflict_marker;
use countersign_envelope::refusal::RefusalsFile;
use countersign_envelope::sealed_run::SealedRun;
use countersign_envelope::signature::Role;
use countersign_problem::{Words, words};
use countersign_store::reading::{self, ReadError, name_of};

use super::copies::Copy;
use super::error::MergeError;
use super::report::{Merged, Reported};

/// Unites them. Returns the text to write, or `None` if nothing changes.
pub(super) fn unite(
    (path, root): (&Path, &Path),
    run: &SealedRun,
    copies: &[&Copy],
    keyring: &Keyring,
    merged: &mut Merged,
) -> Result<Option<String>, MergeError> {
    let name = refusals_of(&name_of(path));
    let own = existing(&path.with_file_name(&name), root)?;
    let mut united = own.clone().unwrap_or_default();
    for copy in copies {
        let read = reading::read(&copy.path, &copy.root, MAX_BYTES);
        let read = read.map_err(|error| Words::from(error.reason()));
        let file =
            read.and_then(|bytes| RefusalsFile::parse_for_rewrite(&bytes).map_err(Words::from));
        let file = match file {
            Ok(file) => file,
            Err(why) => {
                merged.left_out.push(copy.left_out(None, why));
                continue;
            }
        };
        let judged = acceptance::refusals(&file, run, keyring);
        let here = acceptance::refusals(&united, run, keyring);
        let here: HashSet<_> = here.iter().map(|one| (one.digest, one.fingerprint)).collect();
        for one in &judged {
            if !one.is_accepted() {
                let signer = one.refusal.as_ref().map(|refusal| refusal.signer.clone());
                let why = words!("left-out-refusal", detail = one.detail.clone());
                merged.left_out.push(copy.left_out(signer, why));
            } else if !here.contains(&(one.digest, one.fingerprint)) {
                merged.refusals.extend(reported(copy, &name, one));
            }
        }
        let accepted: Vec<bool> = judged.iter().map(JudgedRefusal::is_accepted).collect();
        match united.clone().unite(&file, |at| accepted[at]) {
            Ok(more) => united = more,
            Err(error) => merged.left_out.push(copy.left_out(None, error.into())),
        }
    }
    let is_changed = own.unwrap_or_default() != united;
    Ok(is_changed.then(|| united.to_text()))
}

/// The existing refusals, if they can be added to.
fn existing(path: &Path, root: &Path) -> Result<Option<RefusalsFile>, MergeError> {
    let bytes = match reading::read(path, root, MAX_BYTES) {
        Ok(bytes) => bytes,
        Err(ReadError::NotFound(_)) => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    if conflict_marker(&bytes).is_some() {
        return Err(MergeError::ConflictMarkers(path.to_owned()));
    }
    RefusalsFile::parse_for_rewrite(&bytes)
        .map(Some)
        .map_err(|error| MergeError::Refusals { path: path.to_owned(), error })
}

fn reported(copy: &Copy, file: &str, one: &JudgedRefusal) -> Option<Reported> {
    let refusal = one.refusal.as_ref()?;
    Some(Reported {
        file: file.to_owned(),
        signer_id: refusal.signer.clone(),
        role: Role::parse(&refusal.role),
        key_id: refusal.key_id.clone(),
        signed_at: Some(refusal.refused_at.to_string()),
        from: copy.path.clone(),
        origin: copy.origin,
        note: Some(one.sentence()),
    })
}

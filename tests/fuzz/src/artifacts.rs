//! What is JSON and nothing more: canonical form, runs, manifests, boundaries.

use countersign_envelope::authority_boundary::AuthorityBoundary;
use countersign_envelope::canonical;
use countersign_envelope::json::{self, Text};
use countersign_envelope::manifest::Manifest;
use countersign_envelope::sealed_run::SealedRun;

use crate::{read, refused};

/// JSON: its canonical form reads back, settles at the second pass at the latest, and does not depend
/// on the spelling.
pub fn canonical(bytes: &[u8]) {
    let text = Text::parse(bytes.to_vec().into());
    let document = match json::parse(bytes) {
        Ok(document) => document,
        Err(error) => {
            refused(&error);
            // Both readers refuse the same.
            assert!(text.is_err(), "{text:?}");
            return;
        }
    };
    let text = text.expect("both readers take the same");
    let once = canonical::to_string(&document.value);
    let again = |text: &str| json::parse(text.as_bytes()).expect("canonical JSON is JSON").value;
    // A fraction that rounds to a whole number prints as `1.0` and then as `1`.
    let twice = canonical::to_string(&again(&once));
    assert_eq!(canonical::to_string(&again(&twice)), twice);
    assert_eq!(canonical::to_string(&again(&document.value.to_pretty())), once);
    assert_eq!(canonical::to_string(&again(&document.value.to_line())), once);
    // What is hashed and signed is made without a tree, and is the same.
    assert_eq!(canonical::to_string(&text.root().to_value()), once);
    if document.value.as_object().is_some()
        && let Ok(streamed) = canonical::Canonical::of(text)
    {
        assert_eq!(streamed.bytes().as_ref(), once.as_bytes());
        assert_eq!(streamed.len(), once.len());
    }
}

/// A sealed run.
pub fn sealed_run(bytes: &[u8]) {
    let Some(run) = read(SealedRun::parse(bytes)) else { return };
    let facts = |run: &SealedRun| {
        let texts = [run.recorded_hash(), run.run_id(), run.decision_id(), run.title()];
        // Line ends are written as one character.
        let texts =
            texts.map(|text| text.map(|text| text.replace("\r\n", "\n").replace('\r', "\n")));
        let digests = (run.content_hash(), run.scope_hash(), run.artifact().canonical().digest());
        let manifests = run.sealed_manifests().map(|one| one.name().to_owned()).collect::<Vec<_>>();
        (texts, digests, manifests, run.created_at(), run.manifest_keys())
    };
    let canonical = run.artifact().canonical().bytes().into_owned();
    let again = read(SealedRun::parse(&canonical)).expect("canonical JSON of a run is a run");
    let (first, second) = (facts(&run), facts(&again));
    // A number may be spelt otherwise in the canonical form of the canonical form: see `canonical`.
    if again.artifact().canonical().bytes().as_ref() == canonical {
        assert_eq!(first, second);
    }
}

/// A manifest.
pub fn manifest(bytes: &[u8]) {
    let Some(manifest) = read(Manifest::parse(bytes)) else { return };
    let facts = |manifest: &Manifest| {
        let texts = [manifest.sealed_run(), manifest.run_id()].map(|one| one.map(str::to_owned));
        (texts, manifest.scope_hash(), manifest.run_keys())
    };
    let canonical = manifest.artifact().canonical().bytes().into_owned();
    let again = read(Manifest::parse(&canonical)).expect("canonical JSON of one is one");
    if again.artifact().canonical().bytes().as_ref() == canonical {
        assert_eq!(facts(&manifest), facts(&again));
    }
}

/// An authority boundary: what its schema takes has what the schema asks for.
pub fn authority_boundary(bytes: &[u8]) {
    let Some(boundary) = read(AuthorityBoundary::parse(bytes)) else { return };
    let _ = (boundary.derived_id(), boundary.computed_hash(), boundary.expires_at());
    let _ = (boundary.created_at(), boundary.effective_at(), boundary.parent());
    let _ = (boundary.children().count(), boundary.denied_tools().count());
    let _ = (boundary.allowed_tools().count(), boundary.allowed_objectives().count());
    let _ = boundary.permissions().filter(|one| one.lets("operator", "read")).count();
    match boundary.check_schema() {
        Ok(()) => {
            assert!(boundary.id().is_some() && boundary.recorded_hash().is_some());
            assert!(boundary.derived_id().is_some() && boundary.computed_hash().is_some());
        }
        Err(error) => refused(&error),
    }
}

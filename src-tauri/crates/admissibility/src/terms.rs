//! What a signature file asks for, and whether it asked for more when the station saw it last.
//!
//! Threshold and required roles are not signed: anyone who can write the file can lower them, and L4
//! is reached again. A station that set or saw higher terms warns.

use countersign_envelope::digest::Digest;
use countersign_envelope::instant::Instant;
use countersign_envelope::signature::Role;
use countersign_envelope::signature_file::{SignatureFile, Terms};
use countersign_problem::{Words, words};

use crate::signatures::{JudgedSignature, role_words};

/// The lowest threshold: below two it has no meaning.
pub const LEAST_THRESHOLD: u64 = 2;

/// The roles that L4 requires of every envelope.
pub const LEAST_ROLES: [Role; 2] = [Role::Operator, Role::Witness];

/// What a signature file asks for: at least what L4 requires of every envelope, at most as many
/// signatures as there are `people`, and only roles that exist, each once.
pub fn asked(file: Option<&SignatureFile>, people: u64) -> Terms {
    let threshold = file.and_then(SignatureFile::threshold).unwrap_or(0);
    let mut required_roles = LEAST_ROLES.to_vec();
    for role in file.map(roles).into_iter().flatten() {
        if !required_roles.contains(&role) {
            required_roles.push(role);
        }
    }
    Terms { threshold: threshold.min(people).max(LEAST_THRESHOLD), required_roles }
}

/// What the claims of the signatures that count ask for.
pub(crate) fn claimed(signatures: &[JudgedSignature]) -> impl Iterator<Item = &Terms> {
    let valid = signatures.iter().filter(|one| one.is_valid());
    valid.filter_map(|one| Some(&one.claim.holding()?.claim.terms))
}

/// Raises terms to what else is asked for, at most as many signatures as there are `people`.
pub(crate) fn raise(asked: &mut Terms, more: &Terms, people: u64) {
    asked.threshold = asked.threshold.max(more.threshold.min(people));
    for role in &more.required_roles {
        if !asked.required_roles.contains(role) {
            asked.required_roles.push(*role);
        }
    }
}

fn roles(file: &SignatureFile) -> Vec<Role> {
    file.witness_requirements().into_iter().filter_map(Role::parse).collect()
}

/// Whether terms are more than what L4 requires of every envelope.
pub fn exceed_the_least(terms: &Terms) -> bool {
    terms.threshold > LEAST_THRESHOLD
        || terms.required_roles.iter().any(|role| !LEAST_ROLES.contains(role))
}

/// The terms that a station saw in the signature file of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeenTerms {
    /// The highest threshold, and every role.
    pub terms: Terms,
    /// When the last of these was seen first.
    pub seen_at: Instant,
}

impl SeenTerms {
    /// Adds terms that were seen, and returns whether that raises anything.
    pub fn raise(&mut self, seen: &Self) -> bool {
        let own = &mut self.terms;
        let before = (own.threshold, own.required_roles.len());
        raise(own, &seen.terms, u64::MAX);
        let is_higher = before != (own.threshold, own.required_roles.len());
        if is_higher {
            self.seen_at = seen.seen_at;
        }
        is_higher
    }

    /// In words, what a signature file no longer asks for; `None` if it asks for all of it.
    pub fn lowered(&self, file: &SignatureFile) -> Option<Words> {
        lowered(&self.terms, file)
            .map(|lowered| words!("terms-lowered-since-seen", at = %self.seen_at, lowered))
    }
}

/// In words, what an envelope no longer asks for that the claim of a signer does; `None` if it asks
/// for all of it. What the claim asks for counts all the same.
pub(crate) fn lowered_since_claim(who: &str, terms: &Terms, file: &SignatureFile) -> Option<Words> {
    lowered(terms, file).map(|lowered| words!("terms-lowered-since-signed", ?who, lowered))
}

/// Which of the terms an envelope does not ask for.
fn lowered(terms: &Terms, file: &SignatureFile) -> Option<Words> {
    // As written: a keyring that has fewer people now lowers nothing in the file.
    let now = asked(Some(file), u64::MAX);
    let is_gone = |role: &&Role| !now.required_roles.contains(role);
    let gone = terms.required_roles.iter().filter(is_gone).map(|role| role_words(Some(*role)));
    let gone = gone.reduce(|rest, next| words!("list-more", rest, next));
    let fewer = (now.threshold < terms.threshold)
        .then(|| words!("terms-threshold", before = %terms.threshold, now = %now.threshold));
    let gone = gone.map(|roles| words!("terms-roles", roles));
    fewer.into_iter().chain(gone).reduce(|rest, next| words!("list-also", rest, next))
}

/// What the signature file of a run asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AskedTerms {
    /// The hash of the run's canonical bytes.
    pub run: Digest,
    /// Threshold and roles.
    pub terms: Terms,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(threshold: &str, roles: &str) -> SignatureFile {
        let text = format!(
            r#"{{"multisig_version":"1.0","artifact_hash":"sha256:00","threshold":{threshold},"signatures":[],"witness_requirements":{roles}}}"#
        );
        SignatureFile::parse(text.as_bytes()).unwrap()
    }

    fn seen(threshold: &str, roles: &str) -> SeenTerms {
        SeenTerms { terms: asked(Some(&file(threshold, roles)), 9), seen_at: Instant::EPOCH }
    }

    #[test]
    fn what_is_asked_for_is_bounded_and_known() {
        let terms = asked(Some(&file("1000000", r#"["auditor","emperor","auditor"]"#)), 3);
        assert_eq!(terms.threshold, 3);
        assert_eq!(terms.required_roles, [Role::Operator, Role::Witness, Role::Auditor]);
        assert!(exceed_the_least(&terms));
        for least in [asked(None, 9), asked(Some(&file("\"x\"", "null")), 9)] {
            assert_eq!((least.threshold, least.required_roles.len()), (2, 2));
            assert!(!exceed_the_least(&least));
        }
    }

    #[test]
    fn each_term_that_was_lowered_is_named() {
        let seen = seen("3", r#"["operator","witness","auditor"]"#);
        for same in [file("3", r#"["auditor"]"#), file("4", r#"["auditor","reviewer"]"#)] {
            assert_eq!(seen.lowered(&same), None);
        }
        let threshold = seen.lowered(&file("2", r#"["auditor"]"#)).unwrap().to_string();
        assert!(threshold.contains("asked for 3 signatures and asks for 2"), "{threshold}");
        assert!(!threshold.contains("auditor"), "{threshold}");
        let role = seen.lowered(&file("3", "null")).unwrap().to_string();
        assert!(role.contains("no longer asks for the role auditor"), "{role}");
        // A threshold that is not a number asks for nothing.
        assert!(seen.lowered(&file("\"3\"", r#"["auditor"]"#)).is_some());
    }

    #[test]
    fn terms_that_were_seen_only_rise() {
        let mut known = seen("3", "null");
        assert!(!known.raise(&seen("2", "null")));
        assert!(known.raise(&seen("2", r#"["auditor"]"#)));
        assert_eq!(known.terms.threshold, 3);
        assert!(known.terms.required_roles.contains(&Role::Auditor));
    }
}

//! What the certificates of a chain demand of those below them: path length, names and policies
//! (RFC 5280 section 6.1).
//!
//! The initial policy set is any-policy, so a policy only matters if a certificate of the chain
//! requires one. Name constraints count whether or not they are critical. A constraint on a form of
//! name that is not compared here is *not processed* as soon as a certificate below has such a name.

use countersign_problem::{Words, words};
use std::collections::BTreeSet;
use std::mem::discriminant;

use x509_cert::attr::AttributeTypeAndValue;
use x509_cert::der::asn1::{Any, Ia5String};
use x509_cert::der::oid::ObjectIdentifier;
use x509_cert::der::oid::db::rfc3280;
use x509_cert::der::{Encode as _, Tag, Tagged as _};
use x509_cert::ext::pkix::constraints::name::GeneralSubtrees;
use x509_cert::ext::pkix::name::GeneralName;
use x509_cert::ext::pkix::{
    CertificatePolicies, ExtendedKeyUsage, InhibitAnyPolicy, NameConstraints, PolicyConstraints,
    PolicyMappings, SubjectAltName,
};
use x509_cert::name::{Name, RelativeDistinguishedName};

use super::certificate::Certificate;
use super::error::AttestationError;

/// anyPolicy (RFC 5280 section 4.2.1.4).
const ANY_POLICY: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.32.0");
/// anyExtendedKeyUsage (RFC 5280 section 4.2.1.12).
const ANY_PURPOSE: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.37.0");
/// The qualifiers that RFC 5280 defines; both are for people to read.
const QUALIFIERS: [ObjectIdentifier; 2] = [
    ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.2.1"),
    ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.2.2"),
];

/// What signing documents is called as an extended key usage: for any purpose, RFC 9336, S/MIME,
/// Microsoft's and Adobe's.
const DOCUMENTS: [ObjectIdentifier; 5] = [
    ANY_PURPOSE,
    ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.36"),
    ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.4"),
    ObjectIdentifier::new_unwrap("1.3.6.1.4.1.311.10.3.12"),
    ObjectIdentifier::new_unwrap("1.2.840.113583.1.1.5"),
];

/// Whether one of some extended key usages allows to sign documents.
pub(crate) fn allows_documents(purposes: &ExtendedKeyUsage) -> bool {
    purposes.0.iter().any(|purpose| DOCUMENTS.contains(purpose))
}

/// What the lowest certificate of a chain is for.
#[derive(Debug, Clone, Copy)]
pub(super) enum Purpose {
    /// It names none, as a YubiKey's.
    Unnamed,
    /// This one.
    Of(ObjectIdentifier),
    /// Signing documents. What the lowest certificate itself says of that is judged apart.
    Documents,
}

/// Checks a whole chain, its root first.
///
/// # Errors
/// Fails with [`AttestationError::BrokenChain`] if a constraint is violated, and with
/// [`AttestationError::NotProcessed`] if it cannot be told here whether one is.
pub(super) fn check(chain: &[&Certificate], purpose: Purpose) -> Result<(), AttestationError> {
    check_purposes(chain, purpose)?;
    check_names(chain)?;
    check_policies(chain)
}

fn broken(subject: &Certificate, problem: Words) -> AttestationError {
    AttestationError::BrokenChain { subject: subject.subject(), problem }
}

fn not_processed(subject: &Certificate, problem: Words) -> AttestationError {
    AttestationError::NotProcessed { subject: Words::text(subject.subject()), problem }
}

/// Path lengths: how many authorities may stand below each. Self-issued ones are not counted.
///
/// # Errors
/// Fails if one is exceeded.
pub(super) fn check_path_lengths(chain: &[&Certificate]) -> Result<(), AttestationError> {
    let Some((_, authorities)) = chain.split_last() else { return Ok(()) };
    for (at, one) in authorities.iter().enumerate() {
        let Some(most) = one.path_length() else { continue };
        let below = authorities[at + 1..].iter().filter(|below| !below.is_self_issued()).count();
        if usize::from(most) < below {
            let problem = words!("cert-path-length", %most, %below);
            return Err(broken(one, problem));
        }
    }
    Ok(())
}

/// A critical extended key usage of an authority limits what it issues for.
fn check_purposes(chain: &[&Certificate], purpose: Purpose) -> Result<(), AttestationError> {
    let judged_apart = usize::from(matches!(purpose, Purpose::Documents));
    for one in &chain[..chain.len().saturating_sub(judged_apart)] {
        let Some((true, allowed)) = one.decoded::<ExtendedKeyUsage>()? else {
            continue;
        };
        match purpose {
            _ if allowed.0.contains(&ANY_PURPOSE) => {}
            Purpose::Unnamed => {
                return Err(not_processed(one, words!("cert-critical-purposes")));
            }
            Purpose::Of(purpose) if allowed.0.contains(&purpose) => {}
            Purpose::Documents if allows_documents(&allowed) => {}
            Purpose::Of(purpose) => {
                return Err(broken(one, words!("cert-other-purpose", %purpose)));
            }
            Purpose::Documents => return Err(broken(one, words!("cert-not-for-documents"))),
        }
    }
    Ok(())
}

/// Name constraints (RFC 5280 section 4.2.1.10).
fn check_names(chain: &[&Certificate]) -> Result<(), AttestationError> {
    for (at, authority) in chain.iter().enumerate() {
        let Some((_, constraints)) = authority.decoded::<NameConstraints>()? else { continue };
        for (below, one) in chain.iter().enumerate().skip(at + 1) {
            if one.is_self_issued() && below + 1 < chain.len() {
                continue;
            }
            for name in names(one)? {
                check_name(authority, &constraints, one, &name)?;
            }
        }
    }
    Ok(())
}

/// The subject, if it is not empty, with the e-mail addresses in it, and the alternative names.
fn names(certificate: &Certificate) -> Result<Vec<GeneralName>, AttestationError> {
    let subject = certificate.subject_name();
    let mut names = Vec::new();
    if !subject.is_empty() {
        names.push(GeneralName::DirectoryName(subject.clone()));
    }
    for mail in subject.iter().filter(|part| part.oid == rfc3280::EMAIL_ADDRESS) {
        let address = text_of(&mail.value).and_then(|text| Ia5String::new(&text).ok());
        let unread = || not_processed(certificate, words!("cert-mail"));
        names.push(GeneralName::Rfc822Name(address.ok_or_else(unread)?));
    }
    if let Some((_, SubjectAltName(alternatives))) = certificate.decoded::<SubjectAltName>()? {
        names.extend(alternatives);
    }
    Ok(names)
}

fn check_name(
    authority: &Certificate,
    constraints: &NameConstraints,
    one: &Certificate,
    name: &GeneralName,
) -> Result<(), AttestationError> {
    let empty = GeneralSubtrees::new();
    let permitted = constraints.permitted_subtrees.as_ref().unwrap_or(&empty);
    let excluded = constraints.excluded_subtrees.as_ref().unwrap_or(&empty);
    let of_form = |trees: &GeneralSubtrees| {
        trees.iter().filter(|tree| discriminant(&tree.base) == discriminant(name)).count()
    };
    if of_form(permitted) + of_form(excluded) == 0 {
        return Ok(());
    }
    // `None` if it cannot be told.
    let within = |trees: &GeneralSubtrees, exactly: bool| -> Option<bool> {
        let mut any = false;
        for tree in trees {
            any |= match (&tree.base, name) {
                (GeneralName::DirectoryName(base), GeneralName::DirectoryName(name)) => {
                    is_within(name, base)
                }
                (GeneralName::Rfc822Name(base), GeneralName::Rfc822Name(name)) => {
                    is_mail_within(name.as_str(), base.as_str(), exactly)?
                }
                (base, name) if discriminant(base) == discriminant(name) => return None,
                _ => false,
            };
        }
        Some(any)
    };
    let (Some(is_permitted), Some(is_excluded)) =
        (within(permitted, true), within(excluded, false))
    else {
        return Err(not_processed(authority, words!("cert-names")));
    };
    if (of_form(permitted) > 0 && !is_permitted) || is_excluded {
        let issuer = authority.subject();
        return Err(broken(one, words!("cert-other-name", issuer)));
    }
    Ok(())
}

/// Whether an e-mail address is within a constraint: a mailbox, all those of a host, or, after a full
/// stop, those of the hosts below it (RFC 5280 section 4.2.1.10). Hosts are compared whatever their
/// case; mailboxes only if not `exactly`. `None` if it is not an address of ordinary form.
fn is_mail_within(address: &str, base: &str, exactly: bool) -> Option<bool> {
    let parts = |text: &str| {
        let (mailbox, host) = text.split_once('@')?;
        let is_ordinary = text.is_ascii() && !text.contains(['"', '\\', '(', '<', ' ', '\0']);
        let is_ordinary = is_ordinary && !mailbox.is_empty() && !host.is_empty();
        (is_ordinary && !host.contains('@'))
            .then(|| (mailbox.to_owned(), host.to_ascii_lowercase()))
    };
    let (mailbox, host) = parts(address)?;
    if base.contains('@') {
        let (wanted, at) = parts(base)?;
        let same = match exactly {
            true => mailbox == wanted,
            false => mailbox.eq_ignore_ascii_case(&wanted),
        };
        return Some(same && host == at);
    }
    let base = base.to_ascii_lowercase();
    Some(match base.starts_with('.') {
        true => host.len() > base.len() && host.ends_with(&base),
        false => host == base,
    })
}

/// Whether a name begins with all of another.
fn is_within(name: &Name, base: &Name) -> bool {
    let (mut name, base) = (name.iter_rdn(), base.iter_rdn());
    base.into_iter().all(|wanted| name.next().is_some_and(|found| same(found, wanted)))
}

fn same(one: &RelativeDistinguishedName, other: &RelativeDistinguishedName) -> bool {
    let parts = |name: &RelativeDistinguishedName| name.iter().map(part).collect::<BTreeSet<_>>();
    parts(one) == parts(other)
}

/// One attribute as names are compared: in any encoding, whatever the case and the spaces (RFC 5280
/// section 7.1).
fn part(attribute: &AttributeTypeAndValue) -> (ObjectIdentifier, Vec<u8>) {
    let value = &attribute.value;
    let compared = match text_of(value) {
        Some(text) => {
            let words: Vec<&str> = text.split_whitespace().collect();
            words.join(" ").to_lowercase().into_bytes()
        }
        None => value.to_der().unwrap_or_default(),
    };
    (attribute.oid, compared)
}

/// The text of a name's attribute, in any encoding; `None` if it is not a text.
pub(crate) fn text_of(value: &Any) -> Option<String> {
    let bytes = value.value();
    match value.tag() {
        Tag::Utf8String | Tag::PrintableString | Tag::Ia5String | Tag::VisibleString => {
            std::str::from_utf8(bytes).map(str::to_owned).ok()
        }
        Tag::TeletexString => Some(bytes.iter().copied().map(char::from).collect()),
        Tag::BmpString => {
            let unit = |pair: &[u8]| pair.iter().fold(0, |all, byte| (all << 8) | u16::from(*byte));
            String::from_utf16(&bytes.chunks(2).map(unit).collect::<Vec<_>>()).ok()
        }
        _ => None,
    }
}

/// Policies, with any-policy as the initial set. What matters of RFC 5280's tree is whether its
/// lowest level is empty, and that follows from the policies expected at the level above.
fn check_policies(chain: &[&Certificate]) -> Result<(), AttestationError> {
    let Some((root, below)) = chain.split_first() else { return Ok(()) };
    let mut state = PolicyState::new(below.len());
    // A root that names policies issues for no others (RFC 5937 section 3.2).
    if let Some((_, policies)) = root.decoded::<CertificatePolicies>()? {
        state.expected = policies.0.iter().map(|policy| policy.policy_identifier).collect();
    }
    state.constrain(root)?;
    for (at, one) in below.iter().enumerate() {
        let is_last = at + 1 == below.len();
        state.take(one, is_last)?;
        if state.explicit == 0 && state.expected.is_empty() {
            return Err(no_policy(one));
        }
        if is_last {
            state.explicit = state.explicit.saturating_sub(1);
        } else {
            state.map(one)?;
            state.descend(one.is_self_issued());
        }
        state.constrain(one)?;
    }
    match (state.explicit, below.last()) {
        (0, Some(last)) if state.expected.is_empty() => Err(no_policy(last)),
        _ => Ok(()),
    }
}

fn no_policy(one: &Certificate) -> AttestationError {
    broken(one, words!("cert-no-policy"))
}

/// The state variables of RFC 5280 section 6.1.2.
struct PolicyState {
    /// The policies expected of the next certificate; none once the tree is empty.
    expected: BTreeSet<ObjectIdentifier>,
    explicit: u32,
    mapping: u32,
    any: u32,
}

impl PolicyState {
    fn new(certificates: usize) -> Self {
        let all = u32::try_from(certificates).unwrap_or(u32::MAX - 1) + 1;
        let expected = BTreeSet::from([ANY_POLICY]);
        Self { expected, explicit: all, mapping: all, any: all }
    }

    /// Section 6.1.3 (d) and (e).
    fn take(&mut self, one: &Certificate, is_last: bool) -> Result<(), AttestationError> {
        let Some((is_critical, policies)) = one.decoded::<CertificatePolicies>()? else {
            self.expected.clear();
            return Ok(());
        };
        let qualifiers = policies.0.iter().flat_map(|policy| &policy.policy_qualifiers).flatten();
        let mut unknown = qualifiers.map(|one| one.policy_qualifier_id);
        if let Some(id) = unknown.find(|id| is_critical && !QUALIFIERS.contains(id)) {
            let problem = words!("cert-qualifier", %id);
            return Err(not_processed(one, problem));
        }
        let asserted: BTreeSet<_> = policies.0.iter().map(|one| one.policy_identifier).collect();
        let takes_any = self.any > 0 || (!is_last && one.is_self_issued());
        let any = self.expected.contains(&ANY_POLICY);
        let is_expected =
            |id: &ObjectIdentifier| *id != ANY_POLICY && (any || self.expected.contains(id));
        let mut expected: BTreeSet<_> = asserted.iter().copied().filter(is_expected).collect();
        if asserted.contains(&ANY_POLICY) && takes_any {
            expected.append(&mut self.expected);
        }
        self.expected = expected;
        Ok(())
    }

    /// Section 6.1.4 (a) and (b).
    fn map(&mut self, one: &Certificate) -> Result<(), AttestationError> {
        let Some((_, PolicyMappings(mappings))) = one.decoded::<PolicyMappings>()? else {
            return Ok(());
        };
        let pairs = || mappings.iter().map(|m| (m.issuer_domain_policy, m.subject_domain_policy));
        if pairs().any(|(from, to)| from == ANY_POLICY || to == ANY_POLICY) {
            return Err(broken(one, words!("cert-maps-any")));
        }
        let is_mapped = |id: &ObjectIdentifier| pairs().any(|(from, _)| from == *id);
        let any = self.expected.contains(&ANY_POLICY);
        let mut expected: BTreeSet<_> =
            self.expected.iter().filter(|id| !is_mapped(id)).copied().collect();
        if self.mapping > 0 {
            let applies = |from| any || self.expected.contains(&from);
            expected.extend(pairs().filter(|(from, _)| applies(*from)).map(|(_, to)| to));
        }
        self.expected = expected;
        Ok(())
    }

    /// Section 6.1.4 (h).
    fn descend(&mut self, is_self_issued: bool) {
        if !is_self_issued {
            for counter in [&mut self.explicit, &mut self.mapping, &mut self.any] {
                *counter = counter.saturating_sub(1);
            }
        }
    }

    /// Section 6.1.4 (i) and (j); of the last certificate, 6.1.5 (b).
    fn constrain(&mut self, one: &Certificate) -> Result<(), AttestationError> {
        if let Some((_, constraints)) = one.decoded::<PolicyConstraints>()? {
            if let Some(skip) = constraints.require_explicit_policy {
                self.explicit = self.explicit.min(skip);
            }
            if let Some(skip) = constraints.inhibit_policy_mapping {
                self.mapping = self.mapping.min(skip);
            }
        }
        if let Some((_, InhibitAnyPolicy(skip))) = one.decoded::<InhibitAnyPolicy>()? {
            self.any = self.any.min(skip);
        }
        Ok(())
    }
}

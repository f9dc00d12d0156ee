//! What the certificates above say of those below: names and policies, critical or not.

use x509_cert::ext::pkix::SubjectAltName;
use x509_cert::ext::pkix::certpolicy::PolicyInformation;
use x509_cert::ext::pkix::constraints::name::GeneralSubtree;
use x509_cert::ext::pkix::name::GeneralName;
use x509_cert::ext::pkix::{CertificatePolicies, NameConstraints, PolicyConstraints};

use super::*;

const ONE: &str = "1.3.6.1.4.1.311.21.31";
const OTHER: &str = "1.3.6.1.4.1.311.21.32";
const ANY: &str = "2.5.29.32.0";

fn id(text: &str) -> ObjectIdentifier {
    ObjectIdentifier::new_unwrap(text)
}

fn policies(ids: &[&str]) -> Extension {
    let one = |policy: &&str| PolicyInformation {
        policy_identifier: id(policy),
        policy_qualifiers: None,
    };
    let all = CertificatePolicies(ids.iter().map(one).collect());
    extension(rfc5280::ID_CE_CERTIFICATE_POLICIES, true, &all.to_der().unwrap())
}

fn explicit(skip: u32) -> Extension {
    let required =
        PolicyConstraints { require_explicit_policy: Some(skip), inhibit_policy_mapping: None };
    extension(rfc5280::ID_CE_POLICY_CONSTRAINTS, true, &required.to_der().unwrap())
}

fn directory(name: &str) -> GeneralName {
    GeneralName::DirectoryName(Name::from_str(name).unwrap())
}

fn tree(base: GeneralName) -> Vec<GeneralSubtree> {
    vec![GeneralSubtree { base, minimum: 0, maximum: None }]
}

fn names(
    critical: bool,
    permitted: Option<GeneralName>,
    excluded: Option<GeneralName>,
) -> Extension {
    let constraints = NameConstraints {
        permitted_subtrees: permitted.map(tree),
        excluded_subtrees: excluded.map(tree),
    };
    extension(rfc5280::ID_CE_NAME_CONSTRAINTS, critical, &constraints.to_der().unwrap())
}

fn alternative(name: GeneralName) -> Extension {
    let names = SubjectAltName(vec![name]);
    extension(rfc5280::ID_CE_SUBJECT_ALT_NAME, true, &names.to_der().unwrap())
}

/// A chain with one more extension each.
fn with(root: Option<Extension>, device: Option<Extension>, slot: Option<Extension>) -> Old {
    let mut chain = Old::new();
    chain.root.extensions.extend(root);
    chain.device.extensions.extend(device);
    chain.slot.extensions.extend(slot);
    chain
}

#[test]
fn critical_policies_are_processed_and_matter_only_where_one_is_required() {
    let one = || Some(policies(&[ONE]));
    assert!(with(None, None, one()).verify().is_ok());
    assert!(with(None, Some(policies(&[OTHER])), one()).verify().is_ok());

    let required = || Some(explicit(0));
    assert!(with(required(), one(), one()).verify().is_ok());
    assert!(with(required(), Some(policies(&[ANY])), one()).verify().is_ok());
    assert!(with(required(), one(), Some(policies(&[ANY]))).verify().is_ok());
    for (device, slot) in [
        (one(), None),
        (None, one()),
        (None, None),
        (one(), Some(policies(&[OTHER]))),
        (Some(policies(&[OTHER, ONE])), Some(policies(&["1.2.3"]))),
    ] {
        let error = with(required(), device, slot).error();
        assert!(error.contains("policy"), "{error}");
    }
    // Required only further down than the chain goes.
    assert!(with(Some(explicit(3)), None, None).verify().is_ok());
    assert!(with(Some(explicit(2)), None, None).verify().is_err());
    // The certificate itself may require one.
    assert!(with(None, one(), Some(explicit(0))).verify().is_err());
}

#[test]
fn policies_are_mapped_and_any_policy_may_be_inhibited() {
    let mapped = |mut chain: Old| {
        // SEQUENCE of SEQUENCE of issuer and subject domain policy.
        let pair = [id(ONE).to_der().unwrap(), id(OTHER).to_der().unwrap()].concat();
        let sequence =
            |content: &[u8]| [&[0x30, u8::try_from(content.len()).unwrap()], content].concat();
        let der = sequence(&sequence(&pair));
        chain.device.extensions.push(extension(rfc5280::ID_CE_POLICY_MAPPINGS, true, &der));
        chain
    };
    let (one, other) = (|| Some(policies(&[ONE])), || Some(policies(&[OTHER])));
    assert!(mapped(with(Some(explicit(0)), one(), other())).verify().is_ok());
    assert!(mapped(with(Some(explicit(0)), one(), one())).verify().is_err());

    let mut inhibited = with(Some(explicit(0)), Some(policies(&[ANY])), one());
    assert!(inhibited.verify().is_ok());
    let never = 0_u32.to_der().unwrap();
    inhibited.root.extensions.push(extension(rfc5280::ID_CE_INHIBIT_ANY_POLICY, true, &never));
    assert!(inhibited.verify().is_err());
}

#[test]
fn name_constraints_count_whether_or_not_they_are_critical() {
    for critical in [true, false] {
        let permitted = |name| Some(names(critical, Some(directory(name)), None));
        let excluded = |name| Some(names(critical, None, Some(directory(name))));
        // Cases and spaces are the same name.
        assert!(with(None, permitted("CN=yubikey  PIV attestation 9C"), None).verify().is_ok());
        assert!(with(excluded("CN=Somebody"), None, None).verify().is_ok());
        for chain in [
            with(permitted("CN=Somebody"), None, None),
            with(None, permitted("CN=Somebody"), None),
            with(excluded("CN=yubikey PIV ATTESTATION 9c"), None, None),
            with(permitted("CN=Yubico PIV Attestation"), None, None),
            with(excluded("O=Elsewhere"), None, Some(alternative(directory("C=NL,O=elsewhere")))),
        ] {
            let error = chain.verify().unwrap_err();
            assert!(error.to_string().contains("may not issue for"), "{error}");
            assert_eq!(error.bearing(), Bearing::NotJudged);
        }
    }
}

#[test]
fn a_constrained_form_of_name_that_is_not_compared_cannot_be_judged() {
    let dns =
        |name: &str| GeneralName::DnsName(x509_cert::der::asn1::Ia5String::new(name).unwrap());
    let constrained = || Some(names(false, Some(dns("example.org")), None));
    // No certificate has such a name.
    assert!(with(constrained(), None, None).verify().is_ok());
    let error = with(constrained(), None, Some(alternative(dns("a.example.org")))).verify();
    assert!(matches!(error, Err(AttestationError::NotProcessed { .. })), "{error:?}");
}

/// The certificate of a Windows TPM's attestation key: no subject, critical alternative names and
/// critical policies with a notice.
#[test]
fn the_certificate_of_a_windows_tpm_is_processed() {
    let pem = include_bytes!("../../../../../../tests/fixtures/aik-windows-profile.pem");
    let certificate = Certificate::from_pem(pem).unwrap().remove(0);
    assert_eq!(certificate.check_critical(), Ok(()));
    let purpose = id("2.23.133.8.3");
    assert!(certificate.signs_for(purpose));
    let root = Certificate::from_der(&Old::new().root.signed_by(TRUSTED)).unwrap();
    let purpose = super::super::constraints::Purpose::Of(purpose);
    assert_eq!(super::super::constraints::check(&[&root, &certificate], purpose), Ok(()));
    assert!(certificate.subject().contains("id:FFFFF1D0"), "{}", certificate.subject());
}

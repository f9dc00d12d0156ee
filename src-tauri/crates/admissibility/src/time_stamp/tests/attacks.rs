//! Tokens that prove nothing.

use cms::content_info::ContentInfo;
use countersign_envelope::time_stamp::MAX_TOKEN;
use x509_cert::ext::Extension;
use x509_cert::spki::AlgorithmIdentifierOwned;

use super::super::token::SignedData;
use super::*;

/// A token with other certificates than it came with, which nothing in it is signed for.
fn with_certificates(token: &[u8], certificates: &[Certificate]) -> Vec<u8> {
    let mut outer = ContentInfo::from_der(token).unwrap();
    let mut signed: SignedData = outer.content.decode_as().unwrap();
    let all = certificates.iter().map(|one| Any::from_der(one.der()).unwrap());
    signed.certificates = Some(all.collect::<Vec<_>>().try_into().unwrap());
    outer.content = Any::encode_from(&signed).unwrap();
    outer.to_der().unwrap()
}

#[test]
fn a_token_for_another_signature_is_refused() {
    let token = token(&TSA, b"another signature");
    assert_eq!(check(&TSA, &token), Err(TimeStampError::OtherImprint));
    assert!(!TSA.verifies(&token, SIGNATURE));
}

#[test]
fn imprints_by_other_digests_are_refused() {
    let tsa =
        TimeAuthority::new(Making { settings: "digests = sha1, sha512", ..Making::default() });
    for (how, name) in [("-sha1", "SHA-1"), ("-sha512", "2.16.840.1.101.3.4.2.3")] {
        let token = token_of_response(&tsa.answer(&tsa.ask(SIGNATURE, how))).unwrap();
        assert!(tsa.verifies(&token, SIGNATURE));
        assert_eq!(check(&tsa, &token), Err(TimeStampError::ImprintAlgorithm(name.to_owned())));
    }
    // The right 32 bytes under another name.
    let mut content = content(&soon(0));
    let oid = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.8");
    content.imprint.algorithm = AlgorithmIdentifierOwned { oid, parameters: None };
    let refused = check(&TSA, &made(&TSA, &content));
    assert_eq!(refused, Err(TimeStampError::ImprintAlgorithm(oid.to_string())));
}

#[test]
fn only_a_certificate_for_time_stamps_alone_may_sign() {
    for (extensions, wanted) in [
        ("extendedKeyUsage=critical,codeSigning", "is not timeStamping alone"),
        ("extendedKeyUsage=critical,timeStamping,codeSigning", "is not timeStamping alone"),
        ("extendedKeyUsage=timeStamping", "is not critical"),
        ("keyUsage=critical,digitalSignature", "has no extended key usage"),
        (
            "keyUsage=critical,digitalSignature,keyEncipherment\nextendedKeyUsage=critical,timeStamping",
            "something else than signatures",
        ),
        (
            "basicConstraints=critical,CA:TRUE\nextendedKeyUsage=critical,timeStamping",
            "may issue certificates",
        ),
    ] {
        let tsa = TimeAuthority::new(Making { extensions, ..Making::default() });
        let token = made(&tsa, &content(&soon(0)));
        let error = check(&tsa, &token).unwrap_err();
        assert!(matches!(error, TimeStampError::Purpose { .. }), "{extensions}: {error}");
        assert!(error.to_string().contains(wanted), "{error}");
    }
}

#[test]
fn the_chain_must_be_valid_at_the_time_in_the_token() {
    let before = check(&TSA, &made(&TSA, &content("20000101000000Z")));
    assert!(matches!(before, Err(TimeStampError::NotYetValid { .. })), "{before:?}");
    let after = check(&TSA, &made(&TSA, &content("20990101000000Z")));
    assert!(matches!(after, Err(TimeStampError::Expired { .. })), "{after:?}");
    // The signer's is valid, and its issuer's has ended.
    let tsa = TimeAuthority::new(Making { intermediate_days: 1, ..Making::default() });
    check(&tsa, &made(&tsa, &content(&soon(0)))).unwrap();
    let subject = "CN=Test_TSA_CA".to_owned();
    let Err(TimeStampError::Expired { subject: found, .. }) =
        check(&tsa, &made(&tsa, &content(&soon(2))))
    else {
        panic!("it was accepted")
    };
    assert_eq!(found, subject);
}

#[test]
fn an_answer_to_another_request_is_refused() {
    let asked = request(SIGNATURE);
    let other = Request::new(Digest::of(SIGNATURE), [9; 8]).unwrap();
    let answer = TSA.answer(&other.to_bytes().unwrap());
    let token = token_of_response(&answer).unwrap();
    let judged = |request| verify(&token, Digest::of(SIGNATURE), Some(request), &roots(&TSA));
    assert!(judged(&other).is_ok());
    assert_eq!(judged(&asked), Err(TimeStampError::OtherNonce));
    assert!(!TSA.verifies_answer(&answer, &asked.to_bytes().unwrap()));
    // Nor one without a nonce.
    let without = made(&TSA, &content(&soon(0)));
    let judged = verify(&without, Digest::of(SIGNATURE), Some(&asked), &roots(&TSA));
    assert_eq!(judged, Err(TimeStampError::OtherNonce));
    // Nor one under another policy.
    let policy = TSA.ask(SIGNATURE, "-sha256 -no_nonce -tspolicy 1.3.6.1.4.1.55555.2");
    let policy = Request::parse(&policy).unwrap();
    let judged = verify(&without, Digest::of(SIGNATURE), Some(&policy), &roots(&TSA));
    assert!(matches!(judged, Err(TimeStampError::OtherPolicy { .. })), "{judged:?}");
}

#[test]
fn the_token_must_name_the_certificate_of_its_signer() {
    let content = content(&soon(0)).to_der().unwrap();
    let unnamed = TSA.sign(&content, "-md sha256");
    assert_eq!(check(&TSA, &unnamed), Err(TimeStampError::Attribute("signing-certificate")));
    let without = TSA.sign(&content, "-md sha256 -cades -nocerts");
    assert_eq!(check(&TSA, &without), Err(TimeStampError::NoCertificate));
    // Another certificate for the same key takes the place of the one that was named; the signature
    // verifies under both.
    let named = TSA.sign(&content, "-md sha256 -cades -keyid");
    let mut others = certificates(&TSA.other_certificate());
    others.extend(certificates(&TSA.intermediate()));
    let swapped = with_certificates(&named, &others);
    let authority = NAME.to_owned();
    assert_eq!(check(&TSA, &swapped), Err(TimeStampError::OtherCertificate { authority }));
    // Beside the right one it does no harm.
    others.extend(certificates(&TSA.signer()));
    check(&TSA, &with_certificates(&named, &others)).unwrap();
}

#[test]
fn signed_attributes_are_needed_and_so_is_one_signer() {
    let content = content(&soon(0)).to_der().unwrap();
    let bare = TSA.sign(&content, "-md sha256 -noattr");
    assert_eq!(check(&TSA, &bare), Err(TimeStampError::Attribute("content-type")));
    TSA.other_certificate();
    let twice = TSA.sign(&content, "-md sha256 -cades -signer other.pem -inkey tsa.key");
    assert_eq!(check(&TSA, &twice), Err(TimeStampError::Signers(2)));
    let weak = TSA.sign(&content, "-md sha1 -cades");
    assert!(matches!(check(&TSA, &weak), Err(TimeStampError::Algorithm(_))));
}

#[test]
fn nobody_is_trusted_because_of_what_is_in_a_token() {
    let tsa = TimeAuthority::new(Making { name: "Nobody", ..Making::default() });
    let own = token(&tsa, SIGNATURE);
    let mut all = certificates(&tsa.root());
    all.extend(certificates(&tsa.intermediate()));
    all.extend(certificates(&tsa.signer()));
    let with_root = with_certificates(&own, &all);
    for (token, roots) in [(&own, roots(&TSA)), (&with_root, TsaRoots::default())] {
        let error = verify(token, Digest::of(SIGNATURE), None, &roots).unwrap_err();
        assert!(error.lacks_trust(), "{error}");
        assert!(error.to_string().contains("CN=Nobody,O=Test"), "{error}");
    }
    // An intermediate in the folder is not trusted by itself.
    let helper = TsaRoots::new(certificates(&tsa.intermediate()));
    let error = verify(&own, Digest::of(SIGNATURE), None, &helper).unwrap_err();
    assert!(error.lacks_trust(), "{error}");
    // It helps where a token comes without it.
    let alone = with_certificates(&own, &certificates(&tsa.signer()));
    assert!(check(&tsa, &alone).unwrap_err().lacks_trust());
    let both = certificates(&tsa.root()).into_iter().chain(certificates(&tsa.intermediate()));
    verify(&alone, Digest::of(SIGNATURE), None, &TsaRoots::new(both)).unwrap();
}

#[test]
fn no_changed_byte_proves_another_time() {
    let token = token(&TSA, SIGNATURE);
    let roots = roots(&TSA);
    let verify = |token: &[u8]| verify(token, Digest::of(SIGNATURE), None, &roots);
    let time = verify(&token).unwrap();
    let mut refused = 0;
    for at in 0..token.len() {
        let mut changed = token.clone();
        changed[at] ^= 0x01;
        match verify(&changed) {
            Ok(found) => assert_eq!(found, time, "byte {at}"),
            Err(_) => refused += 1,
        }
    }
    // What is not signed and not used: version numbers, names of digests.
    assert!(refused + 80 > token.len(), "{refused} of {}", token.len());
    assert!(verify(&token[..token.len() - 1]).is_err());
    assert!(verify(&[&token[..], b"0"].concat()).is_err());
    assert_eq!(verify(&vec![0; MAX_TOKEN + 1]), Err(TimeStampError::TooLarge));
}

#[test]
fn what_is_not_processed_is_refused() {
    let oid = ObjectIdentifier::new_unwrap("1.3.6.1.4.1.55555.3");
    let extension = |critical| {
        let value = der::asn1::OctetString::new(vec![5, 0]).unwrap();
        Some(vec![Extension { extn_id: oid, critical, extn_value: value }])
    };
    let with = |critical| TstInfo { extensions: extension(critical), ..content(&soon(0)) };
    check(&TSA, &made(&TSA, &with(false))).unwrap();
    let refused = check(&TSA, &made(&TSA, &with(true)));
    assert!(matches!(refused, Err(TimeStampError::NotProcessed(_))), "{refused:?}");
    let version = TstInfo { version: 2, ..content(&soon(0)) };
    let refused = check(&TSA, &made(&TSA, &version));
    assert!(matches!(refused, Err(TimeStampError::NotProcessed(_))), "{refused:?}");
    for time in ["20261128200000", "202611282000Z", "20261128200000.Z", "20261128200000+0100"] {
        let refused = check(&TSA, &made(&TSA, &content(time)));
        assert!(matches!(refused, Err(TimeStampError::Malformed(_))), "{time}: {refused:?}");
    }
    let other = TSA.sign(b"not a TSTInfo", "-md sha256 -cades");
    assert!(matches!(check(&TSA, &other), Err(TimeStampError::Malformed(_))));
}

#[test]
fn an_authority_that_signed_itself_is_trusted_or_unknown() {
    let own = TSA.self_signed();
    let content = content(&soon(1)).to_der().unwrap();
    let token = TSA.sign_as(&own, &content, "-md sha256 -cades");
    let trusting = TsaRoots::new(certificates(&own));
    verify(&token, Digest::of(SIGNATURE), None, &trusting).unwrap();
    assert!(check(&TSA, &token).unwrap_err().lacks_trust());
    assert!(is_about(&token, Digest::of(SIGNATURE)), "it is kept for those who trust it");
    assert!(!is_about(&token, Digest::of(b"another signature")));
}

/// Certificates that all name and sign each other would take for ever to search.
#[test]
fn many_certificates_do_not_take_long() {
    let token = made(&TSA, &content(&soon(1)));
    let mut all = certificates(&TSA.signer());
    let dir = tempfile::tempdir().unwrap();
    let openssl = |arguments: &str| {
        let mut command = std::process::Command::new("openssl");
        let output = command.args(arguments.split(' ')).current_dir(dir.path()).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    };
    let key = TSA.intermediate().with_file_name("intermediate.key");
    fs::write(dir.path().join("ext"), "basicConstraints=critical,CA:TRUE").unwrap();
    openssl(&format!("req -new -key {} -subj /CN=Test_TSA_CA -out csr", key.display()));
    for serial in 10..50 {
        openssl(&format!(
            "x509 -req -in csr -signkey {} -set_serial {serial} -extfile ext -out one.pem",
            key.display()
        ));
        all.extend(certificates(&dir.path().join("one.pem")));
    }
    let error = check(&TSA, &with_certificates(&token, &all)).unwrap_err();
    assert!(error.lacks_trust() || matches!(error, TimeStampError::Chain { .. }), "{error}");
}

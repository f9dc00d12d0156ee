//! Tokens of a real authority, and each way in which one can be wrong.

mod attacks;
mod judged;
mod several;

use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use countersign_envelope::time_stamp::Covers;
use der::asn1::{Any, Int};
use der::{Decode as _, Encode as _, Tag};
use time_authority::{Making, P384, RSA, TimeAuthority};

use super::token::{Accuracy, MessageImprint, TstInfo};
use super::*;

/// The authority of most tests, which takes a while to make.
static TSA: LazyLock<TimeAuthority> = LazyLock::new(|| {
    let settings = "accuracy = secs:1, millisecs:500, microsecs:100\ntsa_name = yes";
    TimeAuthority::new(Making { settings, ..Making::default() })
});

const SIGNATURE: &[u8] = b"the raw bytes of a signature";
const NONCE: [u8; 8] = [0, 0xff, 3, 4, 5, 6, 7, 8];
const NAME: &str = "CN=Test_TSA,O=Test";

fn certificates(path: &Path) -> Vec<Certificate> {
    Certificate::from_pem(&fs::read(path).unwrap()).unwrap()
}

fn roots(tsa: &TimeAuthority) -> TsaRoots {
    TsaRoots::new(certificates(&tsa.root()))
}

fn request(data: &[u8]) -> Request {
    Request::new(Digest::of(data), NONCE).unwrap()
}

/// A token about data, as the authority makes it.
fn token(tsa: &TimeAuthority, data: &[u8]) -> Vec<u8> {
    let answer = tsa.answer(&request(data).to_bytes().unwrap());
    token_of_response(&answer).unwrap()
}

fn check(tsa: &TimeAuthority, token: &[u8]) -> Result<TrustedTime, TimeStampError> {
    verify(token, Digest::of(SIGNATURE), None, &roots(tsa))
}

/// The content of a token about the signature, to be changed.
fn content(gen_time: &str) -> TstInfo {
    TstInfo {
        version: 1,
        policy: ObjectIdentifier::new_unwrap("1.3.6.1.4.1.55555.1"),
        imprint: MessageImprint::of(Digest::of(SIGNATURE)).unwrap(),
        serial_number: Int::new(&[1]).unwrap(),
        gen_time: Any::new(Tag::GeneralizedTime, gen_time.as_bytes()).unwrap(),
        accuracy: None,
        ordering: false,
        nonce: None,
        tsa: None,
        extensions: None,
    }
}

/// A time at which every certificate of a test is valid, as tokens write it: an hour from now, since a
/// test may name the time before its authority has a certificate.
fn soon(days: i64) -> String {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    let at = i64::try_from(now.as_secs()).unwrap() + days * 86_400 + 3600;
    let digits = Instant::from_unix(at).unwrap().to_string();
    digits.chars().filter(char::is_ascii_digit).collect::<String>() + "Z"
}

/// A token about the signature with any content.
fn made(tsa: &TimeAuthority, content: &TstInfo) -> Vec<u8> {
    tsa.sign(&content.to_der().unwrap(), "-md sha256 -cades")
}

#[test]
fn a_token_of_a_trusted_authority_proves_its_time() {
    let request = request(SIGNATURE);
    let bytes = request.to_bytes().unwrap();
    let answer = TSA.answer(&bytes);
    let token = token_of_response(&answer).unwrap();
    let time = verify(&token, Digest::of(SIGNATURE), Some(&request), &roots(&TSA)).unwrap();
    assert_eq!((time.authority.as_str(), time.root.as_str()), (NAME, "CN=Test_TSA_root"));
    // 1 second, 500 milliseconds and 100 microseconds.
    assert_eq!(time.accuracy, 2);
    assert!(time.to_string().ends_with(&format!(", to 2 seconds, by {NAME}")), "{time}");
    // The other verifier agrees on request, answer and token.
    assert!(TSA.verifies_answer(&answer, &bytes) && TSA.verifies(&token, SIGNATURE));
    assert_eq!(Request::parse(&bytes), Ok(request));
}

#[test]
fn all_kinds_of_keys_and_digests_are_verified() {
    for keys in [P384, RSA] {
        let tsa = TimeAuthority::new(Making { keys, ..Making::default() });
        check(&tsa, &token(&tsa, SIGNATURE)).unwrap();
        for digest in ["sha256", "sha384", "sha512"] {
            let content = content(&soon(0)).to_der().unwrap();
            check(&tsa, &tsa.sign(&content, &format!("-md {digest} -cades"))).unwrap();
        }
        if keys == RSA {
            let content = content(&soon(0)).to_der().unwrap();
            let pss = tsa.sign(&content, "-md sha256 -cades -keyopt rsa_padding_mode:pss");
            assert!(matches!(check(&tsa, &pss), Err(TimeStampError::Algorithm(_))));
            assert!(!tsa.verifies(&pss, SIGNATURE));
        }
    }
    for alg in ["sha1", "sha384"] {
        let settings = format!("ess_cert_id_alg = {alg}\ness_cert_id_chain = yes");
        let tsa = TimeAuthority::new(Making { settings: settings.leak(), ..Making::default() });
        check(&tsa, &token(&tsa, SIGNATURE)).unwrap();
    }
    // The signer named by its key's id instead of its certificate's number.
    let content = content(&soon(0)).to_der().unwrap();
    check(&TSA, &TSA.sign(&content, "-md sha256 -cades -keyid")).unwrap();
}

#[test]
fn accuracies_are_rounded_away_from_the_time() {
    let accuracy = |seconds, millis, micros, time: &str| {
        let accuracy = Some(Accuracy { seconds, millis, micros });
        let content = TstInfo { accuracy, ..content(&time.replace('Z', ".25Z")) };
        let whole = TstInfo {
            accuracy: content.accuracy,
            gen_time: self::content(time).gen_time,
            ..content
        };
        check(&TSA, &made(&TSA, &whole)).unwrap().accuracy
    };
    let time = soon(0);
    assert_eq!(accuracy(Some(3), None, None, &time), 3);
    assert_eq!(accuracy(None, Some(999), Some(999), &time), 1);
    assert_eq!(accuracy(Some(1), None, Some(1), &time), 2);
    assert_eq!(accuracy(Some(u32::MAX), Some(1), None, &time), u32::MAX);
    let fraction = check(&TSA, &made(&TSA, &content(&time.replace('Z', ".25Z")))).unwrap();
    let whole = check(&TSA, &made(&TSA, &content(&time))).unwrap();
    assert_eq!((fraction.at, fraction.accuracy, whole.accuracy), (whole.at, 1, 0));
    let second_later = Instant::from_unix(whole.at.unix() + 1).unwrap();
    assert!(whole.precedes(second_later) && !fraction.precedes(second_later));
}

#[test]
fn a_refusal_says_why() {
    let refused = token_of_response(&TSA.answer(&TSA.ask(SIGNATURE, "-sha1"))).unwrap_err();
    let TimeResponseError::Refused { status, reason } = &refused else { panic!("{refused}") };
    assert_eq!(status, "rejection");
    assert!(reason.as_ref().is_some_and(|why| why.ends_with("badAlg")), "{reason:?}");
    let other = TSA.ask(SIGNATURE, "-sha256 -tspolicy 1.3.6.1.4.1.55555.9");
    let refused = token_of_response(&TSA.answer(&other)).unwrap_err().to_string();
    assert!(refused.contains("unacceptedPolicy"), "{refused}");
    assert!(matches!(token_of_response(b"<html>"), Err(TimeResponseError::Malformed(_))));
    let long = vec![0; MAX_RESPONSE + 1];
    assert_eq!(token_of_response(&long), Err(TimeResponseError::TooLarge));
}

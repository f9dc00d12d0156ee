//! Several tokens of one signature: which counts, and how one renews others.

use countersign_envelope::json::{Object, Value};
use countersign_envelope::time_stamp::{MAX_TOKENS, TimeStamp, TimeStampFormError};

use super::*;

const CLAIM: &[u8] = b"the raw bytes of the signature of its claim";

fn stamp(covers: Covers, token: Vec<u8>) -> Result<TimeStamp, TimeStampFormError> {
    Ok(TimeStamp { covers, token })
}

fn judge(stamps: &[Result<TimeStamp, TimeStampFormError>]) -> TimeStamps {
    TimeStamps::judge(stamps, Covered { signature: SIGNATURE, claim: Ok(CLAIM) }, &roots(&TSA))
}

fn about(data: &[u8], days: i64) -> Vec<u8> {
    let imprint = MessageImprint::of(Digest::of(data)).unwrap();
    made(&TSA, &TstInfo { imprint, ..content(&soon(days)) })
}

#[test]
fn the_earliest_token_that_holds_counts() {
    let later = stamp(Covers::Claim, about(CLAIM, 1));
    let earlier = stamp(Covers::Signature, about(SIGNATURE, 0));
    let wrong = stamp(Covers::Signature, about(CLAIM, -1));
    let judged = judge(&[later.clone(), wrong, earlier.clone(), Err(TimeStampFormError::Form)]);
    let times: Vec<bool> = judged.findings.iter().map(|one| one.outcome.is_ok()).collect();
    assert_eq!(times, [true, false, true, false]);
    assert_eq!(judged.of_signature(), judged.findings[2].outcome.as_ref().ok());
    // Only a token about the claim dates the claim.
    assert_eq!(judged.of_claim(), judged.findings[0].outcome.as_ref().ok());
    let without = Covered { signature: SIGNATURE, claim: Err(TimeStampError::NothingCovered) };
    let judged = TimeStamps::judge(&[later], without, &roots(&TSA));
    assert_eq!(judged.findings[0].outcome, Err(TimeStampError::NothingCovered));
    assert_eq!(judged.of_signature(), None);
    // A token is about what the entry says, whatever else it would fit.
    let mislabelled = stamp(Covers::Claim, about(SIGNATURE, 0));
    assert_eq!(judge(&[mislabelled]).of_signature(), None);
}

#[test]
fn a_renewal_covers_tokens_that_hold_at_its_time() {
    let (first, second) = (about(SIGNATURE, 0), about(CLAIM, 0));
    let of = |tokens: &[&Vec<u8>]| {
        Covers::Tokens(tokens.iter().map(|token| Digest::of(token)).collect())
    };
    let tokens = [stamp(Covers::Signature, first.clone()), stamp(Covers::Claim, second.clone())];
    let both = [first.as_slice(), second.as_slice()].concat();
    let renewal = about(&both, 10);
    let again = about(&renewal, 20);
    let outcome = |renewals: &[Result<TimeStamp, TimeStampFormError>]| {
        let all: Vec<_> = renewals.iter().cloned().chain(tokens.iter().cloned()).collect();
        let judged = judge(&all);
        let is_renewed = judged.findings.iter().map(|one| one.is_renewed).collect::<Vec<_>>();
        (judged.findings[0].outcome.clone(), is_renewed)
    };
    let (renewed, marks) = outcome(&[stamp(of(&[&first, &second]), renewal.clone())]);
    assert!(renewed.is_ok(), "{renewed:?}");
    assert_eq!(marks, [false, true, true]);
    // One of a renewal, wherever it stands.
    let chain = [stamp(of(&[&renewal]), again), stamp(of(&[&first, &second]), renewal.clone())];
    let (renewed, marks) = outcome(&chain);
    assert!(renewed.is_ok(), "{renewed:?}");
    assert_eq!(marks, [false, true, true, true]);
    // A renewal is not about the signature itself.
    assert_eq!(judge(&[chain[1].clone()]).of_signature(), None);
    // The order is part of what is covered.
    let (swapped, _) = outcome(&[stamp(of(&[&second, &first]), renewal.clone())]);
    assert_eq!(swapped, Err(TimeStampError::OtherImprint));
    let (missing, _) = outcome(&[stamp(of(&[&renewal]), about(&renewal, 20))]);
    assert_eq!(missing, Err(TimeStampError::NoSuchToken));
    let (younger, marks) = outcome(&[stamp(of(&[&first]), about(&first, -1))]);
    assert!(matches!(younger, Err(TimeStampError::NotYetValid { .. })), "{younger:?}");
    assert_eq!(marks, [false, false, false]);
    // Of a token that proves nothing itself.
    let wrong = about(b"another signature", 0);
    let renewals =
        [stamp(of(&[&wrong]), about(&wrong, 10)), stamp(Covers::Signature, wrong.clone())];
    assert_eq!(outcome(&renewals).0, Err(TimeStampError::RenewsInvalid));
}

#[test]
fn a_renewal_comes_after_what_it_renews_and_before_it_ends() {
    let brief = TimeAuthority::new(Making { intermediate_days: 5, ..Making::default() });
    let mut trusted = certificates(&TSA.root());
    trusted.extend(certificates(&brief.root()));
    let trusted = TsaRoots::new(trusted);
    let first = made(&brief, &content(&soon(2)));
    let renewal = |days| {
        let of = Covers::Tokens(vec![Digest::of(&first)]);
        let all = [stamp(Covers::Signature, first.clone()), stamp(of, about(&first, days))];
        let covered = Covered { signature: SIGNATURE, claim: Err(TimeStampError::NothingCovered) };
        TimeStamps::judge(&all, covered, &trusted).findings[1].outcome.clone()
    };
    assert!(renewal(4).is_ok());
    assert!(matches!(renewal(1), Err(TimeStampError::RenewsYounger { .. })));
    assert!(matches!(renewal(6), Err(TimeStampError::RenewsTooLate { .. })));
}

#[test]
fn the_end_of_an_authority_is_announced_until_its_token_is_renewed() {
    let brief = TimeAuthority::new(Making { days: 100, ..Making::default() });
    let mut trusted = certificates(&TSA.root());
    trusted.extend(certificates(&brief.root()));
    let trusted = TsaRoots::new(trusted);
    let first = made(&brief, &content(&soon(0)));
    let judge = |all: &[Result<TimeStamp, TimeStampFormError>]| {
        TimeStamps::judge(
            all,
            Covered { signature: SIGNATURE, claim: Err(TimeStampError::NothingCovered) },
            &trusted,
        )
    };
    let own = stamp(Covers::Signature, first.clone());
    let judged = judge(std::slice::from_ref(&own));
    let at = judged.of_signature().unwrap().at.unix();
    let ending = |judged: &TimeStamps, days: i64| {
        let now = Instant::from_unix(at + days * 86_400).unwrap();
        judged.ending(now).map(|one| one.is_over).collect::<Vec<_>>()
    };
    assert_eq!(ending(&judged, 9), [] as [bool; 0]);
    assert_eq!(ending(&judged, 11), [false]);
    assert_eq!(ending(&judged, 101), [true]);
    let of = Covers::Tokens(vec![Digest::of(&first)]);
    let renewed = judge(&[own, stamp(of, about(&first, 11))]);
    assert_eq!(ending(&renewed, 101), [] as [bool; 0]);
}

#[test]
fn entries_are_read_within_bounds_and_kept() {
    let read = |text: &str| {
        let document = countersign_envelope::json::parse(text.as_bytes()).unwrap();
        TimeStamp::all(document.value.as_object().unwrap())
    };
    let one = TimeStamp { covers: Covers::Signature, token: b"token".to_vec() };
    let mut signature = Object::new();
    assert_eq!(one.add_to(&mut signature), Ok(true));
    assert_eq!(one.add_to(&mut signature), Ok(false));
    let renewal = Covers::Tokens(vec![one.digest()]);
    let renewal = TimeStamp { covers: renewal, token: b"renewal".to_vec() };
    assert_eq!(renewal.add_to(&mut signature), Ok(true));
    let text = Value::Object(signature.clone()).to_line();
    assert_eq!(read(&text), [Ok(one.clone()), Ok(renewal)]);
    for (entries, wanted) in [
        ("7", TimeStampFormError::NotAList),
        ("[7]", TimeStampFormError::Form),
        (r#"[{"type":"x","covers":"claim","token":""}]"#, TimeStampFormError::Type("x".into())),
        (r#"[{"type":"rfc3161","covers":"x","token":""}]"#, TimeStampFormError::Covers("x".into())),
        (r#"[{"type":"rfc3161","covers":"claim"}]"#, TimeStampFormError::Missing("token")),
        (r#"[{"type":"rfc3161","covers":"claim","token":"-"}]"#, TimeStampFormError::NotBase64),
        (r#"[{"type":"rfc3161","covers":"timestamps","token":""}]"#, TimeStampFormError::Of),
        (
            r#"[{"type":"rfc3161","covers":"timestamps","of":["aa"],"token":""}]"#,
            TimeStampFormError::Of,
        ),
    ] {
        assert_eq!(read(&format!(r#"{{"timestamps":{entries}}}"#)), [Err(wanted)]);
    }
    let many = vec!["7"; MAX_TOKENS + 1].join(",");
    let many = read(&format!(r#"{{"timestamps":[{many}]}}"#));
    assert_eq!(many.len(), MAX_TOKENS + 1);
    assert_eq!(many[MAX_TOKENS], Err(TimeStampFormError::TooMany));
    let long = "A".repeat(90_000);
    let long = read(&format!(
        r#"{{"timestamps":[{{"type":"rfc3161","covers":"claim","token":"{long}"}}]}}"#
    ));
    assert_eq!(long, [Err(TimeStampFormError::TooLarge)]);
}

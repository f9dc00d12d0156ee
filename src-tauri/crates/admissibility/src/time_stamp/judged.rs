//! The tokens of one signature, judged together: some renew others.

use countersign_envelope::digest::Digest;
use countersign_envelope::instant::Instant;
use countersign_envelope::time_stamp::{Covers, TimeStamp, TimeStampFormError};

use super::{TimeStampError, TrustedTime, TsaRoots, verify};

/// How many days before the certificate of an authority ends its tokens should be renewed.
pub const WARN_DAYS: i64 = 90;

/// The bytes that the tokens of a signature may be about.
#[derive(Debug, Clone)]
pub struct Covered<'a> {
    /// The raw signature.
    pub signature: &'a [u8],
    /// The raw signature of its claim, or why no token about that is judged.
    pub claim: Result<&'a [u8], TimeStampError>,
}

/// One token, judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TimeStampFinding {
    /// What it is about; `None` if it cannot be read.
    pub covers: Option<Covers>,
    /// The SHA-256 of the token; `None` if it cannot be read.
    pub token: Option<Digest>,
    /// The time that it proves, or why it proves none.
    pub outcome: Result<TrustedTime, TimeStampError>,
    /// Whether a later token that holds renews it.
    pub is_renewed: bool,
}

/// A token that should be renewed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ending<'a> {
    /// The token, by its SHA-256.
    pub token: Digest,
    /// The authority.
    pub authority: &'a str,
    /// The last second of its certificate.
    pub until: Instant,
    /// Whether that is over: only another token about the signature itself helps then.
    pub is_over: bool,
}

/// The tokens of one signature, judged, in the order of the file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TimeStamps {
    /// One for each.
    pub findings: Vec<TimeStampFinding>,
}

impl TimeStamps {
    /// Judges the tokens of a signature.
    pub fn judge(
        tokens: &[Result<TimeStamp, TimeStampFormError>],
        covered: Covered<'_>,
        roots: &TsaRoots,
    ) -> Self {
        let mut judging = Judging { tokens, outcomes: vec![None; tokens.len()] };
        for (index, token) in tokens.iter().enumerate() {
            judging.outcomes[index] = match token {
                Err(error) => Some(Err(error.clone().into())),
                Ok(TimeStamp { covers: Covers::Tokens(_), .. }) => None,
                Ok(TimeStamp { covers: Covers::Claim, token }) => Some(
                    covered
                        .claim
                        .clone()
                        .and_then(|claim| verify(token, Digest::of(claim), None, roots)),
                ),
                Ok(TimeStamp { covers: Covers::Signature, token }) => {
                    Some(verify(token, Digest::of(covered.signature), None, roots))
                }
            };
        }
        // A token names earlier ones by their digests, so no two renew each other, and each round
        // settles at least one.
        while judging.settle_renewals(roots) {}
        let findings = tokens.iter().zip(judging.outcomes.iter().cloned());
        let findings = findings.map(|(token, outcome)| TimeStampFinding {
            covers: token.as_ref().ok().map(|token| token.covers.clone()),
            token: token.as_ref().ok().map(TimeStamp::digest),
            outcome: outcome.unwrap_or(Err(TimeStampError::NoSuchToken)),
            is_renewed: false,
        });
        let mut findings: Vec<TimeStampFinding> = findings.collect();
        let renewed: Vec<Digest> = findings
            .iter()
            .filter(|finding| finding.outcome.is_ok())
            .filter_map(|finding| match &finding.covers {
                Some(Covers::Tokens(of)) => Some(of.clone()),
                _ => None,
            })
            .flatten()
            .collect();
        for finding in &mut findings {
            finding.is_renewed = finding.token.is_some_and(|token| renewed.contains(&token));
        }
        Self { findings }
    }

    /// The earliest time by which the signature was there, as a trusted authority says; a token
    /// about its claim, which is about the signature, says so too.
    pub fn of_signature(&self) -> Option<&TrustedTime> {
        self.earliest(|covers| matches!(covers, Covers::Signature | Covers::Claim))
    }

    /// The earliest time by which the claim was there.
    pub fn of_claim(&self) -> Option<&TrustedTime> {
        self.earliest(|covers| matches!(covers, Covers::Claim))
    }

    fn earliest(&self, counts: impl Fn(&Covers) -> bool) -> Option<&TrustedTime> {
        let about = self.findings.iter().filter(|one| one.covers.as_ref().is_some_and(&counts));
        let valid = about.filter_map(|one| one.outcome.as_ref().ok());
        valid.min_by_key(|time| (time.latest(), time.at.unix()))
    }

    /// The tokens that prove a time by a certificate that ends within [`WARN_DAYS`], or has ended,
    /// and that no later token renews.
    pub fn ending(&self, now: Instant) -> impl Iterator<Item = Ending<'_>> {
        let soon = now.unix() + WARN_DAYS * 86_400;
        let valid = self.findings.iter().filter(|finding| !finding.is_renewed);
        let valid = valid.filter_map(|one| Some((one.token?, one.outcome.as_ref().ok()?)));
        let ending = valid.filter(move |(_, time)| time.authority_ends.unix() <= soon);
        ending.map(move |(token, time)| Ending {
            token,
            authority: &time.authority,
            until: time.authority_ends,
            is_over: time.authority_ends.unix() < now.unix(),
        })
    }
}

/// Tokens while they are judged.
struct Judging<'a> {
    tokens: &'a [Result<TimeStamp, TimeStampFormError>],
    outcomes: Vec<Option<Result<TrustedTime, TimeStampError>>>,
}

impl Judging<'_> {
    /// Judges the renewals of tokens that are judged, and returns whether there was one.
    fn settle_renewals(&mut self, roots: &TsaRoots) -> bool {
        let mut has_settled = false;
        for (index, token) in self.tokens.iter().enumerate() {
            let (None, Ok(TimeStamp { covers: Covers::Tokens(of), token })) =
                (&self.outcomes[index], token)
            else {
                continue;
            };
            if let Some(outcome) = self.renewal(token, of, roots) {
                self.outcomes[index] = Some(outcome);
                has_settled = true;
            }
        }
        has_settled
    }

    /// The outcome of a renewal; `None` if one of those that it renews is not judged yet.
    fn renewal(
        &self,
        token: &[u8],
        of: &[Digest],
        roots: &TsaRoots,
    ) -> Option<Result<TrustedTime, TimeStampError>> {
        let mut renewed = Vec::new();
        for wanted in of {
            let is_it = |one: &Result<TimeStamp, _>| {
                one.as_ref().is_ok_and(|one: &TimeStamp| one.digest() == *wanted)
            };
            // The same token may be there twice, about different bytes: one that holds is enough.
            let found = self.tokens.iter().zip(&self.outcomes).filter(|(one, _)| is_it(one));
            let found: Vec<_> = found.collect();
            let valid = found.iter().find_map(|(one, outcome)| match (one, outcome) {
                (Ok(one), Some(Ok(time))) => Some((&one.token, time)),
                _ => None,
            });
            match valid {
                Some(valid) => renewed.push(valid),
                None if found.is_empty() => return Some(Err(TimeStampError::NoSuchToken)),
                None if found.iter().any(|(_, outcome)| outcome.is_none()) => return None,
                None => return Some(Err(TimeStampError::RenewsInvalid)),
            }
        }
        let parts: Vec<&[u8]> = renewed.iter().map(|(token, _)| token.as_slice()).collect();
        Some(verify(token, Digest::of_parts(&parts), None, roots).and_then(|time| {
            for (_, earlier) in renewed {
                let at = time.at;
                if at.unix() < earlier.at.unix() {
                    return Err(TimeStampError::RenewsYounger { renewed: earlier.at, at });
                }
                if earlier.chain_ends.unix() < at.unix() {
                    return Err(TimeStampError::RenewsTooLate { until: earlier.chain_ends, at });
                }
            }
            Ok(time)
        }))
    }
}

//! What a Marvell LiquidSecurity HSM says of a key that it holds. Google Cloud HSM is made of such HSMs.
//!
//! The form is what Marvell publishes ("Software Key Attestation") of firmware 3, which Google calls
//! `CAVIUM_V2_COMPRESSED`: a header, the attributes of the public and the private key, and an RSA
//! signature by the partition of the HSM. Two certify that partition, each by a root of its own:
//!
//! - **the maker** certified the card, and the card its partition. That alone proves that an HSM of this
//!   make holds the key, of whomever.
//! - **the owner** certified the partition. That alone proves that the key is with the owner, in
//!   whatever.

use std::io::Read as _;
use std::sync::Arc;

use countersign_envelope::instant::Instant;
use countersign_envelope::key_attestation::{KeyAttestation, LiquidSecurity};
use countersign_envelope::public_key::PublicKey;
use countersign_problem::visible::visible_short;
use countersign_problem::{Words, words};
use flate2::bufread::GzDecoder;
use rsa::traits::PublicKeyParts as _;
use sha2::{Digest as _, Sha256};

use super::certificate::{self, Certificate};
use super::constraints;
use super::error::{AttestationError, MarvellProblem};
use super::facts::KeyType;
use super::known::{self, Publisher};
use super::public_area::malformed;
use super::roots::{self, AttestationRoots, Outcome};
use super::statement::{LiquidSecurityStatement, Proven, Statement};

/// What a gzip file begins with (RFC 1952).
const GZIP: [u8; 2] = [0x1f, 0x8b];
/// Longest statement, unpacked, in bytes; those of a key pair have about two thousand.
const MAX_STATEMENT: u64 = 64 << 10;
/// The length of the signature of a partition: RSA 2048.
const SIGNATURE: usize = 256;
/// Most attributes of a key; it has 35.
const MAX_ATTRIBUTES: u32 = 256;

/// Classes of objects, as PKCS #11 has them.
const PUBLIC_KEY: &[u8] = &[2];
const PRIVATE_KEY: &[u8] = &[3];

const CLASS: u32 = 0x0000;
const PRIVATE: u32 = 0x0002;
const LABEL: u32 = 0x0003;
const SENSITIVE: u32 = 0x0103;
const SIGN: u32 = 0x0108;
/// The modulus, or the point of an EC key (SEC 1, not compressed).
const MODULUS: u32 = 0x0120;
const EXTRACTABLE: u32 = 0x0162;
const LOCAL: u32 = 0x0163;
const NEVER_EXTRACTABLE: u32 = 0x0164;
const ALWAYS_SENSITIVE: u32 = 0x0165;
/// SHA-256 of the DER of the public key, of both keys.
const EKCV: u32 = 0x1003;

/// What must be so of a private key that is to be there and nowhere else.
const BOUND: [(u32, bool, &str); 5] = [
    (EXTRACTABLE, false, "OBJ_ATTR_EXTRACTABLE"),
    (NEVER_EXTRACTABLE, true, "OBJ_ATTR_NEVER_EXTRACTABLE"),
    (SENSITIVE, true, "OBJ_ATTR_SENSITIVE"),
    (ALWAYS_SENSITIVE, true, "OBJ_ATTR_ALWAYS_SENSITIVE"),
    (PRIVATE, true, "OBJ_ATTR_PRIVATE"),
];

/// Whether bytes begin as a statement of a cloud does: compressed.
pub fn is_compressed(bytes: &[u8]) -> bool {
    bytes.starts_with(&GZIP)
}

/// The evidence that a statement and the certificates that came with it make. Roots are left out: they
/// are trusted by whoever has them, or not.
pub fn liquidsecurity(statement: Vec<u8>, certificates: &[Certificate]) -> KeyAttestation {
    let mut below: Vec<Vec<u8>> = Vec::new();
    for one in certificates.iter().filter(|one| !one.is_root()) {
        if !below.iter().any(|der| der == one.der()) {
            below.push(one.der().to_vec());
        }
    }
    KeyAttestation::LiquidSecurity(LiquidSecurity { statement, certificates: below })
}

/// Verifies everything but the time; at a time only to choose among certificates by one name and key, as
/// a maker has several roots.
pub(super) fn prove(
    evidence: &LiquidSecurity,
    public_key: &PublicKey,
    roots: &AttestationRoots,
    at: Instant,
) -> Outcome {
    let bytes = unpacked(&evidence.statement)?;
    let said = Said::read(&bytes).map_err(|why| malformed("statement", why))?;
    if !said.is_about(public_key) {
        return Err(AttestationError::OtherKey);
    }
    let certificates = evidence.certificates.iter().map(|der| roots::read(der, "certificate"));
    let mut certificates: Vec<Certificate> = certificates.collect::<Result<_, _>>()?;
    certificates.sort_by_key(|one| !one.is_valid_at(at));
    let roots = roots.preferring(at);
    let signed = |one: &&Certificate| match one.key() {
        Some(PublicKey::Rsa(key)) => certificate::rsa::<Sha256>(key, said.signed, said.signature),
        _ => false,
    };
    let partitions: Vec<&Certificate> = certificates.iter().filter(signed).collect();
    if partitions.is_empty() {
        return Err(MarvellProblem::Signature.into());
    }
    said.check()?;
    let chains = Chains { partitions, certificates: &certificates, roots: roots.roots() };
    let (maker, owner) = chains.find()?;
    let (Some(made_by), Some(owned_by)) = (maker.first(), owner.first()) else {
        return Err(MarvellProblem::Signature.into());
    };
    let statement = LiquidSecurityStatement {
        partition: maker.last().map(|one| one.common_name()).unwrap_or_default(),
        label: said.label(),
        maker: made_by.subject(),
        owner: owned_by.subject(),
        key: KeyType::of(public_key),
    };
    let validity = maker.iter().chain(&owner);
    let validity = validity.map(|one| (one.subject(), one.not_before(), one.not_after())).collect();
    Ok(Arc::new(Proven { statement: Statement::LiquidSecurity(statement), validity }))
}

fn unpacked(statement: &[u8]) -> Result<Vec<u8>, AttestationError> {
    if !is_compressed(statement) {
        return Ok(statement.to_vec());
    }
    let failed = |why: Words| malformed("statement", why);
    let mut rest = statement;
    let mut bytes = Vec::new();
    let mut unpacking = GzDecoder::new(&mut rest).take(MAX_STATEMENT + 1);
    let read = unpacking.read_to_end(&mut bytes);
    read.map_err(|error| failed(words!("marvell-gzip", error = %error)))?;
    if bytes.len() as u64 > MAX_STATEMENT {
        return Err(failed(words!("marvell-long", most = %MAX_STATEMENT)));
    }
    // What stands behind it would be read by another reader, perhaps.
    if !rest.is_empty() {
        return Err(failed(words!("marvell-behind")));
    }
    Ok(bytes)
}

/// A statement, read whole.
struct Said<'a> {
    signed: &'a [u8],
    signature: &'a [u8],
    private: Attributes<'a>,
    public: Option<Attributes<'a>>,
}

/// The attributes of one key.
struct Attributes<'a>(Vec<(u32, &'a [u8])>);

impl<'a> Said<'a> {
    /// # Errors
    /// Fails if the bytes are not exactly a statement about a private key, with or without its public
    /// key.
    fn read(bytes: &'a [u8]) -> Result<Self, Words> {
        let short = || words!("marvell-short");
        let (signed, signature) =
            bytes.split_at_checked(bytes.len().saturating_sub(SIGNATURE)).ok_or_else(short)?;
        let mut header = signed;
        let [code, _flags, total, length] = [(); 4].map(|()| number(&mut header));
        if code != Some(0) {
            return Err(words!("marvell-code"));
        }
        let is_whole = total.is_some_and(|total| total as usize == bytes.len());
        let start = length.and_then(|length| header.len().checked_sub(length as usize));
        let (true, Some(start)) = (is_whole, start) else { return Err(words!("marvell-sizes")) };
        let body = &header[start..];
        let mut info = body;
        let [_version, _flags, first, second] = [(); 4].map(|()| half(&mut info));
        let (Some(first), Some(second)) = (first, second) else { return Err(short()) };
        // Nothing stands between the keys, before or behind them that was not read.
        let mut rest = info;
        if usize::from(first) != body.len() - rest.len() {
            return Err(words!("marvell-sizes"));
        }
        let mut keys = vec![Attributes::read(&mut rest)?];
        if second != 0 {
            if usize::from(second) != body.len() - rest.len() {
                return Err(words!("marvell-sizes"));
            }
            keys.push(Attributes::read(&mut rest)?);
        }
        if !rest.is_empty() {
            return Err(words!("marvell-sizes"));
        }
        let (mut private, mut public) = (None, None);
        for key in keys {
            let place = match key.get(CLASS) {
                Some(PRIVATE_KEY) => &mut private,
                Some(PUBLIC_KEY) => &mut public,
                _ => return Err(words!("marvell-class")),
            };
            if place.replace(key).is_some() {
                return Err(words!("marvell-class"));
            }
        }
        let private = private.ok_or_else(|| words!("marvell-class"))?;
        Ok(Self { signed, signature, private, public })
    }

    /// Whether both keys are the pair of a public key.
    fn is_about(&self, public_key: &PublicKey) -> bool {
        let digest = Sha256::digest(public_key.to_der());
        let number = match public_key {
            PublicKey::Rsa(key) => key.n().to_be_bytes_trimmed_vartime().to_vec(),
            PublicKey::P256(key) => key.to_sec1_point(false).as_bytes().to_vec(),
            PublicKey::P384(key) => key.to_sec1_point(false).as_bytes().to_vec(),
            PublicKey::Ed25519(_) | PublicKey::MlDsa65(_) => Vec::new(),
        };
        let is_same = |key: &Attributes<'_>| {
            key.get(EKCV) == Some(digest.as_slice())
                && key.get(MODULUS).is_none_or(|found| found == number)
        };
        is_same(&self.private) && self.public.as_ref().is_none_or(is_same)
    }

    /// Whether the key was made in the HSM, stays there, and signs.
    fn check(&self) -> Result<(), MarvellProblem> {
        let flag = |id| match self.private.get(id) {
            Some([0]) => Some(false),
            Some([1]) => Some(true),
            _ => None,
        };
        if flag(LOCAL) != Some(true) {
            return Err(MarvellProblem::NotGenerated);
        }
        let loose = BOUND.iter().find(|(id, wanted, _)| flag(*id) != Some(*wanted));
        if let Some((_, _, name)) = loose {
            return Err(MarvellProblem::Loose(name));
        }
        match flag(SIGN) {
            Some(true) => Ok(()),
            _ => Err(MarvellProblem::NotSigning),
        }
    }

    fn label(&self) -> String {
        let label = self.private.get(LABEL).unwrap_or_default();
        let label = label.split(|byte| *byte == 0).next().unwrap_or_default();
        visible_short(&String::from_utf8_lossy(label), 60)
    }
}

impl<'a> Attributes<'a> {
    fn read(rest: &mut &'a [u8]) -> Result<Self, Words> {
        let sizes = || words!("marvell-sizes");
        let [_handle, count, size] = [(); 3].map(|()| number(rest));
        let (Some(count), Some(size)) = (count, size) else { return Err(sizes()) };
        let (mut body, behind) = rest.split_at_checked(size as usize).ok_or_else(sizes)?;
        let mut all: Vec<(u32, &[u8])> = Vec::new();
        for _ in 0..count.min(MAX_ATTRIBUTES + 1) {
            let (Some(id), Some(length)) = (number(&mut body), number(&mut body)) else {
                return Err(sizes());
            };
            let (value, more) = body.split_at_checked(length as usize).ok_or_else(sizes)?;
            if all.iter().any(|(known, _)| *known == id) {
                return Err(words!("marvell-twice", id = format!("0x{id:04x}")));
            }
            all.push((id, value));
            body = more;
        }
        if !body.is_empty() || count > MAX_ATTRIBUTES {
            return Err(sizes());
        }
        *rest = behind;
        Ok(Self(all))
    }

    fn get(&self, id: u32) -> Option<&'a [u8]> {
        self.0.iter().find(|(known, _)| *known == id).map(|(_, value)| *value)
    }
}

/// Takes four bytes, the highest first.
fn number(rest: &mut &[u8]) -> Option<u32> {
    let (bytes, behind) = rest.split_first_chunk()?;
    *rest = behind;
    Some(u32::from_be_bytes(*bytes))
}

/// Takes two bytes, the higher first.
fn half(rest: &mut &[u8]) -> Option<u16> {
    let (bytes, behind) = rest.split_first_chunk()?;
    *rest = behind;
    Some(u16::from_be_bytes(*bytes))
}

/// What the chains of maker and owner are looked for among.
struct Chains<'a> {
    /// The certificates of the partition that signed.
    partitions: Vec<&'a Certificate>,
    /// All that came with the statement.
    certificates: &'a [Certificate],
    /// The trusted roots, those first that are valid at the time of signing.
    roots: Vec<&'a Certificate>,
}

/// A chain, its root first.
type Chain<'a> = Vec<&'a Certificate>;

impl<'a> Chains<'a> {
    /// The chains of maker and owner.
    fn find(&self) -> Result<(Chain<'a>, Chain<'a>), AttestationError> {
        let cards = |partition: &'a Certificate| {
            let others = self.certificates.iter().filter(|one| !one.is_root());
            others.filter(|card| partition.is_issued_by(card))
        };
        let maker = self.chain(Publisher::Marvell, |partition| {
            cards(partition).map(|card| vec![card, partition]).collect()
        });
        let own_key = |root: &Certificate| root.key().map(PublicKey::fingerprint);
        let made_by = maker.as_ref().ok().and_then(|chain| own_key(chain.first()?));
        let owner = self.chain(Publisher::Google, |partition| match cards(partition).next() {
            None => vec![vec![partition]],
            Some(_) => Vec::new(),
        });
        match (maker, owner) {
            (Ok(_), Ok(owner)) if owner.first().and_then(|root| own_key(root)) == made_by => {
                Err(MarvellProblem::SameRoot.into())
            }
            (Ok(maker), Ok(owner)) => Ok((maker, owner)),
            (Err(Missing::Unknown(maker)), Err(Missing::Unknown(owner))) if maker != owner => {
                Err(MarvellProblem::UnknownRoots { issuer: maker, other: Some(owner) }.into())
            }
            // What contradicts comes before what was left out.
            (Err(Missing::Wrong(error)), _) | (_, Err(Missing::Wrong(error))) => Err(*error),
            (Err(Missing::None), _) => Err(MarvellProblem::NoChain("maker").into()),
            (_, Err(Missing::None)) => Err(MarvellProblem::NoChain("owner").into()),
            (Err(Missing::Unknown(issuer)), _) | (_, Err(Missing::Unknown(issuer))) => {
                Err(MarvellProblem::UnknownRoots { issuer, other: None }.into())
            }
        }
    }

    /// A chain from a root to the partition, over what `below` says may stand under the root.
    fn chain(
        &self,
        publisher: Publisher,
        below: impl Fn(&'a Certificate) -> Vec<Chain<'a>>,
    ) -> Result<Chain<'a>, Missing> {
        let mut missing = Missing::None;
        for chain in self.partitions.iter().flat_map(|partition| below(partition)) {
            let Some(top) = chain.first() else { continue };
            let named = self.roots.iter().filter(|root| top.is_issued_by(root));
            let mut is_known = false;
            for root in named.filter(|root| may_be(root, publisher)) {
                is_known = true;
                let chain: Chain<'a> =
                    std::iter::once(*root).chain(chain.iter().copied()).collect();
                match check(&chain) {
                    Ok(()) => return Ok(chain),
                    Err(error) => missing = Missing::Wrong(Box::new(error)),
                }
            }
            if !is_known && matches!(missing, Missing::None) {
                missing = Missing::Unknown(top.issuer());
            }
        }
        Err(missing)
    }
}

/// Why there is no chain.
enum Missing {
    /// Nothing that came with the statement could be one.
    None,
    /// The issuer is not trusted.
    Unknown(String),
    /// It does not hold.
    Wrong(Box<AttestationError>),
}

/// Whether a root may stand above a chain of one kind: a root that is known is its maker's alone.
fn may_be(root: &Certificate, publisher: Publisher) -> bool {
    known::of(root).is_none_or(|(_, by)| by == publisher)
}

/// Checks a chain of fixed form, its root first: root and partition, or root, card and partition. Marvell's
/// certificates are of X.509 version 1 or have no extensions, so that root and card do not say that they
/// may issue others; that a card stands directly below the root and a partition below a card is what
/// keeps a partition from issuing any.
fn check(chain: &[&Certificate]) -> Result<(), AttestationError> {
    let broken = |at: &Certificate, problem: Words| {
        Err(AttestationError::BrokenChain { subject: at.subject(), problem })
    };
    for pair in chain.windows(2) {
        let &[issuer, one] = pair else { continue };
        if let Err(problem) = issuer.authority() {
            return broken(issuer, problem);
        }
        // Keys in other devices, which sign whatever their holder likes.
        roots::check_not_of_key(issuer)?;
        roots::check_not_of_key(one)?;
        issuer.check_critical()?;
        one.check_critical()?;
        one.verify_issued_by(issuer).map_err(|problem| AttestationError::Signature {
            subject: one.subject(),
            issuer: issuer.subject(),
            problem: problem.into(),
        })?;
    }
    match chain.last() {
        Some(partition) if !partition.signs() => broken(partition, words!("cert-not-signing")),
        _ => {
            constraints::check_path_lengths(chain)?;
            constraints::check(chain, constraints::Purpose::Unnamed)
        }
    }
}

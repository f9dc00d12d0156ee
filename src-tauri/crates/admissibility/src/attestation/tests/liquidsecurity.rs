//! Statements of a LiquidSecurity HSM, made on the fly, and each way in which one can be wrong.

use std::io::Write as _;

use countersign_envelope::key_attestation::LiquidSecurity;
use flate2::Compression;
use flate2::write::GzEncoder;
use rsa::signature::{SignatureEncoding as _, Signer as _};
use sha2::{Digest as _, Sha256};

use super::*;

const MAKER: &str = "CN=Test maker of HSMs";
const OWNER: &str = "CN=Test owner of HSMs";
const CARD: &str = "CN=HSM:1.2T";
const PARTITION: &str = "CN=HSM:1.2T:PARTN:1";
/// The one kind of key that a partition has.
const PART: TestKey = TestKey::Rsa;
const CARD_KEY: TestKey = TestKey::P256(21);
const MAKER_KEY: TestKey = TestKey::P256(22);
const OWNER_KEY: TestKey = TestKey::P384(23);

type Attributes = Vec<(u32, Vec<u8>)>;

/// A statement about a key pair, with the certificates that come with it.
#[derive(Clone)]
struct Stated {
    public: Option<Attributes>,
    private: Attributes,
    made: Made,
    card: Made,
    owned: Made,
    maker: Made,
    owner: Made,
}

fn plain(subject: &'static str, issuer: &'static str, key: TestKey) -> Made {
    Made { extensions: Vec::new(), ..Made::authority(subject, issuer, key, 0) }
}

/// The attributes of one half of a pair, in the order of a real statement.
fn attributes(class: u8, key: TestKey) -> Attributes {
    let is_private = class == 3;
    let flag = |yes: bool| vec![u8::from(yes)];
    let point = match key.public() {
        PublicKey::P256(key) => key.to_sec1_point(false).as_bytes().to_vec(),
        PublicKey::P384(key) => key.to_sec1_point(false).as_bytes().to_vec(),
        other => {
            use rsa::traits::PublicKeyParts as _;
            let PublicKey::Rsa(key) = other else { panic!("no such key in an HSM") };
            key.n().to_be_bytes_trimmed_vartime().to_vec()
        }
    };
    let mut label = b"app_key".to_vec();
    label.resize(128, 0);
    vec![
        (0x0000, vec![class]),
        (0x0100, vec![3]),
        (0x0002, flag(true)),
        (0x0108, flag(is_private)),
        (0x0163, flag(true)),
        (0x0103, flag(is_private)),
        (0x0162, flag(!is_private)),
        (0x0003, label),
        (0x1003, Sha256::digest(key.spki()).to_vec()),
        (0x0120, point),
        (0x0165, flag(is_private)),
        (0x8000_0003, flag(false)),
        (0x0164, flag(is_private)),
    ]
}

fn object(attributes: &Attributes) -> Vec<u8> {
    let body: Vec<u8> = attributes.iter().flat_map(|(id, value)| attribute(*id, value)).collect();
    let (count, size) = (attributes.len() as u32, body.len() as u32);
    [&7_u32.to_be_bytes()[..], &count.to_be_bytes(), &size.to_be_bytes(), &body].concat()
}

fn attribute(id: u32, value: &[u8]) -> Vec<u8> {
    [&id.to_be_bytes()[..], &(value.len() as u32).to_be_bytes(), value].concat()
}

/// A statement without its signature, of objects one after the other.
fn statement(objects: &[Vec<u8>]) -> Vec<u8> {
    let second = objects.get(1).map_or(0, |_| 8 + objects[0].len() as u16);
    let body = objects.concat();
    let info = [&1_u16.to_be_bytes()[..], &3_u16.to_be_bytes(), &8_u16.to_be_bytes()].concat();
    let buffer = [info.as_slice(), &second.to_be_bytes(), &body].concat();
    let total = (32 + buffer.len() + 256) as u32;
    let head = [0_u32, 3, total, buffer.len() as u32].map(u32::to_be_bytes).concat();
    [head.as_slice(), &[0; 16], &buffer].concat()
}

fn signed(statement: &[u8]) -> Vec<u8> {
    let signature = pkcs1v15::SigningKey::<Sha256>::new(RSA.clone()).sign(statement);
    [statement, &signature.to_vec()].concat()
}

fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut packing = GzEncoder::new(Vec::new(), Compression::default());
    packing.write_all(bytes).unwrap();
    packing.finish().unwrap()
}

impl Stated {
    fn new() -> Self {
        Self {
            public: Some(attributes(2, SIGNER)),
            private: attributes(3, SIGNER),
            made: plain(PARTITION, CARD, PART),
            card: plain(CARD, MAKER, CARD_KEY),
            owned: Made {
                extensions: vec![
                    basic_constraints(false, None),
                    // digitalSignature, keyEncipherment.
                    extension(rfc5280::ID_CE_KEY_USAGE, true, &[3, 2, 5, 0xa0]),
                ],
                ..plain(PARTITION, OWNER, PART)
            },
            maker: plain(MAKER, MAKER, MAKER_KEY),
            owner: Made::authority(OWNER, OWNER, OWNER_KEY, 1),
        }
    }

    fn statement(&self) -> Vec<u8> {
        let objects = self.public.iter().chain([&self.private]);
        statement(&objects.map(object).collect::<Vec<_>>())
    }

    fn certificates(&self) -> Vec<Vec<u8>> {
        vec![
            self.made.signed_by(self.card.key),
            self.card.signed_by(self.maker.key),
            self.owned.signed_by(self.owner.key),
        ]
    }

    fn evidence(&self) -> LiquidSecurity {
        let statement = packed(&signed(&self.statement()));
        LiquidSecurity { statement, certificates: self.certificates() }
    }

    fn roots(&self) -> AttestationRoots {
        roots(&[self.maker.signed_by(self.maker.key), self.owner.signed_by(self.owner.key)])
    }

    fn verify(&self) -> Result<Statement, AttestationError> {
        verified(self.evidence(), &self.roots())
    }

    fn problem(&self) -> MarvellProblem {
        match self.verify() {
            Err(AttestationError::Marvell(problem)) => problem,
            other => panic!("{other:?}"),
        }
    }

    fn with(mut self, id: u32, value: Option<&[u8]>) -> Self {
        self.private.retain(|(known, _)| *known != id);
        self.private.extend(value.map(|value| (id, value.to_vec())));
        self
    }
}

fn verified(
    evidence: LiquidSecurity,
    roots: &AttestationRoots,
) -> Result<Statement, AttestationError> {
    verify(&KeyAttestation::LiquidSecurity(evidence), Some(&SIGNER.public()), roots, now())
}

fn resigned(bytes: &[u8]) -> Result<Statement, AttestationError> {
    let stated = Stated::new();
    let evidence = LiquidSecurity { statement: signed(bytes), ..stated.evidence() };
    verified(evidence, &stated.roots())
}

#[test]
fn a_key_that_an_hsm_made_and_keeps_is_attested_by_maker_and_owner() {
    let statement = Stated::new().verify().unwrap();
    let words = "made in a Marvell LiquidSecurity HSM that does not let it out (HSM:1.2T:PARTN:1)";
    assert_eq!(statement.to_string(), words);
    let details = "key \"app_key\", maker CN=Test maker of HSMs, owner CN=Test owner of HSMs";
    assert_eq!(statement.details().to_string(), details);
    let facts = statement.facts().unwrap();
    assert_eq!((facts.model, facts.generated), (Model::LiquidSecurity, Some(true)));
    assert_eq!((facts.firmware, facts.fips), (None, None));
    // Not compressed, and about the private key alone, it says the same.
    let mut bare = Stated::new();
    bare.public = None;
    let plain = LiquidSecurity { statement: signed(&bare.statement()), ..bare.evidence() };
    assert_eq!(verified(plain, &bare.roots()).unwrap(), statement);
}

#[test]
fn keys_of_each_kind_are_known_by_their_own_form() {
    for key in [TestKey::P384(6), TestKey::Rsa] {
        let mut stated = Stated::new();
        stated.public = Some(attributes(2, key));
        stated.private = attributes(3, key);
        let evidence = KeyAttestation::LiquidSecurity(stated.evidence());
        assert!(verify(&evidence, Some(&key.public()), &stated.roots(), now()).is_ok());
        assert_eq!(stated.verify(), Err(AttestationError::OtherKey));
    }
}

#[test]
fn a_statement_is_about_this_key_and_no_other() {
    let other = attributes(3, TestKey::P256(9));
    let of = |id| other.iter().find(|(known, _)| *known == id).map(|(_, value)| value.as_slice());
    for id in [0x1003, 0x0120] {
        let stated = Stated::new().with(id, of(id));
        assert_eq!(stated.verify(), Err(AttestationError::OtherKey), "{id:x}");
    }
    // Without its check value nothing binds the private key.
    let stated = Stated::new().with(0x1003, None);
    assert_eq!(stated.verify(), Err(AttestationError::OtherKey));
    assert!(Stated::new().with(0x0120, None).verify().is_ok());
    // A public key that is not its own.
    let mut stated = Stated::new();
    stated.public = Some(attributes(2, TestKey::P256(9)));
    assert_eq!(stated.verify(), Err(AttestationError::OtherKey));
}

#[test]
fn what_the_hsm_does_not_say_of_the_key_is_named() {
    let bound = [
        (0x0162, 1, "OBJ_ATTR_EXTRACTABLE"),
        (0x0164, 0, "OBJ_ATTR_NEVER_EXTRACTABLE"),
        (0x0103, 0, "OBJ_ATTR_SENSITIVE"),
        (0x0165, 0, "OBJ_ATTR_ALWAYS_SENSITIVE"),
        (0x0002, 0, "OBJ_ATTR_PRIVATE"),
    ];
    for (id, wrong, name) in bound {
        for value in [Some(&[wrong][..]), None, Some(&[]), Some(&[2]), Some(&[0, 0, 0, 1])] {
            let problem = Stated::new().with(id, value).problem();
            assert_eq!(problem, MarvellProblem::Loose(name), "{value:?}");
        }
    }
    for value in [Some(&[0][..]), None, Some(&[2])] {
        let problem = Stated::new().with(0x0163, value).problem();
        assert_eq!(problem, MarvellProblem::NotGenerated);
        assert_eq!(Stated::new().with(0x0108, value).problem(), MarvellProblem::NotSigning);
    }
    let error = AttestationError::from(MarvellProblem::NotGenerated);
    assert_eq!(error.bearing(), Bearing::NotJudged);
}

#[test]
fn only_a_partition_of_the_hsm_signs_a_statement() {
    let stated = Stated::new();
    let mut bytes = signed(&stated.statement());
    for at in [0, 40, bytes.len() - 300, bytes.len() - 1] {
        bytes[at] ^= 1;
        let evidence = LiquidSecurity { statement: bytes.clone(), ..stated.evidence() };
        assert!(verified(evidence, &stated.roots()).is_err(), "{at}");
        bytes[at] ^= 1;
    }
    let last = bytes.len() - 1;
    bytes[last] ^= 1;
    let evidence = LiquidSecurity { statement: bytes, ..stated.evidence() };
    let error = verified(evidence, &stated.roots()).unwrap_err();
    assert_eq!(error, MarvellProblem::Signature.into());
    assert_eq!(error.bearing(), Bearing::Contradicts);
    let without = LiquidSecurity { certificates: Vec::new(), ..stated.evidence() };
    assert_eq!(verified(without, &stated.roots()), Err(MarvellProblem::Signature.into()));
}

/// One of the two alone proves only half of it.
#[test]
fn both_roots_are_needed() {
    let stated = Stated::new();
    let maker = || roots(&[stated.maker.signed_by(MAKER_KEY)]);
    let owner = || roots(&[stated.owner.signed_by(OWNER_KEY)]);
    let unknown = |roots: &AttestationRoots, issuer: &str, other: Option<&str>| {
        let error = verified(stated.evidence(), roots).unwrap_err();
        let (issuer, other) = (issuer.to_owned(), other.map(str::to_owned));
        assert_eq!(error, MarvellProblem::UnknownRoots { issuer, other }.into());
        assert!(error.lacks_trust());
    };
    unknown(&maker(), OWNER, None);
    unknown(&owner(), MAKER, None);
    unknown(&AttestationRoots::default(), MAKER, Some(OWNER));
    // Without the certificates of one of them there is nothing to trust.
    let without = |drop: usize| {
        let mut evidence = stated.evidence();
        evidence.certificates.remove(drop);
        verified(evidence, &stated.roots())
    };
    assert_eq!(without(2), Err(MarvellProblem::NoChain("owner").into()));
    assert_eq!(without(1), Err(MarvellProblem::NoChain("maker").into()));
    let finding = |outcome| AttestationFinding { source: AttestationSource::Signature, outcome };
    assert_eq!(finding(without(1)).standing(), AttestationStanding::None, "nothing contradicts");
    // What contradicts is said first, whatever else is missing.
    let mut forged = stated.evidence();
    forged.certificates[2] = stated.owned.signed_by(MAKER_KEY);
    forged.certificates.remove(1);
    let error = verified(forged, &stated.roots()).unwrap_err();
    assert!(matches!(error, AttestationError::Signature { .. }), "{error}");
    // One root is not two.
    let mut same = Stated::new();
    (same.owned.issuer, same.owner) = (MAKER, same.maker.clone());
    assert_eq!(same.problem(), MarvellProblem::SameRoot);
}

#[test]
fn a_chain_has_the_form_of_a_maker_or_an_owner() {
    // A certificate of the owner for the card is none for the partition.
    let mut stated = Stated::new();
    stated.owned.key = CARD_KEY;
    assert_eq!(stated.problem(), MarvellProblem::NoChain("owner"));
    // The maker certifies a partition by a card, the owner does so itself.
    let mut stated = Stated::new();
    stated.made.issuer = MAKER;
    let mut evidence = stated.evidence();
    evidence.certificates[0] = stated.made.signed_by(MAKER_KEY);
    let error = verified(evidence, &stated.roots()).unwrap_err();
    assert_eq!(error, MarvellProblem::NoChain("maker").into());
    // What is an authority's, or for something else, is no partition's.
    let purposes = [0x30, 0x07, 0x06, 0x05, 0x67, 0x81, 0x05, 0x08, 0x03];
    let others = [
        basic_constraints(true, None),
        extension(rfc5280::ID_CE_EXT_KEY_USAGE, false, &purposes),
        extension(rfc5280::ID_CE_KEY_USAGE, true, &[3, 2, 5, 0x20]),
    ];
    for other in others {
        let mut stated = Stated::new();
        stated.owned.extensions = vec![other];
        let error = stated.verify().unwrap_err();
        assert!(error.to_string().contains("is not for signing"), "{error}");
    }
    // A card that denies that it issues others, and a root that does.
    let mut stated = Stated::new();
    stated.card.extensions = vec![basic_constraints(false, None)];
    assert!(matches!(stated.verify(), Err(AttestationError::BrokenChain { .. })));
    let mut stated = Stated::new();
    stated.maker.extensions = vec![basic_constraints(true, Some(0))];
    let error = stated.verify().unwrap_err();
    assert!(error.to_string().contains("path length"), "{error}");
    stated.maker.extensions = vec![basic_constraints(true, Some(1))];
    assert!(stated.verify().is_ok());
}

/// Such a key signs whatever its holder likes.
#[test]
fn a_key_in_another_device_is_no_partition() {
    let mut stated = Stated::new();
    stated.made.extensions = vec![extension(yubico::POLICY, false, &[2, 2])];
    assert!(matches!(stated.verify(), Err(AttestationError::SlotAsIssuer { .. })));
    let origin = ObjectIdentifier::new_unwrap("1.3.6.1.4.1.41482.4.3");
    stated.made.extensions = vec![extension(origin, false, &[3, 2, 0, 1])];
    let problem = HsmProblem::KeyAsIssuer { subject: PARTITION.to_owned() };
    assert_eq!(stated.verify(), Err(problem.into()));
}

#[test]
fn every_certificate_is_valid_at_the_time_of_signing() {
    let parts: [fn(&mut Stated) -> &mut Made; 5] = [
        |it| &mut it.made,
        |it| &mut it.card,
        |it| &mut it.owned,
        |it| &mut it.maker,
        |it| &mut it.owner,
    ];
    for part in parts {
        let mut stated = Stated::new();
        part(&mut stated).until = "2026-11-25T11:59:59Z";
        let error = stated.verify().unwrap_err();
        assert!(matches!(error, AttestationError::Expired { .. }), "{error}");
    }
}

/// Marvell's root was issued again with the same name and key, after the first had been in use for years.
#[test]
fn a_root_that_was_issued_again_serves_in_its_own_time() {
    let mut stated = Stated::new();
    let evidence = stated.evidence();
    let owner = stated.owner.signed_by(OWNER_KEY);
    stated.maker.until = "2026-01-01T00:00:00Z";
    let first = stated.maker.signed_by(MAKER_KEY);
    (stated.maker.from, stated.maker.until) = ("2026-01-02T00:00:00Z", "2036-01-01T00:00:00Z");
    let second = stated.maker.signed_by(MAKER_KEY);
    let both = roots(&[first, second, owner]);
    let attestation = KeyAttestation::LiquidSecurity(evidence);
    for at in ["2025-06-01T00:00:00Z", "2026-06-01T00:00:00Z"] {
        let at = Instant::parse(at).unwrap();
        assert!(verify(&attestation, Some(&SIGNER.public()), &both, at).is_ok(), "{at}");
    }
    let between = Instant::parse("2026-01-01T12:00:00Z").unwrap();
    assert!(verify(&attestation, Some(&SIGNER.public()), &both, between).is_err());
}

#[test]
fn a_statement_is_read_whole_or_not_at_all() {
    let stated = Stated::new();
    let good = stated.statement();
    assert!(resigned(&good).is_ok());
    let malformed = |bytes: &[u8], why: &str| {
        let error = resigned(bytes).unwrap_err();
        assert!(matches!(error, AttestationError::Malformed(_)), "{error}");
        assert!(error.to_string().contains(why), "{error}");
    };
    for length in 0..good.len() {
        assert!(resigned(&good[..length]).is_err(), "{length}");
    }
    malformed(&[&good[..], &[0]].concat(), "sizes");
    let changed = |at: usize, value: u8| {
        let mut bytes = good.clone();
        bytes[at] = value;
        bytes
    };
    malformed(&changed(3, 1), "reported an error");
    malformed(&changed(11, 0), "sizes");
    malformed(&changed(15, 0), "sizes");
    malformed(&changed(37, 9), "sizes");
    malformed(&changed(39, 9), "sizes");
    malformed(&changed(47, 12), "sizes");
    malformed(&changed(44, 0xff), "sizes");
    malformed(&statement(&[object(&attributes(2, SIGNER))]), "one private key");
    let twice = [object(&attributes(3, SIGNER)), object(&attributes(3, SIGNER))];
    malformed(&statement(&twice), "one private key");
    malformed(&statement(&[object(&attributes(4, SIGNER))]), "one private key");
    let mut said_twice = attributes(3, SIGNER);
    said_twice.push((0x0162, vec![0]));
    malformed(&statement(&[object(&said_twice)]), "0x0162 is there twice");
    let many: Attributes = (0..300).map(|id| (0x9000 + id, vec![0])).collect();
    malformed(&statement(&[object(&many)]), "sizes");
}

#[test]
fn what_is_packed_is_bounded_and_alone() {
    let stated = Stated::new();
    let with =
        |statement| verified(LiquidSecurity { statement, ..stated.evidence() }, &stated.roots());
    let error = with(packed(&vec![0; 100 << 10])).unwrap_err();
    assert!(error.to_string().contains("when unpacked"), "{error}");
    let good = packed(&signed(&stated.statement()));
    let error = with([good.as_slice(), &[0]].concat()).unwrap_err();
    assert!(error.to_string().contains("something stands behind"), "{error}");
    let error = with(good[..good.len() - 9].to_vec()).unwrap_err();
    assert!(error.to_string().contains("cannot be unpacked"), "{error}");
}

proptest! {
    #[test]
    fn whatever_bytes_come_are_judged(
        bytes in proptest::collection::vec(any::<u8>(), 0..400),
        at in 0..700_usize,
        value in any::<u8>(),
    ) {
        let stated = Stated::new();
        let evidence = LiquidSecurity { statement: bytes, certificates: Vec::new() };
        prop_assert!(verified(evidence, &stated.roots()).is_err());
        let mut bytes = stated.statement();
        if let Some(byte) = bytes.get_mut(at) {
            *byte = value;
        }
        let evidence = LiquidSecurity { statement: signed(&bytes), certificates: Vec::new() };
        prop_assert!(verified(evidence, &stated.roots()).is_err());
    }
}

//! Years of made-up work: who signed when, with which key, and what went wrong.

use countersign_admissibility::keyring::Keyring;
use countersign_admissibility::level::Level;
use countersign_envelope::instant::Instant;
use countersign_envelope::signature::{Role, SignerType};
use countersign_signers::software::Ed25519Signer;
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::{Rng as _, SeedableRng as _};

use super::{DemoError, Holder, Plan, PlannedSignature, START, key_of};

/// 2021-01-04T00:00:00Z, a Monday.
pub(super) const BEGIN: i64 = 1_609_718_400;
const HOUR: i64 = 3_600;
const DAY: i64 = 24 * HOUR;
/// As long as a year is on average, in seconds.
const YEAR: f64 = 365.2425 * 86_400.0;
/// Everybody has another key every two years.
const PERIODS: [i64; 3] = [2021, 2023, 2025];
/// 2023-06-01T00:00:00Z, when a key was lost.
const LOST: i64 = 1_685_577_600;

/// Someone who works there for some years.
struct Member {
    name: &'static str,
    /// The same within a key id.
    id: &'static str,
    role: Role,
    kind: SignerType,
    from: f64,
    to: f64,
    /// How often they are the one who signs, beside the others in their role.
    share: f64,
}

const fn member(
    (name, id): (&'static str, &'static str),
    role: Role,
    kind: SignerType,
    (from, to): (f64, f64),
    share: f64,
) -> Member {
    Member { name, id, role, kind, from, to, share }
}

const MEMBERS: [Member; 13] = {
    use Role::{Auditor, Operator, Reviewer, Witness};
    use SignerType::{External, Hardware, Software};
    const ON: f64 = 2100.0;
    [
        member(("mira.k", "mirak"), Operator, Software, (2021.0, ON), 9.0),
        member(("a.lindqvist", "alindqvist"), Operator, Software, (2021.0, 2024.3), 8.0),
        member(("op-night-2", "opnight"), Operator, External, (2022.4, ON), 6.0),
        member(("d.farouk", "dfarouk"), Operator, Hardware, (2023.7, ON), 8.0),
        member(("t.eriksen", "teriksen"), Operator, Software, (2025.1, ON), 5.0),
        member(("j.okafor", "jokafor"), Witness, Hardware, (2021.0, ON), 10.0),
        member(("s.ramanathan", "sramanathan"), Witness, Hardware, (2022.0, ON), 7.0),
        member(("l.moreau", "lmoreau"), Witness, Software, (2021.0, 2023.6), 7.0),
        member(("kms-frankfurt", "kmsfrankfurt"), Witness, External, (2024.0, ON), 6.0),
        member(("h.nakamura", "hnakamura"), Witness, Hardware, (2025.4, ON), 5.0),
        member(("p.novak", "pnovak"), Reviewer, Software, (2021.5, 2025.2), 3.0),
        member(("e.castellanos", "ecastellanos"), Reviewer, Hardware, (2023.0, ON), 3.0),
        member(("audit-desk", "auditdesk"), Auditor, External, (2021.9, ON), 1.0),
    ]
};

/// Adds everyone's keys to a keyring. Returns the holders. The last one is a stranger and not in
/// it.
pub(super) fn holders(seed: u64, keyring: &mut Keyring) -> Result<Vec<Holder>, DemoError> {
    let mut random = ChaCha20Rng::seed_from_u64(seed);
    random.set_stream(u64::MAX - 8);
    let mut signer = || {
        let mut seed = [0; 32];
        random.fill_bytes(&mut seed);
        Ed25519Signer::from_seed(&seed)
    };
    let mut holders = Vec::new();
    for member in &MEMBERS {
        for year in PERIODS {
            let holder = Holder {
                name: member.name.to_owned(),
                key_id: format!("ds-{}-{year}-01", member.id),
                role: member.role,
                kind: member.kind,
                signer: signer()?,
            };
            let begin = Instant::parse(&format!("{year}-01-01T00:00:00Z"));
            let mut key = key_of(&holder, begin);
            key.valid_from = begin;
            if member.id == "lmoreau" && year == PERIODS[1] {
                key.revoked_at = Instant::from_unix(LOST);
                key.revocation_reason = Some("the notebook with it was lost".to_owned());
            }
            keyring.add(key)?;
            holders.push(holder);
        }
    }
    holders.push(Holder {
        name: "s.ramanathan".to_owned(),
        key_id: "ds-sramanathan-2024-07".to_owned(),
        role: Role::Witness,
        kind: SignerType::Software,
        signer: signer()?,
    });
    Ok(holders)
}

/// Envelopes with about so many signatures in all, the oldest first. Holders are those of
/// [`holders`], after `before` others.
pub(super) fn plans(signatures: usize, seed: u64, before: usize) -> Vec<Plan> {
    let mut random = ChaCha20Rng::seed_from_u64(seed);
    random.set_stream(u64::MAX - 9);
    let mut dice = Dice(random);
    let (mut plans, mut made) = (Vec::new(), 0);
    while made < signatures {
        let plan = plan(&mut dice, before);
        made += plan.signatures.len();
        plans.push(plan);
    }
    plans.sort_by_key(|plan: &Plan| plan.at.unix());
    plans
}

struct Dice(ChaCha20Rng);

impl Dice {
    /// A number from 0 to 1.
    fn throw(&mut self) -> f64 {
        f64::from(self.0.next_u32()) / f64::from(u32::MAX)
    }

    fn below(&mut self, most: i64) -> i64 {
        (self.throw() * most as f64) as i64
    }
}

fn plan(dice: &mut Dice, before: usize) -> Plan {
    let sealed = working_moment(dice);
    let registered = sealed + HOUR + dice.below(HOUR * 3 / 2);
    let waits = if dice.throw() < 0.2 { 3 * DAY } else { 5 * HOUR };
    let fate = dice.throw();
    let acts = [
        (fate > 0.03, Role::Operator, sealed + 60 + dice.below(2400)),
        (fate > 0.09, Role::Witness, registered + 300 + dice.below(waits)),
        (fate > 0.8, Role::Reviewer, registered + 2 * HOUR + dice.below(2 * DAY)),
        (fate > 0.97, Role::Auditor, registered + 30 * DAY + dice.below(20 * DAY)),
    ];
    let mut signatures: Vec<PlannedSignature> = acts
        .into_iter()
        .filter(|(happens, _, at)| *happens && *at < START)
        .filter_map(|(_, role, at)| sign(dice, role, at, before))
        .collect();
    signatures.sort_by_key(|signature| signature.at.unix());
    let time = |at| Instant::from_unix(at).unwrap_or(Instant::EPOCH);
    let is_held = signatures.iter().any(|one| {
        let member = MEMBERS.get((one.holder - before) / PERIODS.len());
        member.is_some_and(|member| member.kind != SignerType::Software)
    });
    // The content required for the level that the signatures can reach.
    let level = match dice.throw() {
        odd if odd < 0.004 => None,
        odd if odd < 0.1 => Some(Level::L4),
        odd if odd < 0.8 && is_held && year_of(sealed) > 2023.5 => Some(Level::L7),
        _ => Some(Level::L6),
    };
    Plan {
        at: time(sealed),
        level,
        registered_at: (registered < START).then(|| time(registered)),
        signatures,
    }
}

/// Signs in a role; does nothing if nobody holds it at the time.
fn sign(dice: &mut Dice, role: Role, at: i64, before: usize) -> Option<PlannedSignature> {
    let year = year_of(at);
    let present = || {
        let members = MEMBERS.iter().enumerate();
        members.filter(move |(_, one)| one.role == role && one.from <= year && year < one.to)
    };
    let mut left = dice.throw() * present().map(|(_, one)| one.share).sum::<f64>();
    let chosen = present().find(|(_, one)| {
        left -= one.share;
        left <= 0.0
    });
    let (index, _) = chosen.or_else(|| present().next())?;
    let period = PERIODS.iter().rposition(|first| *first as f64 <= year).unwrap_or(0);
    let odd = dice.throw();
    let stranger = MEMBERS.len() * PERIODS.len();
    let is_stranger = role == Role::Witness && odd > 0.9995;
    Some(PlannedSignature {
        holder: before + if is_stranger { stranger } else { index * PERIODS.len() + period },
        at: Instant::from_unix(at)?,
        is_forged: odd < 0.0008,
    })
}

/// When work is done: more of it every year; little at night, on Sundays, in August and about
/// New Year; most at the ends of quarters.
fn working_moment(dice: &mut Dice) -> i64 {
    loop {
        let part = (dice.throw() * 0.92 + 0.08 * dice.throw()).sqrt();
        let at = BEGIN + (part * (START - BEGIN) as f64) as i64;
        let (day, hour) = ((at - BEGIN) / DAY % 7, at.rem_euclid(DAY) / HOUR);
        let of_year = year_of(at).fract();
        let of_day = match day {
            5 => 0.08,
            6 => 0.02,
            _ => 1.0,
        };
        let of_hour = match hour {
            0..6 | 21..24 => 0.05,
            6..8 | 18..21 => 0.35,
            12 => 0.5,
            _ => 1.0,
        };
        let of_season = match of_year {
            part if !(0.015..=0.975).contains(&part) => 0.15,
            part if (0.585..0.665).contains(&part) => 0.45,
            part if part * 4.0 % 1.0 > 0.89 => 1.9,
            _ => 1.0,
        };
        if dice.throw() * 1.9 < of_day * of_hour * of_season {
            return at;
        }
    }
}

fn year_of(at: i64) -> f64 {
    1970.0 + at as f64 / YEAR
}

use countersign_envelope::authority_boundary::AuthorityBoundary;
use countersign_envelope::authority_ledger::AuthorityLedger;
use countersign_envelope::canonical;
use countersign_envelope::chain::Line;
use countersign_envelope::json;
use countersign_envelope::sealed_run::SealedRun;
use countersign_problem::Reason;
use serde_json::{Value, json};

use super::*;
use crate::check::Outcome;

fn reference() -> Value {
    let path = "/../../../tests/fixtures/conformance/audit.json";
    let text = std::fs::read(format!("{}{path}", env!("CARGO_MANIFEST_DIR"))).unwrap();
    serde_json::from_slice(&text).unwrap()
}

/// The boundary of the reference's public pack, and its ledger.
fn published() -> (Value, Vec<Value>) {
    let case = reference()["abp"][0].clone();
    (case["abp"].clone(), case["ledger"].as_array().unwrap().clone())
}

fn digest(value: &Value) -> String {
    let text = serde_json::to_vec(value).unwrap();
    canonical::digest(&json::parse(&text).unwrap().value).to_string()
}

/// The same with id and hash made right again: whoever alters a boundary can do that.
fn resealed(mut abp: Value) -> Value {
    let seed = json!({"scope": abp["scope"], "authority_ref": abp["authority_ref"],
        "created_at": abp["created_at"]});
    abp["abp_id"] = json!(format!("ABP-{}", &digest(&seed)["sha256:".len()..][..8]));
    abp["hash"] = json!("");
    abp["hash"] = json!(digest(&abp));
    abp
}

/// An entry that follows the others, its hash and link right.
fn entered(ledger: &mut Vec<Value>, mut entry: Value) {
    entry["prev_entry_hash"] = ledger.last().map_or(Value::Null, |last| last["entry_hash"].clone());
    entry["entry_hash"] = json!("");
    entry["entry_hash"] = json!(digest(&entry));
    ledger.push(entry);
}

/// A run of the decision and the authority that the published boundary is about.
fn run() -> Value {
    let (_, ledger) = published();
    json!({
        "authority_envelope": {
            "actor": {"id": "Demo-Operator", "role": "Operator"},
            "scope_bound": {"decisions": ["DEC-001"], "datasets": ["decision_log.csv"]},
            "provenance": {"created_at": "2026-03-01T00:00:00Z"},
        },
        "authority_ledger_ref": {
            "authority_entry_id": ledger[0]["entry_id"],
            "authority_entry_hash": ledger[0]["entry_hash"],
        },
        "decision_state": {"decision_id": "DEC-001"},
        "hash_scope": {"inputs": [{"path": "decision_log.csv"}]},
    })
}

fn judged(abp: &[u8], ledger: Option<&[Value]>, run: &Value) -> JudgedBoundary {
    let run = SealedRun::parse(&serde_json::to_vec(run).unwrap()).unwrap();
    let boundary = AuthorityBoundary::parse(abp).map_err(Reason::from);
    let lines = |entry: &Value| Line::parse(entry.to_string().as_bytes());
    let ledger = ledger.map(|entries| AuthorityLedger::read(entries.iter().map(lines)));
    let evidence = Evidence {
        boundary: Part::Read(boundary.as_ref()),
        ledger: ledger.as_ref().map_or(Part::Absent, |ledger| Part::Read(Ok(ledger))),
        ..Evidence::of("RUN-00000000_20260301T000000Z.json", Ok(&run))
    };
    judge(&evidence).unwrap()
}

fn outcome(judged: &JudgedBoundary, id: &str) -> Outcome {
    judged.checks.iter().find(|check| check.id.as_str() == id).expect(id).outcome
}

/// The outcome of one check, of the published boundary after a change.
fn altered(id: &str, change: impl FnOnce(&mut Value, &mut Vec<Value>, &mut Value)) -> Outcome {
    let ((mut abp, mut ledger), mut run) = (published(), run());
    change(&mut abp, &mut ledger, &mut run);
    let abp = serde_json::to_vec(&resealed(abp)).unwrap();
    outcome(&judged(&abp, Some(&ledger), &run), id)
}

/// By name, order and verdict; what the reference passes because there is no ledger is not checkable.
#[test]
fn each_check_of_the_reference_comes_out_as_it_does_there() {
    let cases = reference()["abp"].as_array().unwrap().clone();
    assert_eq!(cases.len(), 28);
    for case in cases {
        let ledger = case["ledger"].as_array();
        let abp = serde_json::to_vec(&case["abp"]).unwrap();
        let judged = judged(&abp, ledger.map(Vec::as_slice), &run());
        let checks = judged.checks.iter().filter(|check| check.id.is_of_reference());
        let ours: Vec<Value> = checks
            .map(|check| {
                let skipped = ledger.is_none() && check.outcome == Outcome::Unchecked;
                let passed = skipped || check.outcome == Outcome::Pass;
                json!({"check": check.id.as_str(), "passed": passed})
            })
            .collect();
        assert_eq!(json!(ours), case["checks"], "{}", case["name"]);
    }
}

#[test]
fn the_published_boundary_holds_and_what_nobody_can_tell_is_not_checkable() {
    let (abp, ledger) = published();
    let judged = judged(&serde_json::to_vec(&abp).unwrap(), Some(&ledger), &run());
    assert!(judged.is_valid(), "{:?}", judged.checks);
    let open = judged.checks.iter().filter(|check| check.outcome != Outcome::Pass);
    let open: Vec<_> = open.map(|check| (check.id, check.outcome)).collect();
    assert_eq!(
        open,
        [
            (BoundaryCheck::Objective, Outcome::Unchecked),
            (BoundaryCheck::Tools, Outcome::Unchecked)
        ]
    );
    assert_eq!(judged.inside(), Outcome::Unchecked);
}

#[test]
fn without_a_ledger_a_boundary_is_not_valid() {
    let (abp, _) = published();
    let judged = judged(&serde_json::to_vec(&abp).unwrap(), None, &run());
    assert_eq!(judged.validity(), Outcome::Unchecked);
    assert!(!judged.is_valid());
}

#[test]
fn what_is_no_boundary_fails_the_first_check_and_has_no_other() {
    let twice = br#"{"tools": {"allow": [], "allow": [{"name": "x", "scope": null}]}}"#;
    let large = vec![b' '; 2 << 20];
    for bytes in [&b"{"[..], b"[]", b"{\"hash\": NaN}", b"{\"hash\": \"\xff\"}", twice, &large] {
        let judged = judged(bytes, Some(&published().1), &run());
        let checks: Vec<_> = judged.checks.iter().map(|check| (check.id, check.outcome)).collect();
        assert_eq!(checks, [(BoundaryCheck::JsonValid, Outcome::Fail)]);
        assert_eq!((judged.validity(), judged.inside()), (Outcome::Fail, Outcome::Unchecked));
    }
}

#[test]
fn an_authority_that_another_entry_revokes_is_revoked() {
    let revoked_at = |time: &str| {
        let time = time.to_owned();
        move |_: &mut Value, ledger: &mut Vec<Value>, _: &mut Value| {
            let mut entry = ledger[0].clone();
            for (key, value) in [
                ("grant_type", "revocation"),
                ("entry_id", "AUTH-11111111"),
                ("effective_at", &time),
                ("revoked_at", &time),
            ] {
                entry[key] = json!(value);
            }
            entered(ledger, entry);
        }
    };
    // Before the boundary was made, with another offset: 2026-02-23T23:30Z.
    let before = "2026-02-24T01:30:00+02:00";
    assert_eq!(altered("abp.authority_ref_valid", revoked_at(before)), Outcome::Fail);
    // Between boundary and decision: it was made under a valid authority, and the run was not.
    let between = "2026-02-28T00:00:00Z";
    assert_eq!(altered("abp.authority_ref_valid", revoked_at(between)), Outcome::Pass);
    assert_eq!(altered("boundary.in_force", revoked_at(between)), Outcome::Fail);
    let after = "2026-03-02T00:00:00Z";
    assert_eq!(altered("boundary.in_force", revoked_at(after)), Outcome::Pass);
    assert_eq!(altered("abp.authority_ref_valid", revoked_at("soon")), Outcome::Fail);
}

#[test]
fn times_are_compared_as_instants() {
    let made = |time: &'static str| {
        move |abp: &mut Value, _: &mut _, _: &mut _| abp["created_at"] = json!(time)
    };
    let check = "abp.authority_not_expired";
    // The grant holds from 2026-02-21T00:00:00Z.
    assert_eq!(altered(check, made("2026-02-21T02:00:00+02:00")), Outcome::Pass);
    assert_eq!(altered(check, made("2026-02-21T01:59:59+02:00")), Outcome::Fail);
    assert_eq!(altered(check, made("yesterday")), Outcome::Unchecked);
    assert_eq!(altered("abp.schema_valid", made("yesterday")), Outcome::Fail);
    let ends = |time: &'static str| {
        move |_: &mut _, ledger: &mut Vec<Value>, _: &mut _| ledger[0]["expires_at"] = json!(time)
    };
    assert_eq!(altered(check, ends("never")), Outcome::Unchecked);
    assert_eq!(altered(check, ends("2026-02-24T00:00:00Z")), Outcome::Pass);
    assert_eq!(altered(check, ends("2026-02-23T23:59:59Z")), Outcome::Fail);
}

#[test]
fn an_entry_of_another_ledger_or_one_that_was_altered_is_no_authority() {
    let other = |abp: &mut Value, ledger: &mut Vec<Value>, _: &mut Value| {
        let mut entry = ledger[0].clone();
        entry["actor_id"] = json!("Somebody-Else");
        ledger.clear();
        entered(ledger, entry);
        assert_ne!(ledger[0]["entry_hash"], abp["authority_ref"]["authority_entry_hash"]);
    };
    assert_eq!(altered("abp.authority_ref_valid", other), Outcome::Fail);
    // The reference does not compute the hash of the entry.
    let widened = |_: &mut Value, ledger: &mut Vec<Value>, _: &mut Value| {
        ledger[0]["scope_bound"]["decisions"] = json!(["*"]);
    };
    assert_eq!(altered("abp.authority_ref_valid", widened), Outcome::Pass);
    assert_eq!(altered("boundary.authority_entry", widened), Outcome::Fail);
    let under_another = |_: &mut Value, _: &mut Vec<Value>, run: &mut Value| {
        run["authority_ledger_ref"]["authority_entry_id"] = json!("AUTH-22222222");
    };
    assert_eq!(altered("boundary.authority", under_another), Outcome::Fail);
}

#[test]
fn a_boundary_is_part_of_none_that_nobody_has() {
    let with = |id: Value, hash: Value| {
        move |abp: &mut Value, _: &mut Vec<Value>, _: &mut Value| {
            abp["composition"]["parent_abp_id"] = id;
            abp["composition"]["parent_abp_hash"] = hash;
        }
    };
    let hash = json!(format!("sha256:{}", "2".repeat(64)));
    let check = "boundary.parent";
    assert_eq!(altered(check, with(json!("ABP-01234567"), hash)), Outcome::Unchecked);
    assert_eq!(altered(check, with(json!("ABP-01234567"), json!("sha256:2"))), Outcome::Fail);
    // Its own id does not depend on the composition.
    let own = published().0["abp_id"].clone();
    let hash = json!(format!("sha256:{}", "2".repeat(64)));
    assert_eq!(altered(check, with(own, hash)), Outcome::Fail);
}

#[test]
fn a_boundary_holds_from_its_beginning_to_its_end() {
    let between = |from: &'static str, until: Value| {
        move |abp: &mut Value, _: &mut Vec<Value>, _: &mut Value| {
            abp["effective_at"] = json!(from);
            abp["expires_at"] = until;
        }
    };
    // The run was decided at 2026-03-01T00:00:00Z.
    let cases = [
        ("2026-03-01T01:00:00+01:00", Value::Null, Outcome::Pass),
        ("2026-03-01T00:00:01Z", Value::Null, Outcome::Fail),
        ("2026-02-21T00:00:00Z", json!("2026-03-01T00:00:00Z"), Outcome::Fail),
        ("2026-02-21T00:00:00Z", json!("2026-03-01T00:00:01Z"), Outcome::Pass),
    ];
    for (from, until, wanted) in cases {
        assert_eq!(
            altered("boundary.in_force", between(from, until.clone())),
            wanted,
            "{from} {until}"
        );
    }
    let later = |abp: &mut Value, _: &mut Vec<Value>, _: &mut Value| {
        abp["created_at"] = json!("2026-03-02T00:00:00Z");
    };
    assert_eq!(altered("boundary.in_force", later), Outcome::Warn);
}

#[test]
fn what_is_denied_is_outside_and_so_is_what_is_not_named() {
    let tools = |named: Value, allow: Value, deny: Value| {
        altered("boundary.tools", |abp, _, run| {
            run["authority_envelope"]["scope_bound"]["tools"] = named;
            abp["tools"] = json!({"allow": allow, "deny": deny});
        })
    };
    let allowed = |name: &str, scope: Value| json!([{"name": name, "scope": scope}]);
    let denied = |name: &str| json!([{"name": name, "reason": "no"}]);
    let seal = json!(["seal"]);
    assert_eq!(tools(seal.clone(), allowed("seal", Value::Null), json!([])), Outcome::Pass);
    assert_eq!(tools(seal.clone(), allowed("seal", json!("DEC-001")), json!([])), Outcome::Pass);
    assert_eq!(tools(seal.clone(), allowed("seal", json!("DEC-002")), json!([])), Outcome::Fail);
    assert_eq!(tools(seal.clone(), json!([]), json!([])), Outcome::Fail);
    assert_eq!(tools(seal.clone(), allowed("Seal", Value::Null), json!([])), Outcome::Fail);
    assert_eq!(tools(seal.clone(), allowed("seal", Value::Null), denied("seal")), Outcome::Fail);
    assert_eq!(tools(json!([1]), allowed("seal", Value::Null), json!([])), Outcome::Unchecked);

    let objective = |allowed: Value, denied: Value| {
        altered("boundary.objective", |abp, _, _| {
            abp["objectives"] = json!({"allowed": allowed, "denied": denied});
        })
    };
    let decision = json!([{"id": "DEC-001", "description": "the decision"}]);
    let not = json!([{"id": "DEC-001", "description": "the decision", "reason": "no"}]);
    assert_eq!(objective(decision.clone(), json!([])), Outcome::Pass);
    assert_eq!(objective(decision, not), Outcome::Fail);
    assert_eq!(objective(json!([]), json!([])), Outcome::Fail);

    let data = |role: &'static str, permissions: Value| {
        altered("boundary.data", |abp, _, run| {
            run["authority_envelope"]["actor"]["role"] = json!(role);
            abp["data"]["permissions"] = permissions;
        })
    };
    let permission = |resource: &str, operation: &str| {
        json!([{"resource": resource, "operations": [operation], "roles": ["Operator"],
            "sensitivity": "internal"}])
    };
    assert_eq!(data("Operator", permission("decision_log.csv", "read")), Outcome::Pass);
    assert_eq!(data("Operator", permission("decision_log.csv", "write")), Outcome::Fail);
    assert_eq!(data("operator", permission("decision_log.csv", "read")), Outcome::Fail);
    assert_eq!(data("", permission("decision_log.csv", "read")), Outcome::Unchecked);
    assert_eq!(data("Operator", permission("decision_log.tsv", "read")), Outcome::Fail);
    assert_eq!(data("Operator", permission("decision_log.[ct]sv", "read")), Outcome::Unchecked);
    assert_eq!(data("Operator", json!([])), Outcome::Fail);

    let other = |_: &mut Value, _: &mut Vec<Value>, run: &mut Value| {
        run["decision_state"]["decision_id"] = json!("DEC-002");
    };
    assert_eq!(altered("boundary.decision", other), Outcome::Fail);
}

#[test]
fn what_a_broken_ledger_or_an_unreadable_end_leaves_open_never_passes() {
    let id = "abp.authority_ref_valid";
    assert_eq!(altered(id, |_, _, _| {}), Outcome::Pass);
    let below = altered(id, |_, ledger, _| ledger.push(json!({"entry_id": "AUTH-00000000"})));
    assert_eq!(below, Outcome::Unchecked, "a revocation may stand below the break");
    for end in [json!(""), json!(0), json!(false), json!("tomorrow")] {
        let unreadable = altered("abp.authority_not_expired", |abp, ledger, _| {
            let mut entry = ledger.remove(0);
            entry["expires_at"] = end.clone();
            entered(ledger, entry);
            abp["authority_ref"]["authority_entry_hash"] = ledger[0]["entry_hash"].clone();
        });
        assert_eq!(unreadable, Outcome::Unchecked, "{end}");
    }
}

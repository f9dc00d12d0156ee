"""Makes runs with an authority boundary beside them, its ledger, and the files that they were made from.

    python bounded.py VERIFY_PY RUNS AUDIT OUT

RUNS has the reference's runs, AUDIT its verdicts on boundaries. OUT gets a directory for each boundary
that it judged, and for some that stand under the authority of their run; the files are in `files`.
"""

import hashlib
import importlib.util
import json
import os
import shutil
import sys

FILES = [("inputs", "data/a.csv", b"a"), ("inputs", "./data/b.csv", b"b"), ("prompts", "p.md", b"p"),
         ("schemas", "s.json", b"s")]
TIMES = [("2026-03-01T00:00:00Z", None), ("2026-03-01T00:00:00Z", "2026-12-31T00:00:00Z"),
         ("2030-01-01T00:00:00Z", None), ("2026-03-01", None)]


def put(path, value):
    with open(path, "w") as file:
        json.dump(value, file, indent=2)


def case(runs, name, out):
    """A copy of a run; returns its directory and the path of the run."""
    shutil.copytree(os.path.join(runs, name), out)
    own = [one for one in os.listdir(out) if one.startswith("RUN-") and one.endswith("Z.json")]
    return os.path.join(out, own[0])


def with_files(reseal, run, out, left_out):
    """Lets a run be made from files that are there, but for some."""
    with open(run) as file:
        value = json.load(file)
    scope = value["hash_scope"]
    for part in ("inputs", "prompts", "schemas"):
        scope[part] = [{"path": path, "sha256": "sha256:" + hashlib.sha256(data).hexdigest()}
                       for where, path, data in FILES if where == part]
    value["hash"] = reseal.hash_without(value, "hash")
    put(run, value)
    for _, path, data in FILES[left_out:]:
        place = os.path.join(out, "files", path)
        os.makedirs(os.path.dirname(place), exist_ok=True)
        with open(place, "wb") as file:
            file.write(data)


def boundary(reseal, abp, reference, made, until):
    abp = json.loads(json.dumps(abp))
    abp["authority_ref"] = {**{key: reference[key] for key in ("authority_entry_id", "authority_entry_hash")},
                            "authority_ledger_path": None}
    abp["created_at"] = abp["effective_at"] = made
    abp["expires_at"] = until
    return sealed(reseal, abp)


def sealed(reseal, abp):
    """With the id and the hash that it has to have."""
    seed = {key: abp.get(key) for key in ("scope", "authority_ref", "created_at")}
    abp["abp_id"] = "ABP-" + reseal.hash_of(seed)[len("sha256:"):][:8]
    return {**abp, "hash": reseal.hash_without(abp, "hash")}


def main():
    verifier, runs, audit, out = sys.argv[1:]
    spec = importlib.util.spec_from_file_location("verify", verifier)
    reseal = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(reseal)
    with open(audit) as file:
        judged = json.load(file)["abp"]
    for number, one in enumerate(judged):
        place = os.path.join(out, "judged-%02d" % number)
        run = case(runs, "good_multisig", place)
        with_files(reseal, run, place, number % 3)
        put(os.path.join(place, "abp_v1.json"), one["abp"])
        if one.get("ledger"):
            with open(os.path.join(place, "authority_ledger.ndjson"), "w") as file:
                file.write("".join(json.dumps(entry) + "\n" for entry in one["ledger"]))
    names = sorted(one for one in os.listdir(runs) if one.startswith(("authority_", "good_authority")))
    for number, name in enumerate(names):
        place = os.path.join(out, name)
        run = case(runs, name, place)
        os.makedirs(os.path.join(place, "files"))
        with open(run) as file:
            reference = json.load(file).get("authority_ledger_ref") or {}
        if isinstance(reference.get("authority_entry_id"), str):
            made, until = TIMES[number % len(TIMES)]
            put(os.path.join(place, "abp_v1.json"), boundary(reseal, judged[0]["abp"], reference, made, until))


if __name__ == "__main__":
    main()

# An envelope that is open: its verdict, decision, manifest, signatures and files.

envelope = Envelope
envelope-none = No envelope is open
    .choose = Choose one with { $next } and { $previous }, or press { $help } for help.
    .wait = Envelopes that appear in the queue can be read here.
envelope-no-decision-id = no decision id
envelope-no-title = Without a title
envelope-unreadable = Cannot be read
envelope-copy-path = Copy the path
envelope-title-cut = { $total ->
    [one] Showing the first { $count } of { $total } character; all of it is in the raw JSON below.
   *[other] Showing the first { $count } of { $total } characters; all of it is in the raw JSON below.
}
envelope-changed = { $cause ->
    [disk] Changed on disk { $age }.
    [own] Changed by you { $age }.
    [review] Judged by other keys or another log { $age }.
   *[rules] Judged again, because keys, policy or log changed, { $age }.
}
envelope-export = Export…
envelope-pack = Pack…
envelope-print = Print…
# Several time stamps should be renewed: the certificates of those who made them end soon.
envelope-stamps-end = { $count ->
    [one] The certificate of { $count } time-stamping authority ends on { $first }: renew its time stamps before then
   *[other] The certificates of { $count } time-stamping authorities end soon, the first on { $first }: renew their time stamps before then
}
envelope-stamps-ended = { $count ->
    [one] The certificate of { $count } time-stamping authority has ended: its time stamps were not renewed
   *[other] The certificates of { $count } time-stamping authorities have ended: their time stamps were not renewed
}
envelope-gone = This envelope is no longer on disk
    .hint = You see its last known state.
envelope-no-run = This file cannot be read as a sealed run
    .hint = Nothing can be signed here. Repair the file or seal the run again.

envelope-part-run = Sealed run
    .short = Run
envelope-part-manifest = Manifest
envelope-part-run-signatures = Signatures of the run
envelope-part-manifest-signatures = Signatures of the manifest
envelope-part-refusals = Refusals

envelope-raw = Raw JSON
    .of = Raw JSON, { $part }
envelope-lines = { $size }, { $lines ->
    [one] { $lines } line
   *[other] { $lines } lines
}
envelope-files = { $count ->
    [one] { $count } file
   *[other] { $count } files
}
envelope-files-label = Files
envelope-file-digest = SHA-256 of the file as it is on disk
envelope-no-file = There is no file to show.

verdict = Verdict
main-register = Register in the log…
main-enrol = Enrol the key…
main-sign = Sign…
    .hardware = Sign with a hardware key…
main-co-sign = { $role ->
    [none] Co-sign…
   *[other] Co-sign as { $role }…
}
slots = Required signatures
slots-co-signer = co-signer
slots-more = and { $count } more

decision = Decision
decision-refused = The pipeline refused this decision.
decision-status = Status
decision-confidence = Confidence
decision-decided = Decided
decision-actor = Actor
decision-actor-role = In the role of
decision-authority = Authority
decision-policy = Policy
decision-run = Run
decision-refusal = Refusal
fact-not-given = not given

gates = Gates
gates-in-short = { $failed ->
    [0] { $total ->
        [0] none
        [1] { $total } passed
       *[other] all { $total } passed
    }
   *[other] { $failed } of { $total } failed
}
gates-failed = { $count ->
    [one] { $count } gate failed, shown first.
   *[other] { $count } gates failed, shown first.
}
gates-none = The run records no gates.

scope = Scope
scope-nothing = nothing
scope-none = The run does not name what the decision covers.

list-first = Show the first { $count }
list-all = Show all { $count }
list-more = { $count ->
    [one] { $count } more is not listed here; all of them are in the raw JSON below.
   *[other] { $count } more are not listed here; all of them are in the raw JSON below.
}

manifest = Manifest
manifest-agrees = agrees with the run
manifest-differs = contradicts the run
manifest-wrong = The manifest does not belong to this run
manifest-run-file = File of the run
manifest-commit = Commit
manifest-rows = rows in input files
manifest-schemas = schema versions
manifest-other = { $count ->
    [one] { $count } field that no manifest of this format has
   *[other] { $count } fields that no manifest of this format has
}
manifest-other-label = Fields beyond the format

hashes = Hashes
hashes-signed = What is signed: SHA-256 of the canonical bytes
hashes-content = Content hash
hashes-commit = Commit hash
hashes-stand = { $holds ->
    [yes] { $name } holds
   *[no] { $name } does not hold
}
hashes-not-recorded = not recorded

log = Log
authority = Authority

boundary = Authority boundary
boundary-id = Id
boundary-contract = Contract
boundary-program = Programme
boundary-inside = Does the run lie inside it?
boundary-holds = Does it hold?
boundary-open = What does not hold, or cannot be checked
boundary-passed = { $count ->
    [one] { $count } check passed
   *[other] { $count } checks passed
}
boundary-none = There is no authority boundary beside this run.

ladder = Ladder
ladder-check = { $required ->
    [yes] { $state }
   *[no] { $state }, not required
}
ladder-no-checks = This level has no checks.

refusals = Refusals
refusals-facts = { $known ->
    [both] { $at }, key { $key };{ " " }
    [time] { $at },{ " " }
    [key] key { $key };{ " " }
   *[none] { "" }
}{ $stands ->
    [yes] { $standing }.
   *[no] { $standing }: { $why }.
}
refusals-lift = If { $signer } signs, that lifts it.

signatures = Signatures
signatures-count = { $counted } of { $threshold } count
signatures-none = No one has signed this run.
signatures-of-run = Signatures on the run
signatures-of-manifest = { $valid ->
    [yes] On the manifest: { $count }, all valid
   *[no] On the manifest: { $count }, not all valid
}
signatures-add = Add a signature…
signatures-register = Register…
signatures-stamp = Ask for a time stamp…
signatures-attach = Attach evidence…

signature-of = Signature of { $signer }
signature-no-name = no name
signature-no-date = no date
signature-kind = Kind
signature-attestation = Attestation
signature-names = Certificate
signature-unmet = What the policy requires
signature-companion = Companion
signature-key = Key
signature-algorithm = Algorithm
signature-payload = Signed over
    .unknown = an unknown form
signature-time = Signed
signature-stamp = Time stamp
    .unproven = It does not count: { $why }
signature-renewal = Renewal
    .late = The authority's certificate ended on { $day }. The time stamp can no longer be renewed.
    .due = The authority's certificate ends on { $day }. Renew the time stamp before then.
    .ask = Ask for a renewal…
signature-fingerprint = Fingerprint
    .copy = Copy the fingerprint
signature-verify = Verify elsewhere
    .command = Command that verifies this signature
    .copy = Copy the command

attach = Attach evidence
    .about = What a TPM certified, or what a cloud service reports about its key and this signature, often only minutes later. It is stored next to the signature that it is about, and to no other; what it says is checked first.
attach-act = Attach
attach-evidence = Evidence
    .hint = A JSON file with a key attestation, for example from a TPM.
attach-missing = Choose the file with the evidence.
attach-done = { $count ->
    [one] Attached { $evidence } to { $count } signature file: { $files }.
   *[other] Attached { $evidence } to { $count } signature files: { $files }.
}
attach-not-judged = Attached { $evidence }. It cannot be checked here: { $why }.

register = Register { $name } in the log
register-act = Register { $name }
register-final = This cannot be undone
    .hint = An entry stays in the transparency log permanently, even if the run is deleted.
register-file = File
register-looking = Reading the run and finding its log
register-says = What the entry says
register-entry = Entry
    .copy = Copy the id of the entry
register-signing-key = Signing key
register-witness-key = Witness's key
register-no-key = none
register-log = In the log
    .copy = Copy the path of the log

register-several = { $count ->
    [one] Register { $count } envelope in the log
   *[other] Register { $count } envelopes in the log
}
    .act = { $count ->
        [one] Register { $count } envelope
       *[other] Register { $count } envelopes
    }
    .envelopes = Envelopes to be registered
    .none = None of these envelopes can be registered
register-reading = Reading
register-reading-of = Reading { $count } of { $of }
register-registering = Registering
register-progress = { $of ->
    [one] { $registered } of { $of } envelope registered
   *[other] { $registered } of { $of } envelopes registered
}{ $failed ->
    [0] { "" }
   *[other] , { $failed } not registered
}{ $left ->
    [0] { "" }
   *[other] , { $left } not reached
}.
register-ready = To be registered
register-results = Results
register-more = { $count ->
    [one] And { $count } envelope more.
   *[other] And { $count } envelopes more.
}
register-left-out = { $count ->
    [one] Left out: { $count } envelope
   *[other] Left out: { $count } envelopes
}

registrable-already = This run is already registered
registrable-other-manifest = A run whose manifest belongs to another run cannot be registered
registrable-unsigned = Only a signed run is registered
    .hint = Sign it with an accepted key first.
registrable-not-now = The log takes no entry now

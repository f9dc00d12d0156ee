# Words that stand in many places.

kind-software = software key
kind-hardware = hardware key
kind-external = external signer

role-operator = operator
role-witness = witness
role-reviewer = reviewer
role-auditor = auditor
role-none = no role

log-kind-log = log
log-kind-ledger = ledger

standing-valid = valid
standing-not-accepted = not accepted here
standing-unchecked = cannot be checked here
standing-invalid = invalid

refusal-stands = L4 does not hold while this stands
refusal-lifted = lifted
refusal-not-accepted = blocks nothing
refusal-other-sealing = a note, which blocks nothing
refusal-invalid = invalid, and blocks nothing

refused-by = { $withdraws ->
    [yes] { $role ->
        [none] { $signer } withdrew their signature
       *[other] { $signer } withdrew their signature as { $role }
    }
   *[no] { $role ->
        [none] { $signer } refused to sign
       *[other] { $signer } refused to sign as { $role }
    }
}
refused-by-somebody = Somebody

labels-signed = signed by the key
labels-claimed = claimed by the file
labels-contradicted = contradicted by its claim

time-vouched-for = vouched for by { $authority }

assurance-claimed = claimed by the file
    .mark = claimed
assurance-pinned = pinned by the keyring
    .mark = pinned
assurance-attested = attested by the key itself
    .mark = attested

weakness-any-key = Any key counts
    .mark = any key
    .means = A level shows that nothing has changed since it was signed, not who signed.
weakness-claimed-hardware = Claimed hardware counts
    .mark = claimed
    .means = The file’s own claim counts as a hardware key: L6 does not say where a key is kept.
weakness-loose-clock = Loose clock tolerance
    .mark = loose clock
    .means = A signature may be dated longer before its run than by default.
weakness-exempt = Exempt signatures count
    .mark = exempt
    .means = Claims are required, and some signatures count on the word of the file.
weakness-accepted-log = An accepted log counts
    .mark = accepted log
    .means = Entries of a log or ledger are gone, and a person accepted that.

payload-canonical-json = the canonical JSON
payload-sha256 = its SHA-256 as 32 raw bytes
payload-sha256-hex = its SHA-256 as 64 hex digits
payload-sha256-hex-base64 = its SHA-256 as hex digits, read as base64

attestation-verified = Attested
attestation-vouched = Shown by its operator, not attested
attestation-unknown-root = Attested by an unknown root
attestation-failed = Attestation does not hold
attestation-none = Not attested
names-proven-mark = Name proven by a certificate
names-not-proven-mark = Name by a certificate, not proven
names-contradicted-mark = Certificate contradicted
names-certificate = The certificate
names-subject = Subject
names-issuer = Issuer
names-valid = Valid
    .dates = { $from } to { $until }
names-usage = Key usage
names-purposes = Extended key usage
names-unstated = not stated

outcome-pass = pass
outcome-fail = fail
outcome-missing = missing
outcome-unchecked = not checkable
outcome-warn = warning

state-open = open
    .means = Nothing is signed or reached there yet.
state-waiting = waiting
    .means = Another person has to act.
state-in-progress = in progress
    .means = Some of it is there.
state-would-hold = would hold
    .means = It holds itself, but a lower level is missing.
state-holds = holds
    .means = It holds.
state-contradicted = contradicted
    .means = What is there contradicts or does not verify, or what was seen is gone.
state-unchecked = not checkable
    .means = This station cannot check it.

level-none = No level
level-in-words = Level { $level } of 7
level-with-assurance = Level { $level } of 7, { $assurance }
level-any-key = { $level }, any key counts

signatures-of = { $valid } of { $threshold } signatures
signature-in-words = { $role } { $kind } { $standing }
signature-missing = { $role } missing

own-act-answer = Answer a refusal
own-act-sign = Sign or refuse
own-act-enrol = Enrol a key
own-act-register = Register in the log

need-readable-file = needs a readable file
need-sealing-anew = must be sealed again
need-refusal = needs an answer
need-operator = needs operator
need-witness = needs witness
need-reviewer = needs reviewer
need-auditor = needs auditor
need-co-signer = needs co-signer
need-manifest = needs manifest
need-right-manifest = needs the right manifest
need-accepted-key = needs the key in the keyring
need-log = needs log
need-hardware-key = needs hardware key
need-authority = needs authority

size-bytes = { $bytes ->
    [one] { $bytes } byte
   *[other] { $bytes } bytes
}

age-future = in the future
age-now = now
age-minutes = { $count } min
age-hours = { $count } h
age-days = { $count } d
age-years = { $count } y
age-just-now = just now
age-minutes-ago = { $count ->
    [one] { $count } minute ago
   *[other] { $count } minutes ago
}
age-hours-ago = { $count ->
    [one] { $count } hour ago
   *[other] { $count } hours ago
}
age-days-ago = { $count ->
    [one] { $count } day ago
   *[other] { $count } days ago
}
age-years-ago = { $count ->
    [one] { $count } year ago
   *[other] { $count } years ago
}

window-error-hint = This is an error in the window. Close it and open it again; nothing is lost.

sheet-leave = Leave this sheet
sheet-cancel = Cancel
sheet-close = Close
sheet-incomplete = “{ $button }” cannot be pressed yet: something is missing above.

notice-dismiss = Dismiss: { $title }
notice-details = Details
    .of = Details: { $title }

copy-failed = Cannot write to the clipboard. Select the text and copy it by hand.
copy-done = Copied
copy-of = Copy: { $label }

qr-code = QR code: { $label }
    .about = QR code of: { $label }. It contains only the hex digits next to it.

path-choose = Choose…
    .of = Choose: { $label }
path-default = Default
    .of = Default: { $label }

lines = Lines { $from } to { $to } of { $total }
    .earlier = Earlier
    .later = Later

time-none = no time
time-accuracy = { $date } ± { $seconds } s

work-of = { $doing }, { $done } of { $total }

legend-marks = Marks of signatures
legend-signatures = Signatures
legend-states = States
legend-software = Operator, with a software key
legend-hardware = Witness, with a hardware key
legend-external = Auditor, with an external signer
legend-missing = Reviewer, still missing
legend-not-counted = Verifies, and does not count
legend-invalid = Does not verify

asks-nothing = asks for nothing
asks-passphrase = asks for passphrase
asks-pin = asks for PIN
asks-pin-on-pad = asks for PIN on the PIN pad
asks-touch = asks for touch
asks-pin-and-touch = asks for PIN and touch
asks-pin-perhaps-touch = asks for PIN, and a touch if it blinks

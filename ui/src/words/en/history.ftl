# The history: who signed when, and the journal.

history-title = History
history-show = Show
history-timeline = Timeline
history-table = Table
history-journal = Journal
history-some = { $all ->
    [one] { $some } of { $all } signature
   *[other] { $some } of { $all } signatures
}
history-all = { $signatures ->
    [one] { $signatures } signature by { $people ->
        [one] { $people } person
       *[other] { $people } people
    }
   *[other] { $signatures } signatures by { $people ->
        [one] { $people } person
       *[other] { $people } people
    }
}
history-everything = Show everything
history-export = Export…
history-empty = No one has signed here yet
    .about = Every signature on an envelope in this directory appears here: who signed, when, and with which key.
    .why = No one has signed here yet.
history-no-match = No matching signatures
history-none-selected = No signature is selected. Choose one with j and k.
history-none-in-sight = No signature is in sight that could be selected.

# What is missing in a file.
history-no-name = no name
history-no-id = no id
history-not-verified = not verified

filters-title = Filters
filters-anyone = Anyone
filters-any-key = Any key
filters-any-role = Any role
filters-any-kind = Any kind
filters-any-standing = Any standing
filters-any-level = Any level
filters-person = Person
filters-key = Key
filters-role = Role
filters-kind = Kind of key
filters-standing = Standing
filters-level = Level
filters-from = From
filters-until = Until
filters-time = A day like 2026-05-04, or a time like 2026-05-04 07:12, in UTC

signatures-title = Signatures
    .caption = Signatures, one per row. The time selects a signature; the decision opens its envelope.
signatures-at = Signed (UTC)
signatures-person = Who
signatures-role = Role
    .none = none
signatures-key = Key
signatures-kind = Kind
signatures-standing = Standing
signatures-decision = Decision
signatures-level = Level

selected-title = Selected signature
selected-close =
    .hint = Close (Esc)
selected-open = Open the envelope
selected-gone = This signature is no longer there
    .means = The envelope was changed since; the history follows in a moment.
selected-on-manifest = On the manifest as well: { $detail }
selected-digest-run = SHA-256 of the run, as signed
selected-digest-manifest = SHA-256 of the manifest, as signed

export-title = Export the history
    .act = Export
export-form = Form
export-csv = CSV
    .about = For spreadsheets. Text that looks like a formula starts with an apostrophe.
export-json = JSON
    .about = One object per line, for programs.
export-file = File
    .missing = Choose where to write the file.
export-all = { $count ->
    [one] All { $count } signature, the oldest first.
   *[other] All { $count } signatures, the oldest first.
}
export-some = { $count ->
    [one] The { $count } signature that filters and time let through, of { $all }, the oldest first.
   *[other] The { $count } signatures that filters and time let through, of { $all }, the oldest first.
}
export-done = { $count ->
    [one] { $count } signature written to { $path }.
   *[other] { $count } signatures written to { $path }.
}

# The timeline.
lanes-title = Lanes
    .kind = timeline
lanes-people = People
lanes-keys = Keys
lanes-by = Lanes by
    .one = Lanes by: { $by }
lanes-order = Order of the lanes
lanes-recent = Recent
lanes-most = Most
lanes-name = Name
lanes-show-one = Show this lane only
lanes-show-all = Show all lanes
lanes-refused = { $count ->
    [one] { $count } signature do not count
   *[other] { $count } signatures do not count
}
lanes-several-keys = { $count } keys
lanes-several-people = { $count } people
marks-title = Marks
marks-not-accepted = not accepted
marks-invalid = invalid
bars-one = one bar: { $step }
bars-tallest = the tallest: { $count }
bars-undated = { $count } without a time, in the table
bars-count = { $count ->
    [one] { $count } signature
   *[other] { $count } signatures
}
bars-software = { $count } software
bars-hardware = { $count } hardware
bars-external = { $count } external
bars-unaccepted = { $count } not accepted or unchecked
bars-invalid = { $count } invalid
zoom-out = Zoom out
    .hint = Zoom out (−)
zoom-in = Zoom in
    .hint = Zoom in (+)
zoom-all = Show all of the time
    .hint = All of the time (0)
zoom-whole = All of the time
reached-title = Levels reached
reached-at = Envelopes by level at { $moment }
reached-none = None
reached-claim = UTC, as the files claim
reached-undated = UTC, as the files claim; { $count } without a time
mark-in-words = { $role ->
    [none] { $person }, no role, { $time }, { $standing }, { $decision }
   *[other] { $person }, { $role }, { $time }, { $standing }, { $decision }
}
mark-held = { $kind }, { $standing } · { $level }
timeline-in-words = { $signatures ->
    [one] { $signatures } signature
   *[other] { $signatures } signatures
} in { $lanes ->
    [one] { $lanes } lane
   *[other] { $lanes } lanes
}, from { $from } to { $to } UTC. Plus and minus zoom, the arrows move, 0 shows everything, J and K go from one signature to the next, Enter opens its envelope. The table has the same.

# Times. The names of months and days come from the system.
time-day = { $day } { $month } { $year }
    .weekday = { $weekday } { $day }
    .full = { $weekday } { $day } { $month } { $year }
time-month = { $month } { $year }
time-moment = { $day }, { $time }
time-bar = { $day }, { $step } from { $time }
time-days = { $from } to { $until }

# The journal.
journal-about = What happened at this station, the newest first
journal-not-here = This works in the timeline and the table, not in the journal.
journal-kind = Kind of event
journal-all = Everything
journal-signed = Signed and registered
journal-attempted = Attempts
journal-refused = Refused and cancelled
journal-trust = Keys, roots and rules
journal-devices = Plugged in and removed
journal-itself = The journal itself
journal-search = Search the journal
    .placeholder = Search key, person, file, words
journal-acts = { $count ->
    [one] { $count } act
   *[other] { $count } acts
}
journal-no-match = No matching entries
journal-when = When (UTC)
journal-what = What
journal-details = Details
journal-entry = Entry
journal-steps = How it came to this
journal-chain-broken = The chain is broken
journal-chain-holds = The chain holds
journal-entries = { $entries ->
    [one] { $entries } entry
   *[other] { $entries } entries
}{ $files ->
    [0] { "" }
    [1] { "" }
   *[other] { " " }in { $files } files
}
journal-entries-since = since { $since }, { $entries ->
    [one] { $entries } entry
   *[other] { $entries } entries
}{ $files ->
    [0] { "" }
    [1] { "" }
   *[other] { " " }in { $files } files
}
journal-damaged = An earlier journal was damaged: { $why }
    .means = Found { $at }. The damaged file is kept as { $file }. Find out who changed it.
journal-kept-aside = Kept aside: { $files }

# Events of the journal, by their names in its file.
journal-event-journal-begun = Journal begun
journal-event-journal-rotated = Journal rotated
journal-event-journal-broken = Journal broken
journal-event-journal-torn = Journal torn
journal-event-made-private = Made private
journal-event-ceremony-begun = Ceremony begun
journal-event-refused = Refused
journal-event-broken-off = Cancelled
journal-event-key-chosen = Key chosen
journal-event-secret-asked = Secret asked
journal-event-last-try-held = Last try held
journal-event-last-try = Last try
journal-event-secret-not-taken = Secret not taken
journal-event-key-opened = Key opened
journal-event-signing-attempted = Signing attempted
journal-event-touch-missed = Touch missed
journal-event-signed = Signed
journal-event-refusal-attempted = Refusal attempted
journal-event-refused-to-sign = Refused to sign
journal-event-withdrawn = Withdrawn
journal-event-signed-partly = Signed partly
journal-event-registered = Registered
journal-event-merge-attempted = Merge attempted
journal-event-merged = Merged
journal-event-finding-attempted = Finding attempted
journal-event-finding-written = Finding written
journal-event-archive-attempted = Archive attempted
journal-event-archive-written = Archive written
journal-event-import-attempted = Import attempted
journal-event-imported = Imported
journal-event-evidence-attached = Evidence attached
journal-event-time-stamps-requested = Time stamps requested
journal-event-time-stamp-attached = Time stamp attached
journal-event-run-time-stamp-added = Run time stamp added
journal-event-log-rewritten = Log rewritten
journal-event-log-accepted = Log accepted
journal-event-missing-run-accepted = Missing run accepted
journal-event-key-created = Key created
journal-event-key-added = Key added
journal-event-key-revoked = Key revoked
journal-event-root-trusted = Root trusted
journal-event-root-removed = Root removed
journal-event-setting-changed = Setting changed
journal-event-exempt-changed = Exempt changed
journal-event-change-failed = Change failed
journal-event-device-arrived = Device arrived
journal-event-device-removed = Device removed

# Fields of the journal, by their names in its file.
journal-field-added = added
journal-field-after = after
journal-field-archive = archive
journal-field-artifacts = artifacts
journal-field-attestation = attestation
journal-field-authority = authority
journal-field-before = before
journal-field-bytes = bytes
journal-field-ceremony = ceremony
journal-field-change = change
journal-field-code = code
journal-field-compromised-since = compromised since
journal-field-covers = covers
journal-field-digest = digest
journal-field-directory = directory
journal-field-ended = ended
journal-field-envelopes = envelopes
journal-field-evidence = evidence
journal-field-exempted = exempted
journal-field-file = file
journal-field-files = files
journal-field-fingerprint = fingerprint
journal-field-firmware = firmware
journal-field-folder = folder
journal-field-forks = forks
journal-field-from = from
journal-field-had = had
journal-field-has = has
journal-field-hash = hash
journal-field-kept-as = kept as
journal-field-key-id = key id
journal-field-keyring = keyring
journal-field-kind = kind
journal-field-last-hash = last hash
journal-field-left-out = left out
journal-field-locked = locked
journal-field-log = log
journal-field-lost = lost
journal-field-module = module
journal-field-new = new
journal-field-outcome = outcome
journal-field-owner = owner
journal-field-payload-bytes-sha256 = payload bytes sha256
journal-field-payload-type = payload type
journal-field-previous-file = previous file
journal-field-reader = reader
journal-field-reason = reason
journal-field-reason-code = reason code
journal-field-refusals = refusals
journal-field-registration = registration
journal-field-requests = requests
journal-field-required-roles = required roles
journal-field-reviewed = reviewed
journal-field-revoked-at = revoked at
journal-field-role = role
journal-field-roles = roles
journal-field-run = run
journal-field-secret = secret
journal-field-card = card
journal-field-serial = serial
journal-field-setting = setting
journal-field-sha256 = sha256
journal-field-signatures = signatures
journal-field-signer-id = signer id
journal-field-signer-type = signer type
journal-field-signer-type-claim = signer type claim
journal-field-subject = subject
journal-field-there = there
journal-field-threshold = threshold
journal-field-time = time
journal-field-token = token
journal-field-tries-left = tries left
journal-field-valid-from = valid from
journal-field-valid-until = valid until
journal-field-why = why
journal-field-words = words

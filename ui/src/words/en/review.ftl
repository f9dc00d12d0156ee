# The review of another station's envelopes, and findings.

review-title = Review
review-now = Reviewing
review-read-only = Read-only
review-judged-by = Judged by
review-other-keyring = Other keyring…
review-stop = Stop reviewing
review-notes = Your notes are in no finding yet.
    .lost = They go with the review.
review-back = Back to the review
review-discard = Discard the notes and stop

review-begin = Review without changing anything
    .what = A directory of another station, or a pack that was sent to you, is opened read-only. No file in it is written, locked or added, and nothing is kept.
    .keys = It is judged by the keys that came with it, by those of this station, by another keyring, or by any key that verifies. You can switch between these at any time.
review-choose-pack = Choose a pack…
review-choose-directory = Choose a directory…

outcome-accept = Accept
    .about = The pack is what it should be.
    .done = Accepted
outcome-reserve = Accept with reservations
    .about = A note says which.
    .done = Accepted with reservations
outcome-reject = Reject
    .about = A note says why.
    .done = Rejected

judged-by-brought = Keys that came with it
    .means = The keys came with the files under review. Whose keys they are is only claimed by the sender.
judged-by-station = Keys of this station
    .means = Only keys of this station's own keyring count.
judged-by-chosen = The keyring chosen here
    .means = Only keys of the keyring that you chose count.
judged-by-embedded = Any key that verifies
    .means = Any key counts: this shows that nothing has changed since it was signed, not who signed.

# The desk.
desk-title = Review of { $name }
desk-envelopes = { $count ->
    [one] { $count } envelope.
   *[other] { $count } envelopes.
}
desk-untouched = No file in it is written, locked or added.
desk-complete = Is it complete?
desk-told = Is it what you were told about?
desk-no-digest = A directory has no digest to compare.
    .unread = It could not be read as a whole, so it has no digest to compare.
desk-levels = Which level does it reach?
desk-empty = There is no sealed run in it.
desk-opened = An envelope that you open is judged by the keys chosen above.
desk-no-keyring = No keyring came with it.
desk-trust = What would you have to trust?
desk-finding = Your finding
    .pack = Your key signs it over the digest of this pack and of each run. It is written where you choose, never into the pack.
    .files = Your key signs it over the digest of the files that are here and of each run. It is written where you choose, never into the pack.
desk-outcome = Outcome
    .faults = Not while the files do not match the list.
    .told = Not with another digest than you were told.
desk-note = Note on the whole
    .long = At most { $most } characters.
desk-missing-outcome = Choose an outcome.
    .other = Choose another outcome.
desk-missing-note = Write a note that says why.
desk-needs-pack = A finding is about the digest of a pack. Have this packed, and review the pack.
    .again = A finding is about the digest of a pack. Have it sent again, and review the pack.
desk-sign = Sign the finding…
desk-open-finding = Open a finding…

# Whether it is complete.
complete-directory = A directory has no list of its files
    .means = Nobody can tell whether something is missing. Ask for a pack, which has a list and a digest.
complete-yes = Complete
    .means = Every file matches the list, and none is missing or added.
complete-no = This pack was modified after it was made. Do not rely on it
complete-more = And { $count } more

# The digest that the reviewer was told.
told-pack = Digest of this pack
told-files = Digest of the files that are here
told-list = Digest of the list that came with them
    .matches = Digest of the list, which the files match
    .means = The list may be the genuine one. The files do not match it, so its digest is not theirs.
told-digest = Digest you were told
    .hint = Type, paste or scan its 64 hex digits, in any grouping.
told-same = Same digest
    .means = You are reviewing exactly what you were told about.
told-list-only = Different: only the list has this digest
    .means = It is the digest of the list that came with these files, and they do not match that list. This is not the pack you were told about.
told-different = Different digest: this is not what you were told about
    .means = Ask the sender for the digest again, and do not rely on these files until both agree.

# Levels side by side.
levels-envelope = Envelope
levels-theirs = By the keys that came with it
    .any = By any key that verifies
levels-mine = By your keys
levels-claimed = as they say
levels-modified = These are the levels of the files that are here, not of the pack that the list was made for.
levels-add-note = Add a note
    .on = Add a note on { $name }
levels-note = Note on { $name }
levels-more = And { $count } more, which are listed in the queue and not compared here.

# What one would have to trust.
needed-nothing = No signature counts by their keys, so there is nothing to trust yet.
needed-trusted = You trust every key and root that their levels rest on.
needed-unknown = { $count ->
    [one] Their levels rest on { $count } key or root that you do not trust here. Compare a fingerprint with its owner before you add it.
   *[other] Their levels rest on { $count } keys and roots that you do not trust here. Compare a fingerprint with its owner before you add it.
}
needed-keys = Keys
needed-key = { $count ->
    [one] { $id }, { $kind }, on { $count } envelope
   *[other] { $id }, { $kind }, on { $count } envelopes
}
needed-roots = Roots
needed-root-time = Vouches for times
needed-root-key = Vouches for what holds a key
needed-logs = Logs
needed-log = { $kind ->
    [log] { $count ->
        [one] { $count } entry; its first entry identifies this log
       *[other] { $count } entries; its first entry identifies this log
    }
   *[ledger] { $count ->
        [one] { $count } entry; its first entry identifies this ledger
       *[other] { $count } entries; its first entry identifies this ledger
    }
}
needed-copy = Copy: fingerprint of { $name }
    .log = Copy: first entry of the log
    .ledger = Copy: first entry of the ledger
here-trusted-key = In your keyring
here-trusted-root = You trust it too
here-trusted-log = This station has seen it
here-unknown-key = Not in your keyring
here-unknown-root = Not among your roots
here-unknown-log = New to this station
here-contradicts-key = Your keyring says otherwise
here-contradicts-root = Your roots say otherwise
here-contradicts-log = This station saw another

# Signing a finding.
finding-title = Sign your finding
finding-digest = SHA-256
    .files = SHA-256 of what is there
finding-signed = Signed and written
finding-choose = Choose key and place
finding-key = { $kind }, { $asks }
    .of = { $kind } of { $owner }, { $asks }
finding-no-key = Or create a software key under Keys, then come back. Your notes stay.
finding-name = Name
    .hint = This key is not in your keyring. Whoever reads the finding has to know it.
    .missing = A finding names who reviewed.
finding-place = New file
    .hint = Not in what is reviewed. A page to print is written beside it.
    .missing = Choose where to write the finding.
finding-use = this finding
finding-no-page = The finding itself is written.
finding-reviewer = Reviewer
    .as = { $reviewer } as { $role }
    .claimed = { $reviewer } as { $role }, { $time } as claimed
finding-one = Finding
    .copy = Copy the path of the finding
finding-page = Page
    .copy = Copy the path of the page
    .about = To print and file, from any browser
finding-print = Print the finding…
finding-show = Show in folder
finding-after = The pack is as it was. Give the finding and the pack to whoever relies on it: they check both by the digest.
finding-sign = { $outcome ->
    [accepted] Sign: accepted
    [accepted_with_reservations] Sign: accepted with reservations
   *[rejected] Sign: rejected
}

# A finding that was opened.
finding-read = A finding
finding-claims = It claims: { $outcome }
finding-key-id = Key
finding-about = About
finding-review = Review
finding-review-was = { $complete ->
    [yes] Complete
   *[no] Not complete
}; digest { $told ->
    [same] the same as they were told
    [different] not the one they were told
   *[not_compared] not compared
}
finding-note = Note
finding-theirs = By their keys
finding-own = By the reviewer’s
finding-unread = A run that could not be read
finding-no-keys = No keys came
finding-levels = The levels are what the reviewer saw. They prove nothing about the runs.
finding-print-one = Print…

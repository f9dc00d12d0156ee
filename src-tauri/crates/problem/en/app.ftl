## PassphraseError

passphrase-empty = no passphrase was entered
    .hint = enter one
passphrase-weak = the passphrase is easily guessed
    .hint = choose a longer one, or confirm that this one is to be used
passphrase-random = the system gives no random numbers

## DemoError

demo-not-empty = { $path }: is not empty; nothing was changed
    .hint = give a new or empty directory
demo-time-stamp = a made-up time stamp cannot be made: { $text }
    .hint = this is a fault of the program
demo-io = { $path }: cannot be made ({ $source })
    .hint = check the disk and the permissions
demo-artifact = a made-up envelope is not readable: { $cause }
    .hint = this is a fault of the program
demo-signatures = a made-up envelope cannot be co-signed: { $cause }
    .hint = this is a fault of the program
demo-keyring = a made-up key is not usable: { $cause }
    .hint = this is a fault of the program

## EnrolmentError

enrolment-public-key = { $from }: { $error }
enrolment-certificates = { $from }: { $error }
enrolment-signatures = { $from }: { $error }
enrolment-no-such-signature = { $from }: has { $count } signatures; --index { $index } is none of them
enrolment-several-signatures = { $from }: has { $number ->
        [one] 1 signature
       *[other] { $number } signatures
    } by different keys: { $signatures }; nothing was added
    .hint = name the one you mean by its key id, its owner or its number
enrolment-no-public-key = { $text }: this signature brings no public key (HMAC has none)
enrolment-not-given = { $text ->
        [key-id] the key's id
        [owner] the key's owner
       *[role] the role
    } is not given; nothing was added
enrolment-never-valid = the key would be valid from { $from } until { $until }, which is never; nothing was added
enrolment-in-the-way = { $path }: is there already; a key is never overwritten
    .hint = choose another name
enrolment-attestation = { $from }: { $why }; nothing was added
    .hint = have the key generated again, or add its public key as software
enrolment-no-public-half = { $key }: its public key is not known, and the keyring keeps public keys
    .hint = give it with --public-key, or store its certificate on the token

## AcceptError

accept-changed = { $path }: the { $kind } has changed since it was shown; nothing was accepted
    .hint = look again at what is gone
accept-no-reason = no reason is given
    .hint = write why you accept it
accept-journal = { $cause }; nothing was accepted

## HeadError

head-no-log = there is no log at { $path }, so no head was written
    .hint = name the log with --log FILE; the first registration begins one (countersign log append)
head-does-not-hold = { $path }: does not hold, so no head was written
    .hint = restore the whole log, or accept it as it is (countersign log accept)
checked-log-broken = { $path }: { $why }
    .hint = restore it from a copy

## ProofError

proof-log = { $path }: { $cause }
proof-run = { $path }: { $cause }
proof-head = { $path }: { $cause }
proof-empty-log = { $path }: this is the head of an empty log, which proves nothing
    .hint = give the head of a log that has entries
proof-does-not-hold = { $path }: { $run }: { $cause }

## RegistrationError

registration-not-confirmed = { $path }: the run, its signatures or the log that counts for it have changed since you read them; nothing was registered
    .hint = read it again
registration-nothing-to-register = { $path }: has no commit hash, run id or content hash to register
    .hint = it must be sealed again, by v1.1 or later
registration-undecided = nothing was registered: { $why }
registration-broken = { $path }: the log is broken, { $broken }; nothing was added
    .hint = restore it from a copy before you register more
registration-rewritten = nothing was registered: { $rewritten }
registration-changed = { $path }: was changed by another program meanwhile; nothing was registered
    .hint = try again
registration-memory = nothing was registered: { $cause }
registration-journal = { $cause }; nothing was registered

## SignRequestError

sign-request-none-of-role = no key of the keyring may sign as { $role } now
    .hint = enrol the key, or give its id and its owner

## NamedSignerError

named-signer-none = there is no signer of the name "{ $name }"
    .hint = list them with `countersign signers list`
named-signer-several-algorithms = the key signs in several ways
    .hint = give --algo { $ways }

## NewFileError

new-file-no-place = no file is given
    .hint = choose a file
new-file-relative = { $path } does not begin at the root
    .hint = write the whole path, or choose a file

## ConcludeError

conclude-not-a-pack = a finding is about the digest of a pack or export, and this has none
    .hint = have it packed, and review the pack
conclude-no-outcome = no outcome is chosen
    .hint = accept, accept with reservations, or reject
conclude-no-such-run = a note is about { $run }, and the pack has no such run
    .hint = review it again
conclude-unreadable = the run { $file } cannot be read, so that a finding could not name it
    .hint = ask for the pack again

## FindingUseError

finding-use-not-a-finding = { $path }: { $cause }
    .hint = choose a file that ends in .finding.json
finding-use-page = the page of the finding could not be made: { $why }

## ReleaseUseError

release-use-not-a-release = { $path }: { $cause }
    .hint = give a file that `countersign release sign` wrote; its name usually ends in { $end }
release-use-not-made = no release can be made: { $cause }
    .hint = name files, each with a name of its own
release-use-other-file = { $path } does not vouch for { $name } as it is here; nothing was signed
    .hint = find out which of the two is right; do not sign what you have not compared
release-use-not-given = { $path } is about { $count ->
        [one] { $name } as well, which was
       *[other] { $name } and other files as well, { $count } in all, which were
    } not given; nothing was signed
    .hint = give every file of the release, so that you vouch for what you have compared

## ThisProgramError

this-program-unreadable = { $path }, the program that runs, cannot be read: { $source }
    .hint = compare the installed file instead, with `sha256sum`

## DisclosureUseError

disclosure-use-run = { $path }: { $cause }
disclosure-use-signatures = { $path }: { $cause }
disclosure-use-entry = { $path }: { $cause }
disclosure-use-not-signed = nobody has signed the commitments of { $path } in a claim, so that a disclosure would prove nothing
    .hint = sign the run with a claim first
disclosure-use-not-a-disclosure = { $path }: { $cause }
    .hint = choose a file that ends in { $end }

## InputsUseError

inputs-use-run = { $path }: { $cause }

## OpenError

open-gone = this envelope is no longer in the directory
    .hint = it was moved, renamed or removed; choose another

## PlacesError

places-no-home = there is no home directory to keep settings and journal in
    .hint = name a directory with --state DIR
places-unreachable = { $path }: cannot be found from here ({ $source })
    .hint = name the whole path

## EnrolError

enrol-other-certificates = { $path }: has other certificates than those that were shown
    .hint = look at them again, then confirm

## EnrolTokenError

enrol-token-last-try = only 1 attempt of the PIN is left
    .hint = sign with the key first: a right PIN gives all attempts back

## WorkspaceError

workspace-no-journal = there is no home directory to keep a journal in, and what cannot be journalled is not done; nothing was changed
    .hint = name a journal with --journal FILE
workspace-not-journalled = this cannot be written to the journal, and what could not be journalled is not done: { $cause }
workspace-no-settings = there is no home directory for settings
    .hint = name them with --settings
workspace-no-keyring = there is no home directory for a keyring
    .hint = name one with --keyring FILE
workspace-no-trust-folder = there is no home directory for a trust folder
    .hint = name one with --attestation-roots DIR
workspace-no-memory = there is no home directory to remember logs in
    .hint = name a directory with --log-heads DIRECTORY
workspace-reviewing = { $path } is only reviewed: nothing in it is changed
    .hint = stop reviewing first; to work in it, open it

## RevokeError

revoke-no-reason = no reason is given
    .hint = say why, for those who find its signatures later

## PinChangeError

pin-change-last-attempt = only 1 attempt of the { $what } is left, and a wrong one blocks it
    .hint = confirm that you want to use it

## YubikeySetupError

yubikey-setup-not-stated = firmware { $firmware } does not say whether the { $what } is the factory's
    .hint = state it: a wrong statement costs one attempt of the { $what }
yubikey-setup-occupied = slot { $slot } holds { $loses }, which would be lost; nothing was changed
    .hint = choose another slot, or confirm that it is overwritten by naming the slot
yubikey-setup-unfinished = slot { $slot } holds a key that was generated there, as by a setup that was interrupted: { $loses }; nothing was changed
    .hint = continue with this key, or confirm that it is overwritten by naming the slot
yubikey-setup-nothing-to-finish = slot { $slot } holds no key that was generated there and has no certificate but its own
    .hint = choose the slot of the interrupted setup, or generate a new key
yubikey-setup-no-touch = a key that never asks for a touch signs whatever a program sends while the PIN is verified
    .hint = choose the touch policy always or cached, or confirm that the key signs without a touch
yubikey-setup-last-attempt = only 1 attempt of the { $what } is left, and a wrong one blocks it
    .hint = confirm that you want to use it
yubikey-setup-not-enrolled = the YubiKey is set up and the key in slot { $slot } is ready, but it is not in the keyring: { $cause }
    .hint = enrol the key in slot { $slot }, as any other key of a YubiKey

## What a slot holds

slot-holds-certificate = a certificate without a key
slot-holds-unreadable = data that cannot be read as a certificate
slot-holds-other-key = a key of the kind { $kind }
slot-holds-key = the { $kind } key { $fingerprint }, which is not in the keyring
slot-holds-enrolled-key = the { $kind } key { $fingerprint }, { $key_id } of { $owner } in the keyring

## What is planned for a YubiKey

setup-plans-pin = replace the factory PIN by yours
setup-plans-puk = replace the factory PUK by yours
setup-plans-management-key = replace the factory management key by a random one ({ $algorithm }), which the card keeps, protected by the PIN
setup-plans-key = generate a key in slot { $slot }: { $about }
setup-plans-certificate = store a certificate of { $owner } in slot { $slot }, signed by the key itself
setup-key-about = { $kind }, PIN { $pin }, touch { $touch }
setup-keeps-pin = the PIN stays, and is asked for
setup-keeps-puk = the PUK stays
setup-keeps-management-key = the management key stays
setup-keeps-key = the key in the slot stays: { $key }
setup-warns-puk-blocked = The PUK is blocked: nothing can unblock the PIN if it is wrong too often.
setup-warns-hidden-keys = This firmware does not show a key that was imported without a certificate. If the slot has one, it will be lost.
setup-warns-no-touch = The key will sign without a touch: whatever program has the PIN signs with it.
setup-warns-no-root = No attestation root is trusted, so that the key will count as software. Add the maker's root first.

## TimeRequestingError

time-requesting-folder = { $path }: the folder cannot be made ({ $source })
    .hint = choose another one
time-requesting-random = the system gives no random numbers
time-requesting-nothing = no signature needs a time stamp: all that hold have one, or there are none
time-requesting-too-many = there are more than { $limit } signatures without a time stamp
    .hint = ask for one directory after another

## TimeImportError

time-import-too-many = there are more than { $limit } responses
    .hint = import one folder after another
time-list-version = its version is { $version }
time-list-empty = it has no requests
time-list-too-many = it has more than { $limit } requests
time-list-entry = an entry cannot be read
time-list-no-run = an entry is not about a run itself
time-import-list = { $path }: not a list of time-stamp requests ({ $what })
    .hint = give the folder that the requests were written to

## ResponseRefused

response-refused-no-signature = { $path }: no signature there is the one that was asked about
response-refused-stops-counting = with this time stamp the signature of "{ $signer }" would not count: { $why }

## RunTimeRefused

run-time-refused-run = { $path }: { $error }
run-time-link = a link that leads elsewhere
run-time-refused-folder = { $path }: the folder for time stamps cannot be used ({ $why })
run-time-refused-has = { $path }: the run has another time stamp already, which stays
    .hint = move it aside to use this one

## TrustChangeError

trust-change-cancelled = the preview was cancelled; nothing was changed

## EndorseError

endorse-not-endorsed = the attestation key is not trusted: { $cause }
endorse-random = the system gives no random numbers

## CheckpointUseError

checkpoint-use-does-not-hold = { $path } is broken, or does not go on from what this station saw of it; nothing was signed or proved
    .hint = see what is wrong with `countersign log verify`
checkpoint-use-empty = { $path } has no entry, or is not there
    .hint = register a run first: `countersign log append`
checkpoint-use-no-name = { $path } has no checkpoint yet, so that nobody knows what to call it
    .hint = give the name that people know the log by with --name, such as example.org/decisions
checkpoint-use-name = "{ $name }" cannot be the name of a log
    .hint = choose one without spaces and plus signs, such as example.org/decisions
checkpoint-use-other-origin = the checkpoint beside { $path } is of { $origin }, which is not this log by this name
    .hint = leave the name out to go on with that log; if another log stood here, move its checkpoint and tiles aside
checkpoint-use-shrunk = { $path } has { $size } entries, and this station signed a tree of { $signed }; nothing was signed
    .hint = find the entries that are missing; a log that shrinks is not signed again under this name
checkpoint-use-forked = { $path } has other entries than the { $signed } that this station signed; nothing was signed
    .hint = find out who changed the log; a log that was forked is not signed again under this name
checkpoint-use-no-checkpoint = there is no checkpoint beside { $path }
    .hint = sign one with `countersign log checkpoint`
checkpoint-use-not-of-this-log = { $path } is a checkpoint of another tree than this log is
    .hint = find out who changed the log or the checkpoint; keep both
checkpoint-use-not-registered = { $path } is not in the log
    .hint = register it with `countersign log append`
checkpoint-use-later = { $path } is entry { $position }, and the last checkpoint has { $size } entries
    .hint = sign a new checkpoint with `countersign log checkpoint`
checkpoint-use-not-a-proof = { $path }: { $cause }
checkpoint-use-no-entry = { $path } does not have the entry that it proves
    .hint = ask for a proof that `countersign log prove --tlog` wrote
checkpoint-use-not-an-entry = the entry in { $path } is none: { $cause }
checkpoint-use-other-run = { $path } proves the entry of another run than { $run }
    .hint = give the run that the proof is about
checkpoint-use-proof-does-not-hold = the hashes of { $path } do not lead from its entry to its checkpoint
    .hint = do not rely on it; ask for another proof, and tell who gave you this one
checkpoint-use-unsigned = { $path }: { $cause }
    .hint = check that the policy has the key of this log
checkpoint-use-two-logs = one checkpoint is of { $one }, the other of { $other }
    .hint = give two checkpoints of one log
checkpoint-use-backwards = the newer checkpoint has { $size } entries, the older { $old }
    .hint = give the older one first; if it is, the log was cut: keep both
checkpoint-use-fork = the checkpoint of { $old } entries is not the beginning of the one with { $size }: the log was forked
    .hint = keep both checkpoints, they prove it

## WitnessUseError

witness-use-ahead = the witness is said to have seen { $old } entries, and the checkpoint has { $size }
    .hint = sign a new checkpoint first; if the log has fewer than the witness saw, it was cut
witness-use-request = { $path }: { $cause }
witness-use-unknown-log = { $path } is about { $origin }, which is no log that this station knows; nothing was signed
    .hint = have the key of the log told to you on another way, and put it into the policy
witness-use-never-seen = this station remembers nothing of { $origin }, which now has { $size } entries; nothing was signed
    .hint = confirm with --first-time that you never witnessed it; if you did, find the memory that is lost first
witness-use-not-a-cosignature = { $path }: { $cause }
witness-use-unknown-witness = { $path } is by { $name }, which is no witness that this station knows; nothing was taken in
    .hint = put the key of the witness into the policy, or give it with --witness-key
witness-use-does-not-hold = the cosignature of { $name } in { $path } is not for the checkpoint beside the log; nothing was taken in
    .hint = ask the witness again: the checkpoint may be a newer one than they signed

## TrustUseError

trust-use-no-place = there is no home directory to keep a signed keyring in
trust-use-directory = { $path }: the directory cannot be read or made ({ $source })
trust-use-too-many = { $path }: more than { $most } files or { $mebibytes } MiB of signed keyrings are not read at once
trust-use-not-one = { $path } is not part of a signed keyring: { $error }
trust-use-nothing = no version of a signed keyring is there
    .hint = name a file that ends in keyring.signed.json, or its directory
trust-use-not-adopted = this station has not adopted a signed keyring
    .hint = adopt one by its digest: `countersign trust adopt`
trust-use-is-adopted = this station has adopted version { $version } of a signed keyring already
    .hint = propose a next version: `countersign trust propose`
trust-use-needs-digest = the first version is adopted by its digest; version { $version } here has { $digest }
    .hint = compare that with what an administrator tells you, not with what came with the file, and pass it with --digest
trust-use-no-such-digest = no version that can be adopted has the digest { $digest }
    .hint = compare the digest, and ask for the file again
trust-use-two-next = fork: two different versions { $version } are each signed by enough administrators: { $one } and { $other }; nothing was adopted
    .hint = compare both with the administrators, and pass the right one with --digest
trust-use-not-proposed = nothing was proposed: { $cause }
trust-use-no-change = the proposal changes nothing
    .hint = say what is to change
trust-use-no-such-key = the signed keyring has no key "{ $key_id }"
trust-use-not-revoked = no emergency revocation of "{ $key_id }" is in force

## What is said of an envelope. Sentences that stand by themselves have a capital and a full stop;
## within another sentence English leaves both out.

with-hint = { $what }; { $hint }

## The verdict as a whole

verdict-sentence = { $level }. { $lack }
level-none = No level
verdict-not-run = { $level } is not checkable here: its check did not run.
lack-log-entry = the entry in the transparency log is missing
lack-hardware = a hardware key is missing
lack-nothing = nothing is missing
lack-slot = the signature of { $who } as { $role } does not count: { $why }
lack-roles = { $roles } { $count ->
        [one] is
       *[other] are
    } missing
lack-roles-nobody = { $roles } { $count ->
        [one] is
       *[other] are
    } missing; nobody in the keyring has the role { $nobody }
lack-key = the key of { $who } is not in the keyring
lack-two-keys = the keys of { $one } and { $other } are not in the keyring
lack-keys = the keys of { $count } signers are not in the keyring
lack-signatures = { $count ->
        [1] one more signature is
       *[other] { $count } more signatures are
    } missing
foresight-changes = { $before } → { $after }
foresight-as-before = { $after } as before: { $lack }
foresight-no-level = no level changes yet
foresight-each-rises = each rises in level
foresight-some-rise = { $rise } of { $of } rise in level
foresight-nothing-in-any = changes nothing in any of them
foresight-nothing-in-some = changes nothing in { $nothing } of { $of }
foresight-refusal = L4 does not hold while the refusal stands
signing-without-manifest = There is no manifest beside the run. L2 needs one.
foresight-nothing = changes nothing: { $lack }

## Lists and roles

list-last = { $rest } and { $last }
list-more = { $rest }, { $next }
list-or = { $rest } or { $next }
list-and-more = { $named } and { $more } more
role-operator = operator
role-witness = witness
role-reviewer = reviewer
role-auditor = auditor
role-none = no role
one-operator = an operator
one-witness = a witness
one-reviewer = a reviewer
one-auditor = an auditor
no-time = no time
unreadable-time = an unreadable time

## What a check has found

found-file = the file is there
found-object = a JSON object
found-there = there
found-given = given
found-known = known
found-equal = equal
found-holds = holds
found-recomputed = recomputed and equal
found-keys = all required keys are there
found-decisions = decisions are bound
found-refusable = the pipeline could refuse
found-recorded = recorded
found-emitted = emitted
found-inputs = input files are referenced
found-hashed = hashed
found-others-hashed = all others are hashed
found-gates = no gate failed
found-scope = scope and commit hash are there
found-stated = stated
found-defined = defined
found-excluded = excluded
found-set = set
found-derived = derived from the commit hash

## The run by itself: L0, L1, L5

run-unreadable = The file cannot be read: { $why }.
run-lacks-keys = The { $part ->
        [sealed-run] sealed run
        [hash-scope] hash scope
       *[other] { $part }
    } lacks { $keys }.
run-schema-version = The schema version is { $found }, not "1.0".
run-envelope-version = The envelope version is { $found }, not "1.0".
run-no-actor = Who acted (actor.id) is not given.
run-no-actor-role = The actor's role is not given.
run-no-policy-version = The policy's version is not given.
run-no-policy-hash = The policy's hash is not given.
run-no-id = The run id is not given.
run-no-inputs-hash = The hash of the inputs is not given.
run-authority-type = The authority's type is { $found }, not one of { $known }.
run-no-decision = The scope binds no decision.
run-not-refusable = The pipeline could not refuse (refusal_available is not true).
run-no-refusal-check = No refusal check was recorded.
run-enforcement-not-emitted = Enforcement was not emitted (enforcement_emitted is not true).
run-no-input = No input file is referenced.
run-input-no-hash = The input { $path } has no hash.
run-gate-failed = The gate { $name } failed.
run-gates-no-list = The outcomes of the gates are not a list.
run-no-content-hash = The run records no content hash.
run-content-changed = The content was changed after sealing: its hash is { $computed }, the run records { $recorded }.
run-before-scope = The run was sealed before v1.1: it has no hash scope and commit hash.
run-scope-null = The hash scope is null.
run-scope-deterministic-open = The hash scope does not say whether the run was deterministic.
run-no-commit-hash = The run records no commit hash.
run-commit-hash = The commit hash is not that of the hash scope: { $computed } is computed, { $recorded } is recorded.
run-provenance-hash = The provenance names another hash of the inputs than the commit hash.
run-scope-excludes-nothing = The hash scope excludes nothing.
run-scope-observed-at = The hash scope does not exclude observed_at.
run-clock-not-set = The run's clock is not set.
run-not-deterministic = The run was not deterministic.
run-id-not-derived = The run id { $id } is not derived from the commit hash.
commitments-unreadable = The run cannot be read.
commitments-missing = The run carries no Merkle commitments; only sealing it again can add them.
commitments-root = The Merkle root of the { $list } is not that of the hash scope.
commitments-leaves = The commitments record { $recorded ->
        [none] no number of
       *[other] { $recorded }
    } leaves; the hash scope has { $count }.
commitments-algorithm = The commitments name the algorithm { $found }, not "sha256-merkle".

## Run and manifest: L2

found-no-manifest-key = no key of a manifest
found-no-run-key = no key of a sealed run
found-named = has the run id
found-of-run = that of the run
found-this-file = this file
found-of-commit-hash = that of the commit hash
found-sealed-digest = the digest that the run records for { $name }
run-is-also-manifest = This is not a sealed run alone: it also has the { $count ->
        [one] key
       *[other] keys
    } { $keys } of a manifest.
run-other-name = The file is named { $name }, and the run in it has the id { $id }.
manifest-is-also-run = This is not a manifest alone: it also has the { $count ->
        [one] key
       *[other] keys
    } { $keys } of a sealed run.
manifest-commit-hash = The manifest has another commit hash than the run.
manifest-other-run = The manifest is about run { $id }.
manifest-other-file = The manifest names another file: { $name }.
manifest-says = The manifest says { $what ->
        [policy-version] policy version
       *[decision] decision
    } { $given }, the run says { $run }.
manifest-hash-scope = The manifest lists other inputs, prompts, policies or schemas than its commit hash covers.
manifest-not-sealed = This is not the manifest that was sealed: the run records { $recorded } for it.
manifest-unreadable = The manifest cannot be read: { $why }.
manifest-missing = The manifest is missing beside the run.
manifest-not-signed = The manifest is not signed yet.
run-not-signed = The run is not signed yet.
file-unreadable = The signature file of the { $what } cannot be read: { $why }.
file-version = The signature file of the { $what } has version { $found }, not "1.0".
file-other-content = The signatures are about other content of the { $what } than the file has: { $computed } is computed, { $recorded } is recorded.
file-no-signatures = The signature file of the { $what } has no signatures.
block-other-kind = The signature block of the { $what } says it is about { $found }.
block-other-commit = The signature block of the { $what } is about another commit hash.
signature-of-file = { $who } ({ $role }), key { $key }: { $detail }
signature-valid = { $who }: { $detail }
signature-unchecked = The signature of { $who } on the { $what }, key { $key }, { $why }.
signature-not-accepted = The signature of { $who } on the { $what }, key { $key }, is not accepted: { $why }.
signature-not-valid = The signature of { $who } on the { $what }, key { $key }, is not valid: { $why }.

## Log and ledger: L3, L7

chain-not-checkable = Not checkable: { $why }.
chain-rewritten = { $why }.
chain-allowed = { $why }. It is allowed for this command.
chain-note = { $note }.
found-log-chain = the whole chain holds, head { $head }
found-log-entry = { $id }, entry { $at } of { $count }
log-seen-elsewhere = This station saw this run registered as { $entry } in another log, { $log }, { $lost }; find out who replaced it and restore it, or accept that (countersign log accept { $log }).
log-unreadable = The transparency log cannot be read: { $why }.
log-missing = There is no transparency log here; register the run.
log-broken = The transparency log is broken, { $broken }; nothing after that line was read.
log-entry-changed = The run's entry in the transparency log was changed.
log-other-content = The transparency log has another content hash for this run.
log-no-entry = The run is not in the transparency log; register it.
checkpoint-none = No checkpoint of the log is here, so that no witness vouches for it; sign one and have it witnessed.
checkpoint-later = The run is entry { $at }, and the last checkpoint has { $size }; sign a new one and have it witnessed.
checkpoint-witnessed = witnessed by { $count } of { $of } since { $since }, with { $size } entries
checkpoint-signed = in the checkpoint of { $size } entries; the policy asks for no witness
checkpoint-too-few = Witnessed by { $count } of { $of }, fewer than the policy asks for; have the checkpoint of { $size } entries witnessed.
checkpoint-unreadable = A checkpoint beside the log does not count: { $why }
checkpoint-longer = A checkpoint of the log has { $size } entries, and the log has fewer.
checkpoint-other-root = A checkpoint of the log has { $size } entries with another root: the log was forked or changed.
checkpoint-forged = A cosignature in the name of the witness { $witness } does not hold.

## What holds the keys: L6

found-assurance = assurance { $assurance }
key-none-outside = No valid signature is by a hardware or external signer.
key-assurance = A hardware or external signer is only { $best }, and policy asks for { $wanted }.
key-assurance-but = A hardware or external signer is only { $best }, and policy asks for { $wanted }, but { $who }: { $why }.
key-assurance-no-attestation = A hardware or external signer is only { $best }, and policy asks for { $wanted }, but no attestation came with the key of { $who }.
found-required-facts = the keys that L4 needs meet what the policy requires of them
key-lacks = the key of { $who } ({ $role }) is attested, but { $lacks }
key-lacks-proof = the key of { $who } ({ $role }) is not attested: { $why }; the policy requires { $required }
key-lacks-attestation = no attestation came with the key of { $who } ({ $role }), and the policy requires { $required }
key-lacks-none = the signatures that L4 needs are not all there
key-advisory = Key of { $who }: { $what }.
key-attestation = Key of { $who }{ $source ->
        [keyring] , as the keyring has kept it
       *[signature] {""}
    }: { $what }.
key-claim-against-keyring = The signature of { $who } claims a hardware or external signer, and the keyring says software.
key-keyring-against-attestation = The keyring says that the key { $key } of { $who } is software, and its attestation proves hardware.
key-claim-against-attestation = The signature of { $who } claims a software signer, and the attestation of its key proves hardware.
attestation-states = { $statement } ({ $details })

## What policy requires of attested keys

requires-model = { $any }
requires-firmware = firmware { $least } or later
requires-pin = PIN { $any }
requires-touch = touch { $any }
requires-form = form factor { $any }
requires-fips = certified by FIPS
requires-generated = generated on the device
requires-no-advisory = no known advisory
pin-once = once
pin-always = always
pin-match-once = once, or a fingerprint
pin-match-always = always, or a fingerprint
touch-always = always
touch-cached = cached
unmet-not-attested = the key is not attested and the policy requires that
unmet-model = the model is { $found } and the policy requires { $wanted }
unmet-firmware = the firmware is { $found ->
        [none] not stated
       *[other] { $found }
    } and the policy requires { $least } or later
unmet-pin = the PIN policy is { $found ->
        [none] not stated
       *[other] { $found }
    } and the policy requires the PIN ({ $wanted })
unmet-touch = the touch policy is { $found ->
        [none] not stated
       *[other] { $found }
    } and the policy requires touch ({ $wanted })
unmet-form = the form factor is { $found } and the policy requires { $wanted }
unmet-form-not-stated = the form factor is not stated and the policy requires { $wanted }
unmet-fips = { $stated ->
        [yes] the device is not certified by FIPS
       *[no] whether the device is certified by FIPS is not stated
    } and the policy requires that
unmet-generated = { $stated ->
        [yes] the key was not generated on the device
       *[no] whether the key was generated on the device is not stated
    } and the policy requires that
unmet-advisory = { $applies ->
        [yes] { $name } applies
       *[no] whether { $name } applies is not stated
    } and the policy refuses keys with an advisory
advisory-applies = { $id } ({ $name }, { $cve }, { $date }) applies: { $harm }
advisory-computed = with this firmware, an RSA key that the device generated can be computed from its public key
advisory-extracted = with this firmware, whoever has the device and laboratory equipment can extract an ECDSA key

## What the signers saw of log and ledger

fork = Entry { $entry } of the { $kind ->
        [log] transparency log
       *[ledger] authority ledger
    } is not the one that { $who } saw: its history was rewritten
fork-accepted = { $fork }. A person has accepted that.
fork-open = { $fork }; find out who did that and restore it, or accept it with a reason (countersign log accept).
seen-another-chain = { $who } saw another { $kind ->
        [log] transparency log
       *[ledger] authority ledger
    }, whose first entry is { $first }.
seen-longer-log = { $who } saw { $saw ->
        [one] { $saw } entry
       *[other] { $saw } entries
    } in the transparency log, and { $here } are here.
seen-longer-ledger = Not checkable: { $who } saw { $saw ->
        [one] { $saw } entry
       *[other] { $saw } entries
    } in the authority ledger, and { $here } are here; a revocation may be missing.

## The authority: L7

found-chain = the whole chain holds
found-found = found
found-grant = a grant
found-never-revoked = never revoked
found-revoked-later = revoked only later
found-in-force = in force
found-not-expired = not expired
found-covered = covered
ledger-unreadable = The authority ledger cannot be read: { $why }.
ledger-missing = There is no authority ledger here.
ledger-broken = The authority ledger is broken, { $broken }; nothing after that line was read.
authority-no-reference = The run does not refer to the authority ledger; only sealing it again can add that.
authority-no-entry = The authority entry { $id } is not in the ledger.
authority-other-state = The run refers to another state of its authority entry (the hashes differ).
authority-entry-changed = The authority entry was changed: its hash is not right.
authority-no-grant = The run refers to an entry that revokes an authority and grants none.
authority-other = The run names another authority than its entry in the ledger.
authority-revoked = The authority was revoked at { $since }, before the decision.
authority-decision-undated = When the decision was made is not known.
authority-only-from = The authority was in force only from { $from }, after the decision.
authority-from-unknown = From when the authority was in force is not known.
authority-expired = The authority had expired at { $until }, before the decision.
authority-scope = The authority's scope does not cover the decision { $decision }.
authority-grant-differs = The { $what ->
        [policy-version] policy version
        [policy-hash] policy hash
       *[actor] actor
    } of the authority's grant is { $granted }, and that of the run is { $run }.

## Who signs: L4

quorum-count = { $counted } of { $threshold } signatures count
quorum-more-count = { $counted } signatures count, { $threshold } are required
quorum-unknown-role = The envelope asks for the role { $role }, which does not exist; it is ignored.
quorum-beyond-keyring = The envelope asks for { $asked } signatures, more than there are people in the keyring; { $required } are required.
quorum-not-distinct = { $have }: each must be by another person with another key.
quorum-too-few = { $have }; someone else has to co-sign.
quorum-key-ids = { $ids } key ids among { $count } signatures that verify
quorum-verify = { $count } signatures verify, at least { $minimum } asked for
quorum-threshold-no-number = The envelope's threshold is not a number; it is ignored.
quorum-role-open = { $role ->
        [operator] An operator
        [witness] A witness
        [reviewer] A reviewer
       *[auditor] An auditor
    } has yet to sign{ $fillable ->
        [no] , and nobody in the keyring has that role
       *[yes] {""}
    }; { $have }.
quorum-role-open-but = { $role ->
        [operator] An operator
        [witness] A witness
        [reviewer] A reviewer
       *[auditor] An auditor
    } has yet to sign{ $fillable ->
        [no] , and nobody in the keyring has that role
       *[yes] {""}
    }; { $have }, and the signature of { $who } does not count ({ $why }).
manifest-signed-by-others = Nobody who signed the run has signed this manifest; it is signed by { $signers }.
signature-two-labels = One signature on the { $what } is listed as { $one } and as { $other }: it has neither name nor role, and counts for L2 only. Remove the entry that is wrong.
names-look-alike = { $one } and { $other } look alike and are two different names; compare them letter by letter.
not-counted-relabelled = the same signature is also listed as { $label }
not-counted-same-signature = the same signature as that of { $label }
not-counted-same-person = the same person counts as { $label }
not-counted-same-key = the same key counts as { $label }
not-counted-not-in-matching = it could count only in place of others
terms-lowered-since-seen = The terms in the signature file were lowered since this station saw them ({ $at }): { $lowered }. Find out who changed them, and restore the file or merge a copy that still has them.
terms-lowered-since-signed = The terms in the signature file were lowered since { $who } signed: { $lowered }. What the claim asks for counts.
terms-threshold = it asked for { $before } signatures and asks for { $now }
terms-roles = it no longer asks for the role { $roles }
list-also = { $rest }; { $next }

## One signature

signature-verifies = verifies; { $why }
signature-verifies-alone = verifies
signature-waits-for-time = it has no trusted time yet
signature-by-own-key = verifies under the key that came with it; { $acceptance }
signature-not-for-l4 = { $detail }; does not count for L4: { $why }
signature-algorithm = the algorithm { $found } is not known
signature-payload = the signed_payload is not one that is known
signature-no-shared-key = cannot be checked here: the shared HMAC key is not available
signature-no-public-key = cannot be checked here: no public key comes with the signature, and the keyring has none under its key id
signature-on-manifest = on the manifest: { $detail }
signature-withdrawn = withdrawn by { $who }: { $reason }
signature-label = { $who } ({ $role }, { $at })
label-with-key = { $label }, key { $key }
label-with-algorithm = { $label }, algorithm { $algorithm }
key-accepted = the key is in the keyring, for this signer and role
key-unknown = the key is unknown: it is not in the keyring
key-not-pinned = the key is not in the keyring
key-other-id = the keyring has this key under the id { $id }
key-other-key = the keyring has another public key under this id
key-other-owner = the key belongs to { $owner }, another signer
trust-other-owner = here it is the key of { $owner }
key-companion-only = the key makes companions of signatures, and no signatures of its own
key-role-not-held = { $owner } does not hold this role
key-no-time = the signature does not say when it was made
key-time-unread = the time of the signature reads { $written }, not a time like 2026-05-06T07:08:09Z
key-not-yet-valid = the key is valid only from { $from }
key-expired = the key was valid only until { $until }
key-revoked = the key is revoked since { $since }: { $why }
key-compromised = someone else may have the key since { $since }, and no trusted time stamp is from before: { $why }
key-set-aside = the policy of logs has the key for a log or a witness, which signs nothing else

## Claims

claim-unreadable = its claim cannot be read: { $why }
claim-not-signed = its claim is not signed by the key of the signature: { $why }
claim-other-act = its claim says { $act } was done, not that it was signed
claim-other-subject = its claim is not about this { $what }
claim-other-signature = its claim is about another signature
claim-differs = its claim says { $claimed }, the file says { $written }
claim-other-key = its claim names another key than the one that made it
claim-other-time = its claim is dated { $claimed }, the file says { $written }
claim-other-commitments = its claim names other input commitments than the run has
claim-settles = the key itself says { $label }
claim-shared = a shared key made its claim, and policy requires one by a key of its own
claim-missing = it has no claim, and policy requires one
claim-removed = { $who } saw a claim with it, which has been removed
claim-other-signer-type = The file says that the key of { $who } on the { $what } is { $written }, and its claim says { $claimed }; the claim counts.
signature-does-not-count = The signature of { $who } on the { $what } does not count: { $why }.
signature-lacks-claim = The signature of { $who } on the { $what } does not count: its key has not signed who signed and in which role, and policy requires that.
found-claims = { $count ->
        [one] { $count } claim
       *[other] { $count } claims
    } hold
found-signatures-seen = { $count ->
        [one] { $count } signature
       *[other] { $count } signatures
    } seen by later signers
seen-keyring = { $who } knew version { $version } of a signed keyring; no signed keyring is adopted here.
seen-newer-keyring = { $who } knew version { $version } of the signed keyring, and here is version { $ours }; ask for the newer one.
seen-other-keyring = { $who } knew another version { $version } of the signed keyring than the one here; compare both with the administrators.
seen-signature-lost = { $who } saw a signature ({ $signature }) which the signature file has lost; find out who removed it, and merge a copy that still has it.

## Dates and time stamps

trusted-time = { $at }{ $accuracy ->
        [0] {""}
        [1] , to 1 second
       *[other] , to { $accuracy } seconds
    }, by { $authority }
found-there-at = the signature of { $who } on the { $what } was there at { $seen }
found-run-existed = the run existed at { $seen }
date-unread = cannot be dated: its time reads { $written }, not a time like 2026-05-06T07:08:09Z
date-of-run-unread = cannot be dated: the run does not say when it was made in a form that is read
date-before-run = dated { $at }, before the run was made at { $created }
date-after-authority = dated { $at }, after an authority saw it: { $seen }
date-kind = its time is { $kind }, and policy requires a { $wanted } time
date-shortly-before-run = The signature of { $who } on the { $what } is dated { $at }, shortly before the run was made at { $created }.
date-shortly-after-authority = The signature of { $who } on the { $what } is dated { $at }, shortly after an authority saw it: { $seen }.
date-future = The signature of { $who } on the { $what } is dated in the future.
date-apart = The signature of { $who } is dated { $on_run } on the run and { $on_manifest } on the manifest.
time-stamp-proves-nothing = A time stamp of the signature of { $who } on the { $what } proves nothing: { $why }.
time-stamp-ends = The time stamp of the signature of { $who } on the { $what } should be renewed: the certificate of { $authority } ends { $until }.
time-stamp-ended = The time stamp of the signature of { $who } on the { $what } was not renewed before the certificate of { $authority } ended { $until }.
run-time-unreadable = The time stamp of the run cannot be read: { $why }.
run-time-not-checkable = The time stamp of the run is not checkable here: { $why }.
run-time-does-not-hold = The time stamp of the run does not hold: { $why }.

## How files are written

text-local-time = local time in a signed field: { $path } of the { $what } has no zone and is taken as UTC; elsewhere it may hash differently.
text-duplicate-key = duplicate key in the { $what }: { $key } is given twice and the last one counts; other readers may see the first.
text-duplicate-key-of-file = duplicate key in the signature file of the { $what }: { $key } is given twice and the last one counts; other readers may see the first.

## Refusals

refusal-unreadable = A refusal cannot be read: { $why }.
refusal-refused = { $who } refused to sign: { $reason }.
refusal-withdrew = { $who } withdrew their signature: { $reason }.
refusal-key-accepted = the key is accepted
refusal-kind = it does not say that it is about a sealed run
refusal-of-other-sealing = about another sealing of this run
refusal-of-other-run = it is not about this run
refusal-overruled = Version { $version } of the signed keyring overrules it.
refusal-lifted = lifted: { $label } has signed since
refusal-blocks-nothing = A refusal in the name of { $who } blocks nothing: { $why }.
refusal-other-sealing = { $who } refused another sealing of this run: { $reason }.
refusal-invalid = A refusal in the name of { $who } is invalid: { $why }.
refusal-withdraws-other = The refusal of { $who } would withdraw a signature of { $other }, which only { $other } can withdraw.
refusals-unreadable = The refusals beside the run cannot be read: { $why }.
found-refusal = the refusal of { $who } is { $detail }
found-refusals-seen = refusals seen by later signers are here
seen-refusal-lost = { $who } saw a refusal ({ $refusal }) that is missing now; find out who removed it, and merge a copy that still has it.

## Findings of reviewers

finding-other-pack = it is about another pack
finding-other-runs = it names other runs than those of the pack
finding-not-compared = the key is accepted; no pack was given to compare it with
finding-holds = it is about this pack, and the key is accepted

## The files that a run was made from

inputs-reproduced = all { $all } files that the run was made from are here, with the content that was hashed{ $additional ->
        [none] {""}
       *[other] ; { $additional } more files are not named by it
    }
inputs-not-available = { $count } of the { $all } files that the run was made from could not be compared, { $path } among them; that says nothing against it
inputs-none = the run names no files that it was made from
inputs-contradicted = the file { $path } has another content than the run was made from{ $more ->
        [0] {""}
       *[other] , and so have { $more } more files
    }
input-leads-out = its path leads out of the directory, or names no file
input-link = a link is in its way
input-no-file = it is not a plain file
input-no-digest = the run names no SHA-256 for it
input-io = it could not be read: { $error }
input-named-like-run = it is named like a sealed run, and a pack has one
input-name-unfit = no file of a pack may be named so: { $why }
input-name-twice = another file has this name on systems that tell no capital letters

## Disclosures

disclosure-no-way = the nodes in it are no way from this position to a root
disclosure-other-content = the content that was given is not the one disclosed
disclosure-proven = entry { $position } of { $leaves } has this content; its path is the word of whoever disclosed it
disclosure-not-accepted = the root is signed, but by no key that is accepted
disclosure-not-signed = nobody in it signed the root that it leads to
disclosure-signed = signed the root with an accepted key
disclosure-no-run = its claim is not about one signed run
disclosure-other-root = its claim commits to another root, another number of entries, or none
disclosure-proven-of-run = entry { $position } of { $leaves } of this run has this content, and the run calls it so
disclosure-no-content = Not checkable: no file was given to compare.
disclosure-found-way = the nodes in it lead to a root
disclosure-found-signed = a claim signed the root
disclosure-found-accepted = with a key that is accepted
disclosure-other-run = it is about another run than this one
disclosure-other-entry = the run has another content at this position, or another number of entries
disclosure-other-path = the run calls this entry { $path }

## What a version of the signed keyring changes

trust-key-added = { $owner } gets the key { $key }: { $after }
trust-key-revoked = the key { $key } of { $owner } is revoked from { $after }
trust-key-changed = the key { $key } of { $owner } has { $after } instead of { $before }
trust-administrator-added = { $owner } becomes an administrator with the key { $key }
trust-administrator-removed = { $owner } is no longer an administrator with the key { $key }
trust-threshold = administrators who have to sign: { $before } → { $after }
trust-attestation-root-added = attestations may lead to { $of }
trust-attestation-root-removed = attestations may no longer lead to { $of }
trust-tsa-root-added = time stamps may lead to { $of }
trust-tsa-root-removed = time stamps may no longer lead to { $of }
trust-rule = { $of }: { $before } → { $after }
trust-overruled = the refusal { $of } is overruled
trust-not-overruled = the refusal { $of } is no longer overruled

## Releases

release-confirmed = { $count ->
        [one] this file is released
       *[other] all { $count } files are released
    }, and { $who } vouch for it
release-forged = a signature in the name of the key { $key } was not made with it
release-found-signatures = { $count ->
        [one] one signature, and none contradicts
       *[other] { $count } signatures, and none contradicts
    }
release-found-people = { $count } people vouch for it
release-too-few = { $count ->
        [0] no person
        [one] one person
       *[other] { $count } people
    } with a key that is accepted here now, and { $wanted } are needed
release-other-version = this program says that it is version { $version }, and the release is of { $released }
release-other-content = the release has another content for { $file }
release-other-name = the content of { $file } is released, but as { $name }
release-not-in = { $file } is not in the release
release-found-files = { $count ->
        [one] the file is
       *[other] all { $count } files are
    } in it, by name and content

## What a person calls the facts of log, ledger and commitments

facts-log = Transparency log
facts-ledger = Authority ledger
facts-commitments = Merkle commitments
fact-note = Note
fact-seen-elsewhere = Seen elsewhere
fact-one-log = One log
fact-log = Log
fact-continuity = Continuity
fact-chain = Chain
fact-entry = Entry
fact-entry-hash = Entry hash
fact-content-hash-in-the-log = Content hash in the log
fact-witnesses = Witnesses of the log
fact-reference-in-the-run = Reference in the run
fact-one-ledger = One ledger
fact-ledger = Ledger
fact-entry-hash-in-the-run = Entry hash in the run
fact-kind-of-entry = Kind of entry
fact-authority = Authority
fact-actor = Actor
fact-policy = Policy
fact-revocation = Revocation
fact-beginning = Beginning
fact-end = End
fact-scope = Scope
fact-commitments = Commitments
fact-root-of-the-inputs = Root of the inputs
fact-root-of-the-prompts = Root of the prompts
fact-root-of-the-schemas = Root of the schemas
fact-root-of-the-policies = Root of the policies
fact-leaves = Leaves
fact-algorithm = Algorithm
fact-time-stamp-of-the-run = Time stamp of the run

## What holds at a level

level-0 = complete and unchanged
level-1 = reproducible from its inputs
level-2 = signed, run and manifest
level-3 = registered in the transparency log
level-4 = co-signed by operator and witness
level-5 = inputs committed by Merkle roots
level-6 = signed by a hardware or external key
level-7 = decided under authority in force

## What an attestation says of a key

statement-yubikey = generated on { $serial ->
        [none] a YubiKey (serial number not stated)
       *[other] YubiKey { $serial }
    }, firmware { $firmware }, PIN { $pin }, touch { $touch }
statement-slot = slot { $slot }
yubikey-usb-a-keychain = USB-A keychain
yubikey-usb-a-nano = USB-A nano
yubikey-usb-c-keychain = USB-C keychain
yubikey-usb-c-nano = USB-C nano
yubikey-usb-c-lightning = USB-C and Lightning
yubikey-usb-a-fingerprint = USB-A with fingerprint sensor
yubikey-usb-c-fingerprint = USB-C with fingerprint sensor
yubikey-other-form = form factor { $number }
yubikey-fips-series = FIPS series
yubikey-fips-certified = FIPS certified
yubikey-cspn-certified = CSPN certified
statement-root = trusted by { $root }
statement-no-constraints = the certificate in slot f9 has no basicConstraints
statement-path-length = its root allows no authority below it (path length 0), tolerated for firmware 4.3
statement-yubihsm = generated on YubiHSM 2 { $serial }, firmware { $firmware }, may not leave it
statement-yubihsm-key = object { $object } "{ $label }", capabilities { $capabilities }, domains { $domains }
yubihsm-fips = FIPS mode
statement-liquidsecurity = made in a Marvell LiquidSecurity HSM that does not let it out ({ $partition })
statement-liquidsecurity-details = key "{ $label }", maker { $maker }, owner { $owner }
statement-tpm = made in a TPM that does not let it out, says its attestation key { $key }
statement-tpm-root = attestation key SHA-256 { $key }, trusted by { $root }
statement-tpm-bound = attestation key SHA-256 { $key }, trusted itself with its attributes
statement-tpm-loose = attestation key SHA-256 { $key }, trusted itself; that it is restricted and bound to its TPM is the word of whoever trusted it
tpm-called = TPM { $manufacturer } { $model }, version { $version }
tpm-not-called = a TPM
tpm-endorsed = in { $tpm }, whose endorsement key { $issuer } certified, as this TPM proved at { $at } to the station that trusts it
statement-cloud = { $service } is said to have made the key { $key } in its hardware, and to have { $digest ->
        [yes] signed this digest with it at { $at }
       *[no] signed with it at { $at } (which digest, the log leaves out)
    }; the service has signed no word of this, so that it proves nothing
statement-cloud-details = assurance is the keyring's at most

## Companions: second signatures that outlive elliptic curves

companion-holds = also holds if elliptic curves are broken
companion-gone = its claim names the key of a companion, and there is none: it was taken away
companion-other-named = its claim names another key
companion-not-named = it is not believed, since no claim of the signature names its key: anyone may have added it
companion-not-signed = { $what ->
        [artifact] it is not a signature over this content: { $why }
       *[claim] it is not a signature over this claim: { $why }
    }
companion-unknown-key = the keyring does not have its key
companion-other-owner = its key belongs to { $owner }, another person
companion-of = The companion of { $who } on the { $what ->
        [run] run
       *[manifest] manifest
    }: { $why }.
found-companions = { $count ->
        [one] { $count } companion
       *[other] { $count } companions
    }
companions-hold = { $count ->
        [one] { $count } of { $all } signatures that count also holds if elliptic curves are broken.
       *[other] { $count } of { $all } signatures that count also hold if elliptic curves are broken.
    }

## The determinism audit

audit-no-file = There is no file { $path }.
audit-no-run-id = The run has no commit hash or no run id.
audit-found-no-uuid = no random UUID
audit-uuid = The run contains a random UUID: { $uuid }.
audit-committed-at = The authority took effect at { $committed }, not at the time of the clock, { $clock }.

## The authority boundary

abp-sentence = { $holds } { $inside }
abp-holds = The authority boundary { $id } holds.
abp-does-not-hold = The authority boundary { $id } does not hold.
abp-not-checkable = Whether the authority boundary { $id } holds is not checkable here.
abp-run-inside = Decision, tools and data of the run lie inside it.
abp-run-outside = The run does not lie inside it.
abp-run-unchecked = Not everything can be checked that the run must keep to inside it.
abp-required-missing = The policy requires an authority boundary, and there is none here.
abp-required-unchecked = The policy requires an authority boundary that holds, and whether this one does is not checkable here.
abp-required-fails = The policy requires an authority boundary that holds, and this one does not.
abp-unreadable = The authority boundary cannot be read: { $why }.
abp-schema = The authority boundary does not keep to its schema: { $why }.
abp-found-schema = keeps to its schema
abp-changed = The authority boundary was changed: its hash is not right.
abp-found-derived = derived from scope, reference and time
abp-id = The id { $id } of the authority boundary does not follow from its scope, reference and time.
abp-found-entry = { $id } is in the ledger and not revoked
abp-entry-differs = The authority boundary refers to another state of the entry { $id } (the hashes differ).
abp-entry-revoked = The entry { $id } that the authority boundary stands under was revoked at { $since }.
abp-revocation-below = Not checkable: a revocation may stand below the break of the authority ledger ({ $broken }).
abp-window-unreadable = Not checkable: a time of the authority boundary or of its entry cannot be read.
abp-outside-window = The authority boundary was made at { $made }, while its authority was not in force.
abp-parent-no-hash = The authority boundary names a parent without its hash.
abp-parent-no-id = The authority boundary has the hash of a parent without its id.
abp-child-twice = The authority boundary names the part { $id } twice.
abp-found-composition = { $count ->
        [0] no parts
        [one] one part
       *[other] { $count } parts
    }
abp-objective-both = The objective { $id } is both allowed and denied.
abp-tool-both = The tool { $name } is both allowed and denied.
abp-found-no-contradiction = nothing is both allowed and denied
abp-found-no-review = no review of the delegation is asked for
abp-found-review = { $count ->
        [one] one trigger
       *[other] { $count } triggers
    }
abp-trigger-twice = The review of the delegation has the trigger { $id } twice.
abp-trigger-severity = A trigger of the review of the delegation is neither a warning nor critical.
abp-review-policy = The review of the delegation does not say who approves and what comes out.
abp-no-entry = The entry that the authority boundary stands under is not in the ledger.
abp-entry-no-grant = The authority boundary stands under an entry that revokes an authority and grants none.
abp-no-run = Not checkable: the run cannot be read.
abp-not-read = Not checkable: the authority boundary does not keep to its schema.
abp-run-no-authority = Not checkable: the run does not refer to the authority ledger.
abp-other-authority = The run was decided under { $run }, and the authority boundary stands under { $own }.
abp-only-from = The authority boundary was in force only from { $from }, after the decision.
abp-expired = The authority boundary had expired at { $until }, before the decision.
abp-made-later = The authority boundary was made at { $made }, after the decision.
abp-parent = The authority boundary is a part of { $id }, which is not here.
abp-no-decision = Not checkable: the run names no decision.
abp-objective-denied = The authority boundary denies { $decision } as an objective.
abp-no-objective = The authority boundary allows no objective.
abp-found-allowed = allowed
abp-objectives-prose = Not checkable: no objective has the id { $decision }, and their descriptions are for people to read.
abp-run-no-tools = Not checkable: the run does not say which tools were used.
abp-run-tools-unreadable = Not checkable: the tools of the run are not a list of names.
abp-tool-denied = The authority boundary denies the tool { $name }.
abp-tool-outside = The authority boundary does not allow the tool { $name } for this decision.
abp-run-data-unreadable = Not checkable: a dataset or an input of the run has no path.
abp-run-no-data = Not checkable: the run names no data.
abp-data-too-many = Not checkable: there are too many inputs and patterns to compare.
abp-found-readable = { $count ->
        [one] one file may be read
       *[other] { $count } files may be read
    }
abp-data-pattern = Not checkable: { $count ->
        [one] whether { $path } may be read depends
       *[other] whether { $path } and { $count } files in all may be read depends
    } on what a pattern, or a file's name without its folder, means. The format does not say.
abp-data-outside = The authority boundary does not let { $role } read { $path }{ $count ->
        [one] {""}
       *[other] {""}, nor others: { $count } of { $of }
    }.

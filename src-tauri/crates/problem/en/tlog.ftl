## NoteError

note-too-long = longer than { $limit } KiB
note-text = not a signed note: it has control characters or is not UTF-8
note-unsigned = not a signed note: there are no signatures below an empty line
note-signature-line = line { $number } below its text is not a signature
note-signatures = more than { $number } signatures

## VerifierKeyError

verifier-key-form = not a verifier key: name, eight hex digits and base64, with plus signs between them
    .hint = copy the whole line, from the name on
verifier-key-name = { $text } cannot be the name of a key
    .hint = choose one without spaces and plus signs, such as example.org/log
verifier-key-kind = a key of type { $number }, which is not used here
    .hint = use an Ed25519 key: type 1 of a log, type 4 of a witness
verifier-key-id = the eight digits are not those of this name and key
    .hint = copy the whole line again; a changed name or key is another key

## CheckpointError

checkpoint-form = not a checkpoint: an origin, a number of entries and a root, each on its line
checkpoint-origin = a checkpoint of { $found }, and not of { $expected }
checkpoint-unsigned = the checkpoint is not signed by the key of { $origin }
checkpoint-signature = a signature in the name of { $origin } does not hold

## PolicyError

policy-too-long = longer than { $limit } KiB
policy-line = line { $line }: { $why }
policy-quorum = a policy has one line that begins with quorum

policy-control = has control characters
policy-statement = none of log, witness, group and quorum, with what belongs to it
policy-threshold = { $text } is not any, all, or a number of members
policy-unknown = { $member } is not the name of a witness or group above it
policy-grouped-twice = { $member } is in a group already
policy-quorum-twice = a second quorum
policy-key-kind = a key of another type: logs have type 1, witnesses type 4
policy-key-twice = the same key a second time
policy-name-twice = { $name } is used already

## InclusionFileError

inclusion-file-form = not a proof: the lines of c2sp.org/tlog-proof@v1 above a checkpoint

## WitnessRequestError

witness-request-form = not a request to a witness: an old size, a proof, and a checkpoint below an empty line
witness-request-old = begins at { $old } entries, and this witness saw { $seen } last
    .hint = ask for a request that begins at { $seen }
witness-request-shrunk = the log has { $size } entries, and this witness saw { $seen }
    .hint = do not sign; tell who keeps the log that entries are missing
witness-request-forked = the log has { $size } entries as this witness saw, but others
    .hint = do not sign; keep both checkpoints, they prove that the log was forked
witness-request-inconsistent = the proof does not lead from the { $seen } entries that this witness saw to { $size }
    .hint = do not sign; ask for another request, and tell who keeps the log if it happens again

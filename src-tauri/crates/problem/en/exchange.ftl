## CarryError

carry-nothing = nothing that was named can be exported: there is no sealed run; nothing was written
carry-clash = two files "{ $text }" that are not the same are among what was named
    .hint = export them apart
carry-name = the name "{ $name }" { $why }
    .hint = give the file or folder another
carry-faults = { $path }: not as its list says: { $faults }; nothing was imported
    .hint = get it again
carry-other-digest = { $path }: its digest is { $found }, not { $expected } as was expected; nothing was imported
    .hint = ask the sender again
carry-no-run = { $path }: there is no sealed run in it; nothing was imported
carry-rewritten = { $rewritten }; nothing was imported
carry-chain-broken = { $place }: is broken, { $broken }; restore it from a copy
carry-log = { $why }; nothing was imported
carry-log-unknown = { $why }; nothing was imported
carry-temporary = a temporary folder cannot be made ({ $cause }); nothing was imported
    .hint = make room on the disk
carry-journal = { $cause }; nothing was carried, because it could not be journalled

## MergeError

merge-no-run = { $path }: there is no sealed run in this directory; nothing was merged
    .hint = name the one that holds them
merge-not-an-artifact = { $path }: { $error }; nothing was merged
    .hint = restore the file
merge-existing = { $path }: { $error }; nothing was merged
    .hint = { $markers ->
        [yes] { $remedy }
       *[no] move the file aside if it is not wanted
    }
merge-refusals = { $path }: the refusals cannot be added to: { $error }; nothing was changed
    .hint = restore the file from a copy, or move it aside
merge-conflict-markers = { $path }: git's conflict markers stand in it; nothing was merged
    .hint = take one side with `git checkout --ours`, write the other to a file of its own with `git show MERGE_HEAD:FILE`, and merge that
merge-journal = { $cause }; nothing was merged, because it could not be journalled

## PackError

pack-not-a-run = { $path }: not named like a sealed run (RUN-….json)
    .hint = name the run itself
pack-unreadable = { $path }: { $why }; nothing was packed, because a file that cannot be read shows nothing
pack-unfit = the file "{ $text }" does not fit into the pack; nothing was packed
pack-report = the report cannot be made ({ $text }); nothing was packed
pack-not-a-pack = { $path }: it has { $count } sealed runs, and a pack has one, at its top
    .hint = if it is an export, import it instead
pack-journal = { $cause }; nothing was packed, because it could not be journalled
pack-fault-other-head = is not the head of the log in this pack
pack-fault-no-signature = stands for no signature in the signature files
pack-fault-other-signature = does not match the signature files
pack-fault-other-input = has another content than the run was made from
pack-fault-no-input = is none of the files that the run was made from
pack-contradicted = { $file }: has another content below { $directory } than the run was made from; nothing was packed, because a pack does not carry what contradicts its run
    .hint = name the directory with the files as they were when the run was sealed, or pack without them

## ReviewError

review-unpack = { $path }: cannot be unpacked ({ $source })
    .hint = make room in the temporary directory and try again
review-not-reviewing = nothing is reviewed
    .hint = begin a review first
review-no-keyring = there is no such keyring
    .hint = choose a keyring's file
review-no-digest = this is not a SHA-256 digest
    .hint = paste its 64 hex digits, in any grouping
review-nothing-to-compare = there is no digest to compare while something is wrong with the pack
    .hint = do not rely on this pack

## What a merge adds, notes and leaves out

no-signatures-in-it = { $path }: { $error }; no signatures are in it
merged-not-for-l4 = { $label } does not count for L4: { $why }
merged-claim-restored = the claim of { $label } was restored
merged-companion-restored = the companion of { $signer } was restored
merged-here-already = does not verify, and was here already
merged-time-stamps = its time stamps were added
merged-companion = its companion was added
merged-claim = its claim was added
merged-attestation = its attestation was added
merged-replaced = an entry that did not verify was replaced by the copy's
merged-thresholds = the copies require { $asked } signatures: { $stands } is used
merged-roles = the copies require different roles: all of them are required ({ $roles })
merged-not-journalled = merged, but the result could not be journalled: { $error }
merged-run-time = The time stamp of the run itself was added.
merged-boundary = The authority boundary was added.
copy-syncthing = { $path } (a conflict copy of Syncthing)
copy-git = { $path } (left by git or an editor)
left-out-no-list = it has no list of signatures
left-out-field = conflict: the field { $key } is { $value } there, and has another value here
left-out-does-not-verify = the signature does not verify: { $detail }
left-out-rejected = the keyring rejects it: { $detail }
left-out-relabelled = its signature is here as { $own }, and the copy labels it { $label }{ $more ->
        [0] {""}
       *[other] , and { $more } more labels
    }; the one here is kept. If the copy is right, move the signature file here aside and merge again
left-out-threshold = terms: it requires { $written } signatures, more than there are people in the keyring; { $used } is used
left-out-threshold-alone = terms: it requires { $written } signatures without a new signature that counts
left-out-role-not-held = terms: it requires the role { $role }, which nobody in the keyring has
left-out-role-alone = terms: it requires the role { $role } without a new signature that counts
left-out-role-unknown = terms: it requires the role { $role }, which does not exist
left-out-refusal = a refusal that is not accepted here: { $detail }
left-out-conflict-markers = it contains git's conflict markers; save its two sides as files of their own, and merge those
left-out-version-not-signatures = it is not a signature file but another version of the signed file; a person has to decide which one is right
left-out-other-version = it is another version of the signed file; a person has to decide which one is right
left-out-no-manifest = it signs a manifest, and there is none here
left-out-other-artifact = conflict: its signatures are about another artifact ({ $found }), not about this ({ $wanted })
left-out-folder-is-link = the folder { $folder } here is a link
left-out-run-time = the time stamp of the run does not hold: { $error }
left-out-other-boundary = another authority boundary is here; it stays
left-out-boundary-changed = the authority boundary was changed: its hash is not right

## What is not exported or not imported

carry-altered = it was changed after it was sealed: its content hash does not match
carry-same-name = another file of this name is in the export; export the directories separately
carry-log-does-not-hold = its chain does not hold, { $broken }
carry-log-broken = the existing log is broken, { $broken }
carry-log-unreadable = the existing log cannot be read: { $why }
carry-other-log = conflict: there is another log here; register the imported runs in it
carry-other-run = conflict: another run has this name ({ $other }), not this one ({ $run }); a person has to decide which one is right
carry-folder = { $directory }: the folder cannot be made: { $error }
carry-link-out = { $path }: a link that leads out of the directory
carry-other-manifest = conflict: another manifest exists here; if the imported one is right, move the existing one and its signatures aside and import again
carry-manifest-of-other = it does not belong to the run: { $why }
carry-none-verifies = none of its signatures in the archive verifies
carry-other-file = conflict: another file of this name exists here
carry-existing = the existing file cannot be read: { $why }

## How far a finding can be relied on

finding-stands = Signed by a key of the keyring here, about this pack.
finding-stands-not-compared = Signed by a key of the keyring here. It was not compared with a pack.
finding-not-accepted = Signed, but not by a key that counts here: { $why }.
finding-another-pack = It says nothing about this pack: { $why }.
finding-invalid = Do not rely on it: { $why }.

## A pack that cannot be compared with its list

unlike-kind = is { $what }
unlike-twice = exists twice, or in another spelling
unlike-no-list = is missing
unlike-line = line { $line } is not one that sha256sum writes
unlike-list = { $why }; no file was compared with the list

## ArchiveError

archive-folder = { $path }: cannot be searched ({ $why })
    .hint = check that it is all there and readable
archive-zip = { $path }: not a zip that can be read ({ $why })
    .hint = get it again from whoever sent it
archive-other-form = { $path }: { $what }; nothing was taken from it
    .hint = unpack it, and give the folder instead
archive-deep-sums = { $path }: its { $sums } is in the folder "{ $folder }" of it; nothing was taken from it
    .hint = unpack it, and give that folder instead
archive-name = { $path }: the name "{ $name }" in it { $why }; nothing was taken from it
    .hint = ask who made it
archive-twice = { $path }: has "{ $name }" twice, or in another spelling; nothing was taken from it
    .hint = ask who made it
archive-same-name = { $path }: two files in it have the same name; nothing was taken from it
    .hint = ask who made it
archive-not-a-file = { $path }: "{ $name }" in it is { $what }; nothing was taken from it
    .hint = ask who made it
archive-too-many = { $path }: more than { $max_files } files are in it
    .hint = export fewer envelopes at once
archive-too-large = { $path }: { $why }; nothing was taken from it
    .hint = export fewer envelopes at once
archive-total = { $total } bytes are more than the { $limit } MiB that an archive may have
archive-ratio = { $packed } bytes would unpack to { $total }, as no file of records does
archive-other-size = { $name } in it has another size than it says
archive-no-sums = { $path }: there is no { $sums } in it, which every pack and every export has
    .hint = check that all of it was copied
archive-sums = { $path }: line { $line } of its { $sums } is not one that sha256sum writes
    .hint = ask who made it
archive-there = { $path }: is there already; nothing was written
    .hint = choose another name or move it aside

fault-missing = missing (against { $sums })
fault-extra = extra (against { $sums })
fault-altered = altered (against { $sums })
fault-line-ends = differs in its line ends alone, as git's autocrlf and transfers in text mode change them; get it again as it was made, as a zip or in binary mode
archive-is-link = a symbolic link
archive-is-not-unicode = a file whose name is not Unicode
archive-is-device = a device or pipe
archive-is-encrypted = encrypted
archive-method = { $name } in it is packed by another method ({ $method })
archive-beside-files = there is something before or behind the files of this zip
archive-comment = this zip has a comment
archive-form = { $form ->
        [gzip] this is packed with { $form }
        [xz] this is packed with { $form }
        [zstd] this is packed with { $form }
        [bzip2] this is packed with { $form }
       *[other] this is a { $form } archive
    }
archive-name-long = is empty or too long
archive-name-root = leads out, for it begins at the root
archive-name-backslash = has a backslash in it
archive-name-hidden = has hidden characters in it
archive-name-character = has a character in it that not every system takes
archive-name-out = leads out of the archive
archive-name-empty-part = has an empty part
archive-name-edge = has a part that begins or ends in a space or a full stop
archive-name-unicode = is not Unicode

## TrustError

trust-folder = { $path }: the trust folder cannot be read ({ $source })
    .hint = check that it is a folder and readable
trust-too-many = { $path }: more than { $max_files } files of certificates; the rest is left out
    .hint = move aside what is not needed
trust-certificates = { $path }: { $error }
trust-key = { $path }: { $error }
trust-area = { $path }: { $error }
trust-fingerprint = "{ $text }" is not a SHA-256 fingerprint
    .hint = give its 64 hex digits
trust-not-in-file = { $path }: has nothing with the SHA-256 { $sha256 }; nothing was added
    .hint = look at the file again
trust-not-confirmed = nothing was confirmed; nothing was added
    .hint = confirm those that you trust
trust-not-trusted = { $folder }: has nothing with the SHA-256 { $sha256 }; nothing was removed
trust-list = { $path }: { $error }
trust-lists-too-large = { $path }: the revocation lists are too large together; the rest is left out
    .hint = remove lists that newer ones replace
trust-no-such-list = { $folder }: has no revocation list with the SHA-256 { $sha256 }; nothing was removed
    .hint = check the SHA-256 in the list
trust-make = { $path }: the trust folder cannot be made ({ $source })
    .hint = ask for permission to write there
trust-private-key-in-file = { $path }: has a private key in it, which would be lost; nothing was removed
    .hint = move the key to a file outside of the trust folder, then remove the root again
trust-remove = { $path }: cannot be removed ({ $source })
    .hint = ask for permission to write there

## InputsError

inputs-cancelled = cancelled; the files that the run was made from were not compared
inputs-too-large = the files that the run was made from are larger than the { $limit } MiB that a pack may contain; nothing was packed
    .hint = pack without them, and send them separately

## DirectoryError

not-searched = not searched: { $error }
not-searched-below = { $root }: not searched: { $error }
directory-not-a-directory = { $path }: no such directory
    .hint = check the name, or that its disk is plugged in

## EvidenceError

evidence-form = { $path }: { $error }
    .hint = give the JSON object of a key attestation, the certificates of a YubiKey or a YubiHSM, or a directory with the files of tpm2_certify
evidence-no-file = { $path }: has no { $what ->
        [attest] statement of the TPM
        [signature] signature of the attestation key
        [ak-public] public area of the attestation key
       *[key-public] public area of the key
    } (any of { $names })
    .hint = put there what tpm2_certify and tpm2_readpublic wrote
evidence-certificate = { $path }: the certificate cannot be read ({ $error })
    .hint = give PEM or DER
evidence-pair = { $path }: { $alone ->
        [none] has no certificate of a key in a YubiKey or a YubiHSM
       *[other] the certificate that issued { $alone } is missing
    }
    .hint = give the certificates of the key and of its device (of a YubiKey, slot f9) together, in one file or two
evidence-several = { $path }: has { $several } attestations
    .hint = give one
evidence-directory = { $path }: cannot be listed ({ $why })
    .hint = check that it is readable
evidence-contradicts = the evidence is of no signature of { $path }: { $why }; nothing was written
evidence-unusable = { $path }: this cannot be attached: { $why }; nothing was written
evidence-ambiguous = { $path }: { $fitting } signatures could be meant, because the evidence cannot be judged here; nothing was written
    .hint = give evidence that names its key
evidence-no-signature = { $path }: has no signature that evidence could belong to
    .hint = sign it first
evidence-has = { $path }: the signature of "{ $signer }" has an attestation already; nothing was changed
evidence-signatures = { $path }: { $error }; nothing was written
evidence-artifact = { $path }: cannot be signed ({ $why }); nothing was written

## KeyringFileError

keyring-file-keyring = { $path }: { $error }
keyring-file-directory = { $path }: the directory for the keyring cannot be made ({ $source })

## Rewritten

rewritten-log-truncated = { $place }the { $kind } was truncated: it had { $had ->
        [one] 1 entry
       *[other] { $had } entries
    } on { $at }, and has { $has }{ $lost ->
        [none] {""}
       *[other] ; missing: { $lost }
    }
    .hint = find out who cut it and restore the whole { $kind }, or accept it as it is
rewritten-log-gone = { $place }the { $kind } is gone: it had { $had ->
        [one] 1 entry
       *[other] { $had } entries
    } on { $at }{ $lost ->
        [none] {""}
       *[other] ; missing: { $lost }
    }
    .hint = find out who removed it and restore it, or accept that
rewritten-log-forked = { $place }the { $kind } was forked: entry { $position } is not the one seen on { $at }, so that its history is another{ $lost ->
        [none] {""}
       *[other] ; missing: { $lost }
    }
    .hint = { $is_of_others ->
        [yes] ask whoever sent it which one is right
       *[no] find out which one is right and restore that, or accept this one
    }

## LogMemoryError

log-memory-damaged = { $path }: what was seen of the log cannot be read ({ $why }), so that a cut or a fork goes unnoticed
    .hint = restore the file, or move it aside and accept the log as it is (countersign log accept)
log-memory-broken = { $path }: the log is broken, { $broken }; it is not accepted
    .hint = restore it from a copy
log-memory-too-short = { $length } bytes, and { $wanted } were written
log-memory-other-subject = it is about something else
log-memory-other-length = { $copied } bytes were to be added, not { $added }
log-memory-other-directory = it names another directory

## What is known of a log beyond its own chain

loss-accepted = { $count ->
        [one] 1 entry
       *[other] { $count } entries
    } of the { $kind } that this station saw { $count ->
        [one] is
       *[other] are
    } gone; a person accepted that at { $at }: { $reason }
log-older = older than remembered: this station saw { $saw } entries of this { $kind }, and { $here } are here
log-copy-longer = a copy of the { $kind } { $place } with { $count ->
        [one] 1 entry
       *[other] { $count } entries
    } more than this station saw there; find out who added to it
log-note = { $path }: { $note }
log-not-chosen = { $path } does not count; { $configured } is the chosen { $kind }
log-older-copy = { $path } is the { $kind } that counts; { $others } is an older copy of it and does not count
log-is-broken = is broken, { $why }
log-is-unreadable = cannot be read: { $why }

## LogPlaceError

log-place-several = two { $kind }s, { $one } and { $other }, and neither continues the other
    .hint = choose the { $kind } that counts, or restore the right one
log-place-none = there is no place for a { $kind }

## LogCopyWarning

log-copy-second-version = { $copy }: may be a second version of { $log }, and is not read
    .hint = compare the two, register the runs that only the copy has, then move the copy out of the directory
log-copy-conflict-markers = { $path }: it contains git's conflict markers
    .hint = restore one side, then register the runs of the other

## ModuleOptionsError

module-options-unreadable = { $path }: the module cannot be read ({ $error })
    .hint = give the path of its file
module-options-variable = a variable for the module "{ $path }" is not a name
    .hint = give only its name, such as KRYOPTIC_CONF
module-options-digest = the SHA-256 of the module "{ $path }" is not 64 hex digits
    .hint = trust its file again
module-options-unknown = nothing is kept about the module "{ $path }"
    .hint = list them with `countersign modules list`

## Kinds of files and places, after "this is not"

file-kind-new = a key, a pack or an export
file-kind-journal = a journal
file-kind-log = a transparency log
file-kind-boundary = an authority boundary
file-kind-ledger = an authority ledger
file-kind-head = the head of a log
file-kind-proof = a proof of inclusion
file-kind-witness-request = a request to a witness
file-kind-cosignature = a cosignature
file-kind-tlog-proof = a proof of c2sp.org/tlog-proof
file-kind-tpm = the evidence of a TPM
file-kind-keyring = a keyring
file-kind-signatures = a signature file
file-kind-refusals = a file of refusals
file-kind-manifest = a manifest
file-kind-run = a sealed run
file-kind-settings = settings
file-kind-history-csv = a history in CSV
file-kind-history-json = a history in JSON
place-station = the files of the station
place-log-memory = what was seen of logs
place-roots = trusted roots
place-crls = revocation lists

## OverwriteError

overwrite-evidence-name = { $path }: this is the name of { $what }, and not of { $wanted }; nothing was changed
    .hint = choose another name
overwrite-other-content = { $path }: is there and is not { $wanted }; nothing was changed
    .hint = choose another name, or move the file aside
overwrite-evidence-directory = { $path }: "{ $name }" is in it, so that it is no place for { $wanted }; nothing was changed
    .hint = choose another directory
overwrite-not-a-directory = { $path }: is there and is not a directory; nothing was changed
    .hint = choose a directory for { $wanted }

## OwnershipError

ownership-writable-by-others = { $path }: not used, because { $which ->
        [none] it
       *[other] { $which }
    } can be written by { $who ->
        [group] its group
       *[everyone] every user
    }
    .hint = check its contents, then run: chmod { $change } { $quoted }
ownership-other-owner = { $path }: not used, because { $which ->
        [none] it
       *[other] { $which }
    } belongs to user { $owner }, not to you or root
    .hint = check its contents, then run: chown { $user } { $quoted }

## MadePrivate

made-private = your group could change these until now, and no longer can: { $names }
    .hint = check that keyring, trusted roots and settings are what you made them

## ReadError

read-not-found = { $path }: no such file
    .hint = check the name
read-not-a-file = { $path }: not a regular file; only files are read
read-link-out = { $path }: a symbolic link out of its directory, to { $target }
    .hint = copy the file itself there
read-too-large = { $path }: { $size } bytes are more than the { $limit } MiB that are read; nothing of this kind is that large
    .hint = look at what it is
read-io = { $path }: cannot be read ({ $source })
    .hint = check the permissions and the disk

## ReadReason

read-reason-not-found = no such file
read-reason-not-a-file = not a regular file
read-reason-link-out = a symbolic link out of the directory, to { $target }
read-reason-too-large = { $size } bytes are more than the { $limit } MiB that are read
read-reason-io = cannot be read: { $why }

## WriteError

write-lock = { $path }: cannot be locked ({ $source })
    .hint = check that the directory is there and readable
write-locked = { $path }: locked for { $seconds } seconds by { $holder }; nothing was written
    .hint = { $held ->
        [none] End that process or wait for it, then try again
       *[other] If no other station is at work there, remove { $held } and try again
    }
lock-holder = process { $process } ({ $name }, user { $user })
lock-holder-unknown = another process
write-access-not-kept = { $path }: { $why }
write-sticky = { $path }: belongs to user { $owner }, and in a sticky directory nobody else can replace it; nothing was changed
    .hint = ask for: chmod -t { $directory }
write-not-a-file = { $path }: is there and is not a regular file
    .hint = move it aside
write-there = { $path }: is there already; nothing was written
    .hint = move it aside
write-io = { $path }: cannot be written ({ $source }); nothing was changed
    .hint = { $kind ->
        [StorageFull] make room on the disk and try again
        [QuotaExceeded] make room on the disk and try again
        [ReadOnlyFilesystem] mount the disk writable, or copy the files to one that is
        [PermissionDenied] ask for write permission to the directory
       *[other] check the disk and the directory
    }
write-partly = { $path }: cannot be written ({ $source }); { $stands } is written and stands
    .hint = { $kind ->
        [StorageFull] make room on the disk
        [QuotaExceeded] make room on the disk
        [ReadOnlyFilesystem] mount the disk writable, or copy the files to one that is
        [PermissionDenied] ask for write permission to the directory
       *[other] check the disk and the directory
    }, then do the same again to complete it

## KeepError

keep-owner = it belongs to user { $owner }, who could not read it any more if you replaced it; nothing was changed
    .hint = ask that user to give it a group that both of you are in (chgrp GROUP FILE; chmod g+r FILE)
keep-group = its group { $group } cannot be kept, because you are not in it; nothing was changed
    .hint = ask for membership, or for: chgrp { $group } { $directory } && chmod g+s { $directory }
keep-acl = its access control list cannot be kept ({ $source }); nothing was changed
    .hint = move the files to a file system with such lists, or remove the list (setfacl -b FILE)
keep-mode = its permissions { $had } cannot be kept, this file system makes new files { $has } ({ $source }); nothing was changed
    .hint = set the permissions where it is mounted, or use a wider umask

## DiskNotice

disk-notice-waiting-for-lock = { $directory }: waiting up to { $seconds } seconds for the lock on this directory, held by { $holder }
disk-notice-lock-taken = { $directory }: the lock was released; going on
disk-notice-not-confirmed = { $path }: is written and stands, but the disk did not confirm it ({ $why })
    .hint = check the disk, and later that the file is still there
disk-notice-flush-not-offered = { $directory }: this file system cannot confirm that files are on the disk
    .hint = unmount it before you unplug it or switch it off
disk-notice-mode-not-kept = { $path }: permissions cannot be set on this file system; the new file has { $has } and the old one had { $had }
    .hint = set them where it is mounted
disk-notice-key-open-to-others = { $path }: other users can { $can } this private key
    .hint = run: chmod 600 { $command }
disk-notice-not-journalled = it is done, but the journal does not say so: { $why }
    .hint = repair the journal's directory
disk-notice-claim-not-kept = it is done, but the claim is not kept, so that a merge cannot restore it if another program drops it: { $why }
disk-notice-terms-not-remembered = it is done, but what the signature file asks for is not remembered: { $why }

## SettingsError

settings-unreadable = the setting "{ $name }" cannot be read ({ $why }); its default is in force
settings-threshold = the threshold is { $number }, and a lone signature is never enough
    .hint = set it to 2 or more
settings-empty-path = the path of the { $text ->
        [trust-folder] trust folder
        [module] PKCS#11 module
       *[other] { $text }
    } is empty
    .hint = give one, or leave it at its default
settings-same-name = two signers have the name "{ $text }"
    .hint = give one of them another

## SettingsFileError

settings-file-signers-changed = the signers were changed elsewhere meanwhile
    .hint = open the settings again, and repeat your change
settings-file-modules-changed = the settings of PKCS#11 modules were changed elsewhere meanwhile
    .hint = open the settings again, and repeat your change
settings-file-damaged = { $path }: the settings are damaged ({ $error }); nothing was changed
    .hint = repair the file, or move it aside
settings-file-setting = { $path }: { $error }; nothing was changed
settings-file-directory = { $path }: the directory for the settings cannot be made ({ $source })
    .hint = ask for permission to write there

settings-notice-damaged = the settings are damaged ({ $why })
    .hint = the defaults are in force
settings-notice-unreadable = the settings cannot be read ({ $why })
    .hint = the defaults are in force
settings-notice-not-kept = the damaged settings cannot be kept aside ({ $why })
    .hint = copy them yourself before you change a setting

## ProfileError

profile-not-given = a signer has no { $text ->
        [key-id] key id
        [person] person who signs
        [key-file] key file
        [public-key] public key
       *[other] { $text }
    }
    .hint = give one
profile-key = { $path }: { $error }
profile-public-key = the public key of the signer "{ $name }": { $error }
    .hint = give it as PEM, or as base64 for Ed25519
profile-algorithm = the public key of the signer "{ $name }" is not for { $algorithm }
    .hint = choose the algorithm that it is for
profile-command = the command of the signer "{ $name }": { $error }
profile-timeout = the timeout of the signer "{ $text }" is not between 1 and 600 seconds
    .hint = 30 is usual
profile-token = the key of the signer "{ $name }": { $why }
    .hint = copy it from Devices, it begins with pkcs11:
profile-token-key = the signer "{ $name }": { $error }
profile-agent-key = the signer "{ $name }": { $error }
profile-not-probed = the signer "{ $text }" has changed since its last probe, or was never probed
    .hint = probe it before it signs
profile-probe = the signer "{ $name }": { $error }
profile-evidence = the evidence of the signer "{ $name }" contradicts its signature: { $why }
    .hint = correct what its evidence command prints, or leave that command out
profile-package = the Python { $path } lacks { $packages }
    .hint = install it in a virtual environment (`python3 -m venv DIR`, then `DIR/bin/pip install { $packages }`; without a network `pip download` on another machine, then `pip install --no-index --find-links`), and name DIR/bin/python as its Python
profile-tool = the program { $tool } is not on the search path (PATH)
    .hint = { $tool ->
        [aws] install the AWS command line
        [pkcs11-tool] install OpenSC (on Debian: apt-get install opensc)
       *[other] install it
    }
profile-python = the signer "{ $name }": { $path } does not answer as Python does
    .hint = name a Python 3, such as /usr/bin/python3

## WatchError

watch-not-found = no such directory
watch-not-allowed = no permission to read it
watch-limit = the system's limit of watched directories is reached
watch-other = { $text }

## SignedFilesError

signed-files-artifact = { $path }: { $error }
signed-files-signatures = { $path }: { $error }

## LogTreeError

log-tree-entry-too-long = { $path }: entry { $position } is longer than the { $limit } bytes that a tile can have
    .hint = the log stays valid by its chain; begin another log for a checkpoint
log-tree-changed = { $path } changed while its tree was made
    .hint = try again
log-tree-not-a-folder = { $path } is not a folder, and tiles belong there
    .hint = move it aside; tiles are made from the log
log-tree-tile = { $path } is missing, or its hashes do not lead to the checkpoint
    .hint = make the tiles again with `countersign log checkpoint`

## TreeHeadError

tree-head-meanwhile = another tree of { $origin } was signed here meanwhile; nothing was signed
    .hint = begin again, so that this one goes on from there

## CheckpointFileError

checkpoint-file-not-one = { $path }: { $cause }
    .hint = move the file aside, and find out who wrote it

## LogPolicyError

log-policy-not-one = { $path }: { $cause }
    .hint = correct the file; c2sp.org/tlog-policy says what may stand in it
log-policy-not-text = { $path } is not text
    .hint = write the policy as UTF-8

## AdoptedError

adopted-missing = this station has adopted a signed keyring, and { $path } is gone; nothing else is used in its place
    .hint = adopt the keyring again by its digest: `countersign trust adopt`
adopted-invalid = { $path }: { $cause }
adopted-form = { $path } is not what was adopted
    .hint = restore it from a copy, or remove its folder and adopt the keyring again by its digest; nothing else is used in its place
adopted-roots = a root of the signed keyring cannot be read (SHA-256 { $sha256 })
adopted-make = { $path }: the folder for the signed keyring cannot be made ({ $source })
adopted-changed = another process has adopted something meanwhile; nothing was adopted
    .hint = try again
adopted-signed = this station has adopted a signed keyring, which only its administrators change
    .hint = propose a next version: `countersign trust propose`

## Notice

journal-notice-broken = { $path }: the journal was broken, { $why }; it is kept as { $kept_as }, and a new one was begun
    .hint = find out who changed it
journal-notice-torn = { $path }: the last line was half written, by a process or machine that stopped; it is kept as { $kept_as }, all lines before it hold

## The chain of its files

journal-file-broken = { $file }: { $why }
journal-gap = does not follow { $before }, entries were removed or added between
journal-cut-off = was cut off

## Entries as sentences

journal-run-and-manifest = { $file } and its manifest
journal-key = key { $id }
journal-key-hardware = hardware key { $id }
journal-key-software = software key { $id }
journal-key-accompanied = { $key } and a companion key
journal-key-external = external signer { $id }
journal-key-other = { $kind } key { $id }
journal-begun = The journal begins
journal-rotated = The journal continues { $file }, which is full
journal-broken = The journal was damaged and is kept as { $kept_as }: { $why }
journal-torn = The last line of the journal was incomplete and is kept as { $kept_as }
journal-made-private = Removed the group’s access to { $files ->
        [one] 1 file
       *[other] { $files } files
    } or folders of the station
journal-ceremony-begun = Opened { $file } for signing
journal-refused = Nothing was signed: { $why }
journal-broken-off = Cancelled; nothing was signed
journal-key-chosen = { $signer } chose the key { $key } to sign as { $role }
journal-secret-asked = The key asked for its { $secret }{ $left ->
        [none] {""}
        [one] ; 1 attempt is left
       *[other] ; { $left } attempts are left
    }
journal-last-try-held = The last { $secret } attempt was not used, because it was not confirmed
journal-last-try = Using the last { $secret } attempt was confirmed
journal-kept-pin-used = The PIN was read from { $source }, without a person
journal-secret-not-taken = The key stayed locked: { $why }
journal-key-opened = Opened the key { $key } for { $signer }
journal-touch-missed = The key was not touched in time
journal-signing-attempted = { $signer } started signing { $what } as { $role } with the { $key }
journal-signed = { $signer } signed { $what } as { $role } with the { $key }
journal-refusal-attempted = { $signer } started to refuse { $what } as { $role } with the { $key }
journal-refused-to-sign = { $signer } refused to sign { $what } as { $role } with the { $key }: { $reason }
journal-withdrawn = { $signer } withdrew their signature on { $what } as { $role } with the { $key }: { $reason }
journal-signed-partly = Only { $files } was written: { $why }
journal-registered = Registered { $file } in { $log }
journal-merge-attempted = Started merging { $copies ->
        [1] a copy
       *[other] { $copies } copies
    } into { $file }
journal-merged = Merged { $signatures ->
        [one] 1 signature
       *[other] { $signatures } signatures
    }{ $refusals ->
        [0] {""}
        [one] {" "}and 1 refusal
       *[other] {" "}and { $refusals } refusals
    } into { $file }{ $left_out ->
        [none] {""}
       *[other] ; left out { $left_out }
    }
journal-accepted = accepted
journal-accepted-with-reservations = accepted with reservations
journal-rejected = rejected
journal-finding-attempted = { $signer } started to sign the finding { $file } about { $reviewed }: { $outcome }
journal-finding-written = { $signer } signed the finding { $file } about { $reviewed }: { $outcome }
journal-release-attempted = { $signer } started to sign the release { $file } of version { $version }
journal-release-signed = { $signer } signed the release { $file } of version { $version }
journal-checkpoint-attempted = { $signer } started to sign the tree of { $origin } with { $entries } { $entries ->
        [one] entry
       *[other] entries
    } as { $role ->
        [log] the log
       *[witness] a witness
    }
journal-checkpoint-signed = { $signer } signed the tree of { $origin } with { $entries } { $entries ->
        [one] entry
       *[other] entries
    } as { $role ->
        [log] the log
       *[witness] a witness
    }
journal-cosignature-imported = Took in that { $witness } saw { $entries } { $entries ->
        [one] entry
       *[other] entries
    } of { $log }
journal-keyring-attempted = { $signer } started to sign { $file }, version { $version } of the signed keyring
journal-keyring-signed = { $signer } signed { $file }, version { $version } of the signed keyring
journal-keyring-adopted = Version { $version } of the signed keyring was adopted
journal-key-taken-away = The key { $key } was revoked in an emergency, after version { $version } of the signed keyring
journal-archive-attempted = Started writing the { $kind } { $archive } with { $envelopes ->
        [one] 1 envelope
       *[other] { $envelopes } envelopes
    }
journal-archive-written = Wrote the { $kind } { $archive } with { $envelopes ->
        [one] 1 envelope
       *[other] { $envelopes } envelopes
    }
journal-import-attempted = Started importing { $archive } into { $directory }
journal-imported = Imported { $archive }: { $new ->
        [one] 1 new envelope
       *[other] { $new } new envelopes
    }, { $signatures ->
        [one] 1 new signature
       *[other] { $signatures } new signatures
    }{ $left_out ->
        [none] {""}
       *[other] ; left out { $left_out }
    }
journal-evidence-attached = Added evidence ({ $evidence }) to { $files }
journal-time-stamps-requested = Wrote { $requests ->
        [one] 1 request
       *[other] { $requests } requests
    } for time stamps to { $folder }
journal-time-stamp-attached = Added a time stamp of { $time } by { $authority } for { $signer } to { $files }
journal-run-time-stamp-added = Added a time stamp of { $time } by { $authority } for { $run } itself
journal-key-created = Created a private key in { $file }, { $fingerprint }
journal-key-added = Added { $key } of { $owner } to the keyring, { $kind }, as { $roles }
journal-key-revoked = Revoked { $key } of { $owner } from { $at }{ $compromised ->
        [none] {""}
       *[other] , compromised since { $compromised }
    }: { $why }
journal-root-trusted = Trusted { $subject }, SHA-256 { $sha256 }
journal-root-removed = Stopped trusting { $subject }, SHA-256 { $sha256 }
journal-key-certified = { $count ->
        [one] Put a certificate
       *[other] Put { $count } certificates
    } beside { $key } of { $owner }
journal-key-uncertified = Removed the certificates beside { $key } of { $owner }
journal-crl-added = Added a revocation list of { $issuer }, SHA-256 { $sha256 }
journal-crl-removed = Removed a revocation list of { $issuer }, SHA-256 { $sha256 }
journal-exempt-ended = Ended the exemption of { $ended ->
        [one] 1 signature
       *[other] { $ended } signatures
    }
journal-exempted = Exempted { $exempted ->
        [one] 1 signature
       *[other] { $exempted } signatures
    } from the need for a claim
journal-exempt-changed = Ended the exemption of { $ended ->
        [one] 1 signature
       *[other] { $ended } signatures
    }, and exempted { $exempted ->
        [one] 1 signature
       *[other] { $exempted } signatures
    } from the need for a claim
journal-change-failed = The change failed: { $why }
journal-log-accepted = Accepted { $log } with { $has ->
        [one] 1 entry
       *[other] { $has } entries
    } instead of { $had }{ $reason ->
        [none] {""}
       *[other] : { $reason }
    }{ $lost ->
        [none] {""}
       *[other] ; missing: { $lost }
    }
journal-missing-accepted = Accepted that { $file } is missing: { $why }
journal-device-arrived = { $name }{ $serial ->
        [none] {""}
       *[other] , serial { $serial },
    } was plugged in
journal-device-removed = { $name }{ $serial ->
        [none] {""}
       *[other] , serial { $serial },
    } was removed
journal-yubikey-changed = Set up { $serial ->
        [none] { $name }
       *[other] YubiKey { $serial }
    }: { $change ->
        [pin] replaced the factory PIN
        [puk] replaced the factory PUK
        [management_key] replaced the management key by a random one, which the card keeps
        [key] generated a key in slot { $slot }, { $about }{ $replaces ->
            [none] {""}
           *[other] , in place of { $replaces }
        }
       *[certificate] stored the certificate of the key in slot { $slot }{ $replaces ->
            [none] {""}
           *[other] , in place of the certificate with the SHA-256 { $replaces }
        }
    }
journal-pin-changed = { $change ->
        [pin] Changed the PIN of
        [puk] Changed the PUK of
       *[unblock] Unblocked the PIN of
    } { $serial ->
        [none] { $name }
       *[other] YubiKey { $serial }
    }
journal-setting-changed = Changed { $what } from { $before } to { $after }
journal-setting-added = Added the { $what ->
        [signer] signer
       *[module] PKCS#11 module
    } { $after }
journal-setting-removed = Removed the { $what ->
        [signer] signer
       *[module] PKCS#11 module
    } { $before }
journal-setting-replaced = Changed the { $what ->
        [signer] signer
       *[module] PKCS#11 module
    } { $before } to { $after }
setting-trust = the accepted keys
setting-threshold = the minimum number of signatures
setting-roles = the roles required besides operator and witness
setting-assurance = the assurance required of hardware keys
setting-attested = what attested keys must be
setting-clock = the clock tolerance in seconds
setting-boundary = whether an authority boundary is required
setting-time = whose word the time of a signature must be
setting-claims = whether signatures need a claim
setting-exempt = the signatures that need no claim
setting-keyring = the keyring
setting-trust-folder = the folder of trusted roots
setting-log = the transparency log
setting-ledger = the authority ledger
setting-none = none
setting-default = the default
setting-beside = the one beside each run
setting-pinned = those in the keyring
setting-embedded = any that verifies

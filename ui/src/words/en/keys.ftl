# The keys of the keyring.

keys-title = Keys
keys-filter = Filter keys
    .placeholder = Filter
keys-enrol = Enrol…
keys-create = Create software key…
keys-empty = The keyring is empty
    .about = Whether a signature counts depends on whose key made it. Create your own key, or enrol the public key of someone else.
keys-no-match = No matching keys
keys-show-all = Show all keys
keys-caption = { $shown ->
    [one] { $shown } key of { $all }
   *[other] { $shown } keys of { $all }
}
keys-count = { $all ->
    [one] { $shown } of { $all } key
   *[other] { $shown } of { $all } keys
}
keys-who = Who
keys-kind = Kind
keys-type = Type
keys-roles = Roles
keys-counts = Counts
keys-signatures-here = Signatures here
keys-signer = Signer
keys-details = Details
    .of = Details of { $key }
keys-for-companions = for companions
keys-companion = companion
keys-looks-like = Looks like { $other }, another owner
keys-kind-attested = { $kind }, attested
keys-history = Show them in the history
    .of = History of { $key }: { $count }
keys-revoked = revoked
keys-revoke = Revoke…
    .one = Revoke { $key }…

kind-word-software = software
kind-word-hardware = hardware
kind-word-external = external

key-valid-revoked = revoked since { $since }
key-valid-between = from { $from } until { $until }
key-valid-from = from { $from }
key-valid-until = until { $until }
key-valid-always = always

key-fingerprint = Fingerprint, SHA-256 of the public key
keys-certify = Add a certificate…
    .other = Replace the certificate…
keys-uncertify = Remove the certificate
keys-certified = The certificate is kept beside the key.
certify-key = Keep a certificate beside { $key }?
    .act = Keep the certificate
certify-who = It will be kept beside the key { $key } of { $owner }. It proves names and changes no level.
certify-others = { $count ->
        [one] With it comes one certificate, which helps to reach a root:
       *[other] With it come { $count } certificates, which help to reach a root:
    }
certify-instead = Instead of
keys-uncertified = Certificate removed.
key-attestation = Attestation
key-names = Certificate
key-added = Added
key-begins = Valid from
key-ends = Valid until
key-revoked = Revoked
    .because = { $date }: { $reason }
key-revocation = Kind of reason
key-compromised = Compromised since
key-type-asks = { $type }, { $asks }
key-slot = slot { $slot }
    .of = { $device }, slot { $slot }

# Fields that several sheets have.
key-id = Key id
    .missing = Enter a key id: signatures name the key by it.
    .taken = The keyring already has a key with this id.
key-owner = Owner
    .hint = The name in signatures.
    .example = The name in signatures, for example mira.k.
    .missing = Enter the owner of the key.
key-roles = Roles
    .missing = Choose at least one role.
key-day-wrong = Enter a date such as 2026-01-31, or leave it empty.

# What a key is for.
key-purpose = What is the key for?
key-purpose-signing = Signatures
    .about = Signs in its owner's name, and counts.
key-purpose-companion = Companions (ML-DSA-65)
    .about = Makes a second signature beside each of its owner's, which holds even if elliptic curves are broken. By itself it never counts.

# Kinds of key, and what they mean.
key-kind-software = In a file that is encrypted with a passphrase.
key-kind-hardware = In a token that never releases it.
key-kind-external = Behind a command, for example a key service.

# What is plugged in.
plugged-in = Plugged in, and not in the keyring
plugged-in-enrol-device = Enrol from a YubiKey…
plugged-in-enrol-card = Enrol from a PIV card…
plugged-in-enrol-token = Enrol from a token…
plugged-in-token-key = { $token }, { $key }

# A new software key.
create-key = Create a software key
    .act = Create key
    .about = A key in a file that is encrypted with a passphrase. Its public key is enrolled in the keyring.
    .done = { $key } is created, enrolled and ready to sign.
    .companion-done = { $key } is created and enrolled. Choose it as a companion when its owner signs.
    .again = Type the passphrase again.
create-key-file = Key file
    .missing = Choose where to write the key file.
passphrase = Passphrase
    .hint = Nobody can recover it.
    .missing = Enter a passphrase.
    .differs = The two entries differ.
passphrase-again = Passphrase again
passphrase-strength = How easily it is guessed is said as you type.
passphrase-very-weak = Guessed at once
passphrase-weak = Guessed within hours
passphrase-fair = Guessed by someone who tries hard
passphrase-good = Not guessed within years
passphrase-strong = Not guessed, as far as is known
passphrase-offer = Offer six words
    .about = Chosen at random. Write them down and keep them apart from the file, then type them again above.
passphrase-confirm = Use this passphrase although it is easily guessed
    .means = Whoever gets a copy of the file can try passphrases as fast as their machines allow.
    .missing = Confirm that a weak passphrase is to be used.

# Enrolling a key.
enrol-key = Enrol key
    .public = Enrol a public key
    .signed = Enrol the key of { $signer }
    .token = Enrol { $token }, { $key }
    .device = Enrol { $device }, slot { $slot }
    .done = { $key } of { $owner } is enrolled.
enrol-source = Public key
    .hint = A file (PEM, or a signature file that contains the key), or the key itself as PEM or base64.
    .missing = Choose a file, or paste the public key.
enrol-kind = Kind
    .missing = Choose what holds the key.
enrol-pin = PIN
    .hint = With the PIN the token shows whether hardware holds the key. Without it the key is enrolled as software. The PIN is not stored.
    .without = Without the PIN the key counts as software here.
enrol-said = A signature in the name of { $signer } was made with this key. Anybody can write that name: ask the person for the fingerprint, by another way than this file.
enrol-compared = This is the fingerprint that the signer told me
    .missing = Compare the fingerprint first.
enrol-stated = Hardware holds this key; I have seen it
    .yes = Its signatures will count as hardware at L6 on your word.
    .no = No trusted evidence proves it, so the key is enrolled as software.
enrol-vouched = The keyring vouches for this
    .hardware = Nothing in a public key shows what holds it. Signatures by this key will count as hardware at L6, on your word. Choose this only if you have seen the hardware.
    .external = Nothing in a public key shows what holds it. Signatures by this key will count as external at L6, on your word. Choose this only if you have seen the hardware.
enrol-from = Counts from
    .hint = The start of this day, UTC. Empty: from any time.
enrol-until = Counts until
    .hint = The start of this day, UTC. Empty: without end.
    .early = This is before the day from which the key counts.

# Revoking a key.
revoke-key = Revoke { $key }
    .act = Revoke key
    .done = { $key } is revoked.
revoke-compromised = Only signatures with an earlier trusted time stamp still count
revoke-compromised-means = { $count ->
    [0] Whoever has the key can write any date into a signature. A revocation cannot be taken back.
    [one] Whoever has the key can write any date into a signature; there is { $count } signature here. A revocation cannot be taken back.
   *[other] Whoever has the key can write any date into a signature; there are { $count } signatures here. A revocation cannot be taken back.
}
revoke-from-now = Signatures dated from now on no longer count
revoke-from-now-means = { $count ->
    [0] Earlier signatures still count. A revocation cannot be taken back.
    [one] Earlier signatures still count; there is { $count } signature here. A revocation cannot be taken back.
   *[other] Earlier signatures still count; there are { $count } signatures here. A revocation cannot be taken back.
}
revoke-companion = Companions dated from now on no longer hold
    .means = Signatures count as before, and those that have it no longer hold if elliptic curves are broken. A revocation cannot be taken back.
revoke-who = { $owner } can no longer sign with { $key }.
revoke-why = Why
revoke-since = Compromised since
    .hint = The first day on which someone else may have had the key (UTC). Leave it empty for now.
    .future = This day is still to come.
revoke-reason = Reason
    .missing = Write a reason: the keyring keeps it.
revoke-effect-missing = Shown when the day is right.
revocation-unspecified = Not specified
revocation-superseded = Another key takes its place
revocation-affiliation-changed = Its owner's position changed
revocation-cessation-of-operation = It is no longer in use
revocation-key-compromise = Someone else may have it (compromised)
keys-unread = The keyring is still being read.

# Certificates beside keys, and the names that they prove.

## KeyCertificatesError

key-certificates-form = its certificates are not a list of certificates in base64
    .hint = add its certificate again
key-certificates-too-many = { $number } certificates are more than one key needs; at most { $most } are kept
    .hint = give the certificate of the key and those between it and the root
key-certificates-too-large = a certificate is larger than { $limit } KiB
    .hint = give the certificate of the key and those between it and the root
key-certificates-other-key = the certificate is not for this key: it is for { $certified ->
        [none] a key of a kind that is not used here
       *[other] the key with SHA-256 { $certified }
    }, and this key has { $key }
    .hint = choose the certificate of this very key
key-certificates-several = two different certificates are for this key
    .hint = choose one of them

## NameProblem

name-problem-unread = the certificate cannot be read: { $words }
    .hint = add the certificate to the key again
name-problem-other-key = the certificate is for the key with SHA-256 { $certified }, and this key has { $key }
    .hint = add the certificate of this very key
name-problem-no-time = the signature has no time that can be read
name-problem-self-signed = the certificate is signed by its own key
    .hint = trust it for names if you know by its SHA-256 whose it is
name-problem-unknown-root = the certificate leads to { $issuer }, which you do not trust for names
    .hint = trust the root for names if you know by its SHA-256 whose it is
name-problem-other-root = the certificate leads to { $root } with SHA-256 { $sha256 }, which you do not trust for names
    .hint = trust that root for names if you know by its SHA-256 whose it is
name-problem-not-yet-valid = { $subject } is valid only from { $from } on, and it is judged at { $at }
name-problem-expired = { $subject } expired at { $until }, and it is judged at { $at }
name-problem-not-processed = cannot be checked here: { $subject } { $problem }
name-problem-broken = the chain is broken: { $subject } { $problem }
name-problem-revoked = { $subject } is revoked since { $since } ({ $reason })
name-problem-compromised = { $subject } is revoked because someone else may have its key since { $since } ({ $reason }), and no trusted time stamp is from before

## RevocationListError

revocation-list-pem = not a list of revoked certificates: { $text }
revocation-list-none = there is no list of revoked certificates in it
    .hint = choose a file in DER, or in PEM that begins with "BEGIN X509 CRL"
revocation-list-der = not a list of revoked certificates: { $words }
revocation-list-too-large = the list is larger than { $limit } MiB

## Names

names-certificate = the certificate
names-quoted = { $name }
names-none = no name
names-proven = { $names }: proven by { $root } with SHA-256 { $sha256 }
names-not-proven = { $names }: not proven, the certificate's own word; { $why }
names-contradicted = { $names }: contradicted; { $why }

names-warn-expired = The certificate had expired at { $until }; it is judged at { $at }.
names-warn-expired-now = The certificate has expired since, at { $until }.
names-warn-not-yet-valid = The certificate is valid only from { $from } on; it is judged at { $at }.
names-warn-key-usage = The certificate's key usage allows no signatures: { $usages }.
names-warn-purposes = The certificate's extended key usage excludes signing documents: { $purposes }.
names-warn-authority = The certificate is that of a certificate authority, not of a person.
names-warn-other-name = The certificate names { $names }, and the keyring names { $owner }.
names-warn-revoked-later = { $subject } was revoked later, at { $since } ({ $reason }).
names-warn-list-older = The revocation list of { $issuer }, made { $made }, is older than what is judged, { $at }: its next one was due before.
names-warn-list-ended = The revocation list of { $issuer }, made { $made }, is out of date: its next one is due.
names-warn-list-not-used = The revocation list of { $issuer }, made { $at }, is not used: { $why }.

revocation-not-checked = revocation not checked
revocation-no-list = revocation not checked: there is no list of { $issuer }
revocation-not-checkable = revocation not checkable: the list of { $issuer } { $why }
revocation-not-revoked = not revoked, by the list of { $issuer } made { $made }
revocation-older-list = not revoked by the list of { $issuer }, which is older than what is judged, made { $made }
revocation-root = a root, which no list is about
revocation-revoked = { $subject } is revoked since { $since } ({ $reason })

list-other-key = is signed by another key than that authority's
list-not-allowed = is by an authority that may not sign lists (keyUsage)
list-indirect = is about certificates of other authorities too (indirect)
list-delta = has only what changed since another list (delta)
list-partial = is about a part of the certificates only
list-critical = has a critical extension that is not processed ({ $id })
list-extension-unread = has an extension that cannot be read ({ $id })
list-of-the-future = is dated in the future

# Zertifikate neben Schlüsseln, und die Namen, die sie belegen.

## KeyCertificatesError

key-certificates-form = seine Zertifikate sind keine Liste von Zertifikaten in Base64
    .hint = fügen Sie sein Zertifikat neu hinzu
key-certificates-too-many = { $number } Zertifikate sind mehr, als ein Schlüssel braucht; höchstens { $most } werden behalten
    .hint = geben Sie das Zertifikat des Schlüssels und die zwischen ihm und dem Wurzelzertifikat an
key-certificates-too-large = ein Zertifikat ist größer als { $limit } KiB
    .hint = geben Sie das Zertifikat des Schlüssels und die zwischen ihm und dem Wurzelzertifikat an
key-certificates-other-key = das Zertifikat gilt nicht diesem Schlüssel: es gilt { $certified ->
        [none] einem Schlüssel einer Art, die hier nicht benutzt wird
       *[other] dem Schlüssel mit SHA-256 { $certified }
    }, und dieser Schlüssel hat { $key }
    .hint = wählen Sie das Zertifikat genau dieses Schlüssels
key-certificates-several = zwei verschiedene Zertifikate gelten diesem Schlüssel
    .hint = wählen Sie eines davon

## NameProblem

name-problem-unread = das Zertifikat ist nicht lesbar: { $words }
    .hint = fügen Sie dem Schlüssel das Zertifikat neu hinzu
name-problem-other-key = das Zertifikat gilt dem Schlüssel mit SHA-256 { $certified }, und dieser Schlüssel hat { $key }
    .hint = fügen Sie das Zertifikat genau dieses Schlüssels hinzu
name-problem-no-time = die Signatur hat keine Zeit, die lesbar ist
name-problem-self-signed = das Zertifikat ist mit seinem eigenen Schlüssel signiert
    .hint = vertrauen Sie ihm für Namen, wenn Sie an seinem SHA-256 erkennen, wem es gehört
name-problem-unknown-root = das Zertifikat führt zu { $issuer }, dem Sie für Namen nicht vertrauen
    .hint = vertrauen Sie dem Wurzelzertifikat für Namen, wenn Sie an seinem SHA-256 erkennen, wem es gehört
name-problem-other-root = das Zertifikat führt zu { $root } mit SHA-256 { $sha256 }, dem Sie für Namen nicht vertrauen
    .hint = vertrauen Sie diesem Wurzelzertifikat für Namen, wenn Sie an seinem SHA-256 erkennen, wem es gehört
name-problem-not-yet-valid = { $subject } gilt erst ab { $from }, und beurteilt wird es zum { $at }
name-problem-expired = { $subject } lief ab am { $until }, und beurteilt wird es zum { $at }
name-problem-not-processed = hier nicht zu prüfen: { $subject } { $problem }
name-problem-broken = die Kette ist unterbrochen: { $subject } { $problem }
name-problem-revoked = { $subject } ist gesperrt seit { $since } ({ $reason })
name-problem-compromised = { $subject } ist gesperrt, weil jemand anders seinen Schlüssel haben kann seit { $since } ({ $reason }), und kein vertrauenswürdiger Zeitstempel ist von vorher

## RevocationListError

revocation-list-pem = keine Sperrliste: { $text }
revocation-list-none = sie enthält keine Sperrliste
    .hint = wählen Sie eine Datei in DER, oder in PEM mit „BEGIN X509 CRL“ am Anfang
revocation-list-der = keine Sperrliste: { $words }
revocation-list-too-large = die Sperrliste ist größer als { $limit } MiB

## Names

names-certificate = das Zertifikat
names-quoted = { $name }
names-none = kein Name
names-proven = { $names }: belegt durch { $root } mit SHA-256 { $sha256 }
names-not-proven = { $names }: nicht belegt, nur das Wort des Zertifikats selbst; { $why }
names-contradicted = { $names }: widerlegt; { $why }

names-warn-expired = Das Zertifikat war abgelaufen am { $until }; beurteilt wird es zum { $at }.
names-warn-expired-now = Das Zertifikat ist seither abgelaufen, am { $until }.
names-warn-not-yet-valid = Das Zertifikat gilt erst ab { $from }; beurteilt wird es zum { $at }.
names-warn-key-usage = Die Schlüsselverwendung des Zertifikats erlaubt keine Signaturen: { $usages }.
names-warn-purposes = Die erweiterte Schlüsselverwendung des Zertifikats schließt das Signieren von Dokumenten aus: { $purposes }.
names-warn-authority = Das Zertifikat ist das einer Zertifizierungsstelle, nicht das einer Person.
names-warn-other-name = Das Zertifikat nennt { $names }, und der Schlüsselbund nennt { $owner }.
names-warn-revoked-later = { $subject } wurde später gesperrt, am { $since } ({ $reason }).
names-warn-list-older = Die Sperrliste von { $issuer } vom { $made } ist älter als das, was beurteilt wird, { $at }: Die nächste war davor fällig.
names-warn-list-ended = Die Sperrliste von { $issuer } vom { $made } ist veraltet: Die nächste ist fällig.
names-warn-list-not-used = Die Sperrliste von { $issuer } vom { $at } wird nicht benutzt: Sie { $why }.

revocation-not-checked = Sperrung nicht geprüft
revocation-no-list = Sperrung nicht geprüft: Es gibt keine Sperrliste von { $issuer }
revocation-not-checkable = Sperrung nicht prüfbar: Die Sperrliste von { $issuer } { $why }
revocation-not-revoked = nicht gesperrt, nach der Sperrliste von { $issuer } vom { $made }
revocation-older-list = nicht gesperrt nach der Sperrliste von { $issuer }, die älter ist als das, was beurteilt wird, vom { $made }
revocation-root = ein Wurzelzertifikat, für das keine Sperrliste gilt
revocation-revoked = { $subject } ist gesperrt seit { $since } ({ $reason })

list-other-key = ist mit einem anderen Schlüssel als dem dieser Stelle signiert
list-not-allowed = stammt von einer Stelle, die keine Sperrlisten signieren darf (keyUsage)
list-indirect = gilt auch Zertifikaten anderer Stellen (indirect)
list-delta = enthält nur Änderungen gegenüber einer anderen Sperrliste (delta)
list-partial = gilt nur einem Teil der Zertifikate
list-critical = hat eine kritische Erweiterung, die hier nicht verarbeitet wird ({ $id })
list-extension-unread = hat eine Erweiterung, die nicht lesbar ist ({ $id })
list-of-the-future = ist in die Zukunft datiert

## ArtifactError

artifact-not-an-object = kein JSON-Objekt

## TooLong

too-long = die kanonische Form ist länger als { $limit } MiB, da Zahlen wie 1e300 darin ausgeschrieben sind
    .hint = schreiben Sie solche Zahlen als Text

## A line of a chain

chain-line = Zeile { $line }: { $why }
chain-not-an-object = kein JSON-Objekt
chain-not-json = kein JSON, { $message }
chain-conflict-marker = eine Konfliktmarke von git; nehmen Sie eine Seite mit `git checkout --ours` oder `--theirs`, und tragen Sie dann die Läufe der anderen mit `countersign log append` ein
chain-line-too-long = länger als { $limit } MiB
chain-entry-changed = der Eintrag wurde verändert, sein Hash stimmt nicht
chain-not-linked = folgt nicht auf den Eintrag davor, einer wurde entfernt, hinzugefügt oder verschoben
chain-duplicate-key = Zeile { $line }: der Schlüssel { $key } ist zweimal angegeben, und der letzte zählt; andere Programme sehen vielleicht den ersten
chain-dated-back = Zeile { $line }: ist auf { $at } datiert, vor einem Eintrag darüber ({ $newest }); auf diese Zeit ist kein Verlass
chain-more-notes = { $count ->
        [one] { $count } weitere Warnung dieser Art
       *[other] { $count } weitere Warnungen dieser Art
    }

## ClaimError

claim-field = „{ $text }“ des Claims fehlt oder ist nicht, was es sein soll

## DsseError

dsse-form = kein DSSE-Umschlag
dsse-field = „{ $text }“ des DSSE-Umschlags fehlt oder ist nicht, was es sein soll
dsse-too-long = länger als { $limit } KiB
dsse-signatures = er hat { $number } Signaturen und muss eine haben

## DisclosureError

disclosure-form = keine Datei mit einer Offenlegung
disclosure-twice = der Schlüssel { $key } steht zweimal darin, so dass zwei Programme Verschiedenes lesen könnten
disclosure-version = Version „{ $text }“ der Datei einer Offenlegung ist hier nicht bekannt, nur „{ $version }“
disclosure-too-large = { $size } Bytes sind mehr als die { $limit } MiB einer Offenlegung, die gelesen werden
disclosure-field = „{ $text }“ der Offenlegung fehlt oder ist nicht, was es sein soll
disclosure-no-entry = { $list } des Laufs enthält keinen Eintrag { $path }
    .hint = nennen Sie ihn, wie der hash_scope des Laufs ihn nennt
disclosure-several-entries = { $list } des Laufs enthält mehrere Einträge { $path }: { $positions }
    .hint = wählen Sie einen über seine Stelle
disclosure-not-a-digest = Eintrag { $position } in { $list } des Laufs hat keinen SHA-256, so dass kein Weg hindurchführt

## FindingError

finding-form = keine Datei mit einem Befund
finding-version = die Version „{ $text }“ der Datei eines Befunds ist hier nicht bekannt, nur „{ $version }“
finding-too-large = { $size } Bytes sind mehr als die { $limit } MiB eines Befunds, die gelesen werden
finding-field = „{ $text }“ des Befunds fehlt oder ist nicht, was es sein soll
finding-not-acceptable = ein Paket, dessen Dateien nicht zu seiner Liste passen oder das einen anderen Digest hat, als Ihnen genannt wurde, kann nicht ohne Vorbehalt angenommen werden
    .hint = nehmen Sie es mit Vorbehalt an, oder lehnen Sie es ab
finding-no-note = keine Notiz sagt warum
    .hint = schreiben Sie eine Notiz zum Paket oder zu einem seiner Umschläge
finding-long-note = eine Notiz hat { $number } Zeichen; höchstens { $limit } sind erlaubt
finding-too-many = { $number } Umschläge sind mehr als die { $limit }, denen ein Befund gilt
    .hint = bitten Sie um die Umschläge in kleineren Teilen

## ReleaseError

release-field = „{ $text }“ der Freigabe fehlt oder ist nicht, was es sein sollte
release-name = { $name } kann nicht der Name einer Datei einer Freigabe sein: er kommt zweimal vor oder enthält Ordner
release-too-large = { $size } Bytes sind mehr als die { $limit } MiB einer Freigabe, die gelesen werden

## SignedKeyringError

signed-keyring-payload-type = die Nutzdaten sind von anderer Art, „{ $text }“
signed-keyring-not-canonical = die Nutzdaten sind kein kanonisches JSON: ein Schlüssel steht doppelt, oder sie sind anders geschrieben
signed-keyring-field = „{ $text }“ des signierten Schlüsselbunds fehlt oder ist nicht, was es sein sollte
signed-keyring-unknown = dieses Programm kennt „{ $name }“ eines signierten Schlüsselbunds nicht, und was es bedeutet, bliebe unbeachtet
    .hint = verwenden Sie eine neuere Version des Programms
signed-keyring-too-large = { $size } Bytes sind mehr als die { $limit } MiB eines signierten Schlüsselbunds, die gelesen werden

## InclusionError

inclusion-broken = das Protokoll ist unterbrochen, { $why }; nichts ist damit zu beweisen
inclusion-not-included = der Lauf (Commit-Hash { $commit_hash }) hat dort keinen Eintrag
    .hint = tragen Sie ihn ein, oder benutzen Sie den Beweis, der für ihn gemacht wurde
inclusion-run-altered = der Lauf wurde nach dem Versiegeln geändert: sein { $text ->
        [content-hash] Inhalts-Hash
       *[commit-hash] Commit-Hash
    } ist nicht der, der in ihm verzeichnet ist; nichts ist bewiesen
inclusion-no-hash = der Lauf verzeichnet keinen { $text ->
        [content-hash] Inhalts-Hash
       *[commit-hash] Commit-Hash
    }; er wurde vor v1.1 versiegelt und kann nicht eingetragen werden
inclusion-field = kein Einschlussbeweis der Version { $version }: { $text } fehlt oder ist nicht, was es sein soll
inclusion-altered = Eintrag { $position } des Beweises wurde verändert oder folgt nicht dem davor; nichts ist bewiesen
inclusion-other-head = der Beweis führt zum Kopf { $found }, nicht zu { $wanted }; das Protokoll wurde umgeschrieben oder ist seither gewachsen
    .hint = wenn es gewachsen ist, machen Sie einen neuen Beweis
inclusion-other-count = der Beweis zählt { $found } Einträge, der Kopf { $wanted }; nichts ist bewiesen

## JsonError

json-syntax = kein JSON: { $message } in Zeile { $line }, Spalte { $column }
json-encoding = kein JSON: der Text ist { $text ->
        [UTF-8-BOM] UTF-8 mit Byte-Order-Mark
       *[other] { $text }
    }, und JSON ist UTF-8 ohne Byte-Order-Mark
    .hint = speichern Sie ihn so
json-conflict-markers = kein JSON: Konfliktmarken von git stehen darin, ab Zeile { $line }, und jede Seite kann Signaturen haben
    .hint = nehmen Sie eine Seite mit `git checkout --ours` oder `--theirs`, schreiben Sie die andere mit `git show` in eine eigene Datei, und vereinen Sie beide mit `countersign merge`
json-too-deep = tiefer verschachtelt als { $max_depth } Ebenen
json-not-finite = die Zahl { $text } liegt außerhalb des Bereichs eines IEEE-Double
json-too-large = länger als 4 GiB

## KeyAttestationError

key-attestation-json = die Schlüsselattestierung ist kein JSON: { $cause }
key-attestation-form = die Schlüsselattestierung ist kein JSON-Objekt
key-attestation-missing = die Schlüsselattestierung hat keinen Text unter „{ $text }“
key-attestation-no-object = die Schlüsselattestierung hat kein Objekt unter „{ $text }“
key-attestation-unknown = ihre Art „{ $text }“ ist weder yubikey-piv noch yubihsm2 noch liquidsecurity noch tpm2-certify noch cloud-kms
key-attestation-not-base64 = „{ $text }“ der Schlüsselattestierung ist nicht base64
key-attestation-no-list = „{ $text }“ der Schlüsselattestierung ist keine Liste aus höchstens { $most } Texten
key-attestation-too-many = sie hätte { $number } Zertifikate, und neben einer Signatur werden höchstens { $most } aufbewahrt
    .hint = geben Sie nur die Zertifikate der Kette dieses Schlüssels an

## LogHeadError

log-head-field = kein Protokollkopf der Version 1.0: { $text } fehlt oder ist nicht, was es sein soll

## PublicKeyError

public-key-form = der öffentliche Schlüssel ist weder base64 von 32 Bytes (Ed25519) noch ein PEM-SubjectPublicKeyInfo
public-key-kind = der öffentliche Schlüssel ist weder Ed25519 noch P-256, P-384 oder RSA, oder er ist beschädigt
public-key-unknown = das ist kein öffentlicher Schlüssel
    .hint = geben Sie einen als PEM, DER, X.509-Zertifikat, OpenSSH-Zeile, base64 oder als JSON von `aws kms get-public-key` an
public-key-private = das ist ein privater Schlüssel
    .hint = geben Sie seinen öffentlichen an, mehr wird nicht gebraucht (`openssl pkey -in FILE -pubout` oder `ssh-keygen -y -f FILE` zeigt ihn)
public-key-several = { $number } verschiedene öffentliche Schlüssel sind darin
    .hint = geben Sie einen von ihnen allein an
public-key-ssh2 = das ist ein öffentlicher SSH2-Schlüssel
    .hint = wandeln Sie ihn um mit `ssh-keygen -i -f FILE`
public-key-jwk = das ist ein JSON Web Key
    .hint = geben Sie den Schlüssel als PEM an (Azure: `az keyvault key download --encoding PEM --file FILE`)
public-key-other = das ist { $form ->
        [openpgp] ein OpenPGP-Schlüssel
        [cosign] ein privater Schlüssel von cosign
        [request] eine Zertifikatsanforderung
        [pkcs7] eine PKCS#7-Datei
        [trusted] ein Zertifikat in OpenSSLs eigener Form
        [putty] ein privater Schlüssel von PuTTY
        [minisign] ein Schlüssel von minisign oder signify
        [age] ein Schlüssel von age, das verschlüsselt und nicht signiert
        [age-secret] ein privater Schlüssel von age, das verschlüsselt und nicht signiert
        [fido] der Schlüssel eines FIDO-Sicherheitsschlüssels
        [jwks] ein JSON Web Key Set
        [empty] eine leere Datei
        [openssh-certificate] ein Zertifikat von OpenSSH
       *[hex] hexadezimal
    }
    .hint = { $form ->
        [openpgp] geben Sie seinen Schlüssel so an, wie `gpg --export-ssh-key` ihn ausgibt
        [cosign] geben Sie seinen öffentlichen an (`cosign public-key --key FILE`)
        [request] entnehmen Sie ihr den öffentlichen Schlüssel (`openssl req -in FILE -pubkey -noout`)
        [pkcs7] entnehmen Sie ihr die Zertifikate (`openssl pkcs7 -in FILE -print_certs`)
        [trusted] wandeln Sie es um (`openssl x509 -in FILE -out NEW`)
        [putty] geben Sie seinen öffentlichen an (`puttygen FILE -L` gibt ihn aus)
        [age] geben Sie den Schlüssel eines Signierers an
        [age-secret] geben Sie den öffentlichen Schlüssel eines Signierers an
        [jwks] geben Sie einen Schlüssel daraus als PEM an
        [empty] geben Sie den Schlüssel selbst an
        [openssh-certificate] geben Sie den Schlüssel an, für den es ist (id_….pub)
        [hex] geben Sie den Schlüssel in base64 an (`xxd -r -p FILE | base64`)
       *[other] Signaturen dieser Form werden hier nicht gelesen, geben Sie einen anderen Schlüssel an
    }
public-key-option = die Zeile sagt „{ $option }“, { $why ->
        [revoked] also darf der Schlüssel nicht benutzt werden; nichts wurde aufgenommen
        [authority] also ist er der Schlüssel einer Zertifizierungsstelle und keines Signierers; geben Sie den Schlüssel des Signierers selbst an
       *[limited] und das sagt der Schlüssel allein nicht; geben Sie ihn ohne diese Angabe an, und sagen Sie mit --valid-from und --valid-until, wie lange er gilt
    }
public-key-point = der öffentliche Ed25519-Schlüssel ist kein gültiger Punkt (RFC 8032, Abschnitt 5.1.3)
public-key-small-order = der öffentliche Ed25519-Schlüssel hat kleine Ordnung, also könnte jeder mit ihm signieren
public-key-rsa-size = der RSA-Schlüssel hat { $number } Bits; 2048 bis 4096 sind erlaubt

## RefusalError

refusal-field = „{ $text }“ der Verweigerung fehlt oder ist nicht, was es sein soll

## RefusalsFileError

refusals-file-form = keine Datei mit Verweigerungen
refusals-file-duplicate-key = der Schlüssel „{ $text }“ ist zweimal angegeben
refusals-file-version = die Version „{ $text }“ der Datei mit Verweigerungen ist hier nicht bekannt, nur „{ $version }“
refusals-file-too-large = { $size } Bytes sind mehr als die { $limit } MiB Verweigerungen, die gelesen werden
refusals-file-too-many = { $number } Verweigerungen sind mehr als die { $limit }, die gelesen werden

## SignatureFileError

signature-file-form = weder ein Signaturblock (sig_version) noch ein Umschlag (multisig_version)
signature-file-duplicate-key = der Schlüssel „{ $text }“ ist zweimal angegeben
signature-file-version = die Version „{ $text }“ der Signaturdatei ist hier nicht bekannt, nur „{ $version }“
signature-file-other-content = die Signaturen in der Datei gelten anderem Inhalt ({ $found }), nicht diesem ({ $wanted })
signature-file-too-large = { $size } Bytes sind mehr als die { $limit } MiB Signaturen, die gelesen werden
signature-file-unreadable = „{ $text }“ darin kann nicht gelesen werden und ginge verloren

## SignedByError

signed-by-algorithm = aufgeführt mit dem Algorithmus „{ $text }“, und das ist nicht der, den sie nennt
signed-by-key = ihr öffentlicher Schlüssel kann nicht gelesen werden: { $cause }
signed-by-shared = ein gemeinsamer Schlüssel hat sie gemacht, der keiner einzelnen Person gehört
signed-by-no-key = kein öffentlicher Schlüssel kommt mit ihr
signed-by-other-key = sie nennt einen anderen Schlüssel als den, der mit ihr kommt
signed-by-signature = sie ist nicht mit dem Schlüssel signiert, der mit ihr kommt: { $cause }

## StatementError

statement-payload-type = die Art des Inhalts ist „{ $text }“, nicht application/vnd.in-toto+json
statement-json = der Inhalt ist kein JSON
statement-not-canonical = der Inhalt ist nicht in kanonischer Form
statement-field = „{ $text }“ der Aussage fehlt oder ist nicht, was es sein soll
statement-predicate = es ist eine Aussage der Art „{ $text }“

## VerificationError

verification-not-base64 = die Signatur ist nicht base64
verification-malformed = die Signatur hat nicht die Form von { $algorithm }
verification-companion-only = ein Schlüssel für ml-dsa-65 erzeugt Begleitsignaturen und keine eigenen Signaturen
verification-wrong-key = der Schlüssel ist keiner für { $algorithm }
verification-salt-length = das Salt von RSA-PSS ist nicht 32 Bytes lang
    .hint = signieren Sie mit rsa_pss_saltlen:digest
verification-mismatch = die Signatur gehört nicht zu diesem Inhalt und diesem Schlüssel

## CompanionError

companion-form = die Begleitsignatur ist kein JSON-Objekt
companion-algorithm = eine Begleitsignatur mit dem Algorithmus „{ $text }“ wird von dieser Version nicht geprüft
    .hint = aktualisieren Sie Countersign
companion-field = die Begleitsignatur hat kein brauchbares „{ $text }“
companion-public-key = der öffentliche Schlüssel der Begleitsignatur ist nicht verwendbar: { $cause }
companion-other-key = der öffentliche Schlüssel der Begleitsignatur ist kein ML-DSA-65-Schlüssel

## TimeStampFormError

time-stamp-form-not-a-list = die Zeitstempel der Signatur sind keine Liste
time-stamp-form-form = der Zeitstempel ist kein JSON-Objekt
time-stamp-form-missing = der Zeitstempel hat keinen Text unter „{ $text }“
time-stamp-form-type = einen Zeitstempel der Art „{ $text }“ prüft diese Version nicht
    .hint = aktualisieren Sie Countersign
time-stamp-form-covers = der Zeitstempel gilt „{ $text }“, und das ist weder signature noch claim noch timestamps
    .hint = aktualisieren Sie Countersign
time-stamp-form-of = der Zeitstempel erneuert andere, ohne sie mit ihrem SHA-256 zu nennen
time-stamp-form-not-base64 = das Token des Zeitstempels ist nicht base64
time-stamp-form-too-large = das Token des Zeitstempels ist länger als { $limit } KiB
time-stamp-form-too-many = die Signatur hat mehr als { $limit } Zeitstempel; die übrigen werden nicht gelesen

## RunTimeStampFormError

run-time-stamp-form-too-large = der Zeitstempel des Laufs ist länger als { $limit } KiB
run-time-stamp-form-version = der Zeitstempel des Laufs hat die Version „{ $text }“
    .hint = aktualisieren Sie Countersign
run-time-stamp-form-missing = der Zeitstempel des Laufs hat keinen Text unter „{ $text }“
run-time-stamp-form-not-base64 = die Antwort im Zeitstempel des Laufs ist nicht base64
run-time-stamp-form-payload = der Zeitstempel des Laufs nennt nicht mit SHA-256, wem er gilt

## AuthorityBoundaryError

authority-boundary-too-large = die Befugnisgrenze ist länger als { $limit } KiB
authority-boundary-not-an-object = die Befugnisgrenze ist kein JSON-Objekt
authority-boundary-duplicate-key = die Befugnisgrenze hat den Schlüssel „{ $text }“ zweimal
    .hint = verlangen Sie eine, in der jeder Schlüssel nur einmal vorkommt

## BoundarySchemaError

boundary-schema-missing = „{ $path }“ fehlt
boundary-schema-unknown = „{ $path }“ ist in Version 1.0 nicht bekannt
boundary-schema-value = „{ $path }“ ist { $shape ->
        [text] kein Text
        [text-or-null] weder Text noch null
        [known] kein bekannter Wert
        [id] keine ID in ihrer Form
        [hash] nicht „sha256:“ und 64 Hexziffern
        [time] keine Zeit
        [time-or-null] weder Zeit noch null
        [flag] weder true noch false
        [count] keine ganze Zahl ab 1
        [whole-or-null] weder ganze Zahl noch null
        [list] keine Liste
       *[object] kein Objekt
    }

## AttestationError

attestation-malformed = die Attestierung ist beschädigt: { $words }
    .hint = holen Sie sie neu vom Gerät
attestation-not-verified = eine Attestierung der Art „{ $text }“ prüft diese Version nicht
    .hint = aktualisieren Sie Countersign
attestation-other-key = die Attestierung gilt einem anderen Schlüssel als dem, der signiert hat
attestation-wrong-slot = die Attestierung nennt Slot „{ $claimed }“, und ihr Zertifikat gilt Slot { $certified }
attestation-broken-chain = die Kette der Attestierung ist unterbrochen: { $subject } { $problem }
attestation-forged = die Attestierung ist gefälscht oder beschädigt: { $subject } ist nicht mit dem Schlüssel von { $issuer } signiert, der mitkam
attestation-not-processed = hier nicht zu beurteilen: { $subject } { $problem }
attestation-slot-as-issuer = { $subject } ist das Zertifikat eines Schlüssels in einem Slot, nicht von Slot f9; ein Schlüssel in einem Slot signiert alles, also beweist nichts, was er bescheinigt
attestation-not-device = falsches Gerätezertifikat: { $subject } ist nicht „CN=Yubico PIV Attestation“, also hat Yubico es nicht für Slot f9 ausgestellt
attestation-signature = die Kette der Attestierung ist unterbrochen: { $subject } ist nicht von { $issuer } signiert ({ $problem })
attestation-not-yet-valid = { $subject } gilt erst ab { $from }, und der Schlüssel wurde benutzt am { $at }
attestation-expired = { $subject } lief ab am { $until }, und der Schlüssel wurde benutzt am { $at }
attestation-unknown-root = unbekanntes Wurzelzertifikat: Die Attestierung führt zu { $issuer }, und das ist nicht im Vertrauensordner{ $yubico ->
        [yes] {""}
       *[no] {" "}und nicht von Yubico: Der Attestierungsschlüssel in Slot f9 kann ersetzt worden sein
    }
    .hint = fügen Sie sein Zertifikat hinzu, wenn Sie ihm vertrauen
attestation-key-replaced = Attestierungsschlüssel ersetzt: Slot f9 enthält { $subject }, von sich selbst signiert und nicht vom Hersteller
    .hint = vertrauen Sie ihm als Wurzelzertifikat, wenn es Ihr eigenes ist
attestation-issuer-kind = falscher Aussteller: { $issuer } bescheinigt keine PIV-Geräte, das tut nur „Yubico PIV Attestation …“

## Was an einer Attestierung oder einem Zertifikat nicht stimmt

attestation-field = { $field }: { $why }
attestation-no-certificate = „{ $which }“ ist kein Zertifikat ({ $why })
attestation-in-certificate = „{ $which }“: { $why }
hsm-missing = die Erweiterung { $id } fehlt
hsm-extension = die Erweiterung { $id } kann nicht gelesen werden ({ $why })
hsm-bits = die Erweiterung { $id } ist keine Bitfolge aus ganzen Bytes, höchstens acht
marvell-gzip = sie kann nicht entpackt werden ({ $error })
marvell-long = sie hat entpackt mehr als { $most } Bytes
marvell-behind = hinter ihrem gepackten Teil steht noch etwas
marvell-short = sie endet zu früh
marvell-code = das HSM hat einen Fehler gemeldet statt einer Aussage
marvell-sizes = ihre Größen passen nicht zusammen; Aussagen von Firmware vor 3 haben eine andere Form und werden nicht geprüft
marvell-class = sie handelt nicht von einem privaten Schlüssel, mit oder ohne seinen öffentlichen
marvell-twice = das Attribut { $id } ist zweimal da
attestation-no-slot = sein Inhaber { $subject } nennt keinen Slot eines YubiKeys
attestation-no-firmware = die Firmware fehlt
attestation-firmware-bytes = die Firmware ist nicht drei Bytes lang
attestation-serial = die Seriennummer ist keine DER-Ganzzahl
attestation-no-policy = die Regel für PIN und Berührung fehlt
attestation-policy-bytes = die Regel für PIN und Berührung ist nicht zwei Bytes lang
attestation-form-byte = die Bauform ist nicht ein Byte lang
cert-issuer-named = wurde ausgestellt von { $named }, und das Zertifikat, das mitkommt, ist das von { $issuer }
cert-other-issuer = wurde ausgestellt von { $named }, und Slot f9 enthält { $issuer }
cert-no-authority = sagt nicht, dass es andere ausstellen darf
cert-damaged-constraints = hat beschädigte basicConstraints
cert-damaged-usage = hat eine beschädigte keyUsage
cert-no-ca = ist nicht das einer Zertifizierungsstelle
cert-not-signing = ist nicht zum Signieren: Es gehört einer Stelle, ist für andere Zwecke, oder eine keyUsage erlaubt es nicht
cert-no-signing = darf keine Zertifikate signieren (keyUsage)
cert-extension-unread = hat eine Erweiterung, die nicht gelesen werden kann ({ $id })
cert-extension-twice = eine Erweiterung ist zweimal angegeben
cert-date = das Datum { $text }
cert-critical = hat eine kritische Erweiterung, die nicht verarbeitet wird ({ $id })
cert-critical-purposes = hat eine kritische erweiterte Schlüsselverwendung
cert-other-purpose = ist nicht für { $purpose } (erweiterte Schlüsselverwendung)
cert-not-for-documents = ist nicht zum Signieren von Dokumenten bestimmt (extended key usage)
cert-path-length = erlaubt { $most } Stellen darunter (Pfadlänge), und es sind { $below }
cert-mail = hat eine E-Mail-Adresse in einer Form, die hier nicht verglichen wird
cert-names = beschränkt Namen einer Form, die hier nicht verglichen wird
cert-other-name = hat einen Namen, für den { $issuer } nicht ausstellen darf
cert-no-policy = hat keine Richtlinie, die die Zertifikate darüber erlauben, und sie verlangen eine
cert-qualifier = hat eine kritische Richtlinie mit einem unbekannten Zusatz ({ $id })
cert-maps-any = bildet jede Richtlinie auf eine andere ab
cert-two-algorithms = es nennt zwei Algorithmen für seine Signatur
cert-issuer-key = der Schlüssel des Ausstellers ist von einer Art oder Größe, die nicht anerkannt wird
cert-algorithm = Signaturen mit { $algorithm } und diesem Schlüssel werden nicht anerkannt
cert-not-signed-by = ist nicht von { $issuer } signiert ({ $problem })
tpm-signature = die Signatur des TPM
tpm-hash = ist mit { $hash }, und das wird nicht anerkannt
tpm-other-kind = ist { $algorithm }, und der Attestierungsschlüssel ist von anderer Art
tpm-key-kind = hat eine andere Art Schlüssel als ECC P-256, P-384 und RSA 2048 bis 4096
tpm-name-hash = hat einen Namen mit { $hash }, und das wird nicht anerkannt
cloud-level = seine Schutzstufe ist { $level }
cloud-imported = er wurde hineingebracht ({ $job })
cloud-origin = seine Herkunft ist { $origin }
cloud-call = { $method } von { $source }
cloud-digest-by = er erhielt einen Digest mit { $hash }
cloud-failed-status = er scheiterte mit Status { $code }
cloud-failed = er scheiterte mit { $error }
cloud-not-authorised = er war nicht erlaubt
cloud-message-type = sein messageType ist { $kind }
cloud-dry-run = er war ein Probelauf
token-not-signed = es sind keine signierten Daten
token-no-info = sein Inhalt ist keine TSTInfo
token-version = Version { $version }
token-critical = eine kritische Erweiterung ({ $id })
token-time = seine Zeit ist nicht geschrieben, wie RFC 3161 es verlangt
token-key = ein Schlüssel von einer Art oder Größe, die nicht anerkannt wird
token-algorithm = { $algorithm } mit { $digest }

## CertificateError

certificate-pem = kein PEM ({ $text })
    .hint = geben Sie Zertifikate zwischen BEGIN CERTIFICATE und END CERTIFICATE an
certificate-none = es enthält kein Zertifikat
    .hint = geben Sie Zertifikate zwischen BEGIN CERTIFICATE und END CERTIFICATE an
certificate-der = ein Zertifikat darin ist beschädigt ({ $words })
    .hint = holen Sie es neu von seiner Quelle

## SignatureProblem

signature-problem-wrong = seine Signatur gehört nicht zum Schlüssel seines Ausstellers
signature-problem-not-accepted = { $words }

## CloudProblem

cloud-problem-provider = Nachweise des Anbieters „{ $text }“ prüft diese Version nicht, nur aws und gcp
cloud-problem-missing = darin fehlt { $text }
    .hint = holen Sie ihn neu vom Dienst
cloud-problem-not-hardware = { $service } hält den Schlüssel nicht in eigener Hardware: { $what }
cloud-problem-not-signing = dieser Schlüssel signiert nicht: { $field } ist „{ $value }“
cloud-problem-other-kind = der Schlüssel ist von der Art „{ $text }“, und der signiert hat, ist es nicht
cloud-problem-other-name = { $part } gilt einem anderen Schlüssel: „{ $found }“ und nicht „{ $key }“
cloud-problem-other-call = der Eintrag des Protokolls gehört zu keinem Aufruf, der signiert hat: { $words }
cloud-problem-other-algorithm = er gehört zu einer Signatur mit { $found }, und diese ist mit { $made }
cloud-problem-other-message = der Eintrag des Protokolls gehört zu einem Aufruf, der { $given ->
        [message] eine Nachricht (RAW)
       *[digest] einen Digest (DIGEST)
    } erhielt, und die Signatur gilt { $payload }
cloud-problem-other-value = { $field } in { $part } ist „{ $found }“ und nicht „{ $wanted }“
cloud-problem-no-event = audit_event enthält keinen Eintrag eines Protokolls
    .hint = geben Sie den Eintrag des Aufrufs an, der signiert hat
cloud-problem-none-fits = keiner der { $all } Einträge des Protokolls passt zu dieser Signatur (der letzte: { $last })
cloud-problem-several-fit = { $several } Einträge des Protokolls passen zu dieser Signatur ({ $names })
    .hint = geben Sie nur den ihres Aufrufs an
cloud-problem-other-digest = der Eintrag des Protokolls gilt einem anderen Digest als dem signierten
cloud-problem-other-time = der Eintrag des Protokolls ist von { $event }, die Signatur von { $signature }

## HsmProblem

hsm-problem-not-generated = laut dem YubiHSM wurde der Schlüssel { $wrapped ->
        [yes] verpackt hineingebracht (Herkunft { $origin }): Es gibt Kopien oder kann sie geben
       *[no] nicht darin erzeugt (Herkunft { $origin }): Es kann Kopien geben
    }
    .hint = erzeugen Sie einen neuen Schlüssel im Gerät
hsm-problem-exportable = der Schlüssel darf den YubiHSM verpackt verlassen (Fähigkeit exportable-under-wrap)
    .hint = erzeugen Sie einen neuen Schlüssel ohne diese Fähigkeit
hsm-problem-other-device = die Attestierung ist von einem anderen YubiHSM, als sie nennt: { $subject } hat eine andere Seriennummer
hsm-problem-key-as-issuer = { $subject } ist das Zertifikat eines Schlüssels in einem YubiHSM, nicht das des Geräts; solch ein Schlüssel signiert alles, also beweist nichts, was er bescheinigt
hsm-problem-not-device = falsches Gerätezertifikat: Yubico hat { $subject } nicht für diesen YubiHSM ausgestellt („CN=YubiHSM Attestation (SERIENNUMMER)“)
hsm-problem-unknown-root = unbekanntes Wurzelzertifikat: Die Attestierung führt zu { $issuer }, und das ist nicht im Vertrauensordner
    .hint = fügen Sie Yubicos Wurzelzertifikat des YubiHSM und das Zertifikat seiner Sub-CA hinzu, wenn Sie ihnen vertrauen

## MarvellProblem

marvell-problem-signature = keine Partition eines HSM, deren Zertifikat mit der Aussage kommt, hat sie signiert
marvell-problem-not-generated = das HSM sagt nicht, dass der Schlüssel darin erzeugt wurde (OBJ_ATTR_LOCAL ist nicht gesetzt): Es kann Kopien geben
    .hint = lassen Sie das HSM einen neuen Schlüssel erzeugen
marvell-problem-loose = der Schlüssel darf das HSM verlassen oder durfte es einmal (laut { $text })
    .hint = lassen Sie das HSM einen neuen Schlüssel erzeugen
marvell-problem-not-signing = dieser Schlüssel signiert nicht (OBJ_ATTR_SIGN ist nicht gesetzt)
marvell-problem-no-chain = mit der Aussage kommt kein Zertifikat der Partition des HSM, das { $text ->
        [maker] der Hersteller
       *[owner] der Eigentümer
    } ausgestellt hat
    .hint = geben Sie alle Zertifikate von „gcloud kms keys versions get-certificate-chain“ an
marvell-problem-same-root = die Zertifikate von Hersteller und Eigentümer führen zu einem Wurzelzertifikat, und jeder muss sein eigenes haben
marvell-problem-unknown-roots = unbekanntes Wurzelzertifikat: Die Aussage führt zu { $issuer }{ $other ->
        [none] {""}
       *[other] {" "}und zu { $other }
    }, nicht im Vertrauensordner; die Wurzelzertifikate von Hersteller und Eigentümer müssen beide dort sein
    .hint = fügen Sie Marvells und Googles Wurzelzertifikat hinzu, wenn Sie ihnen vertrauen

## TpmProblem

tpm-problem-not-generated = was bescheinigt wurde, beginnt nicht mit TPM_GENERATED_VALUE: Kein TPM hat es erzeugt
    .hint = holen Sie es neu vom TPM
tpm-problem-other-type = die Aussage des TPM ist von der Art { $text } und nicht TPM_ST_ATTEST_CERTIFY
    .hint = benutzen Sie tpm2_certify
tpm-problem-signature = die Signatur des Attestierungsschlüssels gehört nicht zur Aussage des TPM
tpm-problem-other-name = das TPM hat ein anderes Objekt bescheinigt als die öffentlichen Angaben, die mitkamen
tpm-problem-not-restricted = der Attestierungsschlüssel ist kein eingeschränkter Signierschlüssel: Er signiert, was man ihm gibt, also beweisen seine Aussagen nichts
    .hint = erzeugen Sie einen mit tpm2_createak
tpm-problem-loose-attestation-key = der Attestierungsschlüssel ist nicht an ein TPM gebunden ({ $text } ist nicht gesetzt)
    .hint = erzeugen Sie einen mit tpm2_createak
tpm-problem-imported = der Schlüssel wurde in das TPM gebracht, nicht dort erzeugt (sensitiveDataOrigin ist nicht gesetzt): Es kann Kopien geben
tpm-problem-loose = der Schlüssel kann das TPM verlassen ({ $text } ist nicht gesetzt)
tpm-problem-not-signing = dieser Schlüssel signiert nicht (sign ist nicht gesetzt)
tpm-problem-other-area = die öffentlichen Angaben des Attestierungsschlüssels sind nicht die, denen vertraut wird: Attribute oder Richtlinie weichen ab
tpm-problem-other-certificate = das Zertifikat gilt einem anderen Attestierungsschlüssel als dem, der signiert hat
tpm-problem-certificate-kind = das Zertifikat des Attestierungsschlüssels, { $text }, ist keines für ihn: Es braucht die erweiterte Schlüsselverwendung 2.23.133.8.3, darf keiner Stelle gehören, und keyUsage muss digitalSignature erlauben
tpm-problem-other-endorsement = das Zertifikat { $text } ist nicht das des Endorsement-Schlüssels
    .hint = geben Sie das zugehörige an (tpm2_getekcertificate)
tpm-problem-endorsement-kind = das Zertifikat { $text } ist nicht für einen Endorsement-Schlüssel: Es braucht die erweiterte Schlüsselverwendung 2.23.133.8.1, darf keiner Stelle gehören, und eine keyUsage muss keyEncipherment oder keyAgreement erlauben
tpm-problem-not-endorsing = der Endorsement-Schlüssel ist kein eingeschränkter Schlüssel zum Entschlüsseln mit AES: Er bindet keinen anderen Schlüssel an sein TPM
    .hint = nehmen Sie den von tpm2_createek
tpm-problem-not-activated = das TPM hat das Geheimnis nicht zurückgegeben: Es hat nicht beide Schlüssel
tpm-problem-unknown-endorsement = unbekanntes Wurzelzertifikat: Das Zertifikat des Endorsement-Schlüssels führt zu { $issuer }, und das ist nicht im Vertrauensordner
    .hint = fügen Sie das Wurzelzertifikat des TPM-Herstellers hinzu, und was dazwischen steht, wenn Sie ihnen vertrauen
tpm-problem-unknown-attestation-key = unbekannter Attestierungsschlüssel: Der Schlüssel des TPM mit SHA-256 { $sha256 } ist nicht im Vertrauensordner{ $issuer ->
        [none] {""}
       *[other] , und auch kein Wurzelzertifikat über { $issuer }
    }
    .hint = fügen Sie seinen öffentlichen Schlüssel hinzu, wenn Sie wissen, dass er von Ihrem TPM ist

## KeyringError

keyring-form = kein Schlüsselbund: { $cause }
keyring-version = die Schlüsselbund-Version „{ $text }“ ist hier nicht bekannt, nur „{ $version }“
    .hint = aktualisieren Sie Countersign
keyring-public-key = Schlüssel „{ $key_id }“: { $error }
keyring-key-type = Schlüssel „{ $text }“: key_type und public_key passen nicht zusammen
keyring-duplicate-id = der Schlüsselbund hat schon einen Schlüssel „{ $text }“
    .hint = wählen Sie eine andere ID, oder sperren Sie erst diesen
keyring-duplicate-key = dieser öffentliche Schlüssel steht schon im Schlüsselbund, als „{ $text }“: Ein Schlüssel gehört einer Person
keyring-no-such-key = der Schlüsselbund hat keinen Schlüssel „{ $text }“
    .hint = prüfen Sie seine ID in der Liste der Schlüssel
keyring-set-aside = Schlüssel „{ $text }“ gehört im Regelwerk einem Protokoll oder Zeugen und signiert sonst nichts
    .hint = erzeugen Sie für die Person einen eigenen Schlüssel
keyring-revoked-already = Schlüssel „{ $key_id }“ ist schon gesperrt, seit { $since }
keyring-certificates = Schlüssel „{ $key_id }“: { $error }
keyring-shared-key = der Schlüssel „{ $text }“ ist ein gemeinsamer Schlüssel, und die haben keine Zertifikate
keyring-no-certificates = der Schlüssel „{ $text }“ hat kein Zertifikat
    .hint = prüfen Sie seine Kennung in der Liste der Schlüssel
keyring-not-compromised = nur bei einem kompromittierten Schlüssel ist bekannt, seit wann er es ist
    .hint = wählen Sie key_compromise als Grund, oder lassen Sie die Zeit weg
keyring-compromised-later = der Schlüssel kann nicht erst ab { $since } kompromittiert sein, da er ab { $at } gesperrt ist
    .hint = geben Sie eine frühere Zeit an

## TimeStampError

time-stamp-too-large = der Zeitstempel ist länger als { $limit } KiB
time-stamp-malformed = der Zeitstempel kann nicht gelesen werden: { $words }
    .hint = holen Sie ihn neu vom Zeitstempeldienst
time-stamp-nothing-covered = der Zeitstempel gilt einem Claim, und die Signatur hat keinen
time-stamp-claim-broken = der Zeitstempel gilt einem Claim, der seiner Signatur widerspricht
time-stamp-other-imprint = der Zeitstempel gilt etwas anderem als dieser Signatur
time-stamp-imprint-algorithm = der Zeitstempel ist mit { $text }, und nur SHA-256 wird anerkannt
    .hint = fordern Sie einen Zeitstempel mit SHA-256 an
time-stamp-other-nonce = der Zeitstempel beantwortet eine andere Anfrage (seine Nonce weicht ab)
    .hint = holen Sie eine Antwort auf diese Anfrage
time-stamp-other-policy = der Zeitstempel entstand nach der Richtlinie { $found }, und angefordert war { $wanted }
time-stamp-not-processed = der Zeitstempel enthält etwas, das hier nicht verarbeitet wird: { $words }
time-stamp-signers = der Zeitstempel hat { $number } Unterzeichner, und er muss einen haben
time-stamp-attribute = das signierte Attribut { $text } des Zeitstempels fehlt, steht zweimal da oder ist beschädigt
time-stamp-altered = der Zeitstempel wurde verändert: Sein Inhalt ist nicht, was der Zeitstempeldienst signiert hat
time-stamp-no-certificate = das Zertifikat des Zeitstempeldienstes kam nicht mit dem Zeitstempel
    .hint = fordern Sie es an (certReq)
time-stamp-signature = der Zeitstempel ist nicht mit dem Schlüssel von { $authority } signiert
time-stamp-algorithm = der Zeitstempel ist auf eine Weise signiert, die nicht anerkannt wird: { $words }
time-stamp-other-certificate = der Zeitstempel nennt andere Zertifikate als { $authority } und dessen Aussteller (ESSCertID)
time-stamp-purpose = { $authority } ist kein Zeitstempeldienst: { $problem ->
        [no-purpose] es hat keine erweiterte Schlüsselverwendung
        [not-alone] seine erweiterte Schlüsselverwendung ist nicht timeStamping allein
        [not-critical] seine erweiterte Schlüsselverwendung ist nicht kritisch
        [other-usage] seine Schlüsselverwendung erlaubt anderes als Signaturen
       *[issues] es darf Zertifikate ausstellen
    }
time-stamp-chain = die Zertifikate des Zeitstempels bilden keine Kette: { $subject } { $problem }
time-stamp-not-yet-valid = { $subject } gilt erst ab { $from }, und der Zeitstempel sagt { $at }
time-stamp-expired = { $subject } lief ab am { $until }, und der Zeitstempel sagt { $at }
time-stamp-unknown-authority = unbekannter Zeitstempeldienst: { $authority } sagt { $at }, und seinem Aussteller { $issuer } wird hier nicht vertraut, also beweist das nichts
    .hint = vertrauen Sie seinem Wurzelzertifikat, wenn Sie es kennen
time-stamp-no-such-token = der Zeitstempel erneuert einen anderen, der nicht bei der Signatur ist
time-stamp-renews-invalid = der Zeitstempel erneuert einen anderen, der nicht gilt
time-stamp-renews-too-late = die Erneuerung sagt { $at }, und was sie erneuert, galt nur bis { $until }
time-stamp-renews-younger = die Erneuerung sagt { $at }, und was sie erneuert, ist jünger: { $renewed }

## TimeRequestError

time-request-too-large = die Anfrage ist länger als { $limit } KiB
time-request-malformed = keine Zeitstempelanfrage: { $text }
time-request-imprint = die Anfrage ist nicht für ein SHA-256

## TimeResponseError

time-response-too-large = die Antwort ist länger als { $limit } KiB
time-response-malformed = keine Zeitstempelantwort: { $text }
    .hint = holen Sie sie neu vom Zeitstempeldienst
time-response-refused = der Zeitstempeldienst hat abgelehnt ({ $status }){ $reason ->
        [none] {""}
       *[other] : { $reason }
    }
time-response-no-token = der Zeitstempeldienst hat zugestimmt, und seine Antwort enthält keinen Zeitstempel
    .hint = holen Sie sie neu vom Zeitstempeldienst

## RunTimeError

run-time-other-run = er gilt etwas anderem als der kanonischen Form dieses Laufs
run-time-before-run = der Zeitstempeldienst sah den Lauf am { $seen }, und der Lauf sagt, er entstand am { $created }
    .hint = finden Sie heraus, wessen Uhr falsch geht

## Eine Regel zu attestierten Tatsachen

attested-rule-form = { $rule } ist keine Regel; schreiben Sie [ROLLE:]TATSACHE=WERT, etwa firmware=5.7 oder witness:touch=always,cached (Tatsachen: { $facts })
attested-rule-role = { $role } ist keine Rolle; eine Regel betrifft { $roles }, oder ohne Rolle alle
attested-rule-fact = { $fact } ist keine Tatsache einer Attestierung; es gibt { $facts }
attested-rule-value = { $fact } kann nicht als { $value } verlangt werden; es gibt { $values }
attested-rule-firmware = { $value } ist keine Firmware; schreiben Sie bis zu drei Zahlen unter 256 mit Punkten dazwischen, etwa 5.7

## VersionFault

keyring-version-form = Eintrag { $position } des signierten Schlüsselbunds ist kein Schlüssel
keyring-version-unknown = dieses Programm kennt „{ $name }“ des Schlüssels „{ $key_id }“ nicht, und was es bedeutet, bliebe unbeachtet
    .hint = verwenden Sie eine neuere Version des Programms
keyring-version-keyring = die Schlüssel des signierten Schlüsselbunds passen nicht zusammen: { $cause }
keyring-version-rule = die Regel „{ $name }“ des signierten Schlüsselbunds fehlt, ist nicht bekannt oder verlangt weniger als jede Station
keyring-version-no-such-administrator = der Schlüssel „{ $key_id }“ eines Verwalters ist nicht unter den Schlüsseln
    .hint = nennen Sie einen Schlüssel des Schlüsselbunds
keyring-version-administrator-key = „{ $key_id }“ kann nicht der Schlüssel eines Verwalters sein: er ist gemeinsam, macht nur Begleitsignaturen oder ist widerrufen
keyring-version-log-policy = das Regelwerk der Protokolle ist keines: { $cause }
    .hint = berichtigen Sie es; was darin stehen darf, sagt c2sp.org/tlog-policy
keyring-version-look-alike = zwei Verwalter haben Namen, die gleich aussehen: „{ $one }“ und „{ $other }“
    .hint = geben Sie einem von ihnen einen anderen Namen, damit nicht eine Person für zwei gilt
keyring-version-threshold = { $threshold } ist keine Schwelle für { $people ->
        [one] eine Person
       *[other] { $people } Personen
    }: sie muss mehr als die Hälfte von ihnen sein und höchstens alle
    .hint = zwei Schlüssel einer Person zählen einmal

## KeyringRefusal

keyring-refusal-other-digest = das ist nicht die bestätigte Version: ihr Digest ist { $found }, und bestätigt wurde { $confirmed }
    .hint = fragen Sie einen Verwalter nach dem Digest, auf einem anderen Weg als dem der Datei
keyring-refusal-rollback = Rückschritt: Version { $offered } ist älter als das, was diese Station kennt, nämlich Version { $adopted }
    .hint = bitten Sie um die neueste Version
keyring-refusal-fork = Verzweigung: das ist eine andere Version { $version } als die übernommene; übernommen wurde { $ours }, diese ist { $theirs }
    .hint = vergleichen Sie beide Digests mit den Verwaltern: jemand hat zwei verschiedene Schlüsselbunde signiert
keyring-refusal-skipped = Version { $offered } folgt nicht auf Version { $adopted }: eine Version dazwischen fehlt
    .hint = übernehmen Sie die Versionen der Reihe nach oder alle zusammen
keyring-refusal-previous = Version { $version } folgt auf einen anderen Schlüsselbund: sie nennt { $says }, und diese Station hat { $ours }
keyring-refusal-not-yet = sie ist nach eigener Angabe vom { $issued }, und das steht noch bevor
    .hint = prüfen Sie die Uhr dieser Station
keyring-refusal-earlier = sie ist nach eigener Angabe vom { $issued }, vor der Version, auf die sie folgt ({ $before })
keyring-refusal-key-removed = der Schlüssel „{ $key_id }“ fehlt; Schlüssel enden, werden aber nie entfernt
    .hint = behalten Sie ihn, und widerrufen Sie ihn
keyring-refusal-key-changed = „{ $key_id }“ ist ein anderer Schlüssel oder der einer anderen Person als vorher
    .hint = geben Sie dem neuen Schlüssel eine eigene Kennung
keyring-refusal-revived = der Schlüssel „{ $key_id }“ war widerrufen und wäre es nicht mehr oder weniger als vorher
keyring-refusal-too-few-before = Version { $version } ist von { $people ->
        [0] niemandem
        [one] einer Person
       *[other] { $people } Personen
    } der Verwalter vor ihr signiert, und { $threshold } sind nötig
    .hint = bitten Sie um die übrigen Signaturen, und übernehmen Sie alle Kopien zusammen
keyring-refusal-too-few-own = Version { $version } ist von { $people ->
        [0] niemandem
        [one] einer Person
       *[other] { $people } Personen
    } ihrer eigenen Verwalter signiert, und { $threshold } sind nötig
    .hint = bitten Sie um die übrigen Signaturen, und übernehmen Sie alle Kopien zusammen

## RevocationRefusal

revocation-refusal-other-keyring = der Widerruf gilt einer Version { $version }, die diese Station nicht übernommen hat
revocation-refusal-no-such-key = der Schlüsselbund, dem der Widerruf gilt, hat den Schlüssel „{ $key_id }“ nicht
revocation-refusal-administrator = „{ $key_id }“ ist der Schlüssel eines Verwalters, und nur die nächste Version des Schlüsselbunds kann ihn beenden
revocation-refusal-not-by-administrator = kein Verwalter hat den Widerruf von „{ $key_id }“ signiert
revocation-refusal-backdated = der Widerruf ist vom { $revoked }, vor dem Schlüsselbund, dem er gilt ({ $issued })
revocation-refusal-not-yet = der Widerruf ist vom { $revoked }, und das steht noch bevor
    .hint = prüfen Sie die Uhr dieser Station
revocation-refusal-code = die Art des Grundes „{ $text }“ ist nicht bekannt

## CeremonyError

ceremony-out-of-turn = der Vorgang ist { $stage ->
        [reading] beim Lesen
        [choosing] bei der Wahl des Schlüssels
        [secret_needed] bei der Eingabe des Geheimnisses
        [touch_needed] bei der Berührung
        [touch_missed] bei einer verpassten Berührung
        [signing] beim Signieren
        [verifying] beim Prüfen der Signaturen
        [writing] beim Schreiben
        [done] fertig
       *[refused] beendet
    } und kann { $step ->
        [go-on] vom Lesen nicht weitergehen
        [take-key] keinen Schlüssel annehmen
        [take-secret] kein Geheimnis annehmen
        [go-back] nicht zurückgehen
        [choose-again] nicht zur Wahl zurückgehen
       *[sign] nicht signieren
    }; nichts wurde signiert
ceremony-last-try = { $text ->
        [passphrase] für die Passphrase
       *[other] für die { $text }
    } ist nur noch 1 Versuch übrig, und ein falscher sperrt sie; es wurde nichts versucht
    .hint = bestätigen Sie, dass Sie ihn verwenden wollen

## SigningError

signing-not-an-artifact = { $path }: { $error }; nichts wurde signiert
    .hint = der Lauf muss neu versiegelt werden
signing-duplicate-key = { $path }: Der Name „{ $key }“ steht zweimal da, also können zwei Leser zwei Inhalte sehen; nichts wurde signiert
    .hint = der Lauf muss neu versiegelt werden
signing-not-admissible = { $path }: auf L0 nicht zulässig: { $why } Nichts wurde signiert
    .hint = der Lauf muss neu versiegelt werden
signing-commit-hash = { $path }: Der Commit-Hash ist nicht der seines Hash-Umfangs; nichts wurde signiert
    .hint = der Lauf muss neu versiegelt werden
signing-other-manifest = { $path }: Das Manifest gehört nicht zu { $run }: { $why } Nichts wurde signiert
    .hint = legen Sie das Manifest dorthin, das mit dem Lauf versiegelt wurde
signing-file-name = { $path }: { $why } Nichts wurde signiert
    .hint = geben Sie der Datei ihren eigenen Namen zurück
signing-clock-behind = { $path }: Der Lauf entstand am { $created }, und die Uhr dieser Station zeigt { $now }; eine Signatur, die vor ihrem Lauf datiert ist, zählt nicht. Nichts wurde signiert
    .hint = stellen Sie die Uhr
signing-no-time = { $path }: Der Lauf sagt nicht in einer lesbaren Form, wann er entstand, also lässt sich keine Signatur darauf datieren; nichts wurde signiert
    .hint = der Lauf muss neu versiegelt werden
signing-existing = { $path }: { $error }; nichts wurde signiert
    .hint = { $markers ->
        [yes] { $remedy }
       *[no] legen Sie die Datei beiseite, wenn Sie sie nicht wollen
    }
signing-same-key = { $path }: mit diesem Schlüssel schon signiert, als „{ $signer }“ ({ $role ->
        [operator] Operator
        [witness] Zeuge
        [reviewer] Prüfer
        [auditor] Auditor
       *[other] ohne Rolle
    }); eine zweite Signatur würde nicht zählen, nichts wurde geändert
signing-same-signer = { $path }: „{ $signer }“ hat schon signiert, mit einem anderen Schlüssel; nichts wurde geändert
    .hint = jemand anders muss mitsignieren
signing-reason = der Grund hat { $number } Zeichen; er muss 1 bis { $limit } haben; nichts wurde signiert
signing-shared-refusal = ein gemeinsamer Schlüssel gehört keiner einzelnen Person, also würde eine Verweigerung mit ihm nichts hindern; nichts wurde signiert
    .hint = verweigern Sie mit einem eigenen Schlüssel
signing-shared-finding = ein gemeinsamer Schlüssel gehört keiner einzelnen Person, also würde ein Befund mit ihm niemandem gehören; nichts wurde signiert
    .hint = signieren Sie ihn mit einem eigenen Schlüssel
signing-finding-too-long = der Befund wäre länger als alles, was gelesen wird; nichts wurde signiert
    .hint = kürzen Sie die Notizen
signing-shared-release = ein gemeinsamer Schlüssel gehört keiner einzelnen Person, also würde mit ihm niemand für eine Freigabe bürgen; nichts wurde signiert
    .hint = signieren Sie sie mit einem eigenen Schlüssel
signing-release-form = dieser Schlüssel signiert nur Digests, und eine Freigabe muss mit jedem Programm prüfbar sein; nichts wurde signiert
    .hint = signieren Sie sie mit einem anderen Schlüssel
signing-not-a-release = { $path }: { $error }
signing-release-signed = { $path }: „{ $signer }“ hat diese Freigabe schon signiert; nichts wurde signiert
    .hint = eine Freigabe braucht die Signaturen von zwei Personen
signing-not-a-signed-keyring = { $path }: { $error }
signing-not-an-administrator = { $path }: „{ $key_id }“ ist kein Schlüssel eines Verwalters, seine Signatur würde also nicht zählen; nichts wurde signiert
    .hint = signieren Sie mit dem Schlüssel eines Verwalters
signing-keyring-signed = { $path }: der Schlüssel „{ $key_id }“ hat dies schon signiert; nichts wurde signiert
    .hint = bitten Sie einen anderen Verwalter
signing-keyring-form = dieser Schlüssel signiert nur Digests, und ein signierter Schlüsselbund muss mit jedem Programm prüfbar sein; nichts wurde signiert
    .hint = signieren Sie ihn mit einem anderen Schlüssel
signing-nothing-to-withdraw = { $path }: „{ $signer }“ hat hier keine Signatur, die zählt; nichts wurde signiert
    .hint = verweigern Sie die Signatur, um dem Lauf zu widersprechen
signing-refusals = { $path }: Die Verweigerungen neben dem Lauf sind nicht lesbar: { $error }; nichts wurde signiert
    .hint = stellen Sie die Datei aus einer Kopie wieder her, oder legen Sie sie beiseite
signing-not-accepted = der Schlüssel „{ $key_id }“ kann nicht als „{ $signer }“, { $role ->
        [operator] Operator
        [witness] Zeuge
        [reviewer] Prüfer
        [auditor] Auditor
       *[other] { $role }
    }, signieren: { $why }; nichts wurde signiert
signing-evidence = { $path }: Der Nachweis gehört nicht zu dieser Signatur: { $why }; nichts wurde geschrieben
signing-companion-only = ein Schlüssel für ml-dsa-65 erzeugt Begleitsignaturen und keine eigenen Signaturen; es wurde nichts signiert
    .hint = wählen Sie zum Signieren einen anderen Schlüssel und diesen als Begleitschlüssel
signing-companion-needs-claim = eine Begleitsignatur braucht einen Claim, der ihren Schlüssel nennt; es wurde nichts signiert
    .hint = signieren Sie mit Claim oder ohne Begleitsignatur
signing-shared-companion = ein gemeinsamer Schlüssel hat keine Begleitsignatur, da er keiner Person allein gehört; es wurde nichts signiert
    .hint = signieren Sie mit einem eigenen Schlüssel
signing-companion-not-accepted = der Schlüssel „{ $key_id }“ kann keine Begleitsignaturen von „{ $signer }“ erzeugen: { $why }; es wurde nichts signiert
signing-no-form = der Signierer signiert keine Form der Nutzdaten; nichts wurde signiert
    .hint = wählen Sie einen anderen Schlüssel
signing-claim-too-long = { $path }: Der Claim wäre länger als { $limit } KiB, weil zu viele Signaturen in der Datei stehen; nichts wurde signiert
    .hint = entfernen Sie Signaturen, die nicht zählen, oder signieren Sie ohne Claim
signing-not-verified = { $path }: Die neue Signatur ließ sich nicht prüfen; sie wurde verworfen, nichts wurde geschrieben
signing-changed = { $path }: geändert, seit es gelesen wurde; nichts wurde geschrieben
    .hint = lesen Sie es neu
signing-journal = der Versuch lässt sich nicht ins Journal schreiben: { $cause }; nichts wurde signiert
signing-cancelled = abgebrochen; nichts wurde signiert, und jede Datei ist unverändert

## SigningNote

signing-note-not-judged = { $path }: Der Nachweis wurde geschrieben, beweist hier aber nichts: { $why }
signing-note-left-out = { $path }: ohne den Nachweis signiert: { $why }
    .hint = fügen Sie mit `countersign attest` einen anderen Nachweis hinzu
signing-note-claim-over-digest = { $path }: Der Claim ist zu lang für den Schlüssel; er signierte seinen Digest ({ $form })
signing-note-none-came = { $path }: ohne Nachweis signiert: { $why }
    .hint = fügen Sie ihn später mit `countersign attest` hinzu

## ActError

act-threshold-too-low = die Richtlinie verlangt mindestens { $least } Signaturen
    .hint = wählen Sie so viele oder mehr
act-no-name = es gibt keinen Namen, unter dem signiert wird
    .hint = geben Sie den Namen an, unter dem der Schlüsselbund Sie kennt
act-no-reason = eine Verweigerung hat einen Grund von 1 bis { $limit } Zeichen
    .hint = sagen Sie, warum Sie nicht signieren
act-changes-nothing = diese Signatur { $words }
    .hint = noch ist nichts signiert. Signieren Sie trotzdem, oder gehen Sie zurück
act-nothing-to-sign = jeder davon wird ausgelassen
    .hint = wählen Sie einen anderen Schlüssel oder andere Umschläge
act-no-such-entry = diesen Umschlag gibt es in der Liste nicht
    .hint = sehen Sie nach, wo der Vorgang steht
act-no-way-back = von hier führt kein Weg zurück
    .hint = sehen Sie nach, wo der Vorgang steht
act-no-secret-asked = kein Geheimnis wird verlangt
    .hint = sehen Sie nach, wo der Vorgang steht
act-no-touch-awaited = der Schlüssel wartet auf keine Berührung
    .hint = sehen Sie nach, wo der Vorgang steht
act-nothing-left = nichts ist übrig, womit es weiterginge
    .hint = sehen Sie nach, wo der Vorgang steht
act-out-of-turn = dieser Schritt kommt zu einer anderen Zeit
    .hint = sehen Sie nach, wo der Vorgang steht
act-keyring-changed = der Schlüsselbund hat sich seit dem Beginn geändert, und nichts wurde signiert
    .hint = brechen Sie ab, und beginnen Sie neu
act-companion-locked = der Schlüssel für Begleitsignaturen fragt nach seiner Passphrase
    .hint = wählen Sie die Schlüssel erneut, mit seiner Passphrase
act-no-such-signer = dieser Schlüssel ist fort
    .hint = stecken Sie sein Token ein, oder wählen Sie einen anderen Schlüssel
act-key-signed = dieser Schlüssel hat schon signiert, als { $who }
act-person-signed = { $who } hat schon signiert
act-all-signed = dieser Schlüssel oder sein Inhaber hat jeden davon schon signiert

## OfferError

offer-not-enrolled = nicht im Schlüsselbund
    .hint = nehmen Sie ihn zuerst unter „Schlüssel“ auf
offer-revoked = der Schlüssel wurde am { $since } gesperrt
offer-not-yet = der Schlüssel gilt erst ab { $from }
offer-expired = der Schlüssel galt nur bis { $until }

## Schlüssel zur Wahl

key-in-slot = { $token } · Slot { $slot }
key-of-module = { $label } (ID { $id }, { $module })
token-nameless = Token
token-apart = { $name } ({ $parts })
device-slot = { $device }{ $serial ->
        [none] {""}
       *[other] {" "}{ $serial }
    }, Slot { $slot }
key-of-kind = { $key } · { $kind }
key-file-named = Schlüsseldatei { $name }
key-behind-template = { $template }, aus einer Vorlage
key-behind-command = externer Befehl { $command }
key-on-token = Token-Schlüssel { $uri }{ $claimed ->
        [none] {""}
        [hardware] , behauptet als Hardware
        [software] , behauptet als Software
        [external] , behauptet als extern
       *[other] , behauptet als { $claimed }
    }
key-in-agent = Schlüssel im SSH-Agenten{ $socket ->
        [none] {""}
       *[other] {" "}an { $socket }
    }
key-on-token-no-module = sie nennt kein Modul

## Slots einer PIV-Karte (SP 800-73-4 Teil 1 Tabelle 4)

slot-authentication = Authentifizierung
slot-signature = Digitale Signatur
slot-key-management = Schlüsselverwaltung
slot-card-authentication = Kartenauthentifizierung
slot-retired = Ausgedient { $number }
slot-key-cannot-sign = { $kind } kann hier nicht signieren.

## Was über ein Gerät bekannt sein sollte

device-piv-card = PIV-Karte
device-smart-card = Andere Smartcard
device-no-certificate = Keiner ihrer Slots hat ein Zertifikat, deshalb kann kein Schlüssel der Karte verwendet werden. Lassen Sie eines aufspielen, mit der Software des Herausgebers.
device-no-card-id = Nichts auf dieser Karte sagt, welche Karte es ist. Sie wird an ihrem Lesegerät erkannt.
device-global-pin = Diese Karte wird mit ihrer globalen PIN verwendet, die für die ganze Karte gilt.
device-default-pin = Die PIN ist noch die ab Werk (123456): Wer den YubiKey hat, kann damit signieren. Ändern Sie sie.
device-default-puk = Die PUK ist noch die ab Werk (12345678): Wer den YubiKey hat, kann eine andere PIN setzen. Ändern Sie sie.
device-default-management-key = Der Verwaltungsschlüssel ist noch der ab Werk: Wer den YubiKey hat, kann seine Schlüssel ersetzen. Ändern Sie ihn, zum Beispiel im Yubico Authenticator unter „Zertifikate“.
device-defaults = { $secrets ->
    [pin] Die PIN ist noch die ab Werk.
    [puk] Die PUK ist noch die ab Werk.
    [management-key] Der Verwaltungsschlüssel ist noch der ab Werk.
    [pin-puk] PIN und PUK sind noch die ab Werk.
    [pin-management-key] PIN und Verwaltungsschlüssel sind noch die ab Werk.
    [puk-management-key] PUK und Verwaltungsschlüssel sind noch die ab Werk.
   *[all] PIN, PUK und Verwaltungsschlüssel sind noch die ab Werk.
} Ändern Sie das unter „Geräte“.
device-unidentified = Er verbirgt seine Seriennummer, und auch sonst unterscheidet ihn nichts von einem anderen YubiKey. Er wird an seinem Lesegerät erkannt; eingerichtet wird er nicht, und PIN und PUK werden nicht geändert, solange keine Karteninhaber-Kennung (CHUID) auf ihm steht.
device-fingerprints = Seine Schlüssel nehmen auch einen Fingerabdruck an; Countersign verlangt die PIN.

## Die PIN eines Tokens

token-pin-on-pad = wird am PIN-Pad eingegeben
token-pin-not-required = nicht nötig
token-pin-good = alle Versuche übrig
token-pin-count-low = war schon falsch; weniger Versuche sind übrig
token-pin-final-try = noch 1 Versuch
token-pin-locked = gesperrt
token-pin-not-set = nicht gesetzt
token-pin-to-be-changed = muss zuerst geändert werden
token-warning-count-low = Seine PIN war schon falsch; weniger Versuche sind übrig.
token-warning-locked = Seine PIN ist gesperrt; { $remedy }.
token-warning-not-set = Es hat noch keine PIN. Bitten Sie den Verwalter des Tokens, eine zu setzen.
token-warning-to-be-changed = Seine PIN muss zuerst geändert werden, mit der eigenen Software des Tokens.

## Schlüssel auf einem Token

token-key-software = Er zählt als Software: { $why }
token-key-attests-only = Er attestiert andere Schlüssel und kann sonst nichts signieren.
token-key-not-for-signing = Das Token lässt diesen Schlüssel nicht signieren.
token-key-no-method = Das Token hat für diesen Schlüssel kein Verfahren zum Signieren.
token-key-no-public-half = Das Token zeigt seinen öffentlichen Schlüssel nicht. Legen Sie sein Zertifikat auf dem Token ab, oder geben Sie seinen öffentlichen Schlüssel beim Signieren an.
token-key-not-supported = Mit Schlüsseln dieser Art wird hier nicht signiert.

## Was ein Test ergab

probe-found = Seine Signaturen gelten { $form ->
        [canonical_json] den kanonischen Bytes, durch ihren Digest
        [sha256] den 32 Bytes des Digests
        [sha256_hex] den 64 Hexziffern des Digests
       *[sha256_hex_base64] den als Base64 gelesenen Hexziffern
    }. { $deterministic ->
        [yes] Denselben Digest signiert er zweimal gleich.
       *[no] Denselben Digest signiert er jedes Mal anders.
    }

## Die Teile einer Probe

probe-program = Gefunden unter { $path }.
probe-template-program = { $current ->
        [yes] Das Programm für { $program } ist, wie diese Version es mitbringt
       *[no] Das Programm für { $program } ist unverändert, seit es geschrieben wurde; diese Version hat ein anderes, das der Signierer verwendet, sobald Sie ihn bearbeiten
    }. Es läuft mit Python { $version }.
probe-environment = { $of ->
        [0] Über die üblichen hinaus wird keine Variable weitergegeben.
        [one] { $set ->
            [0] Die weitergegebene Variable ist nicht gesetzt.
           *[other] Die weitergegebene Variable ist gesetzt.
        }
       *[other] { $set } von { $of } Variablen sind gesetzt.
    }
probe-public-key = { $algorithm }, SHA-256 { $fingerprint }{ $is_printed ->
        [yes] {""}
       *[no] , wie eingegeben
    }.{ $is_other ->
        [yes] {" "}Es ist ein anderer Schlüssel als zuvor.
       *[no] {""}
    }
probe-signature = Geprüft als { $algorithm }. { $form }
probe-part-not-tried = Nicht versucht, weil ein Teil darüber fehlgeschlagen ist.
probe-evidence-none = Kein Befehl gibt Nachweise aus: was den Schlüssel hält, sagt allein das Schlüsselverzeichnis.
probe-evidence = { $attested ->
        [yes] Attestiert: { $statement }
       *[no] Vom Betreiber gezeigt, nicht attestiert: { $statement }
    }

## Vorlagen für Signierer

template-aws-kms = AWS KMS
template-aws-kms-about = Braucht die AWS-Kommandozeile und Zugangsdaten in deren Dateien oder Profil.
template-google-cloud-kms = Google Cloud KMS
template-google-cloud-kms-about = Braucht das Python-Paket google-cloud-kms und Application Default Credentials.
template-azure-key-vault = Azure Key Vault
template-azure-key-vault-about = Braucht die Python-Pakete azure-keyvault-keys und azure-identity und eine angemeldete Identität.
template-vault-transit = HashiCorp Vault Transit
template-vault-transit-about = Braucht das Python-Paket hvac und ein Token in ~/.vault-token.
template-hsm-tool = HSM mit pkcs11-tool
template-hsm-tool-about = Braucht OpenSC, das Modul des HSM und eine Datei mit der PIN, die nur Sie lesen können.
template-aws-key = Schlüssel (ARN, ID oder Alias)
template-aws-region = Region
template-aws-profile = Profil
template-endpoint = Adresse des Dienstes
template-google-key-version = Version des Schlüssels (Ressourcenname)
template-azure-key = Version des Schlüssels (Kennung)
template-vault-address = Adresse von Vault
template-vault-key = Schlüssel
template-vault-key-version = Version des Schlüssels
template-vault-mount = Pfad der Transit-Engine
template-vault-namespace = Namensraum
template-hsm-module = PKCS#11-Modul
template-hsm-token-label = Bezeichnung des Tokens
template-hsm-slot = Nummer des Slots
template-hsm-key-label = Bezeichnung des Schlüssels
template-hsm-key-object-id = ID des Schlüssels, hexadezimal
template-hsm-pin-file = Datei mit der PIN
template-hsm-algorithm = Algorithmus
template-python = Python
template-evidence = Nachweis zu jeder Signatur

## TemplateError und FieldError

template = { $name }: { $faults }
template-field = { $field } { $why }
template-fault-unknown = ist keines der Felder; diese sind { $allowed }
template-fault-twice = ist zweimal angegeben
template-fault-missing = fehlt
template-fault-neither = fehlt, oder { $other }
template-fault-both = geht nicht zusammen mit { $other }
template-fault-dash = beginnt mit „-“ wie eine Option
template-fault-hidden = enthält Zeichen, die man nicht sieht
template-fault-too-long = hat mehr als { $limit } Zeichen
template-fault-name = enthält andere Zeichen als Buchstaben, Ziffern, „.“, „_“ und „-“, oder ist „.“ oder „..“
template-fault-path = ist kein absoluter Pfad
template-fault-url = ist keine Adresse, die mit https:// beginnt
template-fault-unencrypted = ist eine http://-Adresse auf einem anderen Rechner; unterwegs könnten andere mitlesen
template-fault-credentials = enthält Benutzernamen oder Passwort, die in den Einstellungen stünden
template-fault-number = ist keine ganze Zahl ab { $least }
template-fault-hex = ist keine gerade Anzahl von Hexziffern
template-fault-choice = ist keines von { $allowed }
template-fault-aws-key = ist weder ARN noch ID noch Alias eines Schlüssels von AWS KMS
template-fault-aws-region = ist keine Region wie eu-central-1
template-fault-google-key = ist nicht projects/P/locations/L/keyRings/R/cryptoKeys/K/cryptoKeyVersions/N
template-fault-azure-key = ist nicht https://VAULT.vault.azure.net/keys/NAME/VERSION
template-fault-no-version = nennt einen Schlüssel, aber nicht, welche seiner Versionen signiert

## SignerProgramError

signer-program-altered = { $path } ist nicht, was Countersign mitbringt
    .hint = klären Sie, wer die Datei geändert hat, und löschen Sie sie; sie wird neu geschrieben
signer-program-directory = { $path } lässt sich nicht anlegen ({ $source })

## Während ein Schlüssel signiert

key-waits-own-pad = Geben Sie die PIN am PIN-Pad ein.
key-waits-agent = Bestätigen Sie es, wenn Ihr SSH-Agent fragt.
key-waits-blinks = Berühren Sie es, wenn es blinkt.
key-was-removed = { $name } wurde herausgezogen. Nichts wurde signiert, und kein PIN-Versuch ist verloren.

## Was über Geschriebenes bekannt sein sollte

written-unknown-to-reference = das Referenzwerkzeug unterstützt { $algorithm }{ $form ->
        [none] {""}
       *[other] {" "}über { $form }
    } nicht und meldet den ganzen Umschlag als ungültig; prüfen Sie jede Signatur nach ihrer eigenen Anleitung, oder mit Countersign
written-by-unknown-key = der Schlüssel { $key } ist nicht im Schlüsselbund: Die Signatur ist geschrieben und zählt hier, sobald er aufgenommen ist
refused-by-unknown-key = der Schlüssel { $key } ist nicht im Schlüsselbund: Die Verweigerung ist geschrieben und hindert hier nichts, bis er aufgenommen ist
written-replaces = { $file } hatte dieselbe Signatur wie { $entries }, die nicht zählte; der neue Eintrag ersetzt sie
replaced-entry = { $signer } ({ $role ->
        [none] ohne Rolle
        [operator] Operator
        [witness] Zeuge
        [reviewer] Prüfer
        [auditor] Auditor
       *[other] { $role }
    }, { $at ->
        [none] ohne Zeit
       *[other] { $at }
    })
replaced-and-as = { $rest } und wie { $next }

## Was signiert wird

pipeline-did-not-refuse = nicht ausgelöst
pipeline-refused = ausgelöst: { $code }

## PinLineError

pin-line-not-text = was als PIN angegeben wurde, ist kein Text
    .hint = schreiben Sie die PIN als UTF-8
pin-line-added = was als PIN oder PUK angegeben wurde, { $added ->
        [bom] beginnt mit einer Byte-Order-Mark
        [spaces] beginnt oder endet mit einem Leerzeichen
       *[quotes] steht in Anführungszeichen
    }; es wurde nicht gesendet, damit kein Versuch verloren geht
    .hint = lassen Sie das weg; wenn es zur PIN oder PUK gehört, geben Sie es am Terminal ein
pin-line-too-long = was als PIN angegeben wurde, ist länger als jede PIN; es wurde nicht gesendet
    .hint = schreiben Sie die PIN in eine Zeile und sonst nichts
pin-line-io = die PIN ist nicht lesbar ({ $cause })
    .hint = prüfen Sie, ob noch läuft, was sie schreibt

## TreeSigningError

tree-signing-not-ed25519 = Checkpoints und Zeugensignaturen entstehen nur mit Ed25519-Schlüsseln; nichts wurde signiert
    .hint = wählen Sie einen Ed25519-Schlüssel: eine Datei, ein PKCS#11-Token oder einen YubiKey ab Firmware 5.7
tree-signing-form = dieser Schlüssel signiert nur Prüfsummen dessen, was er bekommt, und andere könnten das nicht prüfen; nichts wurde signiert
    .hint = wählen Sie einen Schlüssel, der den Text selbst signiert
tree-signing-key-of-person = dieser Schlüssel steht im Schlüsselbund: { $owner } signiert damit Läufe; nichts wurde signiert
    .hint = erzeugen Sie für Protokolle und Zeugen einen eigenen Schlüssel, und nehmen Sie ihn in keinen Schlüsselbund auf
tree-signing-other-use = das Regelwerk hat diesen Schlüssel für den anderen Zweck: Der eines Protokolls ist nicht der eines Zeugen; nichts wurde signiert
    .hint = erzeugen Sie einen eigenen Schlüssel
tree-signing-newer = { $path } hat schon { $size } Einträge, so viele wie dieser Baum oder mehr; nichts wurde geschrieben
    .hint = beginnen Sie noch einmal mit dem Protokoll, wie es jetzt ist

tree-signed-with = Schlüssel zum Prüfen: { $key }

## ExternalError

external = { $program }: { $fault }{ $word ->
        [none] {""}
       *[other] . Im Befehl hat `{ $word }` keine Bedeutung, weil ihn keine Shell ausführt
    }{ $said ->
        [none] {""}
       *[other] . Ausgabe: { $said }
    }
    .hint = { $word ->
        [none] { $remedy ->
            [none] {""}
           *[other] { $remedy }
        }
       *[other] setzen Sie den Befehl in ein Skript oder in `sh -c '…'`; die Datei mit dem Digest ist dort "$0"
    }

## Fault

external-no-program = kein Programm ist genannt
    .hint = geben Sie das Programm an, das signiert, und seine Argumente
external-quotes = ein Anführungszeichen in der Befehlszeile ist nicht geschlossen
    .hint = schließen Sie es, oder setzen Sie einen Backslash davor
external-key = der öffentliche Schlüssel des Profils ist keiner für { $algorithm }
    .hint = berichtigen Sie den Schlüssel oder den Algorithmus
external-secret-environment = { $name } enthält ein Geheimnis und geht an keinen Befehl
    .hint = nehmen Sie es aus dem Profil
external-no-variable = was ihm von der Umgebung mitgegeben werden soll, ist kein Name einer Variablen
    .hint = geben Sie nur Namen an, ohne Werte
external-assignment = beginnt mit `{ $name }=…`; das hat keine Bedeutung, da keine Shell ihn ausführt. Was in einem Befehl steht, steht auch in den Einstellungen
    .hint = geben Sie der Umgebung nur den Namen der Variablen mit, oder schreiben Sie den Befehl in ein Skript
external-altered = wird nicht ausgeführt: { $path } ist nicht, was Countersign mitbringt
    .hint = klären Sie, wer die Datei geändert hat, löschen Sie sie dann und erproben Sie den Signierer, wodurch sie neu geschrieben wird
external-not-there = wird nicht ausgeführt: { $path } lässt sich nicht lesen ({ $source })
    .hint = erproben Sie den Signierer, wodurch die Datei neu geschrieben wird, falls diese Version sie hat; legen Sie ihn sonst neu an
external-directory = { $path }: Dieses Arbeitsverzeichnis gibt es nicht
    .hint = berichtigen Sie das Profil
external-no-public-key = gab keinen öffentlichen Schlüssel aus ({ $source })
    .hint = lassen Sie ihn als PEM, DER oder Base64 ausgeben
external-no-evidence = gab keinen Nachweis aus ({ $source })
    .hint = lassen Sie das JSON-Objekt einer Schlüsselattestierung ausgeben
external-private = keine private Datei für den Digest ({ $source })
    .hint = schaffen Sie Platz im Verzeichnis für temporäre Dateien
external-start = lässt sich nicht starten ({ $source })
    .hint = { $kind ->
        [NotFound] installieren Sie das Programm, oder geben Sie seinen vollen Pfad an: Es läuft in einem eigenen Verzeichnis
        [PermissionDenied] machen Sie es mit chmod +x ausführbar
       *[other] probieren Sie den Befehl in einem Terminal aus
    }
external-not-a-program = lässt sich nicht starten
    .hint = { $why }
external-timed-out = gab innerhalb von { $seconds } s keine Signatur aus und wurde mit seiner Prozessgruppe beendet, also wurde nichts signiert
    .hint = { $goes_on ->
        [yes] etwas, das es gestartet hat, läuft in einer eigenen Gruppe weiter. Beenden Sie das und versuchen Sie es dann erneut
       *[no] versuchen Sie es erneut
    }, oder geben Sie ihm mehr Zeit (--external-timeout oder im Profil)
external-left-behind = endete, ließ aber einen Prozess zurück, der die Ausgabe offen hielt, also wurde nichts signiert; { $goes_on ->
        [yes] er ist in einer eigenen Prozessgruppe und läuft weiter
       *[no] er wurde auch beendet
    }
    .hint = lassen Sie den Befehl auf das warten, was er startet
external-failed = scheiterte ({ $exit_status }); nichts wurde signiert
external-no-output = gab keine Signatur aus, also wurde nichts signiert
    .hint = lassen Sie eine Zeile Base64 auf der Standardausgabe ausgeben
external-many-lines = gab mehr als eine Zeile aus, also wurde nichts signiert
    .hint = lassen Sie die Base64-Signatur in einer Zeile ausgeben (`base64 -w0`) und alles andere auf der Standardfehlerausgabe
external-digest-printed = gab den Digest aus, den es erhielt, und keine Signatur, also wurde nichts signiert
    .hint = lassen Sie den Inhalt der Datei signieren, die sein letztes Argument ist
external-not-base64 = gab etwas aus, das kein Base64 ist, also wurde nichts signiert
    .hint = beenden Sie das Skript mit `base64 -w0` oder `openssl base64 -A`
external-encoding = gab { $encoding ->
        [binary] Bytes aus, die kein Text sind
        [utf16] Text in UTF-16 aus
        [byte-order-mark] Base64 hinter einer Byte-Reihenfolge-Marke aus
        [hex] die Signatur in Hexziffern aus
        [hex-in-base64] Base64 der Signatur in Hexziffern aus
        [twice] Base64 von Base64 aus
        [pem] die Signatur in PEM aus
        [wrapped] Base64 in mehreren Zeilen aus
        [quoted] Base64 in Anführungszeichen aus
        [spaces] Base64 mit Leerzeichen aus
       *[json] ein JSON-Objekt aus
    }, also wurde nichts signiert
    .hint = { $encoding ->
        [hex-in-base64] verwandeln Sie die Ziffern mit `xxd -r -p` in Bytes, bevor sie kodiert werden
        [twice] lassen Sie ein `base64` aus dem Befehl weg
       *[other] beenden Sie sein Skript mit `{ $filter }`{ $encoding ->
            [byte-order-mark] , oder lassen Sie reines ASCII schreiben
            [wrapped] , oder kodieren Sie mit `base64 -w0`
            [quoted] , oder verlangen Sie Text (`--output text`, `jq -r`)
            [json] , mit dem Namen, den sie dort hat
           *[other] {""}
        }. Keine Shell führt den Befehl aus; für eine Pipe brauchen Sie ein Skript oder `sh -c 'BEFEHL "$0" { $filter }'`
    }
external-trailing = gab eine Signatur aus, die sich prüfen lässt, mit { $bytes ->
        [one] { $bytes } Byte
       *[other] { $bytes } Bytes
    } dahinter, also wurde nichts signiert
    .hint = lassen Sie nur die Signatur kodieren
external-too-much = gab mehr als { $limit } KiB aus und wurde beendet, also wurde nichts signiert
    .hint = lassen Sie nur die Signatur ausgeben, als eine Zeile Base64
external-unverified = seine Signatur passt nicht zu { $form } ({ $source }), also wurde nichts geschrieben
    .hint = prüfen Sie Schlüssel und Algorithmus, und testen Sie sein Profil neu, wenn es eines hat
external-no-form = seine Signaturen passen zu keiner der Formen canonical_json, sha256, sha256_hex und sha256_hex_base64
    .hint = prüfen Sie Schlüssel und Algorithmus, und was der Befehl signiert
external-salt-length = sein RSA-PSS-Salt ist nicht 32 Bytes lang
    .hint = lassen Sie mit rsa_pss_saltlen:digest signieren
external-watch = { $path }: Es ist nicht lesbar ({ $source }), also bliebe eine Änderung durch den Befehl unbemerkt
    .hint = prüfen Sie, ob das Verzeichnis da und lesbar ist
external-changed = während es lief, { $change ->
        [appeared] kam { $path } hinzu
        [vanished] verschwand { $path }
       *[changed] änderte sich { $path }
    }{ $others ->
        [0] {""}
        [one] {" "}und noch eine Datei
       *[other] {" "}und { $others } weitere Dateien
    }; die Signatur wurde abgelehnt
    .hint = sehen Sie nach, was sich geändert hat, und signieren Sie neu, wenn dort nichts anderes schreibt

## EvidenceCommandError

external-evidence = { $program } { $fault }{ $word ->
        [none] {""}
       *[other] . Im Befehl hat `{ $word }` keine Bedeutung, weil ihn keine Shell ausführt: Setzen Sie ihn in ein Skript oder in `sh -c '…'`; die Datei mit dem Digest ist dort "$0"
    }{ $said ->
        [none] {""}
       *[other] . Ausgabe: { $said }
    }
external-evidence-failed = scheiterte ({ $status })
external-evidence-timed-out = endete nicht innerhalb von { $seconds } s
external-evidence-left-behind = ließ einen Prozess zurück, der die Ausgabe offen hielt
external-evidence-too-much = gab mehr als { $limit } KiB aus
external-evidence-other = { $fault }

## SignerError

signer-form = dies ist kein Schlüssel
    .hint = geben Sie den Schlüssel in Base64 an, einen privaten Schlüssel in PEM oder eine Schlüsseldatei von Countersign
signer-length = ein Ed25519-Schlüssel ist Base64 von 32 Bytes; dieser hat { $number }
signer-empty = der Schlüssel ist leer
signer-passphrase-needed = die Schlüsseldatei ist verschlüsselt
    .hint = geben Sie ihre Passphrase an
signer-passphrase = die Passphrase ist falsch, oder die Schlüsseldatei ist beschädigt; nichts wurde signiert
signer-kind = der Schlüssel in dieser Datei ist von der Art { $text }; Schlüsseldateien enthalten Ed25519-Schlüssel, und ML-DSA-65-Schlüssel für Begleitsignaturen
    .hint = signieren Sie damit durch den Befehl eines externen Signierers (zum Beispiel `openssl pkeyutl -sign`)
signer-cipher = die Schlüsseldatei ist mit { $text } verschlüsselt, was hier nicht gelesen wird; die Passphrase wurde nicht probiert
    .hint = wandeln Sie sie um mit `openssl pkcs8 -topk8 -v2 aes-256-cbc -v2prf hmacWithSHA256 -in FILE -out NEW` (mit `-provider legacy -provider default`, wenn OpenSSL sie nicht unterstützt)
signer-damaged = die Schlüsseldatei ist beschädigt oder in einer Form, die hier nicht gelesen wird
    .hint = wenn `openssl pkey -in FILE -out NEW` sie liest, geben Sie NEW an; sonst stellen Sie sie aus einer Kopie wieder her
signer-other-public-key = der öffentliche Schlüssel in der Schlüsseldatei gehört nicht zu ihrem privaten Schlüssel
    .hint = stellen Sie die Datei aus einer Kopie wieder her
signer-several = in der Schlüsseldatei sind { $number } verschiedene private Schlüssel
    .hint = geben Sie einen davon allein an
signer-other = die Schlüsseldatei enthält { $what }
    .hint = { $instead }
signer-der = die Schlüsseldatei ist in DER
    .hint = wandeln Sie sie in PEM um mit `openssl pkcs8 -topk8 -v2 aes-256-cbc -inform DER -in FILE -out NEW`
signer-pkcs12 = die Schlüsseldatei ist ein PKCS#12-Behälter
    .hint = nehmen Sie den Schlüssel heraus mit `openssl pkcs12 -in FILE -nocerts -out NEW`, und wandeln Sie ihn um mit `openssl pkcs8 -topk8 -v2 aes-256-cbc`
signer-binary = die Schlüsseldatei ist kein Text
    .hint = geben Sie den Schlüssel in Base64 oder einen privaten Schlüssel in PEM an
signer-public-key = der Schlüssel ist unbrauchbar: { $cause }
signer-random = das Betriebssystem gab keine Zufallsbytes für einen neuen Schlüssel
signer-encryption = der neue Schlüssel ließ sich nicht verschlüsseln
signer-cancelled = abgebrochen; nichts wurde signiert
signer-not-touched = { $words } wurde nicht rechtzeitig berührt; nichts wurde signiert, und kein PIN-Versuch ist verloren
    .hint = versuchen Sie es erneut, und berühren Sie ihn, wenn er blinkt
signer-spent = { $words } wird nach dem Fehler oben nicht wieder verwendet; nichts wurde signiert
    .hint = beginnen Sie neu
signer-no-such-key = es gibt nicht genau einen Schlüssel { $text }, der signieren kann
    .hint = stecken Sie sein Token ein, oder nennen Sie den Schlüssel vollständig
signer-not-signing = { $known ->
        [yes] ein Schlüssel der Art { $kind }
       *[no] ein Schlüssel unbekannter Art
    } kann hier nicht signieren
    .hint = wählen Sie einen der Art ECC P-256, P-384, RSA 2048 bis 4096 oder Ed25519
signer-not-for-companions = ein Schlüssel für { $algorithm } erzeugt keine Begleitsignaturen
    .hint = erzeugen Sie einen mit `countersign keys generate --algorithm ml-dsa-65`
key-open-already = der Schlüssel ist schon offen
signer-too-long = das Token signiert Nachrichten von höchstens { $most } Bytes, und diese hat { $bytes }
    .hint = signieren Sie ihren Digest
signer-other-form = es signiert { $signed_payload } und nichts anderes
    .hint = signieren Sie diese Form der Nutzdaten
signer-tpm-files = die Dateien von tpm2-tools ließen sich nicht schreiben oder lesen ({ $cause }); nichts wurde bescheinigt
signer-tpm-object = { $object } { $why }; nichts wurde bescheinigt
    .hint = geben Sie eine Kontextdatei an (tpm2_load -c) oder ein Handle wie 0x81000001
signer-tpm-tool = { $words }; nichts wurde bescheinigt
    .hint = prüfen Sie, ob Dateien und Handles zu Schlüsseln in diesem TPM gehören
signer-tpm-full = das TPM hat keinen Platz für einen weiteren Schlüssel ({ $words }); nichts wurde bescheinigt
    .hint = verwenden Sie seinen Ressourcenverwalter (TPM2TOOLS_TCTI=device:/dev/tpmrm0), oder räumen Sie auf, was andere Programme darin ließen (tpm2_flushcontext --transient-object)

## CardError

card-removed = wurde herausgezogen
card-reset = wurde von einem anderen Programm zurückgesetzt
card-held = ist von einem anderen Programm belegt
card-no-service = ist nicht erreichbar, weil der Smartcard-Dienst (pcscd) geendet hat
card-silent = hat { $number } Sekunden lang nicht geantwortet
card-no-answer = wurde herausgezogen oder antwortet nicht mehr
card-garbage = gab eine ungültige Antwort ({ $words })
card-status = wies den Befehl { $command } ab (Status { $status })
card-other-card = ist fort; in seinem Leser steckt eine andere Karte
card-unidentified = verbirgt seine Seriennummer und hat auch sonst nichts, was ihn von einem anderen YubiKey unterscheidet; daher wird nichts auf ihm geändert
card-service = ist nicht verwendbar: { $text }

## PinError

pin-length = eine { $text } hat { $rule }; nichts wurde gesendet, also ist kein Versuch verloren
pin-one-time-password = dies tippt der YubiKey von selbst, wenn er berührt wird; es ist keine { $text }. Nichts wurde gesendet, also ist kein Versuch verloren
pin-characters = eine { $text } hat keine Steuerzeichen; nichts wurde gesendet, also ist kein Versuch verloren
pin-wrong = die { $what } ist falsch; { $left ->
        [one] noch 1 Versuch
        [15] noch 15 oder mehr Versuche
       *[other] noch { $left } Versuche
    }
pin-wrong-uncounted = die { $text } ist falsch; wie viele Versuche übrig sind, sagt die Karte nicht
pin-blocked = die PIN ist gesperrt, weil sie zu oft falsch war
    .hint = entsperren Sie sie mit der PUK (countersign pin unblock)
pin-blocked-on-card = die PIN ist gesperrt, weil sie zu oft falsch war
    .hint = lassen Sie sie mit der PUK und der Software des Herausgebers der Karte entsperren
pin-puk-blocked = die PUK ist gesperrt, weil sie zu oft falsch war
    .hint = bewahren Sie die PIN gut: Die Schlüssel signieren noch mit ihr, aber nichts kann sie mehr entsperren
pin-both-blocked = PIN und PUK sind gesperrt, weil beide zu oft falsch waren; kein Schlüssel, der die PIN verlangt, signiert mehr
    .hint = nur ein Zurücksetzen (ykman piv reset) macht den YubiKey wieder brauchbar, und es zerstört die Schlüssel
pin-same = die neue { $text } ist dieselbe wie die jetzige; sie wurde nicht gesendet
    .hint = wählen Sie eine andere
pin-factory = diese { $text } hat jeder YubiKey am Anfang; sie wurde nicht gesendet
    .hint = wählen Sie eine andere
pin-weak = diese { $text } gehört zu denen, die zuerst versucht werden: Sie wiederholt sich, zählt auf oder ab oder ist verbreitet; sie wurde nicht gesetzt
    .hint = wählen Sie eine andere
pin-fewer-tries = für die { $text } ist nur noch 1 Versuch übrig, weniger als angezeigt; sie wurde nicht gesendet
    .hint = sehen Sie noch einmal nach, bevor Sie sie eingeben

## KeyRefusal

new-key-cannot-attest = Firmware { $firmware } attestiert ihre Schlüssel nicht; nichts würde beweisen, dass der Schlüssel in Hardware liegt
    .hint = verwenden Sie einen YubiKey mit Firmware 4.3 oder neuer
new-key-roca = RSA-Schlüssel, die Firmware { $firmware } erzeugt, lassen sich aus dem öffentlichen Schlüssel berechnen (YSA-2017-01, ROCA)
    .hint = erzeugen Sie einen ECC-Schlüssel, oder verwenden Sie einen anderen YubiKey
new-key-not-on-firmware = Firmware { $firmware } kann keinen Schlüssel der Art { $kind } erzeugen; das braucht 5.7
    .hint = wählen Sie ECC P-256 oder P-384
new-key-weak = ein Schlüssel der Art { $kind } ist zu schwach zum Signieren
    .hint = wählen Sie ECC P-256, P-384 oder Ed25519, oder RSA mit mindestens 2048 Bit
new-key-not-signing = ein Schlüssel der Art { $kind } signiert nicht
    .hint = wählen Sie ECC P-256, P-384 oder Ed25519, oder RSA mit mindestens 2048 Bit
new-key-pin-never = ein Schlüssel, der ohne seine PIN signiert, beweist nicht, wer signiert hat
    .hint = wählen Sie für die PIN „einmal“ oder „immer“
new-key-policy = diese Regel für PIN oder Berührung wird nicht angeboten
    .hint = wählen Sie für die PIN „einmal“ oder „immer“, für die Berührung „immer“ oder „zwischengespeichert“

## SetupFault

setup-management-key-form = der Verwaltungsschlüssel dieses YubiKey ist { $algorithm }: { $digits } Hexziffern; nichts wurde gesendet
setup-management-key = der Verwaltungsschlüssel ist falsch; kein Versuch ist verloren, denn er hat keinen Zähler
    .hint = sehen Sie nach, wo er bei seiner Änderung notiert wurde (ykman piv access change-management-key)
setup-management-key-needed = der Verwaltungsschlüssel ist weder der ab Werk noch auf der Karte aufbewahrt
    .hint = geben Sie den Verwaltungsschlüssel in Hexziffern an
setup-kept-management-key = die Karte gibt an, ihren Verwaltungsschlüssel aufzubewahren, doch was sie aufbewahrt, ist nicht der, den sie hat
    .hint = setzen Sie ihn neu mit ykman piv access change-management-key --protect, das den neuen aufbewahrt
setup-management-algorithm = der Verwaltungsschlüssel hat ein Verfahren, das hier nicht bekannt ist ({ $number })
    .hint = ändern Sie ihn mit ykman piv access change-management-key in AES
setup-printed-in-use = im Objekt für gedruckte Angaben steht etwas anderes; der Verwaltungsschlüssel kann dort nicht aufbewahrt werden
    .hint = ändern Sie den Verwaltungsschlüssel mit ykman piv access change-management-key, und geben Sie ihn dann hier an
setup-not-factory = die { $what } ist nicht die ab Werk{ $left ->
        [none] {""}
        [one] ; noch 1 Versuch
       *[other] ; noch { $left } Versuche
    }
    .hint = beginnen Sie neu, und geben Sie an, dass die { $what } geändert wurde
setup-secret-needed = anstelle der { $what } ab Werk ist eine neue nötig
    .hint = geben Sie sie an
setup-factory-pin = das ist die PIN, die jeder YubiKey zuerst hat, und die von diesem gilt als geändert; sie wurde nicht gesendet
    .hint = geben Sie die geänderte PIN an; wurde sie nie geändert, beginnen Sie neu und geben an, dass sie die ab Werk ist
setup-same-pin-and-puk = die PUK ist dieselbe wie die PIN; nichts wurde gesendet
    .hint = wählen Sie eine andere PUK, und bewahren Sie sie getrennt von der PIN auf
setup-slot-changed = im Slot ist ein anderer Schlüssel oder ein anderes Zertifikat als angezeigt; er blieb, wie er ist
    .hint = sehen Sie noch einmal nach
setup-certificate = sein Zertifikat konnte nicht erstellt werden ({ $why })
setup-signature = was der neue Schlüssel signierte, lässt sich mit ihm nicht prüfen; verwenden Sie diesen Schlüssel nicht
    .hint = zeigen Sie den YubiKey seinem Hersteller
setup-not-attested = attestiert den Schlüssel im Slot nicht: Er wurde nicht dort erzeugt, oder der Attestierungsschlüssel fehlt
    .hint = erzeugen Sie an seiner Stelle einen neuen Schlüssel
setup-other-attested = attestiert einen anderen Schlüssel oder andere Regeln als verlangt; verwenden Sie diesen Schlüssel nicht
    .hint = erzeugen Sie an seiner Stelle einen neuen Schlüssel
setup-not-recorded = { $cause }; was nicht ins Journal kommt, wird nicht getan

## SetupStopped

setup = { $by ->
        [card] { $token } { $fault }
       *[other] { $token }: { $fault }
    }; { $done ->
        [none] { $unknown ->
            [none] nichts wurde geändert
           *[other] nicht bekannt ist, ob das geschah: { $unknown }; sonst wurde nichts geändert
        }
       *[other] { $unknown ->
            [none] was zuvor getan wurde, bleibt: { $done }
           *[other] was zuvor getan wurde, bleibt: { $done }; nicht bekannt ist, ob das geschah: { $unknown }
        }
    }
    .hint = { $cause ->
        [removed] stecken Sie ihn ein, und richten Sie ihn noch einmal ein: Das setzt fort und fragt nach den Geheimnissen, wie sie dann sind
        [no_answer] stecken Sie ihn ein, und richten Sie ihn noch einmal ein: Das setzt fort und fragt nach den Geheimnissen, wie sie dann sind
        [held] beenden Sie das Programm, das ihn belegt (gpg: gpgconf --kill scdaemon), und richten Sie ihn noch einmal ein
        [no_service] starten Sie pcscd (systemctl start pcscd), und richten Sie ihn noch einmal ein: Das setzt fort
       *[other] { $remedy ->
            [none] richten Sie ihn noch einmal ein: Das setzt fort und fragt nach den Geheimnissen, wie sie dann sind
           *[other] { $remedy }
        }
    }

## Was an einem YubiKey getan wurde

setup-done-pin = die PIN wurde gesetzt
setup-done-puk = die PUK wurde gesetzt
setup-done-management-key = der Verwaltungsschlüssel wurde ersetzt
setup-done-key = in Slot { $slot } wurde ein Schlüssel erzeugt
setup-done-certificate = sein Zertifikat wurde in Slot { $slot } gespeichert

## TokenError

token = { $token } { $error }; { $state ->
        [pin-not-judged] nichts wurde geschrieben. Die PIN wurde gesendet und nicht beurteilt: Ob ein Versuch verloren ist, zeigt sich, wenn er neu gelesen wird
        [pin-unanswered] nichts wurde geschrieben. Die PIN war gesendet und nicht beantwortet: Ob ein Versuch verloren ist, zeigt sich, wenn er neu gelesen wird
        [silent] nichts wurde geschrieben. Die PIN war richtig, und sie kann als geprüft gelten, bis er herausgezogen wird
        [opening] nichts wurde geschrieben, und kein PIN-Versuch ist verloren
        [signing] nichts wurde geschrieben. Die PIN war richtig, also sind alle Versuche da, und sie gilt nicht mehr als geprüft
       *[free] nichts wurde geschrieben
    }
    .hint = { $cause ->
        [removed] stecken Sie ihn ein und beginnen Sie neu
        [no_answer] stecken Sie ihn ein und beginnen Sie neu
        [other_card] stecken Sie ihn ein und beginnen Sie neu
        [reset] lassen Sie das andere Programm enden und beginnen Sie neu
        [held] beenden Sie das Programm, das ihn belegt (gpg: gpgconf --kill scdaemon), und beginnen Sie neu
        [no_service] starten Sie ihn (systemctl start pcscd) und beginnen Sie neu
        [silent] ziehen Sie ihn heraus, stecken Sie ihn ein und beginnen Sie neu
       *[other] ziehen Sie ihn heraus, stecken Sie ihn ein und beginnen Sie neu; bleibt es dabei, sehen Sie ihn mit dem Programm des Herstellers an (einen YubiKey: `ykman piv info`)
    }

## ModuleError

module = { $module }: { $fault }{ $said ->
        [none] {""}
       *[other] . Ausgabe: { $said }
    }

## Fault

module-no-file = diese Datei gibt es nicht
    .hint = installieren Sie das Modul, oder geben Sie seinen vollen Pfad an
module-not-a-file = dies ist keine Datei
    .hint = geben Sie den Pfad des Moduls selbst an
module-unreadable = es ist nicht lesbar ({ $why })
    .hint = prüfen Sie seine Zugriffsrechte
module-not-a-library = dies ist keine Programmbibliothek
    .hint = geben Sie den Pfad eines PKCS#11-Moduls an, meist eine Datei in …/pkcs11/, die auf .so endet
module-architecture = es ist für { $is } gebaut, und dieses Programm für { $wanted }
    .hint = installieren Sie das Modul für { $wanted }
module-missing-library = die Bibliothek { $library } fehlt, die es braucht
    .hint = installieren Sie das Paket, das sie enthält
module-load = es lässt sich nicht laden ({ $why })
    .hint = installieren Sie es neu, mit allem, was es braucht
module-no-function-list = dies ist eine Programmbibliothek, aber kein PKCS#11-Modul (C_GetFunctionList fehlt)
    .hint = geben Sie den Pfad eines Moduls an
module-start = der Prozess, in dem es läuft, lässt sich nicht starten ({ $why })
    .hint = versuchen Sie es erneut
module-crashed = das Modul ist abgestürzt ({ $how }); nichts wurde geschrieben, und die Station läuft weiter
    .hint = versuchen Sie es erneut, und melden Sie es dem Hersteller, wenn es wieder geschieht
module-silent = das Modul antwortete nicht innerhalb von { $seconds } s und wurde beendet; nichts wurde geschrieben
    .hint = versuchen Sie es erneut, oder geben Sie ihm mit --module-timeout mehr Zeit
module-garbage = das Modul überschrieb, was sein Prozess antwortet, und wurde beendet; nichts wurde geschrieben
    .hint = verlassen Sie sich nicht darauf, und melden Sie es dem Hersteller
module-function = { $function } scheiterte mit { $code }; nichts wurde geschrieben
    .hint = { $function ->
        [C_Initialize] prüfen Sie, was das Modul braucht: seine Konfiguration, seinen Dienst, sein Gerät
        [C_GetFunctionList] prüfen Sie, was das Modul braucht: seine Konfiguration, seinen Dienst, sein Gerät
        [C_GetSlotList] prüfen Sie, ob der Dienst läuft, den es braucht (für Smartcards: systemctl start pcscd.socket)
       *[other] { $code ->
            [CKR_USER_NOT_LOGGED_IN] das Token will seine PIN noch einmal; beginnen Sie neu
            [CKR_KEY_FUNCTION_NOT_PERMITTED] der Schlüssel darf nicht signieren; wählen Sie einen anderen
            [CKR_DEVICE_ERROR] ziehen Sie das Token heraus, stecken Sie es ein und beginnen Sie neu
            [CKR_DEVICE_MEMORY] ziehen Sie das Token heraus, stecken Sie es ein und beginnen Sie neu
           *[other] beginnen Sie neu; bleibt es dabei, prüfen Sie das Token mit pkcs11-tool
        }
    }
module-removed = das Token ist fort ({ $code } bei { $function }); nichts wurde geschrieben
    .hint = stecken Sie es ein und beginnen Sie neu
module-no-token = { $token } ist fort
    .hint = stecken Sie es ein und beginnen Sie neu
module-several-tokens = mehrere Token sind { $token }, und in seinem Slot ist es nicht
    .hint = ziehen Sie alle bis auf eines heraus
module-no-key = { $token } hat keinen privaten Schlüssel { $key }
    .hint = { $has_keys ->
        [yes] es hat { $there }. Nennen Sie den Schlüssel mit dem Namen und der ID, die er dort hat
       *[no] es zeigt keinen Schlüssel. Wählen Sie ein anderes Token
    }
module-several-keys = { $token } hat mehrere Schlüssel { $key }
    .hint = { $alike ->
        [yes] nichts unterscheidet sie, denn Name und ID sind gleich. Geben Sie einem eine andere ID (pkcs11-tool --set-id)
       *[no] nennen Sie mehr von Name und ID des Schlüssels (countersign devices zeigt beide)
    }
module-no-mechanism = das Token bietet mit diesem Schlüssel kein Verfahren für { $algorithm }
    .hint = wählen Sie einen anderen Algorithmus oder Schlüssel
module-none-offered = durch dieses Modul bietet das Token kein Verfahren, das mit { $key } signiert, einem Schlüssel der Art { $kind } ({ $wanted })
    .hint = verwenden Sie ein anderes Modul für dieses Token oder einen anderen Schlüssel
module-attests-only = { $key } attestiert die anderen Schlüssel und signiert sonst nichts
    .hint = wählen Sie einen anderen Schlüssel
module-not-for-signing = das Token lässt { $key } nicht signieren (CKA_SIGN ist false)
    .hint = wählen Sie einen anderen Schlüssel
module-no-public-half = das Token zeigt die öffentliche Hälfte von { $key } nicht, mit der seine Signaturen geprüft werden
    .hint = geben Sie sie mit --public-key an, oder legen Sie sein Zertifikat auf dem Token ab
module-other-public-half = der angegebene öffentliche Schlüssel gehört nicht zu { $key } auf dem Token
    .hint = geben Sie den richtigen an, oder lassen Sie ihn weg
module-form = was es als Signatur gab, hat { $length } Bytes, und so lang ist keine Signatur mit { $algorithm }; nichts wurde geschrieben
    .hint = melden Sie es dem Hersteller des Moduls

## LoginError

login-wrong = die PIN ist falsch; das kostete einen Versuch, und das Token sagt nicht, wie viele bleiben
login-one-left = die PIN ist falsch; noch 1 Versuch
login-locked = die PIN des Tokens ist gesperrt, weil sie zu oft falsch war
    .hint = { $unlocking ->
        [puk] entsperren Sie sie mit der PUK (pkcs15-tool --unblock-pin)
        [yubikey] entsperren Sie sie mit der PUK (countersign pin unblock)
       *[securityofficer] lassen Sie seinen Verwalter eine andere setzen (pkcs11-tool --init-pin --so-pin)
    }
login-fewer-tries = für die PIN ist nur noch 1 Versuch übrig, was nicht angezeigt war; sie wurde nicht gesendet
    .hint = sehen Sie noch einmal nach, bevor Sie sie eingeben
login-not-set = das Token hat noch keine PIN
    .hint = lassen Sie eine setzen (pkcs11-tool --init-pin)
login-expired = die PIN muss geändert werden, bevor sie gilt
    .hint = ändern Sie sie (pkcs11-tool --change-pin)
login-length = eine PIN dieses Tokens hat { $least } bis { $most } Zeichen; sie wurde nicht gesendet, also ist kein Versuch verloren
login-refused = das Token nimmt dies nicht als PIN an
    .hint = geben Sie sie noch einmal ein
login-broken-off = am PIN-Pad des Tokens abgebrochen; nichts wurde signiert

## KeptPinError

kept-pin-wrong-before = die PIN des Tokens war falsch, seit sie zuletzt richtig war; die in { $path } wurde deshalb nicht gesendet: Sie könnte das Token sperren
    .hint = berichtigen Sie die PIN in der Datei und signieren Sie dann einmal mit eingegebener PIN
kept-pin-mode = { $path } hat den Modus { $mode }, andere könnten die PIN darin also lesen; sie wurde nicht verwendet
    .hint = geben Sie der Datei den Modus 0600 (chmod 600), und lassen Sie die PIN ändern, wenn andere sie lesen konnten
kept-pin-open = die PIN wurde nicht gelesen: { $words }
    .hint = bewahren Sie die PIN auf, wo niemand sonst schreiben kann
kept-pin-not-a-file = { $path } ist keine Datei mit einer PIN
    .hint = nennen Sie eine Datei oder einen Dateideskriptor (/dev/fd/3)
kept-pin-unreadable = { $path }: Die PIN ist nicht lesbar ({ $source })
    .hint = prüfen Sie, ob die Datei da ist und Sie sie lesen dürfen
kept-pin-empty = in { $path } steht keine PIN
    .hint = schreiben Sie die PIN in die erste Zeile
kept-pin-own-pad = das Token nimmt seine PIN am eigenen Tastenfeld; die in { $path } kann nicht gesendet werden
    .hint = nehmen Sie die pin-source aus der URI, und geben Sie die PIN am Tastenfeld ein
kept-pin-line = { $path }: { $why }
    .hint = schreiben Sie die PIN in die erste Zeile und sonst nichts

## SshAgentError

ssh-agent-no-socket = kein SSH-Agent ist genannt
    .hint = starten Sie einen (eval "$(ssh-agent)") und fügen Sie den Schlüssel hinzu (ssh-add), oder nennen Sie seinen Socket
ssh-agent-not-there = an { $socket } antwortet kein SSH-Agent ({ $source })
    .hint = starten Sie den Agenten, oder nennen Sie den Socket dessen, der läuft
ssh-agent-ended = der SSH-Agent an { $socket } hat das Gespräch beendet ({ $source }); nichts wurde signiert
    .hint = sehen Sie nach, ob er noch läuft (ssh-add -l), und versuchen Sie es dann erneut
ssh-agent-no-agent = was an { $path } antwortet, spricht nicht wie ein SSH-Agent; nichts wurde signiert
    .hint = nennen Sie den Socket eines SSH-Agenten
ssh-agent-timed-out = der SSH-Agent an { $socket } hat innerhalb von { $seconds } s nicht geantwortet; nichts wurde signiert
    .hint = sehen Sie nach, ob er auf eine Bestätigung wartet, und versuchen Sie es dann erneut
ssh-agent-empty = der SSH-Agent an { $path } hat keine Schlüssel anzubieten
    .hint = fügen Sie den Schlüssel hinzu (ssh-add), oder entsperren Sie den Agenten (ssh-add -X)
ssh-agent-none-signs = keiner der Schlüssel im SSH-Agenten an { $socket } signiert hier: { $keys }
    .hint = fügen Sie ihm einen Schlüssel für Ed25519, ECDSA P-256, ECDSA P-384 oder RSA (mindestens 2048 Bit) hinzu
ssh-agent-no-such-key = der SSH-Agent hat keinen Schlüssel { $wanted }; er hat { $keys }
    .hint = nennen Sie einen Schlüssel mit seinem Fingerabdruck oder seinem Kommentar (ssh-add -l), oder fügen Sie ihn hinzu (ssh-add)
ssh-agent-several = mehrere Schlüssel im SSH-Agenten passen: { $words }
    .hint = nennen Sie einen mit seinem Fingerabdruck
ssh-agent-kind = { $key } signiert hier nichts: Schlüssel der Art { $kind } machen Signaturen in SSHs eigener Form oder mit einem Verfahren, das nicht verwendet wird
    .hint = verwenden Sie einen Schlüssel für Ed25519, ECDSA P-256, ECDSA P-384 oder RSA
ssh-agent-refused = der SSH-Agent hat nicht mit { $text } signiert; nichts wurde signiert
    .hint = sehen Sie nach, ob der Schlüssel noch in ihm ist (ssh-add -l), ob er nicht gesperrt ist und ob bestätigt wird, wonach er fragt
ssh-agent-other-way = der SSH-Agent hat mit { $key } als { $way } signiert, was nicht verlangt war; nichts wurde geschrieben
    .hint = verwenden Sie einen Agenten, der RSA-Signaturen mit SHA-256 macht (OpenSSH 7.2 oder neuer)

## PinSourceError

pin-source-command = das Programm einer pin-source wird nicht ausgeführt: Was es ausgäbe, würde als PIN gesendet
    .hint = nennen Sie eine Datei (pin-source=file:/etc/countersign/pin) oder einen Deskriptor (pin-source=file:/dev/fd/3)
pin-source-place = eine pin-source ist der vollständige Pfad einer Datei, etwa file:/etc/countersign/pin
    .hint = nennen Sie eine Datei (pin-source=file:/etc/countersign/pin) oder einen Deskriptor (pin-source=file:/dev/fd/3)

## UriError

uri-scheme = eine PKCS#11-URI beginnt mit pkcs11: (RFC 7512), wie pkcs11:token=hsm;object=witness
uri-part = „{ $text }“ ist kein Teil einer PKCS#11-URI
    .hint = Teile sind name=wert, mit ; dazwischen
uri-twice = { $text } steht zweimal da
    .hint = geben Sie es einmal an
uri-unknown = { $text } ist hier nicht bekannt
    .hint = verwenden Sie token, manufacturer, model, serial, object, id sowie ?module-path= und &pin-source=
uri-text = der Wert von { $text } ist nicht lesbar: Nach jedem Prozentzeichen stehen zwei Hexziffern, und zusammen sind sie UTF-8
uri-pin = eine PIN wird keiner URI entnommen, weil andere sie dort lesen können
    .hint = lassen Sie sie weg; sie wird erfragt, mit --pin-fd gelesen oder aus der Datei, die pin-source= nennt
uri-type = type={ $text } kann nicht signieren
    .hint = lassen Sie es weg, oder geben Sie type=private an

## ModuleFault

module-fault = { $fault }{ $said ->
        [none] {""}
       *[other] . Ausgabe: { $said }
    }

## DeviceTrouble

device-no-card-service = weder YubiKey noch PIV-Karte ist zu sehen: { $why }
    .hint = starten Sie pcscd: systemctl start pcscd.socket. Wenn es fehlt: apt-get install pcscd
device-other-card = diese Smartcard hat keine PIV-Anwendung (Antwort auf das Zurücksetzen { $atr })
    .hint = wenn es ein PKCS#11-Modul für sie gibt, signieren Sie durch dieses mit ihr
device-held = ein anderes Programm belegt diese Karte, oft scdaemon von GnuPG
    .hint = beenden Sie dieses Programm (gpg: gpgconf --kill scdaemon); das wird von selbst bemerkt
device-unreadable = die Karte in diesem Leser { $error }
    .hint = ziehen Sie sie heraus und stecken Sie sie wieder ein

## Namen von Karten

token-yubikey = YubiKey { $serial }
token-yubikey-in = YubiKey in { $reader }
token-card = PIV-Karte { $id }
token-card-in = PIV-Karte in { $reader }
token-the-yubikey = der YubiKey

## Was eine Karte antwortete und nicht verwendbar ist

card-answer-not-piv = sie hat keine PIV-Anwendung
card-answer-firmware = die Firmwareversion hat nicht 3 Bytes
card-answer-no-signature = keine Signatur ist darin
card-answer-serial = die Seriennummer hat nicht 4 Bytes
card-answer-too-long = ein Wert ist zu lang, um gesendet zu werden
card-answer-no-more = mehr Daten waren angekündigt, und keine kamen
card-answer-endless = sie endet nicht
card-answer-no-status = sie hat kein Statuswort
card-answer-no-witness = sie gab keine Aufgabe für den Verwaltungsschlüssel
card-answer-wrong-proof = sie hat den Verwaltungsschlüssel nicht, den sie annahm
card-answer-no-key = der neue öffentliche Schlüssel ist nicht lesbar
card-answer-not-stored = sie gibt nicht zurück, was gespeichert wurde

## Die Form einer PIN

pin-rule = 6 bis 8 Bytes (ein Zeichen braucht 1, wenn es reines ASCII ist, sonst 2 bis 4)
pin-rule-at-most = höchstens { $most } Zeichen
pin-rule-between = { $least } bis { $most } Zeichen
pin-rule-wrong-before = sie war schon falsch, also sind nicht mehr alle Versuche übrig
pin-rule-both = { $length }; { $low }
pin-of-key-blocked = seine PIN ist gesperrt; entsperren Sie sie mit der PUK (countersign pin unblock)
locked-key-in-slot = { $token }, Slot { $slot }

## Dateien, die keine Schlüssel sind, und was zu tun ist

key-file-cosign = einen privaten Schlüssel von cosign
key-file-external = signieren Sie damit durch den Befehl eines externen Signierers
key-file-putty = einen privaten Schlüssel von PuTTY
key-file-putty-convert = wandeln Sie ihn um (`puttygen FILE -O private-openssh -o NEW`)
key-file-age = einen privaten Schlüssel von age, der verschlüsselt und nicht signiert
key-file-age-other = geben Sie den Schlüssel eines Signierers an
key-file-hex = Hexziffern
key-file-hex-convert = geben Sie den Schlüssel in Base64 an (`xxd -r -p FILE | base64`)
key-file-public = einen öffentlichen Schlüssel oder ein Zertifikat
key-file-public-private = geben Sie den privaten Schlüssel an, der dazu gehört
key-file-utf16 = Text in UTF-16
key-file-utf16-convert = speichern Sie sie als UTF-8

## Was verhindert, dass ein Programm startet, und was zu tun ist

not-a-program-directory = es ist ein Verzeichnis; geben Sie den Pfad des Programms selbst an
not-a-program-device = es ist eine Pipe oder ein Gerät; geben Sie den Pfad eines Programms an
not-a-program-empty = seine Datei ist leer; schreiben Sie das Skript, oder installieren Sie das Programm neu
not-a-program-crlf = seine Zeilen enden mit CRLF, also ist kein Interpreter dieses Namens zu finden; speichern Sie es mit LF als Zeilenende
not-a-program-interpreter = sein Interpreter { $interpreter } fehlt; berichtigen Sie die erste Zeile, oder installieren Sie ihn
not-a-program-script = seine erste Zeile nennt keinen Interpreter; beginnen Sie es mit #!/bin/sh, oder schreiben Sie `sh` davor

## Objekte eines TPM

tpm-object-directory = ist ein Verzeichnis
tpm-object-device = ist eine Pipe oder ein Gerät
tpm-object-empty = ist eine leere Datei
tpm-object-unreadable = ist keine lesbare Datei

## Warum ein Schlüssel als Hardware oder als Software zählt

holding-software-slot = Das Modul nennt den Slot nicht Hardware (CKF_HW_SLOT ist nicht gesetzt).
holding-readable = Der Schlüssel ist im Klartext lesbar (CKA_SENSITIVE ist false).
holding-extractable = Der Schlüssel darf das Token verlassen (CKA_EXTRACTABLE ist true).
holding-hardware = Ein Modul auf der Liste der bekannten Module nennt den Slot Hardware, und der Schlüssel ist weder lesbar, noch kann er sie verlassen.
holding-unlisted = Das Modul sagt, es sei Hardware, und steht nicht auf der Liste der bekannten Module, also zählt sein Wort nicht.
holding-changed = Das Modul sagt, es sei Hardware; seine Datei hat sich geändert, seit es auf die Liste der bekannten Module kam, also zählt sein Wort nicht.
holding-hidden = Ob der Schlüssel das Token verlassen kann, zeigt sich erst mit der PIN; bis dahin zählt er als Software.
holding-unknown = Das Modul sagt nicht, ob der Schlüssel das Token verlassen kann.

## Wann ein Schlüssel seine PIN oder eine Berührung verlangt

policy-never = nie
policy-once = einmal
policy-always = immer
policy-cached = für 15 Sekunden
policy-match-once = einmal, ein Fingerabdruck genügt
policy-match-always = immer, ein Fingerabdruck genügt
policy-other = Regel { $number }

## Wie Schlüssel und Token heißen, die keinen Namen haben, und Arten von Schlüsseln

token-by-serial = Token { $serial }
token-in-slot = Token in Slot { $slot }
key-by-id = Schlüssel { $id }
key-label-and-id = { $label } (ID { $id })
key-nameless = Schlüssel ohne Namen
key-kind-not-told = Schlüssel unbekannter Art
key-kind-unknown = Schlüssel unbekannter Art
key-kind-unknown-number = Schlüssel unbekannter Art ({ $number })

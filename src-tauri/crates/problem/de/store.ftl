## ArchiveError

archive-folder = { $path }: nicht zu durchsuchen ({ $why })
    .hint = prüfen Sie, ob alles da und lesbar ist
archive-zip = { $path }: kein lesbares Zip ({ $why })
    .hint = holen Sie es neu von dem, der es geschickt hat
archive-other-form = { $path }: { $what }; nichts wurde daraus übernommen
    .hint = entpacken Sie es, und geben Sie stattdessen den Ordner an
archive-deep-sums = { $path }: { $sums } liegt darin im Ordner „{ $folder }“; nichts wurde daraus übernommen
    .hint = entpacken Sie es, und geben Sie stattdessen diesen Ordner an
archive-name = { $path }: Der Name „{ $name }“ darin { $why }; nichts wurde daraus übernommen
    .hint = fragen Sie, wer es gemacht hat
archive-twice = { $path }: enthält „{ $name }“ zweimal oder in anderer Schreibweise; nichts wurde daraus übernommen
    .hint = fragen Sie, wer es gemacht hat
archive-same-name = { $path }: zwei Dateien darin heißen gleich; nichts wurde daraus übernommen
    .hint = fragen Sie, wer es gemacht hat
archive-not-a-file = { $path }: „{ $name }“ darin ist { $what }; nichts wurde daraus übernommen
    .hint = fragen Sie, wer es gemacht hat
archive-too-many = { $path }: enthält mehr als { $max_files } Dateien
    .hint = exportieren Sie weniger Umschläge auf einmal
archive-too-large = { $path }: { $why }; nichts wurde daraus übernommen
    .hint = exportieren Sie weniger Umschläge auf einmal
archive-total = { $total } Bytes sind mehr als die { $limit } MiB, die ein Archiv haben darf
archive-ratio = { $packed } Bytes würden entpackt zu { $total }, wie es keine Datei mit Aufzeichnungen tut
archive-other-size = { $name } darin hat eine andere Größe, als dort steht
archive-no-sums = { $path }: { $sums } fehlt darin, und jedes Paket und jeder Export hat es
    .hint = prüfen Sie, ob alles kopiert wurde
archive-sums = { $path }: Zeile { $line } in { $sums } ist keine, die sha256sum schreibt
    .hint = fragen Sie, wer es gemacht hat
archive-there = { $path }: ist schon da; nichts wurde geschrieben
    .hint = wählen Sie einen anderen Namen, oder legen Sie es beiseite

fault-missing = fehlt (laut { $sums })
fault-extra = überzählig (laut { $sums })
fault-altered = verändert (laut { $sums })
fault-line-ends = weicht nur in den Zeilenenden ab, wie git (autocrlf) und Übertragungen im Textmodus sie ändern; holen Sie es neu, wie es gemacht wurde, als Zip oder im Binärmodus
archive-is-link = ein symbolischer Link
archive-is-not-unicode = eine Datei, deren Name kein Unicode ist
archive-is-device = ein Gerät oder eine Pipe
archive-is-encrypted = verschlüsselt
archive-method = { $name } darin ist mit einem anderen Verfahren gepackt ({ $method })
archive-beside-files = vor oder hinter den Dateien dieses Zips steht noch etwas
archive-comment = dieses Zip hat einen Kommentar
archive-form = { $form ->
        [gzip] das ist mit { $form } gepackt
        [xz] das ist mit { $form } gepackt
        [zstd] das ist mit { $form } gepackt
        [bzip2] das ist mit { $form } gepackt
       *[other] das ist ein { $form }-Archiv
    }
archive-name-long = ist leer oder zu lang
archive-name-root = führt hinaus, denn er beginnt an der Wurzel
archive-name-backslash = enthält einen Rückstrich
archive-name-hidden = enthält verborgene Zeichen
archive-name-character = enthält ein Zeichen, das nicht jedes System annimmt
archive-name-out = führt aus dem Archiv hinaus
archive-name-empty-part = hat einen leeren Teil
archive-name-edge = hat einen Teil, der mit Leerzeichen oder Punkt beginnt oder endet
archive-name-unicode = ist kein Unicode

## TrustError

trust-folder = { $path }: der Vertrauensordner kann nicht gelesen werden ({ $source })
    .hint = prüfen Sie, ob er ein Ordner und lesbar ist
trust-too-many = { $path }: mehr als { $max_files } Dateien mit Zertifikaten; die übrigen bleiben weg
    .hint = legen Sie beiseite, was nicht gebraucht wird
trust-certificates = { $path }: { $error }
trust-key = { $path }: { $error }
trust-area = { $path }: { $error }
trust-fingerprint = „{ $text }“ ist kein SHA-256-Fingerabdruck
    .hint = geben Sie seine 64 Hexziffern an
trust-not-in-file = { $path }: enthält nichts mit dem SHA-256 { $sha256 }; nichts wurde hinzugefügt
    .hint = sehen Sie die Datei noch einmal an
trust-not-confirmed = nichts wurde bestätigt; nichts wurde hinzugefügt
    .hint = bestätigen Sie, wem Sie vertrauen
trust-not-trusted = { $folder }: enthält nichts mit dem SHA-256 { $sha256 }; nichts wurde entfernt
trust-list = { $path }: { $error }
trust-lists-too-large = { $path }: die Sperrlisten sind zusammen zu groß; die übrigen bleiben weg
    .hint = entfernen Sie Sperrlisten, die durch neuere ersetzt sind
trust-no-such-list = { $folder }: enthält keine Sperrliste mit dem SHA-256 { $sha256 }; nichts wurde entfernt
    .hint = prüfen Sie den SHA-256 in der Liste
trust-make = { $path }: der Vertrauensordner kann nicht angelegt werden ({ $source })
    .hint = bitten Sie um Schreibrechte dort
trust-private-key-in-file = { $path }: enthält einen privaten Schlüssel, der verloren ginge; nichts wurde entfernt
    .hint = verschieben Sie den Schlüssel in eine Datei außerhalb des Vertrauensordners, und entfernen Sie das Wurzelzertifikat dann noch einmal
trust-remove = { $path }: kann nicht entfernt werden ({ $source })
    .hint = bitten Sie um Schreibrechte dort

## InputsError

inputs-cancelled = abgebrochen; die Dateien, aus denen der Lauf entstand, wurden nicht verglichen
inputs-too-large = die Dateien, aus denen der Lauf entstand, sind größer als die { $limit } MiB, die ein Paket enthalten darf; nichts wurde gepackt
    .hint = ohne sie packen und sie getrennt senden

## DirectoryError

not-searched = nicht durchsucht: { $error }
not-searched-below = { $root }: nicht durchsucht: { $error }
directory-not-a-directory = { $path }: kein solches Verzeichnis
    .hint = prüfen Sie den Namen, oder ob sein Datenträger angeschlossen ist

## EvidenceError

evidence-form = { $path }: { $error }
    .hint = geben Sie das JSON-Objekt einer Schlüsselattestierung an, die Zertifikate eines YubiKeys oder eines YubiHSM oder ein Verzeichnis mit den Dateien von tpm2_certify
evidence-no-file = { $path }: enthält { $what ->
        [attest] keine Aussage des TPM
        [signature] keine Signatur des Attestierungsschlüssels
        [ak-public] keinen öffentlichen Teil des Attestierungsschlüssels
       *[key-public] keinen öffentlichen Teil des Schlüssels
    } (eine Datei von { $names })
    .hint = legen Sie dort ab, was tpm2_certify und tpm2_readpublic geschrieben haben
evidence-certificate = { $path }: das Zertifikat kann nicht gelesen werden ({ $error })
    .hint = geben Sie PEM oder DER an
evidence-pair = { $path }: { $alone ->
        [none] enthält kein Zertifikat eines Schlüssels in einem YubiKey oder einem YubiHSM
       *[other] das Zertifikat, das { $alone } ausgestellt hat, fehlt
    }
    .hint = geben Sie die Zertifikate des Schlüssels und seines Geräts (bei einem YubiKey Slot f9) zusammen an, in einer Datei oder zweien
evidence-several = { $path }: enthält { $several } Attestierungen
    .hint = geben Sie eine an
evidence-directory = { $path }: nicht aufzulisten ({ $why })
    .hint = prüfen Sie, ob es lesbar ist
evidence-contradicts = der Nachweis gehört zu keiner Signatur von { $path }: { $why }; nichts wurde geschrieben
evidence-unusable = { $path }: das kann nicht angehängt werden: { $why }; nichts wurde geschrieben
evidence-ambiguous = { $path }: { $fitting } Signaturen könnten gemeint sein, da der Nachweis hier nicht zu beurteilen ist; nichts wurde geschrieben
    .hint = geben Sie einen Nachweis an, der seinen Schlüssel nennt
evidence-no-signature = { $path }: hat keine Signatur, zu der ein Nachweis gehören könnte
    .hint = signieren Sie es zuerst
evidence-has = { $path }: die Signatur von „{ $signer }“ hat schon eine Attestierung; nichts wurde geändert
evidence-signatures = { $path }: { $error }; nichts wurde geschrieben
evidence-artifact = { $path }: kann nicht signiert werden ({ $why }); nichts wurde geschrieben

## KeyringFileError

keyring-file-keyring = { $path }: { $error }
keyring-file-directory = { $path }: das Verzeichnis für den Schlüsselbund kann nicht angelegt werden ({ $source })

## Rewritten

rewritten-log-truncated = { $place }{ $kind ->
        [ledger] Das Register
       *[log] Das Protokoll
    } wurde gekürzt: Es hatte { $had ->
        [one] 1 Eintrag
       *[other] { $had } Einträge
    } am { $at }, und hat { $has }{ $lost ->
        [none] {""}
       *[other] ; es fehlen: { $lost }
    }
    .hint = finden Sie heraus, wer es gekürzt hat, und stellen Sie { $kind ->
        [ledger] das ganze Register
       *[log] das ganze Protokoll
    } wieder her, oder nehmen Sie es hin, wie es ist
rewritten-log-gone = { $place }{ $kind ->
        [ledger] Das Register
       *[log] Das Protokoll
    } ist fort: Es hatte { $had ->
        [one] 1 Eintrag
       *[other] { $had } Einträge
    } am { $at }{ $lost ->
        [none] {""}
       *[other] ; es fehlen: { $lost }
    }
    .hint = finden Sie heraus, wer es entfernt hat, und stellen Sie es wieder her, oder nehmen Sie das hin
rewritten-log-forked = { $place }{ $kind ->
        [ledger] Das Register
       *[log] Das Protokoll
    } wurde gegabelt: Eintrag { $position } ist nicht der am { $at } gesehene, also ist sein Verlauf ein anderer{ $lost ->
        [none] {""}
       *[other] ; es fehlen: { $lost }
    }
    .hint = { $is_of_others ->
        [yes] fragen Sie den Absender, welches das richtige ist
       *[no] finden Sie heraus, welches das richtige ist, und stellen Sie es wieder her, oder nehmen Sie dieses hin
    }

## LogMemoryError

log-memory-damaged = { $path }: was vom Protokoll zu sehen war, kann nicht gelesen werden ({ $why }), also bleibt eine Kürzung oder Gabelung unbemerkt
    .hint = stellen Sie die Datei wieder her, oder legen Sie sie beiseite und nehmen Sie das Protokoll hin, wie es ist (countersign log accept)
log-memory-broken = { $path }: das Protokoll ist unterbrochen, { $broken }; es wird nicht hingenommen
    .hint = stellen Sie es aus einer Kopie wieder her
log-memory-too-short = { $length } Bytes, und { $wanted } wurden geschrieben
log-memory-other-subject = darin geht es um etwas anderes
log-memory-other-length = { $copied } Bytes sollten hinzukommen, nicht { $added }
log-memory-other-directory = sie nennt ein anderes Verzeichnis

## What is known of a log beyond its own chain

loss-accepted = { $count ->
        [one] 1 Eintrag
       *[other] { $count } Einträge
    } des { $kind ->
        [ledger] Registers
       *[log] Protokolls
    }, { $count ->
        [one] den diese Station sah, fehlt
       *[other] die diese Station sah, fehlen
    }; eine Person nahm das am { $at } hin: { $reason }
log-older = älter als gemerkt: diese Station sah { $saw } Einträge { $kind ->
        [ledger] dieses Registers
       *[log] dieses Protokolls
    }, und { $here } sind hier
log-copy-longer = eine Kopie { $kind ->
        [ledger] des Registers
       *[log] des Protokolls
    } { $place } mit { $count ->
        [one] 1 Eintrag
       *[other] { $count } Einträgen
    } mehr, als diese Station dort sah; finden Sie heraus, wer etwas hinzugefügt hat
log-note = { $path }: { $note }
log-not-chosen = { $path } zählt nicht; { $configured } ist das gewählte { $kind ->
        [ledger] Register
       *[log] Protokoll
    }
log-older-copy = { $path } ist das { $kind ->
        [ledger] Register
       *[log] Protokoll
    }, das zählt; { $others } ist eine ältere Kopie davon und zählt nicht
log-is-broken = ist unterbrochen, { $why }
log-is-unreadable = kann nicht gelesen werden: { $why }

## LogPlaceError

log-place-several = zwei { $kind ->
        [ledger] Register
       *[log] Protokolle
    }, { $one } und { $other }, und keines setzt das andere fort
    .hint = wählen Sie das { $kind ->
        [ledger] Register
       *[log] Protokoll
    }, das zählt, oder stellen Sie das richtige wieder her
log-place-none = es gibt keinen Platz für ein { $kind ->
        [ledger] Register
       *[log] Protokoll
    }

## LogCopyWarning

log-copy-second-version = { $copy }: vielleicht eine zweite Fassung von { $log }; sie wird nicht gelesen
    .hint = vergleichen Sie die beiden, tragen Sie die Läufe ein, die nur die Kopie hat, und nehmen Sie die Kopie dann aus dem Verzeichnis
log-copy-conflict-markers = { $path }: enthält Konfliktmarken von git
    .hint = stellen Sie eine Seite wieder her, und tragen Sie dann die Läufe der anderen ein

## ModuleOptionsError

module-options-unreadable = { $path }: das Modul kann nicht gelesen werden ({ $error })
    .hint = geben Sie den Pfad seiner Datei an
module-options-variable = eine Variable für das Modul „{ $path }“ ist kein Name
    .hint = geben Sie nur ihren Namen an, wie KRYOPTIC_CONF
module-options-digest = der SHA-256 des Moduls „{ $path }“ sind keine 64 Hexziffern
    .hint = vertrauen Sie seiner Datei noch einmal
module-options-unknown = über das Modul „{ $path }“ ist nichts aufbewahrt
    .hint = zeigen Sie alle mit `countersign modules list`

## Kinds of files and places, after "this is not"

file-kind-new = ein Schlüssel, ein Paket oder ein Export
file-kind-journal = ein Journal
file-kind-log = ein Transparenzprotokoll
file-kind-boundary = eine Befugnisgrenze
file-kind-ledger = ein Befugnisregister
file-kind-head = der Kopf eines Protokolls
file-kind-proof = ein Einschlussbeweis
file-kind-witness-request = eine Anfrage an einen Zeugen
file-kind-cosignature = eine Zeugensignatur
file-kind-tlog-proof = ein Beweis nach c2sp.org/tlog-proof
file-kind-tpm = der Nachweis eines TPM
file-kind-keyring = ein Schlüsselbund
file-kind-signatures = eine Signaturdatei
file-kind-refusals = eine Datei mit Verweigerungen
file-kind-manifest = ein Manifest
file-kind-run = ein versiegelter Lauf
file-kind-settings = eine Datei mit Einstellungen
file-kind-history-csv = ein Verlauf in CSV
file-kind-history-json = ein Verlauf in JSON
place-station = die Dateien der Station
place-log-memory = das, was von Protokollen zu sehen war
place-roots = vertrauenswürdige Wurzelzertifikate
place-crls = Sperrlisten

## OverwriteError

overwrite-evidence-name = { $path }: so heißt { $what } und nicht { $wanted }; nichts wurde geändert
    .hint = wählen Sie einen anderen Namen
overwrite-other-content = { $path }: ist da und etwas anderes als { $wanted }; nichts wurde geändert
    .hint = wählen Sie einen anderen Namen, oder legen Sie die Datei beiseite
overwrite-evidence-directory = { $path }: „{ $name }“ liegt darin, also ist es kein Ort für { $wanted }; nichts wurde geändert
    .hint = wählen Sie ein anderes Verzeichnis
overwrite-not-a-directory = { $path }: ist da und kein Verzeichnis; nichts wurde geändert
    .hint = wählen Sie ein Verzeichnis für { $wanted }

## OwnershipError

ownership-writable-by-others = { $path }: nicht benutzt, denn { $which ->
        [none] es ist
       *[other] { $which } ist
    } beschreibbar für { $who ->
        [group] die Gruppe
       *[everyone] jeden Benutzer
    }
    .hint = prüfen Sie den Inhalt, und führen Sie dann aus: chmod { $change } { $quoted }
ownership-other-owner = { $path }: nicht benutzt, denn { $which ->
        [none] es gehört
       *[other] { $which } gehört
    } Benutzer { $owner }, nicht Ihnen oder root
    .hint = prüfen Sie den Inhalt, und führen Sie dann aus: chown { $user } { $quoted }

## MadePrivate

made-private = Ihre Gruppe konnte diese bis jetzt ändern und kann es nicht mehr: { $names }
    .hint = prüfen Sie, ob Schlüsselbund, vertrauenswürdige Wurzelzertifikate und Einstellungen so sind, wie Sie sie gemacht haben

## ReadError

read-not-found = { $path }: keine solche Datei
    .hint = prüfen Sie den Namen
read-not-a-file = { $path }: keine gewöhnliche Datei; nur Dateien werden gelesen
read-link-out = { $path }: ein symbolischer Link aus seinem Verzeichnis hinaus, auf { $target }
    .hint = kopieren Sie die Datei selbst dorthin
read-too-large = { $path }: { $size } Bytes sind mehr als die { $limit } MiB, die gelesen werden; nichts dieser Art ist so groß
    .hint = sehen Sie nach, was es ist
read-io = { $path }: kann nicht gelesen werden ({ $source })
    .hint = prüfen Sie die Rechte und den Datenträger

## ReadReason

read-reason-not-found = keine solche Datei
read-reason-not-a-file = keine gewöhnliche Datei
read-reason-link-out = ein symbolischer Link aus dem Verzeichnis hinaus, auf { $target }
read-reason-too-large = { $size } Bytes sind mehr als die { $limit } MiB, die gelesen werden
read-reason-io = kann nicht gelesen werden: { $why }

## WriteError

write-lock = { $path }: kann nicht gesperrt werden ({ $source })
    .hint = prüfen Sie, ob das Verzeichnis da und lesbar ist
write-locked = { $path }: seit { $seconds } Sekunden gesperrt durch { $holder }; nichts wurde geschrieben
    .hint = { $held ->
        [none] Beenden Sie diesen Prozess, oder warten Sie auf ihn, und versuchen Sie es dann noch einmal
       *[other] Wenn dort keine andere Station arbeitet, entfernen Sie { $held }, und versuchen Sie es noch einmal
    }
lock-holder = Prozess { $process } ({ $name }, Benutzer { $user })
lock-holder-unknown = einen anderen Prozess
write-access-not-kept = { $path }: { $why }
write-sticky = { $path }: gehört Benutzer { $owner }, und in einem Sticky-Verzeichnis kann niemand sonst es ersetzen; nichts wurde geändert
    .hint = bitten Sie um: chmod -t { $directory }
write-not-a-file = { $path }: ist da und keine gewöhnliche Datei
    .hint = legen Sie es beiseite
write-there = { $path }: ist schon da; nichts wurde geschrieben
    .hint = legen Sie es beiseite
write-io = { $path }: kann nicht geschrieben werden ({ $source }); nichts wurde geändert
    .hint = { $kind ->
        [StorageFull] schaffen Sie Platz auf dem Datenträger, und versuchen Sie es noch einmal
        [QuotaExceeded] schaffen Sie Platz auf dem Datenträger, und versuchen Sie es noch einmal
        [ReadOnlyFilesystem] binden Sie den Datenträger beschreibbar ein, oder kopieren Sie die Dateien auf einen solchen
        [PermissionDenied] bitten Sie um Schreibrechte für das Verzeichnis
       *[other] prüfen Sie den Datenträger und das Verzeichnis
    }
write-partly = { $path }: kann nicht geschrieben werden ({ $source }); { $stands } ist geschrieben und bleibt
    .hint = { $kind ->
        [StorageFull] schaffen Sie Platz auf dem Datenträger
        [QuotaExceeded] schaffen Sie Platz auf dem Datenträger
        [ReadOnlyFilesystem] binden Sie den Datenträger beschreibbar ein, oder kopieren Sie die Dateien auf einen solchen
        [PermissionDenied] bitten Sie um Schreibrechte für das Verzeichnis
       *[other] prüfen Sie den Datenträger und das Verzeichnis
    }, und tun Sie dann dasselbe noch einmal, um es abzuschließen

## KeepError

keep-owner = es gehört Benutzer { $owner }, der es nicht mehr lesen könnte, wenn Sie es ersetzen; nichts wurde geändert
    .hint = bitten Sie diesen Benutzer, ihm eine Gruppe zu geben, in der Sie beide sind (chgrp GROUP FILE; chmod g+r FILE)
keep-group = seine Gruppe { $group } kann nicht bleiben, da Sie nicht in ihr sind; nichts wurde geändert
    .hint = bitten Sie um Mitgliedschaft, oder um: chgrp { $group } { $directory } && chmod g+s { $directory }
keep-acl = seine Zugriffsliste kann nicht bleiben ({ $source }); nichts wurde geändert
    .hint = verschieben Sie die Dateien auf ein Dateisystem mit solchen Listen, oder entfernen Sie die Liste (setfacl -b FILE)
keep-mode = seine Rechte { $had } können nicht bleiben, dieses Dateisystem gibt neuen Dateien { $has } ({ $source }); nichts wurde geändert
    .hint = setzen Sie die Rechte dort, wo es eingebunden wird, oder benutzen Sie eine weitere umask

## DiskNotice

disk-notice-waiting-for-lock = { $directory }: wartet bis zu { $seconds } Sekunden auf die Sperre dieses Verzeichnisses, gehalten durch { $holder }
disk-notice-lock-taken = { $directory }: die Sperre ist frei; es geht weiter
disk-notice-not-confirmed = { $path }: ist geschrieben und bleibt, doch der Datenträger hat es nicht bestätigt ({ $why })
    .hint = prüfen Sie den Datenträger, und später, ob die Datei noch da ist
disk-notice-flush-not-offered = { $directory }: dieses Dateisystem kann nicht bestätigen, dass Dateien auf dem Datenträger sind
    .hint = hängen Sie es aus, bevor Sie es abziehen oder ausschalten
disk-notice-mode-not-kept = { $path }: auf diesem Dateisystem sind keine Rechte zu setzen; die neue Datei hat { $has }, und die alte hatte { $had }
    .hint = setzen Sie sie dort, wo es eingebunden wird
disk-notice-key-open-to-others = { $path }: andere Benutzer können diesen privaten Schlüssel { $can ->
        [change] ändern
       *[read] lesen
    }
    .hint = führen Sie aus: chmod 600 { $command }
disk-notice-not-journalled = es ist getan, doch das Journal sagt es nicht: { $why }
    .hint = reparieren Sie das Verzeichnis des Journals
disk-notice-claim-not-kept = es ist getan, doch der Claim ist nicht aufbewahrt, also kann ihn kein Zusammenführen wiederherstellen, wenn ein anderes Programm ihn weglässt: { $why }
disk-notice-terms-not-remembered = es ist getan, doch was die Signaturdatei verlangt, ist nicht gemerkt: { $why }

## SettingsError

settings-unreadable = die Einstellung „{ $name }“ kann nicht gelesen werden ({ $why }); ihre Voreinstellung gilt
settings-threshold = die Schwelle ist { $number }, und eine einzelne Signatur reicht nie
    .hint = setzen Sie sie auf 2 oder mehr
settings-empty-path = der Pfad { $text ->
        [keyring] des Schlüsselbunds
        [trust-folder] des Vertrauensordners
        [ledger] des Registers
        [module] des PKCS#11-Moduls
       *[log] des Protokolls
    } ist leer
    .hint = geben Sie einen an, oder lassen Sie die Voreinstellung
settings-same-name = zwei Signierer heißen „{ $text }“
    .hint = geben Sie einem von ihnen einen anderen Namen

## SettingsFileError

settings-file-signers-changed = die Signierer wurden inzwischen anderswo geändert
    .hint = öffnen Sie die Einstellungen neu, und wiederholen Sie Ihre Änderung
settings-file-modules-changed = die Einstellungen der PKCS#11-Module wurden inzwischen anderswo geändert
    .hint = öffnen Sie die Einstellungen neu, und wiederholen Sie Ihre Änderung
settings-file-damaged = { $path }: die Einstellungen sind beschädigt ({ $error }); nichts wurde geändert
    .hint = reparieren Sie die Datei, oder legen Sie sie beiseite
settings-file-setting = { $path }: { $error }; nichts wurde geändert
settings-file-directory = { $path }: das Verzeichnis für die Einstellungen kann nicht angelegt werden ({ $source })
    .hint = bitten Sie um Schreibrechte dort

settings-notice-damaged = die Einstellungen sind beschädigt ({ $why })
    .hint = die Voreinstellungen gelten
settings-notice-unreadable = die Einstellungen können nicht gelesen werden ({ $why })
    .hint = die Voreinstellungen gelten
settings-notice-not-kept = die beschädigten Einstellungen können nicht aufbewahrt werden ({ $why })
    .hint = kopieren Sie sie selbst, bevor Sie eine Einstellung ändern

## ProfileError

profile-not-given = einem Signierer fehlt { $text ->
        [name] der Name
        [key-id] die Schlüssel-ID
        [person] die Person, die signiert
        [key-file] die Schlüsseldatei
        [public-key] der öffentliche Schlüssel
       *[command] der Befehl
    }
    .hint = geben Sie das an
profile-key = { $path }: { $error }
profile-public-key = der öffentliche Schlüssel des Signierers „{ $name }“: { $error }
    .hint = geben Sie ihn als PEM an, oder als base64 bei Ed25519
profile-algorithm = der öffentliche Schlüssel des Signierers „{ $name }“ ist nicht für { $algorithm }
    .hint = wählen Sie den Algorithmus, für den er ist
profile-command = der Befehl des Signierers „{ $name }“: { $error }
profile-timeout = die Frist des Signierers „{ $text }“ ist nicht zwischen 1 und 600 Sekunden
    .hint = 30 ist üblich
profile-token = der Schlüssel des Signierers „{ $name }“: { $why }
    .hint = kopieren Sie ihn aus Geräte, er beginnt mit pkcs11:
profile-token-key = der Signierer „{ $name }“: { $error }
profile-agent-key = der Signierer „{ $name }“: { $error }
profile-not-probed = der Signierer „{ $text }“ wurde seit seiner letzten Probe geändert oder nie erprobt
    .hint = erproben Sie ihn, bevor er signiert
profile-probe = der Signierer „{ $name }“: { $error }
profile-evidence = der Nachweis des Signierers „{ $name }“ widerspricht seiner Signatur: { $why }
    .hint = berichtigen Sie, was sein Befehl für Nachweise ausgibt, oder lassen Sie diesen weg
profile-package = dem Python { $path } fehlt { $packages }
    .hint = installieren Sie es in einer virtuellen Umgebung (`python3 -m venv DIR`, dann `DIR/bin/pip install { $packages }`; ohne Netz `pip download` auf einem anderen Rechner, dann `pip install --no-index --find-links`), und geben Sie DIR/bin/python als Python an
profile-tool = das Programm { $tool } ist nicht im Suchpfad (PATH)
    .hint = { $tool ->
        [aws] installieren Sie die AWS-Kommandozeile
        [pkcs11-tool] installieren Sie OpenSC (unter Debian: apt-get install opensc)
       *[other] installieren Sie es
    }
profile-python = der Signierer „{ $name }“: { $path } antwortet nicht wie Python
    .hint = geben Sie ein Python 3 an, etwa /usr/bin/python3

## WatchError

watch-not-found = kein solches Verzeichnis
watch-not-allowed = keine Leserechte
watch-limit = die Grenze des Systems für beobachtete Verzeichnisse ist erreicht
watch-other = { $text }

## SignedFilesError

signed-files-artifact = { $path }: { $error }
signed-files-signatures = { $path }: { $error }

## LogTreeError

log-tree-entry-too-long = { $path }: Eintrag { $position } ist länger als die { $limit } Byte, die eine Kachel fasst
    .hint = das Protokoll bleibt durch seine Kette gültig; beginnen Sie für einen Checkpoint ein anderes
log-tree-changed = { $path } hat sich geändert, während sein Baum gebildet wurde
    .hint = versuchen Sie es noch einmal
log-tree-not-a-folder = { $path } ist kein Ordner, und dort gehören Kacheln hin
    .hint = schieben Sie es beiseite; Kacheln werden aus dem Protokoll gebildet
log-tree-tile = { $path } fehlt, oder die Hashes darin führen nicht zum Checkpoint
    .hint = bilden Sie die Kacheln neu mit `countersign log checkpoint`

## TreeHeadError

tree-head-meanwhile = inzwischen wurde hier ein anderer Baum von { $origin } signiert; nichts wurde signiert
    .hint = beginnen Sie von vorn, damit dieser daran anschließt

## CheckpointFileError

checkpoint-file-not-one = { $path }: { $cause }
    .hint = schieben Sie die Datei beiseite und klären Sie, wer sie geschrieben hat

## LogPolicyError

log-policy-not-one = { $path }: { $cause }
    .hint = berichtigen Sie die Datei; was darin stehen darf, sagt c2sp.org/tlog-policy
log-policy-not-text = { $path } ist kein Text
    .hint = schreiben Sie das Regelwerk als UTF-8

## AdoptedError

adopted-missing = diese Station hat einen signierten Schlüsselbund übernommen, und { $path } fehlt; an seiner Stelle wird nichts anderes verwendet
    .hint = übernehmen Sie den Schlüsselbund noch einmal nach seinem Digest: `countersign trust adopt`
adopted-invalid = { $path }: { $cause }
adopted-form = { $path } ist nicht, was übernommen wurde
    .hint = stellen Sie es aus einer Kopie wieder her, oder entfernen Sie seinen Ordner, und übernehmen Sie den Schlüsselbund noch einmal nach seinem Digest; an seiner Stelle wird nichts anderes verwendet
adopted-roots = eine Wurzel des signierten Schlüsselbunds ist nicht lesbar (SHA-256 { $sha256 })
adopted-make = { $path }: der Ordner für den signierten Schlüsselbund lässt sich nicht anlegen ({ $source })
adopted-changed = ein anderer Prozess hat inzwischen etwas übernommen; nichts wurde übernommen
    .hint = versuchen Sie es noch einmal
adopted-signed = diese Station hat einen signierten Schlüsselbund übernommen, den nur seine Verwalter ändern
    .hint = schlagen Sie eine nächste Version vor: `countersign trust propose`

## Notice

journal-notice-broken = { $path }: das Journal war unterbrochen, { $why }; es ist als { $kept_as } aufbewahrt, und ein neues wurde begonnen
    .hint = finden Sie heraus, wer es geändert hat
journal-notice-torn = { $path }: die letzte Zeile war halb geschrieben, von einem Prozess oder Rechner, der anhielt; sie ist als { $kept_as } aufbewahrt, alle Zeilen davor gelten

## Die Kette seiner Dateien

journal-file-broken = { $file }: { $why }
journal-gap = folgt nicht auf { $before }, dazwischen wurden Einträge entfernt oder hinzugefügt
journal-cut-off = wurde abgeschnitten

## Einträge als Sätze

journal-run-and-manifest = { $file } und sein Manifest
journal-key = Schlüssel { $id }
journal-key-hardware = Hardwareschlüssel { $id }
journal-key-software = Softwareschlüssel { $id }
journal-key-accompanied = { $key } und einem Begleitschlüssel
journal-key-external = externer Signierer { $id }
journal-key-other = Schlüssel { $id }, { $kind }
journal-begun = Das Journal beginnt.
journal-rotated = Das Journal setzt { $file } fort, das voll ist.
journal-broken = Das Journal war beschädigt und ist als { $kept_as } aufbewahrt: { $why }
journal-torn = Die letzte Zeile des Journals war unvollständig und ist als { $kept_as } aufbewahrt.
journal-made-private = Der Gruppe wurde der Zugriff auf { $files ->
        [one] 1 Datei
       *[other] { $files } Dateien
    } oder Ordner der Station genommen.
journal-ceremony-begun = { $file } wurde zum Signieren geöffnet.
journal-refused = Nichts wurde signiert: { $why }
journal-broken-off = Abgebrochen; nichts wurde signiert.
journal-key-chosen = { $signer } hat den Schlüssel { $key } gewählt, um als { $role } zu signieren.
journal-secret-asked = Der Schlüssel verlangte: { $secret ->
        [passphrase] Passphrase
       *[other] { $secret }
    }{ $left ->
        [none] {""}
        [one] ; 1 Versuch ist übrig
       *[other] ; { $left } Versuche sind übrig
    }.
journal-last-try-held = Der letzte Versuch ({ $secret ->
        [passphrase] Passphrase
       *[other] { $secret }
    }) wurde nicht genutzt, da er nicht bestätigt wurde.
journal-last-try = Den letzten Versuch ({ $secret ->
        [passphrase] Passphrase
       *[other] { $secret }
    }) zu nutzen, wurde bestätigt.
journal-kept-pin-used = Die PIN wurde ohne Person aus { $source } gelesen
journal-secret-not-taken = Der Schlüssel blieb verschlossen: { $why }
journal-key-opened = Der Schlüssel { $key } wurde für { $signer } geöffnet.
journal-touch-missed = Der Schlüssel wurde nicht rechtzeitig berührt.
journal-signing-attempted = { $signer } hat begonnen, { $what } als { $role } zu signieren ({ $key }).
journal-signed = { $signer } hat { $what } als { $role } signiert ({ $key }).
journal-refusal-attempted = { $signer } hat begonnen, { $what } als { $role } zu verweigern ({ $key }).
journal-refused-to-sign = { $signer } hat als { $role } verweigert, { $what } zu signieren ({ $key }): { $reason }
journal-withdrawn = { $signer } hat als { $role } die eigene Signatur auf { $what } zurückgezogen ({ $key }): { $reason }
journal-signed-partly = Nur { $files } wurde geschrieben: { $why }
journal-registered = { $file } wurde in { $log } eingetragen.
journal-merge-attempted = Das Zusammenführen begann: { $copies ->
        [one] eine Kopie
       *[other] { $copies } Kopien
    } in { $file }.
journal-merged = In { $file } zusammengeführt: { $signatures ->
        [one] 1 Signatur
       *[other] { $signatures } Signaturen
    }{ $refusals ->
        [0] {""}
        [one] {" "}und 1 Verweigerung
       *[other] {" "}und { $refusals } Verweigerungen
    }{ $left_out ->
        [none] {""}
       *[other] ; weggelassen: { $left_out }
    }.
journal-accepted = angenommen
journal-accepted-with-reservations = mit Vorbehalt angenommen
journal-rejected = abgelehnt
journal-finding-attempted = { $signer } hat begonnen, den Befund { $file } zu { $reviewed } zu signieren: { $outcome }.
journal-finding-written = { $signer } hat den Befund { $file } zu { $reviewed } signiert: { $outcome }.
journal-release-attempted = { $signer } hat begonnen, die Freigabe { $file } der Version { $version } zu signieren.
journal-release-signed = { $signer } hat die Freigabe { $file } der Version { $version } signiert.
journal-checkpoint-attempted = { $signer } hat begonnen, den Baum von { $origin } mit { $entries } { $entries ->
        [one] Eintrag
       *[other] Einträgen
    } als { $role ->
        [log] Protokoll
       *[witness] Zeuge
    } zu signieren.
journal-checkpoint-signed = { $signer } hat den Baum von { $origin } mit { $entries } { $entries ->
        [one] Eintrag
       *[other] Einträgen
    } als { $role ->
        [log] Protokoll
       *[witness] Zeuge
    } signiert.
journal-cosignature-imported = Aufgenommen: { $witness } sah { $entries } { $entries ->
        [one] Eintrag
       *[other] Einträge
    } von { $log }.
journal-keyring-attempted = { $signer } hat begonnen, { $file } zu signieren, Version { $version } des signierten Schlüsselbunds.
journal-keyring-signed = { $signer } hat { $file } signiert, Version { $version } des signierten Schlüsselbunds.
journal-keyring-adopted = Version { $version } des signierten Schlüsselbunds wurde übernommen.
journal-key-taken-away = Der Schlüssel { $key } wurde im Notfall widerrufen, nach Version { $version } des signierten Schlüsselbunds.
journal-archive-attempted = Das Schreiben begann: { $kind ->
        [pack] Paket
       *[export] Export
    } { $archive } mit { $envelopes ->
        [one] 1 Umschlag
       *[other] { $envelopes } Umschlägen
    }.
journal-archive-written = Geschrieben: { $kind ->
        [pack] Paket
       *[export] Export
    } { $archive } mit { $envelopes ->
        [one] 1 Umschlag
       *[other] { $envelopes } Umschlägen
    }.
journal-import-attempted = Der Import von { $archive } in { $directory } begann.
journal-imported = { $archive } wurde importiert: { $new ->
        [one] 1 neuer Umschlag
       *[other] { $new } neue Umschläge
    }, { $signatures ->
        [one] 1 neue Signatur
       *[other] { $signatures } neue Signaturen
    }{ $left_out ->
        [none] {""}
       *[other] ; weggelassen: { $left_out }
    }.
journal-evidence-attached = Ein Nachweis ({ $evidence }) kam hinzu: { $files }.
journal-time-stamps-requested = { $requests ->
        [one] 1 Anfrage
       *[other] { $requests } Anfragen
    } für Zeitstempel in { $folder } geschrieben.
journal-time-stamp-attached = Ein Zeitstempel vom { $time }, laut { $authority }, kam für { $signer } hinzu: { $files }.
journal-run-time-stamp-added = Ein Zeitstempel vom { $time }, laut { $authority }, kam für { $run } selbst hinzu.
journal-key-created = Ein privater Schlüssel wurde in { $file } erzeugt, { $fingerprint }.
journal-key-added = { $key } von { $owner } kam in den Schlüsselbund, { $kind ->
        [software] Software
        [hardware] Hardware
        [external] externer Signierer
       *[other] { $kind }
    }, Rollen: { $roles }.
journal-key-revoked = { $key } von { $owner } wurde ab { $at } gesperrt{ $compromised ->
        [none] {""}
       *[other] , kompromittiert seit { $compromised }
    }: { $why }
journal-root-trusted = Vertraut wird { $subject }, SHA-256 { $sha256 }.
journal-root-removed = Nicht mehr vertraut wird { $subject }, SHA-256 { $sha256 }.
journal-key-certified = { $count ->
        [one] Ein Zertifikat neben
       *[other] { $count } Zertifikate neben
    } { $key } von { $owner } gelegt
journal-key-uncertified = Die Zertifikate neben { $key } von { $owner } entfernt
journal-crl-added = Sperrliste von { $issuer } hinzugefügt, SHA-256 { $sha256 }
journal-crl-removed = Sperrliste von { $issuer } entfernt, SHA-256 { $sha256 }
journal-exempt-ended = Die Ausnahme endete für { $ended ->
        [one] 1 Signatur
       *[other] { $ended } Signaturen
    }.
journal-exempted = Keinen Claim { $exempted ->
        [one] braucht 1 Signatur
       *[other] brauchen { $exempted } Signaturen
    }.
journal-exempt-changed = Die Ausnahme endete für { $ended ->
        [one] 1 Signatur
       *[other] { $ended } Signaturen
    }, und keinen Claim { $exempted ->
        [one] braucht 1 Signatur
       *[other] brauchen { $exempted } Signaturen
    }.
journal-change-failed = Die Änderung ist gescheitert: { $why }
journal-log-accepted = { $log } wurde hingenommen, mit { $has ->
        [one] 1 Eintrag
       *[other] { $has } Einträgen
    } statt { $had }{ $reason ->
        [none] {""}
       *[other] : { $reason }
    }{ $lost ->
        [none] {""}
       *[other] ; es fehlen: { $lost }
    }
journal-missing-accepted = Dass { $file } fehlt, wurde hingenommen: { $why }
journal-device-arrived = { $name }{ $serial ->
        [none] {""}
       *[other] , Seriennummer { $serial },
    } wurde angesteckt.
journal-device-removed = { $name }{ $serial ->
        [none] {""}
       *[other] , Seriennummer { $serial },
    } wurde entfernt.
journal-yubikey-changed = { $serial ->
        [none] { $name }
       *[other] YubiKey { $serial }
    } eingerichtet: { $change ->
        [pin] die PIN ab Werk ersetzt
        [puk] die PUK ab Werk ersetzt
        [management_key] den Verwaltungsschlüssel durch einen zufälligen ersetzt, den die Karte aufbewahrt
        [key] in Slot { $slot } einen Schlüssel erzeugt, { $about }{ $replaces ->
            [none] {""}
           *[other] , anstelle von { $replaces }
        }
       *[certificate] das Zertifikat des Schlüssels in Slot { $slot } gespeichert{ $replaces ->
            [none] {""}
           *[other] , anstelle des Zertifikats mit dem SHA-256 { $replaces }
        }
    }
journal-pin-changed = { $serial ->
        [none] { $name }
       *[other] YubiKey { $serial }
    }: { $change ->
        [pin] PIN geändert
        [puk] PUK geändert
       *[unblock] PIN entsperrt
    }
journal-setting-changed = Geändert: { $what }, von { $before } zu { $after }.
journal-setting-added = Hinzugefügt: { $what ->
        [signer] Signierer
       *[module] PKCS#11-Modul
    } { $after }.
journal-setting-removed = Entfernt: { $what ->
        [signer] Signierer
       *[module] PKCS#11-Modul
    } { $before }.
journal-setting-replaced = Geändert: { $what ->
        [signer] Signierer
       *[module] PKCS#11-Modul
    } { $before } zu { $after }.
setting-trust = die anerkannten Schlüssel
setting-threshold = die Mindestzahl der Signaturen
setting-roles = die verlangten Rollen außer Operator und Zeuge
setting-assurance = die verlangte Gewähr für Hardwareschlüssel
setting-attested = was attestierte Schlüssel sein müssen
setting-clock = die Uhrtoleranz in Sekunden
setting-boundary = ob eine Befugnisgrenze verlangt wird
setting-time = wessen Wort die Zeit einer Signatur sein muss
setting-claims = ob Signaturen einen Claim brauchen
setting-exempt = die Signaturen, die keinen Claim brauchen
setting-keyring = der Schlüsselbund
setting-trust-folder = der Ordner vertrauenswürdiger Wurzelzertifikate
setting-log = das Transparenzprotokoll
setting-ledger = das Befugnisregister
setting-none = keine
setting-default = der Voreinstellung
setting-beside = dem neben jedem Lauf
setting-pinned = denen im Schlüsselbund
setting-embedded = allen, die stimmen

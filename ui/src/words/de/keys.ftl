# Die Schlüssel des Schlüsselbunds.

keys-title = Schlüssel
keys-filter = Schlüssel filtern
    .placeholder = Filtern
keys-enrol = Aufnehmen…
keys-create = Softwareschlüssel erzeugen…
keys-empty = Der Schlüsselbund ist leer
    .about = Ob eine Signatur zählt, hängt davon ab, wessen Schlüssel sie gemacht hat. Erzeugen Sie einen eigenen Schlüssel, oder nehmen Sie den öffentlichen Schlüssel einer anderen Person auf.
keys-no-match = Keine passenden Schlüssel
keys-show-all = Alle Schlüssel zeigen
keys-caption = { $shown } von { $all } Schlüsseln
keys-count = { $all ->
    [one] { $shown } von { $all } Schlüssel
   *[other] { $shown } von { $all } Schlüsseln
}
keys-who = Wer
keys-kind = Art
keys-type = Typ
keys-roles = Rollen
keys-counts = Zählt
keys-signatures-here = Signaturen hier
keys-signer = Signierer
keys-details = Details
    .of = Details zu { $key }
keys-for-companions = für Begleitsignaturen
keys-companion = Begleitschlüssel
keys-looks-like = Sieht aus wie { $other }, ein anderer Inhaber
keys-kind-attested = { $kind }, attestiert
keys-history = Im Verlauf zeigen
    .of = Verlauf von { $key }: { $count }
keys-revoked = gesperrt
keys-revoke = Sperren…
    .one = { $key } sperren…

kind-word-software = Software
kind-word-hardware = Hardware
kind-word-external = extern

key-valid-revoked = gesperrt seit { $since }
key-valid-between = ab { $from } bis { $until }
key-valid-from = ab { $from }
key-valid-until = bis { $until }
key-valid-always = immer

key-fingerprint = Fingerabdruck, SHA-256 des öffentlichen Schlüssels
keys-certify = Zertifikat hinzufügen…
    .other = Zertifikat ersetzen…
keys-uncertify = Zertifikat entfernen
keys-certified = Das Zertifikat liegt nun neben dem Schlüssel.
certify-key = Ein Zertifikat neben { $key } aufbewahren?
    .act = Zertifikat aufbewahren
certify-who = Es liegt dann neben dem Schlüssel { $key } von { $owner }. Es belegt Namen und ändert keine Stufe.
certify-others = { $count ->
        [one] Dazu kommt ein Zertifikat, das zu einer Wurzel führen kann:
       *[other] Dazu kommen { $count } Zertifikate, die zu einer Wurzel führen können:
    }
certify-instead = Anstelle von
keys-uncertified = Zertifikat entfernt.
key-attestation = Attestierung
key-names = Zertifikat
key-added = Aufgenommen
key-begins = Gilt ab
key-ends = Gilt bis
key-revoked = Gesperrt
    .because = { $date }: { $reason }
key-revocation = Art des Grundes
key-compromised = Kompromittiert seit
key-type-asks = { $type }, { $asks }
key-slot = Slot { $slot }
    .of = { $device }, Slot { $slot }

# Felder, die mehrere Blätter haben.
key-id = Schlüssel-ID
    .missing = Geben Sie eine Schlüssel-ID ein: Mit ihr nennen Signaturen den Schlüssel.
    .taken = Der Schlüsselbund hat schon einen Schlüssel mit dieser ID.
key-owner = Inhaber
    .hint = Der Name in Signaturen.
    .example = Der Name in Signaturen, zum Beispiel mira.k.
    .missing = Geben Sie den Inhaber des Schlüssels ein.
key-roles = Rollen
    .missing = Wählen Sie mindestens eine Rolle.
key-day-wrong = Geben Sie ein Datum wie 2026-01-31 ein, oder lassen Sie es leer.

# Wozu ein Schlüssel dient.
key-purpose = Wozu dient der Schlüssel?
key-purpose-signing = Zum Signieren
    .about = Signiert im Namen seines Inhabers und zählt.
key-purpose-companion = Für Begleitsignaturen (ML-DSA-65)
    .about = Macht neben jeder Signatur seines Inhabers eine zweite, die auch gilt, wenn elliptische Kurven gebrochen sind. Allein zählt sie nie.

# Arten von Schlüsseln, und was sie bedeuten.
key-kind-software = In einer Datei, die mit einer Passphrase verschlüsselt ist.
key-kind-hardware = In einem Token, das ihn nie herausgibt.
key-kind-external = Hinter einem Befehl, zum Beispiel einem Schlüsseldienst.

# Was eingesteckt ist.
plugged-in = Eingesteckt, und nicht im Schlüsselbund
plugged-in-enrol-device = Von einem YubiKey aufnehmen…
plugged-in-enrol-card = Von einer PIV-Karte aufnehmen…
plugged-in-enrol-token = Von einem Token aufnehmen…
plugged-in-token-key = { $token }, { $key }

# Ein neuer Softwareschlüssel.
create-key = Einen Softwareschlüssel erzeugen
    .act = Schlüssel erzeugen
    .about = Ein Schlüssel in einer Datei, die mit einer Passphrase verschlüsselt ist. Sein öffentlicher Schlüssel kommt in den Schlüsselbund.
    .done = { $key } ist erzeugt, aufgenommen und bereit zum Signieren.
    .companion-done = { $key } ist erzeugt und aufgenommen. Wählen Sie ihn für die Begleitsignatur, wenn sein Inhaber signiert.
    .again = Geben Sie die Passphrase noch einmal ein.
create-key-file = Schlüsseldatei
    .missing = Wählen Sie, wohin die Schlüsseldatei geschrieben wird.
passphrase = Passphrase
    .hint = Niemand kann sie wiederherstellen.
    .missing = Geben Sie eine Passphrase ein.
    .differs = Die beiden Eingaben unterscheiden sich.
passphrase-again = Passphrase noch einmal
passphrase-strength = Wie leicht sie zu erraten ist, steht hier beim Tippen.
passphrase-very-weak = Sofort erraten
passphrase-weak = In Stunden erraten
passphrase-fair = Mit viel Aufwand erraten
passphrase-good = In Jahren nicht erraten
passphrase-strong = Nach heutigem Wissen nicht erraten
passphrase-offer = Sechs Wörter vorschlagen
    .about = Zufällig gewählt. Schreiben Sie sie auf, bewahren Sie sie getrennt von der Datei auf, und geben Sie sie oben noch einmal ein.
passphrase-confirm = Diese Passphrase verwenden, obwohl sie leicht zu erraten ist
    .means = Wer eine Kopie der Datei bekommt, kann Passphrasen so schnell probieren, wie die eigenen Rechner es zulassen.
    .missing = Bestätigen Sie, dass eine schwache Passphrase verwendet wird.

# Einen Schlüssel aufnehmen.
enrol-key = Schlüssel aufnehmen
    .public = Einen öffentlichen Schlüssel aufnehmen
    .signed = Den Schlüssel von { $signer } aufnehmen
    .token = { $token }, { $key } aufnehmen
    .device = { $device }, Slot { $slot } aufnehmen
    .done = { $key } von { $owner } ist aufgenommen.
enrol-source = Öffentlicher Schlüssel
    .hint = Eine Datei (PEM, oder eine Signaturdatei, die den Schlüssel enthält), oder der Schlüssel selbst als PEM oder Base64.
    .missing = Wählen Sie eine Datei, oder fügen Sie den öffentlichen Schlüssel ein.
enrol-kind = Art
    .missing = Wählen Sie, was den Schlüssel hält.
enrol-pin = PIN
    .hint = Mit der PIN zeigt das Token, ob Hardware den Schlüssel hält. Ohne sie wird der Schlüssel als Software aufgenommen. Die PIN wird nicht gespeichert.
    .without = Ohne die PIN zählt der Schlüssel hier als Software.
enrol-said = Eine Signatur im Namen von { $signer } wurde mit diesem Schlüssel gemacht. Diesen Namen kann jeder schreiben: Fragen Sie die Person nach dem Fingerabdruck, auf anderem Weg als über diese Datei.
enrol-compared = Das ist der Fingerabdruck, den der Signierende mir genannt hat
    .missing = Vergleichen Sie zuerst den Fingerabdruck.
enrol-stated = Hardware hält diesen Schlüssel; ich habe sie gesehen
    .yes = Seine Signaturen zählen bei L6 auf Ihr Wort hin als Hardware.
    .no = Kein vertrauenswürdiger Nachweis beweist es, also wird der Schlüssel als Software aufgenommen.
enrol-vouched = Der Schlüsselbund steht dafür ein
    .hardware = Nichts an einem öffentlichen Schlüssel zeigt, was ihn hält. Signaturen dieses Schlüssels zählen bei L6 auf Ihr Wort hin als Hardware. Wählen Sie das nur, wenn Sie die Hardware gesehen haben.
    .external = Nichts an einem öffentlichen Schlüssel zeigt, was ihn hält. Signaturen dieses Schlüssels zählen bei L6 auf Ihr Wort hin als extern. Wählen Sie das nur, wenn Sie die Hardware gesehen haben.
enrol-from = Zählt ab
    .hint = Der Beginn dieses Tages, UTC. Leer: von jeher.
enrol-until = Zählt bis
    .hint = Der Beginn dieses Tages, UTC. Leer: ohne Ende.
    .early = Das liegt vor dem Tag, ab dem der Schlüssel zählt.

# Einen Schlüssel sperren.
revoke-key = { $key } sperren
    .act = Schlüssel sperren
    .done = { $key } ist gesperrt.
revoke-compromised = Nur Signaturen mit früherem vertrauenswürdigem Zeitstempel zählen weiterhin
revoke-compromised-means = { $count ->
    [0] Wer den Schlüssel hat, kann jedes Datum in eine Signatur schreiben. Eine Sperrung lässt sich nicht zurücknehmen.
    [one] Wer den Schlüssel hat, kann jedes Datum in eine Signatur schreiben; hier ist { $count } Signatur. Eine Sperrung lässt sich nicht zurücknehmen.
   *[other] Wer den Schlüssel hat, kann jedes Datum in eine Signatur schreiben; hier sind { $count } Signaturen. Eine Sperrung lässt sich nicht zurücknehmen.
}
revoke-from-now = Signaturen, die ab jetzt datiert sind, zählen nicht mehr
revoke-from-now-means = { $count ->
    [0] Frühere Signaturen zählen weiterhin. Eine Sperrung lässt sich nicht zurücknehmen.
    [one] Frühere Signaturen zählen weiterhin; hier ist { $count } Signatur. Eine Sperrung lässt sich nicht zurücknehmen.
   *[other] Frühere Signaturen zählen weiterhin; hier sind { $count } Signaturen. Eine Sperrung lässt sich nicht zurücknehmen.
}
revoke-companion = Begleitsignaturen mit Datum ab jetzt gelten nicht mehr
    .means = Signaturen zählen wie zuvor; die mit ihr gelten nicht mehr, wenn elliptische Kurven gebrochen sind. Eine Sperrung lässt sich nicht zurücknehmen.
revoke-who = { $owner } kann nicht mehr mit { $key } signieren.
revoke-why = Warum
revoke-since = Kompromittiert seit
    .hint = Der erste Tag, an dem eine andere Person den Schlüssel gehabt haben kann (UTC). Leer bedeutet: ab jetzt.
    .future = Dieser Tag liegt in der Zukunft.
revoke-reason = Grund
    .missing = Schreiben Sie einen Grund: Der Schlüsselbund bewahrt ihn auf.
revoke-effect-missing = Erscheint, wenn der Tag stimmt.
revocation-unspecified = Nicht angegeben
revocation-superseded = Ein anderer Schlüssel ersetzt ihn
revocation-affiliation-changed = Die Stellung des Inhabers hat sich geändert
revocation-cessation-of-operation = Er ist nicht mehr in Gebrauch
revocation-key-compromise = Eine andere Person kann ihn haben (kompromittiert)
keys-unread = Der Schlüsselbund wird noch gelesen.

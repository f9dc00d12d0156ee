# Ein geöffneter Umschlag: sein Urteil, Entscheidung, Manifest, Signaturen und Dateien.

envelope = Umschlag
envelope-none = Kein Umschlag ist geöffnet
    .choose = Wählen Sie einen mit { $next } und { $previous }, oder drücken Sie { $help } für die Hilfe.
    .wait = Umschläge, die in der Warteschlange erscheinen, können Sie hier lesen.
envelope-no-decision-id = keine Kennung der Entscheidung
envelope-no-title = Ohne Titel
envelope-unreadable = Nicht lesbar
envelope-copy-path = Pfad kopieren
envelope-title-cut = { $total ->
    [one] Das erste von { $total } Zeichen; alles steht unten im rohen JSON.
   *[other] Die ersten { $count } von { $total } Zeichen; alles steht unten im rohen JSON.
}
envelope-changed = { $cause ->
    [disk] Auf dem Datenträger geändert: { $age }.
    [own] Von Ihnen geändert: { $age }.
    [review] Nach anderen Schlüsseln oder einem anderen Protokoll beurteilt: { $age }.
   *[rules] Neu beurteilt, weil sich Schlüssel, Richtlinie oder Protokoll geändert haben: { $age }.
}
envelope-export = Exportieren…
envelope-pack = Packen…
envelope-print = Drucken…
# Mehrere Zeitstempel sollten erneuert werden: Die Zertifikate der Zeitstempeldienste enden bald.
envelope-stamps-end = { $count ->
    [one] Das Zertifikat von { $count } Zeitstempeldienst endet am { $first }: Erneuern Sie seine Zeitstempel vorher
   *[other] Die Zertifikate von { $count } Zeitstempeldiensten enden bald, das erste am { $first }: Erneuern Sie deren Zeitstempel vorher
}
envelope-stamps-ended = { $count ->
    [one] Das Zertifikat von { $count } Zeitstempeldienst ist abgelaufen: Seine Zeitstempel wurden nicht erneuert
   *[other] Die Zertifikate von { $count } Zeitstempeldiensten sind abgelaufen: Deren Zeitstempel wurden nicht erneuert
}
envelope-gone = Dieser Umschlag ist nicht mehr auf dem Datenträger
    .hint = Sie sehen seinen letzten bekannten Stand.
envelope-no-run = Diese Datei ist nicht als versiegelter Lauf lesbar
    .hint = Hier lässt sich nichts signieren. Reparieren Sie die Datei oder versiegeln Sie den Lauf neu.

envelope-part-run = Versiegelter Lauf
    .short = Lauf
envelope-part-manifest = Manifest
envelope-part-run-signatures = Signaturen des Laufs
envelope-part-manifest-signatures = Signaturen des Manifests
envelope-part-refusals = Verweigerungen

envelope-raw = Rohes JSON
    .of = Rohes JSON, { $part }
envelope-lines = { $size }, { $lines ->
    [one] { $lines } Zeile
   *[other] { $lines } Zeilen
}
envelope-files = { $count ->
    [one] { $count } Datei
   *[other] { $count } Dateien
}
envelope-files-label = Dateien
envelope-file-digest = SHA-256 der Datei, wie sie auf dem Datenträger steht
envelope-no-file = Es gibt keine Datei zu zeigen.

verdict = Urteil
main-register = Ins Protokoll eintragen…
main-enrol = Den Schlüssel aufnehmen…
main-sign = Signieren…
    .hardware = Mit Hardwareschlüssel signieren…
main-co-sign = { $role ->
    [none] Mitsignieren…
   *[other] Als { $role } mitsignieren…
}
slots = Erforderliche Signaturen
slots-co-signer = Mitunterzeichner
slots-more = und { $count } weitere

decision = Entscheidung
decision-refused = Die Pipeline hat diese Entscheidung verweigert.
decision-status = Status
decision-confidence = Konfidenz
decision-decided = Entschieden
decision-actor = Handelnder
decision-actor-role = In der Rolle
decision-authority = Befugnis
decision-policy = Richtlinie
decision-run = Lauf
decision-refusal = Verweigerung
fact-not-given = nicht angegeben

gates = Prüfpunkte
gates-in-short = { $failed ->
    [0] { $total ->
        [0] keine
        [1] { $total } bestanden
       *[other] alle { $total } bestanden
    }
   *[other] { $failed } von { $total } nicht bestanden
}
gates-failed = { $count ->
    [one] { $count } Prüfpunkt nicht bestanden, zuerst gezeigt.
   *[other] { $count } Prüfpunkte nicht bestanden, zuerst gezeigt.
}
gates-none = Der Lauf enthält keine Prüfpunkte.

scope = Geltungsbereich
scope-nothing = nichts
scope-none = Der Lauf nennt nicht, was die Entscheidung umfasst.

list-first = Die ersten { $count } zeigen
list-all = Alle { $count } zeigen
list-more = { $count ->
    [one] { $count } weiterer Eintrag ist hier nicht aufgeführt; alle stehen unten im rohen JSON.
   *[other] { $count } weitere Einträge sind hier nicht aufgeführt; alle stehen unten im rohen JSON.
}

manifest = Manifest
manifest-agrees = stimmt mit dem Lauf überein
manifest-differs = widerspricht dem Lauf
manifest-wrong = Das Manifest gehört nicht zu diesem Lauf
manifest-run-file = Datei des Laufs
manifest-commit = Commit
manifest-rows = Zeilen in Eingabedateien
manifest-schemas = Schemaversionen
manifest-other = { $count ->
    [one] { $count } Feld, das kein Manifest dieses Formats hat
   *[other] { $count } Felder, die kein Manifest dieses Formats hat
}
manifest-other-label = Felder außerhalb des Formats

hashes = Hashwerte
hashes-signed = Was signiert wird: SHA-256 der kanonischen Bytes
hashes-content = Inhalts-Hash
hashes-commit = Commit-Hash
hashes-stand = { $holds ->
    [yes] { $name } gilt
   *[no] { $name } gilt nicht
}
hashes-not-recorded = nicht eingetragen

log = Protokoll
authority = Befugnis

boundary = Befugnisgrenze
boundary-id = Kennung
boundary-contract = Vertrag
boundary-program = Programm
boundary-inside = Liegt der Lauf darin?
boundary-holds = Gilt sie?
boundary-open = Was nicht gilt oder nicht prüfbar ist
boundary-passed = { $count ->
    [one] { $count } Prüfung bestanden
   *[other] { $count } Prüfungen bestanden
}
boundary-none = Neben diesem Lauf liegt keine Befugnisgrenze.

ladder = Stufenleiter
ladder-check = { $required ->
    [yes] { $state }
   *[no] { $state }, nicht erforderlich
}
ladder-no-checks = Diese Stufe hat keine Prüfungen.

refusals = Verweigerungen
refusals-facts = { $known ->
    [both] { $at }, Schlüssel { $key };{ " " }
    [time] { $at },{ " " }
    [key] Schlüssel { $key };{ " " }
   *[none] { "" }
}{ $stands ->
    [yes] { $standing }.
   *[no] { $standing }: { $why }.
}
refusals-lift = Wenn { $signer } signiert, hebt das die Verweigerung auf.

signatures = Signaturen
signatures-count = { $counted } von { $threshold } zählen
signatures-none = Niemand hat diesen Lauf signiert.
signatures-of-run = Signaturen auf dem Lauf
signatures-of-manifest = { $valid ->
    [yes] Auf dem Manifest: { $count }, alle gültig
   *[no] Auf dem Manifest: { $count }, nicht alle gültig
}
signatures-add = Signatur hinzufügen…
signatures-register = Eintragen…
signatures-stamp = Zeitstempel anfordern…
signatures-attach = Nachweis anhängen…

signature-of = Signatur von { $signer }
signature-no-name = kein Name
signature-no-date = kein Datum
signature-kind = Art
signature-attestation = Attestierung
signature-names = Zertifikat
signature-unmet = Was die Richtlinie verlangt
signature-companion = Begleitsignatur
signature-key = Schlüssel
signature-algorithm = Algorithmus
signature-payload = Signiert über
    .unknown = eine unbekannte Form
signature-time = Signiert
signature-stamp = Zeitstempel
    .unproven = Er zählt nicht: { $why }
signature-renewal = Erneuerung
    .late = Das Zertifikat des Dienstes endete am { $day }. Der Zeitstempel lässt sich nicht mehr erneuern.
    .due = Das Zertifikat des Dienstes endet am { $day }. Erneuern Sie den Zeitstempel vorher.
    .ask = Erneuerung anfordern…
signature-fingerprint = Fingerabdruck
    .copy = Fingerabdruck kopieren
signature-verify = Anderswo prüfen
    .command = Befehl, der diese Signatur prüft
    .copy = Befehl kopieren

attach = Nachweis anhängen
    .about = Was ein TPM bescheinigt hat oder was ein Clouddienst über seinen Schlüssel und diese Signatur meldet, oft erst Minuten später. Der Nachweis wird neben der Signatur gespeichert, die er betrifft, und neben keiner anderen; was er sagt, wird zuerst geprüft.
attach-act = Anhängen
attach-evidence = Nachweis
    .hint = Eine JSON-Datei mit einer Schlüsselattestierung, zum Beispiel von einem TPM.
attach-missing = Wählen Sie die Datei mit dem Nachweis.
attach-done = { $count ->
    [one] { $evidence } an { $count } Signaturdatei angehängt: { $files }.
   *[other] { $evidence } an { $count } Signaturdateien angehängt: { $files }.
}
attach-not-judged = { $evidence } angehängt. Hier nicht prüfbar: { $why }.

register = { $name } ins Protokoll eintragen
register-act = { $name } eintragen
register-final = Das lässt sich nicht rückgängig machen
    .hint = Ein Eintrag bleibt dauerhaft im Transparenzprotokoll, auch wenn der Lauf gelöscht wird.
register-file = Datei
register-looking = Der Lauf wird gelesen und sein Protokoll gesucht
register-says = Was der Eintrag sagt
register-entry = Eintrag
    .copy = Kennung des Eintrags kopieren
register-signing-key = Signierschlüssel
register-witness-key = Schlüssel des Zeugen
register-no-key = keiner
register-log = Im Protokoll
    .copy = Pfad des Protokolls kopieren

register-several = { $count ->
    [one] { $count } Umschlag ins Protokoll eintragen
   *[other] { $count } Umschläge ins Protokoll eintragen
}
    .act = { $count ->
        [one] { $count } Umschlag eintragen
       *[other] { $count } Umschläge eintragen
    }
    .envelopes = Einzutragende Umschläge
    .none = Keiner dieser Umschläge lässt sich eintragen
register-reading = Lesen
register-reading-of = { $count } von { $of } gelesen
register-registering = Eintragen
register-progress = { $of ->
    [one] { $registered } von { $of } Umschlag eingetragen
   *[other] { $registered } von { $of } Umschlägen eingetragen
}{ $failed ->
    [0] { "" }
   *[other] , { $failed } nicht eingetragen
}{ $left ->
    [0] { "" }
   *[other] , { $left } nicht erreicht
}.
register-ready = Einzutragen
register-results = Ergebnisse
register-more = { $count ->
    [one] Und { $count } weiterer Umschlag.
   *[other] Und { $count } weitere Umschläge.
}
register-left-out = { $count ->
    [one] Ausgelassen: { $count } Umschlag
   *[other] Ausgelassen: { $count } Umschläge
}

registrable-already = Dieser Lauf ist bereits eingetragen
registrable-other-manifest = Ein Lauf, dessen Manifest zu einem anderen gehört, lässt sich nicht eintragen
registrable-unsigned = Nur ein signierter Lauf wird eingetragen
    .hint = Signieren Sie ihn zuerst mit einem anerkannten Schlüssel.
registrable-not-now = Das Protokoll nimmt jetzt keinen Eintrag an

# Der Verlauf: wer wann signiert hat, und das Journal.

history-title = Verlauf
history-show = Zeigen
history-timeline = Zeitachse
history-table = Tabelle
history-journal = Journal
history-some = { $all ->
    [one] { $some } von { $all } Signatur
   *[other] { $some } von { $all } Signaturen
}
history-all = { $signatures ->
    [one] { $signatures } Signatur von { $people ->
        [one] { $people } Person
       *[other] { $people } Personen
    }
   *[other] { $signatures } Signaturen von { $people ->
        [one] { $people } Person
       *[other] { $people } Personen
    }
}
history-everything = Alles zeigen
history-export = Exportieren…
history-empty = Hier hat noch niemand signiert
    .about = Jede Signatur auf einem Umschlag in diesem Verzeichnis erscheint hier: wer signiert hat, wann, und mit welchem Schlüssel.
    .why = Hier hat noch niemand signiert.
history-no-match = Keine passenden Signaturen
history-none-selected = Keine Signatur ist ausgewählt. Wählen Sie eine mit j und k.
history-none-in-sight = Keine Signatur ist zu sehen, die sich auswählen ließe.

# Was in einer Datei fehlt.
history-no-name = ohne Namen
history-no-id = ohne ID
history-not-verified = nicht verifiziert

filters-title = Filter
filters-anyone = Alle Personen
filters-any-key = Alle Schlüssel
filters-any-role = Alle Rollen
filters-any-kind = Alle Arten
filters-any-standing = Jede Geltung
filters-any-level = Alle Stufen
filters-person = Person
filters-key = Schlüssel
filters-role = Rolle
filters-kind = Art des Schlüssels
filters-standing = Geltung
filters-level = Stufe
filters-from = Von
filters-until = Bis
filters-time = Ein Tag wie 2026-05-04, oder eine Zeit wie 2026-05-04 07:12, in UTC

signatures-title = Signaturen
    .caption = Signaturen, eine pro Zeile. Die Zeit wählt eine Signatur aus; die Entscheidung öffnet ihren Umschlag.
signatures-at = Signiert (UTC)
signatures-person = Wer
signatures-role = Rolle
    .none = keine
signatures-key = Schlüssel
signatures-kind = Art
signatures-standing = Geltung
signatures-decision = Entscheidung
signatures-level = Stufe

selected-title = Ausgewählte Signatur
selected-close =
    .hint = Schließen (Esc)
selected-open = Umschlag öffnen
selected-gone = Diese Signatur ist nicht mehr da
    .means = Der Umschlag wurde inzwischen geändert; der Verlauf folgt gleich.
selected-on-manifest = Auch auf dem Manifest: { $detail }
selected-digest-run = SHA-256 des Laufs, wie signiert
selected-digest-manifest = SHA-256 des Manifests, wie signiert

export-title = Den Verlauf exportieren
    .act = Exportieren
export-form = Format
export-csv = CSV
    .about = Für Tabellenprogramme. Text, der wie eine Formel aussieht, beginnt mit einem Apostroph.
export-json = JSON
    .about = Ein Objekt pro Zeile, für Programme.
export-file = Datei
    .missing = Wählen Sie, wohin die Datei geschrieben wird.
export-all = { $count ->
    [one] Die eine Signatur.
   *[other] Alle { $count } Signaturen, die älteste zuerst.
}
export-some = { $count ->
    [one] Die { $count } Signatur, die Filter und Zeit durchlassen, von { $all }, die älteste zuerst.
   *[other] Die { $count } Signaturen, die Filter und Zeit durchlassen, von { $all }, die älteste zuerst.
}
export-done = { $count ->
    [one] { $count } Signatur nach { $path } geschrieben.
   *[other] { $count } Signaturen nach { $path } geschrieben.
}

# Die Zeitachse.
lanes-title = Spuren
    .kind = Zeitachse
lanes-people = Personen
lanes-keys = Schlüssel
lanes-by = Spuren nach
    .one = Spuren nach: { $by }
lanes-order = Reihenfolge der Spuren
lanes-recent = Neueste
lanes-most = Meiste
lanes-name = Name
lanes-show-one = Nur diese Spur zeigen
lanes-show-all = Alle Spuren zeigen
lanes-refused = { $count ->
    [one] { $count } Signatur zählt nicht
   *[other] { $count } Signaturen zählen nicht
}
lanes-several-keys = { $count } Schlüssel
lanes-several-people = { $count } Personen
marks-title = Zeichen
marks-not-accepted = nicht anerkannt
marks-invalid = ungültig
bars-one = ein Balken: { $step }
bars-tallest = der höchste: { $count }
bars-undated = { $count } ohne Zeit, in der Tabelle
bars-count = { $count ->
    [one] { $count } Signatur
   *[other] { $count } Signaturen
}
bars-software = { $count } Software
bars-hardware = { $count } Hardware
bars-external = { $count } extern
bars-unaccepted = { $count } nicht anerkannt oder ungeprüft
bars-invalid = { $count } ungültig
zoom-out = Herauszoomen
    .hint = Herauszoomen (−)
zoom-in = Hineinzoomen
    .hint = Hineinzoomen (+)
zoom-all = Die ganze Zeit zeigen
    .hint = Die ganze Zeit (0)
zoom-whole = Die ganze Zeit
reached-title = Erreichte Stufen
reached-at = Umschläge nach Stufe am { $moment }
reached-none = Keine
reached-claim = UTC, laut den Dateien
reached-undated = UTC, laut den Dateien; { $count } ohne Zeit
mark-in-words = { $role ->
    [none] { $person }, keine Rolle, { $time }, { $standing }, { $decision }
   *[other] { $person }, { $role }, { $time }, { $standing }, { $decision }
}
mark-held = { $kind }, { $standing } · { $level }
timeline-in-words = { $signatures ->
    [one] { $signatures } Signatur
   *[other] { $signatures } Signaturen
} in { $lanes ->
    [one] { $lanes } Spur
   *[other] { $lanes } Spuren
}, von { $from } bis { $to } UTC. Plus und Minus zoomen, die Pfeile bewegen, 0 zeigt alles, J und K gehen von einer Signatur zur nächsten, die Eingabetaste öffnet ihren Umschlag. Die Tabelle zeigt dasselbe.

# Zeiten. Die Namen der Monate und Tage kommen vom System.
time-day = { $day }. { $month } { $year }
    .weekday = { $weekday } { $day }.
    .full = { $weekday } { $day }. { $month } { $year }
time-month = { $month } { $year }
time-moment = { $day }, { $time }
time-bar = { $day }, { $step } ab { $time }
time-days = { $from } bis { $until }

# Das Journal.
journal-about = Was an dieser Station geschah, das Neueste zuerst
journal-not-here = Das geht in der Zeitachse und in der Tabelle, nicht im Journal.
journal-kind = Art des Ereignisses
journal-all = Alles
journal-signed = Signiert und eingetragen
journal-attempted = Versuche
journal-refused = Abgewiesen und abgebrochen
journal-trust = Schlüssel, Wurzelzertifikate und Regeln
journal-devices = Eingesteckt und entfernt
journal-itself = Das Journal selbst
journal-search = Im Journal suchen
    .placeholder = Schlüssel, Person, Datei, Worte
journal-acts = { $count ->
    [one] { $count } Vorgang
   *[other] { $count } Vorgänge
}
journal-no-match = Keine passenden Einträge
journal-when = Wann (UTC)
journal-what = Was
journal-details = Einzelheiten
journal-entry = Eintrag
journal-steps = Wie es dazu kam
journal-chain-broken = Die Kette ist unterbrochen
journal-chain-holds = Die Kette gilt
journal-entries = { $entries ->
    [one] { $entries } Eintrag
   *[other] { $entries } Einträge
}{ $files ->
    [0] { "" }
    [1] { "" }
   *[other] { " " }in { $files } Dateien
}
journal-entries-since = seit { $since }, { $entries ->
    [one] { $entries } Eintrag
   *[other] { $entries } Einträge
}{ $files ->
    [0] { "" }
    [1] { "" }
   *[other] { " " }in { $files } Dateien
}
journal-damaged = Ein früheres Journal war beschädigt: { $why }
    .means = Gefunden am { $at }. Die beschädigte Datei ist als { $file } aufbewahrt. Finden Sie heraus, wer sie geändert hat.
journal-kept-aside = Beiseitegelegt: { $files }

# Ereignisse des Journals, nach ihren Namen in der Datei.
journal-event-journal-begun = Journal begonnen
journal-event-journal-rotated = Journal fortgesetzt
journal-event-journal-broken = Journal beschädigt
journal-event-journal-torn = Journal abgerissen
journal-event-made-private = Zugriff beschränkt
journal-event-ceremony-begun = Vorgang begonnen
journal-event-refused = Abgewiesen
journal-event-broken-off = Abgebrochen
journal-event-key-chosen = Schlüssel gewählt
journal-event-secret-asked = Geheimnis verlangt
journal-event-last-try-held = Letzter Versuch angehalten
journal-event-last-try = Letzter Versuch
journal-event-secret-not-taken = Geheimnis nicht angenommen
journal-event-key-opened = Schlüssel geöffnet
journal-event-signing-attempted = Signieren versucht
journal-event-touch-missed = Nicht berührt
journal-event-signed = Signiert
journal-event-refusal-attempted = Verweigern versucht
journal-event-refused-to-sign = Signatur verweigert
journal-event-withdrawn = Zurückgezogen
journal-event-signed-partly = Zum Teil signiert
journal-event-registered = Eingetragen
journal-event-merge-attempted = Zusammenführen versucht
journal-event-merged = Zusammengeführt
journal-event-finding-attempted = Befund versucht
journal-event-finding-written = Befund geschrieben
journal-event-archive-attempted = Archiv versucht
journal-event-archive-written = Archiv geschrieben
journal-event-import-attempted = Import versucht
journal-event-imported = Importiert
journal-event-evidence-attached = Nachweis angehängt
journal-event-time-stamps-requested = Zeitstempel angefordert
journal-event-time-stamp-attached = Zeitstempel angehängt
journal-event-run-time-stamp-added = Zeitstempel des Laufs angehängt
journal-event-log-rewritten = Protokoll umgeschrieben
journal-event-log-accepted = Protokoll hingenommen
journal-event-missing-run-accepted = Fehlender Lauf hingenommen
journal-event-key-created = Schlüssel erzeugt
journal-event-key-added = Schlüssel aufgenommen
journal-event-key-revoked = Schlüssel gesperrt
journal-event-root-trusted = Wurzelzertifikat hinzugefügt
journal-event-root-removed = Wurzelzertifikat entfernt
journal-event-setting-changed = Einstellung geändert
journal-event-exempt-changed = Ausnahmen geändert
journal-event-change-failed = Änderung gescheitert
journal-event-device-arrived = Gerät eingesteckt
journal-event-device-removed = Gerät entfernt

# Felder des Journals, nach ihren Namen in der Datei.
journal-field-added = hinzugefügt
journal-field-after = nachher
journal-field-archive = Archiv
journal-field-artifacts = Gegenstände
journal-field-attestation = Attestierung
journal-field-authority = Dienst
journal-field-before = vorher
journal-field-bytes = Bytes
journal-field-ceremony = Vorgang
journal-field-change = Änderung
journal-field-code = Code
journal-field-compromised-since = kompromittiert seit
journal-field-covers = deckt
journal-field-digest = Digest
journal-field-directory = Verzeichnis
journal-field-ended = beendet
journal-field-envelopes = Umschläge
journal-field-evidence = Nachweis
journal-field-exempted = ausgenommen
journal-field-file = Datei
journal-field-files = Dateien
journal-field-fingerprint = Fingerabdruck
journal-field-firmware = Firmware
journal-field-folder = Ordner
journal-field-forks = Gabelungen
journal-field-from = von
journal-field-had = hatte
journal-field-has = hat
journal-field-hash = Hash
journal-field-kept-as = aufbewahrt als
journal-field-key-id = Schlüssel-ID
journal-field-keyring = Schlüsselbund
journal-field-kind = Art
journal-field-last-hash = letzter Hash
journal-field-left-out = ausgelassen
journal-field-locked = gesperrt
journal-field-log = Protokoll
journal-field-lost = verloren
journal-field-module = Modul
journal-field-new = neu
journal-field-outcome = Ergebnis
journal-field-owner = Inhaber
journal-field-payload-bytes-sha256 = SHA-256 der signierten Bytes
journal-field-payload-type = Art der signierten Bytes
journal-field-previous-file = vorige Datei
journal-field-reader = Leser
journal-field-reason = Grund
journal-field-reason-code = Art des Grundes
journal-field-refusals = Verweigerungen
journal-field-registration = Eintragung
journal-field-requests = Anfragen
journal-field-required-roles = verlangte Rollen
journal-field-reviewed = geprüft
journal-field-revoked-at = gesperrt am
journal-field-role = Rolle
journal-field-roles = Rollen
journal-field-run = Lauf
journal-field-secret = Geheimnis
journal-field-card = Karte
journal-field-serial = Seriennummer
journal-field-setting = Einstellung
journal-field-sha256 = SHA-256
journal-field-signatures = Signaturen
journal-field-signer-id = Signierer
journal-field-signer-type = Art des Schlüssels
journal-field-signer-type-claim = behauptete Art des Schlüssels
journal-field-subject = Name
journal-field-there = vorhanden
journal-field-threshold = Schwelle
journal-field-time = Zeit
journal-field-token = Token
journal-field-tries-left = Versuche übrig
journal-field-valid-from = gilt ab
journal-field-valid-until = gilt bis
journal-field-why = Grund
journal-field-words = Worte

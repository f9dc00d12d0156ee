# Die Prüfung der Umschläge einer anderen Station, und Befunde.

review-title = Prüfung
review-now = In Prüfung
review-read-only = Nur lesen
review-judged-by = Beurteilt nach
review-other-keyring = Anderer Schlüsselbund…
review-stop = Prüfung beenden
review-notes = Ihre Notizen stehen noch in keinem Befund.
    .lost = Sie gehen mit der Prüfung verloren.
review-back = Zurück zur Prüfung
review-discard = Notizen verwerfen und beenden

review-begin = Prüfen, ohne etwas zu ändern
    .what = Ein Verzeichnis einer anderen Station oder ein Paket, das Sie bekommen haben, wird nur zum Lesen geöffnet. Keine Datei darin wird geschrieben, gesperrt oder hinzugefügt, und nichts wird aufbewahrt.
    .keys = Beurteilt wird nach den mitgelieferten Schlüsseln, nach denen dieser Station, nach einem anderen Schlüsselbund oder nach jedem Schlüssel, der sich verifizieren lässt. Sie können jederzeit wechseln.
review-choose-pack = Paket wählen…
review-choose-directory = Verzeichnis wählen…

outcome-accept = Annehmen
    .about = Das Paket ist, was es sein soll.
    .done = Angenommen
outcome-reserve = Mit Vorbehalten annehmen
    .about = Eine Notiz sagt, mit welchen.
    .done = Mit Vorbehalten angenommen
outcome-reject = Ablehnen
    .about = Eine Notiz sagt, warum.
    .done = Abgelehnt

judged-by-brought = Mitgelieferte Schlüssel
    .means = Die Schlüssel kamen mit den geprüften Dateien. Wessen Schlüssel es sind, behauptet nur der Absender.
judged-by-station = Schlüssel dieser Station
    .means = Nur Schlüssel im eigenen Schlüsselbund dieser Station zählen.
judged-by-chosen = Der hier gewählte Schlüsselbund
    .means = Nur Schlüssel im Schlüsselbund, den Sie gewählt haben, zählen.
judged-by-embedded = Jeder Schlüssel, der sich verifizieren lässt
    .means = Jeder Schlüssel zählt: Das zeigt, dass sich seit der Signatur nichts geändert hat, nicht, wer signiert hat.

# Der Prüftisch.
desk-title = Prüfung von { $name }
desk-envelopes = { $count ->
    [one] { $count } Umschlag.
   *[other] { $count } Umschläge.
}
desk-untouched = Keine Datei darin wird geschrieben, gesperrt oder hinzugefügt.
desk-complete = Ist es vollständig?
desk-told = Ist es das, was Ihnen genannt wurde?
desk-no-digest = Ein Verzeichnis hat keinen Digest zum Vergleichen.
    .unread = Es ließ sich nicht als Ganzes lesen und hat deshalb keinen Digest zum Vergleichen.
desk-levels = Welche Stufe erreicht es?
desk-empty = Darin ist kein versiegelter Lauf.
desk-opened = Ein Umschlag, den Sie öffnen, wird nach den oben gewählten Schlüsseln beurteilt.
desk-no-keyring = Es kam kein Schlüsselbund mit.
desk-trust = Wem müssten Sie vertrauen?
desk-finding = Ihr Befund
    .pack = Ihr Schlüssel signiert ihn über den Digest dieses Pakets und jedes Laufs. Er wird dorthin geschrieben, wo Sie wählen, nie in das Paket.
    .files = Ihr Schlüssel signiert ihn über den Digest der Dateien, die hier sind, und jedes Laufs. Er wird dorthin geschrieben, wo Sie wählen, nie in das Paket.
desk-outcome = Ergebnis
    .faults = Nicht, solange die Dateien nicht zur Liste passen.
    .told = Nicht mit einem anderen Digest, als Ihnen genannt wurde.
desk-note = Notiz zum Ganzen
    .long = Höchstens { $most } Zeichen.
desk-missing-outcome = Wählen Sie ein Ergebnis.
    .other = Wählen Sie ein anderes Ergebnis.
desk-missing-note = Schreiben Sie eine Notiz, die sagt, warum.
desk-needs-pack = Ein Befund gilt dem Digest eines Pakets. Lassen Sie das packen, und prüfen Sie das Paket.
    .again = Ein Befund gilt dem Digest eines Pakets. Lassen Sie es noch einmal senden, und prüfen Sie das Paket.
desk-sign = Befund signieren…
desk-open-finding = Befund öffnen…

# Ob es vollständig ist.
complete-directory = Ein Verzeichnis hat keine Liste seiner Dateien
    .means = Niemand kann sagen, ob etwas fehlt. Verlangen Sie ein Paket, das eine Liste und einen Digest hat.
complete-yes = Vollständig
    .means = Jede Datei passt zur Liste, und keine fehlt oder kam hinzu.
complete-no = Dieses Paket wurde nach dem Packen verändert. Verlassen Sie sich nicht darauf
complete-more = Und { $count } weitere

# Der Digest, der dem Prüfer genannt wurde.
told-pack = Digest dieses Pakets
told-files = Digest der Dateien, die hier sind
told-list = Digest der Liste, die mit ihnen kam
    .matches = Digest der Liste, zu der die Dateien passen
    .means = Die Liste kann die echte sein. Die Dateien passen nicht zu ihr, also ist ihr Digest nicht der ihre.
told-digest = Digest, der Ihnen genannt wurde
    .hint = 64 Hexziffern: getippt, eingefügt oder gescannt, in beliebigen Gruppen.
told-same = Derselbe Digest
    .means = Sie prüfen genau das, was Ihnen genannt wurde.
told-list-only = Anders: Nur die Liste hat diesen Digest
    .means = Es ist der Digest der Liste, die mit diesen Dateien kam, und sie passen nicht zu dieser Liste. Das ist nicht das Paket, das Ihnen genannt wurde.
told-different = Anderer Digest: Das ist nicht, was Ihnen genannt wurde
    .means = Fragen Sie den Absender noch einmal nach dem Digest, und verlassen Sie sich nicht auf diese Dateien, bis beide übereinstimmen.

# Stufen nebeneinander.
levels-envelope = Umschlag
levels-theirs = Nach den mitgelieferten Schlüsseln
    .any = Nach jedem Schlüssel, der sich verifizieren lässt
levels-mine = Nach Ihren Schlüsseln
levels-claimed = nach deren Angabe
levels-modified = Das sind die Stufen der Dateien, die hier sind, nicht die des Pakets, zu dem die Liste gehört.
levels-add-note = Notiz hinzufügen
    .on = Notiz zu { $name } hinzufügen
levels-note = Notiz zu { $name }
levels-more = Und { $count } weitere, die in der Warteschlange stehen und hier nicht verglichen werden.

# Wem man vertrauen müsste.
needed-nothing = Keine Signatur zählt nach deren Schlüsseln, also ist noch niemandem zu vertrauen.
needed-trusted = Sie vertrauen jedem Schlüssel und jedem Wurzelzertifikat, auf denen die Stufen beruhen.
needed-unknown = { $count ->
    [one] Die Stufen beruhen auf { $count } Schlüssel oder Wurzelzertifikat, dem Sie hier nicht vertrauen. Vergleichen Sie einen Fingerabdruck mit seinem Inhaber, bevor Sie ihn hinzufügen.
   *[other] Die Stufen beruhen auf { $count } Schlüsseln und Wurzelzertifikaten, denen Sie hier nicht vertrauen. Vergleichen Sie einen Fingerabdruck mit seinem Inhaber, bevor Sie ihn hinzufügen.
}
needed-keys = Schlüssel
needed-key = { $count ->
    [one] { $id }, { $kind }, auf { $count } Umschlag
   *[other] { $id }, { $kind }, auf { $count } Umschlägen
}
needed-roots = Wurzelzertifikate
needed-root-time = Bestätigt Zeiten
needed-root-key = Bestätigt, was einen Schlüssel hält
needed-logs = Protokolle
needed-log = { $kind ->
    [log] { $count ->
        [one] { $count } Eintrag; der erste Eintrag kennzeichnet dieses Protokoll
       *[other] { $count } Einträge; der erste Eintrag kennzeichnet dieses Protokoll
    }
   *[ledger] { $count ->
        [one] { $count } Eintrag; der erste Eintrag kennzeichnet dieses Register
       *[other] { $count } Einträge; der erste Eintrag kennzeichnet dieses Register
    }
}
needed-copy = Kopieren: Fingerabdruck von { $name }
    .log = Kopieren: erster Eintrag des Protokolls
    .ledger = Kopieren: erster Eintrag des Registers
here-trusted-key = In Ihrem Schlüsselbund
here-trusted-root = Sie vertrauen ihm auch
here-trusted-log = Diese Station hat es gesehen
here-unknown-key = Nicht in Ihrem Schlüsselbund
here-unknown-root = Nicht unter Ihren Wurzelzertifikaten
here-unknown-log = Neu für diese Station
here-contradicts-key = Ihr Schlüsselbund sagt etwas anderes
here-contradicts-root = Ihre Wurzelzertifikate sagen etwas anderes
here-contradicts-log = Diese Station sah ein anderes

# Einen Befund signieren.
finding-title = Ihren Befund signieren
finding-digest = SHA-256
    .files = SHA-256 dessen, was da ist
finding-signed = Signiert und geschrieben
finding-choose = Schlüssel und Ort wählen
finding-key = { $kind }, { $asks }
    .of = { $kind } von { $owner }, { $asks }
finding-no-key = Oder erzeugen Sie unter Schlüssel einen Softwareschlüssel, und kommen Sie zurück. Ihre Notizen bleiben.
finding-name = Name
    .hint = Dieser Schlüssel ist nicht in Ihrem Schlüsselbund. Wer den Befund liest, muss ihn kennen.
    .missing = Ein Befund nennt, wer geprüft hat.
finding-place = Neue Datei
    .hint = Nicht in dem, was geprüft wird. Daneben wird eine Seite zum Drucken geschrieben.
    .missing = Wählen Sie, wohin der Befund geschrieben wird.
finding-use = diesen Befund
finding-no-page = Der Befund selbst ist geschrieben.
finding-reviewer = Prüfer
    .as = { $reviewer } als { $role }
    .claimed = { $reviewer } als { $role }, { $time } nach eigener Angabe
finding-one = Befund
    .copy = Pfad des Befunds kopieren
finding-page = Seite
    .copy = Pfad der Seite kopieren
    .about = Zum Drucken und Ablegen, aus jedem Browser
finding-print = Befund drucken…
finding-show = Im Ordner zeigen
finding-after = Das Paket ist, wie es war. Geben Sie Befund und Paket weiter, wem immer sie nützen: Der Digest zeigt, dass beide zusammengehören.
finding-sign = { $outcome ->
    [accepted] Signieren: angenommen
    [accepted_with_reservations] Signieren: mit Vorbehalten angenommen
   *[rejected] Signieren: abgelehnt
}

# Ein geöffneter Befund.
finding-read = Ein Befund
finding-claims = Er behauptet: { $outcome }
finding-key-id = Schlüssel
finding-about = Über
finding-review = Prüfung
finding-review-was = { $complete ->
    [yes] Vollständig
   *[no] Nicht vollständig
}; Digest { $told ->
    [same] derselbe wie genannt
    [different] nicht der genannte
   *[not_compared] nicht verglichen
}
finding-note = Notiz
finding-theirs = Nach deren Schlüsseln
finding-own = Nach denen des Prüfers
finding-unread = Ein Lauf, der sich nicht lesen ließ
finding-no-keys = Ohne Schlüssel
finding-levels = Die Stufen sind, was der Prüfer gesehen hat. Über die Läufe beweisen sie nichts.
finding-print-one = Drucken…

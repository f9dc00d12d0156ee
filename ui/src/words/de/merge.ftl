# Kopien von Umschlägen zusammenführen, die anderswo signiert wurden.

merge = Kopien in { $name } zusammenführen
merge-from = Kopien aus
    .without = { $path } auslassen
    .conflicts = Die Konfliktkopien, die Syncthing oder git in { $directory } hinterlassen hat
merge-add-files = Dateien hinzufügen…
merge-add-directory = Verzeichnis hinzufügen…
merge-looking = Die Kopien werden durchgesehen
merge-merging = Wird zusammengeführt
merge-none = In diesem Verzeichnis gibt es keine Kopien von Umschlägen.
    .hint = Eine Kopie heißt wie ihre Signaturdatei, zum Beispiel { $example }, oder so, wie Syncthing oder git sie genannt hat. Fügen Sie die Dateien oder das Verzeichnis der anderen Station hinzu.

merge-refusals = { $count ->
    [one] { $count } Verweigerung
   *[other] { $count } Verweigerungen
}
merge-done = { $count ->
    [one] { $what } zu { $count } Umschlag hinzugefügt
   *[other] { $what } zu { $count } Umschlägen hinzugefügt
}
    .again = { $count ->
        [one] { $count } Umschlag neu geschrieben
       *[other] { $count } Umschläge neu geschrieben
    }
    .nothing = Nichts war zu schreiben
merge-coming = { $count ->
    [one] Vorgesehen für { $count } Umschlag: { $what }
   *[other] Vorgesehen für { $count } Umschläge: { $what }
}
    .terms = { $count ->
        [one] Keine Signatur käme hinzu; die Bedingungen von { $count } Umschlag würden sich ändern
       *[other] Keine Signatur käme hinzu; die Bedingungen von { $count } Umschlägen würden sich ändern
    }
    .nothing = Nichts zusammenzuführen
merge-copies-unchanged = Die Kopien sind unverändert.
merge-not-written = Noch ist nichts geschrieben.
merge-known = Alles in den Kopien ist bereits hier.
merge-known-or-not = Was in den Kopien steht, ist bereits hier oder lässt sich nicht hinzufügen.
merge-left-out = { $count ->
    [one] { $count } Element wird ausgelassen.
   *[other] { $count } Elemente werden ausgelassen.
}
    .done = { $count ->
        [one] { $count } Element wurde ausgelassen.
       *[other] { $count } Elemente wurden ausgelassen.
    }
merge-results = Ergebnis für jeden Umschlag
    .expected = Erwartetes Ergebnis für jeden Umschlag
merge-complete = { $count ->
    [one] { $count } Umschlag hat bereits alles.
   *[other] { $count } Umschläge haben bereits alles.
}
merge-strangers = Von Umschlägen, die nicht in diesem Verzeichnis sind
merge-more-files = { $count ->
    [one] Und { $count } weitere Datei.
   *[other] Und { $count } weitere Dateien.
}
merge-unreadable = Nicht alles ließ sich durchsuchen
merge-act = Zusammenführen
    .adding = Zusammenführen: { $what } hinzufügen

merge-on-run = auf dem Lauf
merge-on-manifest = auf dem Manifest
merge-key = { $date ->
    [none] Schlüssel { $key }
   *[other] Schlüssel { $key }, { $date }
}
merge-origin = Aus { $file }
merge-show = Zeigen
    .of = { $name } zeigen
merge-refusal-added = Verweigerung hinzugefügt
    .expected = Verweigerung würde hinzugefügt
merge-added = Hinzugefügt
    .expected = Würde hinzugefügt
merge-note = Hinweis
merge-there = { $count ->
    [one] { $count } Signatur bereits hier
   *[other] { $count } Signaturen bereits hier
}

# Woraus ein Lauf entstand: seine Dateien verglichen, eine offengelegt, eine Offenlegung geprüft.

inputs = Eingaben
inputs-total = { $count ->
    [0] keine Dateien
    [one] { $count } Datei
   *[other] { $count } Dateien
}
inputs-none = Der Lauf nennt keine Dateien, aus denen er entstand.
inputs-list = { $list ->
    [inputs] Eingaben
    [prompts] Prompts
    [schemas] Schemas
   *[policies] Richtlinien
}
inputs-no-path = kein Pfad
inputs-no-digest = kein Digest
inputs-check = Eingaben prüfen…
inputs-check-of = Eingaben von { $name } prüfen
    .about = Die Dateien, aus denen der Lauf entstand, werden nach ihren Pfaden in einem Verzeichnis gesucht, und ihr SHA-256 wird verglichen. Nichts wird geändert, und fehlende Dateien sprechen nicht gegen den Lauf.
inputs-check-act = Vergleichen
inputs-directory = Verzeichnis
    .hint = Das Verzeichnis, in dem die Pfade des Laufs beginnen.
inputs-directory-missing = Wählen Sie das Verzeichnis mit den Dateien.
inputs-comparing = Vergleichen

inputs-beside-level = Eingaben { $standing ->
    [reproduced] hier reproduziert
    [contradicted] widersprochen
   *[not_available] nicht vorhanden
}
inputs-found = Mit den Dateien hier verglichen
inputs-found-in = Verglichen in { $directory }, { $time }
inputs-found-others = Dateien, die nicht wie damals sind
inputs-reproduced-here = hier reproduziert
inputs-not-available-here = nicht vorhanden
inputs-contradicted-here = widersprochen
inputs-additional = { $count ->
    [one] { $count } Datei dort nennt der Lauf nicht
   *[other] { $count } Dateien dort nennt der Lauf nicht
}
found-same = gleich
found-missing = fehlt
found-changed = geändert
found-not-read = ungelesen

disclose = Offenlegen…
    .of = { $path } offenlegen
disclose-one = { $list ->
    [inputs] Eine der Eingaben offenlegen
    [prompts] Einen der Prompts offenlegen
    [schemas] Eines der Schemas offenlegen
   *[policies] Eine der Richtlinien offenlegen
}
    .about = Eine Datei weist nach, dass eine Datei mit diesem Inhalt an dieser Stelle des signierten Laufs steht, und wer ihn signiert hat. Vom Lauf zeigt sie sonst nichts. Den Namen der Datei behaupten Sie: signiert wurde nur ihr Digest.
disclose-act = Offenlegen
disclose-file = Neue Datei
    .hint = Wer sie erhält, braucht sie und die offengelegte Datei, nicht den Lauf.
disclose-missing = Wählen Sie Name und Ort der neuen Datei.
disclose-done = Offengelegt

disclosure-check = Offenlegung prüfen…
disclosure-check-one = Offenlegung prüfen
disclosure-check-act = Prüfen
disclosure-file = Offenlegung
disclosure-missing = Wählen Sie die Datei mit der Offenlegung.
disclosure-against = Vergleichen mit
    .envelope = { $name }, das geöffnet ist
    .itself = Nichts: für sich, mit dem Schlüsselbund
disclosure-content = Offengelegte Datei
    .hint = Optional. Ihr Inhalt wird mit dem offengelegten verglichen.
disclosure-means = { $standing ->
    [proven] Ein hier anerkannter Schlüssel hat sie signiert.
    [not_accepted] Jeder könnte sie signiert haben.
   *[invalid] Verlassen Sie sich nicht darauf.
}
disclosure-proven-here = nachgewiesen
disclosure-not-accepted-here = nicht anerkannt
disclosure-invalid-here = ungültig
disclosure-path = Datei
disclosure-path-by = { $run ->
    [yes] wie der Lauf sie nennt
   *[no] wie sie nennt, wer sie offengelegt hat
}
disclosure-entry = Eintrag
disclosure-entry-of = { $position } von { $leaves } { $list ->
    [inputs] Eingaben
    [prompts] Prompts
    [schemas] Schemas
   *[policies] Richtlinien
}
disclosure-digest = SHA-256
disclosure-root = Signierte Wurzel
disclosure-signers = Wer die Wurzel signiert hat
disclosure-nobody = Niemand hat sie signiert.
disclosure-no-claim = Ein Claim, der nicht lesbar ist
disclosure-of-run = Lauf
disclosure-checks = Prüfungen

# Der Rahmen des Fensters: Kopf, Hinweise, Dialoge, die zu keiner Ansicht gehören, Hilfe, und warum etwas nicht geht.

view-review = Prüfung
view-queue = Warteschlange
view-history = Verlauf
view-keys = Schlüssel
view-hand-over = Übergabe
view-settings = Einstellungen
views = Ansichten
view-and-keys = { $view } ({ $keys })

frame-no-answer = Die Station antwortet nicht
frame-reading = Lesebereich
frame-covered = Schließen Sie zuerst diesen Dialog: Drücken Sie Esc.
frame-divider = Breite der Warteschlange

header-demo = { $demo } Hier ist alles erfunden. Die Passphrase der Schlüssel ist { $passphrase }.
header-demo-name = Demo.
header-counts = { $count ->
    [one] { $count } Umschlag, { $pending }
   *[other] { $count } Umschläge, { $pending }
}
header-pending = { $count } ausstehend

directory = Verzeichnis
directory-open = Ein anderes Verzeichnis öffnen…
directory-review = Prüfen, ohne zu ändern…
directory-merge = Kopien zusammenführen…
directory-import = Importieren…
directory-import-times = Zeitstempel importieren…
directory-recent = Früher geöffnet

progress-searching = Suche
progress-comparing = Vergleich mit dem Datenträger
progress-judging = Beurteilung
progress-so-far = { $doing }, bisher { $done }
progress-stop = Anhalten
progress-stopped = Angehalten: unvollständig.
progress-go-on = Fortsetzen

weak-policy = Schwächere Richtlinie

notice-directory-gone = Das Verzeichnis ist verschwunden
    .hint = Sie sehen, was zuletzt gelesen wurde. Sobald das Verzeichnis wieder da ist, zum Beispiel auf einem Stick, der wieder eingesteckt wird, wird es wieder verglichen und beobachtet.
notice-copies = { $count ->
    [one] { $count } Konfliktkopie ist hier
   *[other] { $count } Konfliktkopien sind hier
}
    .contain = { $count ->
        [one] Sie enthält Signaturen, die ihr Umschlag nicht hat.
       *[other] Sie enthalten Signaturen, die ihre Umschläge nicht haben.
    }
    .look = Ansehen…

accept-log = { $kind ->
    [ledger] Das Register hinnehmen, wie es ist
   *[log] Das Protokoll hinnehmen, wie es ist
}
    .open = { $kind ->
        [ledger] Das Register hinnehmen, wie es ist…
       *[log] Das Protokoll hinnehmen, wie es ist…
    }
    .about = { $kind ->
        [ledger] Ein Befugnisregister wächst nur. In diesem fehlen Einträge, oder sie wurden ersetzt. Nehmen Sie das nur hin, wenn Sie wissen, wer das getan hat und warum.
       *[log] Ein Transparenzprotokoll wächst nur. In diesem fehlen Einträge, oder sie wurden ersetzt. Nehmen Sie das nur hin, wenn Sie wissen, wer das getan hat und warum.
    }
    .changed = { $kind ->
        [ledger] Das Register hat sich geändert, während dieser Dialog offen war
       *[log] Das Protokoll hat sich geändert, während dieser Dialog offen war
    }
    .changed-hint = Die fehlenden Einträge stehen unten neu.
    .reading = Die fehlenden Einträge werden gelesen
    .then = { $count ->
        [one] Von da an verlässt sich diese Station auf das, was jetzt da ist: { $count } Eintrag. Das Journal bewahrt, welche Einträge fehlen, dass Sie das hingenommen haben, und Ihre Begründung.
       *[other] Von da an verlässt sich diese Station auf das, was jetzt da ist: { $count } Einträge. Das Journal bewahrt, welche Einträge fehlen, dass Sie das hingenommen haben, und Ihre Begründung.
    }
    .reason = Begründung
    .reason-missing = Schreiben Sie eine Begründung: Das Journal bewahrt sie.
    .effect-missing = Steht hier, sobald das Protokoll gelesen ist.
    .done = { $kind ->
        [ledger] Das Register ist hingenommen, wie es ist.
       *[log] Das Protokoll ist hingenommen, wie es ist.
    }
accept-log-lost = { $count ->
    [one] { $count } Eintrag von { $log } fehlt:
   *[other] { $count } Einträge von { $log } fehlen:
}
accept-log-more = { $count } weitere; das Journal nennt alle

drop-anything = Verzeichnis, Kopien, Export, Paket, Offenlegung oder Zeitstempel hier ablegen
drop-directory = Verzeichnis hier ablegen, um es zu öffnen

dropped = Was möchten Sie mit { $name } tun?
    .label = Was zu tun ist
    .in-review = Während einer Prüfung lässt sich nichts ändern.
    .no-directory = Kein Verzeichnis ist offen.
dropped-open = Öffnen
    .about = Darin arbeiten, statt in dem Verzeichnis, das jetzt offen ist.
    .button = Öffnen
dropped-merge = { $open ->
    [yes] Mit { $directory } zusammenführen
   *[no] Zusammenführen
}
    .about = Fügt Signaturen hinzu, die getrennt entstanden sind. Keine vorhandene Signatur geht verloren.
    .button = { $open ->
        [yes] Mit { $directory } zusammenführen…
       *[no] Zusammenführen…
    }
dropped-import = { $open ->
    [yes] In { $directory } importieren
   *[no] Importieren
}
    .about = Fügt Umschläge, Signaturen und Protokolle hinzu, nachdem Sie den Digest verglichen haben.
    .button = { $open ->
        [yes] In { $directory } importieren…
       *[no] Importieren…
    }
dropped-review = Prüfen, ohne zu ändern
    .about = Nichts darin wird geändert. Sie wählen, wessen Schlüssel darüber urteilen.
    .button = Prüfen

start = Was möchten Sie tun?
    .doors = Wege zu beginnen
start-sign = Ich signiere
    .about = Öffnen Sie das Verzeichnis, in das Ihre Pipeline versiegelte Läufe schreibt. Sie sehen, was jeder Umschlag beweist und was auf den Operator wartet.
    .button = Verzeichnis öffnen…
start-witness = Ich bezeuge
    .about = { $plugged ->
        [yes] Ihr Schlüssel ist eingesteckt. Öffnen Sie dann das Verzeichnis: Was auf Sie wartet, steht zuerst. Sie lesen es, geben Ihre PIN ein und signieren mit oder verweigern.
       *[no] Stecken Sie Ihren YubiKey oder Ihre PIV-Karte ein. Öffnen Sie dann das Verzeichnis: Was auf Sie wartet, steht zuerst. Sie lesen es, geben Ihre PIN ein und signieren mit oder verweigern.
    }
    .button = Zum Mitsignieren öffnen…
start-audit = Ich prüfe
    .about = Öffnen Sie ein Paket oder Verzeichnis, das man Ihnen geschickt hat. Keine Datei darin wird geändert. Sie sehen, ob es vollständig ist, wer signiert hat und was bewiesen ist.
    .button = Prüfen…
start-drop = Was Sie auf diesem Fenster ablegen, wird auch geöffnet.
start-demo = Demo ausprobieren
start-help = Stufen, Zeichen und Tasten

demo-opens = Die Demo öffnet sich in einem eigenen Fenster.

registered-as = Ins Transparenzprotokoll eingetragen als { $entry }.
registered-without-head = Der Lauf ist eingetragen, aber der Kopf des Protokolls konnte nicht geschrieben werden.

text-size = Textgröße { $percent } %
    .normal = Der Text hat seine normale Größe.
    .limit = { $step ->
        [larger] Größer als { $percent } % kann der Text nicht sein.
       *[smaller] Kleiner als { $percent } % kann der Text nicht sein.
    }

palette = Was Sie tun können
    .find = Finden Sie, was Sie tun möchten
    .type = Tippen Sie, was Sie tun möchten
    .found = { $count ->
        [one] { $count } Befehl
       *[other] { $count } Befehle
    }
    .none = Nichts heißt so.

act-go-to = Gehen zu: { $field }
why-not-now = Das ist jetzt nicht möglich.
why-not-there = Sie sind schon in der Ansicht „{ $view }“.
why-not-no-review = Es läuft keine Prüfung.
why-not-no-directory = Kein Verzeichnis ist offen. Drücken Sie Strg+O, um eines zu öffnen.
why-not-no-answer = Die Station hat noch nicht geantwortet.
why-not-in-history = Das geht im Verlauf. Drücken Sie g und dann h, um dorthin zu gehen.
why-not-in-queue = Das geht in der Warteschlange. Drücken Sie g und dann q, um dorthin zu gehen.
why-not-in-review = { $act ->
    [sign] Während einer Prüfung können Sie nicht signieren. Beenden Sie zuerst die Prüfung.
    [refuse] Während einer Prüfung können Sie nicht verweigern. Beenden Sie zuerst die Prüfung.
    [register] Während einer Prüfung können Sie nichts eintragen. Beenden Sie zuerst die Prüfung.
    [enrol] Während einer Prüfung können Sie keinen Schlüssel aufnehmen. Beenden Sie zuerst die Prüfung.
    [attach] Während einer Prüfung können Sie keinen Nachweis anhängen. Beenden Sie zuerst die Prüfung.
    [merge] Während einer Prüfung können Sie nichts zusammenführen. Beenden Sie zuerst die Prüfung.
    [import] Während einer Prüfung können Sie nichts importieren. Beenden Sie zuerst die Prüfung.
    [time] Während einer Prüfung können Sie keinen Zeitstempel anfordern. Beenden Sie zuerst die Prüfung.
   *[time-import] Während einer Prüfung können Sie keine Zeitstempel importieren. Beenden Sie zuerst die Prüfung.
}
why-not-for-me = Hier ist jetzt nichts für Sie.
why-not-only-for-me = Das ist der einzige Umschlag, der jetzt für Sie ist.
why-not-narrowed = Alles steht in der Liste: Es gibt keine Suche und keinen Filter.
why-not-last = Das ist der letzte Umschlag.
why-not-first = Das ist der erste Umschlag.
why-not-unknown = Die Warteschlange wird noch gelesen.
why-not-empty = Die Warteschlange ist leer: Hier gibt es keinen versiegelten Lauf.
why-not-no-match = Kein Umschlag passt zu Suche und Filtern.
why-not-no-envelope = Kein Umschlag ist offen. Wählen Sie einen mit j und k.
why-not-unread = Der Umschlag wird noch gelesen.
why-not-gone = Dieser Umschlag ist nicht mehr auf dem Datenträger.
why-not-enrolled = Jeder Schlüssel, der ihn signiert hat, ist im Schlüsselbund.
why-not-unsigned = Noch niemand hat ihn signiert.
why-not-no-inputs = Der Lauf nennt keine Dateien, aus denen er entstand.
why-not-unreadable = Diese Datei ist nicht als versiegelter Lauf lesbar.

help = Hilfe
    .tip = Hilfe (?)
    .about = Stufen, Zeichen und Tasten
help-keyboard = Tastatur

about = Über dieses Programm
about-reading = Die Programme werden gelesen
about-version = Version
about-no-commit = Commit unbekannt: zum Ausprobieren gebaut oder aus Quellen ohne git
about-commit = Commit { $commit }{ $changed ->
        [yes] , mit Änderungen
       *[no] {""}
    }
about-in-place = { $standing ->
        [same] läuft gerade
        [replaced] läuft gerade, aber dort liegt eine andere Datei: starten Sie es neu
        [gone] läuft gerade, aber seine Datei wurde entfernt
       *[beside] liegt daneben
    }
about-copy = Digest von { $name } kopieren
about-compare = Ein ausgetauschtes Programm kann alles über sich sagen. Lassen Sie sich einen Digest von jemandem vorlesen, der dieselbe Freigabe hat, in Vierergruppen oder in Wörtern, oder vergleichen Sie ihn mit sha256sum.
about-check = Freigabe prüfen …
about-signatures = Signaturen der Freigabe
about-unsigned = Niemand hat sie signiert.
about-state = Zustand
about-place = { $what ->
        [settings] Einstellungen
        [keyring] Schlüsselbund
        [journal] Journal
        [memory] Gedächtnis der Logs
       *[catalogue] Katalog
    }
about-head = Kopf des Journals
    .none = noch kein Eintrag
    .holds = { $entries ->
        [one] ein Eintrag, und die Kette hält; der letzte ist
       *[other] { $entries } Einträge, und die Kette hält; der letzte ist
    }
    .copy = Kopf des Journals kopieren
about-libraries = Bibliotheken

help-levels = Stufen
    .about = Jede Stufe schließt die Stufen darunter ein. Die erste Stufe, die nicht gilt, zeigt, was ein Umschlag als Nächstes braucht.
help-assurances = Ab L6 sagt die Stufe auch, woher die Art des Schlüssels bekannt ist: { $assurances }.
help-assurance = { $mark } ({ $means })

ladder-0 = Vollständig und unverändert
    .means = Jedes Pflichtfeld ist da, und der Inhalts-Hash passt zum Inhalt.
ladder-1 = Reproduzierbar
    .means = Der Commit-Hash lässt sich aus den aufgezeichneten Eingaben neu berechnen.
ladder-2 = Signiert
    .means = Lauf und Manifest haben je eine gültige Signatur eines anerkannten Schlüssels.
ladder-3 = Eingetragen
    .means = Der Lauf steht im Transparenzprotokoll, und dessen ganze Kette gilt.
ladder-4 = Mitsigniert
    .means = Genug verschiedene Personen haben signiert, darunter ein Operator und ein Zeuge.
ladder-5 = Eingaben festgelegt
    .means = Die Merkle-Wurzeln über Eingaben, Prompts, Schemas und Richtlinien gelten.
ladder-6 = Hardwareschlüssel
    .means = Ein Hardwareschlüssel oder externer Signierer hat eine gültige Signatur geleistet.
ladder-7 = Befugt
    .means = Die Befugnis zu entscheiden steht im Register und galt, als der Lauf entstand.
ladder-none = Nicht zulässig
    .means = Nicht einmal L0 gilt, oder die Datei ist nicht lesbar.

help-marks = Zeichen
help-signatures = Signaturen
    .about = In der Warteschlange steht im Zeichen der Anfangsbuchstabe der Rolle: O, P, Z oder A.
help-mark-software = Ring: Softwareschlüssel
    .means = Der Schlüssel ist eine Datei, verschlüsselt mit einer Passphrase.
help-mark-hardware = Gefüllt: Hardwareschlüssel
    .means = Der Schlüssel ist auf einem Gerät wie einem YubiKey und verlässt es nicht.
help-mark-external = Gepunktet: externer Signierer
    .means = Ein anderes Programm oder ein Dienst signiert, zum Beispiel ein Cloud-KMS.
help-mark-missing = Strich: leerer Platz
    .means = Eine Signatur fehlt noch.
help-mark-pale = Blass: zählt nicht
    .means = Der Schlüssel ist hier nicht anerkannt, oder die Signatur ist hier nicht prüfbar.
help-mark-crossed-out = Durchgekreuzt: ungültig
    .means = Die Signatur passt nicht zur Datei.
help-struck = Durchgestrichen, im Verlauf
    .means = Die Signatur zählt nicht; zwei Striche heißen ungültig.
help-bar = Balken, im Verlauf
    .means = Mehrere Signaturen, die zeitlich nah beieinander liegen.
help-states = Zustände
help-warning = Warnung
    .means = Die Prüfung ist bestanden, aber Sie sollten ihre Einzelheiten lesen.
help-warnings = Zahl mit !
    .means = So viele Warnungen: Öffnen Sie den Umschlag, um sie zu lesen.
help-times = Zeiten von Signaturen
help-time-claimed = Gestrichelte Uhr: behauptete Zeit
    .means = Wer die Datei schreiben kann, kann sie ändern.
help-time-signed = Uhr: signierte Zeit
    .means = Der Schlüssel der Signatur sagt es.
help-time-trusted = Siegel: bestätigte Zeit
    .means = Ein Zeitstempeldienst bestätigt, dass die Signatur da schon bestand.

# Die Warteschlange: ihre Liste, Suche und Filter.

queue = Warteschlange
    .list = Umschläge
    .search = Suchen
    .placeholder = Titel, ID, Signierer suchen
    .show = Anzeigen
    .figures = { $total } von { $all }
    .above = { $count } weitere darüber
    .marks = Was die Zeichen bedeuten
    .marks-label = Zeichen und Zustände

queue-show-for-you = Für Sie
queue-show-all = Alle
queue-show-pending = Ausstehend
queue-show-complete = Fertig
queue-show-trouble = Probleme

queue-empty = Hier gibt es keine versiegelten Läufe
    .hint = Ein versiegelter Lauf ist eine Datei namens { $file }. Eine Datei, die in diesem Verzeichnis oder darunter erscheint, wird sofort gezeigt.
queue-not-pending = Nichts steht aus
    .hint = Kein Umschlag hier wartet auf eine Signatur.
queue-not-for-you = Jetzt ist nichts für Sie
    .copies = Kein Umschlag wartet auf einen Schlüssel, der zur Hand ist. Konfliktkopien lassen sich zusammenführen.
    .no-key = Kein Schlüssel ist zur Hand, dessen Signatur hier zählt. Stecken Sie Ihren YubiKey oder Ihre PIV-Karte ein, oder richten Sie unter Schlüssel einen Signierer ein.
    .hint = Kein Umschlag wartet auf etwas, das Sie mit den Schlüsseln zur Hand tun können.
queue-show-everything = Alle zeigen
queue-not-found = Nichts gefunden
    .hint = { $show ->
        [all] Kein Umschlag passt zu { $search }.
       *[other] Unter den gezeigten passt kein Umschlag zu { $search }.
    }
    .filters = diesen Filtern
    .among-all = Alle Umschläge durchsuchen
    .clear = Suche und Filter löschen

queue-picked = { $count } ausgewählt
    .label = Ausgewählte Umschläge
    .none = Nichts ausgewählt
    .sign = Signieren…
    .register = Eintragen…
    .export = Exportieren…
    .time = Zeitstempel anfordern…
    .clear = Abwählen

queue-filter = Filter
    .label = Filter und Reihenfolge
    .need = Bedarf
    .role = Noch offene Rolle
    .person = Signiert von
    .level = Stufe
    .order = Reihenfolge
    .clear = Filter löschen
    .any = Beliebig
    .needs-nothing = Braucht nichts
queue-sort-need = Ausstehende zuerst
queue-sort-newest = Neueste zuerst
queue-sort-oldest = Älteste zuerst
queue-sort-title = Nach Titel
queue-sort-level = Nach Stufe

queue-for-whom = Für wen
    .everybody = Alle, deren Schlüssel zur Hand ist
queue-copies = { $count ->
    [one] { $count } Konfliktkopie { $merge }…
   *[other] { $count } Konfliktkopien { $merge }…
}
    .merge = zusammenführen

queue-row-untitled = Ohne Titel
queue-row-no-id = keine Entscheidungs-ID
queue-row-refused = verweigert
queue-row-unreadable = nicht lesbar
    .why = Nicht lesbar: { $file }. { $why }
queue-row-needs-nothing = nichts nötig
queue-row-sealed = versiegelt { $age }
queue-row-warnings = { $count ->
    [one] { $count } Warnung
   *[other] { $count } Warnungen
}

# Was eine Änderung des Vertrauens an den Umschlägen ändert.

effect-title = Was das ändert
effect-missing = Erscheint, wenn die Felder ausgefüllt sind.
effect-judging = Die Umschläge werden nach beiden Regeln beurteilt
effect-skip = Ohne Vorschau weiter
effect-no-directory = Kein Verzeichnis ist geöffnet, also ist kein Umschlag zu beurteilen.
effect-unread = { $count ->
    [one] { $count } Stelle des Verzeichnisses ließ sich nicht lesen und finden.
   *[other] { $count } Stellen des Verzeichnisses ließen sich nicht lesen und finden.
}
effect-moves = Von Stufe zu Stufe
effect-to = nach
effect-envelopes = Umschläge, die sich ändern
effect-more = und { $count } weitere
effect-falls = { $count ->
    [one] { $count } fällt
   *[other] { $count } fallen
}
    .one = fällt:
effect-rises = { $count ->
    [one] { $count } steigt
   *[other] { $count } steigen
}
    .one = steigt:
effect-otherwise = { $count ->
    [one] { $count } behält die Stufe und ändert sich sonst
   *[other] { $count } behalten die Stufe und ändern sich sonst
}
    .one = behält die Stufe:
effect-empty = Das geöffnete Verzeichnis hat keine Umschläge.
effect-nothing = { $judged ->
    [one] Nichts ändert sich: Der eine Umschlag behält die Stufe.
   *[other] Nichts ändert sich: Alle { $judged } Umschläge behalten die Stufe.
}
effect-of = { $judged ->
    [one] Von { $judged } Umschlag: { $changes }.
   *[other] Von { $judged } Umschlägen: { $changes }.
}
effect-signatures = Signaturen { $had } von { $needed } → { $has } von { $needs }
effect-state = { $before } → { $after }

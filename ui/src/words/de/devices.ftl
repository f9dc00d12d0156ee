# Geräte, Token, ihre Schlüssel, und PIN und PUK.

devices = Geräte
    .which = Welches Gerät
    .virtual = virtuell
    .insert = Stecken Sie einen YubiKey oder eine PIV-Karte ein
    .insert-hint = Seine Schlüssel erscheinen dann hier.
    .look-again = Neu suchen

strip = Geräte und Signierer
    .show = Geräte und Signierer zeigen
    .hide = Geräte und Signierer verbergen
    .devices = Geräte
    .signers = Signierer
    .none-seen = Weder YubiKey noch PIV-Karte ist zu sehen
    .insert = Stecken Sie YubiKey oder PIV-Karte ein; sie erscheinen hier
    .no-key = Noch kein Schlüssel.
    .create = Softwareschlüssel erzeugen oder Signierer hinzufügen
    .reading = wird gelesen…
    .through-module = über ein Modul verwendet
strip-counts = { $devices ->
    [one] { $devices } Gerät
   *[other] { $devices } Geräte
}, { $signers ->
    [one] { $signers } Signierer
   *[other] { $signers } Signierer
}
strip-device = { $reader }: { $problem }
strip-token = { $module }, Slot { $slot }
strip-keys = { $count ->
    [one] { $count } Schlüssel
   *[other] { $count } Schlüssel
}
strip-signer = { $kind } { $key } von { $signer }: { $about }

device-no-key = kein Schlüssel
device-slots = { $others ->
    [0] Slot { $slot }
    [one] Slot { $slot } und { $others } weiterer
   *[other] Slot { $slot } und { $others } weitere
}
device-came = { $serial ->
    [none] { $name } ist eingesteckt.
   *[other] { $name }, Seriennummer { $serial }, ist eingesteckt.
}
device-went = { $serial ->
    [none] { $name } wurde herausgezogen.
   *[other] { $name }, Seriennummer { $serial }, wurde herausgezogen.
}
device-pulled-out = { $device } wurde herausgezogen
    .hint = Stecken Sie ihn wieder ein, um fortzufahren.

device-reading = Wird gelesen…
device-not-used = Diese Karte wird nicht verwendet
    .hint = Nur PIV-Karten, darunter YubiKeys, werden direkt verwendet. Andere Karten signieren durch ein PKCS#11-Modul.
device-no-serial = Die Seriennummer ist nicht lesbar, deshalb lassen sich PIN und PUK hier nicht ändern.
device-standard = Diese Karte wird allein nach dem Standard für PIV-Karten verwendet. PIN und PUK ändern Sie mit der Software des Herausgebers, und nichts auf der Karte belegt, was ihre Schlüssel hält.
device-keyless = Dieses Gerät hat keine Schlüssel. Richten Sie einen YubiKey unter „Schlüssel“ ein, oder erzeugen Sie einen Schlüssel mit dem Werkzeug des Herstellers. Er erscheint dann hier.
    .card = Kein Slot dieser Karte hat ein Zertifikat. Lassen Sie eines mit der Software des Herausgebers aufspielen. Danach erscheint es hier.
device-virtual = virtuell: von Software simuliert
device-warnings = Bevor Sie sich darauf verlassen
device-keys = Schlüssel

device-fact-serial = Seriennummer
device-fact-identifier = Kennung
device-fact-firmware = Firmware
device-fact-reader = Leser
device-fact-policy = Richtlinie
device-fact-origin = Herkunft
device-fact-certificate = Zertifikat
device-fact-keyring = Schlüsselbund
device-fact-maker = Hersteller
device-fact-slot = Slot
device-fact-module = Modul
device-fact-held-by = Liegt in
device-fact-unknown = nicht bekannt

device-policy-pin = PIN { $when }
device-policy-touch = Berührung { $when }
device-origin-generated = auf dem Gerät erzeugt
device-origin-imported = importiert: Kopien können anderswo bestehen
device-key-expired = abgelaufen { $day }
device-key-until = bis { $day }
device-key-of = { $key } von { $owner }
device-key-unknown = nicht im Schlüsselbund
device-enrol = Aufnehmen…
    .slot = Den Schlüssel in Slot { $slot } aufnehmen
    .key = { $key } aufnehmen

token-named = Token { $name }
token-slot = { $kind ->
    [hardware] { $slot }, Hardware laut seinem Modul
   *[software] { $slot }, Software laut seinem Modul
}
token-unseen = Seine Schlüssel sind nicht zu sehen
token-keyless = Ohne die PIN ist kein Schlüssel sichtbar. Erzeugen Sie einen mit dem Werkzeug des Tokens und suchen Sie dann neu.
token-key-id = ID { $id }
token-key-unnamed = ein Schlüssel ohne Namen
token-key-with-pin = mit der PIN sichtbar
token-key-same = Derselbe Schlüssel wie { $other }.
token-key-uri = Die URI von { $key } kopieren
token-origin-generated = erzeugt
token-origin-exposed = erzeugt, war nicht immer eingeschlossen
token-origin-imported = importiert

tries-left = { $tries ->
    [0] gesperrt
    [one] noch { $tries } Versuch
   *[other] noch { $tries } Versuche
}
    .unknown = verbleibende Versuche nicht bekannt

blocked-both = PIN und PUK sind gesperrt
    .hint = Die Schlüssel sind nicht mehr verwendbar: Nur ein Zurücksetzen der PIV-Anwendung macht das Gerät wieder verwendbar. Das Zurücksetzen zerstört jeden Schlüssel und jedes Zertifikat darauf, und Sie müssen einen neuen Schlüssel aufnehmen.
blocked-pin = Die PIN ist gesperrt
    .hint = { $tries ->
        [none] Schlüssel, die sie verlangen, können nicht signieren, bis Sie mit der PUK eine neue PIN setzen.
        [one] Schlüssel, die sie verlangen, können nicht signieren, bis Sie mit der PUK, die noch { $tries } Versuch hat, eine neue PIN setzen.
       *[other] Schlüssel, die sie verlangen, können nicht signieren, bis Sie mit der PUK, die noch { $tries } Versuche hat, eine neue PIN setzen.
    }
blocked-puk = Die PUK ist gesperrt
    .hint = Die PIN funktioniert noch. Wird auch sie gesperrt, macht nur ein Zurücksetzen der PIV-Anwendung das Gerät wieder verwendbar. Das Zurücksetzen zerstört jeden Schlüssel und jedes Zertifikat darauf, und Sie müssen einen neuen Schlüssel aufnehmen.

pin-the-yubikey = YubiKey
pin-change = { $secret } ändern…
pin-unblock = PIN entsperren…
pin-fresh = Neue { $secret }
    .again = Neue { $secret } noch einmal
    .shape = 6 bis 8 Zeichen.
    .too-long = 6 bis 8 Zeichen; ein Buchstabe außerhalb von a bis z zählt als zwei oder mehr.
    .differs = Die beiden Eingaben sind verschieden.
pin-missing = Tippen Sie die { $secret }.
pin-differs = Die beiden Eingaben sind verschieden. Nichts wurde gesendet; 1 Versuch bleibt.
pin-costs = { $tries ->
    [one] { $secret }: noch { $tries } Versuch. Eine falsche { $secret } kostet einen Versuch.
   *[other] { $secret }: noch { $tries } Versuche. Eine falsche { $secret } kostet einen Versuch.
}
pin-last = { $secret ->
    [PUK] Eine falsche PUK sperrt sie jetzt endgültig. Ist auch die PIN gesperrt, sind die Schlüssel verloren. Tippen Sie sie zweimal; sie wird nur verwendet, wenn beide Eingaben gleich sind.
   *[PIN] Eine falsche PIN sperrt sie jetzt. Tippen Sie sie zweimal; sie wird nur verwendet, wenn beide Eingaben gleich sind.
}
    .use = Den letzten Versuch verwenden
pin-act-change-pin = PIN ändern
    .title = PIN von { $device } ändern
    .current = Bisherige PIN
    .current-again = Bisherige PIN noch einmal
    .done = { $device } hat eine neue PIN.
pin-act-change-puk = PUK ändern
    .title = PUK von { $device } ändern
    .current = Bisherige PUK
    .current-again = Bisherige PUK noch einmal
    .done = { $device } hat eine neue PUK.
pin-act-unblock = PIN entsperren
    .title = PIN von { $device } entsperren
    .current = PUK
    .current-again = PUK noch einmal
    .done = { $device } hat eine neue PIN und wieder alle Versuche.

demo-key = Virtueller YubiKey (Demo)
    .label = Virtueller YubiKey der Demo
    .touch = Berühren
    .pull = Herausziehen
    .insert = Einstecken

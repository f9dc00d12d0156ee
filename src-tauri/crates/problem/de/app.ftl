## PassphraseError

passphrase-empty = keine Passphrase wurde eingegeben
    .hint = geben Sie eine ein
passphrase-weak = die Passphrase ist leicht zu erraten
    .hint = wählen Sie eine längere, oder bestätigen Sie, dass diese benutzt werden soll
passphrase-random = das System liefert keine Zufallszahlen

## DemoError

demo-not-empty = { $path }: ist nicht leer; nichts wurde geändert
    .hint = geben Sie ein neues oder leeres Verzeichnis an
demo-time-stamp = ein erfundener Zeitstempel kann nicht erzeugt werden: { $text }
    .hint = das ist ein Fehler des Programms
demo-io = { $path }: kann nicht erzeugt werden ({ $source })
    .hint = prüfen Sie den Datenträger und die Rechte
demo-artifact = ein erfundener Umschlag ist nicht lesbar: { $cause }
    .hint = das ist ein Fehler des Programms
demo-signatures = ein erfundener Umschlag kann nicht mitsigniert werden: { $cause }
    .hint = das ist ein Fehler des Programms
demo-keyring = ein erfundener Schlüssel ist nicht benutzbar: { $cause }
    .hint = das ist ein Fehler des Programms

## EnrolmentError

enrolment-public-key = { $from }: { $error }
enrolment-certificates = { $from }: { $error }
enrolment-signatures = { $from }: { $error }
enrolment-no-such-signature = { $from }: hat { $count } Signaturen; --index { $index } ist keine davon
enrolment-several-signatures = { $from }: hat { $number ->
        [one] 1 Signatur
       *[other] { $number } Signaturen
    } von verschiedenen Schlüsseln: { $signatures }; nichts wurde hinzugefügt
    .hint = nennen Sie die gemeinte mit ihrer Schlüssel-ID, ihrem Inhaber oder ihrer Nummer
enrolment-no-public-key = { $text }: diese Signatur bringt keinen öffentlichen Schlüssel mit (HMAC hat keinen)
enrolment-not-given = { $text ->
        [key-id] die Schlüssel-ID
        [owner] der Inhaber des Schlüssels
       *[role] die Rolle
    } fehlt; nichts wurde hinzugefügt
enrolment-never-valid = der Schlüssel würde von { $from } bis { $until } gelten, also nie; nichts wurde hinzugefügt
enrolment-in-the-way = { $path }: ist schon da; ein Schlüssel wird nie überschrieben
    .hint = wählen Sie einen anderen Namen
enrolment-attestation = { $from }: { $why }; nichts wurde hinzugefügt
    .hint = lassen Sie den Schlüssel neu erzeugen, oder nehmen Sie seinen öffentlichen Schlüssel als Software auf
enrolment-no-public-half = { $key }: sein öffentlicher Schlüssel ist nicht bekannt, und der Schlüsselbund enthält öffentliche Schlüssel
    .hint = geben Sie ihn mit --public-key an, oder speichern Sie sein Zertifikat auf dem Token

## AcceptError

accept-changed = { $path }: { $kind ->
        [ledger] das Register
       *[log] das Protokoll
    } wurde geändert, seit es gezeigt wurde; nichts wurde hingenommen
    .hint = sehen Sie noch einmal an, was fort ist
accept-no-reason = kein Grund ist angegeben
    .hint = schreiben Sie, warum Sie es hinnehmen
accept-journal = { $cause }; nichts wurde hingenommen

## HeadError

head-no-log = bei { $path } ist kein Protokoll, also wurde kein Kopf geschrieben
    .hint = nennen Sie das Protokoll mit --log FILE; der erste Eintrag beginnt eines (countersign log append)
head-does-not-hold = { $path }: gilt nicht, also wurde kein Kopf geschrieben
    .hint = stellen Sie das ganze Protokoll wieder her, oder nehmen Sie es hin, wie es ist (countersign log accept)
checked-log-broken = { $path }: { $why }
    .hint = stellen Sie es aus einer Kopie wieder her

## ProofError

proof-log = { $path }: { $cause }
proof-run = { $path }: { $cause }
proof-head = { $path }: { $cause }
proof-empty-log = { $path }: das ist der Kopf eines leeren Protokolls, und der beweist nichts
    .hint = geben Sie den Kopf eines Protokolls mit Einträgen an
proof-does-not-hold = { $path }: { $run }: { $cause }

## RegistrationError

registration-not-confirmed = { $path }: der Lauf, seine Signaturen oder das Protokoll, das für ihn zählt, wurden geändert, seit Sie sie gelesen haben; nichts wurde eingetragen
    .hint = lesen Sie noch einmal
registration-nothing-to-register = { $path }: hat keinen Commit-Hash, keine Lauf-ID oder keinen Inhalts-Hash, der einzutragen wäre
    .hint = er muss neu versiegelt werden, mit v1.1 oder neuer
registration-undecided = nichts wurde eingetragen: { $why }
registration-broken = { $path }: das Protokoll ist unterbrochen, { $broken }; nichts wurde hinzugefügt
    .hint = stellen Sie es aus einer Kopie wieder her, bevor Sie weiter eintragen
registration-rewritten = nichts wurde eingetragen: { $rewritten }
registration-changed = { $path }: wurde inzwischen von einem anderen Programm geändert; nichts wurde eingetragen
    .hint = versuchen Sie es noch einmal
registration-memory = nichts wurde eingetragen: { $cause }
registration-journal = { $cause }; nichts wurde eingetragen

## SignRequestError

sign-request-none-of-role = kein Schlüssel des Schlüsselbunds darf jetzt als { $role ->
        [operator] Operator
        [witness] Zeuge
        [reviewer] Prüfer
       *[auditor] Auditor
    } signieren
    .hint = nehmen Sie den Schlüssel auf, oder geben Sie seine ID und seinen Inhaber an

## NamedSignerError

named-signer-none = es gibt keinen Signierer mit dem Namen „{ $name }“
    .hint = zeigen Sie alle mit `countersign signers list`
named-signer-several-algorithms = der Schlüssel signiert auf mehrere Weisen
    .hint = geben Sie --algo an: { $ways }

## NewFileError

new-file-no-place = keine Datei ist angegeben
    .hint = wählen Sie eine Datei
new-file-relative = { $path } beginnt nicht an der Wurzel
    .hint = schreiben Sie den ganzen Pfad, oder wählen Sie eine Datei

## ConcludeError

conclude-not-a-pack = ein Befund gilt dem Digest eines Pakets oder Exports, und dies hat keinen
    .hint = lassen Sie es packen, und prüfen Sie das Paket
conclude-no-outcome = kein Ergebnis ist gewählt
    .hint = nehmen Sie an, nehmen Sie mit Vorbehalt an, oder lehnen Sie ab
conclude-no-such-run = eine Notiz gilt { $run }, und das Paket hat keinen solchen Lauf
    .hint = prüfen Sie es noch einmal
conclude-unreadable = der Lauf { $file } kann nicht gelesen werden, also könnte ein Befund ihn nicht nennen
    .hint = bitten Sie noch einmal um das Paket

## FindingUseError

finding-use-not-a-finding = { $path }: { $cause }
    .hint = wählen Sie eine Datei, die auf .finding.json endet
finding-use-page = die Seite des Befunds konnte nicht erzeugt werden: { $why }

## ReleaseUseError

release-use-not-a-release = { $path }: { $cause }
    .hint = geben Sie eine Datei an, die `countersign release sign` geschrieben hat; ihr Name endet meist auf { $end }
release-use-not-made = es entsteht keine Freigabe: { $cause }
    .hint = nennen Sie Dateien, jede mit eigenem Namen
release-use-other-file = { $path } bürgt nicht für { $name }, wie es hier vorliegt; nichts wurde signiert
    .hint = finden Sie heraus, was von beidem stimmt; signieren Sie nicht, was Sie nicht verglichen haben
release-use-not-given = { $path } gilt { $count ->
        [one] auch für { $name }, das
       *[other] auch für { $name } und andere Dateien, zusammen { $count }, die
    } nicht angegeben { $count ->
        [one] wurde
       *[other] wurden
    }; nichts wurde signiert
    .hint = geben Sie jede Datei der Freigabe an, damit Sie für das bürgen, was Sie verglichen haben

## ThisProgramError

this-program-unreadable = { $path }, das laufende Programm, kann nicht gelesen werden: { $source }
    .hint = vergleichen Sie stattdessen die installierte Datei, mit `sha256sum`

## DisclosureUseError

disclosure-use-run = { $path }: { $cause }
disclosure-use-signatures = { $path }: { $cause }
disclosure-use-entry = { $path }: { $cause }
disclosure-use-not-signed = niemand hat die Festlegungen von { $path } in einem Claim signiert, so dass eine Offenlegung nichts beweisen würde
    .hint = signieren Sie den Lauf zuerst mit einem Claim
disclosure-use-not-a-disclosure = { $path }: { $cause }
    .hint = wählen Sie eine Datei, die auf { $end } endet

## InputsUseError

inputs-use-run = { $path }: { $cause }

## OpenError

open-gone = dieser Umschlag ist nicht mehr im Verzeichnis
    .hint = er wurde verschoben, umbenannt oder entfernt; wählen Sie einen anderen

## PlacesError

places-no-home = es gibt kein Home-Verzeichnis für Einstellungen und Journal
    .hint = nennen Sie ein Verzeichnis mit --state DIR
places-unreachable = { $path }: von hier nicht zu finden ({ $source })
    .hint = nennen Sie den ganzen Pfad

## EnrolError

enrol-other-certificates = { $path }: enthält andere Zertifikate als die angezeigten
    .hint = sehen Sie sie noch einmal an, und bestätigen Sie dann

## EnrolTokenError

enrol-token-last-try = nur 1 Versuch der PIN ist übrig
    .hint = signieren Sie zuerst mit dem Schlüssel: Eine richtige PIN gibt alle Versuche zurück

## WorkspaceError

workspace-no-journal = es gibt kein Home-Verzeichnis für ein Journal, und was nicht ins Journal kann, geschieht nicht; nichts wurde geändert
    .hint = nennen Sie ein Journal mit --journal FILE
workspace-not-journalled = das kann nicht ins Journal geschrieben werden, und was nicht ins Journal kann, geschieht nicht: { $cause }
workspace-no-settings = es gibt kein Home-Verzeichnis für Einstellungen
    .hint = nennen Sie sie mit --settings
workspace-no-keyring = es gibt kein Home-Verzeichnis für einen Schlüsselbund
    .hint = nennen Sie einen mit --keyring FILE
workspace-no-trust-folder = es gibt kein Home-Verzeichnis für einen Vertrauensordner
    .hint = nennen Sie einen mit --attestation-roots DIR
workspace-no-memory = es gibt kein Home-Verzeichnis, um sich Protokolle zu merken
    .hint = nennen Sie ein Verzeichnis mit --log-heads DIRECTORY
workspace-reviewing = { $path } wird nur geprüft: nichts darin wird geändert
    .hint = beenden Sie zuerst die Prüfung; um darin zu arbeiten, öffnen Sie es

## RevokeError

revoke-no-reason = kein Grund ist angegeben
    .hint = sagen Sie warum, für alle, die später seine Signaturen finden

## PinChangeError

pin-change-last-attempt = { $what }: nur 1 Versuch ist übrig, und ein falscher sperrt
    .hint = bestätigen Sie, dass Sie ihn nutzen wollen

## YubikeySetupError

yubikey-setup-not-stated = Firmware { $firmware } sagt nicht, ob die { $what } die ab Werk ist
    .hint = geben Sie es an: Eine falsche Angabe kostet einen Versuch der { $what }
yubikey-setup-occupied = in Slot { $slot } ist etwas, das verloren ginge: { $loses }; nichts wurde geändert
    .hint = wählen Sie einen anderen Slot, oder bestätigen Sie das Überschreiben, indem Sie den Slot nennen
yubikey-setup-unfinished = in Slot { $slot } ist ein dort erzeugter Schlüssel, wie nach einer unterbrochenen Einrichtung: { $loses }; nichts wurde geändert
    .hint = machen Sie mit diesem Schlüssel weiter, oder bestätigen Sie das Überschreiben, indem Sie den Slot nennen
yubikey-setup-nothing-to-finish = in Slot { $slot } ist kein Schlüssel, der dort erzeugt wurde und kein fremdes Zertifikat hat
    .hint = wählen Sie den Slot der unterbrochenen Einrichtung, oder erzeugen Sie einen neuen Schlüssel
yubikey-setup-no-touch = ein Schlüssel, der nie eine Berührung verlangt, signiert alles, was ein Programm sendet, solange die PIN als geprüft gilt
    .hint = wählen Sie für die Berührung „immer“ oder „zwischengespeichert“, oder bestätigen Sie, dass der Schlüssel ohne Berührung signiert
yubikey-setup-last-attempt = für die { $what } ist nur noch 1 Versuch übrig, und eine falsche sperrt sie
    .hint = bestätigen Sie, dass Sie ihn nutzen wollen
yubikey-setup-not-enrolled = der YubiKey ist eingerichtet und der Schlüssel in Slot { $slot } bereit, aber er ist nicht im Schlüsselbund: { $cause }
    .hint = nehmen Sie den Schlüssel in Slot { $slot } auf wie jeden anderen eines YubiKey

## Was ein Slot enthält

slot-holds-certificate = ein Zertifikat ohne Schlüssel
slot-holds-unreadable = Daten, die sich nicht als Zertifikat lesen lassen
slot-holds-other-key = ein Schlüssel der Art { $kind }
slot-holds-key = der Schlüssel { $fingerprint } ({ $kind }), der nicht im Schlüsselbund ist
slot-holds-enrolled-key = der Schlüssel { $fingerprint } ({ $kind }), im Schlüsselbund { $key_id } von { $owner }

## Was für einen YubiKey geplant ist

setup-plans-pin = die PIN ab Werk durch Ihre ersetzen
setup-plans-puk = die PUK ab Werk durch Ihre ersetzen
setup-plans-management-key = den Verwaltungsschlüssel ab Werk durch einen zufälligen ersetzen ({ $algorithm }), den die Karte aufbewahrt, geschützt durch die PIN
setup-plans-key = in Slot { $slot } einen Schlüssel erzeugen: { $about }
setup-plans-certificate = in Slot { $slot } ein Zertifikat für { $owner } speichern, das der Schlüssel selbst signiert
setup-key-about = { $kind }, PIN { $pin }, Berührung { $touch }
setup-keeps-pin = die PIN bleibt und wird erfragt
setup-keeps-puk = die PUK bleibt
setup-keeps-management-key = der Verwaltungsschlüssel bleibt
setup-keeps-key = der Schlüssel im Slot bleibt: { $key }
setup-warns-puk-blocked = Die PUK ist gesperrt: Nichts kann die PIN entsperren, wenn sie zu oft falsch ist.
setup-warns-hidden-keys = Diese Firmware zeigt keinen Schlüssel, der ohne Zertifikat importiert wurde. Ist einer im Slot, geht er verloren.
setup-warns-no-touch = Der Schlüssel wird ohne Berührung signieren: Jedes Programm, das die PIN hat, signiert mit ihm.
setup-warns-no-root = Keinem Wurzelzertifikat für Attestierungen wird vertraut; der Schlüssel wird als Software gelten. Fügen Sie zuerst das des Herstellers hinzu.

## TimeRequestingError

time-requesting-folder = { $path }: der Ordner kann nicht angelegt werden ({ $source })
    .hint = wählen Sie einen anderen
time-requesting-random = das System liefert keine Zufallszahlen
time-requesting-nothing = keine Signatur braucht einen Zeitstempel: Alle, die gelten, haben einen, oder es gibt keine
time-requesting-too-many = mehr als { $limit } Signaturen haben keinen Zeitstempel
    .hint = fordern Sie für ein Verzeichnis nach dem anderen an

## TimeImportError

time-import-too-many = es sind mehr als { $limit } Antworten
    .hint = importieren Sie einen Ordner nach dem anderen
time-list-version = ihre Version ist { $version }
time-list-empty = sie enthält keine Anfragen
time-list-too-many = sie enthält mehr als { $limit } Anfragen
time-list-entry = ein Eintrag kann nicht gelesen werden
time-list-no-run = ein Eintrag gilt keinem Lauf selbst
time-import-list = { $path }: keine Liste von Zeitstempelanfragen ({ $what })
    .hint = geben Sie den Ordner an, in den die Anfragen geschrieben wurden

## ResponseRefused

response-refused-no-signature = { $path }: keine Signatur dort ist die, für die angefragt wurde
response-refused-stops-counting = mit diesem Zeitstempel würde die Signatur von „{ $signer }“ nicht zählen: { $why }

## RunTimeRefused

run-time-refused-run = { $path }: { $error }
run-time-link = ein Link, der anderswohin führt
run-time-refused-folder = { $path }: der Ordner für Zeitstempel kann nicht benutzt werden ({ $why })
run-time-refused-has = { $path }: der Lauf hat schon einen anderen Zeitstempel, und der bleibt
    .hint = legen Sie ihn beiseite, um diesen zu benutzen

## TrustChangeError

trust-change-cancelled = die Vorschau wurde abgebrochen; nichts wurde geändert

## EndorseError

endorse-not-endorsed = dem Attestierungsschlüssel wird nicht vertraut: { $cause }
endorse-random = das System liefert keine Zufallszahlen

## CheckpointUseError

checkpoint-use-does-not-hold = { $path } ist gebrochen oder schließt nicht an das an, was diese Station davon sah; nichts wurde signiert oder bewiesen
    .hint = was nicht stimmt, sagt `countersign log verify`
checkpoint-use-empty = { $path } hat keinen Eintrag oder ist nicht da
    .hint = tragen Sie zuerst einen Lauf ein: `countersign log append`
checkpoint-use-no-name = { $path } hat noch keinen Checkpoint, also weiß niemand, wie das Protokoll heißt
    .hint = geben Sie mit --name den Namen an, unter dem man das Protokoll kennt, etwa example.org/entscheidungen
checkpoint-use-name = „{ $name }“ kann kein Name eines Protokolls sein
    .hint = wählen Sie einen ohne Leerzeichen und Pluszeichen, etwa example.org/entscheidungen
checkpoint-use-other-origin = der Checkpoint neben { $path } ist von { $origin }, und das ist nicht dieses Protokoll unter diesem Namen
    .hint = lassen Sie den Namen weg, um mit jenem fortzufahren; stand hier ein anderes Protokoll, schieben Sie seinen Checkpoint und seine Kacheln beiseite
checkpoint-use-shrunk = { $path } hat { $size } Einträge, und diese Station signierte einen Baum von { $signed }; nichts wurde signiert
    .hint = finden Sie die fehlenden Einträge; ein Protokoll, das schrumpft, wird unter diesem Namen nicht mehr signiert
checkpoint-use-forked = { $path } hat andere Einträge als die { $signed }, die diese Station signierte; nichts wurde signiert
    .hint = klären Sie, wer das Protokoll geändert hat; ein gespaltenes wird unter diesem Namen nicht mehr signiert
checkpoint-use-no-checkpoint = neben { $path } ist kein Checkpoint
    .hint = signieren Sie einen mit `countersign log checkpoint`
checkpoint-use-not-of-this-log = { $path } ist der Checkpoint eines anderen Baums als dieses Protokolls
    .hint = klären Sie, wer Protokoll oder Checkpoint geändert hat; bewahren Sie beide auf
checkpoint-use-not-registered = { $path } steht nicht im Protokoll
    .hint = tragen Sie ihn ein: `countersign log append`
checkpoint-use-later = { $path } ist Eintrag { $position }, und der letzte Checkpoint hat { $size } Einträge
    .hint = signieren Sie einen neuen mit `countersign log checkpoint`
checkpoint-use-not-a-proof = { $path }: { $cause }
checkpoint-use-no-entry = { $path } enthält den Eintrag nicht, den es beweist
    .hint = verlangen Sie einen Beweis, den `countersign log prove --tlog` geschrieben hat
checkpoint-use-not-an-entry = der Eintrag in { $path } ist keiner: { $cause }
checkpoint-use-other-run = { $path } beweist den Eintrag eines anderen Laufs als { $run }
    .hint = geben Sie den Lauf an, von dem der Beweis handelt
checkpoint-use-proof-does-not-hold = die Hashes in { $path } führen nicht vom Eintrag zum Checkpoint
    .hint = verlassen Sie sich nicht darauf; verlangen Sie einen anderen Beweis, und sagen Sie es dem, von dem dieser ist
checkpoint-use-unsigned = { $path }: { $cause }
    .hint = prüfen Sie, ob das Regelwerk den Schlüssel dieses Protokolls hat
checkpoint-use-two-logs = ein Checkpoint ist von { $one }, der andere von { $other }
    .hint = geben Sie zwei Checkpoints desselben Protokolls an
checkpoint-use-backwards = der neuere Checkpoint hat { $size } Einträge, der ältere { $old }
    .hint = geben Sie den älteren zuerst an; ist er das, wurde das Protokoll gekürzt: bewahren Sie beide auf
checkpoint-use-fork = der Checkpoint mit { $old } Einträgen ist nicht der Anfang dessen mit { $size }: Das Protokoll wurde gespalten
    .hint = bewahren Sie beide Checkpoints auf, sie beweisen es

## WitnessUseError

witness-use-ahead = der Zeuge soll { $old } Einträge gesehen haben, und der Checkpoint hat { $size }
    .hint = signieren Sie zuerst einen neuen Checkpoint; hat das Protokoll weniger, als der Zeuge sah, wurde es gekürzt
witness-use-request = { $path }: { $cause }
witness-use-unknown-log = { $path } handelt von { $origin }, und diese Station kennt kein solches Protokoll; nichts wurde signiert
    .hint = lassen Sie sich den Schlüssel des Protokolls auf anderem Weg sagen, und nehmen Sie ihn in das Regelwerk auf
witness-use-never-seen = diese Station weiß nichts von { $origin }, das nun { $size } Einträge hat; nichts wurde signiert
    .hint = bestätigen Sie mit --first-time, dass Sie es nie bezeugt haben; sonst finden Sie zuerst das verlorene Gedächtnis
witness-use-not-a-cosignature = { $path }: { $cause }
witness-use-unknown-witness = { $path } ist von { $name }, und diese Station kennt keinen solchen Zeugen; nichts wurde aufgenommen
    .hint = nehmen Sie den Schlüssel des Zeugen in das Regelwerk auf, oder geben Sie ihn mit --witness-key an
witness-use-does-not-hold = die Signatur von { $name } in { $path } gilt nicht für den Checkpoint neben dem Protokoll; nichts wurde aufgenommen
    .hint = fragen Sie den Zeugen noch einmal: Der Checkpoint kann neuer sein als der, den er signiert hat

## TrustUseError

trust-use-no-place = es gibt kein persönliches Verzeichnis, um einen signierten Schlüsselbund aufzubewahren
trust-use-directory = { $path }: das Verzeichnis lässt sich nicht lesen oder anlegen ({ $source })
trust-use-too-many = { $path }: mehr als { $most } Dateien oder { $mebibytes } MiB signierter Schlüsselbunde werden nicht auf einmal gelesen
trust-use-not-one = { $path } gehört zu keinem signierten Schlüsselbund: { $error }
trust-use-nothing = dort ist keine Version eines signierten Schlüsselbunds
    .hint = nennen Sie eine Datei, deren Name auf keyring.signed.json endet, oder ihr Verzeichnis
trust-use-not-adopted = diese Station hat keinen signierten Schlüsselbund übernommen
    .hint = übernehmen Sie einen nach seinem Digest: `countersign trust adopt`
trust-use-is-adopted = diese Station hat schon Version { $version } eines signierten Schlüsselbunds übernommen
    .hint = schlagen Sie eine nächste Version vor: `countersign trust propose`
trust-use-needs-digest = die erste Version wird nach ihrem Digest übernommen; Version { $version } hier hat { $digest }
    .hint = vergleichen Sie ihn mit dem, was ein Verwalter Ihnen sagt, nicht mit dem, was mit der Datei kam, und geben Sie ihn mit --digest an
trust-use-no-such-digest = keine Version, die übernommen werden kann, hat den Digest { $digest }
    .hint = vergleichen Sie den Digest, und bitten Sie noch einmal um die Datei
trust-use-two-next = Verzweigung: zwei verschiedene Versionen { $version } sind beide von genug Verwaltern signiert: { $one } und { $other }; nichts wurde übernommen
    .hint = vergleichen Sie beide mit den Verwaltern, und geben Sie die richtige mit --digest an
trust-use-not-proposed = nichts wurde vorgeschlagen: { $cause }
trust-use-no-change = der Vorschlag ändert nichts
    .hint = sagen Sie, was sich ändern soll
trust-use-no-such-key = der signierte Schlüsselbund hat keinen Schlüssel „{ $key_id }“
trust-use-not-revoked = kein Widerruf von „{ $key_id }“ im Notfall ist in Kraft

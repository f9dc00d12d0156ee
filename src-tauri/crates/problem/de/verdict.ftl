## Was über einen Umschlag gesagt wird. Sätze stehen mit großem Anfang und Punkt; was in einem anderen
## Satz steht, ohne.

with-hint = { $what }; { $hint }

## Das Urteil als Ganzes

verdict-sentence = { $level }. { $lack }
level-none = Keine Stufe
verdict-not-run = { $level } ist hier nicht prüfbar: Die Prüfung lief nicht.
lack-log-entry = Der Eintrag im Transparenzprotokoll fehlt.
lack-hardware = Ein Hardwareschlüssel fehlt.
lack-nothing = Nichts fehlt.
lack-slot = Die Signatur von { $who } ({ $role }) zählt nicht: { $why }.
lack-roles = Es { $count ->
        [one] fehlt
       *[other] fehlen
    } { $roles }.
lack-roles-nobody = Es { $count ->
        [one] fehlt
       *[other] fehlen
    } { $roles }; niemand im Schlüsselbund hat die Rolle { $nobody }.
lack-key = Der Schlüssel von { $who } ist nicht im Schlüsselbund.
lack-two-keys = Die Schlüssel von { $one } und { $other } sind nicht im Schlüsselbund.
lack-keys = Die Schlüssel von { $count } Unterzeichnern sind nicht im Schlüsselbund.
lack-signatures = { $count ->
        [1] Eine weitere Signatur fehlt.
       *[other] { $count } weitere Signaturen fehlen.
    }
foresight-changes = { $before } → { $after }
foresight-as-before = { $after } wie bisher: { $lack }
foresight-no-level = noch ändert sich keine Stufe
foresight-each-rises = jeder steigt um mindestens eine Stufe
foresight-some-rise = { $rise } von { $of } steigen auf eine höhere Stufe
foresight-nothing-in-any = ändert bei keinem etwas
foresight-nothing-in-some = ändert bei { $nothing } von { $of } nichts
foresight-refusal = L4 gilt nicht, solange die Verweigerung besteht
signing-without-manifest = Neben dem Lauf liegt kein Manifest. L2 braucht eines.
foresight-nothing = ändert nichts: { $lack }

## Aufzählungen und Rollen

list-last = { $rest } und { $last }
list-more = { $rest }, { $next }
list-or = { $rest } oder { $next }
list-and-more = { $named } und { $more } weitere
role-operator = Operator
role-witness = Zeuge
role-reviewer = Prüfer
role-auditor = Auditor
role-none = ohne Rolle
one-operator = ein Operator
one-witness = ein Zeuge
one-reviewer = ein Prüfer
one-auditor = ein Auditor
no-time = ohne Zeit
unreadable-time = unlesbare Zeit

## Was eine Prüfung ergeben hat

found-file = die Datei ist da
found-object = ein JSON-Objekt
found-there = vorhanden
found-given = angegeben
found-known = bekannt
found-equal = gleich
found-holds = gilt
found-recomputed = nachgerechnet und gleich
found-keys = alle verlangten Schlüssel sind da
found-decisions = Entscheidungen sind gebunden
found-refusable = die Pipeline konnte verweigern
found-recorded = aufgezeichnet
found-emitted = ausgegeben
found-inputs = Eingabedateien sind angegeben
found-hashed = mit Hash
found-others-hashed = alle anderen haben einen Hash
found-gates = jeder Prüfpunkt ist bestanden
found-scope = Hash-Umfang und Commit-Hash sind da
found-stated = angegeben
found-defined = festgelegt
found-excluded = ausgenommen
found-set = gestellt
found-derived = aus dem Commit-Hash abgeleitet

## Der Lauf für sich: L0, L1, L5

run-unreadable = Die Datei kann nicht gelesen werden: { $why }.
run-lacks-keys = { $part ->
        [sealed-run] Dem versiegelten Lauf
        [envelope] Dem Teil „authority_envelope“
        [actor] Dem Teil „actor“
        [authority] Dem Teil „authority“
        [scope] Dem Teil „scope_bound“
        [policy] Dem Teil „policy_snapshot“
        [refusal] Dem Teil „refusal“
        [enforcement] Dem Teil „enforcement“
        [provenance] Dem Teil „provenance“
        [decision] Dem Teil „decision_state“
        [replay] Dem Teil „replay_instructions“
        [hash-scope] Dem Hash-Umfang
       *[other] Dem Teil „{ $part }“
    } fehlt: { $keys }.
run-schema-version = Die Schema-Version ist { $found }, nicht "1.0".
run-envelope-version = Die Version des Umschlags ist { $found }, nicht "1.0".
run-no-actor = Wer gehandelt hat (actor.id), ist nicht angegeben.
run-no-actor-role = Die Rolle des Handelnden ist nicht angegeben.
run-no-policy-version = Die Version der Richtlinie ist nicht angegeben.
run-no-policy-hash = Der Hash der Richtlinie ist nicht angegeben.
run-no-id = Die Lauf-ID ist nicht angegeben.
run-no-inputs-hash = Der Hash der Eingaben ist nicht angegeben.
run-authority-type = Die Art der Befugnis ist { $found }, keine von { $known }.
run-no-decision = Der Umfang bindet keine Entscheidung.
run-not-refusable = Die Pipeline konnte nicht verweigern (refusal_available ist nicht true).
run-no-refusal-check = Keine Prüfung auf Verweigerung wurde aufgezeichnet.
run-enforcement-not-emitted = Die Durchsetzung wurde nicht ausgegeben (enforcement_emitted ist nicht true).
run-no-input = Keine Eingabedatei ist angegeben.
run-input-no-hash = Die Eingabe { $path } hat keinen Hash.
run-gate-failed = Der Prüfpunkt { $name } ist nicht bestanden.
run-gates-no-list = Die Ergebnisse der Prüfpunkte sind keine Liste.
run-no-content-hash = Der Lauf verzeichnet keinen Inhalts-Hash.
run-content-changed = Der Inhalt wurde nach dem Versiegeln geändert: Sein Hash ist { $computed }, der Lauf verzeichnet { $recorded }.
run-before-scope = Der Lauf wurde vor v1.1 versiegelt: Er hat keinen Hash-Umfang und keinen Commit-Hash.
run-scope-null = Der Hash-Umfang ist null.
run-scope-deterministic-open = Der Hash-Umfang sagt nicht, ob der Lauf deterministisch war.
run-no-commit-hash = Der Lauf verzeichnet keinen Commit-Hash.
run-commit-hash = Der Commit-Hash ist nicht der des Hash-Umfangs: { $computed } ist berechnet, { $recorded } ist verzeichnet.
run-provenance-hash = Die Herkunft nennt einen anderen Hash der Eingaben als der Commit-Hash.
run-scope-excludes-nothing = Der Hash-Umfang nimmt nichts aus.
run-scope-observed-at = Der Hash-Umfang nimmt observed_at nicht aus.
run-clock-not-set = Die Uhr des Laufs ist nicht gestellt.
run-not-deterministic = Der Lauf war nicht deterministisch.
run-id-not-derived = Die Lauf-ID { $id } ist nicht aus dem Commit-Hash abgeleitet.
commitments-unreadable = Der Lauf kann nicht gelesen werden.
commitments-missing = Der Lauf hat keine Merkle-Festlegungen; nur neues Versiegeln kann sie hinzufügen.
commitments-root = Die Merkle-Wurzel der { $list ->
        [inputs] Eingaben
        [prompts] Prompts
        [schemas] Schemas
       *[policies] Richtlinien
    } ist nicht die des Hash-Umfangs.
commitments-leaves = Die Festlegungen verzeichnen { $recorded ->
        [none] keine Zahl von Blättern
       *[other] { $recorded } Blätter
    }; der Hash-Umfang hat { $count }.
commitments-algorithm = Die Festlegungen nennen den Algorithmus { $found }, nicht "sha256-merkle".

## Lauf und Manifest: L2

found-no-manifest-key = kein Schlüssel eines Manifests
found-no-run-key = kein Schlüssel eines versiegelten Laufs
found-named = hat die Lauf-ID
found-of-run = wie im Lauf
found-this-file = diese Datei
found-of-commit-hash = wie im Commit-Hash
found-sealed-digest = der Digest, den der Lauf für { $name } verzeichnet
run-is-also-manifest = Das ist nicht nur ein versiegelter Lauf: Er hat auch { $count ->
        [one] den Schlüssel
       *[other] die Schlüssel
    } { $keys } eines Manifests.
run-other-name = Die Datei heißt { $name }, und der Lauf darin hat die ID { $id }.
manifest-is-also-run = Das ist nicht nur ein Manifest: Es hat auch { $count ->
        [one] den Schlüssel
       *[other] die Schlüssel
    } { $keys } eines versiegelten Laufs.
manifest-commit-hash = Das Manifest hat einen anderen Commit-Hash als der Lauf.
manifest-other-run = Das Manifest gehört zum Lauf { $id }.
manifest-other-file = Das Manifest nennt eine andere Datei: { $name }.
manifest-says = Das Manifest nennt { $what ->
        [policy-version] die Richtlinienversion
       *[decision] die Entscheidung
    } { $given }, der Lauf { $run }.
manifest-hash-scope = Das Manifest führt andere Eingaben, Prompts, Richtlinien oder Schemas auf, als sein Commit-Hash abdeckt.
manifest-not-sealed = Das ist nicht das Manifest, das versiegelt wurde: Der Lauf verzeichnet dafür { $recorded }.
manifest-unreadable = Das Manifest kann nicht gelesen werden: { $why }.
manifest-missing = Neben dem Lauf fehlt das Manifest.
manifest-not-signed = Das Manifest ist noch nicht signiert.
run-not-signed = Der Lauf ist noch nicht signiert.
file-unreadable = Die Signaturdatei { $what ->
        [manifest] des Manifests
       *[run] des Laufs
    } kann nicht gelesen werden: { $why }.
file-version = Die Signaturdatei { $what ->
        [manifest] des Manifests
       *[run] des Laufs
    } hat die Version { $found }, nicht "1.0".
file-other-content = Die Signaturen gelten einem anderen Inhalt { $what ->
        [manifest] des Manifests
       *[run] des Laufs
    } als dem der Datei: { $computed } ist berechnet, { $recorded } ist verzeichnet.
file-no-signatures = Die Signaturdatei { $what ->
        [manifest] des Manifests
       *[run] des Laufs
    } enthält keine Signaturen.
block-other-kind = Der Signaturblock { $what ->
        [manifest] des Manifests
       *[run] des Laufs
    } nennt als Gegenstand { $found }.
block-other-commit = Der Signaturblock { $what ->
        [manifest] des Manifests
       *[run] des Laufs
    } gilt einem anderen Commit-Hash.
signature-of-file = { $who } ({ $role }), Schlüssel { $key }: { $detail }
signature-valid = { $who }: { $detail }
signature-unchecked = Die Signatur von { $who } auf { $what ->
        [manifest] dem Manifest
       *[run] dem Lauf
    }, Schlüssel { $key }: { $why }.
signature-not-accepted = Die Signatur von { $who } auf { $what ->
        [manifest] dem Manifest
       *[run] dem Lauf
    }, Schlüssel { $key }, wird nicht anerkannt: { $why }.
signature-not-valid = Die Signatur von { $who } auf { $what ->
        [manifest] dem Manifest
       *[run] dem Lauf
    }, Schlüssel { $key }, ist ungültig: { $why }.

## Protokoll und Register: L3, L7

chain-not-checkable = Nicht prüfbar: { $why }.
chain-rewritten = { $why }.
chain-allowed = { $why }. Für diesen Befehl ist das erlaubt.
chain-note = { $note }.
found-log-chain = die ganze Kette gilt, Kopf { $head ->
        [none] keiner
       *[other] { $head }
    }
found-log-entry = { $id }, Eintrag { $at } von { $count }
log-seen-elsewhere = Diese Station sah diesen Lauf als { $entry } in einem anderen Protokoll eingetragen, { $log }, { $lost }; finden Sie heraus, wer es ersetzt hat, und stellen Sie es wieder her, oder nehmen Sie das hin (countersign log accept { $log }).
log-unreadable = Das Transparenzprotokoll kann nicht gelesen werden: { $why }.
log-missing = Hier gibt es kein Transparenzprotokoll; tragen Sie den Lauf ein.
log-broken = Das Transparenzprotokoll ist unterbrochen, { $broken }; nach dieser Zeile wurde nichts gelesen.
log-entry-changed = Der Eintrag des Laufs im Transparenzprotokoll wurde geändert.
log-other-content = Das Transparenzprotokoll hat für diesen Lauf einen anderen Inhalts-Hash.
log-no-entry = Der Lauf steht nicht im Transparenzprotokoll; tragen Sie ihn ein.
checkpoint-none = Hier ist kein Checkpoint des Protokolls, also steht kein Zeuge dafür ein; signieren Sie einen und lassen Sie ihn bezeugen.
checkpoint-later = Der Lauf ist Eintrag { $at }, und der letzte Checkpoint hat { $size }; signieren Sie einen neuen und lassen Sie ihn bezeugen.
checkpoint-witnessed = bezeugt von { $count } von { $of } seit { $since }, mit { $size } Einträgen
checkpoint-signed = im Checkpoint mit { $size } Einträgen; das Regelwerk verlangt keinen Zeugen
checkpoint-too-few = Bezeugt von { $count } von { $of }, weniger als das Regelwerk verlangt; lassen Sie den Checkpoint mit { $size } Einträgen bezeugen.
checkpoint-unreadable = Ein Checkpoint neben dem Protokoll zählt nicht: { $why }
checkpoint-longer = Ein Checkpoint des Protokolls hat { $size } Einträge, und das Protokoll hat weniger.
checkpoint-other-root = Ein Checkpoint des Protokolls hat { $size } Einträge mit einer anderen Wurzel: Das Protokoll wurde gespalten oder geändert.
checkpoint-forged = Eine Signatur im Namen des Zeugen { $witness } hält nicht.

## Was die Schlüssel hält: L6

found-assurance = { $assurance ->
        [attested] attestiert
        [pinned] vom Schlüsselbund bestätigt
       *[claimed] behauptet
    }
key-none-outside = Keine gültige Signatur stammt von Hardware oder einem externen Signierer.
key-assurance = Hardware oder externer Signierer: nur { $best ->
        [attested] attestiert
        [pinned] vom Schlüsselbund bestätigt
       *[claimed] behauptet
    }; die Richtlinie verlangt: { $wanted ->
        [attested] attestiert
        [pinned] vom Schlüsselbund bestätigt
       *[claimed] behauptet
    }.
key-assurance-but = Hardware oder externer Signierer: nur { $best ->
        [attested] attestiert
        [pinned] vom Schlüsselbund bestätigt
       *[claimed] behauptet
    }; die Richtlinie verlangt: { $wanted ->
        [attested] attestiert
        [pinned] vom Schlüsselbund bestätigt
       *[claimed] behauptet
    }. Zu { $who }: { $why }.
key-assurance-no-attestation = Hardware oder externer Signierer: nur { $best ->
        [attested] attestiert
        [pinned] vom Schlüsselbund bestätigt
       *[claimed] behauptet
    }; die Richtlinie verlangt: { $wanted ->
        [attested] attestiert
        [pinned] vom Schlüsselbund bestätigt
       *[claimed] behauptet
    }. Mit dem Schlüssel von { $who } kam keine Attestierung.
found-required-facts = die Schlüssel, die L4 braucht, erfüllen, was die Richtlinie von ihnen verlangt
key-lacks = Der Schlüssel von { $who } ({ $role }) ist attestiert, aber { $lacks }
key-lacks-proof = Der Schlüssel von { $who } ({ $role }) ist nicht attestiert: { $why }; die Richtlinie verlangt { $required }
key-lacks-attestation = Mit dem Schlüssel von { $who } ({ $role }) kam keine Attestierung, und die Richtlinie verlangt { $required }
key-lacks-none = Die Signaturen, die L4 braucht, sind nicht alle da
key-advisory = Schlüssel von { $who }: { $what }.
key-attestation = Schlüssel von { $who }{ $source ->
        [keyring] , wie ihn der Schlüsselbund aufbewahrt
       *[signature] {""}
    }: { $what }.
key-claim-against-keyring = Die Signatur von { $who } behauptet Hardware oder einen externen Signierer, und der Schlüsselbund sagt Software.
key-keyring-against-attestation = Der Schlüsselbund sagt, dass der Schlüssel { $key } von { $who } Software ist, und seine Attestierung beweist Hardware.
key-claim-against-attestation = Die Signatur von { $who } behauptet Software, und die Attestierung ihres Schlüssels beweist Hardware.
attestation-states = { $statement } ({ $details })

## Was die Richtlinie von attestierten Schlüsseln verlangt

requires-model = { $any }
requires-firmware = Firmware { $least } oder neuer
requires-pin = PIN { $any }
requires-touch = Berührung { $any }
requires-form = Bauform { $any }
requires-fips = nach FIPS zertifiziert
requires-generated = auf dem Gerät erzeugt
requires-no-advisory = kein bekannter Sicherheitshinweis
pin-once = einmal
pin-always = immer
pin-match-once = einmal, oder ein Fingerabdruck
pin-match-always = immer, oder ein Fingerabdruck
touch-always = immer
touch-cached = gemerkt
unmet-not-attested = der Schlüssel ist nicht attestiert, und die Richtlinie verlangt das
unmet-model = das Modell ist { $found }, und die Richtlinie verlangt { $wanted }
unmet-firmware = die Firmware ist { $found ->
        [none] nicht angegeben
       *[other] { $found }
    }, und die Richtlinie verlangt { $least } oder neuer
unmet-pin = die PIN-Regel ist { $found ->
        [none] nicht angegeben
       *[other] { $found }
    }, und die Richtlinie verlangt die PIN ({ $wanted })
unmet-touch = die Berührungsregel ist { $found ->
        [none] nicht angegeben
       *[other] { $found }
    }, und die Richtlinie verlangt Berührung ({ $wanted })
unmet-form = die Bauform ist { $found }, und die Richtlinie verlangt { $wanted }
unmet-form-not-stated = die Bauform ist nicht angegeben, und die Richtlinie verlangt { $wanted }
unmet-fips = { $stated ->
        [yes] das Gerät ist nicht nach FIPS zertifiziert
       *[no] ob das Gerät nach FIPS zertifiziert ist, ist nicht angegeben
    }, und die Richtlinie verlangt das
unmet-generated = { $stated ->
        [yes] der Schlüssel wurde nicht auf dem Gerät erzeugt
       *[no] ob der Schlüssel auf dem Gerät erzeugt wurde, ist nicht angegeben
    }, und die Richtlinie verlangt das
unmet-advisory = { $applies ->
        [yes] { $name } betrifft ihn
       *[no] ob { $name } ihn betrifft, ist nicht angegeben
    }, und die Richtlinie lehnt Schlüssel mit einem Sicherheitshinweis ab
advisory-applies = { $id } ({ $name }, { $cve }, { $date }) betrifft ihn: { $harm }
advisory-computed = bei dieser Firmware kann ein RSA-Schlüssel, den das Gerät erzeugt hat, aus seinem öffentlichen Schlüssel berechnet werden
advisory-extracted = bei dieser Firmware kann, wer das Gerät und Laborausrüstung hat, einen ECDSA-Schlüssel auslesen

## Was die Unterzeichner von Protokoll und Register sahen

fork = Eintrag { $entry } { $kind ->
        [log] des Transparenzprotokolls
       *[ledger] des Befugnisregisters
    } ist nicht der, den { $who } sah: Seine Geschichte wurde umgeschrieben
fork-accepted = { $fork }. Jemand hat das hingenommen.
fork-open = { $fork }; finden Sie heraus, wer das getan hat, und stellen Sie es wieder her, oder nehmen Sie es mit einer Begründung hin (countersign log accept).
seen-another-chain = { $who } sah ein anderes { $kind ->
        [log] Transparenzprotokoll
       *[ledger] Befugnisregister
    }, dessen erster Eintrag { $first } ist.
seen-longer-log = { $who } sah { $saw ->
        [one] { $saw } Eintrag
       *[other] { $saw } Einträge
    } im Transparenzprotokoll, und hier sind { $here }.
seen-longer-ledger = Nicht prüfbar: { $who } sah { $saw ->
        [one] { $saw } Eintrag
       *[other] { $saw } Einträge
    } im Befugnisregister, und hier sind { $here }; eine Sperrung kann fehlen.

## Die Befugnis: L7

found-chain = die ganze Kette gilt
found-found = gefunden
found-grant = eine Erteilung
found-never-revoked = nie gesperrt
found-revoked-later = erst später gesperrt
found-in-force = in Kraft
found-not-expired = nicht abgelaufen
found-covered = abgedeckt
ledger-unreadable = Das Befugnisregister kann nicht gelesen werden: { $why }.
ledger-missing = Hier gibt es kein Befugnisregister.
ledger-broken = Das Befugnisregister ist unterbrochen, { $broken }; nach dieser Zeile wurde nichts gelesen.
authority-no-reference = Der Lauf verweist nicht auf das Befugnisregister; nur neues Versiegeln kann das hinzufügen.
authority-no-entry = Der Befugniseintrag { $id } steht nicht im Register.
authority-other-state = Der Lauf verweist auf einen anderen Stand seines Befugniseintrags (die Hashes weichen ab).
authority-entry-changed = Der Befugniseintrag wurde geändert: Sein Hash stimmt nicht.
authority-no-grant = Der Lauf verweist auf einen Eintrag, der eine Befugnis sperrt und keine erteilt.
authority-other = Der Lauf nennt eine andere Befugnis als sein Eintrag im Register.
authority-revoked = Die Befugnis wurde vor der Entscheidung gesperrt ({ $since }).
authority-decision-undated = Wann entschieden wurde, ist nicht bekannt.
authority-only-from = Die Befugnis war erst ab { $from } in Kraft, nach der Entscheidung.
authority-from-unknown = Ab wann die Befugnis in Kraft war, ist nicht bekannt.
authority-expired = Die Befugnis war vor der Entscheidung abgelaufen ({ $until }).
authority-scope = Der Umfang der Befugnis deckt die Entscheidung { $decision } nicht ab.
authority-grant-differs = { $what ->
        [policy-version] Die Richtlinienversion
        [policy-hash] Der Richtlinien-Hash
       *[actor] Der Handelnde
    } laut Erteilung der Befugnis ist { $granted }, laut Lauf { $run }.

## Wer signiert: L4

quorum-count = { $counted } von { $threshold } Signaturen zählen
quorum-more-count = { $counted } Signaturen zählen, { $threshold } sind verlangt
quorum-unknown-role = Der Umschlag verlangt die Rolle { $role }, die es nicht gibt; sie wird nicht beachtet.
quorum-beyond-keyring = Der Umschlag verlangt { $asked } Signaturen, mehr als Personen im Schlüsselbund sind; { $required } sind verlangt.
quorum-not-distinct = { $have }: Jede muss von einer anderen Person mit einem anderen Schlüssel sein.
quorum-too-few = { $have }; jemand anderes muss mitsignieren.
quorum-key-ids = { $ids } Schlüssel-IDs bei { $count } Signaturen, die stimmen
quorum-verify = { $count } Signaturen stimmen, mindestens { $minimum } sind verlangt
quorum-threshold-no-number = Die Schwelle des Umschlags ist keine Zahl; sie wird nicht beachtet.
quorum-role-open = { $role ->
        [operator] Ein Operator
        [witness] Ein Zeuge
        [reviewer] Ein Prüfer
       *[auditor] Ein Auditor
    } muss noch signieren{ $fillable ->
        [no] , und niemand im Schlüsselbund hat diese Rolle
       *[yes] {""}
    }; { $have }.
quorum-role-open-but = { $role ->
        [operator] Ein Operator
        [witness] Ein Zeuge
        [reviewer] Ein Prüfer
       *[auditor] Ein Auditor
    } muss noch signieren{ $fillable ->
        [no] , und niemand im Schlüsselbund hat diese Rolle
       *[yes] {""}
    }; { $have }, und die Signatur von { $who } zählt nicht ({ $why }).
manifest-signed-by-others = Niemand, der den Lauf signiert hat, hat dieses Manifest signiert; signiert ist es von { $signers }.
signature-two-labels = Eine Signatur auf { $what ->
        [manifest] dem Manifest
       *[run] dem Lauf
    } ist als { $one } und als { $other } aufgeführt: Sie hat weder Namen noch Rolle und zählt nur für L2. Entfernen Sie den falschen Eintrag.
names-look-alike = { $one } und { $other } sehen gleich aus und sind zwei verschiedene Namen; vergleichen Sie sie Buchstabe für Buchstabe.
not-counted-relabelled = dieselbe Signatur ist auch als { $label } aufgeführt
not-counted-same-signature = dieselbe Signatur wie die von { $label }
not-counted-same-person = dieselbe Person zählt als { $label }
not-counted-same-key = derselbe Schlüssel zählt als { $label }
not-counted-not-in-matching = sie könnte nur anstelle anderer zählen
terms-lowered-since-seen = Die Bedingungen in der Signaturdatei wurden gesenkt, seit diese Station sie sah ({ $at }): { $lowered }. Finden Sie heraus, wer sie geändert hat, und stellen Sie die Datei wieder her, oder führen Sie eine Kopie zusammen, die sie noch hat.
terms-lowered-since-signed = Die Bedingungen in der Signaturdatei wurden gesenkt, seit { $who } signierte: { $lowered }. Was der Claim verlangt, zählt.
terms-threshold = verlangt waren { $before } Signaturen und sind { $now }
terms-roles = nicht mehr verlangt: { $roles }
list-also = { $rest }; { $next }

## Eine Signatur

signature-verifies = stimmt; { $why }
signature-verifies-alone = stimmt
signature-waits-for-time = sie hat noch keine bestätigte Zeit
signature-by-own-key = stimmt mit dem mitgelieferten Schlüssel; { $acceptance }
signature-not-for-l4 = { $detail }; zählt nicht für L4: { $why }
signature-algorithm = der Algorithmus { $found } ist nicht bekannt
signature-payload = signed_payload ist keine bekannte Form
signature-no-shared-key = hier nicht prüfbar: Der gemeinsame HMAC-Schlüssel ist nicht verfügbar
signature-no-public-key = hier nicht prüfbar: Mit der Signatur kommt kein öffentlicher Schlüssel, und der Schlüsselbund hat unter ihrer Schlüssel-ID keinen
signature-on-manifest = auf dem Manifest: { $detail }
signature-withdrawn = zurückgezogen von { $who }: { $reason }
signature-label = { $who } ({ $role }, { $at })
label-with-key = { $label }, Schlüssel { $key }
label-with-algorithm = { $label }, Algorithmus { $algorithm }
key-accepted = der Schlüssel steht im Schlüsselbund, für diese Person und Rolle
key-unknown = der Schlüssel ist unbekannt: Er steht nicht im Schlüsselbund
key-not-pinned = der Schlüssel steht nicht im Schlüsselbund
key-other-id = der Schlüsselbund hat diesen Schlüssel unter der ID { $id }
key-other-key = der Schlüsselbund hat unter dieser ID einen anderen öffentlichen Schlüssel
key-other-owner = der Schlüssel gehört { $owner }, einer anderen Person
trust-other-owner = hier ist es der Schlüssel von { $owner }
key-companion-only = der Schlüssel erzeugt Begleitsignaturen und keine eigenen Signaturen
key-role-not-held = { $owner } hat diese Rolle nicht
key-no-time = die Signatur sagt nicht, wann sie entstand
key-time-unread = die Zeit der Signatur lautet { $written }, keine Zeit wie 2026-05-06T07:08:09Z
key-not-yet-valid = der Schlüssel gilt erst ab { $from }
key-expired = der Schlüssel galt nur bis { $until }
key-revoked = der Schlüssel ist gesperrt seit { $since }: { $why }
key-compromised = jemand anderes kann den Schlüssel seit { $since } haben, und kein vertrauenswürdiger Zeitstempel ist von davor: { $why }
key-set-aside = laut Regelwerk der Protokolle gehört der Schlüssel einem Protokoll oder Zeugen und signiert sonst nichts

## Claims

claim-unreadable = ihr Claim kann nicht gelesen werden: { $why }
claim-not-signed = ihr Claim ist nicht mit dem Schlüssel der Signatur signiert: { $why }
claim-other-act = ihr Claim nennt { $act }, nicht dass signiert wurde
claim-other-subject = ihr Claim gilt nicht { $what ->
        [manifest] diesem Manifest
       *[run] diesem Lauf
    }
claim-other-signature = ihr Claim gilt einer anderen Signatur
claim-differs = ihr Claim sagt { $claimed }, die Datei sagt { $written }
claim-other-key = ihr Claim nennt einen anderen Schlüssel als den, der sie gemacht hat
claim-other-time = ihr Claim ist datiert auf { $claimed }, die Datei sagt { $written }
claim-other-commitments = ihr Claim nennt andere Festlegungen der Eingaben, als der Lauf hat
claim-settles = der Schlüssel selbst sagt { $label }
claim-shared = ein gemeinsamer Schlüssel hat ihren Claim signiert, und die Richtlinie verlangt einen eigenen
claim-missing = sie hat keinen Claim, und die Richtlinie verlangt einen
claim-removed = { $who } sah bei ihr einen Claim, der entfernt wurde
claim-other-signer-type = Die Datei nennt den Schlüssel von { $who } auf { $what ->
        [manifest] dem Manifest
       *[run] dem Lauf
    } „{ $written }“, sein Claim „{ $claimed }“; der Claim zählt.
signature-does-not-count = Die Signatur von { $who } auf { $what ->
        [manifest] dem Manifest
       *[run] dem Lauf
    } zählt nicht: { $why }.
signature-lacks-claim = Die Signatur von { $who } auf { $what ->
        [manifest] dem Manifest
       *[run] dem Lauf
    } zählt nicht: Der Schlüssel der Signatur hat nicht signiert, wer in welcher Rolle signiert hat, und die Richtlinie verlangt das.
found-claims = { $count ->
        [one] { $count } Claim gilt
       *[other] { $count } Claims gelten
    }
found-signatures-seen = { $count ->
        [one] { $count } Signatur
       *[other] { $count } Signaturen
    } von späteren Unterzeichnern gesehen
seen-keyring = { $who } kannte Version { $version } eines signierten Schlüsselbunds; hier ist kein signierter Schlüsselbund übernommen.
seen-newer-keyring = { $who } kannte Version { $version } des signierten Schlüsselbunds, und hier ist Version { $ours }; bitten Sie um die neuere.
seen-other-keyring = { $who } kannte eine andere Version { $version } des signierten Schlüsselbunds als die hier; vergleichen Sie beide mit den Verwaltern.
seen-signature-lost = { $who } sah eine Signatur ({ $signature }), die der Signaturdatei jetzt fehlt; finden Sie heraus, wer sie entfernt hat, und führen Sie eine Kopie zusammen, die sie noch hat.

## Zeiten und Zeitstempel

trusted-time = { $at }{ $accuracy ->
        [0] {""}
        [1] , auf 1 Sekunde
       *[other] , auf { $accuracy } Sekunden
    }, laut { $authority }
found-there-at = die Signatur von { $who } auf { $what ->
        [manifest] dem Manifest
       *[run] dem Lauf
    } war am { $seen } da
found-run-existed = der Lauf bestand am { $seen }
date-unread = nicht datierbar: Die Zeit der Signatur lautet { $written }, keine Zeit wie 2026-05-06T07:08:09Z
date-of-run-unread = nicht datierbar: Der Lauf sagt nicht in lesbarer Form, wann er entstand
date-before-run = datiert auf { $at }, bevor der Lauf entstand ({ $created })
date-after-authority = datiert auf { $at }, nachdem ein Zeitstempeldienst sie sah: { $seen }
date-kind = ihre Zeit ist { $kind ->
        [trusted] bestätigt
        [signed] signiert
       *[claimed] behauptet
    }, und die Richtlinie verlangt eine { $wanted ->
        [trusted] bestätigte
        [signed] signierte
       *[claimed] behauptete
    } Zeit
date-shortly-before-run = Die Signatur von { $who } auf { $what ->
        [manifest] dem Manifest
       *[run] dem Lauf
    } ist datiert auf { $at }, kurz bevor der Lauf entstand ({ $created }).
date-shortly-after-authority = Die Signatur von { $who } auf { $what ->
        [manifest] dem Manifest
       *[run] dem Lauf
    } ist datiert auf { $at }, kurz nachdem ein Zeitstempeldienst sie sah: { $seen }.
date-future = Die Signatur von { $who } auf { $what ->
        [manifest] dem Manifest
       *[run] dem Lauf
    } ist auf die Zukunft datiert.
date-apart = Die Signatur von { $who } ist auf dem Lauf datiert auf { $on_run } und auf dem Manifest auf { $on_manifest }.
time-stamp-proves-nothing = Ein Zeitstempel der Signatur von { $who } auf { $what ->
        [manifest] dem Manifest
       *[run] dem Lauf
    } beweist nichts: { $why }.
time-stamp-ends = Der Zeitstempel der Signatur von { $who } auf { $what ->
        [manifest] dem Manifest
       *[run] dem Lauf
    } sollte erneuert werden: Das Zertifikat von { $authority } endet { $until }.
time-stamp-ended = Der Zeitstempel der Signatur von { $who } auf { $what ->
        [manifest] dem Manifest
       *[run] dem Lauf
    } wurde nicht erneuert, bevor das Zertifikat von { $authority } endete ({ $until }).
run-time-unreadable = Der Zeitstempel des Laufs kann nicht gelesen werden: { $why }.
run-time-not-checkable = Der Zeitstempel des Laufs ist hier nicht prüfbar: { $why }.
run-time-does-not-hold = Der Zeitstempel des Laufs gilt nicht: { $why }.

## Wie Dateien geschrieben sind

text-local-time = Ortszeit in einem signierten Feld: { $path } { $what ->
        [manifest] des Manifests
       *[run] des Laufs
    } hat keine Zeitzone und gilt als UTC; anderswo kann der Hash anders ausfallen.
text-duplicate-key = Doppelter Schlüssel { $what ->
        [manifest] im Manifest
       *[run] im Lauf
    }: { $key } ist zweimal angegeben, und der letzte zählt; andere Programme sehen vielleicht den ersten.
text-duplicate-key-of-file = Doppelter Schlüssel in der Signaturdatei { $what ->
        [manifest] des Manifests
       *[run] des Laufs
    }: { $key } ist zweimal angegeben, und der letzte zählt; andere Programme sehen vielleicht den ersten.

## Verweigerungen

refusal-unreadable = Eine Verweigerung kann nicht gelesen werden: { $why }.
refusal-refused = { $who } hat die Signatur verweigert: { $reason }.
refusal-withdrew = { $who } hat die eigene Signatur zurückgezogen: { $reason }.
refusal-key-accepted = der Schlüssel wird anerkannt
refusal-kind = sie sagt nicht, dass sie einem versiegelten Lauf gilt
refusal-of-other-sealing = sie gilt einer anderen Versiegelung dieses Laufs
refusal-of-other-run = sie gilt nicht diesem Lauf
refusal-overruled = Version { $version } des signierten Schlüsselbunds überstimmt sie.
refusal-lifted = aufgehoben: { $label } hat seither signiert
refusal-blocks-nothing = Eine Verweigerung im Namen von { $who } hindert nichts: { $why }.
refusal-other-sealing = { $who } hat eine andere Versiegelung dieses Laufs verweigert: { $reason }.
refusal-invalid = Eine Verweigerung im Namen von { $who } ist ungültig: { $why }.
refusal-withdraws-other = Die Verweigerung von { $who } würde eine Signatur von { $other } zurückziehen; das kann nur { $other }.
refusals-unreadable = Die Verweigerungen neben dem Lauf können nicht gelesen werden: { $why }.
found-refusal = die Verweigerung von { $who } ist { $detail }
found-refusals-seen = Verweigerungen, die spätere Unterzeichner sahen, sind da
seen-refusal-lost = { $who } sah eine Verweigerung ({ $refusal }), die jetzt fehlt; finden Sie heraus, wer sie entfernt hat, und führen Sie eine Kopie zusammen, die sie noch hat.

## Befunde von Prüfern

finding-other-pack = er gilt einem anderen Paket
finding-other-runs = er nennt andere Läufe als die des Pakets
finding-not-compared = der Schlüssel wird anerkannt; es gab kein Paket zum Vergleich
finding-holds = er gilt diesem Paket, und der Schlüssel wird anerkannt

## Die Dateien, aus denen ein Lauf entstand

inputs-reproduced = Alle { $all } Dateien, aus denen der Lauf entstand, sind da, mit dem Inhalt, der in den Hash einging{ $additional ->
        [none] {""}
       *[other] ; { $additional } weitere Dateien nennt er nicht
    }.
inputs-not-available = { $count } der { $all } Dateien, aus denen der Lauf entstand, waren nicht zu vergleichen, darunter { $path }; das spricht nicht gegen ihn.
inputs-none = Der Lauf nennt keine Dateien, aus denen er entstand.
inputs-contradicted = Die Datei { $path } hat einen anderen Inhalt, als in den Lauf einging{ $more ->
        [0] {""}
       *[other] , { $more } weitere Dateien ebenso
    }.
input-leads-out = ihr Pfad führt aus dem Verzeichnis hinaus oder nennt keine Datei
input-link = ein Link steht im Weg
input-no-file = sie ist keine gewöhnliche Datei
input-no-digest = der Lauf nennt keinen SHA-256 für sie
input-io = sie war nicht zu lesen: { $error }
input-named-like-run = sie heißt wie ein versiegelter Lauf, und ein Paket hat nur einen
input-name-unfit = keine Datei eines Pakets darf so heißen: { $why }
input-name-twice = eine andere Datei hat auf Systemen ohne Groß- und Kleinschreibung denselben Namen

## Offenlegungen

disclosure-no-way = Die Knoten darin führen von dieser Stelle zu keiner Wurzel.
disclosure-other-content = Der angegebene Inhalt ist nicht der offengelegte.
disclosure-proven = Eintrag { $position } von { $leaves } hat diesen Inhalt; seinen Pfad behauptet, wer ihn offengelegt hat.
disclosure-not-accepted = Die Wurzel ist signiert, aber mit keinem anerkannten Schlüssel.
disclosure-not-signed = Niemand darin hat die Wurzel signiert, zu der sie führt.
disclosure-signed = signierte die Wurzel mit einem anerkannten Schlüssel
disclosure-no-run = der Claim gilt nicht einem signierten Lauf
disclosure-other-root = der Claim legt sich auf eine andere Wurzel, eine andere Zahl von Einträgen oder auf nichts fest
disclosure-proven-of-run = Eintrag { $position } von { $leaves } dieses Laufs hat diesen Inhalt, und der Lauf nennt ihn so.
disclosure-no-content = Nicht prüfbar: zum Vergleich wurde keine Datei angegeben.
disclosure-found-way = Die Knoten darin führen zu einer Wurzel.
disclosure-found-signed = Ein Claim signiert die Wurzel.
disclosure-found-accepted = mit einem anerkannten Schlüssel
disclosure-other-run = Sie betrifft einen anderen Lauf als diesen.
disclosure-other-entry = Der Lauf hat an dieser Stelle einen anderen Inhalt oder eine andere Zahl von Einträgen.
disclosure-other-path = Der Lauf nennt diesen Eintrag { $path }.

## Was eine Version des signierten Schlüsselbunds ändert

trust-key-added = { $owner } bekommt den Schlüssel { $key }: { $after }
trust-key-revoked = der Schlüssel { $key } von { $owner } ist widerrufen ab { $after }
trust-key-changed = der Schlüssel { $key } von { $owner } hat { $after } statt { $before }
trust-administrator-added = { $owner } wird Verwalter mit dem Schlüssel { $key }
trust-administrator-removed = { $owner } ist nicht mehr Verwalter mit dem Schlüssel { $key }
trust-threshold = Verwalter, die signieren müssen: { $before } → { $after }
trust-attestation-root-added = Attestierungen dürfen zu { $of } führen
trust-attestation-root-removed = Attestierungen dürfen nicht mehr zu { $of } führen
trust-tsa-root-added = Zeitstempel dürfen zu { $of } führen
trust-tsa-root-removed = Zeitstempel dürfen nicht mehr zu { $of } führen
trust-rule = { $of }: { $before } → { $after }
trust-overruled = die Weigerung { $of } ist überstimmt
trust-not-overruled = die Weigerung { $of } ist nicht mehr überstimmt

## Releases

release-confirmed = { $count ->
        [one] diese Datei ist freigegeben
       *[other] alle { $count } Dateien sind freigegeben
    }, und { $who } bürgen dafür
release-forged = eine Signatur im Namen des Schlüssels { $key } stammt nicht von ihm
release-found-signatures = { $count ->
        [one] eine Signatur, und keine widerspricht
       *[other] { $count } Signaturen, und keine widerspricht
    }
release-found-people = { $count } Personen bürgen dafür
release-too-few = { $count ->
        [0] keine Person
        [one] eine Person
       *[other] { $count } Personen
    } mit einem Schlüssel, der hier jetzt anerkannt ist, und { $wanted } sind nötig
release-other-version = dieses Programm nennt sich Version { $version }, und die Freigabe ist von { $released }
release-other-content = die Freigabe hat für { $file } einen anderen Inhalt
release-other-name = der Inhalt von { $file } ist freigegeben, aber als { $name }
release-not-in = { $file } steht nicht in der Freigabe
release-found-files = { $count ->
        [one] die Datei steht
       *[other] alle { $count } Dateien stehen
    } mit Namen und Inhalt darin

## Wie die Tatsachen zu Protokoll, Register und Festlegungen heißen

facts-log = Transparenzprotokoll
facts-ledger = Befugnisregister
facts-commitments = Merkle-Festlegungen
fact-note = Hinweis
fact-seen-elsewhere = Anderswo gesehen
fact-one-log = Ein Protokoll
fact-log = Protokoll
fact-continuity = Fortsetzung
fact-chain = Kette
fact-entry = Eintrag
fact-entry-hash = Hash des Eintrags
fact-content-hash-in-the-log = Inhalts-Hash im Protokoll
fact-witnesses = Zeugen des Protokolls
fact-reference-in-the-run = Verweis im Lauf
fact-one-ledger = Ein Register
fact-ledger = Register
fact-entry-hash-in-the-run = Hash des Eintrags im Lauf
fact-kind-of-entry = Art des Eintrags
fact-authority = Befugnis
fact-actor = Handelnder
fact-policy = Richtlinie
fact-revocation = Sperrung
fact-beginning = Beginn
fact-end = Ende
fact-scope = Umfang
fact-commitments = Festlegungen
fact-root-of-the-inputs = Wurzel der Eingaben
fact-root-of-the-prompts = Wurzel der Prompts
fact-root-of-the-schemas = Wurzel der Schemas
fact-root-of-the-policies = Wurzel der Richtlinien
fact-leaves = Blätter
fact-algorithm = Algorithmus
fact-time-stamp-of-the-run = Zeitstempel des Laufs

## Was auf einer Stufe gilt

level-0 = vollständig und unverändert
level-1 = aus den Eingaben wiederholbar
level-2 = signiert, Lauf und Manifest
level-3 = im Transparenzprotokoll eingetragen
level-4 = mitsigniert von Operator und Zeuge
level-5 = Eingaben festgelegt durch Merkle-Wurzeln
level-6 = signiert mit Hardware- oder externem Schlüssel
level-7 = entschieden mit Befugnis in Kraft

## Was eine Attestierung über einen Schlüssel sagt

statement-yubikey = erzeugt auf { $serial ->
        [none] einem YubiKey (Seriennummer nicht angegeben)
       *[other] YubiKey { $serial }
    }, Firmware { $firmware }, PIN { $pin }, Berührung { $touch }
statement-slot = Slot { $slot }
yubikey-usb-a-keychain = USB-A, für den Schlüsselring
yubikey-usb-a-nano = USB-A nano
yubikey-usb-c-keychain = USB-C, für den Schlüsselring
yubikey-usb-c-nano = USB-C nano
yubikey-usb-c-lightning = USB-C und Lightning
yubikey-usb-a-fingerprint = USB-A mit Fingerabdrucksensor
yubikey-usb-c-fingerprint = USB-C mit Fingerabdrucksensor
yubikey-other-form = Bauform { $number }
yubikey-fips-series = FIPS-Serie
yubikey-fips-certified = nach FIPS zertifiziert
yubikey-cspn-certified = nach CSPN zertifiziert
statement-root = anerkannt durch { $root }
statement-no-constraints = das Zertifikat in Slot f9 hat keine basicConstraints
statement-path-length = sein Wurzelzertifikat erlaubt keine Stelle darunter (Pfadlänge 0), geduldet für Firmware 4.3
statement-yubihsm = erzeugt auf YubiHSM 2 { $serial }, Firmware { $firmware }, darf ihn nicht verlassen
statement-yubihsm-key = Objekt { $object } „{ $label }“, Fähigkeiten { $capabilities }, Domänen { $domains }
yubihsm-fips = FIPS-Modus
statement-liquidsecurity = in einem Marvell-LiquidSecurity-HSM erzeugt, das ihn nicht herausgibt ({ $partition })
statement-liquidsecurity-details = Schlüssel „{ $label }“, Hersteller { $maker }, Eigentümer { $owner }
statement-tpm = in einem TPM erzeugt, das ihn nicht herausgibt, laut dessen Attestierungsschlüssel { $key }
statement-tpm-root = Attestierungsschlüssel SHA-256 { $key }, anerkannt durch { $root }
statement-tpm-bound = Attestierungsschlüssel SHA-256 { $key }, selbst anerkannt mit seinen Attributen
statement-tpm-loose = Attestierungsschlüssel SHA-256 { $key }, selbst anerkannt; dass er eingeschränkt und an sein TPM gebunden ist, sagt, wer ihn anerkannt hat
tpm-called = TPM { $manufacturer } { $model }, Version { $version }
tpm-not-called = einem TPM
tpm-endorsed = in { $tpm }, dessen Endorsement-Schlüssel { $issuer } bescheinigt hat, wie dieses TPM am { $at } der Station bewies, die ihm vertraut
statement-cloud = { $service } soll den Schlüssel { $key } in eigener Hardware erzeugt und damit am { $at } { $digest ->
        [yes] diesen Digest signiert haben
       *[no] signiert haben (welchen Digest, lässt das Protokoll weg)
    }; der Dienst hat nichts davon signiert, also beweist es nichts
statement-cloud-details = höchstens so sicher, wie der Schlüsselbund sagt

## Begleitsignaturen: zweite Signaturen, die elliptische Kurven überdauern

companion-holds = gilt auch, wenn elliptische Kurven gebrochen sind
companion-gone = der Claim nennt den Schlüssel einer Begleitsignatur, und es ist keine da: sie wurde entfernt
companion-other-named = der Claim nennt einen anderen Schlüssel
companion-not-named = ihr wird nicht geglaubt, weil kein Claim der Signatur ihren Schlüssel nennt: jeder kann sie hinzugefügt haben
companion-not-signed = { $what ->
        [artifact] sie ist keine Signatur über diesen Inhalt: { $why }
       *[claim] sie ist keine Signatur über diesen Claim: { $why }
    }
companion-unknown-key = der Schlüsselbund hat ihren Schlüssel nicht
companion-other-owner = ihr Schlüssel gehört { $owner }, einer anderen Person
companion-of = Die Begleitsignatur von { $who } auf { $what ->
        [run] dem Lauf
       *[manifest] dem Manifest
    }: { $why }.
found-companions = { $count ->
        [one] { $count } Begleitsignatur
       *[other] { $count } Begleitsignaturen
    }
companions-hold = { $count ->
        [one] { $count } von { $all } Signaturen, die zählen, gilt auch, wenn elliptische Kurven gebrochen sind.
       *[other] { $count } von { $all } Signaturen, die zählen, gelten auch, wenn elliptische Kurven gebrochen sind.
    }

## Die Prüfung auf Wiederholbarkeit

audit-no-file = Die Datei { $path } gibt es nicht.
audit-no-run-id = Dem Lauf fehlt der Commit-Hash oder die Lauf-ID.
audit-found-no-uuid = keine zufällige UUID
audit-uuid = Der Lauf enthält eine zufällige UUID: { $uuid }.
audit-committed-at = Die Befugnis galt ab { $committed }, nicht ab der Zeit der Uhr, { $clock }.

## Die Befugnisgrenze

abp-sentence = { $holds } { $inside }
abp-holds = Die Befugnisgrenze { $id } gilt.
abp-does-not-hold = Die Befugnisgrenze { $id } gilt nicht.
abp-not-checkable = Ob die Befugnisgrenze { $id } gilt, ist hier nicht prüfbar.
abp-run-inside = Entscheidung, Werkzeuge und Daten des Laufs liegen innerhalb.
abp-run-outside = Der Lauf liegt nicht innerhalb.
abp-run-unchecked = Ob der Lauf in allem innerhalb liegt, ist nicht prüfbar.
abp-required-missing = Die Richtlinie verlangt eine Befugnisgrenze, und hier ist keine.
abp-required-unchecked = Die Richtlinie verlangt eine Befugnisgrenze, die gilt, und ob diese gilt, ist hier nicht prüfbar.
abp-required-fails = Die Richtlinie verlangt eine Befugnisgrenze, die gilt, und diese gilt nicht.
abp-unreadable = Die Befugnisgrenze kann nicht gelesen werden: { $why }.
abp-schema = Die Befugnisgrenze entspricht nicht ihrem Schema: { $why }.
abp-found-schema = entspricht ihrem Schema
abp-changed = Die Befugnisgrenze wurde geändert: Ihr Hash stimmt nicht.
abp-found-derived = aus Umfang, Verweis und Zeit abgeleitet
abp-id = Die ID { $id } der Befugnisgrenze folgt nicht aus Umfang, Verweis und Zeit.
abp-found-entry = { $id } steht im Register und ist nicht gesperrt
abp-entry-differs = Die Befugnisgrenze verweist auf einen anderen Stand des Eintrags { $id } (die Hashes weichen ab).
abp-entry-revoked = Der Eintrag { $id }, unter dem die Befugnisgrenze steht, wurde gesperrt ({ $since }).
abp-revocation-below = Nicht prüfbar: Unterhalb des Bruchs des Befugnisregisters kann eine Sperrung stehen ({ $broken }).
abp-window-unreadable = Nicht prüfbar: Eine Zeit der Befugnisgrenze oder ihres Eintrags kann nicht gelesen werden.
abp-outside-window = Die Befugnisgrenze wurde am { $made } erstellt, als ihre Befugnis nicht in Kraft war.
abp-parent-no-hash = Die Befugnisgrenze nennt eine übergeordnete ohne deren Hash.
abp-parent-no-id = Die Befugnisgrenze hat den Hash einer übergeordneten ohne deren ID.
abp-child-twice = Die Befugnisgrenze nennt den Teil { $id } zweimal.
abp-found-composition = { $count ->
        [0] keine Teile
        [one] ein Teil
       *[other] { $count } Teile
    }
abp-objective-both = Das Ziel { $id } ist erlaubt und zugleich verboten.
abp-tool-both = Das Werkzeug { $name } ist erlaubt und zugleich verboten.
abp-found-no-contradiction = nichts ist erlaubt und zugleich verboten
abp-found-no-review = keine Überprüfung der Delegation verlangt
abp-found-review = { $count ->
        [one] ein Auslöser
       *[other] { $count } Auslöser
    }
abp-trigger-twice = Die Überprüfung der Delegation hat den Auslöser { $id } zweimal.
abp-trigger-severity = Ein Auslöser der Überprüfung der Delegation ist weder Warnung noch kritisch.
abp-review-policy = Die Überprüfung der Delegation sagt nicht, wer zustimmt und was daraus folgt.
abp-no-entry = Der Eintrag, unter dem die Befugnisgrenze steht, ist nicht im Register.
abp-entry-no-grant = Die Befugnisgrenze steht unter einem Eintrag, der eine Befugnis sperrt und keine erteilt.
abp-no-run = Nicht prüfbar: Der Lauf kann nicht gelesen werden.
abp-not-read = Nicht prüfbar: Die Befugnisgrenze entspricht nicht ihrem Schema.
abp-run-no-authority = Nicht prüfbar: Der Lauf verweist nicht auf das Befugnisregister.
abp-other-authority = Der Lauf wurde unter { $run } entschieden, und die Befugnisgrenze steht unter { $own }.
abp-only-from = Die Befugnisgrenze war erst ab { $from } in Kraft, nach der Entscheidung.
abp-expired = Die Befugnisgrenze war vor der Entscheidung abgelaufen ({ $until }).
abp-made-later = Die Befugnisgrenze wurde nach der Entscheidung erstellt ({ $made }).
abp-parent = Die Befugnisgrenze ist ein Teil von { $id }, die nicht hier ist.
abp-no-decision = Nicht prüfbar: Der Lauf nennt keine Entscheidung.
abp-objective-denied = Die Befugnisgrenze verbietet { $decision } als Ziel.
abp-no-objective = Die Befugnisgrenze erlaubt kein Ziel.
abp-found-allowed = erlaubt
abp-objectives-prose = Nicht prüfbar: Kein Ziel hat die ID { $decision }, und ihre Beschreibungen sind für Menschen.
abp-run-no-tools = Nicht prüfbar: Der Lauf sagt nicht, welche Werkzeuge benutzt wurden.
abp-run-tools-unreadable = Nicht prüfbar: Die Werkzeuge des Laufs sind keine Liste von Namen.
abp-tool-denied = Die Befugnisgrenze verbietet das Werkzeug { $name }.
abp-tool-outside = Die Befugnisgrenze erlaubt das Werkzeug { $name } für diese Entscheidung nicht.
abp-run-data-unreadable = Nicht prüfbar: Ein Datensatz oder eine Eingabe des Laufs hat keinen Pfad.
abp-run-no-data = Nicht prüfbar: Der Lauf nennt keine Daten.
abp-data-too-many = Nicht prüfbar: Es sind zu viele Eingaben und Muster zu vergleichen.
abp-found-readable = { $count ->
        [one] eine Datei darf gelesen werden
       *[other] { $count } Dateien dürfen gelesen werden
    }
abp-data-pattern = Nicht prüfbar: { $count ->
        [one] Ob { $path } gelesen werden darf, hängt
       *[other] Ob { $path } und insgesamt { $count } Dateien gelesen werden dürfen, hängt
    } davon ab, was ein Muster oder ein Dateiname ohne Ordner bedeutet. Das Format sagt es nicht.
abp-data-outside = Die Befugnisgrenze erlaubt { $role } nicht, { $path } zu lesen{ $count ->
        [one] {""}
       *[other] {""}, und andere auch nicht: { $count } von { $of }
    }.

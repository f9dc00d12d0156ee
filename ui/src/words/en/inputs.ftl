# What a run was made from: its files compared, one of them disclosed, a disclosure checked.

inputs = Inputs
inputs-total = { $count ->
    [0] no files
    [one] { $count } file
   *[other] { $count } files
}
inputs-none = The run names no files that it was made from.
inputs-list = { $list ->
    [inputs] Inputs
    [prompts] Prompts
    [schemas] Schemas
   *[policies] Policies
}
inputs-no-path = no path
inputs-no-digest = no digest
inputs-check = Check the inputs…
inputs-check-of = Check the inputs of { $name }
    .about = The files that the run was made from are looked up by their paths in a directory, and their SHA-256 is compared. Nothing is changed, and files that are missing say nothing against the run.
inputs-check-act = Compare
inputs-directory = Directory
    .hint = The directory that the paths of the run begin in.
inputs-directory-missing = Choose the directory with the files.
inputs-comparing = Comparing

inputs-beside-level = Inputs { $standing ->
    [reproduced] reproduced here
    [contradicted] contradicted
   *[not_available] not available
}
inputs-found = Compared with the files here
inputs-found-in = Compared in { $directory }, { $time }
inputs-found-others = Files that are not as they were
inputs-reproduced-here = reproduced here
inputs-not-available-here = not available
inputs-contradicted-here = contradicted
inputs-additional = { $count ->
    [one] { $count } file there is not named by the run
   *[other] { $count } files there are not named by the run
}
found-same = same
found-missing = missing
found-changed = changed
found-not-read = not read

disclose = Disclose…
    .of = Disclose { $path }
disclose-one = Disclose one of the { $list ->
    [inputs] inputs
    [prompts] prompts
    [schemas] schemas
   *[policies] policies
}
    .about = One file proves that a file with this content is at this place of the run that was signed, and who signed it. It shows nothing else of the run. The name of the file is your word: only its digest was signed.
disclose-act = Disclose
disclose-file = New file
    .hint = Whoever receives it needs it and the disclosed file, and not the run.
disclose-missing = Choose a name and place for the new file.
disclose-done = Disclosed

disclosure-check = Check a disclosure…
disclosure-check-one = Check a disclosure
disclosure-check-act = Check
disclosure-file = Disclosure
disclosure-missing = Choose the file with the disclosure.
disclosure-against = Compare with
    .envelope = { $name }, which is open
    .itself = Nothing: by itself, with the keyring
disclosure-content = Disclosed file
    .hint = Optional. Its content is compared with what was disclosed.
disclosure-means = { $standing ->
    [proven] A key that is accepted here signed it.
    [not_accepted] It may have been signed by anybody.
   *[invalid] Do not rely on it.
}
disclosure-proven-here = proven
disclosure-not-accepted-here = not accepted
disclosure-invalid-here = invalid
disclosure-path = File
disclosure-path-by = { $run ->
    [yes] as the run calls it
   *[no] as whoever disclosed it calls it
}
disclosure-entry = Entry
disclosure-entry-of = { $position } of { $leaves } { $list ->
    [inputs] inputs
    [prompts] prompts
    [schemas] schemas
   *[policies] policies
}
disclosure-digest = SHA-256
disclosure-root = Signed root
disclosure-signers = Who signed the root
disclosure-nobody = Nobody signed it.
disclosure-no-claim = A claim that cannot be read
disclosure-of-run = Run
disclosure-checks = Checks

# Merging copies of envelopes that were signed elsewhere.

merge = Merge copies into { $name }
merge-from = Copies from
    .without = Leave out { $path }
    .conflicts = The conflict copies that Syncthing or git left in { $directory }
merge-add-files = Add files…
merge-add-directory = Add a directory…
merge-looking = Looking at the copies
merge-merging = Merging
merge-none = There are no copies of envelopes in this directory.
    .hint = A copy has the same name as its signature file, for example { $example }, or the name that Syncthing or git gave it. Add the files or the directory of the other station.

merge-refusals = { $count ->
    [one] { $count } refusal
   *[other] { $count } refusals
}
merge-done = { $count ->
    [one] { $what } added to { $count } envelope
   *[other] { $what } added to { $count } envelopes
}
    .again = { $count ->
        [one] { $count } envelope written again
       *[other] { $count } envelopes written again
    }
    .nothing = Nothing had to be written
merge-coming = { $count ->
    [one] { $what } would be added to { $count } envelope
   *[other] { $what } would be added to { $count } envelopes
}
    .terms = { $count ->
        [one] No signature would be added; the terms of { $count } envelope would change
       *[other] No signature would be added; the terms of { $count } envelopes would change
    }
    .nothing = Nothing to merge
merge-copies-unchanged = The copies are unchanged.
merge-not-written = Nothing has been written yet.
merge-known = Everything in the copies is already here.
merge-known-or-not = What is in the copies is already here or cannot be added.
merge-left-out = { $count ->
    [one] { $count } item is left out.
   *[other] { $count } items are left out.
}
    .done = { $count ->
        [one] { $count } item was left out.
       *[other] { $count } items were left out.
    }
merge-results = Result for each envelope
    .expected = Expected result for each envelope
merge-complete = { $count ->
    [one] { $count } envelope already has everything.
   *[other] { $count } envelopes already have everything.
}
merge-strangers = Of envelopes that are not in this directory
merge-more-files = { $count ->
    [one] And { $count } file more.
   *[other] And { $count } files more.
}
merge-unreadable = Not everything could be searched
merge-act = Merge
    .adding = Merge: add { $what }

merge-on-run = on the run
merge-on-manifest = on the manifest
merge-key = { $date ->
    [none] Key { $key }
   *[other] Key { $key }, { $date }
}
merge-origin = From { $file }
merge-show = Show
    .of = Show { $name }
merge-refusal-added = Refusal added
    .expected = Refusal would be added
merge-added = Added
    .expected = Would be added
merge-note = Note
merge-there = { $count ->
    [one] { $count } signature here already
   *[other] { $count } signatures here already
}

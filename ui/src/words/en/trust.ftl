# What a change of trust does to the envelopes.

effect-title = What this changes
effect-missing = Shown when the fields are filled in.
effect-judging = Judging the envelopes by both rules
effect-skip = Continue without the preview
effect-no-directory = No directory is open, so there is no envelope to judge.
effect-unread = { $count ->
    [one] { $count } place of the directory could not be read and found.
   *[other] { $count } places of the directory could not be read and found.
}
effect-moves = From level to level
effect-to = to
effect-envelopes = Envelopes that change
effect-more = and { $count } more
effect-falls = { $count ->
    [one] { $count } falls
   *[other] { $count } fall
}
    .one = falls:
effect-rises = { $count ->
    [one] { $count } rises
   *[other] { $count } rise
}
    .one = rises:
effect-otherwise = { $count ->
    [one] { $count } keeps its level and changes otherwise
   *[other] { $count } keep their level and change otherwise
}
    .one = keeps its level:
effect-empty = The open directory has no envelopes.
effect-nothing = { $judged ->
    [one] Nothing changes: the one envelope keeps the level.
   *[other] Nothing changes: all { $judged } envelopes keep the level.
}
effect-of = { $judged ->
    [one] Of { $judged } envelope: { $changes }.
   *[other] Of { $judged } envelopes: { $changes }.
}
effect-signatures = signatures { $had } of { $needed } → { $has } of { $needs }
effect-state = { $before } → { $after }

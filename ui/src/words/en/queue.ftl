# The queue: its list, search and filters.

queue = Queue
    .list = Envelopes
    .search = Search
    .placeholder = Search title, id, signer
    .show = Show
    .figures = { $total } of { $all }
    .above = { $count } more above
    .marks = What the marks mean
    .marks-label = Marks and states

queue-show-for-you = For you
queue-show-all = All
queue-show-pending = Pending
queue-show-complete = Complete
queue-show-trouble = Trouble

queue-empty = No sealed runs here
    .hint = A sealed run is a file named { $file }. A file that appears in this directory, or below it, is shown at once.
queue-not-pending = Nothing is pending
    .hint = No envelope here is waiting for a signature.
queue-not-for-you = Nothing for you now
    .copies = No envelope waits for a key at hand. Conflict copies can be merged.
    .no-key = No key is at hand whose signature counts here. Plug in your YubiKey or PIV card, or set up a signer under Keys.
    .hint = No envelope waits for something that you can do with the keys at hand.
queue-show-everything = Show all
queue-not-found = Nothing found
    .hint = { $show ->
        [all] No envelope matches { $search }.
       *[other] No envelope matches { $search } among those that are shown.
    }
    .filters = these filters
    .among-all = Search all envelopes
    .clear = Clear search and filters

queue-picked = { $count } selected
    .label = Selected envelopes
    .none = None selected
    .sign = Sign…
    .register = Register…
    .export = Export…
    .time = Ask for a time stamp…
    .clear = Clear

queue-filter = Filter
    .label = Filters and order
    .need = Needs
    .role = Role that is still open
    .person = Signed by
    .level = Level
    .order = Order
    .clear = Clear filters
    .any = Any
    .needs-nothing = Needs nothing
queue-sort-need = Pending first
queue-sort-newest = Newest first
queue-sort-oldest = Oldest first
queue-sort-title = By title
queue-sort-level = By level

queue-for-whom = For whom
    .everybody = Everybody whose key is at hand
queue-copies = { $count ->
    [one] { $merge } { $count } conflict copy…
   *[other] { $merge } { $count } conflict copies…
}
    .merge = Merge

queue-row-untitled = Without a title
queue-row-no-id = no decision id
queue-row-refused = refused
queue-row-unreadable = cannot be read
    .why = Cannot be read: { $file }. { $why }
queue-row-needs-nothing = nothing needed
queue-row-sealed = sealed { $age }
queue-row-warnings = { $count ->
    [one] { $count } warning
   *[other] { $count } warnings
}

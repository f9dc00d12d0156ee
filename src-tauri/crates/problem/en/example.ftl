# The examples of this crate's documentation and tests.

example-missing = { $path }: there is no such file
    .hint = check the name
example-short = only { $number ->
        [one] { $number } byte is
       *[other] { $number } bytes are
    } there
example-wrapped = nothing was read: { $cause }
example-read = The { $count ->
        [one] one file
       *[other] { $count } files
    } cannot be read: { $why }.

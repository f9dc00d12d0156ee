## What is said of an envelope. Sentences that stand by themselves have a capital and a full stop;
## within another sentence English leaves both out.

with-hint = { $what }; { $hint }

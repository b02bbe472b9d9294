"""The command line: parse, call, render. Heavy modules are imported where a command needs them."""

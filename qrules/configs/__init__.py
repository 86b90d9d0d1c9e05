"""VM configs in the formats that people have, read into requests, and written back.

Other rooms come in by these doors:

argv        a command line to a `Request` (``read``), its architecture, devices as -device takes them, names of profiles
pasted      a pasted text, whichever form it has, to its command lines
script      a shell script to its command lines, with what of them is not known
spelling    the words of a command line as their author wrote them
programs    which words are names of emulators
files       the files that a config names, where these may be opened
lines       a line of a stream of questions
rewriting   devices and machines written back into the user's own words
converting  a command line beside the one of another machine, option by option
xml_domain  the XML of a domain or a device to a tree with places; `xml_tree` for any document
xml_edit    changes of such a document that leave all else as it was written
options     the words of a command line as options; with `pairs`, the syntax of an option's argument

Behind them: `shell` takes a text apart, `expanding` fills its words in, `commands` is what comes of it; `json_text` is JSON as
it may be written, `ini` the syntax of -readconfig's files; `xml_source` a text with places in it, `xml_encoding` bytes as a text,
`xml_trouble` what is wrong with XML; `vocabulary` what the rules say of options, `shorthands` and `resources` what options mean
by it. A file knows either how something is written or what it means.
"""

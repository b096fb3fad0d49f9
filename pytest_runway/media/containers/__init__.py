"""Clips and sounds: what each container says of itself, read from its headers and its index.

Nothing is decoded, and every walk has an end: a header that claims four gigabytes, or boxes in
boxes, cost what an honest file costs. MediaInfo would know these formats too, but in 1 of 1,200
mutated files (an MP4 whose index was cut, among them) it never came back (pymediainfo 7.0.1,
MediaInfoLib 26), and native code cannot be interrupted.
"""

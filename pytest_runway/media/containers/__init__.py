"""Clips and sounds: what each container says of itself, read from its headers and its index.

Nothing is decoded, and every walk has an end: a header that claims four gigabytes, or boxes in
boxes, cost what an honest file costs. Why no library does it: ``docs/media.md``, Who reads media.
"""

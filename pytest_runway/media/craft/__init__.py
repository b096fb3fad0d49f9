"""Real, decodable files of an exact size and length, written in microseconds and not drawn.

Each writer takes numbers and returns bytes: flat pictures, still clips, silence. The point is
reach (20,000 pixels a side, one byte over 16 MB, 29.97 frames a second) without an encoder.
"""

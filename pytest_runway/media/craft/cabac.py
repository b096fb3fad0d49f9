"""The arithmetic coder of H.264 and HEVC (ITU-T H.265, 9.3.4)."""

from __future__ import annotations

# By state: how much of the range the unlikely bin takes, for each quarter that the range is in.
_UNLIKELY = bytes.fromhex(
    "80b0d0f0 80a7c5e3 809ebbd8 7b96b2cd 748ea9c3 6f87a0b9 698098af 647a90a6"
    "5f74899e 5a6e8296 55687b8e 51637587 4d5e6f80 4959697a 45556474 42505f6e"
    "3e4c5a68 3b485663 3845515e 35414d59 333e4955 303b4550 2e38424c 2b353f48"
    "29323b45 27303841 252d363e 232b333b 21293038 20272e35 1e252b32 1d232930"
    "1b21272d 1a1f252b 181e2329 171c2127 161b2025 151a1e23 14181d21 13171b1f"
    "12161a1e 1115191c 1014171b 0f131619 0e121518 0e111417 0d101316 0c0f1215"
    "0c0e1114 0b0e1013 0b0d0f12 0a0c0f11 0a0c0e10 090b0d0f 090b0c0e 080a0c0e"
    "08090b0d 07090b0c 07090a0c 07080a0b 0608090b 0607090a 06070809 02020202"
)
_AFTER_UNLIKELY = bytes.fromhex(
    "00000102 02040405 06070809 090b0b0c 0d0d0f0f 10101212 13131515 16161718"
    "18191a1a 1b1b1c1d 1d1e1e1e 1f202021 21212222 23232324 24242525 2526263f"
)
_LIKELIEST = 62


class Context:
    """What one kind of bin has been so far."""

    __slots__ = ("likely", "state")

    def __init__(self, start: int, quality: int) -> None:
        """Begin at a value of the standard's tables, for a quantiser."""
        slope, offset = (start >> 4) * 5 - 45, ((start & 15) << 3) - 16
        first = min(126, max(1, (slope * quality >> 4) + offset))
        self.likely = int(first > 63)
        self.state = first - 64 if self.likely else 63 - first


class Coder:
    """Codes bins into bits; the last bit, a 1, is the one that ends a payload."""

    def __init__(self) -> None:
        self._low, self._range = 0, 510
        self._outstanding, self._is_first = 0, True
        self._bits: list[str] = []

    def code(self, context: Context, bit: int) -> None:
        """Code a bin that has a context."""
        unlikely = _UNLIKELY[context.state * 4 + (self._range >> 6 & 3)]
        self._range -= unlikely
        if bit == context.likely:
            context.state = min(context.state + 1, _LIKELIEST)
        else:
            self._low += self._range
            self._range = unlikely
            if context.state == 0:
                context.likely ^= 1
            context.state = _AFTER_UNLIKELY[context.state]
        self._renew()

    def bypass(self, *bits: int) -> None:
        """Code bins that are as often 0 as 1."""
        for bit in bits:
            self._low = (self._low << 1) + (self._range if bit else 0)
            self._shift(1024, 512)

    def end(self, *, is_last: bool) -> None:
        """Say whether this is the end."""
        self._range -= 2
        if not is_last:
            self._renew()
            return
        self._low += self._range
        self._range = 2
        self._renew()
        self._put(self._low >> 9 & 1)
        self._bits.append(f"{self._low >> 7 & 3 | 1:02b}")

    def to_bytes(self) -> bytes:
        """Return what was coded, filled with zeros to whole bytes."""
        row = "".join(self._bits)
        row += "0" * (-len(row) % 8)
        return int(row, 2).to_bytes(len(row) // 8, "big")

    def _renew(self) -> None:
        while self._range < 256:
            self._shift(512, 256)
            self._low <<= 1
            self._range <<= 1

    def _shift(self, high: int, middle: int) -> None:
        """Put the bit that is settled by now, or remember that it is not."""
        if self._low >= high:
            self._put(1)
            self._low -= high
        elif self._low < middle:
            self._put(0)
        else:
            self._low -= middle
            self._outstanding += 1

    def _put(self, bit: int) -> None:
        if self._is_first:
            self._is_first = False
        else:
            self._bits.append(str(bit))
        self._bits.append(str(1 - bit) * self._outstanding)
        self._outstanding = 0

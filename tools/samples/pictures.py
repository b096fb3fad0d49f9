"""What pictures this package writes, and which files it damages."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PIL import Image, ImageDraw

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SIDE = 640


@dataclass(frozen=True)
class Picture:
    """One picture: how Pillow is to save it, and what is to be said of it."""

    verdict: str
    says: str
    format: str
    mode: str = "RGB"
    size: tuple[int, int] = (SIDE, SIDE)
    frames: int = 1
    orientation: int = 1
    options: tuple[tuple[str, Any], ...] = ()

    @property
    def facts(self) -> dict[str, Any]:
        """Return what is true by construction; sides are as shown."""
        across, down = self.size if self.orientation < 5 else self.size[::-1]
        container = {"MPO": "jpeg"}.get(self.format, self.format.lower())
        return {"format": container, "width": across, "height": down, "frames": self.frames}

    @property
    def made(self) -> str:
        """Return the call, as the manifest shows it."""
        return f"Pillow, mode {self.mode}: save(format={self.format!r}, {dict(self.options)})"

    def data(self) -> bytes:
        """Return the file."""
        target = io.BytesIO()
        first, *rest = [_drawn(self.size, n).convert(self.mode) for n in range(self.frames)]
        options = dict(self.options)
        if rest:
            options |= {"save_all": True, "append_images": rest}
        if self.orientation != 1:
            exif = Image.Exif()
            exif[0x0112] = self.orientation
            options["exif"] = exif
        first.save(target, self.format, **options)
        return target.getvalue()


def _drawn(size: tuple[int, int], number: int) -> Image.Image:
    image = Image.new("RGBA", size, (51, 102, 153, 255))
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, size[0] // 2, size[1] // 2), fill=(204, 119, 34, 255))
    draw.rectangle(
        (8 * number, size[1] * 3 // 4, 8 * number + 40, size[1] - 1), fill=(0, 0, 0, 128)
    )
    return image


_LONG = (("duration", 100),)
_NO_DATE = (("creationDate", None), ("modDate", None))

PICTURES: dict[str, Picture] = {
    "rgb.png": Picture("accepted", "a PNG", "PNG"),
    "palette.png": Picture("accepted", "a PNG with a palette", "PNG", "P"),
    "alpha.png": Picture("accepted", "a PNG that one can see through", "PNG", "RGBA"),
    "bilevel.png": Picture("accepted", "a PNG of one bit a pixel", "PNG", "1"),
    "deep.png": Picture("accepted", "a PNG of 16 bits a channel", "PNG", "I;16"),
    "animated.png": Picture("accepted", "an APNG of three frames", "PNG", frames=3, options=_LONG),
    "turned.png": Picture(
        "accepted", "a PNG to be shown on its side", "PNG", size=(640, 480), orientation=6
    ),
    "rgb.jpg": Picture("accepted", "a JPEG", "JPEG"),
    "grey.jpg": Picture("accepted", "a grey JPEG", "JPEG", "L"),
    "cmyk.jpg": Picture("accepted", "a JPEG in CMYK", "JPEG", "CMYK"),
    "progressive.jpg": Picture(
        "accepted", "a progressive JPEG", "JPEG", options=(("progressive", True),)
    ),
    "turned.jpg": Picture(
        "accepted", "a JPEG to be shown on its side", "JPEG", size=(640, 480), orientation=6
    ),
    "mirrored.jpg": Picture("accepted", "a JPEG to be shown mirrored", "JPEG", orientation=2),
    "two_in_one.jpg": Picture("accepted", "a camera's JPEG of two pictures", "MPO", frames=2),
    "lossy.webp": Picture("accepted", "a WebP", "WEBP"),
    "lossless.webp": Picture("accepted", "a lossless WebP", "WEBP", options=(("lossless", True),)),
    "alpha.webp": Picture("accepted", "a WebP that one can see through", "WEBP", "RGBA"),
    "animated.webp": Picture("accepted", "a WebP of three frames", "WEBP", frames=3, options=_LONG),
    "turned.webp": Picture(
        "accepted", "a WebP to be shown on its side", "WEBP", size=(640, 480), orientation=8
    ),
    "still.gif": Picture("refused", "a GIF", "GIF", "P"),
    "animated.gif": Picture(
        "refused", "a GIF of three frames", "GIF", "P", frames=3, options=_LONG
    ),
    "rgb.bmp": Picture("refused", "a BMP", "BMP", "1"),
    "rgb.tiff": Picture("refused", "a TIFF", "TIFF", options=(("compression", "tiff_deflate"),)),
    "rgb.avif": Picture("refused", "an AVIF", "AVIF"),
    "rgb.jp2": Picture("refused", "a JPEG 2000", "JPEG2000"),
    "rgb.ico": Picture("refused", "a Windows icon", "ICO", options=(("sizes", [(64, 64)]),)),
    "rgb.icns": Picture("refused", "a macOS icon", "ICNS", size=(64, 64)),
    "bilevel.pbm": Picture("refused", "a portable bitmap", "PPM", "1"),
    "rgb.tga": Picture("refused", "a Targa", "TGA", options=(("compression", "tga_rle"),)),
    "rgb.pcx": Picture("refused", "a PCX", "PCX"),
    "rgb.sgi": Picture("refused", "an SGI picture", "SGI", "L", size=(160, 160)),
    "rgb.dds": Picture("refused", "a DirectDraw surface", "DDS", size=(64, 64)),
    "palette.blp": Picture("refused", "a Blizzard texture", "BLP", "P", size=(64, 64)),
    "grey.im": Picture("refused", "an IFUNC picture", "IM", "L", size=(160, 160)),
    "bilevel.msp": Picture("refused", "a Microsoft Paint picture", "MSP", "1", size=(160, 160)),
    "bilevel.xbm": Picture("refused", "an X bitmap", "XBM", "1", size=(64, 64)),
    "rgb.qoi": Picture("refused", "a Quite OK picture", "QOI"),
    "rgb.pdf": Picture("refused", "a PDF", "PDF", size=(64, 64), options=_NO_DATE),
    "rgb.eps": Picture("refused", "an EPS", "EPS", "L", size=(64, 64)),
    "float.spider": Picture("refused", "a Spider picture", "SPIDER", "F", size=(64, 64)),
}

_SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="640" height="640"><rect width="9"/></svg>\n'
_PAGE = b"<!DOCTYPE html>\n<html><head><title>404</title></head><body>Not found</body></html>\n"


def damaged() -> Iterator[tuple[str, str, str, str, Callable[[bytes], bytes]]]:
    """Yield name, source, verdict, a sentence, and what is done to the source."""
    yield "cut.png", "rgb.png", "late", "a PNG that ends halfway", _half
    yield "no_end.png", "rgb.png", "late", "a PNG without its last chunk", lambda d: d[:-12]
    yield "cut.jpg", "rgb.jpg", "late", "a JPEG that ends halfway", _half
    yield "cut.webp", "lossy.webp", "late", "a WebP that ends halfway", _half
    yield "cut.mp4", "h264.mp4", "late", "an MP4 whose samples end halfway", lambda d: d[:-4000]
    yield "cut.wav", "pcm16.wav", "late", "a WAV that ends halfway", _half
    yield "head_only.png", "rgb.png", "refused", "the first eight bytes of a PNG", lambda d: d[:8]
    yield "empty.png", "rgb.png", "refused", "no bytes at all", lambda _: b""
    yield "png_named.jpg", "rgb.png", "refused", "a PNG that says it is a JPEG", lambda d: d
    yield "gif_named.png", "still.gif", "refused", "a GIF that says it is a PNG", lambda d: d
    yield "webm_named.mp4", "vp9.webm", "refused", "a WebM that says it is an MP4", lambda d: d
    yield "wav_named.mp3", "pcm16.wav", "refused", "a WAV that says it is an MP3", lambda d: d
    yield "page_named.jpg", "rgb.jpg", "refused", "an error page named as a JPEG", lambda _: _PAGE
    yield "drawing.svg", "rgb.png", "refused", "an SVG", lambda _: _SVG
    yield "trailing.jpg", "rgb.jpg", "accepted", "a JPEG with bytes after its end", _trailing
    yield "png_and_html.png", "rgb.png", "accepted", "a PNG with a page after its end", _and_page


def _half(data: bytes) -> bytes:
    return data[: len(data) // 2]


def _trailing(data: bytes) -> bytes:
    return data + bytes(64)


def _and_page(data: bytes) -> bytes:
    return data + _PAGE

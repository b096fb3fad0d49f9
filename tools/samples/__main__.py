"""Make ``sample_media/``: tiny real files, good and bad, and the manifest that describes them.

    python -m tools.samples    # needs ffmpeg and ffprobe; Pillow

For developers only; users get the files in the wheel. Every clip is 1280 x 720 and four seconds
long, every sound twelve seconds, every picture 640 x 640, so that a refused format is the only
thing wrong with its file. The facts in the manifest come from ffprobe and Pillow, and the verdict
is written here by hand: the code that judges is never asked.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from tools.samples.clips import CLIPS, SOUNDS
from tools.samples.names import CONTENT_TYPES
from tools.samples.pictures import PICTURES, damaged

FOLDER = Path(__file__).parents[2] / "sample_media"
BOUND = 3 * 1024 * 1024
_QUIET = ("-hide_banner", "-loglevel", "error", "-nostdin", "-y")
_PICTURE = ("-f", "lavfi", "-i", "smptebars=size=1280x720:rate={fps}:duration=4")
_SOUND = ("-f", "lavfi", "-i", "sine=frequency=440:sample_rate={rate}:duration={seconds}")
_REPEATABLE = ("-fflags", "+bitexact", "-flags:v", "+bitexact", "-flags:a", "+bitexact")


def ffmpeg(target: Path, inputs: tuple[str, ...], arguments: str) -> str:
    """Encode one file, and return the command as the manifest shows it."""
    command = ["ffmpeg", *_QUIET, *inputs, *arguments.split(), *_REPEATABLE, str(target)]
    subprocess.run(command, check=True)
    return " ".join(["ffmpeg", *inputs, arguments, target.name])


def probe(path: Path) -> dict[str, Any]:
    """Return what ffprobe says of a clip or a sound."""
    command = ["ffprobe", "-v", "error", "-show_streams", "-show_format", "-of", "json", str(path)]
    said = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    video = next((s for s in said["streams"] if s["codec_type"] == "video"), None)
    audio = next((s for s in said["streams"] if s["codec_type"] == "audio"), None)
    facts: dict[str, Any] = {"format": said["format"]["format_name"]}
    if video:
        facts |= {"codec": video["codec_name"], "width": video["width"], "height": video["height"]}
        facts["frame_rate"] = video["avg_frame_rate"]
    elif audio:
        facts["codec"] = audio["codec_name"]
    facts["has_audio"] = audio is not None
    if "duration" in said["format"]:
        facts["duration_ms"] = round(float(said["format"]["duration"]) * 1000)
    return facts


def entry(path: Path, kind: str, verdict: str, made: str, says: str, facts: Any) -> dict[str, Any]:
    """Return one row of the manifest."""
    data = path.read_bytes()
    row: dict[str, Any] = {
        "kind": kind,
        "content_type": CONTENT_TYPES[path.suffix],
        "verdict": verdict,
    }
    row |= {"says": says, "size": len(data)}
    return row | {"sha256": hashlib.sha256(data).hexdigest(), "facts": facts, "made": made}


def make() -> dict[str, Any]:
    """Write every file, and return the manifest."""
    manifest: dict[str, Any] = {}
    for name, (verdict, arguments, says) in CLIPS.items():
        options = dict(word[1:].split("=") for word in arguments.split() if word[0] == "@")
        inputs = tuple(word.format(fps=options.get("fps", 5)) for word in _PICTURE)
        if "sound" in options:
            inputs += tuple(word.format(rate=16000, seconds=4) for word in _SOUND)
        rest = " ".join(word for word in arguments.split() if word[0] != "@")
        made = ffmpeg(FOLDER / name, inputs, rest)
        manifest[name] = entry(FOLDER / name, "video", verdict, made, says, probe(FOLDER / name))
    for name, (verdict, arguments, says) in SOUNDS.items():
        inputs = tuple(word.format(rate=16000, seconds=12) for word in _SOUND)
        made = ffmpeg(FOLDER / name, inputs, arguments)
        manifest[name] = entry(FOLDER / name, "audio", verdict, made, says, probe(FOLDER / name))
    for name, picture in PICTURES.items():
        (FOLDER / name).write_bytes(picture.data())
        row = (picture.verdict, picture.made, picture.says, picture.facts)
        manifest[name] = entry(FOLDER / name, "image", *row)
    for name, source, verdict, says, change in damaged():
        (FOLDER / name).write_bytes(change((FOLDER / source).read_bytes()))
        kind, facts = manifest[source]["kind"], manifest[source]["facts"]
        manifest[name] = entry(FOLDER / name, kind, verdict, f"{source}, changed", says, facts)
    return manifest


def main() -> int:
    """Make everything anew; fail where it has grown too large to ship."""
    FOLDER.mkdir(exist_ok=True)
    for old in FOLDER.iterdir():
        old.unlink()
    manifest = make()
    text = json.dumps(manifest, indent=1, sort_keys=True)
    (FOLDER / "manifest.json").write_text(text + "\n")
    total = sum(path.stat().st_size for path in FOLDER.iterdir())
    print(f"{len(manifest)} files, {total:,} bytes")
    return total > BOUND


if __name__ == "__main__":
    sys.exit(main())

"""What clips and sounds this package encodes: name -> verdict, arguments, a sentence.

``@fps=1`` and ``@sound=1`` are for the script; everything else goes to ffmpeg.
"""

from __future__ import annotations

_YUV = "-pix_fmt yuv420p"
_X264 = f"-c:v libx264 -preset veryfast {_YUV}"
_X265 = f"-c:v libx265 -preset ultrafast -x265-params log-level=none {_YUV}"
_VP8 = f"-c:v libvpx -b:v 100k -auto-alt-ref 0 {_YUV}"
_VP9 = f"-c:v libvpx-vp9 -b:v 100k -cpu-used 8 {_YUV}"
_AV1 = f"-c:v libaom-av1 -cpu-used 8 -row-mt 1 {_YUV}"
_MPEG2 = f"@fps=25 -c:v mpeg2video -q:v 20 -g 100 {_YUV}"
_MJPEG = "@fps=1 -c:v mjpeg -q:v 12 -pix_fmt yuvj420p"
_PRORES = "@fps=1/2 -c:v prores_ks -vendor apl0 -qscale:v 40 -profile:v"

CLIPS: dict[str, tuple[str, str, str]] = {
    "h264.mp4": (
        "accepted",
        f"@sound=1 {_X264} -c:a aac -b:a 24k -movflags +faststart",
        "H.264 in MP4, with sound",
    ),
    "hevc.mp4": ("accepted", f"{_X265} -tag:v hvc1", "H.265 in MP4"),
    "av1.mp4": ("accepted", _AV1, "AV1 in MP4"),
    "h264.mov": ("accepted", _X264, "H.264 in MOV"),
    "hevc.mov": ("accepted", f"{_X265} -tag:v hvc1", "H.265 in MOV"),
    "prores_proxy.mov": ("accepted", f"{_PRORES} 0", "ProRes 422 Proxy in MOV"),
    "prores_lt.mov": ("accepted", f"{_PRORES} 1", "ProRes 422 LT in MOV"),
    "prores_422.mov": ("accepted", f"{_PRORES} 2", "ProRes 422 in MOV"),
    "prores_hq.mov": ("accepted", f"{_PRORES} 3", "ProRes 422 HQ in MOV"),
    "prores_4444.mov": ("accepted", f"{_PRORES} 4 -pix_fmt yuva444p10le", "ProRes 4444 in MOV"),
    "prores_4444xq.mov": ("accepted", f"{_PRORES} 5 -pix_fmt yuva444p10le", "4444 XQ in MOV"),
    "mjpeg.mov": ("accepted", _MJPEG, "Motion JPEG in MOV, discouraged"),
    "h264.mkv": ("accepted", _X264, "H.264 in Matroska"),
    "hevc.mkv": ("accepted", _X265, "H.265 in Matroska"),
    "vp8.mkv": ("accepted", _VP8, "VP8 in Matroska"),
    "vp9.mkv": ("accepted", _VP9, "VP9 in Matroska"),
    "av1.mkv": ("accepted", _AV1, "AV1 in Matroska"),
    "mpeg2.mkv": ("accepted", _MPEG2, "MPEG-2 in Matroska, discouraged"),
    "vp8.webm": ("accepted", _VP8, "VP8 in WebM"),
    "vp9.webm": ("accepted", f"@sound=1 {_VP9} -c:a libopus -b:a 16k", "VP9 in WebM, with sound"),
    "av1.webm": ("accepted", _AV1, "AV1 in WebM"),
    "h264.3gp": ("accepted", _X264, "H.264 in 3GPP"),
    "theora.ogv": ("accepted", f"-c:v libtheora -q:v 2 {_YUV}", "Theora in Ogg"),
    "h264.avi": ("accepted", f"{_X264} -bf 0", "H.264 in AVI, discouraged"),
    "mjpeg.avi": ("accepted", _MJPEG, "Motion JPEG in AVI, discouraged"),
    "msmpeg4v3.avi": ("accepted", f"@fps=1 -c:v msmpeg4 -q:v 12 {_YUV}", "MS-MPEG-4 v3 in AVI"),
    "flv1.flv": ("accepted", f"@fps=1 -c:v flv -q:v 12 {_YUV}", "Sorenson Spark in Flash Video"),
    "h264.flv": ("accepted", _X264, "H.264 in Flash Video, discouraged"),
    "mpeg2.mpg": ("accepted", f"{_MPEG2} -f mpeg", "MPEG-2 in a program stream"),
    "fragmented.mp4": (
        "accepted",
        f"{_X264} -g 5 -movflags +frag_keyframe+empty_moov+default_base_moof",
        "H.264 in MP4, in fragments as for streaming",
    ),
    "live.webm": ("accepted", f"{_VP8} -g 5 -live 1", "VP8 in WebM, as a browser records it"),
    "portrait.mp4": ("accepted", f"-vf transpose=1 {_X264}", "H.264, 720 x 1280"),
    "vp9.mp4": ("refused", _VP9, "VP9 in MP4"),
    "mpeg4.mp4": ("refused", f"@fps=1 -c:v mpeg4 -q:v 12 {_YUV}", "MPEG-4 part 2 in MP4"),
    "mjpeg.mp4": ("refused", _MJPEG, "Motion JPEG in MP4"),
    "mpeg2.mp4": ("refused", _MPEG2, "MPEG-2 in MP4"),
    "mpeg1.mpg": ("refused", f"@fps=25 -c:v mpeg1video -q:v 20 -g 100 {_YUV}", "MPEG-1"),
    "mpeg4.mov": ("refused", f"@fps=1 -c:v mpeg4 -q:v 12 {_YUV}", "MPEG-4 part 2 in MOV"),
    "qtrle.mov": ("refused", "@fps=1/4 -c:v qtrle -pix_fmt rgb24", "Animation (RLE) in MOV"),
    "png.mov": ("refused", "@fps=1 -c:v png -pix_fmt rgb24", "PNG pictures in MOV"),
    "dnxhd.mov": (
        "refused",
        "@fps=1/4 -c:v dnxhd -profile:v dnxhr_lb -pix_fmt yuv422p",
        "DNxHR in MOV",
    ),
    "theora.mkv": ("refused", f"-c:v libtheora -q:v 2 {_YUV}", "Theora in Matroska"),
    "ffv1.mkv": ("refused", f"@fps=1 -c:v ffv1 -level 3 {_YUV}", "FFV1 in Matroska"),
    "mpeg4.mkv": ("refused", f"@fps=1 -c:v mpeg4 -q:v 12 {_YUV}", "MPEG-4 part 2 in Matroska"),
    "mpeg4.3gp": ("refused", f"@fps=1 -c:v mpeg4 -q:v 12 {_YUV}", "MPEG-4 part 2 in 3GPP"),
    "vp8.ogv": ("refused", f"{_VP8} -f ogg", "VP8 in Ogg"),
    "mpeg4.avi": ("refused", f"@fps=1 -c:v mpeg4 -q:v 12 {_YUV}", "MPEG-4 part 2 (Xvid's) in AVI"),
    "flv1.avi": ("refused", f"@fps=1 -c:v flv -q:v 12 {_YUV} -f avi", "Sorenson Spark in AVI"),
    "wmv2.avi": ("refused", f"@fps=1 -c:v wmv2 -q:v 12 {_YUV}", "Windows Media 8 in AVI"),
    "flashsv.flv": ("refused", "@fps=1 -c:v flashsv -pix_fmt bgr24", "Screen Video in Flash Video"),
    "h264.ts": ("refused", f"{_X264} -f mpegts", "H.264 in a transport stream"),
    "wmv2.wmv": ("refused", f"@fps=1 -c:v wmv2 -q:v 12 {_YUV} -f asf", "Windows Media"),
    "rv20.rm": ("refused", f"-c:v rv20 -s 704x576 {_YUV} -f rm", "RealMedia"),
    "mpeg2.mxf": ("refused", f"{_MPEG2} -t 1 -f mxf", "MXF"),
    "vp9.ivf": ("refused", f"{_VP9} -f ivf", "IVF"),
    "h264.h264": ("refused", f"{_X264} -f h264", "H.264 in no container"),
}

_LOW = "-ac 1 -ar 16000"

SOUNDS: dict[str, tuple[str, str, str]] = {
    "sound.mp3": ("accepted", f"{_LOW} -c:a libmp3lame -b:a 16k", "MP3"),
    "tagged.mp3": (
        "accepted",
        f"{_LOW} -c:a libmp3lame -b:a 16k -metadata title=Ton -id3v2_version 3",
        "MP3 with an ID3v2 tag",
    ),
    "pcm16.wav": ("accepted", "-ac 1 -ar 2000 -c:a pcm_s16le", "16-bit PCM in WAV"),
    "pcm24.wav": ("accepted", "-ac 1 -ar 1000 -c:a pcm_s24le", "24-bit PCM in WAV"),
    "float.wav": ("accepted", "-ac 1 -ar 1000 -c:a pcm_f32le", "PCM in floating point, WAV"),
    "sound.flac": ("accepted", "-ac 1 -ar 8000 -c:a flac", "FLAC"),
    "aac.m4a": ("accepted", f"{_LOW} -c:a aac -b:a 16k -f ipod", "AAC in M4A"),
    "alac.m4a": ("accepted", "-ac 1 -ar 4000 -c:a alac -f ipod", "ALAC in M4A"),
    "sound.aac": ("accepted", f"{_LOW} -c:a aac -b:a 16k -f adts", "AAC in ADTS"),
    "vorbis.ogg": ("refused", f"{_LOW} -c:a libvorbis -q:a 0", "Vorbis in Ogg"),
    "opus.ogg": ("refused", f"{_LOW} -c:a libopus -b:a 8k", "Opus in Ogg"),
    "opus.webm": ("refused", f"{_LOW} -c:a libopus -b:a 8k -f webm", "Opus in WebM"),
    "flac.ogg": ("refused", "-ac 1 -ar 8000 -c:a flac -f ogg", "FLAC in Ogg"),
    "pcm.aiff": ("refused", "-ac 1 -ar 2000 -c:a pcm_s16be", "AIFF"),
    "wma2.wma": ("refused", f"{_LOW} -c:a wmav2 -b:a 24k -f asf", "Windows Media Audio"),
    "mp2.mp2": ("refused", f"{_LOW} -c:a mp2 -b:a 16k", "MPEG Layer II"),
    "sound.ac3": ("refused", "-ac 1 -ar 32000 -c:a ac3 -b:a 32k", "AC-3"),
    "adpcm.wav": ("refused", "-ac 1 -ar 8000 -c:a adpcm_ms", "ADPCM in WAV"),
    "mulaw.wav": ("refused", "-ac 1 -ar 2000 -c:a pcm_mulaw", "mu-law in WAV"),
    "mp3.wav": ("refused", f"{_LOW} -c:a libmp3lame -b:a 16k -f wav", "MP3 in WAV"),
    "ac3.m4a": ("refused", "-ac 1 -ar 32000 -c:a ac3 -b:a 32k -f mp4", "AC-3 in MP4"),
    "mp3.m4a": ("refused", f"{_LOW} -c:a libmp3lame -b:a 16k -f mp4", "MP3 in MP4"),
    "pcm.mka": ("refused", "-ac 1 -ar 2000 -c:a pcm_s16le -f matroska", "PCM in Matroska"),
    "pcm.au": ("refused", "-ac 1 -ar 2000 -c:a pcm_s16be -f au", "Sun AU"),
    "pcm.caf": ("refused", "-ac 1 -ar 2000 -c:a pcm_s16le -f caf", "Apple CAF"),
    "wavpack.wv": ("refused", "-ac 1 -ar 2000 -c:a wavpack -f wv", "WavPack"),
    "tta.tta": ("refused", "-ac 1 -ar 2000 -c:a tta -f tta", "True Audio"),
}

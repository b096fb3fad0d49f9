"""Bytes to facts to a verdict; and media with exactly one flaw, and outputs to download."""

from __future__ import annotations

from pytest_runway.media.facts import Facts, Kind
from pytest_runway.media.judging import Examined, examine, examine_data_uri, judge, judge_data_uri
from pytest_runway.media.library import Sample, sample, samples
from pytest_runway.media.limits import NO_LIMITS, Limits
from pytest_runway.media.reading import read
from pytest_runway.media.rules import Rules, Transport
from pytest_runway.media.urls import check_url
from pytest_runway.media.values import FlawedMedia, Media
from pytest_runway.media.verdicts import Late, Refusal, Verdict

__all__ = [
    "NO_LIMITS",
    "Examined",
    "Facts",
    "FlawedMedia",
    "Kind",
    "Late",
    "Limits",
    "Media",
    "Refusal",
    "Rules",
    "Sample",
    "Transport",
    "Verdict",
    "check_url",
    "examine",
    "examine_data_uri",
    "judge",
    "judge_data_uri",
    "read",
    "sample",
    "samples",
]

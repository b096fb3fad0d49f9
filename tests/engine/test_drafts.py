"""For how long a draft can be enhanced."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.engine.conftest import Caller

WEEK = 7 * 86_400
PATH = "/v1/text_to_video"


def test_a_draft_can_be_enhanced_for_seven_days(call: Caller) -> None:
    asked = {"model": "seedance2_5", "promptText": "a lighthouse", "draft": True}
    draft = call.reply("POST", PATH, asked).json()["id"]
    enhance = {"model": "seedance2_5", "draftTaskId": draft}
    assert call.at(WEEK).reply("POST", PATH, enhance).status == 200
    refused = call.at(WEEK + 1).reply("POST", PATH, enhance)
    assert refused.status == 400
    assert refused.json()["issues"] == [
        {
            "code": "custom",
            "message": "The draft is older than 7 days.",
            "path": ["draftTaskId"],
        }
    ]

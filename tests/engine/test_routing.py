"""Routers: which model they pick, what they refuse, and what they remember."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.engine.conftest import Caller, new_caller

if TYPE_CHECKING:
    from pytest_runway.wire import Reply

SOURCE = {"uri": "https://example.com/a.mp4", "role": "source"}
PROMPT = "a meadow at dawn"
IMAGE = "https://example.com/a.jpg"


def router(call: Caller, slug: str = "films", **settings: Any) -> str:
    body = {"slug": slug, "settings": settings} if settings else {"slug": slug}
    reply = call.reply("POST", "/v1/routers", body)
    assert reply.status == 200, reply.body
    return str(reply.json()["id"])


def only(*models: str) -> dict[str, Any]:
    return {"mode": "allowlist_only", "ids": list(models)}


def ask(call: Caller, modality: str = "video", slug: str = "films", **said: Any) -> Reply:
    return call.reply("POST", f"/v1/generate/{modality}", {"configId": slug, "input": said})


def routing(call: Caller, modality: str = "video", **said: Any) -> dict[str, Any]:
    reply = ask(call, modality, **said)
    assert reply.status == 200, reply.body
    told: dict[str, Any] = reply.json()["routing"]
    return told


def test_a_config_id_that_no_router_has_is_not_found(call: Caller) -> None:
    reply = ask(call, promptText=PROMPT)
    assert reply.status == 404
    assert reply.json()["code"] == "router_config_not_found"
    assert call.engine.state.tasks == []


def test_a_routed_request_becomes_a_task_of_the_model(call: Caller) -> None:
    router(call, models=only("gen4.5"), optimizeFor="quality")
    reply = ask(call, promptText=PROMPT, duration=4, aspectRatio="9:16")
    body = reply.json()
    assert list(body) == ["id", "routing"]
    assert body["routing"] == {
        "model": "gen4.5",
        "provider": "runway",
        "configId": "films",
        "resolvedSettings": {"optimizeFor": "quality", "priceCeiling": None},
        "resolvedInput": {"duration": 4, "ratio": "720:1280", "resolution": "720p"},
        "estimatedCost": {"credits": 48},
    }
    (task,) = call.engine.state.tasks
    assert (task.model, task.operation, task.charged) == ("gen4.5", "generate/video", 48)
    assert call.at(20).task(body["id"])["status"] == "SUCCEEDED"


def test_the_cheapest_eligible_model_wins(call: Caller) -> None:
    # 4 s: gen4.5 at 12 a second, veo3.1_fast at 15 (prices: facts §5.3).
    router(call, models=only("gen4.5", "veo3.1_fast"), optimizeFor="cost")
    assert routing(call, promptText=PROMPT, duration=4)["model"] == "gen4.5"
    # A size that only the dearer one makes.
    told = routing(call, promptText=PROMPT, duration=4, resolution="1080p")
    assert (told["model"], told["resolvedInput"]["ratio"]) == ("veo3.1_fast", "1920:1080")


def test_first_and_last_frames_need_a_model_that_takes_them(call: Caller) -> None:
    router(call, models=only("gen4_turbo", "veo3.1"))
    first = {"uri": IMAGE, "role": "first"}
    assert routing(call, referenceImages=[first])["model"] == "gen4_turbo"
    both = [first, {"uri": IMAGE, "role": "last"}]
    assert routing(call, referenceImages=both)["model"] == "veo3.1"


def test_a_source_video_needs_a_model_that_edits_videos(call: Caller) -> None:
    router(call, models=only("gen4.5", "aleph2"))
    assert routing(call, promptText=PROMPT, referenceVideos=[SOURCE])["model"] == "aleph2"


@pytest.mark.parametrize(
    ("modality", "settings", "said", "emptied_by"),
    [
        (
            "video",
            {},
            {
                "referenceVideos": [SOURCE],
                "keyframes": [{"uri": IMAGE, "at": 0.5}],
                "referenceAudio": [{"uri": "https://example.com/a.mp3"}],
            },
            "capability",
        ),
        (
            "audio",
            {},
            {"type": "audio", "referenceAudios": [{"uri": IMAGE}], "duration": 30},
            "input_support",
        ),
        (
            "video",
            {},
            {"duration": 2, "resolution": "4k", "aspectRatio": "4:3"},
            "input_support",
        ),
        ("video", {"models": only()}, {}, "allow_deny"),
        ("video", {"models": only("gen4_image")}, {}, "allow_deny"),
        ("video", {"maxCreditsPerGeneration": {"video": 1}}, {}, "price"),
    ],
)
def test_where_no_model_is_left_the_answer_says_what_emptied_the_pool(
    call: Caller, modality: str, settings: dict[str, Any], said: dict[str, Any], emptied_by: str
) -> None:
    id_ = router(call, **settings)
    reply = ask(call, modality, promptText=PROMPT, **said)
    body = reply.json()
    assert reply.status == 400
    assert body["code"] == "no_eligible_model"
    assert body["emptiedBy"] == [emptied_by]
    last = {"type": "filter", "filter": emptied_by, "models": []}
    assert body["pipeline"][-1] == last
    assert call.engine.state.tasks == []
    assert decisions(call, id_)[0]["status"] == "no_eligible_model"


def test_a_prompt_that_is_too_long_for_a_model_leaves_the_others(call: Caller) -> None:
    id_ = router(call)
    ask(call, promptText="x" * 1_001)
    capable, short_enough = (
        set(step["models"]) for step in decisions(call, id_)[0]["pipeline"][:2]
    )
    # Facts §1.3: gen4.5 and veo3.1 take 1,000 characters, hailuo3 takes 6,000.
    assert capable - short_enough >= {"gen4.5", "veo3.1"}
    assert "hailuo3" in short_enough


def test_the_filters_come_in_the_documented_order_and_name_who_is_left(call: Caller) -> None:
    id_ = router(call, models=only("gen4.5", "veo3.1"))
    ask(call, promptText=PROMPT)
    (told,) = decisions(call, id_)
    steps = told["pipeline"]
    assert [step.get("filter") for step in steps[:-1]] == [
        "capability",
        "prompt_length",
        "input_support",
        "allow_deny",
        "price",
    ]
    assert steps[3]["models"] == ["gen4.5", "veo3.1"]
    assert steps[-1] == {"type": "rank", "outcome": "cost"}
    assert told["reasonCode"] == "lowest_cost"
    assert told["taskId"] == call.engine.state.tasks[0].id


def decisions(call: Caller, id_: str) -> list[dict[str, Any]]:
    reply = call.reply("GET", f"/v1/routers/{id_}/requests", query="limit=50")
    found: list[dict[str, Any]] = reply.json()["data"]
    return found


@pytest.mark.parametrize(
    ("settings", "ranking", "outcome", "reason"),
    [
        ({"models": only("gen4.5")}, [], "single_candidate", "only_eligible_model"),
        ({"optimizeFor": "cost"}, ["veo3.1"], "cost", "lowest_cost"),
        ({"optimizeFor": "latency"}, [], "fallback", "filter_order_fallback"),
        ({"optimizeFor": "latency"}, ["veo3.1"], "selected", "best_latency"),
        ({"optimizeFor": "quality"}, ["veo3.1"], "selected", "best_quality"),
    ],
)
def test_how_the_model_was_ranked_is_told(
    call: Caller, settings: dict[str, Any], ranking: list[str], outcome: str, reason: str
) -> None:
    call.engine.state.account.ranking = ranking
    id_ = router(call, **settings)
    model = routing(call, promptText=PROMPT)["model"]
    (told,) = decisions(call, id_)
    assert (told["pipeline"][-1]["outcome"], told["reasonCode"]) == (outcome, reason)
    if outcome == "selected":
        assert model == "veo3.1"


def test_a_model_at_its_limit_is_passed_over_where_the_router_says_so() -> None:
    call = new_caller(tier=1, credits_=10_000)
    models = only("gen4.5", "veo3.1_fast")
    id_ = router(call, models=models, fallback={"onCapacity": True})
    said: dict[str, Any] = {"promptText": PROMPT, "duration": 4}
    told = [routing(call, **said) for _ in range(3)]
    assert [each["model"] for each in told] == ["gen4.5", "veo3.1_fast", "gen4.5"]
    assert [each.get("capacityFallback") for each in told] == [
        None,
        {"skipped": ["gen4.5"], "allExhausted": False},
        {"skipped": [], "allExhausted": True},
    ]
    assert [task.status for task in call.engine.state.tasks] == ["PENDING", "PENDING", "THROTTLED"]
    assert decisions(call, id_)[0]["pipeline"][-2]["type"] == "capacity"


def test_without_fallback_a_model_at_its_limit_is_waited_for() -> None:
    call = new_caller(tier=1, credits_=10_000)
    router(call, models=only("gen4.5", "veo3.1_fast"))
    told = [routing(call, promptText=PROMPT, duration=4) for _ in range(2)]
    assert [each["model"] for each in told] == ["gen4.5", "gen4.5"]
    assert call.engine.state.tasks[1].status == "THROTTLED"


def test_a_refusal_of_the_account_is_remembered_as_an_error() -> None:
    call = new_caller(credits_=1)
    id_ = router(call)
    assert ask(call, promptText=PROMPT).status == 400
    (told,) = decisions(call, id_)
    assert (told["status"], told["taskId"]) == ("error", None)


def test_an_invalid_request_is_remembered_where_it_names_a_router(call: Caller) -> None:
    id_ = router(call)
    assert ask(call, promptText=PROMPT, duration=99).status == 400
    (told,) = decisions(call, id_)
    assert (told["status"], told["model"], told["pipeline"]) == ("invalid_request", None, [])


def test_the_newest_decision_comes_first_and_is_paged(call: Caller) -> None:
    id_ = router(call)
    for _ in range(3):
        ask(call, promptText=PROMPT)
    page = call.reply("GET", f"/v1/routers/{id_}/requests", query="limit=2").json()
    tasks = [each["taskId"] for each in page["data"]]
    assert tasks == [task.id for task in call.engine.state.tasks[:0:-1]]
    assert page["hasMore"]


def test_images_are_routed_by_size_and_count(call: Caller) -> None:
    router(call, models=only("gen4_image", "seedream5_pro"))
    told = routing(call, "image", promptText=PROMPT, aspectRatio="1:1")
    assert told["resolvedInput"] == {"aspectRatio": "1:1", "ratio": "1024:1024", "resolution": "1k"}
    several = routing(call, "image", promptText=PROMPT, outputCount=2)
    assert several["model"] == "seedream5_pro"
    assert call.engine.state.tasks[-1].output.count == 2


def test_the_ceiling_is_for_one_output(call: Caller) -> None:
    # seedream5_pro is 5 credits an image (facts §5.3).
    router(call, models=only("seedream5_pro"), maxCreditsPerGeneration={"image": 5})
    told = routing(call, "image", promptText=PROMPT, outputCount=3)
    assert told["estimatedCost"] == {"credits": 15}
    assert told["resolvedSettings"]["priceCeiling"] == 5


@pytest.mark.parametrize(
    ("said", "voice", "operation"),
    [
        ({"type": "speech", "voice": {"type": "preset", "presetId": "Maya"}}, "preset", "eleven"),
        ({"type": "speech"}, "default", "seed_audio"),
        ({"type": "audio"}, "none", ""),
        (
            {
                "type": "speech",
                "voice": {"type": "reference-audio", "audioUri": "https://example.com/a.mp3"},
            },
            "reference-audio",
            "seed_audio",
        ),
    ],
)
def test_audio_is_routed_by_its_kind_and_voice(
    call: Caller, said: dict[str, Any], voice: str, operation: str
) -> None:
    router(call)
    told = routing(call, "audio", promptText=PROMPT, **said)
    assert told["resolvedInput"] == {"type": said["type"], "voice": voice}
    assert told["model"].startswith(operation)


def test_routing_is_stable(call: Caller) -> None:
    router(call)
    assert len({routing(call, promptText=PROMPT)["model"] for _ in range(5)}) == 1

"""The account as a test sees it: ``runway.account``, ``.outbox``, ``.seed``, ``.metrics``, …"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

import httpx
import pytest
import runwayml
from runwayml import RunwayML

from pytest_runway import FakeRunway
from pytest_runway.errors import HarnessProblem, UsageError
from pytest_runway.fake.metrics import Metrics
from tests.fake.conftest import CLIP

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@pytest.fixture
def runway() -> Iterator[FakeRunway]:
    with FakeRunway(time="real", tier=1, credits=1_000) as fake:
        yield fake


def client(**said: Any) -> RunwayML:
    return RunwayML(max_retries=0, **said)


def test_the_tier_can_be_moved_and_what_waits_then_starts(runway: FakeRunway) -> None:
    for _ in range(4):
        client().image_to_video.create(**CLIP)
    assert [task.status for task in runway.tasks] == ["PENDING", *["THROTTLED"] * 3]
    runway.account.tier = 2
    assert [task.status for task in runway.tasks] == [*["PENDING"] * 3, "THROTTLED"]
    assert runway.account.tier == 2
    runway.account.tier = None
    assert runway.tasks[3].status == "PENDING"


@pytest.mark.parametrize("tier", [0, 6, True, "1", 1.5])
def test_a_tier_that_there_is_not_is_refused(runway: FakeRunway, tier: Any) -> None:
    with pytest.raises(UsageError, match="expected 1 to 5"):
        runway.account.tier = tier


def test_each_environment_has_its_key_and_one_of_them_can_be_taken_away(
    runway: FakeRunway,
) -> None:
    staging = runway.account.keys.add("staging")
    client(api_key=staging.secret).image_to_video.create(**CLIP)
    assert (staging.charged, runway.account.keys["default"].charged) == (25, 0)
    staging.disable()
    with pytest.raises(runwayml.AuthenticationError):
        client(api_key=staging.secret).organization.retrieve()
    assert client().organization.retrieve()
    staging.enable()
    old = staging.secret
    assert client(api_key=staging.rotate()).organization.retrieve()
    with pytest.raises(runwayml.AuthenticationError):
        client(api_key=old).organization.retrieve()
    assert repr(runway.account.keys) == "[<ApiKey default>, <ApiKey staging>]"


def test_keys_are_named_once_and_asked_for_by_their_name(runway: FakeRunway) -> None:
    runway.account.keys.add("staging")
    with pytest.raises(UsageError, match="already"):
        runway.account.keys.add("staging")
    with pytest.raises(UsageError, match="there are default, staging"):
        runway.account.keys["production"]


def test_a_real_key_in_the_code_fails_the_test_and_is_not_shown() -> None:
    key = "key_" + "".join(f"{(n * 2654435761) % 2**32:08x}" for n in range(1, 17))
    fake = FakeRunway(time="real")
    with pytest.raises(HarnessProblem) as caught:
        with fake:
            client(api_key=key).organization.retrieve()
    assert key[:8] in str(caught.value)
    assert key not in str(caught.value)


def test_a_suspended_account_is_refused_until_an_appeal(runway: FakeRunway) -> None:
    runway.account.suspend()
    with pytest.raises(runwayml.AuthenticationError):
        client().organization.retrieve()
    runway.account.appeal()
    assert client().organization.retrieve()
    assert runway.outbox.kinds == ["suspended", "appeal_granted"]


def test_who_is_suspended_already_is_not_told_again(runway: FakeRunway) -> None:
    runway.account.suspend()
    runway.account.suspend()
    assert runway.outbox.kinds == ["suspended"]


def test_moderation_that_is_retried_suspends_the_account(runway: FakeRunway) -> None:
    runway.account.tier = None
    runway.account.tolerates(warn_at=1, suspend_at=2)
    runway.moderate(prompt="dolly", code="INPUT_PREPROCESSING.SAFETY.TEXT")
    for _ in range(2):
        runway.next_task.by_hand()
        client().image_to_video.create(**CLIP)
        runway.tasks[-1].fail("INPUT_PREPROCESSING.SAFETY.TEXT")
    assert runway.outbox.kinds == ["moderation_warning", "suspended"]
    assert runway.account.suspended
    with pytest.raises(UsageError, match="the warning not after the suspension"):
        runway.account.tolerates(warn_at=3, suspend_at=2)


def test_credits_are_bought_in_the_portal_within_its_rules(runway: FakeRunway) -> None:
    runway.account.buy(5_000)
    assert (runway.credits.balance, runway.account.tier) == (6_000, 2)
    with pytest.raises(UsageError, match="smallest purchase is 1,000"):
        runway.account.buy(999)
    runway.account.card_declines(times=1)
    with pytest.raises(UsageError, match="declined"):
        runway.account.buy(1_000)
    runway.account.buy(1_000)
    assert runway.outbox.kinds == ["charge", "charge_failed", "charge"]


@pytest.mark.parametrize("amount", ["1000", 1_000.5, True, -1, float("nan")])
def test_credits_are_whole_numbers(runway: FakeRunway, amount: Any) -> None:
    account = runway.account
    says: list[Callable[[], None]] = [
        lambda: account.buy(amount),
        lambda: account.autobilling(below=amount),
        lambda: account.autobilling(below=1, amount=amount),
        lambda: account.warns_below(amount),
        lambda: account.tolerates(warn_at=amount),
        lambda: account.tolerates(suspend_at=amount),
    ]
    for say in says:
        with pytest.raises(UsageError, match="whole number"):
            say()
    assert (runway.credits.balance, account.autobills) == (1_000, False)


@pytest.mark.parametrize("times", ["2", 1.5, True, -1])
def test_a_card_declines_a_whole_number_of_times(runway: FakeRunway, times: Any) -> None:
    with pytest.raises(UsageError, match="whole number"):
        runway.account.card_declines(times=times)


def test_mails_that_nobody_reads_are_counted_as_lost(runway: FakeRunway) -> None:
    runway.account.buy(1_000)
    runway.outbox.mailbox = "bouncing"
    runway.account.buy(1_000)
    assert [mail.subject for mail in runway.outbox.lost] == ["Your card was charged"]
    assert len(runway.outbox) == 2
    with pytest.raises(UsageError, match="read, unread, bouncing"):
        runway.outbox.mailbox = "full"  # type: ignore[assignment]


def test_the_billing_contact_is_the_same_for_the_same_seed() -> None:
    pytest.importorskip("faker")
    people = []
    for seed in ("a", "a", "b"):
        with FakeRunway(time="real", seed=seed) as fake:
            people.append(fake.account.contact)
    assert people[0] == people[1] != people[2]
    assert people[0].email.endswith(".example")


def test_a_mail_is_addressed_to_the_billing_contact(runway: FakeRunway) -> None:
    runway.account.suspend()
    (mail,) = runway.outbox
    contact = runway.account.contact
    assert (mail.kind, mail.to) == ("suspended", f"{contact.name} <{contact.email}>")


def test_autobilling_is_on_once_it_was_asked_for(runway: FakeRunway) -> None:
    before = runway.account.autobills
    runway.account.autobilling(below=500, amount=1_000)
    assert (before, runway.account.autobills) == (False, True)
    with pytest.raises(UsageError, match="at least 1,000"):
        runway.account.autobilling(below=500, amount=999)


def test_a_withheld_model_is_forbidden_and_an_unlimited_one_has_no_limits(
    runway: FakeRunway,
) -> None:
    runway.account.withholds("gen4.5")
    body = {"prompt_text": "a meadow", "ratio": "1280:720", "duration": 5}
    with pytest.raises(runwayml.PermissionDeniedError, match="Model variant"):
        client().text_to_video.create(model="gen4.5", **body)  # type: ignore[call-overload]
    runway.account.unlimited("gen4_turbo")
    for _ in range(3):
        client().image_to_video.create(**CLIP)
    assert {task.status for task in runway.tasks} == {"PENDING"}
    with pytest.raises(UsageError, match="no model 'gen5'"):
        runway.account.withholds("gen5")


def test_a_workflow_is_seeded_run_and_read(runway: FakeRunway) -> None:
    workflow = runway.seed.workflow("Campaign", nodes={"poster": 2})
    assert client().workflows.list().data[0].name == "Campaign"
    run = client().workflows.run(workflow)
    runway.tasks[0].succeed()
    body: Any = client().workflow_invocations.retrieve(run.id)
    assert len(body.output["poster"]) == 2


def test_what_the_api_cannot_make_is_seeded(runway: FakeRunway) -> None:
    preset = {"type": "runway-preset", "presetId": "cat-character"}
    ended = runway.seed.conversation(name="Support", avatar=preset, seconds=90, ago="1h")
    live = runway.seed.conversation(seconds=None)
    listed = client().avatar_conversations.list(limit=10).data
    assert [(each.id, each.status) for each in listed] == [(live, "in_progress"), (ended, "ended")]
    runway.seed.webapp_charge(email="ann@example.com", credits=12, ago="1h")
    event = runway.seed.audit_event("UserLogin", email="ann@example.com")
    log = client().organization.webapp.audit_logs.retrieve(event)
    assert log.actor_email == "ann@example.com"
    with pytest.raises(UsageError, match="no action 'Login'"):
        runway.seed.audit_event("Login")


def test_a_session_is_joined_and_ended_by_the_test(runway: FakeRunway) -> None:
    runway.resources.prepares("realtime_sessions", 0)
    avatar: Any = {"type": "runway-preset", "preset_id": "cat-character"}
    id_ = client().realtime_sessions.create(model="gwm1_avatars", avatar=avatar).id
    session = runway.resources.session(id_)
    assert session.status == "READY"
    with pytest.raises(UsageError, match="is READY; expected RUNNING"):
        session.end()
    session.join()
    assert client().realtime_sessions.retrieve(id_).status == "RUNNING"
    session.end()
    assert client().avatar_conversations.retrieve(id_).status == "ended"
    assert runway.credits.charged in (2, 4)  # a moment may have passed in between
    with pytest.raises(UsageError, match="no realtime session"):
        runway.resources.session("x")


def test_an_avatar_is_prepared_to_fail(runway: FakeRunway) -> None:
    runway.resources.prepares("avatars", 0, failure="No face was found.")
    avatar: Any = client().avatars.create(
        name="Mina",
        personality="Brief.",
        reference_image="https://example.com/a.jpg",
        voice={"type": "runway-live-preset", "preset_id": "adrian"},
    )
    assert (avatar.status, avatar.failure_reason) == ("FAILED", "No face was found.")
    assert [each["name"] for each in runway.resources["avatars"]] == ["Mina"]
    with pytest.raises(UsageError, match="take no time"):
        runway.resources.prepares("documents", 1)
    with pytest.raises(UsageError, match="no collection 'cats'"):
        runway.resources["cats"]


def test_metrics_are_what_the_checklist_watches(runway: FakeRunway) -> None:
    for _ in range(2):
        client().image_to_video.create(**CLIP)
    runway.tasks[0].fail("SAFETY.INPUT.TEXT")
    with pytest.raises(runwayml.BadRequestError):
        client().image_to_video.create(**{**CLIP, "duration": 99})
    metrics = runway.metrics
    assert (metrics.requests, metrics.errors, metrics.tasks) == (3, 1, 2)
    assert (metrics.throttled_tasks, metrics.moderated_tasks) == (1, 1)
    assert (metrics.credits_charged, metrics.credits_refunded) == (50, 0)
    assert (round(metrics.error_rate, 3), metrics.moderation_rate) == (0.333, 0.5)
    text = metrics.openmetrics()
    assert "runway_throttled_tasks_total 1\n" in text
    assert "runway_moderation_rate 0.5\n" in text
    assert text.endswith("# EOF\n")


def test_metrics_say_large_numbers_to_the_last_digit() -> None:
    counts = dict.fromkeys((field.name for field in dataclasses.fields(Metrics)), 123_456_789)
    text = Metrics(**counts).openmetrics()
    assert "runway_requests_total 123456789\n" in text
    assert "runway_credits_charged 123456789\n" in text


def test_nothing_happened_has_no_rates() -> None:
    with FakeRunway(time="real") as fake:
        assert (fake.metrics.error_rate, fake.metrics.moderation_rate) == (0, 0)


def test_more_than_the_budget_fails_with_the_bill() -> None:
    with pytest.raises(HarnessProblem) as caught:
        with FakeRunway(time="real", budget=40):
            for _ in range(2):
                client().image_to_video.create(**CLIP)
    said = str(caught.value)
    assert "50 credits were spent, the budget is 40" in said
    assert "task 2: image_to_video, gen4_turbo: 25 credits" in said


def test_a_budget_that_is_met_is_no_problem() -> None:
    with FakeRunway(time="real", budget=25):
        client().image_to_video.create(**CLIP)


@pytest.mark.parametrize("budget", [-1, 1.5, True, "50"])
def test_a_budget_is_a_number_of_credits(budget: Any) -> None:
    with pytest.raises(UsageError, match="budget="):
        FakeRunway(budget=budget)


def test_only_the_accounts_keys_open_it_where_that_is_asked_for() -> None:
    with FakeRunway(time="real", keys="known") as fake:
        assert client().organization.retrieve()
        with pytest.raises(runwayml.AuthenticationError):
            client(api_key="key_" + "ab" * 64).organization.retrieve()
        assert client(api_key=fake.api_key).organization.retrieve()


def test_conformance_lets_the_sdks_examples_exist() -> None:
    id_ = "182bd5e5-6e1a-4fe4-a799-aa6d9a6ab26e"
    with FakeRunway(time="real", conformance=True):
        sdk = client(api_key="My API Key")
        assert sdk.tasks.retrieve(id_).id == id_
        assert sdk.avatars.retrieve(id_).id == id_
        sdk.avatars.delete(id_)
        assert sdk.avatars.retrieve(id_).id == id_


def test_a_wrong_host_is_told_from_a_wrong_key(runway: FakeRunway) -> None:
    headers = {"Authorization": f"Bearer {runway.api_key}", "X-Runway-Version": "2024-11-06"}
    reply = httpx.get("https://api.runwayml.com/v1/organization", headers=headers)
    assert reply.status_code == 401
    assert reply.json()["error"] == "Incorrect hostname for API key"

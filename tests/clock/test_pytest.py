"""Virtual time inside pytest: what is pytest's keeps real time, what is the test's does not."""

from __future__ import annotations

import importlib.util
import logging
import sqlite3
import time
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pytest_runway.clock import virtual_time

if TYPE_CHECKING:
    from pytest_runway.clock import VirtualClock

CONFTEST = """
import pytest
from pytest_runway.clock import virtual_time

@pytest.fixture
def clock():
    with virtual_time(patience=0.1) as clock:
        yield clock
"""

REAL_START = time.time()


@pytest.fixture
def suite(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    """A suite of its own, whose conftest has a clock, with only the plugins that it asks for."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    pytester.makeconftest(CONFTEST)
    return pytester


def run(suite: pytest.Pytester, source: str, *options: str) -> pytest.RunResult:
    suite.makepyfile(source)
    return suite.runpytest_subprocess("-W", "error", *options)


def test_durations_and_reports_are_real(suite: pytest.Pytester) -> None:
    source = """
        import time
        def test_an_hour(clock):
            time.sleep(3600)
            assert clock.elapsed == 3600
    """
    result = run(suite, source, "--durations=1", "-vv", "--junitxml=report.xml")
    result.assert_outcomes(passed=1)
    result.stdout.no_re_match_line(r"\s*36\d\d\.\d+s call")
    assert 'time="36' not in (suite.path / "report.xml").read_text()


def test_timeouts_of_pytest_timeout_are_real(suite: pytest.Pytester) -> None:
    source = """
        import threading, time, pytest

        @pytest.mark.timeout(30)
        def test_an_hour(clock):
            time.sleep(3600)

        @pytest.mark.timeout(30, method="thread")
        def test_an_hour_in_threads(clock):
            threading.Timer(3600, lambda: None).run()

        @pytest.mark.timeout(0.5, method="signal")
        def test_without_end(clock):
            while True:
                pass

        @pytest.mark.timeout(0.5, method="signal")
        def test_that_waits_for_a_thread_without_end(clock):
            event = threading.Event()
            def work():
                while not event.is_set():
                    pass
            thread = threading.Thread(target=work, daemon=True)
            thread.start()
            try:
                thread.join()
            finally:
                event.set()

        def test_after_it():
            assert time.sleep.__module__ == "time"
            assert threading.Thread.start.__module__ == "threading"
    """
    result = run(suite, source, "-p", "timeout")
    result.assert_outcomes(passed=3, failed=2)
    result.stdout.fnmatch_lines(["*Timeout (>0.5s)*"])


def test_faulthandlers_timeout_is_real(suite: pytest.Pytester) -> None:
    source = """
        import time
        def test_an_hour(clock):
            time.sleep(3600)
    """
    result = run(suite, source, "-o", "faulthandler_timeout=30")
    result.assert_outcomes(passed=1)
    result.stderr.no_fnmatch_line("*Timeout*")


def test_xdists_heartbeat_is_real(suite: pytest.Pytester) -> None:
    source = """
        import asyncio, threading, time, pytest
        @pytest.mark.parametrize("number", range(6))
        def test_a_day(clock, number):
            thread = threading.Thread(target=time.sleep, args=(86400,))
            thread.start()
            asyncio.run(asyncio.sleep(3600))
            thread.join()
            assert clock.elapsed == 86400
    """
    run(suite, source, "-p", "xdist", "-n", "2").assert_outcomes(passed=6)


@given(st.integers(1, 600))
@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_hypothesis_deadlines_are_real(seconds: int) -> None:
    with virtual_time() as clock:
        time.sleep(seconds)
        assert clock.elapsed == seconds


def test_timestamps_of_logging_are_real(
    clock: VirtualClock, caplog: pytest.LogCaptureFixture
) -> None:
    time.sleep(86_400)
    logging.getLogger("app").warning("a day later")
    assert REAL_START <= caplog.records[0].created < REAL_START + 3_600


def test_sqlite_keeps_real_time(clock: VirtualClock) -> None:
    time.sleep(86_400)
    with sqlite3.connect(":memory:") as database:
        (now,) = database.execute("select strftime('%s', 'now')").fetchone()
    database.close()
    assert REAL_START - 1 <= int(now) < REAL_START + 3_600


def test_loops_of_pytest_asyncio_wait_in_virtual_time(suite: pytest.Pytester) -> None:
    source = """
        import asyncio, time, pytest, pytest_asyncio

        seen = []

        @pytest_asyncio.fixture(loop_scope="session", scope="session")
        async def background():
            beats = []
            async def beat():
                while True:
                    await asyncio.sleep(60)
                    beats.append(asyncio.get_running_loop().time())
            task = asyncio.create_task(beat())
            yield beats
            task.cancel()

        def look():
            seen.append(asyncio.get_running_loop().time())
            assert seen == sorted(seen)

        @pytest.mark.asyncio(loop_scope="session")
        @pytest.mark.parametrize("number", range(3))
        async def test_in_the_sessions_loop(background, clock, number):
            look()
            before = len(background)
            await asyncio.sleep(3630)
            assert 3630 <= clock.elapsed < 3630.001
            assert len(background) - before in (60, 61)
            look()

        @pytest.mark.asyncio(loop_scope="session")
        async def test_in_real_time(background):
            look()
            await asyncio.sleep(0.001)
            look()

        @pytest.mark.asyncio(loop_scope="session")
        async def test_in_virtual_time_again(background, clock):
            look()
            await asyncio.sleep(600)
            look()

        @pytest.mark.asyncio
        async def test_in_a_loop_of_its_own(clock):
            with pytest.raises(asyncio.TimeoutError):
                await asyncio.wait_for(asyncio.Event().wait(), 30)
            assert clock.elapsed == 30
    """
    scope = "asyncio_default_fixture_loop_scope=function"
    run(suite, source, "-p", "asyncio", "-o", scope).assert_outcomes(passed=6)


def test_loops_of_anyios_plugin_wait_in_virtual_time(suite: pytest.Pytester) -> None:
    source = """
        import anyio, time, pytest

        @pytest.fixture(params=["asyncio", "trio"])
        def anyio_backend(request):
            return request.param

        @pytest.fixture
        async def warm(clock):
            await anyio.sleep(60)

        @pytest.mark.anyio
        async def test_a_wait(warm, clock):
            with anyio.move_on_after(30):
                await anyio.sleep_forever()
            await anyio.to_thread.run_sync(time.sleep, 600)
            assert clock.elapsed == 690

        @pytest.mark.anyio
        async def test_a_limit(clock):
            with pytest.raises(TimeoutError):
                with anyio.fail_after(30):
                    await anyio.sleep(60)
            assert clock.elapsed == 30
    """
    run(suite, source, "-p", "anyio").assert_outcomes(passed=4)


def test_a_runner_of_anyio_older_than_the_clock_needs_the_dispatchers(
    suite: pytest.Pytester,
) -> None:
    suite.makeconftest(
        "from pytest_runway.clock import install_dispatchers\ninstall_dispatchers()\n" + CONFTEST
    )
    source = """
        import anyio, pytest

        @pytest.fixture(scope="module", params=["asyncio", "trio"])
        def anyio_backend(request):
            return request.param

        @pytest.fixture(scope="module")
        async def started():
            return anyio.current_time()

        @pytest.mark.anyio
        @pytest.mark.parametrize("number", range(2))
        async def test_a_wait(started, clock, number):
            before = anyio.current_time()
            assert before >= started
            await anyio.sleep(3600)
            assert 3600 <= clock.elapsed < 3600.001
            assert anyio.current_time() - before == pytest.approx(3600)

        @pytest.mark.anyio
        async def test_in_real_time(started):
            assert anyio.current_time() >= started
            await anyio.sleep(0.001)
    """
    run(suite, source, "-p", "anyio").assert_outcomes(passed=6)


@pytest.mark.skipif(not importlib.util.find_spec("pytest_trio"), reason="needs pytest-trio")
@pytest.mark.parametrize("mode", ["", "trio_mode = true"])
def test_runs_of_pytest_trio_wait_in_virtual_time(suite: pytest.Pytester, mode: str) -> None:
    suite.makeini(f"[pytest]\n{mode}\n")
    source = """
        import trio, pytest

        @pytest.mark.trio
        async def test_a_wait(clock):
            with trio.move_on_after(30):
                await trio.sleep_forever()
            await trio.sleep(600)
            assert clock.elapsed == 630
    """
    run(suite, source, "-p", "trio").assert_outcomes(passed=1)


def test_an_interrupt_leaves_nothing_behind(suite: pytest.Pytester) -> None:
    source = """
        import _thread, threading, time, asyncio

        def test_that_is_interrupted(clock):
            threading.Timer(3600, _thread.interrupt_main).start()
            time.sleep(7200)
    """
    suite.makeconftest(
        CONFTEST
        + """
import signal
signal.signal(signal.SIGINT, signal.default_int_handler)  # where a shell has it ignored

def pytest_unconfigure():
    import time, threading
    print("left:", time.sleep.__module__, threading.Thread.start.__module__)
"""
    )
    result = run(suite, source, "-s")
    assert result.ret == pytest.ExitCode.INTERRUPTED
    result.stdout.fnmatch_lines(["left: time threading"])

"""A platform that hangs takes no thread from another, nor from whoever asked."""

import threading

import pytest
from django.db import connection

from config.services.processes import until
from inbox.models import Channel
from inbox.running import bulkheads
from tests.factories import NOON, SECOND, make_channel

SOON = 20  # seconds at most


class Work:
    """What is done for a platform: it says so, and hangs where told to."""

    __name__ = "work"

    def __init__(self, *hanging: str) -> None:
        self.begun: list[tuple[str, object]] = []
        self.hanging, self.release, self.asked = hanging, threading.Event(), threading.Semaphore(0)

    def __call__(self, *, now, platform):
        self.begun.append((platform, now))
        self.asked.release()
        if platform in self.hanging:
            self.release.wait(SOON)


def join(*threads):
    for thread in threads:
        thread.join(SOON)
        assert not thread.is_alive()


class TestByPlatform:
    def test_each_platform_gets_its_work_and_nobody_waits(self):
        work = Work("facebook")

        facebook, linkedin = bulkheads.by_platform(["facebook", "linkedin"], work, now=NOON)
        join(linkedin)

        assert facebook.is_alive()
        work.release.set()
        join(facebook)
        assert sorted(work.begun) == [("facebook", NOON), ("linkedin", NOON)]

    def test_what_still_runs_is_not_begun_again_and_what_ended_is(self):
        work = Work("facebook")
        [first] = bulkheads.by_platform(["facebook"], work, now=NOON)
        assert work.asked.acquire(timeout=SOON)

        assert bulkheads.by_platform(["facebook"], work, now=NOON) == []
        work.release.set()
        join(first)
        [second] = bulkheads.by_platform(["facebook"], work, now=NOON)
        join(second)
        assert len(work.begun) == 2

    def test_another_kind_of_work_has_a_lane_of_its_own(self):
        work, other = Work("facebook"), Work()
        other.__name__ = "other"
        [first] = bulkheads.by_platform(["facebook"], work, now=NOON)

        join(*bulkheads.by_platform(["facebook"], other, now=NOON))

        assert other.begun
        work.release.set()
        join(first)

    def test_a_fault_is_logged_and_frees_the_lane(self, caplog):
        def broken(*, now, platform):
            raise ZeroDivisionError

        join(*bulkheads.by_platform(["facebook"], broken, now=NOON))

        assert "ZeroDivisionError" in caplog.text
        [again] = bulkheads.by_platform(["facebook"], broken, now=NOON)
        join(again)

    @pytest.mark.django_db(transaction=True)
    def test_a_thread_leaves_no_connection_behind(self):
        make_channel()
        before = connections()

        def count(*, now, platform):
            assert Channel.objects.filter(platform=platform).count() == 1

        join(*bulkheads.by_platform(["facebook"], count, now=NOON))

        assert until(lambda: connections() == before, SOON)  # PostgreSQL takes a moment to let it go


class TestAlone:
    def test_it_runs_beside_whoever_asked_and_not_twice_at_once(self):
        release, begun = threading.Event(), []

        def work(*, now):
            begun.append(now)
            release.wait(SOON)

        first = bulkheads.alone(work, now=NOON)
        assert bulkheads.alone(work, now=NOON) is None
        release.set()
        join(first)
        join(bulkheads.alone(work, now=NOON + SECOND))

        assert begun == [NOON, NOON + SECOND]


class TestALane:
    @pytest.mark.django_db(transaction=True)
    def test_threads_are_used_again_and_end_with_the_lane(self):
        before = connections()
        done, turn = [], threading.Semaphore(0)

        def work(number: int) -> None:
            Channel.objects.count()
            done.append((number, threading.get_ident()))
            turn.release()

        lane = bulkheads.Lane("test", work)
        for number in range(5):
            lane.put(number)
            assert turn.acquire(timeout=SOON)
        lane.close()

        assert [number for number, _thread in done] == list(range(5))
        assert len({thread for _number, thread in done}) < 5
        assert until(lambda: connections() == before, SOON)  # PostgreSQL takes a moment to let it go

    def test_as_many_run_at_once_as_are_put(self):
        together = threading.Barrier(3)
        lane = bulkheads.Lane("test", lambda number: together.wait(SOON) and None)
        for number in range(3):
            lane.put(number)
        lane.close()

        assert not together.broken

    def test_an_idle_thread_ends_and_the_next_one_is_begun(self, monkeypatch):
        monkeypatch.setattr(bulkheads, "IDLE", 0.01)
        done: list[threading.Thread] = []
        lane = bulkheads.Lane("test", lambda number: done.append(threading.current_thread()))
        for number in range(3):
            lane.put(number)
            while len(done) <= number:
                pass
            done[number].join(SOON)
        lane.close()

        assert len(set(done)) == 3


def connections() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()")
        return cursor.fetchone()[0]

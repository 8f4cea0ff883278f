from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from responses.measuring.histogram import Duration, Histogram

MINUTES = st.lists(st.integers(0, 50), max_size=30)


@pytest.mark.parametrize(("count", "rank"), [(1, 1), (2, 1), (3, 2), (10, 5), (11, 6)])
def test_the_median_is_the_nearest_rank(count, rank):
    assert Histogram(Counter(range(1, count + 1))).percentile(50) == Duration(rank)


@pytest.mark.parametrize(("count", "rank"), [(1, 1), (9, 9), (10, 9), (11, 10), (70, 63), (100, 90)])
def test_the_90th_percentile_is_the_nearest_rank(count, rank):
    assert Histogram(Counter(range(1, count + 1))).percentile(90) == Duration(rank)


def test_nobody_has_no_percentile():
    assert Histogram().percentile(50) is None


@given(MINUTES, MINUTES, st.lists(st.integers(0, 100), min_size=30, max_size=30), st.sampled_from([50, 90]))
def test_however_long_the_unanswered_still_wait_the_figure_told_was_true(answered, waiting, more, percent):
    told = Histogram(Counter(answered), Counter(waiting)).percentile(percent)
    in_the_end = [so_far + extra for so_far, extra in zip(waiting, more, strict=False)]
    true = Histogram(Counter(answered + in_the_end)).percentile(percent)

    if told is None:
        assert true is None
    elif told.at_least:
        assert true.minutes >= told.minutes
    else:
        assert true.minutes == told.minutes

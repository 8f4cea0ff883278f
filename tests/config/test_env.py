import pytest
from django.core.exceptions import ImproperlyConfigured

from config import env


@pytest.fixture(autouse=True)
def nothing_is_left_over():
    yield
    env._problems.clear()


def test_every_problem_is_named_at_once(monkeypatch):
    monkeypatch.setenv("A_FLAG", "maybe")
    monkeypatch.setenv("A_NUMBER", "ten")
    monkeypatch.setenv("AN_ADDRESS", "ftp://example.com")
    monkeypatch.setenv("A_SECRET", "short")
    monkeypatch.delenv("A_TEXT", raising=False)

    env.flag("A_FLAG")
    env.integer("A_NUMBER", "1", at_least=0)
    env.url("AN_ADDRESS")
    env.secret("A_SECRET", at_least=20)
    env.text("A_TEXT")

    with pytest.raises(ImproperlyConfigured) as raised:
        env.check()
    for name in ("A_FLAG", "A_NUMBER", "AN_ADDRESS", "A_SECRET", "A_TEXT"):
        assert name in str(raised.value)


def test_a_secret_is_never_shown_in_a_message(monkeypatch):
    monkeypatch.setenv("A_SECRET", "hunter2")

    env.secret("A_SECRET", at_least=20)

    with pytest.raises(ImproperlyConfigured) as raised:
        env.check()
    assert "hunter2" not in str(raised.value)


def test_a_list_keeps_the_order_and_drops_what_is_empty(monkeypatch):
    monkeypatch.setenv("SECRETS", " new , old ,, ")

    assert env.many("SECRETS") == ["new", "old"]


def test_a_list_of_nothing_is_an_empty_one(monkeypatch):
    monkeypatch.setenv("SECRETS", " , ,")

    assert env.many("SECRETS", "default") == ["default"]


def test_an_empty_value_is_a_missing_one(monkeypatch):
    monkeypatch.setenv("A_TEXT", "  ")

    assert env.text("A_TEXT", "default") == "default"


def test_no_problem_no_complaint(monkeypatch):
    monkeypatch.setenv("AN_ADDRESS", "https://example.com/")

    assert env.url("AN_ADDRESS") == "https://example.com"
    env.check()

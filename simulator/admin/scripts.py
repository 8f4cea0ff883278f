"""A script performed by the simulator itself, in the background: POST begins one, GET tells how far it is, DELETE stops it."""

import threading

from django.http import HttpRequest, HttpResponse

from simulator.admin.asked import Answer, asked
from simulator.client import Simulator
from simulator.traffic import script
from simulator.wire import Json


class Performance(threading.Thread):
    """It asks over HTTP as anybody would, so that what a step does is what a call does."""

    def __init__(self, url: str, steps: list[script.Step], speed: float) -> None:
        super().__init__(name="script", daemon=True)
        self.url, self.steps, self.speed = url, steps, speed
        self.log: list[Json] = []
        self.stopping = False

    def run(self) -> None:
        for told in script.perform(Simulator(self.url), self.steps, speed=self.speed):
            self.log.append(told)
            if self.stopping:
                break

    def shown(self) -> Json:
        refused = sum("refused" in told for told in self.log)
        return {"running": self.is_alive(), "steps": len(self.steps), "refused": refused, "log": list(self.log)}


_running: list[Performance] = []


def perform(request: HttpRequest) -> HttpResponse:
    return asked(lambda given: _answer(given, f"http://{request.get_host()}"))(request)


perform.csrf_exempt = True  # type: ignore[attr-defined]


def _answer(given: Json, url: str) -> Answer:
    if given.get("delete"):
        for performance in _running:
            performance.stopping = True
    elif "steps" in given or "seed" in given:
        steps = given.get("steps") or script.made_from(int(given["seed"]), pages=given.get("pages"))
        _begin(url, steps, float(given.get("speed", 1)))
    return _running[-1].shown() if _running else {"running": False, "steps": 0, "refused": 0, "log": []}


def _begin(url: str, steps: list[script.Step], speed: float) -> None:
    if any("do" not in step for step in steps):
        raise ValueError("each step says what to do")
    if any(performance.is_alive() for performance in _running):
        raise ValueError("a script is being performed; stop it first")
    _running[:] = [Performance(url, steps, speed)]
    _running[0].start()

"""A client of /_sim/, for tests and commands. Needs nothing of the simulator but its address."""

from simulator.client.asking import Json, SimulatorError
from simulator.client.content import Content
from simulator.client.knobs import Knobs
from simulator.client.meta import Meta
from simulator.client.watching import Watching

__all__ = ["Json", "Simulator", "SimulatorError"]


class Simulator(Content, Watching, Knobs, Meta):
    """Simulator("http://127.0.0.1:8100")."""

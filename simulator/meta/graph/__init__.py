"""Graph: calls, nodes, lists, refusals. What a platform does is in its own file."""

from simulator.meta.graph.call import Call, Handler, Routes, needs
from simulator.meta.graph.errors import GraphError
from simulator.meta.graph.paging import paged

__all__ = ["Call", "GraphError", "Handler", "Routes", "needs", "paged"]

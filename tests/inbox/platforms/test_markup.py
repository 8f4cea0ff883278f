import pytest
from hypothesis import given
from hypothesis import strategies as st

from inbox.platforms.markup import plain
from tests.inbox.platforms.contract import fuzz


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("", ""),
        ("Bonjour", "Bonjour"),
        ("<p>Très utile&nbsp;!</p>\n", "Très utile\xa0!"),
        ("<p>un<br>deux<br/>trois</p><p>quatre</p>", "un\ndeux\ntrois\n\nquatre"),
        ("un\ndeux", "un\ndeux"),
        ("<ul><li>un</li><li>deux</li></ul>", "un\n\ndeux"),
        ("5 &lt; 6 &amp; 7 &gt; 6 &#8217; &hellip;", "5 < 6 & 7 > 6 ’ …"),
        ("&lt;script&gt;alert(1)&lt;/script&gt;", "<script>alert(1)</script>"),
        ("a<script>alert(1)</script>b<style>p{}</style>c", "abc"),
        ("<img src=x onerror=alert(1)>", ""),
        ('Bravo <img class="emoji" alt="👍" src="https://s.example/1f44d.png">', "Bravo 👍"),
        ('<a href="https://example.com/a">ici</a>', "ici (https://example.com/a)"),
        ('<a href="https://example.com/">https://example.com</a>', "https://example.com"),
        ('<a href="https://example.com/"></a>', "https://example.com/"),
        ('<a href="javascript:alert(1)">ici</a>', "ici"),
        ('<a href="/ici">ici</a>', "ici"),
        ("<p>jamais fermé <b>gras", "jamais fermé gras"),
        ("</p></a></script>rien", "rien"),
        ("j'ai <3 ça", "j'ai <3 ça"),
        ("<!-- caché -->vu", "vu"),
        ("<p>  espaces  </p>", "espaces"),
        ("<p>un</p>\n\n\n\n<p>deux</p>", "un\n\ndeux"),
    ],
)
def test_what_a_reader_sees(html, expected):
    assert plain(html) == expected


@fuzz
@given(st.text(alphabet=st.sampled_from("<>/!-&;a\"'= \n#x[]")))
def test_nothing_breaks_it(html):
    assert isinstance(plain(html), str)


def test_a_deep_page_is_read_to_its_end():
    assert plain("<div>" * 5000 + "fond") == "fond"

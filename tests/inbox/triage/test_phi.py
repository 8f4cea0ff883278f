"""The numbers here are nobody's: made up, or test vectors."""

import pytest

from inbox.triage import phi


def found(finder, text):
    return [text[start:end] for start, end in finder(text)]


@pytest.mark.parametrize("number", ["TEST54122816", "QUIB85031292", "ZORM62531492"])
def test_a_right_check_digit_of_a_health_number_is_known(number):
    assert phi.ramq_digit_right(number)


def test_a_wrong_check_digit_is_known():
    assert not phi.ramq_digit_right("QUIB85031293")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("TEST54122816", "TEST54122816"),
        ("test 5412 2816", "test 5412 2816"),
        ("TEST-5412-2816", "TEST-5412-2816"),
        ("c'est ZORM 6253 1492 merci", "ZORM 6253 1492"),  # a woman: the month has 50 more
        ("QUIB85031293", "QUIB85031293"),  # the check digit is wrong, and it is still somebody's
        ("QUIB85131292", ""),  # no month 13
        ("carte soleil QUIB85131292", "QUIB85131292"),
        ("QUIB00022999", "QUIB00022999"),  # 29 February 2000, if not 1900
        ("QUIB01022999", ""),  # neither year has that day
        ("XTEST54122816", ""),
        ("TEST541228169", ""),
        ("TÉST54122816", ""),
        ("Ma RAMQ couvre-tu ça à 62 ans?", ""),
        ("9876 543 217 KL", "9876 543 217 KL"),  # Ontario, with its version
        ("9876 543 217", ""),
        ("my health card is 9876 543 217", "9876 543 217"),
        ("health card 1876 543 219", ""),
    ],
)
def test_health_numbers(text, expected):
    assert found(phi.health_numbers, text) == ([expected] if expected else [])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("222 222 226", "222 222 226"),
        ("222222226", "222222226"),
        ("222-222-227", ""),
        ("NAS 222-222-227", "222-222-227"),
        ("046 454 286", ""),  # begins with 0: not handed out
        ("NAS: 046 454 286", "046 454 286"),
        ("1222222226", ""),
    ],
)
def test_social_insurance_numbers(text, expected):
    assert found(phi.social_insurance_numbers, text) == ([expected] if expected else [])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("rx 6452187", "6452187"),
        ("Rx #7719034", "7719034"),
        ("ordonnance no 123456", "123456"),
        ("ordonnance 12345", ""),
        ("ordonnance 123456789", ""),
        ("commande 6452187", ""),
    ],
)
def test_prescription_numbers_need_a_cue(text, expected):
    assert found(phi.prescription_numbers, text) == ([expected] if expected else [])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("née le 14 mars 1962", "14 mars 1962"),
        ("DDN 1948-11-02", "1948-11-02"),
        ("born March 14, 1962", "March 14, 1962"),
        ("ouvert le 14 mars 2026", ""),
        ("journée du 14 mars 2026", ""),
    ],
)
def test_a_date_is_a_birth_date_only_with_a_cue(text, expected):
    assert found(phi.birth_dates, text) == ([expected] if expected else [])


@pytest.mark.parametrize(
    ("finder", "text", "expected"),
    [
        (phi.phones, "au (438) 555-0123 svp", ["(438) 555-0123"]),
        (phi.phones, "DIN 02241234 et 811", []),
        (phi.emails, "mado.fictive@example.com", ["mado.fictive@example.com"]),
        (phi.emails, "mado arobase exemple point com", ["mado arobase exemple point com"]),
        (phi.postal_codes, "H2X 0Z9", ["H2X 0Z9"]),
        (phi.postal_codes, "h2x0z9", ["h2x0z9"]),
        (phi.postal_codes, "H2X", []),
        (phi.postal_codes, "D2X 0Z9", []),
        (phi.addresses, "1450 rue Imaginaire", ["1450 rue Imaginaire"]),
        (phi.addresses, "12, rue du Quai", ["12, rue du"]),
        (phi.addresses, "12 Sample Street", ["12 Sample Street"]),
        (phi.addresses, "dans la rue", []),
        (phi.record_numbers, "dossier 88213", ["88213"]),
        (phi.record_numbers, "dossier 88", []),
        (phi.product_numbers, "DIN 02241234", ["DIN 02241234"]),
    ],
)
def test_other_identifiers(finder, text, expected):
    assert found(finder, text) == expected

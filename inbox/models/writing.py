"""Many rows at once, as the intake writes them: `bulk_create` and `save` with less between a row and PostgreSQL.

Rows go in by COPY, changes as a pipeline of statements, both with the values apart from the text. Neither sends signals.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from operator import attrgetter
from typing import Any

import psycopg
from django.db import connection, models, transaction
from django.db.models.expressions import DatabaseDefault
from psycopg import sql

# What these hold is written as it is. All others say how.
_AS_IT_IS = {
    models.BigAutoField,
    models.BooleanField,
    models.CharField,
    models.DateTimeField,
    models.ForeignKey,
    models.PositiveIntegerField,
    models.PositiveSmallIntegerField,
    models.TextField,
}


def insert(rows: Iterable[models.Model]) -> None:
    """Write new rows of one model, and give them their keys. Errors and transactions: as `bulk_create`."""
    if not (rows := list(rows)):
        return
    model = type(rows[0])
    values = _values(model, tuple(field.name for field in model._meta.local_concrete_fields))
    with transaction.atomic(savepoint=False), _cursor() as cursor:
        for row, (key,) in zip(rows, cursor.execute(_next_keys(model), [len(rows)]), strict=True):
            row.pk = key
        with cursor.copy(_copy(model)) as copy:
            for row in rows:
                copy.write_row(values.of(row))
    for row in rows:
        row._state.adding, row._state.db = False, connection.alias


def update(rows: Iterable[models.Model], names: Sequence[str]) -> None:
    """Write these fields of rows of one model that are there already."""
    if not (rows := list(rows)):
        return
    model, names = type(rows[0]), tuple(names)
    values = _values(model, names)
    with transaction.atomic(savepoint=False), _cursor() as cursor:
        cursor.executemany(_update(model, names), [[*values.of(row), row.pk] for row in rows])


@contextmanager
def _cursor() -> Iterator[psycopg.Cursor[Any]]:
    """One of psycopg's own, within the transaction; its errors are Django's."""
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
        yield cursor


class _Values:
    """What rows hold in these fields, as PostgreSQL is given it."""

    def __init__(self, fields: Sequence[Any]) -> None:
        self._all = attrgetter("pk", *(field.attname for field in fields))  # of one name it would give no tuple
        self._related = [field for field in fields if field.is_relation]
        self._defaulted = [field for field in fields if field.db_default is not models.NOT_PROVIDED]
        self._told = [(place, field) for place, field in enumerate(fields) if type(field) not in _AS_IT_IS]

    def of(self, row: models.Model) -> list[Any]:
        for field in self._related:
            if getattr(row, field.attname) is None and field.is_cached(row) and (other := field.get_cached_value(row)):
                setattr(row, field.attname, other.pk)  # it was given to the row before it had a key
        for field in self._defaulted:
            if isinstance(getattr(row, field.attname), DatabaseDefault):  # nobody said anything
                setattr(row, field.attname, field.db_default)
        _pk, *values = self._all(row)
        for place, field in self._told:
            values[place] = field.get_db_prep_save(values[place], connection)
        return values


@cache
def _values(model: type[models.Model], names: tuple[str, ...]) -> _Values:
    return _Values(_fields(model, names))


@cache
def _next_keys(model: type[models.Model]) -> sql.Composed:
    keys = sql.SQL("SELECT nextval(pg_get_serial_sequence({}, {})) FROM generate_series(1, %s)")
    return keys.format(_table(model).as_string(), _key(model))


@cache
def _copy(model: type[models.Model]) -> sql.Composed:
    columns = [sql.Identifier(str(field.column)) for field in model._meta.local_concrete_fields]
    return sql.SQL("COPY {} ({}) FROM STDIN").format(_table(model), sql.SQL(", ").join(columns))


@cache
def _update(model: type[models.Model], names: tuple[str, ...]) -> sql.Composed:
    columns = [sql.SQL("{} = %s").format(sql.Identifier(field.column)) for field in _fields(model, names)]
    change = sql.SQL("UPDATE {} SET {} WHERE {} = %s")
    return change.format(_table(model), sql.SQL(", ").join(columns), sql.Identifier(_key(model)))


def _table(model: type[models.Model]) -> sql.Identifier:
    return sql.Identifier(model._meta.db_table)


def _key(model: type[models.Model]) -> str:
    return str(model._meta.pk.column)


def _fields(model: type[models.Model], names: Iterable[str]) -> list[Any]:
    return [model._meta.get_field(name) for name in names]

"""The table of roles and permissions, as docs/access.md shows it."""

from accounts.access import Permission, Role, permissions_of


def markdown() -> str:
    head = ["Permission", *(role.value for role in Role)]
    lines = [_line(head), _line(["---", *(":-:" for _role in Role)])]
    lines += [_line([f"`{one}`", *("yes" if one in permissions_of(role) else "" for role in Role)]) for one in Permission]
    return "\n".join(lines)


def _line(cells: list[str]) -> str:
    return "| " + " | ".join(cells) + " |"

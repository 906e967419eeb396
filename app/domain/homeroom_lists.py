"""Lists of homeroom teachers 班主任名单: who leads which class, and what one list changes in another."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from app.domain.text import N_
from app.domain.vocabulary import Role


class Post(StrEnum):
    """In which post somebody stands on a list: as the category of a service."""

    FULL = "full"
    ASSISTANT = "assistant"


POST_ROLES: Mapping[Post, Role] = {
    Post.FULL: Role.HOMEROOM_TEACHER,
    Post.ASSISTANT: Role.ASSISTANT_HOMEROOM_TEACHER,
}


@dataclass(frozen=True)
class ClassPosts:
    """A class with who leads it and who assists; nobody leads it yet where it is only planned."""

    class_name: str
    teacher_id: int | None
    assistant_ids: tuple[int, ...] = ()


@dataclass(frozen=True)
class Line:
    """A class with its homeroom teacher, or with an assistant: how lists are kept."""

    class_name: str
    person_id: int
    post: Post


def lines_of(classes: Iterable[ClassPosts]) -> list[Line]:
    """Return the lines of classes, each class's homeroom teacher before its assistants."""
    return [
        Line(one.class_name, person_id, post)
        for one in classes
        for post, people in ((Post.FULL, [one.teacher_id]), (Post.ASSISTANT, one.assistant_ids))
        for person_id in people
        if person_id is not None
    ]


def classes_of(lines: Iterable[Line]) -> list[ClassPosts]:
    """Return the classes of lines, in the order in which they come."""
    found: dict[str, ClassPosts] = {}
    for line in lines:
        known = found.get(line.class_name, ClassPosts(line.class_name, None))
        if line.post == Post.FULL:
            found[line.class_name] = replace(known, teacher_id=line.person_id)
        else:
            found[line.class_name] = replace(known, assistant_ids=(*known.assistant_ids, line.person_id))
    return list(found.values())


class ChangeKind(StrEnum):
    """What becomes of somebody in a post."""

    STAYS = "stays"
    MOVES = "moves"
    BEGINS = "begins"
    ENDS = "ends"


CHANGE_TITLES: Mapping[ChangeKind, str] = {
    ChangeKind.BEGINS: N_("新任"),
    ChangeKind.ENDS: N_("不再担任"),
    ChangeKind.MOVES: N_("升班、换班"),
    ChangeKind.STAYS: N_("不变"),
}


@dataclass(frozen=True)
class Change:
    """What becomes of a person in a post: which classes before, which after."""

    kind: ChangeKind
    person_id: int
    post: Post
    before: tuple[str, ...]
    after: tuple[str, ...]


def compare(before: Collection[Line], after: Collection[Line]) -> list[Change]:
    """Return what becomes of everybody in each post: first who begins, then who ends, who moves, who stays."""
    old, new = _classes(before), _classes(after)
    changes = [
        Change(_kind_of(old.get(key, ()), new.get(key, ())), *key, old.get(key, ()), new.get(key, ()))
        for key in {**new, **old}
    ]
    order = list(CHANGE_TITLES)
    return sorted(changes, key=lambda change: order.index(change.kind))


def _kind_of(before: tuple[str, ...], after: tuple[str, ...]) -> ChangeKind:
    if not before:
        return ChangeKind.BEGINS
    if not after:
        return ChangeKind.ENDS
    return ChangeKind.STAYS if set(before) == set(after) else ChangeKind.MOVES


def _classes(lines: Iterable[Line]) -> dict[tuple[int, Post], tuple[str, ...]]:
    """Return the classes of everybody in each post."""
    found: dict[tuple[int, Post], tuple[str, ...]] = {}
    for line in lines:
        key = (line.person_id, line.post)
        found[key] = (*found.get(key, ()), line.class_name)
    return found

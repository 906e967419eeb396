"""A process of its own that answers for some members of a roll: database, case, people; prints how many it did."""

import sys

from sqlalchemy import select
from sqlalchemy.orm import Session

import app.db  # noqa: F401 - registers the tables
from app.db.engine import connect
from app.db.work import WorkItem
from app.services import completions
from app.services.accounts.actors import load_actor
from app.services.completions import Completion


def main(url: str, instance: str, *people: str) -> None:
    done = 0
    with Session(connect(url)) as session:
        for person_id in map(int, people):
            found = WorkItem.instance_id == int(instance), WorkItem.assignee_id == person_id
            item = session.scalars(select(WorkItem).where(*found)).one()
            asked = item.id, Completion(item.revision, "agree")
            completions.complete(session, load_actor(session, person_id), *asked)
            done += 1
    sys.stdout.write(str(done))


if __name__ == "__main__":
    main(*sys.argv[1:])

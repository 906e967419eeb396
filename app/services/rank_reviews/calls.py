"""The call of a review: every homeroom teacher of the school is told once that one may apply."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from app.db.rank_reviews import RankReview
from app.domain import clock
from app.domain.text import N_
from app.services.homeroom.electorates import electorate
from app.services.rank_reviews import reviews
from app.services.telling.notifications import News, tell
from app.services.texts import day

WORDS = N_("%(title)s开始申报，到%(until)s截止。够得上哪一档、还差什么，在“档案”里看；申报请在“发起”里打开“职级申报”。")


def call(session: Session, payload: Mapping[str, Any]) -> None:
    """Tell the homeroom teachers of a school that its review takes applications."""
    held = session.get_one(RankReview, payload["review"])
    words = WORDS % {"title": reviews.title_of(held), "until": day(reviews.day_of(held, "apply_until"))}
    people = [line.person_id for line in electorate(session, held.organization_id, clock.today())]
    tell(session, people, News(words))

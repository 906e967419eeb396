"""The one link of a notification: the same in the inbox, in a mail, and later in a messenger."""

from app.db.work import Notification


def path_of(one: Notification) -> str:
    """Return the path of what a notification is about, from the root of the site."""
    if one.link is not None:
        return one.link
    if one.comment_id is not None:
        return f"/cases/{one.instance_id}#comment-{one.comment_id}"
    if one.work_item_id is not None:
        return f"/tasks/{one.work_item_id}"
    return f"/cases/{one.instance_id}" if one.instance_id is not None else "/notifications"

"""What each person finds of a school's round at each of its stages: the expectations of the walk."""

from collections.abc import Mapping
from typing import NamedTuple


class Look(NamedTuple):
    """What a person finds of the round after signing in.

    The tasks in the inbox, whose applications the round's page lists and as what, which pages open, and which of those
    that are seen are refused; whatever is named nowhere is not found.
    """

    tasks: str = ""
    applications: str = ""
    opens: str = ""
    refused: str = "dates"


# The applications as those see them who see all.
SUBMITTED = "host 主持人 待审核; rival 主持人 待审核; candidate 主持人 待审核; member 成员 待审核"
ACCEPTED = "host 主持人 已受理; rival 主持人 已受理; candidate 主持人 已受理; member 成员 已受理"
# Who may follow stands on the decision sheet alone.
POSTED = "host 主持人 拟聘; rival 主持人 已受理; candidate 主持人 已受理; member 成员 拟聘"
ENDED = "host 主持人 已聘任; rival 主持人 未入选; candidate 主持人 未入选; member 成员 已聘任"
NOTHING = Look(refused="")

EXPECTED: Mapping[str, Mapping[str, Look]] = {
    "applying": {
        "host rival member voter group candidate scrutineer supervision teacher deputy finance": Look("", "", "round"),
        "office": Look("", "", "round dates case", refused=""),
        "other_office other_principal": NOTHING,
        "district_clerk city_clerk leader admin": Look("", "", "round case"),
    },
    "checking": {
        "host": Look("", "host 主持人 待审核", "round host's"),
        "rival": Look("", "rival 主持人 待审核", "round rival's"),
        "member": Look("", "member 成员 待审核", "round"),
        "voter scrutineer supervision teacher finance": Look("", "", "round"),
        "group candidate deputy": Look("", SUBMITTED, "round"),
        "office": Look("check_application", SUBMITTED, "round dates case host's rival's", refused=""),
        "other_office other_principal": NOTHING,
        "district_clerk city_clerk leader": Look("", SUBMITTED, "round case host's rival's"),
        "admin": Look("", "", "round case host's rival's"),
    },
    "reviewing": {
        "host": Look("", "host 主持人 已受理", "round host's"),
        "rival": Look("", "rival 主持人 已受理", "round rival's"),
        "member": Look("", "member 成员 已受理", "round"),
        "voter scrutineer supervision teacher finance": Look("", "", "round"),
        "group candidate leader deputy": Look("score_candidates", ACCEPTED, "round case host's rival's scores"),
        "office": Look("", ACCEPTED, "round dates case host's rival's scores", refused=""),
        "other_office other_principal": NOTHING,
        "district_clerk city_clerk": Look("", ACCEPTED, "round case host's rival's"),
        "admin": Look("", "", "round case host's rival's"),
    },
    "voting": {
        "host": Look("vote", "host 主持人 已受理", "round case host's ballot"),
        "rival": Look("vote", "rival 主持人 已受理", "round case rival's ballot"),
        "member": Look("vote", "member 成员 已受理", "round case ballot"),
        "voter": Look("vote", "", "round case ballot"),
        "group leader deputy": Look("", ACCEPTED, "round case host's rival's scores ballot"),
        "candidate": Look("vote", ACCEPTED, "round case host's rival's scores ballot"),
        "scrutineer": Look("", "", "round case ballot"),
        "supervision teacher finance": Look("", "", "round"),
        "office": Look("", ACCEPTED, "round dates case host's rival's scores ballot", refused=""),
        "other_office other_principal": NOTHING,
        "district_clerk city_clerk": Look("", ACCEPTED, "round case host's rival's ballot"),
        "admin": Look("", "", "round case host's rival's ballot"),
    },
    "counting": {
        "host": Look("", "host 主持人 已受理", "round case host's ballot"),
        "rival": Look("", "rival 主持人 已受理", "round case rival's ballot"),
        "member": Look("", "member 成员 已受理", "round case ballot"),
        "voter": Look("", "", "round case ballot"),
        "group candidate leader deputy": Look("", ACCEPTED, "round case host's rival's scores ballot"),
        "scrutineer": Look("vote", "", "round case ballot"),
        "supervision teacher finance": Look("", "", "round"),
        "office": Look("", ACCEPTED, "round case host's rival's scores ballot", refused=""),
        "other_office other_principal": NOTHING,
        "district_clerk city_clerk": Look("", ACCEPTED, "round case host's rival's ballot"),
        "admin": Look("", "", "round case host's rival's ballot"),
    },
    "deciding": {
        "host": Look("", "host 主持人 已受理", "round case host's ballot"),
        "rival": Look("", "rival 主持人 已受理", "round case rival's ballot"),
        "member": Look("", "member 成员 已受理", "round case ballot"),
        "voter scrutineer": Look("", "", "round case ballot"),
        "group deputy": Look("", ACCEPTED, "round case host's rival's scores ballot decision"),
        "candidate": Look("", ACCEPTED, "round case host's rival's scores ballot"),
        "supervision teacher finance": Look("", "", "round ballot"),
        "office": Look("", ACCEPTED, "round case host's rival's scores ballot decision", refused=""),
        "other_office other_principal": NOTHING,
        "district_clerk city_clerk": Look("", ACCEPTED, "round case host's rival's ballot decision"),
        "leader": Look("determine_hosts", ACCEPTED, "round case host's rival's scores ballot decision"),
        "admin": Look("", "", "round case host's rival's ballot"),
    },
    "noticing": {
        "host": Look("", "host 主持人 拟聘", "round case host's ballot notice"),
        "rival": Look("", "rival 主持人 已受理", "round case rival's ballot notice"),
        "member": Look("", "member 成员 拟聘", "round case ballot notice"),
        "voter scrutineer": Look("", "", "round case ballot notice"),
        "group leader deputy": Look("", POSTED, "round case host's rival's scores ballot decision notice"),
        "candidate": Look("", POSTED, "round case host's rival's scores ballot notice"),
        "supervision": Look("receive_objection", "", "round ballot notice objection inquiry"),
        "office": Look("", POSTED, "round case host's rival's scores ballot decision notice", refused=""),
        "other_office other_principal": NOTHING,
        "district_clerk city_clerk": Look("", POSTED, "round case host's rival's ballot decision notice"),
        "teacher": Look("", "", "round ballot notice objection"),
        "finance": Look("", "", "round ballot notice"),
        "admin": Look("", "", "round case host's rival's ballot notice"),
    },
    "appointing": {
        "host": Look("accept_appointment", "host 主持人 拟聘", "round case host's ballot notice inquiry"),
        "rival": Look("", "rival 主持人 已受理", "round case rival's ballot notice"),
        "member": Look("accept_appointment", "member 成员 拟聘", "round case ballot notice"),
        "voter scrutineer": Look("", "", "round case ballot notice"),
        "group leader deputy": Look("", POSTED, "round case host's rival's scores ballot decision notice inquiry"),
        "candidate": Look("", POSTED, "round case host's rival's scores ballot notice inquiry"),
        "supervision": Look("", "", "round ballot notice objection inquiry"),
        "office": Look("", POSTED, "round case host's rival's scores ballot decision notice", refused=""),
        "other_office other_principal": NOTHING,
        "district_clerk city_clerk": Look("", POSTED, "round case host's rival's ballot decision notice"),
        "teacher": Look("", "", "round ballot notice objection"),
        "finance": Look("", "", "round ballot notice"),
        "admin": Look("", "", "round case host's rival's ballot notice"),
    },
    "ended": {
        "host": Look("", "host 主持人 已聘任", "round case host's ballot notice inquiry"),
        "rival": Look("", "rival 主持人 未入选", "round case rival's ballot notice"),
        "member": Look("", "member 成员 已聘任", "round case ballot notice"),
        "voter scrutineer": Look("", "", "round case ballot notice"),
        "group leader deputy": Look("", ENDED, "round case host's rival's scores ballot decision notice inquiry"),
        "candidate": Look("", ENDED, "round case host's rival's scores ballot notice inquiry"),
        "supervision": Look("", "", "round ballot notice objection inquiry"),
        "office": Look("", ENDED, "round case host's rival's scores ballot decision notice"),
        "other_office other_principal": NOTHING,
        "district_clerk city_clerk": Look("", ENDED, "round case host's rival's ballot decision notice"),
        "teacher": Look("", "", "round ballot notice objection"),
        "finance": Look("", "", "round ballot notice"),
        "admin": Look("", "", "round case host's rival's ballot notice"),
    },
}

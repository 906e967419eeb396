"""What the diagram names exists: forms, roles, operations, other elements, called processes, rules."""

from collections.abc import Iterator

from app.domain.text import N_
from app.domain.vocabulary import STUDIO_ROLES, Verdict
from app.engine.checks.facts import Facts
from app.engine.model import INITIATOR, PERSON, ServiceTask, StartEvent, UserTask
from app.engine.operations import OPERATIONS
from app.engine.problems import Problem

ORGANIZATIONS = ("own", "parent", "studio", "round")


def check_forms(facts: Facts) -> Iterator[Problem]:
    """Find forms that are named but not there, and forms that nobody names."""
    named = set()
    askers: tuple[StartEvent | UserTask, ...] = (*facts.model.of_kind(StartEvent), *facts.user_tasks())
    for element in askers:
        named.add(element.form)
        if element.form and element.form not in facts.package.forms:
            yield facts.problem(
                element.id, "form", N_("没有表单“%(name)s”，请添上文件或者改正名称。"), name=element.form
            )
    if facts.model.start.roles and not facts.model.start.form:
        yield facts.problem(facts.model.start.id, "form", N_("开始事件要有表单，请填写 shenpi:form。"))
    for name in facts.package.forms.keys() - named:
        yield facts.problem("", "form", N_("表单“%(name)s”没有环节用到，请删去或者用上。"), name=name)


def check_roles(facts: Facts) -> Iterator[Problem]:
    """Find roles and organisations that do not exist."""
    # Without roles nobody starts it by hand: others call it, or it begins by itself.
    is_scheduled = facts.package.manifest.schedule is not None
    if facts.model.start.form and not facts.model.start.roles and not is_scheduled:
        yield facts.problem(facts.model.start.id, "role", N_("请写明谁可以发起：shenpi:roles。"))
    for task in facts.user_tasks():
        if not task.role:
            yield facts.problem(task.id, "role", N_("请写明由谁办理：shenpi:role。"))
    for name, role, of in _role_uses(facts):
        if role not in facts.registry.roles and role not in {INITIATOR, PERSON}:
            yield facts.problem(name, "role", N_("没有角色“%(role)s”，请改成已有的角色。"), role=role)
        elif of not in ORGANIZATIONS:
            yield facts.problem(name, "role", N_("shenpi:of 只能是 own、parent、studio 或者 round。"))
        elif role in STUDIO_ROLES and of != "studio":
            yield facts.problem(name, "role", N_('工作室的角色要写 shenpi:of="studio"。'))


def _role_uses(facts: Facts) -> Iterator[tuple[str, str, str]]:
    for start in facts.model.of_kind(StartEvent):
        yield from ((start.id, role, start.of) for role in start.roles)
    yield from ((task.id, task.role, task.of) for task in facts.user_tasks() if task.role)


def check_named(facts: Facts) -> Iterator[Problem]:
    """Find tasks of one person whom nothing names, and names that nobody is asked by."""
    for task in facts.user_tasks():
        if task.is_person != bool(task.person):
            words = N_(
                '由一个指定的人办理的，写 shenpi:role="person" 和 shenpi:person（得出那个人编号的算式）；别的都不写。'
            )
            yield facts.problem(task.id, "role", words)


def check_operations(facts: Facts) -> Iterator[Problem]:
    """Find parameters that an operation needs and does not get, and elements that it looks up and that are not there."""
    for task in facts.model.of_kind(ServiceTask):
        signature = OPERATIONS.get(task.operation)
        for name in signature.reads if signature else ():
            if name not in facts.model.elements:
                message = N_("这项操作要看编号为“%(name)s”的环节办得怎样，请把那个环节的编号改回“%(name)s”。")
                yield facts.problem(task.id, "operation", message, name=name)
        for name in sorted(set(signature.params) - signature.optional - set(task.params)) if signature else ():
            yield facts.problem(task.id, "operation", N_("这项操作要有参数“%(name)s”，请添上。"), name=name)


def check_links(facts: Facts) -> Iterator[Problem]:
    """Find elements that a user task refers to but that are not there or of another kind."""
    answered = {task.id for task in facts.user_tasks()} | {start.id for start in facts.model.of_kind(StartEvent)}
    operating = {task.id for task in facts.model.of_kind(ServiceTask)}
    for task in facts.user_tasks():
        for name in (*task.distinct_from, *((task.edits,) if task.edits else ())):
            if name not in answered or name == task.id:
                message = N_("“%(name)s”不是另一个用户任务或者开始事件，请改正编号。")
                yield facts.problem(task.id, "link", message, name=name)
        for name in task.signs:
            if name not in answered | operating or name == task.id:
                message = N_("“%(name)s”不是另一个用户任务、服务任务或者开始事件，签不了，请改正编号。")
                yield facts.problem(task.id, "link", message, name=name)
        yield from _edited(facts, task)


def _edited(facts: Facts, task: UserTask) -> Iterator[Problem]:
    edited = facts.model.elements.get(task.edits or "")
    if edited is not None and task.form != getattr(edited, "form", None):
        message = N_("修改“%(name)s”的任务要用同一张表单，请改正 shenpi:form。")
        yield facts.problem(task.id, "link", message, name=edited.id)


def check_verdicts(facts: Facts) -> Iterator[Problem]:
    """Find user tasks without verdicts, with unknown ones, or with a signature that nothing asks for."""
    for task in facts.user_tasks():
        if not task.verdicts or len(set(task.verdicts)) < len(task.verdicts):
            yield facts.problem(task.id, "verdicts", N_("请写明可以怎样答复，不要重复：shenpi:verdicts。"))
        for name in sorted(set(task.verdicts) - set(Verdict)):
            message = N_("没有“%(name)s”这种答复，可以用的有：%(allowed)s。")
            yield facts.problem(task.id, "verdicts", message, name=name, allowed="、".join(Verdict))
        if bool(task.signature) != (Verdict.SIGN in task.verdicts):
            message = N_("答复里有 sign 的，要写签字时的声明 shenpi:signature；没有的，不要写。")
            yield facts.problem(task.id, "verdicts", message)
        if bool(task.signature) != bool(task.signs):
            yield facts.problem(task.id, "verdicts", N_("签字要写明签的是哪些内容：shenpi:signs。"))


def check_clauses(facts: Facts) -> Iterator[Problem]:
    """Find rule parameters that no rule pack has."""
    known = facts.registry.parameters
    if known is None:
        return
    for element in facts.model.elements.values():
        if element.clause and element.clause not in known:
            yield facts.problem(element.id, "rule", N_("没有规则参数“%(name)s”，请改正名称。"), name=element.clause)

"""What a version of one's own may not do: slip out of the rules that a case is pinned to."""

from collections.abc import Iterable, Iterator

from app.domain.text import N_, sentence
from app.domain.vocabulary import STUDIOS
from app.engine.model import ServiceTask
from app.engine.operations import OPERATIONS
from app.engine.package import MANIFEST, ProcessPackage
from app.engine.problems import Problem
from app.engine.reader import read_model

# What is asked of a person, which ranks go by too: no studio's rules alone.
_OF_RANKS = frozenset({"rank", "sanction", "tenure", "filing"})


def check_rules_kept(package: ProcessPackage) -> Iterator[Problem]:
    """Find groups of rules by which its operations judge and which the manifest does not name."""
    model = read_model(package.key, package.diagram_file, package.diagram)
    named = [OPERATIONS[task.operation] for task in model.of_kind(ServiceTask) if task.operation in OPERATIONS]
    wanted = {group for signature in named for group in signature.rules}
    for group in sorted(wanted - set(package.manifest.rules)):
        yield _problem("rules", N_("流程的操作要按“%(name)s”这一组规则办，请写进 rules。"), name=group)
    if wanted - _OF_RANKS and package.manifest.programme not in {None, STUDIOS}:
        yield _problem("programme", N_("用到经费操作的流程按工作室的规则办，请删去 programme。"))


def check_code(package: ProcessPackage, others: Iterable[ProcessPackage]) -> Iterator[Problem]:
    """Find another process that numbers its cases under the same code."""
    for other in others:
        if other.manifest.code == package.manifest.code:
            yield taken_code(other.manifest.code, other.manifest.title)


def taken_code(code: str, title: str) -> Problem:
    """Say that a code is another process's."""
    return _problem("code", N_("代号 %(code)s 已经用于“%(title)s”，请换一个。"), code=code, title=title)


def check_replacement(package: ProcessPackage, held: ProcessPackage) -> Iterator[Problem]:
    """Find what a package changes in the manifest of the one that holds under its key, and may not."""
    new, old = package.manifest, held.manifest
    if new.code != old.code:
        yield _problem("code", N_("这个流程的代号是 %(code)s，编号要连着用，不能改。"), code=old.code)
    if new.programme != old.programme:
        yield _problem("programme", N_("这个流程按哪一类规则办理（programme）不能改，请照原来的写。"))
    for name in sorted(set(old.rules) - set(new.rules)):
        yield _problem("rules", N_("rules 里少了“%(name)s”：原来锁定的规则不能去掉，请补上。"), name=name)
    if old.confidential and not new.confidential:
        yield _problem("confidential", N_("这个流程是保密的，请照原来的写 confidential = true。"))
    for name in sorted(set(old.on_abandon) - set(new.on_abandon)):
        yield _problem("on_abandon", N_("on_abandon 里少了“%(name)s”，撤回时要做的事不能去掉，请补上。"), name=name)


def _problem(element: str, message: str, **params: object) -> Problem:
    return Problem(MANIFEST, element, "replacement", sentence(message, **params))

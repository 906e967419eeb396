"""The command `shenpi`."""

import json
import os
import sys
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import click
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from app import backups, console, installation
from app.config import ConfigurationError, Settings
from app.domain import clock
from app.domain.sheets import SheetKind
from app.engine.decisions.reports import answer
from app.engine.handover.children import judge_path
from app.engine.handover.jobs import PathJob
from app.engine.package import load_package
from app.engine.scenarios import Report, problems_of, run_scenarios
from app.services import doctor, journal, settings
from app.services.accounts import setup
from app.services.files import attachment_files
from app.services.publishing import definitions
from app.services.rulebook.rule_packs import parameter_types
from app.services.telling import sendings
from app.services.timing import ticks

PERSONAS_SHOWN = 8
# As they are typed: click would offer the names of an enumeration.
SHEET_KINDS = [kind.value for kind in SheetKind]


@click.group(cls=console.Group)
def main() -> None:
    """审批：学校与教育局的审批平台。"""


def _settings(port: int | None = None, *, creates: bool = False) -> Settings:
    """Read the settings; only what brings a database up makes a folder and a secret for it."""
    given = {} if port is None else {"SHENPI_PORT": str(port)}
    return Settings.from_environment({**os.environ, **given}, creates=creates)


def _session() -> Session:
    return Session(installation.opened(_settings()))


@main.command()
@click.option("--demo", is_flag=True, help="放入虚构的演示城市。")
@click.option("--port", type=int, help="端口，默认 8000。")
def run(demo: bool, port: int | None) -> None:  # noqa: FBT001 - click hands options over by name
    """建库、开网页、到点办事，一个进程全包。"""
    from app.embedded import Ticker, bound, require_free, serve
    from app.factory import create_app
    from app.views.live import end_streams

    configuration = _settings(port, creates=True)
    require_free(configuration.host, configuration.port)
    click.echo("正在准备数据库；第一次建演示城市要半分钟左右……" if demo else "正在准备数据库……")
    engine = installation.prepared(configuration, with_demo=demo)
    ticker = Ticker(engine, configuration.attachments_dir, installation.channels_of(configuration))
    app = create_app(configuration, ticker)
    server = bound(app, configuration.host, configuration.port)
    _greet(engine, configuration)
    serve(server, ticker, lambda: end_streams(app))


@main.group("demo")
def demo_group() -> None:
    """演示数据。"""


@demo_group.command("accounts")
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出。")
def demo_accounts(as_json: bool) -> None:  # noqa: FBT001 - click hands options over by name
    """列出演示里可以登录的人。"""
    from app.services.demo import accounts

    with _session() as session:
        found = accounts(session)
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False, indent=1))
        return
    _tell_accounts(found)


@main.command()
@click.option("--at", "instant", help="当作这个时刻（ISO 8601，带时区），只用于演示库和测试库。")
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出。")
def tick(instant: str | None, as_json: bool) -> None:  # noqa: FBT001 - click hands options over by name
    """到点的事办一次：期限、定时开始、发件箱、邮件。"""
    configuration = _settings()
    with Session(installation.opened(configuration)) as session:
        if instant is None:
            done = _tick(session, configuration)
            attachment_files.sweep(session, configuration.attachments_dir)
        elif settings.is_trial(session):
            with clock.frozen(_instant(instant)):
                done = _tick(session, configuration)
        else:
            message = "--at 只能用在演示库和测试库上。"
            raise ConfigurationError(message)
    click.echo(json.dumps(done) if as_json else console.told(done))


def _tick(session: Session, configuration: Settings) -> dict[str, int]:
    channels = installation.channels_of(configuration)
    return {**ticks.tick(session), "sent": sendings.send_due(session, channels)}


@main.group("mail")
def mail_group() -> None:
    """邮件。"""


@mail_group.command("test")
@click.argument("address")
def mail_test(address: str) -> None:
    """发一封测试邮件，核对发信的设置。"""
    from app.services.telling.channels.trials import send_trial

    send_trial(installation.channels_of(_settings()), address)
    click.echo("发信服务器收下了，请到这个邮箱里看看（也看看垃圾邮件）。")


@main.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出。")
def check(paths: tuple[Path, ...], as_json: bool) -> None:  # noqa: FBT001 - click hands options over by name
    """像发布时那样检查流程文件。"""
    configuration = _settings()
    parameters, processes = parameter_types(), configuration.processes_dir.absolute()
    forms = configuration.forms_dir.absolute()
    jobs = [PathJob(path.absolute(), forms, parameters, processes) for path in paths]
    found = [problem for job in jobs for problem in judge_path(job).problems]
    rows = [{"file": one.file, "element": one.element, "rule": one.rule, "text": one.text} for one in found]
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=1))
    else:
        for row in rows:
            click.echo(f"{row['file']} · {row['element']} · {row['rule']}：{row['text']}")
        if not rows:
            click.echo("没有发现问题。")
    sys.exit(1 if rows else 0)


@main.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.argument("decision", required=False)
@click.option("--values", default="{}", help='输入的值，JSON 对象，例如 {"years": 5}。')
def decide(file: Path, decision: str | None, values: str) -> None:
    """按 DMN 文件做一个决策，以 JSON 输出结果和每条规则的说明。"""
    found = answer(file, decision, values)
    click.echo(json.dumps(found.body, ensure_ascii=False, indent=1))
    sys.exit(found.status)


@main.command()
@click.argument("keys", nargs=-1)
def scenarios(keys: tuple[str, ...]) -> None:
    """跑流程的情景，并说出没走到的元素。"""
    configuration = _settings()
    wanted = keys or definitions.package_keys(configuration.processes_dir)
    folder = configuration.processes_dir
    unknown = sorted({*keys} - {*definitions.package_keys(folder)})
    if unknown:
        message = f"没有流程“{unknown[0]}”，可以写：{'、'.join(definitions.package_keys(folder))}。"
        raise ConfigurationError(message)
    every = definitions.package_keys(folder)
    packages = {key: load_package(key, folder, configuration.forms_dir) for key in every}
    reports = [run_scenarios(packages[key], packages) for key in wanted]
    for report in reports:
        _tell(report)
    sys.exit(0 if all(report.is_good for report in reports) else 1)


@main.group("journal")
def journal_group() -> None:
    """办理记录。"""


@journal_group.command("verify")
def journal_verify() -> None:
    """核对办理记录有没有被改动。"""
    with _session() as session:
        faults = list(journal.verify(session))
    for fault in faults:
        click.echo(f"{fault.chain} · {fault.sequence}：{fault.reason}")
    click.echo("办理记录完整。" if not faults else f"发现 {len(faults)} 处改动。")
    sys.exit(1 if faults else 0)


@main.command("doctor")
def doctor_command() -> None:
    """检查：打不开的状态、没人办的待办、没解决的故障、送不出的消息、丢了的附件。"""
    configuration = _settings()
    with Session(installation.opened(configuration)) as session:
        findings = [*doctor.examine(session), *attachment_files.missing(session, configuration.attachments_dir)]
    for finding in findings:
        click.echo(finding)
    click.echo("没有发现问题。" if not findings else f"发现 {len(findings)} 处要处理。")
    sys.exit(1 if findings else 0)


@main.command()
@click.argument("folder", type=click.Path(path_type=Path))
def backup(folder: Path) -> None:
    """备份到一个新文件夹，运行中也可以：数据库、附件、密钥。"""
    configuration = _settings()
    installation.opened(configuration).dispose()
    backups.back_up(configuration, folder.absolute())
    click.echo(f"已备份到 {folder}。")


@main.command()
@click.argument("key")
@click.option("--organization", required=True, help="学校，或者教育局：它下面的每个学校（单位代码）。")
@click.option("--stop", "stops", is_flag=True, help="不再自己开始；已经开始的照旧办完。")
def schedule(key: str, organization: str, stops: bool) -> None:  # noqa: FBT001 - click hands options over by name
    """让流程按 process.toml 里写的时间自己开始。"""
    from app.services.starting import schedules

    with _session() as session:
        if stops:
            click.echo(f"停了 {schedules.stop_from_console(session, key, organization)} 个单位的。")
            return
        made = schedules.adopt_from_console(session, key, organization)
        for one in made:
            click.echo(f"{one.organization.name}\t{one.starts}\t{clock.shanghai(one.next_at):%Y-%m-%d %H:%M}")


@main.command()
def upgrade() -> None:
    """把数据库升级到程序的版本，并发布新的内置流程。"""
    installation.prepared(_settings(creates=True))
    click.echo("数据库已是最新。")


@main.command("import")
@click.argument("kind", type=click.Choice(["people", *SHEET_KINDS]))
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--organization", help="导入到哪个单位（单位代码），不写就是 --by 那位的单位，或者唯一的学校。")
@click.option("--by", "username", help="由谁核实（用户名），不写就是本校政教处的第一位；人员表不用写。")
@click.option("--preview", "is_preview", is_flag=True, help="只看会改什么，不写入；人员表没有预览。")
def import_command(kind: str, file: Path, organization: str | None, username: str | None, is_preview: bool) -> None:  # noqa: FBT001 - click hands options over by name
    """从 Excel 导入：人员 people（印出一次性密码）、任职 service、荣誉 honours、职级 ranks、工作室 studios。"""
    if kind == "people":
        _import_people(file, organization)
        return
    from app.services.registers.sheets.console import import_from_console

    with _session() as session:
        done = import_from_console(session, SheetKind(kind), file, organization, username, is_written=not is_preview)
        counts = f"新增 {done.added} 条，更正 {done.corrected} 条，不变 {done.unchanged} 条。"
        click.echo(f"{'没有写入，会' if is_preview else '已导入：'}{counts}")


def _import_people(file: Path, organization: str | None) -> None:
    from app.services.accounts import imports

    with _session() as session, file.open("rb") as stream:
        result = imports.import_from_console(session, organization, stream)
    for person in result.credentials:
        click.echo(f"{person.username}\t{person.name}\t{person.password}")


@main.command("template")
@click.argument("kind", type=click.Choice(SHEET_KINDS))
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def template_command(kind: str, file: Path) -> None:
    """写出要填的 Excel 模板：任职 service、荣誉 honours、职级 ranks、工作室 studios。"""
    from app.services.registers.sheets.templates import template

    file.write_bytes(template(SheetKind(kind)))
    click.echo(f"模板写在 {file}。")


def _instant(text: str) -> datetime:
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        instant = None
    if instant is None or instant.tzinfo is None:
        message = f"--at 要写成 2026-09-01T08:00:00+08:00 这样，现在是 {text}。"
        raise ConfigurationError(message)
    return instant


def _greet(engine: Engine, configuration: Settings) -> None:
    click.echo(f"审批已在 http://{configuration.host}:{configuration.port} 打开，按 Ctrl+C 停止。")
    with Session(engine) as session:
        if settings.is_demo(session):
            from app.services.demo import accounts

            click.echo("演示环境：打开网页，点一位人物就能进入。也可以用这些账号（用户名、密码、姓名、职务）：")
            _tell_accounts(accounts(session)[:PERSONAS_SHOWN])
            click.echo("全部账号：shenpi demo accounts")
        elif not settings.is_installed(session):
            click.echo(f"第一次使用：在网页上设置单位，设置码：{setup.setup_code(configuration.secret_key)}")


def _tell_accounts(accounts: list[dict[str, Any]]) -> None:
    for account in accounts:
        positions = "、".join(f"{held['organization']['name']} {held['title']}" for held in account["positions"])
        click.echo(f"{account['username']}\t{account['password']}\t{account['person']}\t{positions}")


def _tell(report: Report) -> None:
    """Show what failed first; what nothing reached is only counted then: it may be for the same reason."""
    failed = [result for result in report.results if not result.is_good]
    for problem in problems_of(replace(report, missing=()) if failed else report):
        click.echo(f"{problem.file} · {problem.element}：{problem.text}")
    if failed and report.missing:
        click.echo(f"还有 {len(report.missing)} 个环节和连线没有情景走到；先改好上面的，再看是哪些。")
    for result in report.results:
        click.echo(f"{report.key} · {result.name}：{'通过' if result.is_good else '没有通过'}")

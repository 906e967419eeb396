"""What the command says beside its own words, in Chinese: usage, headings, and what is wrong with a call."""

import re
import sys
from collections.abc import Iterable, Mapping
from typing import Any

import click

from app.config import ConfigurationError
from app.domain.errors import Invalid, ShenpiError

HEADINGS = {"Options": "选项", "Commands": "命令", "Positional arguments": "参数"}
# What a tick has done, in the order in which it is told.
DONE = {
    "reckoned": "重算了 {} 个暂定的期限",
    "collectives": "结束了 {} 件多人办理的任务",
    "reminders": "提醒了 {} 次",
    "timers": "办了 {} 件到期的事",
    "starts": "自己开始了 {} 件事",
    "outbox": "送出了 {} 条消息",
    "told": "告诉了 {} 件新的待办",
    "imports": "核对或写入了 {} 张导入的表",
    "sent": "寄了 {} 封邮件",
}
# What of a call was wrong, as it is typed; cells of a sheet stay as they are.
GIVEN = {"organization": "--organization", "by": "--by", "file": "文件"}
KINDS = {" TEXT": " 文字", " INTEGER": " 整数", " PATH": " 文件", "[required]": "[必填]"}
_QUOTED = re.compile(r"'([^']*)'")
_BRACKETED = re.compile(r"\(([^)]*)\)")


class Formatter(click.HelpFormatter):
    """Help under Chinese headings."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """Write how a command is called."""
        del prefix
        super().write_usage(prog, args, prefix="用法：")

    def write_heading(self, heading: str) -> None:
        """Write the heading of a part."""
        self.write(f"{'':>{self.current_indent}}{HEADINGS.get(heading, heading)}：\n")

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        """Write options or commands with what each is for."""
        super().write_dl([(_named(name), _named(text)) for name, text in rows], col_max, col_spacing)


class Context(click.Context):
    """A call whose help is Chinese."""

    formatter_class = Formatter


class Command(click.Command):
    """A command whose help is Chinese."""

    context_class = Context

    def __init__(self, *args: Any, **given: Any) -> None:
        """Take what click takes."""
        super().__init__(*args, **{"options_metavar": "[选项]", **given})

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """Return the option that shows the help."""
        return _in_chinese(super().get_help_option(ctx))


class Group(click.Group):
    """Commands under one name; a fault is a sentence instead of a trace."""

    context_class = Context
    command_class = Command
    group_class = type

    def __init__(self, *args: Any, **given: Any) -> None:
        """Take what click takes."""
        super().__init__(*args, **{"options_metavar": "[选项]", "subcommand_metavar": "命令 [参数]…", **given})

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """Return the option that shows the help."""
        return _in_chinese(super().get_help_option(ctx))

    def main(self, *args: Any, **given: Any) -> Any:
        """Run the command as a program, and end with its status."""
        try:
            code = super().main(*args, **{**given, "standalone_mode": False})
        except click.ClickException as error:
            tell(error)
            sys.exit(error.exit_code)
        except click.Abort:
            click.echo("已经停下。", err=True)
            sys.exit(1)
        sys.exit(code if isinstance(code, int) else 0)

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command."""
        try:
            return super().invoke(ctx)
        except (ConfigurationError, ShenpiError) as error:
            click.echo(str(error), err=True)
            for path, sentences in (error.errors if isinstance(error, Invalid) else {}).items():
                click.echo(f"{GIVEN.get(path, path)}：{'；'.join(map(str, sentences))}", err=True)
            sys.exit(1)


def tell(error: click.ClickException) -> None:
    """Say what is wrong with a call, and where its help is."""
    if isinstance(error, click.UsageError) and error.ctx is not None:
        if isinstance(error, click.exceptions.NoArgsIsHelpError):
            click.echo(error.ctx.get_help(), err=True)
            return
        click.echo(error.ctx.get_usage(), err=True)
        click.echo(f"写 {error.ctx.command_path} --help 看说明。\n", err=True)
    click.echo(f"没有办成：{words(error)}", err=True)


def words(error: click.ClickException) -> str:
    """Return what is wrong with a call."""
    if isinstance(error, click.MissingParameter):
        return f"还要写{_param(error.param)}。"
    if isinstance(error, click.BadParameter):
        return f"{_param(error.param)}不对：{_value(error)}"
    if isinstance(error, click.NoSuchOption):
        nearest = f"，是不是 {error.possibilities[0]}？" if error.possibilities else "。"
        return f"没有选项 {error.option_name}{nearest}"
    if isinstance(error, click.BadOptionUsage):
        takes_none = "does not take" in error.message
        return f"选项 {error.option_name} 后面{'不能写值' if takes_none else '要写一个值'}。"
    return _of_usage(error.message)


def told(done: Mapping[str, int]) -> str:
    """Return what a tick has done, in words."""
    parts = [text.format(done[key]) for key, text in DONE.items() if done.get(key)]
    return f"{'，'.join(parts)}。" if parts else "没有到点要办的事。"


def _of_usage(message: str) -> str:
    named, extra = _QUOTED.search(message), _BRACKETED.search(message)
    if message.startswith("No such command") and named:
        return f"没有命令 {named[1]}。"
    if message.startswith("Missing command"):
        return "还要写一个命令。"
    if extra:
        return f"多写了 {extra[1]}，请去掉。"
    return message


def _param(param: click.Parameter | None) -> str:
    if param is None:
        return "参数"
    kind = "选项" if isinstance(param, click.Option) else "参数"
    return f"{kind} {param.opts[0] if kind == '选项' else param.make_metavar(Context(Command(None)))}"


def _value(error: click.BadParameter) -> str:
    kind = error.param.type if error.param is not None else None
    given = next(iter(_QUOTED.findall(error.message)), "")
    if isinstance(kind, click.Choice):
        return f"只能写 {'、'.join(map(str, kind.choices))}，现在是 {given}。"
    if isinstance(kind, click.Path):
        return f"没有 {given}，或者它不是要的文件。"
    if isinstance(kind, type(click.INT)):
        return f"要写整数，现在是 {given}。"
    return error.message


def _named(text: str) -> str:
    for english, chinese in KINDS.items():
        text = text.replace(english, chinese)
    return text


def _in_chinese(option: click.Option | None) -> click.Option | None:
    if option is not None:
        option.help = "显示说明。"
    return option

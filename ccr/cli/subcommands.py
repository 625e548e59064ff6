"""Groups of commands that tell a near word its name: `ccr key remove` is told of `ccr key forget`.

People carry words over from one group to the next, and from other programs. A word is told, never taken: what removes
something has one name.
"""

import click

from ccr.diagnostics.suggest import nearest

_KIN = (
    frozenset({"remove", "forget", "delete", "clear", "rm", "del", "uninstall", "unset"}),
    frozenset({"set", "add", "install", "use", "new", "create"}),
    frozenset({"list", "show", "ls", "get"}),
    frozenset({"info", "show", "describe", "cat"}),
    frozenset({"validate", "check", "test", "verify"}),
)
"""Words that people use for one thing."""


class Subcommands(click.Group):
    """A group below `ccr`; a word that it does not know is answered with the one that was meant."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and not args[0].startswith("-") and self.get_command(ctx, args[0]) is None:
            ctx.fail(f"`{ctx.command_path}` has no command {args[0]!r}; {self._hint(ctx, args[0])}")
        return super().resolve_command(ctx, args)

    def _hint(self, ctx: click.Context, word: str) -> str:
        there = self.list_commands(ctx)
        kin = [name for words in _KIN if word in words for name in there if name in words]
        meant = nearest(word, tuple(there)) or tuple(kin[:1])
        return f"did you mean `{ctx.command_path} {meant[0]}`?" if meant else f"there are {', '.join(there)}"

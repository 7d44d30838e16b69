"""`casematch link`, loaded when it is called: numpy and the score model would double the time of every `--help`."""

import typer

ANY_ARGUMENTS = {"allow_extra_args": True, "ignore_unknown_options": True}


def link(context: typer.Context) -> None:
    """Link two CSV files, or find the duplicates within one, as a hub would; see `casematch link --help`."""
    from api.agent.linking.command import link as link_files

    program = typer.Typer(rich_markup_mode=None, pretty_exceptions_enable=False, add_completion=False)
    program.command("link")(link_files)
    code = program(args=context.args, prog_name="casematch link", standalone_mode=False)
    if isinstance(code, int) and code:
        raise typer.Exit(code)

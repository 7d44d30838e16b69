"""`casematch evaluate`, loaded when it is called: numpy and the score model would double the time of every `--help`."""

import typer


def evaluate(context: typer.Context) -> None:
    """Measure how well CSV files are linked, with 95 % intervals and subgroups; see `casematch evaluate --help`."""
    from api.agent.evaluate.command import evaluate as evaluate_files

    program = typer.Typer(rich_markup_mode=None, pretty_exceptions_enable=False, add_completion=False)
    program.command("evaluate")(evaluate_files)
    code = program(args=context.args, prog_name="casematch evaluate", standalone_mode=False)
    if isinstance(code, int) and code:
        raise typer.Exit(code)

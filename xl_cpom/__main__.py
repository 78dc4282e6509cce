"""`python -m xl_cpom` runs the same command as `xl-cpom`."""

from xl_cpom import current_folder

current_folder.forget()

from xl_cpom.cli import main  # noqa: E402 - nothing is imported before the current folder is left

main()

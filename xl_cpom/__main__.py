"""`python -m xl_cpom` runs the same command as `xl-cpom`."""

from xl_cpom.cli import main

main()

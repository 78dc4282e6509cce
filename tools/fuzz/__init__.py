"""Coverage-guided fuzzing of the reader and of the coercion, for a bounded time (`make fuzz`).

`cibles` holds the targets, plain functions of bytes: the tests call them on every finding kept in
`tests/data/trouvailles/`, without atheris.
"""

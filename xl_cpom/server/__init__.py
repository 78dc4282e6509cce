"""A page to drop workbooks on, and an API for other systems: the same control, over HTTP.

Optional (extra `serveur`). Nothing is stored: a workbook lives in memory, or in an anonymous
temporary file, for as long as its answer takes, and the annotated copy travels inside the answer.
The parent process never opens a workbook: the workers of `batch` do, with their limits.

`application.application(ServerSettings())` is the ASGI application; `xl-cpom serveur` runs it.
"""

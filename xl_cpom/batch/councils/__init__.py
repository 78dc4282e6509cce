"""What each conseil départemental, the other signatory, is given: its own ESMS and nothing else.

`council_figures` takes them out of the returns, `council_page` shows them as HTML and as tables.
"""

"""The fiche of a dialogue de gestion: two printed pages about an organisme, to talk over.

`meeting_brief` works out what is told from a return, `peers` what it is held against,
`talking_points` what is to be talked about and in which order, `brief_page` shows it as HTML.
"""

"""The control in a browser: from our sources to one HTML file, a static site and an Excel
add-in.
"""

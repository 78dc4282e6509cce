"""From a `Report` to what somebody reads: console, JSON, CSV, HTML, xlsx, SARIF, e-CARS, letter.

`xl_cpom.reports.renderings.FORMATS` lists the renderings; each is one small module imported on
first use, so that a console report never pays for jinja2 or XlsxWriter.
"""

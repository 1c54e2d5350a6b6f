"""A page's form as a browser would send it without a change."""

import re
from html import unescape

INPUT = re.compile(r"<input\b[^>]*>")
NAME = re.compile(r'\sname="([^"]+)"')
VALUE = re.compile(r'\svalue="([^"]*)"')
SELECT = re.compile(r'<select\b[^>]*\sname="([^"]+)"(.*?)</select>', re.DOTALL)
CHOSEN = re.compile(
    r'<option(?=[^>]*\sselected)[^>]*\svalue="([^"]*)"|<option[^>]*\svalue="([^"]*)"(?=[^>]*\sselected)'
)
AREA = re.compile(
    r'<textarea\b[^>]*\sname="([^"]+)"[^>]*>\r?\n?(.*?)</textarea>', re.DOTALL
)


def filled(client, address):
    """Return field → value, or values, of the form on a page that is sent to the page itself."""
    page = client.get(address)
    assert page.status_code == 200, address
    fields = {}
    for one in INPUT.findall(page.text):
        name, value = NAME.search(one), VALUE.search(one)
        boxed = re.search(r'type="(checkbox|radio)"', one)
        if name is None or name[1] == "csrf_token":
            continue
        if boxed is None or re.search(r"\schecked\b", one):
            fields.setdefault(name[1], []).append(unescape(value[1]) if value else "")
    for name, options in SELECT.findall(page.text):
        chosen = CHOSEN.search(options)
        fields[name] = [unescape(chosen[1] or chosen[2] or "") if chosen else ""]
    for name, words in AREA.findall(page.text):
        fields[name] = [unescape(words)]
    return fields

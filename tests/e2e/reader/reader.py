"""Reads the window as a screen reader does: over AT-SPI, from outside of it.

One request a line on standard input, one answer or event a line on standard output, all in JSON:

  {"id": 1, "do": "tree"}  ->  {"id": 1, "tree": {...}}   all that assistive technology is given
  {"event": "said", "text": ..., "urgent": ...}           what a live region or an alert announces
  {"event": "focus", "role": ..., "name": ...}            what has taken the focus
  {"event": "selected", "role": ..., "name": ...}         what was selected in a list

WebKitGTK raises `object:children-changed:add` for an element that comes into a live region. For text
that changes in one it raises nothing, and `object:announcement` it does not know; screen readers
can say no more than this. It raises events only for what has been read before, so a test reads the
tree before it acts.
"""

import json
import sys

import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi, GLib  # noqa: E402

STATION = "countersign-station"
LIVE = ("polite", "assertive")
ALERTS = ("alert", "notification")
# How often the text of something that has just come is asked for, and with what pause, in ms.
TRIES, PAUSE = 20, 25

Atspi.init()
Atspi.set_timeout(5000, 15000)


def tell(thing):
    print(json.dumps(thing), flush=True)


def text_of(accessible):
    """Its name or else its text, with that of what is in it."""
    try:
        if accessible.get_name():
            return accessible.get_name()
        if "Text" in accessible.get_interfaces():
            text = Atspi.Text.get_text(accessible, 0, -1).replace("\ufffc", " ").strip()
            if text:
                return text
        children = range(accessible.get_child_count())
        return " ".join(filter(None, (text_of(accessible.get_child_at_index(i)) for i in children)))
    except GLib.Error:
        return ""


def node(accessible):
    """An object with what a screen reader knows of it, and all below."""
    text = ""
    if "Text" in accessible.get_interfaces():
        text = Atspi.Text.get_text(accessible, 0, -1).replace("\ufffc", " ").strip()
    attributes = accessible.get_attributes() or {}
    children = (accessible.get_child_at_index(i) for i in range(accessible.get_child_count()))
    return {
        "role": accessible.get_role_name(),
        "name": accessible.get_name() or "",
        "description": accessible.get_description() or "",
        "text": text,
        "states": [state.value_nick for state in accessible.get_state_set().get_states()],
        "position": [attributes.get("posinset"), attributes.get("setsize")],
        "level": attributes.get("level"),
        "live": attributes.get("live"),
        "current": attributes.get("current"),
        "children": [node(child) for child in children if child],
    }


def tree():
    """The window; null while it is not there, or if it changed while it was read."""
    try:
        desktop = Atspi.get_desktop(0)
        for at in range(desktop.get_child_count()):
            application = desktop.get_child_at_index(at)
            if application and application.get_name() == STATION:
                application.clear_cache()
                return node(application)
    except (GLib.Error, AttributeError):
        pass
    return None


def say(accessible, urgent, tries=TRIES):
    text = text_of(accessible)
    if text:
        tell({"event": "said", "text": " ".join(text.split()), "urgent": urgent})
    elif tries > 0:
        GLib.timeout_add(PAUSE, lambda: say(accessible, urgent, tries - 1) or False)


def heard(event):
    source, kind = event.source, event.type
    try:
        if kind.startswith("object:children-changed:add"):
            child = event.any_data
            if not isinstance(child, Atspi.Accessible):
                return
            live = (source.get_attributes() or {}).get("live")
            alert = child.get_role_name() in ALERTS
            if live in LIVE or alert:
                say(child, alert or live == "assertive")
        elif event.detail1 == 1:
            what = "focus" if kind.startswith("object:state-changed:focused") else "selected"
            tell({"event": what, "role": source.get_role_name(), "name": text_of(source)})
    except GLib.Error:
        # It is gone again.
        pass


def asked(channel, condition):
    line = sys.stdin.readline()
    if not line:
        loop.quit()
        return False
    request = json.loads(line)
    tell({"id": request["id"], "tree": tree()})
    return True


listener = Atspi.EventListener.new(heard)
for name in (
    "object:children-changed:add",
    "object:state-changed:focused",
    "object:state-changed:selected",
):
    listener.register(name)
GLib.io_add_watch(sys.stdin, GLib.IO_IN | GLib.IO_HUP, asked)
loop = GLib.MainLoop()
tell({"event": "ready"})
loop.run()

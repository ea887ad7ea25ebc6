"""Drags one file onto a window and lets it go there, as a file manager does (XDND 5).

usage: drop.py WINDOW X Y FILE      X, Y: pixels from the corner of the screen

Prints "taken" when the window has said that it took the file, else ends with 1.
"""
import pathlib
import sys
import time

from Xlib import X, display
from Xlib.protocol import event

target_id, x, y, path = int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
uri = (pathlib.Path(path).resolve().as_uri() + "\r\n").encode()

d = display.Display()
root = d.screen().root
target = d.create_resource_object("window", target_id)
source = root.create_window(0, 0, 1, 1, 0, X.CopyFromParent)
atom = d.intern_atom
source.set_selection_owner(atom("XdndSelection"), X.CurrentTime)

aware = target.get_full_property(atom("XdndAware"), X.AnyPropertyType)
if aware is None:
    sys.exit("the window takes no files")


def say(name, *data):
    words = [source.id] + list(data) + [0] * (4 - len(data))
    message = event.ClientMessage(window=target, client_type=atom(name), data=(32, words))
    target.send_event(message)
    d.flush()


def hand_over(request):
    """Answers the window's question for what is dragged."""
    request.requestor.change_property(request.property, request.target, 8, uri)
    answer = event.SelectionNotify(time=request.time, requestor=request.requestor, selection=request.selection,
                                   target=request.target, property=request.property)
    request.requestor.send_event(answer)
    d.flush()


def wait_for(name):
    """Gives the words of the window's message of this name; hands over meanwhile."""
    end = time.monotonic() + 10
    while time.monotonic() < end:
        if not d.pending_events():
            time.sleep(0.01)
            continue
        e = d.next_event()
        if e.type == X.SelectionRequest:
            hand_over(e)
        elif e.type == X.ClientMessage and e.client_type == atom(name):
            return e.data[1]
    sys.exit("no " + name + " came")


say("XdndEnter", 5 << 24, atom("text/uri-list"))
for step in range(3):  # a pointer moves before it rests
    say("XdndPosition", 0, (x - 2 + step) << 16 | (y - 2 + step), X.CurrentTime, atom("XdndActionCopy"))
    status = wait_for("XdndStatus")
if not status[1] & 1:
    sys.exit("the window refuses the file")
say("XdndDrop", 0, X.CurrentTime)
finished = wait_for("XdndFinished")
if not finished[1]:  # a flag, or with GLFW how many bytes it got
    sys.exit("the window has not taken the file")
print("taken")

"""What schemathesis has to know of this API: links that open something, and a network of its own for each request."""

import itertools
import json
import os
import re
import time
import urllib.request

import schemathesis

ADDRESS = os.environ["API_ADDRESS"]
LINK = r"/erasure/([\w-]+)"
networks = itertools.count(1)


def network():
    """Where the next request comes from: the program believes this machine's word for it."""
    number = next(networks)
    return f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"


def ask(path, body=None):
    """Asks the program, as a customer's site would; the answer is its text."""
    data = None if body is None else json.dumps(body).encode()
    headers = {"Content-Type": "application/json", "X-Forwarded-For": network()}
    request = urllib.request.Request(ADDRESS + path, data, headers)
    with urllib.request.urlopen(request) as answer:
        return answer.read().decode()


def letter(subject, pattern):
    """What stands in the first letter whose subject begins so; letters take a moment."""
    for _ in range(300):
        for number in re.findall(rf'/demo/mailbox/(\d+)">{subject}', ask("/demo/mailbox")):
            return re.findall(pattern, ask(f"/demo/mailbox/{number}"))[0]
        time.sleep(0.1)
    raise RuntimeError(f"no letter came that begins with {subject!r}")


def submitted(kind, value, role):
    """Somebody asks; the answer is the secret of their link."""
    body = {"role": role, "identity": {"kind": kind, "value": value}, "statement": True}
    return json.loads(ask("/api/v1/requests", body))["capability"]


def proven():
    """Somebody asks and shows that the address is theirs."""
    secret = submitted("email", "somebody@example.fr", "account_holder")
    code = letter("Votre code", r"(?m)^(\d{4} \d{4})$")
    ask(f"/api/v1/requests/{secret}/verification", {"code": code})
    return secret


# One of each kind: what is completed, what waits for a legal hold; what is proven, and what is not, by address and by number.
ERASURES = [letter("C’est fait", LINK), letter("Votre suppression doit attendre", LINK)]
REQUESTS = [
    proven(),
    submitted("email", "ada@example.fr", "account_holder"),
    submitted("phone", "+33 6 12 34 56 78", "end_user"),
]
turns = itertools.count()


@schemathesis.serializer("message/rfc822")
def as_it_came(context, value):
    """A letter is its bytes."""
    return value if isinstance(value, bytes) else str(value).encode("utf-8", "surrogatepass")


@schemathesis.hook
def before_call(context, case, kwargs):
    """Every other secret that was made up gives way to one that opens something."""
    case.headers = {**(case.headers or {}), "X-Forwarded-For": network()}
    parameters = case.path_parameters or {}
    turn = next(turns)
    if "capability" in parameters and turn % 2:
        known = ERASURES if "/erasures/" in case.path else REQUESTS
        parameters["capability"] = known[turn // 2 % len(known)]

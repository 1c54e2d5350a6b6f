"""A child process that applies mutants one by one to one document, and encodes it."""

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from workgroup.textlog.replay import document, load, verified_state


def main():
    given = json.load(sys.stdin)
    base = load(bytes.fromhex(data) for data in given["base"]).get_update()
    failed = []
    for mutant in given["mutants"]:
        try:
            doc = load([base, bytes.fromhex(mutant)])
            verified_state(doc, document(doc))
        except BaseException as error:  # noqa: BLE001 - a panic of pycrdt is no Exception
            failed.append([mutant, repr(error)])
    json.dump({"failed": failed}, sys.stdout)


if __name__ == "__main__":
    main()

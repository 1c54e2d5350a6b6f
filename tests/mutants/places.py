"""What can be broken in a module, one place at a time. Pure; `__main__` runs it."""

import ast
import random
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from types import CodeType

# Not from tests/servers.py, which imports the application: what this process has imported
# is what its forks would test, instead of what is broken.
ROOT = Path(__file__).parents[2]
Function = tuple[str, str, int]  # file, qualified name, first line
OTHER = {
    ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.Lt: ast.LtE, ast.LtE: ast.Lt,
    ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
    ast.In: ast.NotIn, ast.NotIn: ast.In,
}  # fmt: skip


@dataclass(frozen=True)
class Mutant:
    """A module with one place broken.

    Args:
        words: what is broken.
        tree: the whole module.
        function: in whose body the place is; none: it takes effect when imported.
    """

    module: str
    words: str
    tree: ast.Module
    function: Function | None

    def code(self) -> CodeType:
        """Return the code of the broken function."""
        found = [compile(self.tree, str(ROOT / self.module), "exec")]
        for one in found:
            if signature(one) == self.function:
                return one
            found += [inner for inner in one.co_consts if isinstance(inner, CodeType)]
        raise LookupError(self.words)


def signature(code: CodeType) -> Function:
    """Return what a function is recognized by, in a module as on disk and in a broken one."""
    return code.co_filename, code.co_qualname, code.co_firstlineno


def is_figure(value: ast.AST) -> bool:
    """Return whether a value is a number, reckoned from others, a moment or a length of time."""
    match value:
        case ast.Call(func=ast.Name(id="timedelta" | "time" | "datetime")):
            return True
        case ast.BinOp(left=left, right=right):
            return is_figure(left) and is_figure(right)
        case ast.Name(id=name):
            return name.isupper()
    return isinstance(value, ast.Constant)


def passed_over(tree: ast.AST) -> Iterator[ast.AST]:
    """Yield places that no test of behavior can notice.

    A class that is no longer frozen works the same until somebody changes one of its
    objects, which the type checker refuses; a line of the program's log is for people; of
    the rows that ``first()`` looks at it takes one; a random key may be longer; a cache of another size gives the
    same; a figure with a name at the top of a
    module is a choice, which a test could only repeat.
    """
    for node in ast.walk(tree):
        match node:
            case ast.ClassDef() | ast.FunctionDef():
                for decorator in node.decorator_list:
                    yield from ast.walk(decorator)
            case ast.Expr(
                value=ast.Call(func=ast.Attribute(value=ast.Name(id="logger")))
            ):
                yield node
            case ast.Call(func=ast.Attribute(attr="limit"), args=[ast.Constant()]):
                yield node.args[0]
            case ast.Call(
                func=ast.Attribute(value=ast.Name(id="secrets")), args=[size]
            ):
                yield size
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if (
                name.isupper() and is_figure(value)
            ):
                yield from ast.walk(value)


def changes(tree: ast.AST) -> Iterator[tuple[ast.AST, ast.AST, str]]:  # noqa: C901 - one table
    """Yield a node, what to put in its place, and what that breaks."""
    over = {id(one) for one in passed_over(tree)}
    for node in ast.walk(tree):
        if id(node) in over:
            continue
        line = getattr(node, "lineno", 0)
        match node:
            case ast.Compare(ops=[op, *rest]) if type(op) in OTHER:
                broken = ast.Compare(node.left, [OTHER[type(op)](), *rest], node.comparators)  # fmt: skip
                yield node, broken, f"{line}: another comparison"
            case ast.BoolOp(op=ast.And()):
                yield node, ast.BoolOp(ast.Or(), node.values), f"{line}: and → or"
            case ast.BoolOp(op=ast.Or()):
                yield node, ast.BoolOp(ast.And(), node.values), f"{line}: or → and"
            case ast.UnaryOp(op=ast.Not()):
                yield node, node.operand, f"{line}: without not"
            case ast.Constant(value=bool()):
                yield node, ast.Constant(not node.value), f"{line}: {not node.value}"
            case ast.Constant(value=int()):
                yield node, ast.Constant(node.value + 1), f"{line}: {node.value} + 1"
            case ast.Expr(value=ast.Call()):
                yield node, ast.Pass(), f"{line}: without {ast.unparse(node)[:60]}"
            case ast.Call(func=ast.Attribute(attr="where"), args=[_, _, *_]):
                for place in range(len(node.args)):
                    kept = [*node.args[:place], *node.args[place + 1 :]]
                    gone = ast.unparse(node.args[place])[:60]
                    yield node, ast.Call(node.func, kept, node.keywords), f"{line}: where without {gone}"  # fmt: skip


class Swap(ast.NodeTransformer):
    """Puts one node in the place of another."""

    def __init__(self, old: ast.AST, new: ast.AST) -> None:
        self.old, self.new = old, new

    def visit(self, node: ast.AST) -> ast.AST:
        """Replace the one, go through the others."""
        return self.new if node is self.old else self.generic_visit(node)


def mutants(module: str) -> Iterator[Mutant]:
    """Yield the module with each of its places broken."""
    source = (ROOT / module).read_text()
    for number in range(len(list(changes(ast.parse(source))))):
        tree = ast.parse(source)
        old, new, words = list(changes(tree))[number]
        function = function_of(old, tree, str(ROOT / module))
        ast.fix_missing_locations(ast.copy_location(new, old))
        broken = ast.fix_missing_locations(Swap(old, new).visit(tree))
        yield Mutant(module, f"{module}:{words}", broken, function)


def function_of(
    place: ast.AST, within: ast.AST, file: str, names: str = ""
) -> Function | None:
    """Return the function or method whose body a place is in; its defaults are outside."""
    for node in ast.iter_child_nodes(within):
        if isinstance(node, ast.ClassDef):
            found = function_of(place, node, file, f"{names}{node.name}.")
            if found:
                return found
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            body = (one for statement in node.body for one in ast.walk(statement))
            if any(one is place for one in body):
                first = min(one.lineno for one in (node, *node.decorator_list))
                return file, names + node.name, first
    return None


def drawn(modules: list[str], places: int | None, seed: int) -> list[Mutant]:
    """Draw places by lot, from each module in turn, so that none is left out."""
    lots = [list(mutants(module)) for module in modules]
    for lot in lots:
        random.Random(seed).shuffle(lot)  # noqa: S311 - the same lot each time
    in_turn = [one for turn in zip_longest(*lots) for one in turn if one]
    return sorted(in_turn[:places], key=lambda one: modules.index(one.module))

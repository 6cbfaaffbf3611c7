"""Measure functions and files.

lines        a function from its signature to its last line, decorators and docstring left out, so that explaining a
             function never makes it look longer; a file's every line
depth        blocks inside blocks; `elif` adds none
complexity   McCabe: one, and one more for each decision (an assertion is none: tests are made of them)
parameters   without self and cls
comments     per 100 lines of code that are neither blank, nor comment, nor docstring
"""

import ast
import io
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass

from tests.house.sources import Function, Module

BLOCKS = (ast.If, ast.For, ast.AsyncFor, ast.While, ast.With, ast.AsyncWith, ast.Try, ast.TryStar, ast.Match)
DECISIONS = (ast.If, ast.For, ast.AsyncFor, ast.While, ast.ExceptHandler, ast.IfExp, ast.comprehension)
SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
ROUTES = {"route", "get", "post", "put", "patch", "delete"}
SMALLEST_FILE_FOR_A_SHARE = 20


@dataclass(frozen=True)
class Measured:
    """One function."""

    where: str
    lines: int
    depth: int
    complexity: int
    parameters: int
    is_view: bool
    is_silent: bool


def measure(module: Module) -> list[Measured]:
    """Measure all functions of a file, nested ones apart from those they stand in."""
    return [measure_function(module, function) for function in module.functions]


def measure_function(module: Module, function: Function) -> Measured:
    """Measure one."""
    public = not function.name.startswith("_")
    return Measured(
        where=f"{module.name}.{function.name}",
        lines=(function.end_lineno or function.lineno) - function.lineno + 1 - docstring_lines(function),
        depth=depth(function),
        complexity=1 + sum(map(decisions, own_nodes(function))),
        parameters=parameters(function.args),
        is_view=any(is_route(decorator) for decorator in function.decorator_list),
        is_silent=public and ast.get_docstring(function) is None,
    )


def docstring_lines(node: Function | ast.ClassDef | ast.Module) -> int:
    """Count the lines of its docstring."""
    if ast.get_docstring(node, clean=False) is None:
        return 0
    first = node.body[0]
    return (first.end_lineno or first.lineno) - first.lineno + 1


def depth(node: ast.AST, above: int = 0) -> int:
    """Give how deep its deepest block lies."""
    inner = (child for child in ast.iter_child_nodes(node) if not isinstance(child, SCOPES))
    return max([above, *(depth(child, above + opens_a_block(node, child)) for child in inner)])


def opens_a_block(parent: ast.AST, child: ast.AST) -> bool:
    """Whether it lies one deeper than its parent; an elif is an if alone in the other branch."""
    is_elif = isinstance(parent, ast.If) and isinstance(child, ast.If) and parent.orelse == [child]
    return isinstance(child, BLOCKS) and not is_elif


def decisions(node: ast.AST) -> int:
    """Count the ways that part here."""
    if isinstance(node, ast.BoolOp):
        return len(node.values) - 1
    if isinstance(node, ast.comprehension):
        return 1 + len(node.ifs)
    if isinstance(node, ast.match_case):
        return int(not isinstance(node.pattern, ast.MatchAs) or node.pattern.pattern is not None)
    return int(isinstance(node, DECISIONS))


def own_nodes(node: ast.AST) -> Iterator[ast.AST]:
    """Walk what is the function's own, not a nested function's."""
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield child
            yield from own_nodes(child)


def parameters(arguments: ast.arguments) -> int:
    """Count what a caller may give."""
    named = [argument.arg for argument in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)]
    own = bool(named) and named[0] in {"self", "cls"}
    return len(named) - own + (arguments.vararg is not None) + (arguments.kwarg is not None)


def is_route(decorator: ast.expr) -> bool:
    """Whether a decorator ties a function to an address: `@blueprint.get(...)`."""
    called = decorator.func if isinstance(decorator, ast.Call) else None
    return isinstance(called, ast.Attribute) and called.attr in ROUTES


def comments_per_hundred(module: Module) -> float:
    """Give comments per 100 lines of code; 0 for a file too small for a share to say anything."""
    tokens = tokenize.generate_tokens(io.StringIO(module.text).readline)
    count = sum(token.type == tokenize.COMMENT and not is_instruction(token.string) for token in tokens)
    lines = code_lines(module)
    return 100 * count / lines if lines >= SMALLEST_FILE_FOR_A_SHARE else 0.0


def is_instruction(comment: str) -> bool:
    """Whether a comment speaks to a tool; its reason is asked for by that tool."""
    return comment.startswith(("#!", "# noqa", "# type:"))


def code_lines(module: Module) -> int:
    """Count the lines that are neither blank, nor comment, nor docstring."""
    plain = sum(bool(line.strip()) and not line.lstrip().startswith("#") for line in module.text.splitlines())
    explained = [node for node in ast.walk(module.tree) if isinstance(node, Function | ast.ClassDef | ast.Module)]
    blank = sum((ast.get_docstring(node, clean=False) or "").count("\n\n") for node in explained)
    return plain - sum(map(docstring_lines, explained)) + blank

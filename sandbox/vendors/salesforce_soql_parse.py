"""SOQL's grammar: one function a rule, from tokens to the tree of salesforce_soql_syntax."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from sandbox.vendors.salesforce_http import Refused
from sandbox.vendors.salesforce_soql_syntax import (
    Among,
    Both,
    Compare,
    Condition,
    Function,
    Literal,
    Not,
    Operand,
    Order,
    Path,
    Query,
    Token,
    to_tokens,
    unexpected,
)

SIGNS = frozenset(("=", "!=", "<>", "<", "<=", ">", ">="))
CLAUSES = frozenset(
    ("FROM", "WHERE", "GROUP", "HAVING", "ORDER", "LIMIT", "OFFSET", "WITH", "FOR", "ALL", "USING")
)
MOST_CHARACTERS = 100_000
MOST_OFFSET = 2_000
DEEPEST = 50
Part = TypeVar("Part")


def parse(text: str) -> Query:
    """The tree of one query; 400 MALFORMED_QUERY for anything else."""
    if len(text) > MOST_CHARACTERS:
        raise Refused(
            400, "MALFORMED_QUERY", "SOQL statements cannot be longer than 100000 characters."
        )
    parser = Parser(text, to_tokens(text))
    query = parser.query()
    if parser.peek() is not None:
        raise parser.unexpected()
    return query


class Parser:
    """A place in a list of tokens."""

    def __init__(self, text: str, tokens: Sequence[Token]) -> None:
        self._text = text
        self._tokens = tokens
        self._place = 0
        self._depth = 0

    def peek(self, ahead: int = 0) -> Token | None:
        place = self._place + ahead
        return self._tokens[place] if place < len(self._tokens) else None

    def unexpected(self) -> Refused:
        return unexpected(self._text, self.peek())

    def query(self) -> Query:
        self._need("SELECT")
        select = self._list(self._selected)
        self._need("FROM")
        source = self._name()
        alias = self._alias()
        if self._took("USING"):
            self._need("SCOPE")
            self._name()
        where = self._condition() if self._took("WHERE") else None
        if self._took("WITH"):
            self._name()
        group = self._list(self._operand) if self._took("GROUP", "BY") else ()
        having = self._condition() if self._took("HAVING") else None
        order = self._list(self._order) if self._took("ORDER", "BY") else ()
        limit = self._whole() if self._took("LIMIT") else None
        offset = self._whole() if self._took("OFFSET") else 0
        if offset > MOST_OFFSET:
            message = f"Maximum SOQL offset allowed is {MOST_OFFSET}"
            raise Refused(400, "NUMBER_OUTSIDE_VALID_RANGE", message)
        all_rows = self._took("ALL", "ROWS")
        if self._took("FOR"):
            self._name()
        return Query(
            text=self._text,
            select=select,
            source=source,
            alias=alias,
            where=where,
            group=group,
            having=having,
            order=order,
            limit=limit,
            offset=offset,
            all_rows=all_rows,
        )

    def _selected(self) -> "Operand | Query":
        if self._took("("):
            query = self.query()
            self._need(")")
            return query
        operand = self._operand()
        following = self.peek()
        is_alias = following is not None and following.kind == "name"
        if is_alias and following is not None and following.word not in CLAUSES:
            alias = self._name().text
            if isinstance(operand, Path):
                operand = Function("", operand, operand.at, alias)
            else:
                operand = Function(operand.name, operand.argument, operand.at, alias)
        return operand

    def _operand(self) -> Operand:
        name = self._name()
        if not self._took("("):
            return Path(tuple(name.text.split(".")), name.at)
        argument = None if self._sees(")") else self._operand()
        self._need(")")
        return Function(name.text.upper(), argument, name.at)

    def _condition(self) -> Condition:
        """Terms joined by AND, or by OR; both together need parentheses."""
        self._depth += 1
        if self._depth > DEEPEST:
            raise Refused(400, "MALFORMED_QUERY", "SOQL statement is nested too deeply")
        parts = [self._term()]
        word = next((word for word in ("AND", "OR") if self._sees(word)), "")
        while word and self._took(word):
            parts.append(self._term())
        if self._sees("AND") or self._sees("OR"):
            raise self.unexpected()
        self._depth -= 1
        return Both(word, tuple(parts)) if word else parts[0]

    def _term(self) -> Condition:
        if self._took("NOT"):
            return Not(self._term())
        if self._took("("):
            inner = self._condition()
            self._need(")")
            return inner
        return self._comparison()

    def _comparison(self) -> Condition:
        left = self._operand()
        if self._took("NOT", "IN"):
            return Among(left, "NOT IN", self._members())
        for word in ("IN", "INCLUDES", "EXCLUDES"):
            if self._took(word):
                return Among(left, word, self._members())
        if self._took("LIKE"):
            return Compare(left, "LIKE", self._literal())
        sign = self.peek()
        if sign is None or sign.text not in SIGNS:
            raise self.unexpected()
        self._place += 1
        return Compare(left, sign.text.replace("<>", "!="), self._literal())

    def _members(self) -> tuple[Literal, ...] | Query:
        self._need("(")
        members = self.query() if self._sees("SELECT") else self._list(self._literal)
        self._need(")")
        return members

    def _literal(self) -> Literal:
        token = self.peek()
        if token is None:
            raise self.unexpected()
        self._place += 1
        if token.kind in ("text", "number", "moment"):
            return Literal(token.kind, token.text, token.at)
        word = token.word
        if word in ("TRUE", "FALSE"):
            return Literal("flag", word, token.at)
        if word == "NULL":
            return Literal("null", word, token.at)
        if not word or "." in word or word in CLAUSES:
            self._place -= 1
            raise self.unexpected()
        count = self._whole() if self._took(":") else None
        return Literal("range", word, token.at, count)

    def _order(self) -> Order:
        by = self._operand()
        is_descending = self._took("DESC")
        if not is_descending:
            self._took("ASC")
        if not self._took("NULLS"):
            return Order(by, is_descending, nulls_last=False)
        nulls_last = self._took("LAST")
        if not nulls_last:
            self._need("FIRST")
        return Order(by, is_descending, nulls_last=nulls_last)

    def _alias(self) -> str | None:
        token = self.peek()
        if token is None or token.kind != "name" or token.word in CLAUSES:
            return None
        return self._name().text

    def _list(self, rule: Callable[[], Part]) -> tuple[Part, ...]:
        parts = [rule()]
        while self._took(","):
            parts.append(rule())
        return tuple(parts)

    def _name(self) -> Token:
        token = self.peek()
        if token is None or token.kind != "name":
            raise self.unexpected()
        self._place += 1
        return token

    def _whole(self) -> int:
        token = self.peek()
        if token is None or not token.text.isdigit():
            raise self.unexpected()
        self._place += 1
        return int(token.text)

    def _sees(self, *words: str) -> bool:
        tokens = [self.peek(ahead) for ahead in range(len(words))]
        return all(
            token is not None and word in (token.word, token.text)
            for word, token in zip(words, tokens, strict=True)
        )

    def _took(self, *words: str) -> bool:
        is_next = self._sees(*words)
        self._place += len(words) if is_next else 0
        return is_next

    def _need(self, word: str) -> None:
        if not self._took(word):
            raise self.unexpected()

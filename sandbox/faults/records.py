"""Finding and changing records in the vendors' envelopes, whose lists have different names."""

from typing import Any

Document = dict[str, Any]


def records_of(document: object) -> list[Any] | None:
    """The page's list, as `list_of`; a lone object counts as a page of one record."""
    listed = list_of(document)
    if listed is not None or not isinstance(document, dict):
        return listed
    if "id" in document or "Id" in document:
        return [document]
    inner = [value for value in document.values() if isinstance(value, dict) and "id" in value]
    return inner[:1] or None


def list_of(document: object) -> list[Any] | None:
    """The page's list itself, to change in place; None where there is none.

    HubSpot and PostHog call it results, Stripe data, Chargebee list, Zendesk by what it holds; the
    rows of Salesforce's collections are the document.
    """
    if not isinstance(document, dict):
        return document if isinstance(document, list) and _is_rows(document) else None
    for name in ("results", "data"):
        if isinstance(document.get(name), list):
            return document[name]
    named = [value for key, value in document.items() if key != "errors" and _is_rows(value)]
    return named[0] if named else None


def _is_rows(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(row, dict) for row in value)


def change_records(document: Document, fault: str, options: dict[str, Any]) -> bool:
    """Apply one record fault; false when the page has no such record or field."""
    columns = _columns_of(document)
    if columns is not None and fault in {"new_field", "drop_field", "rename_field"}:
        return _change_column(document, columns, fault, options)
    rows = records_of(document) or []
    first_only = fault in {"set", "no_id"}
    n = options.get("n", 0 if first_only else None)
    chosen = rows if n is None else rows[n : n + 1]
    return any([_change(row, columns, fault, options) for row in chosen])  # noqa: C419 - all of them


def change_field(document: Document, row: Any, fault: str, options: dict[str, Any]) -> bool:  # noqa: ANN401
    """Apply a record fault to one record of the page; false when it has no such field."""
    return _change(row, _columns_of(document), fault, options)


def _columns_of(document: object) -> list[str] | None:
    """The names of a query's columns, where rows are lists."""
    columns = document.get("columns") if isinstance(document, dict) else None
    return columns if isinstance(columns, list) else None


def _resource(row: Any) -> Any:  # noqa: ANN401
    """What a row holds where it wraps its resource by name, as Chargebee's do; else the row."""
    if not isinstance(row, dict) or "id" in row:
        return row
    first = next(iter(row.values()), None)
    return first if isinstance(first, dict) and "object" in first else row


def _change(row: Any, columns: list[str] | None, fault: str, options: dict[str, Any]) -> bool:  # noqa: ANN401
    row = _resource(row)
    field = _id_of(row) if fault == "no_id" else options["field"]
    if columns is not None:
        field = _in_columns(field, columns)
    *path, last = field.split(".")
    holder = _walk(row, path)
    key: Any = int(last) if isinstance(holder, list) and last.isdigit() else last
    if fault in {"set", "new_field"} and isinstance(holder, dict):
        holder[key] = options["value"]
        return True
    if not _has(holder, key):
        return False
    _CHANGES[fault](holder, key, options)
    return True


def _id_of(row: Any) -> str:  # noqa: ANN401
    return "Id" if isinstance(row, dict) and "Id" in row else "id"


def _in_columns(field: str, columns: list[str]) -> str:
    """A query's rows are lists: turn the column's name into its place; id is the first column."""
    if field == "id":
        return "0"
    name, _, rest = field.partition(".")
    place = str(columns.index(name)) if name in columns else name
    return f"{place}.{rest}" if rest else place


def _walk(value: Any, path: list[str]) -> Any:  # noqa: ANN401
    for part in path:
        key: Any = int(part) if isinstance(value, list) and part.isdigit() else part
        if not _has(value, key):
            return None
        value = value[key]
    return value


def _has(holder: Any, key: Any) -> bool:  # noqa: ANN401
    if isinstance(holder, dict):
        return key in holder
    return isinstance(holder, list) and isinstance(key, int) and key < len(holder)


def _drop(holder: Any, key: Any, options: dict[str, Any]) -> None:  # noqa: ANN401, ARG001
    if isinstance(holder, list):
        holder[key] = None
    else:
        del holder[key]


def _rename(holder: Any, key: Any, options: dict[str, Any]) -> None:  # noqa: ANN401
    holder[options["to"]] = holder.pop(key)


def _retype(holder: Any, key: Any, options: dict[str, Any]) -> None:  # noqa: ANN401
    holder[key] = _as(holder[key], options["to"])


def _set(holder: Any, key: Any, options: dict[str, Any]) -> None:  # noqa: ANN401
    holder[key] = options["value"]


_CHANGES = {
    "drop_field": _drop,
    "no_id": _drop,
    "rename_field": _rename,
    "retype_field": _retype,
    "set": _set,
}


def _as(value: object, kind: str) -> object:
    if kind == "text":
        return str(value)
    if kind == "list":
        return [value]
    if kind == "object":
        return {"value": value}
    try:
        return float(str(value))
    except ValueError:
        return float(len(str(value)))


def _change_column(
    document: Document, columns: list[str], fault: str, options: dict[str, Any]
) -> bool:
    types = document.get("types") or []
    if fault == "new_field":
        for row, cell in ((columns, options["field"]), (types, [options["field"], "String"])):
            row.extend([cell] if row else [])
        for row in document["results"]:
            row.append(options["value"])
        return True
    if options["field"] not in columns:
        return False
    place = columns.index(options["field"])
    if fault == "rename_field":
        columns[place] = options["to"]
        if types:
            types[place][0] = options["to"]
        return True
    for row in (columns, *filter(None, [types]), *document["results"]):
        del row[place]
    return True

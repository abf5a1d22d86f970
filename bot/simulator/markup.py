"""Telegram's HTML: read it as strictly as Telegram does, and write it again from text and entities.

Offsets and lengths are in UTF-16 units, as everywhere in the Bot API. In one thing this is stricter than
Telegram: it refuses `&nbsp;` and the like, which Telegram shows to the person as they stand.
"""

from __future__ import annotations

import re
from html import escape
from typing import Any

Entity = dict[str, Any]

_KINDS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "a": "text_link",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "tg-emoji": "custom_emoji",
}
_TAGS = {
    "bold": "b",
    "italic": "i",
    "underline": "u",
    "strikethrough": "s",
    "code": "code",
    "spoiler": "tg-spoiler",
    "blockquote": "blockquote",
}
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_CHARACTER = re.compile(r"&(?:#(x[0-9a-f]+|[0-9]+)|([a-z][a-z0-9]*));?", re.IGNORECASE)
_SPECIAL = re.compile(r"[<&]")
_ATTRIBUTE = re.compile(r"""\s*([^\s=>]*)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([a-zA-Z0-9.-]+)))?""")
_FOUND = re.compile(
    r"(?P<url>\bhttps?://[^\s<>\"]+[^\s<>\".,;:!?)\]])"
    r"|(?P<email>\b[\w.+-]+@[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}\b)"
    r"|(?<![\w/<])(?P<bot_command>/[A-Za-z0-9_]{1,64}(?:@\w{3,32})?)(?![\w/])",
    re.IGNORECASE,
)
_LONGEST_CODE_POINT = 0x10FFFF


class MarkupError(ValueError):
    """The markup cannot be read; the message is Telegram's."""


def units(text: str) -> int:
    """Return the length of `text` in UTF-16 units."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2


def parse_html(source: str) -> tuple[str, list[Entity]]:
    """Return the plain text and the entities of `source`."""
    parts: list[str] = []
    entities: list[Entity] = []
    stack: list[tuple[str, int, Entity]] = []
    length = position = 0
    while (special := _SPECIAL.search(source, position)) is not None:
        start = special.start()
        parts.append(source[position:start])
        length += units(parts[-1])
        if source[start] == "&":
            text, position = _character(source, start)
            parts.append(text)
            length += units(text)
        elif source.startswith("</", start):
            position = _end_tag(source, start, stack, entities, length)
        else:
            position = _start_tag(source, start, stack, length)
    parts.append(source[position:])
    if stack:
        raise MarkupError(f'Can\'t find end tag corresponding to start tag "{stack[-1][0]}"')
    entities.sort(key=lambda entity: (entity["offset"], -entity["length"]))
    return "".join(parts), entities


def trimmed(text: str, entities: list[Entity]) -> tuple[str, list[Entity]]:
    """Return text and entities without the white space around the text, which Telegram drops."""
    left = text.lstrip()
    short = left.rstrip()
    if len(short) == len(text):
        return text, entities
    before, length = units(text) - units(left), units(short)
    kept = []
    for entity in entities:
        start = min(max(entity["offset"] - before, 0), length)
        end = min(entity["offset"] + entity["length"] - before, length)
        if end > start:
            kept.append({**entity, "offset": start, "length": end - start})
    return short, kept


def with_found(text: str, entities: list[Entity]) -> list[Entity]:
    """Return the entities with the links, addresses and commands that Telegram finds by itself."""
    if "/" not in text and "@" not in text:
        return entities
    taken = [
        (entity["offset"], entity["offset"] + entity["length"])
        for entity in entities
        if entity["type"] in ("text_link", "code", "pre")
    ]
    found = list(entities)
    for match in _FOUND.finditer(text):
        start, length = units(text[: match.start()]), units(match.group())
        if not any(start < last and first < start + length for first, last in taken):
            found.append({"type": match.lastgroup, "offset": start, "length": length})
    found.sort(key=lambda entity: (entity["offset"], -entity["length"]))
    return found


def to_html(text: str, entities: list[Entity]) -> str:
    """Return text and entities as HTML in Telegram's own tags."""
    if not entities:
        return escape(text, quote=False)
    raw = text.encode("utf-16-le")
    opens: dict[int, list[str]] = {}
    closes: dict[int, list[str]] = {}
    for entity in entities:
        tags = _written(entity)
        if tags is not None:
            opens.setdefault(entity["offset"], []).append(tags[0])
            closes.setdefault(entity["offset"] + entity["length"], []).insert(0, tags[1])
    parts: list[str] = []
    last = 0
    for place in sorted({*opens, *closes}):
        parts.append(escape(raw[last * 2 : place * 2].decode("utf-16-le", "replace"), quote=False))
        parts.extend(closes.get(place, ()))
        parts.extend(opens.get(place, ()))
        last = place
    parts.append(escape(raw[last * 2 :].decode("utf-16-le", "replace"), quote=False))
    return "".join(parts)


def _written(entity: Entity) -> tuple[str, str] | None:
    kind = entity["type"]
    if kind == "text_link":
        return f'<a href="{escape(entity["url"])}">', "</a>"
    if kind == "pre":
        language = entity.get("language")
        if language:
            return f'<pre><code class="language-{escape(language)}">', "</code></pre>"
        return "<pre>", "</pre>"
    if kind == "expandable_blockquote":
        return "<blockquote expandable>", "</blockquote>"
    if kind == "custom_emoji":
        return f'<tg-emoji emoji-id="{escape(entity["custom_emoji_id"])}">', "</tg-emoji>"
    tag = _TAGS.get(kind)
    return None if tag is None else (f"<{tag}>", f"</{tag}>")


def _bytes_before(source: str, place: int) -> int:
    return len(source[:place].encode())


def _character(source: str, start: int) -> tuple[str, int]:
    match = _CHARACTER.match(source, start)
    if match is None:
        return "&", start + 1
    number, name = match.groups()
    if name is not None:
        if name in _NAMED:
            return _NAMED[name], match.end()
    else:
        code = int(number[1:], 16) if number[0] in "xX" else int(number)
        if 0 < code <= _LONGEST_CODE_POINT and not 0xD800 <= code < 0xE000:
            return chr(code), match.end()
    if not match.group().endswith(";"):
        return "&", start + 1
    raise MarkupError(
        f'Unsupported HTML entity "{match.group()}" at byte offset {_bytes_before(source, start)}'
    )


def _start_tag(source: str, start: int, stack: list[tuple[str, int, Entity]], length: int) -> int:
    at = _bytes_before(source, start)
    name_ends = re.compile(r"[\s>]").search(source, start)
    if name_ends is None:
        raise MarkupError(f"Unclosed start tag at byte offset {at}")
    tag = source[start + 1 : name_ends.start()].lower()
    if tag not in _KINDS:
        raise MarkupError(f'Unsupported start tag "{tag}" at byte offset {at}')
    attributes: dict[str, str] = {}
    place = name_ends.start()
    while True:
        while place < len(source) and source[place].isspace():
            place += 1
        if place >= len(source):
            raise MarkupError(f'Unclosed start tag "{tag}" at byte offset {at}')
        if source[place] == ">":
            break
        match = _ATTRIBUTE.match(source, place)
        if match is None or not match.group(1):
            raise MarkupError(f'Empty attribute name in the tag "{tag}" at byte offset {at}')
        value = match.group(2) or match.group(3) or match.group(4) or ""
        attributes[match.group(1).lower()] = _decoded(value)
        place = match.end()
        if place < len(source) and not source[place].isspace() and source[place] != ">":
            raise MarkupError(f'Unclosed start tag "{tag}" at byte offset {at}')
    stack.append((tag, length, _entity(tag, attributes, at)))
    return place + 1


def _decoded(value: str) -> str:
    parts: list[str] = []
    position = 0
    while (ampersand := value.find("&", position)) != -1:
        parts.append(value[position:ampersand])
        text, position = _character(value, ampersand)
        parts.append(text)
    parts.append(value[position:])
    return "".join(parts)


def _entity(tag: str, attributes: dict[str, str], at: int) -> Entity:
    entity: Entity = {"type": _KINDS[tag]}
    if tag == "span" and attributes.get("class") != "tg-spoiler":
        raise MarkupError(f'Tag "span" must have class "tg-spoiler" at byte offset {at}')
    if tag == "a":
        entity["url"] = attributes.get("href", "")
    elif tag == "blockquote" and "expandable" in attributes:
        entity["type"] = "expandable_blockquote"
    elif tag == "tg-emoji":
        if not attributes.get("emoji-id", "").isdecimal():
            raise MarkupError(f'Tag "tg-emoji" must have attribute "emoji-id" at byte offset {at}')
        entity["custom_emoji_id"] = attributes["emoji-id"]
    elif tag == "code" and attributes.get("class", "").startswith("language-"):
        entity["language"] = attributes["class"].removeprefix("language-")
    return entity


def _end_tag(
    source: str, start: int, stack: list[tuple[str, int, Entity]], entities: list[Entity], length: int
) -> int:
    at = _bytes_before(source, start)
    end = source.find(">", start)
    if end == -1:
        raise MarkupError(f"Unclosed end tag at byte offset {at}")
    if not stack:
        raise MarkupError(f"Unexpected end tag at byte offset {at}")
    tag, offset, entity = stack.pop()
    found = source[start + 2 : end].rstrip().lower()
    if found not in ("", tag):
        raise MarkupError(f'Unmatched end tag at byte offset {at}, expected "</{tag}>", found "</{found}>"')
    entity |= {"offset": offset, "length": length - offset}
    if entity["length"] == 0 or (entity["type"] == "text_link" and not entity["url"]):
        return end + 1
    inner = entities[-1] if entities else None
    if tag == "pre" and inner is not None and inner["type"] == "code" and "language" in inner:
        if (inner["offset"], inner["length"]) == (offset, entity["length"]):
            entities.pop()
            entity["language"] = inner["language"]
    elif tag == "code" and "language" in entity and not (stack and stack[-1][0] == "pre"):
        del entity["language"]
    if "blockquote" in entity["type"] and any(open_tag == "blockquote" for open_tag, _, _ in stack):
        return end + 1
    entities.append(entity)
    return end + 1

"""The base of every .docx: styles, numbering and settings, made by code so that they can be read and compared."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass
from typing import Final

import docx
from docx.document import Document as Word
from docx.oxml.ns import qn

from capaian.documents import theme
from capaian.documents.docx.xml import Element, twips, w
from capaian.documents.layout import Plan
from capaian.documents.measures import ContentsSize, contents_sizes

BODY: Final = "BodyText"
CAPTION: Final = "Caption"
_SPACING: Final = round(240 * theme.LINE_SPACING)

# Multi-level numbering ids of the three kinds of lists; each list gets a number of its own on one of them.
ABSTRACT: Final = {"number": 1, "letter": 2, "bullet": 3}
_FORMATS: Final = {"number": ("decimal", "%1."), "letter": ("lowerLetter", "%1."), "bullet": ("bullet", "–")}


@dataclass(frozen=True)
class ContentsStyle:
    """How wide numbers stand in the lists of contents: levels 1 to 3 of headings, and captions."""

    levels: tuple[ContentsSize, ContentsSize, ContentsSize]
    captions: ContentsSize


def contents_style(drawn: Plan) -> ContentsStyle:
    """The sizes that the numbers of this document need."""
    first, second, third = contents_sizes(drawn, "toc")
    tables, figures = contents_sizes(drawn, "tables")[0], contents_sizes(drawn, "figures")[0]
    return ContentsStyle((first, second, third), max(tables, figures, key=lambda size: size.width))


def base_document(language: str, contents: ContentsStyle) -> Word:
    """An empty Word document with the styles of this project; nothing in it depends on the day or the machine."""
    word = docx.Document()
    body = word.element.body
    for child in list(body):
        body.remove(child)
    _restyle(word, language, contents)
    _numbering(word)
    _settings(word)
    return word


def _restyle(word: Word, language: str, contents: ContentsStyle) -> None:
    styles = word.styles.element
    for style in list(styles.findall(qn("w:style"))):
        styles.remove(style)
    defaults = styles.find(qn("w:docDefaults"))
    if defaults is not None:
        styles.remove(defaults)
    styles.insert(0, _defaults(language))
    for style in (*_styles(), *_contents_styles(contents)):
        styles.append(style)


def _fonts() -> Element:
    name = theme.FONT_OFFICE
    return w("rFonts", ascii=name, hAnsi=name, cs=name, eastAsia=name)


def _defaults(language: str) -> Element:
    size = round(theme.BODY_PT * 2)
    code = {"id": "id-ID", "en": "en-GB"}.get(language, language)
    looks = w("rPr", _fonts(), w("sz", val=size), w("szCs", val=size), w("lang", val=code, eastAsia=code))
    return w("docDefaults", w("rPrDefault", looks), w("pPrDefault", w("pPr")))


def _style(
    identifier: str,
    name: str,
    *,
    based: str = "Normal",
    following: str = "",
    paragraph: tuple[Element, ...] = (),
    character: tuple[Element, ...] = (),
    default: bool = False,
) -> Element:
    attributes = {"type": "paragraph", "styleId": identifier} | ({"default": "1"} if default else {})
    style = w("style", w("name", val=name), **attributes)
    if not default:
        style.append(w("basedOn", val=based))
    if following:
        style.append(w("next", val=following))
    style.append(w("qFormat"))
    # An element has one parent only; copies let styles share their parts.
    style.append(w("pPr", *deepcopy(paragraph)))
    style.append(w("rPr", *deepcopy(character)))
    return style


def _space(before: float, after: float, line: int = 0) -> Element:
    rule = {"line": line, "lineRule": "auto"} if line else {}
    return w("spacing", before=round(before * 20), after=round(after * 20), **rule)


def _size(points: float) -> tuple[Element, Element]:
    return w("sz", val=round(points * 2)), w("szCs", val=round(points * 2))


def _bold() -> Element:
    return w("b")


def _colour(value: str) -> Element:
    return w("color", val=value)


def _styles() -> list[Element]:
    return [*_text_styles(), *_heading_styles(), *_small_styles(), *_other_styles()]


def _text_styles() -> list[Element]:
    border = w("left", val="single", sz=20, space=8, color=theme.ACCENT)
    return [
        _style("Normal", "Normal", paragraph=(_space(0, 0, 240),), default=True),
        _style(BODY, "Body Text", paragraph=(_space(0, 6, _SPACING), w("jc", val="both"))),
        _style(
            "Lead",
            "Capaian Lead",
            based=BODY,
            following=BODY,
            paragraph=(w("pBdr", border), _space(4, 9, _SPACING), w("ind", left=twips(4))),
        ),
        _style(
            "Note",
            "Capaian Note",
            based=BODY,
            paragraph=(_space(0, 6, 264),),
            character=(_colour(theme.MUTED), *_size(9)),
        ),
        _style("Centered", "Capaian Centered", based=BODY, paragraph=(w("jc", val="center"),)),
        _style("ListItem", "List Paragraph", based=BODY, paragraph=(_space(0, 3, _SPACING),)),
    ]


def _heading_styles() -> list[Element]:
    def heading(
        level: int, before: float, after: float, size: float, *extra: Element, centred: bool = False
    ) -> Element:
        middle = (w("jc", val="center" if centred else "left"),)
        settings = (w("keepNext"), w("keepLines"), _space(before, after, 264), *middle, w("outlineLvl", val=level - 1))
        return _style(
            f"Heading{level}",
            f"heading {level}",
            following=BODY,
            paragraph=settings,
            character=(_bold(), *extra, *_size(size)),
        )

    title = (w("keepNext"), _space(0, 16, 264), w("jc", val="center"))
    return [
        heading(1, 0, 18, 14, centred=True),
        heading(2, 14, 7, 12),
        heading(3, 11, 6, 11),
        heading(4, 9, 5, 11, w("i")),
        _style("ContentsTitle", "TOC Heading", following=BODY, paragraph=title, character=(_bold(), *_size(14))),
    ]


def _small_styles() -> list[Element]:
    caption = (w("keepNext"), w("keepLines"), _space(12, 5), w("jc", val="center"))
    below = (w("keepLines"), _space(5, 12), w("jc", val="center"))
    source = (_space(4, 12),)
    look = (w("i"), _colour(theme.MUTED), *_size(8.5))
    line = {"val": "single", "sz": 4, "space": 4, "color": theme.BORDER}
    running = (_colour(theme.MUTED), *_size(8.5))
    return [
        _style(CAPTION, "caption", following=BODY, paragraph=caption, character=(_bold(), *_size(10))),
        _style(
            "FigureCaption",
            "Capaian Figure Caption",
            based=CAPTION,
            following=BODY,
            paragraph=(w("keepNext", val="0"), *below),
        ),
        _style("Source", "Capaian Source", following=BODY, paragraph=source, character=look),
        _style("Figure", "Capaian Figure", paragraph=(w("keepNext"), _space(10, 0), w("jc", val="center"))),
        _style("CellText", "Capaian Cell", paragraph=(_space(0, 0, 240),)),
        _style("Gap", "Capaian Gap", paragraph=(_space(0, 0, 240),), character=_size(6)),
        _style("Header", "header", paragraph=(w("pBdr", w("bottom", **line)),), character=running),
        _style("Footer", "footer", paragraph=(w("pBdr", w("top", **line)),), character=running),
        _style(
            "Signature",
            "Signature",
            paragraph=(w("keepNext"), w("keepLines"), _space(0, 0, 264), w("jc", val="center")),
        ),
    ]


def _contents_styles(contents: ContentsStyle) -> list[Element]:
    """The lines of the three lists; their tab stop at the right margin is that of an upright page."""
    right = twips(theme.text_width_mm("portrait"))

    def line(identifier: str, name: str, size: ContentsSize, before: float, *extra: Element) -> Element:
        hang = twips(size.left + size.width)
        stops = w("tabs", w("tab", val="left", pos=hang), w("tab", val="right", leader="dot", pos=right))
        indent = w("ind", left=hang, hanging=twips(size.width))
        return _style(identifier, name, paragraph=(stops, _space(before, 2, 252), indent), character=extra)

    first, second, third = contents.levels
    return [
        line("TOC1", "toc 1", first, 6, _bold()),
        line("TOC2", "toc 2", second, 0),
        line("TOC3", "toc 3", third, 0),
        line("TableofFigures", "table of figures", contents.captions, 2),
    ]


def _other_styles() -> list[Element]:
    cover = (_space(0, 10, 288), w("jc", val="center"))
    white = _colour("FFFFFF")
    line = w("pBdr", w("bottom", val="single", sz=12, space=10, color=theme.ACCENT))
    office = w(
        "style",
        w("name", val="Default Paragraph Font"),
        w("uiPriority", val=1),
        w("semiHidden"),
        type="character",
        default="1",
        styleId="DefaultParagraphFont",
    )
    table = w(
        "style",
        w("name", val="Normal Table"),
        w("uiPriority", val=99),
        w("semiHidden"),
        w("tblPr", w("tblInd", w=0, type="dxa")),
        type="table",
        default="1",
        styleId="TableNormal",
    )
    link = w(
        "style",
        w("name", val="Hyperlink"),
        w("basedOn", val="DefaultParagraphFont"),
        w("rPr"),
        type="character",
        styleId="Hyperlink",
    )
    return [
        office,
        table,
        link,
        _style("CoverAuthority", "Capaian Cover Authority", paragraph=cover, character=(w("caps"), *_size(13))),
        _style(
            "CoverOffice",
            "Capaian Cover Office",
            paragraph=(line, *cover),
            character=(_bold(), w("caps"), _colour(theme.ACCENT), *_size(18)),
        ),
        _style("CoverTitle", "Title", paragraph=cover, character=(_bold(), w("caps"), white, *_size(24))),
        _style("CoverSubtitle", "Subtitle", paragraph=cover, character=(w("caps"), white, *_size(17))),
        _style("CoverAddress", "Capaian Cover Address", paragraph=cover, character=(_colour(theme.MUTED), *_size(10))),
        _style("CoverYear", "Capaian Cover Year", paragraph=cover, character=(_bold(), *_size(14))),
    ]


def _numbering(word: Word) -> None:
    numbering = word.part.numbering_part.element
    for child in list(numbering):
        numbering.remove(child)
    for kind, identifier in ABSTRACT.items():
        form, mark = _FORMATS[kind]
        level = w(
            "lvl",
            w("start", val=1),
            w("numFmt", val=form),
            w("lvlText", val=mark),
            w("lvlJc", val="left"),
            w("pPr", w("ind", left=twips(9), hanging=twips(6))),
            ilvl=0,
        )
        numbering.append(w("abstractNum", w("multiLevelType", val="singleLevel"), level, abstractNumId=identifier))


def add_list(word: Word, kind: str) -> int:
    """A new list of a kind that counts from the beginning; the id its paragraphs carry."""
    numbering = word.part.numbering_part.element
    number = len(numbering.findall(qn("w:num"))) + 1
    restart = w("lvlOverride", w("startOverride", val=1), ilvl=0)
    numbering.append(w("num", w("abstractNumId", val=ABSTRACT[kind]), restart, numId=number))
    return number


def _settings(word: Word) -> None:
    settings = word.settings.element
    for child in list(settings):
        settings.remove(child)
    # The order is the schema's. Fields are computed anew when the file is opened: page numbers are known only there.
    modern = w("compatSetting", name="compatibilityMode", uri="http://schemas.microsoft.com/office/word", val=15)
    for part in (
        w("zoom", percent=100),
        w("defaultTabStop", val=720),
        w("characterSpacingControl", val="doNotCompress"),
        w("updateFields", val="true"),
        w("compat", modern),
        w("themeFontLang", val="id-ID"),
        w("decimalSymbol", val=","),
        w("listSeparator", val=";"),
    ):
        settings.append(part)

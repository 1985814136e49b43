"""Small cartridges, made in code: a manifest around files, and items of QTI 1.2."""

from studio.exporting.written import zip_of
from studio.importing.archive import open_archive
from studio.importing.formats import read_source

CC = "http://www.imsglobal.org/xsd/imsccv1p{0}/imscp_v1p1"


def manifest(organization="", resources="", *, title="A course", version=3):
    organizations = f"<organizations>{organization}</organizations>"
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<manifest identifier="m" '
        f'xmlns="{CC.format(version)}" xmlns:lom="urn:lom"><metadata>'
        f"<schema>IMS Common Cartridge</schema><schemaversion>1.{version}.0</schemaversion>"
        f"<lom:lom><lom:general><lom:title><lom:string>{title}</lom:string></lom:title></lom:general></lom:lom></metadata>"
        f"{organizations}<resources>{resources}</resources></manifest>"
    )


def tree_of(*modules):
    """The organization: pairs of a module's title and its leaves, pairs of a title and a key."""
    items = "".join(
        f'<item identifier="m{number}"><title>{title}</title>{"".join(map(leaf, leaves))}</item>'
        for number, (title, leaves) in enumerate(modules, start=1)
    )
    return f'<organization structure="x"><item identifier="root">{items}</item></organization>'


def leaf(pair):
    title, key = pair
    return f'<item identifier="i-{key}" identifierref="{key}"><title>{title}</title></item>'


def resource(key, kind, *hrefs, inside=""):
    files = "".join(f'<file href="{href}"/>' for href in hrefs)
    href = f' href="{hrefs[0]}"' if hrefs else ""
    return f'<resource identifier="{key}" type="{kind}"{href}>{files}{inside}</resource>'


def read(files, slug="a-course", title=""):
    """The files as an archive, and that archive read."""
    encoded = {
        path: data.encode() if isinstance(data, str) else data for path, data in files.items()
    }
    return read_source(open_archive(zip_of(encoded, ""), "a-course"), slug, title)


def qti(*items, ident="quiz", title="A quiz", inside=""):
    return (
        '<?xml version="1.0"?><questestinterop xmlns="urn:qti">'
        f'<assessment ident="{ident}" title="{title}">{inside}<section ident="root_section">'
        f"{''.join(items)}</section></assessment></questestinterop>"
    )


def item(ident="q", *, kind="", presentation="", processing="", feedback="", **fields):
    fields = ({"question_type": kind} if kind else {}) | fields
    metadata = "".join(
        f"<qtimetadatafield><fieldlabel>{name}</fieldlabel><fieldentry>{value}</fieldentry>"
        "</qtimetadatafield>"
        for name, value in fields.items()
    )
    return (
        f'<item ident="{ident}"><itemmetadata><qtimetadata>{metadata}</qtimetadata></itemmetadata>'
        f"<presentation>{presentation}</presentation><resprocessing><outcomes>"
        f'<decvar maxvalue="100" varname="SCORE"/></outcomes>{processing}</resprocessing>'
        f"{feedback}</item>"
    )


def shown(text, kind="text/html"):
    text = text.replace("&", "&amp;").replace("<", "&lt;")
    return f'<material><mattext texttype="{kind}">{text}</mattext></material>'


def choices(*texts, cardinality="Single"):
    labels = "".join(
        f'<response_label ident="{text}">{shown(text, "text/plain")}</response_label>'
        for text in texts
    )
    return (
        f'<response_lid ident="r" rcardinality="{cardinality}"><render_choice>{labels}'
        "</render_choice></response_lid>"
    )


BLANK = (
    '<response_str ident="r"><render_fib><response_label ident="a"/></render_fib></response_str>'
)


def equal(text, more=""):
    return f'<varequal respident="r"{more}>{text}</varequal>'


def pays(condition, points=100, action="Set", feedback=""):
    link = f'<displayfeedback linkrefid="{feedback}"/>' if feedback else ""
    value = f'<setvar varname="SCORE" action="{action}">{points}</setvar>' if points else ""
    return f"<respcondition><conditionvar>{condition}</conditionvar>{value}{link}</respcondition>"


def feedback(ident, text):
    return f'<itemfeedback ident="{ident}"><flow_mat>{shown(text)}</flow_mat></itemfeedback>'


def single(ident="q", right="a"):
    return item(
        ident,
        kind="multiple_choice_question",
        presentation=shown("<p>Which?</p>") + choices("a", "b"),
        processing=pays(equal(right)),
    )


def told(course):
    return {skipped.path: skipped.reason for skipped in course.skipped}

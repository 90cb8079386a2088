"""What the site of docs/ needs beside mkdocs.yml: the pages outside docs/, and links that lead out of it.

The Markdown is written for a forge's view of the repository: README links to docs/, and docs/ to code. Here those
links are turned to pages of the site, each made of the file as it is, so that nothing is copied and nothing drifts.
mkdocs calls the functions `on_...`; a test uses the rest without it.
"""

import os
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DOCS = "docs/"
DECISIONS = "decisions/README.md"
NATIVE = {".md", ".svg", ".png", ".json"}  # what is shown as it lies in docs/
PICTURES = {".svg", ".png"}
_LINK = re.compile(r"\]\(([^)\s#]+)(?:#[^)]*)?\)")
_ELSEWHERE = re.compile(r"[a-z]+:|/|#")
_LANGUAGES = {".py": "python", ".yml": "yaml", ".sh": "bash", ".json": "json", ".toml": "toml"}
_now = {"page": ""}  # the page that is being rendered, as a path of the repository


def outside_pages() -> dict[str, str]:
    """Return the pages that lie outside docs/: from the path in the repository to the one in the site."""
    lessons = sorted(path.relative_to(ROOT).as_posix() for path in ROOT.glob("assignments/*/README.md"))
    return {"README.md": "overview.md", "CONTRIBUTING.md": "CONTRIBUTING.md", **{name: name for name in lessons}}


def decisions() -> list[str]:
    """Return the pages of the decisions, in order, as paths in docs/."""
    return sorted(f"decisions/{path.name}" for path in (ROOT / "docs" / "decisions").glob("[0-9]*.md"))


def filled(entries: list) -> list:
    """Return the entries of a navigation with the pages of a folder in the folder's place."""
    folders = {
        "assignments/": [uri for uri in outside_pages().values() if uri.startswith("assignments/")],
        "decisions/": [DECISIONS, *decisions()],
    }
    return [
        {title: filled(value) if isinstance(value, list) else folders.get(value, value)}
        for entry in entries
        for title, value in entry.items()
    ]


def in_site(name: str) -> str:
    """Return where a file of the repository stands in the site; code gets a page that shows it."""
    name = name.rstrip("/")
    if name == "docs/decisions":
        return DECISIONS
    if name in (pages := outside_pages()):
        return pages[name]
    suffix = Path(name).suffix
    if name.startswith(DOCS) and suffix in NATIVE:
        return name.removeprefix(DOCS)
    return name if suffix in PICTURES else f"files/{name}.md"


def target_of(link: str, page: str) -> str | None:
    """Return the file of the repository that a link on a page leads to, or None where it leads elsewhere."""
    if _ELSEWHERE.match(link):
        return None
    return os.path.normpath(Path(page).parent / link.partition("#")[0]).replace(os.sep, "/")


def linked_files() -> set[str]:
    """Return the files of the repository that any page links to, a few too many: code is not left out."""
    pages = [*outside_pages(), *(path.relative_to(ROOT).as_posix() for path in ROOT.glob("docs/**/*.md"))]
    found = {target_of(link, page) for page in pages for link in _LINK.findall((ROOT / page).read_text("utf-8"))}
    return {name for name in found if name and not name.startswith("..") and (ROOT / name).is_file()}


def table_of_decisions() -> str:
    """Return the page that lists the decisions by their titles."""
    lines = ["# Decisions", "", "What was at stake, what was chosen, and what it costs.", ""]
    for name in decisions():
        title = (ROOT / "docs" / name).read_text("utf-8").partition("\n")[0].removeprefix("# ")
        lines.append(f"- [{title.replace('. ', ' · ', 1)}]({Path(name).name})")
    return "\n".join(lines) + "\n"


def page_of(name: str) -> str:
    """Return a page that shows a file, kept out of the search."""
    text = (ROOT / name).read_text("utf-8")
    fence = "`" * max(3, 1 + max((len(run) for run in re.findall(r"`+", text)), default=0))
    kind = _LANGUAGES.get(Path(name).suffix, "text")
    return f"---\nsearch:\n  exclude: true\n---\n# {name}\n\n{fence}{kind}\n{text.rstrip()}\n{fence}\n"


def on_config(config):
    """Fill the folders in the navigation, and put the turning of links into Markdown."""
    config.nav = filled(config.nav)
    config.markdown_extensions.append(_links())
    return config


def on_files(files, config):
    """Add the pages outside docs/, and the files that pages link to."""
    from mkdocs.structure.files import File, InclusionLevel

    for name, uri in outside_pages().items():
        files.append(File.generated(config, uri, abs_src_path=str(ROOT / name)))
    files.append(File.generated(config, DECISIONS, content=table_of_decisions()))
    for name in sorted(linked_files()):
        uri = in_site(name)
        if uri.startswith("files/"):
            content, level = page_of(name), InclusionLevel.NOT_IN_NAV
            files.append(File.generated(config, uri, content=content, inclusion=level))
        elif files.get_file_from_path(uri) is None:
            files.append(File.generated(config, uri, abs_src_path=str(ROOT / name)))
    return files


def on_page_markdown(markdown, page, **_):
    """Remember whose links are turned next."""
    uri = page.file.src_uri
    _now["page"] = {site: name for name, site in outside_pages().items()}.get(uri, DOCS + uri)
    return markdown


def _links():
    """Return the extension of Markdown that turns a link for the forge into one for the site."""
    from markdown.extensions import Extension
    from markdown.treeprocessors import Treeprocessor

    class Links(Treeprocessor):
        def run(self, root):
            for element in root.iter():
                name = {"a": "href", "img": "src"}.get(element.tag)
                link = element.get(name) if name else None
                target = target_of(link, _now["page"]) if link else None
                if name is None or link is None or target is None or target.startswith(".."):
                    continue
                here = Path(in_site(_now["page"])).parent
                fragment = link.partition("#")[1] + link.partition("#")[2]
                element.set(name, os.path.relpath(in_site(target), here).replace(os.sep, "/") + fragment)

    class Turning(Extension):
        def extendMarkdown(self, md):  # noqa: N802 - the name is Markdown's
            md.treeprocessors.register(Links(md), "forge_links", 1)  # before mkdocs's own, which has 0

    return Turning()

"""What decorates, displays or mounts is stood in for where work is graded; what computes is not."""

import sys
import textwrap

import pytest

from grader.course.reading import find_course, load_assignment
from grader.errors import CourseError
from grader.worker.stand_ins import STAND_INS, install

HARMLESS = {
    "bars": "from tqdm import tqdm, trange\nassert [*tqdm(range(3), desc='a')] == [0, 1, 2] and [*trange(2)] == [0, 1]",
    "auto": "from tqdm.auto import tqdm\nassert [*tqdm([1])] == [1]",
    "notebook": "from tqdm.notebook import tqdm as bar, trange\nassert [*bar(zip([1], [2]))] == [(1, 2)]",
    "dotted": "import tqdm\nassert [*tqdm.tqdm([1])] == [1]",
    "enumerated": "from tqdm import auto\nassert [*enumerate(auto.tqdm('ab'))] == [(0, 'a'), (1, 'b')]",
    "contrib": "from tqdm.contrib import tenumerate, tzip\nassert [*tzip([1], [2])] == [(1, 2)]",
    "pbar": """
        from tqdm import tqdm
        with tqdm(total=5, leave=False) as pbar:
            pbar.set_description('a'); pbar.set_postfix(loss=1.0); pbar.set_postfix_str('b'); pbar.update(2)
            assert pbar.n == 2 and len(pbar) == 5
        pbar.close()
    """,
    "pyplot": """
        import matplotlib.pyplot as plt, matplotlib
        fig, ax = plt.subplots(); ax.plot([1], [2]); ax.set_xlabel('x'); fig.savefig('a.png')
        fig, (left, right) = plt.subplots(1, 2, figsize=(8, 3)); right.legend()
        fig, axes = plt.subplots(2, 2); axes[0, 1].imshow([[1]]); [one.grid() for one in axes.flat]
        line, = plt.plot([1]); counts, edges, patches = plt.hist([1]); plt.rcParams['font.size'] = 3
        with plt.style.context('dark'): plt.show()
    """,
    "star": "from matplotlib.pyplot import *\nplot([1]); xlabel('x'); figure(figsize=(1, 1)); show()",
    "IPython": "from IPython.display import display, clear_output, HTML\ndisplay(HTML('a')); clear_output(wait=True)",
    "Colab": "from google.colab import drive, files\ndrive.mount('/content/drive')\nassert dict(files.upload()) == {}",
    "PIL": "from PIL import Image\nImage.open('a.png').show()",
    "boards": "from torch.utils.tensorboard import SummaryWriter\nSummaryWriter('a').add_scalar('loss', 1.0, 0)",
    "decorators": """
        from ipywidgets import interact
        from jaxtyping import Float
        @interact(rate=(0, 1))
        def f(x: Float[int, 'n'] | None = None): return 1
        assert f() == 1
    """,
    "an author's": "import coursetools.plots as p\np.draw(1)",
}
NO_VALUE = ["{} + 1", "float({})", "[*{}]", "len({})", "{} > 1", "sum({})", "2 * {}"]
RIGHT = """
from tqdm.auto import tqdm
import matplotlib.pyplot as plt
import pandas as pd, torch
plt.plot([1], [2])
def double(x):
    total = 0 * x
    for _ in tqdm(range(2), desc="twice"):
        total = total + x
    plt.show()
    return total
def mean_square(x):
    return pd.Series(x).pow(2).mean()
"""


@pytest.fixture
def stood_in(monkeypatch):
    """Let this process have stand-ins, and give back what it had."""
    kept = dict(sys.modules)
    monkeypatch.setattr(sys, "meta_path", list(sys.meta_path))
    install(["coursetools"])
    yield
    sys.modules.clear()
    sys.modules.update(kept)


@pytest.mark.parametrize("code", HARMLESS.values(), ids=HARMLESS)
@pytest.mark.usefixtures("stood_in")
def test_stand_in_does_nothing_and_bars_iterate(code, capsys):
    exec(textwrap.dedent(code), {})

    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize("use", NO_VALUE)
@pytest.mark.usefixtures("stood_in")
def test_stand_in_gives_no_value(use):
    with pytest.raises(TypeError, match=r"Image\.open\(\) is stood in for when this is graded, and gives no value"):
        exec(f"from PIL import Image\n{use.format('Image.open(1)')}", {})


def test_nothing_that_computes_is_in_the_table():
    computes = {"torch", "numpy", "pandas", "sklearn", "scipy", "cv2", "math"}

    assert computes.isdisjoint(STAND_INS)
    assert {"tqdm", "matplotlib", "IPython", "PIL", "google.colab"} <= set(STAND_INS)


def test_right_loop_in_a_bar_is_right_and_what_computes_is_named(small_course):
    report = small_course.grade(anna=RIGHT)["anna"]

    assert {item.exercise: item.score for item in report.exercises} == {"double": 4, "mean_square": 0}
    assert report.notes == ("left out line 4: pandas is not there when this is graded, and what uses it is lost",)


def test_authors_stand_in_is_there(small_course):
    small_course.edit(
        "solutions/small/assignment.toml", "gradients = false", 'gradients = false\nstand_ins = ["plots.of"]'
    )

    report = small_course.grade(anna="import plots.of\ndef double(x):\n    plots.of.show(x)\n    return x + x\n")[
        "anna"
    ]

    assert (report.score, report.notes) == (4, ())


@pytest.mark.parametrize("name", ["torch", "torch.optim", "numpy", "math", "os.path", "small", "grader", "a b", ""])
def test_what_computes_can_not_be_stood_in_for(small_course, name):
    small_course.edit(
        "solutions/small/assignment.toml", "gradients = false", f'gradients = false\nstand_ins = ["{name}"]'
    )

    with pytest.raises(CourseError, match=r"assignment\.toml.*stand_ins holds"):
        load_assignment(find_course(small_course.root), "small")

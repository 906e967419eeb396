"""Forms: restricted form-js JSON and its validator."""

from app.engine.forms.components import Component, Field, Inputs, TextBlock
from app.engine.forms.form import INCOMPLETE_VERDICTS, Form
from app.engine.forms.parsing import parse_form
from app.engine.forms.problems import FormError, FormProblem
from app.engine.forms.registry import OPTION_LISTS, Option
from app.engine.forms.showing import Shown

__all__ = [
    "INCOMPLETE_VERDICTS",
    "OPTION_LISTS",
    "Component",
    "Field",
    "Form",
    "FormError",
    "FormProblem",
    "Inputs",
    "Option",
    "Shown",
    "TextBlock",
    "parse_form",
]
